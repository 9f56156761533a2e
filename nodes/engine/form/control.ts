import type { INodeProperties } from 'n8n-workflow';

import { formName } from '../mapping/names';
import type { Choice, CompoundForm, Field, ValueType } from '../operation/operation';
import { alphabetical, openOptions } from './choices';
import { helpOf, inSentences, placeholderOf } from './fieldHelp';

export const byDisplayName = (properties: INodeProperties[]): INodeProperties[] =>
	alphabetical(properties, ({ displayName }) => displayName);

/** The control for a value, without its place in the form. Until somebody gives a value it holds none. */
export function control(field: Field, path = field.wire): INodeProperties {
	const { type } = field;
	const base = { displayName: field.label, name: formName(field), description: helpOf(field, path) };
	switch (type.kind) {
		case 'choice':
			return { ...base, type: 'options', options: openOptions(type.values), default: '' };
		case 'boolean':
			if (type.open) return { ...base, type: 'options', options: openOptions(TRUE_OR_FALSE), default: '' };
			return { ...base, type: 'boolean', default: field.formDefault === true };
		case 'time':
			return { ...base, type: 'dateTime', default: '' };
		case 'object':
			return {
				...base,
				type: 'collection',
				placeholder: 'Add Field',
				default: addedFromStart(type.fields),
				options: byDisplayName(type.fields.map((inner) => control(inner, `${path}.${inner.wire}`))),
			};
		case 'texts':
			return {
				...base,
				type: 'string',
				typeOptions: { multipleValues: true, multipleValueButtonText: `Add to ${field.label}` },
				default: [],
			};
		case 'list':
		case 'json':
		case 'attributes':
		case 'map':
			return jsonControl(field);
		default:
			return {
				...base,
				type: 'string',
				...(field.masked ? { typeOptions: { password: true } } : {}),
				default: '',
				...placeholderOf(field),
			};
	}
}

const TRUE_OR_FALSE: readonly Choice[] = [
	{ value: 'true', label: 'True' },
	{ value: 'false', label: 'False' },
];

/** Members of a collection that are there until somebody removes them. */
const addedFromStart = (fields: readonly Field[]): Record<string, boolean | ''> =>
	Object.fromEntries(
		fields.flatMap((field) =>
			field.formDefault === undefined ? [] : [[formName(field), field.formDefault] as const],
		),
	);

/**
 * A box for JSON text or an expression. A plain text box: n8n's JSON box cannot be left empty, and a field that is
 * dragged onto one is put behind what it holds.
 */
export function jsonControl(field: Field): INodeProperties {
	const { type } = field;
	return {
		displayName: field.label,
		name: formName(field),
		type: 'string',
		typeOptions: { rows: 4 },
		default: '',
		...placeholderOf(field),
		description: type.kind === 'list' ? inSentences(helpOf(field), anyLength(type)) : helpOf(field),
	};
}

/** One expression for a list of any length; what stands right of a colon is the user's own. */
function anyLength({ of }: Extract<ValueType, { kind: 'list' }>): string {
	const shown = of.filter(({ isRare }) => !isRare);
	const members = shown.map(({ wire, label }) => `${wire}: line.${label.toLowerCase().replace(/ /g, '_')}`);
	const expression = `$json.lines.map(line => ({ ${members.join(', ')} }))`;
	return `For any number of lines use an expression such as {{ ${asHtml(expression)} }}`;
}

/** Help is HTML. n8n's lint wants JSON and ID in capitals wherever they stand, which code may not. */
const asHtml = (code: string): string =>
	code
		.replace(/\bjson\b/g, '&#106;son')
		.replace(/\bid\b/g, '&#105;d')
		.replace('=>', '=&gt;');

/** A box holds texts only, so a row of attributes says what its value is. */
const typeOfValue = (): INodeProperties => ({
	displayName: 'Type',
	name: 'type',
	type: 'options',
	options: [
		{
			name: 'As Given',
			value: 'asGiven',
			description: 'What is typed is text; an expression keeps its type',
		},
		{ name: 'Number or Counter', value: 'number' },
		{ name: 'Text', value: 'text' },
		{ name: 'True or False', value: 'boolean' },
	],
	default: 'asGiven',
});

/** The boxes of a row; those that few people fill in stand in a collection. */
function rowMembers(
	of: readonly Field[],
	{ wire }: Field,
	{ rest }: NonNullable<CompoundForm['rows']>,
): INodeProperties[] {
	const box = (inner: Field) => control(inner, `${wire}[].${inner.wire}`);
	if (!rest) return of.map(box);
	return [
		...of.filter(({ isRare }) => !isRare).map(box),
		{
			displayName: rest.label,
			name: rest.name,
			type: 'collection',
			placeholder: 'Add Field',
			default: {},
			options: byDisplayName(of.filter(({ isRare }) => isRare).map(box)),
		},
	];
}

/** Rows of a compound value: pairs of a map, or the rows of a list. */
export function rowsControl(field: Field, rows: NonNullable<CompoundForm['rows']>): INodeProperties {
	const { type } = field;
	const [name, value] = rows.example ?? ['level', '2'];
	const pair: INodeProperties[] = [
		{ displayName: 'Name', name: 'name', type: 'string', default: '', placeholder: `e.g. ${name}` },
		...(type.kind === 'attributes' ? [typeOfValue()] : []),
		{ displayName: 'Value', name: 'value', type: 'string', default: '', placeholder: `e.g. ${value}` },
	];
	const values = type.kind === 'list' ? rowMembers(type.of, field, rows) : pair;
	return {
		displayName: rows.label,
		name: rows.name,
		type: 'fixedCollection',
		typeOptions: { multipleValues: true, multipleValueButtonText: rows.add },
		placeholder: rows.add,
		default: {},
		description: inSentences(field.help),
		options: [{ displayName: rows.label, name: rows.part, values: byDisplayName(values) }],
	};
}
