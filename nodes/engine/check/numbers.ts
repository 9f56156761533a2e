import type { Field, ValueType } from '../operation/operation';
import { kindOf } from './objects';
import { failure, ok, type Result } from './result';
import { LOST_DIGITS, scalarAsText } from './text';

export function boundsInWords(min: bigint | number | undefined, max: bigint | number | undefined): string {
	if (min !== undefined && max !== undefined) return `from ${min} to ${max}`;
	if (min !== undefined) return `of at least ${min}`;
	return max === undefined ? '' : `of at most ${max}`;
}

export function checkInteger(
	value: unknown,
	type: Extract<ValueType, { kind: 'integer' }>,
	explain: Field['explain'],
): Result {
	const wanted = `must be a whole number ${boundsInWords(type.min, type.max)}`.trimEnd();
	if (typeof value === 'boolean' || typeof value === 'object')
		return failure(`${wanted} and is ${kindOf(value)}`);
	if (typeof value === 'number' && !Number.isInteger(value)) return failure(wanted);
	const text = scalarAsText(value, false);
	if ('error' in text) return text;
	const digits = (text.value as string).trim();
	if (!/^-?\d+$/.test(digits)) return failure(explain?.(digits) ?? `${wanted}, written in digits`);
	if (type.isId && /^0\d/.test(digits))
		return failure('begins with 0, which a number cannot keep; check the ID');
	const number = BigInt(digits);
	if ((type.min !== undefined && number < type.min) || (type.max !== undefined && number > type.max)) {
		return failure(wanted);
	}
	if (type.as !== 'number') return ok(number.toString());
	const asNumber = Number(number);
	return Number.isSafeInteger(asNumber) ? ok(asNumber) : failure(LOST_DIGITS);
}

export function checkDecimal(value: unknown, type: Extract<ValueType, { kind: 'decimal' }>): Result {
	let number: number;
	if (typeof value === 'number') {
		number = value;
	} else if (typeof value === 'bigint') {
		number = Number(value);
		if (!Number.isSafeInteger(number)) return failure('has more digits than a JSON number can hold');
	} else if (typeof value === 'string') {
		const text = value.trim();
		if (/^-?\d+,\d+$/.test(text)) return failure('must have a decimal point, not a comma');
		if (!/^-?\d+(\.\d+)?$/.test(text)) return failure('must be a number such as 1999.90');
		if (text.replace(/^-?0*\.?0*|\./g, '').length > 15)
			return failure('has more digits than a JSON number can hold');
		number = Number(text);
	} else {
		return failure(`must be a number and is ${kindOf(value)}`);
	}
	if (!Number.isFinite(number)) return failure('is not a finite number');
	if (Number.isInteger(number) && !Number.isSafeInteger(number)) return failure(LOST_DIGITS);
	if (type.min !== undefined && number < type.min) return failure(`must be at least ${type.min}`);
	return ok(number);
}
