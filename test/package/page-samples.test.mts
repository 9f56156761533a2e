/** Every sample that the vendors' pages print leaves through the pack as it is printed, however it was mapped. */
import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { createChecker, operations, settingRows } from '../../index.ts';
import { createMapper, type MappingMode } from '../../nodes/engine/mapping/mapping.ts';
import { formName } from '../../nodes/engine/mapping/names.ts';
import { pack, type Prepared } from '../../nodes/engine/delivery/pack.ts';
import { buildRequest } from '../../nodes/engine/delivery/request.ts';
import type { Issue, Json, Operation } from '../../nodes/engine/operation/operation.ts';
import { destination } from '../support/fakeVendor.mts';

const pageOf = (vendor: string) =>
	JSON.parse(readFileSync(join(process.cwd(), 'test/pages', `${vendor}.json`), 'utf8')) as {
		samples: Record<string, unknown>;
	};
const [myTracker, appMetrica, gravityField, vibetrace] = [
	'mytracker',
	'appmetrica',
	'gravityfield',
	'vibetrace',
].map(pageOf);
const SEC = 'stringstringstringstring';
const TARGET = destination({ appId: '666', applicationId: '1111', accountId: 'acc', sectionId: SEC });

/** The pages hide the addresses of their samples. */
const withAddress = (sample: unknown) =>
	JSON.parse(JSON.stringify(sample).replaceAll(/\[email.protected\]/gu, 'buyer@example.com')) as Json;

function operationOf(name: string): Operation {
	const operation = operations.find((one) => one.name === name);
	if (!operation) throw new Error(`no ${name}`);
	return operation;
}

/** The form, filled in with the members of an event. */
function asParameters({ fields, variants }: Operation, event: Json): Json {
	const parameters: Json = {};
	const named = new Set(fields.map(({ wire }) => wire));
	for (const field of fields) {
		if (!(field.wire in event)) continue;
		const place = field.section ? ((parameters[field.section] ??= {}) as Json) : parameters;
		if (field.form) parameters[`${field.wire}Mode`] = 'json';
		place[field.form?.json.name ?? formName(field)] = event[field.wire];
	}
	const attributes = Object.entries(event).filter(([name]) => !named.has(name));
	if (attributes.length) parameters.attributes = Object.fromEntries(attributes);
	if (variants?.travels === false) parameters[variants.parameter] = variants.default;
	return parameters;
}

/** Maps, checks and encodes an item, and what is warned of it. */
function prepare(operation: Operation, mode: MappingMode, event: Json, sendAs: 'single' | 'batch') {
	const all = Object.fromEntries(settingRows(operation).map(({ name, default: value }) => [name, value]));
	// The samples are old.
	if ('maxAgeDays' in all) all.maxAgeDays = 0;
	const check = createChecker(
		operation,
		{
			zone: 'UTC',
			now: Date.parse('2026-11-26'),
			extraFields: operation.defaults.extraFields,
			unprovenRules: 'warn',
			maxListed: 20,
			all,
		},
		{ names: new Map(), pairs: new Set() },
	);
	const parameters = mode === 'defineBelow' ? asParameters(operation, event) : {};
	const map = createMapper(operation, { mode, inputField: '', parameters, readerOf: () => () => undefined });
	const mapped = map(event, 0);
	if ('issues' in mapped) throw new Error(JSON.stringify(mapped.issues));
	const { application_id: _app, ...own } = mapped.event;
	const checked = check(own, mapped.variant, mapped.notices);
	if ('issues' in checked) throw new Error(JSON.stringify(checked.issues));
	const encoded = operation[sendAs].encode(checked.event, TARGET);
	if ('fault' in encoded) throw new Error(encoded.fault.message);
	const bytes = Buffer.byteLength(encoded.text);
	const prepared: Prepared = { ...encoded, index: 0, event: checked.event, target: TARGET, bytes };
	return { prepared, warnings: checked.warnings ?? ([] as Issue[]) };
}

/** The one request in which all of them leave. */
function requestOf(
	operation: Operation,
	mode: MappingMode,
	events: readonly Json[],
	sendAs: 'single' | 'batch',
) {
	const all = events.map((event) => prepare(operation, mode, event, sendAs));
	expect(all.flatMap(({ warnings }) => warnings)).toEqual([]);
	const limits = { maxEvents: 100, maxBytes: Number.POSITIVE_INFINITY };
	const form = operation[sendAs];
	const { batches } = pack(
		all.map(({ prepared }, index) => ({ ...prepared, index })),
		limits,
		({ event }) => form.envelope(event, TARGET),
	);
	expect(batches).toHaveLength(1);
	return buildRequest(batches[0], form, () => 0.5);
}

describe.each(['defineBelow', 'autoMapInputData'] as const)('mapping mode %s', (mode) => {
	test.each([
		['myTrackerCustomEvent', 'customEvent', 'single'],
		['myTrackerCustomEvent', 'customEventBatch', 'batch'],
		['myTrackerRegistration', 'registrationBatch', 'batch'],
		['myTrackerLogin', 'loginBatch', 'batch'],
	] as const)('MyTracker: %s, %s', (name, sample, sendAs) => {
		const printed = myTracker.samples[sample];
		const { body } = requestOf(operationOf(name), mode, [printed].flat() as Json[], sendAs);
		expect(JSON.parse(String(body))).toEqual(printed);
	});

	test('AppMetrica: the CSV', () => {
		const { records } = appMetrica.samples.body as { records: Json[] };
		const { body } = requestOf(operationOf('appMetricaImportEvents'), mode, records, 'batch');
		const [head, ...rows] = String(body).trim().split('\n');
		const columns = head.split(',');
		const cells = (row: string) =>
			[...row.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)]
				.map(([, cell]) => (cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell))
				.slice(0, columns.length);
		expect(rows.map((row) => Object.fromEntries(cells(row).map((cell, at) => [columns[at], cell])))).toEqual(
			records,
		);
	});

	test('AppMetrica: the query', () => {
		const { query } = appMetrica.samples.parameters as { query: Json };
		const { post_api_key: _key, ...printed } = query;
		const { url } = requestOf(operationOf('appMetricaImportEvents'), mode, [printed], 'single');
		expect(Object.fromEntries(new URL(url).searchParams)).toEqual(printed);
	});

	test('Gravity Field: the body', () => {
		const printed = gravityField.samples.storeEvent as Json & { data: [Json] };
		const { sec: _sec, data, ...shared } = printed;
		const events = mode === 'defineBelow' ? [{ ...shared, ...data[0] }] : [printed];
		const { body } = requestOf(operationOf('gravityFieldStoreEvent'), mode, events, 'single');
		expect(JSON.parse(String(body))).toEqual(printed);
	});

	test.each(['confirmation', 'login'])('Vibetrace: %s', (sample) => {
		const printed = withAddress(vibetrace.samples[sample]);
		const { url } = requestOf(operationOf('vibetraceSendEvent'), mode, [printed], 'single');
		expect(new URL(url).pathname).toBe(`/event/acc/${sample}`);
		expect(JSON.parse(new URL(url).searchParams.get('data') ?? '')).toEqual([printed]);
	});
});
