import omit from 'lodash/omit';
import type { DisplayCondition, INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { formName, rowsMode, UNTOUCHED_JSON } from '../mapping/mapping';
import { isRequired } from '../check/schema';
import { settingRows } from '../operation/settings';
import type {
	Choice,
	Field,
	Operation,
	Section,
	Selector,
	SettingRow,
	ShowWhen,
} from '../operation/operation';
import { boundsInWords } from '../check/numbers';

const NOT_SET: Choice = { value: '', label: 'Not Set' };
/** A choice given by an expression is not known in the editor. */
const IS_EXPRESSION = { _cnd: { startsWith: '=' } };

const asOptions = (values: readonly Choice[]): INodePropertyOptions[] =>
	values.map(({ value, label, help }) => ({
		name: label,
		value,
		...(help && help !== label ? { description: help } : {}),
	}));

/** n8n wants five and more options in the order of the alphabet. */
const alphabetical = <T>(entries: T[], label: (entry: T) => string): T[] =>
	entries.length < 5
		? entries
		: [...entries].sort((one, other) => label(one).localeCompare(label(other), 'en'));

const named = (displayName: string, name: string, description: string) => ({
	displayName,
	name,
	description,
});

const byDisplayName = (properties: INodeProperties[]) =>
	alphabetical(properties, ({ displayName }) => displayName);

/** What a value may be, in words for the help and the reference. */
export function typeInWords(field: Field): string {
	const { type } = field;
	switch (type.kind) {
		case 'text':
			if (type.length !== undefined) return `text of exactly ${type.length} characters`;
			if (type.max === undefined)
				return type.pattern
					? type.pattern.description
					: (type.min ?? 1) > 1
						? `text of at least ${type.min} characters`
						: 'text';
			return (type.min ?? 1) > 1
				? `text of ${type.min} to ${type.max} characters`
				: `text of at most ${type.max} characters`;
		case 'integer':
			return `whole number ${boundsInWords(type.min, type.max)}`.trimEnd();
		case 'decimal':
			return `number ${boundsInWords(type.min, undefined)}`.trimEnd();
		case 'choice':
			if (typeof type.open === 'object') return type.open.description;
			return `${type.open ? 'text, such as' : 'one of'} ${type.values.map(({ value, label }) => (value === label ? value : `${value} (${label})`)).join(', ')}`;
		case 'boolean':
			return 'true or false';
		case 'time':
			return 'time: Unix seconds, ISO 8601 or a date';
		case 'json':
			return 'object or its JSON text';
		case 'object':
			return 'object';
		case 'list':
			return 'list or its JSON text';
		case 'texts':
			return 'list of texts';
		case 'map':
			return 'names and text values';
	}
}

/** One sentence without a full stop, or several with one, as n8n's guidelines want it. */
function helpOf(field: Field): string {
	const sentences = [field.help.replace(/\.$/, '')];
	if (field.type.kind !== 'choice' && field.type.kind !== 'boolean') {
		const words = typeInWords(field);
		if (words !== 'text' && words !== 'object') sentences.push(words[0].toUpperCase() + words.slice(1));
	}
	if (field.vendorDefault !== undefined) sentences.push(`Not set, the vendor assumes ${field.vendorDefault}`);
	return sentences.length === 1 ? sentences[0] : `${sentences.join('. ')}.`;
}

function placeholderOf(field: Field): { placeholder?: string } {
	if (field.example === undefined) return {};
	const text = typeof field.example === 'object' ? JSON.stringify(field.example) : String(field.example);
	return { placeholder: `e.g. ${text}` };
}

/** The control for a value, without its place in the form. `inCollection`: it is there because the user added it. */
function control(field: Field, inCollection: boolean): INodeProperties {
	const { type } = field;
	const base = { displayName: field.label, name: formName(field), description: helpOf(field) };
	switch (type.kind) {
		case 'choice': {
			const values = alphabetical(asOptions(type.values), ({ name }) => name);
			const first = field.vendorDefault ?? type.values[0].value;
			return inCollection
				? { ...base, type: 'options', options: values, default: first }
				: {
						...base,
						type: 'options',
						options: alphabetical([...asOptions([NOT_SET]), ...values], ({ name }) => name),
						default: '',
					};
		}
		case 'boolean':
			return { ...base, type: 'boolean', default: false };
		case 'time':
			return { ...base, type: 'dateTime', default: '' };
		case 'object':
			return {
				...base,
				type: 'collection',
				placeholder: 'Add Field',
				default: {},
				options: byDisplayName(type.fields.map((inner) => control(inner, true))),
			};
		case 'texts':
			return {
				...base,
				type: 'string',
				typeOptions: { multipleValues: true, multipleValueButtonText: `Add to ${field.label}` },
				default: [],
			};
		case 'list':
			// n8n marks an empty JSON box as broken, and an empty list would say that there is nothing.
			return { ...base, type: 'string', typeOptions: { rows: 4 }, default: '', ...placeholderOf(field) };
		case 'json':
		case 'map':
			return { ...base, type: 'json', default: UNTOUCHED_JSON };
		default:
			return { ...base, type: 'string', default: '', ...placeholderOf(field) };
	}
}

/** Rows of a compound value: pairs of a map, or the rows of a list. */
function rowsControl(
	field: Field,
	rows: { name: string; part: string; label: string; add: string },
): INodeProperties {
	const { type } = field;
	const values: INodeProperties[] =
		type.kind === 'list'
			? type.of.map((inner) => control(inner, false))
			: [
					{ displayName: 'Name', name: 'name', type: 'string', default: '', placeholder: 'e.g. level' },
					{ displayName: 'Value', name: 'value', type: 'string', default: '', placeholder: 'e.g. 2' },
				];
	return {
		displayName: rows.label,
		name: rows.name,
		type: 'fixedCollection',
		typeOptions: { multipleValues: true, multipleValueButtonText: rows.add },
		placeholder: rows.add,
		default: {},
		description: helpOf(field),
		options: [{ displayName: rows.label, name: rows.part, values: byDisplayName(values) }],
	};
}

type Conditions = Record<string, Array<string | DisplayCondition>>;

function shown(
	property: INodeProperties,
	show: Partial<Conditions> | ShowWhen | undefined,
	hide?: Conditions,
): INodeProperties {
	const all: Conditions = { mappingMode: ['defineBelow'] };
	for (const [name, values] of Object.entries(show ?? {})) all[name] = [...(values ?? [])];
	return {
		...property,
		displayOptions: {
			show: all,
			...(hide && Object.keys(hide).length ? { hide } : {}),
		} as INodeProperties['displayOptions'],
	};
}

/** A top-level field; two properties of one name where the selector decides whether it is required. */
function topLevel(field: Field, { selector, decidedBy }: Operation): INodeProperties[] {
	const hide: Conditions = Object.fromEntries(
		Object.entries(field.hide ?? {}).map(([name, values]) => [name, [...values]]),
	);
	if (field.form) return compound(field, hide);
	const property = control(field, false);
	if (field.required === true) return [{ ...shown(property, field.show, hide), required: true }];
	if (field.required && decidedBy) return perValue(field, field.required, decidedBy, hide);
	if (!field.required || !selector) return [shown(property, field.show, hide)];
	const values = selector.values.map(({ value }) => value);
	const notRequiredFor = values.filter((value) => !isRequired(field, value));
	const visibleFor = field.show?.[selector.name] ?? values;
	const optionalFor = notRequiredFor.filter((value) => visibleFor.includes(value));
	// An expression meets every `show` and no `hide`; so what is required hides from it, and n8n does not refuse the run
	// for an item of which only its own value decides.
	const required = shown(property, omit(field.show, selector.name), {
		...hide,
		[selector.name]: [...notRequiredFor, IS_EXPRESSION],
	});
	const optional = shown(
		control(field, false),
		{
			...omit(field.show, selector.name),
			[selector.name]: optionalFor.length ? optionalFor : [IS_EXPRESSION],
		},
		hide,
	);
	return [{ ...required, required: true }, optional];
}

/**
 * One control for each value that requires the field and one for all others. Only `hide` tells them apart: an expression
 * in a condition of `show` would show, and so insist on, all of them.
 */
function perValue(
	field: Field,
	values: readonly string[],
	decidedBy: string,
	hide: Conditions,
): INodeProperties[] {
	const show = omit(field.show, decidedBy);
	const where = (conditions: Conditions[string]) =>
		shown(control(field, false), show, { ...hide, [decidedBy]: conditions });
	const needed = values.map((value) => ({ ...where([{ _cnd: { not: value } }]), required: true }));
	const shownFor = field.show?.[decidedBy];
	if (!shownFor) return [...needed, where([...(hide[decidedBy] ?? []), ...values])];
	return [
		...needed,
		...shownFor.filter((value) => !values.includes(value)).map((value) => where([{ _cnd: { not: value } }])),
	];
}

/** An object that is typed as JSON or in pairs, not member by member: its names are free. */
const typedWhole = (field: Field): Field =>
	field.type.kind === 'object' ? { ...field, type: { kind: 'json', as: 'object' } } : field;

function compound(given: Field, hide: Conditions): INodeProperties[] {
	const field = typedWhole(given);
	const { form } = field;
	if (!form) return [];
	const json = { ...control(field, false), displayName: form.json.label, name: form.json.name };
	if (!form.rows) return [shown(json, field.show, hide)];
	const modeName = `${field.wire}Mode`;
	const rows = rowsMode(field);
	return [
		shown(
			{
				...named(`Specify ${field.label}`, modeName, `How to give '${field.label}'`),
				type: 'options',
				noDataExpression: true,
				options: [
					{ name: 'Using Fields Below', value: rows, description: 'Fill them in one by one' },
					{
						name: 'Using JSON',
						value: 'json',
						description: 'An object, a list or their JSON text, also from an expression',
					},
				],
				default: form.default === 'rows' ? rows : 'json',
			},
			field.show,
			hide,
		),
		shown(rowsControl(field, form.rows), { ...field.show, [modeName]: [rows] }, hide),
		shown(json, { ...field.show, [modeName]: ['json'] }, hide),
	];
}

function collection(section: Section, fields: readonly Field[]): INodeProperties {
	return shown(
		{
			displayName: section.label,
			name: section.name,
			type: 'collection',
			placeholder: 'Add Field',
			default: {},
			...(section.help ? { description: section.help } : {}),
			options: byDisplayName(fields.map((field) => control(field, true))),
		},
		section.show,
	);
}

/** The help of an option with its range, in the punctuation of n8n's guidelines. */
function optionHelp(row: SettingRow): string {
	if (row.type !== 'number') return row.help;
	return `${row.help.replace(/\.$/, '')}. From ${row.min.toLocaleString('en-US')} to ${row.max.toLocaleString('en-US')}.`;
}

function optionProperty(row: SettingRow): INodeProperties {
	const base = {
		displayName: row.label,
		name: row.name,
		description: optionHelp(row),
		...(row.perItem ? {} : { noDataExpression: true }),
	};
	switch (row.type) {
		case 'number':
			return {
				...base,
				type: 'number',
				typeOptions: { minValue: row.min, maxValue: row.max },
				default: row.default,
			};
		case 'boolean':
			return { ...base, type: 'boolean', default: row.default };
		case 'options':
			return { ...base, type: 'options', options: asOptions(row.values), default: row.default };
		case 'string':
			return { ...base, type: 'string', default: row.default };
	}
}

function selectorProperty(selector: Selector): INodeProperties {
	return {
		...named(selector.label, selector.name, selector.help),
		type: 'options',
		options: asOptions(selector.values),
		default: selector.default,
	};
}

/** The whole form of an operation. Fresh objects at every call: n8n changes them in place. */
export function formOf(operation: Operation): INodeProperties[] {
	const { defaults, selector, vendor } = operation;
	const isEverRequired = (field: Field) => field.required !== undefined;
	const top = operation.fields.filter((field) => !field.section);
	const ordered = [...top.filter(isEverRequired), ...top.filter((field) => !isEverRequired(field))];
	const isCollection = ({ type, form }: Field) => type.kind === 'object' && !form;
	const simple = ordered.filter((field) => !isCollection(field));
	const collections = ordered.filter(isCollection);
	return [
		{
			displayName: 'Mapping Mode',
			name: 'mappingMode',
			type: 'options',
			noDataExpression: true,
			options: [
				{
					name: 'Map Each Field Below',
					value: 'defineBelow',
					description: 'Fill in the form for every item',
				},
				{
					name: 'Map Automatically',
					value: 'autoMapInputData',
					description: `Take the event from the incoming item, whose fields have ${vendor}'s own names`,
				},
			],
			default: 'defineBelow',
			description: "Where the event's fields come from",
		},
		{
			displayName: 'Input Field',
			name: 'inputField',
			type: 'string',
			noDataExpression: true,
			default: '',
			placeholder: 'e.g. body',
			description:
				'The field of the item that holds the event: body for a webhook, details.event for an item of an error output. Empty: the whole item.',
			displayOptions: { show: { mappingMode: ['autoMapInputData'] } },
		},
		...(selector ? [selectorProperty(selector)] : []),
		...simple.flatMap((field) => topLevel(field, operation)),
		...collections.flatMap((field) => topLevel(field, operation)),
		...operation.sections.map((section) =>
			collection(
				section,
				operation.fields.filter((field) => field.section === section.name),
			),
		),
		{
			...named('Send As', 'sendAs', 'How many events travel in one request'),
			type: 'options',
			noDataExpression: true,
			options: [
				{
					name: 'Batch',
					value: 'batch',
					description: `Up to ${defaults.batchSize.max.toLocaleString('en-US')} events in one request`,
				},
				{ name: 'Single', value: 'single', description: 'One request for each event' },
			],
			default: defaults.sendAs,
		},
		{
			displayName: 'Options',
			name: 'options',
			type: 'collection',
			placeholder: 'Add Option',
			default: {},
			options: settingRows(operation).map(optionProperty),
		},
	];
}
