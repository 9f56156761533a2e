import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import { backoff } from '../../../nodes/engine/delivery/backoff.ts';

describe('backoff', () => {
	test('full jitter below a ceiling that doubles up to 30 seconds', () => {
		fc.assert(
			fc.property(
				fc.integer({ min: 1, max: 60 }),
				fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
				(tries, draw) => {
					const ceiling = Math.min(30_000, 1_000 * 2 ** (tries - 1));
					const wait = backoff(tries, () => draw);
					expect(Number.isInteger(wait)).toBe(true);
					expect(Math.abs(wait - draw * ceiling)).toBeLessThanOrEqual(0.5);
				},
			),
		);
	});
});
