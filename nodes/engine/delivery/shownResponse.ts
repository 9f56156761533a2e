import { isPlainObject } from '../check/objects';
import type { Json, VendorResponse } from '../operation/operation';

const TEXT_SHOWN = 500;
const JSON_SHOWN = 100_000;
const DEPTH_SHOWN = 50;

/** A parsed body with its secrets hidden, `undefined` where it is nested out of all measure. */
function maskedJson(value: unknown, mask: (text: string) => string, depth = 0): unknown {
	if (depth > DEPTH_SHOWN) return undefined;
	if (typeof value === 'string') return mask(value);
	if (typeof value === 'number') return mask(String(value)) === String(value) ? value : '***';
	if (typeof value !== 'object' || value === null) return value;
	if (Array.isArray(value)) return value.map((member) => maskedJson(member, mask, depth + 1));
	return Object.fromEntries(
		Object.entries(value).map(([name, member]) => [mask(name), maskedJson(member, mask, depth + 1)]),
	);
}

/** The JSON object of an answer with its secrets hidden, of any length. */
export function wholeAnswer({ json }: VendorResponse, mask: (text: string) => string): Json | undefined {
	return isPlainObject(json) ? (maskedJson(json, mask) as Json) : undefined;
}

/**
 * The response as it is shown to the user: parsed JSON, else its text; masked and cut. Nothing: `undefined`. `answer`: its
 * JSON, where that is masked already.
 */
export function shownResponse(
	{ json, text }: VendorResponse,
	mask: (text: string) => string,
	answer?: Json,
): unknown {
	if (text === '') return undefined;
	if ((isPlainObject(json) || Array.isArray(json)) && text.length <= JSON_SHOWN) {
		return answer ?? maskedJson(json, mask);
	}
	const masked = mask(text);
	return { text: masked.length > TEXT_SHOWN ? `${masked.slice(0, TEXT_SHOWN)}…` : masked };
}
