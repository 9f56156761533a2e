import type { Choice, Evidence, Field } from './field';

/** A field that a variant cannot do without. */
export interface Need {
	/** Wire path inside the event: `email`, `generic.orderId`. */
	field: string;
	/** Completes "… is required for confirmation: ". */
	reason?: string;
	/** Default: the variant's. */
	evidence?: Evidence;
}

/** Fields of which a variant needs at least one. */
export interface NeedOneOf {
	fields: readonly string[];
	reason?: string;
	evidence?: Evidence;
}

/** One kind of event, and what it decides. */
export interface Variant extends Choice {
	/** How sure it is that the vendor has it, and what it needs. */
	evidence: Evidence;
	needs?: readonly Need[];
	needsOneOf?: readonly NeedOneOf[];
	/**
	 * Which it knows of the fields that only some variants know; none: all of them. The form hides the others, and nothing
	 * is refused for it. A field that no variant names here belongs to all.
	 */
	knows?: readonly string[];
	/** Fields that no other variant has. They stand beside the event's; the form has boxes for those that it offers. */
	own?: readonly Field[];
	/** Wire paths for which the form has boxes of their own: members of a compound value, or fields of `own`. */
	offers?: readonly string[];
	/** Examples in the form for fields whose content follows from the variant. */
	examples?: Readonly<Record<string, string>>;
	/** A map of the event in which what it needs may stand as well. */
	alsoIn?: string;
	/** The vendor's method, where the variant decides it. It has the fields that the variant knows, and no other. */
	method?: { single: string; batch: string };
}

interface AnyVariants {
	/** The parameter that decides. */
	parameter: string;
	values: readonly Variant[];
}

/** The parameter is a field of the event, such as its type. Any other value is a variant of the user's own. */
export interface EventVariants extends AnyVariants {
	travels: true;
	/** The choice of the form that says: the value stands in this field. Neither is ever sent. */
	custom: Choice & { field: string };
}

/** The parameter stands in the form in both mapping modes and is not sent. */
export interface ParameterVariants extends AnyVariants {
	travels: false;
	label: string;
	help: string;
	default: string;
}

/** Which kind of event it is, and which fields follow from that: the form, the check and the reference use it alike. */
export type Variants = EventVariants | ParameterVariants;

/** The variant of a value; none: a value of the user's own. */
export const variantOf = (variants: Variants | undefined, value: unknown): Variant | undefined =>
	variants?.values.find((variant) => variant.value === value);

const rootOf = (path: string): string => path.split('.', 1)[0] ?? path;

/** The fields of the event that a variant needs, without paths into them. */
export const neededFields = ({ needs = [] }: Variant): string[] =>
	needs.flatMap(({ field }) => (rootOf(field) === field ? [field] : []));

/** Whether a variant knows a field. */
export function knowsField(variants: Variants, variant: Variant, field: string): boolean {
	if (!variant.knows || variant.knows.includes(field)) return true;
	return !variants.values.some(({ knows }) => knows?.includes(field));
}

/** How a variant is called in messages: as the vendor calls it, or as the form does where it is not sent. */
export const variantName = ({ travels }: Variants, { value, label }: Variant): string =>
	travels ? value : label;

/** The choices of the field that decides, in the form. */
export const choicesOf = ({ values, custom }: EventVariants): Choice[] => [
	...values.map(({ value, label, help }) => ({ value, label, ...(help ? { help } : {}) })),
	{ value: custom.value, label: custom.label, ...(custom.help ? { help: custom.help } : {}) },
];
