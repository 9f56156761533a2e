import { z } from 'zod/v3';

import type { Field, Json } from '../operation/operation';
import { asGiven, bindingOf, bindingPart, evidenceOf, requiredEvidence, type Binds } from './evidence';
import { holdsExpression } from './expressions';
import { emptyObject, isAbsent, isBlank, isPlainObject } from './objects';
import { KEPT_ISSUES } from './issues';
import { isLarge } from './jsonParts';
import type { Result, ValueContext } from './result';
import { completed, type Steps } from '../steps';
import { addFault, type Fault, type Findings, type Path } from './findings';
import { checkRows } from './rows';
import { identityError } from './text';
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

/**
 * Checks an object in one pass: what it becomes on the wire; what is wrong with it is added to `findings`. In steps, since an
 * object may have as many members as thousands of others.
 */
export type ObjectCheck = (value: Json, path: Path, findings: Findings) => Steps<Json>;

/** The check of what a member holds, and the names that are documented there. */
interface Inner {
	check: ObjectCheck;
	documented: ReadonlySet<string>;
	/** Whether a list of too few rows is refused. */
	minBinds: boolean;
}

/** Names that are judged in a few milliseconds. */
const NAMES_AT_ONCE = 1_000;

const IS_REQUIRED = 'is required';

interface Member {
	field: Field;
	/** Where breaking one of its bounds does not refuse the event: the field without those. */
	binding: Field | undefined;
	/** Whether its kind binds: of a field that no page names, the kind is a guess too. */
	kindBinds: boolean;
	/** Whether what is inferred binds. */
	guessBinds: boolean;
	required: false | 'refuses' | 'warns';
	inner?: Inner;
}

/** The value in its wire form. */
function readValue(member: Member, value: unknown, context: SchemaContext): Result {
	const checked = checkValue(value, member.field, context);
	if ('error' in checked) return readLoosely(checked, member, value, context);
	const doubt = checked.doubts?.[0];
	return doubt !== undefined && member.guessBinds ? { error: doubt } : checked;
}

/** A text whose meaning is lost already, so that it is refused whatever is known of the field. */
function meansNothing(value: unknown, field: Field): boolean {
	if (typeof value !== 'string') return false;
	if (field.role) return identityError(value, field) !== undefined;
	return field.type.kind !== 'text' && holdsExpression(value);
}

/** The value of a member that breaks a rule, where only what binds counts. */
function readLoosely(
	checked: { error: string },
	{ field, binding, kindBinds }: Member,
	value: unknown,
	context: SchemaContext,
): Result {
	if (meansNothing(value, field)) return checked;
	const again = binding ? checkValue(value, binding, context) : checked;
	const doubts = [checked.error];
	if (!('error' in again)) return { ...again, doubts: [...doubts, ...(again.doubts ?? [])] };
	const given = kindBinds ? undefined : asGiven(value);
	return given === undefined ? again : { value: given, doubts };
}

const faultOf = (field: Field, path: Path, message: string): Fault => ({
	path: [...path, field.wire],
	message: `${nameOf(field)} ${message}`,
});

/** Refuses the event for what is wrong with a member. The path is made only here, since most members are right. */
function refuse(findings: Findings, field: Field, path: Path, message: string): undefined {
	const { faults } = findings;
	if (faults.length < KEPT_ISSUES) faults.push(faultOf(field, path, message));
	else findings.moreFaults = (findings.moreFaults ?? 0) + 1;
}

function remark(list: Fault[], field: Field, path: Path, messages: readonly string[]): void {
	for (const message of messages) {
		if (list.length < KEPT_ISSUES) list.push(faultOf(field, path, message));
	}
}

/** A member has no value. */
function miss({ field, required }: Member, path: Path, findings: Findings): undefined {
	if (required === 'refuses') refuse(findings, field, path, IS_REQUIRED);
	else if (required === 'warns') remark(findings.doubts, field, path, [IS_REQUIRED]);
}

function checkMember(
	member: Member,
	given: unknown,
	path: Path,
	context: SchemaContext,
	findings: Findings,
): unknown {
	const { field, required } = member;
	if (isAbsent(given) || (required && isBlank(given))) return miss(member, path, findings);
	const read = readValue(member, given, context);
	if ('error' in read) return refuse(findings, field, path, read.error);
	if (read.doubts) remark(findings.doubts, field, path, read.doubts);
	if (read.warnings) remark((findings.remarks ??= []), field, path, read.warnings);
	if (read.value === undefined) {
		context.onEmpty?.(field);
		return miss(member, path, findings);
	}
	return read.value;
}

/** The members of a member. */
function* checkInner(
	inner: Inner,
	field: Field,
	value: unknown,
	path: Path,
	findings: Findings,
): Steps<unknown> {
	const at = [...path, field.wire];
	if (field.type.kind !== 'list') return yield* inner.check(value as Json, at, findings);
	const rows = value as unknown[];
	const { min = 0 } = field.type;
	if (rows.length < min) {
		const message = `needs at least ${min} ${min === 1 ? 'row' : 'rows'}`;
		if (inner.minBinds) return refuse(findings, field, path, message);
		remark(findings.doubts, field, path, [message]);
	}
	return yield* checkRows(rows, field, at, inner, findings);
}

function compileInner(field: Field, context: SchemaContext, binds: Binds): Inner | undefined {
	const { type } = field;
	if (type.kind !== 'object' && type.kind !== 'list') return undefined;
	const fields = type.kind === 'object' ? type.fields : type.of;
	const free = type.kind === 'object' && type.free === true;
	return {
		check: compileObject(fields, context, free),
		documented: new Set(fields.map(({ wire }) => wire)),
		minBinds: binds(evidenceOf(field, 'min')),
	};
}

function compileMember(field: Field, context: SchemaContext): Member {
	const binds = context.binds ?? bindingOf({});
	const markBinds = binds(requiredEvidence(field));
	return {
		field,
		binding: bindingPart(field, binds),
		kindBinds: binds(field.evidence),
		guessBinds: binds('inferred'),
		// What only the form asks for has become something else by now.
		required: field.required && !field.formOnly ? (markBinds ? 'refuses' : 'warns') : false,
		inner: compileInner(field, context, binds),
	};
}

/** Compiles rows of a table into one pass over an object: members in the table's order, absent ones leave no trace. */
export function compileObject(fields: readonly Field[], context: SchemaContext, free = false): ObjectCheck {
	const members = fields.map((field) => compileMember(field, context));
	const names = new Set(fields.map(({ wire }) => wire));
	return function* check(value, path, findings) {
		const result: Json = emptyObject();
		for (const member of members) {
			const { wire, type } = member.field;
			const given = value[wire];
			// A member that is there and empty was mapped, and came out so.
			if (given === '' || given === null) context.onEmpty?.(member.field);
			if (!member.required && isAbsent(given)) continue;
			if (type.kind === 'json' && context.known && isLarge(given))
				yield* context.known.lookAhead(given, type.as === 'text');
			let checked = checkMember(member, given, path, context, findings);
			// A value of the wrong kind for a field that no page documents is sent as it was given.
			if (member.inner && typeof checked === 'object')
				checked = yield* checkInner(member.inner, member.field, checked, path, findings);
			if (checked !== undefined) result[wire] = checked;
		}
		for (const [at, name] of Object.keys(value).entries()) {
			if (at % NAMES_AT_ONCE === NAMES_AT_ONCE - 1) yield;
			if (names.has(name) || isAbsent(value[name])) continue;
			if (context.known && isLarge(value[name])) yield* context.known.lookAhead(value[name], false);
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
		const event = completed(check(value, [], findings));
		for (const { path, message } of findings.faults)
			zod.addIssue({ code: 'custom', path: [...path], message });
		return event;
	});
}
