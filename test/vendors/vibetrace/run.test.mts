import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { NodeHelpers } from 'n8n-workflow';
import type {
	IDataObject,
	IExecuteFunctions,
	INode,
	INodeParameters,
	INodeProperties,
	INodeType,
} from 'n8n-workflow';
import { DateTime } from 'luxon';
import ts from 'typescript';

import { VibetraceApi } from '../../../credentials/VibetraceApi.credentials.ts';
import { judge, readResponse } from '../../../nodes/engine/delivery/response.ts';
import { createChecker } from '../../../nodes/engine/check/check.ts';
import { buildRequest } from '../../../nodes/engine/delivery/delivery.ts';
import { assemble } from '../../../nodes/engine/mapping/mapping.ts';
import { pack, type Batch, type Prepared } from '../../../nodes/engine/delivery/pack.ts';
import { run as runOperation } from '../../../nodes/engine/run.ts';
import { settingRows } from '../../../nodes/engine/operation/settings.ts';
import type { Field, Issue, Json } from '../../../nodes/engine/operation/operation.ts';
import { parseAnswer } from '../../../nodes/Vibetrace/answer.ts';
import { COOKIE_EXAMPLE, readVisitorCookie } from '../../../nodes/Vibetrace/cookie.ts';
import { CUSTOM_TYPE, EVENT_TYPES } from '../../../nodes/Vibetrace/eventTypes.ts';
import { FORM_ONLY } from '../../../nodes/Vibetrace/fields.ts';
import { formOf } from '../../../nodes/engine/form/form.ts';
import { sendEvent } from '../../../nodes/Vibetrace/sendEvent.ts';
import { VibetraceSendEvent } from '../../../nodes/Vibetrace/VibetraceSendEvent/VibetraceSendEvent.node.ts';
import { startSandbox, type Sandbox } from '../../../tools/sandbox/server.mts';
import page from '../../pages/vibetrace.json';
import { reportsOf, statusesOf } from '../../support/bench.mts';
import { instantClock } from '../../support/clock.mts';
import { createEngine, singleNodeWorkflow, type Engine } from '../../../tools/harness/engine.mts';
import { lintSubjects } from '../../support/lint-descriptions.mts';

const ACCOUNT = '5f2b1c9e8d7a6b5c4d3e2f10';
const TARGET = { baseUrl: 'https://app.vtcdn.net', app: '', account: { accountId: ACCOUNT } };
const IDS = { userId: '8139618027113397', sessionId: '253412802711339765' };
const EMAIL = { email: 'buyer@example.com' };
const ORDER = { generic: { orderId: 'A-1', total: 10 } };

/** Changes nothing that it is given, at any depth, or the test throws. */
function deepFreeze<T>(value: T): T {
	if (typeof value === 'object' && value !== null)
		for (const member of Object.values(value)) deepFreeze(member);
	return Object.freeze(value);
}

function check(event: Json, options: Json = {}): { event: Json } | { issues: Issue[] } {
	const all = Object.fromEntries(settingRows(sendEvent).map(({ name, default: value }) => [name, value]));
	const settings = { ...all, ...options };
	const checker = createChecker(
		sendEvent,
		{
			zone: 'UTC',
			now: 0,
			maxAgeDays: 0,
			extraFields: settings.extraFields as 'send',
			maxListed: 500,
			all: settings,
		},
		{ names: new Map(), pairs: new Set() },
	);
	return checker(deepFreeze(event), '');
}

function good(event: Json): Json {
	const checked = check(event);
	if ('issues' in checked) throw new Error(JSON.stringify(checked.issues));
	return checked.event;
}

function issuesOf(event: Json): Issue[] {
	const checked = check(event);
	return 'issues' in checked ? checked.issues : [];
}

const faulty = (event: Json): string[] => issuesOf(event).map(({ field }) => field);

function prepare(events: Json[], target = TARGET): Prepared[] {
	return events.map((event, index) => {
		const encoded = sendEvent.batch.encode(event, target);
		if ('fault' in encoded) throw new Error(encoded.fault.message);
		return { ...encoded, index, event, app: '', bytes: Buffer.byteLength(encoded.text) };
	});
}

function packed(events: Json[], maxEvents = 50, target = TARGET) {
	const limits = { maxEvents, maxBytes: sendEvent.batch.limit?.bytes ?? 0 };
	return pack(prepare(events.map(good), target), limits, (item) =>
		sendEvent.batch.envelope(item.event, target),
	);
}

const requestOf = (batch: Batch, random = () => 0.5, target = TARGET) =>
	buildRequest(batch, sendEvent.batch, target, random);

function urlOf(...events: Json[]): string {
	const { batches } = packed(events);
	expect(batches).toHaveLength(1);
	const { method, url, body } = requestOf(batches[0]);
	expect([method, body]).toEqual(['GET', undefined]);
	// What was measured is what leaves, and no URL parser changes it.
	expect(url.length).toBe(batches[0].bytes);
	expect(new URL(url).href).toBe(url);
	return url;
}

const dataOf = (url: string): Json[] => JSON.parse(new URL(url).searchParams.get('data') ?? '') as Json[];

describe('the page', () => {
	const { parameters, requestFormat, required } = page.operations.sendEvent;
	const inElement = parameters
		.filter(({ name }) => name.startsWith('data[].'))
		.map((row) => ({ ...row, path: row.name.slice('data[].'.length) }));
	/** `source` of the login sample is the one name that stands for free attributes. */
	const FREE = ['source'];

	function rowAt(path: string): Field | undefined {
		return path.split('.').reduce<{ fields: readonly Field[]; found?: Field }>(
			({ fields }, step) => {
				const found = fields.find(({ wire }) => wire === step.replace('[]', ''));
				const { type } = found ?? {};
				return {
					fields: type?.kind === 'object' ? type.fields : type?.kind === 'list' ? type.of : [],
					found,
				};
			},
			{ fields: sendEvent.fields },
		).found;
	}

	const KINDS: Record<string, string[]> = {
		string: ['text', 'choice'],
		number: ['integer', 'decimal'],
		array: ['list'],
		object: ['object', 'list'],
	};

	test.each(inElement.filter(({ path }) => !FREE.includes(path)).map((row) => [row.path, row] as const))(
		'%s',
		(path, row) => {
			const field = rowAt(path);
			expect(field?.evidence).toBe('documented');
			expect(KINDS[row.type ?? '']).toContain(field?.type.kind);
		},
	);

	test('names every documented row of ours, but what another page of the vendor names', () => {
		const named = new Set([
			...inElement.map(({ path }) => path.replace('[]', '')),
			...parameters
				.filter(({ group }) => group === 'Server Side User Identification')
				.flatMap(({ name }) => name.split(', ')),
			...parameters.filter(({ group }) => group === 'Params').map(({ name }) => name),
		]);
		const ours = (fields: readonly Field[], prefix = ''): string[] =>
			fields
				.filter(({ evidence }) => evidence === 'documented')
				.flatMap(({ wire, type }) => [
					`${prefix}${wire}`,
					...(type.kind === 'object'
						? ours(type.fields, `${wire}.`)
						: type.kind === 'list'
							? ours(type.of, `${wire}.`)
							: []),
				]);
		const unnamed = ours(sendEvent.fields).filter((path) => !named.has(path) && !FORM_ONLY.includes(path));
		// The confirmation page has the coupons.
		expect(unnamed).toEqual(['generic.coupons']);
	});

	test.each(['confirmation', 'login'] as const)(
		'the sample of a %s goes out as the page sends it',
		(type) => {
			const sample = JSON.parse(
				JSON.stringify(page.samples[type])
					.replaceAll('[email\u00a0protected]', EMAIL.email)
					.replaceAll('[email protected]', EMAIL.email),
			) as Json;
			expect(sendEvent.samples.map(({ event }) => event)).toContainEqual(sample);
			const url = new URL(urlOf({ ...sample, callback: page.requests[type].query.callback }));
			expect(`${url.origin}${url.pathname}`).toBe(
				requestFormat.replace('<account_id>', ACCOUNT).replace('<event_type>', type),
			);
			expect([...url.searchParams.keys()]).toEqual(Object.keys(page.requests[type].query));
			expect(url.searchParams.get('data')).toBe(JSON.stringify([sample]));
			expect(url.searchParams.get('callback')).toBe('vt');
			expect(url.searchParams.get('ts')).toMatch(/^\d{10}$/);
		},
	);

	test('each of its ways to identify is enough, none is not', () => {
		const [[...ways]] = required['Server Side User Identification'];
		for (const way of ways) {
			const ids = Object.fromEntries(
				[way].flat().map((name) => [name, name === 'email' ? EMAIL.email : '1']),
			);
			expect(issuesOf({ type: 'update', a: 1, ...ids })).toEqual([]);
		}
		expect(faulty({ type: 'update', a: 1 })).toEqual(['userId']);
	});

	test('its cookie and its address of documentation are ours', () => {
		const { example, userId, sessionId } = page.text.cookie;
		expect(COOKIE_EXAMPLE).toBe(example);
		expect(readVisitorCookie(example)).toEqual({ userId, sessionId });
		expect(sendEvent.documentation).toBe(page.page);
		expect(new VibetraceApi().properties.find(({ name }) => name === 'baseUrl')?.default).toBe(
			new URL(requestFormat).origin,
		);
	});
});

describe('the visitor cookie', () => {
	test.each([
		['8139618027113397_253412802711339765_false_false', '8139618027113397', '253412802711339765'],
		['  0111_013123  ', '0111', '013123'],
		['_vt_user=1_2_false_false; other=1', '1', '2'],
		['Cookie: a=b; _vt_user=1_2_true_true', '1', '2'],
		['my_vt_user=8_9; _vt_user=1_2', '1', '2'],
		['_vt_user=1%5F2%5Ffalse', '1', '2'],
	])('%s', (text, userId, sessionId) => {
		expect(readVisitorCookie(text)).toEqual({ userId, sessionId });
		expect(good({ type: 'update', vtUserCookie: text, a: 1 })).toEqual({
			type: 'update',
			userId,
			sessionId,
			a: 1,
		});
	});

	test.each(['1', '_', '1_', '_2', 'other=1', 'my_vt_user=1_2', '1_2%', 'a b_c', 'x=1_2; y=3'])(
		'not %j',
		(text) => {
			expect(readVisitorCookie(text)).toBeUndefined();
			const [issue] = issuesOf({ type: 'update', vtUserCookie: text, ...EMAIL, a: 1 });
			expect(issue).toEqual({ field: 'vtUserCookie', message: expect.stringContaining(COOKIE_EXAMPLE) });
		},
	);

	test('must not contradict the IDs beside it', () => {
		expect(good({ type: 'update', vtUserCookie: '1_2', userId: 1, a: 1 })).toEqual({
			type: 'update',
			userId: '1',
			sessionId: '2',
			a: 1,
		});
		expect(faulty({ type: 'update', vtUserCookie: '1_2', sessionId: '3', a: 1 })).toEqual(['sessionId']);
		expect(faulty({ type: 'update', vtUserCookie: 12, ...EMAIL, a: 1 })).toEqual(['vtUserCookie']);
	});
});

describe('identification', () => {
	test.each<[string, Json, string[]]>([
		['update', IDS, []],
		['update', EMAIL, []],
		['update', { _vtsid: 'x' }, []],
		['update', { ...IDS, _vtsid: 'x' }, []],
		['update', {}, ['userId']],
		['update', { userId: '1' }, ['sessionId']],
		['update', { sessionId: '1' }, ['userId']],
		['update', { userId: '1', _vtsid: 'x' }, ['sessionId']],
		['update', { ...IDS, ...EMAIL }, ['email']],
		['update', { _vtsid: 'x', ...EMAIL }, ['email']],
		['wishlist', { ...IDS, ...EMAIL }, ['email']],
		['login', { ...IDS, ...EMAIL }, []],
		['login', IDS, ['email']],
		['login', {}, ['email']],
		['search', { sessionId: '1' }, ['userId']],
		['confirmation', { ...IDS, ...EMAIL }, []],
		['confirmation', { _vtsid: 'x', ...EMAIL }, []],
	])('%s with %j', (type, ids, fields) => {
		expect(faulty({ type, ...ids, a: 1, query: 'q', ...(type === 'confirmation' ? ORDER : {}) })).toEqual(
			fields,
		);
	});

	test('only what was given travels', () => {
		const event = (ids: Json) => Object.keys(dataOf(urlOf({ type: 'update', a: 1, ...ids }))[0]).sort();
		expect(event(IDS)).toEqual(['a', 'sessionId', 'type', 'userId']);
		expect(event(EMAIL)).toEqual(['a', 'email', 'type']);
		expect(event({ _vtsid: 'x' })).toEqual(['_vtsid', 'a', 'type']);
		expect(event({ ...IDS, _vtsid: 'x' })).toEqual(['_vtsid', 'a', 'sessionId', 'type', 'userId']);
	});

	test('IDs stay text', () => {
		expect(good({ type: 'update', userId: 42, sessionId: ' 013 ', a: 1 })).toMatchObject({
			userId: '42',
			sessionId: ' 013 ',
		});
		expect(faulty({ type: 'update', userId: '1', sessionId: 253412802711339765, a: 1 })).toEqual([
			'sessionId',
		]);
		expect(good({ type: 'update', userId: '1', sessionId: 253412802711339765n, a: 1 })).toMatchObject({
			sessionId: '253412802711339765',
		});
	});
});

describe('each type', () => {
	test.each<[string, Json, string[]]>([
		['type missing', { ...EMAIL }, ['type']],
		['type of two dots', { type: '..', ...EMAIL }, ['type']],
		['an address that is none', { type: 'login', email: 'buyer' }, ['email']],
		[
			'a confirmation’s address that is none, said once',
			{ type: 'confirmation', email: 'buyer', ...ORDER },
			['email'],
		],
		['no order ID', { type: 'confirmation', ...IDS, generic: { total: 1 } }, ['generic.orderId']],
		[
			'a blank order ID',
			{ type: 'confirmation', ...IDS, generic: { orderId: '  ', total: 1 } },
			['generic.orderId'],
		],
		['nothing of the order', { type: 'confirmation', ...IDS }, ['generic.orderId', 'generic.total']],
		[
			'neither items nor total',
			{ type: 'confirmation', ...IDS, generic: { orderId: 'A' } },
			['generic.total'],
		],
		[
			'empty items and no total',
			{ type: 'confirmation', ...IDS, items: [], generic: { orderId: 'A' } },
			['generic.total'],
		],
		['a generic that is text', { type: 'confirmation', ...IDS, generic: 'A' }, ['generic']],
		['a generic that is a list', { type: 'confirmation', ...IDS, generic: ['A'] }, ['generic']],
		[
			'a total in words',
			{ type: 'confirmation', ...IDS, generic: { orderId: 'A', total: 'ten' } },
			['generic.total'],
		],
		[
			'a total with a comma',
			{ type: 'confirmation', ...IDS, generic: { orderId: 'A', total: '1,5' } },
			['generic.total'],
		],
		[
			'a buyer’s address that is none',
			{ type: 'confirmation', ...IDS, generic: { ...ORDER.generic, email: 'b' } },
			['generic.email'],
		],
		[
			'coupons that are no texts',
			{ type: 'confirmation', ...IDS, generic: { ...ORDER.generic, coupons: {} } },
			['generic.coupons'],
		],
		[
			'a shipping cost that is none',
			{ type: 'confirmation', ...IDS, generic: { ...ORDER.generic, total_shipping: true } },
			['generic.total_shipping'],
		],
		[
			'a phone, currency and status that are no text',
			{ type: 'confirmation', ...IDS, generic: { ...ORDER.generic, phone: 0.5, currency: {}, status: true } },
			['generic.status', 'generic.phone', 'generic.currency'],
		],
		[
			'a line without ID',
			{ type: 'confirmation', ...IDS, ...ORDER, items: [{ id: 'a', quantity: 1 }, { quantity: 1 }] },
			['items[1].id'],
		],
		[
			'a line without quantity',
			{ type: 'confirmation', ...IDS, ...ORDER, items: [{ id: 'a' }] },
			['items[0].quantity'],
		],
		[
			'a quantity of 0',
			{ type: 'confirmation', ...IDS, ...ORDER, items: [{ id: 'a', quantity: 0 }] },
			['items[0].quantity'],
		],
		[
			'a quantity of 1.5',
			{ type: 'confirmation', ...IDS, ...ORDER, items: [{ id: 'a', quantity: '1.5' }] },
			['items[0].quantity'],
		],
		['items that are no list', { type: 'confirmation', ...IDS, ...ORDER, items: 'a' }, ['items']],
		[
			'an order ID that has lost digits',
			{ type: 'confirmation', ...IDS, generic: { orderId: 2 ** 60, total: 1 } },
			['generic.orderId'],
		],
		[
			'a custom fact that has lost digits',
			{ type: 'confirmation', ...IDS, generic: { ...ORDER.generic, x: 2 ** 60 } },
			['generic.x'],
		],
		['an update of nothing', { type: 'update', ...EMAIL }, ['attributes']],
		['an update of a blank', { type: 'update', ...EMAIL, firstname: '' }, ['attributes']],
		['an attribute that is an object', { type: 'update', ...EMAIL, firstname: {} }, ['firstname']],
		['an attribute that is a list', { type: 'login', ...EMAIL, tags: ['a'] }, ['tags']],
		['an attribute that has lost digits', { type: 'login', ...EMAIL, card: 2 ** 60 }, ['card']],
		['a generic event without name', { type: 'generic', ...EMAIL }, ['generic.event_name']],
		['a product view of nothing', { type: 'viewitem', ...IDS }, ['itemId']],
		['a category view of nothing', { type: 'viewcategory', ...IDS }, ['category']],
		['a search for nothing', { type: 'search', ...IDS }, ['query']],
		['a cart without IDs', { type: 'addtocart', ...IDS }, ['cartId', 'itemId']],
		['a checkout without cart', { type: 'checkout', ...IDS, step: 'pay' }, ['cartId']],
		[
			'a checkout that is done, without items',
			{ type: 'checkout', ...IDS, cartId: '1', confirmation: 'true' },
			['items'],
		],
		[
			'a checkout that is perhaps done',
			{ type: 'checkout', ...IDS, cartId: '1', confirmation: 'perhaps' },
			['confirmation'],
		],
		['an item ID that is an object', { type: 'viewitem', ...IDS, itemId: {} }, ['itemId']],
		['a callback that would be code', { type: 'update', ...EMAIL, a: 1, callback: 'alert(1)' }, ['callback']],
		['the form’s choice without a name', { type: CUSTOM_TYPE, ...EMAIL }, ['customType']],
		['a custom name beside another type', { type: 'login', customType: 'x', ...EMAIL }, ['customType']],
	])('%s', (_, event, fields) => {
		expect(faulty(event)).toEqual(fields);
	});

	test.each<[Json, Json]>([
		[
			{
				type: 'confirmation',
				...IDS,
				items: '[{"id":7,"quantity":"2"}]',
				generic: '{"orderId":" A-1 ","total":"1999.90","coupons":"c","phone":775,"own":{"deep":[1]}}',
			},
			{
				type: 'confirmation',
				...IDS,
				items: [{ id: '7', quantity: 2 }],
				generic: { orderId: ' A-1 ', total: 1999.9, coupons: ['c'], phone: '775', own: { deep: [1] } },
			},
		],
		[
			{ type: 'confirmation', ...IDS, items: [], ...ORDER },
			{ type: 'confirmation', ...IDS, items: [], ...ORDER },
		],
		[
			{ type: 'confirmation', ...EMAIL, ...ORDER },
			{ type: 'confirmation', ...EMAIL, generic: { ...ORDER.generic, ...EMAIL } },
		],
		[
			{ type: 'confirmation', ...EMAIL, generic: { ...ORDER.generic, email: 'other@example.com' } },
			{ type: 'confirmation', ...EMAIL, generic: { ...ORDER.generic, email: 'other@example.com' } },
		],
		[
			{ type: ' login ', email: ' buyer@example.com ', source: 'shop' },
			{ type: 'login', ...EMAIL, source: 'shop' },
		],
		[
			{ type: 'login', ...EMAIL, attributes: { source: 'shop', vip: true, age: 5 } },
			{ type: 'login', ...EMAIL, source: 'shop', vip: true, age: 5 },
		],
		[
			{ type: 'update', ...EMAIL, born: new Date(0), met: DateTime.fromMillis(0, { zone: 'utc' }) },
			{ type: 'update', ...EMAIL, born: '1970-01-01T00:00:00.000Z', met: '1970-01-01T00:00:00.000Z' },
		],
		[
			{ type: 'generic', ...EMAIL, generic: { event_name: 'my_event', firstname: 'alexandru' } },
			{ type: 'generic', ...EMAIL, generic: { event_name: 'my_event', firstname: 'alexandru' } },
		],
		[
			{ type: 'viewitem', ...IDS, itemId: 7, referer: 'https://example.com' },
			{ type: 'viewitem', ...IDS, itemId: '7', referer: 'https://example.com' },
		],
		[
			{ type: 'viewcategory', ...IDS, category: 'Shoes' },
			{ type: 'viewcategory', ...IDS, category: 'Shoes' },
		],
		[
			{ type: 'search', _vtsid: 'x', query: 501 },
			{ type: 'search', _vtsid: 'x', query: '501' },
		],
		[
			{ type: 'addtocart', ...IDS, cartId: 1, itemId: 2 },
			{ type: 'addtocart', ...IDS, cartId: '1', itemId: '2' },
		],
		[
			{
				type: 'checkout',
				...IDS,
				cartId: '1',
				confirmation: 'true',
				items: [{ id: 'a', quantity: 1 }],
				step: 3,
			},
			{
				type: 'checkout',
				...IDS,
				cartId: '1',
				confirmation: true,
				items: [{ id: 'a', quantity: 1 }],
				step: '3',
			},
		],
		[
			{ type: 'wishlist', ...EMAIL, deep: { list: [1] } },
			{ type: 'wishlist', ...EMAIL, deep: { list: [1] } },
		],
		[
			{ type: CUSTOM_TYPE, customType: ' wish list ', ...EMAIL },
			{ type: 'wish list', ...EMAIL },
		],
		[
			{ type: 'custom', ...EMAIL },
			{ type: 'custom', ...EMAIL },
		],
		[
			{ type: 7, ...EMAIL },
			{ type: '7', ...EMAIL },
		],
	])('%j', (given, sent) => {
		expect(good(given)).toEqual(sent);
		expect(dataOf(urlOf(given))).toEqual([sent]);
	});

	test('every required path of the list is asked for by name', () => {
		for (const { name, required } of EVENT_TYPES) {
			const issues = issuesOf({ type: name, ...IDS });
			for (const { path } of required) {
				expect(issues).toContainEqual({
					field: path,
					message: expect.stringMatching(new RegExp(`[('].*${path}[)'] is required for ${name}`)) as never,
				});
			}
		}
	});
});

describe('attributes', () => {
	const update = (attributes: unknown, more: Json = {}) => ({
		type: 'update',
		...EMAIL,
		...more,
		attributes,
	});

	test.each([
		'type',
		'userId',
		'sessionId',
		'_vtsid',
		'email',
		'items',
		'generic',
		'attributes',
		'vtUserCookie',
		'customType',
		'callback',
	])('cannot be called %s', (name) => {
		expect(faulty(update({ a: 1, [name]: 'x' }))).toEqual([`attributes.${name}`]);
	});

	test('are an object, its text or the form’s pairs', () => {
		for (const attributes of [
			{ a: 'x', b: '' },
			'{"a":"x"}',
			[{ name: 'a', value: 'x' }, { name: 'b', value: '' }, {}],
		]) {
			expect(good(update(attributes))).toEqual({ type: 'update', ...EMAIL, a: 'x' });
		}
		expect(faulty(update('text'))).toContain('attributes');
		expect(faulty(update(5))).toContain('attributes');
		expect(
			faulty(
				update([
					{ name: 'a', value: '1' },
					{ name: 'a', value: '2' },
				]),
			),
		).toContain('attributes.a');
		expect(faulty(update([{ name: '', value: '1' }]))).toContain('attributes');
		expect(faulty(update(JSON.parse('{"a":1,"__proto__":2}')))).toEqual(['attributes.__proto__']);
		expect(faulty({ type: 'update', ...EMAIL, a: 1, ...(JSON.parse('{"__proto__":2}') as Json) })).toEqual([
			'__proto__',
		]);
	});

	test.each(['send', 'ignore', 'error'])(
		'extraFields %s: no name beside the fields is undocumented, only one in a line of items is',
		(extraFields) => {
			const event = {
				type: 'confirmation',
				...IDS,
				source: 'x',
				items: [{ id: 'a', quantity: 1, price: 2 }],
				generic: { ...ORDER.generic, own: 1 },
			};
			const checked = check(event, { extraFields });
			const { price: _price, ...line } = event.items[0];
			if (extraFields === 'error')
				expect(checked).toEqual({ issues: [{ field: 'items[0].price', message: expect.any(String) }] });
			else expect(checked).toEqual({ event: extraFields === 'send' ? event : { ...event, items: [line] } });
			expect(
				check(JSON.parse('{"type":"wishlist","_vtsid":"x","__proto__":1}') as Json, { extraFields }),
			).toMatchObject({ issues: [{ field: '__proto__' }] });
		},
	);

	test('given twice must be the same', () => {
		expect(good(update({ a: 1 }, { a: 1 }))).toEqual({ type: 'update', ...EMAIL, a: 1 });
		expect(faulty(update({ a: 2 }, { a: 1 }))).toEqual(['attributes.a']);
	});

	test('an event that was reported goes out again as it was', () => {
		const once = good(update('{"a":"x","b":true}', { callback: 'vt' }));
		expect(good(once)).toEqual(once);
	});
});

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
		const { url } = requestOf(batches[0], undefined, target);
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
		const { url } = requestOf(batch, undefined, target);
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
		judge(
			readResponse(status, { 'Content-Type': type }, text, sendEvent.responses.parse),
			sendEvent.responses,
			TARGET.baseUrl,
		);

	test('any 2xx but a page is accepted, no failure is taken as not stored', () => {
		for (const text of ['', 'ok', '{}', 'vt({})', '{"error":"x"}']) {
			expect(verdict(200, text)).toEqual({ is: 'accepted' });
			expect(verdict(204, text)).toEqual({ is: 'accepted' });
		}
		expect(verdict(200, '<!doctype html>')).toEqual({ is: 'maybeStored' });
		expect(verdict(200, '<p>busy</p>', 'text/html')).toEqual({ is: 'maybeStored' });
		expect(verdict(200, '', 'text/html')).toEqual({ is: 'accepted' });
		for (const status of [500, 502, 503, 504]) expect(verdict(status)).toEqual({ is: 'maybeStored' });
		expect(verdict(429)).toEqual({ is: 'notStored' });
		expect(verdict(400)).toEqual({ is: 'refused' });
		expect(verdict(414)).toEqual({ is: 'tooLarge' });
		for (const status of [401, 403, 404, 405])
			expect(verdict(status)).toMatchObject({ is: 'doorShut', why: expect.stringContaining('credential') });
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

describe('the form', () => {
	const node = new VibetraceSendEvent();
	const asNode = (parameters: INodeParameters): INode => ({
		id: '1',
		name: 'Node',
		type: 'x',
		typeVersion: 1,
		position: [0, 0],
		parameters,
	});
	const resolved = (parameters: INodeParameters) =>
		NodeHelpers.getNodeParameters(
			node.description.properties,
			parameters,
			true,
			false,
			asNode(parameters),
			node.description,
		) ?? {};
	const blanks = (parameters: INodeParameters) => {
		const filled = resolved(parameters);
		return Object.keys(
			NodeHelpers.getNodeParametersIssues(node.description.properties, asNode(filled), node.description)
				?.parameters ?? {},
		);
	};

	test('n8n’s rules find nothing in the produced description', async () => {
		const findings = await lintSubjects([
			{ fileBaseName: 'VibetraceSendEvent', node: node.description },
			{ fileBaseName: 'VibetraceApi', credential: new VibetraceApi() },
		]);
		expect(findings).toEqual([[], []]);
	}, 60_000);

	test('offers every type and a way to any other', () => {
		const type = formOf(sendEvent).find(({ name }) => name === 'type');
		const values = (type?.options as Array<{ name: string; value: string }>).map(({ value }) => value);
		expect(values.sort()).toEqual([...EVENT_TYPES.map(({ name }) => name), CUSTOM_TYPE, ''].sort());
	});

	test('is made anew at each call', () => {
		const [one, other] = [formOf(sendEvent), formOf(sendEvent)];
		expect(one).toEqual(other);
		const objects = (value: unknown): object[] =>
			typeof value === 'object' && value !== null ? [value, ...Object.values(value).flatMap(objects)] : [];
		const shared = new Set(objects(one));
		expect(objects(other).filter((object) => shared.has(object))).toEqual([]);
	});

	test.each<[string, string[]]>([
		['', ['type']],
		['confirmation', []],
		['login', ['email']],
		['update', []],
		[CUSTOM_TYPE, ['customType']],
		['wishlist', []],
		['={{ $json.type }}', []],
	])('type %j: n8n refuses these blanks: %j', (type, names) => {
		expect(blanks({ type })).toEqual(names);
		expect(blanks({ mappingMode: 'autoMapInputData', type })).toEqual([]);
	});

	test.each<[string, string[]]>([
		['confirmation', ['items', 'generic', 'attributes']],
		['login', ['attributes']],
		['update', ['attributes']],
		['generic', ['generic', 'attributes']],
		['checkout', ['items', 'attributes']],
		['viewitem', ['attributes']],
		[CUSTOM_TYPE, ['items', 'generic', 'attributes', 'customType']],
		['wishlist', ['items', 'generic', 'attributes']],
		['={{ $json.type }}', ['items', 'generic', 'attributes']],
	])('type %j shows %j', (type, names) => {
		const shown = Object.keys(resolved({ type }));
		expect(['items', 'generic', 'attributes', 'customType'].filter((name) => shown.includes(name))).toEqual(
			names,
		);
		expect(shown).toEqual(
			expect.arrayContaining(['email', 'userId', 'sessionId', '_vtsid', 'vtUserCookie', 'callback']),
		);
		expect(Object.keys(resolved({ mappingMode: 'autoMapInputData', type }))).not.toContain('email');
	});

	test('rows and pairs, and JSON', () => {
		const rows = assemble(
			sendEvent,
			resolved({
				type: 'confirmation',
				vtUserCookie: '1_2_false_false',
				itemsMode: 'rows',
				itemsRows: {
					row: [
						{ id: 'a', quantity: '2' },
						{ id: 'b', quantity: 1 },
					],
				},
				genericMode: 'pairs',
				genericRows: {
					pair: [
						{ name: 'orderId', value: 'A-1' },
						{ name: 'total', value: '12.50' },
					],
				},
				attributesMode: 'pairs',
				attributesRows: { pair: [{ name: 'source', value: 'shop' }] },
			}) as Json,
		);
		const json = assemble(
			sendEvent,
			resolved({
				type: 'confirmation',
				vtUserCookie: '1_2_false_false',
				items: '[{"id":"a","quantity":2},{"id":"b","quantity":1}]',
				generic: '{"orderId":"A-1","total":12.5}',
				attributes: '{"source":"shop"}',
			}) as Json,
		);
		const sent = {
			userId: '1',
			sessionId: '2',
			type: 'confirmation',
			items: [
				{ id: 'a', quantity: 2 },
				{ id: 'b', quantity: 1 },
			],
			generic: { orderId: 'A-1', total: 12.5 },
			source: 'shop',
		};
		expect(good(rows)).toEqual(sent);
		expect(good(json)).toEqual(sent);
	});

	test('every row has its place in the form, under its own name', () => {
		const names = formOf(sendEvent).map(({ name }: INodeProperties) => name);
		for (const { wire } of sendEvent.fields) expect(names).toContain(wire);
	});
});

describe('on n8n’s engine, against the sandbox', () => {
	const TYPE = 'n8n-nodes-vibetrace-test.vibetraceSendEvent';
	const directory = mkdtempSync(join(tmpdir(), 'vibetrace-pack-'));
	const clock = instantClock({ random: Math.random });
	let sandbox: Sandbox;
	let engine: Engine;

	beforeAll(async () => {
		const write = (name: string, text: string) => {
			mkdirSync(dirname(join(directory, name)), { recursive: true });
			writeFileSync(join(directory, name), text);
		};
		const file = 'dist/credentials/VibetraceApi.credentials.js';
		write(
			'package.json',
			JSON.stringify({
				name: 'n8n-nodes-vibetrace-test',
				version: '0.1.0',
				n8n: { n8nNodesApiVersion: 1, nodes: [], credentials: [file] },
			}),
		);
		const source = readFileSync(join(process.cwd(), 'credentials', 'VibetraceApi.credentials.ts'), 'utf8');
		write(file, ts.transpile(source, { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2021 }));
		for (const name of ['vibetrace.svg', 'vibetrace.dark.svg']) {
			write(`dist/icons/${name}`, readFileSync(join(process.cwd(), 'icons', name), 'utf8'));
		}
		symlinkSync(join(process.cwd(), 'node_modules'), join(directory, 'node_modules'), 'junction');
		const node: INodeType = {
			description: new VibetraceSendEvent().description,
			async execute(this: IExecuteFunctions) {
				return await runOperation(this, sendEvent, { clock });
			},
		};
		sandbox = await startSandbox();
		engine = await createEngine({ packageDirectory: directory, extraNodes: { [TYPE]: node } });
	});
	beforeEach(() => sandbox.reset());
	afterAll(async () => {
		await engine.close();
		await sandbox.close();
		rmSync(directory, { recursive: true, force: true });
	});

	const run = async (
		items: Json[],
		parameters: INodeParameters = {},
		node: Partial<INode> = {},
		credential: IDataObject = {},
	) =>
		await engine.run(
			singleNodeWorkflow({
				type: TYPE,
				parameters: { mappingMode: 'autoMapInputData', ...parameters },
				credentialType: 'vibetraceApi',
				node: { onError: 'continueRegularOutput', ...node },
			}),
			{
				items: { Items: items as IDataObject[] },
				credentials: { vibetraceApi: { ...sandbox.credentials.vibetraceApi, ...credential } as never },
			},
		);

	test('both samples, one request each, as they are', async () => {
		const events = sendEvent.samples.map(({ event }) => event);
		const reports = reportsOf(await run(events), 2);
		expect(reports.map(({ event }) => event)).toEqual(events);
		expect(reports.map(({ delivery }) => delivery)).toEqual([
			{ status: 'accepted', method: 'confirmation', request: 1, attempts: 1, httpStatus: 200 },
			{ status: 'accepted', method: 'login', request: 2, attempts: 1, httpStatus: 200 },
		]);
		expect(reports[0].response).toEqual({ status: 'ok' });
		expect(sandbox.stored('vibetrace').map(({ event }) => event)).toEqual(events);
		expect(
			sandbox.requests.every(
				({ headers, url }) => headers.authorization === undefined && /&ts=\d{10}$/.test(url),
			),
		).toBe(true);
	});

	test('the form, expressions and plain paths, with a callback', async () => {
		const result = await run(
			[
				{ who: { cookie: '0111_013123_false_false' }, order: 5, sum: '9.90' },
				{ who: {}, order: 6, sum: 1 },
			],
			{
				mappingMode: 'defineBelow',
				type: '={{ "confirm" + "ation" }}',
				vtUserCookie: '={{ $json.who.cookie }}',
				generic: '={{ { orderId: $json.order, total: $json.sum } }}',
				callback: 'vt',
			},
		);
		const [one, other] = reportsOf(result, 2);
		const event = {
			userId: '0111',
			sessionId: '013123',
			type: 'confirmation',
			generic: { orderId: '5', total: 9.9 },
		};
		expect(one).toMatchObject({
			event: { ...event, callback: 'vt' },
			delivery: { status: 'accepted' },
			response: { status: 'ok' },
		});
		expect(other.delivery).toMatchObject({
			status: 'invalid',
			issues: [{ field: 'userId', message: expect.stringContaining('names nobody') }],
		});
		expect(sandbox.stored('vibetrace').map((stored) => stored.event)).toEqual([event]);
	});

	test('a batch by type and length, each item paired to its own', async () => {
		const items = Array.from({ length: 120 }, (_, at) =>
			at % 3 === 0
				? { type: 'wishlist', _vtsid: `v${at}`, note: `n${'x'.repeat(at)}` }
				: { type: 'update', email: `a+${at}@example.com`, name: `Жан "${at}"` },
		);
		const reports = reportsOf(await run(items, { sendAs: 'batch' }), items.length);
		expect(reports.map(({ event }) => event)).toEqual(items);
		expect(new Set(reports.map(({ delivery }) => delivery.status))).toEqual(new Set(['accepted']));
		for (const { url } of sandbox.requests)
			expect(url.length + `http://${sandbox.requests[0].headers.host}`.length).toBeLessThanOrEqual(8_000);
		expect(sandbox.requests.length).toBeGreaterThan(2);
		for (const type of ['wishlist', 'update']) {
			const stored = sandbox.stored('vibetrace').filter(({ operation }) => operation === type);
			expect(stored.map(({ event }) => event)).toEqual(items.filter((item) => item.type === type));
		}
	});

	test('one bad event of a batch costs the others their place, and only it has the reason', async () => {
		const items = ['a', 'b', 'c'].map((name) => ({
			type: 'login',
			email: `${name}@example.com`,
			source: name,
		}));
		const bad = { type: 'login', email: 'nobody' };
		expect(statusesOf(await run([items[0], bad, items[1], items[2]], { sendAs: 'batch' }), 4)).toEqual([
			'accepted',
			'invalid',
			'accepted',
			'accepted',
		]);
		sandbox.reset();
		const refused = { type: 'update', userId: 'sandbox-refuse', sessionId: '1', a: 1 };
		const fine = { type: 'update', userId: '1', sessionId: '1', a: 1 };
		expect(statusesOf(await run([fine, refused], { sendAs: 'batch' }), 2)).toEqual([
			'batchRejected',
			'batchRejected',
		]);
		sandbox.reset();
		expect(
			statusesOf(await run([fine, refused], { sendAs: 'batch', options: { onRejectedBatch: 'isolate' } }), 2),
		).toEqual(['accepted', 'rejected']);
	});

	test('a refusal reads as one sentence', async () => {
		const [{ delivery }] = reportsOf(
			await run([{ type: 'update', userId: 'sandbox-refuse', sessionId: '1', a: 1 }]),
			1,
		);
		expect(delivery.message).toMatch(
			/^Vibetrace refused this event with status 400; Vibetrace documents no reasons, so compare /,
		);
	});

	test('only an order is repeated by itself, with another ts', async () => {
		sandbox.faults.push({ status: 503, afterStoring: true }, { status: 503, afterStoring: true });
		const order = { type: 'confirmation', ...IDS, ...ORDER };
		expect(reportsOf(await run([order]), 1)[0].delivery).toMatchObject({ status: 'accepted', attempts: 3 });
		const drawn = sandbox.requests.map(({ url }) => new URL(url, 'http://x').searchParams.get('ts'));
		expect(new Set(drawn).size).toBe(3);
		expect(sandbox.stored('vibetrace')).toHaveLength(1);

		sandbox.reset();
		sandbox.faults.push({ status: 503 });
		const other = { type: 'generic', ...EMAIL, generic: { event_name: 'x' } };
		expect(reportsOf(await run([other]), 1)[0].delivery).toMatchObject({ status: 'unknown', attempts: 1 });
	});

	test('an answer that is a page is unknown, an unknown account shuts the door, a long event is oversize', async () => {
		sandbox.faults.push({ html: true });
		expect(statusesOf(await run([{ type: 'login', ...EMAIL }]), 1)).toEqual(['unknown']);
		const shut = reportsOf(
			await run(
				[
					{ type: 'login', ...EMAIL },
					{ type: 'login', ...EMAIL },
				],
				{},
				{},
				{ accountId: 'nobody' },
			),
			2,
		);
		expect(shut.map(({ delivery }) => delivery)).toEqual([
			expect.objectContaining({
				status: 'notAttempted',
				httpStatus: 404,
				message: expect.stringContaining("'Account ID'"),
			}),
			expect.objectContaining({ status: 'notAttempted', httpStatus: 404 }),
		]);
		const [long] = reportsOf(await run([{ type: 'login', ...EMAIL, note: 'é'.repeat(2_000) }]), 1);
		expect(long.delivery).toMatchObject({
			status: 'oversize',
			message: expect.stringContaining('limit of 8,000'),
		});
	});

	test('an error output’s item goes out again from details.event', async () => {
		sandbox.faults.push({ status: 503 });
		const item = { type: 'login', ...EMAIL, attributes: { source: 'shop' }, callback: 'vt' };
		const failed = await run([item], {}, { onError: 'continueErrorOutput' });
		const [, [{ json }]] = failed.nodeOutputs('Node');
		const again = await run([json as Json], { inputField: 'details.event' });
		expect(statusesOf(again, 1)).toEqual(['accepted']);
		expect(sandbox.stored('vibetrace').map(({ event }) => event)).toEqual([
			{ type: 'login', ...EMAIL, source: 'shop' },
		]);
	});

	test('the preview shows the URL that would leave', async () => {
		const result = await run([{ type: 'login', ...EMAIL }], { options: { preview: true } });
		const { request } = result.nodeOutputs('Node')[0][0].json as {
			request: { method: string; url: string; bytes: number };
		};
		expect(request).toMatchObject({ method: 'GET', bytes: request.url.length });
		expect(dataOf(request.url)).toEqual([{ type: 'login', ...EMAIL }]);
		expect(sandbox.requests).toHaveLength(0);
	});
});
