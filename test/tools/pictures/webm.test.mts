/** The file, read as the specification of Matroska has it. That a browser plays it is checked whenever one is made. */
import { expect, test } from '@jest/globals';

import { webmOf, type EncodedFrame } from '../../../tools/pictures/webm.mts';

interface Element {
	id: string;
	/** Where it begins, its id included. */
	at: number;
	/** Where its content begins. */
	from: number;
	content: Buffer;
}

/** The elements of one level; sizes are as long as the first set bit says. */
function elementsOf(bytes: Buffer): Element[] {
	const found: Element[] = [];
	const lengthAt = (at: number) => Math.clz32(bytes[at]) - 23;
	for (let at = 0; at < bytes.length;) {
		const begin = at;
		const idLength = lengthAt(at);
		const id = bytes.subarray(at, at + idLength).toString('hex');
		at += idLength;
		const sizeLength = lengthAt(at);
		let size = bytes[at] & (0xff >> sizeLength);
		for (let byte = 1; byte < sizeLength; byte++) size = size * 256 + bytes[at + byte];
		at += sizeLength;
		if (at + size > bytes.length) throw new Error(`${id} is longer than what holds it`);
		found.push({ id, at: begin, from: at, content: bytes.subarray(at, at + size) });
		at += size;
	}
	return found;
}

const named = (bytes: Buffer, id: string): Buffer => {
	const one = elementsOf(bytes).find((element) => element.id === id);
	if (!one) throw new Error(`there is no ${id}`);
	return one.content;
};
const numberIn = (bytes: Buffer): number => Number(bytes.readBigUInt64BE());

const frames: EncodedFrame[] = [
	{ at: 0, isKey: true, data: Buffer.alloc(300, 1) },
	{ at: 40, isKey: false, data: Buffer.from([2]) },
	{ at: 5_003, isKey: true, data: Buffer.alloc(20_000, 3) },
	{ at: 29_000, isKey: false, data: Buffer.from([4, 4]) },
];
const file = webmOf({ codec: 'V_VP9', width: 1_400, height: 1_000, duration: 30_500, frames });
const segment = named(file, '18538067');

test('it is a WebM video of that size and length', () => {
	const [head] = elementsOf(file);
	expect(head.id).toBe('1a45dfa3');
	expect(named(head.content, '4282').toString()).toBe('webm');
	const info = named(segment, '1549a966');
	expect(numberIn(named(info, '2ad7b1'))).toBe(1_000_000);
	expect(named(info, '4489').readDoubleBE()).toBe(30_500);
	const track = named(named(segment, '1654ae6b'), 'ae');
	expect(named(track, '86').toString()).toBe('V_VP9');
	const video = named(track, 'e0');
	expect([numberIn(named(video, 'b0')), numberIn(named(video, 'ba'))]).toEqual([1_400, 1_000]);
});

test('each frame stands at its time, a cluster begins with each key frame', () => {
	const clusters = elementsOf(segment).filter(({ id }) => id === '1f43b675');
	const read = clusters.map(({ content }) => {
		const begin = numberIn(named(content, 'e7'));
		return elementsOf(content)
			.filter(({ id }) => id === 'a3')
			.map(({ content: block }) => ({
				at: begin + block.readInt16BE(1),
				isKey: block[3] === 0x80,
				data: Buffer.from(block.subarray(4)),
			}));
	});
	expect(read).toEqual([frames.slice(0, 2), frames.slice(2)]);
});

test('the places to jump to are the clusters', () => {
	const clusters = elementsOf(segment).filter(({ id }) => id === '1f43b675');
	const cues = elementsOf(named(segment, '1c53bb6b')).map(({ content }) => ({
		time: numberIn(named(content, 'b3')),
		position: numberIn(named(named(content, 'b7'), 'f1')),
	}));
	expect(cues).toEqual(
		clusters.map(({ at, content }) => ({ time: numberIn(named(content, 'e7')), position: at })),
	);
});
