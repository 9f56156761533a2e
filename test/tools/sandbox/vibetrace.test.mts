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
const base = (type: string, account = sandbox.credentials.vibetraceApi.accountId) =>
	`${sandbox.baseUrls.vibetrace}/event/${account}/${type}`;
const raw = (type: string, query: string) => send('GET', `${base(type)}?${query}`);
const get = (type: string, data: unknown) =>
	raw(
		type,
		`data=${encodeURIComponent(typeof data === 'string' ? data : JSON.stringify(data))}&ts=1234567890`,
	);
const order = (change: object = {}, generic: object = {}) => ({
	userId: '0111',
	sessionId: '013123',
	type: 'confirmation',
	items: [
		{ id: '123123-M', quantity: 2 },
		{ id: '23423-XL', quantity: 1 },
	],
	generic: { orderId: 'order_id_example', total: 234.12, email: 'buyer@example.com', ...generic },
	...change,
});
/** PHP's http_build_query: form encoding, as the page's samples use it. */
const form = (values: Record<string, string>) => new URLSearchParams(values).toString();

describe('the samples of the page', () => {
	test('the confirmation', async () => {
		const answer = await raw(
			'confirmation',
			form({ data: JSON.stringify([order()]), callback: 'vt', ts: '512' }),
		);
		expect(answer).toMatchObject({ status: 200, body: 'vt({"status":"ok"})' });
		expect(answer.headers['content-type']).toMatch(/^application\/javascript/);
		expect(sandbox.stored('vibetrace')).toMatchObject([
			{
				vendor: 'vibetrace',
				operation: 'confirmation',
				request: 1,
				index: 0,
				event: order(),
				text: JSON.stringify(order()),
				key: 'order_id_example',
			},
		]);
	});

	test('the login', async () => {
		const event = { type: 'login', email: 'buyer@example.com', source: 'source_type' };
		const answer = await raw('login', form({ data: JSON.stringify([event]), callback: 'vt', ts: '0' }));
		expect(answer).toMatchObject({ status: 200, body: 'vt({"status":"ok"})' });
		expect(sandbox.stored('vibetrace').map((stored) => stored.event)).toEqual([event]);
	});

	test('without a callback the answer is JSON', async () => {
		const answer = await get('confirmation', [order()]);
		expect(answer).toMatchObject({ status: 200, body: '{"status":"ok"}' });
		expect(answer.headers['content-type']).toMatch(/^application\/json/);
	});
});

test('+ is a space and %2B a plus', async () => {
	expect(
		(
			await raw(
				'login',
				'ts=1&data=%5B%7B%22type%22:%22login%22,%22email%22:%22a%2Bb@example.com%22,%22name%22:%22John+Smith%22%7D%5D',
			)
		).status,
	).toBe(200);
	expect(sandbox.stored('vibetrace')[0].event).toMatchObject({
		email: 'a+b@example.com',
		name: 'John Smith',
	});
	// The usual mistake: the plus of an address sent bare arrives as a blank.
	expect(
		(await raw('login', 'ts=1&data=%5B%7B%22type%22:%22login%22,%22email%22:%22a+b@example.com%22%7D%5D'))
			.status,
	).toBe(400);
});

test('a second confirmation of one order is dropped without notice', async () => {
	expect((await get('confirmation', [order()])).status).toBe(200);
	expect((await get('confirmation', [order()])).status).toBe(200);
	expect(last()).toMatchObject({
		stored: 0,
		refusals: [],
		discarded: [{ index: 0, field: 'generic.orderId' }],
	});
	expect(
		(
			await get('confirmation', [
				order({}, { orderId: 'b' }),
				order({}, { orderId: 'b' }),
				order({}, { orderId: 'c' }),
			])
		).status,
	).toBe(200);
	expect(sandbox.stored('vibetrace').map((stored) => stored.key)).toEqual(['order_id_example', 'b', 'c']);
});

test('64-bit ids, quotes, Cyrillic and emoji survive', async () => {
	const event = {
		type: 'update',
		userId: '8139618027113397',
		sessionId: '253412802711339765',
		name: 'Жан "😀" & # % / ?',
	};
	expect((await get('update', [event])).status).toBe(200);
	expect(sandbox.stored('vibetrace')[0].event).toEqual(event);
});

describe('identification', () => {
	const ids = { userId: '1', sessionId: '2' };
	test.each<[string, object, number]>([
		['update', { ...ids, a: 1 }, 200],
		['update', { email: 'a@b', a: 1 }, 200],
		['update', { _vtsid: 'x', a: 1 }, 200],
		['update', { ...ids, _vtsid: 'x', a: 1 }, 200],
		['update', { a: 1 }, 400],
		['update', { userId: '1', a: 1 }, 400],
		['update', { sessionId: '1', _vtsid: 'x', a: 1 }, 400],
		['update', { ...ids, email: 'a@b', a: 1 }, 400],
		['update', { _vtsid: 'x', email: 'a@b', a: 1 }, 400],
		['update', { userId: 1, sessionId: 2, a: 1 }, 400],
		['update', { ...ids, userId: '', a: 1 }, 400],
		['login', { ...ids, email: 'a@b' }, 200],
		['login', ids, 200],
		['login', { _vtsid: 'x' }, 200],
		['login', {}, 400],
	])('%s with %j is answered %i', async (type, event, status) => {
		expect((await get(type, [{ type, ...event }])).status).toBe(status);
	});
});

describe('refusals', () => {
	test.each<[string, string, unknown]>([
		['a bare object', 'confirmation', order()],
		['an empty list', 'confirmation', []],
		['no JSON', 'confirmation', '[{'],
		['another type than the path', 'login', [order()]],
		['mixed types', 'confirmation', [order(), { type: 'login', email: 'a@b' }]],
		['an order id that is a number', 'confirmation', [order({}, { orderId: 5 })]],
		['a total in quotes', 'confirmation', [order({}, { total: '5' })]],
		['neither items nor total', 'confirmation', [order({ items: [] }, { total: undefined })]],
		['a line without id', 'confirmation', [order({ items: [{ quantity: 1 }] })]],
		['a line with an id that is a number', 'confirmation', [order({ items: [{ id: 1, quantity: 1 }] })]],
		['a quantity in quotes', 'confirmation', [order({ items: [{ id: 'a', quantity: '1' }] })]],
		['coupons that are no list', 'confirmation', [order({}, { coupons: 'a' })]],
		['a generic that is no object', 'confirmation', [order({ generic: 'a' })]],
		['a generic event without a name', 'generic', [{ type: 'generic', email: 'a@b', generic: {} }]],
		['an update of nothing', 'update', [{ type: 'update', email: 'a@b' }]],
		['an attribute that is an object', 'update', [{ type: 'update', email: 'a@b', a: {} }]],
		['an address without @', 'login', [{ type: 'login', email: 'a' }]],
		['the sandbox’s own refusal', 'confirmation', [order(), order({ userId: 'sandbox-refuse' })]],
	])('%s', async (_name, type, data) => {
		expect((await get(type, data)).status).toBe(400);
		expect(last().refusals.length).toBeGreaterThan(0);
		expect(sandbox.stored('vibetrace')).toEqual([]);
	});

	test.each([
		'ts=1',
		'data=%5B%5D',
		'ts=x&data=%5B%7B%22type%22:%22a%22,%22email%22:%22a@b%22%7D%5D',
		'ts=1&data=[{%22type%22:%22a%22,%22email%22:%22a@b%22}]',
		'ts=1&x=1&data=%5B%7B%22type%22:%22a%22,%22email%22:%22a@b%22%7D%5D',
		'ts=1&data=%FF',
	])('the query %s', async (query) => {
		expect((await raw('a', query)).status).toBe(400);
	});

	test('an unknown account, another path, another method', async () => {
		expect((await send('GET', `${base('login', 'nobody')}?ts=1&data=%5B%5D`)).status).toBe(404);
		expect((await send('GET', `${sandbox.baseUrls.vibetrace}/event`)).status).toBe(404);
		expect((await send('POST', base('login'))).status).toBe(405);
	});

	test('an address of 8,000 characters passes and one more is 414', async () => {
		const address = (more: number) =>
			`${base('generic')}?ts=1&data=${encodeURIComponent(JSON.stringify([{ type: 'generic', email: 'a@b', generic: { event_name: 'x'.repeat(more) } }]))}`;
		const room = 8_000 - address(0).length;
		expect((await send('GET', address(room))).status).toBe(200);
		expect((await send('GET', address(room + 1))).status).toBe(414);
	});
});

test('any other type is taken with any members', async () => {
	expect(
		(await get('view%20item', [{ type: 'view item', _vtsid: 'x', itemId: '5', deep: { a: [1] } }])).status,
	).toBe(200);
	expect((await get('confirmation', [order({ items: undefined })])).status).toBe(200);
	expect(sandbox.stored('vibetrace').map((stored) => stored.operation)).toEqual([
		'view item',
		'confirmation',
	]);
});
