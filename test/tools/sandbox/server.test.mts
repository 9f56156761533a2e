import { get } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';

import { overlaps, startSandbox } from '../../../tools/sandbox/server.mts';
import type { Fault, Sandbox } from '../../../tools/sandbox/server.mts';
import { send } from './client.mts';

let sandbox: Sandbox;
beforeAll(async () => {
	sandbox = await startSandbox();
});
beforeEach(() => sandbox.reset());
afterAll(() => sandbox.close());

const login = (user = '1', on = sandbox) =>
	send(
		'POST',
		`${on.baseUrls.myTracker}/v1/login/?idApp=666`,
		{ authorization: on.credentials.myTrackerApi.token },
		JSON.stringify({ customUserId: user }),
	);
const vibe = () =>
	send(
		'GET',
		`${sandbox.baseUrls.vibetrace}/event/${sandbox.credentials.vibetraceApi.accountId}/login?ts=1&data=${encodeURIComponent('[{"type":"login","email":"a@b"}]')}`,
	);
const users = () => sandbox.stored('myTracker').map((stored) => stored.event.customUserId);
const OK = '{"message": "\u041eK"}';

describe('faults', () => {
	test('are used up one request at a time, in order, and then all is well', async () => {
		sandbox.faults.push(
			{
				status: 500,
				body: '{"error": "Internal Server Error"}',
				headers: { 'content-type': 'application/json' },
			},
			{ status: 429, headers: { 'retry-after': '2' } },
		);
		expect(await login('a')).toMatchObject({
			status: 500,
			body: '{"error": "Internal Server Error"}',
			headers: { 'content-type': 'application/json' },
		});
		expect(await login('b')).toMatchObject({ status: 429, body: '', headers: { 'retry-after': '2' } });
		expect(await login('c')).toMatchObject({ status: 200, body: OK });
		expect(users()).toEqual(['c']);
		expect(sandbox.requests.map((request) => [request.number, request.status, request.stored])).toEqual([
			[1, 500, 0],
			[2, 429, 0],
			[3, 200, 1],
		]);
		expect(sandbox.requests[0].fault).toMatchObject({ status: 500 });
		expect(sandbox.faults.pending).toBe(0);
	});

	test('wait for their vendor', async () => {
		sandbox.faults.push({ vendor: 'vibetrace', status: 503 });
		expect((await login()).status).toBe(200);
		expect((await vibe()).status).toBe(503);
		expect((await vibe()).status).toBe(200);
	});

	test('afterStoring stores first', async () => {
		sandbox.faults.push(
			{ status: 500, afterStoring: true },
			{ html: true },
			{ html: true, status: 503, afterStoring: true },
		);
		expect((await login('a')).status).toBe(500);
		expect(await login('b')).toMatchObject({
			status: 200,
			headers: { 'content-type': 'text/html; charset=utf-8' },
		});
		expect((await login('c')).status).toBe(503);
		expect(users()).toEqual(['a', 'c']);
	});

	test.each<[string, Fault, string[]]>([
		['reset before storing', { reset: 'beforeStoring' }, []],
		['reset after storing', { reset: 'afterStoring' }, ['a']],
		['half an answer', { halfAnswer: true }, []],
		['half an answer after storing', { halfAnswer: true, afterStoring: true }, ['a']],
	])('%s breaks the connection', async (_name, fault, stored) => {
		sandbox.faults.push(fault);
		await expect(login('a')).rejects.toThrow();
		expect(users()).toEqual(stored);
		expect((await login('b')).status).toBe(200);
	});

	test.each([
		[{ hang: true } as const, 0],
		[{ hang: true, afterStoring: true } as const, 1],
	])('%j never answers', async (fault, stored) => {
		sandbox.faults.push(fault);
		const left = new Promise<void>((resolve) => {
			const request = get(`${sandbox.baseUrls.myTracker}/x`, { agent: false });
			request.on('error', () => resolve());
			void sandbox.arrived(1).then(() => request.destroy(new Error('enough')));
		});
		await left;
		expect(sandbox.requests[0].status).toBeUndefined();
		sandbox.reset();
		sandbox.faults.push(fault);
		const other = await startSandbox();
		other.faults.push(fault);
		const open = login('a', other);
		await other.arrived(1, 'myTracker');
		expect(other.stored('myTracker')).toHaveLength(stored);
		await Promise.all([other.close(), expect(open).rejects.toThrow()]);
	});

	test('drip sends the answer byte by byte', async () => {
		sandbox.faults.push({ drip: { everyMs: 1, chunks: 5 } }, { drip: { everyMs: 1, chunks: 40 } });
		const pieces: string[] = [];
		await new Promise<void>((resolve, reject) => {
			const request = get(`${sandbox.baseUrls.myTracker}/v1/nothing/`, { agent: false }, (answer) => {
				answer.on('data', (piece: Buffer) => pieces.push(piece.toString()));
				answer.on('end', resolve);
			});
			request.on('error', reject);
		});
		expect(pieces.join('')).toBe('{"error": "Method not found"}');
		expect(pieces.length).toBeGreaterThan(1);
		expect((await login('a')).body).toBe(OK.padEnd(40, '\n'));
		expect(users()).toEqual(['a']);
	});

	test('redirect', async () => {
		sandbox.faults.push({ redirect: `${sandbox.url}/elsewhere` }, { redirect: '/x', status: 307 });
		expect(await login()).toMatchObject({ status: 302, headers: { location: `${sandbox.url}/elsewhere` } });
		expect(await login()).toMatchObject({ status: 307, headers: { location: '/x' } });
		expect(users()).toEqual([]);
	});

	test('functions: next once, always until clear', async () => {
		sandbox.faults.next((request) => (request.body.includes('"b"') ? { status: 500 } : undefined));
		sandbox.faults.always((request) => (request.body.includes('"d"') ? { status: 502 } : undefined));
		const statuses = [];
		for (const user of ['a', 'b', 'b', 'd', 'd']) statuses.push((await login(user)).status);
		expect(statuses).toEqual([200, 500, 200, 502, 502]);
		sandbox.faults.clear();
		expect((await login('d')).status).toBe(200);
	});

	test('waitFor holds a request, so that a test sees what runs side by side', async () => {
		let release = () => {};
		const gate = new Promise<void>((resolve) => (release = resolve));
		sandbox.faults.push({ waitFor: gate }, { waitFor: gate, afterStoring: true });
		const first = login('a');
		await sandbox.arrived(1);
		const second = login('b');
		await sandbox.arrived(2);
		expect(users()).toEqual(['b']);
		release();
		expect(await Promise.all([first, second])).toMatchObject([{ status: 200 }, { status: 200 }]);
		await login('c');
		const [a, b, c] = sandbox.requests;
		expect([a.inFlight, b.inFlight, c.inFlight]).toEqual([1, 2, 1]);
		expect([overlaps(a, b), overlaps(b, c), overlaps(a, c)]).toEqual([true, false, false]);
		expect(users()).toEqual(['b', 'a', 'c']);
	});
});

describe('records', () => {
	test('hold the exact request and answer', async () => {
		await login('ключ');
		const [request] = sandbox.requests;
		expect(request).toMatchObject({
			number: 1,
			vendor: 'myTracker',
			method: 'POST',
			url: '/mytracker/v1/login/?idApp=666',
			operation: 'login',
			status: 200,
			answer: OK,
			stored: 1,
			refusals: [],
			body: Buffer.from('{"customUserId":"ключ"}'),
		});
		expect(request.rawHeaders).toContain(sandbox.credentials.myTrackerApi.token);
		expect(request.endedAt).toBeGreaterThanOrEqual(request.startedAt);
	});

	test('a request that no vendor has is recorded and answered 404', async () => {
		expect((await send('POST', `${sandbox.url}/elsewhere`)).status).toBe(404);
		expect((await send('GET', `${sandbox.url}/mytracker`)).status).toBe(404);
		expect(sandbox.requests.map((request) => request.vendor)).toEqual(['other', 'other']);
	});

	test('reset forgets everything', async () => {
		await vibe();
		const { requests } = sandbox;
		sandbox.faults.push({ status: 500 });
		sandbox.reset();
		expect([requests.length, sandbox.stored('vibetrace').length, sandbox.faults.pending]).toEqual([0, 0, 0]);
		await login();
		expect(requests[0].number).toBe(1);
	});

	test('keep bounds what is remembered, events included', async () => {
		const small = await startSandbox({ keep: 2, now: () => 5 });
		for (const user of ['a', 'b', 'c']) await login(user, small);
		expect(small.requests.map((request) => [request.number, request.time])).toEqual([
			[2, 5],
			[3, 5],
		]);
		expect(small.stored('myTracker').map((stored) => stored.event.customUserId)).toEqual(['b', 'c']);
		await small.close();
	});

	test('close frees the port while connections are open', async () => {
		const other = await startSandbox();
		const port = Number(new URL(other.url).port);
		await other.close();
		const again = await startSandbox({ port });
		expect(again.url).toBe(other.url);
		await expect(startSandbox({ port })).rejects.toThrow();
		await again.close();
	});
});

describe('the page', () => {
	test('is one document that loads nothing from elsewhere', async () => {
		const answer = await send('GET', `${sandbox.url}/`);
		expect(answer).toMatchObject({ status: 200, headers: { 'content-type': 'text/html; charset=utf-8' } });
		expect(answer.headers['content-security-policy']).toContain("default-src 'none'");
		expect(answer.body).not.toMatch(/https?:|innerHTML|__NONCE__/);
		expect(sandbox.requests).toEqual([]);
	});

	test('state.json has requests, events and reasons, and no secret', async () => {
		const { credentials } = sandbox;
		await login('a');
		await login('sandbox-refuse');
		await send(
			'POST',
			`${sandbox.baseUrls.appMetrica}/logs/v1/import/events?post_api_key=${credentials.appMetricaApi.postApiKey}&application_id=1`,
		);
		await send(
			'POST',
			`${sandbox.baseUrls.gravityField}/event`,
			{ authorization: `Bearer ${credentials.gravityFieldApi.apiKey}`, 'content-type': 'application/json' },
			'{}',
		);
		const answer = await send('GET', `${sandbox.url}/state.json`);
		const state = JSON.parse(answer.body) as { requests: unknown[] };
		expect(state.requests).toMatchObject([
			{
				number: 1,
				vendor: 'myTracker',
				operation: 'login',
				status: 200,
				authorization: '•••••• (29 characters)',
				events: ['{"customUserId":"a"}'],
				refusals: [],
			},
			{ number: 2, status: 400, events: [], refusals: [{ field: 'customUserId' }] },
			{ number: 3, url: '/appmetrica/logs/v1/import/events?post_api_key=••••••&application_id=1' },
			{ number: 4, authorization: 'Bearer •••••• (25 characters)' },
		]);
		for (const secret of [
			credentials.myTrackerApi.token,
			credentials.appMetricaApi.postApiKey,
			credentials.gravityFieldApi.apiKey,
		])
			expect(answer.body).not.toContain(secret);
	});

	test('what only asks if a key is good is marked so', async () => {
		const { appMetrica, gravityField, myTracker, vibetrace } = sandbox.baseUrls;
		const json = { 'content-type': 'application/json' };
		const asked: Array<[method: string, url: string, body?: string]> = [
			['POST', `${myTracker}/v1/test-app-access/?idApp=666`, 'true'],
			['POST', `${appMetrica}/logs/v1/import/events?application_id=1111&post_api_key=x`],
			['GET', `${appMetrica}/management/v1/applications`],
			['POST', `${gravityField}/event`, '{"sec":"0123456789abcdef01234567"}'],
			['GET', `${vibetrace}/event/5f2b1c9e8d7a6b5c4d3e2f10/`],
		];
		const events: typeof asked = [
			['POST', `${myTracker}/v1/login/?idApp=666`, '{"customUserId":"1"}'],
			['POST', `${appMetrica}/logs/v1/import/events?application_id=1111&post_api_key=x&event_name=a`],
			['POST', `${gravityField}/event`, '{"sec":"0123456789abcdef01234567","data":[]}'],
			['POST', `${gravityField}/event`, 'no JSON'],
			['GET', `${vibetrace}/event/5f2b1c9e8d7a6b5c4d3e2f10/login?data=%5B%5D`],
			['GET', `${sandbox.url}/elsewhere`],
		];
		for (const [method, url, body] of [...asked, ...events]) await send(method, url, json, body);
		const { body } = await send('GET', `${sandbox.url}/state.json`);
		const { requests } = JSON.parse(body) as { requests: Array<{ isCredentialTest: boolean }> };
		expect(requests.map(({ isCredentialTest }) => isCredentialTest)).toEqual([
			...asked.map(() => true),
			...events.map(() => false),
		]);
	});

	test('live tells of every request and of a reset', async () => {
		let heard = '';
		let awaited: { text: string; done: () => void } | undefined;
		const until = (text: string) =>
			new Promise<void>((resolve) => {
				awaited = { text, done: resolve };
				check();
			});
		const check = () => {
			if (awaited && heard.includes(awaited.text)) awaited.done();
		};
		const stream = get(`${sandbox.url}/live`, { agent: false }, (answer) => {
			answer.on('data', (piece: Buffer) => {
				heard += piece.toString();
				check();
			});
			answer.on('error', () => {});
		});
		stream.on('error', () => {});
		await until('retry:');
		await login('<b>');
		await until('event: request');
		expect(JSON.parse(/data: (.*)/.exec(heard)?.[1] ?? '')).toMatchObject({
			number: 1,
			events: ['{"customUserId":"<b>"}'],
		});
		sandbox.reset();
		await until('event: cleared');
		stream.destroy();
	});
});
