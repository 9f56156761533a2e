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

const OK = '{"message": "\u041eK"}';
const UUID = '00000000-0000-0000-0000-000000000000';
const LVID = '00000000000000000000000000000000';
const BAD_REQUEST = { status: 400, body: '{"error": "Bad Request"}' };

const post = (
	method: string,
	body: unknown,
	change: { app?: string; token?: string; path?: string; query?: string } = {},
) => {
	const { token, baseUrl } = sandbox.credentials.myTrackerApi;
	const address = `${baseUrl}${change.path ?? `/v1/${method}/`}${change.query ?? `?idApp=${change.app ?? '666'}`}`;
	const headers = { authorization: change.token ?? token, 'content-type': 'application/json' };
	return send('POST', address, headers, typeof body === 'string' ? body : JSON.stringify(body));
};
const last = () => sandbox.requests[sandbox.requests.length - 1];
const event = (more: object = {}) => ({ customUserId: '1', customEventName: 'levelUp', ...more });

describe('the samples of the page are accepted as printed', () => {
	test('the curl call', async () => {
		// curl's own content type: the sample names none.
		const body =
			'{"customUserId": "1", "customEventName": "levelUp",\n"customEventParams": {"level": "2"}, "idGender": "1",\n"age": "25", "eventTimestamp": "1580213208",\n"instanceId": "00000000-0000-0000-0000-000000000000"}';
		const answer = await send(
			'POST',
			`${sandbox.baseUrls.myTracker}/v1/customEvent/?idApp=666`,
			{ authorization: 'skjdfASFasf03asdffar3asJHB32r', 'content-type': 'application/x-www-form-urlencoded' },
			body,
		);
		expect(answer).toMatchObject({ status: 200, body: OK });
		expect(sandbox.stored('myTracker')).toMatchObject([
			{
				vendor: 'myTracker',
				operation: 'customEvent',
				request: 1,
				index: 0,
				app: '666',
				text: body,
				event: JSON.parse(body) as unknown,
			},
		]);
	});

	test.each(['registrationBatch', 'loginBatch'])(
		'the array of %s, its lost bracket restored',
		async (method) => {
			const body =
				'[\n{"customUserId": "1111", "lvid":"00000000000000000000000000000000"},\n{"customUserId": "2222", "lvid":"00000000000000000000000000000000"}]';
			expect(await post(method, body)).toMatchObject({ status: 200, body: OK });
			expect(sandbox.stored('myTracker').map((stored) => stored.event.customUserId)).toEqual([
				'1111',
				'2222',
			]);
		},
	);

	test('the array of customEventBatch, its lost bracket restored', async () => {
		const body =
			'[\n{"customUserId": "1111", "lvid":"00000000000000000000000000000000", "customEventName": "messageReceived"},\n{"customUserId": "2222", "lvid":"00000000000000000000000000000000", "customEventName": "messageReceived"}]';
		expect(await post('customEventBatch', body)).toMatchObject({ status: 200, body: OK });
		expect(last()).toMatchObject({ operation: 'customEventBatch', stored: 2, refusals: [] });
	});
});

describe('every documented parameter', () => {
	test('is accepted in its printed form', async () => {
		const full = {
			eventTimestamp: '1577191920',
			customUserId: '1234',
			ipv4: '8.8.8.8',
			ipv6: '2001:0db8:85a3:0000:0000:8a2e:0370:7334',
			idGender: '2',
			age: '38',
			connectionType: '1',
			bluetoothEnabled: '2',
			instanceId: UUID,
			adTrackingEnabled: '0',
			idfa: UUID,
			iosVendorId: UUID,
			gaid: UUID,
			appSetId: UUID,
			androidId: '0123456789abcdef',
			lvid: LVID,
			adBlocker: '1',
			userAgent: 'Mozilla/5.0',
			customPlatformUserId: '42',
			vkPlatform: 'mobile_ipad',
			hwid: '18446744073709551615',
			customEventName: 'messageReceived',
			customEventParams: { name1: 'value1', __proto__x: 'я' },
		};
		const body = JSON.stringify(full).replace(/}$/, ',"sezamUserId": 12345678901234567890}');
		expect(await post('customEvent', body)).toMatchObject({ status: 200 });
		expect(sandbox.stored('myTracker')[0].event.sezamUserId).toBe(12345678901234567890n);
	});

	test.each<[string, unknown]>([
		['eventTimestamp', 1577191920.5],
		['eventTimestamp', 946673999],
		['eventTimestamp', '946673999'],
		['eventTimestamp', '4294967296'],
		['eventTimestamp', '1577191920.5'],
		['eventTimestamp', '01577191920'],
		['customUserId', 1234],
		['customUserId', ''],
		['customUserId', 'x'.repeat(1025)],
		['ipv4', '1.2.3'],
		['ipv6', 'fe80::1%eth0'],
		['idGender', 3],
		['idGender', '3'],
		['age', '129'],
		['age', '-1'],
		['connectionType', '3'],
		['bluetoothEnabled', true],
		['adTrackingEnabled', '2'],
		['adBlocker', ''],
		['instanceId', UUID.slice(1)],
		['idfa', `${UUID}0`],
		['iosVendorId', null],
		['gaid', ''],
		['appSetId', 'x'],
		['lvid', LVID.slice(1)],
		['userAgent', 'x'.repeat(2049)],
		['vkPlatform', 'toaster'],
		['customPlatformUserId', '42'],
		['sezamUserId', '123456789'],
		['sezamUserId', 1.5],
		['hwid', 17311996565],
		['hwid', '0'],
		['hwid', '18446744073709551616'],
		['customEventName', ''],
		['customEventName', 'я'.repeat(256)],
		['androidId', '00000000000000'],
		['androidId', '00000000000000000'],
		['customEventParams', ['a']],
		['customEventParams', { a: 1 }],
		['customEventParams', { a: '' }],
		['customEventParams', { '': 'a' }],
		['customEventParams', { a: { b: 'c' } }],
		['customEventParams', { a: 'x'.repeat(256) }],
		['idApp', '666'],
		['customEventCount', '1'],
	])('%s = %j is refused', async (field, value) => {
		const answer = await post('customEvent', event({ [field]: value }));
		expect(answer).toMatchObject(BAD_REQUEST);
		expect(
			last()
				.refusals.map((refusal) => refusal.field ?? '')
				.join(),
		).toContain(field === 'customPlatformUserId' ? 'vkPlatform' : field);
		expect(sandbox.stored('myTracker')).toEqual([]);
	});

	test('lengths are counted in code points', async () => {
		expect(await post('customEvent', event({ customEventName: '😀'.repeat(255) }))).toMatchObject({
			status: 200,
		});
		expect(await post('customEvent', event({ customUserId: '😀'.repeat(1024) }))).toMatchObject({
			status: 200,
		});
	});

	test('a name given twice, a number with a fraction sign: the text is read, not a parsed copy', async () => {
		expect(
			await post('customEvent', '{"customUserId":"1","customUserId":"2","customEventName":"a"}'),
		).toMatchObject(BAD_REQUEST);
		expect(await post('customEvent', '{"sezamUserId":1.0,"customEventName":"a"}')).toMatchObject(BAD_REQUEST);
		expect(await post('customEvent', '{"sezamUserId":1,"customEventName":"a"}')).toMatchObject({
			status: 200,
		});
	});

	test('customEventName is no parameter of the other methods', async () => {
		expect(await post('login', event())).toMatchObject(BAD_REQUEST);
	});
});

describe('the required rules', () => {
	test.each<[string, object, number]>([
		['registration', { customUserId: '1' }, 200],
		['registration', { lvid: LVID }, 400],
		['login', { customPlatformUserId: '1', vkPlatform: 'desktop_web' }, 200],
		['login', { customPlatformUserId: '1' }, 400],
		['login', { customUserId: '1', vkPlatform: 'desktop_web' }, 400],
		['customEvent', { customUserId: '1' }, 400],
		['customEvent', { customEventName: 'a' }, 400],
		['customEvent', { customEventName: 'a', hwid: '1' }, 400],
		['customEvent', { customEventName: 'a', customPlatformUserId: '1', vkPlatform: 'desktop_web' }, 200],
		...['instanceId', 'gaid', 'appSetId', 'idfa', 'iosVendorId'].map((name): [string, object, number] => [
			'customEvent',
			{ customEventName: 'a', [name]: UUID },
			200,
		]),
		['customEvent', { customEventName: 'a', androidId: '0123456789abcdef' }, 200],
		['customEvent', { customEventName: 'a', lvid: LVID }, 200],
		['customEvent', { customEventName: 'a', sezamUserId: 5 }, 200],
	])('%s %j is answered %i', async (method, body, status) => {
		expect((await post(method, body)).status).toBe(status);
	});
});

describe('batches', () => {
	test('20 events pass, 21 and 0 do not', async () => {
		const user = (index: number) => ({ customUserId: String(index) });
		expect(
			(
				await post(
					'loginBatch',
					Array.from({ length: 20 }, (_, index) => user(index)),
				)
			).status,
		).toBe(200);
		expect(
			await post(
				'loginBatch',
				Array.from({ length: 21 }, (_, index) => user(index)),
			),
		).toMatchObject(BAD_REQUEST);
		expect(await post('loginBatch', [])).toMatchObject(BAD_REQUEST);
		expect(sandbox.stored('myTracker')).toHaveLength(20);
	});

	test('one bad element refuses all and stores nothing; the sandbox says which', async () => {
		expect(await post('loginBatch', [{ customUserId: '1' }, { customUserId: 2 }])).toMatchObject(BAD_REQUEST);
		expect(last().refusals).toEqual([
			{ index: 1, field: 'customUserId', reason: 'must be a JSON string, is a number' },
		]);
		expect(sandbox.stored('myTracker')).toEqual([]);
	});

	test('a single method takes no array and a batch no object', async () => {
		expect(await post('login', [{ customUserId: '1' }])).toMatchObject(BAD_REQUEST);
		expect(await post('loginBatch', { customUserId: '1' })).toMatchObject(BAD_REQUEST);
	});

	test('10,000 bytes pass and one more is 413', async () => {
		// Four values near their greatest length make up the size; one value is then cut to the byte.
		const body = (size: number) => {
			const params: Record<string, string> = {};
			for (let index = 0; index < 40; index++) params[`p${index}`] = 'x'.repeat(230);
			const text = JSON.stringify(event({ customEventParams: params }));
			const short = size - Buffer.byteLength(text);
			return text.replace('"customUserId":"1"', `"customUserId":"1${'x'.repeat(short)}"`);
		};
		expect(Buffer.byteLength(body(10_000))).toBe(10_000);
		expect((await post('customEvent', body(10_000))).status).toBe(200);
		expect((await post('customEvent', body(10_001))).status).toBe(413);
		expect(last()).toMatchObject({ bodyBytes: 10_001, stored: 0 });
	});
});

describe('the documented refusals', () => {
	test.each<[string, () => ReturnType<typeof send>, number, string]>([
		['an empty body', () => post('login', ''), 400, 'Empty post data'],
		['broken JSON', () => post('login', '{"customUserId":"1"'), 400, 'Bad json'],
		[
			'bytes that are not UTF-8',
			() =>
				send(
					'POST',
					`${sandbox.baseUrls.myTracker}/v1/login/?idApp=666`,
					{ authorization: sandbox.credentials.myTrackerApi.token },
					Buffer.from([0x22, 0xff, 0x22]),
				),
			400,
			'Bad json',
		],
		['another version', () => post('login', {}, { path: '/v2/login/' }), 400, 'Bad api version'],
		['an unknown method', () => post('logout', {}), 404, 'Method not found'],
		['a method of Object.prototype', () => post('constructor', {}), 404, 'Method not found'],
		['a wrong token', () => post('login', {}, { token: 'x' }), 403, 'Forbidden'],
		[
			'a scheme word before the token',
			() => post('login', {}, { token: `Bearer ${sandbox.credentials.myTrackerApi.token}` }),
			403,
			'Forbidden',
		],
		[
			'an app that is not the token’s',
			() => post('login', { customUserId: '1' }, { app: '1' }),
			403,
			'Forbidden',
		],
		['no app', () => post('login', { customUserId: '1' }, { query: '' }), 400, 'Bad Request'],
		[
			'another query parameter',
			() => post('login', { customUserId: '1' }, { query: '?idApp=666&x=1' }),
			400,
			'Bad Request',
		],
		[
			'the sandbox’s own refusal',
			() => post('login', { customUserId: 'sandbox-refuse' }),
			400,
			'Bad Request',
		],
	])('%s', async (_name, act, status, error) => {
		expect(await act()).toMatchObject({ status, body: `{"error": "${error}"}` });
		expect(last().refusals.length).toBeGreaterThan(0);
		expect(JSON.stringify(last().refusals)).not.toContain(sandbox.credentials.myTrackerApi.token);
		expect(sandbox.stored('myTracker')).toEqual([]);
	});

	test('a second app is good with the same token', async () => {
		expect((await post('login', { customUserId: '1' }, { app: '777' })).status).toBe(200);
		expect(sandbox.stored('myTracker')[0].app).toBe('777');
	});
});

test.each(['/v1/test-app-access/', '/v1/test-app-access'])(
	'%s tells a good token from a bad one and stores nothing',
	async (path) => {
		expect((await post('', 'true', { path })).status).toBe(200);
		expect((await post('', 'true', { path, token: 'x' })).status).toBe(403);
		expect((await post('', 'true', { path, app: '1' })).status).toBe(403);
		expect((await post('', '', { path })).status).toBe(400);
		expect(sandbox.stored('myTracker')).toEqual([]);
	},
);
