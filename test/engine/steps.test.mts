import { expect, test } from '@jest/globals';

import { completed, withPauses, type Steps } from '../../nodes/engine/steps.ts';

function* work(done: number[]): Steps<string> {
	for (let at = 0; at < 3; at++) {
		done.push(at);
		yield;
	}
	return 'result';
}

test('work in steps has its result in one go', () => {
	const done: number[] = [];
	expect(completed(work(done))).toBe('result');
	expect(done).toEqual([0, 1, 2]);
});

test('work in steps gives way where a pause is due, and only there', async () => {
	const done: number[] = [];
	const pauses: number[] = [];
	const pause = {
		isDue: () => done.length === 2,
		now: async () => void pauses.push(done.length),
	};
	expect(await withPauses(work(done), pause)).toBe('result');
	expect(pauses).toEqual([2]);
	expect(done).toEqual([0, 1, 2]);
});

test('work that needs no pause has its result at once, without a promise', () => {
	const pause = { isDue: () => false, now: async () => {} };
	expect(withPauses(work([]), pause)).toBe('result');
});
