import omit from 'lodash/omit';
import { DateTime } from 'luxon';

import type { Field, ValueType } from '../operation/operation';

/** What a value becomes on the wire, or why it cannot be sent; a fault reads on after "'Age' (age) ". */
export type Checked = { value: unknown } | { fault: string };

/** What checking a value needs to know of the run. */
export interface ValueContext {
	/** IANA name of the workflow's time zone, for dates without one. */
	zone: string;
	/** Now, in milliseconds since 1970. */
	now: number;
	/** Oldest event in days, 0: not checked. */
	maxAgeDays: number;
	/** Told the name of a pair that is left out because it has no value. */
	onDroppedPair: (name: string) => void;
}

const ok = (value: unknown): Checked => ({ value });
const fault = (text: string): Checked => ({ fault: text });

const LOST_DIGITS =
	'is a number above 9007199254740991, which has already lost digits; keep it as text from the first step on';
const MILLISECONDS_FROM = 100_000_000_000;
const MAX_DEPTH = 100;

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

function kindOf(value: unknown): string {
	if (Array.isArray(value)) return 'a list';
	if (value instanceof Date || DateTime.isDateTime(value)) return 'a date';
	if (typeof value === 'boolean') return 'true or false';
	if (typeof value === 'number') return Number.isFinite(value) ? 'a number' : 'not a finite number';
	if (typeof value === 'string') return 'text';
	return 'an object';
}

/** Unicode code points, which is how lengths are counted. */
export function codePoints(text: string): number {
	let count = text.length;
	for (let at = 0; at < text.length - 1; at++) {
		const unit = text.charCodeAt(at);
		if (unit >= 0xd800 && unit <= 0xdbff) {
			const next = text.charCodeAt(at + 1);
			if (next >= 0xdc00 && next <= 0xdfff) {
				count--;
				at++;
			}
		}
	}
	return count;
}

/** A surrogate without its partner, which UTF-8 cannot carry. */
export const hasLoneSurrogate = (text: string): boolean =>
	/[\uD800-\uDFFF]/.test(text) &&
	/(?:[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?:[^\uD800-\uDBFF]|^)[\uDC00-\uDFFF])/.test(text);

function lengthFault(text: string, min: number, max: number | undefined): string | undefined {
	// A string never has more code points than code units, so most texts need no counting.
	if (max !== undefined && text.length > max) {
		const length = codePoints(text);
		if (length > max) return `may have at most ${max} characters and has ${length}`;
	}
	if (min > 1 && codePoints(text) < min)
		return `needs at least ${min} characters and has ${codePoints(text)}`;
	return undefined;
}

/** Numbers and BigInt as text without loss. */
function scalarAsText(value: unknown, fractions: boolean): Checked {
	switch (typeof value) {
		case 'string':
			return ok(value);
		case 'bigint':
			return ok(value.toString());
		case 'number':
			if (!Number.isFinite(value)) return fault('is not a finite number');
			if (Number.isSafeInteger(value)) return ok(String(value));
			if (Number.isInteger(value)) return fault(LOST_DIGITS);
			if (fractions) return ok(String(value));
			return fault('is a number with a fraction, where 16.10 has already become 16.1; give it as text');
		default:
			return fault(`must be text and is ${kindOf(value)}`);
	}
}

function checkText(value: unknown, type: Extract<ValueType, { kind: 'text' }>): Checked {
	const text = scalarAsText(value, false);
	if ('fault' in text) return text;
	const content = type.rewrite ? type.rewrite(text.value as string) : (text.value as string);
	if (type.length !== undefined && codePoints(content) !== type.length) {
		return fault(`must have exactly ${type.length} characters and has ${codePoints(content)}`);
	}
	const length = lengthFault(content, type.min ?? 1, type.max);
	if (length) return fault(length);
	if (type.pattern && !type.pattern.is.test(content)) return fault(`must be ${type.pattern.says}`);
	return ok(content);
}

export function boundsInWords(min: bigint | number | undefined, max: bigint | number | undefined): string {
	if (min !== undefined && max !== undefined) return `from ${min} to ${max}`;
	if (min !== undefined) return `of at least ${min}`;
	return max === undefined ? '' : `of at most ${max}`;
}

function checkInteger(
	value: unknown,
	type: Extract<ValueType, { kind: 'integer' }>,
	explain: Field['explain'],
): Checked {
	const wanted = `must be a whole number ${boundsInWords(type.min, type.max)}`.trimEnd();
	if (typeof value === 'boolean' || typeof value === 'object')
		return fault(`${wanted} and is ${kindOf(value)}`);
	if (typeof value === 'number' && !Number.isInteger(value)) return fault(wanted);
	const text = scalarAsText(value, false);
	if ('fault' in text) return text;
	const digits = (text.value as string).trim();
	if (!/^-?\d+$/.test(digits)) return fault(explain?.(digits) ?? `${wanted}, written in digits`);
	if (type.isId && /^0\d/.test(digits))
		return fault('begins with 0, which a number cannot keep; check the ID');
	const number = BigInt(digits);
	if ((type.min !== undefined && number < type.min) || (type.max !== undefined && number > type.max)) {
		return fault(wanted);
	}
	if (type.as !== 'number') return ok(number.toString());
	const asNumber = Number(number);
	return Number.isSafeInteger(asNumber) ? ok(asNumber) : fault(LOST_DIGITS);
}

function checkDecimal(value: unknown, type: Extract<ValueType, { kind: 'decimal' }>): Checked {
	let number: number;
	if (typeof value === 'number') {
		number = value;
	} else if (typeof value === 'bigint') {
		number = Number(value);
		if (!Number.isSafeInteger(number)) return fault('has more digits than a JSON number can hold');
	} else if (typeof value === 'string') {
		const text = value.trim();
		if (/^-?\d+,\d+$/.test(text)) return fault('must have a decimal point, not a comma');
		if (!/^-?\d+(\.\d+)?$/.test(text)) return fault('must be a number such as 1999.90');
		if (text.replace(/^-?0*\.?0*|\./g, '').length > 15)
			return fault('has more digits than a JSON number can hold');
		number = Number(text);
	} else {
		return fault(`must be a number and is ${kindOf(value)}`);
	}
	if (!Number.isFinite(number)) return fault('is not a finite number');
	if (Number.isInteger(number) && !Number.isSafeInteger(number)) return fault(LOST_DIGITS);
	if (type.min !== undefined && number < type.min) return fault(`must be at least ${type.min}`);
	return ok(number);
}

function checkChoice(
	value: unknown,
	{ values, toggle, open }: Extract<ValueType, { kind: 'choice' }>,
): Checked {
	if (open) return checkText(value, { kind: 'text', ...(open === true ? {} : { pattern: open }) });
	const allowed = () => `must be one of ${values.map((choice) => choice.value).join(', ')}`;
	if (typeof value === 'boolean' && toggle) return ok(value ? '1' : '0');
	if (typeof value === 'object' || typeof value === 'boolean')
		return fault(`${allowed()} and is ${kindOf(value)}`);
	const text = String(value);
	return values.some((choice) => choice.value === text) ? ok(text) : fault(allowed());
}

function checkBoolean(value: unknown): Checked {
	if (value === true || value === 'true' || value === 1 || value === '1') return ok(true);
	if (value === false || value === 'false' || value === 0 || value === '0') return ok(false);
	return fault('must be true or false');
}

function asDateTime(value: unknown, zone: string): DateTime | undefined {
	if (DateTime.isDateTime(value)) return value;
	if (value instanceof Date) return DateTime.fromJSDate(value, { zone: 'utc' });
	// Another copy of luxon, or a DateTime that crossed a sandbox, still knows its own milliseconds.
	if (
		typeof value === 'object' &&
		value !== null &&
		'toMillis' in value &&
		typeof value.toMillis === 'function'
	) {
		return DateTime.fromMillis(Number(value.toMillis()), { zone: 'utc' });
	}
	if (typeof value !== 'string') return undefined;
	const text = value.trim();
	const iso = DateTime.fromISO(text, { zone, setZone: true });
	return iso.isValid ? iso : DateTime.fromSQL(text, { zone, setZone: true });
}

function checkTime(
	value: unknown,
	type: Extract<ValueType, { kind: 'time' }>,
	context: ValueContext,
): Checked {
	let moment: DateTime | undefined;
	// Fewer digits are no time of an event; eight are a date such as 20261122.
	const isDigits = typeof value === 'string' && /^\s*-?\d{9,}(\.\d+)?\s*$/.test(value);
	if (typeof value === 'number' || typeof value === 'bigint' || isDigits) {
		const seconds = Number(value);
		if (!Number.isFinite(seconds)) return fault('is not a finite number');
		if (Math.abs(seconds) >= MILLISECONDS_FROM) {
			return fault('is in milliseconds; give Unix seconds (divide by 1000) or an ISO 8601 date');
		}
		moment = DateTime.fromSeconds(Math.floor(seconds), { zone: 'utc' });
	} else {
		moment = asDateTime(value, context.zone);
	}
	if (!moment?.isValid) {
		return fault(
			'must be a time: Unix seconds, an ISO 8601 date such as 2026-11-22T09:30:00+03:00, or a date value',
		);
	}
	const seconds = Math.floor(moment.toMillis() / 1000);
	if ((type.min !== undefined && seconds < type.min) || (type.max !== undefined && seconds > type.max)) {
		return fault(`must be a time ${boundsInWords(type.min, type.max)} in Unix seconds`);
	}
	if (type.aged) {
		const now = Math.floor(context.now / 1000);
		// One hour less, so that an event does not grow too old on its way.
		if (context.maxAgeDays > 0 && seconds < now - context.maxAgeDays * 86_400 + 3_600) {
			return fault(
				`is older than ${context.maxAgeDays} days less one hour, which the vendor may drop in silence; see the option 'Maximum Age in Days'`,
			);
		}
		if (seconds > now + 300) return fault('is more than 5 minutes ahead of now');
	}
	if (type.as === 'secondsText') return ok(String(seconds));
	return ok(type.as === 'isoUtc' ? moment.toUTC().toISO() : moment.toISO({ suppressMilliseconds: true }));
}

/** Text that should be JSON: `{ parsed }`, or `undefined` where it is not. */
export function parseJson(text: string): { parsed: unknown } | undefined {
	try {
		return { parsed: JSON.parse(text) as unknown };
	} catch {
		return undefined;
	}
}

/** Why a free value cannot be sent as JSON without loss, with the path inside it. */
export function freeValueFault(value: unknown, depth = 0): string | undefined {
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
		const found = freeValueFault(member, depth + 1);
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

function checkJson(value: unknown, as: 'object' | 'text'): Checked {
	let object = value;
	if (typeof value === 'string') {
		const read = parseJson(value);
		if (!read) return fault('must be an object or its JSON text, and this text is not JSON');
		object = read.parsed;
		// Printing the parsed value again would round long numbers; line breaks outside strings are only white space.
		if (as === 'text' && isPlainObject(object) && /\d{16}|\d[eE]/.test(value))
			return ok(value.replace(/[\r\n\t]/g, ' '));
	}
	if (!isPlainObject(object)) return fault(`must be an object and is ${kindOf(object)}`);
	const lost = freeValueFault(object);
	if (lost) return fault(lost);
	return ok(as === 'text' ? toJsonText(object) : object);
}

function asList(value: unknown): unknown[] | undefined {
	if (Array.isArray(value)) return value;
	if (typeof value !== 'string') return undefined;
	const read = parseJson(value);
	return read && Array.isArray(read.parsed) ? read.parsed : undefined;
}

export function readList(value: unknown): { list: unknown[] } | { fault: string } {
	const list = asList(value);
	return list ? { list } : { fault: `must be a list or its JSON text and is ${kindOf(value)}` };
}

function checkTexts(value: unknown, max: number | undefined): Checked {
	const list = asList(value) ?? (typeof value === 'string' ? [value] : undefined);
	if (!list) return fault(`must be a list of texts and is ${kindOf(value)}`);
	const texts: string[] = [];
	for (const [at, member] of list.entries()) {
		if (isAbsent(member)) continue;
		const text = scalarAsText(member, false);
		if ('fault' in text) return fault(`entry ${at} ${text.fault}`);
		const length = lengthFault(text.value as string, 1, max);
		if (length) return fault(`entry ${at} ${length}`);
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
function pairText(value: unknown): Checked {
	if (typeof value === 'boolean') return ok(String(value));
	const moment = value instanceof Date ? DateTime.fromJSDate(value, { zone: 'utc' }) : value;
	if (!DateTime.isDateTime(moment)) return scalarAsText(value, true);
	return moment.isValid ? ok(moment.toISO()) : fault('is no valid date');
}

function checkMap(value: unknown, type: Extract<ValueType, { kind: 'map' }>, context: ValueContext): Checked {
	const pairs = asPairs(value);
	if (!pairs) return fault('must be an object of names and values, or its JSON text');
	const result = new Map<string, string>();
	for (const [rawName, rawValue] of pairs) {
		if (isAbsent(rawValue)) {
			if (!isAbsent(rawName)) context.onDroppedPair(String(rawName));
			continue;
		}
		if (isAbsent(rawName)) return fault('has a value without a name');
		const name = String(rawName);
		const nameLength = lengthFault(name, type.name.min, type.name.max);
		if (nameLength) return fault(`has a name that ${nameLength}`);
		if (result.has(name)) return fault(`names '${name}' twice`);
		const text = pairText(rawValue);
		if ('fault' in text) return fault(`has a value under '${name}' that ${text.fault}`);
		const valueLength = lengthFault(text.value as string, type.value.min, type.value.max);
		if (valueLength) return fault(`has a value under '${name}' that ${valueLength}`);
		result.set(name, text.value as string);
	}
	// fromEntries defines own members, also one called __proto__.
	return result.size ? ok(Object.fromEntries(result)) : ok(undefined);
}

/** Puts one value into its documented wire form. Objects and lists with fields of their own are the schema's. */
export function checkValue(value: unknown, field: Field, context: ValueContext): Checked {
	const { type } = field;
	switch (type.kind) {
		case 'text':
			return checkText(value, type);
		case 'integer':
			return checkInteger(value, type, field.explain);
		case 'decimal':
			return checkDecimal(value, type);
		case 'choice':
			return checkChoice(value, type);
		case 'boolean':
			return checkBoolean(value);
		case 'time':
			return checkTime(value, type, context);
		case 'json':
			return checkJson(value, type.as);
		case 'texts':
			return checkTexts(value, type.max);
		case 'map':
			return checkMap(value, type, context);
		case 'object': {
			const content = typeof value === 'string' ? parseJson(value)?.parsed : value;
			return isPlainObject(content)
				? ok(content)
				: fault(`must be an object and is ${kindOf(content ?? value)}`);
		}
		case 'list': {
			const read = readList(value);
			return 'list' in read ? ok(read.list) : read;
		}
	}
}
