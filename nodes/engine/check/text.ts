import type { Field, ValueType } from '../operation/operation';
import {
	expressionError,
	holdsExpression,
	OBJECT_AS_TEXT,
	OBJECT_AS_TEXT_ERROR,
	textWarnings,
} from './expressions';
import { kindOf } from './objects';
import { failure, ok, type Result } from './result';
import { colonValue, notValue } from './shown';

export const LOST_DIGITS =
	'is a number above 9007199254740991, which has already lost digits; keep it as text from the first step on';

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

export function lengthError(text: string, min: number, max: number | undefined): string | undefined {
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
export function scalarAsText(value: unknown, fractions: boolean): Result<string> {
	switch (typeof value) {
		case 'string':
			return ok(value);
		case 'bigint':
			return ok(value.toString());
		case 'number':
			if (!Number.isFinite(value)) return failure('is not a finite number');
			if (Number.isSafeInteger(value)) return ok(String(value));
			if (Number.isInteger(value)) return failure(LOST_DIGITS);
			if (fractions) return ok(plainDecimal(value));
			return failure('is a number with a fraction, where 16.10 has already become 16.1; give it as text');
		default:
			return failure(`must be text, not ${kindOf(value)}`);
	}
}

/** A number in digits: `1e-7` is 0.0000001. */
export function plainDecimal(number: number): string {
	const text = String(number);
	const match = /^(-?)(\d)(?:\.(\d+))?e-(\d+)$/.exec(text);
	if (!match) return text;
	const [, sign = '', whole = '', fraction = '', exponent = ''] = match;
	return `${sign}0.${'0'.repeat(Number(exponent) - 1)}${whole}${fraction}`;
}

/** A spreadsheet's or JavaScript's short form of a long number. The digits of a hexadecimal ID may hold a bare `e`. */
const EXPONENT_FORM = /^[+-]?\d+(?:[.,]\d+[eE][+-]?|[eE][+-])\d+$/;

/** Why a text identifies nothing. */
export function identityError(text: string, field: Field): string | undefined {
	if (holdsExpression(text)) return expressionError(text, field);
	if (text.includes(OBJECT_AS_TEXT)) return OBJECT_AS_TEXT_ERROR;
	const trimmed = text.trim();
	if (trimmed === 'undefined' || trimmed === 'null' || trimmed === 'NaN') {
		return `is the text '${trimmed}', which an expression gives when it finds no value; leave the field empty in that case`;
	}
	if (EXPONENT_FORM.test(trimmed)) {
		return `is a number in exponent form${colonValue(trimmed, field)}, which has already lost digits; format the column as text where it comes from`;
	}
	return undefined;
}

export function checkText(value: unknown, type: Extract<ValueType, { kind: 'text' }>, field: Field): Result {
	const text = scalarAsText(value, false);
	if ('error' in text) return text;
	const given = text.value;
	if (field.role) {
		// White space alone is no ID and no name.
		if (given.trim() === '') return ok(undefined);
		const error = identityError(given, field);
		if (error) return failure(error);
	}
	const content = type.rewrite ? type.rewrite(given) : given;
	if (type.length !== undefined && codePoints(content) !== type.length) {
		return failure(
			`must have exactly ${type.length} characters and has ${codePoints(content)}${colonValue(given, field)}`,
		);
	}
	const length = lengthError(content, type.min ?? 1, type.max);
	if (length) return failure(`${length}${colonValue(given, field)}`);
	if (type.maxBytes !== undefined) {
		const bytes = Buffer.byteLength(content, 'utf8');
		if (bytes > type.maxBytes)
			return failure(
				`may have at most ${type.maxBytes} bytes of UTF-8 and has ${bytes}${colonValue(given, field)}`,
			);
	}
	if (type.pattern && !type.pattern.is.test(content)) {
		return failure(`must be ${type.pattern.description}${notValue(given, field)}`);
	}
	return ok(content, textWarnings(given, field));
}
