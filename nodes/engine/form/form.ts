import type { DisplayCondition, INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { formName, rowsMode, UNTOUCHED_JSON } from '../mapping/mapping';
import { bindingOf, requiredEvidence } from '../check/evidence';
import { settingRows } from '../operation/settings';
import type {
	Choice,
	Field,
	Operation,
	ParameterVariants,
	Section,
	SettingRow,
	Variants,
} from '../operation/operation';
import { knowsField, neededFields } from '../operation/variants';
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

/** Where a control stands in the form, beside the mapping mode. */
interface Place {
	show?: Conditions;
	hide?: Conditions;
}

function placed(property: INodeProperties, { show, hide }: Place): INodeProperties {
	return {
		...property,
		displayOptions: {
			show: { mappingMode: ['defineBelow'], ...show },
			...(hide && Object.keys(hide).length ? { hide } : {}),
		} as INodeProperties['displayOptions'],
	};
}

/** What holds the value of a type of one's own belongs to that choice alone. */
const isCustomField = (variants: Variants, name: string): boolean =>
	variants.travels && variants.custom.field === name;

/** Values of the deciding parameter that know a field, of those that the table lists. */
function knowing(variants: Variants, name: string): string[] {
	if (isCustomField(variants, name)) return [];
	return variants.values.filter((variant) => knowsField(variants, variant, name)).map(({ value }) => value);
}

/** Where the variants show a field. A value that the table does not list knows every field. */
function placeOf(variants: Variants | undefined, names: readonly string[]): Place {
	if (!variants) return {};
	const { parameter, values } = variants;
	const shownFor = values
		.map(({ value }) => value)
		.filter((value) => names.some((name) => knowing(variants, name).includes(value)));
	if (shownFor.length === values.length) return {};
	if (!variants.travels) return { show: { [parameter]: shownFor } };
	const hiddenFor = values.map(({ value }) => value).filter((value) => !shownFor.includes(value));
	return { hide: { [parameter]: ['', ...hiddenFor] } };
}

/** Values of the deciding parameter under which the form may insist on a field. */
function requiredFor(field: Field, operation: Operation): string[] {
	const { variants } = operation;
	if (!variants) return [];
	if (variants.travels && isCustomField(variants, field.wire)) return [variants.custom.value];
	const binds = bindingOf(operation);
	return variants.values
		.filter(({ needs = [], evidence }) =>
			needs.some((need) => need.field === field.wire && binds(need.evidence ?? evidence)),
		)
		.map(({ value }) => value);
}

/** A top-level field; several properties of one name where the variant decides whether it is required. */
function topLevel(field: Field, operation: Operation): INodeProperties[] {
	const { variants } = operation;
	const place = placeOf(variants, [field.wire]);
	if (field.form) return compound(field, place);
	const property = placed(control(field, false), place);
	if (field.required) {
		return [bindingOf(operation)(requiredEvidence(field)) ? { ...property, required: true } : property];
	}
	const required = requiredFor(field, operation);
	if (!variants || required.length === 0) return [property];
	return variants.travels
		? perValue(field, required, variants.parameter, place)
		: perChoice(field, required, variants, place);
}

/**
 * An expression meets every `show` and no `hide`; so what is required hides from it, and n8n does not refuse the run for
 * an item of which only its own value decides.
 */
function perChoice(
	field: Field,
	required: readonly string[],
	{ parameter, values }: ParameterVariants,
	{ show }: Place,
): INodeProperties[] {
	const all = values.map(({ value }) => value);
	const notRequired = all.filter((value) => !required.includes(value));
	const visible = show?.[parameter] ?? all;
	const optional = notRequired.filter((value) => visible.includes(value));
	return [
		{
			...placed(control(field, false), { hide: { [parameter]: [...notRequired, IS_EXPRESSION] } }),
			required: true,
		},
		placed(control(field, false), { show: { [parameter]: optional.length ? optional : [IS_EXPRESSION] } }),
	];
}

/**
 * One control for each value that requires the field and one for all others. Only `hide` tells them apart: an expression
 * in a condition of `show` would show, and so insist on, all of them.
 */
function perValue(
	field: Field,
	required: readonly string[],
	parameter: string,
	{ hide }: Place,
): INodeProperties[] {
	const where = (conditions: Conditions[string]) =>
		placed(control(field, false), { hide: { [parameter]: conditions } });
	return [
		...required.map((value) => ({ ...where([{ _cnd: { not: value } }]), required: true })),
		where([...(hide?.[parameter] ?? []), ...required]),
	];
}

/** An object that is typed as JSON or in pairs, not member by member: its names are free. */
const typedWhole = (field: Field): Field =>
	field.type.kind === 'object' ? { ...field, type: { kind: 'json', as: 'object' } } : field;

function compound(given: Field, place: Place): INodeProperties[] {
	const field = typedWhole(given);
	const { form } = field;
	if (!form) return [];
	const json = { ...control(field, false), displayName: form.json.label, name: form.json.name };
	if (!form.rows) return [placed(json, place)];
	const modeName = `${field.wire}Mode`;
	const rows = rowsMode(field);
	const inMode = (mode: string): Place => ({ ...place, show: { ...place.show, [modeName]: [mode] } });
	return [
		placed(
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
			place,
		),
		placed(rowsControl(field, form.rows), inMode(rows)),
		placed(json, inMode('json')),
	];
}

function collection(
	{ label, name, help }: Section,
	fields: readonly Field[],
	variants: Variants | undefined,
): INodeProperties {
	return placed(
		{
			displayName: label,
			name,
			type: 'collection',
			placeholder: 'Add Field',
			default: {},
			...(help ? { description: help } : {}),
			options: byDisplayName(fields.map((field) => control(field, true))),
		},
		placeOf(
			variants,
			fields.map(({ wire }) => wire),
		),
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

function choiceOfVariant({
	label,
	parameter,
	help,
	values,
	default: first,
}: ParameterVariants): INodeProperties {
	return { ...named(label, parameter, help), type: 'options', options: asOptions(values), default: first };
}

/** Fields that people look for first: the vendor or its own client requires them, always or under some variant. */
function leads({ wire, required }: Field, variants: Variants | undefined): boolean {
	if (required) return true;
	if (!variants) return false;
	if (isCustomField(variants, wire)) return true;
	return variants.values.some(
		(variant) => variant.evidence !== 'inferred' && neededFields(variant).includes(wire),
	);
}

/** The whole form of an operation. Fresh objects at every call: n8n changes them in place. */
export function formOf(operation: Operation): INodeProperties[] {
	const { defaults, variants, vendor } = operation;
	const top = operation.fields.filter((field) => !field.section);
	const ordered = [
		...top.filter((field) => leads(field, variants)),
		...top.filter((field) => !leads(field, variants)),
	];
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
		...(variants && !variants.travels ? [choiceOfVariant(variants)] : []),
		...simple.flatMap((field) => topLevel(field, operation)),
		...collections.flatMap((field) => topLevel(field, operation)),
		...operation.sections.map((section) =>
			collection(
				section,
				operation.fields.filter((field) => field.section === section.name),
				variants,
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
