import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import { Ledger, type LedgerState } from '../../../nodes/engine/delivery/ledger.ts';
import { STATUSES } from '../../../nodes/engine/report/outcome.ts';
import type { Prepared } from '../../../nodes/engine/delivery/pack.ts';
import { destination, prepared, preparedItems } from '../../support/fakeVendor.mts';

/** The context as n8n keeps it between tries: JSON text. */
const stored = (context: Record<string, unknown>) =>
	JSON.parse(JSON.stringify(context)) as Record<string, unknown>;
/** As delivery does: before the bytes leave, and after the answer. */
const settle = (ledger: Ledger, items: readonly Prepared[], state: LedgerState, request: number) => {
	ledger.note(items, 'sent', request);
	ledger.note(items, state, request);
};
const states: LedgerState[] = ['sent', ...STATUSES.map(({ status }) => status)];

describe('the ledger', () => {
	test('tells a later try what each item became', () => {
		fc.assert(
			fc.property(
				fc.array(
					fc.record({ state: fc.constantFrom(...states), request: fc.integer({ min: 0, max: 16_000_000 }) }),
					{ minLength: 1, maxLength: 700 },
				),
				(wanted) => {
					const context = {};
					const items = preparedItems(wanted.length);
					const first = new Ledger(context, 0, items.length);
					for (const [index, { state, request }] of wanted.entries()) {
						settle(first, [items[index]], state, request);
					}
					const second = new Ledger(stored(context), 0, items.length);
					expect(items.map((item) => second.earlier(item))).toEqual(
						wanted.map(({ state, request }) => ({ state, request, report: undefined })),
					);
					expect(second.run.requests).toBe(Math.max(...wanted.map(({ request }) => request)));
				},
			),
			{ numRuns: 50 },
		);
	});

	test('what was never noted is not known', () => {
		const context = {};
		const items = preparedItems(3);
		settle(new Ledger(context, 0, 3), [items[1]], 'accepted', 1);
		const second = new Ledger(stored(context), 0, 3);
		expect(items.map((item) => second.earlier(item)?.state)).toEqual([undefined, 'accepted', undefined]);
	});

	test.each([
		['text', { text: '{"id":"other"}' }],
		['group', { batchKey: '1\nother' }],
		['app', { target: destination({ appId: '2' }) }],
		['address', { target: destination({ appId: '1' }, { baseUrl: 'https://other.example' }) }],
	])('an item with another %s is another event', (_, more) => {
		const context = {};
		settle(new Ledger(context, 0, 1), [prepared(0)], 'accepted', 1);
		const second = new Ledger(stored(context), 0, 1);
		expect(second.earlier(prepared(0))?.state).toBe('accepted');
		expect(second.earlier(prepared(0, more))).toBeUndefined();
	});

	test('an event that has changed between two tries takes the place of the older one, also when it was not sent', () => {
		const context = {};
		const changed = prepared(0, { text: 'changed' });
		settle(new Ledger(context, 0, 1), [prepared(0)], 'accepted', 1);
		new Ledger(context, 0, 1).note([changed], 'notAttempted');
		const third = new Ledger(stored(context), 0, 1);
		expect([third.earlier(prepared(0)), third.earlier(changed)?.state]).toEqual([undefined, 'notAttempted']);
	});

	test('another run index is another run', () => {
		const context = {};
		settle(new Ledger(context, 0, 1), [prepared(0)], 'accepted', 1);
		expect(new Ledger(stored(context), 1, 1).earlier(prepared(0))).toBeUndefined();
	});

	test('an answer is kept once per request', () => {
		const context = {};
		const items = preparedItems(20);
		const first = new Ledger(context, 0, 20);
		settle(first, items, 'accepted', 1);
		first.report(1, { method: 'many', attempts: 1, httpStatus: 200, response: { message: 'OK, stored it' } });
		expect(JSON.stringify(context).split('OK, stored it')).toHaveLength(2);
		const second = new Ledger(stored(context), 0, 20);
		expect(second.earlier(items[19])).toEqual({
			state: 'accepted',
			request: 1,
			report: { method: 'many', attempts: 1, httpStatus: 200, response: { message: 'OK, stored it' } },
		});
	});

	test('takes at most 16 bytes an item', () => {
		for (const count of [1_000, 100_000]) {
			const context = {};
			const ledger = new Ledger(context, 0, count);
			const empty = JSON.stringify(context).length;
			const items = preparedItems(count);
			for (let at = 0; at < count; at += 1_000)
				settle(ledger, items.slice(at, at + 1_000), 'accepted', at / 1_000 + 1);
			const names = Math.ceil(count / 256) * '"999":"",'.length;
			expect(JSON.stringify(context).length - empty).toBeLessThanOrEqual(16 * count + names + 32);
		}
	});

	test('holds plain JSON only, and nothing when it is removed', () => {
		const context: Record<string, unknown> = { others: 1 };
		const ledger = new Ledger(context, 0, 2);
		ledger.note(preparedItems(2), 'unknown', 1);
		ledger.report(1, { message: 'x' });
		expect(stored(context)).toEqual(context);
		ledger.remove();
		expect(context).toEqual({ others: 1 });
	});

	test('removing one run leaves another', () => {
		const context = {};
		const one = new Ledger(context, 0, 1);
		const other = new Ledger(context, 1, 1);
		settle(other, [prepared(0)], 'accepted', 1);
		one.remove();
		expect(new Ledger(stored(context), 1, 1).earlier(prepared(0))?.state).toBe('accepted');
	});

	test('counts the tries', () => {
		const context = {};
		expect([1, 2, 3].map(() => new Ledger(context, 0, 1).run.tries)).toEqual([1, 2, 3]);
	});

	test('a change writes one short text, not all of it', () => {
		const count = 100_000;
		const ledger = new Ledger({}, 0, count);
		const items = preparedItems(count);
		ledger.note(items, 'sent', 1);
		const before = { ...ledger.run.chunks };
		ledger.note([items[50_000]], 'accepted', 1);
		const changed = Object.keys(before).filter((name) => before[name] !== ledger.run.chunks[name]);
		expect(changed).toHaveLength(1);
		expect(ledger.run.chunks[changed[0]].length).toBeLessThan(10_000);
	});

	test('survives whatever stands in the context', () => {
		for (const value of [null, 1, 'x', []]) {
			const ledger = new Ledger({ serverEvents: value }, 0, 1);
			expect(ledger.earlier(prepared(0))).toBeUndefined();
			ledger.note([prepared(0)], 'accepted', 1);
		}
	});
});
