import omit from 'lodash/omit';
import { DateTime } from 'luxon';

const Plain = function () {} as unknown as new () => Record<string, unknown>;
Plain.prototype = Object.prototype;

/**
 * An empty plain object, to be filled with names known only at run time. V8 shares a limited number of shapes among all
 * objects that begin as `{}`; a process as big as n8n uses them up, and then each such object costs ten times its time
 * and memory. These have shapes of their own.
 */
export const emptyObject = (): Record<string, unknown> => new Plain();

/** The object without some members; itself where it has none of them, since lodash's `omit` copies in any case. */
export const without = (
	object: Record<string, unknown>,
	names: readonly string[],
): Record<string, unknown> => (names.some((name) => name in object) ? omit(object, names) : object);

/** `undefined`, `null` and `''` mean that there is no value. */
export const isAbsent = (value: unknown): boolean => value === undefined || value === null || value === '';

/** Absent, or white space alone. */
export const isBlank = (value: unknown): boolean =>
	isAbsent(value) || (typeof value === 'string' && value.trim() === '');

/** A value as text. JSON can hold an object whose `toString` is not a function; it has no text. */
export function textOf(value: unknown): string {
	try {
		return String(value);
	} catch {
		return '';
	}
}

/** `Map`, `Set`, `Uint8Array`, …; `Object` for plain objects, also those of another realm. */
const tagOf = (value: object): string => Object.prototype.toString.call(value).slice(8, -1);

const isDate = (value: object): boolean =>
	value instanceof Date || DateTime.isDateTime(value) || tagOf(value) === 'Date';

/** An object of names and values. A Map, a Set or a file's bytes have content that JSON would lose in silence. */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
	if (typeof value !== 'object' || value === null) return false;
	const prototype: unknown = Object.getPrototypeOf(value);
	if (prototype === Object.prototype || prototype === null) return true;
	return !Array.isArray(value) && tagOf(value) === 'Object' && !DateTime.isDateTime(value);
}

const KINDS: Readonly<Record<string, string>> = {
	boolean: 'a true/false value',
	string: 'text',
	bigint: 'a number',
	undefined: 'nothing',
	function: 'a function',
	symbol: 'a symbol',
};

/** Completes "must be text, not …". */
export function kindOf(value: unknown): string {
	if (typeof value === 'number') return Number.isFinite(value) ? 'a number' : 'a number that is not finite';
	if (typeof value !== 'object') return KINDS[typeof value] ?? typeof value;
	if (value === null) return 'null';
	if (Array.isArray(value)) return 'a list';
	if (isDate(value)) return 'a date';
	const tag = tagOf(value);
	if (tag === 'Object') return 'an object';
	return ArrayBuffer.isView(value) || tag === 'ArrayBuffer' ? 'binary data' : `a ${tag}`;
}
