import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type * as N8nCore from 'n8n-core';
import type {
	ICredentialDataDecryptedObject,
	IDataObject,
	IHttpRequestOptions,
	INode,
	INodeParameters,
	INodeProperties,
	INodeType,
} from 'n8n-workflow';
import { createEmptyRunExecutionData, NodeHelpers, Workflow } from 'n8n-workflow';

import { GravityFieldApi } from '../../../credentials/GravityFieldApi.credentials.ts';
import { createChecker, type CheckResult, type ExtraFields } from '../../../nodes/engine/check/check.ts';
import { assemble, eventParameters } from '../../../nodes/engine/mapping/mapping.ts';
import { pack, payloadBytes, type Batch, type Prepared } from '../../../nodes/engine/delivery/pack.ts';
import { readSettings, settingRows } from '../../../nodes/engine/operation/settings.ts';
import type { Field, Json, Target } from '../../../nodes/engine/operation/operation.ts';
import { normalize } from '../../../nodes/GravityField/normalize.ts';
import { COMMON, CUSTOM, EVENT_TYPES } from '../../../nodes/GravityField/eventTypes.ts';
import { formOf } from '../../../nodes/engine/form/form.ts';
import { GravityFieldStoreEvent } from '../../../nodes/GravityField/GravityFieldStoreEvent/GravityFieldStoreEvent.node.ts';
import { hashEmail, hashPhone } from '../../../nodes/GravityField/hash.ts';
import { storeEvent } from '../../../nodes/GravityField/storeEvent.ts';
import { overlaps, startSandbox, type Sandbox } from '../../../tools/sandbox/server.mts';
import {
	createEngine,
	singleNodeWorkflow,
	type Engine,
	type RunOptions,
	type RunResult,
} from '../../../tools/harness/engine.mts';
import { lintSubjects } from '../../support/lint-descriptions.mts';
import { writeProbePack } from '../../support/probe-pack.mts';

interface PageType {
	type: string;
	custom?: boolean;
	unverified?: boolean;
	sdkName: string | null;
	fields: Record<string, string>;
	oneOf?: string[];
}
interface Page {
	operations: {
		storeEvent: { parameters: Array<{ name: string; type: string }>; eventTypes: { types: PageType[] } };
	};
	samples: { storeEvent: Json & { user: Json; data: Json[] } };
}

const page = JSON.parse(readFileSync(join(process.cwd(), 'test/pages/gravityfield.json'), 'utf8')) as Page;
const pageTypes = page.operations.storeEvent.eventTypes.types;

const SEC = '0123456789abcdef01234567';
const UID = '66f0c1d2e3a4b5c6d7e8f901';
const target: Target = { baseUrl: 'https://host.example/v2', app: '', account: { sectionId: SEC } };
const PAGE = { type: 'OTHER', data: [], location: 'n8n' };
const DEVICE = { ua: 'n8n' };
const NOBODY = { user: {}, ctx: PAGE, device: DEVICE };
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** What each type of the SDKs needs, filled. */
const whole: Record<string, Json> = {
	'add-to-cart-v1': { value: 1999.9, productId: 'SKU-1', quantity: 1 },
	'remove-from-cart-v1': { value: 0, productId: 'SKU-1', quantity: 2 },
	'sync-cart-v1': { value: 0 },
	'purchase-v1': {
		value: 10,
		uniqueTransactionId: 'ORD-1',
		cart: [{ productId: 'SKU-1', quantity: 1, itemPrice: 10 }],
	},
	'add-to-wishlist-v1': { value: 5.5, productId: 'SKU-1' },
	'signup-v1': {},
	'login-v1': {},
};
const eventOf = (type: string, change: Json = {}): Json => ({ type, name: 'Имя', ...whole[type], ...change });
const custom = (change: Json = {}): Json => ({ type: 'order-shipped-v1', name: 'Order shipped', ...change });

function deepFreeze<T>(value: T): T {
	if (typeof value === 'object' && value !== null) {
		for (const member of Object.values(value)) deepFreeze(member);
		Object.freeze(value);
	}
	return value;
}

/** Checks an event as a run does; whatever is given must stay as it is. */
function check(
	event: Json,
	settings: { extraFields?: ExtraFields; maxListed?: number; all?: Json } = {},
): CheckResult & { dropped: string[] } {
	const pairs = new Set<string>();
	const checker = createChecker(
		storeEvent,
		{
			zone: 'Europe/Moscow',
			now: 1_790_000_000_000,
			maxAgeDays: 0,
			extraFields: 'send',
			maxListed: 50,
			all: {},
			...settings,
		},
		{ names: new Map(), pairs },
	);
	return { ...checker(deepFreeze(event), ''), dropped: [...pairs] };
}

function good(event: Json, settings?: Parameters<typeof check>[1]): Json {
	const result = check(event, settings);
	if ('issues' in result) throw new Error(JSON.stringify(result.issues));
	return result.event;
}

/** `path: message` of each fault. */
function faults(event: Json, settings?: Parameters<typeof check>[1]): string[] {
	const result = check(event, settings);
	return 'issues' in result ? result.issues.map(({ field, message }) => `${field}: ${message}`) : [];
}

function batchesOf(events: Json[], maxEvents = 50): Batch[] {
	const prepared = events.map((given, index): Prepared => {
		const event = good(given);
		const encoded = storeEvent.batch.encode(event, target);
		if ('fault' in encoded) throw new Error(encoded.fault.message);
		return { ...encoded, index, event, app: '', bytes: Buffer.byteLength(encoded.text) };
	});
	return pack(prepared, { maxEvents, maxBytes: Number.POSITIVE_INFINITY }, ({ event }) =>
		storeEvent.batch.envelope(event, target),
	).batches;
}
const bodyOf = (batch: Batch) => payloadBytes(batch).toString('utf8');
const onlyBody = (event: Json) => bodyOf(batchesOf([event])[0]);
const indexes = (batches: Batch[]) => batches.map(({ items }) => items.map(({ index }) => index));

/** Every row with its path, as the page's table writes paths. */
function paths(fields: readonly Field[], prefix = ''): Array<[string, Field]> {
	return fields.flatMap((field): Array<[string, Field]> => {
		const path = `${prefix}${field.wire}`;
		const { type } = field;
		if (type.kind === 'object') return [[path, field], ...paths(type.fields, `${path}.`)];
		if (type.kind === 'list') return [[path, field], ...paths(type.of, `${path}[].`)];
		return [[path, field]];
	});
}

describe('the table against the page', () => {
	const rows = new Map(
		paths(storeEvent.fields).map(([path, field]) => {
			const isOfEvent = storeEvent.fields.some(
				({ wire, perEvent }) => perEvent && path.split(/[.[]/)[0] === wire,
			);
			return [isOfEvent ? `data[].${path}` : path, field] as const;
		}),
	);
	/** Elements of lists and the two filler names of a map are no rows of a table. */
	const documented = page.operations.storeEvent.parameters.filter(
		({ name }) => !name.endsWith('[]') && !/\.property[12]$/.test(name),
	);

	test('every parameter of the page has its row, in its order and of its kind; the section is the credential’s', () => {
		const names = documented.map(({ name }) => name).filter((name) => name !== 'sec' && name !== 'data');
		expect([...rows.keys()].filter((name) => names.includes(name))).toEqual(names);
		const kinds: Record<string, string[]> = {
			string: ['text', 'choice', 'time'],
			number: ['integer', 'decimal'],
			boolean: ['boolean'],
			object: ['object', 'map'],
			array: ['list', 'texts'],
		};
		for (const { name, type } of documented) {
			const field = rows.get(name);
			if (field) expect([name, kinds[type].includes(field.type.kind)]).toEqual([name, true]);
		}
	});

	test('every other row is marked as not documented, or is the form’s own', () => {
		const others = [...rows].filter(([name]) => !documented.some((parameter) => parameter.name === name));
		expect(others.map(([name, { evidence }]) => `${name} ${evidence}`)).toEqual([
			'user.custom vendor code',
			'data[].customType documented',
			...['uniqueTransactionId', 'hashedEmail', 'cuid', 'cuidType'].map(
				(name) => `data[].${name} vendor code`,
			),
			...[
				'keywords',
				'code',
				'sortBy',
				'sortOrder',
				'filterType',
				'filterStringValue',
				'filterNumericValue',
				'attributeType',
				'attributeValue',
			].map((name) => `data[].${name} inferred`),
		]);
		expect(storeEvent.listOf).toBe('data');
	});

	test('types with their fields', () => {
		const ours = EVENT_TYPES.map(({ type, sdkName, required, optional, oneOf, unconfirmed }) => ({
			type: type === CUSTOM ? '*' : type,
			sdkName: type === CUSTOM ? 'free' : (sdkName ?? null),
			unverified: unconfirmed === true,
			required: (type === CUSTOM ? [] : [...required]).sort(),
			optional: [...optional, ...(oneOf ?? [])].sort(),
		}));
		const theirs = pageTypes.map(({ type, sdkName, unverified, fields }) => {
			const named = (...marks: string[]) =>
				Object.keys(fields)
					.filter((name) => marks.includes(fields[name]) && !COMMON.includes(name))
					.sort();
			return {
				type,
				sdkName,
				unverified: unverified === true,
				required: named('required'),
				optional: named('optional', 'one of', 'unmarked'),
			};
		});
		expect(ours).toEqual(theirs);
		for (const { unverified, fields } of pageTypes) {
			if (!unverified)
				expect([fields.type, fields.name, fields.customProps, fields.eventTime]).toEqual([
					'required',
					'required',
					'optional',
					'optional',
				]);
		}
	});
});

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
			{ digits: () => '' },
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

describe('defaults', () => {
	test('a page and a device of which nothing is known', () => {
		expect(good(custom())).toEqual({ ...NOBODY, ...custom() });
		expect(good(custom({ user: null, ctx: '', device: null, options: {} }))).toEqual({
			...NOBODY,
			...custom(),
		});
	});

	test('only what is missing is filled in', () => {
		const event = good(
			custom({ ctx: { type: 'CART', data: ['A'], utm: {} }, device: { ip: '203.0.113.7' } }),
		);
		expect(event).toMatchObject({
			ctx: { type: 'CART', data: ['A'], location: 'n8n' },
			device: { ua: 'n8n', ip: '203.0.113.7' },
		});
		expect(event.ctx).not.toHaveProperty('utm');
	});

	test('objects may be JSON text', () => {
		expect(
			good(
				custom({
					user: '{"uid":"66f0c1d2e3a4b5c6d7e8f901"}',
					ctx: '{"type":"SEARCH","data":["x"]}',
					device: '{"ua":"y"}',
				}),
			),
		).toMatchObject({
			user: { uid: UID },
			ctx: { type: 'SEARCH', data: ['x'], location: 'n8n' },
			device: { ua: 'y' },
		});
		expect(faults(custom({ user: 'somebody', ctx: 5, device: [] }))).toEqual([
			"user: 'User' (user) must be an object and is text",
			"ctx: 'Page' (ctx) must be an object and is a number",
			"device: 'Device' (device) must be an object and is a list",
		]);
	});

	test('a time that was not given is not invented', () => {
		expect(onlyBody(custom())).not.toMatch(/\d{4}-\d\d-\d\d|Time/);
	});

	test('arrange changes nothing of what it is given', () => {
		const given = deepFreeze({
			...custom({ hashedEmail: 'A@b.c', cuid: '8 (916) 123-45-67', cart: [] }),
			ctx: { data: [] },
			sec: 'x',
		});
		const before = structuredClone(given);
		normalize(given, { hashEmail: true, hashPhone: true });
		normalize(deepFreeze({ data: [given, given] }), { hashEmail: true, hashPhone: true });
		expect(given).toEqual(before);
	});
});

describe('rows', () => {
	const inUser = (change: Json) => custom({ user: change });
	const inCtx = (change: Json) => custom({ ctx: change });
	const inDevice = (change: Json) => custom({ device: change });
	const row = { productId: 'A', quantity: 1, itemPrice: 1 };
	const cases: Array<
		[path: string, make: (value: unknown) => Json, given: unknown, sent: unknown, bad: unknown, says: RegExp]
	> = [
		['user.uid', (uid) => inUser({ uid }), UID, UID, '10045', /at least 24 characters and has 5/],
		['user.custom', (id) => inUser({ custom: id, ses: 's' }), 10045, '10045', { a: 1 }, /must be text/],
		['user.ses', (ses) => inUser({ ses }), 's', 's', ['s'], /must be text/],
		[
			'user.attributes',
			(attributes) => inUser({ attributes }),
			'{"tier":2}',
			{ tier: '2' },
			{ tier: { a: 1 } },
			/'tier' that must be text and is an object/,
		],
		['ctx.type', (type) => inCtx({ type }), 'SEARCH', 'SEARCH', 'search', /must be one of HOMEPAGE, PRODUCT/],
		['ctx.data', (data) => inCtx({ data }), ['A', 7], ['A', '7'], { a: 1 }, /must be a list of texts/],
		['ctx.lng', (lng) => inCtx({ lng }), 'ru', 'ru', {}, /must be text/],
		['ctx.location', (location) => inCtx({ location }), 'app://cart', 'app://cart', 1.5, /fraction/],
		['ctx.pageNumber', (pageNumber) => inCtx({ pageNumber }), '0', 0, -1, /of at least 0/],
		[
			'ctx.referrer',
			(referrer) => inCtx({ referrer }),
			'https://a.example/?b=c',
			'https://a.example/?b=c',
			true,
			/must be text/,
		],
		['ctx.utm', (utm) => inCtx({ utm }), '{"utm_term":"x"}', { utm_term: 'x' }, 'x', /must be an object/],
		...['utm_source', 'utm_medium', 'utm_campaign', 'utm_term', 'utm_content'].map(
			(name): (typeof cases)[number] => [
				`ctx.utm.${name}`,
				(value) => inCtx({ utm: { [name]: value } }),
				'x',
				'x',
				{},
				/must be text/,
			],
		),
		[
			'ctx.attributes',
			(attributes) => inCtx({ attributes }),
			{ a: true, b: 1.5 },
			{ a: 'true', b: '1.5' },
			[1],
			/object of names and values/,
		],
		[
			'device.userTime',
			(userTime) => inDevice({ userTime }),
			'2026-09-03T12:00:00+03:00',
			'2026-09-03T12:00:00+03:00',
			1_790_000_000_000,
			/milliseconds/,
		],
		['device.ua', (ua) => inDevice({ ua }), 'Mozilla', 'Mozilla', {}, /must be text/],
		['device.ip', (ip) => inDevice({ ip }), '2001:db8::1', '2001:db8::1', 1.1, /fraction/],
		['device.id', (id) => inDevice({ id }), 'd', 'd', [], /must be text/],
		[
			'device.tracking',
			(tracking) => inDevice({ tracking }),
			'authorized',
			'authorized',
			'yes',
			/must be one of notDetermined/,
		],
		[
			'device.permission',
			(permission) => inDevice({ permission }),
			'granted',
			'granted',
			'yes',
			/must be one of provisional/,
		],
		[
			'options.isReturnCounter',
			(flag) => custom({ options: { isReturnCounter: flag } }),
			'true',
			true,
			'yes',
			/must be true or false/,
		],
		[
			'options.isReturnUserInfo',
			(flag) => custom({ options: { isReturnUserInfo: flag } }),
			0,
			false,
			2,
			/must be true or false/,
		],
		['type', (type) => custom({ type }), 'made-up', 'made-up', '', /is required/],
		['name', (name) => custom({ name }), 'Заказ', 'Заказ', null, /is required/],
		['currency', (currency) => custom({ currency }), ' rub ', 'RUB', 'roubles', /three capital letters/],
		['value', (value) => custom({ value }), '1999.90', 1999.9, '1999,90', /decimal point, not a comma/],
		['quantity', (quantity) => custom({ quantity }), '2', 2, 0.5, /whole number of at least 1/],
		['quantity', (quantity) => custom({ quantity }), 1, 1, 0, /whole number of at least 1/],
		['productId', (productId) => custom({ productId }), '007', '007', 16.1, /fraction/],
		['cart', (cart) => custom({ cart }), JSON.stringify([row]), [row], 'SKU-1', /must be a list/],
		[
			'cart[0].productId',
			(value) => custom({ cart: [{ ...row, productId: value }] }),
			7,
			'7',
			undefined,
			/is required/,
		],
		['cart[0].quantity', (value) => custom({ cart: [{ ...row, quantity: value }] }), '3', 3, 0, /at least 1/],
		[
			'cart[0].itemPrice',
			(value) => custom({ cart: [{ ...row, itemPrice: value }] }),
			'0',
			0,
			'free',
			/must be a number/,
		],
		[
			'eventTime',
			(eventTime) => custom({ eventTime }),
			'2026-09-03T12:00:00+03:00',
			'2026-09-03T09:00:00.000Z',
			'yesterday',
			/must be a time/,
		],
		[
			'eventTime',
			(eventTime) => custom({ eventTime }),
			'2026-09-03 12:00:00',
			'2026-09-03T09:00:00.000Z',
			1_790_000_000_000,
			/milliseconds/,
		],
		[
			'eventTime',
			(eventTime) => custom({ eventTime }),
			1_788_426_000,
			'2026-09-03T09:00:00.000Z',
			{},
			/must be a time/,
		],
		[
			'customProps',
			(customProps) => custom({ customProps }),
			{ a: 2, b: false, c: '' },
			{ a: '2', b: 'false' },
			{ a: ['x'] },
			/'a' that must be text and is a list/,
		],
		['uniqueTransactionId', (id) => custom({ uniqueTransactionId: id }), 7781, '7781', {}, /must be text/],
		[
			'hashedEmail',
			(hash) => custom({ hashedEmail: hash }),
			sha256('a'),
			sha256('a'),
			'a@b.example',
			/switch on the option 'Hash Email'/,
		],
		['cuid', (cuid) => custom({ cuid }), 12345, '12345', 9007199254740993, /lost digits/],
		['cuidType', (cuidType) => custom({ cuidType }), 'phone', 'phone', {}, /must be text/],
		...[
			'keywords',
			'code',
			'sortBy',
			'filterType',
			'filterStringValue',
			'attributeType',
			'attributeValue',
		].map((name): (typeof cases)[number] => [
			name,
			(value) => custom({ [name]: value }),
			'x',
			'x',
			{},
			/must be text/,
		]),
		['sortOrder', (sortOrder) => custom({ sortOrder }), 'ASC', 'ASC', 'up', /must be one of ASC, DESC/],
		[
			'filterNumericValue',
			(value) => custom({ filterNumericValue: value }),
			'42',
			42,
			'x',
			/must be a number/,
		],
	];

	const at = (event: Json, path: string): unknown =>
		path
			.split(/[.[\]]+/)
			.filter(Boolean)
			.reduce<unknown>((value, step) => (value as Json)?.[step], event);

	test.each(cases)('%s', (path, make, given, sent, bad, says) => {
		expect(at(good(make(given)), path)).toEqual(sent);
		const [first, ...rest] = faults(make(bad));
		expect(first).toMatch(says);
		expect(first.slice(0, path.length + 1)).toBe(`${path}:`);
		expect(rest).toEqual([]);
	});

	test('no row is left out', () => {
		const covered = new Set(cases.map(([path]) => path.replaceAll('[0]', '[]')));
		const objects = ['user', 'ctx', 'device', 'options', 'customType'];
		expect(
			paths(storeEvent.fields)
				.map(([path]) => path)
				.filter((path) => !covered.has(path) && !objects.includes(path)),
		).toEqual([]);
	});

	test('JSON numbers, not texts', () => {
		expect(onlyBody(eventOf('add-to-cart-v1', { value: '1999.90', quantity: '2' }))).toContain(
			'"value":1999.9,"quantity":2,',
		);
	});

	test('a property without a value is left out and told', () => {
		expect(check(custom({ customProps: { a: '', b: null, c: 'x' } }))).toMatchObject({
			event: { customProps: { c: 'x' } },
			dropped: ['a', 'b'],
		});
	});
});

describe('types', () => {
	const named = pageTypes.filter(({ custom: isCustom, unverified }) => !isCustom && !unverified);

	test('seven types are named', () => expect(named.map(({ type }) => type)).toEqual(Object.keys(whole)));

	test.each(named)('$type: each required field is missed', ({ type, fields }) => {
		expect(faults(eventOf(type))).toEqual([]);
		for (const name of Object.keys(fields).filter(
			(field) => fields[field] === 'required' && field !== 'type',
		)) {
			const found = faults(eventOf(type, { [name]: '' }));
			expect(found).toHaveLength(1);
			expect(found[0]).toMatch(new RegExp(`^${name}: .*\\(${name}\\) is required`));
		}
	});

	test('no other field is missed', () => {
		expect(faults(custom())).toEqual([]);
		expect(faults({ type: 'x', name: '' })).toEqual(["name: 'Event Name' (name) is required"]);
	});

	test('unconfirmed types: their fields may stand in customProps', () => {
		const at = (type: string, change: Json) => faults({ type, name: 'x', ...change });
		expect(at('keyword-search-v1', {})).toEqual([
			"keywords: 'Keywords' (keywords) is required for keyword-search-v1",
		]);
		expect(at('keyword-search-v1', { keywords: 'boots' })).toEqual([]);
		expect(at('keyword-search-v1', { customProps: '{"keywords":"boots"}' })).toEqual([]);
		expect(at('sort-items-v1', { sortBy: 'price' })).toHaveLength(1);
		expect(at('filter-items-v1', { filterType: 'brand' })[0]).toMatch(
			/^filterStringValue: .* or .* is required/,
		);
		expect(at('filter-items-v1', { filterType: 'brand', filterNumericValue: 0 })).toEqual([]);
		expect(at('enter-promo-code-v1', { code: 'A' })).toEqual([]);
		expect(at('newsletter-subscription-v1', {})).toEqual([]);
		expect(at('change-attr-v1', { attributeType: 'size' })).toHaveLength(1);
	});

	test('a type of one’s own', () => {
		expect(good({ type: CUSTOM, customType: 'level-up', name: 'x' })).toEqual({
			...NOBODY,
			type: 'level-up',
			name: 'x',
		});
		expect(good({ type: 'level-up', customType: 'left over', name: 'x' })).toEqual({
			...NOBODY,
			type: 'level-up',
			name: 'x',
		});
		expect(good({ type: CUSTOM, customType: 'custom', name: 'x' })).toMatchObject({ type: 'custom' });
		expect(faults({ type: CUSTOM, customType: 'purchase-v1', name: 'x', value: 1, cart: [] })).toHaveLength(
			2,
		);
		expect(faults({ type: CUSTOM, name: 'x' })).toEqual([
			`customType: 'Custom Type' (customType) is required for the event type 'Custom Event'`,
		]);
		expect(faults({ data: [custom(), { type: CUSTOM, name: 'x' }] })[0]).toMatch(/^data\[1\]\.customType: /);
	});

	test('an empty cart says something for sync-cart-v1 only', () => {
		expect(onlyBody(eventOf('sync-cart-v1', { cart: [] }))).toContain('"cart":[]');
		expect(onlyBody(eventOf('sync-cart-v1', { cart: '[]' }))).toContain('"cart":[]');
		expect(onlyBody(eventOf('add-to-cart-v1', { cart: [] }))).not.toContain('cart"');
		expect(faults(eventOf('purchase-v1', { cart: '[]' }))).toEqual([
			"cart: 'Cart' (cart) is required for purchase-v1",
		]);
	});
});

describe('rules', () => {
	test('uid and custom never together', () => {
		expect(faults(custom({ user: { uid: UID, custom: 'a', ses: 's' } }))).toEqual([
			expect.stringMatching(/^user\.custom: .*never/),
		]);
	});

	test('custom needs a session', () => {
		expect(faults(custom({ user: { custom: 'a' } }))).toEqual([
			expect.stringMatching(/^user\.ses: .*session ID of your own/),
		]);
		expect(faults(custom({ user: { custom: 'a', ses: 's' } }))).toEqual([]);
	});

	test('rules of a user hold for a list too, once', () => {
		expect(faults({ user: { custom: 'a' }, data: [custom(), custom()] })).toEqual([
			expect.stringMatching(/^user\.ses: /),
		]);
	});

	test('each has words for the reference', () => {
		expect(storeEvent.rules.map(({ says }) => says)).toEqual([
			'user: uid or custom, never both',
			'user: custom needs ses',
			'Required beside type and name, by type: add-to-cart-v1: value, productId, quantity; remove-from-cart-v1: value, productId, quantity; sync-cart-v1: value; purchase-v1: value, cart, uniqueTransactionId; add-to-wishlist-v1: value, productId',
			expect.stringContaining('filter-items-v1: filterType, filterStringValue or filterNumericValue'),
			'hashedEmail: no e-mail address in plain text',
		]);
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
		expect(faults({ data: [custom(), bad, eventOf('purchase-v1', { value: '' })] })).toEqual([
			expect.stringMatching(/^data\[1\]\.cart\[0\]\.itemPrice: /),
			expect.stringMatching(/^data\[2\]\.value: .* is required for purchase-v1/),
		]);
		expect(faults({ data: [custom({ hashedEmail: 'a@b.c' })] })).toEqual([
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
		expect(batches.map(({ orderingKey: lane }) => lane)).toEqual([`uid ${UID}`, 'custom a']);
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
		expect(new Set(batches.map(({ orderingKey: lane }) => lane)).size).toBe(1);
	});

	test('nobody shares with nobody', () => {
		const batches = batchesOf([custom(), custom(), by({ ses: 's' }), by({ ses: 's' })]);
		expect(indexes(batches)).toEqual([[0], [1], [2], [3]]);
		expect(batches.every(({ orderingKey: lane }) => lane === undefined)).toBe(true);
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

describe('hashing', () => {
	const EMAIL = '973dfe463ec85785f5f95af5ba3906eedb2d931c24e69824a89ea65dba4e813b';

	test('an e-mail address', () => {
		expect(hashEmail('test@example.com')).toBe(EMAIL);
		expect(hashEmail('  Test@Example.COM \n')).toBe(EMAIL);
		expect(hashEmail('Ёж@пример.рф')).toBe(sha256('ёж@пример.рф'));
		for (const none of ['a@', 'a b@c', EMAIL, '']) expect(hashEmail(none)).toBeUndefined();
	});

	test.each([
		['8 (916) 123-45-67', '79161234567'],
		['+7 916 123 45 67', '79161234567'],
		['79161234567', '79161234567'],
		['+49 151 23456789', '4915123456789'],
		['+84 912 345 678', '84912345678'],
	])('the phone number %s', (given, digits) => expect(hashPhone(given)).toBe(sha256(digits)));

	test.each(['0916123456', '12345', 'crm-10045', '+7 916 ext 5', ''])('%j is no phone number', (given) =>
		expect(hashPhone(given)).toBeUndefined(),
	);

	test('only when asked for', () => {
		const all = { hashEmail: true, hashPhone: true };
		expect(
			good(eventOf('login-v1', { hashedEmail: ' Test@example.com', cuid: 79161234567 }), { all }),
		).toMatchObject({ hashedEmail: EMAIL, cuid: sha256('79161234567') });
		expect(good(eventOf('login-v1', { hashedEmail: EMAIL, cuid: EMAIL }), { all })).toMatchObject({
			hashedEmail: EMAIL,
			cuid: EMAIL,
		});
		expect(good({ data: [eventOf('login-v1', { hashedEmail: 'test@example.com' })] }, { all })).toMatchObject(
			{ data: [{ hashedEmail: EMAIL }] },
		);
		expect(good(eventOf('login-v1', { cuid: '8 916 123 45 67' }))).toMatchObject({ cuid: '8 916 123 45 67' });
		expect(good(eventOf('login-v1', { cuid: '' }), { all })).toEqual({ ...NOBODY, ...eventOf('login-v1') });
	});

	test('an address never leaves as it is', () => {
		expect(faults(eventOf('login-v1', { hashedEmail: 'test@example.com' }))[0]).toMatch(
			/^hashedEmail: .*'Hash Email'/,
		);
		expect(faults(eventOf('login-v1', { hashedEmail: 'a@b@c' }), { all: { hashEmail: true } })).toHaveLength(
			1,
		);
		expect(faults(eventOf('login-v1', { cuid: 'crm-1' }), { all: { hashPhone: true } })).toEqual([
			expect.stringMatching(/^cuid: .*no phone number/),
		]);
		expect(
			faults({ data: [custom(), eventOf('login-v1', { cuid: 'crm-1' })] }, { all: { hashPhone: true } }),
		).toEqual([expect.stringMatching(/^data\[1\]\.cuid: /)]);
		const text = JSON.stringify([
			faults(eventOf('login-v1', { hashedEmail: 'test@example.com' })),
			faults(eventOf('login-v1', { cuid: 'crm-1' }), { all: { hashPhone: true } }),
		]);
		expect(text).not.toMatch(/test@|crm-1/);
	});
});

describe('settings', () => {
	test('defaults', () => {
		const read = readSettings(storeEvent, storeEvent.defaults.sendAs, {});
		expect(read).toMatchObject({
			settings: {
				sendAs: 'single',
				batchSize: 50,
				concurrency: 1,
				timeout: 30_000,
				onRejectedBatch: 'fail',
				extraFields: 'send',
				retryUnknown: false,
			},
			all: { hashEmail: false, hashPhone: false },
		});
		expect(readSettings(storeEvent, 'batch', { batchSize: 501 })).toHaveProperty('fault');
		expect(readSettings(storeEvent, 'batch', { hashEmail: '{{ 1 }}' })).toHaveProperty('fault');
		expect(settingRows(storeEvent).map(({ name }) => name)).toEqual(
			expect.arrayContaining(['hashEmail', 'hashPhone', 'extraFields']),
		);
	});
});

describe('the form', () => {
	const properties = formOf(storeEvent);
	const shownFor = (parameters: INodeParameters) => {
		const values: INodeParameters = {
			mappingMode: 'defineBelow',
			type: '',
			cartMode: 'json',
			customPropsMode: 'json',
			...parameters,
		};
		return properties.filter((property) => NodeHelpers.displayParameter(values, property, null, null));
	};
	const names = (shown: INodeProperties[]) => shown.map(({ name }) => name);
	const own = (shown: INodeProperties[]) =>
		names(shown).filter(
			(name) =>
				![
					'mappingMode',
					'type',
					'name',
					'eventTime',
					'customPropsMode',
					'customProps',
					'user',
					'ctx',
					'device',
					'returnOptions',
					'sendAs',
					'options',
				].includes(name),
		);

	test('the type comes first, before one is chosen little else is shown', () => {
		expect(names(shownFor({}))).toEqual([
			'mappingMode',
			'type',
			'name',
			'eventTime',
			'customPropsMode',
			'customProps',
			'user',
			'ctx',
			'device',
			'returnOptions',
			'sendAs',
			'options',
		]);
		expect(names(shownFor({ mappingMode: 'autoMapInputData', type: 'purchase-v1' }))).toEqual([
			'mappingMode',
			'inputField',
			'sendAs',
			'options',
		]);
	});

	test.each(EVENT_TYPES)(
		'$type shows its fields and insists on what it needs',
		({ type, required, optional, oneOf, unconfirmed }) => {
			const shown = shownFor({ type });
			const fields = new Set([...required, ...optional, ...(oneOf ?? [])]);
			expect(new Set(own(shown).filter((name) => name !== 'cartMode'))).toEqual(fields);
			expect(own(shown)).toHaveLength(fields.size + (fields.has('cart') ? 1 : 0));
			const insisted = shown.filter((property) => property.required).map(({ name }) => name);
			// n8n cannot insist on JSON, and fields of an unconfirmed type may stand elsewhere.
			expect(insisted.sort()).toEqual(
				[...(unconfirmed ? [] : required.filter((name) => name !== 'cart')), 'type', 'name'].sort(),
			);
		},
	);

	test.each([['={{ $json.type }}'], ['a-type-of-mine']])(
		'the type %s shows every field and insists on none',
		(type) => {
			const shown = shownFor({ type });
			expect(new Set(names(shown))).toEqual(
				new Set(
					[...names(properties)].filter(
						(name) => !['inputField', 'cartRows', 'customPropsPairs'].includes(name),
					),
				),
			);
			expect(names(shown)).toHaveLength(new Set(names(shown)).size);
			expect(shown.filter((property) => property.required).map(({ name }) => name)).toEqual(['type', 'name']);
		},
	);

	test('the list of types is named for people', () => {
		const type = properties.find(({ name }) => name === 'type');
		const options = type?.options as Array<{ name: string; value: string }>;
		expect(options.map(({ value }) => value).sort()).toEqual(
			['', ...EVENT_TYPES.map((entry) => entry.type)].sort(),
		);
		const unconfirmed = EVENT_TYPES.filter((entry) => entry.unconfirmed).map((entry) => entry.type);
		expect(
			options
				.filter(({ name }) => /not confirmed for api v2/i.test(name))
				.map(({ value }) => value)
				.sort(),
		).toEqual([...unconfirmed].sort());
		expect(type).toMatchObject({ default: '', required: true });
	});

	test('what is filled in becomes the event', () => {
		const parameters: INodeParameters = {
			type: CUSTOM,
			customType: 'level-up',
			name: 'Level Up',
			value: '',
			cartMode: 'rows',
			cartRows: { row: [{ productId: 'A', quantity: '2', itemPrice: '9.5' }] },
			customPropsMode: 'pairs',
			customPropsPairs: { pair: [{ name: 'level', value: '2' }] },
			user: { custom: 'crm-1', ses: 's', attributes: '{"tier":"gold"}' },
			ctx: { type: 'CART', data: ['A', 'B'], utm: { utm_source: 'x' } },
			device: { ua: 'Mozilla' },
			returnOptions: { isReturnUserInfo: true },
			options: { batchSize: 5 },
		};
		expect(good(assemble(storeEvent, deepFreeze(parameters)))).toEqual({
			user: { custom: 'crm-1', ses: 's', attributes: { tier: 'gold' } },
			ctx: { type: 'CART', data: ['A', 'B'], location: 'n8n', utm: { utm_source: 'x' } },
			device: { ua: 'Mozilla' },
			options: { isReturnUserInfo: true },
			type: 'level-up',
			name: 'Level Up',
			cart: [{ productId: 'A', quantity: 2, itemPrice: 9.5 }],
			customProps: { level: '2' },
		});
		const top = names(properties);
		expect(eventParameters(storeEvent).filter((name) => !top.includes(name))).toEqual([]);
	});

	test('two pairs of one name are refused', () => {
		const pair = [
			{ name: 'a', value: '1' },
			{ name: 'a', value: '2' },
		];
		expect(faults(custom({ customProps: pair }))).toEqual([
			expect.stringMatching(/^customProps: .*names 'a' twice/),
		]);
	});

	test('fresh objects at every call', () => expect(formOf(storeEvent)[2]).not.toBe(properties[2]));

	test('n8n’s lint finds nothing in what is produced', async () => {
		const found = await lintSubjects([
			{ fileBaseName: 'GravityFieldStoreEvent', node: new GravityFieldStoreEvent().description },
			{ fileBaseName: 'GravityFieldApi', credential: new GravityFieldApi() },
		]);
		expect(found).toEqual([[], []]);
	}, 60_000);
});

describe('on n8n’s engine', () => {
	const type = 'n8n-nodes-server-events.gravityFieldStoreEvent';
	const probe = writeProbePack();
	let engine: Engine;
	let sandbox: Sandbox;

	beforeAll(async () => {
		sandbox = await startSandbox();
		// The class itself, so that the test needs no build.
		engine = await createEngine({
			packageDirectory: probe.directory,
			extraNodes: { [type]: new GravityFieldStoreEvent() },
		});
		engine.credentialTypes.gravityFieldApi = new GravityFieldApi();
	});
	beforeEach(() => sandbox.reset());
	afterAll(async () => {
		await engine.close();
		await sandbox.close();
		probe.remove();
	});

	async function run(
		items: IDataObject[],
		parameters: INodeParameters,
		node: Partial<INode> = {},
		credential: IDataObject = {},
		options: RunOptions = {},
	): Promise<RunResult> {
		const { gravityFieldApi } = sandbox.credentials;
		return await engine.run(
			singleNodeWorkflow({ type, parameters, credentialType: 'gravityFieldApi', node }),
			{
				items: { Items: items },
				credentials: { gravityFieldApi: { ...gravityFieldApi, ...credential } as never },
				...options,
			},
		);
	}
	const auto = (parameters: INodeParameters = {}): INodeParameters => ({
		mappingMode: 'autoMapInputData',
		...parameters,
	});
	const output = (result: RunResult, index = 0) => result.nodeOutputs('Node')[index] ?? [];
	const statuses = (result: RunResult) =>
		output(result).map(({ json }) => (json.delivery as IDataObject).status);
	const bodies = () => sandbox.requests.map(({ body }) => JSON.parse(body.toString('utf8')) as Json);

	test('the form: one request for each item, each output paired with its input', async () => {
		const parameters: INodeParameters = {
			mappingMode: 'defineBelow',
			type: 'purchase-v1',
			name: 'Purchase',
			value: '={{ $json.total }}',
			currency: 'RUB',
			uniqueTransactionId: '={{ "ORD-" + $json.id }}',
			cartMode: 'json',
			cart: '={{ $json.lines }}',
			user: { custom: '={{ $json.customer }}', ses: '={{ "order-" + $json.id }}' },
			ctx: { type: 'CART', location: 'https://shop.example/thanks' },
		};
		const items = [1, 2].map((id) => ({
			id,
			total: `${id}.50`,
			customer: `crm-${id}`,
			lines: [{ productId: 'A', quantity: id, itemPrice: '1.5' }],
		}));
		const result = await run(items, parameters);
		expect(result.error()).toBeUndefined();
		expect(statuses(result)).toEqual(['accepted', 'accepted']);
		expect(output(result).map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 1 }]);
		expect(output(result)[1].json).toMatchObject({
			delivery: { method: 'event', request: 2, attempts: 1, httpStatus: 200 },
			response: { campaigns: [] },
		});
		expect(bodies()[1]).toEqual({
			sec: sandbox.credentials.gravityFieldApi.sectionId,
			user: { custom: 'crm-2', ses: 'order-2' },
			ctx: { type: 'CART', data: [], location: 'https://shop.example/thanks' },
			device: { ua: 'n8n' },
			data: [
				{
					type: 'purchase-v1',
					name: 'Purchase',
					currency: 'RUB',
					value: 2.5,
					cart: [{ productId: 'A', quantity: 2, itemPrice: 1.5 }],
					uniqueTransactionId: 'ORD-2',
				},
			],
		});
		expect(sandbox.requests[0].headers.authorization).toBe(
			`Bearer ${sandbox.credentials.gravityFieldApi.apiKey}`,
		);
		expect(sandbox.requests[0].url).toBe('/gravityfield/v2/event');
	});

	test('a type from an expression: custom, named, and neither', async () => {
		const parameters: INodeParameters = {
			mappingMode: 'defineBelow',
			type: '={{ $json.type }}',
			customType: '={{ $json.mine }}',
			name: 'x',
		};
		const result = await run(
			[
				{ type: CUSTOM, mine: 'a' },
				{ type: 'b', mine: 'no' },
				{ type: 'login-v1' },
				{ type: CUSTOM },
				{ type: '' },
			],
			parameters,
			{ onError: 'continueRegularOutput' },
		);
		expect(statuses(result)).toEqual(['accepted', 'accepted', 'accepted', 'invalid', 'invalid']);
		expect(sandbox.stored('gravityField').map(({ event }) => event.type)).toEqual(['a', 'b', 'login-v1']);
		expect(output(result)[3].json.delivery).toMatchObject({ issues: [{ field: 'customType' }] });
	});

	test('a field that its type needs, left blank: n8n itself refuses the run', async () => {
		const result = await run([{}], {
			mappingMode: 'defineBelow',
			type: 'add-to-wishlist-v1',
			name: 'x',
			value: '1',
		});
		expect(result.error()?.name).toBe('WorkflowHasIssuesError');
		const fine = await run([{}], { mappingMode: 'defineBelow', type: 'my-type', name: 'x' });
		expect(statuses(fine)).toEqual(['accepted']);
	});

	test('batches: grouped by user, a list counts as its events, one report for an item', async () => {
		const by = (user: string, change: Json = {}) =>
			custom({ user: { custom: user, ses: 's' }, ...change }) as IDataObject;
		const items = [
			by('a'),
			by('b'),
			by('a'),
			custom() as IDataObject,
			{ user: { custom: 'a', ses: 's' }, data: [custom(), custom()] } as IDataObject,
		];
		const result = await run(items, auto({ sendAs: 'batch', options: { batchSize: 4 } }));
		expect(statuses(result)).toEqual(Array.from({ length: 5 }, () => 'accepted'));
		expect(bodies().map(({ data }) => (data as unknown[]).length)).toEqual([4, 1, 1]);
		expect(output(result).map(({ json }) => (json.delivery as IDataObject).request)).toEqual([1, 2, 1, 3, 1]);
		expect(output(result)[4].json.event).toEqual({
			user: { custom: 'a', ses: 's' },
			ctx: PAGE,
			device: DEVICE,
			data: [custom(), custom()],
		});
	});

	test('never two requests of one user at once, and in their order', async () => {
		const users = ['a', 'b', 'a', 'c', 'b', 'a', 'c', 'a'];
		const items = users.map(
			(user, at) => custom({ user: { custom: user, ses: 's' }, name: String(at) }) as IDataObject,
		);
		let release = () => {};
		const gate = new Promise<void>((resolve) => (release = resolve));
		sandbox.faults.push({ waitFor: gate }, { waitFor: gate });
		void sandbox.arrived(3, 'gravityField').then(() => release());
		const result = await run(items, auto({ options: { concurrency: 10 } }));
		expect(new Set(statuses(result))).toEqual(new Set(['accepted']));
		const userOf = (index: number) => (bodies()[index].user as Json).custom;
		const side = sandbox.requests.flatMap((one, i) =>
			sandbox.requests
				.slice(i + 1)
				.filter((other) => overlaps(one, other))
				.map((other) => [userOf(i), userOf(other.number - 1)]),
		);
		expect(side.length).toBeGreaterThan(0);
		expect(side.filter(([one, other]) => one === other)).toEqual([]);
		for (const user of ['a', 'b', 'c']) {
			const sent = bodies()
				.filter(({ user: who }) => (who as Json).custom === user)
				.map(({ data }) => (data as Json[])[0].name);
			expect(sent).toEqual([...sent].sort());
		}
	});

	test('204 is taken', async () => {
		const result = await run([custom({ user: { custom: 'sandbox-204', ses: 's' } }) as IDataObject], auto());
		expect(output(result)[0].json).toEqual({
			event: expect.anything(),
			delivery: { status: 'accepted', method: 'event', request: 1, attempts: 1, httpStatus: 204 },
		});
	});

	test('422: refused with the vendor’s words, alone or with its batch', async () => {
		const refuse = custom({ user: { custom: 'sandbox-refuse', ses: 's' } }) as IDataObject;
		const one = await run([refuse, custom() as IDataObject], auto(), { onError: 'continueErrorOutput' });
		expect(output(one, 1)[0].json.details).toMatchObject({
			delivery: { status: 'rejected', httpStatus: 422, message: expect.stringContaining("read 'response'") },
			response: { msg: expect.any(String) },
		});
		expect(statuses(one)).toEqual(['accepted']);
		const two = await run([refuse, custom() as IDataObject, refuse], auto({ sendAs: 'batch' }), {
			onError: 'continueRegularOutput',
		});
		expect(
			output(two)
				.map(
					({ json }) => ((json.details as IDataObject | undefined)?.delivery ?? json.delivery) as IDataObject,
				)
				.map(({ status }) => status),
		).toEqual(['batchRejected', 'accepted', 'batchRejected']);
		const isolated = await run(
			[refuse, { ...refuse, eventTime: 1_788_426_000 }],
			auto({ sendAs: 'batch', options: { onRejectedBatch: 'isolate' } }),
			{ onError: 'continueRegularOutput' },
		);
		expect(output(isolated)).toHaveLength(2);
	});

	test('a list that is refused has one status', async () => {
		const result = await run(
			[{ user: { custom: 'sandbox-refuse', ses: 's' }, data: [custom(), custom()] } as IDataObject],
			auto({ sendAs: 'batch' }),
			{ onError: 'continueRegularOutput' },
		);
		expect(output(result)[0].json).toMatchObject({ delivery: { status: 'rejected', httpStatus: 422 } });
	});

	test('403 ends the run; the key is in no word of it', async () => {
		const result = await run(
			[custom(), custom()] as IDataObject[],
			auto(),
			{ onError: 'continueRegularOutput' },
			{ apiKey: 'wrong-key-of-somebody' },
		);
		expect(sandbox.requests).toHaveLength(1);
		expect(JSON.stringify(output(result))).not.toContain('wrong-key-of-somebody');
		expect(statuses(result)).toEqual(['notAttempted', 'notAttempted']);
		expect(output(result)[0].json.delivery).toMatchObject({
			httpStatus: 403,
			message: expect.stringContaining("'Section ID'"),
		});
	});

	test('a base URL without /v2 says so', async () => {
		const baseUrl = sandbox.credentials.gravityFieldApi.baseUrl.replace('/v2', '');
		const result = await run([custom() as IDataObject], auto(), {}, { baseUrl });
		expect(result.error()?.message).toContain('/v2');
	});

	test('500 is tried again with the same bytes', async () => {
		sandbox.faults.push({ status: 500 });
		const result = await run([custom({ user: { custom: 'a', ses: 's' } }) as IDataObject], auto());
		expect(output(result)[0].json).toMatchObject({ delivery: { status: 'accepted', attempts: 2 } });
		expect(sandbox.requests[0].body).toEqual(sandbox.requests[1].body);
	}, 20_000);

	test('an answer that never came is not repeated', async () => {
		sandbox.faults.push({ reset: 'afterStoring' });
		const result = await run([custom() as IDataObject], auto(), { onError: 'continueRegularOutput' });
		expect(statuses(result)).toEqual(['unknown']);
		expect(sandbox.requests).toHaveLength(1);
	});

	test('a 200 that is no JSON object is not taken for granted', async () => {
		sandbox.faults.push({ status: 200, body: 'OK' });
		expect(statuses(await run([custom() as IDataObject], auto()))).toEqual(['unconfirmed']);
	});

	test('hashing by option; the item itself keeps its address', async () => {
		const item = eventOf('login-v1', {
			hashedEmail: 'Test@Example.com',
			cuid: '8 916 123-45-67',
		}) as IDataObject;
		const result = await run(
			[item],
			auto({ options: { hashEmail: true, hashPhone: true, includeInputFields: true } }),
		);
		expect(sandbox.stored('gravityField')[0].event).toMatchObject({
			hashedEmail: sha256('test@example.com'),
			cuid: sha256('79161234567'),
		});
		expect(output(result)[0].json.input).toMatchObject({ hashedEmail: 'Test@Example.com' });
		const off = await run([item], auto(), { onError: 'continueRegularOutput' });
		expect(statuses(off)).toEqual(['invalid']);
	});

	test('an item of an error output can be sent again', async () => {
		const first = await run(
			[custom({ name: '' }) as IDataObject, { data: [custom()] } as IDataObject],
			auto(),
			{ onError: 'continueErrorOutput' },
		);
		const failed = output(first, 1)[0].json;
		const mended = { ...failed, name: 'Mended' };
		const second = await run([mended], auto());
		expect(statuses(second)).toEqual(['accepted']);
		expect(sandbox.stored('gravityField').at(-1)?.event).toEqual(custom({ name: 'Mended' }));
	});

	test('preview shows the request without the key', async () => {
		const result = await run([custom() as IDataObject], auto({ options: { preview: true } }));
		expect(sandbox.requests).toHaveLength(0);
		const { request } = output(result)[0].json as { request: IDataObject };
		expect(request).toMatchObject({
			method: 'POST',
			url: `${sandbox.credentials.gravityFieldApi.baseUrl}/event`,
			headers: { Authorization: 'Bearer ***' },
		});
		expect(JSON.parse(request.body as string)).toEqual({
			sec: sandbox.credentials.gravityFieldApi.sectionId,
			...NOBODY,
			data: [custom()],
		});
	});

	describe('the credential’s test, as n8n’s tester runs it', () => {
		/** What n8n 2.41's CredentialsTester does with a declarative test: a node of one routed request, then the rules. */
		async function tested(change: IDataObject): Promise<string> {
			const { ExecuteContext, RoutingNode } = createRequire(join(process.cwd(), 'package.json'))(
				'n8n-core',
			) as typeof N8nCore;
			const credential = new GravityFieldApi();
			const data = { ...sandbox.credentials.gravityFieldApi, ...change } as ICredentialDataDecryptedObject;
			const { request, rules = [] } = credential.test;
			const node: INode = {
				id: 'temp',
				name: 'Temp',
				type: 'temp',
				typeVersion: 1,
				position: [0, 0],
				parameters: {},
				credentials: { gravityFieldApi: { id: '1', name: 'x' } },
			};
			const nodeType = {
				description: {
					...new GravityFieldStoreEvent().description,
					name: 'temp',
					credentials: [{ name: 'gravityFieldApi', required: true }],
					properties: [
						{ displayName: 'Temp', name: 'temp', type: 'string', routing: { request }, default: '' },
					],
				},
			} as unknown as INodeType;
			const workflow = new Workflow({
				nodes: [node],
				connections: {},
				active: false,
				nodeTypes: {
					getByName: () => nodeType,
					getByNameAndVersion: () => nodeType,
					getKnownTypes: () => ({}),
				},
			});
			const credentialsHelper = {
				getParentTypes: () => [],
				getDecrypted: async () => data,
				isCredentialUsableByNode: () => true,
				preAuthentication: async () => undefined,
				authenticate: async (
					given: ICredentialDataDecryptedObject,
					_type: string,
					options: IHttpRequestOptions,
				) => await credential.authenticate(given, options),
			};
			const additionalData = {
				credentialsHelper,
				variables: {},
				currentNodeExecutionIndex: 0,
				webhookWaitingBaseUrl: 'http://localhost',
				formWaitingBaseUrl: 'http://localhost',
			};
			const context = new ExecuteContext(
				workflow,
				node,
				additionalData as never,
				'internal',
				createEmptyRunExecutionData(),
				0,
				[],
				{ main: [[{ json: {} }]] },
				{ node, data: {}, source: null } as never,
				[],
			);
			try {
				await new RoutingNode(context, nodeType, {
					id: '1',
					name: 'x',
					type: 'gravityFieldApi',
					data,
				}).runNode();
				return 'passed';
			} catch (error) {
				const { cause, message } = error as Error & {
					cause?: { response?: { status: number }; code?: string };
				};
				const status = cause?.response?.status;
				const found = rules.find((rule) => rule.type === 'responseCode' && rule.properties.value === status);
				return found ? found.properties.message : `no rule: ${status ?? cause?.code ?? message}`;
			}
		}

		test('422: the key was not refused; nothing is stored', async () => {
			expect(await tested({ baseUrl: ` ${sandbox.credentials.gravityFieldApi.baseUrl}/ ` })).toBe('passed');
			expect(
				sandbox.requests.map(({ method, url, status, body }) => [method, url, status, body.toString()]),
			).toEqual([['POST', '/gravityfield/v2/event', 422, `{"sec":"${SEC}"}`]]);
			expect(sandbox.stored('gravityField')).toEqual([]);
		});

		test('400 passes too', async () => {
			sandbox.faults.push({ status: 400 });
			expect(await tested({})).toBe('passed');
		});

		test('what fails', async () => {
			expect(await tested({ apiKey: 'wrong' })).toMatch(/refused the key \(403\)/);
			expect(await tested({ sectionId: 'f'.repeat(24) })).toMatch(/\(403\)/);
			expect(await tested({ baseUrl: sandbox.url })).toMatch(/must end in \/v2/);
			sandbox.faults.push({ status: 401 }, { status: 401 });
			expect(await tested({})).toMatch(/refused the key \(401\)/);
			sandbox.faults.clear();
			sandbox.faults.push({ redirect: 'https://elsewhere.example/' });
			expect(await tested({})).toMatch(/redirects/);
			sandbox.faults.push({ status: 503 });
			expect(await tested({})).toMatch(/could not be checked/);
			expect(await tested({ baseUrl: 'http://127.0.0.1:9' })).toMatch(/ECONNREFUSED/);
		});
	});
});
