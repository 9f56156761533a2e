import type { Json } from '../../operation/operation';
import { hasLoneSurrogate } from '../../check/text';

import type { Read } from './grammar';
import { isRefusedName } from './vocabulary';

/** Most characters of one item's data that are handed over. */
const MAX_CHARACTERS = 16_384;
const MAX_DEPTH = 50;

/** The members that expressions read of an object: further members by name, or all of what is there. */
export type Wanted = 'all' | Map<string, Wanted>;

/** What a group of expressions reads of one source, as a tree. */
export function wantedOf(reads: readonly Read[]): Wanted {
	let root: Wanted = new Map();
	for (const { path } of reads) {
		if (path.length === 0) root = 'all';
		let at: Wanted = root;
		for (const [depth, name] of path.entries()) {
			if (at === 'all') break;
			const next: Wanted = at.get(name) ?? new Map<string, Wanted>();
			const isLast = depth === path.length - 1;
			at.set(name, isLast ? 'all' : next);
			at = isLast ? 'all' : next;
		}
	}
	return root;
}

export interface HandedOver {
	value: unknown;
	characters: number;
	/** Top-level members that JSON does not carry exactly; they are left out. */
	inexact: ReadonlySet<string>;
}

const NOTHING: ReadonlySet<string> = new Set();

/** The wanted members of an object, as far as JSON carries them exactly. */
export function handOver(source: Json, wanted: Wanted): HandedOver {
	const value: Json = {};
	const budget = { left: MAX_CHARACTERS };
	let inexact: Set<string> | undefined;
	for (const name of wanted === 'all' ? Object.keys(source) : wanted.keys()) {
		try {
			const member = memberOf(source, name, wanted === 'all' ? 'all' : (wanted.get(name) ?? 'all'), budget);
			if (member !== undefined) value[name] = member;
			else if (wanted === 'all') throw INEXACT;
		} catch {
			inexact = (inexact ?? new Set<string>()).add(name);
			if (budget.left < 0) budget.left = 0;
		}
	}
	return { value, characters: MAX_CHARACTERS - budget.left, inexact: inexact ?? NOTHING };
}

const INEXACT = new Error('JSON does not carry this exactly');

/** A member, cut to what is wanted of it; `undefined` if it does not exist. */
function memberOf(holder: Json, name: string, wanted: Wanted, budget: { left: number }): unknown {
	if (isInexactName(name)) throw INEXACT;
	if (!Object.hasOwn(holder, name)) {
		if (name in holder) throw INEXACT;
		return undefined;
	}
	const value = holder[name];
	budget.left -= name.length + 4;
	if (wanted === 'all' || typeof value !== 'object' || value === null || Array.isArray(value)) {
		if (value !== undefined) checkExact(value, budget, MAX_DEPTH);
		return value;
	}
	if (!isPlain(value)) throw INEXACT;
	const part: Json = {};
	for (const [next, wantedOfIt] of wanted) {
		const member = memberOf(value, next, wantedOfIt, budget);
		if (member !== undefined) part[next] = member;
	}
	return part;
}

/** V8 may take a name that JSON writes with an escape for another one that it has seen in the same place before. */
const isInexactName = (name: string): boolean =>
	isRefusedName(name) || JSON.stringify(name).length !== name.length + 2;

/** Throws unless the value comes out of its JSON text as it was. */
function checkExact(value: unknown, budget: { left: number }, depth: number): void {
	switch (typeof value) {
		case 'string':
			budget.left -= value.length;
			if (budget.left < 0 || value.includes('\0') || hasLoneSurrogate(value)) throw INEXACT;
			return;
		case 'number':
			budget.left -= 8;
			if (!Number.isFinite(value) || Object.is(value, -0)) throw INEXACT;
			return;
		case 'boolean':
			return;
		case 'object':
			if (value === null) return;
			break;
		default:
			throw INEXACT;
	}
	if (depth === 0 || budget.left < 0) throw INEXACT;
	const isList = Array.isArray(value);
	if (!isList && !isPlain(value)) throw INEXACT;
	const names = Object.keys(value);
	// A list with a hole, or with a member that has a name, is no JSON.
	if (
		isList &&
		(names.length !== value.length || (names.length > 0 && names.at(-1) !== String(names.length - 1)))
	) {
		throw INEXACT;
	}
	for (const name of names) {
		if (!isList) {
			if (isInexactName(name)) throw INEXACT;
			budget.left -= name.length + 4;
		}
		// A member that is computed may be another one at the next reading, and n8n's engine does not copy it.
		const member = Object.getOwnPropertyDescriptor(value, name);
		if (!member || member.get || member.set) throw INEXACT;
		checkExact(member.value, budget, depth - 1);
	}
}

/** Whether an object is one as JSON makes it; it may come from another realm. */
function isPlain(value: object): value is Json {
	const prototype = Object.getPrototypeOf(value) as object | null;
	if (prototype === Object.prototype) return true;
	return (
		prototype !== null &&
		Object.getPrototypeOf(prototype) === null &&
		Object.hasOwn(prototype, 'isPrototypeOf')
	);
}

/** Whether the value comes out of its JSON text as it was. */
export function isExact(value: unknown, maxCharacters = MAX_CHARACTERS): boolean {
	try {
		checkExact(value, { left: maxCharacters }, MAX_DEPTH);
		return true;
	} catch {
		return false;
	}
}
