import type { INodeProperties } from 'n8n-workflow';

import { formOf } from '../engine/form';

import { COMMON, hiddenFor, insistedFor, typeChoices } from './eventTypes';
import { storeEvent } from './storeEvent';

const FROM_FORM = { mappingMode: ['defineBelow'] };

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

/** Hides for every type but these, for those that are not in the list and for an expression too. */
const unlessType = (types: readonly string[]) => ({ type: [{ _cnd: { regex: `^(?!(?:${types.join('|')})$)` } }] });

/** n8n insists on a field where its type needs it; for other types the same field is there without that. */
function variants(property: INodeProperties): INodeProperties[] {
	const { name } = property;
	const insisted = COMMON.includes(name) ? [] : insistedFor(name);
	if (insisted.length === 0 || !['string', 'options'].includes(property.type)) return [property];
	const needed: INodeProperties = {
		...property,
		required: true,
		displayOptions: { show: { ...FROM_FORM }, hide: unlessType(insisted) } as INodeProperties['displayOptions'],
	};
	const free: INodeProperties = {
		...property,
		displayOptions: { show: { ...FROM_FORM }, hide: { type: [...hiddenFor(name), ...insisted] } },
	};
	return [needed, free];
}

/** The engine's form with the type as a list, its own text right below, and what n8n is to insist on by type. */
export function storeEventForm(): INodeProperties[] {
	const properties = formOf(storeEvent);
	const custom = properties.filter(({ name }) => name === 'customType').flatMap(variants);
	return properties
		.filter(({ name }) => name !== 'customType')
		.flatMap((property) => (property.name === 'type' ? [typeProperty(property), ...custom] : variants(property)));
}
