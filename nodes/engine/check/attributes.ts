import { DateTime } from 'luxon';

import { checkBoolean } from './choices';
import type { Field } from '../operation/operation';
import { userText } from '../report/userText';
import { toJsonText } from './freeValue';
import { contentOf, noObject } from './json';
import { checkDecimal } from './decimals';
import { isAbsent, isPlainObject, kindOf, textOf } from './objects';
import { failure, ok, type Result, type ValueContext } from './result';
import { LOST_DIGITS, scalarAsText } from './text';

interface Pair {
	name: unknown;
	value: unknown;
	/** What the form's row says that the value is. */
	type?: unknown;
}

const MEMBERS = new Set(['name', 'type', 'value']);
const isRow = (row: unknown): row is Partial<Pair> =>
	isPlainObject(row) && Object.keys(row).every((name) => MEMBERS.has(name));

/** An object, or the form's rows `[{ name, type, value }]`. */
function pairsOf(content: unknown): Pair[] | undefined {
	if (isPlainObject(content)) return Object.entries(content).map(([name, value]) => ({ name, value }));
	// A copy has no holes, which `every` would pass over.
	const rows: unknown[] = Array.isArray(content) ? [...content] : [undefined];
	return rows.every(isRow) ? rows.map(({ name, value, type }) => ({ name, value, type })) : undefined;
}

/** A single value as JSON carries it; a moment as ISO 8601. */
function asGiven(value: unknown): Result {
	if (typeof value === 'string' || typeof value === 'boolean' || typeof value === 'bigint') return ok(value);
	if (typeof value === 'number') {
		if (!Number.isFinite(value)) return failure('is not a finite number');
		return Number.isInteger(value) && !Number.isSafeInteger(value) ? failure(LOST_DIGITS) : ok(value);
	}
	const moment = value instanceof Date ? DateTime.fromJSDate(value, { zone: 'utc' }) : value;
	if (!DateTime.isDateTime(moment))
		return failure(`must be text, a number, or true or false, not ${kindOf(value)}`);
	return moment.isValid ? ok(moment.toISO()) : failure('is not a valid date');
}

function valueOf({ value, type }: Pair, field: Field): Result {
	switch (type) {
		case 'number':
			return checkDecimal(value, { kind: 'decimal', as: 'number' }, field);
		case 'boolean':
			return checkBoolean(value, field);
		case 'text':
			return typeof value === 'boolean' ? ok(String(value)) : scalarAsText(value, true);
		default:
			return asGiven(value);
	}
}

/** Names of the user's own with single values, as JSON text. A pair without a value is left out with a hint. */
export function checkAttributes(value: unknown, field: Field, { onDroppedPair }: ValueContext): Result {
	if (typeof value === 'string' && value.trim() === '') return ok(undefined);
	const read = typeof value === 'string' ? contentOf(value, 'an object', field) : { content: value };
	if ('error' in read) return read;
	if (read.content === null) return ok(undefined);
	const pairs = pairsOf(read.content);
	if (!pairs) return failure(noObject(read.content));
	const result = new Map<string, unknown>();
	for (const pair of pairs) {
		const { name: rawName } = pair;
		if (isAbsent(pair.value)) {
			if (!isAbsent(rawName)) onDroppedPair(textOf(rawName));
			continue;
		}
		const name = isAbsent(rawName) ? '' : textOf(rawName);
		if (name === '') return failure('has a value without a name');
		if (result.has(name)) return failure(`names '${userText(name)}' twice`);
		const checked = valueOf(pair, field);
		if ('error' in checked) return failure(`has a value under '${userText(name)}' that ${checked.error}`);
		result.set(name, checked.value);
	}
	// fromEntries defines own members, also one called __proto__.
	return result.size ? ok(toJsonText(Object.fromEntries(result))) : ok(undefined);
}
