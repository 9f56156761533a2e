import { emptyObject, isPlainObject } from './objects';

/** Members that are written in one go, which takes a few milliseconds. */
export const AT_ONCE = 20_000;
/** Deeper values are written in one go, and those that hold themselves are found to do so. */
const MAX_DEPTH = 20;

type Container = Record<string, unknown> | unknown[];

/** A list, or an object of names and values that does not say itself what stands for it in JSON. */
const isContainer = (value: unknown): value is Container =>
	Array.isArray(value) || (isPlainObject(value) && typeof value.toJSON !== 'function');

/** How many members a value has, those of its members included. Counts no further than to the limit. */
export function countMembers(value: unknown, limit: number, depth = 0): number {
	if (typeof value !== 'object' || value === null || depth >= MAX_DEPTH || !isContainer(value)) return 1;
	let count = 1;
	if (Array.isArray(value)) {
		for (let at = 0; at < value.length && count < limit; at++)
			count += countMembers(value[at], limit - count, depth + 1);
		return count;
	}
	for (const name in value) {
		if (count >= limit) break;
		count += countMembers(value[name], limit - count, depth + 1);
	}
	return count;
}

/** Whether a value has so many members that to write it, or to look at each, takes long. */
export const isLarge = (value: unknown, atOnce = AT_ONCE): boolean => countMembers(value, atOnce) >= atOnce;

/**
 * The text that `JSON.stringify` makes of a value, in parts, so that others in the process may have their turn between
 * them. Throws where `JSON.stringify` throws. `atOnce`: how many members a part holds at most, at least 2.
 */
export function* jsonParts(value: unknown, atOnce = AT_ONCE, depth = 0): Generator<string> {
	if (depth >= MAX_DEPTH || !isContainer(value) || !isLarge(value, atOnce)) {
		const text = JSON.stringify(value) as string | undefined;
		if (text !== undefined) yield text;
	} else if (Array.isArray(value)) {
		yield '[';
		yield* listParts(value, atOnce, depth);
		yield ']';
	} else {
		yield '{';
		yield* objectParts(value, atOnce, depth);
		yield '}';
	}
}

const withoutBrackets = (text: string): string => text.slice(1, -1);

function* listParts(list: readonly unknown[], atOnce: number, depth: number): Generator<string> {
	let from = 0;
	let count = 0;
	for (let at = 0; at < list.length; at++) {
		const members = countMembers(list[at], atOnce);
		count += members;
		if (count < atOnce) continue;
		if (at > from) yield `${from ? ',' : ''}${withoutBrackets(JSON.stringify(list.slice(from, at)))}`;
		from = at;
		count = members;
		if (members < atOnce) continue;
		if (at) yield ',';
		yield* jsonParts(list[at], atOnce, depth + 1);
		from = at + 1;
		count = 0;
	}
	if (from < list.length) yield `${from ? ',' : ''}${withoutBrackets(JSON.stringify(list.slice(from)))}`;
}

function* objectParts(object: Record<string, unknown>, atOnce: number, depth: number): Generator<string> {
	let comma = '';
	let some = emptyObject();
	let count = 0;
	for (const name of Object.keys(object)) {
		const value = object[name];
		const members = countMembers(value, atOnce);
		if (count && count + members >= atOnce) {
			const text = withoutBrackets(JSON.stringify(some));
			if (text) {
				yield `${comma}${text}`;
				comma = ',';
			}
			some = emptyObject();
			count = 0;
		}
		if (members >= atOnce) {
			yield `${comma}${JSON.stringify(name)}:`;
			yield* jsonParts(value, atOnce, depth + 1);
			comma = ',';
		} else {
			setOwn(some, name, value);
			count += members;
		}
	}
	const text = withoutBrackets(JSON.stringify(some));
	if (text) yield `${comma}${text}`;
}

/** A plain assignment to `__proto__` would set the prototype. */
function setOwn(object: Record<string, unknown>, name: string, value: unknown): void {
	if (name !== '__proto__') object[name] = value;
	else Object.defineProperty(object, name, { value, writable: true, enumerable: true, configurable: true });
}
