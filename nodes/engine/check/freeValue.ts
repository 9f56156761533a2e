import { holdsExpression } from './expressions';
import { AT_ONCE, countMembers, isLarge, jsonParts } from './jsonParts';
import { parseJson } from './jsonReader';
import { isPlainObject, kindOf } from './objects';
import { failure, ok, type Result } from './result';
import { LOST_DIGITS } from './text';
import { quoted } from '../report/userText';
import type { Steps } from '../steps';

const MAX_DEPTH = 100;

/** What was found in a free value: why it cannot be sent, or what needs a look. */
interface Finding {
	error?: string;
	warning?: string;
	holdsBigInt?: true;
	/** The names and places that lead to the value that is looked at. */
	path: Array<string | number>;
}

function place({ path }: Finding): string {
	if (path.length === 0) return '';
	const text = path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`)).join('');
	return ` at ${quoted(text.replace(/^\./, ''))}`;
}

/** Why a single value cannot be sent. */
function scalarError(value: unknown, found: Finding): string | undefined {
	switch (typeof value) {
		case 'number':
			if (!Number.isFinite(value)) return `holds${place(found)} a number that is not finite`;
			if (!Number.isInteger(value) || Number.isSafeInteger(value)) return undefined;
			return `holds${place(found)} a value that ${LOST_DIGITS}`;
		case 'bigint':
			found.holdsBigInt = true;
			return undefined;
		case 'function':
		case 'symbol':
			return `holds${place(found)} ${kindOf(value)}, which JSON cannot carry`;
		default:
			return undefined;
	}
}

/** Why an object that has no members for JSON cannot be sent; a date can. */
function objectError(value: object, found: Finding): string | undefined {
	const kind = kindOf(value);
	if (kind !== 'a date') return `holds${place(found)} ${kind}, which JSON cannot carry`;
	return Number.isNaN(Number(value)) ? `holds${place(found)} a date that is not valid` : undefined;
}

function look(value: unknown, found: Finding): void {
	if (typeof value === 'string') {
		if (found.warning === undefined && holdsExpression(value))
			found.warning = `holds${place(found)} an expression that was not evaluated: ${quoted(value)}; switch the field to Expression`;
	} else if (typeof value !== 'object' || value === null) {
		found.error = scalarError(value, found);
	} else if (!Array.isArray(value) && !isPlainObject(value)) {
		found.error = objectError(value, found);
	} else if (found.path.length >= MAX_DEPTH) {
		found.error = `is nested more than ${MAX_DEPTH} levels deep`;
	} else {
		lookAtMembers(value, found);
	}
}

function lookAtMembers(value: Record<string, unknown> | unknown[], found: Finding): void {
	const { path } = found;
	if (Array.isArray(value)) {
		for (let place = 0; place < value.length; place++) {
			path.push(place);
			look(value[place], found);
			path.pop();
			if (found.error !== undefined) return;
		}
		return;
	}
	for (const name of Object.keys(value)) {
		path.push(name);
		look(value[name], found);
		path.pop();
		if (found.error !== undefined) return;
	}
}

/** The same in steps: a value of many members takes long. */
function* lookInSteps(value: unknown, found: Finding): Steps<void> {
	const { path } = found;
	const isContainer = Array.isArray(value) || isPlainObject(value);
	if (!isContainer || path.length >= MAX_DEPTH || !isLarge(value)) {
		look(value, found);
		return;
	}
	let count = 0;
	for (const [place, member] of Array.isArray(value) ? value.entries() : namesAndValues(value)) {
		path.push(place);
		const members = countMembers(member, AT_ONCE);
		if (members >= AT_ONCE) yield* lookInSteps(member, found);
		else look(member, found);
		path.pop();
		if (found.error !== undefined) return;
		count += members;
		if (count < AT_ONCE) continue;
		count = 0;
		yield;
	}
}

/** Without a list of pairs, which costs a large object more than the look at it. */
function* namesAndValues(object: Record<string, unknown>): Generator<[string, unknown]> {
	for (const name of Object.keys(object)) yield [name, object[name]];
}

function lookInto(value: unknown): Finding {
	const found: Finding = { path: [] };
	look(value, found);
	return found;
}

/**
 * What is known of large values before they are checked. To look at one, and to write it, takes long, so it is done ahead and
 * in steps between which others in the process may have their turn.
 */
export class KnownValues {
	private readonly findings = new WeakMap<object, Finding>();
	private readonly texts = new WeakMap<object, string>();
	private parsed?: { text: string; parsed: { parsed: unknown } | undefined };

	/** `asText`: it will be written as JSON text. */
	*lookAhead(value: unknown, asText: boolean): Steps<void> {
		if (typeof value === 'string' && isLarge(value)) {
			this.parsed = { text: value, parsed: parseJson(value) };
			yield;
		}
		if (typeof value !== 'object' || value === null || this.findings.has(value) || !isLarge(value)) return;
		const found: Finding = { path: [] };
		yield* lookInSteps(value, found);
		this.findings.set(value, found);
		if (!asText || found.error !== undefined || found.holdsBigInt) return;
		const parts: string[] = [];
		for (const part of jsonParts(value)) {
			parts.push(part);
			yield;
		}
		this.texts.set(value, parts.join(''));
	}

	findingOf(value: unknown): Finding | undefined {
		return typeof value === 'object' && value !== null ? this.findings.get(value) : undefined;
	}

	/** What a text holds as JSON. */
	parsedOf(text: string): { parsed: unknown } | undefined {
		return this.parsed?.text === text ? this.parsed.parsed : parseJson(text);
	}

	/** Its JSON text, if it was written ahead. */
	textOf(value: object): string | undefined {
		return this.texts.get(value);
	}
}

/** Why a free value cannot be sent as JSON without loss, with the path inside it. */
export const freeValueError = (value: unknown, known?: KnownValues): string | undefined =>
	(known?.findingOf(value) ?? lookInto(value)).error;

/** The same as a result, with what needs a look. */
export function checkFreeValue(value: unknown, known?: KnownValues): Result {
	const { error, warning } = known?.findingOf(value) ?? lookInto(value);
	if (error !== undefined) return failure(error);
	return ok(value, warning === undefined ? [] : [warning]);
}

function holdsBigInt(value: unknown): boolean {
	if (typeof value !== 'object' || value === null) return typeof value === 'bigint';
	if (Array.isArray(value)) return value.some(holdsBigInt);
	if (!isPlainObject(value)) return false;
	// Without a list of the values, which a large object would pay for once more.
	for (const name in value) {
		const member = value[name];
		if (typeof member === 'bigint' || (typeof member === 'object' && holdsBigInt(member))) return true;
	}
	return false;
}

/** `JSON.stringify` that writes BigInt as digits; n8n teaches the plain one to write it as text. */
export function toJsonText(value: unknown): string {
	if (holdsBigInt(value)) return exactText(value);
	// In parts a large text takes two thirds of the time.
	return isLarge(value) ? [...jsonParts(value)].join('') : JSON.stringify(value);
}

function exactText(value: unknown): string {
	if (typeof value === 'bigint') return value.toString();
	if (Array.isArray(value)) return `[${Array.from(value, (member) => exactText(member ?? null)).join(',')}]`;
	if (!isPlainObject(value)) return JSON.stringify(value);
	const members = Object.entries(value).filter(([, member]) => member !== undefined);
	return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${exactText(member)}`).join(',')}}`;
}
