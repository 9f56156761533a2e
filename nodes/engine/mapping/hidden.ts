import mapValues from 'lodash/mapValues';
import omit from 'lodash/omit';
import pick from 'lodash/pick';

import { isAbsent, isPlainObject, textOf } from '../check/objects';
import { formFields } from '../operation/listed';
import type { Field, Issue, Json, Operation, Variant, Variants } from '../operation/operation';
import { knowsField, variantName, variantOf } from '../operation/variants';
import { userText } from '../report/userText';
import { formName, isExpression } from './names';

type HideFields = (event: Json, parameters: Json) => { event: Json; notices: readonly Issue[] };

const NO_NOTICES: readonly Issue[] = [];

/**
 * Makes the function that leaves out of an event what the form hides under the choice that was made. An expression shows
 * every field, so that only the name of a type of one's own is hidden by its value. `given`: expressions unresolved.
 */
export function compileHiding(operation: Operation, given: Json): HideFields {
	const { variants, fields } = operation;
	if (!variants) return (event) => ({ event, notices: NO_NOTICES });
	const { parameter } = variants;
	const isChosenByItem = isExpression(given[parameter]);
	/** What the form hides, by the variant; without one, by whether the choice was a value of one's own. */
	const hiddenUnder = new Map<Variant | boolean, readonly Field[]>();

	const hiddenFields = (isCustom: boolean, variant: Variant | undefined): readonly Field[] => {
		const choice = variant ?? isCustom;
		let hidden = hiddenUnder.get(choice);
		if (!hidden) {
			hidden = fields.filter(({ wire }) => isHidden(wire, isCustom, variant, variants));
			hiddenUnder.set(choice, hidden);
		}
		return hidden;
	};

	return (event, parameters) => {
		const chosen = parameters[parameter] ?? (variants.travels ? undefined : variants.default);
		const variant = isChosenByItem ? undefined : variantOf(variants, chosen);
		const isCustom = variants.travels && chosen === variants.custom.value;
		const hidden = hiddenFields(isCustom, variant).filter(({ wire }) => !isAbsent(event[wire]));
		if (hidden.length === 0) return { event, notices: NO_NOTICES };
		const name = variant ? variantName(variants, variant) : userText(textOf(chosen));
		const notices = hidden.map(({ wire, label }) => ({
			field: wire,
			message: `'${label}' (${wire}) is filled in but hidden under ${name}, so it was not sent; clear it, or choose another '${labelOf(operation, parameter)}'`,
		}));
		const names = hidden.map(({ wire }) => wire);
		return { event: omit(event, names), notices };
	};
}

function isHidden(
	wire: string,
	isCustom: boolean,
	variant: Variant | undefined,
	variants: Variants,
): boolean {
	if (variants.travels && wire === variants.custom.field) return !isCustom;
	return variant !== undefined && !knowsField(variants, variant, wire);
}

function labelOf({ variants, fields }: Operation, parameter: string): string {
	if (variants?.travels === false) return variants.label;
	return fields.find(({ wire }) => wire === parameter)?.label ?? parameter;
}

/** The parameters of the form, of a section or of the top level, that hold a field. */
function boxesOf(field: Field): string[] {
	const { form } = field;
	if (!form) return [formName(field)];
	return [form.json.name, ...(form.rows ? [form.rows.name] : [])];
}

/** The same with expressions as plain text. */
function asPlainText(value: unknown): unknown {
	if (typeof value === 'string') return isExpression(value) ? value.slice(1) : value;
	if (Array.isArray(value)) return value.map(asPlainText);
	return isPlainObject(value) ? mapValues(value, asPlainText) : value;
}

/**
 * The form, expressions unresolved, without the expressions of fields that it hides whatever the item: they are not sent,
 * so that none of them is evaluated and none can fail. Their text stays, since they are filled in.
 */
export function withoutHiddenExpressions(operation: Operation, given: Json): Json {
	const { variants, fields } = operation;
	if (!variants || isExpression(given[variants.parameter])) return given;
	const chosen = given[variants.parameter] ?? (variants.travels ? undefined : variants.default);
	const variant = variantOf(variants, chosen);
	const isCustom = variants.travels && chosen === variants.custom.value;
	const hidden = formFields(fields).filter(({ wire }) => isHidden(wire, isCustom, variant, variants));
	const result = { ...given };
	for (const field of hidden) {
		const { section } = field;
		const holder = section === undefined ? result : result[section];
		if (!isPlainObject(holder)) continue;
		const texts = mapValues(pick(holder, boxesOf(field)), asPlainText);
		if (section === undefined) Object.assign(result, texts);
		else result[section] = { ...holder, ...texts };
	}
	return result;
}
