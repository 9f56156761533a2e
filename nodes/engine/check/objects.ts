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

export const isPlainObject = (value: unknown): value is Record<string, unknown> =>
	typeof value === 'object' &&
	value !== null &&
	!Array.isArray(value) &&
	!(value instanceof Date) &&
	!DateTime.isDateTime(value);

/** Completes "must be text and is …". */
export function kindOf(value: unknown): string {
	if (Array.isArray(value)) return 'a list';
	if (value instanceof Date || DateTime.isDateTime(value)) return 'a date';
	if (typeof value === 'boolean') return 'true or false';
	if (typeof value === 'number') return Number.isFinite(value) ? 'a number' : 'not a finite number';
	if (typeof value === 'string') return 'text';
	return 'an object';
}
