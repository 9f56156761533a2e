import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';

import { startSandbox } from '../../../tools/sandbox/server.mts';
import type { Sandbox } from '../../../tools/sandbox/server.mts';
import { send } from './client.mts';

let sandbox: Sandbox;
beforeAll(async () => {
	sandbox = await startSandbox();
});
beforeEach(() => {
	sandbox.reset();
	sandbox.appMetrica.emptyCells = undefined;
});
afterAll(() => sandbox.close());

const KEY = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ012';
const OK = { status: 200, body: 'Your data has been uploaded.' };
const BAD = { status: 400, body: 'One or more required parameters were missing in the request.' };
const last = () => sandbox.requests[sandbox.requests.length - 1];

const GOOD: Record<string, Record<string, string>> = {
	revenue: {
		application_id: '1111',
		profile_id: 'u',
		revenue_event_type: 'one_time_purchase',
		event_timestamp: '1689943892',
		price: '0.0001',
		currency: 'USD',
		product_id: 'p',
	},
	adrevenue: {
		application_id: '1111',
		profile_id: 'u',
		event_timestamp: '1689943892',
		revenue: '0.0001',
		currency: 'usd',
		ad_type: 'banner',
	},
	ecommerce: {
		application_id: '1111',
		profile_id: 'u',
		event_timestamp: '1689943892',
		ecom_event_type: 'ADD_TO_CART',
		order_id: 'o',
		product_name: 'n',
		cart_item_quantity: '1',
		original_price_currency: 'USD',
		original_price_value: '1.05',
	},
	profiles: {
		application_id: '1111',
		profile_id: 'u',
		attributes: '{"tier":"gold","visits":1234,"vip":true,"counter_points":-1}',
	},
};
type Change = Record<string, string | undefined>;
const one = (upload: string, change: Change = {}) => {
	const pairs = Object.entries({ ...GOOD[upload], ...change }).filter(
		(pair): pair is [string, string] => pair[1] !== undefined,
	);
	const query = pairs.map(([name, value]) => `&${name}=${encodeURIComponent(value)}`).join('');
	return send('POST', `${sandbox.baseUrls.appMetrica}/logs/v1/import/${upload}?post_api_key=${KEY}${query}`);
};
const file = (upload: string, body: string) =>
	send('POST', `${sandbox.baseUrls.appMetrica}/logs/v1/import/${upload}.csv?post_api_key=${KEY}`, {}, body);
const cell = (value: string) => (/[",]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);
const csv = (upload: string, ...changes: Change[]) => {
	const rows = changes.map((change) => ({ ...GOOD[upload], ...change }));
	const names = Object.keys(rows[0]);
	return [names, ...rows.map((row) => names.map((name) => cell(row[name as keyof typeof row] ?? '')))]
		.map((cells) => `${cells.join(',')}\n`)
		.join('');
};

describe.each(Object.keys(GOOD))('%s', (upload) => {
	test('is taken in both forms and stored as it came', async () => {
		expect(await one(upload)).toMatchObject(OK);
		expect(await file(upload, csv(upload, {}, {}))).toMatchObject(OK);
		expect(sandbox.stored('appMetrica').map(({ operation, event }) => [operation, event])).toEqual([
			[upload, GOOD[upload]],
			[`${upload}.csv`, GOOD[upload]],
			[`${upload}.csv`, GOOD[upload]],
		]);
	});

	test('needs each of its parameters', async () => {
		for (const name of Object.keys(GOOD[upload])) {
			const answer = await one(upload, { [name]: undefined });
			expect([name, answer.status, answer.body]).toEqual([name, BAD.status, BAD.body]);
			expect(last().refusals).toHaveLength(1);
		}
	});

	test('takes no name of another upload, and not both ids', async () => {
		expect(await one(upload, { event_name: 'n' })).toMatchObject(BAD);
		expect(await one(upload, { appmetrica_device_id: '1757762239877245682' })).toMatchObject(BAD);
	});

	test('the sandbox’s own refusal, and a profile that the SDK never sent', async () => {
		expect(await file(upload, csv(upload, {}, { profile_id: 'sandbox-refuse' }))).toMatchObject(BAD);
		expect(await file(upload, csv(upload, { profile_id: 'sandbox-unknown-1' }, {}))).toMatchObject(OK);
		expect(last()).toMatchObject({ stored: 1, discarded: [{ index: 0, field: 'profile_id' }] });
		expect(sandbox.stored('appMetrica')).toMatchObject([{ index: 1, event: { profile_id: 'u' } }]);
	});
});

describe('values', () => {
	test.each<[string, Change, number]>([
		['revenue', { price: '1234567890.12345678' }, 200],
		['revenue', { price: '0' }, 200],
		['revenue', { price: '12345678901' }, 400],
		['revenue', { price: '0.000000001' }, 400],
		['revenue', { price: '1e-7' }, 400],
		['revenue', { price: '-1', revenue_event_type: 'refund' }, 200],
		['revenue', { price: '-1' }, 400],
		['revenue', { revenue_event_type: 'trial_subscription_started' }, 400],
		['revenue', { currency: 'rub' }, 200],
		['revenue', { currency: 'BOV' }, 400],
		['revenue', { currency: 'RUR' }, 400],
		['revenue', { event_timestamp: '1689943892000' }, 400],
		[
			'revenue',
			{
				quantity: '2',
				transaction_id: 'transact1',
				order_id: '8101',
				payload: '{"key":"v"}',
				device_model: 'iPhone X',
			},
			200,
		],
		['revenue', { quantity: '0' }, 400],
		['revenue', { payload: 'text' }, 400],
		['revenue', { device_type: 'tv' }, 400],
		['revenue', { profile_id: undefined, appmetrica_device_id: '18446744073709551615' }, 200],
		['adrevenue', { ad_type: 'video' }, 400],
		['adrevenue', { revenue: '-1' }, 400],
		['adrevenue', { ad_unit_id: '0987654321', precision: 'exact', ad_network: 'a' }, 200],
		['ecommerce', { ecom_event_type: 'add_cart_item' }, 400],
		[
			'ecommerce',
			{ product_category_path_10: 'x', screen_category_path_1: 'y', product_promo_codes: '[a,b]' },
			200,
		],
		['ecommerce', { product_category_path_11: 'x' }, 400],
		['ecommerce', { original_price_value: '1,05' }, 400],
		['profiles', { attributes: '{}' }, 400],
		['profiles', { attributes: '{"a":null}' }, 400],
		['profiles', { attributes: '{"a":[1]}' }, 400],
		['profiles', { attributes: '["a"]' }, 400],
		['profiles', { event_timestamp: '1689943892' }, 400],
	])('%s with %j is answered %i', async (upload, change, status) => {
		expect((await one(upload, change)).status).toBe(status);
	});
});

test('a payload above 30 KB is cut, as the page says', async () => {
	const payload = `{"key":"${'x'.repeat(40_000)}"}`;
	expect(await file('revenue', csv('revenue', { payload }))).toMatchObject(OK);
	expect(sandbox.stored('appMetrica')[0].event.payload).toBe(payload.slice(0, 30 * 1024));
});

test('an empty cell is refused, or means "absent" where a test sets it so', async () => {
	const body = csv('revenue', { order_id: '1' }, { order_id: '' });
	expect(await file('revenue', body)).toMatchObject(BAD);
	sandbox.appMetrica.emptyCells = true;
	expect(await file('revenue', body)).toMatchObject(OK);
	expect(sandbox.stored('appMetrica').map(({ event }) => 'order_id' in event)).toEqual([true, false]);
	expect(await file('revenue', csv('revenue', { price: '' }))).toMatchObject(BAD);
});

describe('the samples of the further pages', () => {
	type Sample = { target: string; body?: string; faults: string[] };
	const { operations } = JSON.parse(
		readFileSync(join(process.cwd(), 'test/pages/appmetrica-more.json'), 'utf8'),
	) as {
		operations: Record<string, { samples?: { csv: Sample; query: Sample } }>;
	};
	const sample = (operation: string, form: 'csv' | 'query') =>
		operations[operation].samples?.[form] as Sample;
	const ask = ({ target, body }: Sample) =>
		send('POST', sandbox.baseUrls.appMetrica + target, { connection: 'close' }, body ?? '');

	test.each([
		['importRevenue', 'csv', 2],
		['importProfiles', 'csv', 1],
		['importProfiles', 'query', 1],
	] as const)('%s, %s: accepted as printed', async (operation, form, stored) => {
		// The revenue page's sample is of application 1111, the others of 1234567890.
		expect(await ask(sample(operation, form))).toMatchObject(OK);
		expect(last()).toMatchObject({ stored, refusals: [] });
	});

	test.each([
		['importAdRevenue', 'csv', 'exactly one of profile_id and appmetrica_device_id is needed'],
		['importRevenue', 'query', 'with a CSV body the query holds only post_api_key'],
	] as const)(
		'%s, %s: breaks the page’s own rule, and is refused for that alone',
		async (operation, form, reason) => {
			expect(await ask(sample(operation, form))).toMatchObject(BAD);
			expect(new Set(last().refusals.map((refusal) => refusal.reason))).toEqual(new Set([reason]));
		},
	);

	test('importEcommerce, csv: a header over two lines and both ids', async () => {
		expect(await ask(sample('importEcommerce', 'csv'))).toMatchObject(BAD);
		expect(last().refusals).toMatchObject([
			{ field: 'original_price_currency', reason: 'is required' },
			{ field: 'original_price_value', reason: 'is required' },
			{ reason: 'exactly one of profile_id and appmetrica_device_id is needed' },
		]);
	});
});
