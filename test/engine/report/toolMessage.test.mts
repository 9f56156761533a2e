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

test('names the argument of the row at fault only', () => {
	const pair = [
		{ name: 'plan', value: fromAI('plan') },
		{ name: 'orders_total', value: fromAI('total') },
	];
	const message = "'Params' (params) has a value under 'orders_total' that must be a number";
	expect(told('params', { params: { pair } }, message)).toBe(
		`Not sent: ${message}; correct 'total' and call the tool again`,
	);
	expect(told('params', { params: { pair } }, "'Params' (params) is required")).toBe(
		"Not sent: 'Params' (params) is required; correct 'plan' and 'total' and call the tool again",
	);
});

test('a member of a collection that the call has not filled is not blamed on its neighbours', () => {
	expect(told('user.custom', { user: { custom: 'x', ses: fromAI('session') } })).toContain(
		'the workflow sets',
	);
});

test('of several fields that would do, names the one that the call fills', () => {
	const message = "The event has no ID: give 'ID' (id) or 'Age' (age)";
	expect(told('id', { common: { age: fromAI('years') } }, message)).toBe(
		`Not sent: ${message}; correct 'years' and call the tool again`,
	);
});

test('names the argument that has chosen the kind of event', () => {
	const kinds: Operation = {
		...table,
		variants: { parameter: 'kind', travels: false, label: 'Kind', help: '', default: 'a', values: [] },
	};
	const parameters = { kind: fromAI('what'), id: fromAI('my_id') };
	const say = (field: string, message: string) =>
		toolMessage('Not sent', [{ field, message }], 0, kinds, parameters);
	expect(say('kind', "'Kind' must be one of a, b")).toBe(
		"Not sent: 'Kind' must be one of a, b; correct 'what' and call the tool again",
	);
	expect(
		say(
			'id',
			"'ID' (id) is required for B. The event has all that A requires: set 'Kind' (kind) to 'A' (a) in the node, or to an expression if the items differ",
		),
	).toBe(
		"Not sent: 'ID' (id) is required for B. The event has all that A requires: set 'Kind' (kind) to 'A' (a); correct 'my_id' and 'what' and call the tool again",
	);
});

test.each([
	// The vendor has the lines of an order further down than the form.
	[
		'event.order.lines[0].quantity',
		{ lines: fromAI('products'), user: { custom: fromAI('user') } },
		'products',
	],
	// An attribute stands beside the fields, though it came out of an object.
	['city', { paramsJson: fromAI('attributes'), id: fromAI('my_id') }, 'attributes'],
])('finds where the form asks for %s', (field, parameters, name) => {
	expect(told(field, parameters)).toBe(`Not sent: is wrong; correct '${name}' and call the tool again`);
});

test.each([
	[
		'must be an object, not a list of 2; choose one entry, or use the Split Out node to get one item for each',
		'must be an object, not a list of 2; give one object in each call',
	],
	[
		"is the text 'null', which an expression gives when it finds no value; leave the field empty in that case",
		"is the text 'null'; give its real value",
	],
	[
		"holds the text '[object Object]': an expression has put an object into a text; choose one of its fields, or write it with JSON.stringify()",
		"holds the text '[object Object]'; give what the object holds",
	],
	[
		"is too old; see the option 'Maximum Age in Days'",
		'is too old; do not change it if it is true, since the event cannot be sent then',
	],
])('advice for the builder of the workflow becomes advice for the caller: %s', (message, instead) => {
	expect(told('id', { id: fromAI('t') }, message)).toBe(
		`Not sent: ${instead}; correct 't' and call the tool again`,
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
		"Not sent: One is wrong; two is wrong; three is wrong; and 3 more problems, see 'issues'; correct 'a' and call the tool again",
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
