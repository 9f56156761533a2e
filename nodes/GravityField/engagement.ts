import type { HttpRequest, Issue, Json, Target } from '../engine';

/** The vendor's own domains, from its SDKs and its answers. */
const DOMAINS = ['gravityfield.ai', 'stellarlabs.ai'];

const isVendorHost = (host: string): boolean =>
	DOMAINS.some((domain) => host === domain || host.endsWith(`.${domain}`));

const ORIGIN = /^https?:\/\/[^/?#\\]+$/i;

/** Why a link may not be called with the key; completes "The link …". */
function linkFault(link: string, baseUrl: string): string | undefined {
	let url: URL;
	try {
		url = new URL(link);
	} catch {
		return 'is not an address';
	}
	const base = new URL(baseUrl);
	if (url.username || url.password) return 'holds a user name or a password';
	const isBase =
		url.origin === base.origin && url.pathname.startsWith(`${base.pathname.replace(/\/+$/, '')}/`);
	const isVendor = url.protocol === 'https:' && url.port === '' && isVendorHost(url.hostname);
	if (!isBase && !isVendor) {
		return `does not lead to Gravity Field by https, and the API key goes nowhere else`;
	}
	// It must leave as it was given: a parser that changes it would send another one.
	const tail = `${url.pathname}${url.search}`;
	if (!link.endsWith(tail) || !ORIGIN.test(link.slice(0, -tail.length)) || /[^\x21-\x7e]/.test(link))
		return 'is not as Gravity Field gave it; take it from the answer as it is';
	return undefined;
}

const listOf = ({ urls }: Json): string[] =>
	Array.isArray(urls) ? urls.filter((url): url is string => typeof url === 'string') : [];

/** What forbids to call the links of an item. */
export function linksIssue(event: Json, { baseUrl }: Target): Issue | undefined {
	const links = listOf(event);
	if (links.length === 0) return { field: 'urls', message: "'Link URLs' (urls) is required" };
	for (const [at, link] of links.entries()) {
		const fault = linkFault(link, baseUrl);
		if (fault) {
			// A link holds what tells a person apart, so its number stands for it.
			const which = links.length === 1 ? 'The link' : `Link ${at + 1} of ${links.length}`;
			return { field: `urls[${at}]`, message: `${which} in 'Link URLs' (urls) ${fault}` };
		}
	}
	return undefined;
}

/** A GET of each link, byte for byte, one after the other. */
export function linkRequests(event: Json): HttpRequest {
	const [first = '', ...others] = listOf(event);
	const get = (url: string): HttpRequest => ({ method: 'GET', url, headers: {} });
	return { ...get(first), ...(others.length ? { after: others.map(get) } : {}) };
}

/** Links of one decision are called in their order. */
export function decisionOf(event: Json): string | undefined {
	const [first = ''] = listOf(event);
	const decision = /[?&]decisionId=([^&]+)/.exec(first)?.[1];
	return decision === undefined ? undefined : `decision ${decision}`;
}
