import { createHash } from 'node:crypto';

import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import { isLargeInput } from '../../../nodes/engine/delivery/inputDigest.ts';
import { Ledger, type LedgerState } from '../../../nodes/engine/delivery/ledger.ts';
import { STATUSES } from '../../../nodes/engine/report/outcome.ts';
import type { Prepared } from '../../../nodes/engine/delivery/pack.ts';
import type { Json } from '../../../nodes/engine/operation/operation.ts';
import { destination, prepared, preparedItems } from '../../support/fakeVendor.mts';

type Context = Record<string, unknown>;

/** The context as n8n keeps it between tries: JSON text. */
const stored = (context: Context) => JSON.parse(JSON.stringify(context)) as Context;
const input = (index: number): Json => ({ id: `i${index}` });
const inputs = (count: number) => Array.from({ length: count }, (_, index) => input(index));

/** A try over these inputs, and what an earlier one noted of each. */
function open(
	context: Context,
	given: Json[],
	{ runIndex = 0, batching = 'batch,20,isolate' }: { runIndex?: number; batching?: string } = {},
) {
	const ledger = new Ledger(context, runIndex, given.length, batching);
	return { ledger, earlier: given.map((json, index) => ledger.identify(index, json)) };
}
/** As delivery does: before the bytes leave, and after the answer. */
function settle(ledger: Ledger, items: readonly Prepared[], state: LedgerState, request: number) {
	ledger.note(items, 'sent', request);
	if (state !== 'sent') ledger.note(items, state, request);
}
const states: LedgerState[] = ['sent', ...STATUSES.map(({ status }) => status)];

describe('the ledger', () => {
	test('tells a later try what each item became', () => {
		fc.assert(
			fc.property(
				fc.array(
					fc.record({ state: fc.constantFrom(...states), request: fc.integer({ min: 1, max: 16_000_000 }) }),
					{ minLength: 1, maxLength: 300 },
				),
				(wanted) => {
					const context = {};
					const items = preparedItems(wanted.length);
					const { ledger } = open(context, inputs(wanted.length));
					for (const [index, { state, request }] of wanted.entries()) {
						settle(ledger, [items[index]], state, request);
					}
					const second = open(stored(context), inputs(wanted.length));
					expect(second.earlier).toEqual(
						wanted.map(({ state, request }) => ({ state, request, report: undefined })),
					);
					expect(second.ledger.run.requests).toBe(Math.max(...wanted.map(({ request }) => request)));
				},
			),
			{ numRuns: 50 },
		);
	});

	test('says what was noted last, in this try or an earlier one', () => {
		const context = {};
		const first = open(context, inputs(2)).ledger;
		settle(first, [prepared(0)], 'accepted', 1);
		expect([first.stateOf(0), first.stateOf(1)]).toEqual(['accepted', undefined]);
		const second = open(stored(context), inputs(2)).ledger;
		second.note([prepared(1)], 'sent', 2);
		expect([second.stateOf(0), second.stateOf(1)]).toEqual(['accepted', 'sent']);
	});

	test('what was never noted is not known', () => {
		const context = {};
		settle(open(context, inputs(3)).ledger, [prepared(1)], 'accepted', 1);
		expect(open(stored(context), inputs(3)).earlier.map((one) => one?.state)).toEqual([
			undefined,
			'accepted',
			undefined,
		]);
	});

	test('an item that no request was made for has no request', () => {
		const context = {};
		open(context, inputs(1)).ledger.note([prepared(0)], 'notAttempted');
		expect(open(stored(context), inputs(1)).earlier).toEqual([
			{ state: 'notAttempted', request: undefined, report: undefined },
		]);
	});

	test.each([
		['text', { text: '{"id":"other"}' }],
		['group', { batchKey: '1\nother' }],
		['event', { event: { id: 'other' } }],
		['destination', { target: destination({ appId: '2' }, { baseUrl: 'https://other.example' }) }],
	])('an item is the same whatever the %s of its event becomes', (_, more) => {
		const context = {};
		settle(open(context, inputs(1)).ledger, [prepared(0)], 'accepted', 1);
		const second = open(stored(context), inputs(1));
		expect(second.earlier[0]?.state).toBe('accepted');
		settle(second.ledger, [prepared(0, more)], 'exhausted', 2);
		expect(open(stored(context), inputs(1)).earlier[0]?.state).toBe('accepted');
	});

	test.each<[string, Json[], Array<string | undefined>]>([
		['with another input', [{ id: 'i0' }, { id: 'new' }, { id: 'i2' }], ['accepted', undefined, 'unknown']],
		['in another order', [{ id: 'i2' }, { id: 'i1' }, { id: 'i0' }], [undefined, 'rejected', undefined]],
		['of which the first is gone', [{ id: 'i1' }, { id: 'i2' }], [undefined, undefined]],
		['of which the last is gone', [{ id: 'i0' }, { id: 'i1' }], ['accepted', 'rejected']],
		['and one more', [...inputs(3), { id: 'i2' }], ['accepted', 'rejected', 'unknown', undefined]],
		['with a member more', [{ id: 'i0', more: null }], [undefined]],
	])('items %s are never taken for others', (_, now, found) => {
		const context = {};
		const { ledger } = open(context, inputs(3));
		settle(ledger, [prepared(0)], 'accepted', 1);
		settle(ledger, [prepared(1)], 'rejected', 2);
		settle(ledger, [prepared(2)], 'unknown', 3);
		expect(open(stored(context), now).earlier.map((one) => one?.state)).toEqual(found);
	});

	test('a try with fewer items forgets nothing of the others', () => {
		const context = {};
		const all = inputs(200);
		settle(open(context, all).ledger, preparedItems(200), 'accepted', 1);
		settle(open(context, all.slice(0, 130)).ledger, preparedItems(130), 'unknown', 2);
		const states = open(stored(context), all).earlier.map((one) => one?.state);
		expect(states).toEqual([...Array(130).fill('unknown'), ...Array(70).fill('accepted')]);
	});

	test('a changed item takes the place of the older one', () => {
		const context = {};
		settle(open(context, [input(0)]).ledger, [prepared(0)], 'accepted', 1);
		open(context, [{ id: 'changed' }]).ledger.note([prepared(0)], 'notAttempted');
		expect(open(stored(context), [input(0)]).earlier).toEqual([undefined]);
		expect(open(stored(context), [{ id: 'changed' }]).earlier[0]?.state).toBe('notAttempted');
	});

	test('another run index is another run', () => {
		const context = {};
		settle(open(context, inputs(1)).ledger, [prepared(0)], 'accepted', 1);
		expect(open(stored(context), inputs(1), { runIndex: 1 }).earlier).toEqual([undefined]);
	});

	const odd: Json[] = [{ id: 12345678901234567890n }, { at: new Date(0) }, { id: undefined }, {}];
	test.each(odd.map((json) => [json]))('an input may be no JSON: %p', (json) => {
		const context = {};
		settle(open(context, [json]).ledger, [prepared(0)], 'accepted', 1);
		expect(open(stored(context), [json]).earlier[0]?.state).toBe('accepted');
		expect(open(stored(context), [{ id: 1n }]).earlier[0]).toBeUndefined();
	});

	test('an input that holds itself is known by its index', () => {
		const json: Json = { id: 1 };
		json.self = json;
		const context = {};
		settle(open(context, [json]).ledger, [prepared(0)], 'accepted', 1);
		expect(open(stored(context), [json]).earlier[0]?.state).toBe('accepted');
	});
});

describe('a refused event', () => {
	const changes: Array<[string, Parameters<typeof prepared>[1]]> = [
		['text', { text: '{"id":"other"}' }],
		['group', { batchKey: '1\nother' }],
		['app', { target: destination({ appId: '2' }) }],
		['address', { target: destination({ appId: '1' }, { baseUrl: 'https://other.example' }) }],
	];
	const after = (state: LedgerState, batching?: string) => {
		const context = {};
		settle(open(context, inputs(1)).ledger, [prepared(0)], state, 1);
		return open(stored(context), inputs(1), { batching }).ledger;
	};

	test.each(['rejected', 'oversize', 'batchRejected'] as const)(
		'%s is unchanged if it would be sent as it was',
		(state) => {
			const ledger = after(state);
			expect(ledger.isUnchanged(prepared(0))).toBe(true);
			for (const [, more] of changes) expect(ledger.isUnchanged(prepared(0, more))).toBe(false);
		},
	);

	test('the number by which a run tells destinations apart does not count', () => {
		const target = destination({ appId: '1' }, { id: '17' });
		expect(after('rejected').isUnchanged(prepared(0, { target, batchKey: '17\n' }))).toBe(true);
	});

	test('other settings of batching change it only where its batch was refused', () => {
		expect(after('batchRejected', 'batch,10,isolate').isUnchanged(prepared(0))).toBe(false);
		expect(after('rejected', 'batch,10,isolate').isUnchanged(prepared(0))).toBe(true);
		expect(after('oversize', 'batch,10,isolate').isUnchanged(prepared(0))).toBe(true);
	});

	test('the bytes of an event are forgotten once it is noted, their hash is not', () => {
		const context = {};
		const { ledger } = open(context, inputs(1));
		const item = prepared(0);
		ledger.note([item], 'sent', 1);
		ledger.note([item], 'rejected', 1);
		item.text = '';
		expect(open(stored(context), inputs(1)).ledger.isUnchanged(prepared(0))).toBe(true);
	});

	test('of a refused batch is told if another item of the batch has changed or is gone', () => {
		const context = {};
		const { ledger } = open(context, inputs(200));
		const items = preparedItems(200);
		settle(ledger, items.slice(0, 80), 'batchRejected', 1);
		settle(ledger, items.slice(80, 150), 'batchRejected', 2);
		settle(ledger, items.slice(150, 190), 'batchRejected', 3);
		settle(ledger, items.slice(190), 'rejected', 4);
		const changed = (given: Json[]) => [...open(stored(context), given).ledger.requestsWithOtherInput()];
		expect(changed(inputs(200))).toEqual([]);
		const mended = inputs(200);
		mended[70] = { id: 'mended' };
		mended[195] = { id: 'mended' };
		expect(changed(mended)).toEqual([1]);
		expect(changed(inputs(160))).toEqual([3]);
		expect(changed(inputs(150))).toEqual([3]);
		expect(changed(inputs(3)).sort()).toEqual([1, 2, 3]);
	});
});

describe('what requests ended with', () => {
	const report = {
		method: 'many',
		attempts: 1,
		httpStatus: 200,
		response: { message: 'OK, stored it' },
	};

	test('is kept once', () => {
		const context = {};
		const items = preparedItems(60);
		const { ledger } = open(context, inputs(60));
		for (const request of [1, 2, 3]) {
			const part = items.slice(20 * (request - 1), 20 * request);
			ledger.note(part, 'sent', request);
			ledger.report(request, { ...report, response: { ...report.response } });
			ledger.note(part, 'accepted', request);
		}
		expect(JSON.stringify(context).split('OK, stored it')).toHaveLength(2);
		expect(open(stored(context), inputs(60)).earlier[59]).toEqual({ state: 'accepted', request: 3, report });
	});

	test('an equal one of a later try is not kept again', () => {
		let context: Context = {};
		for (const request of [1, 2, 3]) {
			context = stored(context);
			const { ledger } = open(context, inputs(1));
			ledger.report(request, report);
			settle(ledger, [prepared(0)], 'exhausted', request);
		}
		expect(JSON.stringify(context).split('OK, stored it')).toHaveLength(2);
	});

	test('different ones are told apart', () => {
		const context = {};
		const { ledger } = open(context, inputs(3));
		for (const index of [0, 1, 2]) {
			ledger.report(index + 1, { method: 'one', response: { id: index } });
			settle(ledger, [prepared(index)], 'accepted', index + 1);
		}
		expect(open(stored(context), inputs(3)).earlier.map((one) => one?.report?.response)).toEqual([
			{ id: 0 },
			{ id: 1 },
			{ id: 2 },
		]);
	});

	test('does not change with what is returned', () => {
		const context = {};
		const { ledger } = open(context, inputs(1));
		const response = { id: 1 };
		ledger.report(1, { response });
		settle(ledger, [prepared(0)], 'accepted', 1);
		response.id = 2;
		expect(open(context, inputs(1)).earlier[0]?.report).toEqual({ response: { id: 1 } });
	});

	test('is bounded: first the responses are left out, then the rest', () => {
		const context = {};
		const count = 3_000;
		const { ledger } = open(context, inputs(count));
		for (const item of preparedItems(count)) {
			const request = item.index + 1;
			ledger.note([item], 'sent', request);
			ledger.report(request, { ...report, message: `no ${item.index}`, response: 'x'.repeat(1_000) });
			ledger.note([item], 'rejected', request);
		}
		const { earlier } = open(stored(context), inputs(count));
		const kept = earlier.map((one) => one?.report);
		expect(kept[0]).toMatchObject({ message: 'no 0', response: 'x'.repeat(1_000) });
		expect(kept[1_000]).toEqual({
			method: 'many',
			attempts: 1,
			httpStatus: 200,
			message: 'no 1000',
			isCut: true,
		});
		const whole = kept.filter((one) => one?.response !== undefined).length;
		expect([whole > 150, whole < 192]).toEqual([true, true]);
		expect(kept[2_999]).toBeUndefined();
		const short = open({}, inputs(2)).ledger;
		short.report(1, { ...report, message: 'x'.repeat(200 * 1024), response: undefined });
		short.report(2, { ...report, message: 'y' });
		expect(short.run.reports.map(({ isCut }) => isCut)).toEqual([undefined, true]);
		expect(earlier.every((one, index) => one?.state === 'rejected' && one.request === index + 1)).toBe(true);
		expect(JSON.stringify(context).length).toBeLessThan(256 * 1024 + 24 * count + 4 * 1024);
	});

	test('a response that is too large on its own is left out', () => {
		const kept = (size: number, message = '') => {
			const { ledger } = open({}, inputs(1));
			ledger.report(1, { ...report, message, response: 'x'.repeat(size) });
			return ledger.run.reports.map(({ response }) => response !== undefined);
		};
		const frame = JSON.stringify({ ...report, message: '', response: '' }).length;
		expect(kept(192 * 1024 - frame)).toEqual([true]);
		expect(kept(192 * 1024 - frame + 1)).toEqual([false]);
		expect(kept(1, 'x'.repeat(256 * 1024))).toEqual([]);
	});

	test('stays bounded over many tries', () => {
		let context: Context = {};
		for (let request = 1; request <= 20; request++) {
			context = stored(context);
			const { ledger } = open(context, inputs(1));
			ledger.report(request, { response: `${request}`.repeat(20_000) });
			settle(ledger, [prepared(0)], 'exhausted', request);
		}
		expect(JSON.stringify(context).length).toBeLessThan(256 * 1024 + 1_024);
	});
});

test('the record of an item: state, request, report, and the hashes of its input and its event', () => {
	const context: Context = {};
	const { ledger } = open(context, inputs(3));
	ledger.report(258, { method: 'one' });
	settle(ledger, [prepared(1)], 'rejected', 258);
	settle(ledger, [prepared(2)], 'accepted', 259);
	const sha1 = (text: string, bytes: number) => createHash('sha1').update(text).digest().subarray(0, bytes);
	const record = Buffer.concat([
		Buffer.from([5, 0, 1, 2, 0, 1]),
		sha1('{"id":"i1"}', 6),
		sha1('["https://fake.example",{"appId":"1"}]\n\n{"id":"i1"}', 5),
	]);
	const empty = Buffer.alloc(17);
	// What was not refused needs no hash of its event.
	const taken = Buffer.concat([Buffer.from([2, 0, 1, 3, 0, 0]), sha1('{"id":"i2"}', 6), Buffer.alloc(5)]);
	expect(context).toEqual({
		serverEvents: {
			0: {
				tries: 1,
				requests: 259,
				chunks: { 0: Buffer.concat([empty, record, taken]).toString('base64') },
				reports: [{ method: 'one' }],
			},
		},
	});
});

describe('its size', () => {
	test.each([1, 20, 64, 65, 1_000, 100_000])('%i items take at most 24 bytes each', (count) => {
		const context = {};
		const ledger = new Ledger(context, 0, count, '');
		const empty = JSON.stringify(context).length;
		const items = preparedItems(count);
		for (const [index, json] of inputs(count).entries()) ledger.identify(index, json);
		for (let at = 0; at < count; at += 1_000) {
			settle(ledger, items.slice(at, at + 1_000), 'accepted', at / 1_000 + 1);
		}
		expect(JSON.stringify(context).length - empty).toBeLessThanOrEqual(24 * count + 12);
	});

	test('a change writes one short text, not all of it', () => {
		const count = 100_000;
		const { ledger } = open({}, inputs(count));
		const items = preparedItems(count);
		ledger.note(items, 'sent', 1);
		const before = { ...ledger.run.chunks };
		ledger.note([items[50_000]], 'accepted', 1);
		const changed = Object.keys(before).filter((name) => before[name] !== ledger.run.chunks[name]);
		expect(changed).toHaveLength(1);
		expect(ledger.run.chunks[changed[0]].length).toBeLessThan(2_000);
	});

	test('it holds plain JSON only, and nothing when it is removed', () => {
		const context: Context = { others: 1 };
		const { ledger } = open(context, inputs(2));
		ledger.note(preparedItems(2), 'unknown', 1);
		ledger.report(1, { message: 'x' });
		expect(stored(context)).toEqual(context);
		ledger.remove();
		expect(context).toEqual({ others: 1 });
	});

	test('removing one run leaves another', () => {
		const context = {};
		const one = open(context, inputs(1)).ledger;
		settle(open(context, inputs(1), { runIndex: 1 }).ledger, [prepared(0)], 'accepted', 1);
		one.remove();
		expect(open(stored(context), inputs(1), { runIndex: 1 }).earlier[0]?.state).toBe('accepted');
	});
});

describe('tries', () => {
	test('are counted', () => {
		const context = {};
		const tries = [1, 2, 3].map(() => open(context, inputs(1)).ledger);
		expect(tries.map(({ run }) => run.tries)).toEqual([3, 3, 3]);
		expect(tries.map(({ isRepeat, isAutomatic }) => [isRepeat, isAutomatic])).toEqual([
			[false, false],
			[true, true],
			[true, true],
		]);
	});

	test('one after n8n has given up the run is a repeat that somebody asked for', () => {
		const context = {};
		open(context, inputs(1)).ledger.run.tries = 0;
		const { isRepeat, isAutomatic, run } = open(stored(context), inputs(1)).ledger;
		expect([isRepeat, isAutomatic, run.tries]).toEqual([true, false, 1]);
	});
});

test.each([
	null,
	1,
	'x',
	[],
	{ 0: null },
	{ 0: { tries: 1, requests: 0, chunks: {}, answers: {} } },
	{ 0: { tries: 1, requests: 0, chunks: [], reports: [] } },
	{ 0: { tries: 1, requests: 'x', chunks: {}, reports: [] } },
	{ 0: { tries: '1', requests: 0, chunks: {}, reports: [] } },
])('it survives what stands in the context: %j', (serverEvents) => {
	const { ledger, earlier } = open({ serverEvents }, inputs(1));
	expect([earlier, ledger.isRepeat]).toEqual([[undefined], false]);
	settle(ledger, [prepared(0)], 'accepted', 1);
	expect(ledger.run.requests).toBe(1);
});

test('it knows an item of many members, whose hash is made in steps, by the hash of the same text', () => {
	const rows = Array.from({ length: 30_000 }, (_, at) => ({ at, text: 'Ж' }));
	const own: Json = { rows };
	own.own = own;
	const cases: Array<[Json, string]> = [
		[{ rows, last: 1 }, JSON.stringify({ rows, last: 1 })],
		[{ rows, last: 10n }, JSON.stringify({ rows, last: '10' })],
		[own, ''],
	];
	for (const [json, text] of cases) {
		const context = {};
		const ledger = new Ledger(context, 0, 1, '');
		const steps = ledger.identifyInSteps(0, json);
		let turns = 0;
		while (!steps.next().done) turns++;
		expect(turns).toBeGreaterThan(2);
		settle(ledger, preparedItems(1), 'accepted', 1);
		const record = Buffer.from(ledger.run.chunks[0], 'base64');
		const digest = createHash('sha1').update(text).digest('hex');
		expect(record.toString('hex', 6, 12)).toBe(digest.slice(0, 12));
		const again = new Ledger(context, 0, 1, '');
		expect(again.identify(0, json)).toMatchObject({ state: 'accepted' });
	}
});

test('only an item of many members takes steps, and one with a member that cannot be read takes none', () => {
	const unreadable = Object.defineProperty({}, 'text', {
		enumerable: true,
		get: () => {
			throw new Error('not to be read');
		},
	}) as Json;
	expect([{ few: 1 }, unreadable, { rows: Array(30_000).fill(1) }].map(isLargeInput)).toEqual([
		false,
		false,
		true,
	]);
	const ledger = new Ledger({}, 0, 1, '');
	expect(ledger.identify(0, unreadable)).toBeUndefined();
	settle(ledger, preparedItems(1), 'accepted', 1);
	const record = Buffer.from(ledger.run.chunks[0], 'base64');
	expect(record.toString('hex', 6, 12)).toBe(createHash('sha1').update('').digest('hex').slice(0, 12));
});
