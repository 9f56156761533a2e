import type { ValueType } from '../operation/operation';
import { kindOf } from './objects';
import { failure, ok, type Result } from './result';
import { checkText } from './text';

export function checkChoice(
	value: unknown,
	{ values, toggle, open }: Extract<ValueType, { kind: 'choice' }>,
): Result {
	if (open) return checkText(value, { kind: 'text', ...(open === true ? {} : { pattern: open }) });
	const allowed = () => `must be one of ${values.map((choice) => choice.value).join(', ')}`;
	if (typeof value === 'boolean' && toggle) return ok(value ? '1' : '0');
	if (typeof value === 'object' || typeof value === 'boolean')
		return failure(`${allowed()} and is ${kindOf(value)}`);
	const text = String(value);
	return values.some((choice) => choice.value === text) ? ok(text) : failure(allowed());
}

export function checkBoolean(value: unknown): Result {
	if (value === true || value === 'true' || value === 1 || value === '1') return ok(true);
	if (value === false || value === 'false' || value === 0 || value === '0') return ok(false);
	return failure('must be true or false');
}
