import { describe, expect, test } from '@jest/globals';

import { importEvents } from '../../../nodes/AppMetrica/importEvents.ts';
import { readSettings } from '../../../nodes/engine/operation/settings.ts';
import page from '../../pages/appmetrica.json';
import { least, fieldOf, check, checked } from './support.mts';

const ROWS = page.operations.importEvents.parameters as PageRow[];

interface PageRow {
	name: string;
	type: string;
	required?: boolean;
	values?: Array<{ value: string }>;
	default?: string;
	ru?: { name?: string };
}

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
			maxAgeDays: 14,
		});
		expect(importEvents.batch.limit?.bytes).toBe(1_000_000_000);
		expect(readSettings(importEvents, 'single', {})).toMatchObject({ settings: { timeout: 30_000 } });
		expect(readSettings(importEvents, 'batch', { batchSize: 100_001 })).toHaveProperty('fault');
	});
});
