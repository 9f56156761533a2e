import type { Field } from '../operation/operation';
import { parseJson } from './jsonReader';
import { checkTexts } from './lists';
import { failure, ok, type Result } from './result';

/** What would end an entry or the list in `[a,b]`. */
const MARKS = /[,"[\]\p{Cc}]/u;

/** The vendor's own notation `[a,b]` as a list; anything else as it is. */
function unbracketed(value: unknown): unknown {
	if (typeof value !== 'string' || parseJson(value)) return value;
	const [, content] = /^\s*\[([^"[\]]*)\]\s*$/.exec(value) ?? [];
	return content === undefined ? value : content.split(',').map((entry) => entry.trim());
}

/** A list of texts as one text, `[a,b]`, for which no escape is known. */
function bracketed(texts: readonly string[]): Result {
	if (texts.length === 0) return ok(undefined);
	const at = texts.findIndex((text) => MARKS.test(text));
	if (at >= 0) {
		return failure(
			`entry ${at} holds a comma, a quote, a bracket or a control character, and no notation for it is documented`,
		);
	}
	return ok(`[${texts.join(',')}]`);
}

/** A list of texts, its JSON text, one text alone, or what this makes of them. */
export function checkBracketed(value: unknown, max: number | undefined, field: Field): Result {
	const checked = checkTexts(unbracketed(value), max, field);
	return 'error' in checked || checked.value === undefined ? checked : bracketed(checked.value as string[]);
}
