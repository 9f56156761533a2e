import type { DisplayCondition, INodeProperties } from 'n8n-workflow';

import { formName } from '../mapping/names';
import { formFields } from '../operation/listed';
import type { Field, Operation } from '../operation/operation';
import { placed, placeOf, type Place } from './place';

interface Parameter {
	name: string;
	default: INodeProperties['default'];
}

/** The names under which the form holds a field, with their defaults. */
function parametersOf(field: Field): Parameter[] {
	const { form } = field;
	if (!form) return [{ name: formName(field), default: '' }];
	return [
		...(form.rowsMode === undefined ? [] : [{ name: `${field.wire}Mode`, default: form.rowsMode }]),
		...(form.rows ? [{ name: form.rows.name, default: '' }] : []),
		{ name: form.json.name, default: '' },
	];
}

/**
 * n8n drops the value of a parameter that is not shown before the node runs. These keep what was filled in before another
 * choice hid it, so that the run can say that it was not sent.
 */
export const keptWhileHidden = (operation: Operation): INodeProperties[] => [
	...hiddenByMode(operation),
	...hiddenByVariant(operation),
];

/** Rows where JSON is chosen, and JSON where rows are. */
function hiddenByMode({ fields, variants }: Operation): INodeProperties[] {
	return formFields(fields).flatMap(({ wire, label, form }) => {
		if (form?.rowsMode === undefined || !form.rows) return [];
		const place = placeOf(variants, [wire]);
		const inMode = (mode: string): Place => ({ ...place, show: { ...place.show, [`${wire}Mode`]: [mode] } });
		return [
			placed({ displayName: label, name: form.rows.name, type: 'hidden', default: '' }, inMode('json')),
			placed(
				{ displayName: label, name: form.json.name, type: 'hidden', default: '' },
				inMode(form.rowsMode),
			),
		];
	});
}

function hiddenByVariant({ fields, sections, variants }: Operation): INodeProperties[] {
	if (!variants) return [];
	const { parameter, values } = variants;
	const isExpression = (): DisplayCondition => ({ _cnd: { startsWith: '=' } });
	const kept = (displayName: string, parameters: readonly Parameter[], place: Place) => {
		const shown = place.show?.[parameter];
		const hiddenFor = shown
			? values.map(({ value }) => value).filter((value) => !shown.includes(value))
			: (place.hide?.[parameter] ?? []).filter((value) => value !== '');
		if (hiddenFor.length === 0) return [];
		return parameters.map(({ name, default: value }) =>
			placed(
				{ displayName, name, type: 'hidden', default: value },
				{ show: { [parameter]: [...hiddenFor] }, hide: { [parameter]: [isExpression()] } },
			),
		);
	};
	const asked = formFields(fields);
	return [
		...asked
			.filter(({ section }) => !section)
			.flatMap((field) => kept(field.label, parametersOf(field), placeOf(variants, [field.wire]))),
		...sections.flatMap(({ name, label }) => {
			const names = asked.filter(({ section }) => section === name).map(({ wire }) => wire);
			return kept(label, [{ name, default: '' }], placeOf(variants, names));
		}),
	];
}
