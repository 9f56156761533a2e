import { expect, test } from '@jest/globals';
import fc from 'fast-check';

import { toolMessage } from '../../../nodes/engine/report/toolMessage.ts';
import type { Json, Operation } from '../../../nodes/engine/operation/operation.ts';
import { row, toy } from '../../support/fakeVendor.mts';

const table: Operation = {
	...toy,
	fields: [
		row('id', { kind: 'text' }),
		row('age', { kind: 'text' }, { section: 'common' }),
		row('user', { kind: 'object', fields: [row('custom', { kind: 'text' })] }),
		row(
			'params',
			{ kind: 'map', name: { min: 1 }, value: { min: 1 } },
			{
				form: {
					json: { name: 'paramsJson', label: 'Params' },
					rows: { name: 'params', part: 'pair', label: 'Params', add: 'Add' },
				},
			},
		),
	],
};
const told = (field: string, parameters: Json, message = 'is wrong') =>
	toolMessage('Not sent', [{ field, message }], 0, table, parameters);
const fromAI = (name: string, quote = "'") => `={{ $fromAI(${quote}${name}${quote}, 'x', 'string') }}`;

test.each([
	['id', { id: fromAI('my_id') }],
	['id', { id: fromAI('my_id', '"') }],
	['id', { id: fromAI('my_id', '`') }],
	['id', { id: "=a-{{ $fromAI( 'my_id' ) }}" }],
	['id', { id: "={{ /*n8n-auto-generated-fromAI-override*/ $fromAI('my_id', ``, 'string') }}" }],
	['age', { common: { age: fromAI('my_id') } }],
	['user.custom', { user: { custom: fromAI('my_id'), ses: fromAI('session') } }],
	['params.level', { paramsJson: fromAI('my_id') }],
	['params.level', { params: { pair: [{ name: 'level', value: fromAI('my_id') }] } }],
])('names the argument that filled %s: %j', (field, parameters) => {
	expect(told(field, parameters)).toBe("Not sent: is wrong; correct 'my_id' and call the tool again");
});

test.each([
	['id', { id: '={{ $json.id }}' }],
	['id', {}],
	['common.age', { common: 'x' }],
	['unknown', { id: fromAI('my_id') }],
])('blames the workflow where no argument filled %s: %j', (field, parameters) => {
	expect(told(field, parameters)).toBe(
		'Not sent: is wrong; the workflow sets this, not the call, so it must be corrected there',
	);
});

test('advice for an expression becomes advice for a value', () => {
	expect(
		told(
			'id',
			{ id: fromAI('t') },
			"is not a time; convert it in the expression with .toDateTime('dd.MM.yyyy')",
		),
	).toBe(
		"Not sent: is not a time; give it as ISO 8601, such as 2026-11-22T09:30:00+03:00; correct 't' and call the tool again",
	);
});

test('three faults are told, the others counted', () => {
	const issues = ['One', 'Two', 'Three', 'Four'].map((word) => ({
		field: 'id',
		message: `${word} is wrong`,
	}));
	expect(toolMessage('Not sent', issues, 2, table, { id: fromAI('a') })).toBe(
		"Not sent: One is wrong; two is wrong; three is wrong; and 3 more faults, see 'issues'; correct 'a' and call the tool again",
	);
});

test('whatever stands in the parameters, a sentence comes out', () => {
	fc.assert(
		fc.property(fc.string(), fc.json(), (field, json) => {
			const parameters = { id: JSON.parse(json), common: JSON.parse(json), user: JSON.parse(json) } as Json;
			expect(told(field, parameters)).toMatch(/^Not sent: is wrong/);
		}),
	);
});
