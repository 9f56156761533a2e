import { describe, expect, test } from '@jest/globals';
import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { typeInWords } from '../../../nodes/engine/form/fieldHelp.ts';
import { control } from '../../../nodes/engine/form/control.ts';
import { formOf } from '../../../nodes/engine/form/form.ts';
import type {
	Choice,
	EventVariants,
	Field,
	Operation,
	ParameterVariants,
	Variant,
	ValueType,
} from '../../../nodes/engine/operation/operation.ts';
import { row, toy } from '../../support/fakeVendor.mts';

const choices = (...values: string[]): Choice[] =>
	values.map((value) => ({ value, label: value.toUpperCase() }));
const variant = (value: string, more: Partial<Variant> = {}): Variant => ({
	value,
	label: value.toUpperCase(),
	evidence: 'documented',
	...more,
});
const platform = (values: Record<string, Partial<Variant>>): { variants: ParameterVariants } => ({
	variants: {
		parameter: 'platform',
		travels: false,
		label: 'Platform',
		help: 'Where it happened',
		values: Object.entries(values).map(([value, more]) => variant(value, more)),
		default: 'app',
	},
});
const types = (values: Record<string, Partial<Variant>>): { variants: EventVariants } => ({
	variants: {
		parameter: 'type',
		travels: true,
		values: Object.entries(values).map(([value, more]) => variant(value, more)),
		custom: { value: 'own', label: 'Own', field: 'ownType' },
	},
});
const NEEDS_IT: Partial<Variant> = { needs: [{ field: 'it' }] };
const text: ValueType = { kind: 'text' };

const FRAME = ['mappingMode', 'inputField', 'sendAs', 'options'];
const form = (fields: readonly Field[], more: Partial<Operation> = {}) => formOf({ ...toy, fields, ...more });
/** The form without what every operation has. */
const ownOf = (fields: readonly Field[], more: Partial<Operation> = {}) =>
	form(fields, more).filter(
		({ name, type }) => !FRAME.includes(name) && name !== 'platform' && type !== 'hidden',
	);
const controlOf = (type: ValueType, more: Partial<Field> = {}) => ownOf([row('it', type, more)])[0];
const inCollection = (fields: readonly Field[]) =>
	ownOf(
		fields.map((field) => ({ ...field, section: 'more' })),
		{ sections: [{ name: 'more', label: 'More' }] },
	)[0];
const namesOf = (properties: readonly unknown[] | undefined) =>
	(properties as INodeProperties[]).map(({ name }) => name);
const labelsOf = (property: INodeProperties) =>
	(property.options as INodeProperties[]).map(({ displayName }) => displayName);
const valuesOf = (property: INodeProperties) =>
	(property.options as INodePropertyOptions[]).map(({ name, value }) => [name, value]);

const BELOW = { mappingMode: ['defineBelow'] };
const IS_EXPRESSION = { _cnd: { startsWith: '=' } };
/** Where a control is shown, and whether n8n insists on it. */
const placeOf = ({ name, required, displayOptions }: INodeProperties) => ({
	name,
	required,
	...displayOptions,
});

describe('what a value may be, in words', () => {
	test.each<[ValueType, string]>([
		[text, 'text'],
		[{ kind: 'text', min: 3 }, 'text of at least 3 characters'],
		[{ kind: 'text', max: 9 }, 'text of at most 9 characters'],
		[{ kind: 'text', min: 1, max: 9 }, 'text of at most 9 characters'],
		[{ kind: 'text', min: 2, max: 9 }, 'text of 2 to 9 characters'],
		[{ kind: 'text', length: 3, max: 9 }, 'text of exactly 3 characters'],
		[{ kind: 'text', pattern: { is: /x/, description: 'an x' } }, 'an x'],
		[
			{ kind: 'text', max: 9, pattern: { is: /x/, description: 'an x' } },
			'text of at most 9 characters, an x',
		],
		[{ kind: 'integer', as: 'text' }, 'whole number'],
		[{ kind: 'integer', as: 'text', min: 1n }, 'whole number of at least 1'],
		[{ kind: 'integer', as: 'text', max: 9n }, 'whole number of at most 9'],
		[{ kind: 'integer', as: 'text', min: 1n, max: 9n }, 'whole number from 1 to 9'],
		[{ kind: 'decimal', as: 'number' }, 'number'],
		[{ kind: 'decimal', as: 'number', min: 0 }, 'number of at least 0'],
		[{ kind: 'decimal', as: 'number', above: 0 }, 'number above 0'],
		[{ kind: 'decimal', as: 'text', min: 1, max: 100 }, 'number from 1 to 100'],
		[
			{ kind: 'decimal', as: 'number', min: 0, places: { after: 4 } },
			'number of at least 0 with at most 4 digits after the point',
		],
		[{ kind: 'text', maxBytes: 255 }, 'text of at most 255 bytes'],
		[
			{
				kind: 'choice',
				values: [
					{ value: '0', label: 'No' },
					{ value: 'EUR', label: 'EUR' },
				],
			},
			'one of 0 (No), EUR',
		],
		[{ kind: 'choice', open: true, values: choices('a', 'b') }, 'text, such as a (A), b (B)'],
		[
			{ kind: 'choice', open: { is: /x/, description: 'a, b or what has an x' }, values: choices('a', 'b') },
			'a, b or what has an x',
		],
		[{ kind: 'boolean' }, 'true or false'],
		[{ kind: 'time', as: 'secondsText' }, 'time: Unix seconds, ISO 8601 or a date'],
		[{ kind: 'time', as: 'millisNumber' }, 'time: Unix seconds or milliseconds, ISO 8601 or a date'],
		[{ kind: 'json', as: 'text' }, 'object or its JSON text'],
		[{ kind: 'object', fields: [] }, 'object'],
		[{ kind: 'list', of: [] }, 'list or its JSON text'],
		[{ kind: 'texts' }, 'list of texts'],
		[{ kind: 'map', name: { min: 1 }, value: { min: 1 } }, 'names and text values'],
		[{ kind: 'decimal', as: 'text' }, 'number'],
		[
			{ kind: 'decimal', as: 'text', min: 0, places: { before: 10, after: 8 } },
			'number of at least 0 with at most 10 digits before and 8 after the point',
		],
		[{ kind: 'json', as: 'text', maxBytes: 30_720 }, 'object or its JSON text of at most 30,720 bytes'],
		[{ kind: 'texts', as: 'bracketed' }, 'list of texts without commas, quotes or brackets'],
		[{ kind: 'attributes' }, 'names with texts, numbers, true or false'],
	])('%p', (type, words) => expect(typeInWords(row('it', type))).toBe(words));
});

describe('the help', () => {
	test.each<[string, ValueType, Partial<Field>, string]>([
		['one sentence has no full stop', text, { help: 'Who it was.' }, 'Who it was'],
		[
			'a second says what the value may be',
			{ kind: 'text', max: 9 },
			{ help: 'Who it was' },
			'Who it was. Text of at most 9 characters.',
		],
		['but not that a text is text', text, { help: 'Who it was' }, 'Who it was'],
		['nor that an object is one', { kind: 'object', fields: [] }, { help: 'The cart' }, 'The cart'],
		[
			'nor what the choice itself shows',
			{ kind: 'choice', values: choices('a') },
			{ help: 'The kind' },
			'The kind',
		],
		['nor that a switch is one', { kind: 'boolean' }, { help: 'Whether it was' }, 'Whether it was'],
		[
			'the last says what the vendor assumes',
			{ kind: 'choice', values: choices('a') },
			{ help: 'The kind.', vendorDefault: 'a' },
			'The kind. If not set, the vendor assumes a.',
		],
		[
			'of a time, in which zone it is read',
			{ kind: 'time', as: 'secondsText' },
			{ help: 'When it was' },
			"When it was. Time: Unix seconds, ISO 8601 or a date. A time without a zone is read in the workflow's time zone.",
		],
		[
			'all three',
			{ kind: 'integer', as: 'text', min: 1n },
			{ help: 'How many', vendorDefault: '1' },
			'How many. Whole number of at least 1. If not set, the vendor assumes 1.',
		],
	])('%s', (_, type, more, help) => expect(controlOf(type, more).description).toBe(help));
});

describe('the control', () => {
	test.each<[ValueType, Partial<INodeProperties>]>([
		[text, { type: 'string', default: '' }],
		[
			{ kind: 'integer', as: 'text' },
			{ type: 'string', default: '' },
		],
		[
			{ kind: 'decimal', as: 'number' },
			{ type: 'string', default: '' },
		],
		[{ kind: 'boolean' }, { type: 'boolean', default: false }],
		[
			{ kind: 'boolean', open: true },
			{
				type: 'options',
				options: [
					{ name: 'True', value: 'true' },
					{ name: 'False', value: 'false' },
					{ name: 'Not Set', value: '' },
				],
				default: '',
			},
		],
		[
			{ kind: 'time', as: 'secondsText' },
			{ type: 'dateTime', default: '' },
		],
		[
			{ kind: 'json', as: 'object' },
			{ type: 'string', typeOptions: { rows: 4 }, default: '' },
		],
		[
			{ kind: 'map', name: { min: 1 }, value: { min: 1 } },
			{ type: 'string', typeOptions: { rows: 4 }, default: '' },
		],
		[
			{ kind: 'list', of: [] },
			{ type: 'string', typeOptions: { rows: 4 }, default: '' },
		],
		[
			{ kind: 'texts' },
			{
				type: 'string',
				typeOptions: { multipleValues: true, multipleValueButtonText: 'Add to It' },
				default: [],
			},
		],
		[
			{ kind: 'object', fields: [] },
			{ type: 'collection', placeholder: 'Add Field', default: {}, options: [] },
		],
	])('of %p', (type, control) => {
		const { displayName, name, description, displayOptions, ...rest } = controlOf(type);
		expect(rest).toEqual(control);
		expect([displayName, name, typeof description, displayOptions]).toEqual([
			'It',
			'it',
			'string',
			{ show: BELOW },
		]);
	});

	test('has the name that the form gives it', () => {
		expect(controlOf(text, { formName: 'theirs' }).name).toBe('theirs');
	});

	test.each<[ValueType, unknown, string | undefined]>([
		[text, 'ann', 'e.g. ann'],
		[{ kind: 'integer', as: 'text' }, 5, 'e.g. 5'],
		[{ kind: 'list', of: [] }, [{ a: 1 }], 'e.g. [{"a":1}]'],
		[text, undefined, undefined],
		[{ kind: 'time', as: 'secondsText' }, '2026-11-22', undefined],
	])('of %p with the example %j shows %j', (type, example, placeholder) => {
		expect(controlOf(type, { example }).placeholder).toBe(placeholder);
	});
});

describe('a choice', () => {
	const kinds = (...values: string[]) => ({ kind: 'choice', values: choices(...values) }) as const;

	test('begins as not set, where the user did not add it', () => {
		expect(controlOf(kinds('b', 'a'), { vendorDefault: 'a' })).toMatchObject({
			type: 'options',
			default: '',
		});
		expect(valuesOf(controlOf(kinds('b', 'a')))).toEqual([
			['B', 'b'],
			['A', 'a'],
			['Not Set', ''],
		]);
	});

	test('also begins as not set where the user added it, whatever the vendor assumes', () => {
		const { options } = inCollection([
			row('one', kinds('b', 'a')),
			row('two', kinds('b', 'a'), { vendorDefault: 'a' }),
		]);
		const [one, two] = options as INodeProperties[];
		expect([one.type, one.default, two.default]).toEqual(['options', '', '']);
		expect(valuesOf(one)).toEqual([
			['B', 'b'],
			['A', 'a'],
			['Not Set', ''],
		]);
	});

	test('of five and more stands in the order of the alphabet, with Not Set among them', () => {
		const of = (control: INodeProperties) => valuesOf(control).map(([name]) => name);
		expect(of(controlOf(kinds('z', 'b', 'a')))).toEqual(['Z', 'B', 'A', 'Not Set']);
		expect(of(controlOf(kinds('z', 'q', 'b', 'a')))).toEqual(['A', 'B', 'Not Set', 'Q', 'Z']);
		expect(
			of((inCollection([row('one', kinds('z', 'q', 'b', 'a'))]).options as INodeProperties[])[0]),
		).toEqual(['A', 'B', 'Not Set', 'Q', 'Z']);
		expect(
			of((inCollection([row('one', kinds('z', 'q', 'm', 'b', 'a'))]).options as INodeProperties[])[0]),
		).toEqual(['A', 'B', 'M', 'Not Set', 'Q', 'Z']);
	});

	test('explains what its labels do not say', () => {
		const values = [
			{ value: 'a', label: 'A', help: 'The first' },
			{ value: 'b', label: 'B', help: 'B' },
			{ value: 'c', label: 'C' },
		];
		expect(controlOf({ kind: 'choice', values }).options).toEqual([
			{ name: 'A', value: 'a', description: 'The first' },
			{ name: 'B', value: 'b' },
			{ name: 'C', value: 'c' },
			{ name: 'Not Set', value: '' },
		]);
	});
});

describe('a required field', () => {
	test('is marked, unless no page says that it is required', () => {
		const fields = [
			row('it', text, { required: true }),
			row('also', text, { required: 'vendor code' }),
			row('guess', text, { required: true, evidence: 'inferred' }),
		];
		expect(ownOf(fields).map(placeOf)).toEqual([
			{ name: 'it', required: true, show: BELOW },
			{ name: 'also', show: BELOW },
			{ name: 'guess', show: BELOW },
		]);
		expect(ownOf(fields, { clientStandsIn: true }).map(({ required }) => required)).toEqual([
			true,
			true,
			undefined,
		]);
	});

	test('under some choices is two controls, of which an expression shows the one on which nothing insists', () => {
		const operation = platform({ app: NEEDS_IT, web: {}, tv: {} });
		expect(ownOf([row('it', text)], operation).map(placeOf)).toEqual([
			{ name: 'it', required: true, show: BELOW, hide: { platform: ['web', 'tv', IS_EXPRESSION] } },
			{ name: 'it', show: { ...BELOW, platform: ['web', 'tv'] } },
		]);
	});

	test('shown under some choices only is optional under the rest of those', () => {
		const operation = platform({
			app: { ...NEEDS_IT, knows: ['it'] },
			web: { knows: ['it'] },
			tv: { knows: [] },
		});
		expect(ownOf([row('it', text)], operation).map(placeOf)).toEqual([
			{ name: 'it', required: true, show: BELOW, hide: { platform: ['web', 'tv', IS_EXPRESSION] } },
			{ name: 'it', show: { ...BELOW, platform: ['web'] } },
		]);
	});

	test('wherever it is shown is optional for an expression alone', () => {
		const operation = platform({ app: { ...NEEDS_IT, knows: ['it'] }, web: { knows: [] } });
		expect(ownOf([row('it', text)], operation).map(placeOf)[1]).toEqual({
			name: 'it',
			show: { ...BELOW, platform: [IS_EXPRESSION] },
		});
	});

	test('by the value of another field is one control for each such value and one for all others', () => {
		const operation = types({
			a: { ...NEEDS_IT, knows: ['it'] },
			b: { ...NEEDS_IT, knows: ['it'] },
			c: { knows: [] },
			d: {},
		});
		const own = ownOf([row('type', text), row('it', text)], operation);
		expect(own.filter(({ name }) => name === 'it').map(placeOf)).toEqual([
			{ name: 'it', required: true, show: BELOW, hide: { type: [{ _cnd: { not: 'a' } }] } },
			{ name: 'it', required: true, show: BELOW, hide: { type: [{ _cnd: { not: 'b' } }] } },
			{ name: 'it', show: BELOW, hide: { type: ['', 'c', 'a', 'b'] } },
		]);
	});

	test('by the value of another field is blank from the start, also where it is a choice', () => {
		const own = ownOf([row('it', { kind: 'choice', values: choices('b') })], types({ a: NEEDS_IT }));
		expect(own.map((property) => [property.default, valuesOf(property).at(-1)])).toEqual([
			['', ['Not Set', '']],
			['', ['Not Set', '']],
		]);
	});

	test('by the vendor’s code alone is not marked, but comes early', () => {
		const operation = types({ a: { needs: [{ field: 'it', evidence: 'vendor code' }] } });
		expect(ownOf([row('other', text), row('it', text)], operation).map(placeOf)).toEqual([
			{ name: 'it', show: BELOW },
			{ name: 'other', show: BELOW },
		]);
	});

	test('the name of a type of one’s own is required with that choice and hidden with all others', () => {
		expect(ownOf([row('ownType', text)], types({ a: {} })).map(placeOf)).toEqual([
			{ name: 'ownType', required: true, show: BELOW, hide: { type: [{ _cnd: { not: 'own' } }] } },
			{ name: 'ownType', show: BELOW, hide: { type: ['', 'a', 'own'] } },
		]);
	});
});

describe('a field that only some variants know', () => {
	test('is shown for those, and for a type of one’s own', () => {
		const fields = [row('it', text), row('also', text)];
		expect(ownOf(fields, types({ a: { knows: ['it'] }, b: { knows: [] }, c: {} })).map(placeOf)).toEqual([
			{ name: 'it', show: BELOW, hide: { type: ['', 'b'] } },
			{ name: 'also', show: BELOW },
		]);
		expect(ownOf(fields, platform({ a: { knows: ['it'] }, b: { knows: [] }, c: {} })).map(placeOf)).toEqual([
			{ name: 'it', show: { ...BELOW, platform: ['a', 'c'] } },
			{ name: 'also', show: BELOW },
		]);
	});

	test('a collection is shown wherever one of its fields is', () => {
		const fields = [row('it', text, { section: 'more' }), row('also', text, { section: 'more' })];
		const operation = {
			...platform({ a: { knows: ['it'] }, b: { knows: ['also'] }, c: { knows: [] } }),
			sections: [{ name: 'more', label: 'More' }],
		};
		expect(ownOf(fields, operation).map(placeOf)).toEqual([
			{ name: 'more', show: { ...BELOW, platform: ['a', 'b'] } },
		]);
	});
});

describe('a compound value', () => {
	const map = { kind: 'map', name: { min: 1 }, value: { min: 1 } } as const;
	const rows = { name: 'paramsRows', part: 'pair', label: 'Params', add: 'Add Param' };
	const json = { name: 'paramsJson', label: 'Params (JSON)' };
	const params = (more: Partial<Field> = {}, type: ValueType = map) =>
		ownOf([row('params', type, { help: 'What else', form: { rows, json }, ...more })]);

	test('is given in rows, or as JSON in a box below them', () => {
		expect(params()).toEqual([
			{
				displayName: 'Params',
				name: 'paramsRows',
				description: 'What else',
				type: 'fixedCollection',
				typeOptions: { multipleValues: true, multipleValueButtonText: 'Add Param' },
				placeholder: 'Add Param',
				default: {},
				options: [
					{
						displayName: 'Params',
						name: 'pair',
						values: [
							{ displayName: 'Name', name: 'name', type: 'string', default: '', placeholder: 'e.g. level' },
							{ displayName: 'Value', name: 'value', type: 'string', default: '', placeholder: 'e.g. 2' },
						],
					},
				],
				displayOptions: { show: BELOW },
			},
			{
				displayName: 'Params (JSON)',
				name: 'paramsJson',
				description: 'Instead of the rows above. What else. Names and text values.',
				type: 'string',
				typeOptions: { rows: 4 },
				default: '',
				displayOptions: { show: BELOW },
			},
		]);
	});

	test('has a choice of both where the table names one', () => {
		const [mode, ...parts] = params({ form: { rows, json, rowsMode: 'pairs' } });
		expect(mode).toEqual({
			displayName: 'Specify Params',
			name: 'paramsMode',
			description: "How to give 'Params'",
			type: 'options',
			noDataExpression: true,
			options: [
				{ name: 'Using Fields Below', value: 'pairs', description: 'Fill in one row for each' },
				{
					name: 'Using JSON',
					value: 'json',
					description: 'Give JSON text, or an expression that returns an object or a list',
				},
			],
			default: 'pairs',
			displayOptions: { show: BELOW },
		});
		expect(parts.map(placeOf)).toEqual([
			{ name: 'paramsRows', show: { ...BELOW, paramsMode: ['pairs'] } },
			{ name: 'paramsJson', show: { ...BELOW, paramsMode: ['json'] } },
		]);
	});

	test('an empty row of names and values shows an example of the table', () => {
		const [inRows] = params({ form: { rows: { ...rows, example: ['sum', '10'] }, json } });
		const [{ values }] = inRows.options as Array<{ values: INodeProperties[] }>;
		expect(values.map(({ placeholder }) => placeholder)).toEqual(['e.g. sum', 'e.g. 10']);
	});

	test('a list shows the expression for any number of lines', () => {
		const list: ValueType = { kind: 'list', of: [row('id', text), row('price', text)] };
		const [, asJson] = params({}, list);
		expect(asJson.description).toBe(
			'Instead of the rows above. What else. List or its JSON text. For any number of lines use an expression such as {{ $&#106;son.lines.map(line =&gt; ({ &#105;d: line.&#105;d, price: line.price })) }}.',
		);
	});

	test('shows and hides all its parts where the variants do', () => {
		const hide = { type: ['', 'b'] };
		const parts = (form: Field['form']) =>
			ownOf(
				[row('params', { kind: 'map', name: { min: 1 }, value: { min: 1 } }, { form })],
				types({ a: { knows: ['params'] }, b: { knows: [] } }),
			).map(placeOf);
		expect(parts({ rows, json })).toEqual([
			{ name: 'paramsRows', show: BELOW, hide },
			{ name: 'paramsJson', show: BELOW, hide },
		]);
		expect(parts({ rows, json, rowsMode: 'pairs' })).toEqual([
			{ name: 'paramsMode', show: BELOW, hide },
			{ name: 'paramsRows', show: { ...BELOW, paramsMode: ['pairs'] }, hide },
			{ name: 'paramsJson', show: { ...BELOW, paramsMode: ['json'] }, hide },
		]);
		expect(parts({ json })).toEqual([{ name: 'paramsJson', show: BELOW, hide }]);
	});

	test('of rows with fields of their own asks for each', () => {
		const [inRows] = params(
			{},
			{ kind: 'list', of: [row('name', text), row('kind', { kind: 'choice', values: choices('b', 'a') })] },
		);
		const [{ values }] = inRows.options as Array<{ values: INodeProperties[] }>;
		expect(values.map(({ name, type, default: value }) => [name, type, value])).toEqual([
			['name', 'string', ''],
			['kind', 'options', ''],
		]);
	});

	test('of rows with rare members asks for those in a collection', () => {
		const members = [row('id', text), row('z', text, { isRare: true }), row('a', text, { isRare: true })];
		const rest = { name: 'more', label: 'More' };
		const [inRows, asJson] = params(
			{ form: { rows: { ...rows, rest }, json } },
			{ kind: 'list', of: members },
		);
		const [{ values }] = inRows.options as Array<{ values: INodeProperties[] }>;
		expect(values.map(({ name, type, options }) => [name, type, namesOf(options ?? [])])).toEqual([
			['id', 'string', []],
			['more', 'collection', ['z', 'a']],
		]);
		// The expression for many lines shows the members that everybody has.
		expect(asJson.description).toContain('({ &#105;d: line.&#105;d })');
	});

	test('a text that is masked shows dots', () => {
		const [masked] = ownOf([row('token', text, { masked: true })]);
		expect(masked).toMatchObject({ type: 'string', typeOptions: { password: true }, default: '' });
	});

	test('of five and more fields asks in the order of the alphabet', () => {
		const order = (...names: string[]) => {
			const [inRows] = params({}, { kind: 'list', of: names.map((name) => row(name, text)) });
			return namesOf((inRows.options as Array<{ values: INodeProperties[] }>)[0].values);
		};
		expect(order('d', 'c', 'b', 'a')).toEqual(['d', 'c', 'b', 'a']);
		expect(order('e', 'd', 'c', 'b', 'a')).toEqual(['a', 'b', 'c', 'd', 'e']);
	});
});

describe('a collection', () => {
	const fields = ['e', 'd', 'c', 'b', 'a'].map((name) => row(name, text));

	test('holds the fields of its section, of those that have any, in the order of the sections', () => {
		const sections = [
			{ name: 'one', label: 'The One', help: 'Those' },
			{ name: 'two', label: 'Two' },
		];
		const own = ownOf(
			[row('x', text, { section: 'two' }), row('y', text, { section: 'one' }), row('z', text)],
			{ sections },
		);
		expect(own.slice(1)).toEqual([
			{
				displayName: 'The One',
				name: 'one',
				type: 'collection',
				placeholder: 'Add Field',
				default: {},
				description: 'Those',
				options: [{ displayName: 'Y', name: 'y', description: '', type: 'string', default: '' }],
				displayOptions: { show: BELOW },
			},
			{
				displayName: 'Two',
				name: 'two',
				type: 'collection',
				placeholder: 'Add Field',
				default: {},
				options: [{ displayName: 'X', name: 'x', description: '', type: 'string', default: '' }],
				displayOptions: { show: BELOW },
			},
		]);
	});

	test('of five and more fields stands in the order of their labels', () => {
		expect(labelsOf(inCollection(fields))).toEqual(['A', 'B', 'C', 'D', 'E']);
		expect(labelsOf(inCollection(fields.slice(1)))).toEqual(['D', 'C', 'B', 'A']);
		expect(labelsOf(inCollection(fields.map((field, at) => ({ ...field, label: '12345'[at] }))))).toEqual([
			'1',
			'2',
			'3',
			'4',
			'5',
		]);
	});

	test('of an object holds its fields, as if the user had added each', () => {
		const choice: ValueType = { kind: 'choice', values: choices('b') };
		expect(labelsOf(controlOf({ kind: 'object', fields }))).toEqual(['A', 'B', 'C', 'D', 'E']);
		expect(
			(controlOf({ kind: 'object', fields: [row('x', choice)] }).options as INodeProperties[])[0].default,
		).toBe('');
	});
});

describe('boxes that a variant offers', () => {
	const rows = { name: 'moreRows', part: 'pair', label: 'More', add: 'Add' };
	const json = { name: 'more', label: 'More (JSON)' };
	const more = row(
		'more',
		{ kind: 'object', fields: [row('orderId', text), row('total', text)], free: true },
		{ form: { rows, json } },
	);

	test('stand above the rows to which they belong, under its choice', () => {
		const own = ownOf([more], types({ a: { offers: ['more.total'] }, b: { offers: ['more.total'] }, c: {} }));
		expect(own.map(placeOf)).toEqual([
			{ name: 'total', show: BELOW, hide: { type: ['', 'own', 'c', { _cnd: { startsWith: '=' } }] } },
			{ name: 'moreRows', show: BELOW },
			{ name: 'more', show: BELOW },
		]);
	});

	test('for fields that only a variant has stand after the others', () => {
		const query = row('query', text);
		const own = ownOf(
			[row('it', text)],
			types({ a: { own: [query], offers: ['query'] }, b: { own: [query] } }),
		);
		expect(own.map(placeOf)).toEqual([
			{ name: 'it', show: BELOW },
			{ name: 'query', show: BELOW, hide: { type: ['', 'own', 'b', { _cnd: { startsWith: '=' } }] } },
		]);
	});
});

test('an example may follow the variant', () => {
	const own = ownOf(
		[row('title', text, { example: 'Add to Cart' })],
		types({ a: { examples: { title: 'Login' } }, b: {} }),
	);
	expect(own.map((property) => [property.placeholder, property.displayOptions?.hide])).toEqual([
		['e.g. Login', { type: [{ _cnd: { not: 'a' } }] }],
		['e.g. Add to Cart', { type: ['a'] }],
	]);
});

describe('notices', () => {
	test('stand above the fields, under the choices they are for', () => {
		const notices = [
			{ text: 'Fill in one of both' },
			{ text: 'Of the web', variants: { platform: ['web'] } },
		];
		const own = form([row('it', text)], { ...platform({ app: {}, web: {} }), notices });
		expect(own.slice(3, 5)).toEqual([
			{
				displayName: 'Fill in one of both',
				name: 'notice1',
				type: 'notice',
				default: '',
				displayOptions: { show: BELOW },
			},
			{
				displayName: 'Of the web',
				name: 'notice2',
				type: 'notice',
				default: '',
				displayOptions: { show: { ...BELOW, platform: ['web'] } },
			},
		]);
		expect(namesOf(own)[5]).toBe('it');
	});
});

describe('the whole form', () => {
	test('asks for groups before what is given in rows, and for what is rare at its end', () => {
		const own = form([
			row('seldom', text, { isRare: true }),
			row(
				'props',
				{ kind: 'map', name: { min: 1 }, value: { min: 1 } },
				{ form: { json: { name: 'props', label: 'Props' } } },
			),
			row('user', { kind: 'object', fields: [] }),
			row('plain', text),
		]);
		expect(namesOf(own)).toEqual([
			'mappingMode',
			'inputField',
			'plain',
			'user',
			'props',
			'seldom',
			'sendAs',
			'options',
		]);
	});

	test('asks for what may be required first, for objects after the plain fields, for collections last', () => {
		const own = form(
			[
				row('free', text),
				row('object', { kind: 'object', fields: [] }),
				row('inside', text, { section: 'more' }),
				row('sometimes', text),
				row('always', text, { required: true }),
				row('needed', { kind: 'object', fields: [] }, { required: true }),
			],
			{
				...platform({ app: { needs: [{ field: 'sometimes' }] }, web: {} }),
				sections: [{ name: 'more', label: 'More' }],
			},
		);
		expect(namesOf(own)).toEqual([
			'mappingMode',
			'inputField',
			'platform',
			'sometimes',
			'sometimes',
			'always',
			'free',
			'needed',
			'object',
			'more',
			'sendAs',
			'options',
		]);
	});

	test('begins with where the event comes from', () => {
		const [mode, inputField] = form([]);
		expect(mode).toMatchObject({ type: 'options', noDataExpression: true, default: 'defineBelow' });
		expect(valuesOf(mode)).toEqual([
			['Map Each Field Below', 'defineBelow'],
			['Map Automatically', 'autoMapInputData'],
		]);
		expect((mode.options?.[1] as INodePropertyOptions).description).toBe(
			"Use the incoming item as the event. Its fields must have Toy's own names.",
		);
		expect(inputField).toMatchObject({
			type: 'string',
			noDataExpression: true,
			default: '',
			displayOptions: { show: { mappingMode: ['autoMapInputData'] } },
		});
	});

	test('the choice on which rules depend is asked in both modes, and may be an expression', () => {
		const property = form([], platform({ z: {}, y: {}, x: {}, b: {}, a: {} }))[2];
		expect(property).toEqual({
			displayName: 'Platform',
			name: 'platform',
			description: 'Where it happened',
			type: 'options',
			options: ['z', 'y', 'x', 'b', 'a'].map((value) => ({ name: value.toUpperCase(), value })),
			default: 'app',
		});
	});

	test('ends with how it is sent', () => {
		const [sendAs] = form([]).slice(-2);
		expect(sendAs).toEqual({
			displayName: 'Send As',
			name: 'sendAs',
			description: 'How many events to send in one request',
			type: 'options',
			noDataExpression: true,
			options: [
				{ name: 'Batch', value: 'batch', description: 'Up to 1,000 events in one request' },
				{ name: 'Single', value: 'single', description: 'One request for each event' },
			],
			default: 'batch',
		});
		expect(form([], { defaults: { ...toy.defaults, sendAs: 'single' } }).at(-2)?.default).toBe('single');
	});

	test('has an option for each setting, with its range in the help', () => {
		const options = form([], {
			options: [
				{ name: 'count', label: 'Count', help: 'How many.', type: 'number', default: 5, min: 0, max: 36_500 },
				{ name: 'exact', label: 'Exact', help: 'Whether it is', type: 'boolean', default: true },
				{
					name: 'kind',
					label: 'Kind',
					help: 'Which one',
					type: 'options',
					default: 'b',
					values: choices('b', 'a'),
				},
				{ name: 'word', label: 'Word', help: 'Any word', type: 'string', default: 'x', perItem: true },
			],
		}).at(-1);
		expect(options).toMatchObject({ type: 'collection', placeholder: 'Add Option', default: {} });
		const own = (options?.options as INodeProperties[]).filter(({ name }) =>
			['count', 'exact', 'kind', 'word'].includes(name),
		);
		expect(own).toEqual([
			{
				displayName: 'Count',
				name: 'count',
				description: 'How many. From 0 to 36,500.',
				noDataExpression: true,
				type: 'number',
				typeOptions: { minValue: 0, maxValue: 36_500 },
				default: 5,
			},
			{
				displayName: 'Exact',
				name: 'exact',
				description: 'Whether it is',
				noDataExpression: true,
				type: 'boolean',
				default: true,
			},
			{
				displayName: 'Kind',
				name: 'kind',
				description: 'Which one',
				noDataExpression: true,
				type: 'options',
				options: [
					{ name: 'B', value: 'b' },
					{ name: 'A', value: 'a' },
				],
				default: 'b',
			},
			{ displayName: 'Word', name: 'word', description: 'Any word', type: 'string', default: 'x' },
		]);
	});
});

test('a collection has from the start what its members say', () => {
	const fields = [
		row('a', { kind: 'boolean' }, { formDefault: true }),
		row('b', { kind: 'boolean' }, { formDefault: false, formName: 'bee' }),
		row('c', { kind: 'boolean' }),
		row('d', { kind: 'text' }, { formDefault: '' }),
	];
	const { default: value, options } = control(row('it', { kind: 'object', fields }));
	expect(value).toEqual({ a: true, bee: false, d: '' });
	expect((options as INodeProperties[]).map(({ default: own }) => own)).toEqual([true, false, false, '']);
});

test('what only an incoming item has is not in the form, nor is a batch where there is none', () => {
	const own = {
		...toy,
		oneByOne: true as const,
		fields: [row('id', text), row('event', text, { itemOnly: true })],
	};
	const names = formOf(own).map(({ name }) => name);
	expect(names).toContain('id');
	for (const name of ['event', 'sendAs']) expect(names).not.toContain(name);
	const options = formOf(own).find(({ name }) => name === 'options')?.options as INodeProperties[];
	for (const name of ['batchSize', 'onRejectedBatch'])
		expect(options.map((option) => option.name)).not.toContain(name);
});
