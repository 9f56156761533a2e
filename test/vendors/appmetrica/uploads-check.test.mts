/** What each parameter of the four uploads takes, what it becomes, what is refused and what is only warned of. */
import { describe, expect, test } from '@jest/globals';

import type { Json } from '../../../nodes/engine/operation/operation.ts';
import {
	adRevenue,
	checkUpload as check,
	checkedUpload as checked,
	ecommerce,
	NOW,
	named,
	profiles,
	revenue,
	SECONDS as NOW_SECONDS,
	type Upload,
} from './support.mts';

const SECONDS = String(NOW_SECONDS);

interface Values {
	takes: Array<[unknown, string]>;
	refuses: unknown[];
	/** Sent as the text, with a warning, for no page tells of it. */
	warns?: Array<[unknown, string]>;
}

/** What no text takes. */
const NO_TEXT = [true, {}, [], 1.5, 2 ** 53];
const text = (...examples: string[]): Values => ({
	takes: [
		...examples.map((one): [unknown, string] => [one, one]),
		[7, '7'],
		['007', '007'],
		['Чай, "зелёный" 🍵', 'Чай, "зелёный" 🍵'],
	],
	refuses: NO_TEXT,
});
/** A text that the SDK would cut. */
const cutText = (max: number, ...examples: string[]): Values => ({
	...text(...examples, 'x'.repeat(max), '🍵'.repeat(max)),
	warns: [['x'.repeat(max + 1), 'x'.repeat(max + 1)]],
});
const choice = (...values: string[]): Values => ({
	takes: values.map((value) => [value, value]),
	refuses: [
		values[0].toUpperCase() === values[0] ? values[0].toLowerCase() : values[0].toUpperCase(),
		'other thing',
		true,
		{},
		1,
	],
});
const currency: Values = {
	takes: [
		['RUB', 'RUB'],
		['usd', 'USD'],
		[' eur ', 'EUR'],
		['ZWG', 'ZWG'],
	],
	refuses: ['RU', 'RUBL', '₽', 'R1B', 643, true, {}, 'BOV', 'xua'],
};
const payload: Values = {
	takes: [
		[{ key: 'value_1' }, '{"key":"value_1"}'],
		['{ "key": "value 1" }', '{"key":"value 1"}'],
		[{ text: 'a\nб' }, '{"text":"a\\nб"}'],
		[{ k: 'x'.repeat(30_000 - 8) }, `{"k":"${'x'.repeat(30_000 - 8)}"}`],
	],
	// 30 KB is 30,000 or 30,720 bytes; above that it is cut under both readings.
	refuses: [{ k: 'x'.repeat(30_720 - 7) }, { k: 'ж'.repeat(15_360) }, '{', '["a"]', ['a'], 5, true],
	warns: [
		[{ k: 'x'.repeat(30_000 - 7) }, `{"k":"${'x'.repeat(30_000 - 7)}"}`],
		[{ k: 'x'.repeat(30_720 - 8) }, `{"k":"${'x'.repeat(30_720 - 8)}"}`],
	],
};
const time: Values = {
	takes: [
		[SECONDS, SECONDS],
		[Number(SECONDS), SECONDS],
		['2026-11-22T12:00:00', SECONDS],
		['2026-11-22T09:00:00Z', SECONDS],
		[new Date(NOW), SECONDS],
	],
	refuses: [NOW, String(NOW), 'yesterday', true, {}],
};
/** decimal(10.8) of the pages. */
const amount: Values = {
	takes: [
		['0.0001', '0.0001'],
		[1e-7, '0.0000001'],
		[0, '0'],
		['0.00', '0'],
		['499.00', '499'],
		[1999.9, '1999.9'],
		['9999999999.99999999', '9999999999.99999999'],
	],
	refuses: [
		1e-9,
		'0.000000001',
		'12345678901',
		12345678901,
		0.1 + 0.2,
		'1,5',
		'1e-5',
		'free',
		true,
		{},
		2 ** 53,
	],
	warns: [['-0.5', '-0.5']],
};
/** "int" on the page, decimals in its sample, no number of places. */
const price: Values = {
	takes: [
		['1.05', '1.05'],
		[0.5, '0.5'],
		[0, '0'],
		[1e-9, '0.000000001'],
		['12345678901', '12345678901'],
	],
	refuses: ['1,5', 'free', true, {}, 2 ** 53],
	warns: [[-1, '-1']],
};
const deviceType = choice('phone', 'tablet', 'unknown');
deviceType.refuses.push('phablet', 'tv', 'desktop');

const identity: Record<string, Values> = {
	profile_id: {
		takes: [
			['user-42', 'user-42'],
			['007', '007'],
			[9007199254740993n, '9007199254740993'],
		],
		refuses: NO_TEXT,
	},
	appmetrica_device_id: {
		takes: [
			['1', '1'],
			['18446744073709551615', '18446744073709551615'],
		],
		refuses: ['c0ffee00c0ffee00c0ffee00c0ffee00', 2 ** 63, 1.5, true, {}, 'user'],
		warns: [
			['18446744073709551616', '18446744073709551616'],
			['0', '0'],
		],
	},
};
const levels = (name: string) =>
	Object.fromEntries(Array.from({ length: 10 }, (_, at) => [`${name}_${at + 1}`, cutText(100, 'Tea')]));
const prices = (prefix: string): Record<string, Values> => ({
	[`${prefix}_currency`]: currency,
	[`${prefix}_value`]: price,
	// Several of them have no documented notation.
	[`${prefix}_internal_currency`]: cutText(100, 'coins'),
	[`${prefix}_internal_value`]: { ...price, refuses: [...price.refuses, [1, 2]] },
});

const TABLE = new Map<Upload, Record<string, Values>>([
	[
		revenue,
		{
			...identity,
			revenue_event_type: {
				...choice(
					'one_time_purchase',
					'trial_started',
					'intro_started',
					'promo_started',
					'subscription_converted',
					'subscription_started',
					'subscription_renewed',
					'cancellation',
					'uncancellation',
					'expired',
					'billing_issues',
					'refund',
				),
				// Names of the export.
				refuses: ['trial_subscription_started', 'subscription_cancelled', 'REFUND', true, {}, 1],
			},
			event_timestamp: time,
			price: amount,
			currency,
			product_id: cutText(200, 'premium_year'),
			quantity: {
				takes: [
					[1, '1'],
					['02', '2'],
				],
				refuses: [1.5, 'two', true, {}],
				warns: [
					[0, '0'],
					['-1', '-1'],
				],
			},
			payload,
			transaction_id: text('transact1'),
			order_id: text('8101'),
			device_type: deviceType,
		},
	],
	[
		adRevenue,
		{
			...identity,
			event_timestamp: time,
			revenue: amount,
			currency,
			ad_type: choice('native', 'banner', 'rewarded', 'interstitial', 'mrec', 'other'),
			ad_network: cutText(100, 'some_network_name'),
			ad_unit_id: cutText(100, '0987654321'),
			ad_unit_name: cutText(100, 'some_unit_name'),
			ad_placement_id: cutText(100, '12345000'),
			ad_placement_name: cutText(100, 'some_placement_name'),
			precision: cutText(100, 'publisher_defined', 'estimated', 'exact'),
			payload,
			device_type: deviceType,
		},
	],
	[
		ecommerce,
		{
			...identity,
			event_timestamp: time,
			ecom_event_type: choice(
				'SHOW_SCREEN',
				'SHOW_PRODUCT_CARD',
				'SHOW_PRODUCT_DETAILS',
				'ADD_TO_CART',
				'REMOVE_FROM_CART',
				'BEGIN_CHECKOUT',
				'PURCHASE',
			),
			order_id: cutText(100, 'a1b2c3d4'),
			product_name: cutText(1_000, 'Tea'),
			cart_item_quantity: {
				takes: [
					[0, '0'],
					['3', '3'],
				],
				refuses: [0.5, 'one', true, {}],
				warns: [[-1, '-1']],
			},
			...prices('cart_item_price'),
			...prices('actual_price'),
			payload,
			...levels('product_category_path'),
			...prices('original_price'),
			product_payload: payload,
			product_promo_codes: {
				takes: [
					[['promo_code_1', 'promo_code_2'], '[promo_code_1,promo_code_2]'],
					['[promo_code_1,promo_code_2]', '[promo_code_1,promo_code_2]'],
					['["A","B-1"]', '[A,B-1]'],
					['SALE', '[SALE]'],
				],
				refuses: [['a,b'], ['a"b'], ['[a'], true, {}, [1.5]],
			},
			product_sku: cutText(100, '012345abc'),
			...levels('screen_category_path'),
			screen_name: cutText(100, 'Catalog'),
			screen_payload: payload,
			device_type: deviceType,
		},
	],
	[
		profiles,
		{
			profile_id: identity.profile_id,
			attributes: {
				takes: [
					[{ plan: 'pro', visits: 3, vip: true, debt: -1 }, '{"plan":"pro","visits":3,"vip":true,"debt":-1}'],
					['{"plan": "pro"}', '{"plan":"pro"}'],
					[[{ name: 'n', type: 'number', value: '12' }], '{"n":12}'],
				],
				refuses: [
					{},
					{ a: null },
					'{}',
					'null',
					{ a: { b: 1 } },
					{ a: [1] },
					'{',
					['a'],
					5,
					true,
					{ n: 2 ** 60 },
				],
			},
		},
	],
]);

/** The rest of the common block is that of events, held by its own test. */
const COMMON = 17;

describe.each(named)('%s', (_, upload) => {
	const table = TABLE.get(upload) ?? {};
	const base = (name: string): Json => {
		const { profile_id: __, ...rest } = upload.least;
		return name === 'appmetrica_device_id' ? rest : upload.least;
	};

	test('each row of the table is here', () => {
		const common =
			upload === profiles ? [] : upload.operation.fields.slice(-COMMON - 1).map(({ wire }) => wire);
		const own = upload.operation.fields
			.map(({ wire }) => wire)
			.filter((wire) => !common.includes(wire) || wire === 'device_type');
		expect(Object.keys(table).sort()).toEqual(own.sort());
	});

	describe.each(Object.entries(table))('%s', (name, { takes, refuses, warns = [] }) => {
		const label = upload.operation.fields.find(({ wire }) => wire === name)?.label;

		test('takes what people have, without a warning', () => {
			for (const [value, wire] of takes) {
				const { event, issues, warnings } = check(upload, { ...base(name), [name]: value });
				expect([value, issues, warnings, event?.[name]]).toEqual([value, [], [], wire]);
			}
		});

		test('refuses the rest, with its label and its name', () => {
			for (const value of refuses) {
				const { issues } = check(upload, { ...base(name), [name]: value });
				expect([value, issues.map(({ field }) => field)]).toEqual([value, [name]]);
				expect(issues[0].message).toContain(`'${label}' (${name}) `);
			}
		});

		test('warns of what no page tells; refuses it where that is asked for', () => {
			for (const [value, wire] of warns) {
				const given = { ...base(name), [name]: value };
				const { event, issues, warnings } = check(upload, given);
				expect([value, issues, event?.[name]]).toEqual([value, [], wire]);
				expect(warnings.map(({ field }) => field)).toEqual([name]);
				const strict = check(upload, given, { unprovenRules: 'refuse' });
				expect(strict.issues.map(({ field }) => field)).toEqual([name]);
				expect(check(upload, given, { unprovenRules: 'ignore' })).toMatchObject({ issues: [], warnings: [] });
			}
		});
	});
});

test('a price below zero passes for a refund and is warned of for another type', () => {
	const at = (type: string, amount: string) =>
		check(revenue, { ...revenue.least, revenue_event_type: type, price: amount });
	expect(at('refund', '-499')).toMatchObject({ issues: [], warnings: [], event: { price: '-499' } });
	expect(at('refund', '499')).toMatchObject({ issues: [], warnings: [] });
	expect(at('expired', '0')).toMatchObject({ issues: [], warnings: [] });
	expect(at('expired', '-1')).toMatchObject({ issues: [], warnings: [{ field: 'price' }] });
});

test('14 days less one hour; more than 7 is warned of, so is the future; profiles have no time', () => {
	for (const upload of [revenue, adRevenue, ecommerce]) {
		const at = (seconds: number, maxAgeDays = 14) =>
			check(upload, { ...upload.least, event_timestamp: Number(SECONDS) + seconds }, { maxAgeDays });
		expect(at(-14 * 86_400 + 3_599).issues).toMatchObject([{ field: 'event_timestamp' }]);
		expect(at(-14 * 86_400 + 3_601)).toMatchObject({ issues: [], warnings: [{ field: 'event_timestamp' }] });
		expect(at(-7 * 86_400 - 1)).toMatchObject({ issues: [], warnings: [{ field: 'event_timestamp' }] });
		expect(at(-7 * 86_400)).toMatchObject({ issues: [], warnings: [] });
		expect(at(301)).toMatchObject({ issues: [], warnings: [{ field: 'event_timestamp' }] });
		expect(at(-1_000 * 86_400, 0)).toMatchObject({ issues: [], warnings: [] });
		expect(checked(upload, { ...upload.least, event_timestamp: undefined, timestamp: SECONDS })).toEqual(
			upload.least,
		);
	}
});

test('a category path as a list: ten levels, not eleven, and not beside its parts', () => {
	const tenth = Array.from({ length: 10 }, (_, at) => `level ${at}`);
	for (const path of ['product_category_path', 'screen_category_path']) {
		const event = checked(ecommerce, { ...ecommerce.least, [path]: tenth });
		expect(tenth.map((_, at) => event[`${path}_${at + 1}`])).toEqual(tenth);
		expect(event).not.toHaveProperty(path);
		expect(check(ecommerce, { ...ecommerce.least, [path]: [...tenth, 'more'] }).issues).toEqual([
			{ field: path, message: expect.stringContaining('at most 10 entries and has 11') },
		]);
		expect(check(ecommerce, { ...ecommerce.least, [path]: ['a'], [`${path}_2`]: 'b' }).issues).toMatchObject([
			{ field: path },
		]);
		expect(check(ecommerce, { ...ecommerce.least, [path]: ['a', 1.5] }).issues).toMatchObject([
			{ field: `${path}_2` },
		]);
	}
});

describe('products of one order', () => {
	const { product_name, cart_item_quantity, original_price_currency, original_price_value, ...order } =
		ecommerce.least;
	const product = { product_name, cart_item_quantity, original_price_currency, original_price_value };

	test('each is checked by itself, in its own place', () => {
		const { issues } = check(ecommerce, {
			...order,
			products: [product, { ...product, product_name: '' }, { ...product, original_price_currency: 'bov' }],
		});
		expect(issues.map(({ field }) => field)).toEqual([
			'products[1].product_name',
			'products[2].original_price_currency',
		]);
		const good = check(ecommerce, {
			...order,
			products: [{ ...product, product_category_path: ['Tea'], original_price_currency: 'rub' }],
		});
		expect(good.event).toEqual({ ...order, products: [{ ...product, product_category_path_1: 'Tea' }] });
		const long = check(ecommerce, {
			...order,
			products: [{ ...product, product_category_path: Array<string>(11).fill('x') }],
		});
		expect(long.issues.map(({ field }) => field)).toEqual(['products[0].product_category_path']);
	});

	test('what the order shares stands beside the list; an empty or too long list is refused', () => {
		const missing = check(ecommerce, { ...order, order_id: '', products: [product] });
		expect(missing.issues.map(({ field }) => field)).toEqual(['order_id']);
		for (const products of [[], Array<Json>(101).fill(product), ['Tea'], 'Tea'])
			expect(check(ecommerce, { ...order, products }).issues.length).toBeGreaterThan(0);
	});
});

test('attributes written flat, as the headings of a CSV file name them', () => {
	for (const [plan, visits] of [
		['attributes.plan', 'attributes.visits'],
		['attributes[plan]', 'attributes[visits]'],
	] as const) {
		const { event, issues } = check(profiles, { profile_id: 'ann', [plan]: 'pro', [visits]: 3 });
		expect([event, issues]).toEqual([{ profile_id: 'ann', attributes: '{"plan":"pro","visits":3}' }, []]);
	}
});

test('attributes without a value are left out and told', () => {
	const { event, dropped } = check(profiles, {
		profile_id: 'ann',
		attributes: { plan: 'pro', city: null, phone: '' },
	});
	expect(event).toEqual({ profile_id: 'ann', attributes: '{"plan":"pro"}' });
	expect([...dropped.pairs]).toEqual(['city', 'phone']);
});
