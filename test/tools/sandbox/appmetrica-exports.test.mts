import { get } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';

import { startSandbox } from '../../../tools/sandbox/server.mts';
import type { AppMetricaSettings, Sandbox } from '../../../tools/sandbox/server.mts';
import { send } from './client.mts';

const NOON = Date.parse('2026-11-26T09:00:00Z');
let now = NOON;
let sandbox: Sandbox;
beforeAll(async () => {
	sandbox = await startSandbox({ now: () => now });
});
beforeEach(() => {
	sandbox.reset();
	now = NOON;
	set({ exportPolls: 0, exportMs: undefined, mergeMs: undefined, timeZoneOffset: undefined });
});
afterAll(() => sandbox.close());

const set = (settings: AppMetricaSettings) => void Object.assign(sandbox.appMetrica, settings);
const last = () => sandbox.requests[sandbox.requests.length - 1];
const oauth = () => ({ authorization: `OAuth ${sandbox.credentials.appMetricaOAuthApi.token}` });
const DAY = 'date_since=2026-11-26%2000%3A00%3A00&date_until=2026-11-26%2023%3A59%3A59';
const ask = (resource: string, query: string, headers: Record<string, string> = oauth()) =>
	send(
		'GET',
		`${sandbox.credentials.appMetricaOAuthApi.baseUrl}/logs/v1/export/${resource}?application_id=1111&${query}`,
		headers,
	);
const rowsOf = (body: string) =>
	parse(body, { columns: true, record_delimiter: '\n' }) as Array<Record<string, string>>;
const upload = async (kind: string, event: Record<string, string>) => {
	const query = Object.entries({
		post_api_key: sandbox.credentials.appMetricaApi.postApiKey,
		application_id: '1111',
		...event,
	});
	const text = query.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&');
	const answer = await send('POST', `${sandbox.baseUrls.appMetrica}/logs/v1/import/${kind}?${text}`);
	expect(last().refusals).toEqual([]);
	return answer;
};
/** 26 November 2026, 12:00 in Moscow. */
const TIME = String(NOON / 1_000);
const event = (name: string, more: Record<string, string> = {}) =>
	upload('events', { profile_id: 'u-1', event_name: name, event_timestamp: TIME, ...more });

describe('the queue', () => {
	beforeEach(() => set({ exportPolls: 1 }));

	test('202 first, then the file; identical requests share it, their order of parameters apart', async () => {
		await event('bought');
		expect(await ask('events.csv', `${DAY}&fields=event_name`)).toMatchObject({
			status: 202,
			body: 'Wait for result',
		});
		expect(await ask('events.csv', `fields=event_name&${DAY}`)).toMatchObject({
			status: 200,
			body: 'event_name\nbought\n',
		});
		expect(await ask('events.csv', `${DAY}&fields=event_name,profile_id`)).toMatchObject({ status: 202 });
	});

	test('the file stays what it was for 24 hours, then it is made anew', async () => {
		set({ exportPolls: 0 });
		const first = await ask('events.csv', `${DAY}&fields=event_name`);
		await event('later');
		now += 24 * 3_600_000 - 1;
		expect((await ask('events.csv', `${DAY}&fields=event_name`)).body).toBe(first.body);
		now += 1;
		expect((await ask('events.csv', `${DAY}&fields=event_name`)).body).toBe('event_name\nlater\n');
	});

	test('no-cache makes a new file each time, also while one is being made; max-age takes a young one', async () => {
		const poll = (cacheControl?: string) =>
			ask('events.csv', `${DAY}&fields=event_name`, {
				...oauth(),
				...(cacheControl && { 'cache-control': cacheControl }),
			});
		for (let index = 0; index < 4; index++) expect((await poll('no-cache')).status).toBe(202);
		expect((await poll()).status).toBe(200);
		now += 10_000;
		expect((await poll('max-age=10')).status).toBe(200);
		expect((await poll('max-age=9')).status).toBe(202);
	});

	test('three wait, one after another; the fourth is 429 in the page’s words; another application is not affected', async () => {
		set({ exportPolls: 0, exportMs: 1_000 });
		const poll = (fields: string) => ask('events.csv', `${DAY}&fields=${fields}`);
		const queue = ['event_name', 'event_json', 'profile_id'];
		for (const fields of queue) expect((await poll(fields)).status).toBe(202);
		expect(await poll('event_timestamp')).toMatchObject({
			status: 429,
			headers: { 'content-type': 'text/plain; charset=utf-8' },
			body: 'There are already 3 enqueued queries for given application_id. Wait until they are completed.',
		});
		expect(
			(
				await send(
					'GET',
					`${sandbox.baseUrls.appMetrica}/logs/v1/export/events.csv?application_id=2222&${DAY}&fields=event_name`,
					oauth(),
				)
			).status,
		).toBe(202);
		now += 1_000;
		expect(await Promise.all(queue.map(async (fields) => (await poll(fields)).status))).toEqual([
			200, 202, 202,
		]);
		expect((await poll('event_timestamp')).status).toBe(202);
		now += 1_000;
		expect((await poll('event_json')).status).toBe(200);
	});

	test('a progress in percent is told, as the vendor’s loader reads it', async () => {
		set({ exportPolls: 4 });
		const bodies = [];
		for (let index = 0; index < 5; index++)
			bodies.push((await ask('events.csv', `${DAY}&fields=event_name`)).body);
		expect(bodies).toEqual([
			'Wait for result',
			'Wait for result. Progress is 25%.',
			'Wait for result. Progress is 50%.',
			'Wait for result. Progress is 75%.',
			'event_name\n',
		]);
	});
});

describe('what is in the file', () => {
	test('the header in the order asked for; quotes, commas, line breaks, 64-bit ids and empty cells as RFC 4180 has them', async () => {
		await event('a,"b"\nЖ', { event_json: '{"sum":"10"}', os_version: '16.10' });
		await upload('events', {
			appmetrica_device_id: '18446744073709551615',
			event_name: 'x',
			event_timestamp: TIME,
		});
		const { body } = await ask(
			'events.csv',
			`${DAY}&fields=event_json,event_name,appmetrica_device_id,os_version,city`,
		);
		expect(body).toBe(
			'event_json,event_name,appmetrica_device_id,os_version,city\n"{""sum"":""10""}","a,""b""\nЖ",,16.10,\n,x,18446744073709551615,,\n',
		);
	});

	test('times as text are in the zone of the application, three hours east', async () => {
		await event('x');
		const { body } = await ask(
			'events.csv',
			`${DAY}&fields=event_datetime,event_timestamp,event_receive_datetime`,
		);
		expect(rowsOf(body)).toEqual([
			{
				event_datetime: '2026-11-26 12:00:00',
				event_timestamp: TIME,
				event_receive_datetime: '2026-11-26 12:00:00',
			},
		]);
	});

	test('a range is of that zone, both ends included; receive is the time of the upload', async () => {
		await event('early', { event_timestamp: String(Number(TIME) - 86_400) });
		const from = (text: string) => encodeURIComponent(text);
		const count = async (since: string, until: string, more = '') =>
			rowsOf(
				(
					await ask(
						'events.csv',
						`date_since=${from(since)}&date_until=${from(until)}&fields=event_name${more}`,
					)
				).body,
			).length;
		expect(await count('2026-11-25 12:00:00', '2026-11-25 12:00:00')).toBe(1);
		expect(await count('2026-11-25 12:00:01', '2026-11-25 23:59:59')).toBe(0);
		expect(await count('2026-11-25', '2026-11-25')).toBe(1);
		expect(await count('2026-11-26', '2026-11-26')).toBe(0);
		expect(await count('2026-11-26', '2026-11-26', '&date_dimension=receive')).toBe(1);
	});

	test('equality filters, limit, parts, byte order mark, + for a blank', async () => {
		for (const name of ['a', 'b', 'a b', 'a']) await event(name);
		const names = async (more: string) =>
			rowsOf((await ask('events.csv', `${DAY}&fields=event_name${more}`)).body).map((row) => row.event_name);
		expect(await names('&event_name=a')).toEqual(['a', 'a']);
		expect(await names('&event_name=a+b')).toEqual(['a b']);
		expect(await names('&limit=2')).toEqual(['a', 'b']);
		expect([
			await names('&parts_count=2&part_number=0'),
			await names('&parts_count=2&part_number=1'),
		]).toEqual([
			['a', 'a b'],
			['b', 'a'],
		]);
		expect((await ask('events.csv', `${DAY}&fields=event_name&use_utf8_bom=true&limit=1`)).body).toBe(
			'\ufeffevent_name\na\n',
		);
	});

	test('what was uploaded shows up after the delay, unknown profiles never', async () => {
		set({ mergeMs: 4 * 3_600_000 });
		await event('kept');
		await event('lost', { profile_id: 'sandbox-unknown-7' });
		const names = async (more: string) =>
			rowsOf((await ask('events.csv', `${DAY}&fields=event_name&limit=${more}`)).body).map(
				(row) => row.event_name,
			);
		expect(await names('10')).toEqual([]);
		now += 4 * 3_600_000;
		expect(await names('11')).toEqual(['kept']);
	});

	test('money under the export’s own names', async () => {
		await upload('revenue', {
			profile_id: 'u',
			revenue_event_type: 'trial_started',
			event_timestamp: TIME,
			price: '499.00',
			currency: 'rub',
			product_id: 'p',
			order_id: '8101',
		});
		await upload('adrevenue', {
			profile_id: 'u',
			event_timestamp: TIME,
			revenue: '0.0001',
			currency: 'usd',
			ad_type: 'banner',
			ad_unit_id: '0987',
		});
		await upload('ecommerce', {
			profile_id: 'u',
			event_timestamp: TIME,
			ecom_event_type: 'ADD_TO_CART',
			order_id: 'o',
			product_name: 'n',
			cart_item_quantity: '2',
			original_price_currency: 'usd',
			original_price_value: '1.05',
			product_promo_codes: '[a,b]',
		});
		const row = async (resource: string, fields: string) =>
			rowsOf((await ask(`${resource}.csv`, `${DAY}&fields=${fields}`)).body);
		expect(
			await row(
				'revenue_events',
				'revenue_event_type,revenue_price,revenue_currency,revenue_quantity,revenue_order_id,revenue_order_id_source',
			),
		).toEqual([
			{
				revenue_event_type: 'trial_subscription_started',
				revenue_price: '499.00',
				revenue_currency: 'RUB',
				revenue_quantity: '1',
				revenue_order_id: '8101',
				revenue_order_id_source: 'user_defined',
			},
		]);
		expect(
			await row(
				'ad_revenue_events',
				'ad_revenue,ad_revenue_currency,ad_revenue_unit_id,ad_revenue_timestamp',
			),
		).toEqual([
			{
				ad_revenue: '0.0001',
				ad_revenue_currency: 'USD',
				ad_revenue_unit_id: '0987',
				ad_revenue_timestamp: TIME,
			},
		]);
		expect(
			await row(
				'ecommerce_events',
				'ecom_type,ecom_cart_item_price_fiat_value,ecom_cart_item_quantity,ecom_product_promocodes,event_source',
			),
		).toEqual([
			{
				ecom_type: 'add_cart_item',
				ecom_cart_item_price_fiat_value: '1.05',
				ecom_cart_item_quantity: '2',
				ecom_product_promocodes: '["a","b"]',
				event_source: 'import_api',
			},
		]);
	});

	test('profiles: values are overwritten, counters add up', async () => {
		await upload('profiles', { profile_id: 'u', attributes: '{"tier":"silver","counter_points":5}' });
		await upload('profiles', { profile_id: 'u', attributes: '{"tier":"gold","counter_points":-1}' });
		expect((await ask('profiles_v2.csv', 'fields=profile_id,tier,counter_points')).body).toBe(
			'profile_id,tier,counter_points\nu,gold,4\n',
		);
	});

	test('JSON has every value as a string; a resource that uploads cannot fill is empty', async () => {
		await event('x');
		expect(
			JSON.parse((await ask('events.json', `${DAY}&fields=event_name,event_timestamp,city`)).body),
		).toEqual({ data: [{ event_name: 'x', event_timestamp: TIME, city: '' }] });
		expect(JSON.parse((await ask('clicks.json', `${DAY}&fields=click_id`)).body)).toEqual({ data: [] });
		expect((await ask('push_tokens.csv', 'fields=token')).body).toBe('token\n');
	});

	test('gzip when the client asks for it', async () => {
		await event('x');
		const address = `${sandbox.baseUrls.appMetrica}/logs/v1/export/events.csv?application_id=1111&${DAY}&fields=event_name`;
		const bytes = await new Promise<Buffer>((resolve, reject) => {
			get(address, { headers: { ...oauth(), 'accept-encoding': 'gzip' } }, (answer) => {
				expect(answer.headers['content-encoding']).toBe('gzip');
				const chunks: Buffer[] = [];
				answer.on('data', (chunk: Buffer) => chunks.push(chunk));
				answer.on('end', () => resolve(Buffer.concat(chunks)));
			}).on('error', reject);
		});
		expect(gunzipSync(bytes).toString()).toBe('event_name\nx\n');
	});
});

test('of 1,000 events in one file three are dropped without notice, and the export lacks exactly these', async () => {
	const lost = [7, 500, 999];
	const lines = Array.from({ length: 1_000 }, (_, index) => {
		const profile = lost.includes(index) ? `sandbox-unknown-${index}` : `u-${index}`;
		return `1111,${profile},bought,${TIME},"{""n"":${index}}"\n`;
	});
	const answer = await send(
		'POST',
		`${sandbox.baseUrls.appMetrica}/logs/v1/import/events.csv?post_api_key=${sandbox.credentials.appMetricaApi.postApiKey}`,
		{},
		`application_id,profile_id,event_name,event_timestamp,event_json\n${lines.join('')}`,
	);
	expect(answer).toMatchObject({ status: 200, body: 'Your data has been uploaded.' });
	expect(last().discarded.map(({ index }) => index)).toEqual(lost);

	const { body } = await ask(
		'events.csv',
		`${DAY}&date_dimension=receive&event_name=bought&fields=event_json`,
	);
	const found = new Set(rowsOf(body).map((row) => (JSON.parse(row.event_json) as { n: number }).n));
	expect(Array.from({ length: 1_000 }, (_, index) => index).filter((index) => !found.has(index))).toEqual(
		lost,
	);
});

describe('refusals', () => {
	test.each<[string, () => ReturnType<typeof send>, number]>([
		['no token', () => ask('events.csv', `${DAY}&fields=event_name`, {}), 401],
		['a wrong token', () => ask('events.csv', `${DAY}&fields=event_name`, { authorization: 'OAuth x' }), 401],
		[
			'another scheme',
			() =>
				ask('events.csv', `${DAY}&fields=event_name`, {
					authorization: `Bearer ${sandbox.credentials.appMetricaOAuthApi.token}`,
				}),
			401,
		],
		[
			'the Post API key',
			() =>
				ask(
					'events.csv',
					`${DAY}&fields=event_name&post_api_key=${sandbox.credentials.appMetricaApi.postApiKey}`,
					{},
				),
			401,
		],
		['no dates', () => ask('events.csv', 'fields=event_name'), 400],
		[
			'a date of another form',
			() => ask('events.csv', 'date_since=26.11.2026&date_until=2026-11-26&fields=event_name'),
			400,
		],
		[
			'a day that does not exist',
			() => ask('events.csv', 'date_since=2026-02-30&date_until=2026-11-26&fields=event_name'),
			400,
		],
		['no fields', () => ask('events.csv', DAY), 400],
		['a field of another resource', () => ask('events.csv', `${DAY}&fields=event_name,revenue_price`), 400],
		['a filter that is no field', () => ask('events.csv', `${DAY}&fields=event_name&colour=red`), 400],
		['another dimension', () => ask('events.csv', `${DAY}&fields=event_name&date_dimension=arrival`), 400],
		[
			'a dimension of postbacks',
			() => ask('postbacks.csv', `${DAY}&fields=click_id&date_dimension=receive`),
			400,
		],
		['dates of push tokens', () => ask('push_tokens.csv', `${DAY}&fields=token`), 400],
		[
			'an application of somebody else',
			() =>
				send(
					'GET',
					`${sandbox.baseUrls.appMetrica}/logs/v1/export/events.csv?application_id=9&${DAY}&fields=event_name`,
					oauth(),
				),
			403,
		],
		['an unknown resource', () => ask('visits.csv', `${DAY}&fields=event_name`), 404],
		[
			'another method',
			() => send('POST', `${sandbox.baseUrls.appMetrica}/logs/v1/export/events.csv`, oauth()),
			405,
		],
	])('%s', async (_name, act, status) => {
		expect((await act()).status).toBe(status);
		expect(last().refusals.length).toBeGreaterThan(0);
		expect(JSON.stringify(last().refusals)).not.toContain(sandbox.credentials.appMetricaOAuthApi.token);
	});
});

test('faults reach a streamed answer too', async () => {
	await event('x');
	sandbox.faults.push({ drip: { everyMs: 1, chunks: 3 } });
	expect((await ask('events.csv', `${DAY}&fields=event_name`)).body).toBe('event_name\nx\n');
	sandbox.faults.push({ halfAnswer: true, afterStoring: true });
	await expect(ask('events.csv', `${DAY}&fields=event_name`)).rejects.toThrow();
});

describe('the Management API', () => {
	test('lists the applications of the token, their zone and their Post API key', async () => {
		const answer = await send('GET', `${sandbox.baseUrls.appMetrica}/management/v1/applications`, oauth());
		expect(JSON.parse(answer.body)).toMatchObject({
			applications: [
				{
					id: 1111,
					time_zone_name: 'Europe/Moscow',
					time_zone_offset: 10800,
					permission: 'own',
					import_token: sandbox.credentials.appMetricaApi.postApiKey,
				},
				{ id: 2222 },
				{ id: 1234567890 },
			],
		});
		expect(
			JSON.parse(
				(await send('GET', `${sandbox.baseUrls.appMetrica}/management/v1/application/2222`, oauth())).body,
			),
		).toMatchObject({ application: { id: 2222 } });
		expect(
			JSON.parse(
				(await send('GET', `${sandbox.baseUrls.appMetrica}/management/v1/logsapi/status`, oauth())).body,
			),
		).toEqual({ logs_api_availability_status: 'enabled' });
	});

	test('401 in the page’s form; the page in the browser hides the key', async () => {
		const answer = await send('GET', `${sandbox.baseUrls.appMetrica}/management/v1/applications`);
		expect(answer.status).toBe(401);
		expect(JSON.parse(answer.body)).toMatchObject({ errors: [{ error_type: 'unauthorized' }], code: 401 });
		await send('GET', `${sandbox.baseUrls.appMetrica}/management/v1/applications`, oauth());
		const page = (await send('GET', `${sandbox.url}/state.json`)).body;
		expect(page).toContain('Sandbox shop');
		expect(page).not.toContain(sandbox.credentials.appMetricaApi.postApiKey);
		expect(page).not.toContain(sandbox.credentials.appMetricaOAuthApi.token);
	});
});

test('rows are made while they are sent: a client that stops reading stops the sandbox', async () => {
	const address = `${sandbox.baseUrls.appMetrica}/logs/v1/export/events.csv?application_id=1111&${DAY}&event_name=sandbox-rows-250000&fields=event_name,event_json,event_timestamp,profile_id,appmetrica_device_id`;
	const answer = await new Promise<IncomingMessage>((resolve, reject) => {
		get(address, { headers: oauth() }, resolve).on('error', reject);
	});
	const [exported] = sandbox.requests;
	// Nothing is read yet, so what is sent must fit into the buffers on the way; other requests go on meanwhile.
	for (let index = 0; index < 20; index++) await event(`e${index}`);
	expect(exported.endTick).toBeUndefined();

	let lines = 0;
	let end = '';
	for await (const chunk of answer as AsyncIterable<Buffer>) {
		for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) lines++;
		end = (end + chunk.subarray(-300).toString()).slice(-300);
	}
	expect(exported.endTick).toBeDefined();
	expect(lines).toBe(250_001);
	expect(end).toMatch(/,user-249999,18000000000000249999\n$/);
});
