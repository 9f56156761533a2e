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
const post = (body: unknown, headers: Record<string, string> = {}, path = '/event') => {
	const { apiKey, baseUrl } = sandbox.credentials.gravityFieldApi;
	return send(
		'POST',
		baseUrl + path,
		{ authorization: `Bearer ${apiKey}`, 'content-type': 'application/json', ...headers },
		typeof body === 'string' ? body : JSON.stringify(body),
	);
};
/** The page's sample. */
const sample = () => ({
	sec: sandbox.credentials.gravityFieldApi.sectionId,
	user: {
		uid: 'stringstringstringstring',
		ses: 'string',
		attributes: { property1: 'string', property2: 'string' },
	},
	ctx: {
		type: 'HOMEPAGE',
		data: ['string'],
		lng: 'string',
		location: 'string',
		pageNumber: 0,
		referrer: 'string',
		utm: {
			utm_source: 'string',
			utm_medium: 'string',
			utm_campaign: 'string',
			utm_term: 'string',
			utm_content: 'string',
		},
		attributes: { property1: 'string', property2: 'string' },
	},
	device: {
		userTime: '2019-08-24T14:15:22Z',
		ua: 'string',
		ip: '192.168.0.1',
		id: 'string',
		tracking: 'notDetermined',
		permission: 'provisional',
	},
	options: { isReturnCounter: false, isReturnUserInfo: false },
	data: [
		{
			type: 'add-to-cart-v1',
			name: 'string',
			currency: 'RUB',
			value: 0,
			quantity: 0,
			productId: 'string',
			cart: [{ productId: 'string', quantity: 0, itemPrice: 0 }],
			eventTime: '2019-08-24T14:15:22Z',
			customProps: { property1: 'string', property2: 'string' },
		},
	],
});
const small = (event: object = { type: 'order-shipped-v1', name: 'Order shipped' }, user: object = {}) => ({
	sec: sandbox.credentials.gravityFieldApi.sectionId,
	user,
	ctx: { type: 'OTHER', data: [], location: 'n8n' },
	device: { ua: 'n8n' },
	data: [event],
});

test('the sample of the page is accepted and its ids come back', async () => {
	const answer = await post(sample());
	expect(answer.status).toBe(200);
	expect(JSON.parse(answer.body)).toEqual({
		user: { uid: 'stringstringstringstring', ses: 'string' },
		campaigns: [],
	});
	const { user, ctx, device, options, data } = sample();
	expect(sandbox.stored('gravityField')).toMatchObject([
		{
			vendor: 'gravityField',
			operation: 'event',
			request: 1,
			index: 0,
			event: data[0],
			text: JSON.stringify(data[0]),
			context: { user, ctx, device, options },
		},
	]);
});

test('the smallest body; ids are made up, the same for the same own id', async () => {
	type Body = { user: { uid: string; ses: string } };
	const first = JSON.parse((await post(small(undefined, { custom: 'crm-1' }))).body) as Body;
	const second = JSON.parse((await post(small(undefined, { custom: 'crm-1' }))).body) as Body;
	const third = JSON.parse((await post(small())).body) as Body;
	expect(first.user.uid).toMatch(/^[0-9a-f]{24}$/);
	expect(first.user.ses).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
	expect(second).toEqual(first);
	expect(third.user.uid).not.toBe(first.user.uid);
});

test('several events of one user share one context and keep their order', async () => {
	const body = small(undefined, { custom: 'a', ses: 'b' });
	body.data.push({ type: 'login-v1', name: 'Login' }, { type: 'any', name: 'Any' });
	expect((await post(body)).status).toBe(200);
	expect(sandbox.stored('gravityField').map((stored) => [stored.index, stored.event.type])).toEqual([
		[0, 'order-shipped-v1'],
		[1, 'login-v1'],
		[2, 'any'],
	]);
	expect(sandbox.stored('gravityField')[2].context).toMatchObject({ user: { custom: 'a', ses: 'b' } });
});

test('user.custom = sandbox-204 stores and answers 204', async () => {
	expect(await post(small(undefined, { custom: 'sandbox-204' }))).toMatchObject({ status: 204, body: '' });
	expect(sandbox.stored('gravityField')).toHaveLength(1);
});

test('isReturnUserInfo brings the user’s lists', async () => {
	const answer = await post({ ...small(), options: { isReturnUserInfo: true } });
	expect(JSON.parse(answer.body)).toMatchObject({
		user: { segments: [], conditions: {}, details: { isNew: true } },
	});
});

test('members that no source names are let through', async () => {
	expect((await post({ ...small({ type: 'a', name: 'b', size: { deep: [1] } }), extra: 1 })).status).toBe(
		200,
	);
	expect(sandbox.stored('gravityField')[0].event.size).toEqual({ deep: [1] });
});

describe('403', () => {
	test.each<[string, () => ReturnType<typeof send>]>([
		[
			'no header',
			() =>
				send('POST', `${sandbox.baseUrls.gravityField}/event`, { 'content-type': 'application/json' }, '{}'),
		],
		['a wrong key', () => post(small(), { authorization: 'Bearer x' })],
		['a bare key', () => post(small(), { authorization: sandbox.credentials.gravityFieldApi.apiKey })],
		['another section', () => post({ ...small(), sec: 'ffffffffffffffffffffffff' })],
	])('%s', async (_name, act) => {
		expect((await act()).status).toBe(403);
		expect(JSON.stringify(last().refusals)).not.toContain(sandbox.credentials.gravityFieldApi.apiKey);
		expect(sandbox.stored('gravityField')).toEqual([]);
	});
});

describe('422', () => {
	const event = (change: object) => ({ ...small(), data: [{ ...sample().data[0], ...change }] });
	test.each<[string, () => unknown, string]>([
		['no JSON', () => '{', 'parse error'],
		['a list', () => [], 'the body must be an object'],
		['no sec', () => ({ ...small(), sec: undefined }), 'sec:'],
		['a short sec', () => ({ ...small(), sec: 'abc' }), 'sec:'],
		['only sec: what a credential test may send', () => ({ sec: small().sec }), 'user:'],
		['no user', () => ({ ...small(), user: undefined }), 'user:'],
		['a number as custom', () => small(undefined, { custom: 5 }), 'user.custom:'],
		[
			'an attribute that is no string',
			() => small(undefined, { attributes: { a: 1 } }),
			'user.attributes.a:',
		],
		['no ctx', () => ({ ...small(), ctx: undefined }), 'ctx:'],
		['no ctx.data', () => ({ ...small(), ctx: { type: 'OTHER', location: 'x' } }), 'ctx.data:'],
		[
			'a number in ctx.data',
			() => ({ ...small(), ctx: { type: 'OTHER', data: [1], location: 'x' } }),
			'ctx.data[0]:',
		],
		['no location', () => ({ ...small(), ctx: { type: 'OTHER', data: [] } }), 'ctx.location:'],
		[
			'a page number in quotes',
			() => ({ ...small(), ctx: { ...small().ctx, pageNumber: '1' } }),
			'ctx.pageNumber:',
		],
		['a utm that is no object', () => ({ ...small(), ctx: { ...small().ctx, utm: 'x' } }), 'ctx.utm:'],
		['no ua', () => ({ ...small(), device: {} }), 'device.ua:'],
		['an IPv6 address', () => ({ ...small(), device: { ua: 'x', ip: '::1' } }), 'device.ip:'],
		[
			'a local time',
			() => ({ ...small(), device: { ua: 'x', userTime: '2019-08-24T14:15:22' } }),
			'device.userTime:',
		],
		[
			'an option in quotes',
			() => ({ ...small(), options: { isReturnCounter: 'true' } }),
			'options.isReturnCounter:',
		],
		['no data', () => ({ ...small(), data: [] }), 'data:'],
		['data that is no list', () => ({ ...small(), data: {} }), 'data:'],
		['an event that is no object', () => ({ ...small(), data: ['x'] }), 'data[0]:'],
		['no type', () => event({ type: undefined }), 'data[0].type:'],
		['no name', () => event({ name: '' }), 'data[0].name:'],
		['money in quotes', () => event({ value: '1.5' }), 'data[0].value:'],
		[
			'a cart line without price',
			() => event({ cart: [{ productId: 'a', quantity: 1 }] }),
			'data[0].cart[0].itemPrice:',
		],
		['a day that does not exist', () => event({ eventTime: '2019-02-30T00:00:00Z' }), 'data[0].eventTime:'],
		['a number among customProps', () => event({ customProps: { a: 1 } }), 'data[0].customProps.a:'],
		['an object among customProps', () => event({ customProps: { a: {} } }), 'data[0].customProps.a:'],
		['the sandbox’s own refusal', () => small(undefined, { custom: 'sandbox-refuse' }), 'user.custom:'],
	])('%s', async (_name, body, msg) => {
		const answer = await post(body());
		expect(answer.status).toBe(422);
		expect((JSON.parse(answer.body) as { msg: string }).msg).toContain(msg);
		expect(sandbox.stored('gravityField')).toEqual([]);
	});

	test('one bad event refuses all', async () => {
		const body = small();
		body.data.push({ type: 'x', name: '' });
		expect((await post(body)).status).toBe(422);
		expect(last().refusals).toMatchObject([{ index: 1, field: 'data[1].name' }]);
	});

	test('another content type', async () => {
		expect((await post(small(), { 'content-type': 'text/plain' })).status).toBe(422);
	});
});

test('null counts as absent in optional places only', async () => {
	expect((await post(small({ type: 'a', name: 'b', currency: null }))).status).toBe(200);
	expect((await post(small({ type: 'a', name: null }))).status).toBe(422);
});

test('what the vendor’s SDKs send besides: the iOS name of ua, page attributes that are no text, a purchase without lines', async () => {
	const { ua, ...device } = sample().device;
	expect((await post({ ...small(), device: { ...device, userAgent: ua } })).status).toBe(200);
	expect((await post({ ...small(), ctx: { ...small().ctx, attributes: { n: 1, yes: true } } })).status).toBe(
		200,
	);
	expect((await post({ ...small(), ctx: { ...small().ctx, attributes: { deep: {} } } })).status).toBe(422);
	expect(
		(await post(small({ type: 'purchase-v1', name: 'Purchase' }, { custom: 'a', uid: 'short' }))).status,
	).toBe(200);
});

test('other paths', async () => {
	expect((await post(small(), {}, '/event/')).status).toBe(404);
	expect((await post(small(), {}, '/strategy')).status).toBe(404);
	expect((await send('GET', `${sandbox.baseUrls.gravityField}/event`)).status).toBe(405);
});
