import { describe, expect, test } from '@jest/globals';

import { answered, deliverFake, lost, preparedItems, toy } from '../../support/fakeVendor.mts';

const ok = answered(200);
const badRequest = answered(400);

describe('what ends a run', () => {
	test('failures that are no refusals do not say that every event is refused', async () => {
		const run = await deliverFake({
			items: preparedItems(5),
			options: { batchSize: 1, maxAttempts: 1 },
			random: () => 0.9,
			respond: () => answered(503),
		});
		expect(run.tries).toHaveLength(5);
		expect(run.result).toMatchObject({ ended: undefined, waited: 0 });
	});

	test('an unconfirmed event counts as taken', async () => {
		const run = await deliverFake({
			items: preparedItems(16),
			options: { batchSize: 2 },
			respond: (ids) => (ids.length === 1 && Number(ids[0].slice(1)) % 2 ? answered(202) : badRequest),
		});
		expect(run.statuses).toEqual(
			Array.from({ length: 16 }, (_, index) => (index % 2 ? 'unconfirmed' : 'rejected')),
		);
	});

	test('requests are counted on from those of earlier tries, and the result tells those of this one', async () => {
		const run = await deliverFake({
			items: preparedItems(3),
			options: { batchSize: 1 },
			plan: { requestsBefore: 5 },
			respond: () => ok,
		});
		expect([0, 1, 2].map((index) => run.delivery(index).request)).toEqual([6, 7, 8]);
		expect(run.result.requests).toBe(3);
	});

	test('a vendor that declares nothing safe to repeat is no fault', async () => {
		const run = await deliverFake({
			items: preparedItems(2),
			operation: { ...toy, repeatIsSafe: undefined },
			options: { batchSize: 1 },
			respond: (_, count) => (count === 1 ? lost : ok),
		});
		expect(run.statuses).toEqual(['unknown', 'accepted']);
	});

	test('a part that was never sent stays unknown when its batch may have been stored', async () => {
		const reported: number[] = [];
		const run = await deliverFake({
			items: preparedItems(4),
			options: { batchSize: 2, concurrency: 2, retryUnknown: true },
			plan: { ledger: { note: () => {}, report: (number) => void reported.push(number) } },
			random: () => 0,
			latency: (count) => [10, 30, 10, 100][count - 1] ?? 10,
			respond: (ids, count) =>
				ids.includes('i2') ? answered(403) : count === 1 ? lost : ids.length > 1 ? answered(413) : ok,
		});
		expect(run.statuses).toEqual(['accepted', 'unknown', 'notAttempted', 'notAttempted']);
		// It has no request of which there could be a report.
		expect(reported).not.toContain(0);
		expect(run.delivery(1)).toEqual({
			status: 'unknown',
			method: 'many',
			message:
				'Toy may have stored it, but the answer does not say so (the connection was lost); sending it again may count it twice',
		});
	});
});
