import omit from 'lodash/omit';

import type {
	Evidence,
	EventVariants,
	Field,
	Issue,
	Json,
	NeedOneOf,
	Variant,
	Variants,
} from '../operation/operation';
import { neededFields, variantName } from '../operation/variants';
import { isAbsent, isPlainObject } from './objects';

/** An issue with what it is known from. */
export interface Doubt extends Issue {
	evidence: Evidence;
}

/** White space alone and an empty list say nothing either. */
export const isMissing = (value: unknown): boolean =>
	isAbsent(value) ||
	(typeof value === 'string' && value.trim() === '') ||
	(Array.isArray(value) && value.length === 0);

function valueAt(event: Json, path: string): unknown {
	if (!path.includes('.')) return event[path];
	return path
		.split('.')
		.reduce<unknown>((value, step) => (isPlainObject(value) ? value[step] : undefined), event);
}

/** `'Order ID' (generic.orderId)`. */
export function nameOfPath(fields: readonly Field[], path: string): string {
	let level = fields;
	let label: string | undefined;
	for (const step of path.split('.')) {
		const field = level.find(({ wire }) => wire === step);
		label = field?.label;
		level = field?.type.kind === 'object' ? field.type.fields : [];
	}
	return label === undefined ? `'${path}'` : `'${label}' (${path})`;
}

/** Brings the form's choice of a value of one's own, and that value, into the one parameter that is sent. */
export function resolveCustom(
	event: Json,
	{ parameter, custom }: EventVariants,
	fields: readonly Field[],
	report: (issue: Issue) => void,
): Json {
	const isCustom = event[parameter] === custom.value;
	if (!isCustom && !Object.hasOwn(event, custom.field)) return event;
	const { [custom.field]: own, ...rest } = event;
	const name = nameOfPath(fields, custom.field);
	if (isCustom) {
		if (!isMissing(own)) return { ...rest, [parameter]: own };
		report({ field: custom.field, message: `${name} is required for '${custom.label}'` });
	} else if (!isMissing(own)) {
		const message = `${name} is read only where ${nameOfPath(fields, parameter)} is '${custom.label}' (${custom.value}); give one of them`;
		report({ field: custom.field, message });
	}
	return rest;
}

function isThere(event: Json, path: string, { alsoIn }: Variant): boolean {
	if (!isMissing(valueAt(event, path))) return true;
	const other = alsoIn === undefined ? undefined : event[alsoIn];
	return isPlainObject(other) && !isMissing(other[path]);
}

/** The event without those fields that this variant needs and that hold white space alone. */
export function withoutBlank(event: Json, variant: Variant): Json {
	const blank = neededFields(variant).filter((field) => {
		const value = event[field];
		return typeof value === 'string' && value !== '' && value.trim() === '';
	});
	return blank.length ? omit(event, blank) : event;
}

/** What an event of this variant lacks. */
export function lacksOf(
	event: Json,
	variant: Variant,
	variants: Variants,
	fields: readonly Field[],
): Doubt[] {
	const { needs = [], needsOneOf = [] } = variant;
	const missing = needs.filter(({ field }) => !isThere(event, field, variant));
	const missingOneOf = needsOneOf.filter(
		(oneOf) => !oneOf.fields.some((field) => isThere(event, field, variant)),
	);
	// Most events lack nothing, and words for it cost more than the look.
	if (missing.length === 0 && missingOneOf.length === 0) return [];
	const name = variantName(variants, variant);
	const all = variant.own ? [...fields, ...variant.own] : fields;
	return [
		...missing.map(({ field, reason, evidence = variant.evidence }) => ({
			field,
			message: `${nameOfPath(all, field)} is required for ${name}${reason ? `: ${reason}` : ''}`,
			evidence,
		})),
		...missingOneOf.map((oneOf) => lackOfOne(oneOf, name, all, variant.evidence)),
	];
}

function lackOfOne(
	{ fields: names, reason, evidence }: NeedOneOf,
	variant: string,
	fields: readonly Field[],
	ofVariant: Evidence,
): Doubt {
	const named = names.map((name) => nameOfPath(fields, name)).join(', ');
	const message = `${reason ? `${reason}: give at` : 'At'} least one of ${named}${reason ? '' : ` is required for ${variant}`}`;
	return { field: names[0] ?? '', message, evidence: evidence ?? ofVariant };
}

/**
 * Of which other choice an event has all that is required, where it lacks something of the one that was made: the choice
 * is not in the event, so it may simply not have been made.
 */
export function otherVariant(event: Json, chosen: Variant, variants: Variants): Variant | undefined {
	if (variants.travels) return undefined;
	return variants.values.find(
		(variant) => variant !== chosen && lacksOf(event, variant, variants, []).length === 0,
	);
}
