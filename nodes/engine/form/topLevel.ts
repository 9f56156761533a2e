import { named } from './named';
import type { DisplayCondition, INodeProperties } from 'n8n-workflow';

import { bindingOf, requiredEvidence } from '../check/evidence';
import type { Field, Operation, ParameterVariants, Variants } from '../operation/operation';
import { control, jsonControl, rowsControl } from './control';
import { inSentences } from './fieldHelp';
import { placed, placeOf, requiredFor, type Conditions, type Place } from './place';

/** A choice given by an expression is not known in the editor. */
const isExpression = (): DisplayCondition => ({ _cnd: { startsWith: '=' } });

/** A top-level field; several properties of one name where the variant decides whether it is required. */
export function topLevel(field: Field, operation: Operation): INodeProperties[] {
	const { variants } = operation;
	const place = placeOf(variants, [field.wire]);
	if (field.form) return compound(field, place, variants);
	const property = placed(control(field), place);
	if (field.required && bindingOf(operation)(requiredEvidence(field)))
		return [{ ...property, required: true }];
	if (!variants) return [property];
	const required = requiredFor(field, operation);
	if (required.length === 0) return withExamples(field, variants, place) ?? [property];
	return variants.travels
		? perValue(field, required, variants.parameter, place)
		: perChoice(field, required, variants, place);
}

/**
 * An expression meets every `show` and no `hide`; so what is required hides from it, and n8n does not refuse the run for
 * an item of which only its own value decides.
 */
function perChoice(
	field: Field,
	required: readonly string[],
	{ parameter, values }: ParameterVariants,
	{ show }: Place,
): INodeProperties[] {
	const all = values.map(({ value }) => value);
	const notRequired = all.filter((value) => !required.includes(value));
	const visible = show?.[parameter] ?? all;
	const optional = notRequired.filter((value) => visible.includes(value));
	return [
		{
			...placed(control(field), { hide: { [parameter]: [...notRequired, isExpression()] } }),
			required: true,
		},
		placed(control(field), { show: { [parameter]: optional.length ? optional : [isExpression()] } }),
	];
}

/**
 * One control for each value that requires the field and one for all others. Only `hide` tells them apart: an expression
 * in a condition of `show` would show, and so insist on, all of them.
 */
function perValue(
	field: Field,
	required: readonly string[],
	parameter: string,
	{ hide }: Place,
): INodeProperties[] {
	const where = (conditions: Conditions[string]) =>
		placed(control(field), { hide: { [parameter]: conditions } });
	return [
		...required.map((value) => ({ ...where([{ _cnd: { not: value } }]), required: true })),
		where([...(hide?.[parameter] ?? []), ...required]),
	];
}

/** One control for each variant that has an example of its own for the field, and one for all others. */
function withExamples(field: Field, variants: Variants, { hide }: Place): INodeProperties[] | undefined {
	const { parameter, values } = variants;
	const own = values.filter(({ examples }) => examples?.[field.wire] !== undefined);
	if (own.length === 0) return undefined;
	return [
		...own.map(({ value, examples }) =>
			placed(control({ ...field, example: examples?.[field.wire] }), {
				hide: { [parameter]: [{ _cnd: { not: value } }] },
			}),
		),
		placed(control(field), {
			hide: { [parameter]: [...(hide?.[parameter] ?? []), ...own.map(({ value }) => value)] },
		}),
	];
}

/** An object that is typed as JSON or in pairs, not member by member: its names are free. */
const typedWhole = (field: Field): Field =>
	field.type.kind === 'object' ? { ...field, type: { kind: 'json', as: 'object' } } : field;

/** Rows, and a box for JSON: under a choice where the table has one, else below the rows. */
function compound(given: Field, place: Place, variants: Variants | undefined): INodeProperties[] {
	const field = typedWhole(given);
	const { form, wire, label } = field;
	if (!form) return [];
	const json = { ...jsonControl(field), displayName: form.json.label, name: form.json.name };
	if (!form.rows) return [placed(json, place)];
	const boxes = offered(given, variants);
	const rows = rowsControl(field, form.rows);
	if (form.rowsMode === undefined) {
		const instead = {
			...json,
			description: inSentences('Instead of the rows above', json.description ?? ''),
		};
		return [...boxes, placed(rows, place), placed(instead, place)];
	}
	const modeName = `${wire}Mode`;
	const inMode = (mode: string): Place => ({ ...place, show: { ...place.show, [modeName]: [mode] } });
	return [
		placed(
			{
				...named(`Specify ${label}`, modeName, `How to give '${label}'`),
				type: 'options',
				noDataExpression: true,
				options: [
					{ name: 'Using Fields Below', value: form.rowsMode, description: 'Fill in one row for each' },
					{
						name: 'Using JSON',
						value: 'json',
						description: 'Give JSON text, or an expression that returns an object or a list',
					},
				],
				default: form.rowsMode,
			},
			place,
		),
		...boxes,
		placed(rows, inMode(form.rowsMode)),
		placed(json, inMode('json')),
	];
}

/** The values of the variants that offer a box for a path; none: no variant does. */
const offering = ({ values }: Variants, path: string): string[] =>
	values.filter(({ offers }) => offers?.includes(path)).map(({ value }) => value);

/** Shown under these values of the deciding parameter alone; an expression shows the rows instead. */
function onlyFor(variants: Variants, shownFor: readonly string[]): Place {
	const others = variants.values.map(({ value }) => value).filter((value) => !shownFor.includes(value));
	const open = variants.travels ? ['', variants.custom.value] : [];
	return { hide: { [variants.parameter]: [...open, ...others, isExpression()] } };
}

/** Members of a compound value for which variants offer a box of its own. */
function offered({ wire, type }: Field, variants: Variants | undefined): INodeProperties[] {
	if (!variants || type.kind !== 'object') return [];
	return type.fields.flatMap((member) => {
		const shownFor = offering(variants, `${wire}.${member.wire}`);
		return shownFor.length ? [placed(control(member), onlyFor(variants, shownFor))] : [];
	});
}

/** Boxes for fields that only some variants have and that stand beside the event's own. */
export function ownFields({ variants }: Operation): INodeProperties[] {
	if (!variants) return [];
	const all = new Map<string, Field>();
	for (const { own = [], offers = [] } of variants.values)
		for (const field of own) if (offers.includes(field.wire)) all.set(field.wire, field);
	return [...all.values()].map((field) =>
		placed(control(field), onlyFor(variants, offering(variants, field.wire))),
	);
}
