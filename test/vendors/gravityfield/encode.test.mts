import { describe, expect, test } from '@jest/globals';

import { HALF_CHARACTER } from '../../../nodes/engine/check/surrogate.ts';
import type { Batch } from '../../../nodes/engine/delivery/pack.ts';
import { payloadBytes } from '../../../nodes/engine/delivery/request.ts';
import type { Json } from '../../../nodes/engine/operation/operation.ts';
import { storeEvent } from '../../../nodes/GravityField/storeEvent.ts';
import {
	page,
	SEC,
	UID,
	target,
	PAGE,
	DEVICE,
	NOBODY,
	eventOf,
	custom,
	good,
	faults,
	batchesOf,
	bodyOf,
	onlyBody,
} from './support.mts';

const indexes = (batches: Batch[]) => batches.map(({ items }) => items.map(({ index }) => index));

describe('the request', () => {
	test('the page’s sample comes out byte for byte, its fillers replaced', () => {
		const { sec: _sec, data, user, ...rest } = page.samples.storeEvent;
		const [{ cart, ...event }] = data;
		const filled = {
			user: { ...user, uid: UID },
			...rest,
			data: [
				{
					...event,
					quantity: 1,
					cart: [{ ...(cart as Json[])[0], quantity: 1 }],
					eventTime: '2019-08-24T14:15:22.000Z',
					customProps: event.customProps,
				},
			],
		};
		// The rest pattern above has moved `cart` and nothing else.
		const { type, name, currency, value, quantity, productId, eventTime, customProps } = filled
			.data[0] as Json;
		const ordered = {
			type,
			name,
			currency,
			value,
			quantity,
			productId,
			cart: filled.data[0].cart,
			eventTime,
			customProps,
		};
		const expected = JSON.stringify({ sec: SEC, ...filled, data: [ordered] });
		expect(Object.keys(ordered)).toEqual(Object.keys(page.samples.storeEvent.data[0]));
		expect(onlyBody(filled)).toBe(expected);
		const { data: _data, ...shared } = filled;
		expect(onlyBody({ ...shared, ...ordered })).toBe(expected);
		const backwards = Object.fromEntries(Object.entries({ ...shared, ...ordered }).reverse());
		expect(onlyBody(backwards)).toBe(expected);
	});

	test.each(storeEvent.samples.map((sample) => [sample.of, sample.event] as const))(
		'%s needs no change',
		(_of, event) => {
			expect(good(event)).toEqual(event);
		},
	);

	test('the smallest event', () => {
		expect(onlyBody(custom())).toBe(
			`{"sec":"${SEC}","user":{},"ctx":{"type":"OTHER","data":[],"location":"n8n"},"device":{"ua":"n8n"},"data":[{"type":"order-shipped-v1","name":"Order shipped"}]}`,
		);
		const [batch] = batchesOf([custom()]);
		const request = storeEvent.single.request(
			{ bytes: () => payloadBytes(batch), text: () => '' },
			batch.items[0].event,
			target,
			{ cacheBuster: () => '' },
		);
		expect(request).toMatchObject({
			method: 'POST',
			url: 'https://host.example/v2/event',
			headers: { 'Content-Type': 'application/json' },
		});
		expect(request.body?.length).toBe(batch.bytes);
		expect(storeEvent.single.method({})).toBe('event');
	});

	test('a section in an item is not used', () => {
		expect(onlyBody({ sec: 'another', ...custom() })).toBe(onlyBody(custom()));
		expect(good({ sec: 'another', data: [custom()] })).toEqual({ ...NOBODY, data: [custom()] });
	});

	test('text arrives as it was', () => {
		const name = 'Заказ "№ 1"\n😀 \\ + ,\u2028';
		const body = onlyBody(custom({ name, customProps: { 'ключ "1"': '007' } }));
		expect(JSON.parse(body)).toMatchObject({ data: [{ name, customProps: { 'ключ "1"': '007' } }] });
	});
});

describe('lists', () => {
	const bad = eventOf('add-to-cart-v1', { cart: [{ productId: 'A', quantity: 1, itemPrice: 'free' }] });

	test('a list stays a list, one unit that counts as its events', () => {
		const event = good({ user: { uid: UID }, data: [custom(), eventOf('login-v1')] });
		expect(event).toEqual({
			user: { uid: UID },
			ctx: PAGE,
			device: DEVICE,
			data: [custom(), eventOf('login-v1')],
		});
		expect(storeEvent.batch.encode(event, target)).toMatchObject({ count: 2, orderingKey: `uid ${UID}` });
	});

	test('a single event in data becomes the event', () => {
		expect(good({ user: { uid: UID }, data: custom() })).toEqual({
			...NOBODY,
			user: { uid: UID },
			...custom(),
		});
		expect(good({ data: JSON.stringify(custom()) })).toEqual({ ...NOBODY, ...custom() });
		expect(good({ data: JSON.stringify([custom()]) })).toEqual({ ...NOBODY, data: [custom()] });
	});

	test('paths of faults', () => {
		expect(faults(bad)).toEqual([expect.stringMatching(/^cart\[0\]\.itemPrice: /)]);
		expect(faults({ data: [custom(), bad, eventOf('purchase-v1', { value: 'x' })] })).toEqual([
			expect.stringMatching(/^data\[1\]\.cart\[0\]\.itemPrice: /),
			expect.stringMatching(/^data\[2\]\.value: .* must be a number/),
		]);
		expect(faults({ data: [custom({ hashedEmail: 'a@b@c' })] }, { all: { hashEmail: true } })).toEqual([
			expect.stringMatching(/^data\[0\]\.hashedEmail: /),
		]);
	});

	test('what is no list of events', () => {
		expect(faults({ data: [] })).toEqual(["data: 'data' is empty"]);
		expect(faults({ data: 'x' })).toEqual([expect.stringMatching(/^data: .*must be a list/)]);
		expect(faults({ data: ['x'] })).toEqual([expect.stringMatching(/^data\[0\]: .*must be an object/)]);
		expect(faults({ data: [custom(), custom(), custom()] }, { maxListed: 2 })).toEqual([
			expect.stringMatching(/^data: .*3 events.*batch size of 2/),
		]);
	});

	test('fields of an event beside data are not lost in silence', () => {
		expect(faults({ name: 'x', data: [custom()] })).toEqual([
			expect.stringMatching(/^name: .*beside 'data'/),
		]);
		expect(faults({ name: 'x', data: custom() })).toEqual([expect.stringMatching(/^name: .*beside 'data'/)]);
	});

	test('undocumented names keep their place', () => {
		expect(JSON.parse(onlyBody({ data: [custom({ size: 'XL' })], extra: 1 }))).toEqual({
			sec: SEC,
			...NOBODY,
			extra: 1,
			data: [custom({ size: 'XL' })],
		});
		expect(JSON.parse(onlyBody({ data: custom({ size: 'XL' }), extra: 1 }))).toEqual({
			sec: SEC,
			...NOBODY,
			extra: 1,
			data: [custom({ size: 'XL' })],
		});
		expect(JSON.parse(onlyBody(custom({ size: 'XL', user: { x: [1] } })))).toEqual({
			sec: SEC,
			...NOBODY,
			user: { x: [1] },
			data: [custom({ size: 'XL' })],
		});
		expect(JSON.parse(onlyBody({ data: { ...custom(), user: 'me' } }))).toEqual({
			sec: SEC,
			...NOBODY,
			data: [{ ...custom(), user: 'me' }],
		});
		expect(onlyBody({ data: [custom()], extra: 1 })).toMatch(/"extra":1,"data":\[/);
	});

	test('undocumented names can be left out or refused', () => {
		expect(good(custom({ size: 'XL', ctx: { foo: 1 } }), { extraFields: 'ignore' })).toEqual({
			...NOBODY,
			...custom(),
		});
		expect(faults(custom({ prodctId: 'x' }), { extraFields: 'error' })).toEqual([
			"prodctId: 'prodctId' is not a documented name; did you mean 'productId'?",
		]);
	});
});

describe('grouping', () => {
	const by = (user: Json, change: Json = {}) => custom({ user, ...change });

	test('events of equal user, page, device and options share a request', () => {
		const batches = batchesOf([
			by({ uid: UID }),
			by({ custom: 'a', ses: 's' }),
			by({ uid: UID }),
			by({ custom: 'a', ses: 's' }),
		]);
		expect(indexes(batches)).toEqual([
			[0, 2],
			[1, 3],
		]);
		expect(batches.map(({ orderingKey }) => orderingKey)).toEqual([`uid ${UID}`, 'custom a']);
		expect(JSON.parse(bodyOf(batches[0]))).toEqual({
			sec: SEC,
			...NOBODY,
			user: { uid: UID },
			data: [custom(), custom()],
		});
	});

	test.each<[string, Json]>([
		['page', { ctx: { type: 'CART' } }],
		['device', { device: { ua: 'other' } }],
		['options', { options: { isReturnCounter: true } }],
		['session', { user: { uid: UID, ses: 's' } }],
	])('another %s closes the request of that user', (_what, change) => {
		const batches = batchesOf([by({ uid: UID }), by({ uid: UID }, change), by({ uid: UID })]);
		expect(indexes(batches)).toEqual([[0], [1], [2]]);
		expect(new Set(batches.map(({ orderingKey }) => orderingKey)).size).toBe(1);
	});

	test('events without a user share no request', () => {
		const batches = batchesOf([custom(), custom(), by({ ses: 's' }), by({ ses: 's' })]);
		expect(indexes(batches)).toEqual([[0], [1], [2], [3]]);
		expect(batches.map(({ orderingKey }) => orderingKey)).toEqual([undefined, undefined, 'ses s', 'ses s']);
	});

	test('a session keeps the order of its events where no stronger ID does', () => {
		const keys = [{ ses: 's' }, { ses: 's', uid: UID }, { ses: 's', custom: 'a' }, { ses: 't' }].map(
			(user) => batchesOf([by(user)])[0].orderingKey,
		);
		expect(keys).toEqual(['ses s', `uid ${UID}`, 'custom a', 'ses t']);
	});

	test.each<[string, Json, string]>([
		['an event', custom({ name: 'a\ud83d' }), 'name'],
		['a name of an own property', custom({ customProps: { '\ude00': 'x' } }), 'customProps'],
		['a cart', custom({ cart: [{ productId: 'x' }, { productId: '\ude00' }] }), 'cart[1].productId'],
		['what the events share', by({ custom: 'a\ud83d' }), 'user.custom'],
	])('half a character in %s is refused', (_where, event, field) => {
		expect(storeEvent.single.encode(event, target)).toEqual({
			fault: { field, message: `'${field}' ${HALF_CHARACTER}` },
		});
	});

	test('a list is never split and fills a request by its events', () => {
		const list = (count: number) => ({
			user: { uid: UID },
			data: Array.from({ length: count }, () => custom()),
		});
		const batches = batchesOf([list(2), list(2), by({ uid: UID }), list(3)], 4);
		expect(indexes(batches)).toEqual([
			[0, 1],
			[2, 3],
		]);
		expect((JSON.parse(bodyOf(batches[1])) as { data: unknown[] }).data).toHaveLength(4);
	});

	test('the frame and the events add up to the bytes that are counted', () => {
		const [batch] = batchesOf([by({ uid: UID }, { name: 'Ж😀' }), by({ uid: UID })]);
		expect(Buffer.byteLength(bodyOf(batch))).toBe(batch.bytes);
	});

	test('nothing is safe to repeat', () => expect(storeEvent.repeatIsSafe).toBeUndefined());
});
