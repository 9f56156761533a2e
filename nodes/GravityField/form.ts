import type { DisplayCondition, INodeProperties } from 'n8n-workflow';

import { formOf } from '../engine/form';

import { COMMON, hiddenFor, insistedFor, typeChoices } from './eventTypes';
import { storeEvent } from './storeEvent';

const byName = <T extends { name: string }>(entries: T[]): T[] =>
	entries.sort((one, other) => one.name.localeCompare(other.name, 'en'));

/** The type as a list to choose from. An expression may still give any other text. */
function typeProperty(property: INodeProperties): INodeProperties {
	return {
		displayName: property.displayName,
		name: property.name,
		type: 'options',
		required: true,
		options: byName([
			{ name: 'Not Set', value: '' },
			...typeChoices.map(({ value, label, help }) => ({ name: label, value, description: help })),
		]),
		default: '',
		description: property.description,
		displayOptions: property.displayOptions,
	};
}

const hiddenWhere = (property: INodeProperties, type: Array<string | DisplayCondition>): INodeProperties => ({
	...property,
	displayOptions: { show: { mappingMode: ['defineBelow'] }, hide: { type } },
});

/**
 * n8n insists on a field where its type needs it: one control for each such type and one for all others. Only `hide`
 * tells them apart, since an expression in a condition of `show` would show, and so insist on, all of them.
 */
function variants(property: INodeProperties): INodeProperties[] {
	const { name } = property;
	const insisted = COMMON.includes(name) ? [] : insistedFor(name);
	if (insisted.length === 0 || !['string', 'options'].includes(property.type)) return [property];
	const needed = insisted.map((type) => ({ ...hiddenWhere(property, [{ _cnd: { not: type } }]), required: true }));
	return [...needed, hiddenWhere(property, [...hiddenFor(name), ...insisted])];
}

/** The engine's form with the type as a list, and with what n8n is to insist on by type. */
export const storeEventForm = (): INodeProperties[] =>
	formOf(storeEvent).flatMap((property) => (property.name === 'type' ? [typeProperty(property)] : variants(property)));
