/** The option 'Send Once per Key' where something fails beside the vendor: n8n's table, this node, a cancel, doubt. */
import { setTimeout as sleep } from 'node:timers/promises';

import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { IDataObject } from 'n8n-workflow';

import type { RunResult } from '../../tools/harness/engine.mts';
import { ProcessedData } from '../../tools/harness/processedData.mts';
import type { Fault } from '../../tools/sandbox/server.mts';
import type { Operation } from '../../nodes/engine/operation/operation.ts';
import { openBench, reportsOf, statusesOf, type Bench, type Order } from '../support/bench.mts';
import { instantClock } from '../support/clock.mts';

jest.setTimeout(60_000);

let bench: Bench;
let data: ProcessedData;
let change = (operation: Operation): Operation => operation;
const event = (id: string): IDataObject => ({ customUserId: id, customEventName: 'bought' });
/** One request an event, one after the other, each tried once. */
const send = async (ids: string[], more: Partial<Order> = {}): Promise<RunResult> =>
	await bench.run({
		node: 'myTrackerCustomEvent',
		items: ids.map(event),
		...more,
		options: {
			rememberKey: '={{ $json.customUserId }}',
			batchSize: 1,
			concurrency: 1,
			maxAttempts: 1,
			...more.options,
		},
		run: { processedData: data, ...more.run },
	});
const storedIds = () => bench.sandbox.stored('myTracker').map((stored) => stored.event.customUserId);
const faultsInTurn = (...faults: Array<Fault | undefined>): void => {
	let at = 0;
	bench.sandbox.faults.always(() => faults[at++]);
};

describe('doubt, cancel and faults of this node', () => {
	beforeAll(async () => {
		bench = await openBench(instantClock(), { change: (operation) => change(operation) });
	});
	beforeEach(() => {
		bench.sandbox.reset();
		data = new ProcessedData();
		change = (operation) => operation;
	});
	afterAll(async () => await bench?.close());

	test.each([
		['503', { status: 503 }],
		['a refusal', { status: 400, body: '{"error": "Bad Request"}' }],
		['413', { status: 413 }],
		['a refused token', { status: 401 }],
	] as Array<[string, Fault]>)(
		'what one execution may have stored is not forgotten when the next ends with %s',
		async (_, fault) => {
			faultsInTurn({ reset: 'afterStoring' }, fault);
			await send(['a']);
			const again = await send(['a'], { options: { retryUnknown: true } });
			expect(reportsOf(again, 1)[0].delivery).toMatchObject({
				status: 'unknown',
				message: expect.stringContaining('an event with this key was sent before and ended as unknown'),
			});
			const last = await send(['a']);
			expect(reportsOf(last, 1)[0].delivery).toMatchObject({ status: 'unknown', duplicate: true });
			expect(bench.sandbox.requests).toHaveLength(2);
			expect(storedIds()).toEqual(['a']);
		},
	);

	test('a cancelled retry with other items frees the keys of what it did not send', async () => {
		bench.sandbox.faults.always((request) => (request.body.includes('"b"') ? { status: 503 } : undefined));
		const failed = await send(['b', 'a'], { onError: 'stopWorkflow', options: { concurrency: 2 } });
		expect(storedIds()).toEqual(['a']);
		let cancel: () => void = () => undefined;
		bench.sandbox.faults.always(() => {
			cancel();
			return { hang: true };
		});
		const again = await send(['x', 'y'], {
			run: {
				contextData: failed.contextData,
				processedData: data,
				cancelAfter: (stop) => (cancel = stop),
			},
		});
		expect(again.status).toBe('canceled');
		bench.sandbox.faults.clear();
		// The place of y was that of a, which was accepted.
		expect(statusesOf(await send(['x', 'y']), 2)).toEqual(['unknown', 'accepted']);
		expect(storedIds()).toEqual(['a', 'y']);
	});

	test('a fault of this node after the keys were taken gives them back', async () => {
		await send(['old']);
		let calls = 0;
		change = (operation) => ({
			...operation,
			batch: {
				...operation.batch,
				envelope: (given, target) => {
					if (++calls > 1) throw new TypeError('a fault');
					return operation.batch.envelope(given, target);
				},
			},
		});
		expect(statusesOf(await send(['a', 'old']), 2)).toEqual(['notAttempted', 'notAttempted']);
		expect(calls).toBe(2);
		change = (operation) => operation;
		expect(statusesOf(await send(['a', 'old']), 2)).toEqual(['accepted', 'accepted']);
		expect(storedIds()).toEqual(['old', 'a']);
	});

	test('an event that is on its way is not called accepted, however many ask at once', async () => {
		let answer: () => void = () => undefined;
		const answered = new Promise<void>((resolve) => (answer = resolve));
		let arrive: () => void = () => undefined;
		const arrived = new Promise<void>((resolve) => (arrive = resolve));
		bench.sandbox.faults.always(() => {
			arrive();
			return { waitFor: answered, afterStoring: true };
		});
		const first = send(['a']);
		await arrived;
		let calls = 0;
		data.access = async () => await sleep(1 + ((++calls * 3) % 5));
		const others = await Promise.all([1, 2, 3, 4].map(async () => await send(['a'])));
		answer();
		expect(others.map((result) => statusesOf(result, 1))).toEqual(Array(4).fill(['unknown']));
		expect(statusesOf(await first, 1)).toEqual(['accepted']);
		expect(storedIds()).toEqual(['a']);
	});
});

describe('an event that an earlier try of the run may have stored', () => {
	beforeAll(async () => {
		bench = await openBench(instantClock());
	});
	beforeEach(() => {
		bench.sandbox.reset();
		data = new ProcessedData();
	});
	afterAll(async () => await bench?.close());

	const retried = async (first: RunResult, more: Partial<Order> = {}) =>
		await send(['a', 'b'], {
			onError: 'continueErrorOutput',
			...more,
			options: { retryUnknown: true, ...more.options },
			run: { retryOf: first, processedData: data },
		});

	test('stays unknown where the keys cannot be looked up', async () => {
		faultsInTurn({ reset: 'afterStoring' });
		const first = await send(['a', 'b'], { onError: 'stopWorkflow' });
		expect(storedIds()).toEqual(['a']);
		data.access = async () => {
			throw new Error('the database is gone');
		};
		const reports = reportsOf(await retried(first), 2);
		expect(reports.map(({ delivery }) => delivery.status)).toEqual(['unknown', 'notAttempted']);
		expect(reports[0].delivery).toMatchObject({
			request: 1,
			message: expect.stringMatching(
				/^MyTracker may have stored it \(an earlier try of this run ended as unknown\); it was not sent again this time\. Nothing was sent, because n8n could not look up which keys were sent before/,
			),
		});
		expect(storedIds()).toEqual(['a']);
	});

	test('stays unknown beside an event of the same key that is refused', async () => {
		const refused: Fault = { status: 400, body: '{"error": "Bad Request"}' };
		bench.sandbox.faults.always(({ body }) =>
			body.includes('"a"') ? { status: 503 } : { reset: 'afterStoring' },
		);
		const options = { rememberKey: '', concurrency: 2 };
		const first = await send(['a', 'b'], { onError: 'stopWorkflow', options });
		expect(storedIds()).toEqual(['b']);
		bench.sandbox.faults.clear();
		bench.sandbox.faults.always(() => refused);
		// In the second try both have one key.
		const second = await retried(first, { options: { rememberKey: '={{ $json.customEventName }}' } });
		expect(statusesOf(second, 2)).toEqual(['rejected', 'unknown']);
		expect(reportsOf(second, 2)[1].delivery.message).toBe(
			'MyTracker may have stored it (an earlier try of this run ended as unknown); it was not sent again this time. The event of item 0 (row 1) has the same key and was not accepted',
		);
		expect(storedIds()).toEqual(['b']);
	});
});

/** Two new keys beside one that was accepted and one that is in doubt. */
describe('n8n fails at a call while keys are looked up', () => {
	const IDS = ['a', 'old', 'doubt', 'b'];
	const GIVEN_UP = 'It could not forget the keys again';

	beforeAll(async () => {
		bench = await openBench(instantClock());
	});
	beforeEach(async () => {
		bench.sandbox.reset();
		data = new ProcessedData();
		await send(['old']);
		faultsInTurn({ reset: 'beforeStoring' });
		await send(['doubt']);
		bench.sandbox.faults.clear();
	});
	afterAll(async () => await bench?.close());

	/** What both runs tell, the second one with a table that works. */
	async function twice(fails: (call: number) => boolean) {
		let calls = 0;
		data.access = async () => {
			if (fails(++calls)) throw new Error('the database is gone');
		};
		const first = reportsOf(await send(IDS), 4);
		data.access = async () => undefined;
		const second = reportsOf(await send(IDS), 4);
		const statuses = [first, second].map((reports) => reports.map(({ delivery }) => delivery.status));
		return { statuses, message: first[0].delivery.message ?? '' };
	}

	// A call that fails is made again at once, so that a lasting fault is one of two calls or of all that follow.
	const CALLS = Array.from({ length: 12 }, (_, at) => at + 1);
	test.each(CALLS)('call %i and its second try: what was not sent goes out in the next run', async (at) => {
		const { statuses, message } = await twice((call) => call === at || call === at + 2);
		expect(message).not.toContain(GIVEN_UP);
		expect(statuses[1]).toEqual(['accepted', 'accepted', 'unknown', 'accepted']);
		expect([...storedIds()].sort()).toEqual(['a', 'b', 'old']);
	});

	test.each(CALLS)('call %i and all that follow: nothing is called accepted by guess', async (at) => {
		const { statuses, message } = await twice((call) => call >= at);
		const fate = statuses[0][0] === 'notAttempted' && message.includes(GIVEN_UP) ? 'unknown' : 'accepted';
		expect([fate, statuses[0][0]]).toContain(statuses[1][0]);
		expect(statuses[1][2]).toBe('unknown');
		for (const id of ['a', 'b', 'old'])
			expect(storedIds().filter((one) => one === id).length).toBeLessThanOrEqual(1);
	});
});
