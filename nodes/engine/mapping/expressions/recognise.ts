import { readCode, type Code } from './grammar';
import { MAY_HOLD_DATES } from './vocabulary';

/** An expression that is proven to be one complete, pure expression or a text with such expressions in it. */
export interface Recognised {
	/** Text and code in turn, beginning with a text, as n8n splits it. */
	texts: string[];
	codes: Code[];
	/** It is code alone, whose value is handed on as it is; else its parts are joined to a text. */
	isBare: boolean;
	/** It uses n8n's extensions, which n8n applies by rewriting the whole expression. */
	isExtended: boolean;
	mayHoldDates: boolean;
}

/** What makes n8n apply its extensions to an expression, see `hasExpressionExtension` of n8n-workflow. */
export const extensionPattern = (methods: Iterable<string>): RegExp =>
	new RegExp(`(\\$if|\\.(${[...methods].join('|')})\\s*(\\?\\.)?)\\s*\\(`);

const MAX_LENGTH = 10_000;
/** Control characters, line separators, halves of characters, and white space that a parser may take for something else. */
const ODD_CHARACTER =
	/[^\t\n\r\x20-\x7e\xa0-\u167f\u1681-\u180d\u180f-\u1fff\u2010-\u2027\u2030-\u205e\u2070-\u2fff\u3001-\ufefe\uff01-\uffef]/;
const SURROGATE_PAIR = /[\ud800-\udbff][\udc00-\udfff]/g;

/**
 * Recognises an expression of a parameter (`=…`). Whatever is not surely understood is not recognised; n8n then evaluates
 * it item by item, as it would anyway.
 */
export function recognise(expression: string, extensions: RegExp): Recognised | undefined {
	const source = expression.slice(1);
	if (source.length > MAX_LENGTH || ODD_CHARACTER.test(source.replace(SURROGATE_PAIR, ''))) return undefined;
	if (source.includes('constructor')) return undefined;
	const split = textsAndCodes(source);
	if (!split) return undefined;
	const { texts, codes: sources } = split;
	const isBare = texts.length === 2 && texts.every((text) => text === '');
	// n8n looks for its extensions in each code, the first quoted text left out.
	const isExtended = sources.some((code) => extensions.test(code.replace(/("|').*?("|')/, '').trim()));
	if (isExtended !== extensions.test(source)) return undefined;
	if (isExtended && sources.some(mayBreak)) return undefined;
	const codes = sources.flatMap((code) => readCode(code) ?? []);
	if (codes.length < sources.length) return undefined;
	const reading = codes.filter(
		({ reads, readsIndex, constants }) => reads.length + constants.length > 0 || readsIndex,
	);
	// n8n does not catch the errors of code that reads nothing.
	if (reading.length > 0 && reading.length < codes.length) return undefined;
	return { texts, codes, isBare, isExtended, mayHoldDates: MAY_HOLD_DATES.test(source) };
}

/** Splits as n8n does; `undefined` where braces do not pair up, are nested, or are hidden by a backslash. */
function textsAndCodes(source: string): { texts: string[]; codes: string[] } | undefined {
	if (/\\[{}]/.test(source)) return undefined;
	const texts: string[] = [];
	const codes: string[] = [];
	let from = 0;
	for (let open = source.indexOf('{{'); open >= 0; open = source.indexOf('{{', from)) {
		const close = source.indexOf('}}', open + 2);
		const code = source.slice(open + 2, close);
		if (close < 0 || code.includes('{{')) return undefined;
		texts.push(source.slice(from, open));
		codes.push(code);
		from = close + 2;
	}
	return { texts: [...texts, source.slice(from)], codes };
}

/**
 * When n8n rewrites code it may leave out white space and brackets at its ends; an object then comes to stand beside the
 * braces of the expression. The last operand of a call stays where it is.
 */
function mayBreak(code: string): boolean {
	if (/^[\s(]*\{/.test(code)) return true;
	const endsInCall = /(?:,|[\w$]\()\s*\{[^{}()]*\}\s*\)\s*$/.test(code) && !code.includes('$if');
	return /\}[\s)]*$/.test(code) && !endsInCall;
}
