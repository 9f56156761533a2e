/** Whole runs of the REST API's nodes against the sandbox, and the test of their credential. */

import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { IDataObject } from 'n8n-workflow';

import { VibetraceApi } from '../../../credentials/VibetraceApi.credentials.ts';
import { authenticate } from '../../../nodes/Vibetrace/credential.ts';
import { VibetraceSaveUser } from '../../../nodes/Vibetrace/VibetraceSaveUser/VibetraceSaveUser.node.ts';
import { hintsOf, openBench, reportsOf, statusesOf, type Bench, type Order } from '../../support/bench.mts';
import { instantClock } from '../../support/clock.mts';
import { testCredential } from '../../support/credential-test.mts';
import { EMAIL } from './support.mts';

let bench: Bench;
beforeAll(async () => {
	bench = await openBench(instantClock());
});
beforeEach(() => bench.sandbox.reset());
afterAll(async () => await bench?.close());

const create = async (items: IDataObject[], more: Partial<Order> = {}) =>
	await bench.run({ node: 'vibetraceCreateEvent', items, ...more });
const save = async (items: IDataObject[], more: Partial<Order> = {}) =>
	await bench.run({ node: 'vibetraceSaveUser', items, ...more });
const stored = () => bench.sandbox.stored('vibetrace').map(({ event }) => event);
const ORDER = { generic: { orderId: 'A-1', total: 10 }, items: [{ id: 'x', quantity: 1 }] };

describe('create event', () => {
	test('the form: an order with expressions, and an item without a person', async () => {
		const result = await create(
			[
				{ email: 'ann@example.com', order: 5, sum: '9.90', lines: [{ sku: 'a', pieces: 2 }] },
				{ order: 6, sum: 1, lines: [] },
			],
			{
				parameters: {
					mappingMode: 'defineBelow',
					type: 'confirmation',
					user: { email: '={{ $json.email }}', tel: '0760000000' },
					itemsRows: {},
					items: '={{ $json.lines.map(line => ({ id: line.sku, quantity: line.pieces })) }}',
					orderId: '={{ $json.order }}',
					total: '={{ $json.sum }}',
					genericRows: { pair: [{ name: 'Currency', value: 'RON' }] },
				},
			},
		);
		const [one, other] = reportsOf(result, 2);
		const event = {
			user: { email: 'ann@example.com', tel: '0760000000' },
			event: {
				confirmation: {
					generic: { orderId: '5', total: 9.9, currency: 'RON' },
					items: [{ id: 'a', quantity: 2 }],
				},
			},
		};
		expect(one).toMatchObject({
			event,
			delivery: { status: 'accepted', method: 'confirmation', request: 1, httpStatus: 200 },
			response: { results: { message: 'Event created' } },
		});
		expect(other.delivery).toMatchObject({
			status: 'invalid',
			method: 'confirmation',
			issues: [{ field: 'user.email', message: expect.stringContaining('Email') }],
		});
		expect(stored()).toEqual([event]);
		const [{ method, url, headers }] = bench.sandbox.requests;
		expect([method, url]).toEqual(['POST', '/vibetrace/api/v1/event/']);
		expect(headers.authorization).toBe(bench.sandbox.credentials.vibetraceApi.apiKey);
	});

	test('a user whom the account does not have affects only that event', async () => {
		const result = await create(
			['sandbox-unknown@example.com', 'ann@example.com'].map((email) => ({
				user: { email },
				event: { update: { a: 1 } },
			})),
		);
		expect(statusesOf(result, 2)).toEqual(['rejected', 'accepted']);
		expect(reportsOf(result, 2)[0].delivery.message).toBe(
			'Vibetrace refused this event with status 404: "User not found: The user must exist in the database beforehand"; the account does not know this user; save the user first, for example with \'Vibetrace Save User\'',
		);
	});

	test('both sentences of a refusal are told, but none that names a person', async () => {
		const errors = [
			{ message: 'Invalid data format/type', description: 'Error validating user attributes' },
			{ message: 'second <b>' },
			{ message: 'ann@example.com is wrong' },
		];
		bench.sandbox.faults.push({ status: 400, body: JSON.stringify({ errors }) });
		const [{ delivery }] = reportsOf(await create([{ user: EMAIL, event: { update: { a: 1 } } }]), 1);
		expect(delivery.message).toBe(
			'Vibetrace refused this event with status 400: "Invalid data format/type: Error validating user attributes", "second &lt;b&gt;"; correct what Vibetrace names; see its answer in \'response\'',
		);
	});

	test('only an order is repeated by itself', async () => {
		bench.sandbox.faults.push({ status: 502, afterStoring: true });
		const order = { user: EMAIL, event: { confirmation: ORDER } };
		expect(reportsOf(await create([order]), 1)[0].delivery).toMatchObject({
			status: 'accepted',
			attempts: 2,
		});
		expect(stored()).toHaveLength(1);
		bench.sandbox.reset();
		bench.sandbox.faults.push({ status: 502 });
		const update = { user: EMAIL, event: { update: { a: 1 } } };
		expect(reportsOf(await create([update]), 1)[0].delivery).toMatchObject({
			status: 'unknown',
			attempts: 1,
		});
	});

	test('requests about one person keep their order, at any concurrency', async () => {
		const items = Array.from({ length: 12 }, (_, at) => ({
			user: { email: `${at % 2 ? 'ann' : 'bob'}@example.com` },
			event: { update: { at } },
		}));
		await create(items, { options: { concurrency: 10 } });
		const ofAnn = stored().filter(({ user }) => (user as IDataObject).email === 'ann@example.com');
		expect(ofAnn.map(({ event }) => ((event as IDataObject).update as IDataObject).at)).toEqual([
			1, 3, 5, 7, 9, 11,
		]);
	});

	test('an error output’s item goes out again from details.event', async () => {
		bench.sandbox.faults.push({ status: 502 });
		const item = { user: EMAIL, event: { generic: { generic: { event_name: 'x' } } } };
		const failed = await create([item], { onError: 'continueErrorOutput' });
		const [, [{ json }]] = failed.nodeOutputs('Node');
		const again = await create([json], { parameters: { inputField: 'details.event' } });
		expect(statusesOf(again, 1)).toEqual(['accepted']);
		expect(stored()).toEqual([item]);
	});
});

describe('save user', () => {
	test('creates, updates, and returns the profile beside delivery', async () => {
		const result = await save([
			{ email: 'ann+1@example.com', gender: 'female', isSubscribed: true },
			{ email: 'ann+1@example.com', city: 'Iași' },
		]);
		const reports = reportsOf(result, 2);
		expect(reports.map(({ json }) => json.profile)).toEqual([
			{ _id: expect.any(String), email: 'ann+1@example.com', gender: 'female', isSubscribed: true },
			{
				_id: expect.any(String),
				email: 'ann+1@example.com',
				gender: 'female',
				isSubscribed: true,
				city: 'Iași',
			},
		]);
		expect(Object.keys(reports[0].json)).toEqual(['delivery', 'profile', 'event', 'response']);
		expect(reports[0].delivery).toEqual({
			status: 'accepted',
			method: 'user',
			request: 1,
			attempts: 1,
			httpStatus: 200,
		});
		expect(bench.sandbox.requests.map(({ method, url, body }) => [method, url, body.toString()])).toEqual([
			[
				'PUT',
				'/vibetrace/api/v1/user/ann%2B1@example.com?upsert=true',
				'{"isSubscribed":true,"gender":"female"}',
			],
			['PUT', '/vibetrace/api/v1/user/ann%2B1@example.com?upsert=true', '{"city":"Iași"}'],
		]);
		expect(hintsOf(result)).toEqual([]);
	});

	test('one address in capital and small letters is one person: the requests keep their order', async () => {
		bench.sandbox.faults.push({ status: 503 });
		const items = ['ann@example.com', 'Ann@Example.com'].map((email, at) => ({ email, city: `${at}` }));
		await save(items, { options: { concurrency: 10 } });
		expect(bench.sandbox.requests.map(({ url, body }) => [url, body.toString()])).toEqual([
			['/vibetrace/api/v1/user/ann@example.com?upsert=true', '{"city":"0"}'],
			['/vibetrace/api/v1/user/ann@example.com?upsert=true', '{"city":"0"}'],
			['/vibetrace/api/v1/user/Ann@Example.com?upsert=true', '{"city":"1"}'],
		]);
	});

	test('an attribute that the account does not have is told, with one hint', async () => {
		const result = await save(
			['a', 'b'].map((name) => ({ email: `${name}@example.com`, gender: 'm', unknownPlanet: 'Mars' })),
		);
		const [{ delivery }] = reportsOf(result, 2);
		expect(delivery).toMatchObject({
			status: 'accepted',
			warnings: [{ field: 'unknownPlanet', message: expect.stringContaining('not in the profile') }],
		});
		expect(hintsOf(result).join()).toMatch(/2 items have warnings/);
	});

	test('warnings of the table and of the answer are one list', async () => {
		const [{ delivery }] = reportsOf(
			await save([{ email: 'a@example.com', gender: 'm', unknownPlanet: 'Mars', born: '{{ $json.born }}' }]),
			1,
		);
		expect(delivery.warnings?.map(({ field }) => field)).toEqual(['unknownPlanet']);
	});

	test('the form: consent is sent only where somebody chose it', async () => {
		const form = (isSubscribed: string) => ({
			parameters: { mappingMode: 'defineBelow', email: 'a@example.com', isSubscribed },
		});
		await save([{}], form(''));
		await save([{}], { parameters: { mappingMode: 'defineBelow', email: 'a@example.com' } });
		await save([{}], form('false'));
		await save([{ yes: true }], form('={{ $json.yes }}'));
		expect(bench.sandbox.requests.map(({ body }) => body.toString())).toEqual([
			'{}',
			'{}',
			'{"isSubscribed":false}',
			'{"isSubscribed":true}',
		]);
	});

	test('a lost answer is asked for again, and the profile comes', async () => {
		bench.sandbox.faults.push({ reset: 'afterStoring' });
		const [{ delivery, json }] = reportsOf(await save([{ email: 'a@example.com', gender: 'm' }]), 1);
		expect(delivery).toMatchObject({ status: 'accepted', attempts: 2 });
		expect(json.profile).toMatchObject({ gender: 'm' });
	});

	test('a later try of the run still has the profiles of the first', async () => {
		const items = ['a', 'b'].map((ref) => ({ email: `${ref}@example.com`, ref }));
		bench.sandbox.faults.always(({ body }) => (body.includes('"a"') ? undefined : { status: 503 }));
		const result = await save(items.reverse(), {
			onError: 'continueErrorOutput',
			more: { retryOnFail: true, maxTries: 2, waitBetweenTries: 1 },
			options: { maxAttempts: 1 },
		});
		expect(result.tries('Node')).toBe(2);
		const [b, a] = reportsOf(result, 2);
		expect([b.delivery.status, a.delivery.status]).toEqual(['exhausted', 'accepted']);
		expect(a.json.profile).toMatchObject({ ref: 'a' });
		expect(bench.sandbox.requests.filter(({ body }) => body.includes('"a"'))).toHaveLength(1);
	});

	test('an answer too long to keep is asked for again by a later try', async () => {
		const long = 'x'.repeat(250_000);
		bench.sandbox.faults.always(({ body }) => (body.includes('"b"') ? { status: 503 } : undefined));
		const result = await save(
			[
				{ email: 'b@example.com', ref: 'b' },
				{ email: 'a@example.com', ref: 'a', long },
			],
			{
				onError: 'continueErrorOutput',
				more: { retryOnFail: true, maxTries: 2, waitBetweenTries: 1 },
				options: { maxAttempts: 1 },
			},
		);
		const [, a] = reportsOf(result, 2);
		expect(a.json.profile).toMatchObject({ long });
		expect(a.response).toMatchObject({ text: expect.stringMatching(/…$/) });
		expect(bench.sandbox.requests.filter(({ body }) => body.includes('"a"'))).toHaveLength(2);
	});

	test('the preview shows the request that would leave', async () => {
		const result = await save([{ email: 'a+b@example.com', gender: 'm' }], { options: { preview: true } });
		expect(result.nodeOutputs('Node')[0][0].json.request).toEqual({
			method: 'PUT',
			url: `${bench.sandbox.credentials.vibetraceApi.apiBaseUrl}/v1/user/a%2Bb@example.com?upsert=true`,
			headers: { 'Content-Type': 'application/json', Authorization: '***' },
			body: '{"gender":"m"}',
			bytes: 14,
		});
		expect(bench.sandbox.requests).toEqual([]);
	});
});

describe('the credential', () => {
	test.each(['vibetraceCreateEvent', 'vibetraceSaveUser'])(
		'%s without an API key sends nothing',
		async (node) => {
			for (const apiKey of ['', ' ', undefined]) {
				const item = { email: 'a@example.com', user: EMAIL, event: { update: { a: 1 } } };
				const result = await bench.run({ node, items: [item], credential: { apiKey } as never });
				const [{ delivery }] = reportsOf(result, 1);
				expect(delivery).toMatchObject({
					status: 'notAttempted',
					message: expect.stringMatching(/credential 'Vibetrace API' has an empty field 'apiKey'/),
				});
			}
			expect(bench.sandbox.requests).toEqual([]);
		},
	);

	test('Send Event needs no key, and does not send the one that is there', async () => {
		const item = { type: 'login', ...EMAIL };
		for (const apiKey of ['', 'ключ', 'sandbox-vibetrace-key'])
			await bench.run({ node: 'vibetraceSendEvent', items: [item], credential: { apiKey } });
		expect(bench.sandbox.requests.map(({ status, headers }) => [status, headers.authorization])).toEqual([
			[200, undefined],
			[200, undefined],
			[200, undefined],
		]);
	});

	test('a refused key ends the run and says what to check', async () => {
		const result = await bench.run({
			node: 'vibetraceSaveUser',
			items: [EMAIL, { email: 'b@example.com' }],
			credential: { apiKey: 'wrong-api-key' },
		});
		const [{ delivery }] = reportsOf(result, 2);
		expect(delivery).toMatchObject({
			status: 'notAttempted',
			httpStatus: 401,
			message: expect.stringContaining("check 'API Key' in the credential"),
		});
		expect(bench.sandbox.requests).toHaveLength(1);
	});

	test.each<[string, string, boolean]>([
		['https://api.vtcdn.net/v1/event/', 'https://api.vtcdn.net', true],
		['https://api.vtcdn.net/v1/event/', ' https://api.vtcdn.net// ', true],
		['https://app.vtcdn.net/event/acc/login?data=%5B%5D', 'https://api.vtcdn.net', false],
		['https://api.vtcdn.net.example.com/v1/event/', 'https://api.vtcdn.net', false],
		['http://api.vtcdn.net/v1/event/', 'https://api.vtcdn.net', false],
		['https://proxy.example/event/acc/login', 'https://proxy.example', false],
		['https://proxy.example/v1/event/', '', false],
	])('the key for %s with the API at %j: %s', async (url, apiBaseUrl, goes) => {
		const { headers } = await authenticate({ apiKey: ' key ', apiBaseUrl }, { url, headers: { a: 'b' } });
		expect(headers).toEqual(goes ? { a: 'b', Authorization: 'key' } : { a: 'b' });
	});

	const tested = async (change: IDataObject): Promise<string> =>
		await testCredential(new VibetraceApi(), new VibetraceSaveUser(), {
			...bench.sandbox.credentials.vibetraceApi,
			...change,
		});

	test('with a key its test reads a user and stores nothing', async () => {
		expect(await tested({ apiBaseUrl: ` ${bench.sandbox.credentials.vibetraceApi.apiBaseUrl}/ ` })).toBe(
			'passed',
		);
		expect(bench.sandbox.requests.map(({ method, url, status }) => [method, url, status])).toEqual([
			['GET', '/vibetrace/api/v1/user/n8n-credential-test@example.com', 200],
		]);
		bench.sandbox.faults.push({ status: 404, body: '{"errors":[{"message":"User not found"}]}' });
		expect(await tested({})).toBe('passed');
		expect(bench.sandbox.stored('vibetrace')).toEqual([]);
	});

	test('with a wrong key, a redirect or a service that is down it fails', async () => {
		expect(await tested({ apiKey: 'wrong-api-key' })).toMatch(/^Vibetrace refused the key \(401\)/);
		bench.sandbox.faults.push({ status: 403 }, { redirect: 'https://elsewhere.example/' }, { status: 503 });
		expect(await tested({})).toMatch(/^Vibetrace refused the key \(403\)/);
		expect(await tested({})).toMatch(/redirects elsewhere \(302\)/);
		expect(await tested({})).toMatch(/could not be checked: the service answered 503/);
	});

	test.each(['', ' ', undefined])(
		'with the key %j it asks for the account as before, whatever the answer',
		async (apiKey) => {
			bench.sandbox.faults.push({ status: 404 });
			expect(await tested({ apiKey })).toBe('passed');
			bench.sandbox.faults.push({ status: 403 });
			expect(await tested({ apiKey })).toBe('passed');
			const { accountId } = bench.sandbox.credentials.vibetraceApi;
			expect(
				bench.sandbox.requests.map(({ method, url, headers }) => [method, url, headers.authorization]),
			).toEqual([
				['GET', `/vibetrace/event/${accountId}/`, undefined],
				['GET', `/vibetrace/event/${accountId}/`, undefined],
			]);
		},
	);
});
