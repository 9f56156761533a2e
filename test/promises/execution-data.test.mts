/** The counts of a run in n8n's custom data of the execution, by which its list can be filtered. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { IDataObject } from 'n8n-workflow';

import { openBench, ON_ERROR, PACKAGE, statusesOf, type Bench, type Order } from '../support/bench.mts';
import { instantClock } from '../support/clock.mts';

let bench: Bench;
beforeAll(async () => {
	bench = await openBench(instantClock());
});
beforeEach(() => bench.sandbox.reset());
afterAll(async () => await bench?.close());

const event = (id: string): IDataObject => ({ customUserId: id, customEventName: 'bought' });
const order = (ids: string[], more: Partial<Order> = {}): Order => ({
	node: 'myTrackerCustomEvent',
	items: ids.map(event),
	...more,
	options: { batchSize: 1, concurrency: 1, maxAttempts: 1, ...more.options },
});
const savedIn = ({ data }: Awaited<ReturnType<Bench['run']>>) => data.resultData.metadata;
const failFor = (id: string, times: number) => {
	let left = times;
	bench.sandbox.faults.always(({ body }) =>
		body.includes(`"${id}"`) && left-- > 0 ? { status: 503 } : undefined,
	);
};

test.each(ON_ERROR)('%s: what was sent and what failed', async (onError) => {
	failFor('b', 1);
	const result = await bench.run(order(['a', 'b', 'c'], { onError }));
	const isStopped = onError === 'stopWorkflow';
	expect(savedIn(result)).toEqual({
		eventsSent: isStopped ? '1' : '2',
		eventsFailed: isStopped ? '2' : '1',
		eventsWithWarnings: '0',
	});
});

test('holds no value, and at most three names', async () => {
	const result = await bench.run(order(['ann@example.com', '']));
	expect(JSON.stringify(savedIn(result))).not.toContain('ann');
	expect(Object.keys(savedIn(result) ?? {})).toHaveLength(3);
});

test('is not written if the option is off, nor by a preview', async () => {
	expect(savedIn(await bench.run(order(['a'], { options: { executionData: false } })))).toBeUndefined();
	expect(savedIn(await bench.run(order(['a'], { options: { preview: true } })))).toBeUndefined();
});

describe('counts each item once', () => {
	test('over the tries of Retry On Fail', async () => {
		failFor('a', 2);
		const more = { retryOnFail: true, maxTries: 3, waitBetweenTries: 1 };
		const result = await bench.run(order(['a', 'b', 'c'], { onError: 'continueErrorOutput', more }));
		expect(result.tries('Node')).toBe(3);
		expect(savedIn(result)).toEqual({ eventsSent: '3', eventsFailed: '0', eventsWithWarnings: '0' });
	});

	test('over the Retry button', async () => {
		failFor('b', 1);
		const first = await bench.run(order(['a', 'b', 'c'], { onError: 'stopWorkflow' }));
		const second = await bench.run(
			order(['a', 'b', 'c'], { onError: 'stopWorkflow', run: { retryOf: first } }),
		);
		expect(savedIn(second)).toEqual({ eventsSent: '3', eventsFailed: '0', eventsWithWarnings: '0' });
	});

	test('over the iterations of a loop', async () => {
		const node = (name: string, type: string, more: object = {}) => ({
			id: name,
			name,
			type,
			typeVersion: 1,
			position: [0, 0] as [number, number],
			parameters: {},
			...more,
		});
		const to = (name: string) => [{ node: name, type: 'main' as const, index: 0 }];
		const result = await bench.engine.run(
			{
				nodes: [
					node('Items', 'test.items'),
					node('Loop', 'test.loop', { parameters: { batchSize: 2 } }),
					node('Node', `${PACKAGE}.myTrackerCustomEvent`, {
						parameters: { mappingMode: 'autoMapInputData', options: {} },
						credentials: { myTrackerApi: { id: 'credential', name: 'x' } },
					}),
				],
				connections: {
					Items: { main: [to('Loop')] },
					Loop: { main: [[], to('Node')] },
					Node: { main: [to('Loop')] },
				},
			},
			{
				items: { Items: ['a', 'b', 'c', 'd', 'e'].map(event) },
				credentials: { myTrackerApi: bench.sandbox.credentials.myTrackerApi },
			},
		);
		expect(savedIn(result)).toEqual({ eventsSent: '5', eventsFailed: '0', eventsWithWarnings: '0' });
	});
});

test('a run never fails by it: n8n keeps ten names and no more', async () => {
	const first = await bench.run(
		order(['b'], { onError: 'stopWorkflow', credential: { baseUrl: 'ftp://x' } }),
	);
	first.data.resultData.metadata = Object.fromEntries(
		Array.from({ length: 10 }, (_, index) => [`name${index}`, 'mine']),
	);
	const second = await bench.run(order(['b'], { onError: 'stopWorkflow', run: { retryOf: first } }));
	expect([second.status, statusesOf(second, 1)]).toEqual(['success', ['accepted']]);
	expect(Object.keys(savedIn(second) ?? {})).toHaveLength(10);
});
