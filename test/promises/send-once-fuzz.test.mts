/** The option 'Send Once per Key' over any sequence of executions: whatever fails or is cancelled, no event is stored twice. */
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import type { IDataObject } from 'n8n-workflow';

import type { RunResult } from '../../tools/harness/engine.mts';
import { ProcessedData } from '../../tools/harness/processedData.mts';
import type { Fault } from '../../tools/sandbox/server.mts';
import { ON_ERROR, openBench, reportsOf, type Bench } from '../support/bench.mts';
import { instantClock } from '../support/clock.mts';

jest.setTimeout(240_000);

let bench: Bench;
beforeAll(async () => {
	bench = await openBench(instantClock());
});
afterAll(async () => await bench?.close());

const IDS = ['a', 'b', 'c', 'd', 'e'];

/** What the vendor does with a request; after `store` the answer says nothing of it. */
const FAULTS: Record<string, Fault | undefined> = {
	good: undefined,
	refused: { status: 400, body: '{"error": "Bad Request"}' },
	away: { status: 503 },
	shut: { status: 403 },
	large: { status: 413 },
	lost: { reset: 'beforeStoring' },
	store: { reset: 'afterStoring' },
	page: { html: true },
	queued: { status: 202, body: 'queued', afterStoring: true },
};

interface Execution {
	ids: string[];
	/** By request. */
	faults: string[];
	/** The access to n8n's table, or the request, at which it is cancelled. */
	cancelAtAccess?: number;
	cancelAtRequest?: number;
	/** From which access on n8n's table fails, and how often. */
	fails?: { from: number; times: number };
	onError: (typeof ON_ERROR)[number];
	batchSize: number;
	concurrency: number;
	isRetry: boolean;
	/** What the vendor may have stored is sent again, and may be stored twice. */
	retryUnknown: boolean;
	retryOnFail: boolean;
}

const execution: fc.Arbitrary<Execution> = fc.record(
	{
		ids: fc.array(fc.constantFrom(...IDS), { minLength: 1, maxLength: 6 }),
		faults: fc.array(fc.constantFrom(...Object.keys(FAULTS), 'good', 'good', 'good'), { maxLength: 6 }),
		cancelAtAccess: fc.integer({ min: 1, max: 20 }),
		cancelAtRequest: fc.integer({ min: 1, max: 6 }),
		fails: fc.record({ from: fc.integer({ min: 1, max: 20 }), times: fc.constantFrom(1, 2, 3, 50) }),
		onError: fc.constantFrom(...ON_ERROR),
		batchSize: fc.constantFrom(1, 2, 20),
		concurrency: fc.constantFrom(1, 4),
		isRetry: fc.boolean(),
		retryUnknown: fc.constantFrom(false, false, true),
		retryOnFail: fc.boolean(),
	},
	{
		requiredKeys: [
			'ids',
			'faults',
			'onError',
			'batchSize',
			'concurrency',
			'isRetry',
			'retryUnknown',
			'retryOnFail',
		],
	},
);

/**
 * A request that a cancel has cut off may arrive at any later time. So only one is under way then, and none that may store
 * an event twice.
 */
const withoutLateRequests = (one: Execution): Execution => {
	if (one.cancelAtRequest === undefined) return one;
	return one.retryUnknown ? { ...one, cancelAtRequest: undefined } : { ...one, concurrency: 1 };
};
const executions = fc.array(execution.map(withoutLateRequests), { minLength: 1, maxLength: 5 });

async function runOne(data: ProcessedData, one: Execution, last: RunResult | undefined): Promise<RunResult> {
	let cancel: () => void = () => undefined;
	let [accesses, requests] = [0, 0];
	data.access = async () => {
		accesses++;
		if (accesses === one.cancelAtAccess) cancel();
		const { from = Infinity, times = 0 } = one.fails ?? {};
		if (accesses >= from && accesses < from + times) throw new Error('the database is away');
	};
	bench.sandbox.faults.clear();
	bench.sandbox.faults.always(() => {
		requests++;
		if (requests === one.cancelAtRequest) cancel();
		return FAULTS[one.faults[requests - 1] ?? 'good'];
	});
	const result = await bench.run({
		node: 'myTrackerCustomEvent',
		items: one.ids.map((id): IDataObject => ({ customUserId: id, customEventName: 'bought' })),
		onError: one.onError,
		options: {
			rememberKey: '={{ $json.customUserId }}',
			maxAttempts: 2,
			batchSize: one.batchSize,
			concurrency: one.concurrency,
			retryUnknown: one.retryUnknown,
		},
		more: one.retryOnFail ? { retryOnFail: true, maxTries: 2, waitBetweenTries: 1 } : {},
		run: {
			processedData: data,
			cancelAfter: (stop) => (cancel = stop),
			...(one.isRetry && last?.status === 'error' ? { retryOf: last } : {}),
		},
	});
	data.access = async () => undefined;
	bench.sandbox.faults.clear();
	return result;
}

const storedOf = (id: string) =>
	bench.sandbox.stored('myTracker').filter((stored) => stored.event.customUserId === id).length;

describe('any sequence of executions', () => {
	test('stores no event again unless told so, and what is called accepted is stored', async () => {
		let [known, open] = [0, 0];
		await fc.assert(
			fc.asyncProperty(executions, async (sequence) => {
				bench.sandbox.reset();
				const data = new ProcessedData();
				let last: RunResult | undefined;
				let ids: string[] = [];
				for (const given of sequence) {
					// The Retry button has the items of the execution that failed.
					const one = given.isRetry && last?.status === 'error' ? { ...given, ids } : given;
					({ ids } = one);
					const before = IDS.map(storedOf);
					last = await runOne(data, one, last);
					if (!one.retryUnknown)
						expect(IDS.map(storedOf)).toEqual(
							before.map((count, at) => Math.max(count, Math.min(1, storedOf(IDS[at])))),
						);
					if (last.status !== 'success') continue;
					for (const [at, { delivery }] of reportsOf(last, one.ids.length).entries())
						if (delivery.status === 'accepted') expect(storedOf(one.ids[at])).toBeGreaterThan(0);
				}
				// Nothing is held up for ever but what is in doubt.
				const end: Execution = {
					ids: IDS,
					faults: [],
					onError: 'continueRegularOutput',
					batchSize: 20,
					concurrency: 1,
					isRetry: false,
					retryUnknown: false,
					retryOnFail: false,
				};
				const stored = IDS.map(storedOf);
				const statuses = reportsOf(await runOne(data, end, undefined), IDS.length).map(
					({ delivery }) => delivery.status,
				);
				for (const [at, status] of statuses.entries()) {
					expect(['accepted', 'unconfirmed', 'unknown']).toContain(status);
					if (status === 'unknown') {
						open++;
						expect(storedOf(IDS[at])).toBe(stored[at]);
					} else {
						known++;
						expect(storedOf(IDS[at])).toBe(stored[at] || 1);
					}
				}
			}),
			{ numRuns: 100 },
		);
		// Not a run in which everything is in doubt.
		expect(known).toBeGreaterThan(open);
	});
});
