import { DateTime } from 'luxon';

import { isPlainObject, kindOf } from './objects';
import { failure, ok, type Result } from './result';
import { LOST_DIGITS } from './text';

const MAX_DEPTH = 100;

/** Text that should be JSON: `{ parsed }`, or `undefined` where it is not. */
export function parseJson(text: string): { parsed: unknown } | undefined {
	try {
		return { parsed: JSON.parse(text) as unknown };
	} catch {
		return undefined;
	}
}

/** Why a free value cannot be sent as JSON without loss, with the path inside it. */
export function freeValueError(value: unknown, depth = 0): string | undefined {
	if (typeof value === 'number') {
		if (!Number.isFinite(value)) return 'holds a number that is not finite';
		if (Number.isInteger(value) && !Number.isSafeInteger(value)) return `holds a value that ${LOST_DIGITS}`;
		return undefined;
	}
	if (typeof value !== 'object' || value === null || value instanceof Date || DateTime.isDateTime(value)) {
		return undefined;
	}
	if (depth >= MAX_DEPTH) return `is nested more than ${MAX_DEPTH} levels deep`;
	for (const member of Array.isArray(value) ? value : Object.values(value)) {
		const found = freeValueError(member, depth + 1);
		if (found) return found;
	}
	return undefined;
}

function holdsBigInt(value: unknown): boolean {
	if (Array.isArray(value)) return value.some(holdsBigInt);
	if (isPlainObject(value)) return Object.values(value).some(holdsBigInt);
	return typeof value === 'bigint';
}

/** `JSON.stringify` that writes BigInt as digits; n8n teaches the plain one to write it as text. */
export function toJsonText(value: unknown): string {
	if (!holdsBigInt(value)) return JSON.stringify(value);
	if (typeof value === 'bigint') return value.toString();
	if (Array.isArray(value)) return `[${Array.from(value, (member) => toJsonText(member ?? null)).join(',')}]`;
	const members = Object.entries(value as object).filter(([, member]) => member !== undefined);
	return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${toJsonText(member)}`).join(',')}}`;
}

/** A JSON text that the vendor would cut is refused: half of it is no JSON. */
export function withinBytes(checked: Result, maxBytes: number | undefined): Result {
	if (maxBytes === undefined || 'error' in checked || typeof checked.value !== 'string') return checked;
	const bytes = Buffer.byteLength(checked.value, 'utf8');
	if (bytes <= maxBytes) return checked;
	const [limit, size] = [maxBytes, bytes].map((count) => count.toLocaleString('en-US'));
	return failure(`may have at most ${limit} bytes as JSON text and has ${size}; the vendor would cut it`);
}

export function checkJson(value: unknown, as: 'object' | 'text'): Result {
	let object = value;
	if (typeof value === 'string') {
		const read = parseJson(value);
		if (!read) return failure('must be an object or its JSON text, and this text is not JSON');
		object = read.parsed;
		// Printing the parsed value again would round long numbers; line breaks outside strings are only white space.
		if (as === 'text' && isPlainObject(object) && /\d{16}|\d[eE]/.test(value))
			return ok(value.replace(/[\r\n\t]/g, ' '));
	}
	if (!isPlainObject(object)) return failure(`must be an object and is ${kindOf(object)}`);
	const lost = freeValueError(object);
	if (lost) return failure(lost);
	return ok(as === 'text' ? toJsonText(object) : object);
}
