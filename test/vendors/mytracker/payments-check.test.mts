/** What each parameter of the further methods takes, what it becomes, what is refused and what is only warned of. */
import { describe, expect, test } from '@jest/globals';

import type { Json } from '../../../nodes/engine/operation/operation.ts';
import {
	appleProduct,
	appleSubscription,
	check,
	fieldsOf,
	googleProduct,
	googleSubscription,
	googleToken,
	named,
	NOW,
	order,
	revenue,
	type Method,
} from './payments.mts';

interface Values {
	takes: Array<[given: unknown, sent: unknown]>;
	refuses: unknown[];
	/** Sent, with a warning, for neither page nor client tells of it. */
	warns?: Array<[given: unknown, sent: unknown]>;
}

const NO_TEXT = [true, {}, [], 1.5, 2 ** 53, Number.NaN];
const SECONDS = String(NOW / 1000);
const UUID = '38400000-8cf0-11bd-b23e-10b96e40000d';
const choice = (...values: string[]): Values => ({
	takes: values.flatMap((value): Array<[unknown, string]> => [
		[value, value],
		[Number(value), value],
	]),
	refuses: ['7', -1, 'on', true, {}],
});
const onOff: Values = {
	takes: [
		['0', '0'],
		[1, '1'],
		[true, '1'],
		[false, '0'],
		['TRUE', '1'],
		['false', '0'],
	],
	refuses: ['2', -1, 'on', {}],
};
const device: Values = {
	takes: [
		[UUID, UUID],
		[UUID.toUpperCase(), UUID.toUpperCase()],
	],
	refuses: [UUID.slice(1), `${UUID}0`, ...NO_TEXT],
	warns: [['x'.repeat(36), 'x'.repeat(36)]],
};
const id = (...examples: string[]): Values => ({
	takes: [
		...examples.map((one): [unknown, string] => [one, one]),
		[7, '7'],
		['007', '007'],
		[9007199254740993n, '9007199254740993'],
		['Чай, "зелёный" 🍵', 'Чай, "зелёный" 🍵'],
	],
	refuses: [...NO_TEXT, 'undefined', 'null', '[object Object]', '1.2e+15', '={{ $json.id }}'],
});

/** As the client takes them with every payment. */
const shared: Record<string, Values> = {
	customUserId: { ...id('ann', 'ж'.repeat(1024)), refuses: [...id().refuses, 'ж'.repeat(1025)] },
	lvid: {
		takes: [['5f2b1c9e8d7a6b5c4d3e2f1009182736', '5f2b1c9e8d7a6b5c4d3e2f1009182736']],
		refuses: ['0'.repeat(31), '0'.repeat(33), ...NO_TEXT],
	},
	idGender: choice('0', '1', '2'),
	age: {
		takes: [
			[38, '38'],
			['0', '0'],
			['128', '128'],
			['38.0', '38'],
		],
		refuses: [129, 1.5, 'many', true, {}],
		warns: [[-1, '-1']],
	},
	eventTimestamp: {
		takes: [
			[SECONDS, SECONDS],
			[Number(SECONDS), SECONDS],
			['2026-11-26T12:00:00', SECONDS],
			[new Date(NOW), SECONDS],
		],
		refuses: [NOW, '946673999', 4_294_967_296, 'yesterday', true, {}],
	},
	instanceId: device,
	ipv4: {
		takes: [['203.0.113.7', '203.0.113.7']],
		refuses: ['256.1.1.1', '1.2.3', '2001:db8::1', true, {}],
	},
	ipv6: { takes: [['2001:db8::1', '2001:db8::1']], refuses: ['1.2.3.4', `${'0'.repeat(46)}`, true, {}] },
	connectionType: choice('0', '1', '2'),
	bluetoothEnabled: choice('0', '1', '2'),
	adTrackingEnabled: onOff,
	idfa: device,
	iosVendorId: device,
	gaid: device,
	androidId: {
		takes: [['0123456789abcdef', '0123456789abcdef']],
		refuses: ['0'.repeat(15), '0'.repeat(17), ...NO_TEXT],
	},
	adBlocker: onOff,
	userAgent: { takes: [['x'.repeat(2048), 'x'.repeat(2048)]], refuses: ['x'.repeat(2049), ...NO_TEXT] },
};

const currency: Values = {
	takes: [
		['USD', 'USD'],
		['rub', 'RUB'],
		[' eur ', 'EUR'],
		['ZWG', 'ZWG'],
	],
	refuses: ['US', 'USDT', '₽', 'руб', true, {}, 1.5],
	// Three bytes pass the client.
	warns: [
		['U1D', 'U1D'],
		[643, '643'],
	],
};
const NO_AMOUNT = [
	'1,299',
	'1 999,90',
	'1e3',
	'free',
	'€5',
	true,
	{},
	[1],
	2 ** 53,
	Number.NaN,
	'9'.repeat(17),
];

const TABLE = new Map<Method, Record<string, Values>>([
	[
		revenue,
		{
			...shared,
			idTransaction: {
				...id('order1', 'x'.repeat(255), 'я'.repeat(127)),
				refuses: [...id().refuses, 'x'.repeat(256), 'я'.repeat(128), '🍵'.repeat(64)],
			},
			currency,
			total: {
				takes: [
					['4.5', 4.5],
					['1999.90', 1999.9],
					['3000.0000', 3000],
					[0, 0],
					['0.00', 0],
					['0.0001', 0.0001],
					[12n, 12],
					['123456789012.34', 123456789012.34],
				],
				refuses: [-0.01, '-1', ...NO_AMOUNT],
				warns: [
					['12.33434', 12.33434],
					[0.00001, 0.00001],
					[39.9 * 3, 119.7],
					[0.1 + 0.2, 0.3],
				],
			},
		},
	],
]);

/** Of a name that no page shows with an order even the kind is a guess: what JSON can carry is sent, with a warning. */
const loosely = ({ takes, refuses, warns = [] }: Values): Values => {
	const isScalar = (value: unknown) =>
		['string', 'boolean'].includes(typeof value) ||
		(typeof value === 'number' && Number.isFinite(value) && Math.abs(value) < 2 ** 53);
	const lost = refuses.filter((value) => !isScalar(value));
	return {
		takes,
		refuses: lost,
		warns: [
			...warns,
			...refuses.filter(isScalar).map((value): [unknown, unknown] => [value, expect.anything()]),
		],
	};
};

TABLE.set(order, {
	...shared,
	...Object.fromEntries(
		[
			'idGender',
			'age',
			'eventTimestamp',
			'ipv4',
			'ipv6',
			'connectionType',
			'bluetoothEnabled',
			'adTrackingEnabled',
			'adBlocker',
			'userAgent',
		].map((name) => [name, loosely(shared[name])]),
	),
	appSetId: device,
	order_id: id('000919', 'x'.repeat(1_000)),
	status: {
		takes: ['ADD', 'PAY', 'CANCEL', 'REFUND'].map((one) => [one, one]),
		refuses: ['PAID', 'CANCELED', 'pay', 'Refunded', true, {}, 1],
	},
	items: {
		takes: [
			[
				[{ item_id: 1, item_name: 'Apple', quantity: 6 }],
				[{ item_id: '1', item_name: 'Apple', quantity: '6' }],
			],
			['[{"item_id":"00912","item_name":"Apple"}]', [{ item_id: '00912', item_name: 'Apple' }]],
			[
				[{ item_id: '1', item_name: 'A', price: '349.90', tax: 20, index: 0, discount: '0' }],
				[{ item_id: '1', item_name: 'A', price: '349.9', discount: '0', index: '0', tax: '20' }],
			],
		],
		refuses: ['Apple', '{', { item_id: '1' }, 5, true],
		warns: [
			[[], []],
			[
				[{ item_id: '1', item_name: 'A', quantity: 1.1 + 2.2 }],
				[{ item_id: '1', item_name: 'A', quantity: '3.3' }],
			],
			// No page says that it is whole; it travels as text like the other numbers.
			[[{ item_id: '1', item_name: 'A', index: 1.5 }], [{ item_id: '1', item_name: 'A', index: '1.5' }]],
		],
	},
	currency_code: loosely(currency),
	action_id: {
		...loosely({ ...id('2'), refuses: NO_TEXT }),
		refuses: ['undefined', 'null', '[object Object]', '1.2e+15', '={{ $json.id }}', {}, [], 2 ** 53],
	},
	coupon: loosely({ takes: [['SUMMER', 'SUMMER']], refuses: NO_TEXT }),
});

const AMOUNT: Values = {
	takes: [
		['1.99', 1.99],
		['10.0', 10],
		[0.000001, 0.000001],
		['123456789012.345', 123456789012.345],
		[5n, 5],
	],
	refuses: [0, '0.00', -1, '-0.01', ...NO_AMOUNT],
	warns: [[39.9 * 3, 119.7]],
};
const numberOf = (...values: number[]): Values => ({
	takes: values.flatMap((value): Array<[unknown, number]> => [
		[value, value],
		[String(value), value],
	]),
	refuses: [-1, 7, '7', 'on', {}, 0.5],
});
const noOrYes: Values = {
	...numberOf(0, 1),
	takes: [...numberOf(0, 1).takes, [true, 1], [false, 0]],
};
const count: Values = {
	takes: [
		[2, 2],
		['2', 2],
		['02', 2],
		['2.00', 2],
	],
	refuses: [0, -1, 1.5, '1.5', 'two', true, {}, 2 ** 53, '9007199254740993'],
};
const MILLIS = 1_693_242_344_123;
const millis: Values = {
	takes: [
		[MILLIS, MILLIS],
		[String(MILLIS), MILLIS],
		[BigInt(MILLIS), MILLIS],
		[1_693_242_344, 1_693_242_344_000],
		['2023-08-28T17:05:44.123Z', MILLIS],
		[new Date(MILLIS), MILLIS],
		['2023-08-28 20:05:44', 1_693_242_344_000],
		// A subscription ends after now.
		[4_102_444_800_000, 4_102_444_800_000],
	],
	refuses: [MILLIS * 1_000, 45_000, 0, -1, 'tomorrow', '28.08.2023', true, {}, 946_634_399_999],
};
const PERIODS = ['P1M', 'P1W', 'P3M', 'P1Y', 'P3D', 'P1Y2M3W4D'];
const googlePlay = { ...shared, orderId: id('234-1234-1234-12345', 'GPA.1234-5678-9012-34567') };
const appStore: Record<string, Values> = {
	...shared,
	transactionId: id('1234567890098765'),
	productId: id('001'),
	price: AMOUNT,
	currency,
	quantity: count,
};
const seconds: Values = {
	takes: [
		[1_577_191_920, 1_577_191_920],
		['1577191920', 1_577_191_920],
		['2019-12-24T12:52:00Z', 1_577_191_920],
	],
	refuses: [1_577_191_920_000, 'yesterday', true, {}],
};

TABLE.set(googleProduct, {
	...googlePlay,
	productId: id('001'),
	currency,
	revenue: AMOUNT,
	token: id('purchase-token-1'),
	// Beside the token of the least event it is refused in any case: see below.
	isVerified: { takes: [], refuses: [] },
});
TABLE.set(googleSubscription, {
	...googlePlay,
	priceCurrencyCode: currency,
	priceAmountMicros: {
		takes: [
			[1_990_000, 1_990_000],
			['5990000', 5_990_000],
			['5990000.00', 5_990_000],
		],
		refuses: [0, -1, 1.99, '1.99', 'free', true, {}, 2 ** 53],
		warns: [
			[2, 2],
			['199', 199],
		],
	},
	subscriptionId: id('monthly001'),
	paymentState: { ...numberOf(1, 2), refuses: [0, 3, 'received', true, {}] },
	isIntroductory: noOrYes,
	startTimeMillis: millis,
	expiryTimeMillis: millis,
});
TABLE.set(googleToken, {
	...googlePlay,
	subscriptionId: id('monthly001'),
	token: id('purchase-token-1'),
	subscriptionPeriod: {
		takes: [...PERIODS.map((one): [unknown, string] => [one, one]), [' p1m ', 'P1M']],
		refuses: ['P', 'PT', 'month', '1M', 'P1.5M', 30, 'P-1M', true, {}, 'P1M1Y'],
		warns: [['PT1H', 'PT1H']],
	},
});
TABLE.set(appleProduct, appStore);
TABLE.set(appleSubscription, {
	...appStore,
	transactionIdOriginal: id('1234567890098765'),
	isTrial: noOrYes,
	isIntroductory: noOrYes,
	tsPaymentOriginal: seconds,
	tsPaymentExpires: { ...seconds, takes: [...seconds.takes, [4_102_444_800, 4_102_444_800]] },
});

describe('store payments', () => {
	const { token: _, ...neither } = googleProduct.least;

	test('Google Play: exactly one of the purchase token and your own check', () => {
		const given = (more: Json) => check(googleProduct, { ...neither, ...more });
		for (const isVerified of [1, '1', true, 'true', 'TRUE'])
			expect(given({ isVerified })).toMatchObject({ issues: [], warnings: [], event: { isVerified: 1 } });
		// What a table holds of a payment that has a token.
		for (const isVerified of [0, '0', false, 'false', 'FALSE', '', null]) {
			const { event, issues, warnings } = given({ token: 't', isVerified });
			expect([event, issues, warnings]).toEqual([{ ...neither, token: 't' }, [], []]);
		}
		const NEITHER =
			"The payment has neither: give 'Purchase Token' (token) or 'Verified by You' (isVerified). MyTracker does not process it without";
		for (const more of [{}, { isVerified: 0 }, { token: ' ' }, { token: '', isVerified: '' }])
			expect(given(more).issues).toEqual([{ field: 'token', message: NEITHER }]);
		expect(given({ token: 't', isVerified: 1 }).issues).toEqual([
			{ field: 'token', message: expect.stringMatching(/^The payment has both: give either /) },
		]);
		expect(given({ token: 't', isVerified: 2 }).issues[0].field).toBe('isVerified');
	});

	test('the other payments know nothing of it', () => {
		for (const method of [appleProduct, googleSubscription]) {
			const { event, dropped } = check(method, { ...method.least, isVerified: 1, token: 't' });
			expect(event).toEqual(method.least);
			expect([...dropped.names.keys()].sort()).toEqual(['isVerified', 'token']);
		}
	});

	test('a price that was not multiplied is told what it should be', () => {
		const message = (priceAmountMicros: unknown) =>
			check(googleSubscription, { ...googleSubscription.least, priceAmountMicros }).issues[0].message;
		expect(message('1.1')).toMatch(/the price multiplied by 1,000,000. For 1.1 that is 1100000$/);
		expect(message(0.99)).toMatch(/For 0.99 that is 990000$/);
		expect(message('1,99')).toMatch(/whole number|point/);
	});

	test('an event of another payment is told which choice fits it', () => {
		const { issues } = check(appleProduct, googleSubscription.least);
		expect(issues[0]).toEqual({
			field: 'transactionId',
			message: expect.stringContaining(
				"The event has all that Google Play: Subscription requires: set 'Payment' (payment) to 'Google Play: Subscription' (googlePlaySubscriptionTransaction) in the node",
			),
		});
	});

	test('only payments of Google Play are safe to repeat', () => {
		const isSafe = ({ operation, least }: Method) => operation.repeatIsSafe?.(least);
		expect([googleProduct, googleSubscription].map(isSafe)).toEqual([true, true]);
		expect([googleToken, appleProduct, appleSubscription].map(isSafe)).toEqual([false, false, false]);
		for (const { operation } of [revenue, order]) expect(operation.repeatIsSafe).toBeUndefined();
	});
});

describe.each(named)('%s', (_, method) => {
	const table = TABLE.get(method) ?? {};
	const fields = fieldsOf(method);

	test('each row of the table is here', () => {
		expect(Object.keys(table).sort()).toEqual(fields.map(({ wire }) => wire).sort());
	});

	describe.each(Object.entries(table))('%s', (name, { takes, refuses, warns = [] }) => {
		const label = fields.find(({ wire }) => wire === name)?.label;
		const given = (value: unknown): Json => ({ ...method.least, [name]: value });

		test('takes what people have, without a warning', () => {
			for (const [value, sent] of takes) {
				const { event, issues, warnings } = check(method, given(value));
				expect([value, issues, warnings, event?.[name]]).toEqual([value, [], [], sent]);
			}
		});

		test('refuses the rest, with its label and its name', () => {
			for (const value of refuses) {
				const { issues } = check(method, given(value));
				expect([value, issues.map(({ field }) => field)]).toEqual([value, [name]]);
				expect(issues[0].message).toContain(`'${label}' (${name}) `);
			}
		});

		test('warns of what neither page nor client tells', () => {
			for (const [value, sent] of warns) {
				const { event, issues, warnings } = check(method, given(value));
				expect([value, issues, event?.[name]]).toEqual([value, [], sent]);
				expect(new Set(warnings.map(({ field }) => field.replace(/\[.*$/, '')))).toEqual(new Set([name]));
			}
		});
	});

	test('other names are left out and told, with the nearest of this method', () => {
		const { event, dropped } = check(method, { ...method.least, customUserID: 'x', orderTotal: 5 });
		expect(event).toEqual(method.least);
		expect([...dropped.names]).toEqual([
			['customUserID', 'customUserId'],
			['orderTotal', undefined],
		]);
	});
});

test('custom revenue: a fifth decimal is refused only where that is asked for', () => {
	const item = { ...revenue.least, total: '1.00001' };
	expect(check(revenue, item, { unprovenRules: 'refuse' }).issues).toEqual([
		{
			field: 'total',
			message: expect.stringMatching(
				/^'Total' \(total\) may have at most 4 digits after the point and has 5; round it/,
			),
		},
	]);
	expect(check(revenue, item, { unprovenRules: 'ignore' })).toMatchObject({ issues: [], warnings: [] });
});
