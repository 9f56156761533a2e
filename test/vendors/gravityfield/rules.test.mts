/** How hard each rule is, and what becomes of what people really have: through the node, in both mapping modes. */
import { DateTime } from 'luxon';
import type { IDataObject } from 'n8n-workflow';

import { describeRules, type RuleCase } from '../../support/bothModes.mts';
import { SEC, sha256, UID } from './support.mts';

const CTX = '"ctx":{"type":"OTHER","data":[],"location":"n8n"}';
const DEVICE = '"device":{"ua":"n8n"}';
const USER = `"user":{"uid":"${UID}"}`;
/** The body as it would be written by hand. */
const body = (event: string, { user = USER, ctx = CTX, device = DEVICE } = {}) =>
	`{"sec":"${SEC}",${user},${ctx},${device},"data":[${event}]}`;
const own = (members = '') => `{"type":"level-up","name":"Level Up"${members}}`;

/** A type of one's own, of a user. */
const event = (more: IDataObject): IDataObject => ({
	type: 'customType',
	customType: 'level-up',
	name: 'Level Up',
	user: { uid: UID },
	...more,
});
const purchase = (more: IDataObject): IDataObject => ({
	type: 'purchase-v1',
	name: 'Purchase',
	user: { uid: UID },
	value: 10,
	uniqueTransactionId: 'ORD-1',
	...more,
});

const nobody: ReadonlyArray<readonly [string, RegExp]> = [
	['undefined', /is the text 'undefined'/],
	['null', /is the text 'null'/],
	['NaN', /is the text 'NaN'/],
	['[object Object]', /\[object Object\]/],
	['1.23457E+17', /is a number in exponent form: "1\.23457E\+17"/],
	['{{ $json.user }}', /holds an expression that was not evaluated: .*; switch the field to Expression$/],
];

/** What the SDKs hold to, and the page does not print. */
const unproven: ReadonlyArray<
	readonly [of: string, item: IDataObject, sends: string, field: string, says: RegExp]
> = [
	[
		'page type',
		event({ ctx: { type: 'LANDING' } }),
		body(own(), { ctx: '"ctx":{"type":"LANDING","data":[],"location":"n8n"}' }),
		'ctx.type',
		/must be HOMEPAGE/,
	],
	[
		'tracking',
		event({ device: { tracking: 'yes' } }),
		body(own(), { device: '"device":{"ua":"n8n","tracking":"yes"}' }),
		'device.tracking',
		/must be notDetermined/,
	],
	[
		'push permission',
		event({ device: { permission: 'yes' } }),
		body(own(), { device: '"device":{"ua":"n8n","permission":"yes"}' }),
		'device.permission',
		/must be provisional/,
	],
	[
		'a fraction of a piece',
		event({ quantity: 1.5 }),
		body(own(',"quantity":1.5')),
		'quantity',
		/must be a whole number/,
	],
	[
		'a Gravity Field user ID of 12 characters',
		event({ user: { uid: 'a1b2c3d4e5f6' } }),
		body(own(), { user: '"user":{"uid":"a1b2c3d4e5f6"}' }),
		'user.uid',
		/needs at least 24 characters and has 12/,
	],
	[
		'a user ID of one’s own without a session',
		event({ user: { custom: 'crm-1' } }),
		body(own(), { user: '"user":{"custom":"crm-1"}' }),
		'user.ses',
		/^'Session ID' \(ses\) is required with 'Your User ID' \(custom\)/,
	],
	[
		'both user IDs',
		event({ user: { uid: UID, custom: 'crm-1', ses: 's' } }),
		body(own(), { user: `"user":{"uid":"${UID}","custom":"crm-1","ses":"s"}` }),
		'user.custom',
		/never goes together/,
	],
	[
		'no user',
		{ type: 'customType', customType: 'level-up', name: 'Level Up' },
		body(own(), { user: '"user":{}' }),
		'user',
		/^The event names no user, so Gravity Field stores it for a new visitor/,
	],
	[
		'a purchase without lines',
		purchase({}),
		body('{"type":"purchase-v1","name":"Purchase","value":10,"uniqueTransactionId":"ORD-1"}'),
		'cart',
		/^'Cart' \(cart\) is required for purchase-v1/,
	],
	[
		'an address that is not hashed',
		{ ...event({ hashedEmail: 'ann@example.com' }) },
		body(own(',"hashedEmail":"ann@example.com"')),
		'hashedEmail',
		/has an @ and so is not a hash; switch on the option 'Hash Email'/,
	],
	[
		'a currency of another form',
		event({ currency: 'roubles' }),
		body(own(',"currency":"ROUBLES"')),
		'currency',
		/must be three capital letters/,
	],
];

const times: readonly RuleCase[] = [
	...(
		[
			['14:35', /it is a time of day without a date$/],
			['12', /it is not a full date$/],
			['2026', /it is a year without month and day$/],
			['202611', /it is a year and a month without a day$/],
			['2026-W48', /it is a week without a day$/],
			[46_205, /a spreadsheet's day number for 2026-07-02/],
			[86_400, /lies before the year 2000/],
			[1_795_338_000_000, /is in milliseconds/],
			['1795338000000000', /is in microseconds/],
			['1795338000000000000', /is in nanoseconds/],
			['2026-11-22T09:00:00+99:00', /no time zone has that offset/],
			['25.11.2026 22:30', /\.toDateTime\('dd\.MM\.yyyy HH:mm'\)$/],
		] as const
	).flatMap(([value, says]): RuleCase[] => [
		{
			of: `event time ${typeof value} ${value}`,
			item: event({ eventTime: value }),
			refuses: [['eventTime', says]],
		},
		{
			of: `user time ${typeof value} ${value}`,
			item: event({ device: { userTime: value } }),
			refuses: [['device.userTime', says]],
		},
	]),
	{
		of: 'event time: ten minutes ahead of now',
		item: event({ eventTime: '2026-11-22T09:10:00.000Z' }),
		sends: body(own(',"eventTime":"2026-11-22T09:10:00.000Z"')),
		warns: [['eventTime', "'Event Time' (eventTime) is 10 minutes ahead of now"]],
	},
	{
		of: 'event time: a text without a zone',
		item: event({ eventTime: '2026-11-22 12:00:00' }),
		sends: body(own(',"eventTime":"2026-11-22T09:00:00.000Z"')),
		hints: ['Times without a time zone were read in Europe/Moscow'],
	},
	{
		of: 'user time: an hour that summer time leaves out',
		item: event({ device: { userTime: '2026-03-29T02:30:00' } }),
		zone: 'Europe/Berlin',
		sends: body(own(), { device: '"device":{"userTime":"2026-03-29T03:30:00+02:00","ua":"n8n"}' }),
		warns: [['device.userTime', /does not exist .* it was read as 03:30$/]],
	},
	{
		of: 'user time: an hour that comes twice when summer time ends',
		item: event({ device: { userTime: '2026-10-25T02:30:00' } }),
		zone: 'Europe/Berlin',
		// Which of the two n8n takes depends on the day on which it runs.
		sends: body(own(), {
			device: `"device":{"userTime":"${DateTime.fromISO('2026-10-25T02:30:00', { zone: 'Europe/Berlin' }).toISO({ suppressMilliseconds: true })}","ua":"n8n"}`,
		}),
		warns: [['device.userTime', /occurs twice .* offset \+0[12]:00, and \+0[12]:00 is possible too$/]],
	},
];

const names: readonly RuleCase[] = [
	{
		of: 'names written flat, with points',
		item: { type: 'level-up', name: 'Level Up', 'user.custom': 'crm-1', 'user.ses': 's' },
		modes: ['autoMapInputData'],
		sends: body(own(), { user: '"user":{"custom":"crm-1","ses":"s"}' }),
	},
	{
		of: 'names written flat, with brackets',
		item: {
			type: 'level-up',
			name: 'Level Up',
			'user[custom]': 'crm-1',
			'user[ses]': 's',
			'cart[0][productId]': 'A',
			'cart[0][quantity]': '2',
			'cart[0][itemPrice]': '9.5',
			'customProps[color]': 'red',
		},
		modes: ['autoMapInputData'],
		sends: body(
			own(',"cart":[{"productId":"A","quantity":2,"itemPrice":9.5}],"customProps":{"color":"red"}'),
			{ user: '"user":{"custom":"crm-1","ses":"s"}' },
		),
	},
	...(
		[
			['event_time', 'event_time \\(did you mean eventTime\\?\\)'],
			['Currency', 'Currency \\(did you mean currency\\?\\)'],
			['currency ', 'currency  ?\\(did you mean currency: it has a blank\\?\\)'],
			['\uFEFFcurrency', 'currency \\(did you mean currency: its character 1 is U\\+FEFF\\?\\)'],
			['curr\u0435ncy', 'curr\u0435ncy \\(did you mean currency: its character 5 is U\\+0435\\?\\)'],
		] as const
	).map(([name, hint]): RuleCase => ({
		of: `a name that is nearly a documented one: ${JSON.stringify(name)}`,
		item: { type: 'level-up', name: 'Level Up', user: { uid: UID }, [name]: 'x' },
		modes: ['autoMapInputData'],
		sends: body(own(`,${JSON.stringify(name)}:"x"`)),
		hints: [new RegExp(hint)],
	})),
	{
		of: 'what was given wins over what is added',
		item: { type: 'level-up', name: 'Level Up', user: { uid: UID }, device: { userAgent: 'Mozilla' } },
		modes: ['autoMapInputData'],
		sends: body(own(), { device: '"device":{"userAgent":"Mozilla"}' }),
		warns: [['device.ua', "'User Agent' (ua) is required"]],
		hints: [/device\.userAgent \(did you mean ua\?\)/],
	},
	{
		of: 'a type of one’s own beside another type',
		item: { type: 'login-v1', customType: 'x', name: 'Login', user: { uid: UID } },
		modes: ['autoMapInputData'],
		refuses: [['customType', /'Custom Type' \(customType\)/]],
	},
	{
		of: 'a type of one’s own has all of the event’s own fields',
		item: event({ value: 5, currency: 'rub', quantity: 0, productId: 'A' }),
		sends: body(own(',"currency":"RUB","value":5,"quantity":0,"productId":"A"')),
	},
	{
		of: 'add-to-wishlist-v1 with its currency',
		item: {
			type: 'add-to-wishlist-v1',
			name: 'Wish',
			user: { uid: UID },
			value: 5.5,
			currency: 'RUB',
			productId: 'A',
		},
		sends: body('{"type":"add-to-wishlist-v1","name":"Wish","currency":"RUB","value":5.5,"productId":"A"}'),
	},
	{
		of: 'a field that the type hides',
		item: { type: 'login-v1', name: 'Login', user: { uid: UID }, value: 5 },
		modes: ['defineBelow'],
		sends: body('{"type":"login-v1","name":"Login"}'),
		warns: [
			[
				'value',
				"'Value' (value) is filled in but hidden under login-v1, so it was not sent; clear it, or choose another 'Event Type'",
			],
		],
	},
	{
		of: 'a cart as JSON beside its rows',
		item: event({ cart: [{ productId: 'A', quantity: 1, itemPrice: 1 }] }),
		modes: ['defineBelow'],
		form: { cartRows: { row: [{ productId: 'B', quantity: '1', itemPrice: '2' }] } },
		sends: body(own(',"cart":[{"productId":"B","quantity":1,"itemPrice":2}]')),
		warns: [
			[
				'cart',
				"'Cart (JSON)' is filled in as well as the rows of 'Cart', so it was not sent; clear one of them",
			],
		],
	},
];

const values: readonly RuleCase[] = [
	{
		of: 'quantity 0, as the page prints it',
		item: event({ quantity: 0, cart: [{ productId: 'A', quantity: 0, itemPrice: 0 }] }),
		sends: body(own(',"quantity":0,"cart":[{"productId":"A","quantity":0,"itemPrice":0}]')),
	},
	{
		of: 'user: []',
		item: { type: 'level-up', name: 'Level Up', user: [] },
		modes: ['autoMapInputData'],
		sends: body(own(), { user: '"user":{}' }),
		warns: [['user', /^The event names no user/]],
	},
	{
		of: 'page, device and options: []',
		item: { type: 'level-up', name: 'Level Up', user: { uid: UID }, ctx: [], device: [], options: [] },
		modes: ['autoMapInputData'],
		sends: body(own(), { device: `${DEVICE},"options":{}` }),
	},
	...['user', 'ctx', 'device', 'options'].map((name): RuleCase => ({
		of: `${name}: the text null`,
		item: { type: 'level-up', name: 'Level Up', user: { uid: UID }, [name]: 'null' },
		modes: ['autoMapInputData'],
		sends: name === 'user' ? body(own(), { user: '"user":{}' }) : body(own()),
		...(name === 'user' ? { warns: [['user', /^The event names no user/]] } : {}),
	})),
	{ of: 'properties: the text null', item: event({ customProps: 'null' }), sends: body(own()) },
	{ of: 'cart: the text null', item: event({ cart: 'null' }), sends: body(own()) },
	{
		of: 'page data: the text null',
		item: { type: 'level-up', name: 'Level Up', user: { uid: UID }, ctx: { type: 'CART', data: 'null' } },
		modes: ['autoMapInputData'],
		sends: body(own(), { ctx: '"ctx":{"type":"CART","data":[],"location":"n8n"}' }),
	},
	{
		of: 'remove-from-cart-v1 with a cart that is empty now',
		item: {
			type: 'remove-from-cart-v1',
			name: 'Remove',
			user: { uid: UID },
			value: 5,
			quantity: 1,
			productId: 'A',
			cart: [],
		},
		sends: body(
			'{"type":"remove-from-cart-v1","name":"Remove","value":5,"quantity":1,"productId":"A","cart":[]}',
		),
	},
	{
		of: 'an empty cart as text',
		item: event({ cart: '[]' }),
		sends: body(own(',"cart":[]')),
	},
	{
		of: 'name: an empty object from an expression',
		item: event({ name: {} }),
		refuses: [['name', /must be text, not an object/]],
	},
	{
		of: 'an amount with a comma',
		item: event({ value: '4 299,00' }),
		refuses: [['value', /must be written with a point and no spaces: 4299\.00, not "4 299,00"$/]],
	},
	{
		of: 'a line of a cart under other names',
		item: event({ cart: [{ sku: 'A', name: 'Tea', qty: 1 }] }),
		sends: body(own(',"cart":[{"sku":"A","name":"Tea","qty":1}]')),
		isRejected: true,
		warns: ['productId', 'quantity', 'itemPrice'].map((name) => [
			`cart[0].${name}`,
			/^Cart, line 1: has sku, name, qty; needs 'Product ID' \(productId\), 'Quantity' \(quantity\), 'Item Price' \(itemPrice\)$/,
		]),
	},
	{
		of: 'an address that is to be hashed',
		item: event({ hashedEmail: ' Ann@Example.com' }),
		options: { hashEmail: true },
		sends: body(own(`,"hashedEmail":"${sha256('ann@example.com')}"`)),
	},
	{
		of: 'what cannot be hashed',
		item: event({ hashedEmail: 'ann at example' }),
		options: { hashEmail: true },
		refuses: [['hashedEmail', /is neither an e-mail address nor a SHA-256 hash/]],
	},
	{
		of: 'a phone number that cannot be hashed',
		item: event({ cuid: 'crm-1' }),
		options: { hashPhone: true },
		refuses: [['cuid', /is no phone number with its country code/]],
	},
	{
		of: 'another section of unusual length',
		item: event({}),
		options: { sectionId: 'short' },
		sends: body(own()).replace(SEC, 'short'),
		isRejected: true,
		warns: [
			['sectionId', "'Section ID' has 5 characters and usually has 24; check it in the option 'Section ID'"],
		],
	},
];

describeRules({
	node: 'gravityFieldStoreEvent',
	written: ({ body: sent }) => sent.toString(),
	cases: [
		...unproven.flatMap(([of, item, sends, field, says]): RuleCase[] => [
			{ of, item, sends, warns: [[field, says]] },
			{
				of: `${of}, where rules that are not documented refuse`,
				item,
				options: { unprovenRules: 'refuse' },
				refuses: [[field, says]],
			},
			{
				of: `${of}, where rules that are not documented are ignored`,
				item,
				options: { unprovenRules: 'ignore' },
				sends,
			},
		]),
		...nobody.flatMap(([value, says]): RuleCase[] => [
			{ of: `user ID ${value}`, item: event({ user: { uid: value } }), refuses: [['user.uid', says]] },
			{
				of: `your user ID ${value}`,
				item: event({ user: { custom: value, ses: 's' } }),
				refuses: [['user.custom', says]],
			},
			{
				of: `session ID ${value}`,
				item: event({ user: { uid: UID, ses: value } }),
				refuses: [['user.ses', says]],
			},
			{ of: `event name ${value}`, item: event({ name: value }), refuses: [['name', says]] },
			{ of: `type ${value}`, item: event({ customType: value }), refuses: [['type', says]] },
			{
				of: `order ID ${value}`,
				item: purchase({
					uniqueTransactionId: value,
					cart: [{ productId: 'A', quantity: 1, itemPrice: 10 }],
				}),
				refuses: [['uniqueTransactionId', says]],
			},
			{
				of: `product ID of a line ${value}`,
				item: event({ cart: [{ productId: value, quantity: 1, itemPrice: 10 }] }),
				refuses: [['cart[0].productId', says]],
			},
		]),
		...times,
		...names,
		...values,
	],
});
