import type { INodeProperties } from 'n8n-workflow';

import type { SettingRow } from '../operation/operation';
import { asOptions } from './choices';
import { inSentences } from './fieldHelp';

/** The help of an option with its range. */
function optionHelp(row: SettingRow): string {
	if (row.type !== 'number') return row.help;
	const [min, max] = [row.min, row.max].map((bound) => bound.toLocaleString('en-US'));
	return inSentences(row.help, `From ${min} to ${max}`);
}

/** One entry of the collection 'Options'. */
export function optionProperty(row: SettingRow): INodeProperties {
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
