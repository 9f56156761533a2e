import { DateTime } from 'luxon';

import type { ValueType } from '../operation/operation';
import { parseJson } from './json';
import { isAbsent, isPlainObject, kindOf } from './objects';
import { failure, ok, type Result, type ValueContext } from './result';
import { lengthError, scalarAsText } from './text';

function asList(value: unknown): unknown[] | undefined {
	if (Array.isArray(value)) return value;
	if (typeof value !== 'string') return undefined;
	const read = parseJson(value);
	return read && Array.isArray(read.parsed) ? read.parsed : undefined;
}

export function readList(value: unknown): { list: unknown[] } | { error: string } {
	const list = asList(value);
	return list ? { list } : { error: `must be a list or its JSON text and is ${kindOf(value)}` };
}

export function checkTexts(value: unknown, max: number | undefined): Result {
	const list = asList(value) ?? (typeof value === 'string' ? [value] : undefined);
	if (!list) return failure(`must be a list of texts and is ${kindOf(value)}`);
	const texts: string[] = [];
	for (const [at, member] of list.entries()) {
		if (isAbsent(member)) continue;
		const text = scalarAsText(member, false);
		if ('error' in text) return failure(`entry ${at} ${text.error}`);
		const length = lengthError(text.value as string, 1, max);
		if (length) return failure(`entry ${at} ${length}`);
		texts.push(text.value as string);
	}
	return ok(texts);
}

/** A row of the form, `{ name, value }`, and nothing else. */
const isPairRow = (row: unknown): row is { name?: unknown; value?: unknown } =>
	isPlainObject(row) && Object.keys(row).every((name) => name === 'name' || name === 'value');

/** An object, its JSON text, or the form's rows `[{ name, value }]`; `undefined` where it is none of them. */
export function asPairs(value: unknown): Array<[unknown, unknown]> | undefined {
	const content = typeof value === 'string' ? parseJson(value)?.parsed : value;
	if (Array.isArray(content))
		return content.length > 0 && content.every(isPairRow)
			? content.map((row) => [row.name, row.value])
			: undefined;
	return isPlainObject(content) ? Object.entries(content) : undefined;
}

/** A value of a pair as text: numbers and true or false as they are written, moments as ISO 8601. */
function pairText(value: unknown): Result {
	if (typeof value === 'boolean') return ok(String(value));
	const moment = value instanceof Date ? DateTime.fromJSDate(value, { zone: 'utc' }) : value;
	if (!DateTime.isDateTime(moment)) return scalarAsText(value, true);
	return moment.isValid ? ok(moment.toISO()) : failure('is no valid date');
}

export function checkMap(
	value: unknown,
	type: Extract<ValueType, { kind: 'map' }>,
	context: ValueContext,
): Result {
	const pairs = asPairs(value);
	if (!pairs) return failure('must be an object of names and values, or its JSON text');
	const result = new Map<string, string>();
	for (const [rawName, rawValue] of pairs) {
		if (isAbsent(rawValue)) {
			if (!isAbsent(rawName)) context.onDroppedPair(String(rawName));
			continue;
		}
		if (isAbsent(rawName)) return failure('has a value without a name');
		const name = String(rawName);
		const nameLength = lengthError(name, type.name.min, type.name.max);
		if (nameLength) return failure(`has a name that ${nameLength}`);
		if (result.has(name)) return failure(`names '${name}' twice`);
		const text = pairText(rawValue);
		if ('error' in text) return failure(`has a value under '${name}' that ${text.error}`);
		const valueLength = lengthError(text.value as string, type.value.min, type.value.max);
		if (valueLength) return failure(`has a value under '${name}' that ${valueLength}`);
		result.set(name, text.value as string);
	}
	// fromEntries defines own members, also one called __proto__.
	return result.size ? ok(Object.fromEntries(result)) : ok(undefined);
}
