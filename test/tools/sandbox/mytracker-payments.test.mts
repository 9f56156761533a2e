import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';

import { startSandbox } from '../../../tools/sandbox/server.mts';
import type { Sandbox } from '../../../tools/sandbox/server.mts';
import { send } from './client.mts';

let sandbox: Sandbox;
beforeAll(async () => {
	sandbox = await startSandbox();
});
beforeEach(() => sandbox.reset());
afterAll(() => sandbox.close());

const post = (method: string, body: unknown, app = '666') =>
	send(
		'POST',
		`${sandbox.baseUrls.myTracker}/v1/${method}/?idApp=${app}`,
		{ authorization: sandbox.credentials.myTrackerApi.token, 'content-type': 'application/json' },
		JSON.stringify(body),
	);
const last = () => sandbox.requests[sandbox.requests.length - 1];

const GOOD: Record<string, object> = {
	customRevenue: { customUserId: '1', idTransaction: 'order1', currency: 'USD', total: 4.5 },
	googlePlayProductTransaction: {
		customUserId: '1',
		orderId: 'o',
		productId: 'p',
		currency: 'USD',
		revenue: 1.99,
		token: 't',
	},
	googlePlaySubscriptionTransaction: {
		customUserId: '1',
		orderId: 'o',
		priceCurrencyCode: 'USD',
		priceAmountMicros: 1990000,
		subscriptionId: 's',
	},
	googlePlaySubscriptionToken: {
		customUserId: '1',
		orderId: 'o',
		subscriptionId: 's',
		token: 't',
		subscriptionPeriod: 'P1M',
	},
	appStoreProductTransaction: {
		customUserId: '1',
		transactionId: 't',
		productId: 'p',
		price: 1.99,
		currency: 'USD',
	},
	appStoreSubscriptionTransaction: {
		customUserId: '1',
		transactionId: 't',
		productId: 'p',
		price: 1.99,
		currency: 'USD',
		transactionIdOriginal: 'o',
	},
	order: {
		customUserId: '1',
		order_id: '000919',
		items: [{ item_id: '00912', item_name: 'Apple', quantity: '6' }],
	},
};

describe.each(Object.entries(GOOD))('%s', (method, good) => {
	test('is taken alone and in a batch, 20 at most', async () => {
		expect((await post(method, good)).status).toBe(200);
		// Another key each, where repeats are dropped.
		const many = (count: number) =>
			Array.from({ length: count }, (_, index) => ({
				...good,
				...('orderId' in good ? { orderId: `o${index}` } : {}),
			}));
		expect((await post(`${method}Batch`, many(20))).status).toBe(200);
		expect(last()).toMatchObject({ operation: `${method}Batch`, stored: 20 });
		expect((await post(`${method}Batch`, many(21))).status).toBe(400);
		expect((await post(`${method}Batch`, [])).status).toBe(400);
		expect((await post(method, [good])).status).toBe(400);
	});

	test('needs each of its required parameters', async () => {
		const required = Object.keys(good).filter((name) => name !== 'customUserId' && name !== 'token');
		for (const name of required) {
			expect((await post(method, { ...good, [name]: undefined })).status).toBe(400);
			expect(last().refusals.map(({ field }) => field)).toEqual([name]);
		}
	});

	test('knows no other name, and none of VK Mini Apps and VK Play', async () => {
		for (const name of ['customEventName', 'vkPlatform', 'sezamUserId', 'amount']) {
			expect((await post(method, { ...good, [name]: '1' })).status).toBe(400);
		}
	});

	test('one bad element refuses the batch, and the sandbox says which', async () => {
		expect((await post(`${method}Batch`, [good, { ...good, age: 129 }])).status).toBe(400);
		expect(last().refusals).toMatchObject([{ index: 1, field: 'age' }]);
		expect(sandbox.stored('myTracker')).toEqual([]);
	});
});

describe('values', () => {
	test.each<[string, object, number]>([
		['customRevenue', { total: 0 }, 200],
		['customRevenue', { total: 12.33434 }, 200],
		['customRevenue', { total: -0.01 }, 400],
		['customRevenue', { total: '4.5' }, 400],
		['customRevenue', { currency: 'US' }, 400],
		['customRevenue', { currency: 'rub' }, 200],
		['customRevenue', { idTransaction: 'я'.repeat(127) }, 200],
		['customRevenue', { idTransaction: 'я'.repeat(128) }, 400],
		['customRevenue', { idTransaction: '' }, 400],
		['customRevenue', { customUserId: undefined }, 200],
		['customRevenue', { eventTimestamp: 1577191920, appSetId: '00000000-0000-0000-0000-000000000000' }, 200],
		['googlePlayProductTransaction', { token: undefined }, 400],
		['googlePlayProductTransaction', { isVerified: 1 }, 400],
		['googlePlayProductTransaction', { isVerified: 0 }, 200],
		['googlePlayProductTransaction', { token: undefined, isVerified: 1 }, 200],
		['googlePlayProductTransaction', { token: undefined, isVerified: 2 }, 400],
		['googlePlayProductTransaction', { token: undefined, isVerified: '1' }, 400],
		['googlePlayProductTransaction', { revenue: 0 }, 400],
		['googlePlaySubscriptionTransaction', { priceAmountMicros: 1.5 }, 400],
		['googlePlaySubscriptionTransaction', { priceAmountMicros: '1990000' }, 400],
		[
			'googlePlaySubscriptionTransaction',
			{ paymentState: 2, isIntroductory: 1, startTimeMillis: 1693242344000 },
			200,
		],
		['googlePlaySubscriptionTransaction', { paymentState: 3 }, 400],
		['googlePlaySubscriptionTransaction', { isIntroductory: 2 }, 400],
		['googlePlaySubscriptionToken', { subscriptionPeriod: 'P1W' }, 200],
		['googlePlaySubscriptionToken', { subscriptionPeriod: 'P' }, 400],
		['googlePlaySubscriptionToken', { subscriptionPeriod: '1 month' }, 400],
		['appStoreProductTransaction', { quantity: 2 }, 200],
		['appStoreProductTransaction', { quantity: 0 }, 400],
		['appStoreProductTransaction', { price: 0 }, 400],
		['appStoreProductTransaction', { transactionId: 1234567890098765 }, 400],
		[
			'appStoreSubscriptionTransaction',
			{ isTrial: 0, isIntroductory: 1, tsPaymentOriginal: 1, tsPaymentExpires: 2 },
			200,
		],
		['appStoreSubscriptionTransaction', { tsPaymentExpires: 0 }, 400],
		['order', { status: 'REFUND' }, 200],
		['order', { status: 'PAID' }, 400],
		['order', { customUserId: undefined }, 400],
		['order', { customUserId: undefined, appSetId: '00000000-0000-0000-0000-000000000000' }, 200],
		['order', { items: [] }, 400],
		['order', { items: [{ item_id: '1' }] }, 400],
		['order', { items: [{ item_id: '1', item_name: 'a', quantity: '0' }] }, 400],
		[
			'order',
			{
				items: [
					{
						item_id: '1',
						item_name: 'a',
						quantity: 2,
						price: '9.99',
						item_category2: 'x',
						tax: '20',
						index: 0,
					},
				],
			},
			200,
		],
		['order', { items: [{ item_id: '1', item_name: 'a', tax: 101 }] }, 400],
		['order', { items: [{ item_id: '1', item_name: 'a', colour: 'red' }] }, 400],
		['order', { currency_code: 'RUB', action_id: '1', coupon: 'x' }, 200],
	])('%s with %j is answered %i', async (method, change, status) => {
		expect((await post(method, { ...GOOD[method], ...change })).status).toBe(status);
	});
});

test('Google Play: a transaction that was sent already is taken and removed, per application', async () => {
	const one = GOOD.googlePlayProductTransaction;
	expect((await post('googlePlayProductTransaction', one)).status).toBe(200);
	expect(
		(
			await post('googlePlayProductTransactionBatch', [
				{ ...one, orderId: 'new' },
				one,
				{ ...one, orderId: 'newer' },
			])
		).status,
	).toBe(200);
	expect(last()).toMatchObject({ stored: 2, discarded: [{ index: 1 }] });
	expect(sandbox.stored('myTracker').map(({ index, event }) => [index, event.orderId])).toEqual([
		[0, 'o'],
		[0, 'new'],
		[2, 'newer'],
	]);
	expect((await post('googlePlayProductTransaction', one, '777')).status).toBe(200);
	expect(last().stored).toBe(1);
});

test('a custom revenue counts as often as it comes', async () => {
	await post('customRevenue', GOOD.customRevenue);
	await post('customRevenue', GOOD.customRevenue);
	expect(sandbox.stored('myTracker')).toHaveLength(2);
});
