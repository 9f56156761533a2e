/** Names that a user meant: written flat, misspelt, or given beside what the node adds. */
import { describe, expect, test } from '@jest/globals';

import { createChecker } from '../../../nodes/engine/check/check.ts';
import type { DroppedNames } from '../../../nodes/engine/report/dropped.ts';
import type { Json } from '../../../nodes/engine/operation/operation.ts';
import { storeEvent } from '../../../nodes/GravityField/storeEvent.ts';
import { custom, faults, good, NOBODY } from './support.mts';

function noticed(event: Json): DroppedNames {
	const dropped: DroppedNames = { names: new Map(), pairs: new Set() };
	createChecker(
		storeEvent,
		{ zone: 'UTC', now: 0, extraFields: 'send', unprovenRules: 'warn', maxListed: 5, all: {} },
		dropped,
	)(event);
	return dropped;
}

test.each<[Json, Json]>([
	[{ 'user.custom': 'crm-1', 'user.ses': 's' }, { user: { custom: 'crm-1', ses: 's' } }],
	[{ 'user[custom]': 'crm-1', 'user[ses]': 's' }, { user: { custom: 'crm-1', ses: 's' } }],
	[
		{ 'cart[0][productId]': 'A', 'cart[0][quantity]': '2', 'cart[0][itemPrice]': '9.5' },
		{ cart: [{ productId: 'A', quantity: 2, itemPrice: 9.5 }] },
	],
	[{ 'customProps.color': 'red' }, { customProps: { color: 'red' } }],
	[{ 'ctx.utm.utm_source': 'mail' }, { ctx: { ...NOBODY.ctx, utm: { utm_source: 'mail' } } }],
])('%j is read as a path', (given, wanted) => {
	expect(good(custom(given))).toEqual({ ...NOBODY, ...custom(), ...wanted });
});

test('a list with a gap is refused', () => {
	expect(faults(custom({ 'cart[1][productId]': 'A' }))).toEqual([
		'cart[0]: Cart, line 1: must be an object of names and values',
	]);
});

test('in an event of a list too', () => {
	expect(
		good({ data: [custom({ 'customProps[color]': 'red' })], 'user.uid': '66f0c1d2e3a4b5c6d7e8f901' }),
	).toMatchObject({
		data: [custom({ customProps: { color: 'red' } })],
	});
});

describe('what is given replaces what would be added', () => {
	test('the name that the vendor’s SDK for iOS has for the user agent', () => {
		expect(good(custom({ device: { userAgent: 'Mozilla' } }))).toEqual({
			...NOBODY,
			...custom(),
			device: { userAgent: 'Mozilla' },
		});
		expect(noticed(custom({ device: { userAgent: 'Mozilla' } })).sent).toEqual(
			new Map([['device.userAgent', 'ua']]),
		);
	});

	test('a name that differs in case or blanks', () => {
		expect(good(custom({ ctx: { Type: 'CART', 'location ': 'x', data: [] } }))).toMatchObject({
			ctx: { Type: 'CART', 'location ': 'x', data: [] },
		});
		expect(good(custom({ ctx: { Type: 'CART', 'location ': 'x' } })).ctx).not.toHaveProperty('type');
	});
});

test.each([
	['event_time', 'eventTime'],
	['Currency', 'currency'],
	['currency ', 'currency: it has a blank'],
	['\uFEFFcurrency', 'currency: its character 1 is U+FEFF'],
	['curr\u0435ncy', 'currency: its character 5 is U+0435'],
	['custom-props', 'customProps'],
	['prodctId', 'productId'],
])('%j is sent and hinted as %s', (name, near) => {
	expect(good(custom({ [name]: 'x' }))).toHaveProperty([name], 'x');
	expect(noticed(custom({ [name]: 'x' })).sent).toEqual(new Map([[name, near]]));
});

test('only ten names are compared, and only short ones', () => {
	const many = Object.fromEntries(Array.from({ length: 50 }, (_, at) => [`currency${at}`, 'x']));
	expect(noticed(custom(many)).sent?.size).toBe(10);
	expect(noticed(custom({ [`currency${' '.repeat(100_000)}`]: 'x' })).sent).toBeUndefined();
});

test('a custom type beside another type is refused, in an event of a list too', () => {
	expect(faults(custom({ customType: 'x' }))).toEqual([expect.stringMatching(/^customType: /)]);
	expect(faults({ data: [custom({ customType: 'x' })] })).toEqual([
		expect.stringMatching(/^data\[0\]\.customType: /),
	]);
});
