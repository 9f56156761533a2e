import type { Field } from '../operation/operation';
import { colonValue } from './shown';

/** Whether a text holds an expression that nobody evaluated: typed into a field that was left on 'Fixed'. */
export function holdsExpression(text: string): boolean {
	const begin = text.indexOf('{{');
	return begin >= 0 && text.includes('}}', begin + 2);
}

/** Completes "'User ID' (customUserId) …". */
export const expressionError = (text: string, field: Pick<Field, 'personal'>): string =>
	`holds an expression that was not evaluated${colonValue(text, field)}; switch the field to Expression`;

/** What JavaScript writes where an object is put into a text. */
export const OBJECT_AS_TEXT = '[object Object]';

export const OBJECT_AS_TEXT_ERROR =
	"holds the text '[object Object]': an expression has put an object into a text; choose one of its fields, or write it with JSON.stringify()";

const NO_WARNINGS: readonly string[] = [];

/** Doubts about a text that is sent as it is. */
export function textWarnings(text: string, field: Pick<Field, 'personal'>): readonly string[] {
	const isExpression = holdsExpression(text);
	const isObject = text.includes(OBJECT_AS_TEXT);
	if (!isExpression && !isObject) return NO_WARNINGS;
	return [
		...(isExpression ? [expressionError(text, field)] : []),
		...(isObject ? [OBJECT_AS_TEXT_ERROR] : []),
	];
}
