import type { Field, ValueType } from '../operation/operation';
import { formError, MOST_CHARACTERS, TOO_PRECISE } from './numbers';
import { kindOf } from './objects';
import { failure, ok, type Result } from './result';
import { notValue } from './shown';
import { LOST_DIGITS, plainDecimal } from './text';

type DecimalType = Extract<ValueType, { kind: 'decimal' }>;

/** Decimal digits that a JS number always keeps. */
const RELIABLE_DIGITS = 15;

/** Digits of a number that count: neither zeros at its ends nor the point. */
const significantDigits = (plain: string): number =>
	(plain.includes('.') ? plain.replace(/0+$/, '') : plain).replace(/^[+-]?0*\.?0*|\./g, '').length;

/** An amount such as 119.69999999999999, the result of 39.9 * 3, without what binary arithmetic has added. */
function withoutArtefact(value: unknown, { money }: DecimalType): { value: unknown; warning?: string } {
	if (!money || typeof value !== 'number' || !Number.isFinite(value) || Number.isInteger(value))
		return { value };
	if (significantDigits(plainDecimal(value)) <= RELIABLE_DIGITS) return { value };
	const rounded = Number(value.toPrecision(RELIABLE_DIGITS));
	const warning = `was ${value}, which binary arithmetic makes of decimals; ${plainDecimal(rounded)} was sent. Round it where it is computed, for example with .round(2)`;
	return { value: rounded, warning };
}

/** `plain`: in plain notation, without zeros at its ends. */
function placesError(plain: string, { places }: DecimalType): string | undefined {
	if (!places) return undefined;
	const [whole = '', fraction = ''] = plain.replace('-', '').split('.');
	const { before, after } = places;
	if (before !== undefined && whole.length > before)
		return `may have at most ${before} digits before the point and has ${whole.length}`;
	if (fraction.length > after)
		return `may have at most ${after} digits after the point and has ${fraction.length}; round it, for example with .round(2)`;
	return undefined;
}

function rangeError(number: number, type: DecimalType, value: unknown, field: Field): string | undefined {
	const { min, above, max } = type;
	if (min !== undefined && number < min) return `must be at least ${min}${notValue(value, field)}`;
	if (above !== undefined && number <= above) return `must be above ${above}${notValue(value, field)}`;
	if (max !== undefined && number > max) return `must be at most ${max}${notValue(value, field)}`;
	return undefined;
}

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
			return failure(`must be a number, not ${kindOf(value)}`);
	}
}

/** A number as a text in plain notation, judged by its value: `+007.50` is 7.5. */
function checkPlainDecimal(value: unknown, type: DecimalType, field: Field): Result {
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
	const plain = fraction ? `${whole}.${fraction}` : whole;
	const signed = sign === '-' && plain !== '0' ? `-${plain}` : plain;
	const error = placesError(signed, type) ?? rangeError(Number(signed), type, value, field);
	return error ? failure(error) : ok(signed);
}

function checkJsonNumber(value: unknown, type: DecimalType, field: Field): Result {
	const wanted = 'must be a number such as 1999.90';
	let number: number;
	if (typeof value === 'number') {
		number = value;
	} else if (typeof value === 'bigint') {
		number = Number(value);
		if (!Number.isSafeInteger(number)) return failure(TOO_PRECISE);
	} else if (typeof value === 'string') {
		const text = value.trim();
		if (text === '') return ok(undefined);
		if (text.length > MOST_CHARACTERS || !/^[+-]?\d+(\.\d+)?$/.test(text)) {
			return failure(formError(text, wanted, field));
		}
		// Judged by value: zeros at either end add nothing to it.
		if (significantDigits(text) > RELIABLE_DIGITS) return failure(TOO_PRECISE);
		number = Number(text);
	} else {
		return failure(`${wanted}${notValue(value, field)}`);
	}
	if (!Number.isFinite(number)) return failure('is not a finite number');
	if (Number.isInteger(number) && !Number.isSafeInteger(number)) return failure(LOST_DIGITS);
	const places = type.places && placesError(plainDecimal(number), type);
	const error = places ?? rangeError(number, type, value, field);
	return error ? failure(error) : ok(number);
}

/** A number as its JSON number, or as text in plain notation. */
export function checkDecimal(given: unknown, type: DecimalType, field: Field): Result {
	const { value, warning } = withoutArtefact(given, type);
	const checked = (type.as === 'text' ? checkPlainDecimal : checkJsonNumber)(value, type, field);
	return warning === undefined || 'error' in checked ? checked : ok(checked.value, [warning]);
}
