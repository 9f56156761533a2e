import type { Issue } from '../operation/operation';
import { userText } from '../report/userText';
import { hasLoneSurrogate } from './text';

/** Why a text with half of a character cannot be sent in any form; completes the sentence that begins with its name. */
export const HALF_CHARACTER =
	'holds half of a character (a lone surrogate), which UTF-8 cannot carry; correct the text';

/** How JSON writes a lone surrogate. A text that spells such an escape out looks the same, so this is only a hint. */
const ESCAPED = /\\ud[89a-f]/;

/**
 * The issue of the first text or name of an event that UTF-8 cannot carry; JSON would send it as an escape that a vendor
 * may refuse together with its whole request. `json`: the event as JSON; a quick look at it spares a search of the event.
 */
export function loneSurrogateIssue(event: unknown, json: string): Issue | undefined {
	const field = ESCAPED.test(json) ? pathOf(event, '') : undefined;
	return field === undefined ? undefined : { field, message: `'${userText(field)}' ${HALF_CHARACTER}` };
}

function pathOf(value: unknown, path: string): string | undefined {
	if (typeof value === 'string') return hasLoneSurrogate(value) ? path : undefined;
	if (typeof value !== 'object' || value === null) return undefined;
	for (const [name, member] of Object.entries(value)) {
		const step = Array.isArray(value) ? `[${name}]` : `${path ? '.' : ''}${name}`;
		if (hasLoneSurrogate(name)) return path || name;
		const found = pathOf(member, `${path}${step}`);
		if (found !== undefined) return found;
	}
	return undefined;
}
