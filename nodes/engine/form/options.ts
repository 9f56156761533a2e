import type { INodeProperties } from 'n8n-workflow';
import mapKeys from 'lodash/mapKeys';

import type { SettingRow, Variants } from '../operation/operation';
import { asOptions } from './choices';
import { inSentences } from './fieldHelp';
import { placeOf, type Conditions } from './place';

/** The help of an option with its range. */
function optionHelp(row: SettingRow): string {
	if (row.type !== 'number') return row.help;
	const [min, max] = [row.min, row.max].map((bound) => bound.toLocaleString('en-US'));
	return inSentences(row.help, `From ${min} to ${max}`);
}

/** From inside a collection the parameters beside it are named with a slash. */
const fromInside = (conditions: Conditions | undefined): Conditions | undefined =>
	conditions && mapKeys(conditions, (_, name) => `/${name}`);

/**
 * The entries of the collection 'Options' for one option. One that is about a field stands where that field is shown, and
 * in automatic mapping, where the item decides.
 */
export function optionProperties(row: SettingRow, variants: Variants | undefined): INodeProperties[] {
	const property = optionProperty(row);
	const { show, hide } = row.about === undefined ? {} : placeOf(variants, [row.about]);
	if (!show && !hide) return [property];
	const inMode = (mappingMode: string) => ({ '/mappingMode': [mappingMode] });
	return [
		{
			...property,
			displayOptions: {
				show: { ...inMode('defineBelow'), ...fromInside(show) },
				...(hide ? { hide: fromInside(hide) } : {}),
			} as INodeProperties['displayOptions'],
		},
		{ ...property, displayOptions: { show: inMode('autoMapInputData') } },
	];
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
			return {
				...base,
				type: 'string',
				default: row.default,
				...(row.placeholder ? { placeholder: row.placeholder } : {}),
			};
	}
}
