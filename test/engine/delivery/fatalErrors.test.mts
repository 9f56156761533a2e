import { describe, expect, test } from '@jest/globals';

import type { Account, Destination } from '../../../nodes/engine/account.ts';
import { FatalErrors, type Scope } from '../../../nodes/engine/delivery/fatalErrors.ts';
import type { SendResult } from '../../../nodes/engine/delivery/transport.ts';
import type { FatalScope, Operation } from '../../../nodes/engine/operation/operation.ts';
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
			items: preparedItems(60),
			options: { batchSize: 2 },
			respond: (ids) => (ids.length === 1 && Number(ids[0].slice(1)) % 2 ? answered(202) : badRequest),
		});
		expect(run.statuses).toEqual(
			Array.from({ length: 60 }, (_, index) => (index % 2 ? 'unconfirmed' : 'rejected')),
		);
	});

	/** 40 items in batches of ten, each single one answered as told. */
	const inTens = (single: (index: number) => SendResult) =>
		deliverFake({
			items: preparedItems(40),
			options: { batchSize: 10, maxAttempts: 1 },
			respond: (ids) => (ids.length > 1 ? badRequest : single(Number(ids[0].slice(1)))),
		});

	test('a batch of which one event was accepted is no refused one, however many others were refused', async () => {
		const run = await inTens((index) => (index === 0 || index >= 30 ? ok : badRequest));
		expect(run.result.ended).toBeUndefined();
		expect(run.statuses.slice(30)).toEqual(Array(10).fill('accepted'));
	});

	test('three refused batches with twenty refused events end it', async () => {
		const run = await inTens((index) => (index >= 30 ? ok : badRequest));
		expect(run.result.ended?.reason).toBe('Every event is refused; check the mapping');
		expect(run.statuses.slice(30)).toEqual(Array(10).fill('notAttempted'));
	});

	test('only refused events count as such, whatever became of the others of a refused batch', async () => {
		const run = await inTens(() => answered(503));
		expect(run.result.ended).toBeUndefined();
		expect(run.statuses).toEqual(Array(40).fill('exhausted'));
	});

	test('a fault of ours while the rest is accounted for is told, and every item has its status', async () => {
		const run = await deliverFake({
			items: preparedItems(3),
			options: { batchSize: 1, maxAttempts: 1 },
			stopAtFailure: true,
			respond: () => badRequest,
			plan: {
				ledger: {
					report: () => {},
					note: (_, state) => {
						if (state === 'notAttempted') throw new Error('boom');
					},
				},
			},
		});
		expect(run.statuses).toEqual(['rejected', 'notAttempted', 'notAttempted']);
		expect(run.result.ended?.reason).toMatch(/^An internal error of this node ended the run/);
	});

	/** The toy vendor, at whose requests of one event this node fails. */
	const failing: Operation = {
		...toy,
		batch: {
			...toy.batch,
			request: (payload, ...more) => {
				if (!payload.text().includes('},{')) throw new Error('boom');
				return toy.batch.request(payload, ...more);
			},
		},
	};

	test('a fault of ours before any byte has left: not attempted', async () => {
		const run = await deliverFake({ items: preparedItems(1), operation: failing, respond: () => ok });
		expect(run.tries).toEqual([]);
		expect(run.statuses).toEqual(['notAttempted']);
	});

	test('a fault of ours at a part of what was too large: not attempted', async () => {
		const run = await deliverFake({
			items: preparedItems(2),
			operation: failing,
			respond: () => answered(413),
		});
		expect(run.statuses).toEqual(['notAttempted', 'notAttempted']);
	});

	test('a fault of ours at a part of what may have been stored: unknown', async () => {
		const run = await deliverFake({
			items: preparedItems(2),
			operation: failing,
			options: { retryUnknown: true },
			random: () => 0,
			respond: (_, count) => (count === 1 ? lost : answered(413)),
		});
		expect(run.statuses).toEqual(['unknown', 'unknown']);
	});

	test('a batch that was halved for its size is no failure: what follows is sent', async () => {
		const run = await deliverFake({
			items: preparedItems(3),
			options: { batchSize: 2 },
			stopAtFailure: true,
			respond: (ids) => (ids.length > 1 ? answered(413) : ok),
		});
		expect(run.statuses).toEqual(['accepted', 'accepted', 'accepted']);
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
		expect(reported.filter((number) => !(number > 0))).toEqual([]);
		expect(run.delivery(1)).toEqual({
			status: 'unknown',
			method: 'many',
			message:
				'Toy may have stored it, but the answer does not say so (the connection was lost); sending it again may count it twice',
		});
	});
});

describe('what a fatal error speaks of', () => {
	const account = { data: {}, baseUrl: 'https://a.example', fields: {}, secrets: [] };
	const other = { ...account };
	const target = (credential: Account, id: string): Destination => ({
		baseUrl: credential.baseUrl,
		account: {},
		credential,
		id,
	});
	const [one, two, third] = [target(account, '1'), target(account, '2'), target(other, '3')];
	const scope = (at: Destination, method = 'm') => ({ target: at, method });
	const all = [scope(one), scope(one, 'n'), scope(two), scope(third)];
	const error = { reason: 'no', httpStatus: 403 };
	/** Which of the four scopes it holds. */
	const heldBy = (kind: FatalScope, at: Scope) => {
		const errors = new FatalErrors(all);
		errors.add(kind, at, error);
		expect([errors.ofRun, errors.over.aborted]).toEqual([undefined, false]);
		return all.map((each) => errors.of(each));
	};

	test.each<[FatalScope, boolean[]]>([
		['account', [true, true, true, false]],
		['app', [true, true, false, false]],
		['method', [true, false, false, false]],
	])('the %s', (kind, held) => {
		expect(heldBy(kind, scope(one))).toEqual(held.map((is) => (is ? error : undefined)));
	});

	test.each<[FatalScope, Scope[], boolean]>([
		['account', [scope(one), scope(two)], true],
		['app', [scope(one), scope(two)], false],
		['app', [scope(one), scope(one, 'n')], true],
		['method', [scope(one), scope(one, 'n')], false],
		['method', [scope(one), scope(two)], false],
		['method', [scope(one), scope(one)], true],
	])('the %s that is the only one of the run ends it (%#)', (kind, scopes, ends) => {
		const errors = new FatalErrors(scopes);
		errors.add(kind, scope(one), error);
		expect([errors.ofRun, errors.over.aborted]).toEqual(ends ? [error, true] : [undefined, false]);
	});

	test('the first one stays, of the run and of a scope', () => {
		const errors = new FatalErrors(all);
		errors.add('app', scope(one), error);
		errors.add('app', scope(one), { reason: 'later' });
		expect(errors.of(scope(one))).toBe(error);
		errors.endRun({ reason: 'end' });
		errors.endRun({ reason: 'later' });
		expect([errors.of(scope(third)), errors.of(scope(one))]).toEqual([{ reason: 'end' }, error]);
	});

	test('a cancelled run is over without an error', () => {
		const errors = new FatalErrors(all);
		errors.cancel();
		expect([errors.over.aborted, errors.of(scope(one))]).toEqual([true, undefined]);
	});
});
