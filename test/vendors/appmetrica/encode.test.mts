import { describe, expect, test } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import type { IHttpRequestOptions } from 'n8n-workflow';

import { authenticate } from '../../../nodes/AppMetrica/credential.ts';
import { importEvents } from '../../../nodes/AppMetrica/importEvents.ts';
import { classifyResponse, readResponse } from '../../../nodes/engine/delivery/response.ts';
import { buildRequest } from '../../../nodes/engine/delivery/request.ts';
import { pack, type Batch, type Prepared } from '../../../nodes/engine/delivery/pack.ts';
import type { HttpRequest, Json } from '../../../nodes/engine/operation/operation.ts';
import { hasLoneSurrogate } from '../../../nodes/engine/check/text.ts';
import page from '../../pages/appmetrica.json';
import { SECONDS, KEY, least, checked } from './support.mts';
import { destination } from '../../support/fakeVendor.mts';

const BASE = 'https://api.appmetrica.yandex.ru';

/** Encodes and packs as a run does. */
function batchesOf(sendAs: 'single' | 'batch', events: Json[], apps: string[] = []): Batch[] {
	const form = importEvents[sendAs];
	const prepared = events.map((event, index): Prepared => {
		const applicationId = apps[index] ?? '1111';
		const target = destination({ applicationId }, { baseUrl: BASE, id: applicationId });
		const encoded = form.encode(event, target);
		if ('fault' in encoded) throw new Error(encoded.fault.message);
		return {
			...encoded,
			batchKey: `${target.id}\n${encoded.batchKey}`,
			index,
			event,
			target,
			bytes: Buffer.byteLength(encoded.text),
		};
	});
	const limits = {
		maxEvents: sendAs === 'single' ? 1 : importEvents.defaults.batchSize.max,
		maxBytes: form.limit?.bytes ?? Infinity,
	};
	return pack(prepared, limits, (item) => form.envelope(item.event, item.target)).batches;
}

async function requestsOf(
	sendAs: 'single' | 'batch',
	events: Json[],
	apps?: string[],
): Promise<HttpRequest[]> {
	return await Promise.all(
		batchesOf(sendAs, events, apps).map(async (batch) => {
			const request = buildRequest(batch, importEvents[sendAs], () => 0);
			const { method, url, headers } = request;
			const options = await authenticate({ postApiKey: KEY }, { method, url, headers });
			return { ...request, url: options.url };
		}),
	);
}

const bodies = async (events: Json[], apps?: string[]) =>
	(await requestsOf('batch', events, apps)).map(({ body }) => String(body));
const queryOf = async (event: Json) => (await requestsOf('single', [event]))[0].url.split('?')[1];

test.each([9_990, 20_000])('a text of about %i characters is quoted like a short one', async (length) => {
	const event_name = 'é"ж, 😀"'.repeat(Math.ceil(length / 8));
	const [body] = await bodies([{ ...least, event_name }]);
	const [row] = parse(body ?? '', { columns: true, record_delimiter: '\n' }) as Array<{ event_name: string }>;
	expect(row?.event_name).toBe(event_name);
	expect(body).toContain(`"${event_name.replaceAll('"', '""')}"`);
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
				{ baseUrl: '', account: { applicationId: '1111' } },
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
				const target = { baseUrl: '', account: { applicationId: '1111' } };
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
			{ baseUrl: '', account: { applicationId: '1' } },
		);
		expect(encoded).toMatchObject({ fault: { field: 'event_name' } });
	});
});

describe('which events share a request', () => {
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
		const request = buildRequest(batches[0], importEvents.batch, () => 0);
		expect(request.body?.length).toBe(batches[0].bytes);
	});

	test('every set of columns is a group of its own', () => {
		const optional = importEvents.fields.map(({ wire }) => wire);
		fc.assert(
			fc.property(fc.subarray(optional), fc.subarray(optional), (one, other) => {
				const groupOf = (names: string[]) => {
					const encoded = importEvents.batch.encode(Object.fromEntries(names.map((name) => [name, 'x'])), {
						baseUrl: '',
						account: { applicationId: '1' },
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
		classifyResponse(readResponse(status, headers, text), importEvents.responses, 'AppMetrica', BASE).kind;

	test.each([
		[200, 'Your data has been uploaded.', 'accepted'],
		[200, ' Your data has been uploaded.\r\n', 'accepted'],
		[200, 'OK', 'accepted'],
		[200, '', 'accepted'],
		[200, '{"ok":true}', 'accepted'],
		[200, '{"errors":[{"message":"x"}]}', 'unconfirmed'],
		[200, '{"success":false}', 'unconfirmed'],
		[202, 'Your data has been uploaded.', 'unconfirmed'],
		[204, '', 'unconfirmed'],
		[200, '<html>Your data has been uploaded.</html>', 'maybeStored'],
		[302, '', 'fatal'],
		[400, 'One or more required parameters were missing in the request.', 'rejected'],
		[422, '', 'rejected'],
		[401, '', 'fatal'],
		[403, '', 'fatal'],
		[404, '', 'fatal'],
		[405, '', 'fatal'],
		[413, '', 'tooLarge'],
		[414, '', 'tooLarge'],
		[420, '', 'notStored'],
		[429, '', 'notStored'],
		[503, '', 'notStored'],
		[500, '', 'maybeStored'],
		[501, '', 'maybeStored'],
		[502, '', 'maybeStored'],
		[504, '<html>', 'maybeStored'],
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
