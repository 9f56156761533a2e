import { named } from './named';
import type { INodeProperties } from 'n8n-workflow';

import { formFields } from '../operation/listed';
import { settingRows } from '../operation/settings';
import type { Field, Operation, ParameterVariants, Section, Variants } from '../operation/operation';
import { asOptions } from './choices';
import { keptWhileHidden } from './hidden';
import { byDisplayName, control } from './control';
import { optionProperties } from './options';
import { leads, placed, placeOf } from './place';
import { ownFields, topLevel } from './topLevel';

/** The whole form of an operation. Fresh objects at every call: n8n changes them in place. */
export function formOf(operation: Operation): INodeProperties[] {
	const { variants, sections } = operation;
	const fields = formFields(operation.fields);
	return [
		mappingMode(operation),
		inputField(),
		...(variants && !variants.travels ? [choiceOfVariant(variants)] : []),
		...notices(operation),
		...inOrder(operation).flatMap((field) => topLevel(field, operation)),
		...ownFields(operation),
		...sections.map((section) =>
			collection(
				section,
				fields.filter((field) => field.section === section.name),
				variants,
			),
		),
		...fields.filter(({ isRare }) => isRare).flatMap((field) => topLevel(field, operation)),
		...keptWhileHidden(operation),
		...(operation.oneByOne ? [] : [sendAs(operation)]),
		{
			displayName: 'Options',
			name: 'options',
			type: 'collection',
			placeholder: 'Add Option',
			default: {},
			options: settingRows(operation).flatMap((row) => optionProperties(row, variants)),
		},
	];
}

/** What people look for first, then single values, then groups of fields, then values that are typed in rows or as JSON. */
function inOrder({ fields, variants }: Operation): Field[] {
	const top = formFields(fields).filter(({ section, isRare }) => !section && !isRare);
	const rank = (field: Field): number => {
		const isGroup = field.type.kind === 'object' && !field.form;
		if (leads(field, variants)) return isGroup ? 2 : 0;
		return isGroup ? 3 : field.form ? 4 : 1;
	};
	return [0, 1, 2, 3, 4].flatMap((wanted) => top.filter((field) => rank(field) === wanted));
}

const mappingMode = ({ vendor }: Operation): INodeProperties => ({
	displayName: 'Mapping Mode',
	name: 'mappingMode',
	type: 'options',
	noDataExpression: true,
	options: [
		{
			name: 'Map Each Field Below',
			value: 'defineBelow',
			description: 'Fill in the form; values can come from each item',
		},
		{
			name: 'Map Automatically',
			value: 'autoMapInputData',
			description: `Use the incoming item as the event. Its fields must have ${vendor}'s own names.`,
		},
	],
	default: 'defineBelow',
	description: "Where the event's fields come from",
});

const inputField = (): INodeProperties => ({
	displayName: 'Input Field',
	name: 'inputField',
	type: 'string',
	noDataExpression: true,
	default: '',
	placeholder: 'e.g. body',
	description:
		'The field of the item that holds the event: body for a webhook, details.event for an item of an error output. Leave it empty to use the whole item.',
	displayOptions: { show: { mappingMode: ['autoMapInputData'] } },
});

const choiceOfVariant = ({
	label,
	parameter,
	help,
	values,
	default: first,
}: ParameterVariants): INodeProperties => ({
	displayName: label,
	name: parameter,
	description: help,
	type: 'options',
	options: asOptions(values),
	default: first,
});

/** Either-or rules and ways of identification, which no single field can show. */
const notices = ({ notices: texts = [] }: Operation): INodeProperties[] =>
	texts.map(({ text, variants }, at) =>
		placed(
			{ displayName: text, name: `notice${at + 1}`, type: 'notice', default: '' },
			variants ? { show: variants } : {},
		),
	);

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
			options: byDisplayName(fields.map((field) => control(field))),
		},
		placeOf(
			variants,
			fields.map(({ wire }) => wire),
		),
	);
}

const sendAs = ({ defaults }: Operation): INodeProperties => ({
	...named('Send As', 'sendAs', 'How many events to send in one request'),
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
});
