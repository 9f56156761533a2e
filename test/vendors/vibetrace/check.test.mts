import { describe, expect, test } from '@jest/globals';
import { DateTime } from 'luxon';

import type { Json } from '../../../nodes/engine/operation/operation.ts';
import { COOKIE_EXAMPLE, readVisitorCookie } from '../../../nodes/Vibetrace/cookie.ts';
import { eventTypes } from '../../../nodes/Vibetrace/variants.ts';
import { IDS, EMAIL, ORDER, check, good, issuesOf, faulty, urlOf, dataOf, warningsOf } from './support.mts';

const CUSTOM_TYPE = eventTypes.custom.value;
const warned = (event: Json): string[] => warningsOf(event).map(({ field }) => field);

describe('the visitor cookie', () => {
	test.each([
		['8139618027113397_253412802711339765_false_false', '8139618027113397', '253412802711339765'],
		['  0111_013123  ', '0111', '013123'],
		['_vt_user=1_2_false_false; other=1', '1', '2'],
		['Cookie: a=b; _vt_user=1_2_true_true', '1', '2'],
		['my_vt_user=8_9; _vt_user=1_2', '1', '2'],
		['_vt_user=1%5F2%5Ffalse', '1', '2'],
	])('%s', (text, userId, sessionId) => {
		expect(readVisitorCookie(text)).toEqual({ userId, sessionId });
		expect(good({ type: 'update', vtUserCookie: text, a: 1 })).toEqual({
			type: 'update',
			userId,
			sessionId,
			a: 1,
		});
	});

	test.each(['1', '_', '1_', '_2', 'other=1', 'my_vt_user=1_2', '1_2%', 'a b_c', 'x=1_2; y=3'])(
		'not %j',
		(text) => {
			expect(readVisitorCookie(text)).toBeUndefined();
			const [issue] = issuesOf({ type: 'update', vtUserCookie: text, ...EMAIL, a: 1 });
			expect(issue).toEqual({ field: 'vtUserCookie', message: expect.stringContaining(COOKIE_EXAMPLE) });
		},
	);

	test('must not contradict the IDs beside it', () => {
		expect(good({ type: 'update', vtUserCookie: '1_2', userId: 1, a: 1 })).toEqual({
			type: 'update',
			userId: '1',
			sessionId: '2',
			a: 1,
		});
		expect(faulty({ type: 'update', vtUserCookie: '1_2', sessionId: '3', a: 1 })).toEqual(['sessionId']);
		expect(faulty({ type: 'update', vtUserCookie: 12, ...EMAIL, a: 1 })).toEqual(['vtUserCookie']);
	});
});

describe('identification', () => {
	/** Fields that refuse the event, and fields that only warn. */
	test.each<[string, Json, string[], string[]]>([
		['update', IDS, [], []],
		['update', EMAIL, [], []],
		['update', { _vtsid: 'x' }, [], []],
		['update', { ...IDS, _vtsid: 'x' }, [], []],
		['update', {}, ['userId'], []],
		['update', { userId: '1' }, ['sessionId'], []],
		['update', { sessionId: '1' }, ['userId'], []],
		['update', { userId: '1', _vtsid: 'x' }, ['sessionId'], []],
		['update', { ...IDS, ...EMAIL }, [], ['email']],
		['update', { _vtsid: 'x', ...EMAIL }, [], ['email']],
		['wishlist', { ...IDS, ...EMAIL }, [], ['email']],
		['login', { ...IDS, ...EMAIL }, [], []],
		['login', IDS, [], []],
		['login', { vtUserCookie: COOKIE_EXAMPLE }, [], []],
		['login', { _vtsid: 'x' }, [], []],
		['login', {}, ['userId'], []],
		['search', { sessionId: '1' }, ['userId'], []],
		['confirmation', { ...IDS, ...EMAIL }, [], []],
		['confirmation', { _vtsid: 'x', ...EMAIL }, [], []],
	])('%s with %j', (type, ids, refused, warns) => {
		const event = { type, ...ids, a: 1, query: 'q', ...(type === 'confirmation' ? ORDER : {}) };
		expect([faulty(event), warned(event)]).toEqual([refused, warns]);
	});

	test('only what was given travels', () => {
		const event = (ids: Json) => Object.keys(dataOf(urlOf({ type: 'update', a: 1, ...ids }))[0]).sort();
		expect(event(IDS)).toEqual(['a', 'sessionId', 'type', 'userId']);
		expect(event(EMAIL)).toEqual(['a', 'email', 'type']);
		expect(event({ _vtsid: 'x' })).toEqual(['_vtsid', 'a', 'type']);
		expect(event({ ...IDS, _vtsid: 'x' })).toEqual(['_vtsid', 'a', 'sessionId', 'type', 'userId']);
	});

	test('IDs stay text', () => {
		expect(good({ type: 'update', userId: 42, sessionId: ' 013 ', a: 1 })).toMatchObject({
			userId: '42',
			sessionId: ' 013 ',
		});
		expect(faulty({ type: 'update', userId: '1', sessionId: 253412802711339765, a: 1 })).toEqual([
			'sessionId',
		]);
		expect(good({ type: 'update', userId: '1', sessionId: 253412802711339765n, a: 1 })).toMatchObject({
			sessionId: '253412802711339765',
		});
	});
});

describe('each type', () => {
	test.each<[string, Json, string[]]>([
		['type missing', { ...EMAIL }, ['type']],
		['type of two dots', { type: '..', ...EMAIL }, ['type']],
		['an address that is none', { type: 'login', email: 'buyer' }, ['email']],
		[
			'a confirmation’s address that is none, said once',
			{ type: 'confirmation', email: 'buyer', ...ORDER },
			['email'],
		],
		['a generic that is text', { type: 'confirmation', ...IDS, generic: 'A' }, ['generic']],
		['a generic that is a list', { type: 'confirmation', ...IDS, generic: ['A'] }, ['generic']],
		[
			'a total in words',
			{ type: 'confirmation', ...IDS, generic: { orderId: 'A', total: 'ten' } },
			['generic.total'],
		],
		[
			'a total with a comma',
			{ type: 'confirmation', ...IDS, generic: { orderId: 'A', total: '1,5' } },
			['generic.total'],
		],
		[
			'a buyer’s address that is none',
			{ type: 'confirmation', ...IDS, generic: { ...ORDER.generic, email: 'b' } },
			['generic.email'],
		],
		[
			'coupons that are no texts',
			{ type: 'confirmation', ...IDS, generic: { ...ORDER.generic, coupons: {} } },
			['generic.coupons'],
		],
		[
			'a phone, currency and status that are no text',
			{ type: 'confirmation', ...IDS, generic: { ...ORDER.generic, phone: [], currency: {}, status: {} } },
			['generic.status', 'generic.phone', 'generic.currency'],
		],
		['items that are no list', { type: 'confirmation', ...IDS, ...ORDER, items: 'a' }, ['items']],
		[
			'an order ID that has lost digits',
			{ type: 'confirmation', ...IDS, generic: { orderId: 2 ** 60, total: 1 } },
			['generic.orderId'],
		],
		[
			'a custom fact that has lost digits',
			{ type: 'confirmation', ...IDS, generic: { ...ORDER.generic, x: 2 ** 60 } },
			['generic.x'],
		],
		['an attribute that has lost digits', { type: 'login', ...EMAIL, card: 2 ** 60 }, ['card']],
		['an item ID that is an object', { type: 'viewitem', ...IDS, itemId: {} }, ['itemId']],
		['the form’s choice without a name', { type: CUSTOM_TYPE, ...EMAIL }, ['customType']],
		['a custom name beside another type', { type: 'login', customType: 'x', ...EMAIL }, ['customType']],
	])('%s', (_, event, fields) => {
		expect(faulty(event)).toEqual(fields);
	});

	test.each<[string, Json, string[]]>([
		['no order ID', { type: 'confirmation', ...IDS, generic: { total: 1 } }, ['generic.orderId']],
		[
			'a blank order ID',
			{ type: 'confirmation', ...IDS, generic: { orderId: '  ', total: 1 } },
			['generic.orderId'],
		],
		['nothing of the order', { type: 'confirmation', ...IDS }, ['generic.orderId', 'generic.total']],
		[
			'neither items nor total',
			{ type: 'confirmation', ...IDS, generic: { orderId: 'A' } },
			['generic.total'],
		],
		[
			'empty items and no total',
			{ type: 'confirmation', ...IDS, items: [], generic: { orderId: 'A' } },
			['generic.total'],
		],
		[
			'a shipping cost that is none',
			{ type: 'confirmation', ...IDS, generic: { ...ORDER.generic, total_shipping: true } },
			['generic.total_shipping'],
		],
		[
			'a line without ID',
			{ type: 'confirmation', ...IDS, ...ORDER, items: [{ id: 'a', quantity: 1 }, { quantity: 1 }] },
			['items[1].id'],
		],
		[
			'a line without quantity',
			{ type: 'confirmation', ...IDS, ...ORDER, items: [{ id: 'a' }] },
			['items[0].quantity'],
		],
		[
			'a quantity of 0',
			{ type: 'confirmation', ...IDS, ...ORDER, items: [{ id: 'a', quantity: 0 }] },
			['items[0].quantity'],
		],
		[
			'a quantity of 1.5',
			{ type: 'confirmation', ...IDS, ...ORDER, items: [{ id: 'a', quantity: '1.5' }] },
			['items[0].quantity'],
		],
		['an update of nothing', { type: 'update', ...EMAIL }, ['attributes']],
		['an update of a blank', { type: 'update', ...EMAIL, firstname: '' }, ['attributes']],
		['an attribute that is an object', { type: 'update', ...EMAIL, firstname: {} }, ['firstname']],
		['an attribute that is a list', { type: 'login', ...EMAIL, tags: ['a'] }, ['tags']],
		['a generic event without name', { type: 'generic', ...EMAIL }, ['generic.event_name']],
		['a product view of nothing', { type: 'viewitem', ...IDS }, ['itemId']],
		['a category view of nothing', { type: 'viewcategory', ...IDS }, ['category']],
		['a search for nothing', { type: 'search', ...IDS }, ['query']],
		['a cart without IDs', { type: 'addtocart', ...IDS }, ['cartId', 'itemId']],
		['a checkout without cart', { type: 'checkout', ...IDS, step: 'pay' }, ['cartId']],
		[
			'a checkout that is done, without items',
			{ type: 'checkout', ...IDS, cartId: '1', confirmation: 'true' },
			['items'],
		],
		[
			'a checkout that is perhaps done',
			{ type: 'checkout', ...IDS, cartId: '1', confirmation: 'perhaps' },
			['confirmation'],
		],
	])('%s is no rule of the page: sent with a warning, refused if the user wants', (_, event, fields) => {
		expect([faulty(event), warned(event)]).toEqual([[], fields]);
		const refused = check(event, { unprovenRules: 'refuse' });
		expect('issues' in refused && refused.issues.map(({ field }) => field)).toEqual(fields);
		expect(check(event, { unprovenRules: 'ignore' })).not.toHaveProperty('warnings');
	});

	test('an order without an ID gets a warning that says what happens then', () => {
		expect(warningsOf({ type: 'confirmation', ...IDS, generic: { total: 1 } })).toEqual([
			{
				field: 'generic.orderId',
				message:
					"'Order ID' (generic.orderId) is required for confirmation: Vibetrace creates one if it is missing, so a repeat counts twice",
			},
		]);
	});

	test('a callback is any text, and travels percent-encoded', () => {
		const url = urlOf({ type: 'update', ...EMAIL, a: 1, callback: "alert('ü')&x=1" });
		expect(url).toContain('&callback=alert(%27%C3%BC%27)%26x%3D1&ts=');
		expect(new URL(url).searchParams.get('callback')).toBe("alert('ü')&x=1");
	});

	test.each<[Json, Json]>([
		[
			{
				type: 'confirmation',
				...IDS,
				items: '[{"id":7,"quantity":"2"}]',
				generic: '{"orderId":" A-1 ","total":"1999.90","coupons":"c","phone":775,"own":{"deep":[1]}}',
			},
			{
				type: 'confirmation',
				...IDS,
				items: [{ id: '7', quantity: 2 }],
				generic: { orderId: ' A-1 ', total: 1999.9, coupons: ['c'], phone: '775', own: { deep: [1] } },
			},
		],
		[
			{ type: 'confirmation', ...IDS, items: [], ...ORDER },
			{ type: 'confirmation', ...IDS, items: [], ...ORDER },
		],
		[
			{ type: 'confirmation', ...EMAIL, ...ORDER },
			{ type: 'confirmation', ...EMAIL, generic: { ...ORDER.generic, ...EMAIL } },
		],
		[
			{ type: 'confirmation', ...EMAIL, generic: { ...ORDER.generic, email: 'other@example.com' } },
			{ type: 'confirmation', ...EMAIL, generic: { ...ORDER.generic, email: 'other@example.com' } },
		],
		[
			{ type: ' login ', email: ' buyer@example.com ', source: 'shop' },
			{ type: 'login', ...EMAIL, source: 'shop' },
		],
		[
			{ type: 'login', ...EMAIL, attributes: { source: 'shop', vip: true, age: 5 } },
			{ type: 'login', ...EMAIL, source: 'shop', vip: true, age: 5 },
		],
		[
			{ type: 'update', ...EMAIL, born: new Date(0), met: DateTime.fromMillis(0, { zone: 'utc' }) },
			{ type: 'update', ...EMAIL, born: '1970-01-01T00:00:00.000Z', met: '1970-01-01T00:00:00.000Z' },
		],
		[
			{ type: 'generic', ...EMAIL, generic: { event_name: 'my_event', firstname: 'alexandru' } },
			{ type: 'generic', ...EMAIL, generic: { event_name: 'my_event', firstname: 'alexandru' } },
		],
		[
			{ type: 'viewitem', ...IDS, itemId: 7, referer: 'https://example.com' },
			{ type: 'viewitem', ...IDS, itemId: '7', referer: 'https://example.com' },
		],
		[
			{ type: 'viewcategory', ...IDS, category: 'Shoes' },
			{ type: 'viewcategory', ...IDS, category: 'Shoes' },
		],
		[
			{ type: 'search', _vtsid: 'x', query: 501 },
			{ type: 'search', _vtsid: 'x', query: '501' },
		],
		[
			{ type: 'addtocart', ...IDS, cartId: 1, itemId: 2 },
			{ type: 'addtocart', ...IDS, cartId: '1', itemId: '2' },
		],
		[
			{
				type: 'checkout',
				...IDS,
				cartId: '1',
				confirmation: 'true',
				items: [{ id: 'a', quantity: 1 }],
				step: 3,
			},
			{
				type: 'checkout',
				...IDS,
				cartId: '1',
				confirmation: true,
				items: [{ id: 'a', quantity: 1 }],
				step: '3',
			},
		],
		[
			{ type: 'wishlist', ...EMAIL, deep: { list: [1] } },
			{ type: 'wishlist', ...EMAIL, deep: { list: [1] } },
		],
		[
			{ type: CUSTOM_TYPE, customType: ' wish list ', ...EMAIL },
			{ type: 'wish list', ...EMAIL },
		],
		[
			{ type: 'custom', ...EMAIL },
			{ type: 'custom', ...EMAIL },
		],
		[
			{ type: 7, ...EMAIL },
			{ type: '7', ...EMAIL },
		],
	])('%j', (given, sent) => {
		expect(good(given)).toEqual(sent);
		expect(dataOf(urlOf(given))).toEqual([sent]);
	});

	test('every path that a type needs is asked for by name', () => {
		for (const { value, needs = [] } of eventTypes.values) {
			for (const { field } of needs) {
				expect(warningsOf({ type: value, ...IDS })).toContainEqual({
					field,
					message: expect.stringMatching(new RegExp(`[('].*${field}[)'] is required for ${value}`)) as never,
				});
			}
		}
	});
});

describe('attributes', () => {
	const update = (attributes: unknown, more: Json = {}) => ({
		type: 'update',
		...EMAIL,
		...more,
		attributes,
	});

	test.each([
		'type',
		'userId',
		'sessionId',
		'_vtsid',
		'email',
		'items',
		'generic',
		'attributes',
		'vtUserCookie',
		'customType',
		'callback',
	])('cannot be called %s', (name) => {
		expect(faulty(update({ a: 1, [name]: 'x' }))).toEqual([`attributes.${name}`]);
	});

	test('are an object, its text or the form’s pairs', () => {
		for (const attributes of [
			{ a: 'x', b: '' },
			'{"a":"x"}',
			[{ name: 'a', value: 'x' }, { name: 'b', value: '' }, {}],
		]) {
			expect(good(update(attributes))).toEqual({ type: 'update', ...EMAIL, a: 'x' });
		}
		expect(faulty(update('text'))).toContain('attributes');
		expect(faulty(update(5))).toContain('attributes');
		expect(
			faulty(
				update([
					{ name: 'a', value: '1' },
					{ name: 'a', value: '2' },
				]),
			),
		).toContain('attributes.a');
		expect(faulty(update([{ name: '', value: '1' }]))).toContain('attributes');
		expect(faulty(update(JSON.parse('{"a":1,"__proto__":2}')))).toEqual(['attributes.__proto__']);
		expect(faulty({ type: 'update', ...EMAIL, a: 1, ...(JSON.parse('{"__proto__":2}') as Json) })).toEqual([
			'__proto__',
		]);
	});

	test.each(['send', 'ignore', 'error'])(
		'extraFields %s: no name beside the fields is undocumented, only one in a line of items is',
		(extraFields) => {
			const event = {
				type: 'confirmation',
				...IDS,
				source: 'x',
				items: [{ id: 'a', quantity: 1, price: 2 }],
				generic: { ...ORDER.generic, own: 1 },
			};
			const checked = check(event, { extraFields });
			const { price: _price, ...line } = event.items[0];
			if (extraFields === 'error')
				expect(checked).toEqual({ issues: [{ field: 'items[0].price', message: expect.any(String) }] });
			else expect(checked).toEqual({ event: extraFields === 'send' ? event : { ...event, items: [line] } });
			expect(
				check(JSON.parse('{"type":"wishlist","_vtsid":"x","__proto__":1}') as Json, { extraFields }),
			).toMatchObject({ issues: [{ field: '__proto__' }] });
		},
	);

	test('two values of one field must be the same', () => {
		expect(good(update({ a: 1 }, { a: 1 }))).toEqual({ type: 'update', ...EMAIL, a: 1 });
		expect(faulty(update({ a: 2 }, { a: 1 }))).toEqual(['attributes.a']);
	});

	test('an event that was reported goes out again as it was', () => {
		const once = good(update('{"a":"x","b":true}', { callback: 'vt' }));
		expect(good(once)).toEqual(once);
	});
});
