import { describe, expect, test } from '@jest/globals';

import { operations } from '../../../index.ts';
import { lacksOf } from '../../../nodes/engine/check/variants.ts';
import type { Field, Operation } from '../../../nodes/engine/operation/operation.ts';
import { isAbsent } from '../../../nodes/engine/check/objects.ts';
import page from '../../pages/mytracker.json';

/** A row of the vendor's page as test/pages transcribes it. */
interface PageRow {
	name: string;
	group: string;
	type: string;
	minLength?: number;
	maxLength?: number;
	length?: number;
	min?: number;
	max?: number | string;
	values?: Array<{ value: string; meaning?: string }>;
	default?: string;
	required?: boolean;
	paramsName?: { minLength: number; maxLength: number };
	paramValue?: { minLength: number; maxLength: number };
}

const SECTIONS: Record<string, string[]> = {
	common: ['Common'],
	mobileApps: ['For mobile apps'],
	websites: ['For websites', 'For VK Play'],
	vkPlay: ['For VK Play'],
};

/** What our row says, in the words of the page's row; a bound that only we set is left out. */
function inPageWords(field: Field, row: PageRow): Partial<PageRow> {
	const { type } = field;
	const said: Partial<PageRow> = { name: field.wire };
	switch (type.kind) {
		case 'text':
			if (type.length !== undefined) said.length = type.length;
			if (type.max !== undefined) said.maxLength = type.max;
			if (type.min !== undefined) said.minLength = type.min;
			break;
		case 'integer':
			if (type.max !== undefined)
				said.max = typeof row.max === 'string' ? type.max.toString() : Number(type.max);
			break;
		case 'time':
			said.min = type.min;
			said.max = type.max;
			break;
		case 'choice':
			said.values = type.values.map(({ value }) => ({ value }));
			break;
		case 'map':
			said.paramsName = { minLength: type.name.min, maxLength: type.name.max ?? 0 };
			said.paramValue = { minLength: type.value.min, maxLength: type.value.max ?? 0 };
			break;
		default:
			break;
	}
	if (field.vendorDefault !== undefined) said.default = field.vendorDefault;
	if (field.required === true) said.required = true;
	return said;
}

function asCompared(row: PageRow): Partial<PageRow> {
	const { name, minLength, maxLength, length, min, max, values, paramsName, paramValue, required } = row;
	const compared: Partial<PageRow> = { name };
	if (minLength !== undefined) compared.minLength = minLength;
	if (maxLength !== undefined) compared.maxLength = maxLength;
	if (length !== undefined) compared.length = length;
	if (min !== undefined) compared.min = min;
	if (max !== undefined) compared.max = max;
	if (values) compared.values = values.map(({ value }) => ({ value }));
	if (paramsName) compared.paramsName = { minLength: paramsName.minLength, maxLength: paramsName.maxLength };
	if (paramValue) compared.paramValue = { minLength: paramValue.minLength, maxLength: paramValue.maxLength };
	if (row.default !== undefined) compared.default = row.default;
	if (required) compared.required = true;
	return compared;
}

const BY_NODE: Record<string, keyof typeof page.operations> = {
	myTrackerRegistration: 'registration',
	myTrackerLogin: 'login',
	myTrackerCustomEvent: 'customEvent',
};
/** The further methods stand on other pages: payments-page.test.mts. */
const ours = operations.filter(({ name }) => name in BY_NODE);

test('each operation of the page has its node', () => {
	expect(ours.map(({ name }) => BY_NODE[name]).sort()).toEqual(Object.keys(page.operations).sort());
});

describe.each(ours.map((operation) => [operation.name, operation] as const))(
	'%s',
	(name, operation: Operation) => {
		const documented = page.operations[BY_NODE[name]];
		const rows = documented.parameters as PageRow[];

		test('has every parameter of the page, and no other', () => {
			expect(operation.fields.map(({ wire }) => wire).sort()).toEqual(
				[...new Set(rows.map((row) => row.name))].sort(),
			);
		});

		test.each(rows.map((row) => [row.name, row.group, row] as const))(
			'%s (%s) says what the page says',
			(_, group, row) => {
				const field = operation.fields.find(({ wire }) => wire === row.name);
				if (!field) throw new Error(`no row ${row.name}`);
				const said = inPageWords(field, row);
				// The page words a default of time; ours is the same in other words.
				if (row.name === 'eventTimestamp') said.default = row.default;
				expect(said).toEqual(asCompared(row));
				if (field.section) expect(SECTIONS[field.section]).toContain(group);
				expect(field.evidence).toBe('documented');
			},
		);

		test('methods, batch size and address are the page’s', () => {
			expect([operation.single.method({}), operation.batch.method({})]).toEqual(documented.methods);
			expect(operation.defaults.batchSize.max).toBe(documented.maxBatch);
			expect(operation.documentation).toBe(page.page);
			const target = { baseUrl: 'https://tracker-s2s.my.com', account: { appId: 'XXX' } };
			const payload = { bytes: () => Buffer.alloc(0), text: () => '' };
			const draw = { cacheBuster: () => '' };
			expect(operation.single.request(payload, {}, target, draw).url).toBe(documented.requestFormat);
			expect(operation.batch.request(payload, {}, target, draw).url).toBe(documented.requestFormatBatch);
		});

		test('requires what the page requires for each platform', () => {
			const platforms = { app: 'default', vkMiniApps: 'VK Mini Apps', vkPlay: 'VK Play' } as const;
			const { variants } = operation;
			if (!variants) throw new Error('no platforms');
			for (const variant of variants.values) {
				const words = (documented.required as Record<string, Array<string | string[]>>)[
					platforms[variant.value as 'app']
				];
				expect(variant.evidence).toBe('documented');
				const always = operation.fields.filter(({ required }) => required).map(({ wire }) => wire);
				const required = [...always, ...(variant.needs ?? []).map(({ field }) => field)];
				const specific = rows.filter((row) => row.required).map((row) => row.name);
				const single = words.filter((word): word is string => typeof word === 'string');
				expect(required.sort()).toEqual([...single, ...specific].sort());
				const oneOf = words.filter((word): word is string[] => Array.isArray(word));
				const lacks = (event: Record<string, unknown>) =>
					lacksOf(event, variant, variants, operation.fields).filter(
						({ field }) => !required.includes(field),
					);
				for (const names of oneOf) {
					expect(lacks({})).not.toHaveLength(0);
					for (const one of names) expect(lacks({ [one]: 'x' })).toHaveLength(0);
					const others = operation.fields
						.filter(({ wire }) => !names.includes(wire))
						.map(({ wire }) => [wire, 'x']);
					expect(lacks(Object.fromEntries(others))).not.toHaveLength(0);
				}
				if (oneOf.length === 0) expect(lacks({})).toHaveLength(0);
			}
		});

		test('no choice is sent that the user did not make', () => {
			expect(operation.fields.filter(({ vendorDefault }) => isAbsent(vendorDefault) === false).length).toBe(
				5,
			);
		});
	},
);
