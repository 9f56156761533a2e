import { describe, expect, test } from '@jest/globals';

import type { RequestReport } from '../../../nodes/engine/delivery/ledger.ts';
import { dataOf, slices } from '../../../nodes/engine/delivery/outcomes.ts';
import type { SendResult } from '../../../nodes/engine/delivery/transport.ts';
import type { Json, ReadData } from '../../../nodes/engine/operation/operation.ts';
import type { Status } from '../../../nodes/engine/report/outcome.ts';
import { answered, deliverFake, lost, preparedItems, refusedConnection } from '../../support/fakeVendor.mts';

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

describe('what an earlier try or execution may have stored', () => {
	const doubts = ['an earlier try', undefined, 'the same key', 'an earlier try'];
	const items = () => preparedItems(4).map((item, index) => ({ ...item, doubt: doubts[index] }));
	const unknown = (why: string) =>
		`Toy may have stored it, but the answer does not say so (${why}); sending it again may count it twice`;

	test.each<[string, SendResult, Json, Status]>([
		['refuses the batch', answered(400), { onRejectedBatch: 'fail' }, 'batchRejected'],
		['cannot be reached', refusedConnection, {}, 'exhausted'],
		['wants another key', answered(401), {}, 'notAttempted'],
	])(
		'stays unknown, each for its own reason, when the vendor %s; the rest failed',
		async (_, sent, options, status) => {
			const run = await deliverFake({
				items: items(),
				options: { ...options, maxAttempts: 1 },
				respond: () => sent,
			});
			expect(run.statuses).toEqual(['unknown', status, 'unknown', 'unknown']);
			for (const index of [0, 2, 3]) expect(run.delivery(index).message).toBe(unknown(doubts[index] ?? ''));
			expect(run.delivery(1).message).not.toContain('may have stored it');
			expect(Object.fromEntries(run.noted)).toEqual({ sent: 4, unknown: 3, [status]: 1 });
		},
	);

	test('is accepted when the vendor takes it now', async () => {
		const run = await deliverFake({ items: items(), respond: () => ok });
		expect(run.statuses).toEqual(['accepted', 'accepted', 'accepted', 'accepted']);
		expect(Object.fromEntries(run.noted)).toEqual({ sent: 4, accepted: 4 });
	});

	test('is told by this try if it leaves a doubt of its own', async () => {
		const run = await deliverFake({ items: items(), options: { maxAttempts: 1 }, respond: () => lost });
		expect(run.statuses).toEqual(['unknown', 'unknown', 'unknown', 'unknown']);
		for (const index of [0, 1, 2, 3])
			expect(run.delivery(index).message).toBe(unknown('the connection was lost'));
	});

	test('does not keep the events beside it from being isolated', async () => {
		const run = await deliverFake({
			items: items(),
			respond: (ids) => (ids.includes('i1') || ids.includes('i2') ? answered(400) : ok),
		});
		expect(run.statuses).toEqual(['accepted', 'rejected', 'unknown', 'accepted']);
	});
});

test('what no request decided adds no report to the ledger', async () => {
	const reported: number[] = [];
	const run = await deliverFake({
		items: preparedItems(6),
		options: { batchSize: 2 },
		respond: () => answered(401),
		plan: { ledger: { note: () => {}, report: (request) => void reported.push(request) } },
	});
	expect(new Set(run.statuses)).toEqual(new Set(['notAttempted']));
	expect(reported).toStrictEqual([1]);
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
