/** Everything that the four pages print as a request, and what the vendors' own code sends, passes as it stands. */
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
beforeEach(() => sandbox.reset());
afterAll(() => sandbox.close());

const page = <Page,>(name: string) =>
	JSON.parse(readFileSync(join(process.cwd(), 'test/pages', `${name}.json`), 'utf8')) as Page;
const last = () => sandbox.requests[sandbox.requests.length - 1];

type Parameter = { name: string; example?: unknown; values?: Array<{ value: string }>; group?: string };
type Operation = { methods: string[]; parameters: Parameter[] };

describe('MyTracker', () => {
	const myTracker = page<{
		operations: Record<string, Operation>;
		samples: Record<string, unknown>;
		requests: { customEvent: { url: string; headers: Record<string, string>; body: string } };
	}>('mytracker');
	const post = (path: string, body: string, headers: Record<string, string> = {}) =>
		send(
			'POST',
			sandbox.baseUrls.myTracker + path,
			{ authorization: sandbox.credentials.myTrackerApi.token, ...headers },
			body,
		);

	test('the curl call, with the content type that curl gives it', async () => {
		const { url, headers, body } = myTracker.requests.customEvent;
		const path = url.slice('https://tracker-s2s.my.com'.length);
		const answer = await send(
			'POST',
			sandbox.baseUrls.myTracker + path,
			{ ...headers, 'content-type': 'application/x-www-form-urlencoded' },
			body,
		);
		expect(answer.status).toBe(200);
		expect(sandbox.stored('myTracker')).toMatchObject([{ text: body }]);
	});

	test.each(Object.entries(myTracker.samples))('the sample of %s', async (method, sample) => {
		const body = JSON.stringify(sample);
		expect((await post(`/v1/${method}/?idApp=666`, body)).status).toBe(200);
		expect(sandbox.stored('myTracker').map(({ event }) => event)).toEqual(
			Array.isArray(sample) ? sample : [sample],
		);
	});

	const examples = Object.entries(myTracker.operations).flatMap(([operation, { parameters }]) =>
		parameters.flatMap(({ name, example, values }) => [
			...(example === undefined ? [] : [[operation, name, example] as const]),
			...(values ?? []).map(({ value }) => [operation, name, value] as const),
		]),
	);
	test('there are examples to try', () => expect(examples.length).toBeGreaterThan(80));
	test.each(examples)('%s with %s = %j, the printed example or value', async (operation, name, value) => {
		const partner = name === 'vkPlatform' ? { customPlatformUserId: '1' } : {};
		const event = {
			customUserId: '1',
			...(operation === 'customEvent' ? { customEventName: 'x' } : {}),
			...partner,
			[name]: value,
		};
		await post(`/v1/${operation}/?idApp=666`, JSON.stringify(event));
		expect(last()).toMatchObject({ status: 200, refusals: [] });
	});

	const client = page<{
		myTracker: Array<{ method: string; target: string; headers: Record<string, string>; body: string }>;
	}>('golden-requests').myTracker;
	test('the vendor’s client is recorded with all its methods', () => expect(client).toHaveLength(29));
	test.each(client.map((request) => [request.target, request.body, request] as const))(
		'the vendor’s client: %s %s',
		async (_target, _body, { method, target, headers, body }) => {
			const answer = await send(method, sandbox.baseUrls.myTracker + target, headers, body);
			expect(last().refusals).toEqual([]);
			expect(answer.status).toBe(200);
			const sent =
				target.startsWith('/v1/version') || body === 'true' ? [] : ([JSON.parse(body)].flat() as unknown[]);
			// Google Play drops a transaction that it has already; the client's own batch repeats none.
			expect(sandbox.stored('myTracker').map(({ event }) => event)).toEqual(sent);
		},
	);

	test('the version is told as the client reads it', async () => {
		const answer = await send('POST', `${sandbox.baseUrls.myTracker}/v1/version`);
		expect(JSON.parse(answer.body)).toEqual({ version: '1.0.0' });
	});
});

describe('AppMetrica', () => {
	const { samples } = page<{ samples: Record<string, { request: string; body?: string }> }>('appmetrica');
	const target = (request: string) => request.replace(/^POST /, '').replace(/ HTTP\/1\.1$/, '');

	test.each(Object.entries(samples))(
		'the sample %s, with the headers that are printed',
		async (_name, { request, body }) => {
			const answer = await send(
				'POST',
				sandbox.baseUrls.appMetrica + target(request),
				{ connection: 'close' },
				body ?? '',
			);
			expect(last().refusals).toEqual([]);
			expect(answer).toMatchObject({ status: 200, body: 'Your data has been uploaded.' });
			expect(last().stored).toBe(body ? 2 : 1);
		},
	);

	test('the printed event_json, whose name is repeated', async () => {
		const json = '{"param1":"param2","param1":{"param2":"param3"}}';
		const query = `post_api_key=${sandbox.credentials.appMetricaApi.postApiKey}&application_id=1111&profile_id=u&event_name=n&event_timestamp=1&event_json=${encodeURIComponent(json)}`;
		expect((await send('POST', `${sandbox.baseUrls.appMetrica}/logs/v1/import/events?${query}`)).status).toBe(
			200,
		);
		expect(sandbox.stored('appMetrica')[0].event.event_json).toBe(json);
	});
});

describe('Gravity Field', () => {
	const { samples } = page<{ samples: Record<string, object> }>('gravityfield');

	test('the sample, its section and key apart: those are anybody’s own', async () => {
		const body = JSON.stringify(
			{ ...samples.storeEvent, sec: sandbox.credentials.gravityFieldApi.sectionId },
			undefined,
			4,
		);
		const headers = {
			authorization: `Bearer ${sandbox.credentials.gravityFieldApi.apiKey}`,
			'content-type': 'application/json',
		};
		expect((await send('POST', `${sandbox.baseUrls.gravityField}/event`, headers, body)).status).toBe(200);
		expect(sandbox.stored('gravityField')[0].event).toEqual(
			(samples.storeEvent as { data: unknown[] }).data[0],
		);
	});

	test('the sample of "Get or store user"', async () => {
		const more = page<{ samples: { storeUser: object } }>('gravityfield-more').samples.storeUser;
		const body = JSON.stringify({ ...more, sec: sandbox.credentials.gravityFieldApi.sectionId });
		const headers = {
			authorization: `Bearer ${sandbox.credentials.gravityFieldApi.apiKey}`,
			'content-type': 'application/json',
		};
		expect((await send('POST', `${sandbox.baseUrls.gravityField}/user`, headers, body)).status).toBe(200);
	});
});

describe('Vibetrace', () => {
	const { vibetrace } = page<{ vibetrace: Array<{ target: string }> }>('golden-requests');

	test.each(vibetrace.map(({ target }) => [target]))('the page’s PHP, run as printed: %s', async (target) => {
		const path = target.replace('<account_id>', sandbox.credentials.vibetraceApi.accountId);
		const answer = await send('GET', sandbox.baseUrls.vibetrace + path);
		expect(last().refusals).toEqual([]);
		expect(answer).toMatchObject({ status: 200, body: 'vt({"status":"ok"})' });
		expect(last().stored).toBe(1);
	});
});
