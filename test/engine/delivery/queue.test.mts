import { getEventListeners } from 'node:events';

import { describe, expect, test } from '@jest/globals';

import { answered, deliverFake, preparedItems, refusedConnection } from '../../support/fakeVendor.mts';

const ok = answered(200);
const badRequest = answered(400);

describe('cancel', () => {
	test('does not wait for a request that is on its way, and leaves no listener behind', async () => {
		const abort = new AbortController();
		const send = () => {
			setImmediate(() => abort.abort());
			return new Promise<never>(() => {});
		};
		const run = await deliverFake({
			items: preparedItems(1),
			signal: abort.signal,
			respond: () => ok,
			plan: { send },
		});
		expect(run.result.outcomes.size).toBe(0);
		const kept = new AbortController();
		await deliverFake({ items: preparedItems(1), respond: () => ok, plan: { signal: kept.signal } });
		expect(getEventListeners(kept.signal, 'abort')).toEqual([]);
	});

	test('ends a wait for a retry', async () => {
		const abort = new AbortController();
		const waits: Array<AbortSignal | undefined> = [];
		let tries = 0;
		const clock = {
			now: () => 0,
			monotonic: () => 0,
			random: () => 0.5,
			sleep: (_: number, signal?: AbortSignal) => {
				waits.push(signal);
				setImmediate(() => abort.abort());
				return new Promise<void>((resolve) => signal?.addEventListener('abort', () => resolve()));
			},
		};
		const send = async () => {
			tries++;
			return answered(503);
		};
		await deliverFake({
			items: preparedItems(1),
			signal: abort.signal,
			respond: () => ok,
			plan: { clock, send },
		});
		// What still runs when the run has ended would send now.
		await new Promise(setImmediate);
		expect([waits.map((signal) => signal?.aborted), tries]).toEqual([[true], 1]);
	});

	test('comes through at once, however many requests are left to start', async () => {
		const abort = new AbortController();
		let turns = 0;
		let sent = 0;
		// Others in the process have their turn between two requests; one of them is the cancel.
		const ifDue = async () => {
			turns++;
			await new Promise(setImmediate);
			if (sent === 1) abort.abort();
		};
		const send = async () => {
			sent++;
			return ok;
		};
		const run = await deliverFake({
			items: preparedItems(500),
			options: { batchSize: 1, concurrency: 10 },
			respond: () => ok,
			plan: { send, pause: { ifDue }, signal: abort.signal },
		});
		expect(run.result.outcomes.size).toBeLessThan(20);
		expect([turns < 50, sent < 20]).toEqual([true, true]);
	});

	test('does not wait until what no request decided is accounted for', async () => {
		const abort = new AbortController();
		const noted: number[] = [];
		const run = await deliverFake({
			items: preparedItems(500),
			options: { batchSize: 1 },
			respond: () => answered(401),
			plan: {
				signal: abort.signal,
				pause: {
					ifDue: async () => {
						if (noted.length > 20) abort.abort();
					},
				},
				ledger: { note: (items) => void noted.push(...items.map(({ index }) => index)), report: () => {} },
			},
		});
		expect(run.tries).toHaveLength(1);
		expect(run.result.outcomes.size).toBeLessThan(30);
	});

	test('an answer that comes with the cancel is not accounted for', async () => {
		const abort = new AbortController();
		const respond = () => {
			abort.abort();
			return ok;
		};
		const run = await deliverFake({ items: preparedItems(1), respond, plan: { signal: abort.signal } });
		expect(run.result.outcomes.size).toBe(0);
	});

	test('nor is a fault of our own that comes with the cancel', async () => {
		const abort = new AbortController();
		const respond = () => {
			abort.abort();
			throw new Error('boom');
		};
		const run = await deliverFake({ items: preparedItems(1), respond, plan: { signal: abort.signal } });
		await new Promise(setImmediate);
		expect([run.result.outcomes.size, run.result.ended, run.noted.get('unknown')]).toEqual([
			0,
			undefined,
			undefined,
		]);
	});
});

describe('the order of requests', () => {
	test('parts go before their siblings and before later batches', async () => {
		const one = await deliverFake({
			items: preparedItems(4),
			respond: (ids) => (ids.length > 1 ? answered(413) : ok),
		});
		expect(one.tries.map(({ ids }) => ids.join())).toEqual([
			'i0,i1,i2,i3',
			'i0,i1',
			'i0',
			'i1',
			'i2,i3',
			'i2',
			'i3',
		]);
		const two = await deliverFake({
			items: preparedItems(8),
			options: { batchSize: 4, concurrency: 2 },
			latency: (count) => [20, 10, 100][count - 1] ?? 10,
			respond: (ids) => (ids.length > 2 ? answered(413) : ok),
		});
		expect(two.tries.map(({ ids }) => ids[0])).toEqual(['i0', 'i4', 'i4', 'i0', 'i2', 'i6']);
	});

	test('is that of the items, whoever they are of, where one request at a time is sent', async () => {
		const orderOf = async (keys: readonly string[]) => {
			const run = await deliverFake({
				items: preparedItems(keys.length, (index) => ({ orderingKey: keys[index], batchKey: `${index}` })),
				options: { concurrency: 1 },
				respond: () => ok,
			});
			return run.tries.map(({ ids }) => ids.join());
		};
		expect(await orderOf(['ann', 'bob', 'ann', 'bob'])).toEqual(['i0', 'i1', 'i2', 'i3']);
		expect(await orderOf(['ann', 'ann', 'bob', 'ann', 'cleo', 'bob'])).toEqual([
			'i0',
			'i1',
			'i2',
			'i3',
			'i4',
			'i5',
		]);
	});

	test('while events are refused, one request at a time', async () => {
		const run = await deliverFake({
			items: preparedItems(8),
			options: { concurrency: 4 },
			respond: () => badRequest,
		});
		expect(run.mostAtOnce).toBe(1);
	});

	test('On Error: Stop also holds for what waits for its turn', async () => {
		const items = preparedItems(3, (index) => ({ orderingKey: 'ann', batchKey: `${index}` }));
		const run = await deliverFake({
			items,
			options: { maxAttempts: 1 },
			stopAtFailure: true,
			respond: () => answered(503),
		});
		expect(run.statuses).toEqual(['exhausted', 'notAttempted', 'notAttempted']);
		expect(run.delivery(2).message).toBe(
			'Not sent, because an event before it failed and the node is set to stop; send it again',
		);
	});

	test('On Error: Stop starts nothing new from the refusal on, also between two parts', async () => {
		const run = await deliverFake({
			items: preparedItems(16),
			options: { batchSize: 4, concurrency: 2 },
			stopAtFailure: true,
			respond: (ids) => (ids.includes('i3') ? badRequest : ok),
		});
		expect(run.statuses.slice(0, 4)).toEqual(['accepted', 'accepted', 'accepted', 'rejected']);
		expect(new Set(run.statuses.slice(8))).toEqual(new Set(['notAttempted']));
	});

	test('a connection that fails holds nobody else back', async () => {
		const run = await deliverFake({
			items: preparedItems(4),
			options: { batchSize: 1, concurrency: 2 },
			respond: (ids, count) => (ids[0] === 'i0' && count < 3 ? refusedConnection : ok),
		});
		expect(run.tries.filter(({ ids }) => ids[0] !== 'i0').every(({ from }) => from < 100)).toBe(true);
	});
});
