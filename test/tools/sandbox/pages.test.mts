/** The transcribed pages against what their own blocks and the vendor sheets count, and against the sandbox. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';

import { RESOURCES } from '../../../tools/sandbox/appmetrica-resources.mts';
import { UPLOADS } from '../../../tools/sandbox/appmetrica-uploads.mts';

type Row = {
	name: string;
	required?: boolean;
	requiredByFormat?: boolean;
	values?: Array<{ value: string }>;
	evidence?: string;
	source?: string;
};
type Operation = { parameters?: Row[]; resources?: Record<string, { fields: string[] }> };
const page = (name: string) =>
	JSON.parse(readFileSync(join(process.cwd(), 'test/pages', `${name}.json`), 'utf8')) as {
		operations: Record<string, Operation>;
		vectors: Array<{ id: string; body: string; bytes: number }>;
	};
const appMetrica = page('appmetrica-more').operations;

describe('every row of the further operations', () => {
	const rows = ['mytracker-more', 'appmetrica-more', 'gravityfield-more', 'vibetrace-more'].flatMap((name) =>
		Object.entries(page(name).operations).flatMap(([operation, { parameters = [] }]) =>
			parameters.map((row) => [`${name} ${operation} ${row.name}`, row] as const),
		),
	);

	test('has its evidence and an address', () => {
		expect(rows.length).toBeGreaterThan(350);
		const bad = rows.filter(
			([, { evidence, source }]) =>
				!['documented', 'vendor code', 'inferred'].includes(evidence ?? '') ||
				!/^https:\/\//.test(source ?? ''),
		);
		expect(bad.map(([name]) => name)).toEqual([]);
	});
});

test('the uploads have as many rows as their format blocks', () => {
	const counts = ['importRevenue', 'importAdRevenue', 'importEcommerce', 'importProfiles'].map(
		(name) => appMetrica[name].parameters?.length,
	);
	expect(counts).toEqual([31, 33, 65, 4]);
});

test.each([
	['importRevenue', 'revenue', ['account_id']],
	['importAdRevenue', 'adrevenue', []],
	['importEcommerce', 'ecommerce', []],
	['importProfiles', 'profiles', []],
])(
	'%s: the sandbox knows the page’s names, needs what it needs and takes each value it lists',
	(operation, upload, fromSamples) => {
		const rows = (appMetrica[operation].parameters ?? []).filter(({ name }) => name !== 'post_api_key');
		const { parameters, required, oneOf } = UPLOADS[upload];
		expect(Object.keys(parameters).sort()).toEqual([...rows.map(({ name }) => name), ...fromSamples].sort());
		const needed = rows.filter((row) => row.required || row.requiredByFormat).map(({ name }) => name);
		expect([...required, ...oneOf.flat()].sort()).toEqual(needed.sort());
		for (const { name, values = [] } of rows) {
			expect(values.filter(({ value }) => parameters[name](value) !== undefined)).toEqual([]);
			if (values.length) expect(parameters[name]('no such value')).toBeDefined();
		}
	},
);

test('the exports know each field that the page lists', () => {
	for (const [name, { fields }] of Object.entries(appMetrica.exportLogs.resources ?? {})) {
		expect(fields.filter((field) => !field.startsWith('<') && !RESOURCES[name].has(field))).toEqual([]);
	}
	expect(Object.keys(RESOURCES).sort()).toEqual(Object.keys(appMetrica.exportLogs.resources ?? {}).sort());
});

test('each vector has as many bytes as its sheet says', () => {
	const { vectors } = page('vectors-more');
	expect(vectors).toHaveLength(36);
	expect(vectors.filter(({ body, bytes }) => Buffer.byteLength(body) !== bytes)).toEqual([]);
});
