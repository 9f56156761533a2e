/** The four uploads on n8n's engine, against the sandbox: both mapping modes, both ways to send. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { openBench, reportsOf, type Bench } from '../../support/bench.mts';
import { instantClock } from '../../support/clock.mts';

const now = () => Math.floor(Date.now() / 1000) - 60;
const product = {
	product_name: 'Tea',
	cart_item_quantity: 1,
	original_price_currency: 'rub',
	original_price_value: 349.9,
};

interface Upload {
	node: string;
	path: string;
	/** An item in the vendor's own names. */
	item: () => IDataObject;
	/** The same in the form, from items whose names differ. */
	form: { parameters: INodeParameters; item: () => IDataObject };
	stored: IDataObject;
	/** As it is refused before anything is sent. */
	invalid: IDataObject;
	field: string;
}

const UPLOADS: Upload[] = [
	{
		node: 'appMetricaImportRevenue',
		path: 'revenue',
		item: () => ({
			profile_id: 'ann',
			revenue_event_type: 'refund',
			event_timestamp: now(),
			price: '-499.90',
			currency: 'rub',
			product_id: 'Чай, "зелёный"',
			order_id: '000177',
			payload: { reason: 'не подошёл, "увы"' },
		}),
		form: {
			parameters: {
				profile_id: '={{ $json.who }}',
				revenue_event_type: 'refund',
				event_timestamp: '={{ $json.at }}',
				price: '={{ $json.sum }}',
				currency: 'rub',
				product_id: 'Чай, "зелёный"',
				order_id: '000177',
				payload: '={{ { reason: $json.why } }}',
			},
			item: () => ({ who: 'ann', at: now(), sum: '-499.90', why: 'не подошёл, "увы"' }),
		},
		stored: {
			profile_id: 'ann',
			revenue_event_type: 'refund',
			price: '-499.9',
			currency: 'RUB',
			product_id: 'Чай, "зелёный"',
			order_id: '000177',
			payload: '{"reason":"не подошёл, \\"увы\\""}',
		},
		invalid: { price: '0.000000001' },
		field: 'price',
	},
	{
		node: 'appMetricaImportAdRevenue',
		path: 'adrevenue',
		item: () => ({
			appmetrica_device_id: '18446744073709551615',
			event_timestamp: now(),
			revenue: 0.0000007,
			currency: 'usd',
			ad_type: 'rewarded',
			ad_unit_id: '0987654321',
			os_version: '16.10',
		}),
		form: {
			parameters: {
				appmetrica_device_id: '={{ $json.device }}',
				event_timestamp: '={{ $json.at }}',
				revenue: '={{ $json.revenue }}',
				currency: 'usd',
				ad_type: 'rewarded',
				ad_unit_id: '0987654321',
				device: { os_version: '16.10' },
			},
			item: () => ({ device: '18446744073709551615', at: now(), revenue: 0.0000007 }),
		},
		stored: {
			appmetrica_device_id: '18446744073709551615',
			revenue: '0.0000007',
			currency: 'USD',
			ad_type: 'rewarded',
			ad_unit_id: '0987654321',
			os_version: '16.10',
		},
		invalid: { profile_id: 'ann' },
		field: 'appmetrica_device_id',
	},
	{
		node: 'appMetricaImportEcommerce',
		path: 'ecommerce',
		item: () => ({
			profile_id: 'ann',
			event_timestamp: now(),
			ecom_event_type: 'ADD_TO_CART',
			order_id: 'cart-77',
			...product,
			product_category_path: ['Shop', 'Tea'],
			product_promo_codes: ['SPRING', 'NEW-10'],
			screen_name: 'Каталог',
		}),
		form: {
			parameters: {
				profile_id: 'ann',
				event_timestamp: '={{ $json.at }}',
				ecom_event_type: 'ADD_TO_CART',
				order_id: 'cart-77',
				product_name: 'Tea',
				cart_item_quantity: '1',
				original_price_currency: 'RUB',
				original_price_value: '={{ $json.price }}',
				product: {
					product_category_path: ['Shop', '={{ $json.kind }}'],
					product_promo_codes: '={{ $json.codes }}',
				},
				screen: { screen_name: 'Каталог' },
			},
			item: () => ({ at: now(), price: 349.9, kind: 'Tea', codes: ['SPRING', 'NEW-10'] }),
		},
		stored: {
			profile_id: 'ann',
			ecom_event_type: 'ADD_TO_CART',
			order_id: 'cart-77',
			product_name: 'Tea',
			cart_item_quantity: '1',
			original_price_currency: 'RUB',
			original_price_value: '349.9',
			product_category_path_1: 'Shop',
			product_category_path_2: 'Tea',
			product_promo_codes: '[SPRING,NEW-10]',
			screen_name: 'Каталог',
		},
		invalid: { order_id: '' },
		field: 'order_id',
	},
	{
		node: 'appMetricaImportProfiles',
		path: 'profiles',
		item: () => ({
			profile_id: 'ann',
			attributes: { plan: 'pro, "год"', total: 12.5, vip: true, counter: -1 },
		}),
		form: {
			parameters: {
				profile_id: 'ann',
				attributesRows: {
					pair: [
						{ name: 'plan', type: 'asGiven', value: '={{ $json.plan }}' },
						{ name: 'total', type: 'number', value: '12.50' },
						{ name: 'vip', type: 'boolean', value: 'true' },
						{ name: 'counter', type: 'asGiven', value: '={{ $json.step }}' },
					],
				},
			},
			item: () => ({ plan: 'pro, "год"', step: -1 }),
		},
		stored: {
			profile_id: 'ann',
			attributes: '{"plan":"pro, \\"год\\"","total":12.5,"vip":true,"counter":-1}',
		},
		invalid: { attributes: { address: { city: 'Tula' } } },
		field: 'attributes',
	},
];

let bench: Bench;
beforeAll(async () => {
	bench = await openBench(instantClock());
}, 60_000);
beforeEach(() => {
	bench.sandbox.reset();
	bench.sandbox.faults.clear();
});
afterAll(async () => await bench.close());

const stored = () => bench.sandbox.stored('appMetrica').map(({ event }) => event);

describe.each(UPLOADS.map((upload) => [upload.node, upload] as const))('%s', (node, upload) => {
	const { path, item, form, stored: wanted, invalid, field } = upload;

	describe.each([
		['batch', `${path}.csv`],
		['single', path],
	])('%s', (sendAs, method) => {
		test.each([
			['mapped automatically', item, {}],
			['mapped in the form', form.item, { mappingMode: 'defineBelow', ...form.parameters }],
		] as const)('%s', async (_, given, parameters) => {
			const result = await bench.run({
				node,
				items: [given(), given()],
				parameters: { ...parameters, sendAs } as INodeParameters,
			});
			const reports = reportsOf(result, 2);
			expect(reports.map(({ delivery }) => [delivery.status, delivery.method, delivery.warnings])).toEqual([
				['accepted', method, undefined],
				['accepted', method, undefined],
			]);
			expect(stored()).toEqual([wanted, wanted].map((event) => expect.objectContaining(event)));
			expect(reports[0].event).toMatchObject(wanted);
			expect(bench.sandbox.requests).toHaveLength(sendAs === 'batch' ? 1 : 2);
			expect(bench.sandbox.requests[0].url).toMatch(
				new RegExp(`/logs/v1/import/${method.replace('.', '\\.')}\\?post_api_key=`),
			);
		});
	});

	test('a bad item is told by its field and the good one is sent', async () => {
		const result = await bench.run({ node, items: [{ ...item(), ...invalid }, item()] });
		const [bad, good] = reportsOf(result, 2);
		expect(bad).toMatchObject({ delivery: { status: 'invalid', issues: [{ field }] } });
		expect(good).toMatchObject({ delivery: { status: 'accepted' } });
		expect(stored()).toHaveLength(1);
	});

	test('no repeat after a lost answer, which may have counted', async () => {
		bench.sandbox.faults.push({ reset: 'afterStoring' });
		const [{ delivery }] = reportsOf(await bench.run({ node, items: [item()] }), 1);
		expect(delivery).toMatchObject({ status: 'unknown', attempts: 1 });
		expect(stored()).toHaveLength(1);
	});
});

test('an order with its products is one item, one status, and a row for each', async () => {
	const { node, item } = UPLOADS[2];
	const order = item();
	const products = ['Tea', 'Cup'].map((product_name) => ({ ...product, product_name, product_sku: '1' }));
	for (const name of Object.keys(order))
		if (name in product || name.startsWith('product_')) delete order[name];
	const result = await bench.run({ node, items: [{ ...order, products }] });
	expect(reportsOf(result, 1)[0]).toMatchObject({ delivery: { status: 'accepted' } });
	expect(stored().map(({ product_name, order_id }) => [product_name, order_id])).toEqual([
		['Tea', 'cart-77'],
		['Cup', 'cart-77'],
	]);
	// The event of an error output goes in again as it came out.
	const [{ event }] = reportsOf(result, 1);
	bench.sandbox.reset();
	const again = await bench.run({ node, items: [event as IDataObject] });
	expect(reportsOf(again, 1)[0]).toMatchObject({ event, delivery: { status: 'accepted' } });
});

test('events that went out come out in a form that goes in again', async () => {
	for (const { node, item } of UPLOADS) {
		const [{ event }] = reportsOf(await bench.run({ node, items: [item()] }), 1);
		expect(reportsOf(await bench.run({ node, items: [event as IDataObject] }), 1)[0]).toMatchObject({
			event,
		});
	}
});
