import type { Field, ValueType } from '../operation/operation';
import { formError } from './numbers';
import { kindOf } from './objects';
import { failure, ok, type Result } from './result';
import { notValue } from './shown';
import { LOST_DIGITS, plainDecimal } from './text';

type DecimalType = Extract<ValueType, { kind: 'decimal' }>;

/** Longer texts are no amount that anybody means. */
const MOST_CHARACTERS = 100;

function asText(value: unknown): Result<string> {
	switch (typeof value) {
		case 'number':
			if (!Number.isFinite(value)) return failure('is not a finite number');
			if (Number.isInteger(value) && !Number.isSafeInteger(value)) return failure(LOST_DIGITS);
			return ok(plainDecimal(value));
		case 'bigint':
			return ok(value.toString());
		case 'string':
			return ok(value.trim());
		default:
			return failure(`must be a number and is ${kindOf(value)}`);
	}
}

function placesError(whole: string, fraction: string, { places }: DecimalType): string | undefined {
	if (!places) return undefined;
	if (whole.length > places.before)
		return `may have at most ${places.before} digits before the point and has ${whole.length}`;
	if (fraction.length > places.after)
		return `may have at most ${places.after} digits after the point and has ${fraction.length}; round it, for example with .round(2)`;
	return undefined;
}

/** A number as a text in plain notation, judged by its value: `+007.50` is 7.5. */
export function checkPlainDecimal(value: unknown, type: DecimalType, field: Field): Result {
	const text = asText(value);
	if ('error' in text) return text;
	if (text.value === '') return ok(undefined);
	const match = text.value.length > MOST_CHARACTERS ? null : /^([+-]?)0*(\d+)(?:\.(\d+))?$/.exec(text.value);
	if (!match) {
		return failure(
			formError(text.value, 'must be a number such as 1999.90, in digits without an exponent', field),
		);
	}
	const [, sign, whole = '', digits = ''] = match;
	const fraction = digits.replace(/0+$/, '');
	const error = placesError(whole, fraction, type);
	if (error) return failure(error);
	const plain = fraction ? `${whole}.${fraction}` : whole;
	const signed = sign === '-' && plain !== '0' ? `-${plain}` : plain;
	if (type.min !== undefined && Number(signed) < type.min)
		return failure(`must be at least ${type.min}${notValue(value, field)}`);
	return ok(signed);
}
