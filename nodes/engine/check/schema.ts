import { z } from 'zod/v3';

import type { Field, Json } from '../operation/operation';
import { emptyObject, isAbsent, isPlainObject } from './objects';
import type { ValueContext } from './result';
import { checkValue } from './values';

/** Whether the table's operation requires this field when its selector has this value. */
export const isRequired = (field: Field, selected: string): boolean =>
	field.required === true || (Array.isArray(field.required) && field.required.includes(selected));

/** How a field is named to the user: the label of the form and the vendor's name. */
export const nameOf = (field: Field): string => `'${field.label}' (${field.wire})`;

/** `['cart', 0, 'itemPrice']`. */
export type Path = ReadonlyArray<string | number>;

export interface Fault {
	path: Path;
	message: string;
}

export interface SchemaContext extends ValueContext {
	/** Value of the operation's selector. */
	selected: string;
	/**
	 * Decides about a name that the table does not list: `keep` it as it is, `drop` it, or say why the event cannot be
	 * sent. `free`: the table declares free names there.
	 */
	onExtra: (extra: {
		name: string;
		value: unknown;
		path: Path;
		free: boolean;
		documented: readonly string[];
	}) => 'keep' | 'drop' | { fault: string };
}

/** Checks an object in one pass: what it becomes on the wire, with every fault it has told to `faults`. */
export type ObjectCheck = (value: Json, path: Path, faults: Fault[]) => Json;

interface Member {
	field: Field;
	required: boolean;
	inner?: ObjectCheck;
}

function checkMember(
	{ field, required, inner }: Member,
	value: unknown,
	path: Path,
	context: SchemaContext,
	faults: Fault[],
): unknown {
	const fault = (says: string) => {
		faults.push({ path: [...path, field.wire], message: `${nameOf(field)} ${says}` });
		return undefined;
	};
	if (isAbsent(value)) return required ? fault('is required') : undefined;
	const checked = checkValue(value, field, context);
	if ('error' in checked) return fault(checked.error);
	if (checked.value === undefined && required) return fault('is required');
	if (!inner) return checked.value;
	const at = [...path, field.wire];
	if (field.type.kind !== 'list') return inner(checked.value as Json, at, faults);
	const rows = checked.value as unknown[];
	const min = field.type.min ?? 0;
	if (rows.length < min) return fault(`needs at least ${min} ${min === 1 ? 'row' : 'rows'}`);
	return rows.map((row, number) => {
		if (isPlainObject(row)) return inner(row, [...at, number], faults);
		faults.push({ path: [...at, number], message: 'Each row must be an object' });
		return undefined;
	});
}

/** Compiles rows of a table into one pass over an object: members in the table's order, absent ones leave no trace. */
export function compileObject(fields: readonly Field[], context: SchemaContext, free = false): ObjectCheck {
	const members = fields.map((field): Member => {
		const { type } = field;
		const required = isRequired(field, context.selected);
		if (type.kind === 'object')
			return { field, required, inner: compileObject(type.fields, context, type.free === true) };
		if (type.kind === 'list') return { field, required, inner: compileObject(type.of, context, false) };
		return { field, required };
	});
	const documented = fields.map(({ wire }) => wire);
	const names = new Set(documented);
	return (value, path, faults) => {
		const result: Json = emptyObject();
		for (const member of members) {
			const { wire } = member.field;
			if (!member.required && isAbsent(value[wire])) continue;
			const checked = checkMember(member, value[wire], path, context, faults);
			if (checked !== undefined) result[wire] = checked;
		}
		for (const name of Object.keys(value)) {
			if (names.has(name) || isAbsent(value[name])) continue;
			const verdict = context.onExtra({ name, value: value[name], path: [...path, name], free, documented });
			if (verdict === 'keep') result[name] = value[name];
			else if (verdict !== 'drop') faults.push({ path: [...path, name], message: verdict.fault });
		}
		return result;
	};
}

/**
 * zod schema of an event whose members are rows of a table: takes what people really have, gives the documented wire
 * form, or every fault at once. It wraps the very pass that a run uses: a zod object with an effect for each of thirty
 * rows costs more than all else that is done for an event.
 */
export function objectSchema(
	fields: readonly Field[],
	context: SchemaContext,
	{ free = false }: { free?: boolean } = {},
): z.ZodType<Json, z.ZodTypeDef, unknown> {
	const check = compileObject(fields, context, free);
	return z.unknown().transform((value, zod): Json => {
		if (!isPlainObject(value)) {
			zod.addIssue({ code: 'custom', message: 'Must be an object' });
			return z.NEVER;
		}
		const faults: Fault[] = [];
		const event = check(value, [], faults);
		for (const { path, message } of faults) zod.addIssue({ code: 'custom', path: [...path], message });
		return event;
	});
}
