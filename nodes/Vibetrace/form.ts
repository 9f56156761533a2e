import type { DisplayCondition, INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { formOf } from '../engine/form';
import type { Field, Operation } from '../engine/table';

import { CUSTOM_TYPE, EVENT_TYPES } from './eventTypes';
import { sendEvent } from './sendEvent';

/** An object that is typed as JSON or in pairs, not member by member: its names are free. */
function asTyped(field: Field): Field {
	if (field.type.kind === 'object' && field.form) return { ...field, type: { kind: 'json', as: 'object' } };
	// n8n's rule about the word ID would want the example's member in capitals.
	return field.type.kind === 'list' ? { ...field, example: undefined } : field;
}

const typeChoices = (): INodePropertyOptions[] =>
	[
		...EVENT_TYPES.map(({ name, label, help }) => ({ name: label, value: name, description: help })),
		{ name: 'Custom', value: CUSTOM_TYPE, description: 'Any other type, by its name' },
		{ name: 'Not Set', value: '' },
	].sort((one, other) => one.name.localeCompare(other.name, 'en'));

type Conditions = Record<string, Array<string | DisplayCondition>>;

/** The same control with another condition on the type, beside its own. */
function hiddenFor(property: INodeProperties, types: Conditions['type']): INodeProperties {
	const hide = (property.displayOptions?.hide ?? {}) as Conditions;
	return {
		...property,
		displayOptions: { show: { mappingMode: ['defineBelow'] }, hide: { ...hide, type: [...(hide.type ?? []), ...types] } },
	};
}

/**
 * A field that some types require: one control for each of them and one for all others. Only `hide` tells them apart,
 * since n8n shows a field where a condition of `show` is an expression, and would refuse the run if it were blank.
 */
function perType(property: INodeProperties, { required, show }: Field): INodeProperties[] {
	const types = Array.isArray(required) ? (required as string[]) : [];
	const needed = types.map((type) => ({ ...hiddenFor(property, [{ _cnd: { not: type } }]), required: true }));
	return show ? needed : [...needed, hiddenFor(property, types)];
}

function adjusted(property: INodeProperties, operation: Operation): INodeProperties[] {
	const field = operation.fields.find(({ wire }) => wire === property.name);
	// The list itself says what its values may be.
	const choice = { type: 'options' as const, options: typeChoices(), default: '', description: field?.help, placeholder: undefined };
	if (property.name === 'type') return [{ ...property, ...choice }];
	return field && Array.isArray(field.required) ? perType(property, field) : [property];
}

/** The form of the operation: any text may be a type, so the table has text and the form a choice with a way out. */
export function formOfSendEvent(): INodeProperties[] {
	const operation = { ...sendEvent, fields: sendEvent.fields.map(asTyped) };
	return formOf(operation).flatMap((property) => adjusted(property, operation));
}
