import { z } from 'zod/v3';

import type { Field, Json } from './table';
import { checkValue, isAbsent, type ValueContext } from './values';

/** Whether the table's operation requires this field when its selector has this value. */
export const isRequired = (field: Field, selected: string): boolean =>
	field.required === true || (Array.isArray(field.required) && field.required.includes(selected));

/** How a field is named to the user: the label of the form and the vendor's name. */
export const nameOf = (field: Field): string => `'${field.label}' (${field.wire})`;

export interface SchemaContext extends ValueContext {
	/** Value of the operation's selector. */
	selected: string;
	/** Keep names that the table does not list. */
	keepExtras: boolean;
}

/** zod schema of one row: takes what people really have, gives the documented wire form. */
export function fieldSchema(field: Field, context: SchemaContext): z.ZodTypeAny {
	const { type } = field;
	const required = isRequired(field, context.selected);
	const inner =
		type.kind === 'object'
			? objectSchema(type.fields, context, { free: type.free })
			: type.kind === 'list'
				? z.array(objectSchema(type.of, context, { isRow: true }))
				: undefined;
	const min = type.kind === 'list' ? (type.min ?? 0) : 0;
	return z.unknown().transform((value, zod) => {
		if (isAbsent(value)) {
			if (required) zod.addIssue({ code: 'custom', message: `${nameOf(field)} is required` });
			return undefined;
		}
		const checked = checkValue(value, field, context);
		if ('fault' in checked) {
			zod.addIssue({ code: 'custom', message: `${nameOf(field)} ${checked.fault}` });
			return undefined;
		}
		if (checked.value === undefined && required) {
			zod.addIssue({ code: 'custom', message: `${nameOf(field)} is required` });
		}
		if (!inner) return checked.value;
		if (Array.isArray(checked.value) && checked.value.length < min) {
			zod.addIssue({ code: 'custom', message: `${nameOf(field)} needs at least ${min} ${min === 1 ? 'row' : 'rows'}` });
			return undefined;
		}
		const nested = inner.safeParse(checked.value);
		if (nested.success) return nested.data as unknown;
		for (const issue of nested.error.issues) zod.addIssue({ ...issue, code: 'custom', path: issue.path });
		return undefined;
	});
}

/** zod schema of an object whose members are rows of a table; absent members leave no trace. */
export function objectSchema(
	fields: readonly Field[],
	context: SchemaContext,
	{ isRow = false, free = false }: { isRow?: boolean; free?: boolean } = {},
): z.ZodTypeAny {
	const shape = Object.fromEntries(fields.map((field) => [field.wire, fieldSchema(field, context)]));
	const object = z.object(shape, {
		errorMap: () => ({ message: isRow ? 'Each row must be an object' : 'Must be an object' }),
	});
	return (context.keepExtras || free ? object.passthrough() : object).transform(withoutAbsent);
}

function withoutAbsent(value: Json): Json {
	for (const name of Object.keys(value)) if (isAbsent(value[name])) delete value[name];
	return value;
}
