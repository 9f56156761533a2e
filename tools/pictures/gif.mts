/** Animated GIFs of a screen: one palette, and of each frame only the rectangle that has changed. */

export interface Frame {
	/** Red, green, blue, alpha of each pixel, row by row. */
	pixels: Uint8Array;
	/** How long it is shown, in milliseconds. */
	milliseconds: number;
}

interface Rectangle {
	x: number;
	y: number;
	width: number;
	height: number;
}

const COLOURS = 256;
/** Colours are told apart by five bits of each part. */
const keyAt = (pixels: Uint8Array, at: number): number =>
	((pixels[at] >> 3) << 10) | ((pixels[at + 1] >> 3) << 5) | (pixels[at + 2] >> 3);

interface Palette {
	/** Three bytes a colour. */
	bytes: Uint8Array;
	/** The place of a pixel's colour in it. */
	indexAt: (pixels: Uint8Array, at: number) => number;
}

/**
 * The most frequent of the colours that are told apart, each as it is seen most often: a white that is almost everywhere
 * stays white. All others become the nearest of them.
 */
function paletteOf(frames: readonly Frame[]): Palette {
	const exact = new Map<number, number>();
	let [last, run] = [-1, 0];
	const count = (): unknown => run > 0 && exact.set(last, (exact.get(last) ?? 0) + run);
	for (const { pixels } of frames) {
		for (let at = 0; at < pixels.length; at += 4) {
			const colour = (pixels[at] << 16) | (pixels[at + 1] << 8) | pixels[at + 2];
			if (colour !== last) {
				count();
				[last, run] = [colour, 0];
			}
			run++;
		}
	}
	count();
	const counts = new Float64Array(1 << 15);
	const best = new Int32Array(1 << 15).fill(-1);
	for (const [colour, times] of exact) {
		const key = ((colour >> 19) << 10) | (((colour >> 11) & 31) << 5) | ((colour >> 3) & 31);
		counts[key] += times;
		if (best[key] < 0 || times > (exact.get(best[key]) ?? 0)) best[key] = colour;
	}
	const bytes = new Uint8Array(COLOURS * 3);
	const indexes = new Int16Array(1 << 15).fill(-1);
	const frequent = [...counts.keys()]
		.filter((key) => counts[key] > 0)
		.sort((one, other) => counts[other] - counts[one])
		.slice(0, COLOURS);
	frequent.forEach((key, index) => {
		indexes[key] = index;
		bytes.set([best[key] >> 16, (best[key] >> 8) & 255, best[key] & 255], index * 3);
	});
	const nearest = (colour: readonly number[]): number => {
		let found = 0;
		let least = Infinity;
		for (let index = 0; index < frequent.length; index++) {
			let distance = 0;
			for (let part = 0; part < 3; part++) distance += (bytes[index * 3 + part] - colour[part]) ** 2;
			if (distance < least) [found, least] = [index, distance];
		}
		return found;
	};
	return {
		bytes,
		indexAt: (pixels, at) => {
			const key = keyAt(pixels, at);
			if (indexes[key] < 0)
				indexes[key] = nearest([best[key] >> 16, (best[key] >> 8) & 255, best[key] & 255]);
			return indexes[key];
		},
	};
}

/** The smallest rectangle that holds every change; one pixel where nothing has changed. */
function changed(
	before: Uint8Array | undefined,
	after: Uint8Array,
	width: number,
	height: number,
): Rectangle {
	if (!before) return { x: 0, y: 0, width, height };
	let [left, top, right, bottom] = [width, height, -1, -1];
	for (let y = 0; y < height; y++) {
		for (let x = 0; x < width; x++) {
			if (before[y * width + x] === after[y * width + x]) continue;
			left = Math.min(left, x);
			right = Math.max(right, x);
			top = Math.min(top, y);
			bottom = y;
		}
	}
	if (right < 0) return { x: 0, y: 0, width: 1, height: 1 };
	return { x: left, y: top, width: right - left + 1, height: bottom - top + 1 };
}

/** LZW as GIF has it, for bytes: codes of 9 to 12 bits, lowest bit first. */
export function compress(bytes: Uint8Array): Buffer {
	const [CLEAR, END] = [COLOURS, COLOURS + 1];
	const packed: number[] = [];
	let pending = 0;
	let bits = 0;
	let width = 9;
	let next = END + 1;
	let table = new Map<number, number>();
	const write = (code: number): void => {
		pending |= code << bits;
		bits += width;
		while (bits >= 8) {
			packed.push(pending & 255);
			pending >>>= 8;
			bits -= 8;
		}
	};
	write(CLEAR);
	let prefix = bytes[0] ?? 0;
	for (let at = 1; at < bytes.length; at++) {
		const key = (prefix << 8) | bytes[at];
		const code = table.get(key);
		if (code !== undefined) {
			prefix = code;
			continue;
		}
		write(prefix);
		prefix = bytes[at];
		if (next === 4096) {
			write(CLEAR);
			table = new Map();
			width = 9;
			next = END + 1;
		} else {
			// The reader is one entry behind, so it needs the wider code one step later.
			if (next === 1 << width) width++;
			table.set(key, next++);
		}
	}
	if (bytes.length > 0) write(prefix);
	if (next === 1 << width && width < 12) width++;
	write(END);
	if (bits > 0) packed.push(pending & 255);
	return Buffer.from(packed);
}

const word = (value: number): number[] => [value & 255, value >> 8];

function blocks(data: Buffer): Buffer {
	const parts: Buffer[] = [];
	for (let at = 0; at < data.length; at += 255) {
		const part = data.subarray(at, at + 255);
		parts.push(Buffer.from([part.length]), part);
	}
	return Buffer.concat([...parts, Buffer.from([0])]);
}

function cut(indexes: Uint8Array, { x, y, width, height }: Rectangle, whole: number): Uint8Array {
	const part = new Uint8Array(width * height);
	for (let row = 0; row < height; row++)
		part.set(indexes.subarray((y + row) * whole + x, (y + row) * whole + x + width), row * width);
	return part;
}

/** Plays again and again. Frames have the given size. */
export function gifOf(frames: readonly Frame[], width: number, height: number): Buffer {
	const palette = paletteOf(frames);
	const parts: Buffer[] = [
		Buffer.from('GIF89a'),
		// A palette of 256 colours for all frames.
		Buffer.from([...word(width), ...word(height), 0xf7, 0, 0]),
		Buffer.from(palette.bytes),
		Buffer.from([0x21, 0xff, 11, ...Buffer.from('NETSCAPE2.0'), 3, 1, 0, 0, 0]),
	];
	let before: Uint8Array | undefined;
	for (const { pixels, milliseconds } of frames) {
		const indexes = new Uint8Array(width * height);
		for (let at = 0; at < indexes.length; at++) indexes[at] = palette.indexAt(pixels, at * 4);
		const area = changed(before, indexes, width, height);
		before = indexes;
		parts.push(
			// Each frame is drawn over the one before.
			Buffer.from([0x21, 0xf9, 4, 4, ...word(Math.max(2, Math.round(milliseconds / 10))), 0, 0]),
			Buffer.from([0x2c, ...word(area.x), ...word(area.y), ...word(area.width), ...word(area.height), 0, 8]),
			blocks(compress(cut(indexes, area, width))),
		);
	}
	return Buffer.concat([...parts, Buffer.from([0x3b])]);
}
