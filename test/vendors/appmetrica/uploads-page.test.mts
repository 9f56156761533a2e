/** The tables of the four uploads against the vendor's pages, both ways. */
import { describe, expect, test } from '@jest/globals';

import { device, fields as eventFields, sessionType } from '../../../nodes/AppMetrica/fields.ts';
import page from '../../pages/appmetrica-more.json';
import {
	checkUpload as check,
	checkedUpload as checked,
	named,
	profiles,
	revenue,
	uploads,
	type PageRow,
} from './support.mts';

/** The credential and the options say these. */
const NOT_OF_THE_EVENT = ['post_api_key', 'application_id'];

const KINDS: Record<string, string[]> = {
	string: ['text', 'choice', 'json'],
	// IDs that are "int" and have text or a leading zero in the samples; prices that are decimals there.
	int: ['integer', 'time', 'text', 'decimal'],
	decimal: ['decimal'],
	enum: ['choice', 'text'],
	// The page's type of a list; internal currencies are one each.
	array: ['texts', 'text', 'decimal'],
	'': ['attributes'],
};

describe.each(named)('%s', (_, upload) => {
	const { operation, rows: all } = upload;
	const rows = all.filter(({ name }) => !NOT_OF_THE_EVENT.includes(name));
	const hasDevice = rows.some(({ name }) => name === 'appmetrica_device_id');

	test('has every parameter, in the page’s order, and no other', () => {
		expect(operation.fields.map(({ wire }) => wire)).toEqual(rows.map(({ name }) => name));
		expect(operation.credential.required).toEqual(expect.arrayContaining(['postApiKey', 'applicationId']));
	});

	test.each(rows.map((row): [string, PageRow] => [row.name, row]))(
		'%s says what the page says',
		(name, row) => {
			const field = operation.fields.find(({ wire }) => wire === name);
			if (!field) throw new Error('no such row');
			const { type } = field;
			expect(KINDS[row.type]).toContain(type.kind);
			expect(type.kind === 'choice' ? type.values.map(({ value }) => value) : undefined).toEqual(
				row.values?.map(({ value }) => value),
			);
			expect(type.kind === 'decimal' ? type.places : undefined).toEqual(row.decimal);
			expect(type.kind === 'json' ? type.maxBytes : undefined).toEqual(row.maxSize ? 30 * 1024 : undefined);
			expect(field.vendorDefault).toBe(row.default);
			expect(field.evidence).toBe(row.evidence);
			// The two IDs are both starred, and each forbids the other: a rule says so.
			const isEither = hasDevice && ['profile_id', 'appmetrica_device_id'].includes(name);
			const isRequired = Boolean(row.required) || Boolean(row.requiredByFormat);
			expect(field.required).toBe(isRequired && !isEither ? true : undefined);
			if (row.example !== undefined && type.kind !== 'attributes') {
				expect(check(upload, { ...upload.least, [name]: row.example }).issues).toEqual([]);
			}
		},
	);

	test('each required parameter, missing in every way, is told', () => {
		for (const { name } of rows.filter((row) => row.required || row.requiredByFormat)) {
			if (hasDevice && ['profile_id', 'appmetrica_device_id'].includes(name)) continue;
			for (const nothing of [undefined, null, '']) {
				const { issues } = check(upload, { ...upload.least, [name]: nothing });
				expect(issues.map(({ field }) => field)).toEqual([name]);
				expect(issues[0].message).toMatch(/is required/);
			}
		}
	});

	test('methods, documentation and limits', () => {
		expect([operation.single.method({}), operation.batch.method({})]).toEqual(
			upload.page.methods.map((path) => path.replace('import/', '')),
		);
		expect(operation.documentation).toBe(upload.page.page);
		expect(operation.defaults).toMatchObject({
			sendAs: 'batch',
			batchSize: { default: 10_000, max: page.limits.events.value },
			timeout: { single: 30_000, batch: 120_000 },
			onRejectedBatch: 'fail',
			extraFields: 'ignore',
			additionalProperties: false,
		});
		expect(operation.defaults.maxAgeDays).toBe(upload === profiles ? undefined : page.limits.age.value);
		expect(operation.batch.limit?.bytes).toBe(1_000_000_000);
		expect(operation.repeatIsSafe).toBeUndefined();
	});
});

test('exactly one of the two IDs, where the page has two', () => {
	for (const upload of uploads) {
		if (upload === profiles) continue;
		const { profile_id: _, ...nobody } = upload.least;
		expect(check(upload, { ...nobody, appmetrica_device_id: '1' }).issues).toEqual([]);
		expect(check(upload, nobody).issues.map(({ field }) => field)).toEqual(['profile_id']);
		const both = check(upload, { ...nobody, profile_id: 'user', appmetrica_device_id: '1' });
		expect(both.issues.map(({ field }) => field)).toEqual(['appmetrica_device_id']);
	}
	// The introduction names it, the page's format does not.
	const { event, dropped } = check(profiles, { ...profiles.least, appmetrica_device_id: '1' });
	expect(event).toEqual(profiles.least);
	expect([...dropped.names.keys()]).toEqual(['appmetrica_device_id']);
});

test('the common block is one list for all; only the kinds of device of events are more', () => {
	const common = [...sessionType, ...device];
	expect(common).toHaveLength(18);
	for (const { operation } of uploads)
		if (operation !== profiles.operation) expect(operation.fields.slice(-18)).toEqual(common);
	const ofEvents = eventFields.slice(-18);
	expect(ofEvents.map(({ wire }) => wire)).toEqual(common.map(({ wire }) => wire));
	expect(
		ofEvents.filter((field, at) => JSON.stringify(field, bigints) !== JSON.stringify(common[at], bigints)),
	).toMatchObject([{ wire: 'device_type' }]);
});
const bigints = (_: string, value: unknown) => (typeof value === 'bigint' ? String(value) : value);

test('every listed currency passes in either case, every one named as unsupported is refused', () => {
	for (const currency of page.currencies.listed) {
		for (const written of [currency, currency.toLowerCase(), ` ${currency} `])
			expect(checked(revenue, { ...revenue.least, currency: written }).currency).toBe(currency);
	}
	for (const currency of page.currencies.notSupported) {
		expect(check(revenue, { ...revenue.least, currency: currency.toLowerCase() }).issues).toEqual([
			{
				field: 'currency',
				message: `'Currency' (currency) is ${currency}, which AppMetrica does not support`,
			},
		]);
	}
	const told = revenue.operation.rules.map(({ description }) => description).join('\n');
	for (const currency of page.currencies.notSupported) expect(told).toContain(currency);
	// Newer than the list.
	expect(check(revenue, { ...revenue.least, currency: 'SLE' })).toMatchObject({ issues: [], warnings: [] });
});
