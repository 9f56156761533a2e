import { userText } from '../report/userText';
import type { Field, Issue, Json } from '../operation/operation';
import { parseJson } from './jsonReader';
import { isAbsent, isPlainObject } from './objects';

/** Longest name that is read as a path, and the highest place in a list that one may name. */
const MAX_NAME = 256;
const MAX_INDEX = 9_999;

const FIRST_STEP = /^[^.[\]]+/;
const STEP = /\.([^.[\]]+)|\[([^[\]]+)\]/y;

/** `cart[0][productId]` -> `['cart', 0, 'productId']`; `undefined` where the name is no path. */
export function stepsOf(name: string): Array<string | number> | undefined {
	if (name.length > MAX_NAME) return undefined;
	const first = FIRST_STEP.exec(name)?.[0];
	if (first === undefined || first.length === name.length) return undefined;
	const steps: Array<string | number> = [first];
	STEP.lastIndex = first.length;
	while (STEP.lastIndex < name.length) {
		const match = STEP.exec(name);
		if (!match) return undefined;
		const step = match[1] ?? match[2] ?? '';
		if (step in Object.prototype) return undefined;
		steps.push(/^(?:0|[1-9]\d{0,3})$/.test(step) ? Number(step) : step);
	}
	return steps;
}

const holdsMembers = ({ type }: Field): boolean =>
	['object', 'list', 'map', 'json', 'texts', 'attributes'].includes(type.kind);

/** Kinds whose members have names, which may be numbers. */
const NAMED: readonly string[] = ['object', 'map', 'attributes'];

/** What stands at a step already, opened where it is JSON text. */
function opened(value: unknown): unknown {
	const parsed = typeof value === 'string' ? parseJson(value)?.parsed : undefined;
	return typeof parsed === 'object' && parsed !== null ? parsed : value;
}

/**
 * Puts a value in at a path; `false` where something else stands in the way. Holders in `own` were made here and are
 * changed in place; all others stay as they are.
 */
function putAt(
	holder: Json | unknown[],
	steps: ReadonlyArray<string | number>,
	value: unknown,
	own: Set<unknown>,
): boolean {
	const [step, ...rest] = steps;
	if (step === undefined) return false;
	if (Array.isArray(holder) && (typeof step !== 'number' || step > MAX_INDEX)) return false;
	const members = holder as Json;
	const present = Object.hasOwn(members, step) ? members[step] : undefined;
	const [next] = rest;
	if (next === undefined) {
		if (!isAbsent(present) && present !== value) return false;
		members[step] = value;
		return true;
	}
	const content = opened(present);
	if (!isAbsent(content) && !isPlainObject(content) && !Array.isArray(content)) return false;
	let inner: Json | unknown[];
	if (isAbsent(content)) inner = typeof next === 'number' ? [] : {};
	else if (own.has(content)) inner = content as Json;
	else inner = Array.isArray(content) ? [...(content as unknown[])] : { ...(content as Json) };
	own.add(inner);
	members[step] = inner;
	return putAt(inner, rest, value, own);
}

/** An event in its nesting, and what stands in the way of it. */
export interface Nested {
	event: Json;
	issues: readonly Issue[];
}

const NO_ISSUES: readonly Issue[] = [];

/**
 * Makes the function that brings an event whose names are written flat, as CSV headings and form posts have them, into
 * its nesting. A name is a path where its first step is a documented object, list or map (or one of `more`) and the whole
 * name is not documented. An event without such names is given back as it is.
 */
export function compilePaths(
	fields: readonly Field[],
	more: readonly string[] = [],
): (event: Json) => Nested {
	const byName = new Map(fields.map((field) => [field.wire, field]));
	const intoInner = compileInner(fields);
	const isFlat = (name: string) => /[.[]/.test(name) && !byName.has(name);

	/** The steps of a name that is a path here. */
	function pathOf(name: string): [string, ...Array<string | number>] | undefined {
		const [first, ...rest] = stepsOf(name) ?? [];
		if (typeof first !== 'string') return undefined;
		const field = byName.get(first);
		return (field && holdsMembers(field)) || more.includes(first) ? [first, ...rest] : undefined;
	}

	function unfold(given: Json): Nested {
		const event = { ...given };
		const issues: Issue[] = [];
		const own = new Set<unknown>();
		for (const name of Object.keys(given)) {
			const steps = isFlat(name) ? pathOf(name) : undefined;
			if (!steps) continue;
			const value = event[name];
			delete event[name];
			if (isAbsent(value)) continue;
			const [first] = steps;
			const kind = byName.get(first)?.type.kind;
			if (kind !== undefined && NAMED.includes(kind) && isAbsent(event[first])) {
				event[first] = {};
				own.add(event[first]);
			}
			if (putAt(event, steps, value, own)) continue;
			const message = `'${userText(name)}' names a place in '${userText(first)}' that already holds something else; give one of them`;
			issues.push({ field: name, message });
		}
		return { event, issues };
	}

	return (given) => {
		const event = intoInner(given);
		const hasPaths = Object.keys(given).some((name) => isFlat(name) && pathOf(name) !== undefined);
		return hasPaths ? unfold(event) : { event, issues: NO_ISSUES };
	};
}

/** Names may be written flat inside a documented object too. What is given stays as it is. */
function compileInner(fields: readonly Field[]): (event: Json) => Json {
	const inner = fields.flatMap(({ wire, type }) =>
		type.kind === 'object' ? [[wire, compilePaths(type.fields)] as const] : [],
	);
	return (event) => {
		let result = event;
		for (const [wire, nest] of inner) {
			const value = event[wire];
			if (!isPlainObject(value)) continue;
			const { event: nested } = nest(value);
			if (nested !== value) result = { ...result, [wire]: nested };
		}
		return result;
	};
}
