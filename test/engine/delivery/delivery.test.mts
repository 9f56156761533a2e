import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import type { Json } from '../../../nodes/engine/operation/operation.ts';
import { halves } from '../../../nodes/engine/delivery/pack.ts';
import {
	answered,
	batchesOf,
	deliverFake,
	destination,
	lost,
	prepared,
	preparedItems,
	refusedConnection,
	toy,
	type Respond,
} from '../../support/fakeVendor.mts';

const ok = answered(200);
const badRequest = answered(400);
const refuses = (bad: Iterable<number>): Respond => {
	const ids = new Set([...bad].map((index) => `i${index}`));
	return (sent) => (sent.some((id) => ids.has(id)) ? badRequest : ok);
};
const allAre = (status: string, count: number) => Array.from({ length: count }, () => status);

describe('isolation', () => {
	const batchWithBad = fc.integer({ min: 1, max: 70 }).chain((n) =>
		fc.record({
			n: fc.constant(n),
			bad: fc.uniqueArray(fc.nat(n - 1)),
			concurrency: fc.integer({ min: 1, max: 10 }),
		}),
	);

	test('k bad events of a batch of n cost at most 2·k·ceil(log2 n) + 1 requests; the good ones are accepted, the bad ones rejected', async () => {
		await fc.assert(
			fc.asyncProperty(batchWithBad, async ({ n, bad, concurrency }) => {
				const run = await deliverFake({
					items: preparedItems(n),
					options: { batchSize: 1_000, concurrency },
					respond: refuses(bad),
				});
				expect(run.statuses).toEqual(
					Array.from({ length: n }, (_, index) => (bad.includes(index) ? 'rejected' : 'accepted')),
				);
				expect(run.tries.length).toBeLessThanOrEqual(2 * bad.length * Math.ceil(Math.log2(n)) + 1);
				expect(run.result.requests).toBe(run.tries.length);
			}),
			{ numRuns: 150 },
		);
	});

	test('the bound holds per batch, and no good event is sent in two requests that were taken', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.array(fc.boolean(), { minLength: 1, maxLength: 120 }),
				fc.integer({ min: 2, max: 30 }),
				fc.integer({ min: 1, max: 5 }),
				async (marks, size, concurrency) => {
					// One good event in each batch, so that the run does not end.
					const isBad = marks.map((mark, index) => mark && index % size !== 0);
					const bad = isBad.flatMap((mark, index) => (mark ? [index] : []));
					const taken: string[] = [];
					const respond = refuses(bad);
					const run = await deliverFake({
						items: preparedItems(marks.length),
						options: { batchSize: size, concurrency },
						respond: async (ids, count) => {
							const sent = await respond(ids, count);
							if (sent === ok) taken.push(...ids);
							return sent;
						},
					});
					expect(run.statuses).toEqual(isBad.map((mark) => (mark ? 'rejected' : 'accepted')));
					expect(taken.sort()).toEqual([...new Set(taken)].sort());
					const batches = Math.ceil(marks.length / size);
					expect(run.tries.length).toBeLessThanOrEqual(2 * bad.length * Math.ceil(Math.log2(size)) + batches);
				},
			),
			{ numRuns: 60 },
		);
	});

	test.each([
		// Batches until both are reached: three batches and twenty events.
		[20, 3],
		[7, 3],
		[4, 5],
		[2, 10],
		[1, 20],
	])(
		'with %i events a batch, %i batches without an accepted event end the run',
		async (batchSize, batches) => {
			const run = await deliverFake({
				items: preparedItems(100),
				options: { batchSize },
				respond: () => badRequest,
			});
			const refused = batches * batchSize;
			expect(run.statuses).toEqual([
				...allAre('rejected', refused),
				...allAre('notAttempted', 100 - refused),
			]);
			expect(run.delivery(99).message).toBe('Every event is refused; check the mapping');
			expect(run.delivery(99)).not.toHaveProperty('request');
			expect(run.result.ended?.reason).toBe('Every event is refused; check the mapping');
		},
	);

	test('an item that is a list counts as its events', async () => {
		const run = await deliverFake({
			items: preparedItems(6, () => ({ count: 7 })),
			options: { batchSize: 7 },
			respond: () => badRequest,
		});
		expect(run.statuses).toEqual([...allAre('rejected', 3), ...allAre('notAttempted', 3)]);
	});

	test('three large bad events, each in a request of its own, do not keep the good ones from being sent', async () => {
		const run = await deliverFake({
			items: preparedItems(40, (index) => (index < 3 ? { batchKey: `large ${index}` } : {})),
			respond: refuses([0, 1, 2]),
		});
		expect(run.statuses).toEqual([...allAre('rejected', 3), ...allAre('accepted', 37)]);
	});

	test('an accepted event in between starts the count anew', async () => {
		const run = await deliverFake({
			items: preparedItems(40),
			options: { batchSize: 1 },
			respond: refuses([...Array(40).keys()].filter((index) => index !== 19)),
		});
		expect(run.statuses.filter((status) => status === 'rejected')).toHaveLength(39);
	});

	test.each([2, 4, 10])(
		'also with %i requests at once, and what was in flight is accounted for',
		async (concurrency) => {
			const run = await deliverFake({
				items: preparedItems(80),
				options: { batchSize: 4, concurrency },
				respond: () => badRequest,
			});
			expect(new Set(run.statuses)).toEqual(new Set(['rejected', 'notAttempted']));
			expect(run.statuses.slice(0, 20)).toEqual(allAre('rejected', 20));
			expect(run.statuses.at(-1)).toBe('notAttempted');
		},
	);

	test('one good event among three batches lets the run go on', async () => {
		const run = await deliverFake({
			items: preparedItems(24),
			options: { batchSize: 4 },
			respond: refuses([...Array(24).keys()].filter((index) => index !== 9 && index !== 21)),
		});
		expect(run.statuses.filter((status) => status === 'notAttempted')).toEqual([]);
	});

	test('refusals of batches that are not isolated do not end the run', async () => {
		const run = await deliverFake({
			items: preparedItems(24),
			options: { batchSize: 4, onRejectedBatch: 'fail' },
			respond: () => badRequest,
		});
		expect(run.statuses).toEqual(allAre('batchRejected', 24));
		expect(run.tries).toHaveLength(6);
		expect(run.delivery(5)).toMatchObject({ items: '4-7', httpStatus: 400, request: 2, attempts: 1 });
	});

	test('single events that are refused do not end the run', async () => {
		const run = await deliverFake({ items: preparedItems(40), sendAs: 'single', respond: () => badRequest });
		expect(run.statuses).toEqual(allAre('rejected', 40));
	});

	test('the items of one request share one answer', async () => {
		const run = await deliverFake({ items: preparedItems(4), respond: () => answered(200, '{"n":1}') });
		const responses = [0, 1, 2, 3].map((index) => run.result.outcomes.get(index)?.response);
		expect(new Set(responses).size).toBe(1);
		expect(responses[0]).toEqual({ n: 1 });
	});
});

describe('too large', () => {
	const modes = [
		{ sendAs: 'batch', options: { onRejectedBatch: 'isolate' } },
		{ sendAs: 'batch', options: { onRejectedBatch: 'fail' } },
	] as const;

	test.each(
		[413, 414, 431].flatMap((status) =>
			modes.map((mode) => [status, mode.options.onRejectedBatch, mode] as const),
		),
	)('%i halves a batch, also with %s', async (status, _, { sendAs, options }) => {
		const run = await deliverFake({
			items: preparedItems(9),
			sendAs,
			options,
			respond: (ids) => (ids.length > 2 || ids.includes('i5') ? answered(status) : ok),
		});
		expect(run.statuses).toEqual(
			Array.from({ length: 9 }, (_unused, index) => (index === 5 ? 'oversize' : 'accepted')),
		);
		expect(run.delivery(5)).toMatchObject({ httpStatus: status });
	});

	test.each([413, 414, 431])('a single event answered by %i is oversize', async (status) => {
		const run = await deliverFake({
			items: preparedItems(2),
			sendAs: 'single',
			respond: (ids) => (ids[0] === 'i0' ? answered(status) : ok),
		});
		expect(run.statuses).toEqual(['oversize', 'accepted']);
	});

	test('a batch that is halved and then refused is isolated as well', async () => {
		const run = await deliverFake({
			items: preparedItems(8),
			respond: (ids) => (ids.length > 4 ? answered(413) : ids.includes('i3') ? badRequest : ok),
		});
		expect(run.statuses).toEqual(
			Array.from({ length: 8 }, (_, index) => (index === 3 ? 'rejected' : 'accepted')),
		);
	});

	test('halves keep order and bytes', () => {
		const [batch] = batchesOf(preparedItems(5));
		const [first, second] = halves(batch) ?? [];
		expect([first, second].map((half) => half?.items.map(({ index }) => index))).toEqual([
			[0, 1, 2],
			[3, 4],
		]);
	});
});

describe('retry', () => {
	test.each([408, 420, 429, 503])('%i is tried again with the same bytes', async (status) => {
		const run = await deliverFake({
			items: preparedItems(2),
			respond: (_, count) => (count < 3 ? answered(status) : ok),
		});
		expect(run.statuses).toEqual(['accepted', 'accepted']);
		expect(run.tries).toHaveLength(3);
		expect(new Set(run.tries.map(({ bytes }) => bytes)).size).toBe(1);
		expect(run.delivery(0)).toMatchObject({ attempts: 3, request: 1, httpStatus: 200 });
	});

	test('maxAttempts bounds the tries; then it is exhausted', async () => {
		for (const maxAttempts of [1, 2, 5]) {
			const run = await deliverFake({
				items: preparedItems(3),
				options: { maxAttempts },
				respond: () => answered(503),
			});
			expect(run.statuses).toEqual(allAre('exhausted', 3));
			expect(run.tries).toHaveLength(maxAttempts);
			expect(run.delivery(2)).toMatchObject({ attempts: maxAttempts, httpStatus: 503 });
		}
	});

	test('a connection that was never made is tried again, and leaves no HTTP status', async () => {
		const run = await deliverFake({ items: preparedItems(1), respond: () => refusedConnection });
		expect(run.statuses).toEqual(['exhausted']);
		expect(run.tries).toHaveLength(3);
		expect(run.delivery(0)).not.toHaveProperty('httpStatus');
	});

	test('full jitter: the wait is drawn below a ceiling that doubles', async () => {
		const run = await deliverFake({
			items: preparedItems(1),
			options: { maxAttempts: 8 },
			random: () => 0.999_999,
			respond: () => answered(503),
		});
		const waits = run.clock.waits.filter((wait) => wait !== 10);
		expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
		const none = await deliverFake({
			items: preparedItems(1),
			random: () => 0,
			respond: () => answered(503),
		});
		expect(none.clock.waits.filter((wait) => wait !== 10)).toEqual([]);
	});

	test('Retry-After decides the wait, in seconds and as a date', async () => {
		const inSeconds = await deliverFake({
			items: preparedItems(1),
			respond: (_, count) => (count === 1 ? answered(503, '', { 'retry-after': '7' }) : ok),
		});
		expect(inSeconds.tries[1].from - (inSeconds.tries[0].to ?? 0)).toBe(7_000);
		const asDate = await deliverFake({
			items: preparedItems(1),
			latency: () => 0,
			respond: (_, count) =>
				count === 1 ? answered(429, '', { 'retry-after': 'Sun, 22 Nov 2026 09:00:42 GMT' }) : ok,
		});
		expect(asDate.tries[1].from).toBe(42_000);
	});

	test('a wait over what is left of maxWait is not begun: the request is exhausted, the rest not attempted', async () => {
		const run = await deliverFake({
			items: preparedItems(6),
			options: { batchSize: 2, maxWait: 50 },
			respond: () => answered(429, '', { 'retry-after': '51' }),
		});
		expect(run.statuses).toEqual(['exhausted', 'exhausted', ...allAre('notAttempted', 4)]);
		expect(run.tries).toHaveLength(1);
		expect(run.clock.elapsed()).toBe(10);
		expect(run.result.waited).toBe(0);
		expect(run.delivery(5).message).toBe(
			"Toy asks to wait 51 s, which is more than 'Longest Wait (Seconds)' (50) still allows; raise it or send the rest later",
		);
	});

	test('what was waited before counts: less is left than the option says', async () => {
		const run = await deliverFake({
			items: preparedItems(2),
			options: { batchSize: 1, maxWait: 50 },
			respond: (_, count) => answered(429, '', { 'retry-after': count === 1 ? '30' : '25' }),
		});
		expect(run.result.waited).toBe(30_000);
		expect(run.delivery(1).message).toBe(
			"Toy asks to wait 25 s, which is more than 'Longest Wait (Seconds)' (50) still allows; raise it or send the rest later",
		);
	});

	test('the whole run waits no longer than maxWait', async () => {
		const run = await deliverFake({
			items: preparedItems(20),
			options: { batchSize: 1, maxWait: 30, maxAttempts: 10 },
			random: () => 0.999_999,
			respond: () => answered(503),
		});
		expect(run.result.waited).toBeLessThanOrEqual(30_000);
		expect(run.statuses[0]).toBe('exhausted');
		expect(run.statuses.at(-1)).toBe('notAttempted');
	});

	test('maxWait 0: no wait at all, but Retry-After 0 is none', async () => {
		const options = { maxWait: 0 };
		const none = await deliverFake({
			items: preparedItems(1),
			options,
			respond: (_, count) => (count === 1 ? answered(503, '', { 'retry-after': '0' }) : ok),
		});
		expect(none.statuses).toEqual(['accepted']);
		const some = await deliverFake({
			items: preparedItems(2),
			options: { ...options, batchSize: 1 },
			respond: () => answered(503),
		});
		expect(some.statuses).toEqual(['exhausted', 'notAttempted']);
	});
});

describe('a pause of the whole run', () => {
	test.each([420, 429])('after %i no request starts before the pause is over', async (status) => {
		const run = await deliverFake({
			items: preparedItems(40),
			options: { batchSize: 2, concurrency: 4 },
			latency: (count) => (count === 2 ? 15 : 40),
			respond: (_, count) => (count === 2 ? answered(status, '', { 'retry-after': '20' }) : ok),
		});
		expect(run.statuses).toEqual(allAre('accepted', 40));
		const from = run.tries[1].to ?? 0;
		const inside = run.tries.filter((one) => one.from >= from && one.from < from + 20_000);
		expect(inside).toEqual([]);
		expect(run.tries.filter((one) => one.from >= from + 20_000).length).toBeGreaterThan(4);
	});

	test('it counts once, however many requests wait for it', async () => {
		const run = await deliverFake({
			items: preparedItems(16),
			options: { batchSize: 2, concurrency: 4, maxWait: 60 },
			respond: (_, count) => (count <= 4 ? answered(429, '', { 'retry-after': '60' }) : ok),
		});
		expect(run.statuses).toEqual(allAre('accepted', 16));
		expect(run.result.waited).toBe(60_000);
	});

	test('it holds for the others also when the paused request itself has no try left', async () => {
		const run = await deliverFake({
			items: preparedItems(4),
			options: { batchSize: 2, maxAttempts: 1 },
			respond: (_, count) => (count === 1 ? answered(429, '', { 'retry-after': '5' }) : ok),
		});
		expect(run.statuses).toEqual(['exhausted', 'exhausted', 'accepted', 'accepted']);
		expect(run.tries[1].from).toBeGreaterThanOrEqual(5_010);
	});

	test('a request that waits in it when the run ends has no number and is not counted', async () => {
		const run = await deliverFake({
			items: preparedItems(6),
			options: { batchSize: 1, concurrency: 3, maxAttempts: 2 },
			// 1: a pause. 2: taken, so that a fourth waits. 3: ends the run inside the pause.
			latency: (count) => [10, 20, 500][count - 1] ?? 10,
			respond: (_, count) =>
				count === 1 ? answered(429, '', { 'retry-after': '60' }) : count === 3 ? answered(403) : ok,
		});
		expect(run.statuses).toEqual([
			'exhausted',
			'accepted',
			'notAttempted',
			'notAttempted',
			'notAttempted',
			'notAttempted',
		]);
		expect(run.tries).toHaveLength(3);
		expect(run.delivery(3)).not.toHaveProperty('request');
		expect(run.delivery(3)).not.toHaveProperty('attempts');
		expect(run.result.requests).toBe(3);
	});
});

describe('what may be stored', () => {
	test('a lost answer is unknown and is not repeated', async () => {
		const run = await deliverFake({
			items: preparedItems(4),
			options: { batchSize: 2 },
			respond: (_, count) => (count === 1 ? lost : ok),
		});
		expect(run.statuses).toEqual(['unknown', 'unknown', 'accepted', 'accepted']);
		expect(run.tries).toHaveLength(2);
	});

	test.each([
		['an HTML page with 200', answered(200, '<html></html>', { 'content-type': 'text/html' })],
		['a 5xx that is not marked as not stored', answered(500)],
	])('%s is unknown and is not repeated', async (_, sent) => {
		const run = await deliverFake({ items: preparedItems(2), respond: () => sent });
		expect(run.statuses).toEqual(['unknown', 'unknown']);
		expect(run.tries).toHaveLength(1);
	});

	test('retryUnknown repeats it', async () => {
		const run = await deliverFake({
			items: preparedItems(1),
			options: { retryUnknown: true },
			respond: (_, count) => (count === 1 ? lost : ok),
		});
		expect(run.statuses).toEqual(['accepted']);
		expect(run.delivery(0).attempts).toBe(2);
	});

	test('what is safe to repeat is repeated: only if all events of the request are', async () => {
		const safe = (index: number) => ({ event: { id: `i${index}`, safe: true } });
		const all = await deliverFake({
			items: preparedItems(2, safe),
			respond: (_, count) => (count === 1 ? lost : ok),
		});
		expect([all.statuses, all.tries.length]).toEqual([['accepted', 'accepted'], 2]);
		const some = await deliverFake({
			items: [prepared(0, safe(0)), prepared(1)],
			respond: (_, count) => (count === 1 ? lost : ok),
		});
		expect([some.statuses, some.tries.length]).toEqual([['unknown', 'unknown'], 1]);
	});

	test.each([
		['never reached again', refusedConnection],
		['not taken', answered(503)],
		['refused', badRequest],
		['too large', answered(413)],
		['shut out', answered(403)],
		['lost again', lost],
	])('once a try may have been stored, a repeat that is %s leaves it unknown', async (_, then) => {
		const run = await deliverFake({
			items: preparedItems(1),
			options: { retryUnknown: true, maxAttempts: 2 },
			respond: (_ids, count) => (count === 1 ? lost : then),
		});
		expect(run.statuses).toEqual(['unknown']);
	});

	test('that holds for the parts of a batch whose first try may have been stored', async () => {
		const run = await deliverFake({
			items: preparedItems(4),
			options: { retryUnknown: true },
			respond: (ids, count) => (count === 1 ? lost : ids.includes('i2') ? badRequest : ok),
		});
		expect(run.statuses).toEqual(['accepted', 'accepted', 'unknown', 'accepted']);
	});

	describe('a fault of our own in the ledger ends the run, and every item has its one status', () => {
		const broken = () => {
			throw new Error('boom');
		};
		const quiet = { note: () => {}, report: () => {} };
		test.each([
			// Before anything has left, nothing is in doubt.
			[
				'of what is sent',
				{ ...quiet, note: (_: unknown, state: string) => void (state === 'sent' && broken()) },
				'notAttempted',
			],
			[
				'of an outcome',
				{ ...quiet, note: (_: unknown, state: string) => void (state !== 'sent' && broken()) },
				'accepted',
			],
			['of a response', { ...quiet, report: broken }, 'accepted'],
			['of anything', { note: broken, report: broken }, 'notAttempted'],
		])('%s', async (_, ledger, first) => {
			const run = await deliverFake({
				items: preparedItems(6),
				options: { batchSize: 2, concurrency: 2 },
				plan: { ledger },
				respond: () => ok,
			});
			expect(run.statuses.slice(0, 2)).toEqual([first, first]);
			expect(run.statuses.slice(4)).toEqual(allAre('notAttempted', 2));
			expect(run.statuses.every((status) => typeof status === 'string')).toBe(true);
			expect(run.delivery(5).message).toMatch(/internal error of this node/);
			expect(run.result.ended?.reason).toMatch(/internal error of this node/);
		});

		test('a request that cannot be built has not left', async () => {
			const operation = { ...toy, batch: { ...toy.batch, request: broken } };
			const run = await deliverFake({
				items: preparedItems(3),
				operation,
				options: { batchSize: 1 },
				respond: () => ok,
			});
			expect(run.statuses).toEqual(allAre('notAttempted', 3));
		});
	});

	test('a fault of our own while sending leaves it unknown and ends the run', async () => {
		const run = await deliverFake({
			items: preparedItems(2),
			options: { batchSize: 1 },
			respond: () => {
				throw new Error('boom');
			},
		});
		expect(run.statuses).toEqual(['unknown', 'notAttempted']);
		expect(run.delivery(0).message).not.toMatch(/boom/);
	});
});

describe('a fatal response', () => {
	test.each([301, 302, 304, 307, 308, 401, 402, 403, 404, 405, 407, 410, 451, 511])(
		'%i ends the run; its items are not attempted, with the status',
		async (status) => {
			const run = await deliverFake({
				items: preparedItems(6),
				options: { batchSize: 2 },
				respond: (ids) =>
					ids.includes('i2') ? answered(status, '', { location: 'https://elsewhere.example/x' }) : ok,
			});
			expect(run.statuses).toEqual(['accepted', 'accepted', ...allAre('notAttempted', 4)]);
			expect(run.tries).toHaveLength(2);
			expect([run.delivery(2).httpStatus, run.delivery(5).httpStatus]).toEqual([status, status]);
			expect(run.delivery(2).request).toBe(2);
			expect(run.delivery(5)).not.toHaveProperty('request');
		},
	);

	test('what is in flight ends and is accounted for; a wait is broken off', async () => {
		const run = await deliverFake({
			items: preparedItems(5),
			options: { batchSize: 1, concurrency: 3 },
			latency: (count) => [10, 20, 30][count - 1] ?? 10,
			respond: (_, count) => (count === 1 ? answered(503) : count === 2 ? answered(401) : ok),
		});
		expect(run.statuses).toEqual(['exhausted', 'notAttempted', 'accepted', 'notAttempted', 'notAttempted']);
		expect(run.clock.elapsed()).toBe(30);
	});

	const apps = [destination({ appId: '1' }), destination({ appId: '2' }, { id: '2' })] as const;
	const twoApps = (index: number) => ({ target: apps[index % 2], batchKey: `${index % 2}` });
	const ofApp2 = (ids: string[]) => Number(ids[0].slice(1)) % 2 === 1;

	test('of an app ends that app; the good events of the other are sent', async () => {
		const run = await deliverFake({
			items: preparedItems(12, twoApps),
			options: { batchSize: 2 },
			respond: (ids) => (ofApp2(ids) ? answered(403) : ok),
		});
		expect(run.statuses).toEqual(
			Array.from({ length: 12 }, (_, index) => (index % 2 ? 'notAttempted' : 'accepted')),
		);
		expect(run.tries.filter(({ ids }) => ofApp2(ids))).toHaveLength(1);
		expect(run.delivery(1)).toMatchObject({ httpStatus: 403, request: 2, attempts: 1 });
		expect(run.delivery(11)).toMatchObject({ httpStatus: 403, message: 'look at the token' });
		expect(run.delivery(11)).not.toHaveProperty('request');
		expect(run.result.ended).toBeUndefined();
	});

	test('of an app ends its retries that wait, and no others', async () => {
		const run = await deliverFake({
			items: [...preparedItems(4, twoApps)],
			options: { batchSize: 1, concurrency: 4 },
			random: () => 0.9,
			latency: (_, ids) => (ids[0] === 'i3' ? 50 : 10),
			respond: (ids, count) => (ids[0] === 'i3' ? answered(403) : count <= 4 ? answered(503) : ok),
		});
		expect(run.statuses).toEqual(['accepted', 'exhausted', 'accepted', 'notAttempted']);
		expect(run.delivery(1).message).toBe('Toy did not accept it and the run ended: look at the token');
	});

	test('that holds everything there is to send is what ended the run', async () => {
		const run = await deliverFake({
			items: preparedItems(4),
			options: { batchSize: 2 },
			respond: () => answered(403),
		});
		expect(run.result.ended).toEqual({ reason: 'look at the token', httpStatus: 403 });
	});

	test('of a method ends the events of that method, at that destination', async () => {
		const operation = {
			...toy,
			batch: { ...toy.batch, method: ({ type }: Json) => String(type) },
			responses: { ...toy.responses, fatalScope: { 404: 'method' as const } },
		};
		const items = preparedItems(9, (index) => ({
			event: { id: `i${index}`, type: ['a', 'b', 'c'][index % 3] },
			batchKey: `${index % 3}`,
		}));
		const run = await deliverFake({
			items,
			operation,
			options: { batchSize: 1 },
			respond: (ids) => (Number(ids[0].slice(1)) % 3 === 1 ? answered(404) : ok),
		});
		expect(run.statuses).toEqual(
			Array.from({ length: 9 }, (_, index) => (index % 3 === 1 ? 'notAttempted' : 'accepted')),
		);
		expect(run.tries).toHaveLength(7);
	});

	test('of one of several accounts ends that account', async () => {
		const items = preparedItems(8, twoApps);
		const run = await deliverFake({
			items,
			options: { batchSize: 1 },
			respond: (ids) => (ofApp2(ids) ? answered(401) : ok),
		});
		expect(run.statuses).toEqual(
			Array.from({ length: 8 }, (_, index) => (index % 2 ? 'notAttempted' : 'accepted')),
		);
		expect(run.result.ended).toBeUndefined();
	});

	describe('that one of several events may have caused', () => {
		const operation = {
			...toy,
			responses: {
				...toy.responses,
				fatal: ({ text }: { text: string }) =>
					text === 'Bad json'
						? { scope: 'account' as const, reason: 'the body is broken', halveFirst: true as const }
						: undefined,
			},
		};
		const badJson = answered(400, 'Bad json');

		test.each(['isolate', 'fail'])('is halved first, also with %s', async (onRejectedBatch) => {
			const run = await deliverFake({
				items: preparedItems(12),
				operation,
				options: { batchSize: 8, onRejectedBatch },
				respond: (ids) => (ids.length > 3 ? badJson : ok),
			});
			expect(run.statuses).toEqual(allAre('accepted', 12));
		});

		test('ends the run where a single event gets it', async () => {
			const run = await deliverFake({
				items: preparedItems(12),
				operation,
				options: { batchSize: 4 },
				respond: (ids) => (ids.includes('i2') ? badJson : ok),
			});
			expect(run.statuses).toEqual(['accepted', 'accepted', ...allAre('notAttempted', 10)]);
			expect(run.delivery(2)).toMatchObject({ httpStatus: 400, message: 'the body is broken' });
		});
	});
});

describe('On Error: Stop', () => {
	test('after the first failure nothing new starts, and what is in flight ends', async () => {
		const run = await deliverFake({
			items: preparedItems(20),
			options: { batchSize: 2, concurrency: 3, maxAttempts: 1 },
			stopAtFailure: true,
			respond: (_, count) => (count === 2 ? answered(503) : ok),
			latency: (count) => 10 + count,
		});
		expect(run.statuses.filter((status) => status === 'exhausted')).toHaveLength(2);
		expect(run.tries).toHaveLength(4);
		expect(run.statuses.slice(8)).toEqual(allAre('notAttempted', 12));
	});

	test('a refused batch is isolated to its end', async () => {
		const run = await deliverFake({
			items: preparedItems(16),
			options: { batchSize: 8 },
			stopAtFailure: true,
			respond: refuses([1, 6]),
		});
		expect(run.statuses).toEqual([
			...Array.from({ length: 8 }, (_, index) => ([1, 6].includes(index) ? 'rejected' : 'accepted')),
			...allAre('notAttempted', 8),
		]);
	});
});

describe('cancel', () => {
	test('in a wait: ends at once, and nobody is blamed', async () => {
		const abort = new AbortController();
		const run = await deliverFake({
			items: preparedItems(4),
			options: { batchSize: 2 },
			signal: abort.signal,
			respond: () => {
				queueMicrotask(() => abort.abort());
				return answered(429, '', { 'retry-after': '100' });
			},
		});
		expect(run.result.outcomes.size).toBe(0);
		expect(run.clock.elapsed()).toBe(10);
	});

	test('while sending: nothing more starts', async () => {
		const abort = new AbortController();
		const run = await deliverFake({
			items: preparedItems(8),
			options: { batchSize: 1, concurrency: 2 },
			signal: abort.signal,
			latency: (count) => {
				if (count === 4) queueMicrotask(() => abort.abort());
				return 10;
			},
			respond: () => ok,
		});
		expect(run.tries.length).toBeLessThanOrEqual(4);
		expect([...run.result.outcomes.values()].every(({ delivery }) => delivery.status === 'accepted')).toBe(
			true,
		);
	});

	test('before the start: nothing is sent', async () => {
		const run = await deliverFake({
			items: preparedItems(3),
			signal: AbortSignal.abort(),
			respond: () => ok,
		});
		expect([run.tries, run.result.outcomes.size]).toEqual([[], 0]);
	});
});

describe('requests at once', () => {
	const latencies = fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 1, maxLength: 20 });

	test('never more than the setting, and as many where nothing holds them back', async () => {
		await fc.assert(
			fc.asyncProperty(
				latencies,
				fc.integer({ min: 1, max: 10 }),
				fc.integer({ min: 1, max: 40 }),
				async (times, concurrency, count) => {
					const run = await deliverFake({
						items: preparedItems(count),
						options: { batchSize: 1, concurrency },
						latency: (number) => times[number % times.length],
						respond: () => ok,
					});
					expect(run.mostAtOnce).toBe(Math.min(concurrency, count));
					expect(run.statuses).toEqual(allAre('accepted', count));
				},
			),
			{ numRuns: 50 },
		);
	});

	test('never more than the setting when requests fail, are halved and tried again', async () => {
		const statuses = fc.array(fc.constantFrom(200, 200, 400, 413, 429, 503, 0), {
			minLength: 1,
			maxLength: 30,
		});
		await fc.assert(
			fc.asyncProperty(
				latencies,
				statuses,
				fc.integer({ min: 1, max: 6 }),
				async (times, answers, concurrency) => {
					const run = await deliverFake({
						items: preparedItems(50),
						options: { batchSize: 7, concurrency },
						latency: (number) => times[number % times.length],
						respond: (_, number) => {
							const status = answers[number % answers.length];
							return status === 0 ? lost : answered(status);
						},
					});
					expect(run.mostAtOnce).toBeLessThanOrEqual(concurrency);
					expect(run.statuses.every((status) => status !== undefined)).toBe(true);
				},
			),
			{ numRuns: 100 },
		);
	});

	test('requests with one ordering key never overlap and keep their order, whatever comes between', async () => {
		const keyed = fc.array(fc.record({ key: fc.constantFrom('a', 'b', undefined), page: fc.nat(2) }), {
			minLength: 1,
			maxLength: 40,
		});
		await fc.assert(
			fc.asyncProperty(
				keyed,
				latencies,
				fc.integer({ min: 1, max: 5 }),
				fc.nat(7),
				async (wanted, times, concurrency, refuseEvery) => {
					const items = preparedItems(wanted.length, (index) => {
						const { key, page } = wanted[index];
						return { orderingKey: key, batchKey: `${key ?? index}/${page}` };
					});
					const run = await deliverFake({
						items,
						options: { batchSize: 3, concurrency },
						latency: (number) => times[number % times.length],
						respond: (ids, number) =>
							ids.length > 1 && refuseEvery > 0 && number % refuseEvery === 0 ? answered(413) : ok,
					});
					expect(run.statuses).toEqual(allAre('accepted', wanted.length));
					for (const key of ['a', 'b']) {
						const ofKey = run.tries.filter(({ ids }) => items[Number(ids[0].slice(1))].orderingKey === key);
						for (const [at, one] of ofKey.entries()) {
							if (at > 0) expect(one.from).toBeGreaterThanOrEqual(ofKey[at - 1].to ?? 0);
						}
						const taken = run.tries
							.filter((one) => ofKey.includes(one))
							.flatMap(({ ids }) => ids)
							.map((id) => Number(id.slice(1)));
						const lastSent = [...new Set(taken.reverse())].reverse();
						expect(lastSent).toEqual([...lastSent].sort((one, other) => one - other));
					}
				},
			),
			{ numRuns: 100 },
		);
	});

	test('a request that waits for its turn does not delay the others', async () => {
		const items = preparedItems(6, (index) =>
			index < 3 ? { orderingKey: 'slow', batchKey: `slow${index}` } : { batchKey: `g${index}` },
		);
		const run = await deliverFake({
			items,
			options: { concurrency: 2 },
			latency: (_, ids) => (ids[0] === 'i0' ? 1_000 : 1),
			respond: () => ok,
		});
		const others = run.tries.filter(({ ids }) => Number(ids[0].slice(1)) >= 3);
		expect(others.every(({ to }) => (to ?? 0) < 1_000)).toBe(true);
	});
});

describe('partition', () => {
	test('every item ends in exactly one status under any sequence of answers', async () => {
		const anyAnswer = fc.oneof(
			{ weight: 6, arbitrary: fc.constant(ok) },
			{
				weight: 3,
				arbitrary: fc.constantFrom(badRequest, answered(413), answered(503), lost, refusedConnection),
			},
			{
				weight: 1,
				arbitrary: fc.constantFrom(
					answered(429),
					answered(202, 'x'),
					answered(500),
					answered(200, '<html>'),
					answered(403),
					answered(302),
				),
			},
		);
		await fc.assert(
			fc.asyncProperty(
				fc.array(anyAnswer, { maxLength: 40 }),
				fc.nat(60),
				fc.integer({ min: 1, max: 20 }),
				fc.integer({ min: 1, max: 5 }),
				fc.boolean(),
				fc.boolean(),
				async (answers, count, batchSize, concurrency, fails, stops) => {
					const run = await deliverFake({
						items: preparedItems(count),
						options: { batchSize, concurrency, onRejectedBatch: fails ? 'fail' : 'isolate', maxWait: 20 },
						stopAtFailure: stops,
						respond: (_, number) => answers[number - 1] ?? ok,
					});
					expect([...run.result.outcomes.keys()].sort((one, other) => one - other)).toEqual([
						...Array(count).keys(),
					]);
					expect(run.statuses.every((status) => typeof status === 'string')).toBe(true);
				},
			),
			{ numRuns: 300 },
		);
	});
});

describe('one final state of each item', () => {
	test('each item is settled exactly once, whatever ends the run, and doubt is never lost', async () => {
		const kinds = fc.constantFrom(
			'ok',
			'bad',
			'large',
			'503',
			'429',
			'lost',
			'refused',
			'401',
			'403',
			'html',
			'throw',
		);
		await fc.assert(
			fc.asyncProperty(
				fc.array(kinds, { maxLength: 30 }),
				fc.nat(40),
				fc.integer({ min: 1, max: 9 }),
				fc.integer({ min: 1, max: 4 }),
				fc.boolean(),
				fc.boolean(),
				async (script, count, batchSize, concurrency, retryUnknown, stops) => {
					const settled = new Map<number, string[]>();
					const doubtful = new Set<string>();
					const accepted = new Set<string>();
					const run = await deliverFake({
						items: preparedItems(count, (index) => (index % 5 === 0 ? { orderingKey: `k${index % 2}` } : {})),
						options: { batchSize, concurrency, retryUnknown, maxWait: 10 },
						stopAtFailure: stops,
						plan: {
							ledger: {
								note: (items, state) => {
									if (state === 'sent') return;
									for (const { index } of items) settled.set(index, [...(settled.get(index) ?? []), state]);
								},
								report: () => {},
							},
						},
						respond: (ids, number) => {
							switch (script[number - 1] ?? 'ok') {
								case 'bad':
									return badRequest;
								case 'large':
									return answered(413);
								case '503':
								case '429':
								case '401':
								case '403':
									return answered(Number(script[number - 1]));
								case 'lost':
									for (const id of ids) doubtful.add(id);
									return lost;
								case 'html':
									for (const id of ids) doubtful.add(id);
									return answered(200, '<html>');
								case 'refused':
									return refusedConnection;
								case 'throw':
									for (const id of ids) doubtful.add(id);
									throw new Error('boom');
								default:
									for (const id of ids) accepted.add(id);
									return ok;
							}
						},
					});
					expect(run.result.outcomes.size).toBe(count);
					for (const [index, states] of settled) {
						expect(states).toEqual([run.statuses[index]]);
					}
					for (const [index, status] of run.statuses.entries()) {
						const id = `i${index}`;
						if (accepted.has(id)) expect(status).toBe('accepted');
						else if (doubtful.has(id)) expect(status).toBe('unknown');
						else expect(['rejected', 'oversize', 'exhausted', 'notAttempted']).toContain(status);
					}
				},
			),
			{ numRuns: 300 },
		);
	});

	test('a doubtful part that waits when the run ends is unknown, not "not attempted"', async () => {
		const run = await deliverFake({
			items: preparedItems(8),
			options: { batchSize: 8, retryUnknown: true, concurrency: 1 },
			respond: (ids, count) => (count === 1 ? lost : ids.length === 8 ? answered(413) : answered(401)),
		});
		expect(run.statuses).toEqual(allAre('unknown', 8));
		expect(run.delivery(7)).not.toHaveProperty('httpStatus');
	});
});

describe('100,000 events', () => {
	const count = 100_000;

	test('each is noted twice in the ledger, sent once, and its event is looked at a fixed number of times', async () => {
		let methods = 0;
		const counting = { ...toy, batch: { ...toy.batch, method: () => (methods++, 'many') } };
		const run = await deliverFake({
			items: preparedItems(count),
			operation: counting,
			options: { batchSize: 1_000, concurrency: 4 },
			latency: () => 0,
			respond: () => ok,
		});
		expect(run.result.outcomes.size).toBe(count);
		expect([run.noted.get('sent'), run.noted.get('accepted')]).toEqual([count, count]);
		expect([...run.noted.values()].reduce((sum, items) => sum + items, 0)).toBe(2 * count);
		expect(methods).toBeLessThanOrEqual((2 * count) / 1_000);
	});

	test('100,000 requests with one ordering key take no quadratic time', async () => {
		const clock = { now: () => 0, monotonic: () => 0, random: () => 0, sleep: async () => {} };
		const time = async (requests: number) => {
			const items = preparedItems(requests, (index) => ({ orderingKey: 'ann', batchKey: `page ${index}` }));
			// Time of the processor: another program that is busy makes no step.
			const from = process.cpuUsage();
			const run = await deliverFake({ items, respond: () => ok, plan: { clock, send: async () => ok } });
			expect(run.noted.get('accepted')).toBe(requests);
			const { user, system } = process.cpuUsage(from);
			return (user + system) / 1_000;
		};
		await time(1_000);
		const few = await time(count / 10);
		// Ten times as many: a list that is shortened at its front for each request would take a hundred times as long.
		expect(await time(count)).toBeLessThan(few * 40 + 200);
	});

	test('a fatal response at once settles them all', async () => {
		const run = await deliverFake({
			items: preparedItems(count),
			options: { batchSize: 20 },
			respond: () => answered(403),
		});
		expect(run.noted.get('notAttempted')).toBe(count);
		expect(run.tries).toHaveLength(1);
	});
});
