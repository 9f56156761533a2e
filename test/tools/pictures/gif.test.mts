/** The GIFs are read by a decoder that was written from the format's specification. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import { compress, gifOf, type Frame } from '../../../tools/pictures/gif.mts';

/** LZW for bytes, as GIF has it. */
function decompress(data: Uint8Array): number[] {
	const [clear, end] = [256, 257];
	let bits = 0;
	let at = 0;
	let width = 9;
	let entries: number[][] = [];
	let previous: number[] | undefined;
	const result: number[] = [];
	const reset = () => {
		entries = Array.from({ length: 258 }, (_, byte) => [byte]);
		width = 9;
		previous = undefined;
	};
	reset();
	for (;;) {
		let code = 0;
		for (let bit = 0; bit < width; bit++, bits++) {
			at = bits >> 3;
			if (at >= data.length) throw new Error('the end is missing');
			code |= ((data[at] >> (bits & 7)) & 1) << bit;
		}
		if (code === end) return result;
		if (code === clear) {
			reset();
			continue;
		}
		const entry: number[] | undefined =
			code < entries.length ? entries[code] : previous && [...previous, previous[0]];
		if (!entry) throw new Error(`code ${code} is not known yet`);
		for (const byte of entry) result.push(byte);
		if (previous && entries.length < 4096) entries.push([...previous, entry[0]]);
		if (entries.length === 1 << width && width < 12) width++;
		previous = entry;
	}
}

interface Decoded {
	width: number;
	height: number;
	frames: Array<{ rgb: number[]; hundredths: number }>;
}

function decode(gif: Buffer): Decoded {
	expect(gif.subarray(0, 6).toString()).toBe('GIF89a');
	const [width, height] = [gif.readUInt16LE(6), gif.readUInt16LE(8)];
	const palette = gif.subarray(13, 13 + 768);
	const canvas = new Array<number>(width * height * 3).fill(0);
	const frames: Decoded['frames'] = [];
	let at = 13 + 768;
	let hundredths = 0;
	const blocks = (): Buffer => {
		const parts: Buffer[] = [];
		while (gif[at] !== 0) {
			parts.push(gif.subarray(at + 1, at + 1 + gif[at]));
			at += gif[at] + 1;
		}
		at++;
		return Buffer.concat(parts);
	};
	while (gif[at] !== 0x3b) {
		if (gif[at] === 0x21) {
			if (gif[at + 1] === 0xf9) hundredths = gif.readUInt16LE(at + 4);
			at += 2;
			blocks();
			continue;
		}
		expect(gif[at]).toBe(0x2c);
		const [x, y, w, h] = [1, 3, 5, 7].map((offset) => gif.readUInt16LE(at + offset));
		at += 11;
		const indexes = decompress(blocks());
		expect(indexes).toHaveLength(w * h);
		indexes.forEach((index, place) => {
			const target = ((y + Math.floor(place / w)) * width + x + (place % w)) * 3;
			for (let part = 0; part < 3; part++) canvas[target + part] = palette[index * 3 + part];
		});
		frames.push({ rgb: [...canvas], hundredths });
	}
	return { width, height, frames };
}

describe('compress', () => {
	test('gives back any bytes', () => {
		fc.assert(
			fc.property(fc.uint8Array({ minLength: 1, maxLength: 2_000 }), (bytes) => {
				expect(decompress(compress(bytes))).toEqual([...bytes]);
			}),
		);
	});

	test('of pictures that fill its table several times', () => {
		let seed = 1;
		const noise = Uint8Array.from({ length: 60_000 }, () => (seed = (seed * 48_271) % 0x7fffffff) & 255);
		expect(decompress(compress(noise))).toEqual([...noise]);
		const stripes = Uint8Array.from({ length: 200_000 }, (_, at) => (at >> 7) & 3);
		expect(decompress(compress(stripes))).toEqual([...stripes]);
		expect(compress(stripes).length).toBeLessThan(stripes.length / 20);
	});
});

describe('gifOf', () => {
	const [width, height] = [7, 5];
	const colours = [
		[255, 255, 255],
		[0, 0, 0],
		[248, 96, 16],
		[16, 128, 64],
	];
	const frameOf = (indexes: readonly number[], milliseconds: number): Frame => ({
		pixels: Uint8Array.from(indexes.flatMap((index) => [...colours[index], 255])),
		milliseconds,
	});

	test('each frame shows what it was given, whatever changed', () => {
		const picture = fc.array(fc.nat(colours.length - 1), {
			minLength: width * height,
			maxLength: width * height,
		});
		fc.assert(
			fc.property(fc.array(picture, { minLength: 1, maxLength: 5 }), (pictures) => {
				const { frames, ...size } = decode(
					gifOf(
						pictures.map((one) => frameOf(one, 100)),
						width,
						height,
					),
				);
				expect(size).toEqual({ width, height });
				expect(frames.map(({ rgb }) => rgb)).toEqual(
					pictures.map((one) => one.flatMap((index) => colours[index])),
				);
			}),
		);
	});

	test('a frame is shown as long as it was seen, and only what changed is stored', () => {
		const same = new Array<number>(width * height).fill(0);
		const gif = gifOf([frameOf(same, 1_500), frameOf(same, 40)], width, height);
		expect(decode(gif).frames.map(({ hundredths }) => hundredths)).toEqual([150, 4]);
		const alone = gifOf([frameOf(same, 1_500)], width, height);
		// A control block, a head and one pixel.
		expect(gif.length - alone.length).toBeLessThan(28);
	});
});
