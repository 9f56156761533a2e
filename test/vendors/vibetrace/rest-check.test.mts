/** What the REST API's tables refuse, and what they only warn of. */
import { describe, expect, test } from '@jest/globals';
import { DateTime } from 'luxon';

import type { Json } from '../../../nodes/engine/operation/operation.ts';
import { createEvent } from '../../../nodes/Vibetrace/createEvent.ts';
import { saveUser } from '../../../nodes/Vibetrace/saveUser.ts';
import { checkRest, EMAIL, restRequest, verdictOn } from './support.mts';

const NOTHING = { refused: [], warned: [] };
const user = EMAIL;
const ORDER = { generic: { orderId: 'A-1', total: 10 }, items: [{ id: 'x', quantity: 1 }] };
const places = (told: readonly string[]) => told.map((text) => text.slice(0, text.indexOf(':')));

describe('create event', () => {
	const of = (event: unknown, more: Json = {}) => verdictOn(createEvent, { user, event, ...more });

	test.each<[string, Json]>([
		['update', { update: { firstname: 'Ana', age: 5, vip: true } }],
		['generic', { generic: { generic: { event_name: 'x', list: [1, { a: null }] } } }],
		['confirmation', { confirmation: ORDER }],
		['confirmation without items', { confirmation: { generic: { orderId: 'A', total: '9.90' } } }],
		['a type of one’s own', { wishlist: { id: 'x' } }],
	])('%s passes without a warning', (_, event) => {
		expect(of(event)).toEqual(NOTHING);
	});

	test.each<[string, Json, string[]]>([
		['no user', { event: { update: { a: 1 } } }, ['user']],
		['an empty user', { user: {}, event: { update: { a: 1 } } }, ['user.email']],
		['a user without a name', { user: { city: 'Boston' }, event: { update: { a: 1 } } }, ['user.email']],
		['a user that is a text', { user: 'ann@example.com', event: { update: { a: 1 } } }, ['user']],
		['no address', { user: { email: 'nobody' }, event: { update: { a: 1 } } }, ['user.email']],
		['no event', { user }, ['event']],
		['an empty event', { user, event: {} }, ['event']],
		['an event that is a list', { user, event: [{ update: { a: 1 } }] }, ['event']],
		['two types', { user, event: { update: { a: 1 }, confirmation: ORDER } }, ['event']],
		['an update that is a text', { user, event: { update: 'x' } }, ['event.update']],
		[
			'items that are no list',
			{ user, event: { confirmation: { ...ORDER, items: 5 } } },
			['event.confirmation.items'],
		],
		[
			'a total that is no number',
			{ user, event: { confirmation: { ...ORDER, generic: { orderId: 'A', total: 'ten' } } } },
			['event.confirmation.generic.total'],
		],
		[
			'coupons that are objects',
			{ user, event: { confirmation: { ...ORDER, generic: { ...ORDER.generic, coupons: [{}] } } } },
			['event.confirmation.generic.coupons'],
		],
		['a name that says nothing', { user: { _id: 'undefined' }, event: { update: { a: 1 } } }, ['user._id']],
		['digits that are lost', { user, event: { update: { a: 2 ** 60 } } }, ['event.update.a']],
	])('%s is refused', (_, item, fields) => {
		expect(places(verdictOn(createEvent, item).refused)).toEqual(fields);
	});

	test.each<[string, Json, string[]]>([
		[
			'an order without orderId',
			{ confirmation: { generic: { total: 1 } } },
			['event.confirmation.generic.orderId'],
		],
		[
			'an order without value',
			{ confirmation: { generic: { orderId: 'A' } } },
			['event.confirmation.generic.total'],
		],
		[
			'a quantity below one',
			{ confirmation: { ...ORDER, items: [{ id: 'x', quantity: 0 }] } },
			['event.confirmation.items[0].quantity'],
		],
		[
			'a line without ID',
			{ confirmation: { ...ORDER, items: [{ quantity: 1 }] } },
			['event.confirmation.items[0].id'],
		],
		['no event_name', { generic: { generic: { a: 1 } } }, ['event.generic.generic.event_name']],
		['generic only once', { generic: { event_name: 'x' } }, ['event.generic.generic.event_name']],
		['an update of nothing', { update: {} }, ['event.update']],
		['a nested attribute', { update: { a: { b: 1 } } }, ['event.update.a']],
		['a content that is no object', { wishlist: 'x' }, ['event.wishlist']],
	])('%s warns, or is refused where that is asked for', (_, event, fields) => {
		const { refused, warned } = of(event);
		expect([refused, places(warned)]).toEqual([[], fields]);
		expect(places(verdictOn(createEvent, { user, event }, { unprovenRules: 'refuse' }).refused)).toEqual(
			fields,
		);
		expect(verdictOn(createEvent, { user, event }, { unprovenRules: 'ignore' })).toEqual(NOTHING);
	});

	test('an order by ID alone warns, since the two pages differ', () => {
		const { refused, warned } = verdictOn(createEvent, {
			user: { _id: '1' },
			event: { confirmation: ORDER },
		});
		expect([refused, places(warned)]).toEqual([[], ['user.email']]);
	});

	test('a sum that binary arithmetic has made longer is rounded, and told', () => {
		const generic = { orderId: 'A', total: 39.9 * 3, total_shipping: 0.1 + 0.2 };
		const checked = checkRest(createEvent, { user, event: { confirmation: { generic } } });
		expect(checked).toMatchObject({
			event: { event: { confirmation: { generic: { orderId: 'A', total: 119.7, total_shipping: 0.3 } } } },
			warnings: [
				{ field: 'event.confirmation.generic.total', message: expect.stringContaining('119.7 was sent') },
				{ field: 'event.confirmation.generic.total_shipping' },
			],
		});
	});

	test.each([[[]], ['[]'], [{}], ['']])('no attributes, written as %j, are none', (attributes) => {
		expect(verdictOn(createEvent, { user, type: 'wishlist', attributes })).toEqual(NOTHING);
		expect(verdictOn(saveUser, { ...EMAIL, city: 'Boston', attributes })).toEqual(NOTHING);
	});

	test('what the form asks for becomes the event, in each type', () => {
		const event = (given: Json) => {
			const checked = checkRest(createEvent, { user, ...given });
			if ('issues' in checked) throw new Error(JSON.stringify(checked.issues));
			return checked.event.event;
		};
		expect(event({ type: 'update', attributes: { firstname: 'Ana' } })).toEqual({
			update: { firstname: 'Ana' },
		});
		expect(
			event({
				type: 'generic',
				generic: [
					{ name: 'event_name', value: 'x' },
					{ name: 'a', value: 1 },
				],
			}),
		).toEqual({ generic: { generic: { event_name: 'x', a: 1 } } });
		expect(event({ type: 'confirmation', ...ORDER, attributes: '{"note":"x"}' })).toEqual({
			confirmation: { ...ORDER, note: 'x' },
		});
		expect(event({ type: 'customType', customType: ' wishlist ', attributes: { id: 'x' } })).toEqual({
			wishlist: { id: 'x' },
		});
	});

	test.each<[Json, string[]]>([
		[{ type: 'update', event: { update: { a: 1 } } }, ['type']],
		[{ attributes: { a: 1 } }, ['type']],
		[{ type: 'customType', attributes: { a: 1 } }, ['customType']],
		[{ type: 'update', attributes: 'firstname' }, ['attributes']],
		[{ type: 'update', attributes: [{ name: '', value: 1 }] }, ['attributes']],
		[{ type: 'confirmation', ...ORDER, attributes: { items: [] } }, ['attributes.items']],
	])('%j is refused at %j', (given, fields) => {
		expect(places(verdictOn(createEvent, { user, ...given }).refused)).toEqual(
			expect.arrayContaining(fields),
		);
	});

	test('names written flat, JSON text and long numbers', () => {
		const flat = { 'user.email': user.email, 'event[update][firstname]': 'Ana', 'event.update.id': 7n };
		expect(restRequest(createEvent, flat).body).toBe(
			'{"user":{"email":"buyer@example.com"},"event":{"update":{"firstname":"Ana","id":7}}}',
		);
		const texts = { user: JSON.stringify(user), event: '{"update":{"id":253412802711339765}}' };
		expect(restRequest(createEvent, texts).body).toBe(
			'{"user":{"email":"buyer@example.com"},"event":{"update":{"id":253412802711339765}}}',
		);
	});

	test('repeated by itself is only an order with its ID', () => {
		const safe = (event: Json) => createEvent.repeatIsSafe?.({ user, event });
		expect(safe({ confirmation: ORDER })).toBe(true);
		expect(safe({ confirmation: { generic: { total: 1 } } })).toBe(false);
		expect(safe({ update: { orderId: 1 } })).toBe(false);
		expect(safe({ generic: { generic: { orderId: 'A' } } })).toBe(false);
		expect(createEvent.repeatIsSafe?.({})).toBe(false);
	});
});

describe('save user', () => {
	const of = (item: Json) => verdictOn(saveUser, item);

	test.each<[string, Json]>([
		['an address alone', EMAIL],
		['the consent given', { ...EMAIL, isSubscribed: true }],
		['the consent withdrawn', { ...EMAIL, isSubscribed: 'false' }],
		['attributes', { ...EMAIL, gender: 'female', city: 'Iași', age: 40, vip: false }],
		['attributes in a field of their own', { ...EMAIL, attributes: { age: 40 } }],
	])('%s passes without a warning', (_, item) => {
		expect(of(item)).toEqual(NOTHING);
	});

	test.each<[string, Json, string[]]>([
		['no address', { gender: 'male' }, ['email']],
		['a blank address', { email: ' ' }, ['email']],
		['what is no address', { email: 'ann' }, ['email']],
		['two addresses', { email: 'a@b.example, c@d.example' }, ['email']],
		['an address that is an object', { email: {} }, ['email']],
		['a consent in other words', { ...EMAIL, isSubscribed: 'yes' }, ['isSubscribed']],
		['a gender that is a list', { ...EMAIL, gender: ['m'] }, ['gender']],
		['attributes that are a text', { ...EMAIL, attributes: 'a=b' }, ['attributes']],
		['the address as an attribute', { ...EMAIL, attributes: { email: 'c@d.example' } }, ['attributes.email']],
		['an attribute given twice', { ...EMAIL, age: 1, attributes: { age: 2 } }, ['attributes.age']],
	])('%s is refused', (_, item, fields) => {
		expect(places(of(item).refused)).toEqual(fields);
	});

	test('a nested attribute warns', () => {
		expect([of({ ...EMAIL, a: { b: 1 } }).refused, places(of({ ...EMAIL, a: { b: 1 } }).warned)]).toEqual([
			[],
			['a'],
		]);
	});

	test('no consent is invented: what is empty is not sent', () => {
		for (const isSubscribed of [undefined, null, '', 'null'])
			expect(of({ ...EMAIL, isSubscribed }).refused.length).toBe(isSubscribed === 'null' ? 1 : 0);
		for (const item of [EMAIL, { ...EMAIL, isSubscribed: null }, { ...EMAIL, isSubscribed: '' }])
			expect(restRequest(saveUser, item).body).toBe('{}');
	});

	test('a name that differs in its letters is hinted', () => {
		const { sent } = checkRest(saveUser, { ...EMAIL, issubscribed: true });
		expect(sent).toEqual(['issubscribed']);
	});

	test('dates travel as ISO 8601', () => {
		const born = DateTime.fromISO('1990-05-06T00:00:00.000+03:00', { setZone: true });
		expect(restRequest(saveUser, { ...EMAIL, born, seen: new Date(0) }).body).toBe(
			'{"born":"1990-05-06T00:00:00.000+03:00","seen":"1970-01-01T00:00:00.000Z"}',
		);
	});

	test.each([
		['name+tag@example.com', 'name%2Btag@example.com'],
		['a/b?c#d@example.com', 'a%2Fb%3Fc%23d@example.com'],
		["o'neil!(x)*@example.com", 'o%27neil%21%28x%29%2A@example.com'],
		['100%@example.com', '100%25@example.com'],
		['../..@example.com', '..%2F..@example.com'],
		['жан😀@пример.рф', '%D0%B6%D0%B0%D0%BD%F0%9F%98%80@%D0%BF%D1%80%D0%B8%D0%BC%D0%B5%D1%80.%D1%80%D1%84'],
		['  buyer@example.com\n', 'buyer@example.com'],
		['A.b-c_d~e@example.com', 'A.b-c_d~e@example.com'],
	])('the address %j stands in the path as %s', (email, step) => {
		const { url } = restRequest(saveUser, { email });
		expect(url).toBe(`https://api.vtcdn.net/v1/user/${step}?upsert=true`);
		// No URL parser on the way changes a byte of it.
		expect(new URL(url).href).toBe(url);
		expect(decodeURIComponent(step)).toBe(email.trim());
	});

	test('half a character is refused', () => {
		expect(saveUser.single.encode({ email: 'a\ud83d@example.com' }, {} as never)).toEqual({
			fault: { field: 'email', message: expect.stringContaining('half of a character') },
		});
	});

	describe('the profile in the answer', () => {
		const read = (answer: Json, event: Json) => saveUser.reads?.from(answer, event);
		test('is returned, and an attribute that is not in it is told', () => {
			const object = { _id: '1', email: 'a@b.example', gender: 'male' };
			expect(read({ results: [], object }, { email: 'a@b.example', gender: 'male', planet: 'Mars' })).toEqual(
				{
					data: { profile: object },
					warnings: [{ field: 'planet', message: expect.stringContaining("'planet' is not in the profile") }],
				},
			);
		});
		test('says nothing of attributes where it has none', () => {
			expect(read({ object: { _id: '1' } }, { email: 'a@b.example', gender: 'male' })).toEqual({
				data: { profile: { _id: '1' } },
			});
		});
		test.each([{}, { object: null }, { object: 'x' }, { object: [1] }])('%j is no profile', (answer) => {
			expect(read(answer, EMAIL)).toEqual({ data: {} });
		});
	});
});
