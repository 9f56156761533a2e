/** The tables of the further methods against the pages and the vendor's client, both ways. */
import { describe, expect, test } from '@jest/globals';

import { pack, type Prepared } from '../../../nodes/engine/delivery/pack.ts';
import { buildRequest } from '../../../nodes/engine/delivery/request.ts';
import { methodsOf } from '../../../nodes/engine/prepare.ts';
import type { Field, Json } from '../../../nodes/engine/operation/operation.ts';
import { destination } from '../../support/fakeVendor.mts';
import page from '../../pages/mytracker-more.json';
import { check, checked, fieldsOf, named, type Method, type PageRow } from './payments.mts';

const KINDS: Record<string, string[]> = {
	string: ['text', 'choice'],
	String: ['text'],
	int: ['integer', 'choice', 'time'],
	float: ['decimal'],
	Number: ['decimal'],
	Integer: ['integer'],
	'text holding a number': ['decimal'],
	'array of objects': ['list'],
};

/** `items[].price` is the row `price` of the list `items`. */
function fieldAt(fields: readonly Field[], path: string): Field | undefined {
	const [name, inner] = path.split('[].');
	const field = fields.find(({ wire }) => wire === name);
	if (inner === undefined) return field;
	return field?.type.kind === 'list' ? fieldAt(field.type.of, inner) : undefined;
}

const pathsOf = (fields: readonly Field[]): string[] =>
	fields.flatMap(({ wire, type }) => [
		wire,
		...(type.kind === 'list' ? type.of.map((inner) => `${wire}[].${inner.wire}`) : []),
	]);

/** What our row says, in the words of the page's row; a bound that only we set is left out. */
function inPageWords({ type, vendorDefault }: Field, row: PageRow): Partial<PageRow> {
	const said: Partial<PageRow> = {};
	switch (type.kind) {
		case 'text':
			if (row.lengthUnit === 'bytes' && type.maxBytes !== undefined)
				said[row.length === undefined ? 'maxLength' : 'length'] = type.maxBytes;
			else {
				if (type.length !== undefined) said.length = type.length;
				if (type.max !== undefined) said.maxLength = type.max;
			}
			break;
		case 'integer':
			if (type.max !== undefined) said.max = Number(type.max);
			if (type.min !== undefined && row.exclusiveMin !== undefined) said.exclusiveMin = Number(type.min) - 1;
			break;
		case 'decimal':
			if (type.min !== undefined && row.min !== undefined) said.min = type.min;
			if (type.above !== undefined) said.exclusiveMin = type.above;
			if (type.max !== undefined) said.max = type.max;
			if (type.places !== undefined) said.decimals = type.places.after;
			break;
		case 'time':
			if (row.min !== undefined) Object.assign(said, { min: type.min, max: type.max });
			// No time is taken before the year 2000.
			if (row.exclusiveMin === 0) said.exclusiveMin = 0;
			break;
		case 'choice':
			said.values = type.values.map(({ value }) => ({ value }));
			break;
		default:
			break;
	}
	if ('as' in type && ['number', 'millisNumber', 'secondsNumber'].includes(String(type.as)))
		said.wireType = 'number';
	// The page words the default of a time; ours is the same in other words.
	if (vendorDefault !== undefined) said.default = type.kind === 'time' ? row.default : vendorDefault;
	return said;
}

function asCompared(row: PageRow): Partial<PageRow> {
	const compared: Partial<PageRow> = {};
	for (const name of ['maxLength', 'length', 'max', 'exclusiveMin', 'decimals', 'wireType'] as const)
		if (row[name] !== undefined) Object.assign(compared, { [name]: row[name] });
	if (row.min !== undefined) compared.min = row.min;
	if (row.values) compared.values = row.values.map(({ value }) => ({ value }));
	if (row.default !== undefined) compared.default = row.default.replace('’', "'");
	return compared;
}

/** What the vendor's requests would be for these events. */
function requestOf({ operation, variant }: Method, events: readonly Json[], sendAs: 'single' | 'batch') {
	const form = operation[sendAs];
	const decided = methodsOf(operation, sendAs)(variant);
	const target = {
		...destination({ appId: '666' }, { baseUrl: 'https://tracker-s2s.my.com' }),
		...(decided ? { method: decided } : {}),
	};
	const prepared = events.map((event, index): Prepared => {
		const encoded = form.encode(event, target);
		if ('fault' in encoded) throw new Error(encoded.fault.message);
		return { ...encoded, index, event, target, bytes: Buffer.byteLength(encoded.text) };
	});
	const limits = { maxEvents: 20, maxBytes: 10_000 };
	const { batches } = pack(prepared, limits, ({ event }) => form.envelope(event, target));
	expect(batches).toHaveLength(1);
	const { url, body, method, headers } = buildRequest(batches[0], form, () => 0.5);
	return { method, url, headers, body: String(body) };
}

describe.each(named)('%s', (_, method) => {
	const { operation, rows, least } = method;
	const fields = fieldsOf(method);

	test('has every parameter, and no other', () => {
		expect(pathsOf(fields).sort()).toEqual(rows.map(({ name }) => name).sort());
	});

	test.each(rows.map((row): [string, PageRow] => [row.name, row]))(
		'%s says what the page and the client say',
		(name, row) => {
			const field = fieldAt(fields, name);
			if (!field) throw new Error('no such row');
			expect(KINDS[row.type]).toContain(field.type.kind);
			expect(inPageWords(field, row)).toEqual(asCompared(row));
			// The page tells of the token of a product; the subscription's is known from the client.
			if (name !== 'token') {
				expect(field.evidence).toBe(row.evidence);
				expect(field.source ?? operation.documentation).toBe(row.source);
			}
			const needs = operation.variants?.values.find(({ value }) => value === method.variant)?.needs ?? [];
			const isRequired = Boolean(field.required) || needs.some((need) => need.field === name);
			expect(isRequired).toBe(Boolean(row.required));
			if (row.requiredEvidence) expect(field.required).toBe(row.requiredEvidence);
		},
	);

	test('each required parameter, missing in every way, is told', () => {
		for (const { name, requiredEvidence } of rows.filter((row) => row.required && !row.name.includes('[')))
			for (const nothing of [undefined, null, '', ' ']) {
				const { issues, warnings } = check(method, { ...least, [name]: nothing });
				const told = requiredEvidence === 'inferred' ? warnings : issues;
				expect(told.map(({ field }) => field)).toEqual([name]);
				expect(told[0].message).toMatch(/ is required/);
			}
	});

	test('needs one of the IDs that the page and the client know', () => {
		const identifiers = rows.filter(({ identifier }) => identifier).map(({ name }) => name);
		expect(
			[...new Set(Object.values(method.page.required).flat(2))]
				.filter((name) => identifiers.includes(name))
				.sort(),
		).toEqual([...identifiers].sort());
		const nobody = Object.fromEntries(Object.entries(least).filter(([name]) => !identifiers.includes(name)));
		const { issues, warnings } = check(method, nobody);
		const told = [...issues, ...warnings];
		expect(told).toEqual([
			{ field: 'customUserId', message: expect.stringContaining('neither a user ID nor a device ID') },
		]);
		for (const name of identifiers) expect(told[0].message).toContain(`(${name})`);
		for (const name of identifiers)
			expect(check(method, { ...nobody, [name]: ID_OF[name] })).toMatchObject({ issues: [], warnings: [] });
	});

	test('methods, address, batch size and documentation', () => {
		const of = (sendAs: 'single' | 'batch') =>
			methodsOf(operation, sendAs)(method.variant) ?? operation[sendAs].method({});
		expect([of('single'), of('batch')]).toEqual(method.page.methods);
		const address = (format: string) => format.replace('XXX', '666');
		expect(requestOf(method, [least], 'single').url).toBe(address(method.page.requestFormat));
		expect(requestOf(method, [least], 'batch').url).toBe(address(method.page.requestFormatBatch));
		expect(operation.defaults).toMatchObject({
			sendAs: 'batch',
			batchSize: { default: method.page.maxBatch, max: method.page.maxBatch },
			onRejectedBatch: 'isolate',
			extraFields: 'ignore',
			additionalProperties: false,
		});
		expect(Object.values(page.pages)).toContain(operation.documentation);
	});

	test('the vectors leave byte for byte', () => {
		expect(method.vectors.length).toBeGreaterThan(0);
		for (const { target, input, body, bytes } of method.vectors) {
			const events = [input].flat().map((event) => checked(method, event));
			const sent = requestOf(method, events, Array.isArray(input) ? 'batch' : 'single');
			expect(sent).toEqual({
				method: 'POST',
				url: `https://tracker-s2s.my.com${target}`,
				headers: { 'Content-Type': 'application/json' },
				body,
			});
			expect(Buffer.byteLength(sent.body)).toBe(bytes);
		}
	});

	test('what the vendor’s own client writes is the same but for the form of shared numbers', () => {
		for (const { target, body } of method.golden) {
			const printed = JSON.parse(body) as Json | Json[];
			const events = [printed].flat().map((event) => checked(method, event));
			const sent = requestOf(method, events, Array.isArray(printed) ? 'batch' : 'single');
			expect(sent.url).toBe(`https://tracker-s2s.my.com${target.replace('?', '/?')}`);
			const asText = ({ eventTimestamp, ...event }: Json) =>
				eventTimestamp === undefined ? event : { ...event, eventTimestamp: String(eventTimestamp) };
			expect(JSON.parse(sent.body)).toEqual(Array.isArray(printed) ? printed.map(asText) : asText(printed));
		}
	});

	test('amounts are JSON numbers in digits', () => {
		const amount = fields.find(({ type }) => type.kind === 'decimal' && type.as === 'number');
		if (!amount) return;
		for (const [given, written] of [
			['1999.90', '1999.9'],
			['0.0000001', '0.0000001'],
			[1e-7, '0.0000001'],
			['123456789012.345', '123456789012.345'],
			[39.9 * 3, '119.7'],
			['10.0', '10'],
		] as const) {
			const { event } = check(method, { ...least, [amount.wire]: given });
			expect(requestOf(method, [event ?? {}], 'single').body).toContain(`"${amount.wire}":${written}`);
		}
	});
});

const UUID = '38400000-8cf0-11bd-b23e-10b96e40000d';
const ID_OF: Record<string, string> = {
	customUserId: 'ann',
	lvid: '5f2b1c9e8d7a6b5c4d3e2f1009182736',
	androidId: '0123456789abcdef',
	instanceId: UUID,
	idfa: UUID,
	iosVendorId: UUID,
	gaid: UUID,
	appSetId: UUID,
};
