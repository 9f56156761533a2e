import type { Choice, Field, ValueType } from '../operation/operation';
import { expressionError, holdsExpression } from './expressions';
import { failure, ok, type Result } from './result';
import { wholeDigits } from './numbers';
import { notValue } from './shown';
import { checkText } from './text';

/** Letters and digits alone, in lower case. */
const plain = (text: string): string => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');

/** `1 (Man)`; the value alone where the label says the same. */
const choiceInWords = ({ value, label }: Choice): string =>
	plain(value) === plain(label) ? value : `${value} (${label})`;

/** `0 (Unknown), 1 (Man) or 2 (Woman)`. */
export function choicesInWords(values: readonly Choice[]): string {
	const words = values.map(choiceInWords);
	const last = words.pop() ?? '';
	return words.length ? `${words.join(', ')} or ${last}` : last;
}

/** The choice that was meant: by its label, or in other letters. */
const meant = (values: readonly Choice[], text: string): Choice | undefined => {
	const wanted = plain(text);
	if (wanted === '') return undefined;
	return values.find(({ value, label, also = [] }) =>
		[value, label, ...also].some((word) => plain(word) === wanted),
	);
};

/** A boolean, or its name as a form, a table or a spreadsheet writes it. */
function booleanOf(value: unknown): boolean | undefined {
	if (typeof value === 'boolean') return value;
	const word = typeof value === 'string' ? value.trim().toLowerCase() : undefined;
	if (word === 'true') return true;
	return word === 'false' ? false : undefined;
}

export function checkChoice(
	value: unknown,
	{ values, toggle, open, as }: Extract<ValueType, { kind: 'choice' }>,
	field: Field,
): Result {
	const chosen = (text: string): Result => ok(as === 'number' ? Number(text) : text);
	if (open) return checkText(value, { kind: 'text', ...(open === true ? {} : { pattern: open }) }, field);
	const flag = toggle ? booleanOf(value) : undefined;
	if (flag !== undefined) return chosen(flag ? '1' : '0');
	const isScalar = ['string', 'number', 'bigint'].includes(typeof value);
	const text = isScalar ? String(value) : '';
	const isValue = (wanted: string | undefined) => values.some((choice) => choice.value === wanted);
	if (isScalar && isValue(text)) return chosen(text);
	// A number is judged by its value: 2.0 is 2.
	const digits = wholeDigits(text.trim());
	if (digits !== undefined && isValue(digits)) return chosen(digits);
	if (holdsExpression(text)) return failure(expressionError(text, field));
	const near = meant(values, text);
	const advice = near ? `; did you mean ${choiceInWords(near)}?` : '';
	return failure(`must be ${choicesInWords(values)}${notValue(value, field)}${advice}`);
}

export function checkBoolean(value: unknown, field: Field): Result {
	const flag = booleanOf(value);
	if (flag !== undefined) return ok(flag);
	if (value === 1 || value === '1') return ok(true);
	if (value === 0 || value === '0') return ok(false);
	if (typeof value === 'string' && holdsExpression(value)) return failure(expressionError(value, field));
	return failure(`must be true or false${notValue(value, field)}`);
}
