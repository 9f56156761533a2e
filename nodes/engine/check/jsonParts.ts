import { isPlainObject } from './objects';

/** Members that are written in one go, which takes a few milliseconds. */
export const AT_ONCE = 20_000;
/** Deeper values are written in one go, and those that hold themselves are found to do so. */
const MAX_DEPTH = 20;

/** Characters of a text that are written in one go. */
const LONG_TEXT = 1_000_000;

const isLong = (value: unknown): value is string => typeof value === 'string' && value.length > LONG_TEXT;

type Container = Record<string, unknown> | unknown[];

/** A list, or an object of names and values that has no `toJSON` of its own. */
const isContainer = (value: unknown): value is Container =>
	Array.isArray(value) || (isPlainObject(value) && typeof value.toJSON !== 'function');

/** How many members a value has, those of its members included. Counts no further than to the limit. */
export function countMembers(value: unknown, limit: number, depth = 0): number {
	if (typeof value !== 'object' || value === null || depth >= MAX_DEPTH || !isContainer(value))
		return isLong(value) ? limit : 1;
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

/** Whether a value has so many members, or so long a text, that to write it, or to look at each, takes long. */
export const isLarge = (value: unknown, atOnce = AT_ONCE): boolean => countMembers(value, atOnce) >= atOnce;

/**
 * The text that `JSON.stringify` makes of a value, in parts, so that others in the process may have their turn between
 * them. Throws where `JSON.stringify` throws. `atOnce`: how many members a part holds at most, at least 2.
 */
export function* jsonParts(value: unknown, atOnce = AT_ONCE): Generator<string> {
	if (isLarge(value, atOnce)) yield* largeParts(value, atOnce, 0);
	else yield* wholeText(value);
}

function* wholeText(value: unknown): Generator<string> {
	const text = JSON.stringify(value) as string | undefined;
	if (text !== undefined) yield text;
}

/** The parts of a value that is large. */
function* largeParts(value: unknown, atOnce: number, depth: number): Generator<string> {
	if (isLong(value)) {
		yield* textParts(value);
	} else if (depth >= MAX_DEPTH || !isContainer(value)) {
		yield* wholeText(value);
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

/** Without its first and last character. */
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
		yield* largeParts(list[at], atOnce, depth + 1);
		from = at + 1;
		count = 0;
	}
	if (from < list.length) yield `${from ? ',' : ''}${withoutBrackets(JSON.stringify(list.slice(from)))}`;
}

function* objectParts(object: Record<string, unknown>, atOnce: number, depth: number): Generator<string> {
	let text = '';
	let comma = '';
	let count = 0;
	for (const name of Object.keys(object)) {
		const value = object[name];
		const members = countMembers(value, atOnce);
		count += members;
		if (members >= atOnce) {
			yield `${text}${comma}${JSON.stringify(name)}:`;
			yield* largeParts(value, atOnce, depth + 1);
		} else {
			const written = JSON.stringify(value) as string | undefined;
			if (written === undefined) continue;
			text += `${comma}${JSON.stringify(name)}:${written}`;
			comma = ',';
			if (count < atOnce) continue;
			yield text;
		}
		text = '';
		comma = ',';
		count = 0;
	}
	if (text) yield text;
}

/** A long text in pieces that end with a whole character. */
function* textParts(text: string): Generator<string> {
	yield '"';
	for (let from = 0; from < text.length;) {
		const most = from + LONG_TEXT;
		const to = isPair(text, most) ? most - 1 : most;
		yield withoutBrackets(JSON.stringify(text.slice(from, to)));
		from = to;
	}
	yield '"';
}

/** Whether the place stands between the two halves of a character. */
const isPair = (text: string, at: number): boolean =>
	(text.charCodeAt(at - 1) & 0xfc00) === 0xd800 && (text.charCodeAt(at) & 0xfc00) === 0xdc00;
