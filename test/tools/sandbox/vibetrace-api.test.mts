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

const last = () => sandbox.requests[sandbox.requests.length - 1];
const call = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
	const { apiKey, apiBaseUrl } = sandbox.credentials.vibetraceApi;
	const type: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' };
	return send(
		method,
		apiBaseUrl + path,
		{ authorization: apiKey, ...type, ...headers },
		body === undefined ? undefined : JSON.stringify(body),
	);
};
const event = (payload: object, user: object = { email: 'buyer@example.com' }) =>
	call('POST', '/v1/event/', { user, event: payload });
const order = (generic: object = {}) => ({
	confirmation: {
		generic: { orderId: 'o-1', total: 400.33, currency: 'RON', ...generic },
		items: [{ id: '12345', quantity: 1 }],
	},
});
const message = (body: string) =>
	(JSON.parse(body) as { errors: Array<{ message: string }> }).errors[0].message;

describe('POST /v1/event/', () => {
	test.each<[string, object]>([
		['update', { update: { firstname: 'alexandru' } }],
		[
			'generic, the word doubled',
			{ generic: { generic: { event_name: 'my_event', firstname: 'alexandru' } } },
		],
		['confirmation', order()],
		['confirmation without an order id', order({ orderId: undefined })],
		['any other type of the browser', { viewitem: { itemId: '5' } }],
	])('%s is created, and the answer is the page’s', async (_name, payload) => {
		expect(await event(payload)).toMatchObject({
			status: 200,
			body: '{"results":{"message":"Event created","email":"Event was created for the specified user"}}',
		});
		expect(sandbox.stored('vibetrace')).toMatchObject([
			{
				operation: 'createEvent',
				event: { user: { email: 'buyer@example.com' }, event: JSON.parse(JSON.stringify(payload)) as object },
			},
		]);
	});

	test.each<[string, () => ReturnType<typeof send>, number, string]>([
		[
			'no event',
			() => call('POST', '/v1/event/', { user: { email: 'a@b' } }),
			400,
			'Missing event information',
		],
		['an empty event', () => event({}), 400, 'Missing event information'],
		['two types', () => event({ update: { a: 1 }, generic: {} }), 400, 'Invalid data format/type'],
		['nobody', () => event({ update: { a: 1 } }, {}), 400, 'Invalid data format/type'],
		[
			'a generic event that is not doubled',
			() => event({ generic: { event_name: 'x' } }),
			400,
			'Invalid data format/type',
		],
		['an order with a total in quotes', () => event(order({ total: '5' })), 400, 'Invalid data format/type'],
		[
			'the sandbox’s own refusal',
			() => event({ update: { a: 1 } }, { email: 'sandbox-refuse@example.com' }),
			400,
			'Invalid data format/type',
		],
		[
			'an unknown user',
			() => event({ update: { a: 1 } }, { email: 'sandbox-unknown@example.com' }),
			404,
			'User not found',
		],
		['no slash at the end', () => call('POST', '/v1/event', {}), 404, 'Not found'],
		[
			'a word before the key',
			() => call('POST', '/v1/event/', {}, { authorization: 'Bearer sandbox-vibetrace-key' }),
			401,
			'Unauthorized',
		],
		['another method', () => call('GET', '/v1/event/'), 405, 'Method not allowed'],
		[
			'another content type',
			() => call('POST', '/v1/event/', {}, { 'content-type': 'text/plain' }),
			400,
			'Invalid data format/type',
		],
	])('%s', async (_name, act, status, text) => {
		const answer = await act();
		expect([answer.status, message(answer.body)]).toEqual([status, text]);
		expect(last().refusals.length).toBeGreaterThan(0);
		expect(JSON.stringify(last().refusals)).not.toContain('sandbox-vibetrace-key');
		expect(sandbox.stored('vibetrace')).toEqual([]);
	});

	test('a second order with the same id is dropped without notice; one without an id never is', async () => {
		await event(order());
		expect((await event(order())).status).toBe(200);
		expect(last()).toMatchObject({ stored: 0, discarded: [{ index: 0 }] });
		await event(order({ orderId: '' }));
		await event(order({ orderId: '' }));
		expect(sandbox.stored('vibetrace')).toHaveLength(3);
	});

	test('unknown names are ignored, ids are taken instead of addresses', async () => {
		expect(
			(
				await call('POST', '/v1/event/?x=1', {
					user: { _id: '65a1b2c3d4e5f60718293a4b' },
					event: { update: { a: 1 } },
					more: [],
				})
			).status,
		).toBe(200);
	});
});

describe('/v1/user/', () => {
	test('PUT with upsert creates, then updates; the answer holds the new state', async () => {
		const path = '/v1/user/sandbox-unknown+1@example.com'.replace('+', '%2B');
		expect((await call('PUT', path, { city: 'Cluj' })).status).toBe(404);
		const first = await call('PUT', `${path}?upsert=true`, { city: 'Cluj', isSubscribed: true });
		expect(JSON.parse(first.body)).toMatchObject({
			results: [{ message: 'Successfully added new user.', email: 'sandbox-unknown+1@example.com' }],
			object: { _id: expect.any(String) as unknown, city: 'Cluj', isSubscribed: true },
		});
		const second = await call('PUT', path, { gender: 'male' });
		expect(JSON.parse(second.body)).toMatchObject({ object: { city: 'Cluj', gender: 'male' } });
		expect(JSON.parse((await call('GET', path)).body)).toEqual({
			email: 'sandbox-unknown+1@example.com',
			city: 'Cluj',
			isSubscribed: true,
			gender: 'male',
		});
		expect((await event({ update: { a: 1 } }, { email: 'sandbox-unknown+1@example.com' })).status).toBe(200);
	});

	test('POST creates by the address in its body', async () => {
		expect(
			(await call('POST', '/v1/user/', { email: 'buyer@example.com', isSubscribed: true, gender: 'male' }))
				.status,
		).toBe(200);
		expect(sandbox.stored('vibetrace')).toMatchObject([
			{ operation: 'user', event: { email: 'buyer@example.com', isSubscribed: true, gender: 'male' } },
		]);
		expect((await call('POST', '/v1/user/', { gender: 'male' })).status).toBe(400);
	});

	test('an attribute that is not in the account is missing from the answer', async () => {
		const answer = await call('PUT', '/v1/user/a@example.com?upsert=true', {
			city: 'Cluj',
			unknownName: 'x',
		});
		expect(JSON.parse(answer.body)).toMatchObject({ object: { city: 'Cluj' } });
		expect(answer.body).not.toContain('unknownName');
	});

	test.each<[string, object]>([
		['consent that is no boolean', { isSubscribed: 'true' }],
		['a list', { tags: ['a'] }],
		['null', { city: null }],
	])('%s is refused as the page prints it', async (_name, attributes) => {
		const answer = await call('PUT', '/v1/user/a@example.com?upsert=true', attributes);
		expect(answer).toMatchObject({
			status: 400,
			body: '{"errors":[{"message":"Invalid data format/type","description":"Error validating user attributes"}]}',
		});
		expect(sandbox.stored('vibetrace')).toEqual([]);
	});

	test('reading an address that is not in the account', async () => {
		const answer = await call('GET', '/v1/user/sandbox-unknown@example.com');
		expect([answer.status, message(answer.body)]).toEqual([404, 'User not found']);
	});
});
