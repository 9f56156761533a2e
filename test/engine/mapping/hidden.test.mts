import { describe, expect, test } from '@jest/globals';

import { withoutHiddenExpressions } from '../../../nodes/engine/mapping/hidden.ts';
import type { Field, Json, Operation } from '../../../nodes/engine/operation/operation.ts';

const row = (wire: string, more: Partial<Field> = {}): Field => ({
	wire,
	label: wire,
	help: '',
	type: { kind: 'text' },
	evidence: 'documented',
	...more,
});
const fields = [
	row('shown'),
	row('hidden', { formName: 'hiddenBox' }),
	row('inSection', { section: 'section' }),
	row('besideIt', { section: 'section' }),
	row('list', {
		type: { kind: 'list', of: [] },
		form: {
			rows: { name: 'listRows', part: 'row', label: '', add: '' },
			json: { name: 'listJson', label: '' },
		},
	}),
];
const evidence = 'documented';
const operation = {
	fields,
	variants: {
		parameter: 'choice',
		travels: false,
		label: 'Choice',
		help: '',
		default: 'few',
		values: [
			{ value: 'few', label: 'Few', evidence, knows: ['shown', 'besideIt'] },
			{ value: 'all', label: 'All', evidence, knows: fields.map(({ wire }) => wire) },
		],
	},
} as unknown as Operation;
const given: Json = {
	shown: '={{ 1 }}',
	hiddenBox: '={{ 2 }}',
	section: { inSection: '={{ 3 }}', besideIt: '={{ 4 }}' },
	listRows: { row: [{ a: '={{ 5 }}', b: 6, c: 'plain', d: null }] },
	listJson: '={{ 7 }}',
};

describe('expressions of hidden fields', () => {
	test('become their text, whether the choice is made or left at its default', () => {
		const expected = {
			shown: '={{ 1 }}',
			hiddenBox: '{{ 2 }}',
			section: { inSection: '{{ 3 }}', besideIt: '={{ 4 }}' },
			listRows: { row: [{ a: '{{ 5 }}', b: 6, c: 'plain', d: null }] },
			listJson: '{{ 7 }}',
		};
		const before = structuredClone(given);
		expect(withoutHiddenExpressions(operation, given)).toEqual(expected);
		expect(given).toEqual(before);
		expect(withoutHiddenExpressions(operation, { ...given, choice: 'few' })).toEqual({
			...expected,
			choice: 'few',
		});
	});

	test('stay if the choice shows them, is an expression, or is unknown', () => {
		for (const choice of ['all', '={{ $json.choice }}', 'other'])
			expect(withoutHiddenExpressions(operation, { ...given, choice })).toEqual({ ...given, choice });
		expect(withoutHiddenExpressions({ ...operation, variants: undefined }, given)).toBe(given);
	});

	test('a section that is one expression is read as a whole', () => {
		expect(withoutHiddenExpressions(operation, { section: '={{ $json.all }}' })).toEqual({
			section: '={{ $json.all }}',
		});
	});

	test('the text of a custom type is hidden unless it is chosen', () => {
		const travelling = {
			fields: [row('type'), row('ownType'), row('other')],
			variants: {
				parameter: 'type',
				travels: true,
				custom: { value: 'own', label: 'Own', field: 'ownType' },
				values: [{ value: 'known', label: 'Known', evidence }],
			},
		} as unknown as Operation;
		const form = { ownType: '={{ 1 }}', other: '={{ 2 }}' };
		expect(withoutHiddenExpressions(travelling, { ...form, type: 'known' }).ownType).toBe('{{ 1 }}');
		expect(withoutHiddenExpressions(travelling, { ...form, type: 'own' }).ownType).toBe('={{ 1 }}');
		expect(withoutHiddenExpressions(travelling, { ...form, type: 'known' }).other).toBe('={{ 2 }}');
	});
});
