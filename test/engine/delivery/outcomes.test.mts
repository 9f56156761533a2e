import { describe, expect, test } from '@jest/globals';

import type { RequestReport } from '../../../nodes/engine/delivery/ledger.ts';
import { dataOf, slices } from '../../../nodes/engine/delivery/outcomes.ts';
import type { ReadData } from '../../../nodes/engine/operation/operation.ts';
import { answered, deliverFake, lost, preparedItems } from '../../support/fakeVendor.mts';

const ok = answered(200);

describe('what is kept of a run', () => {
	test('the report of each request, and no bytes of what is settled', async () => {
		const reports: Array<[number, RequestReport]> = [];
		const noted: string[] = [];
		const items = preparedItems(3);
		const run = await deliverFake({
			items,
			options: { batchSize: 2 },
			respond: (_, count) => (count === 1 ? ok : lost),
			plan: {
				ledger: {
					// The ledger hashes what was refused, so the bytes must still be there.
					note: (slice) => void noted.push(...slice.map(({ text }) => text)),
					report: (number, report) => void reports.push([number, report]),
				},
			},
		});
		expect(noted).toHaveLength(6);
		expect(noted).not.toContain('');
		expect(reports).toEqual([
			[1, { method: 'many', attempts: 1, httpStatus: 200, response: {} }],
			[2, { method: 'many', attempts: 1, message: run.delivery(2).message }],
		]);
		expect(items.map(({ text }) => text)).toEqual(['', '', '']);
	});
});

test.each([
	[0, []],
	[1, [1]],
	[5_000, [5_000]],
	[12_000, [5_000, 5_000, 2_000]],
])('%i items are dealt with in slices of %j', (count, lengths) => {
	const items = preparedItems(count);
	const found = [...slices(items)];
	expect(found.map(({ length }) => length)).toEqual(lengths);
	expect(found.flat()).toEqual(items);
});

describe('what an accepted answer gives', () => {
	const warnings = [{ field: 'a', message: 'look at it' }];
	const reading = (found: ReadData) => ({ reads: { fields: [], from: () => found } });

	test('nothing if the operation does not read answers, or if there is no answer', () => {
		const nothing = { delivery: {}, more: {} };
		expect(dataOf({}, {}, {})).toEqual(nothing);
		expect(dataOf(reading({ data: { a: 1 } }), undefined, {})).toEqual(nothing);
	});

	test('its data, what needs a look and a remark', () => {
		expect(dataOf(reading({ data: { a: 1 } }), {}, {})).toEqual({ delivery: {}, more: { data: { a: 1 } } });
		expect(dataOf(reading({ data: {}, warnings: [] }), {}, {})).toEqual({ delivery: {}, more: { data: {} } });
		expect(dataOf(reading({ data: {}, warnings, remark: 'x' }), {}, {})).toEqual({
			delivery: { warnings },
			more: { data: {}, remark: 'x' },
		});
	});
});
