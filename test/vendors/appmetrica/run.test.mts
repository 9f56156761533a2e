import {
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} from 'node:fs';
import { isIPv6 } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { transformSync } from '@swc/core';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import type {
	ICredentialDataDecryptedObject,
	ICredentialTestRequest,
	ICredentialType,
	IDataObject,
	IHttpRequestOptions,
	INode,
	INodeParameters,
} from 'n8n-workflow';

import { AppMetricaApi } from '../../../credentials/AppMetricaApi.credentials.ts';
import { asIpv6, IPV6_ADDRESS } from '../../../nodes/AppMetrica/address.ts';
import { AppMetricaImportEvents } from '../../../nodes/AppMetrica/AppMetricaImportEvents/AppMetricaImportEvents.node.ts';
import { authenticate } from '../../../nodes/AppMetrica/credential.ts';
import { importEvents } from '../../../nodes/AppMetrica/importEvents.ts';
import { judge, readResponse } from '../../../nodes/engine/delivery/response.ts';
import { createChecker } from '../../../nodes/engine/check/check.ts';
import { buildRequest } from '../../../nodes/engine/delivery/delivery.ts';
import { formOf } from '../../../nodes/engine/form/form.ts';
import { pack, type Batch, type Prepared } from '../../../nodes/engine/delivery/pack.ts';
import { readSettings } from '../../../nodes/engine/operation/settings.ts';
import type { HttpRequest, Json } from '../../../nodes/engine/operation/operation.ts';
import { hasLoneSurrogate } from '../../../nodes/engine/check/values.ts';
import { startSandbox, type Sandbox } from '../../../tools/sandbox/server.mts';
import page from '../../pages/appmetrica.json';
import {
	createEngine,
	singleNodeWorkflow,
	type Engine,
	type RunResult,
} from '../../../tools/harness/engine.mts';
import { lintSubjects } from '../../support/lint-descriptions.mts';

const NOW = Date.parse('2026-11-22T09:00:00Z');
const SECONDS = Math.floor(NOW / 1000);
const KEY = page.samples.parameters.query.post_api_key;
const BASE = 'https://api.appmetrica.yandex.ru';
const ROWS = page.operations.importEvents.parameters as PageRow[];

interface PageRow {
	name: string;
	type: string;
	required?: boolean;
	values?: Array<{ value: string }>;
	default?: string;
	ru?: { name?: string };
}

const least = { profile_id: 'user-42', event_name: 'order_paid', event_timestamp: String(SECONDS) };
const fieldOf = (wire: string) => importEvents.fields.find((field) => field.wire === wire);

function check(event: Json, maxAgeDays = 0) {
	const leftOut = { names: new Map<string, string | undefined>(), pairs: new Set<string>() };
	const settings = {
		zone: 'Europe/Moscow',
		now: NOW,
		maxAgeDays,
		extraFields: 'ignore' as const,
		maxListed: 1,
		all: {},
	};
	return { ...createChecker(importEvents, settings, leftOut)(event, ''), leftOut };
}

function checked(event: Json): Json {
	const result = check(event);
	if ('issues' in result) throw new Error(JSON.stringify(result.issues));
	return result.event;
}

/** Encodes and packs as a run does. */
function batchesOf(sendAs: 'single' | 'batch', events: Json[], apps: string[] = []): Batch[] {
	const form = importEvents[sendAs];
	const prepared = events.map((event, index): Prepared => {
		const app = apps[index] ?? '1111';
		const encoded = form.encode(event, { baseUrl: '', app, account: {} });
		if ('fault' in encoded) throw new Error(encoded.fault.message);
		return {
			...encoded,
			batchKey: `${app}\n${encoded.batchKey}`,
			index,
			event,
			app,
			bytes: Buffer.byteLength(encoded.text),
		};
	});
	const limits = {
		maxEvents: sendAs === 'single' ? 1 : importEvents.defaults.batchSize.max,
		maxBytes: form.limit?.bytes ?? Infinity,
	};
	return pack(prepared, limits, (item) =>
		form.envelope(item.event, { baseUrl: '', app: item.app, account: {} }),
	).batches;
}

async function requestsOf(
	sendAs: 'single' | 'batch',
	events: Json[],
	apps?: string[],
): Promise<HttpRequest[]> {
	return await Promise.all(
		batchesOf(sendAs, events, apps).map(async (batch) => {
			const target = { baseUrl: BASE, app: batch.items[0].app, account: {} };
			const request = buildRequest(batch, importEvents[sendAs], target, () => 0);
			const { method, url, headers } = request;
			const options = await authenticate({ postApiKey: KEY }, { method, url, headers });
			return { ...request, url: options.url };
		}),
	);
}

const bodies = async (events: Json[], apps?: string[]) =>
	(await requestsOf('batch', events, apps)).map(({ body }) => String(body));
const queryOf = async (event: Json) => (await requestsOf('single', [event]))[0].url.split('?')[1];

describe('the table against the vendor’s page', () => {
	const wireName = (row: PageRow) => row.ru?.name ?? row.name;
	const rows = ROWS.filter(({ name }) => name !== 'post_api_key' && name !== 'application_id');

	test('has every parameter, in the page’s order, and no other', () => {
		expect(importEvents.fields.map(({ wire }) => wire)).toEqual(rows.map(wireName));
		// The two that are no part of an event.
		expect(importEvents.credential.required).toEqual(expect.arrayContaining(['postApiKey', 'applicationId']));
	});

	test.each(rows.map((row) => [row.name, row] as const))('%s says what the page says', (_name, row) => {
		const field = fieldOf(wireName(row));
		if (!field) throw new Error('no such row');
		const { type } = field;
		expect(type.kind === 'choice' ? type.values.map(({ value }) => value) : undefined).toEqual(
			row.values?.map(({ value }) => value),
		);
		expect(field.vendorDefault).toBe(row.default);
		const kinds: Record<string, string[]> = {
			string: ['text', 'choice'],
			int: ['integer', 'time'],
			json: ['json'],
		};
		expect(kinds[row.type]).toContain(type.kind);
		expect(field.evidence).toBe('documented');
		// The two IDs are both starred, and each forbids the other: that is the rule below.
		const isId = ['profile_id', 'appmetrica_device_id'].includes(row.name);
		expect(field.required).toBe(row.required && !isId ? true : undefined);
	});

	test('exactly one of the two ids', () => {
		const [[profile, device]] = page.operations.importEvents.required['one of the following fields'];
		const { profile_id: _, ...nobody } = least;
		expect(check({ ...nobody, [profile]: 'user' })).not.toHaveProperty('issues');
		expect(check({ ...nobody, [device]: '1' })).not.toHaveProperty('issues');
		expect(check({ ...nobody, [profile]: '', [device]: null })).toMatchObject({
			issues: [{ field: profile }],
		});
		expect(check({ ...nobody, [profile]: 'user', [device]: '1' })).toMatchObject({
			issues: [{ field: device }],
		});
	});

	test('the older name of the time is an alias', () => {
		expect(ROWS.find((row) => row.ru?.name)).toMatchObject({
			name: 'timestamp',
			ru: { name: 'event_timestamp' },
		});
		const { event_timestamp: time, ...rest } = least;
		expect(checked({ ...rest, timestamp: time })).toEqual(least);
		expect(checked({ ...least, timestamp: '1' })).toEqual(least);
	});

	test('methods, documentation and limits', () => {
		const { methods } = page.operations.importEvents;
		expect([importEvents.single.method({}), importEvents.batch.method({})]).toEqual(
			methods.map((path) => path.replace('import/', '')),
		);
		expect(importEvents.documentation).toBe(page.page);
		expect(importEvents.defaults).toEqual({
			sendAs: 'batch',
			batchSize: { default: 10_000, max: 100_000 },
			concurrency: 1,
			timeout: { single: 30_000, batch: 120_000 },
			onRejectedBatch: 'fail',
			extraFields: 'ignore',
			additionalProperties: false,
			maxAgeDays: 7,
		});
		expect(importEvents.batch.limit?.bytes).toBe(1_000_000_000);
		expect(readSettings(importEvents, 'single', {})).toMatchObject({ settings: { timeout: 30_000 } });
		expect(readSettings(importEvents, 'batch', { batchSize: 100_001 })).toHaveProperty('fault');
	});
});

describe('the form', () => {
	const form = formOf(importEvents);
	const named = (name: string) => form.find((property) => property.name === name);

	test('six parameters at the top, seventeen in the collection', () => {
		expect(form.map(({ name }) => name)).toEqual([
			'mappingMode',
			'inputField',
			'event_name',
			'event_timestamp',
			'profile_id',
			'appmetrica_device_id',
			'event_json',
			'session_type',
			'device',
			'sendAs',
			'options',
		]);
		expect(named('device')?.options).toHaveLength(17);
		expect(form.filter(({ required }) => required).map(({ name }) => name)).toEqual([
			'event_name',
			'event_timestamp',
		]);
		expect(named('options')?.options?.map(({ name }) => name)).toEqual(
			expect.arrayContaining(['applicationId', 'maxAgeDays']),
		);
	});

	test('the session type says what is hidden, and is not chosen for the user', () => {
		expect(named('session_type')).toMatchObject({
			default: '',
			options: [{ name: 'Not Set', value: '' }, { value: 'foreground' }, { value: 'background' }],
		});
		expect(named('session_type')?.description).toMatch(/profile card.*assumes background/);
		expect(checked({ ...least, session_type: '' })).toEqual(least);
	});

	test('n8n’s rules on the wording find nothing', async () => {
		const findings = await lintSubjects([
			{ fileBaseName: 'AppMetricaImportEvents', node: new AppMetricaImportEvents().description },
			{ fileBaseName: 'AppMetricaApi', credential: new AppMetricaApi() },
		]);
		expect(findings).toEqual([[], []]);
	}, 60_000);
});

describe('the page’s samples, to the byte', () => {
	test('CSV: the same cells under the same names, the same address', async () => {
		const events = page.samples.body.records.map(({ application_id: _, ...event }) => checked(event));
		const [request, ...others] = await requestsOf('batch', events);
		expect(others).toEqual([]);
		const text = String(request.body);
		expect(parse(text, { columns: true, record_delimiter: '\n' })).toEqual(page.samples.body.records);
		// Not only the same when read back: each cell is written as the page writes it.
		const cells = (line: string) => new Set(line.split(','));
		const written = text.split('\n');
		for (const [at, line] of page.samples.body.body.split('\n').entries())
			expect(cells(written[at])).toEqual(cells(line));
		expect(text).toBe(
			'application_id,profile_id,event_name,event_timestamp,event_json,google_aid,device_model,device_type,app_package_name,operator_name,mnc,device_ipv6\n' +
				'1111,1234567890123456789,event_name_1,1234567890,"{""key"":""value_1""}",01234567-890a-bcde-f012-3456789abcde,iPhone X,phone,com.yandex.sample.metrica,MegaFon,2,2a02:6b8::40c:6676:baff:fea6:53d8\n' +
				'1111,9876543210987654321,event_name_2,1234567891,"{""key"":""value_2""}",fedcba98-7654-3210-fedc-ba9876543210,iPhone X,phone,com.yandex.sample.metrica,MegaFon,2,2a02:6b8::40c:6676:baff:fea6:53d9\n',
		);
		const [method, path] = page.samples.body.request.split(' ');
		expect(request).toMatchObject({
			method,
			url: BASE + path,
			headers: { 'Content-Type': 'text/csv; charset=UTF-8' },
		});
	});

	test('query: the same parameters, each encoded alike, the key first, no body', async () => {
		const { post_api_key: _, application_id: __, ...event } = page.samples.parameters.query;
		const [request] = await requestsOf('single', [checked(event)]);
		const [method, address] = page.samples.parameters.request.split(' ');
		const [path, query] = address.split('?');
		expect(request.method).toBe(method);
		expect(request.url.split('?')[0]).toBe(BASE + path);
		const ours = request.url.split('?')[1].split('&');
		const theirs = query.split('&');
		expect(ours[0]).toBe(theirs[0]);
		expect([...ours].sort()).toEqual([...theirs].sort());
		expect(ours.slice(0, 5)).toEqual([
			`post_api_key=${KEY}`,
			'application_id=1111',
			'profile_id=1234567890123456789',
			'event_name=event_name',
			'event_timestamp=1234567890',
		]);
		expect(request.body).toBeUndefined();
		expect(request.headers).toEqual({});
	});

	test('the table’s own samples are the page’s', () => {
		const { post_api_key: _, application_id: __, ...query } = page.samples.parameters.query;
		const rows = page.samples.body.records.map(({ application_id: ___, ...event }) => event);
		expect(importEvents.samples.map(({ event }) => event)).toEqual([query, ...rows]);
	});
});

const CHARS_101 = 'x'.repeat(101);
/** Per row: what is taken and what it becomes, and what is refused. */
const VALUES: Record<string, { takes: Array<[unknown, string]>; refuses: unknown[] }> = {
	profile_id: {
		takes: [
			['user-42', 'user-42'],
			[42, '42'],
			['007', '007'],
			[9007199254740993n, '9007199254740993'],
		],
		refuses: [true, {}, [], 1.5, 2 ** 53],
	},
	appmetrica_device_id: {
		takes: [
			['1', '1'],
			['18446744073709551615', '18446744073709551615'],
			[18446744073709551615n, '18446744073709551615'],
			[5, '5'],
		],
		refuses: [
			'0',
			'18446744073709551616',
			'-1',
			2 ** 63,
			1.5,
			true,
			'c0ffee00c0ffee00c0ffee00c0ffee00',
			'user',
			{},
		],
	},
	event_name: {
		takes: [
			['Покупка 🛒 "50%", it’s', 'Покупка 🛒 "50%", it’s'],
			[5, '5'],
		],
		refuses: ['', undefined, null, false, {}],
	},
	event_timestamp: {
		takes: [
			[SECONDS, String(SECONDS)],
			['1234567890', '1234567890'],
			['2026-11-22T12:00:00', String(SECONDS)],
			['2026-11-22T09:00:00Z', String(SECONDS)],
			[new Date(NOW), String(SECONDS)],
			[SECONDS + 0.7, String(SECONDS)],
		],
		refuses: [NOW, String(NOW), 'yesterday', 0, -5, true, {}, '', undefined],
	},
	event_json: {
		takes: [
			[{ sum: '10', item: { id: '7' } }, '{"sum":"10","item":{"id":"7"}}'],
			['{ "a": 1 }', '{"a":1}'],
			['{"id":\n12345678901234567890}', '{"id": 12345678901234567890}'],
			[{ text: 'a\nb' }, '{"text":"a\\nb"}'],
		],
		refuses: ['{', '[]', [], 5, true, { id: 2 ** 60 }],
	},
	session_type: {
		takes: [
			['foreground', 'foreground'],
			['background', 'background'],
		],
		refuses: ['Foreground', 'none', true, 1],
	},
	os_name: {
		takes: [
			['ios', 'ios'],
			['android', 'android'],
			['windows', 'windows'],
		],
		refuses: ['iOS', 'linux', {}],
	},
	device_type: {
		takes: ['phone', 'tablet', 'phablet', 'tv', 'desktop', 'unknown'].map((value): [string, string] => [
			value,
			value,
		]),
		refuses: ['watch', 0, true],
	},
	connection_type: {
		takes: [
			['wifi', 'wifi'],
			['cell', 'cell'],
			['unknown', 'unknown'],
		],
		refuses: ['5g', {}],
	},
	os_version: {
		takes: [
			['16.10', '16.10'],
			[16, '16'],
		],
		refuses: [16.1, true],
	},
	app_version_name: {
		takes: [
			['3.10.0', '3.10.0'],
			[3, '3'],
		],
		refuses: [3.1, {}],
	},
	mcc: {
		takes: [
			['250', '250'],
			[250, '250'],
			['052', '52'],
			[0, '0'],
		],
		refuses: [1000, -1, 2.5, 'x', true],
	},
	mnc: {
		takes: [
			['02', '2'],
			[2, '2'],
			['999', '999'],
		],
		refuses: ['1000', '0x1', {}],
	},
	device_ipv6: {
		takes: [
			['2a02:6b8::40c:6676:baff:fea6:53d8', '2a02:6b8::40c:6676:baff:fea6:53d8'],
			['::1', '::1'],
			['5.255.232.147', '::ffff:5.255.232.147'],
			['::ffff:5.255.232.147', '::ffff:5.255.232.147'],
		],
		refuses: [
			'2a02:6b8:: 40c',
			'256.1.1.1',
			'1.2.3',
			':::',
			'fe80::1%eth0',
			'5.255.232.147, 10.0.0.1',
			true,
			5,
			CHARS_101,
		],
	},
	...Object.fromEntries(
		[
			'ios_ifa',
			'ios_ifv',
			'google_aid',
			'windows_aid',
			'device_manufacturer',
			'device_model',
			'device_locale',
			'app_package_name',
			'operator_name',
		].map((name) => [
			name,
			{
				takes: [
					['МегаФон, "4G" +7', 'МегаФон, "4G" +7'],
					[7, '7'],
				] as Array<[unknown, string]>,
				refuses: [true, {}, [], 0.5, 2 ** 53],
			},
		]),
	),
};

describe('values', () => {
	const without = (name: string): Json => {
		if (name !== 'appmetrica_device_id') return least;
		const { profile_id: _, ...rest } = least;
		return rest;
	};

	test('each row of the table is here', () => {
		expect(Object.keys(VALUES).sort()).toEqual(importEvents.fields.map(({ wire }) => wire).sort());
	});

	describe.each(importEvents.fields.map(({ wire, example }) => [wire, example] as const))(
		'%s',
		(name, example) => {
			const { takes, refuses } = VALUES[name];

			test('takes what people have', () => {
				for (const [value, wire] of takes)
					expect([value, checked({ ...without(name), [name]: value })[name]]).toEqual([value, wire]);
				if (example !== undefined)
					expect(check({ ...without(name), [name]: example })).not.toHaveProperty('issues');
			});

			test('refuses the rest, with its label and its name', () => {
				for (const value of refuses) {
					const result = check({ ...without(name), [name]: value });
					const issues = 'issues' in result ? result.issues : [];
					expect([value, issues.map(({ field }) => field)]).toEqual([value, [name]]);
					expect(issues[0].message).toContain(`'${fieldOf(name)?.label}' (${name}) `);
				}
			});
		},
	);

	test('a hexadecimal device ID is the wrong ID, and is told so', () => {
		for (const id of ['c0ffee00c0ffee00c0ffee00c0ffee00', '0x1F', 'E621E1F8-C36C-495A-93FC-0C247A3E6E5F']) {
			const result = check({ ...without('appmetrica_device_id'), appmetrica_device_id: id });
			expect(result).toMatchObject({
				issues: [{ message: expect.stringMatching(/hexadecimal.*decimal hash/) }],
			});
			expect(JSON.stringify(result)).not.toContain(id);
		}
		expect(check({ ...without('x'), profile_id: '', appmetrica_device_id: 'user-42' })).toMatchObject({
			issues: [{ message: expect.not.stringContaining('hexadecimal') }],
		});
	});

	test('the age of an event', () => {
		const at = (seconds: number, days: number) => check({ ...least, event_timestamp: seconds }, days);
		expect(at(SECONDS - 7 * 86_400 + 3_601, 7)).not.toHaveProperty('issues');
		expect(at(SECONDS - 7 * 86_400 + 3_599, 7)).toMatchObject({ issues: [{ field: 'event_timestamp' }] });
		expect(at(SECONDS - 7 * 86_400, 14)).not.toHaveProperty('issues');
		expect(at(SECONDS + 299, 7)).not.toHaveProperty('issues');
		expect(at(SECONDS + 301, 7)).toMatchObject({ issues: [{ field: 'event_timestamp' }] });
		expect(at(1_234_567_890, 0)).not.toHaveProperty('issues');
	});

	test('names that the page does not have are left out, and told', () => {
		const result = check({ ...least, device_modell: 'x', ifa: '' });
		expect(result).toMatchObject({ event: least });
		expect([...result.leftOut.names]).toEqual([['device_modell', 'device_model']]);
	});
});

describe('IPv6 addresses are those that Node.js knows', () => {
	const agree = (text: string) => expect([text, IPV6_ADDRESS.test(text)]).toEqual([text, isIPv6(text)]);

	test('well-formed ones', () => {
		fc.assert(fc.property(fc.ipV6(), agree), { numRuns: 500 });
		fc.assert(fc.property(fc.ipV4(), (text) => agree(asIpv6(text))));
	});

	test('whatever is put together of groups and colons', () => {
		const piece = fc.constantFrom(
			':',
			'::',
			':',
			'0',
			'ffff',
			'12345',
			'g',
			'1.2.3.4',
			'1.2.3.256',
			'01.2.3.4',
			'.',
		);
		fc.assert(
			fc.property(
				fc.array(piece, { maxLength: 17 }).map((pieces) => pieces.join('')),
				agree,
			),
			{ numRuns: 5_000 },
		);
		const groups = fc.array(fc.constantFrom('0', 'ab', 'FFFF', ''), { maxLength: 10 });
		fc.assert(
			fc.property(groups, fc.constantFrom('', ':1.2.3.4', '::'), (list, tail) =>
				agree(list.join(':') + tail),
			),
			{ numRuns: 5_000 },
		);
	});
});

describe('CSV', () => {
	const row = async (event: Json) => (await bodies([{ ...least, ...event }]))[0].split('\n')[1];

	test.each([
		['Покупка', 'Покупка'],
		['🛒', '🛒'],
		['a+b', 'a+b'],
		["it's; fine", "it's; fine"],
		['a,b', '"a,b"'],
		['say "hi"', '"say ""hi"""'],
		['"', '""""'],
		[' a', '" a"'],
		['a ', '"a "'],
		[' ', '" "'],
		['=1+1', '=1+1'],
		['a b', 'a b'],
	])('%j is written %s', async (name, cell) => {
		expect(await row({ event_name: name })).toBe(`1111,user-42,${cell},${SECONDS}`);
	});

	test('starts with the header, without a mark, and ends each row with LF alone', async () => {
		const [body] = await bodies([least, least]);
		expect(body).toBe(
			`application_id,profile_id,event_name,event_timestamp\n1111,user-42,order_paid,${SECONDS}\n1111,user-42,order_paid,${SECONDS}\n`,
		);
	});

	test('ids of 64 bits stay as they were', async () => {
		const { profile_id: _, ...rest } = least;
		const event = checked({ ...rest, appmetrica_device_id: '18446744073709551615' });
		expect(await bodies([event])).toEqual([
			`application_id,appmetrica_device_id,event_name,event_timestamp\n1111,18446744073709551615,order_paid,${SECONDS}\n`,
		]);
	});

	test.each([['a\nb'], ['a\rb'], ['\t'], ['\u0000'], ['\u007f'], ['\u0085'], ['\ud800'], ['a\udc00b']])(
		'%j in a cell is refused',
		(text) => {
			const encoded = importEvents.batch.encode(
				{ ...least, operator_name: text },
				{ baseUrl: '', app: '1111', account: {} },
			);
			expect(encoded).toEqual({
				fault: {
					field: 'operator_name',
					message: expect.stringMatching(/^'Mobile Operator' \(operator_name\) holds /),
				},
			});
		},
	);

	test('line breaks inside attributes are JSON’s own and pass', async () => {
		const event = checked({ ...least, event_json: { text: 'a\nb\ud800' } });
		expect(await row(event)).toBe(String.raw`1111,user-42,order_paid,${SECONDS},"{""text"":""a\nb\ud800""}"`);
	});

	const cell = fc.oneof(
		fc.string({ unit: 'binary' }),
		fc.string({ unit: fc.constantFrom('"', ',', ' ', 'Ж', '🛒', '+', "'", 'a') }),
	);
	const events = fc.array(
		fc.record(
			{
				profile_id: cell,
				event_name: cell,
				operator_name: cell,
				event_json: cell,
				event_timestamp: fc.constant('1'),
			},
			{ requiredKeys: ['event_name', 'event_timestamp'] },
		),
		{ minLength: 1, maxLength: 8 },
	);

	test('what is written is what csv-parse reads; everything else is refused', async () => {
		await fc.assert(
			fc.asyncProperty(events, async (list) => {
				const target = { baseUrl: '', app: '1111', account: {} };
				const carried = list.filter((event) => {
					const texts = Object.values(event);
					const fits = !texts.some((text) => /\p{Cc}/u.test(text) || hasLoneSurrogate(text));
					expect('fault' in importEvents.batch.encode(event, target)).toBe(!fits);
					return fits;
				});
				const read = (await bodies(carried)).flatMap((body) => {
					expect(body.endsWith('\n')).toBe(true);
					return parse(body, { columns: true, record_delimiter: '\n' }) as Json[];
				});
				const filled = carried.map((event) => ({
					application_id: '1111',
					...Object.fromEntries(Object.entries(event).filter(([, text]) => text !== '')),
				}));
				const sorted = (records: Json[]) =>
					records.map((record) => JSON.stringify(record, Object.keys(record).sort())).sort();
				expect(sorted(read)).toEqual(sorted(filled));
				for (const record of read) expect(Object.values(record)).not.toContain('');
			}),
			{ numRuns: 300 },
		);
	});
});

describe('query', () => {
	test('everything is percent-encoded as the sample is, and nothing changes on the way', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.string({ unit: 'grapheme', minLength: 1 }),
				fc.string({ minLength: 1 }),
				async (name, profile) => {
					fc.pre(!hasLoneSurrogate(name + profile));
					const query = await queryOf({ ...least, event_name: name, profile_id: profile });
					expect(new URL(`${BASE}/?${query}`).search).toBe(`?${query}`);
					const read = Object.fromEntries(
						query.split('&').map((pair) => pair.split('=').map(decodeURIComponent)),
					);
					expect(read).toEqual({
						post_api_key: KEY,
						application_id: '1111',
						...least,
						event_name: name,
						profile_id: profile,
					});
				},
			),
			{ numRuns: 300 },
		);
	});

	test('a space is %20, a plus %2B, an apostrophe %27, a line break passes', async () => {
		expect(await queryOf({ ...least, event_name: "a b+c'd\n" })).toContain('&event_name=a%20b%2Bc%27d%0A&');
	});

	test('a lone surrogate is refused', () => {
		const encoded = importEvents.single.encode(
			{ ...least, event_name: 'a\ud83d' },
			{ baseUrl: '', app: '1', account: {} },
		);
		expect(encoded).toMatchObject({ fault: { field: 'event_name' } });
	});
});

describe('who shares a request', () => {
	const { profile_id: _, ...nobody } = least;
	const device = { ...nobody, appmetrica_device_id: '7' };

	test('events with the same columns, in input order; ids never mix; no cell is empty', async () => {
		const rows = [
			least,
			device,
			{ ...least, mcc: '250' },
			{ ...least, profile_id: 'b' },
			{ ...device, mcc: '250' },
			{ mcc: '1', ...least },
		];
		const batches = batchesOf('batch', rows);
		expect(batches.map(({ items }) => items.map(({ index }) => index))).toEqual([[0, 3], [1], [2, 5], [4]]);
		for (const body of await bodies(rows)) {
			const header = body.split('\n')[0].split(',');
			expect(header.includes('profile_id')).not.toBe(header.includes('appmetrica_device_id'));
			for (const record of parse(body) as string[][]) expect(record).not.toContain('');
		}
	});

	test('one app per file', async () => {
		const batches = batchesOf('batch', [least, least, least], ['1111', '2222', '1111']);
		expect(batches.map(({ items }) => items.map(({ index }) => index))).toEqual([[0, 2], [1]]);
		expect(
			(await bodies([least, least], ['1111', '2222'])).map((body) => body.split('\n')[1].split(',')[0]),
		).toEqual(['1111', '2222']);
	});

	test('100,000 events fit into one file, measured to the byte', () => {
		const events = Array.from({ length: 100_000 }, (_row, at) => ({
			...least,
			profile_id: `user-${at}`,
			event_json: '{"a":"б"}',
		}));
		const batches = batchesOf('batch', events);
		expect(batches.map(({ items }) => items.length)).toEqual([100_000]);
		const target = { baseUrl: BASE, app: '1111', account: {} };
		const request = buildRequest(batches[0], importEvents.batch, target, () => 0);
		expect(request.body?.length).toBe(batches[0].bytes);
	});

	test('every set of columns is a group of its own', () => {
		const optional = importEvents.fields.map(({ wire }) => wire);
		fc.assert(
			fc.property(fc.subarray(optional), fc.subarray(optional), (one, other) => {
				const groupOf = (names: string[]) => {
					const encoded = importEvents.batch.encode(Object.fromEntries(names.map((name) => [name, 'x'])), {
						baseUrl: '',
						app: '1',
						account: {},
					});
					return 'batchKey' in encoded ? encoded.batchKey : undefined;
				};
				expect(groupOf(one) === groupOf(other)).toBe(one.join() === other.join());
			}),
		);
	});
});

describe('answers', () => {
	const verdict = (status: number, text: string, headers = {}) =>
		judge(readResponse(status, headers, text), importEvents.responses, BASE).is;

	test.each([
		[200, 'Your data has been uploaded.', 'accepted'],
		[200, ' Your data has been uploaded.\r\n', 'accepted'],
		[200, 'Your data has been uploaded', 'unconfirmed'],
		[200, 'OK', 'unconfirmed'],
		[200, '', 'unconfirmed'],
		[202, 'Your data has been uploaded.', 'unconfirmed'],
		[204, '', 'unconfirmed'],
		[200, '<html>Your data has been uploaded.</html>', 'maybeStored'],
		[302, '', 'doorShut'],
		[400, 'One or more required parameters were missing in the request.', 'refused'],
		[422, '', 'refused'],
		[401, '', 'doorShut'],
		[403, '', 'doorShut'],
		[404, '', 'doorShut'],
		[405, '', 'doorShut'],
		[413, '', 'tooLarge'],
		[414, '', 'tooLarge'],
		[420, '', 'notStored'],
		[429, '', 'notStored'],
		[500, '', 'notStored'],
		[501, '', 'notStored'],
		[504, '<html>', 'notStored'],
	])('%i %j is %s', (status, text, is) => expect(verdict(status, text)).toBe(is));

	test('the page’s codes each have their advice', () => {
		for (const { status } of page.answers.filter(({ status: code }) => code !== 200)) {
			expect(importEvents.responses.advice[status]).toEqual(expect.any(String));
		}
		expect(importEvents.responses.advice[403]).toMatch(/SDK/);
	});
});

describe('the key', () => {
	const options = (url: string): IHttpRequestOptions => ({ method: 'POST', url, headers: {} });
	const signed = async (url: string, key = 'K') =>
		(await authenticate({ postApiKey: key }, options(url))).url;

	test('comes first in the query and leaves the rest as it is', async () => {
		expect(await signed('https://a/events?x=%2B%27')).toBe('https://a/events?post_api_key=K&x=%2B%27');
		expect(await signed('https://a/events.csv')).toBe('https://a/events.csv?post_api_key=K');
		expect(await signed('https://a/events?')).toBe('https://a/events?post_api_key=K');
		expect(await signed('/logs?application_id=1', ' a b&c ')).toBe(
			'/logs?post_api_key=a%20b%26c&application_id=1',
		);
	});

	test('is not put there twice, and what was given is not changed', async () => {
		const given = options('https://a/events?x=1');
		const once = await authenticate({ postApiKey: 'K' }, given);
		expect(given).toEqual(options('https://a/events?x=1'));
		expect(await authenticate({ postApiKey: 'K' }, once)).toEqual(once);
		expect(await signed('https://a/events?x=post_api_key%3D')).toBe(
			'https://a/events?post_api_key=K&x=post_api_key%3D',
		);
	});

	test('reaches the request of n8n’s HTTP Request node, too', async () => {
		const legacy = { uri: 'https://a/x', method: 'POST' } as unknown as IHttpRequestOptions;
		expect(await authenticate({ postApiKey: 'K' }, legacy)).toEqual({
			uri: 'https://a/x?post_api_key=K',
			method: 'POST',
		});
	});
});

/** The node and its credential as a built package, so that n8n's own loader takes them. */
function writePack(): { directory: string; remove: () => void } {
	const root = join(__dirname, '..', '..', '..');
	const directory = mkdtempSync(join(tmpdir(), 'appmetrica-pack-'));
	const write = (path: string, text: string | Buffer) => {
		mkdirSync(dirname(join(directory, path)), { recursive: true });
		writeFileSync(join(directory, path), text);
	};
	const sources = (folder: string): string[] =>
		readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
			.filter((name) => name.endsWith('.ts'))
			.map((name) => join(folder, name));
	for (const path of [
		...sources('nodes/engine'),
		...sources('nodes/AppMetrica'),
		'credentials/AppMetricaApi.credentials.ts',
	]) {
		const { code } = transformSync(readFileSync(join(root, path), 'utf8'), {
			filename: path,
			swcrc: false,
			jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
			module: { type: 'commonjs' },
		});
		write(join('dist', path.replace(/\.ts$/, '.js')), code);
	}
	for (const name of ['appmetrica.svg', 'appmetrica.dark.svg'])
		write(join('dist/icons', name), readFileSync(join(root, 'icons', name)));
	write(
		'package.json',
		JSON.stringify({
			name: 'n8n-nodes-server-events',
			version: '0.0.0',
			n8n: {
				n8nNodesApiVersion: 1,
				nodes: ['dist/nodes/AppMetrica/AppMetricaImportEvents/AppMetricaImportEvents.node.js'],
				credentials: ['dist/credentials/AppMetricaApi.credentials.js'],
			},
		}),
	);
	symlinkSync(join(root, 'node_modules'), join(directory, 'node_modules'), 'junction');
	return { directory, remove: () => rmSync(directory, { recursive: true, force: true }) };
}

describe('on n8n’s engine, against the sandbox', () => {
	const built = writePack();
	let engine: Engine;
	let sandbox: Sandbox;

	beforeAll(async () => {
		engine = await createEngine({ packageDirectory: built.directory });
		sandbox = await startSandbox();
	}, 60_000);
	beforeEach(() => {
		sandbox.reset();
		sandbox.faults.clear();
	});
	afterAll(async () => {
		await engine.close();
		await sandbox.close();
		built.remove();
	});

	interface Given {
		parameters?: INodeParameters;
		node?: Partial<INode>;
		credential?: Partial<ICredentialDataDecryptedObject>;
	}

	async function run(
		items: IDataObject[],
		{ parameters = {}, node = { onError: 'continueRegularOutput' }, credential = {} }: Given = {},
	): Promise<RunResult> {
		const appMetricaApi = {
			...sandbox.credentials.appMetricaApi,
			...credential,
		} as ICredentialDataDecryptedObject;
		const workflow = singleNodeWorkflow({
			type: 'n8n-nodes-server-events.appMetricaImportEvents',
			parameters: { mappingMode: 'autoMapInputData', ...parameters },
			credentialType: 'appMetricaApi',
			node,
		});
		const result = await engine.run(workflow, { items: { Items: items }, credentials: { appMetricaApi } });
		const seen = JSON.stringify([
			result.nodeOutputs('Node'),
			result.log,
			result.hints('Node'),
			result.error()?.message,
			result.error()?.description,
			result.contextData,
		]);
		expect(seen).not.toContain(String(appMetricaApi.postApiKey).trim());
		return result;
	}

	const output = (result: RunResult, at = 0) =>
		(result.nodeOutputs('Node')[at] ?? []).map(({ json }) => json);
	const statuses = (result: RunResult) => output(result).map((json) => (json.delivery as IDataObject).status);
	const stored = () => sandbox.stored('appMetrica').map(({ event }) => event);
	const minute = () => Math.floor(Date.now() / 1000) - 60;
	const one = (more: IDataObject = {}): IDataObject => ({
		profile_id: 'user-42',
		event_name: 'order_paid',
		timestamp: minute(),
		...more,
	});

	test('batch: a file per set of columns, each item paired with its own', async () => {
		const names = ['Покупка 🛒', 'a,"b"', '+', ' x '];
		const items = names.map((name, at) =>
			one({ event_name: name, ...(at % 2 ? { device_ipv6: '5.255.232.147' } : {}) }),
		);
		const result = await run(items);
		expect(result.status).toBe('success');
		expect(statuses(result)).toEqual(['accepted', 'accepted', 'accepted', 'accepted']);
		expect(output(result).map(({ delivery }) => (delivery as IDataObject).method)).toEqual(
			names.map(() => 'events.csv'),
		);
		expect(output(result).map(({ delivery }) => (delivery as IDataObject).request)).toEqual([1, 2, 1, 2]);
		expect(result.nodeOutputs('Node')[0].map(({ pairedItem }) => pairedItem)).toEqual(
			[0, 1, 2, 3].map((item) => ({ item })),
		);
		expect(output(result).map(({ event }) => (event as IDataObject).event_name)).toEqual(names);
		expect(output(result)[0].event).not.toHaveProperty('application_id');
		expect(sandbox.requests).toHaveLength(2);
		expect(stored().map((event) => event.event_name)).toEqual([names[0], names[2], names[1], names[3]]);
		expect(stored()[3]).toMatchObject({ device_ipv6: '::ffff:5.255.232.147', application_id: '1111' });
		expect(sandbox.requests[0].headers).toMatchObject({ 'content-type': 'text/csv; charset=UTF-8' });
		expect(sandbox.requests[0].headers).not.toHaveProperty('authorization');
	});

	test('single: all in the query, no body', async () => {
		const result = await run([one({ event_name: "a b+'\n", event_json: { a: 'б' } })], {
			parameters: { sendAs: 'single' },
		});
		expect(statuses(result)).toEqual(['accepted']);
		expect(output(result)[0]).toMatchObject({
			delivery: { method: 'events', httpStatus: 200 },
			response: { text: 'Your data has been uploaded.' },
		});
		expect(stored()).toMatchObject([{ event_name: "a b+'\n", event_json: '{"a":"б"}' }]);
		expect(sandbox.requests[0]).toMatchObject({ bodyBytes: 0 });
		expect(sandbox.requests[0].headers).not.toHaveProperty('content-type');
		expect(sandbox.requests[0].url).toMatch(/\/events\?post_api_key=\w+&application_id=1111&profile_id=/);
	});

	test('the vendor’s own CSV sample is taken as it stands', async () => {
		const items = page.samples.body.records.map(({ application_id: _, ...event }) => event);
		const result = await run(items, { parameters: { options: { maxAgeDays: 0 } } });
		expect(statuses(result)).toEqual(['accepted', 'accepted']);
		expect(stored()).toEqual(page.samples.body.records);
	});

	test('fields mapped in the form, another app by expression', async () => {
		const parameters: INodeParameters = {
			mappingMode: 'defineBelow',
			appmetrica_device_id: '={{ $json.id }}',
			event_name: 'order_paid',
			event_timestamp: '={{ $json.at }}',
			session_type: 'foreground',
			event_json: '={{ { sum: $json.sum } }}',
			device: { os_version: '16.10', mnc: '02' },
			options: { applicationId: '={{ $json.app }}' },
		};
		const items = [
			{ id: '18446744073709551615', at: minute(), sum: '10', app: '1111' },
			{ id: '9876543210123456789', at: new Date().toISOString(), sum: '25', app: 2222 },
			{ id: 'c0ffee', at: minute(), sum: '1', app: '1111' },
			{ id: '5', at: minute(), sum: '1', app: 'x' },
		];
		const result = await run(items, { parameters });
		expect(statuses(result)).toEqual(['accepted', 'accepted', 'invalid', 'invalid']);
		expect(stored()).toMatchObject([
			{
				application_id: '1111',
				appmetrica_device_id: '18446744073709551615',
				os_version: '16.10',
				mnc: '2',
				event_json: '{"sum":"10"}',
				session_type: 'foreground',
			},
			{ application_id: '2222', appmetrica_device_id: '9876543210123456789' },
		]);
		expect(output(result)[2]).toMatchObject({ delivery: { issues: [{ field: 'appmetrica_device_id' }] } });
		expect(output(result)[3]).toMatchObject({ delivery: { issues: [{ field: 'applicationId' }] } });
	});

	test('a control character is invalid in a file and carried by the query', async () => {
		const items = [one({ event_name: 'a\tb' }), one()];
		expect(statuses(await run(items))).toEqual(['invalid', 'accepted']);
		expect(statuses(await run(items, { parameters: { sendAs: 'single' } }))).toEqual([
			'accepted',
			'accepted',
		]);
	});

	test('a refused batch fails as a whole and is not sent again', async () => {
		const result = await run([one(), one({ profile_id: 'sandbox-refuse' }), one()]);
		expect(statuses(result)).toEqual(['batchRejected', 'batchRejected', 'batchRejected']);
		expect(output(result)[0]).toMatchObject({ delivery: { items: '0-2', httpStatus: 400 } });
		expect(sandbox.requests).toHaveLength(1);
		const single = await run([one(), one({ profile_id: 'sandbox-refuse' })], {
			parameters: { sendAs: 'single' },
		});
		expect(statuses(single)).toEqual(['accepted', 'rejected']);
		expect(output(single)[1]).toMatchObject({
			delivery: { message: expect.stringMatching(/refused this event with status 400; AppMetrica misses/) },
		});
	});

	test('a wrong key shuts the door and is seen nowhere', async () => {
		const result = await run([one(), one({ mcc: '250' })], { credential: { postApiKey: ' wrong key ' } });
		expect(statuses(result)).toEqual(['notAttempted', 'notAttempted']);
		expect(sandbox.requests).toHaveLength(1);
		expect(output(result)[1]).toMatchObject({
			delivery: { httpStatus: 403, message: expect.stringContaining('Post API Key') },
		});
		const stopped = await run([one()], { node: {}, credential: { postApiKey: 'wrong key' } });
		expect(stopped.status).toBe('error');
	});

	test('an answer that repeats the whole address is masked', async () => {
		sandbox.faults.next(({ url }) => ({
			status: 202,
			body: `queued ${url}`,
			headers: { 'content-type': 'text/plain' },
		}));
		const postApiKey = 'k é y+/=';
		const result = await run([one()], { parameters: { sendAs: 'single' }, credential: { postApiKey } });
		expect(statuses(result)).toEqual(['unconfirmed']);
		const { text } = output(result)[0].response as { text: string };
		expect(text).toMatch(/^queued .*post_api_key=\*\*\*&/);
		expect(decodeURIComponent(text)).not.toContain(postApiKey);
	});

	test('5xx are repeated, an unclear end is not', async () => {
		sandbox.faults.push({ status: 503, headers: { 'retry-after': '0' } });
		expect(output(await run([one()]))[0]).toMatchObject({ delivery: { status: 'accepted', attempts: 2 } });
		sandbox.reset();
		sandbox.faults.push({ reset: 'afterStoring' });
		expect(output(await run([one()]))[0]).toMatchObject({ delivery: { status: 'unknown', attempts: 1 } });
		expect(stored()).toHaveLength(1);
	});

	test('a preview shows the request without the key', async () => {
		for (const sendAs of ['single', 'batch']) {
			const [{ request }] = output(
				await run([one()], { parameters: { sendAs, options: { preview: true } } }),
			) as Array<{ request: IDataObject }>;
			expect(request.url).toMatch(/events(\.csv)?\?post_api_key=\*\*\*(&|$)/);
			expect(request.bytes).toBeGreaterThan(0);
		}
		expect(sandbox.requests).toHaveLength(0);
	});

	test('20,000 events in the least number of requests', async () => {
		const items = Array.from({ length: 20_000 }, (_, at) => one({ profile_id: `user-${at}` }));
		const result = await run(items);
		expect(sandbox.requests).toHaveLength(2);
		expect(new Set(statuses(result))).toEqual(new Set(['accepted']));
	}, 60_000);

	/**
	 * What n8n 2.41 makes of a credential's declarative test (CredentialsTester.runRequestTest), with its own routing:
	 * what does not throw is a success; rules word what throws.
	 */
	async function testCredential(
		type: ICredentialType,
		data: ICredentialDataDecryptedObject,
	): Promise<{ status: string; message: string }> {
		const core = await import('n8n-core');
		const n8n = await import('n8n-workflow');
		const credentialTest = type.test as ICredentialTestRequest;
		const description = {
			...engine.nodeTypes['n8n-nodes-base.noOp'].description,
			credentials: [{ name: type.name, required: true }],
			properties: [
				{
					displayName: 'Temp',
					name: 'temp',
					type: 'string' as const,
					default: '',
					routing: { request: credentialTest.request },
				},
			],
		};
		const nodeType = { description };
		const node: INode = {
			id: 'temp',
			name: 'Temp-Node',
			type: 'noOp',
			typeVersion: 1,
			position: [0, 0],
			parameters: {},
			credentials: { [type.name]: { id: '1', name: 'x' } },
		};
		const workflow = new n8n.Workflow({
			nodes: [node],
			connections: {},
			active: false,
			nodeTypes: {
				getByName: () => nodeType,
				getByNameAndVersion: () => nodeType,
				getKnownTypes: () => ({}),
			},
		});
		const additionalData = {
			credentialsHelper: {
				getParentTypes: () => [],
				preAuthentication: async () => undefined,
				getDecrypted: async () => data,
				authenticate: async (
					credentials: ICredentialDataDecryptedObject,
					_name: string,
					options: IHttpRequestOptions,
				) => await (type.authenticate as typeof authenticate)(credentials, options),
			},
		};
		const executeData = { node, data: {}, source: null };
		const context = new core.ExecuteContext(
			workflow,
			node,
			additionalData as never,
			'internal',
			n8n.createEmptyRunExecutionData(),
			0,
			[],
			{ main: [[{ json: {} }]] },
			executeData,
			[],
		);
		try {
			await new core.RoutingNode(context, nodeType as never, {
				id: '1',
				name: 'x',
				type: type.name,
				data,
			}).runNode();
			return { status: 'OK', message: 'Connection successful!' };
		} catch (error) {
			const { cause, message } = error as {
				cause?: { code?: string; response?: { status: number; statusText: string } };
				message: string;
			};
			if (!cause?.response) return { status: 'Error', message: cause?.code ?? message };
			const { status, statusText } = cause.response;
			const worded = (credentialTest.rules ?? []).find(
				(rule) => rule.type === 'responseCode' && rule.properties.value === status,
			);
			return {
				status: 'Error',
				message: worded?.properties.message ?? (statusText || `Received HTTP status code: ${status}`),
			};
		}
	}

	describe('the credential’s test', () => {
		const judged = async (data: Partial<ICredentialDataDecryptedObject> = {}) =>
			await testCredential(new AppMetricaApi(), {
				...sandbox.credentials.appMetricaApi,
				...data,
			} as ICredentialDataDecryptedObject);

		test('the sandbox does not refuse a good key, and stores nothing', async () => {
			expect(
				await judged({
					baseUrl: ` ${sandbox.credentials.appMetricaApi.baseUrl}// `,
					applicationId: ' 1111 ',
					postApiKey: ` ${KEY} `,
				}),
			).toMatchObject({ status: 'OK' });
			expect(
				sandbox.requests.map(({ method, url, status, stored: events }) => [method, url, status, events]),
			).toEqual([
				['POST', `/appmetrica/logs/v1/import/events?post_api_key=${KEY}&application_id=1111`, 400, 0],
			]);
			expect(sandbox.requests[0].headers).not.toHaveProperty('content-type');
		});

		test('a wrong key is refused in plain words', async () => {
			expect(await judged({ postApiKey: 'wrong' })).toEqual({
				status: 'Error',
				message: expect.stringMatching(/refused the key \(403\).*SDK/),
			});
		});

		test.each([
			[400, 'OK', /./],
			[422, 'OK', /./],
			[200, 'Error', /could not be checked.*\(200\)/],
			[401, 'Error', /refused the key \(401\)/],
			[403, 'Error', /refused the key \(403\)/],
			[404, 'Error', /could not be checked.*\(404\)/],
			[405, 'Error', /could not be checked.*\(405\)/],
			[429, 'Error', /./],
			[500, 'Error', /./],
			[503, 'Error', /./],
		])('%i: %s', async (status, is, says) => {
			sandbox.faults.always(() => ({ status, body: '' }));
			expect(await judged()).toEqual({ status: is, message: expect.stringMatching(says) });
		});

		test('a redirect is not followed', async () => {
			sandbox.faults.push({ redirect: 'http://127.0.0.1:9/elsewhere' });
			expect(await judged()).toEqual({
				status: 'Error',
				message: expect.stringMatching(/redirects elsewhere \(302\)/),
			});
			expect(sandbox.requests).toHaveLength(1);
		});

		test('says beforehand what it cannot tell', () => {
			const notice = new AppMetricaApi().properties.find(({ type }) => type === 'notice');
			expect(notice?.displayName).toMatch(/only that the key was not refused/);
		});
	});
});
