/** A fault of this node itself: no item is lost, none that failed is on the good output, nothing is sent twice. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';

import type { Operation } from '../../nodes/engine/operation/operation.ts';
import type { Status } from '../../nodes/engine/report/outcome.ts';
import { openBench, ON_ERROR, reportsOf, type Bench } from '../support/bench.mts';
import { idsIn } from '../support/cases.mts';
import { instantClock } from '../support/clock.mts';

let change = (operation: Operation): Operation => operation;
let bench: Bench;
beforeAll(async () => {
	bench = await openBench(instantClock(), { change: (operation) => change(operation) });
});
beforeEach(() => bench.sandbox.reset());
afterAll(async () => await bench?.close());

const IDS = ['ev-a', 'ev-b', 'ev-c'];
const event = (id: string) => ({ customUserId: id, customEventName: 'bought' });
const isOf = (id: string, value: unknown) => JSON.stringify(value).includes(id);

/** A fault at what belongs to an event, or at everything. */
const fail = (): never => {
	throw new TypeError('of ann@example.com');
};

const A: Status = 'accepted';
const K: Status = 'unknown';
const N: Status = 'notAttempted';
/** One event a request, one after the other: the fault is at the second. */
const faults: Array<[string, (operation: Operation) => Operation, Status[]]> = [
	[
		'while an event is encoded',
		(operation) => ({
			...operation,
			batch: {
				...operation.batch,
				encode: (given, target) => (isOf('ev-b', given) ? fail() : operation.batch.encode(given, target)),
			},
		}),
		[A, N, A],
	],
	[
		'while events are packed',
		(operation) => ({ ...operation, batch: { ...operation.batch, envelope: fail } }),
		[N, N, N],
	],
	[
		'while a request is made',
		(operation) => ({
			...operation,
			batch: {
				...operation.batch,
				request: (payload, given, target, drawn) =>
					isOf('ev-b', given) ? fail() : operation.batch.request(payload, given, target, drawn),
			},
		}),
		[A, N, N],
	],
	[
		'while a response is read',
		(operation) => {
			let count = 0;
			return {
				...operation,
				responses: {
					...operation.responses,
					accepts: (response) => (++count === 2 ? fail() : operation.responses.accepts(response)),
				},
			};
		},
		[A, K, N],
	],
	[
		'after everything was sent',
		(operation) => {
			let hasFailed = false;
			return {
				...operation,
				// Of what a run reads once everything was sent, the log reads the name.
				get name() {
					if (hasFailed || bench.sandbox.requests.length < IDS.length) return operation.name;
					hasFailed = true;
					return fail();
				},
			};
		},
		[A, A, A],
	],
];

describe.each(faults)('a fault %s', (_, sabotage, statuses) => {
	test.each(ON_ERROR)('%s', async (onError) => {
		change = sabotage;
		const result = await bench.run({
			node: 'myTrackerCustomEvent',
			items: IDS.map(event),
			onError,
			more: { retryOnFail: true, maxTries: 2, waitBetweenTries: 1 },
			options: { batchSize: 1, concurrency: 1 },
		});
		const sent = bench.sandbox.requests.flatMap(idsIn);
		const failed = statuses.some((status) => status !== 'accepted');
		for (const [index, id] of IDS.entries()) {
			const times = sent.filter((one) => one === id).length;
			if (statuses[index] === 'accepted' || statuses[index] === 'unknown')
				expect(times).toBeLessThanOrEqual(1);
		}
		if (onError === 'stopWorkflow' && failed) {
			expect(result.status).toBe('error');
			const said = `${result.error()?.message} ${result.error()?.description}`;
			// The second try knows of the first what the ledger holds.
			expect(said).toMatch(
				statuses.includes(K) ? /may have stored it: an earlier try/ : /internal error of this node/i,
			);
			expect(said).not.toMatch(/expression|ann@/);
			return;
		}
		const reports = reportsOf(result, 3);
		expect(reports.map(({ delivery }) => delivery.status)).toEqual(statuses);
		for (const { delivery, output } of reports) {
			const isBad = delivery.status !== 'accepted';
			expect(output).toBe(isBad && onError === 'continueErrorOutput' ? 1 : 0);
			if (isBad) expect(delivery.message).toMatch(/internal error of this node/);
			expect(delivery.message ?? '').not.toMatch(/expression|ann@/);
		}
	});
});
