import { readFileSync } from 'node:fs';

import { describe, expect, test } from '@jest/globals';

import {
	createChecker,
	formOf,
	objectSchema,
	operations,
	requiredEvidence,
	settingRows,
} from '../../index.ts';
import { assemble } from '../../nodes/engine/mapping/mapping.ts';
import { asRanges } from '../../nodes/engine/report/items.ts';
import { pack } from '../../nodes/engine/delivery/pack.ts';
import { payloadBytes } from '../../nodes/engine/delivery/request.ts';
import type { Field, Json, Operation } from '../../nodes/engine/operation/operation.ts';
import { destination } from '../support/fakeVendor.mts';

const OPERATIONS = readFileSync('docs/operations.md', 'utf8');
const NOW = Date.parse('2026-11-22T09:00:00Z');

function checkerFor(operation: Operation) {
	const all = Object.fromEntries(settingRows(operation).map(({ name, default: value }) => [name, value]));
	// The samples of the pages are old.
	if ('maxAgeDays' in all) all.maxAgeDays = 0;
	return createChecker(
		operation,
		{
			zone: 'UTC',
			now: NOW,
			extraFields: operation.defaults.extraFields,
			unprovenRules: 'warn',
			maxListed: 500,
			all,
		},
		{ names: new Map(), pairs: new Set() },
	);
}

const chosenBy = ({ variants }: Operation) => (variants?.travels === false ? variants.default : undefined);

function everyField(fields: readonly Field[]): Field[] {
	return fields.flatMap((field) => [
		field,
		...(field.type.kind === 'object' ? everyField(field.type.fields) : []),
		...(field.type.kind === 'list' ? everyField(field.type.of) : []),
	]);
}

describe.each(operations.map((operation) => [operation.name, operation] as const))('%s', (_, operation) => {
	const fields = everyField(operation.fields);

	test('each row is named, explained and its source is marked', () => {
		for (const { wire, label, help, evidence } of fields) {
			expect(wire).toMatch(/^\w+$/);
			expect(help).not.toMatch(/TODO|\[object/);
			expect(help.toLowerCase()).not.toBe(label.toLowerCase());
			expect(help).toMatch(/^\p{Lu}/u);
			expect(['documented', 'vendor code', 'inferred']).toContain(evidence);
		}
		expect(operation.documentation).toMatch(/^https:\/\//);
		expect(operation.samples.length).toBeGreaterThan(0);
		expect(operation.limits.length).toBeGreaterThan(0);
	});

	test('no two rows of one level share a name or a label', () => {
		const levels = [
			operation.fields,
			...fields.flatMap(({ type }) =>
				type.kind === 'object' ? [type.fields] : type.kind === 'list' ? [type.of] : [],
			),
		];
		for (const level of levels) {
			expect(new Set(level.map(({ wire }) => wire)).size).toBe(level.length);
			expect(new Set(level.map(({ label }) => label)).size).toBe(level.length);
		}
	});

	test('the vendor’s samples pass and come out deep-equal', () => {
		const check = checkerFor(operation);
		for (const { event, variant } of operation.samples) {
			const before = JSON.stringify(event);
			const checked = check(event, variant ?? chosenBy(operation));
			expect(checked).not.toHaveProperty('issues');
			expect((checked as { event: Json }).event).toMatchObject(event);
			expect(JSON.stringify(event)).toBe(before);
		}
	});

	test('the zod schema says what the run’s check says', () => {
		const onExtra = () => 'keep' as const;
		const context = { zone: 'UTC', now: NOW, onDroppedPair: () => undefined, onExtra };
		const check = checkerFor(operation);
		for (const { event, variant = chosenBy(operation) } of operation.samples) {
			// What the events of a list share has a schema of its own.
			if (operation.listOf !== undefined && operation.listOf in event) continue;
			const schema = objectSchema(operation.fields, context);
			const checked = check(event, variant) as { event: Json };
			expect(schema.parse(event)).toMatchObject(event);
			expect(schema.parse(checked.event)).toEqual(checked.event);
			const broken = Object.fromEntries(Object.keys(event).map((name) => [name, Symbol.iterator]));
			const faults = schema.safeParse(broken);
			expect(faults.success).toBe(false);
			if (operation.normalize) continue;
			const issues = check(broken, variant) as { issues: Array<{ field: string; message: string }> };
			expect(issues.issues.map(({ message }) => message)).toEqual(
				expect.arrayContaining(faults.error?.issues.map(({ message }) => message) ?? []),
			);
		}
		expect(objectSchema(operation.fields, context).safeParse('text').success).toBe(false);
	});

	test('automatic repeats are named with their evidence, also in docs/operations.md', () => {
		const { limits, repeatIsSafe, responses, vendor, title, single } = operation;
		const marked = limits.filter(
			(limit) => limit.includes('repeated') && /\((documented|vendor code|inferred)\b/.test(limit),
		);
		const tellsOf = (pattern: RegExp) => marked.some((limit) => pattern.test(limit));
		expect(tellsOf(/500|5xx/)).toBe(responses.safeToRetry(500, single.method({})));
		const [, repeats = ''] = /^## Repeats and duplicates$([^]*?)^## /m.exec(OPERATIONS) ?? [];
		expect(repeats.includes(`*${vendor} ${title}*`)).toBe(repeatIsSafe !== undefined);
		if (repeatIsSafe) expect(tellsOf(/with an order ID|lost answer|answer was lost/)).toBe(true);
	});

	test('an untouched form holds no value that would be sent', () => {
		const visible = formOf(operation).filter(({ type }) => type !== 'hidden');
		const untouched = Object.fromEntries(visible.map(({ name, default: value }) => [name, value]));
		// Only what a table adds from the start.
		const added = operation.fields.flatMap((field) => {
			const members = field.type.kind === 'object' ? field.type.fields : [];
			const own = members.filter(({ formDefault }) => typeof formDefault === 'boolean');
			return own.length
				? [[field.wire, Object.fromEntries(own.map(({ wire, formDefault }) => [wire, formDefault]))]]
				: [];
		});
		expect(assemble(operation, untouched as Json)).toEqual(Object.fromEntries(added));
	});

	test('a text or choice that the vendor, or the client in its place, requires is marked so in the form, and blank from the start', () => {
		const form = formOf(operation);
		const { variants, clientStandsIn } = operation;
		const isSure = (evidence: string) =>
			evidence === 'documented' || (clientStandsIn === true && evidence === 'vendor code');
		for (const field of operation.fields) {
			// Rows and JSON stand in for one another, so n8n cannot insist on either.
			if (field.form || field.itemOnly) continue;
			const always = field.required !== undefined && isSure(requiredEvidence(field));
			const under = (variants?.values ?? []).filter(({ needs = [], evidence }) =>
				needs.some((need) => need.field === field.wire && isSure(need.evidence ?? evidence)),
			);
			const isOwnType = variants?.travels === true && variants.custom.field === field.wire;
			const marked = form.filter(({ name, required }) => name === field.wire && required);
			expect([field.wire, marked.length > 0]).toEqual([field.wire, always || under.length > 0 || isOwnType]);
			const blank = field.type.kind === 'object' ? {} : '';
			for (const property of marked) expect(property.default).toEqual(blank);
		}
	});

	test('the form is made anew at each call, since n8n changes it in place', () => {
		const [one, other] = [formOf(operation), formOf(operation)];
		expect(one).toEqual(other);
		for (const [at, property] of one.entries()) {
			expect(property).not.toBe(other[at]);
			if (property.options) expect(property.options).not.toBe(other[at].options);
		}
	});

	test.each(['single', 'batch'] as const)('%s: a packed request measures what it writes', (sendAs) => {
		const form = operation[sendAs];
		const check = checkerFor(operation);
		const target = destination({ accountId: 'a', sectionId: 's', appId: '1', applicationId: '1' });
		const prepared = operation.samples.map(({ event, variant }, index) => {
			const checked = check(event, variant ?? chosenBy(operation)) as { event: Json };
			const encoded = form.encode(checked.event, target);
			if ('fault' in encoded) throw new Error(encoded.fault.message);
			return { ...encoded, index, event: checked.event, target, bytes: Buffer.byteLength(encoded.text) };
		});
		const limits = { maxEvents: operation.defaults.batchSize.max, maxBytes: Number.POSITIVE_INFINITY };
		const { batches } = pack(prepared, limits, (item) => form.envelope(item.event, target));
		for (const batch of batches) expect(payloadBytes(batch).length).toBe(batch.bytes);
		const indexes = batches
			.flatMap(({ items }) => items.map(({ index }) => index))
			.sort((one, other) => one - other);
		expect(asRanges(indexes)).toBe(asRanges(operation.samples.map((_sample, index) => index)));
	});
});
