import { parseJson } from '../check/jsonReader';
import { isPlainObject } from '../check/objects';
import { looksPersonal } from '../check/shown';
import type { FatalScope, ResponseRules, VendorResponse } from '../operation/operation';
import { quoted, userText } from '../report/userText';
import { isHtmlPage } from './htmlPage';

/** What a response says about the events of its request. */
export type ResponseClass =
	| { kind: 'accepted' | 'unconfirmed' | 'tooLarge' }
	/** `advice`: what to do. */
	| { kind: 'rejected'; advice: string }
	/** The vendor did not accept it; a later try may work. */
	| { kind: 'notStored' }
	/** The vendor may have taken it. */
	| { kind: 'maybeStored' }
	/** Every further request of the scope would get the same response. `halveFirst`: unless one of several events caused it. */
	| { kind: 'fatal'; scope: FatalScope; reason: string; halveFirst?: true };

/** The request was not read, so nothing of it was stored. */
const TOO_LARGE = [413, 414, 431];
/** The status itself says that the request was not handled and may be sent again. 421: it reached a server that does not answer for the host. */
const NOT_STORED = [408, 420, 421, 425, 429, 503];
/** The vendor's own, beside the redirects: its sign-in, its address. */
const FATAL = [401, 403, 404, 405, 410];
/** Statuses by which something between n8n and the vendor speaks, such as a proxy. */
const FROM_IN_BETWEEN: Readonly<Record<number, (vendor: string) => string>> = {
	402: (vendor) =>
		`Something between n8n and ${vendor} asks for a payment (status 402); ask who runs the proxy or the hosting at the base URL`,
	407: (vendor) =>
		`A proxy between n8n and ${vendor} asks for a sign-in (status 407); check the proxy settings of n8n`,
	451: (vendor) =>
		`Something between n8n and ${vendor} blocks the request for legal reasons (status 451); send from another network`,
	511: (vendor) =>
		`The network between n8n and ${vendor} asks for a sign-in (status 511); sign in to it or use another network`,
};

/** Whether the response asks every request of the run to wait, not only this one. */
export const asksForPause = ({ status, headers }: VendorResponse): boolean =>
	status === 420 || status === 429 || headers['retry-after'] !== undefined;

export function readResponse(
	status: number,
	headers: Readonly<Record<string, unknown>>,
	text: string,
	parse?: ResponseRules['parse'],
): VendorResponse {
	const plain = Object.fromEntries(
		Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]),
	);
	const html = isHtmlPage(plain['content-type'] ?? '', text);
	return {
		status,
		headers: plain,
		text,
		json: html ? undefined : (parseJson(text)?.parsed ?? parse?.(text)),
		html,
	};
}

/** Whether a success status comes with words of failure, in the forms in which APIs commonly write them. */
function reportsError(json: unknown): boolean {
	return isPlainObject(json) && ('error' in json || 'errors' in json || json.success === false);
}

export function classifyResponse(
	response: VendorResponse,
	rules: ResponseRules,
	vendor: string,
	baseUrl: string,
	method = '',
	mask = (text: string) => text,
): ResponseClass {
	const { status } = response;
	if (status >= 200 && status < 300) {
		if (response.html) return { kind: 'maybeStored' };
		return { kind: rules.accepts(response) && !reportsError(response.json) ? 'accepted' : 'unconfirmed' };
	}
	const advice = rules.refusesOne?.(response, method);
	if (advice !== undefined) return { kind: 'rejected', advice };
	if (status >= 300 && status < 400) {
		const reason = `The base URL redirects to ${redirectHost(response, baseUrl, mask)}; redirects are not followed, so check it in the credential`;
		return { kind: 'fatal', scope: 'account', reason };
	}
	const fatal = rules.fatal?.(response);
	if (fatal) return { kind: 'fatal', ...fatal };
	const inBetween = FROM_IN_BETWEEN[status]?.(vendor);
	if (inBetween) return { kind: 'fatal', scope: 'account', reason: inBetween };
	if (FATAL.includes(status)) {
		return {
			kind: 'fatal',
			scope: rules.fatalScope?.[status] ?? 'account',
			reason: fatalReason(status, rules, vendor),
		};
	}
	if (TOO_LARGE.includes(status)) return { kind: 'tooLarge' };
	if (NOT_STORED.includes(status)) return { kind: 'notStored' };
	if (status >= 400 && status < 500) return { kind: 'rejected', advice: adviceFor(status, rules) };
	return { kind: rules.safeToRetry(status, method) ? 'notStored' : 'maybeStored' };
}

/** Longest text of the vendor's that a message quotes, and most of them. */
const QUOTED = { characters: 200, texts: 3 };

/** `: "Invalid data", "second"`: why the vendor refused it, in its own words; nothing where they name a person. */
export function wordsOf(
	{ json }: VendorResponse,
	{ words }: ResponseRules,
	mask: (text: string) => string,
): string {
	const said = (words?.(json) ?? []).filter((text) => text.trim() !== '' && !looksPersonal(text));
	const quotes = [...new Set(said)]
		.slice(0, QUOTED.texts)
		.map((text) => quoted(mask(text), QUOTED.characters));
	return quotes.length ? `: ${quotes.join(', ')}` : '';
}

/** What to do about a refusal. */
const adviceFor = (status: number, rules: ResponseRules): string =>
	rules.advice[status] ?? rules.defaultAdvice;

function fatalReason(status: number, rules: ResponseRules, vendor: string): string {
	if (status !== 410) return adviceFor(status, rules);
	return (
		rules.advice[410] ??
		`${vendor} no longer answers at this address (status 410); check the base URL in the credential`
	);
}

function redirectHost({ headers }: VendorResponse, baseUrl: string, mask: (text: string) => string): string {
	const { location } = headers;
	if (!location) return 'an address it does not name';
	try {
		// Masked first: a URL writes a host in small letters.
		const { host } = new URL(mask(location), baseUrl);
		return host ? userText(host) : 'an address without a host';
	} catch {
		return 'an address that is not a URL';
	}
}
