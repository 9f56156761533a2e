import { describe, expect, test } from '@jest/globals';

import { retryAfter } from '../../../nodes/engine/delivery/retryAfter.ts';

const now = Date.parse('2026-11-22T09:00:00Z');

describe('Retry-After', () => {
	test.each<[string | undefined, number | undefined]>([
		['0', 0],
		['7', 7_000],
		[' 120 ', 120_000],
		['Sun, 22 Nov 2026 09:00:30 GMT', 30_000],
		['Sunday, 22-Nov-26 09:00:30 GMT', 30_000],
		['Sun Nov 22 09:00:30 2026', 30_000],
		['Sun, 22 Nov 2026 08:59:00 GMT', 0],
		[undefined, undefined],
		['', undefined],
		['soon', undefined],
		['-5', undefined],
		['2.5', 2_500],
		['0.0001', 1],
		['1.', undefined],
		['.5', undefined],
		['1e3', undefined],
		['1, 2', undefined],
		['2026-11-22T09:00:30Z', undefined],
	])('%j asks for %s ms', (header, wait) => {
		expect(retryAfter(header, now)).toBe(wait);
	});
});
