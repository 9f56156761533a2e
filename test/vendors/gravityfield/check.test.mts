import { describe, expect, test } from '@jest/globals';

import type { Json } from '../../../nodes/engine/operation/operation.ts';
import { normalize } from '../../../nodes/GravityField/normalize.ts';
import { eventTypes } from '../../../nodes/GravityField/variants.ts';
import { hashEmail, hashPhone } from '../../../nodes/GravityField/hash.ts';
import { storeEvent } from '../../../nodes/GravityField/storeEvent.ts';
import {
	pageTypes,
	UID,
	NOBODY,
	sha256,
	whole,
	eventOf,
	custom,
	deepFreeze,
	check,
	good,
	faults,
	warnings,
	onlyBody,
	paths,
} from './support.mts';

const CUSTOM = eventTypes.custom.value;

describe('defaults', () => {
	test('a page and a device of which nothing is known', () => {
		expect(good(custom())).toEqual({ ...NOBODY, ...custom() });
		expect(good(custom({ user: null, ctx: '', device: null, options: {} }))).toEqual({
			...NOBODY,
			...custom(),
		});
	});

	test('only what is missing is filled in', () => {
		const event = good(
			custom({ ctx: { type: 'CART', data: ['A'], utm: {} }, device: { ip: '203.0.113.7' } }),
		);
		expect(event).toMatchObject({
			ctx: { type: 'CART', data: ['A'], location: 'n8n' },
			device: { ua: 'n8n', ip: '203.0.113.7' },
		});
		expect(event.ctx).not.toHaveProperty('utm');
	});

	test('objects may be JSON text', () => {
		expect(
			good(
				custom({
					user: '{"uid":"66f0c1d2e3a4b5c6d7e8f901"}',
					ctx: '{"type":"SEARCH","data":["x"]}',
					device: '{"ua":"y"}',
				}),
			),
		).toMatchObject({
			user: { uid: UID },
			ctx: { type: 'SEARCH', data: ['x'], location: 'n8n' },
			device: { ua: 'y' },
		});
		expect(faults(custom({ user: 'somebody', ctx: 5, device: [1] }))).toEqual([
			'user: \'User\' (user) must be an object or its JSON text, and this text is not JSON: a value is missing at character 1, before "somebody"',
			"ctx: 'Page' (ctx) must be an object, not a number",
			"device: 'Device' (device) must be an object, not a list of 1; choose one entry, or use the Split Out node to get one item for each",
		]);
	});

	test('a time that was not given is not invented', () => {
		expect(onlyBody(custom())).not.toMatch(/\d{4}-\d\d-\d\d|Time/);
	});

	test('arrange changes nothing of what it is given', () => {
		const given = deepFreeze({
			...custom({ hashedEmail: 'A@b.c', cuid: '8 (916) 123-45-67', cart: [] }),
			ctx: { data: [] },
			sec: 'x',
		});
		const before = structuredClone(given);
		normalize(given, { hashEmail: true, hashPhone: true });
		normalize(deepFreeze({ data: [given, given] }), { hashEmail: true, hashPhone: true });
		expect(given).toEqual(before);
	});
});

describe('rows', () => {
	const inUser = (change: Json) => custom({ user: change });
	const inCtx = (change: Json) => custom({ ctx: change });
	const inDevice = (change: Json) => custom({ device: change });
	const row = { productId: 'A', quantity: 1, itemPrice: 1 };
	const cases: Array<
		[path: string, make: (value: unknown) => Json, given: unknown, sent: unknown, bad: unknown, says: RegExp]
	> = [
		['user.uid', (uid) => inUser({ uid }), UID, UID, {}, /must be text/],
		['user.custom', (id) => inUser({ custom: id, ses: 's' }), 10045, '10045', { a: 1 }, /must be text/],
		['user.ses', (ses) => inUser({ ses }), 's', 's', ['s'], /must be text/],
		[
			'user.attributes',
			(attributes) => inUser({ attributes }),
			'{"tier":2}',
			{ tier: '2' },
			{ tier: { a: 1 } },
			/'tier' that must be text, not an object/,
		],
		['ctx.type', (type) => inCtx({ type }), 'SEARCH', 'SEARCH', {}, /must be text/],
		['ctx.data', (data) => inCtx({ data }), ['A', 7], ['A', '7'], { a: 1 }, /must be a list of texts/],
		['ctx.lng', (lng) => inCtx({ lng }), 'ru', 'ru', {}, /must be text/],
		['ctx.location', (location) => inCtx({ location }), 'app://cart', 'app://cart', 1.5, /fraction/],
		['ctx.pageNumber', (pageNumber) => inCtx({ pageNumber }), '0', 0, 'x', /must be a number/],
		[
			'ctx.referrer',
			(referrer) => inCtx({ referrer }),
			'https://a.example/?b=c',
			'https://a.example/?b=c',
			true,
			/must be text/,
		],
		['ctx.utm', (utm) => inCtx({ utm }), '{"utm_term":"x"}', { utm_term: 'x' }, 'x', /must be an object/],
		...['utm_source', 'utm_medium', 'utm_campaign', 'utm_term', 'utm_content'].map(
			(name): (typeof cases)[number] => [
				`ctx.utm.${name}`,
				(value) => inCtx({ utm: { [name]: value } }),
				'x',
				'x',
				{},
				/must be text/,
			],
		),
		[
			'ctx.attributes',
			(attributes) => inCtx({ attributes }),
			{ a: true, b: 1.5 },
			{ a: 'true', b: '1.5' },
			[1],
			/must be an object, not a list/,
		],
		[
			'device.userTime',
			(userTime) => inDevice({ userTime }),
			'2026-09-03T12:00:00+03:00',
			'2026-09-03T12:00:00+03:00',
			1_790_000_000_000,
			/milliseconds/,
		],
		['device.ua', (ua) => inDevice({ ua }), 'Mozilla', 'Mozilla', {}, /must be text/],
		['device.ip', (ip) => inDevice({ ip }), ' 203.0.113.7', '203.0.113.7', 1.1, /fraction/],
		['device.ip', (ip) => inDevice({ ip }), '::FFFF:203.0.113.7', '203.0.113.7', {}, /must be text/],
		['device.id', (id) => inDevice({ id }), 'd', 'd', [], /must be text/],
		['device.tracking', (tracking) => inDevice({ tracking }), 'authorized', 'authorized', {}, /must be text/],
		['device.permission', (permission) => inDevice({ permission }), 'granted', 'granted', {}, /must be text/],
		[
			'options.isReturnCounter',
			(flag) => custom({ options: { isReturnCounter: flag } }),
			'true',
			true,
			'yes',
			/must be true or false/,
		],
		[
			'options.isReturnUserInfo',
			(flag) => custom({ options: { isReturnUserInfo: flag } }),
			0,
			false,
			2,
			/must be true or false/,
		],
		['type', (type) => custom({ type }), 'made-up', 'made-up', '', /is required/],
		['name', (name) => custom({ name }), 'Заказ', 'Заказ', {}, /must be text/],
		['currency', (currency) => custom({ currency }), ' rub ', 'RUB', {}, /must be text/],
		['value', (value) => custom({ value }), '1999.90', 1999.9, '1999,90', /a point and no spaces: 1999\.90/],
		['quantity', (quantity) => custom({ quantity }), '2', 2, 'x', /must be a number/],
		['quantity', (quantity) => custom({ quantity }), 0, 0, true, /must be a number/],
		['productId', (productId) => custom({ productId }), '007', '007', 16.1, /fraction/],
		['cart', (cart) => custom({ cart }), JSON.stringify([row]), [row], 'SKU-1', /must be a list/],
		[
			'cart[0].productId',
			(value) => custom({ cart: [{ ...row, productId: value }] }),
			7,
			'7',
			{},
			/must be text/,
		],
		[
			'cart[0].quantity',
			(value) => custom({ cart: [{ ...row, quantity: value }] }),
			'3',
			3,
			'x',
			/must be a number/,
		],
		[
			'cart[0].itemPrice',
			(value) => custom({ cart: [{ ...row, itemPrice: value }] }),
			'0',
			0,
			'free',
			/must be a number/,
		],
		[
			'eventTime',
			(eventTime) => custom({ eventTime }),
			'2026-09-03T12:00:00+03:00',
			'2026-09-03T09:00:00.000Z',
			'yesterday',
			/is not a time/,
		],
		[
			'eventTime',
			(eventTime) => custom({ eventTime }),
			'2026-09-03 12:00:00',
			'2026-09-03T09:00:00.000Z',
			1_790_000_000_000,
			/milliseconds/,
		],
		[
			'eventTime',
			(eventTime) => custom({ eventTime }),
			1_788_426_000,
			'2026-09-03T09:00:00.000Z',
			{},
			/is not a time/,
		],
		[
			'customProps',
			(customProps) => custom({ customProps }),
			{ a: 2, b: false, c: '' },
			{ a: '2', b: 'false' },
			{ a: ['x'] },
			/'a' that must be text, not a list/,
		],
		['uniqueTransactionId', (id) => custom({ uniqueTransactionId: id }), 7781, '7781', {}, /must be text/],
		['hashedEmail', (hash) => custom({ hashedEmail: hash }), sha256('a'), sha256('a'), {}, /must be text/],
		['cuid', (cuid) => custom({ cuid }), 12345, '12345', 9007199254740993, /lost digits/],
		['cuidType', (cuidType) => custom({ cuidType }), 'phone', 'phone', {}, /must be text/],
		...[
			'keywords',
			'code',
			'sortBy',
			'filterType',
			'filterStringValue',
			'attributeType',
			'attributeValue',
		].map((name): (typeof cases)[number] => [
			name,
			(value) => custom({ [name]: value }),
			'x',
			'x',
			{},
			/must be text/,
		]),
		['sortOrder', (sortOrder) => custom({ sortOrder }), 'ASC', 'ASC', {}, /must be text/],
		[
			'filterNumericValue',
			(value) => custom({ filterNumericValue: value }),
			'42',
			42,
			{},
			/must be a number/,
		],
	];

	const at = (event: Json, path: string): unknown =>
		path
			.split(/[.[\]]+/)
			.filter(Boolean)
			.reduce<unknown>((value, step) => (value as Json)?.[step], event);

	test.each(cases)('%s', (path, make, given, sent, bad, says) => {
		expect(at(good(make(given)), path)).toEqual(sent);
		const [first, ...rest] = faults(make(bad));
		expect(first).toMatch(says);
		expect(first.slice(0, path.length + 1)).toBe(`${path}:`);
		expect(rest).toEqual([]);
	});

	test.each<[string, (value: unknown) => Json, unknown, unknown]>([
		['user.uid', (uid) => inUser({ uid }), '10045', '10045'],
		['ctx.type', (type) => inCtx({ type }), 'search', 'search'],
		['ctx.pageNumber', (pageNumber) => inCtx({ pageNumber }), -1, -1],
		['device.ip', (ip) => inDevice({ ip }), '2001:db8::1', '2001:db8::1'],
		['device.ip', (ip) => inDevice({ ip }), '203.0.113.7, 10.0.0.1', '203.0.113.7, 10.0.0.1'],
		['device.ip', (ip) => inDevice({ ip }), ' ', ' '],
		['device.tracking', (tracking) => inDevice({ tracking }), 'yes', 'yes'],
		['device.permission', (permission) => inDevice({ permission }), 'yes', 'yes'],
		['currency', (currency) => custom({ currency }), 'roubles', 'ROUBLES'],
		['quantity', (quantity) => custom({ quantity }), '0.5', 0.5],
		['quantity', (quantity) => custom({ quantity }), -1, -1],
		['cart[0].quantity', (quantity) => custom({ cart: [{ ...row, quantity }] }), 0.5, 0.5],
		['cart[0].productId', (productId) => custom({ cart: [{ ...row, productId }] }), undefined, undefined],
		['sortOrder', (sortOrder) => custom({ sortOrder }), 'up', 'up'],
		['filterNumericValue', (value) => custom({ filterNumericValue: value }), 'x', 'x'],
		['name', (name) => custom({ name }), null, undefined],
	])(
		'%s: what no page says is sent with a warning, and refused if the user wants',
		(path, make, given, sent) => {
			expect(at(good(make(given)), path)).toEqual(sent);
			expect(warnings(make(given)).map((text) => text.slice(0, path.length + 1))).toEqual([`${path}:`]);
			expect(faults(make(given), { unprovenRules: 'refuse' })).toEqual(warnings(make(given)));
			expect(warnings(make(given), { unprovenRules: 'ignore' })).toEqual([]);
		},
	);

	test('no row is left out', () => {
		const covered = new Set(cases.map(([path]) => path.replaceAll('[0]', '[]')));
		const objects = ['user', 'ctx', 'device', 'options', 'customType'];
		expect(
			paths(storeEvent.fields)
				.map(([path]) => path)
				.filter((path) => !covered.has(path) && !objects.includes(path)),
		).toEqual([]);
	});

	test('JSON numbers, not texts', () => {
		expect(onlyBody(eventOf('add-to-cart-v1', { value: '1999.90', quantity: '2' }))).toContain(
			'"value":1999.9,"quantity":2,',
		);
	});

	test('a property without a value is left out and told', () => {
		expect(check(custom({ customProps: { a: '', b: null, c: 'x' } }))).toMatchObject({
			event: { customProps: { c: 'x' } },
			dropped: ['a', 'b'],
		});
	});
});

describe('types', () => {
	const named = pageTypes.filter(({ custom: isCustom, unverified }) => !isCustom && !unverified);

	test('seven types are named', () => expect(named.map(({ type }) => type)).toEqual(Object.keys(whole)));

	test.each(named)(
		'$type: each field that the SDKs require is missed, and the event is sent',
		({ type, fields }) => {
			expect(faults(eventOf(type))).toEqual([]);
			for (const name of Object.keys(fields).filter(
				(field) => fields[field] === 'required' && field !== 'type',
			)) {
				expect(faults(eventOf(type, { [name]: '' }))).toEqual([]);
				const found = warnings(eventOf(type, { [name]: '' }));
				expect(found).toHaveLength(1);
				expect(found[0]).toMatch(new RegExp(`^${name}: .*\\(${name}\\) is required`));
			}
		},
	);

	test('no other field is missed', () => {
		expect(faults(custom())).toEqual([]);
		expect(warnings(custom())).toEqual([]);
		expect(warnings({ type: 'x', name: '' })).toEqual(["name: 'Event Name' (name) is required"]);
	});

	test('unconfirmed types: their fields may stand in customProps', () => {
		const at = (type: string, change: Json) => warnings({ type, name: 'x', ...change });
		expect(at('keyword-search-v1', {})).toEqual([
			"keywords: 'Keywords' (keywords) is required for keyword-search-v1",
		]);
		expect(at('keyword-search-v1', { keywords: 'boots' })).toEqual([]);
		expect(at('keyword-search-v1', { customProps: '{"keywords":"boots"}' })).toEqual([]);
		expect(at('sort-items-v1', { sortBy: 'price' })).toHaveLength(1);
		expect(at('filter-items-v1', { filterType: 'brand' })[0]).toMatch(
			/^filterStringValue: At least one of .*\(filterStringValue\), .*\(filterNumericValue\) is required/,
		);
		expect(at('filter-items-v1', { filterType: 'brand', filterNumericValue: 0 })).toEqual([]);
		expect(at('enter-promo-code-v1', { code: 'A' })).toEqual([]);
		expect(at('newsletter-subscription-v1', {})).toEqual([]);
		expect(at('change-attr-v1', { attributeType: 'size' })).toHaveLength(1);
	});

	test('a type of one’s own', () => {
		expect(good({ type: CUSTOM, customType: 'level-up', name: 'x' })).toEqual({
			...NOBODY,
			type: 'level-up',
			name: 'x',
		});
		expect(faults({ type: 'level-up', customType: 'another', name: 'x' })).toEqual([
			"customType: 'Custom Type' (customType) is read only where 'Event Type' (type) is 'Custom Event' (customType); give one of them",
		]);
		expect(good({ type: CUSTOM, customType: 'custom', name: 'x' })).toMatchObject({ type: 'custom' });
		expect(warnings({ type: CUSTOM, customType: 'purchase-v1', name: 'x', value: 1, cart: [] })).toHaveLength(
			2,
		);
		expect(faults({ type: CUSTOM, name: 'x' })).toEqual([
			`customType: 'Custom Type' (customType) is required for 'Custom Event'`,
		]);
		expect(faults({ data: [custom(), { type: CUSTOM, name: 'x' }] })[0]).toMatch(/^data\[1\]\.customType: /);
	});

	test('an empty cart says that the cart was emptied', () => {
		for (const type of ['sync-cart-v1', 'add-to-cart-v1', 'remove-from-cart-v1', 'order-shipped-v1']) {
			expect(onlyBody(eventOf(type, { cart: [] }))).toContain('"cart":[]');
			expect(onlyBody(eventOf(type, { cart: '[]' }))).toContain('"cart":[]');
			expect(onlyBody(eventOf(type, { cart: '' }))).not.toContain('cart"');
		}
		expect(warnings(eventOf('purchase-v1', { cart: '[]' }))).toEqual([
			"cart: 'Cart' (cart) is required for purchase-v1",
		]);
	});
});

describe('rules', () => {
	test('uid and custom never together', () => {
		expect(warnings(custom({ user: { uid: UID, custom: 'a', ses: 's' } }))).toEqual([
			expect.stringMatching(/^user\.custom: .*never/),
		]);
	});

	test('an event that names no user is sent with a warning', () => {
		const said = [
			{
				field: 'user',
				message:
					"The event names no user, so Gravity Field stores it for a new visitor: give 'Gravity Field User ID' (uid), or 'Your User ID' (custom) with 'Session ID' (ses)",
			},
		];
		for (const user of [undefined, {}, [], '', { uid: '' }, { attributes: { tier: 'gold' } }])
			expect([user, check(custom({ user })).warnings]).toEqual([user, said]);
		expect(check({ data: [custom(), custom()] }).warnings).toEqual(said);
		for (const user of [{ uid: UID }, { custom: 'a', ses: 's' }, { ses: 's' }])
			expect([user, check(custom({ user })).warnings]).toEqual([user, undefined]);
		expect(check(custom({ user: 'ann' }))).toMatchObject({ issues: [{ field: 'user' }] });
		expect(check(custom(), { unprovenRules: 'ignore' }).warnings).toBeUndefined();
		expect(check(custom(), { unprovenRules: 'refuse' })).toMatchObject({ issues: said });
	});

	test('custom needs a session', () => {
		expect(warnings(custom({ user: { custom: 'a' } }))).toEqual([
			expect.stringMatching(/^user\.ses: .*session ID of your own/),
		]);
		expect(warnings(custom({ user: { custom: 'a', ses: 's' } }))).toEqual([]);
	});

	test('rules of a user hold for a list too, once', () => {
		expect(warnings({ user: { custom: 'a' }, data: [custom(), custom()] })).toEqual([
			expect.stringMatching(/^user\.ses: /),
		]);
	});

	test('each has words for the reference', () => {
		expect(storeEvent.rules.map(({ description }) => description)).toEqual([
			'hashedEmail: no e-mail address as it is',
			'user: at least one of uid, custom, ses',
			'user: uid or custom, never both',
			'user: custom needs ses',
		]);
	});
});

describe('hashing', () => {
	const EMAIL = '973dfe463ec85785f5f95af5ba3906eedb2d931c24e69824a89ea65dba4e813b';

	test('an e-mail address', () => {
		expect(hashEmail('test@example.com')).toBe(EMAIL);
		expect(hashEmail('  Test@Example.COM \n')).toBe(EMAIL);
		expect(hashEmail('Ёж@пример.рф')).toBe(sha256('ёж@пример.рф'));
		for (const none of ['a@', 'a b@c', EMAIL, '']) expect(hashEmail(none)).toBeUndefined();
	});

	test.each([
		['8 (916) 123-45-67', '79161234567'],
		['+7 916 123 45 67', '79161234567'],
		['79161234567', '79161234567'],
		['+49 151 23456789', '4915123456789'],
		['+84 912 345 678', '84912345678'],
	])('the phone number %s', (given, digits) => expect(hashPhone(given)).toBe(sha256(digits)));

	test.each(['0916123456', '12345', 'crm-10045', '+7 916 ext 5', ''])('%j is no phone number', (given) =>
		expect(hashPhone(given)).toBeUndefined(),
	);

	test('only when asked for', () => {
		const all = { hashEmail: true, hashPhone: true };
		expect(
			good(eventOf('login-v1', { hashedEmail: ' Test@example.com', cuid: 79161234567 }), { all }),
		).toMatchObject({ hashedEmail: EMAIL, cuid: sha256('79161234567') });
		expect(good(eventOf('login-v1', { hashedEmail: EMAIL, cuid: EMAIL }), { all })).toMatchObject({
			hashedEmail: EMAIL,
			cuid: EMAIL,
		});
		expect(good({ data: [eventOf('login-v1', { hashedEmail: 'test@example.com' })] }, { all })).toMatchObject(
			{ data: [{ hashedEmail: EMAIL }] },
		);
		expect(good(eventOf('login-v1', { cuid: '8 916 123 45 67' }))).toMatchObject({ cuid: '8 916 123 45 67' });
		expect(good(eventOf('login-v1', { cuid: '' }), { all })).toEqual({ ...NOBODY, ...eventOf('login-v1') });
	});

	test('an address that is not to be hashed is sent with a warning: the page does not have the field', () => {
		const plain = eventOf('login-v1', { hashedEmail: 'test@example.com' });
		const said = /^hashedEmail: .*has an @ and so is not a hash; switch on the option 'Hash Email'/;
		expect(good(plain)).toMatchObject({ hashedEmail: 'test@example.com' });
		expect(warnings(plain)).toEqual([expect.stringMatching(said)]);
		expect(warnings({ data: [custom(), plain] })).toEqual([
			expect.stringMatching(/^data\[1\]\.hashedEmail: /),
		]);
		expect(faults(plain, { unprovenRules: 'refuse' })).toEqual([expect.stringMatching(said)]);
		expect(warnings(plain, { unprovenRules: 'ignore' })).toEqual([]);
	});

	test('what cannot be hashed is refused where hashing is on', () => {
		expect(faults(eventOf('login-v1', { hashedEmail: 'a@b@c' }), { all: { hashEmail: true } })).toHaveLength(
			1,
		);
		expect(faults(eventOf('login-v1', { cuid: 'crm-1' }), { all: { hashPhone: true } })).toEqual([
			expect.stringMatching(/^cuid: .*no phone number/),
		]);
		expect(
			faults({ data: [custom(), eventOf('login-v1', { cuid: 'crm-1' })] }, { all: { hashPhone: true } }),
		).toEqual([expect.stringMatching(/^data\[1\]\.cuid: /)]);
		const text = JSON.stringify([
			faults(eventOf('login-v1', { hashedEmail: 'test@example.com' })),
			faults(eventOf('login-v1', { cuid: 'crm-1' }), { all: { hashPhone: true } }),
		]);
		expect(text).not.toMatch(/test@|crm-1/);
	});
});
