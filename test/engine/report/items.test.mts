import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import { asRanges, countOf, itemsInWords } from '../../../nodes/engine/report/items.ts';

describe('ranges', () => {
	test.each([
		[[], ''],
		[[3], '3'],
		[[0, 1], '0-1'],
		[[0, 1, 2, 5, 7, 8], '0-2, 5, 7-8'],
	])('%j is %j', (indexes, text) => expect(asRanges(indexes)).toBe(text));

	test('name each index once', () => {
		fc.assert(
			fc.property(fc.uniqueArray(fc.nat(500)), (unsorted) => {
				const indexes = unsorted.sort((one, other) => one - other);
				const named = asRanges(indexes)
					.split(', ')
					.filter(Boolean)
					.flatMap((range) => {
						const [from, to = from] = range.split('-').map(Number);
						return Array.from({ length: to - from + 1 }, (_, at) => from + at);
					});
				expect(named).toEqual(indexes);
			}),
		);
	});
});

describe('items in words', () => {
	test.each([
		[[0], 'item 0 (row 1)'],
		[[1], 'item 1 (row 2)'],
		[[1, 8], 'items 1, 8 (rows 2, 9)'],
		[[0, 1, 2, 25], 'items 0-2, 25 (rows 1-3, 26)'],
		[
			Array.from({ length: 10 }, (_, at) => 2 * at),
			'items 0, 2, 4, 6, 8, 10, 12, 14, 16, 18 (rows 1, 3, 5, 7, 9, 11, 13, 15, 17, 19)',
		],
	])('%j', (indexes, words) => expect(itemsInWords(indexes)).toBe(words));

	test('of more than ten ranges the others are counted', () => {
		const odd = Array.from({ length: 1_500 }, (_, at) => 2 * at);
		expect(itemsInWords(odd)).toBe(
			'items 0, 2, 4, 6, 8, 10, 12, 14, 16, 18 and 1,490 more (rows 1, 3, 5, 7, 9, 11, 13, 15, 17, 19 …)',
		);
	});

	test('one, and several', () => {
		expect([countOf(1, 'item'), countOf(0, 'item'), countOf(1_000, 'request')]).toEqual([
			'1 item',
			'0 items',
			'1,000 requests',
		]);
	});
});
