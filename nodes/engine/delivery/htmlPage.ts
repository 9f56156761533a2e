import { parseJson } from '../check/jsonReader';

const PAGE = /^<(?:!doctype\s+html|html|head|body)\b/i;
/** What a browser takes for a page where the type says nothing (WHATWG MIME Sniffing, 7.1), and a redirect by `meta`. */
const UNTYPED_PAGE = /^<(?:script|iframe|h1|div|font|table|a|style|title|b|br|p|meta)(?=[\s>])/i;
const UNTYPED = ['', 'text/plain', 'application/octet-stream'];

/** Whether an answer is a page, as a proxy, a sign-in or a captcha gives it in the place of the vendor. */
export function isHtmlPage(contentType: string, text: string): boolean {
	const type = contentType.replace(/;[^]*/, '').trim().toLowerCase();
	// Many servers call any text text/html; a page has tags.
	if (type.includes('html')) {
		return text.trimStart().startsWith('<') || (/<[a-z!/]/i.test(text) && parseJson(text) === undefined);
	}
	const content = withoutPrologue(text);
	return PAGE.test(content) || (UNTYPED.includes(type) && UNTYPED_PAGE.test(content));
}

/** Without blanks, comments and the XML declaration in front. Not by a pattern: one that repeats overflows on a long text. */
function withoutPrologue(text: string): string {
	let rest = text.trimStart();
	for (;;) {
		const end = rest.startsWith('<!--')
			? rest.indexOf('-->', 4) + 3
			: /^<\?xml/i.test(rest)
				? rest.indexOf('>') + 1
				: 0;
		// A comment without an end, too: nothing comes after it.
		if (end < 4) return rest;
		rest = rest.slice(end).trimStart();
	}
}
