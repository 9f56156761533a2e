/** Stop button and workflow timeout: the run ends at once, nothing is thrown, no item is blamed. */
import { setImmediate as nextTurn } from 'node:timers/promises';

import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';

import type { Clock } from '../../nodes/engine/clock.ts';
import { logOf, openBench, ON_ERROR, SCHEMES, type Bench, type OnError } from '../support/bench.mts';
import type { RunResult } from '../../tools/harness/engine.mts';
import {
	changingCases,
	countingVariables,
	idsIn,
	operationCases,
	type NamedCase,
} from '../support/cases.mts';

/** Cancels when the node begins to wait, and never wakes up by itself. */
let onWait: () => void = () => {};
const clock: Clock = {
	now: () => Date.now(),
	monotonic: () => performance.now(),
	random: () => 1,
	sleep: async (_, signal) => {
		if (signal?.aborted) return;
		const aborted = new Promise<void>((resolve) =>
			signal?.addEventListener('abort', () => resolve(), { once: true }),
		);
		onWait();
		await aborted;
	},
};

let bench: Bench;
let secure: Bench;
/** The nodes as built, with the real clock. */
let built: Bench;
beforeAll(async () => {
	bench = await openBench(clock);
	secure = await openBench(clock, { scheme: 'https' });
	built = await openBench();
});
beforeEach(() => {
	bench.sandbox.reset();
	secure.sandbox.reset();
	built.sandbox.reset();
});
afterAll(async () => {
	await bench?.close();
	await secure?.close();
	await built?.close();
});

const items = (vendor: NamedCase) => ['ev-a', 'ev-b', 'ev-c', 'ev-d'].map(vendor.good);
const retry = { retryOnFail: true, maxTries: 3, waitBetweenTries: 1 };

function expectQuietEnd(result: RunResult, node: string): void {
	expect(result.status).toBe('canceled');
	expect(result.savedNodes).toEqual(['Start', 'Items']);
	expect(result.error('Node')).toBeUndefined();
	expect(result.nodeOutputs('Node').flat()).toEqual([]);
	expect(result.tries('Node')).toBe(1);
	expect(result.runs('Done')).toBe(0);
	const lines = logOf(result);
	expect(lines).toHaveLength(1);
	expect(lines[0]).toMatchObject({
		message: expect.stringContaining(node),
		meta: expect.objectContaining({}),
	});
	expect(lines[0].message).toMatch(/stopped/);
}

describe.each(
	operationCases.flatMap((vendor) => ON_ERROR.map((onError) => [vendor.node, onError, vendor] as const)),
)('%s, %s', (_, onError: OnError, vendor) => {
	test.each([
		['http', () => bench],
		['https', () => secure],
	])('while a request is open over %s', async (_scheme, chosen) => {
		const { sandbox, run } = chosen();
		sandbox.faults.always(() => ({ hang: true }));
		const result = await run({
			node: vendor.node,
			items: items(vendor),
			onError,
			more: retry,
			parameters: { sendAs: 'batch' },
			options: { batchSize: 1, concurrency: 1 },
			run: { cancelAfter: (cancel) => void sandbox.arrived(1).then(cancel) },
		});
		expectQuietEnd(result, vendor.node);
		expect(sandbox.requests).toHaveLength(1);
	});

	test('while it waits for a retry', async () => {
		bench.sandbox.faults.always(() => ({ status: 429, headers: { 'retry-after': '200' } }));
		const result = await bench.run({
			node: vendor.node,
			items: items(vendor),
			onError,
			more: retry,
			options: { batchSize: 1, concurrency: 1 },
			run: { cancelAfter: (cancel) => (onWait = () => setImmediate(cancel)) },
		});
		expectQuietEnd(result, vendor.node);
		expect(bench.sandbox.requests).toHaveLength(1);
	});

	test('before it starts', async () => {
		const result = await bench.run({
			node: vendor.node,
			items: items(vendor),
			onError,
			run: { cancelAfter: AbortSignal.abort() },
		});
		expect(result.status).toBe('canceled');
		expect(bench.sandbox.requests).toEqual([]);
	});
});

test.each(operationCases.map((vendor) => [vendor.node, vendor] as const))(
	'%s with the real clock: a wait of minutes ends within a second',
	async (_, vendor) => {
		built.sandbox.faults.always(() => ({ status: 429, headers: { 'retry-after': '200' } }));
		let cancelledAt = 0;
		const result = await built.run({
			node: vendor.node,
			items: items(vendor),
			options: { batchSize: 1, concurrency: 1 },
			run: {
				cancelAfter: (cancel) => {
					void (async () => {
						await built.sandbox.arrived(1);
						// The answer is on its way; some turns later the node waits.
						for (let turn = 0; turn < 50; turn++) await nextTurn();
						cancelledAt = performance.now();
						cancel();
					})();
				},
			},
		});
		expectQuietEnd(result, vendor.node);
		expect(performance.now() - cancelledAt).toBeLessThan(1_000);
	},
);

describe.each(
	changingCases.flatMap((vendor) => SCHEMES.map((scheme) => [vendor.node, scheme, vendor] as const)),
)('%s over %s, a mapping that gives other events at each try', (_, scheme, vendor) => {
	test('in the second try of Retry On Fail: what the first one has sent is not sent again', async () => {
		const { sandbox, run } = scheme === 'https' ? secure : bench;
		const requestsOf = (id: string) =>
			sandbox.requests.filter((request) => idsIn(request).includes(id)).length;
		sandbox.faults.always((request) =>
			idsIn(request).includes('ev-b')
				? requestsOf('ev-b') > 1
					? { hang: true }
					: { status: 503 }
				: undefined,
		);
		const result = await run({
			node: vendor.node,
			items: items(vendor),
			onError: 'stopWorkflow',
			more: retry,
			parameters: { ...vendor.parameters, sendAs: 'batch' },
			options: { batchSize: 1, concurrency: 1, maxAttempts: 1 },
			run: {
				variables: countingVariables(),
				cancelAfter: (cancel) => void sandbox.arrived(3).then(cancel),
			},
		});
		expect(result.status).toBe('canceled');
		expect(result.tries('Node')).toBe(2);
		expect(result.nodeOutputs('Node').flat()).toEqual([]);
		expect(result.runs('Done')).toBe(0);
		expect(sandbox.requests.flatMap(idsIn)).toEqual(['ev-a', 'ev-b', 'ev-b']);
		expect(sandbox.stored(vendor.vendor).map(vendor.idOf)).toEqual(['ev-a']);
	});
});
