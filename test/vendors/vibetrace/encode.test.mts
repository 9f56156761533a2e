import { describe, expect, test } from '@jest/globals';

import { classifyResponse, readResponse } from '../../../nodes/engine/delivery/response.ts';
import { type Batch } from '../../../nodes/engine/delivery/pack.ts';
import type { Json } from '../../../nodes/engine/operation/operation.ts';
import { parseAnswer } from '../../../nodes/Vibetrace/answer.ts';
import { sendEvent } from '../../../nodes/Vibetrace/sendEvent.ts';
import { TARGET, IDS, EMAIL, ORDER, good, packed, requestOf, urlOf, dataOf } from './support.mts';

describe('the URL', () => {
	test.each([
		'name+tag@example.com',
		'o\'neil"&#%/?\\@example.com',
		'жан😀@example.com',
		'%2B%27@example.com',
	])('%s arrives as it was', (email) => {
		const event = { type: 'login', email, source: 'a b+c&d=e#f%"\'\n\t😀ё' };
		const url = urlOf(event);
		expect(url).toMatch(/^[\x21-\x7e]+$/);
		expect(url).not.toMatch(/[+'" ]/);
		expect(dataOf(url)).toEqual([event]);
	});

	test('account and type are one step of the path each', () => {
		const target = { ...TARGET, account: { accountId: 'a/b?#' } };
		const { batches } = packed([{ type: 'wish/list?#é', ...EMAIL }], 50, target);
		const { url } = requestOf(batches[0]);
		expect(new URL(url).pathname.split('/').map(decodeURIComponent)).toEqual([
			'',
			'event',
			'a/b?#',
			'wish/list?#é',
		]);
		for (const accountId of ['.', '..']) {
			const encoded = sendEvent.single.encode({ type: 'a', ...EMAIL }, { ...TARGET, account: { accountId } });
			expect(encoded).toEqual({ fault: { field: 'accountId', message: expect.any(String) } });
		}
	});

	test('a base URL is measured as it is sent', () => {
		const target = { ...TARGET, baseUrl: 'HTTPS://Прокси.example:443/über' };
		const [batch] = packed([{ type: 'a', ...EMAIL }], 50, target).batches;
		const { url } = requestOf(batch);
		expect(new URL(url).href).toBe(url);
		expect(url.length).toBe(batch.bytes);
	});

	test.each<[Json, string]>([
		[{ type: 'login', ...EMAIL, source: 'a\ud83d' }, 'source'],
		[{ type: 'a\ude00', ...EMAIL }, 'type'],
		[{ type: 'generic', ...EMAIL, generic: { event_name: 'x', list: ['ok', '\ud83d'] } }, 'generic.list[1]'],
		[{ type: 'wishlist', ...EMAIL, 'n\ud83d': 1 }, 'n\ud83d'],
	])('half a character is refused: %j', (event, field) => {
		expect(sendEvent.single.encode(good(event), TARGET)).toEqual({
			fault: { field, message: expect.stringContaining('surrogate') },
		});
	});

	test('a text that only looks like half a character passes', () => {
		expect(dataOf(urlOf({ type: 'login', ...EMAIL, source: '\\ud83d' }))[0].source).toBe('\\ud83d');
	});

	test('ts is drawn anew for each try and always has ten digits', () => {
		const [batch] = packed([{ type: 'login', ...EMAIL }]).batches;
		const drawn = [0, 0.123456, 0.999999999].map(
			(random) => new URL(requestOf(batch, () => random).url).searchParams.get('ts') ?? '',
		);
		expect(new Set(drawn).size).toBe(3);
		for (const ts of drawn) {
			expect(ts).toMatch(/^\d{10}$/);
			expect(Number(ts)).toBeLessThan(2 ** 31);
		}
	});

	test('138 items of the sample’s size fit under 8,000 characters, 139 do not', () => {
		const order = (lines: number) => ({
			...IDS,
			type: 'confirmation',
			items: Array.from({ length: lines }, () => ({ id: '123123-M', quantity: 2 })),
			generic: { orderId: 'order_id_example', total: 234.12, ...EMAIL },
			callback: 'vt',
		});
		expect(urlOf(order(138)).length).toBeLessThanOrEqual(8_000);
		const { batches, oversize } = packed([order(139)]);
		expect([batches.length, oversize.length]).toEqual([0, 1]);
		expect(oversize[0].bytes).toBeGreaterThan(8_000);
	});
});

describe('batches', () => {
	const login = (name: string, more: Json = {}) => ({ type: 'login', email: `${name}@example.com`, ...more });
	const indexes = (batches: Batch[]) => batches.map(({ items }) => items.map(({ index }) => index));

	test('hold one type and one callback, in order', () => {
		const events = [
			login('a'),
			{ type: 'wishlist', ...EMAIL },
			login('b'),
			login('c', { callback: 'vt' }),
			login('d'),
		];
		const { batches } = packed(events);
		expect(indexes(batches)).toEqual([[0, 2, 4], [1], [3]]);
		const urls = batches.map((batch) => new URL(requestOf(batch).url));
		expect(urls.map(({ pathname }) => pathname.split('/').at(-1))).toEqual(['login', 'wishlist', 'login']);
		expect(urls.map(({ searchParams }) => searchParams.get('callback'))).toEqual([null, null, 'vt']);
		expect(dataOf(urls[0].href).map(({ email }) => email)).toEqual([
			'a@example.com',
			'b@example.com',
			'd@example.com',
		]);
		expect(dataOf(urls[2].href)).toEqual([login('c')]);
	});

	test('are packed greedily by the length of the URL', () => {
		const events = Array.from({ length: 100 }, (_, at) =>
			login(`name${at}`, { note: 'x'.repeat((at * 37) % 400) }),
		);
		const { batches } = packed(events, 500);
		expect(indexes(batches).flat()).toEqual(events.map((_, at) => at));
		for (const [at, batch] of batches.entries()) {
			const { url } = requestOf(batch);
			expect(url.length).toBe(batch.bytes);
			expect(url.length).toBeLessThanOrEqual(8_000);
			const next = batches[at + 1]?.items[0];
			if (next) expect(url.length + '%2C'.length + next.bytes).toBeGreaterThan(8_000);
		}
		expect(indexes(packed(events, 3).batches).every(({ length }) => length <= 3)).toBe(true);
	});
});

describe('answers', () => {
	test.each<[string, unknown]>([
		['', undefined],
		['{"status":"ok"}', { status: 'ok' }],
		['[1]', [1]],
		['vt({"status":"ok"})', { status: 'ok' }],
		[' vt ( {"status":"ok"} ) ; ', { status: 'ok' }],
		['/**/ typeof vt === \'function\' && vt({"a":1});', { a: 1 }],
		['/**/vt({"a":"b(c)"});', { a: 'b(c)' }],
		['a.b.$c([])', []],
		["typeof vt === 'function' && other({})", undefined],
		['vt(alert(1))', undefined],
		['vt({}); vt({})', undefined],
		['alert', undefined],
		['<html></html>', undefined],
	])('%j', (text, read) => {
		expect(parseAnswer(text)).toEqual(read);
	});

	const verdict = (status: number, text = '', type = 'text/plain') =>
		classifyResponse(
			readResponse(status, { 'Content-Type': type }, text, sendEvent.responses.parse),
			sendEvent.responses,
			'Vibetrace',
			TARGET.baseUrl,
		);

	test('any 2xx but a page is accepted, no failure is taken as not stored', () => {
		for (const text of ['{"error":"x"}', 'vt({"errors":["x"]});', '{"success":false}']) {
			expect(verdict(200, text)).toEqual({ kind: 'unconfirmed' });
		}
		for (const text of ['', 'ok', '{}', 'vt({})', '{"success":true}']) {
			expect(verdict(200, text)).toEqual({ kind: 'accepted' });
			expect(verdict(204, text)).toEqual({ kind: 'accepted' });
		}
		expect(verdict(200, '<!doctype html>')).toEqual({ kind: 'maybeStored' });
		expect(verdict(200, '<p>busy</p>', 'text/html')).toEqual({ kind: 'maybeStored' });
		expect(verdict(200, '', 'text/html')).toEqual({ kind: 'accepted' });
		for (const status of [500, 502, 504]) expect(verdict(status)).toEqual({ kind: 'maybeStored' });
		expect(verdict(503)).toEqual({ kind: 'notStored' });
		expect(verdict(429)).toEqual({ kind: 'notStored' });
		expect(verdict(400)).toEqual({ kind: 'rejected', advice: sendEvent.responses.advice[400] });
		expect(verdict(414)).toEqual({ kind: 'tooLarge' });
		for (const [status, scope] of [
			[401, 'account'],
			[403, 'account'],
			[404, 'method'],
			[405, 'method'],
		] as const)
			expect(verdict(status)).toMatchObject({
				kind: 'fatal',
				scope,
				reason: expect.stringContaining('credential'),
			});
	});

	test('only an order counts once when repeated', () => {
		const isSafe = (event: Json) => sendEvent.repeatIsSafe?.(event);
		expect(isSafe(good({ type: 'confirmation', ...IDS, ...ORDER }))).toBe(true);
		expect(isSafe({ type: 'confirmation', generic: {} })).toBe(false);
		expect(isSafe({ type: 'confirmation' })).toBe(false);
		for (const type of ['login', 'update', 'generic', 'checkout', 'x'])
			expect(isSafe({ type, ...EMAIL, ...ORDER })).toBe(false);
	});
});
