/** The option 'Send Once per Key': an event whose key was sent before is not sent again, in any execution. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import type { IDataObject } from 'n8n-workflow';

import { ownNodes, readExamples } from '../../tools/demo/examples.mts';
import { announcements } from '../../tools/demo/expectations.mts';
import { ProcessedData } from '../../tools/harness/processedData.mts';
import type { RunResult } from '../../tools/harness/engine.mts';
import type { Fault } from '../../tools/sandbox/server.mts';
import type { Delivery } from '../../nodes/engine/report/outcome.ts';
import {
	hintsOf,
	logOf,
	ON_ERROR,
	openBench,
	PACKAGE,
	reportsOf,
	statusesOf,
	type Bench,
	type Order,
} from '../support/bench.mts';
import { idsIn, operationCases } from '../support/cases.mts';
import { instantClock } from '../support/clock.mts';

jest.setTimeout(60_000);

let bench: Bench;
let data: ProcessedData;
beforeAll(async () => {
	bench = await openBench(instantClock());
});
beforeEach(() => {
	bench.sandbox.reset();
	data = new ProcessedData();
});
afterAll(async () => await bench?.close());

const rememberKey = '={{ $json.customUserId }}';
const event = (id: string): IDataObject => ({ customUserId: id, customEventName: 'bought' });
/** Executions of one node over the same table. */
const run = async (items: IDataObject[], more: Partial<Order> = {}, name = 'x'): Promise<RunResult> =>
	await bench.run({
		node: 'myTrackerCustomEvent',
		items,
		...more,
		options: { rememberKey, maxAttempts: 1, ...more.options },
		run: { processedData: data, executionId: name, ...more.run },
	});
const send = async (ids: string[], more: Partial<Order> = {}): Promise<RunResult> =>
	await run(ids.map(event), more);
const deliveries = (result: RunResult, count: number): Delivery[] =>
	reportsOf(result, count).map(({ delivery }) => delivery);
const storedIds = () => bench.sandbox.stored('myTracker').map((stored) => stored.event.customUserId);
const failFor = (id: string, fault: Fault): void =>
	bench.sandbox.faults.always((request) => (request.body.includes(`"${id}"`) ? fault : undefined));
const REFUSED: Fault = { status: 400, body: '{"error": "Bad Request"}' };
/** The entries of so many keys that were accepted. */
const entriesOfAccepted = (keys: number): number => 2 * keys;

const BEFORE: Delivery = {
	status: 'accepted',
	duplicate: true,
	message: 'Not sent again: an event with this key was accepted before',
};

describe('across executions', () => {
	test.each(ON_ERROR)('%s: what was accepted is not sent again', async (onError) => {
		const first = await send(['a', 'b'], { onError });
		expect(deliveries(first, 2)).toEqual([
			{ status: 'accepted', method: 'customEventBatch', request: 1, attempts: 1, httpStatus: 200 },
			{ status: 'accepted', method: 'customEventBatch', request: 1, attempts: 1, httpStatus: 200 },
		]);
		const second = await send(['b', 'c', 'a'], { onError });
		const reports = reportsOf(second, 3);
		expect(reports.map(({ delivery }) => delivery)).toEqual([
			BEFORE,
			{ status: 'accepted', method: 'customEventBatch', request: 1, attempts: 1, httpStatus: 200 },
			BEFORE,
		]);
		expect(reports[0].event).toEqual(event('b'));
		expect(reports.map(({ output }) => output)).toEqual([0, 0, 0]);
		expect(storedIds()).toEqual(['a', 'b', 'c']);
		expect(hintsOf(second)).toEqual(['2 items repeat a key that was sent before and were not sent again.']);
	});

	test('a run of nothing but repeats sends no request', async () => {
		await send(['a', 'b']);
		const second = await send(['a', 'b']);
		expect(deliveries(second, 2)).toEqual([BEFORE, BEFORE]);
		expect(bench.sandbox.requests).toHaveLength(1);
		expect(second.status).toBe('success');
	});

	const forgotten: Array<[string, Fault]> = [
		['rejected', REFUSED],
		['exhausted', { status: 503 }],
		['oversize', { status: 413 }],
		['notAttempted', { status: 403 }],
	];
	test.each(forgotten)('what ended as %s is sent again', async (status, fault) => {
		failFor('a', fault);
		const options = { batchSize: 1, concurrency: 1 };
		expect(statusesOf(await send(['a'], { options }), 1)).toEqual([status]);
		expect(data.entries()).toEqual([]);
		bench.sandbox.faults.clear();
		const second = await send(['a'], { options });
		expect(deliveries(second, 1)[0]).toMatchObject({ status: 'accepted', request: 1 });
		expect(deliveries(await send(['a']), 1)).toEqual([BEFORE]);
	});

	test('a refused batch is forgotten as a whole', async () => {
		failFor('a', REFUSED);
		const options = { onRejectedBatch: 'fail' };
		expect(statusesOf(await send(['a', 'b'], { options }), 2)).toEqual(['batchRejected', 'batchRejected']);
		bench.sandbox.faults.clear();
		expect(statusesOf(await send(['a', 'b'], { options }), 2)).toEqual(['accepted', 'accepted']);
		expect(storedIds()).toEqual(['a', 'b']);
	});

	test('what the vendor may have stored stays unknown and is not sent again', async () => {
		failFor('a', { reset: 'afterStoring' });
		const options = { batchSize: 1, concurrency: 1 };
		expect(statusesOf(await send(['a', 'b'], { options }), 2)).toEqual(['unknown', 'accepted']);
		bench.sandbox.faults.clear();
		for (const _ of [1, 2]) {
			const again = await send(['a', 'b'], { onError: 'continueErrorOutput' });
			expect(reportsOf(again, 2).map(({ output, delivery }) => [output, delivery])).toEqual([
				[
					1,
					{
						status: 'unknown',
						duplicate: true,
						message:
							"Not sent again: an event with this key was sent before, or is being sent now, and MyTracker may have stored it; check in MyTracker, and switch on 'Repeat What May Be Stored' to send it again",
					},
				],
				[0, BEFORE],
			]);
		}
		expect(storedIds()).toEqual(['a', 'b']);
	});

	test('retryUnknown sends it again, and then remembers it as accepted', async () => {
		failFor('a', { reset: 'beforeStoring' });
		await send(['a']);
		bench.sandbox.faults.clear();
		const again = await send(['a'], { options: { retryUnknown: true } });
		expect(deliveries(again, 1)[0]).toMatchObject({ status: 'accepted', request: 1 });
		expect(deliveries(await send(['a']), 1)).toEqual([BEFORE]);
		expect(data.entries()).toHaveLength(entriesOfAccepted(1));
	});

	test('a confirmation of an order, which Vibetrace drops as a repeat, is sent again after an unknown one', async () => {
		const items = [
			{ type: 'confirmation', email: 'a@example.com', generic: { orderId: '7', total: 10 } },
			{ type: 'login', email: 'a@example.com' },
		];
		const order = { node: 'vibetraceSendEvent', options: { rememberKey: '={{ $json.type }}' } };
		bench.sandbox.faults.always(() => ({ reset: 'beforeStoring' }));
		expect(statusesOf(await run(items, order), 2)).toEqual(['unknown', 'unknown']);
		bench.sandbox.faults.clear();
		expect(deliveries(await run(items, order), 2)).toEqual([
			expect.objectContaining({ status: 'accepted', request: 1 }),
			expect.objectContaining({ status: 'unknown', duplicate: true }),
		]);
	});

	test('an unconfirmed one stays unconfirmed and is not sent again', async () => {
		bench.sandbox.faults.always(() => ({ status: 202, body: 'queued', afterStoring: true }));
		expect(statusesOf(await send(['a']), 1)).toEqual(['unconfirmed']);
		bench.sandbox.faults.clear();
		for (const _ of [1, 2]) {
			expect(deliveries(await send(['a'], { onError: 'stopWorkflow' }), 1)).toEqual([
				{
					status: 'unconfirmed',
					duplicate: true,
					message:
						'Not sent again: an event with this key was sent before, and MyTracker answered in a form it does not document',
				},
			]);
		}
		expect(storedIds()).toEqual(['a']);
	});

	test('an invalid event is not remembered', async () => {
		const bad = { customUserId: 'a', customEventName: '' };
		expect(statusesOf(await run([bad]), 1)).toEqual(['invalid']);
		expect(data.entries()).toEqual([]);
		expect(statusesOf(await send(['a']), 1)).toEqual(['accepted']);
	});

	test('another app of the same account gets it as well', async () => {
		await send(['a']);
		const other = await send(['a'], { options: { appId: '2222' } });
		expect(deliveries(other, 1)[0].duplicate).toBeUndefined();
		expect(deliveries(await send(['a'], { options: { appId: '2222' } }), 1)[0].duplicate).toBe(
			deliveries(other, 1)[0].status === 'accepted' ? true : undefined,
		);
	});

	test('without the option nothing is kept and everything is sent', async () => {
		await send(['a', 'a'], { options: { rememberKey: '' } });
		await send(['a'], { options: { rememberKey: '  ' } });
		expect(storedIds()).toEqual(['a', 'a', 'a']);
		expect(data.rows.size).toBe(0);
	});

	test('the oldest keys are forgotten first, and never one of this run', async () => {
		const options = { rememberedKeys: 2 };
		await send(['a', 'b'], { options });
		await send(['c'], { options });
		expect(deliveries(await send(['b', 'c'], { options }), 2)).toEqual([BEFORE, BEFORE]);
		await send(['d'], { options });
		await send(['e'], { options });
		expect(deliveries(await send(['d', 'e'], { options }), 2)).toEqual([BEFORE, BEFORE]);
		expect(deliveries(await send(['a'], { options }), 1)[0]).toMatchObject({ request: 1 });
		expect(data.entries().length).toBeLessThanOrEqual(6);
		const many = ['1', '2', '3', '4', '5'];
		await send(many, { options });
		expect(deliveries(await send(many, { options }), 5)).toEqual(many.map(() => BEFORE));
	});
});

describe('what does not stay drops no key that is remembered', () => {
	const accepted = (count: number) => Array.from({ length: count }, () => BEFORE);

	test.each([2, 110])('a run of %i refused events', async (count) => {
		const options = { rememberedKeys: count };
		const ids = Array.from({ length: count }, (_, at) => `id${at + 1}`);
		await send(ids, { options });
		await send(['more'], { options });
		bench.sandbox.faults.always(() => ({ status: 503 }));
		const refused = ids.map((id) => `refused-${id}`);
		expect(new Set(statusesOf(await send(refused, { options }), count))).toEqual(new Set(['exhausted']));
		bench.sandbox.faults.clear();
		const newest = [...ids.slice(1), 'more'];
		expect(deliveries(await send(newest, { options }), count)).toEqual(accepted(count));
	});

	test('keys that are looked up again and again, the last key of a run among them', async () => {
		const options = { rememberedKeys: 2 };
		await send(['a', 'b'], { options });
		await send(['c'], { options });
		for (const _ of [1, 2, 3])
			expect(deliveries(await send(['b', 'c'], { options }), 2)).toEqual(accepted(2));
		expect(storedIds()).toEqual(['a', 'b', 'c']);
	});

	test('unconfirmed ones, of which two things are asked', async () => {
		const options = { rememberedKeys: 2 };
		bench.sandbox.faults.always(() => ({ status: 202, body: 'queued', afterStoring: true }));
		await send(['a', 'b'], { options });
		for (const _ of [1, 2, 3])
			expect(statusesOf(await send(['a', 'b'], { options }), 2)).toEqual(['unconfirmed', 'unconfirmed']);
		expect(storedIds()).toEqual(['a', 'b']);
	});

	test('many at once', async () => {
		const options = { rememberedKeys: 150 };
		const ids = Array.from({ length: 299 }, (_, at) => `id${at + 1}`);
		await send(ids.slice(0, 150), { options });
		bench.sandbox.faults.always(() => ({ status: 202, body: 'queued', afterStoring: true }));
		await send(ids.slice(150), { options });
		for (const _ of [1, 2]) await send(ids.slice(149), { options });
		expect(storedIds()).toEqual(ids);
	});
});

describe('inside one run', () => {
	test('the first event of a key is sent, and its repeats share its end', async () => {
		const result = await send(['a', 'b', 'a', 'a']);
		const sameAs = (status: string) => ({
			status,
			duplicate: true,
			message: 'Not sent again: item 0 (row 1) has the same key',
		});
		expect(deliveries(result, 4).slice(2)).toEqual([sameAs('accepted'), sameAs('accepted')]);
		expect(storedIds()).toEqual(['a', 'b']);
	});

	test('a repeat of a refused event was not attempted; of an unknown one it is unknown', async () => {
		bench.sandbox.faults.always((request) =>
			request.body.includes('"a"') ? REFUSED : request.body.includes('"b"') ? { html: true } : undefined,
		);
		const result = await send(['a', 'b', 'a', 'b'], { options: { batchSize: 1, concurrency: 1 } });
		expect(deliveries(result, 4).slice(2)).toEqual([
			{
				status: 'notAttempted',
				duplicate: true,
				message: 'Not sent: item 0 (row 1) has the same key and was not accepted; send it again',
			},
			{
				status: 'unknown',
				duplicate: true,
				message: 'Not sent again: item 1 (row 2) has the same key, and MyTracker may have stored it',
			},
		]);
	});

	test('an invalid event gives way to a valid one of the same key', async () => {
		const items = [{ customUserId: 'a', customEventName: '' }, event('a'), event('a')];
		expect(statusesOf(await run(items), 3)).toEqual(['invalid', 'accepted', 'accepted']);
		expect(storedIds()).toEqual(['a']);
	});

	test('a number and its text are the same key', async () => {
		const items = [1, '1', ' 1 '].map((key) => ({ ...event('a'), customEventParams: { key: String(key) } }));
		const keys = { rememberKey: '={{ [1, "1", " 1 "][$itemIndex] }}' };
		expect(
			deliveries(await run(items, { options: keys }), 3).filter(({ duplicate }) => duplicate),
		).toHaveLength(2);
	});
});

describe('keys that name no event', () => {
	const useless: Array<[string, string, string]> = [
		['nothing', '={{ $json.missing }}', 'is empty'],
		['a blank', '={{ " " }}', 'is empty'],
		[
			'undefined',
			'={{ "undefined" }}',
			"is the text 'undefined', which an expression gives when it finds no value; leave the field empty in that case",
		],
		['an object', '={{ $json }}', 'must be text, not an object'],
		['true', '={{ true }}', 'must be text, not a true/false value'],
	];
	test.each(useless)(
		'%s: the event is sent and not remembered, with a warning',
		async (_, expression, why) => {
			const options = { rememberKey: expression };
			for (const _run of [1, 2]) {
				const result = await send(['a'], { options });
				expect(deliveries(result, 1)[0]).toMatchObject({
					status: 'accepted',
					request: 1,
					warnings: [
						{
							field: 'rememberKey',
							message: `The event is not remembered, because 'Send Once per Key' ${why}`,
						},
					],
				});
				expect(hintsOf(result)).toEqual([expect.stringContaining('1 item has warnings')]);
			}
			expect(storedIds()).toEqual(['a', 'a']);
			expect(data.rows.size).toBe(0);
		},
	);

	test.each(['orderId', '=orderId', '=a {{'])('a fixed text is refused: %s', async (fixed) => {
		const result = await send(['a'], { options: { rememberKey: fixed } });
		expect(deliveries(result, 1)).toEqual([
			{
				status: 'notAttempted',
				message:
					"'Send Once per Key' must be an expression that gives each item its own key, such as {{ $json.orderId }}; nothing was sent",
			},
		]);
	});

	test('an expression that fails makes its item invalid', async () => {
		const result = await send(['a'], {
			options: { rememberKey: '={{ $json.missing.deep.er }}{{ nope() }}' },
		});
		expect(['invalid', 'accepted']).toContain(statusesOf(result, 1)[0]);
		expect(data.rows.size).toBe(0);
	});
});

describe('what n8n keeps', () => {
	test('hashes alone, of keys that hold anything', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.uniqueArray(fc.string({ minLength: 1, maxLength: 3_000 }), {
					minLength: 1,
					maxLength: 4,
					selector: (key) => key.trim(),
				}),
				async (keys) => {
					data = new ProcessedData();
					const items = keys.map((key, at) => ({ ...event(`u${at}`), secret: key }));
					await run(items, { options: { rememberKey: '={{ $json.secret }}' } });
					for (const entry of data.entries()) expect(entry).toMatch(/^[A-Za-z0-9+/]{22}==$/);
					const md5s = keys.map((key) => createHash('md5').update(key).digest('base64'));
					expect(data.entries().filter((entry) => md5s.includes(entry))).toEqual([]);
				},
			),
			{ numRuns: 15 },
		);
	});

	test('no key is in an output, a hint or the log', async () => {
		const items = [event('a'), event('a')].map((one) => ({ ...one, private: 'person@example.com' }));
		const options = { rememberKey: '={{ $json.private }}' };
		const results = [await run(items, { options }), await run(items, { options })];
		const seen = results.map((result) => [deliveries(result, 2), hintsOf(result), logOf(result)]);
		expect(JSON.stringify(seen)).not.toContain('person');
	});

	test('a table that cannot be read: nothing is sent, and the reason is told', async () => {
		data.access = async () => {
			throw new Error('SQLITE_CONSTRAINT: FOREIGN KEY constraint failed');
		};
		const message =
			'Nothing was sent, because n8n could not look up which keys were sent before; save the workflow and run it again. Reason: SQLITE_CONSTRAINT: FOREIGN KEY constraint failed';
		const result = await send(['a', 'a']);
		expect(deliveries(result, 2)).toEqual([
			{ status: 'notAttempted', message },
			{ status: 'notAttempted', message },
		]);
		const stopped = await send(['a'], { onError: 'stopWorkflow' });
		expect(stopped.error('Node')?.message).toContain('Nothing was sent');
		expect(bench.sandbox.requests).toHaveLength(0);
	});

	test('a table that cannot be written after sending: nothing is lost, and it errs to not sending again', async () => {
		data.access = async (what) => {
			if (what === 'update') throw new Error('disk is full');
		};
		const first = await send(['a']);
		expect(statusesOf(first, 1)).toEqual(['accepted']);
		expect(hintsOf(first)).toEqual([
			'n8n could not save what became of the keys; its reason: disk is full. Events with these keys will be reported as unknown and not be sent again.',
		]);
		data.access = async () => undefined;
		expect(deliveries(await send(['a']), 1)).toEqual([
			expect.objectContaining({ status: 'unknown', duplicate: true }),
		]);
		expect(storedIds()).toEqual(['a']);
	});

	test('a crash between sending and saving: at most once', async () => {
		// The process ends while a request is open: n8n has the key as taken and nothing else.
		const held = new ProcessedData();
		let copy: string | undefined;
		data = held;
		bench.sandbox.faults.always(() => {
			copy ??= [...held.rows.values()][0];
			return undefined;
		});
		await send(['a']);
		const id = [...held.rows.keys()][0];
		data = new ProcessedData();
		data.rows.set(id, copy ?? '');
		bench.sandbox.faults.clear();
		expect(deliveries(await send(['a']), 1)).toEqual([
			expect.objectContaining({ status: 'unknown', duplicate: true }),
		]);
		expect(storedIds()).toEqual(['a']);
	});

	test('many executions at once overwrite what others have written, and yet every key is remembered', async () => {
		const built = await openBench();
		try {
			let calls = 0;
			data.access = async () => await sleep(1 + ((++calls * 7) % 6));
			const ids = Array.from({ length: 12 }, (_, at) => `rush-${at}`);
			const all = async () =>
				await Promise.all(
					ids.map(
						async (id) =>
							await built.run({
								node: 'myTrackerCustomEvent',
								items: [event(id)],
								options: { rememberKey },
								run: { processedData: data },
							}),
					),
				);
			await all();
			const again = await all();
			expect(again.map((result) => deliveries(result, 1)[0])).toEqual(ids.map(() => BEFORE));
			expect(built.sandbox.stored('myTracker')).toHaveLength(ids.length);
		} finally {
			await built.close();
		}
	});

	test('two executions that are the first of a node at the same time: both find their row', async () => {
		const results = await Promise.all([send(['a']), send(['b'])]);
		expect(results.map((result) => statusesOf(result, 1))).toEqual([['accepted'], ['accepted']]);
		expect(deliveries(await send(['a', 'b']), 2)).toEqual([BEFORE, BEFORE]);
	});
});

describe('together with the rest of the node', () => {
	test('the preview records nothing and leaves out what repeats a key inside the run', async () => {
		await send(['a']);
		const before = [...data.rows.values()];
		const result = await send(['a', 'b', 'b'], { options: { preview: true } });
		expect([...data.rows.values()]).toEqual(before);
		const [requests, repeat] = result.nodeOutputs('Node')[0].map(({ json }) => json);
		expect(requests.items).toBe('0-1');
		expect(repeat).toEqual({
			event: event('b'),
			delivery: {
				status: 'notAttempted',
				duplicate: true,
				message: 'Would not be sent again: item 1 (row 2) has the same key',
			},
		});
		expect(hintsOf(result)).toContain('The preview does not look up which keys were sent before.');
	});

	test('Stop Workflow with an invalid item sends nothing and takes no key', async () => {
		const items = [event('a'), { customUserId: 'b', customEventName: '' }];
		const stopped = await run(items, { onError: 'stopWorkflow' });
		expect(stopped.status).toBe('error');
		expect(data.rows.size).toBe(0);
		expect(statusesOf(await send(['a']), 1)).toEqual(['accepted']);
	});

	test.each(ON_ERROR)(
		'%s with Retry On Fail: what failed is sent again, what was accepted is not',
		async (onError) => {
			let left = 1;
			bench.sandbox.faults.always((request) =>
				request.body.includes('"a"') && left-- > 0 ? { status: 503 } : undefined,
			);
			const options = { batchSize: 1, concurrency: 1 };
			const more = { retryOnFail: true, maxTries: 3, waitBetweenTries: 1 };
			const result = await send(['a', 'b', 'b'], { onError, options, more });
			const isRepeated = onError !== 'continueRegularOutput';
			expect(result.tries('Node')).toBe(isRepeated ? 2 : 1);
			expect(statusesOf(result, 3)).toEqual([isRepeated ? 'accepted' : 'exhausted', 'accepted', 'accepted']);
			const all = await send(['a', 'b'], { options });
			expect(deliveries(all, 2)[1]).toEqual(BEFORE);
			expect(storedIds().sort()).toEqual(['a', 'b']);
		},
	);

	test('the Retry button sends what was not taken', async () => {
		failFor('b', { status: 503 });
		const order = { onError: 'stopWorkflow' as const, options: { batchSize: 1, concurrency: 1 } };
		const failed = await send(['a', 'b', 'c'], order);
		expect(failed.status).toBe('error');
		bench.sandbox.faults.clear();
		const again = await send(['a', 'b', 'c'], { ...order, run: { retryOf: failed, processedData: data } });
		expect(statusesOf(again, 3)).toEqual(['accepted', 'accepted', 'accepted']);
		expect(storedIds().sort()).toEqual(['a', 'b', 'c']);
		expect(deliveries(await send(['a', 'b', 'c']), 3)).toEqual([BEFORE, BEFORE, BEFORE]);
	});

	test('a cancelled run keeps what was sent and forgets what was not', async () => {
		let cancel: () => void = () => undefined;
		bench.sandbox.faults.always((request) => {
			if (!request.body.includes('"b"')) return undefined;
			cancel();
			return { hang: true };
		});
		const options = { batchSize: 1, concurrency: 1 };
		const result = await send(['a', 'b', 'c'], {
			options,
			run: { processedData: data, cancelAfter: (stop) => (cancel = stop) },
		});
		expect(result.status).toBe('canceled');
		bench.sandbox.faults.clear();
		const again = deliveries(await send(['a', 'b', 'c'], { options }), 3);
		expect(again[0]).toEqual(BEFORE);
		expect(again[1]).toMatchObject({ status: 'unknown', duplicate: true });
		expect(again[2]).toMatchObject({ status: 'accepted', request: 1 });
	});

	test('a tool remembers from call to call', async () => {
		const { sandbox, engine } = bench;
		const call = async () =>
			await engine.runAsTool(
				{
					type: `${PACKAGE}.myTrackerCustomEvent`,
					parameters: {
						mappingMode: 'defineBelow',
						customUserId: '={{ $fromAI("user") }}',
						customEventName: 'bought',
						options: { rememberKey: '={{ $fromAI("order") }}' },
					},
					credentials: { myTrackerApi: { id: '1', name: 'x' } },
				},
				{ user: 'a', order: '77' },
				{ credentials: { ...sandbox.credentials }, processedData: data },
			);
		const first = JSON.parse((await call()).response ?? '[]');
		const second = JSON.parse((await call()).response ?? '[]');
		expect(first[0].delivery).toMatchObject({ status: 'accepted', request: 1 });
		expect(second[0].delivery).toEqual(BEFORE);
		expect(storedIds()).toEqual(['a']);
	});

	test('the summary and the custom execution data count repeats apart', async () => {
		await send(['a']);
		const summary = await send(['a', 'b', 'b'], { options: { output: 'summary' } });
		expect(summary.nodeOutputs('Node')[0][0].json).toMatchObject({
			items: 3,
			accepted: 3,
			duplicates: 2,
			requests: 1,
		});
		expect(summary.data.resultData.metadata).toMatchObject({ eventsSent: '1', eventsFailed: '0' });
		const without = await send(['c'], { options: { output: 'summary', rememberKey: '' } });
		expect(without.nodeOutputs('Node')[0][0].json).not.toHaveProperty('duplicates');
	});
});

describe('every sending operation', () => {
	test.each(operationCases.map((one) => [one.node, one] as const))(
		'%s, mapped automatically',
		async (node, one) => {
			const ids = ['ev-a', 'ev-b', 'ev-c'];
			const order = { node, options: { rememberKey: '={{ "order " + $itemIndex }}' } };
			expect(statusesOf(await run(ids.map(one.good), order), 3)).toEqual([
				'accepted',
				'accepted',
				'accepted',
			]);
			const requests = bench.sandbox.requests.length;
			expect(deliveries(await run(ids.map(one.good), order), 3)).toEqual([BEFORE, BEFORE, BEFORE]);
			expect(bench.sandbox.requests).toHaveLength(requests);
			expect(bench.sandbox.requests.flatMap(idsIn).sort()).toEqual(ids);
		},
	);

	const examples = readExamples(join(process.cwd(), 'workflows'), Object.keys(announcements)).filter(
		(example) => ownNodes(example).every(({ parameters }) => parameters.mappingMode === 'defineBelow'),
	);
	test('each has an example with each field mapped', () => {
		const types = examples.flatMap((example) => ownNodes(example).map(({ type }) => type.split('.')[1]));
		expect(operationCases.map(({ node }) => node).filter((node) => !types.includes(node))).toEqual([]);
	});
	test.each(examples.map((example) => [example.file, example] as const))('%s, twice', async (_, example) => {
		const { engine, sandbox } = bench;
		const every = ownNodes(example).map(({ name }) => name);
		// What goes on with another node's answer has nothing to send once that node sends nothing.
		const goesOn = every.flatMap((name) =>
			(example.workflow.connections[name]?.main ?? []).flatMap((to) => (to ?? []).map(({ node }) => node)),
		);
		const own = every.filter((name) => !goesOn.includes(name));
		const workflow = {
			...example.workflow,
			nodes: example.workflow.nodes.map((node) =>
				own.includes(node.name)
					? {
							...node,
							parameters: {
								...node.parameters,
								options: {
									...(node.parameters.options as IDataObject),
									rememberKey: '={{ "n" + $itemIndex }}',
								},
							},
						}
					: node,
			),
		};
		const once = async () =>
			await engine.run(workflow as typeof example.workflow, {
				credentials: { ...sandbox.credentials },
				processedData: data,
			});
		const first = await once();
		const second = await once();
		for (const name of own) {
			const statuses = (result: RunResult) =>
				result
					.nodeOutputs(name)
					.flat()
					.map(
						({ json }) => (json.delivery ?? (json.details as IDataObject)?.delivery) as unknown as Delivery,
					);
			const before = statuses(first);
			expect(before.filter(({ status }) => status === 'accepted').length).toBeGreaterThan(0);
			for (const [at, { status }] of before.entries()) {
				if (status === 'accepted') expect(statuses(second)[at]).toMatchObject(BEFORE);
				else expect(statuses(second)[at]).not.toHaveProperty('duplicate');
			}
		}
	});
});
