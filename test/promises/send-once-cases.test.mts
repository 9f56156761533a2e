/** The option 'Send Once per Key' in unusual cases: odd keys, many keys, other options beside it, a cancel at each moment. */
import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { IDataObject } from 'n8n-workflow';

import type { RunResult } from '../../tools/harness/engine.mts';
import { ProcessedData } from '../../tools/harness/processedData.mts';
import type { Fault } from '../../tools/sandbox/server.mts';
import type { Delivery } from '../../nodes/engine/report/outcome.ts';
import type { Operation } from '../../nodes/engine/operation/operation.ts';
import {
	hintsOf,
	openBench,
	PACKAGE,
	reportsOf,
	statusesOf,
	type Bench,
	type Order,
} from '../support/bench.mts';
import { instantClock } from '../support/clock.mts';

jest.setTimeout(120_000);

let bench: Bench;
let data: ProcessedData;
let change = (operation: Operation): Operation => operation;
beforeAll(async () => {
	bench = await openBench(instantClock(), { change: (operation) => change(operation) });
});
beforeEach(() => {
	bench.sandbox.reset();
	data = new ProcessedData();
	change = (operation) => operation;
});
afterAll(async () => await bench?.close());

const event = (id: string, more: IDataObject = {}): IDataObject => ({
	customUserId: id,
	customEventName: 'bought',
	...more,
});
const run = async (items: IDataObject[], more: Partial<Order> = {}): Promise<RunResult> =>
	await bench.run({
		node: 'myTrackerCustomEvent',
		items,
		...more,
		options: { rememberKey: '={{ $json.customUserId }}', maxAttempts: 1, ...more.options },
		run: { processedData: data, ...more.run },
	});
const send = async (ids: string[], more: Partial<Order> = {}): Promise<RunResult> =>
	await run(
		ids.map((id) => event(id)),
		more,
	);
/** More than MyTracker takes in one request. */
const tooLarge = (id: string): IDataObject =>
	event(id, {
		customEventParams: Object.fromEntries(
			Array.from({ length: 60 }, (_, at) => [`name${at}`, 'x'.repeat(200)]),
		),
	});
/** Each event sent on its own, with a key of its own that the event does not hold. */
const withKeys = async (keys: unknown[], more: Partial<Order> = {}): Promise<RunResult> =>
	await run(
		keys.map((key, at) => event(`u${at}`, { key: key as IDataObject[string] })),
		{ ...more, options: { rememberKey: '={{ $json.key }}', extraFields: 'ignore', ...more.options } },
	);
const deliveries = (result: RunResult, count: number): Delivery[] =>
	reportsOf(result, count).map(({ delivery }) => delivery);
const duplicates = (result: RunResult, count: number) =>
	deliveries(result, count).map(({ status, duplicate }) => (duplicate ? `${status} again` : status));
const storedIds = () => bench.sandbox.stored('myTracker').map((stored) => String(stored.event.customUserId));
const ONE_BY_ONE = { batchSize: 1, concurrency: 1 };
const REFUSED: Fault = { status: 400, body: '{"error": "Bad Request"}' };
const failFor = (id: string, fault: Fault): void =>
	bench.sandbox.faults.always((request) => (request.body.includes(`"${id}"`) ? fault : undefined));
const times = <T,>(count: number, value: T): T[] => Array.from({ length: count }, () => value);

describe('odd keys', () => {
	test('texts that look alike are different keys', async () => {
		const keys = [
			'caf\u00e9',
			'cafe\u0301',
			'a\u200bb',
			'ab',
			'AB',
			'\u202eab',
			'a\nb',
			'a\r\nb',
			'a\0b',
			'a\\nb',
			'👨‍👩‍👧',
			'👨👩👧',
			'accepted:ab',
			'taken:ab',
			'accepted?:ab',
			'["http://x","1"]\nab',
			'__proto__',
			'0',
			'00',
			'-0',
			'${x}',
			"'; DROP TABLE processed_data; --",
		];
		expect(statusesOf(await withKeys(keys), keys.length)).toEqual(times(keys.length, 'accepted'));
		expect(storedIds()).toHaveLength(keys.length);
		expect(duplicates(await withKeys(keys), keys.length)).toEqual(times(keys.length, 'accepted again'));
		expect(storedIds()).toHaveLength(keys.length);
	});

	test('halves of a character, which n8n cannot tell apart, are not remembered', async () => {
		const keys = ['a\ud800', 'a\ud801', 'a\udc00b', '\ud83d\ude00'];
		for (const again of [false, true]) {
			const found = deliveries(await withKeys(keys), 4);
			for (const one of found.slice(0, 3)) {
				expect(one).toMatchObject({
					status: 'accepted',
					request: 1,
					warnings: [
						{
							field: 'rememberKey',
							message:
								"The event is not remembered, because 'Send Once per Key' holds half of a character (a lone surrogate), which UTF-8 cannot carry; correct the text",
						},
					],
				});
			}
			expect(found[3].duplicate).toBe(again ? true : undefined);
		}
		expect(storedIds()).toHaveLength(7);
	});

	test('keys of 100 kB that differ in their last character', async () => {
		const keys = Array.from({ length: 20 }, (_, at) => `${'ключ '.repeat(20_000)}${at}`);
		expect(duplicates(await withKeys(keys), 20)).toEqual(times(20, 'accepted'));
		expect(duplicates(await withKeys(keys), 20)).toEqual(times(20, 'accepted again'));
		expect([...data.rows.values()].join('').length).toBeLessThan(5_000);
	});

	test('what is no text or whole number is not remembered, and every event is sent', async () => {
		const keys = [
			1.5,
			1e21,
			Number.NaN,
			2 ** 60,
			false,
			[],
			['a'],
			{},
			'1e+21',
			'[object Object]',
			'{{ $json.id }}',
		];
		for (const _ of [1, 2]) {
			const found = deliveries(await withKeys(keys), keys.length);
			for (const one of found) {
				expect(one).toMatchObject({ status: 'accepted', warnings: [{ field: 'rememberKey' }] });
				expect(one.duplicate).toBeUndefined();
			}
		}
		expect(data.rows.size).toBe(0);
	});

	test('0 is a key', async () => {
		expect(duplicates(await withKeys([0, '0', 7]), 3)).toEqual(['accepted', 'accepted again', 'accepted']);
	});
});

describe('nodes, loops, apps and accounts', () => {
	test('two nodes with the same key each send it once', async () => {
		const { engine, sandbox } = bench;
		const node = (name: string, y: number) => ({
			id: name,
			name,
			type: `${PACKAGE}.myTrackerCustomEvent`,
			typeVersion: 1,
			position: [300, y] as [number, number],
			parameters: {
				mappingMode: 'autoMapInputData',
				options: { rememberKey: '={{ $json.customUserId }}' },
			},
			credentials: { myTrackerApi: { id: '1', name: 'x' } },
		});
		const start = {
			id: 'start',
			name: 'Start',
			type: 'n8n-nodes-base.manualTrigger',
			typeVersion: 1,
			position: [0, 0] as [number, number],
			parameters: {},
		};
		const main = [['First', 'Second'].map((name) => ({ node: name, type: 'main' as const, index: 0 }))];
		const once = async () =>
			await engine.run(
				{
					id: 'two',
					name: 'two',
					nodes: [start, node('First', 0), node('Second', 200)],
					connections: { Start: { main } },
					active: false,
					settings: { executionOrder: 'v1' },
				} as never,
				{
					credentials: { ...sandbox.credentials },
					processedData: data,
					pinData: { Start: [{ json: event('a') }] },
				},
			);
		const delivery = (result: RunResult, name: string) =>
			result.nodeOutputs(name)[0][0].json.delivery as unknown as Delivery;
		const first = await once();
		expect([delivery(first, 'First'), delivery(first, 'Second')]).toEqual([
			expect.objectContaining({ status: 'accepted', request: 1 }),
			expect.objectContaining({ status: 'accepted', request: 1 }),
		]);
		const second = await once();
		expect(delivery(second, 'First').duplicate && delivery(second, 'Second').duplicate).toBe(true);
		expect(storedIds()).toEqual(['a', 'a']);
	});

	test('one key, an app for each item', async () => {
		const items = ['1111', '2222', '1111'].map((app) => event('a', { app }));
		const options = { appId: '={{ $json.app }}', extraFields: 'ignore' };
		expect(duplicates(await run(items, { options }), 3).filter((one) => one.endsWith('again'))).toHaveLength(
			1,
		);
		const apps = bench.sandbox.requests.map(({ url }) => new URL(url, 'http://x').searchParams.get('idApp'));
		expect(apps.sort()).toEqual(['1111', '2222']);
	});

	test('one key, an account for each item: each account gets it, a new token of the account does not', async () => {
		bench.sandbox.faults.always(() => ({ status: 200, body: '{}' }));
		const order = (token: string): Partial<Order> => ({
			options: { extraFields: 'ignore' },
			credential: { token, appId: '={{ $json.tenant }}' },
		});
		const items = ['1', '2', '1'].map((tenant) => event('a', { tenant }));
		const first = await run(items, order('={{ "token-" + $json.tenant }}'));
		expect(duplicates(first, 3)).toEqual(['accepted', 'accepted', 'accepted again']);
		expect(bench.sandbox.requests).toHaveLength(2);
		const second = await run(items, order('renewed'));
		expect(duplicates(second, 3)).toEqual(times(3, 'accepted again'));
	});

	test('a list of Gravity Field is one unit with one key', async () => {
		const list = (...types: string[]): IDataObject => ({
			user: { uid: '1', ses: 's' },
			data: types.map((name) => ({ type: 'custom', name, value: 1 })),
		});
		const order = (key: string): Partial<Order> => ({
			node: 'gravityFieldStoreEvent',
			options: { rememberKey: key, maxAttempts: 1 },
		});
		const items = [list('a', 'b'), list('a', 'b'), list('c')];
		const byIndex = '={{ ["k", "k", "l"][$itemIndex] }}';
		expect(duplicates(await run(items, order(byIndex)), 3)).toEqual([
			'accepted',
			'accepted again',
			'accepted',
		]);
		expect(bench.sandbox.stored('gravityField')).toHaveLength(3);
		expect(duplicates(await run(items, order(byIndex)), 3)).toEqual(times(3, 'accepted again'));
		expect(bench.sandbox.requests).toHaveLength(2);
	});
});

describe('repeats inside a run', () => {
	test('across batches, with one that the vendor refuses', async () => {
		failFor('u7', REFUSED);
		const ids = Array.from({ length: 45 }, (_, at) => `u${at % 30}`);
		const first = await send(ids);
		const expected = ids.map((id, at) =>
			id === 'u7' ? (at < 30 ? 'rejected' : 'notAttempted again') : at < 30 ? 'accepted' : 'accepted again',
		);
		expect(duplicates(first, 45)).toEqual(expected);
		expect(storedIds().sort()).toEqual([...new Set(ids)].filter((id) => id !== 'u7').sort());
		bench.sandbox.faults.clear();
		const before = bench.sandbox.requests.length;
		const second = await send(ids);
		expect(duplicates(second, 45)).toEqual(
			ids.map((id, at) => (id === 'u7' && at < 30 ? 'accepted' : 'accepted again')),
		);
		expect(bench.sandbox.requests).toHaveLength(before + 1);
	});

	test('one that is too large gives way to a good one of the same key', async () => {
		const large = tooLarge('a');
		const options = { rememberKey: '={{ $json.customUserId }}' };
		const result = await run([large, large, event('a'), event('a'), event('b')], { options });
		expect(duplicates(result, 5)).toEqual(['oversize', 'oversize', 'accepted', 'accepted again', 'accepted']);
		expect(storedIds()).toEqual(['a', 'b']);
		expect(duplicates(await run([large, event('a')], { options }), 2)).toEqual([
			'oversize',
			'accepted again',
		]);
	});

	test('a failed one and its repeat under Stop Workflow: the error counts both, and the next run sends one', async () => {
		failFor('a', REFUSED);
		const stopped = await send(['a', 'a', 'b'], { onError: 'stopWorkflow' });
		expect(stopped.error('Node')?.message).toContain('MyTracker');
		expect(String(stopped.error('Node')?.description)).toContain('item 0');
		bench.sandbox.faults.clear();
		await send(['a', 'a', 'b'], { onError: 'stopWorkflow' });
		expect(storedIds().sort()).toEqual(['a', 'b']);
	});

	test('only failed items, the error output and the summary', async () => {
		await send(['old']);
		failFor('a', REFUSED);
		const ids = ['old', 'a', 'a', 'b', 'b'];
		const options = ONE_BY_ONE;
		const failed = await send(ids, { options: { ...options, output: 'failedOnly' } });
		expect(
			failed.nodeOutputs('Node')[0].map(({ json }) => (json.delivery as unknown as Delivery).status),
		).toEqual(['rejected', 'notAttempted']);
		const split = await send(ids, { options, onError: 'continueErrorOutput' });
		expect(reportsOf(split, 5).map(({ output }) => output)).toEqual([0, 1, 1, 0, 0]);
		const summary = await send(ids, {
			options: { ...options, output: 'summary' },
			onError: 'continueErrorOutput',
		});
		expect(summary.nodeOutputs('Node')[0][0].json).toMatchObject({
			items: 5,
			accepted: 3,
			rejected: 1,
			notAttempted: 1,
			duplicates: 4,
			requests: 1,
		});
		expect(summary.nodeOutputs('Node')[1]).toHaveLength(2);
		expect(storedIds()).toEqual(['old', 'b']);
	});
});

describe('doubt', () => {
	/** The vendor may have stored `a`, and has. */
	const leaveInDoubt = async (id = 'a', more: Partial<Order> = {}) => {
		failFor(id, { reset: 'afterStoring' });
		expect(statusesOf(await send([id], more), 1)).toEqual(['unknown']);
		bench.sandbox.faults.clear();
	};
	const again = { ...ONE_BY_ONE, retryUnknown: true };

	test('stays where a run that would send it again is cancelled before', async () => {
		await leaveInDoubt();
		let cancel: () => void = () => undefined;
		bench.sandbox.faults.always(() => {
			cancel();
			return { hang: true };
		});
		const stopped = await send(['first', 'a'], {
			options: again,
			run: { processedData: data, cancelAfter: (stop) => (cancel = stop) },
		});
		expect(stopped.status).toBe('canceled');
		bench.sandbox.faults.clear();
		expect(duplicates(await send(['a']), 1)).toEqual(['unknown again']);
		expect(storedIds()).toEqual(['a']);
	});

	test('stays where such a run is cancelled while keys are looked up', async () => {
		await leaveInDoubt();
		let cancel: () => void = () => undefined;
		data.access = async () => cancel();
		const stopped = await send(['a'], {
			options: again,
			run: { processedData: data, cancelAfter: (stop) => (cancel = stop) },
		});
		expect(stopped.status).toBe('canceled');
		data.access = async () => undefined;
		expect(duplicates(await send(['a']), 1)).toEqual(['unknown again']);
		expect(storedIds()).toEqual(['a']);
	});

	test('stays where this node fails', async () => {
		await send(['old']);
		await leaveInDoubt();
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
		await send(['a', 'old'], { options: { retryUnknown: true } });
		expect(calls).toBe(2);
		change = (operation) => operation;
		expect(duplicates(await send(['a', 'old']), 2)).toEqual(['unknown again', 'accepted again']);
		expect(storedIds()).toEqual(['old', 'a']);
	});

	test('stays where Stop Workflow ends the run before it', async () => {
		await leaveInDoubt();
		failFor('first', { status: 503 });
		await send(['first', 'a'], { options: again, onError: 'stopWorkflow' });
		bench.sandbox.faults.clear();
		expect(duplicates(await send(['a', 'first']), 2)).toEqual(['unknown again', 'accepted']);
		expect(storedIds()).toEqual(['a', 'first']);
	});

	test('stays where it has become too large', async () => {
		await leaveInDoubt();
		const large = tooLarge('a');
		await run([large], { options: again });
		expect(duplicates(await send(['a']), 1)).toEqual(['unknown again']);
		expect(storedIds()).toEqual(['a']);
	});

	test('stays in a CSV file whose rows are put together with others', async () => {
		const now = Math.floor(Date.now() / 1_000) - 60;
		const row = (id: string, more: IDataObject = {}): IDataObject => ({
			profile_id: id,
			event_name: 'bought',
			event_timestamp: now,
			...more,
		});
		const order = (more: IDataObject = {}): Partial<Order> => ({
			node: 'appMetricaImportEvents',
			options: { rememberKey: '={{ $json.profile_id }}', emptyCells: true, ...more },
		});
		await run([row('old')], order());
		bench.sandbox.faults.always(() => ({ reset: 'afterStoring' }));
		expect(statusesOf(await run([row('a')], order()), 1)).toEqual(['unknown']);
		bench.sandbox.faults.clear();
		bench.sandbox.faults.always(() => ({ status: 503 }));
		const items = [row('old'), row('a'), row('b', { os_name: 'android' })];
		expect(statusesOf(await run(items, order({ retryUnknown: true })), 3)).toEqual([
			'accepted',
			'unknown',
			'exhausted',
		]);
		bench.sandbox.faults.clear();
		expect(duplicates(await run(items, order()), 3)).toEqual(['accepted again', 'unknown again', 'accepted']);
	});
});

describe('a cancel at each moment', () => {
	const IDS = ['a', 'old', 'doubt', 'b'];

	/** Runs once with a cancel at the n-th access to n8n's table, then once without. */
	test.each(Array.from({ length: 14 }, (_, at) => at + 1))('at access %i to n8n’s table', async (at) => {
		await send(['old']);
		failFor('doubt', { reset: 'beforeStoring' });
		await send(['doubt']);
		bench.sandbox.faults.clear();
		let cancel: () => void = () => undefined;
		let calls = 0;
		data.access = async () => {
			if (++calls === at) cancel();
		};
		await send(IDS, {
			options: ONE_BY_ONE,
			run: { processedData: data, cancelAfter: (stop) => (cancel = stop) },
		});
		data.access = async () => undefined;
		expect(statusesOf(await send(IDS), 4)).toEqual(['accepted', 'accepted', 'unknown', 'accepted']);
		expect(storedIds().sort()).toEqual(['a', 'b', 'old']);
	});

	test.each([1, 2, 3, 4, 5])('while request %i is answered', async (at) => {
		let cancel: () => void = () => undefined;
		let requests = 0;
		bench.sandbox.faults.always(() => {
			if (++requests === at) cancel();
			return undefined;
		});
		const ids = ['a', 'b', 'c', 'd', 'a'];
		await send(ids, {
			options: ONE_BY_ONE,
			run: { processedData: data, cancelAfter: (stop) => (cancel = stop) },
		});
		bench.sandbox.faults.clear();
		const second = statusesOf(await send(ids), 5);
		expect(second.filter((status) => status !== 'accepted' && status !== 'unknown')).toEqual([]);
		const stored = storedIds();
		expect(new Set(stored).size).toBe(stored.length);
		for (const [place, id] of ids.entries()) if (second[place] === 'accepted') expect(stored).toContain(id);
	});
});

describe('n8n fails at one call of its table, its second try included', () => {
	test.each(Array.from({ length: 16 }, (_, at) => at + 1))('call %i: nothing is sent twice', async (at) => {
		await send(['old']);
		failFor('bad', REFUSED);
		let calls = 0;
		data.access = async () => {
			calls++;
			if (calls === at || calls === at + 1 || calls === at + 2) throw new Error('the database is away');
		};
		const ids = ['a', 'old', 'bad', 'b', 'a'];
		const first = statusesOf(await send(ids, { options: ONE_BY_ONE }), 5);
		data.access = async () => undefined;
		bench.sandbox.faults.clear();
		const second = statusesOf(await send(ids, { options: ONE_BY_ONE }), 5);
		for (const [place, id] of ids.entries()) {
			if (first[place] === 'accepted') expect(storedIds()).toContain(id);
			expect(['accepted', 'unknown']).toContain(second[place]);
			if (second[place] === 'accepted') expect(storedIds()).toContain(id);
		}
		expect(new Set(storedIds()).size).toBe(storedIds().length);
	});
});

describe('with Retry On Fail and the Retry button', () => {
	test('the Retry button after another execution has sent the order: nothing is sent again', async () => {
		failFor('b', { status: 503 });
		const failed = await send(['a', 'b', 'c'], { onError: 'stopWorkflow', options: ONE_BY_ONE });
		bench.sandbox.faults.clear();
		await send(['a', 'b', 'c'], { onError: 'stopWorkflow' });
		const requests = bench.sandbox.requests.length;
		const retry = await send(['a', 'b', 'c'], {
			onError: 'stopWorkflow',
			run: { retryOf: failed, processedData: data },
		});
		expect(retry.status).toBe('success');
		expect(statusesOf(retry, 3)).toEqual(times(3, 'accepted'));
		expect(bench.sandbox.requests).toHaveLength(requests);
		expect(storedIds().sort()).toEqual(['a', 'b', 'c']);
	});

	test('Retry On Fail of a refused event with a repeat: each at most once', async () => {
		bench.sandbox.faults.always((request) => (request.body.includes('"bad"') ? REFUSED : undefined));
		const items = [event('x', { customEventName: 'bad' }), event('x'), event('x')];
		const result = await run(items, {
			onError: 'continueErrorOutput',
			options: ONE_BY_ONE,
			more: { retryOnFail: true, maxTries: 3, waitBetweenTries: 1 },
		});
		expect(storedIds().length).toBeLessThanOrEqual(1);
		expect(reportsOf(result, 3)[0].delivery.status).toBe('rejected');
		const next = await run(items, { options: ONE_BY_ONE });
		expect(storedIds()).toHaveLength(1);
		expect(reportsOf(next, 3)).toHaveLength(3);
	});

	test('Retry On Fail while n8n cannot save what became of the keys: nothing is sent twice', async () => {
		failFor('b', { status: 503 });
		let sent = false;
		bench.sandbox.faults.always(() => {
			sent = true;
			return undefined;
		});
		data.access = async (what) => {
			if (sent && what === 'update') throw new Error('read only');
		};
		await send(['a', 'b'], {
			onError: 'stopWorkflow',
			options: ONE_BY_ONE,
			more: { retryOnFail: true, maxTries: 3, waitBetweenTries: 1 },
		});
		data.access = async () => undefined;
		bench.sandbox.faults.clear();
		const next = statusesOf(await send(['a', 'b']), 2);
		expect(next[0]).toBe('unknown');
		expect(storedIds().filter((id) => id === 'a')).toEqual(['a']);
		expect(storedIds().filter((id) => id === 'b').length).toBeLessThanOrEqual(1);
	});
});

describe('many keys', () => {
	test('20,001 keys are each sent once', async () => {
		const ids = Array.from({ length: 20_001 }, (_, at) => `k${at}`);
		const csv: Partial<Order> = {
			node: 'appMetricaImportEvents',
			options: { rememberKey: '={{ $json.profile_id }}', rememberedKeys: 100_000 },
		};
		const now = Math.floor(Date.now() / 1_000) - 60;
		const items = ids.map((id) => ({ profile_id: id, event_name: 'bought', event_timestamp: now }));
		expect(new Set(statusesOf(await run(items, csv), ids.length))).toEqual(new Set(['accepted']));
		const requests = bench.sandbox.requests.length;
		expect(new Set(duplicates(await run(items, csv), ids.length))).toEqual(new Set(['accepted again']));
		expect(bench.sandbox.requests).toHaveLength(requests);
	});

	test('a key that was forgotten and is sent again is remembered as long as any', async () => {
		const options = { rememberedKeys: 2 };
		for (const id of ['a', 'b', 'c']) await send([id], { options });
		failFor('x', { reset: 'beforeStoring' });
		await send(['x'], { options });
		// The entry that says that 'a' was taken goes first.
		failFor('y', REFUSED);
		await send(['y'], { options });
		await send(['a'], { options });
		await send(['e'], { options });
		expect(duplicates(await send(['a', 'e'], { options }), 2)).toEqual(['accepted again', 'accepted again']);
		expect(storedIds().filter((id) => id === 'a')).toHaveLength(2);
	});

	test('the same with many of them', async () => {
		const options = { rememberedKeys: 300 };
		const ids = (name: string, count: number) => Array.from({ length: count }, (_, at) => `${name}${at}`);
		await send(ids('a', 300), { options });
		await send(ids('b', 240), { options });
		const forgotten = ids('a', 111);
		expect(duplicates(await send(forgotten, { options }), 111)).toEqual(times(111, 'accepted'));
		await send(ids('c', 100), { options });
		expect(duplicates(await send(forgotten, { options }), 111)).toEqual(times(111, 'accepted again'));
	});

	test('a run of more keys than are remembered says so', async () => {
		const ids = ['1', '2', '3', '4', '5', '6', '7', '8'];
		const options = { rememberedKeys: 2 };
		const result = await send(ids, { options });
		expect(hintsOf(result)).toEqual([
			"This run has 8 keys, and 'Remembered Keys' is 2: later runs may send some of its events again. Raise it, or send fewer events in one run.",
		]);
		expect(hintsOf(await send(['9'], { options }))).toEqual([]);
	});
});

describe('tools and previews', () => {
	const call = async (args: IDataObject) => {
		const { response } = await bench.engine.runAsTool(
			{
				type: `${PACKAGE}.myTrackerCustomEvent`,
				parameters: {
					mappingMode: 'defineBelow',
					customUserId: '={{ $fromAI("user") }}',
					customEventName: 'bought',
					options: { rememberKey: '={{ $fromAI("order") }}', maxAttempts: 1 },
				},
				credentials: { myTrackerApi: { id: '1', name: 'x' } },
			},
			args,
			{ credentials: { ...bench.sandbox.credentials }, processedData: data },
		);
		return (JSON.parse(response ?? '[]') as Array<{ delivery: Delivery }>)[0].delivery;
	};

	test('a tool is told that its event may be stored, in the same words each time, and that a refused one may go again', async () => {
		bench.sandbox.faults.push({ reset: 'afterStoring' });
		expect((await call({ user: 'a', order: '1' })).status).toBe('unknown');
		for (const _ of [1, 2])
			expect(await call({ user: 'a', order: '1' })).toMatchObject({ status: 'unknown', duplicate: true });
		bench.sandbox.faults.push(REFUSED);
		expect((await call({ user: 'a', order: '2' })).status).toBe('rejected');
		expect(await call({ user: 'a', order: '2' })).toMatchObject({ status: 'accepted', request: 1 });
		expect(storedIds()).toEqual(['a', 'a']);
	});

	test('a preview takes no key, and what follows sends everything', async () => {
		await send(['a', 'b', 'b', ''], { options: { preview: true } });
		expect(data.rows.size).toBe(0);
		expect(duplicates(await send(['a', 'b', 'b']), 3)).toEqual(['accepted', 'accepted', 'accepted again']);
	});
});
