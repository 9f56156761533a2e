/** Longest text of a user's that a message shows, in characters. */
const SHOWN = 64;

/** Characters that are not seen, or that change how their neighbours are seen; also blanks other than the plain one. */
const INVISIBLE =
	/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]|(?! )\p{Zs}/u;

/** Words in an error's message for which n8n replaces the message or stores the execution as canceled. */
const TRIGGER_WORD =
	/(?=cancell?ed|E(?:CONN(?:REFUSED|RESET|ABORTED)|NOTFOUND|TIMEDOUT|ADDRNOTAVAIL|HOSTUNREACH|AI_AGAIN|NOENT|ISDIR|NOTDIR|ACCES|EXIST|PERM)|ERRADDRINUSE|GETADDRINFO)(.)/gi;

const NAMED: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** Characters with a meaning in HTML, and the backtick, between two of which n8n's error panel shows code. */
const MARKUP: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '`': '&#96;' };

function escapeOf(character: string): string {
	const code = character.codePointAt(0) ?? 0;
	const hex = code.toString(16);
	return NAMED[character] ?? (code > 0xffff ? `\\u{${hex}}` : `\\u${hex.padStart(4, '0')}`);
}

/**
 * A text that somebody else wrote (a field name, a host, a value), as it may stand in hints, errors and logs: one line,
 * what is invisible shown as an escape, at most 64 characters, no HTML (n8n's editor renders hints and error
 * descriptions as HTML) and none of the words for which n8n rewrites a message, e.g. `c·anceled`.
 */
export function userText(text: string, most = SHOWN): string {
	// One character has at most two code units, so nothing beyond these is ever shown.
	const beginning = [...text.slice(0, 2 * most + 2)];
	const parts = beginning.map((character) => (INVISIBLE.test(character) ? escapeOf(character) : character));
	const visible = parts.join('').replace(TRIGGER_WORD, '$1·');
	return cut(visible, most).replace(/&(?=[#\w])|[<>`]/g, (character) => MARKUP[character] ?? character);
}

function cut(text: string, most: number): string {
	if (text.length <= most) return text;
	const characters = [...text];
	return characters.length <= most ? text : `${characters.slice(0, most - 1).join('')}…`;
}

/** The same in double quotes, for a value: `"24.11.2026 10:20"`. Not for e-mail addresses, phone numbers and secrets. */
export const quoted = (text: string, most = SHOWN): string => `"${userText(text, most)}"`;
