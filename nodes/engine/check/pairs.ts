import { DateTime } from 'luxon';

import type { Field, ValueType } from '../operation/operation';
import { quoted, userText } from '../report/userText';
import { textWarnings } from './expressions';
import { contentOf, isEmptyList, noObject } from './json';
import { parseJson } from './jsonReader';
import { isAbsent, isPlainObject, textOf } from './objects';
import { failure, ok, type Result, type ValueContext } from './result';
import { lengthError, scalarAsText } from './text';

type MapType = Extract<ValueType, { kind: 'map' }>;

/** A row of the form, `{ name, value }`, and nothing else. */
const isPairRow = (row: unknown): row is { name?: unknown; value?: unknown } =>
	isPlainObject(row) && Object.keys(row).every((name) => name === 'name' || name === 'value');

const pairsOf = (content: unknown): Array<[unknown, unknown]> | undefined => {
	if (!Array.isArray(content)) return isPlainObject(content) ? Object.entries(content) : undefined;
	// A copy has no holes, which `every` would pass over.
	const rows: unknown[] = [...(content as unknown[])];
	return rows.length > 0 && rows.every(isPairRow) ? rows.map((row) => [row.name, row.value]) : undefined;
};

/** An object, its JSON text, or the form's rows `[{ name, value }]`; `undefined` for anything else. */
export const asPairs = (value: unknown): Array<[unknown, unknown]> | undefined =>
	pairsOf(typeof value === 'string' ? parseJson(value)?.parsed : value);

/** A value of a pair as text: numbers and true or false as they are written, moments as ISO 8601. */
function pairText(value: unknown): Result<string> {
	if (typeof value === 'string') return ok(value);
	if (typeof value === 'boolean') return ok(String(value));
	const moment = value instanceof Date ? DateTime.fromJSDate(value, { zone: 'utc' }) : value;
	if (!DateTime.isDateTime(moment)) return scalarAsText(value, true);
	return moment.isValid ? ok(String(moment.toISO())) : failure('is not a valid date');
}

const NO_WARNINGS: readonly string[] = [];

/** Doubts about a pair that is sent as it is. */
function pairWarnings(name: string, text: string, field: Field): readonly string[] {
	const ofName = textWarnings(name, field);
	const ofText = textWarnings(text, field);
	if (ofName.length + ofText.length === 0) return NO_WARNINGS;
	return [...ofName, ...ofText].map((warning) => `has a value under '${userText(name)}' that ${warning}`);
}

function checkPair(name: string, value: unknown, type: MapType, field: Field): Result<string> {
	const nameLength = lengthError(name, type.name.min, type.name.max);
	if (nameLength) return failure(`has a name that ${nameLength}: ${quoted(name)}`);
	const text = pairText(value);
	if ('error' in text) return failure(`has a value under '${userText(name)}' that ${text.error}`);
	const valueLength = lengthError(text.value, type.value.min, type.value.max);
	if (valueLength) return failure(`has a value under '${userText(name)}' that ${valueLength}`);
	return ok(text.value, pairWarnings(name, text.value, field));
}

/** Names of the user's own, with texts. */
export function checkMap(value: unknown, type: MapType, field: Field, context: ValueContext): Result {
	if (typeof value === 'string' && value.trim() === '') return ok(undefined);
	// Every value travels as text, so that a number in JSON text keeps the digits in which it is written.
	const read = typeof value === 'string' ? contentOf(value, 'an object', field, 'text') : { content: value };
	if ('error' in read) return read;
	const { content } = read;
	if (content === null || isEmptyList(content)) return ok(undefined);
	const pairs = pairsOf(content);
	if (!pairs) return failure(noObject(content));
	const result = new Map<string, string>();
	const warnings: string[] = [];
	for (const [rawName, rawValue] of pairs) {
		if (isAbsent(rawValue)) {
			if (!isAbsent(rawName)) context.onDroppedPair(textOf(rawName));
			continue;
		}
		const name = isAbsent(rawName) ? '' : textOf(rawName);
		if (name === '') return failure('has a value without a name');
		if (result.has(name)) return failure(`names '${userText(name)}' twice`);
		const pair = checkPair(name, rawValue, type, field);
		if ('error' in pair) return pair;
		if (pair.warnings) warnings.push(...pair.warnings);
		result.set(name, pair.value);
	}
	// fromEntries defines own members, also one called __proto__.
	return result.size ? ok(Object.fromEntries(result), warnings) : ok(undefined);
}
