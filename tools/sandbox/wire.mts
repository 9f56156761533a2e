import { isUtf8 } from 'node:buffer';
import { isIPv4, isIPv6 } from 'node:net';

import type { AcceptedEvent, Refusal, VendorAnswer } from './types.mts';

/** Characters that `encodeURIComponent` leaves alone: the strictest form of a query value. */
const FULLY_ENCODED = /^(?:[A-Za-z0-9\-_.!~*'()]|%[0-9A-Fa-f]{2})*$/;
/** Everything RFC 3986 (section 3.4) lets stand bare in a query, `&` apart. */
const LEGAL_IN_QUERY = /^(?:[A-Za-z0-9\-._~!$'()*+,;=:@/?]|%[0-9A-Fa-f]{2})*$/;
/** Every printable character that a request line can carry. */
const PRINTABLE = /^(?:[!-$'-~]|%[0-9A-Fa-f]{2})*$/;

/**
 * How strictly a query is read. `encoded`: all but the unreserved characters are percent-encoded, a space is `%20`.
 * `form`: `+` is a space and what RFC 3986 allows may stand bare. `raw`: as `form`, and JSON may stand in it as it is.
 */
export type QueryForm = 'encoded' | 'form' | 'raw';
const ALLOWED: Record<QueryForm, RegExp> = { encoded: FULLY_ENCODED, form: LEGAL_IN_QUERY, raw: PRINTABLE };

/**
 * Takes a raw query apart: every name once, every name with a value, every character as `form` wants it. A name whose
 * value cannot be read is there with an empty value and a problem, so that nobody calls it missing.
 */
export function readQuery(
	raw: string,
	options: { form?: QueryForm; mayBeEmpty?: string[] } = {},
): { values: Map<string, string>; problems: Refusal[] } {
	const form = options.form ?? 'encoded';
	const values = new Map<string, string>();
	const problems: Refusal[] = [];
	if (raw === '') return { values, problems };
	for (const pair of raw.split('&')) {
		const cut = pair.indexOf('=');
		if (cut < 1) {
			problems.push({
				reason:
					pair === ''
						? 'two & in a row, or one at an end of the query'
						: 'a query parameter without a name or without =',
			});
			continue;
		}
		const name = decode(pair.slice(0, cut), form);
		const value = decode(pair.slice(cut + 1), form);
		if ('fault' in name) {
			problems.push({ field: '(a name)', reason: name.fault });
		} else if (values.has(name.text)) {
			problems.push({ field: name.text, reason: 'given twice in the query' });
		} else if ('fault' in value) {
			problems.push({ field: name.text, reason: value.fault });
			values.set(name.text, '');
		} else {
			if (value.text === '' && !options.mayBeEmpty?.includes(name.text))
				problems.push({ field: name.text, reason: 'has no value; a parameter without a value is left out' });
			values.set(name.text, value.text);
		}
	}
	return { values, problems };
}

function decode(part: string, form: QueryForm): { text: string } | { fault: string } {
	if (!ALLOWED[form].test(part)) {
		if (form === 'encoded' && part.includes('+'))
			return { fault: 'a raw + in the query; a space is %20 and a plus is %2B' };
		if (/%(?![0-9A-Fa-f]{2})/.test(part)) return { fault: 'a % that starts no percent-encoding' };
		return { fault: 'a character stands in the query that must be percent-encoded' };
	}
	try {
		return { text: decodeURIComponent(form === 'encoded' ? part : part.replaceAll('+', '%20')) };
	} catch {
		return { fault: 'percent-encoding that is not UTF-8' };
	}
}

/** The number of Unicode code points, which is how the sandbox counts a "length" or "number of symbols". */
export function codePoints(text: string): number {
	let count = 0;
	for (const _ of text) count++;
	return count;
}

/** Unsigned decimal without sign, leading zero, blank or exponent. */
export function isDigits(text: string): boolean {
	return /^(?:0|[1-9][0-9]*)$/.test(text);
}

/** Whether a canonical decimal lies in `min`..`max`, both included; exact at any size. */
export function digitsWithin(text: string, min: bigint, max: bigint): boolean {
	if (!isDigits(text) || text.length > 40) return false;
	const value = BigInt(text);
	return value >= min && value <= max;
}

/** A dotted IPv4 address. */
export function isIp4(text: string): boolean {
	return isIPv4(text);
}

/** An IPv6 address without a zone. */
export function isIp6(text: string): boolean {
	return isIPv6(text) && !text.includes('%');
}

/** Bytes as text when they are UTF-8 without a byte order mark, else the reason why not. */
export function readText(body: Buffer): { text: string } | { reason: string } {
	if (body.length >= 3 && body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf)
		return { reason: 'the body starts with a byte order mark' };
	if (!isUtf8(body)) return { reason: 'the body is not UTF-8' };
	return { text: body.toString('utf8') };
}

/** Builds an answer; `events` are stored only when there is no refusal. */
export function answer(
	status: number,
	type: string,
	body: string,
	rest: { operation?: string; events?: AcceptedEvent[]; refusals?: Refusal[]; discarded?: Refusal[] } = {},
): VendorAnswer {
	return {
		status,
		headers: type === '' ? {} : { 'content-type': type },
		body,
		operation: rest.operation,
		events: rest.events ?? [],
		refusals: rest.refusals ?? [],
		discarded: rest.discarded ?? [],
	};
}

export const JSON_TYPE = 'application/json; charset=utf-8';
export const TEXT_TYPE = 'text/plain; charset=utf-8';
