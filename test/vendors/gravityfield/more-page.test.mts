/** The tables of Store User, Store Visit and Get Campaign against what was read of the vendor's pages and SDKs. */
import { describe, expect, test } from '@jest/globals';

import type { Field, Operation } from '../../../nodes/engine/operation/operation.ts';
import { getCampaign } from '../../../nodes/GravityField/getCampaign.ts';
import { storeUser } from '../../../nodes/GravityField/storeUser.ts';
import { storeVisit } from '../../../nodes/GravityField/storeVisit.ts';
import { operations, samples } from '../../pages/gravityfield-more.json';
import { paths } from './support.mts';

interface PageRow {
	name: string;
	type: string;
	evidence: string;
	source?: string;
	required?: boolean;
	requiredEvidence?: string;
	items?: string;
	length?: number;
	pattern?: string;
}

const KINDS: Record<string, string[]> = {
	string: ['text', 'choice', 'time'],
	number: ['integer', 'decimal'],
	integer: ['integer'],
	boolean: ['boolean'],
	object: ['object', 'map'],
	array: ['list', 'texts'],
};
/** A report of an engagement has no user, page or device, so that the table of both cannot ask for them. */
const NOT_ALWAYS = ['user', 'ctx', 'device', 'data'];

describe.each<[string, Operation, PageRow[]]>([
	['storeUser', storeUser, operations.storeUser.parameters as PageRow[]],
	['storeVisit', storeVisit, operations.storeVisit.parameters as PageRow[]],
	['getCampaign', getCampaign, operations.getCampaign.parameters as PageRow[]],
])('%s', (_, operation, all) => {
	// The section is the credential's.
	const rows = all.filter(({ name }) => name !== 'sec');
	const ours = new Map(paths(operation.fields.filter(({ formOnly }) => !formOnly)));

	test('has every parameter and no other', () => {
		const others = operation === getCampaign ? ['urls'] : [];
		expect([...ours.keys()].sort()).toEqual([...rows.map(({ name }) => name), ...others].sort());
	});

	test.each(rows.map((row) => [row.name, row] as const))('%s says what was read', (name, row) => {
		const field = ours.get(name) as Field;
		expect(KINDS[row.type]).toContain(field.type.kind);
		expect(field.evidence).toBe(row.evidence);
		expect(field.source ?? operation.documentation).toBe(row.source);
		const isLeftOut = operation === getCampaign && NOT_ALWAYS.includes(name);
		expect(field.required).toBe(
			row.required && !isLeftOut ? (row.requiredEvidence ?? row.evidence) : undefined,
		);
		if (field.type.kind === 'text' && row.length !== undefined) {
			expect(field.type.length).toBe(row.length);
			expect(String(field.type.pattern?.is)).toBe(`/${row.pattern}/`);
		}
		if (row.items === 'integer') expect(field.type).toMatchObject({ kind: 'texts', as: 'integers' });
	});
});

test('what is required of campaigns is asked for where the request is about them', () => {
	const { required } = operations.getCampaign;
	const choose = getCampaign.variants?.values.find(({ value }) => value === 'choose');
	expect(choose?.needs?.map(({ field }) => field)).toEqual(['data']);
	expect(required['data[]']).toEqual([['data[].selector', 'data[].campaignId', 'data[].group']]);
});

test('the sample of the page is ours', () => {
	const { sec: _sec, ...event } = samples.storeUser;
	expect(storeUser.samples.map((sample) => sample.event)).toEqual([event]);
});

test('the answers of the pages are among what the nodes return', () => {
	const given = (operation: Operation) => paths(operation.reads?.fields ?? []).map(([path]) => path);
	expect(given(storeUser)).toEqual(
		expect.arrayContaining(operations.storeUser.answer.map(({ name }) => name)),
	);
	expect(given(storeVisit)).toEqual(
		expect.arrayContaining(operations.storeVisit.answer.map(({ name }) => name)),
	);
});
