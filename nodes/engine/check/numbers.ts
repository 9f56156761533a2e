import type { Field, ValueType } from '../operation/operation';
import { expressionError, holdsExpression } from './expressions';
import { failure, ok, type Result } from './result';
import { notValue } from './shown';
import { LOST_DIGITS } from './text';

export const TOO_PRECISE = 'has more digits than a JSON number can hold';
/** Longer texts are no number that anybody means, and reading them costs more than their length. */
export const MOST_CHARACTERS = 100;

export function boundsInWords(min: bigint | number | undefined, max: bigint | number | undefined): string {
	if (min !== undefined && max !== undefined) return `from ${min} to ${max}`;
	if (min !== undefined) return `of at least ${min}`;
	return max === undefined ? '' : `of at most ${max}`;
}

/** Blanks, apostrophes and underscores between groups of three digits. */
const GROUPED = /^([+-]?\d{1,3})((?:[\s'’_]\d{3})+)([.,]\d+)?$/;

/**
 * A number in a form that people and spreadsheets write, in the form that is wanted: `4 299,00` is 4299.00. Undefined:
 * it is not a number, or it may be read in two ways.
 */
export function tidyNumber(text: string): string | undefined {
	const grouped = GROUPED.exec(text);
	if (grouped) {
		const [, first = '', rest = '', fraction = ''] = grouped;
		return `${first}${rest.replace(/\D/g, '')}${fraction.replace(',', '.')}`;
	}
	if (/^[+-]?\d{1,3}(?:,\d{3})+\.\d+$/.test(text)) return text.replace(/,/g, '');
	if (/^[+-]?\d{1,3}(?:\.\d{3})+,\d+$/.test(text)) return text.replace(/\./g, '').replace(',', '.');
	// 1,299 may be meant as 1299 or as 1.299.
	if (/^[+-]?\d+,\d+$/.test(text) && !/^[+-]?[1-9]\d{0,2},\d{3}$/.test(text)) return text.replace(',', '.');
	return undefined;
}

/** Why a text is no number, and what it should look like. */
export function formError(text: string, wanted: string, field: Field): string {
	if (holdsExpression(text)) return expressionError(text, field);
	const tidy = tidyNumber(text);
	const not = notValue(text, field);
	if (tidy !== undefined) return `must be written with a point and no spaces: ${tidy}${not}`;
	if (/^[+-]?[1-9]\d{0,2},\d{3}$/.test(text)) {
		return `must be written with a point and no spaces${not}, which may be read in two ways: ${text.replace(',', '.')} or ${text.replace(',', '')}`;
	}
	return `${wanted}${not}`;
}

/** Digits without what does not count: `007` is 7, `-0` is 0, `2.00` is 2. Undefined: no whole number. */
export function wholeDigits(text: string): string | undefined {
	const match = /^([+-]?)0*(\d+)(?:\.0*)?$/.exec(text);
	if (!match || text.endsWith('.')) return undefined;
	const [, sign, digits = ''] = match;
	return sign === '-' && digits !== '0' ? `-${digits}` : digits;
}

export function checkInteger(
	value: unknown,
	type: Extract<ValueType, { kind: 'integer' }>,
	field: Field,
): Result {
	const wanted = () => `must be a whole number ${boundsInWords(type.min, type.max)}`.trimEnd();
	let text: string;
	switch (typeof value) {
		case 'string':
			text = value.trim();
			break;
		case 'bigint':
			text = value.toString();
			break;
		case 'number':
			if (Number.isInteger(value) && !Number.isSafeInteger(value)) return failure(LOST_DIGITS);
			if (!Number.isInteger(value))
				return failure(field.explain?.(String(value)) ?? `${wanted()}${notValue(value, field)}`);
			text = String(value);
			break;
		default:
			return failure(`${wanted()}${notValue(value, field)}`);
	}
	if (text === '') return ok(undefined);
	const digits = text.length > MOST_CHARACTERS ? undefined : wholeDigits(text);
	// A number of an ID has digits alone.
	if (digits === undefined || (type.isId && !/^-?\d+$/.test(text))) {
		const explained = field.explain?.(text);
		return failure(
			explained ??
				formError(text, /^-?\d+\.\d+$/.test(text) ? wanted() : `${wanted()}, written in digits`, field),
		);
	}
	if (type.isId && /^0\d/.test(text))
		return failure('begins with 0, which a number cannot keep; check the ID');
	// Up to fifteen digits a number is exact, and quicker.
	const number = digits.length <= 15 ? Number(digits) : BigInt(digits);
	if ((type.min !== undefined && number < type.min) || (type.max !== undefined && number > type.max)) {
		return failure(`${wanted()}${notValue(value, field)}`);
	}
	if (type.as !== 'number') return ok(digits);
	const asNumber = Number(number);
	return Number.isSafeInteger(asNumber) ? ok(asNumber) : failure(TOO_PRECISE);
}
