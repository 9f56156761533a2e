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

const KEY = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ012';
const OK = { status: 200, body: 'Your data has been uploaded.' };
const CSV = { 'content-type': 'text/csv; charset=UTF-8' };
const SAMPLE = `device_model,device_ipv6,device_type,google_aid,app_package_name,operator_name,mnc,application_id,event_json,profile_id,event_name,event_timestamp
iPhone X,2a02:6b8::40c:6676:baff:fea6:53d8,phone,01234567-890a-bcde-f012-3456789abcde,com.yandex.sample.metrica,MegaFon,2,1111,"{""key"":""value_1""}",1234567890123456789,event_name_1,1234567890
iPhone X,2a02:6b8::40c:6676:baff:fea6:53d9,phone,fedcba98-7654-3210-fedc-ba9876543210,com.yandex.sample.metrica,MegaFon,2,1111,"{""key"":""value_2""}",9876543210987654321,event_name_2,1234567891
`;

const last = () => sandbox.requests[sandbox.requests.length - 1];
const upload = (
	body: string | Buffer,
	headers: Record<string, string> = CSV,
	query = `post_api_key=${KEY}`,
) => send('POST', `${sandbox.baseUrls.appMetrica}/logs/v1/import/events.csv?${query}`, headers, body);
const rows = (...lines: string[]) =>
	`application_id,profile_id,event_name,event_timestamp\n${lines.map((line) => `${line}\n`).join('')}`;
const one = (
	change: Record<string, string | undefined> = {},
	headers: Record<string, string> = {},
	body?: string,
) => {
	const values = {
		post_api_key: KEY,
		application_id: '1111',
		profile_id: 'user',
		event_name: 'name',
		event_timestamp: '1234567890',
		...change,
	};
	const query = Object.entries(values).flatMap(([name, value]) =>
		value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`],
	);
	return raw(query.join('&'), headers, body);
};
const raw = (query: string, headers: Record<string, string> = {}, body?: string) =>
	send('POST', `${sandbox.baseUrls.appMetrica}/logs/v1/import/events?${query}`, headers, body);

describe('the samples of the pages', () => {
	test('the CSV sample is stored row by row, field by field', async () => {
		expect(await upload(SAMPLE)).toMatchObject(OK);
		const common = {
			device_model: 'iPhone X',
			device_type: 'phone',
			app_package_name: 'com.yandex.sample.metrica',
			operator_name: 'MegaFon',
			mnc: '2',
			application_id: '1111',
		};
		expect(sandbox.stored('appMetrica').map((stored) => stored.event)).toEqual([
			{
				...common,
				device_ipv6: '2a02:6b8::40c:6676:baff:fea6:53d8',
				google_aid: '01234567-890a-bcde-f012-3456789abcde',
				event_json: '{"key":"value_1"}',
				profile_id: '1234567890123456789',
				event_name: 'event_name_1',
				event_timestamp: '1234567890',
			},
			{
				...common,
				device_ipv6: '2a02:6b8::40c:6676:baff:fea6:53d9',
				google_aid: 'fedcba98-7654-3210-fedc-ba9876543210',
				event_json: '{"key":"value_2"}',
				profile_id: '9876543210987654321',
				event_name: 'event_name_2',
				event_timestamp: '1234567891',
			},
		]);
	});

	test('the query sample of the Russian page', async () => {
		const query = `post_api_key=${KEY}&device_model=iPhone%20X&device_ipv6=2a02%3A6b8%3A%3A40c%3A6676%3Abaff%3Afea6%3A53d8&device_type=phone&google_aid=01234567-890a-bcde-f012-3456789abcde&app_package_name=com.yandex.sample.metrica&operator_name=MegaFon&mnc=2&application_id=1111&event_json=%7B%22key%22%3A%22value%22%7D&profile_id=1234567890123456789&event_name=event_name&event_timestamp=1234567890`;
		expect(await raw(query)).toMatchObject(OK);
		expect(sandbox.stored('appMetrica')).toMatchObject([
			{
				vendor: 'appMetrica',
				operation: 'events',
				request: 1,
				index: 0,
				app: '1111',
				event: {
					device_model: 'iPhone X',
					device_ipv6: '2a02:6b8::40c:6676:baff:fea6:53d8',
					device_type: 'phone',
					google_aid: '01234567-890a-bcde-f012-3456789abcde',
					app_package_name: 'com.yandex.sample.metrica',
					operator_name: 'MegaFon',
					mnc: '2',
					application_id: '1111',
					event_json: '{"key":"value"}',
					profile_id: '1234567890123456789',
					event_name: 'event_name',
					event_timestamp: '1234567890',
				},
			},
		]);
		expect(last().url).toBe(`/appmetrica/logs/v1/import/events?${query}`);
	});
});

describe('403: the key', () => {
	test.each<[string, () => ReturnType<typeof send>]>([
		['missing', () => one({ post_api_key: undefined })],
		['wrong', () => one({ post_api_key: 'x' })],
		['wrong, with every required parameter missing', () => raw('post_api_key=x')],
		['good, but an Authorization header beside it', () => one({}, { authorization: 'OAuth x' })],
		['of another application', () => one({ application_id: '9' })],
		['of another application, in a file', () => upload(rows('9,user,name,1'))],
	])('%s', async (_name, act) => {
		expect(await act()).toMatchObject({
			status: 403,
			body: 'The request omitted an authorization header, or an invalid token was specified.',
		});
		expect(JSON.stringify(last().refusals)).not.toContain(KEY);
		expect(sandbox.stored('appMetrica')).toEqual([]);
	});
});

describe('400: the query form', () => {
	test.each<[string, Record<string, string | undefined>]>([
		['no application', { application_id: undefined }],
		['no name', { event_name: undefined }],
		['no time', { event_timestamp: undefined }],
		['both names of the time', { timestamp: '1234567890' }],
		['no id', { profile_id: undefined }],
		['both ids', { appmetrica_device_id: '1' }],
		['an empty value', { device_model: '' }],
		['an unknown name', { app_build_number: '1' }],
		['milliseconds', { event_timestamp: '1234567890000' }],
		['a fraction of a second', { event_timestamp: '1234567890.5' }],
		['an array as event_json', { event_json: '[]' }],
		['no JSON as event_json', { event_json: '{' }],
		['session_type', { session_type: 'middle' }],
		['os_name', { os_name: 'Android' }],
		['device_type', { device_type: 'fridge' }],
		['connection_type', { connection_type: '5g' }],
		['mcc', { mcc: '25a' }],
		['a negative mcc', { mcc: '-1' }],
		['mnc with a leading zero', { mnc: '02' }],
		['an IPv4 address', { device_ipv6: '5.255.232.147' }],
		['the device id 0', { profile_id: undefined, appmetrica_device_id: '0' }],
		['a device id of 65 bits', { profile_id: undefined, appmetrica_device_id: '18446744073709551616' }],
		['a device id in hex', { profile_id: undefined, appmetrica_device_id: 'ff' }],
		['the sandbox’s own refusal', { profile_id: 'sandbox-refuse' }],
	])('%s', async (_name, change) => {
		expect(await one(change)).toMatchObject({
			status: 400,
			body: 'One or more required parameters were missing in the request.',
		});
		expect(last().refusals.length).toBeGreaterThan(0);
		expect(sandbox.stored('appMetrica')).toEqual([]);
	});

	test.each(['a"b', 'a%2', 'a%FF', 'a[b]', '%C3', ''])(
		'event_name=%s cannot be read, and that is all that is said',
		async (value) => {
			const answer = await raw(
				`post_api_key=${KEY}&application_id=1111&profile_id=user&event_timestamp=1&event_name=${value}`,
			);
			expect(answer.status).toBe(400);
			expect(last().refusals).toHaveLength(1);
			expect(last().refusals).toMatchObject([{ field: 'event_name' }]);
		},
	);

	test('a + is a space, %2B a plus; what may stand bare in a query is read', async () => {
		const ask = (value: string) =>
			raw(`post_api_key=${KEY}&application_id=1111&profile_id=user&event_timestamp=1&event_name=${value}`);
		expect(await ask('a+b:c,d%2B')).toMatchObject(OK);
		expect(sandbox.stored('appMetrica')[0].event.event_name).toBe('a b:c,d+');
	});

	test('either page’s name of the time is taken', async () => {
		expect(await one({ event_timestamp: undefined, timestamp: '1234567890' })).toMatchObject(OK);
		expect(sandbox.stored('appMetrica')[0].event).toMatchObject({ timestamp: '1234567890' });
	});

	test('a body, a content type, a name given twice', async () => {
		expect((await one({}, {}, 'x')).status).toBe(400);
		expect((await one({}, { 'content-type': 'application/x-www-form-urlencoded' })).status).toBe(400);
		expect(
			(
				await raw(
					`post_api_key=${KEY}&application_id=1111&application_id=1111&profile_id=user&event_timestamp=1&event_name=a`,
				)
			).status,
		).toBe(400);
	});

	test('any text survives, and the whole range of the device id', async () => {
		const name = 'Ж ö 😀 +&=%,:;"\'/?#\n';
		expect(
			await one({ event_name: name, profile_id: undefined, appmetrica_device_id: '18446744073709551615' }),
		).toMatchObject(OK);
		expect(sandbox.stored('appMetrica')[0].event).toMatchObject({
			event_name: name,
			appmetrica_device_id: '18446744073709551615',
		});
		expect(await one({ device_ipv6: '::ffff:5.255.232.147' })).toMatchObject(OK);
	});
});

describe('400: the CSV form', () => {
	test.each<[string, string]>([
		['no rows', rows()],
		['no body', ''],
		['a short row', rows('1111,user,name')],
		['a long row', rows('1111,user,name,1,2')],
		['an empty cell', rows('1111,,name,1')],
		['a blank line', rows('1111,user,name,1', '', '1111,user,name,1')],
		['two blank lines at the end', rows('1111,user,name,1', '', '')],
		['two applications', rows('1111,user,name,1', '2222,user,name,1')],
		['CRLF', rows('1111,user,name,1').replaceAll('\n', '\r\n')],
		['a byte order mark', `\ufeff${rows('1111,user,name,1')}`],
		['a bare quote', rows('1111,us"er,name,1')],
		['text after a closing quote', rows('1111,"us"er,name,1')],
		['a quote that stays open', rows('1111,"user,name,1')],
		['a line break in a cell', rows('1111,"us\ner",name,1')],
		['a tab in a cell', rows('1111,us\ter,name,1')],
		['the key as a column', `post_api_key,${rows(`${KEY},1111,user,name,1`)}`],
		[
			'an unknown column',
			'application_id,profile_id,event_name,event_timestamp,account_id\n1111,user,name,1,5\n',
		],
		[
			'a column given twice',
			'application_id,profile_id,event_name,event_timestamp,mcc,mcc\n1111,user,name,1,5,5\n',
		],
		[
			'both id columns',
			'application_id,profile_id,appmetrica_device_id,event_name,event_timestamp\n1111,user,1,name,1\n',
		],
		['no id column', 'application_id,event_name,event_timestamp\n1111,name,1\n'],
		['a required column missing', 'application_id,profile_id,event_name\n1111,user,name\n'],
		['one bad row of two', rows('1111,user,name,1', '1111,user,name,now')],
		['the sandbox’s own refusal', rows('1111,user,name,1', '1111,sandbox-refuse,name,1')],
	])('%s', async (_name, body) => {
		expect((await upload(body)).status).toBe(400);
		expect(last().refusals.length).toBeGreaterThan(0);
		expect(sandbox.stored('appMetrica')).toEqual([]);
	});

	test('another content type, another query parameter, bytes that are not UTF-8', async () => {
		const body = rows('1111,user,name,1');
		expect((await upload(body, { 'content-type': 'text/csv; charset=windows-1251' })).status).toBe(400);
		expect((await upload(body, { 'content-type': 'text/csv' })).status).toBe(200);
		expect((await upload(body, {})).status).toBe(200);
		expect((await upload(body, { 'content-type': 'application/x-www-form-urlencoded' })).status).toBe(400);
		expect((await upload(body, CSV, `post_api_key=${KEY}&application_id=1111`)).status).toBe(400);
		expect((await upload(Buffer.concat([Buffer.from(body), Buffer.from([0xff])]))).status).toBe(400);
	});

	test('the reason names row and field', async () => {
		await upload(rows('1111,user,name,1', '1111,user,name,x'));
		expect(last().refusals).toMatchObject([{ index: 1, field: 'event_timestamp' }]);
	});

	test('quotes, commas, blanks, leading zeros and Cyrillic survive; a last line end is not needed', async () => {
		expect(
			await upload('application_id,profile_id,event_name,event_timestamp\n1111, 007 ,"a ""b"", ц",1'),
		).toMatchObject(OK);
		expect(sandbox.stored('appMetrica')[0].event).toMatchObject({
			profile_id: ' 007 ',
			event_name: 'a "b", ц',
		});
	});

	test('100,000 rows pass and one more is 413', async () => {
		const lines = Array.from({ length: 100_000 }, (_, index) => `1111,u${index},name,1`);
		expect(await upload(rows(...lines))).toMatchObject(OK);
		expect(last().stored).toBe(100_000);
		expect((await upload(rows(...lines, '1111,u,name,1'))).status).toBe(413);
	});
});

test('wrong paths and methods', async () => {
	expect(
		(await send('POST', `${sandbox.baseUrls.appMetrica}/logs/v1/import/event?post_api_key=${KEY}`)).status,
	).toBe(404);
	expect(
		(await send('GET', `${sandbox.baseUrls.appMetrica}/logs/v1/import/events?post_api_key=${KEY}`)).status,
	).toBe(405);
});

test('the age is checked only on request', async () => {
	const strict = await startSandbox({
		now: () => 1_234_567_890_000 + 7 * 86_400_000,
		appMetricaMaxAgeDays: 7,
	});
	const ask = (time: number) =>
		send(
			'POST',
			`${strict.baseUrls.appMetrica}/logs/v1/import/events?post_api_key=${KEY}&application_id=2222&profile_id=u&event_name=n&event_timestamp=${time}`,
		);
	expect((await ask(1_234_567_890)).status).toBe(200);
	expect((await ask(1_234_567_889)).status).toBe(400);
	await strict.close();
});
