import type { Field } from '../operation/operation';
import { contentOf, isEmptyList, noObject } from './json';
import { isAbsent, isPlainObject, kindOf } from './objects';
import { failure, ok, type Result } from './result';
import { lengthError, scalarAsText } from './text';

/** A list or its JSON text; the JSON text `null` is no list at all, and no error. */
export function readList(
	value: unknown,
	field: Pick<Field, 'personal'> = {},
): { list: unknown[] | undefined } | { error: string } {
	const read = typeof value === 'string' ? contentOf(value, 'a list', field) : { content: value };
	if ('error' in read) return read;
	if (Array.isArray(read.content)) return { list: read.content as unknown[] };
	if (read.content === null) return { list: undefined };
	const advice = isPlainObject(read.content) ? '; put it into [ ]' : '';
	return failure(`must be a list or its JSON text, not ${kindOf(read.content)}${advice}`);
}

export function checkList(value: unknown, field: Field): Result {
	if (typeof value === 'string' && value.trim() === '') return ok(undefined);
	const read = readList(value, field);
	return 'error' in read ? read : ok(read.list);
}

/** An object with fields of its own: they are checked one by one, elsewhere. */
export function checkObject(value: unknown, field: Pick<Field, 'personal'>): Result {
	if (typeof value === 'string' && value.trim() === '') return ok(undefined);
	const read = typeof value === 'string' ? contentOf(value, 'an object', field) : { content: value };
	if ('error' in read) return read;
	const { content } = read;
	if (content === null) return ok(undefined);
	if (isEmptyList(content)) return ok({});
	return isPlainObject(content) ? ok(content) : failure(noObject(content));
}

/** A list, its JSON text, or one text alone, which may well begin with a bracket. */
function asTexts(value: unknown, field: Field): unknown[] | undefined {
	if (Array.isArray(value)) return value;
	if (typeof value !== 'string') return undefined;
	const read = /^\s*\[/.test(value) ? contentOf(value, 'a list', field) : undefined;
	return read && 'content' in read && Array.isArray(read.content) ? read.content : [value];
}

export function checkTexts(value: unknown, max: number | undefined, field: Field): Result {
	if (typeof value === 'string' && (value.trim() === '' || value.trim() === 'null')) return ok(undefined);
	const list = asTexts(value, field);
	if (!list) return failure(`must be a list of texts, not ${kindOf(value)}`);
	const texts: string[] = [];
	for (const [at, member] of list.entries()) {
		if (isAbsent(member)) continue;
		const text = scalarAsText(member, false);
		if ('error' in text) return failure(`entry ${at} ${text.error}`);
		const length = lengthError(text.value, 1, max);
		if (length) return failure(`entry ${at} ${length}`);
		texts.push(text.value);
	}
	return ok(texts);
}

/** A list of whole numbers, or their texts. */
export function checkIntegers(value: unknown, field: Field): Result {
	const single = typeof value === 'number' || typeof value === 'bigint' ? [value] : value;
	const texts = checkTexts(single, undefined, field);
	if ('error' in texts || texts.value === undefined) return texts;
	const numbers = (texts.value as string[]).map((text) =>
		/^-?\d{1,15}$/.test(text.trim()) ? Number(text) : NaN,
	);
	const at = numbers.findIndex(Number.isNaN);
	return at < 0 ? ok(numbers) : failure(`entry ${at} must be a whole number`);
}
