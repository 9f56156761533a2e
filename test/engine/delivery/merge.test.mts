/** Events that share more requests in a wider form, and what is said where they could. */
import { describe, expect, test } from '@jest/globals';

import { mergeEvents, splitHint } from '../../../nodes/engine/delivery/merge.ts';
import { pack, type Prepared } from '../../../nodes/engine/delivery/pack.ts';
import { payloadBytes } from '../../../nodes/engine/delivery/request.ts';
import type { Destination } from '../../../nodes/engine/account.ts';
import type { Json, WireForm } from '../../../nodes/engine/operation/operation.ts';
import type { Pause } from '../../../nodes/engine/pause.ts';
import { destination, toy } from '../../support/fakeVendor.mts';

const kindOf = (event: Json): string => String(event.kind);
const csvForm = (columnsOf: (event: Json) => string[], keyOf: (event: Json) => string): WireForm => ({
	...toy.batch,
	encode: (event) => {
		const text = columnsOf(event).map((name) => String(event[name] ?? ''));
		return { text: text.join(), count: 1, batchKey: keyOf(event) };
	},
	envelope: (event) => ({ prefix: `${columnsOf(event).join()}\n`, separator: '\n', suffix: '\n' }),
});
const allColumns = (events: readonly Json[]) => [...new Set(events.flatMap((event) => Object.keys(event)))];

/** A name that the wider form cannot carry. */
const NARROW = 'narrow';
/** Events share a request that have the same columns; merged, those of one kind. */
const form: WireForm = {
	...csvForm(Object.keys, (event) => Object.keys(event).join()),
	merged: {
		option: 'emptyCells',
		batchKey: kindOf,
		form: (events) => {
			const wide = csvForm(() => allColumns(events), kindOf);
			const fault = { field: 'name', message: 'has no place here' };
			return {
				...wide,
				encode: (event, target) => (event.name === NARROW ? { fault } : wide.encode(event, target)),
			};
		},
		hint: (requests, least) => `${requests} requests in the place of ${least}`,
	},
};
const unhurried: Pause = { isDue: () => false, now: async () => {}, ifDue: async () => {} };

const itemOf = (event: Json, index: number, target: Destination = destination()): Prepared => {
	const encoded = form.encode(event, target);
	if ('fault' in encoded) throw new Error(encoded.fault.message);
	const { text, count, batchKey } = encoded;
	return {
		index,
		event,
		target,
		text,
		count,
		batchKey: `${target.id}\n${batchKey}`,
		bytes: Buffer.byteLength(text),
	};
};
const itemsOf = (...events: Json[]): Prepared[] => events.map((event, index) => itemOf(event, index));

/** Bodies and items of the requests that the events go in. */
function requestsOf({ prepared, form }: { prepared: Prepared[]; form: WireForm }) {
	const { batches } = pack(prepared, { maxEvents: 100, maxBytes: 1_000 }, ({ event, target }) =>
		form.envelope(event, target),
	);
	return batches.map((batch) => [
		payloadBytes(batch).toString('utf8'),
		batch.items.map(({ index }) => index).join(),
		batch.bytes,
	]);
}
const EVENTS = [
	{ kind: 'a', name: 'Ж' },
	{ kind: 'a', price: 1 },
	{ kind: 'b', name: 'y' },
];

describe('the wider form', () => {
	test.each<[string, WireForm, Json]>([
		['the operation has none', toy.batch, { emptyCells: true }],
		['the option is not set', form, {}],
		['the option is off', form, { emptyCells: false }],
		['another option is on', form, { preview: true }],
	])('is not used where %s', async (_, given, options) => {
		const prepared = itemsOf(...EVENTS);
		const result = await mergeEvents(prepared, given, options, unhurried);
		expect(result.prepared).toBe(prepared);
		expect(result.form).toBe(given);
	});

	test('puts events of other columns into one request, byte for byte, each with its cells', async () => {
		const prepared = itemsOf(...EVENTS);
		expect(requestsOf({ prepared, form })).toEqual([
			['kind,name\na,Ж\nb,y\n', '0,2', 19],
			['kind,price\na,1\n', '1', 15],
		]);
		const merged = await mergeEvents(prepared, form, { emptyCells: true }, unhurried);
		expect(requestsOf(merged)).toEqual([
			['kind,name,price\na,Ж,\na,,1\n', '0,1', 27],
			['kind,name,price\nb,y,\n', '2', 21],
		]);
	});

	test('keeps what is known of an event, and the event as it is on its own', async () => {
		const warnings = [{ field: 'name', message: 'look at it' }];
		const prepared = itemsOf(...EVENTS).map((item) => ({ ...item, warnings, key: 'k', doubt: 'stored?' }));
		const merged = await mergeEvents(prepared, form, { emptyCells: true }, unhurried);
		for (const [at, item] of prepared.entries()) {
			const { index, event, target } = item;
			expect(merged.prepared[at]).toMatchObject({
				index,
				event,
				target,
				warnings,
				key: 'k',
				doubt: 'stored?',
			});
			expect(merged.prepared[at].alone).toBe(item);
		}
	});

	test('mixes no events of two accounts', async () => {
		const [one, other] = [destination(), destination({ appId: '2' }, { id: '2' })];
		const prepared = [one, other, one].map((target, index) => itemOf(EVENTS[0], index, target));
		const merged = await mergeEvents(prepared, form, { emptyCells: true }, unhurried);
		expect(requestsOf(merged).map(([, items]) => items)).toEqual(['0,2', '1']);
	});

	test('is not used for any event if it cannot carry one of them', async () => {
		const prepared = itemsOf(...EVENTS, { kind: 'a', name: NARROW });
		const result = await mergeEvents(prepared, form, { emptyCells: true }, unhurried);
		expect(result.prepared).toBe(prepared);
		expect(result.form).toBe(form);
	});
});

describe('what is said where events need many requests', () => {
	const said = (items: Prepared[], requests: number, batchSize = 10, given = form) =>
		splitHint(items, given, requests, batchSize, unhurried);
	const some = (count: number, more: Partial<Prepared> = {}) =>
		itemsOf(...Array<Json>(count).fill(EVENTS[0])).map((item) => ({ ...item, ...more }));

	test('more than twice the least number is told, with both', async () => {
		expect(await said(some(10), 3)).toBe('3 requests in the place of 1');
		expect(await said(some(10), 2)).toBeUndefined();
		expect(await said(some(11), 4)).toBeUndefined();
		expect(await said(some(11), 5)).toBe('5 requests in the place of 2');
		expect(await said(some(1), 1)).toBeUndefined();
	});

	test('a list counts as its events', async () => {
		expect(await said(some(3, { count: 7 }), 6)).toBeUndefined();
		expect(await said(some(3, { count: 7 }), 7)).toBe('7 requests in the place of 3');
	});

	test('events that can never share a request are no reason', async () => {
		const kinds = itemsOf({ kind: 'a' }, { kind: 'b' }, { kind: 'c' });
		expect(await said(kinds, 6)).toBeUndefined();
		expect(await said(kinds, 7)).toBe('7 requests in the place of 3');
		const accounts = ['1', '2', '3'].map((id) => itemOf({ kind: 'a' }, 0, destination({}, { id })));
		expect(await said(accounts, 6)).toBeUndefined();
		expect(await said(accounts, 7)).toBe('7 requests in the place of 3');
	});

	test('nothing where no wider form exists, or nothing is sent', async () => {
		expect(await said(some(10), 10, 10, toy.batch)).toBeUndefined();
		expect(await said([], 0)).toBeUndefined();
	});
});

test('others in the process have their turn whenever that is due, and only then', async () => {
	const items = itemsOf(...Array<Json>(30).fill(EVENTS[0]));
	for (const work of [
		(pause: Pause) => mergeEvents(items, form, { emptyCells: true }, pause),
		(pause: Pause) => splitHint(items, form, 30, 10, pause),
	]) {
		let looks = 0;
		let turns = 0;
		const now = async () => void turns++;
		await work({ isDue: () => ++looks % 10 === 0, now, ifDue: now });
		expect([looks, turns]).toEqual([30, 3]);
	}
});
