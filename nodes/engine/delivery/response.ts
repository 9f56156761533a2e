import { parseJson } from '../check/json';
import type { VendorResponse, ResponseRules } from '../operation/operation';

/** What an answer says about the events of its request. */
export type Verdict =
	| { is: 'accepted' | 'unconfirmed' | 'refused' | 'tooLarge' }
	/** The vendor did not take it; a later try may work. */
	| { is: 'notStored' }
	/** The vendor may have taken it. */
	| { is: 'maybeStored' }
	/** Every further request would get the same answer. */
	| { is: 'doorShut'; why: string };

const TOO_LARGE = [413, 414, 431];
const DOOR_SHUT = [401, 403, 404, 405];
const TRY_LATER = [408, 420, 429];
/** Comments and an XML prologue may stand in front; a comment ends in one place only, so that nothing is tried twice. */
const HTML_PAGE = /^(?:\s|<!--(?:(?!-->)[\s\S])*-->|<\?xml[^>]*>)*<(?:!doctype html|html|head|body)\b/i;
const TEXT_SHOWN = 500;
const JSON_SHOWN = 100_000;
const DEPTH_SHOWN = 50;

/** Whether the answer asks every request of the run to wait, not only this one. */
export const asksForPause = (answer: VendorResponse): boolean =>
	answer.status === 420 || answer.status === 429 || answer.headers['retry-after'] !== undefined;

export function readResponse(
	status: number,
	headers: Readonly<Record<string, unknown>>,
	text: string,
	parse?: ResponseRules['parse'],
): VendorResponse {
	const plain = Object.fromEntries(
		Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]),
	);
	const isMarkedHtml = (plain['content-type'] ?? '').toLowerCase().includes('html');
	// Many servers call any text text/html; a page also begins like one.
	const html = isMarkedHtml ? /^\s*</.test(text) : HTML_PAGE.test(text);
	return {
		status,
		headers: plain,
		text,
		json: html ? undefined : (parseJson(text)?.parsed ?? parse?.(text)),
		html,
	};
}

export function judge(answer: VendorResponse, rules: ResponseRules, baseUrl: string): Verdict {
	const { status } = answer;
	if (status >= 200 && status < 300) {
		if (answer.html) return { is: 'maybeStored' };
		return { is: rules.accepts(answer) ? 'accepted' : 'unconfirmed' };
	}
	if (status >= 300 && status < 400) {
		return {
			is: 'doorShut',
			why: `The base URL redirects to ${redirectHost(answer, baseUrl)}; redirects are not followed, so check it in the credential`,
		};
	}
	if (DOOR_SHUT.includes(status)) return { is: 'doorShut', why: adviceFor(status, rules) };
	const why = rules.fatal?.(answer);
	if (why) return { is: 'doorShut', why };
	if (TOO_LARGE.includes(status)) return { is: 'tooLarge' };
	if (TRY_LATER.includes(status)) return { is: 'notStored' };
	if (status >= 500) return { is: rules.safeToRetry(status) ? 'notStored' : 'maybeStored' };
	return { is: 'refused' };
}

export const adviceFor = (status: number, rules: ResponseRules): string =>
	rules.advice[status] ?? rules.advice[0];

function redirectHost(answer: VendorResponse, baseUrl: string): string {
	const { location } = answer.headers;
	try {
		return location ? new URL(location, baseUrl).host : 'an address it does not name';
	} catch {
		return 'an address that is none';
	}
}

/** How a secret may stand in what a vendor echoes: plain, percent- and form-encoded, in JSON, in both kinds of base64. */
function formsOf(secret: string): string[] {
	const percent = encodeURIComponent(secret);
	const bytes = Buffer.from(secret, 'utf8');
	return [
		secret,
		percent,
		percent.replace(/'/g, '%27'),
		percent.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()),
		new URLSearchParams({ s: secret }).toString().slice(2),
		JSON.stringify(secret).slice(1, -1),
		bytes.toString('base64').replace(/=+$/, ''),
		bytes.toString('base64url'),
	];
}

/** Hides the run's secrets in a text. */
export function createMask(secrets: readonly string[]): (text: string) => string {
	const forms = new Set(secrets.filter((secret) => secret.length > 0).flatMap(formsOf));
	const longestFirst = [...forms].sort((one, other) => other.length - one.length);
	return (text) => longestFirst.reduce((masked, form) => masked.split(form).join('***'), text);
}

/** A parsed answer with its secrets hidden, `undefined` where it is nested out of all measure. */
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

/** The answer as it is shown to the user: parsed JSON, else its text; masked and cut. Nothing: `undefined`. */
export function shownResponse(answer: VendorResponse, mask: (text: string) => string): unknown {
	if (answer.text === '') return undefined;
	if (typeof answer.json === 'object' && answer.json !== null && answer.text.length <= JSON_SHOWN) {
		return maskedJson(answer.json, mask);
	}
	const masked = mask(answer.text);
	return { text: masked.length > TEXT_SHOWN ? `${masked.slice(0, TEXT_SHOWN)}…` : masked };
}
