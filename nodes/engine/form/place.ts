/** Where a control stands in the form: what the variants show, hide and require. */

import type { DisplayCondition, INodeProperties } from 'n8n-workflow';

import { bindingOf } from '../check/evidence';
import { knowsField, neededFields } from '../operation/variants';
import type { Field, Operation, Variants } from '../operation/operation';

export type Conditions = Record<string, Array<string | DisplayCondition>>;

/** Where a control stands in the form, beside the mapping mode. */
export interface Place {
	show?: Conditions;
	hide?: Conditions;
}

export function placed(property: INodeProperties, { show, hide }: Place): INodeProperties {
	return {
		...property,
		displayOptions: {
			show: { mappingMode: ['defineBelow'], ...show },
			...(hide && Object.keys(hide).length ? { hide } : {}),
		} as INodeProperties['displayOptions'],
	};
}

/** What holds the value of a type of one's own belongs to that choice alone. */
export const isCustomField = (variants: Variants, name: string): boolean =>
	variants.travels && variants.custom.field === name;

/** Values of the deciding parameter that know a field, of those that the table lists. */
function knowing(variants: Variants, name: string): string[] {
	if (isCustomField(variants, name)) return [];
	return variants.values.filter((variant) => knowsField(variants, variant, name)).map(({ value }) => value);
}

/** Where the variants show a field. A value that the table does not list knows every field. */
export function placeOf(variants: Variants | undefined, names: readonly string[]): Place {
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
export function requiredFor(field: Field, operation: Operation): string[] {
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

/** Fields that people look for first: the vendor or its own client requires them, always or under some variant. */
export function leads({ wire, required }: Field, variants: Variants | undefined): boolean {
	if (required) return true;
	if (!variants) return false;
	if (isCustomField(variants, wire)) return true;
	return variants.values.some(
		(variant) =>
			variant.evidence !== 'inferred' &&
			(neededFields(variant).includes(wire) ||
				variant.needsOneOf?.some(({ fields }) => fields.includes(wire))),
	);
}
