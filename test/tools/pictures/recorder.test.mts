/** What becomes of the frames of a recording before they are encoded. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';

import {
	atMost,
	partOf,
	sizeOfJpeg,
	withoutPauses,
	type Recording,
} from '../../../tools/pictures/recorder.mts';

const part = (marker: number, body: number[]): number[] => [
	0xff,
	marker,
	(body.length + 2) >> 8,
	(body.length + 2) & 255,
	...body,
];

test.each([
	['baseline', 0xc0],
	['progressive', 0xc2],
])('the size of a %s JPEG stands behind parts of any length', (_, marker) => {
	const byte = fc.integer({ min: 0, max: 255 });
	const side = fc.integer({ min: 1, max: 65_535 });
	fc.assert(
		fc.property(side, side, fc.array(fc.array(byte, { maxLength: 600 })), (width, height, before) => {
			const bytes = [
				...[0xff, 0xd8],
				// Data of an application and tables.
				...before.flatMap((body, index) => part(index % 2 ? 0xdb : 0xe0, body)),
				...part(marker, [8, height >> 8, height & 255, width >> 8, width & 255, 3]),
			];
			expect(sizeOfJpeg(Buffer.from(bytes))).toEqual({ width, height });
		}),
	);
});

test('what is no JPEG has no size', () => {
	expect(() => sizeOfJpeg(Buffer.from('GIF89a, and more than a header'))).toThrow('not a JPEG');
	expect(() => sizeOfJpeg(Buffer.alloc(0))).toThrow('not a JPEG');
});

/** Shots at growing times; each holds its number. */
const recordings = fc
	.tuple(fc.array(fc.integer({ min: 0, max: 9_000 }), { minLength: 1, maxLength: 20 }), fc.nat(9_000))
	.map(([gaps, rest]): Recording => {
		let at = 0;
		const shots = gaps.map((gap, index) => ({ at: (at += gap), data: Buffer.from([index]) }));
		return { shots, duration: at + rest };
	});
const gapsOf = ({ shots, duration }: Recording): number[] =>
	[...shots.map(({ at }) => at), duration].map((at, index) => at - (shots[index - 1]?.at ?? 0));
const framesOf = ({ shots }: Recording): number[] => shots.map(({ data }) => data[0] ?? -1);

test('a pause is cut to the most that is allowed, and nothing else changes', () => {
	fc.assert(
		fc.property(recordings, fc.integer({ min: 1, max: 5_000 }), (recording, most) => {
			const short = withoutPauses(recording, most);
			expect(framesOf(short)).toEqual(framesOf(recording));
			expect(gapsOf(short)).toEqual(gapsOf(recording).map((gap) => Math.min(gap, most)));
		}),
	);
});

test('what takes too long is played faster, all of it', () => {
	fc.assert(
		fc.property(recordings, fc.integer({ min: 1_000, max: 60_000 }), (recording, most) => {
			const fast = atMost(recording, most);
			expect(fast.duration).toBe(Math.min(recording.duration, most));
			expect(framesOf(fast)).toEqual(framesOf(recording));
			const speed = Math.max(1, recording.duration / most);
			expect(fast.shots.map(({ at }) => at)).toEqual(recording.shots.map(({ at }) => Math.round(at / speed)));
		}),
	);
});

test('a part begins with what was to be seen there', () => {
	const shots = [0, 100, 250, 400].map((at, index) => ({ at, data: Buffer.from([index]) }));
	const part = partOf({ shots, duration: 500 }, 200, 500);
	expect(part.shots.map(({ at, data }) => [at, data[0]])).toEqual([
		[0, 1],
		[50, 2],
		[200, 3],
	]);
	expect(part.duration).toBe(300);
});
