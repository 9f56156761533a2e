import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';

import { instantClock } from '../support/clock.mts';
import { openBench, type Bench } from '../support/bench.mts';

let bench: Bench;
beforeAll(async () => {
	bench = await openBench(instantClock());
});
beforeEach(() => bench.sandbox.reset());
afterAll(async () => await bench.close());

const node = 'myTrackerCustomEvent';
const event = (id: string) => ({ customUserId: id, customEventName: 'x' });

test('the Retry button', async () => {
	bench.sandbox.faults.always((request) => (request.body.includes('"b"') ? { status: 503 } : undefined));
	const order = { node, items: ['a', 'b', 'c'].map(event), onError: 'stopWorkflow' as const, options: { batchSize: 1, concurrency: 1, maxAttempts: 1 } };
	const first = await bench.run(order);
	console.log(first.error()?.message, first.error()?.description, JSON.stringify(first.contextData));
	bench.sandbox.faults.clear();
	const second = await bench.run({ ...order, run: { retryOf: first } });
	console.log(second.status, JSON.stringify(second.nodeOutputs('Node')));
	console.log(bench.sandbox.stored('myTracker').map((e) => e.event.customUserId));
});
