import { isPlainObject, kindOf } from './objects';
import { expressionError, holdsExpression, OBJECT_AS_TEXT, OBJECT_AS_TEXT_ERROR } from './expressions';
import { checkFreeValue, toJsonText, type KnownValues } from './freeValue';
import { parseJson, readJson } from './jsonReader';
import { failure, ok, type Result } from './result';
import { colonValue, looksPersonal, shownValue } from './shown';
import { hasLoneSurrogate } from './text';
import type { Field } from '../operation/operation';

type Wanted = 'an object' | 'a list';

/** Why a text is not valid JSON, and where. Completes "'Cart' (cart) …". */
function notJson(
	text: string,
	{ broken, at }: { broken: string; at: number },
	wanted: Wanted,
	field: Pick<Field, 'personal'>,
): string {
	if (/^\s*(?:\{\s*\}|\[\s*\])\s*\S/.test(text)) {
		const box = text.trim().startsWith('{') ? '{}' : '[]';
		return `begins with ${box} before the value${colonValue(text, field)}; delete the ${box} in front of the expression`;
	}
	if (holdsExpression(text)) return expressionError(text, field);
	if (text.includes(OBJECT_AS_TEXT)) return OBJECT_AS_TEXT_ERROR;
	const rest = looksPersonal(text) ? undefined : shownValue(text.slice(at, at + 12), field);
	const before = at >= text.length ? ', where the text ends' : rest === undefined ? '' : `, before ${rest}`;
	return `must be ${wanted} or its JSON text, and this text is not JSON: ${broken}${before}`;
}

/** The content of a JSON text, long numbers as BigInt or, for a map of texts, every number as it is written. */
export function contentOf(
	text: string,
	wanted: Wanted,
	field: Pick<Field, 'personal'>,
	numbers: 'exact' | 'text' = 'exact',
): { content: unknown } | { error: string } {
	const read = readJson(text, numbers);
	return 'broken' in read ? failure(notJson(text, read, wanted, field)) : read;
}

/**
 * What stands for an object or a list: the content of JSON text, or the value itself. The JSON text `null` is no value. Any other
 * text is left for the check to refuse.
 */
export function unfold(value: unknown): unknown {
	if (typeof value !== 'string' || !/^\s*[[{n]/.test(value)) return value;
	const read = readJson(value);
	if (!('content' in read)) return value;
	return read.content === null ? undefined : read.content;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * White space between the tokens of a JSON text, nothing else, is left out; names, numbers and escapes stay as they are
 * written. As bytes, since a large text has millions of tokens.
 */
export function withoutSpaces(text: string): string {
	// Half of a character has no bytes, and the event is refused for it.
	if (!/[\t\n\r ]/.test(text) || hasLoneSurrogate(text)) return text;
	const bytes = Buffer.from(text, 'utf8');
	let end = 0;
	let isInString = false;
	for (let at = 0; at < bytes.length; at++) {
		const byte = bytes[at] ?? 0;
		if (!isInString && byte <= 0x20) continue;
		bytes[end++] = byte;
		if (byte === QUOTE) isInString = !isInString;
		else if (byte === BACKSLASH) bytes[end++] = bytes[++at] ?? 0;
	}
	return bytes.toString('utf8', 0, end);
}

/** A JSON text that the vendor would cut is refused: half of it is no JSON. */
export function withinBytes(checked: Result, maxBytes: number | undefined): Result {
	if (maxBytes === undefined || 'error' in checked || typeof checked.value !== 'string') return checked;
	const bytes = Buffer.byteLength(checked.value, 'utf8');
	if (bytes <= maxBytes) return checked;
	const [limit, size] = [maxBytes, bytes].map((count) => count.toLocaleString('en-US'));
	return failure(`may have at most ${limit} bytes as JSON text and has ${size}; the vendor would cut it`);
}

/** PHP writes an empty object as `[]`. */
export const isEmptyList = (value: unknown): boolean => Array.isArray(value) && value.length === 0;

/** "must be an object, not a list", with what to do about it. */
export function noObject(value: unknown): string {
	if (Array.isArray(value)) {
		return `must be an object, not a list of ${value.length}; choose one entry, or use the Split Out node to get one item for each`;
	}
	return `must be an object, not ${kindOf(value)}`;
}

/** JSON text that travels as it is written. */
function checkJsonText(text: string, field: Field, known?: KnownValues): Result {
	const parsed = known ? known.parsedOf(text) : parseJson(text);
	const read = parsed ? { content: parsed.parsed } : contentOf(text, 'an object', field);
	if ('error' in read) return read;
	const { content } = read;
	if (content === null) return ok(undefined);
	if (isEmptyList(content)) return ok('{}');
	if (!isPlainObject(content)) return failure(noObject(content));
	const warnings = holdsExpression(text)
		? [`holds an expression that was not evaluated; switch the field to Expression`]
		: [];
	return ok(withoutSpaces(text), warnings);
}

/** `known`: what is known of large values already. */
export function checkJson(value: unknown, as: 'object' | 'text', field: Field, known?: KnownValues): Result {
	if (typeof value === 'string' && value.trim() === '') return ok(undefined);
	if (typeof value === 'string' && as === 'text') return checkJsonText(value, field, known);
	const read = typeof value === 'string' ? contentOf(value, 'an object', field) : { content: value };
	if ('error' in read) return read;
	const content = isEmptyList(read.content) ? {} : read.content;
	if (content === null) return ok(undefined);
	if (!isPlainObject(content)) return failure(noObject(content));
	const free = checkFreeValue(content, known);
	if ('error' in free) return free;
	return ok(as === 'text' ? (known?.textOf(content) ?? toJsonText(content)) : content, free.warnings);
}
