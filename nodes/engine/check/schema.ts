import { z } from 'zod/v3';

import type { Field, Json } from '../operation/operation';
import { asGiven, bindingOf, bindingPart, requiredEvidence, type Binds } from './evidence';
import { emptyObject, isAbsent, isBlank, isPlainObject } from './objects';
import { KEPT_ISSUES } from './issues';
import type { ValueContext } from './result';
import { addFault, type Fault, type Findings, type Path } from './findings';
import { checkRows } from './rows';
import { checkValue } from './values';

export type { Fault, Findings, Path } from './findings';

/** How a field is named to the user: the label of the form and the vendor's name. */
export const nameOf = (field: Field): string => `'${field.label}' (${field.wire})`;

export interface SchemaContext extends ValueContext {
	/** Default: what the vendor documents. */
	binds?: Binds;
	/** Told a field that is there without a value. */
	onEmpty?: (field: Field) => void;
	/**
	 * Decides about a name that the table does not list: `keep` it as it is, `drop` it, or say why the event cannot be
	 * sent. `free`: the table declares free names there.
	 */
	onExtra: (extra: {
		name: string;
		value: unknown;
		path: Path;
		free: boolean;
		fields: readonly Field[];
	}) => 'keep' | 'drop' | { fault: string };
}

/** Checks an object in one pass: what it becomes on the wire; what is wrong with it is added to `findings`. */
export type ObjectCheck = (value: Json, path: Path, findings: Findings) => Json;

interface Member {
	field: Field;
	/** Where breaking one of its bounds does not refuse the event: the field without those. */
	binding?: Field;
	/** Whether its kind binds: of a field that no page names, the kind is a guess too. */
	kindBinds: boolean;
	required: false | 'refuses' | 'warns';
	inner?: ObjectCheck;
}

/** The value in its wire form, and what about it does not refuse the event. */
function readValue(
	{ field, binding, kindBinds }: Member,
	value: unknown,
	context: SchemaContext,
): { value: unknown; doubts?: readonly string[]; remarks?: readonly string[] } | { error: string } {
	const checked = checkValue(value, field, context);
	if (!('error' in checked)) return { value: checked.value, remarks: checked.warnings };
	const again = binding ? checkValue(value, binding, context) : checked;
	if (!('error' in again)) {
		return { value: again.value, doubts: [checked.error], remarks: again.warnings };
	}
	const given = kindBinds ? undefined : asGiven(value);
	return given === undefined ? again : { value: given, doubts: [checked.error] };
}

function checkMember(
	member: Member,
	given: unknown,
	path: Path,
	context: SchemaContext,
	findings: Findings,
): unknown {
	const { field, required, inner } = member;
	const at = [...path, field.wire];
	const found = (list: Fault[], message: string) => {
		if (list.length < KEPT_ISSUES) list.push({ path: at, message: `${nameOf(field)} ${message}` });
		else if (list === findings.faults) findings.moreFaults = (findings.moreFaults ?? 0) + 1;
		return undefined;
	};
	const missing = () =>
		required ? found(required === 'refuses' ? findings.faults : findings.doubts, 'is required') : undefined;
	if (isAbsent(given) || (required && isBlank(given))) return missing();
	const read = readValue(member, given, context);
	if ('error' in read) return found(findings.faults, read.error);
	const { value, doubts, remarks } = read;
	if (doubts) for (const doubt of doubts) found(findings.doubts, doubt);
	if (remarks) for (const remark of remarks) found((findings.remarks ??= []), remark);
	if (value === undefined) {
		context.onEmpty?.(field);
		return missing();
	}
	if (!inner) return value;
	if (field.type.kind !== 'list') return inner(value as Json, at, findings);
	const rows = value as unknown[];
	const min = field.type.min ?? 0;
	if (rows.length < min) return found(findings.faults, `needs at least ${min} ${min === 1 ? 'row' : 'rows'}`);
	const documented = new Set(field.type.of.map(({ wire }) => wire));
	return checkRows(rows, field, at, { check: inner, documented }, findings);
}

function compileMember(field: Field, context: SchemaContext): Member {
	const { type } = field;
	const binds = context.binds ?? bindingOf({});
	const markBinds = binds(requiredEvidence(field));
	return {
		field,
		binding: bindingPart(field, binds),
		kindBinds: binds(field.evidence),
		required: field.required ? (markBinds ? 'refuses' : 'warns') : false,
		...(type.kind === 'object' ? { inner: compileObject(type.fields, context, type.free === true) } : {}),
		...(type.kind === 'list' ? { inner: compileObject(type.of, context, false) } : {}),
	};
}

/** Compiles rows of a table into one pass over an object: members in the table's order, absent ones leave no trace. */
export function compileObject(fields: readonly Field[], context: SchemaContext, free = false): ObjectCheck {
	const members = fields.map((field) => compileMember(field, context));
	const names = new Set(fields.map(({ wire }) => wire));
	return (value, path, findings) => {
		const result: Json = emptyObject();
		for (const member of members) {
			const { wire } = member.field;
			const given = value[wire];
			// A member that is there and empty was mapped, and came out so.
			if (given === '' || given === null) context.onEmpty?.(member.field);
			if (!member.required && isAbsent(given)) continue;
			const checked = checkMember(member, given, path, context, findings);
			if (checked !== undefined) result[wire] = checked;
		}
		for (const name of Object.keys(value)) {
			if (names.has(name) || isAbsent(value[name])) continue;
			const verdict = context.onExtra({ name, value: value[name], path: [...path, name], free, fields });
			if (verdict === 'keep') result[name] = value[name];
			else if (verdict !== 'drop') addFault(findings, [...path, name], verdict.fault);
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
		const findings: Findings = { faults: [], doubts: [] };
		const event = check(value, [], findings);
		for (const { path, message } of findings.faults)
			zod.addIssue({ code: 'custom', path: [...path], message });
		return event;
	});
}
