import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';

import { isCredentialTest } from './credentialTest.mts';
import { PAGE } from './page.mts';
import type { RecordedRequest } from './records.mts';
import type { Refusal, StoredEvent, Vendor } from './types.mts';

/** What the page shows of one request. Secrets are masked; long lists are cut, their true length beside them. */
export type RequestView = {
	number: number;
	vendor: Vendor | 'other';
	method: string;
	url: string;
	authorization?: string;
	bytes: number;
	time: number;
	milliseconds?: number;
	open: boolean;
	operation?: string;
	status?: number;
	answer?: string;
	/** The start of the body of a request that stored nothing, so that one can see what was refused. */
	sent?: string;
	fault?: string;
	/** It only asks if a key is good, so that what is said of it is no loss. */
	isCredentialTest: boolean;
	stored: number;
	events: string[];
	refusals: Refusal[];
	refusalCount: number;
	discarded: Refusal[];
};

const SHOWN_REQUESTS = 200;
const SHOWN_EVENTS = 20;
const SHOWN_REFUSALS = 20;

/** The browser's side of the sandbox: `/` the page, `/state.json` what there is, `/live` server-sent events. */
export function createLivePage(source: {
	baseUrls: Record<Vendor, string>;
	requests: RecordedRequest[];
	/** Good tokens and keys, hidden wherever they may turn up. */
	secrets: string[];
	eventsOf: (record: RecordedRequest) => StoredEvent[];
}) {
	const watchers = new Set<ServerResponse>();
	const send = (name: string, data: unknown) => {
		for (const watcher of watchers) watcher.write(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
	};
	const view = (record: RecordedRequest) => viewOf(record, source.eventsOf(record), source.secrets);

	return {
		/** Answers the page's own addresses; `false` for every other path. */
		serve(request: IncomingMessage, response: ServerResponse, path: string): boolean {
			if (request.method !== 'GET') return false;
			if (path === '/') {
				const nonce = randomBytes(16).toString('base64');
				response.writeHead(200, {
					'content-type': 'text/html; charset=utf-8',
					'cache-control': 'no-store',
					'x-content-type-options': 'nosniff',
					'content-security-policy': `default-src 'none'; connect-src 'self'; style-src 'nonce-${nonce}'; script-src 'nonce-${nonce}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
				});
				response.end(PAGE.replaceAll('__NONCE__', nonce));
			} else if (path === '/state.json') {
				response.writeHead(200, {
					'content-type': 'application/json; charset=utf-8',
					'cache-control': 'no-store',
					'x-content-type-options': 'nosniff',
				});
				response.end(
					JSON.stringify({
						baseUrls: source.baseUrls,
						requests: source.requests.slice(-SHOWN_REQUESTS).map(view),
					}),
				);
			} else if (path === '/live') {
				response.writeHead(200, {
					'content-type': 'text/event-stream; charset=utf-8',
					'cache-control': 'no-store',
					'x-content-type-options': 'nosniff',
				});
				response.write('retry: 1000\n\n');
				watchers.add(response);
				response.on('close', () => watchers.delete(response));
			} else if (path === '/favicon.ico') {
				response.writeHead(204);
				response.end();
			} else return false;
			return true;
		},
		/** Tells every open page about a request. Costs nothing while nobody looks. */
		changed(record: RecordedRequest): void {
			if (watchers.size) send('request', view(record));
		},
		cleared(): void {
			send('cleared', {});
		},
		close(): void {
			for (const watcher of watchers) watcher.end();
			watchers.clear();
		},
	};
}

function viewOf(record: RecordedRequest, stored: StoredEvent[], secrets: string[]): RequestView {
	const hide = (text: string) =>
		secrets.reduce((result, secret) => result.replaceAll(secret, '••••••'), text);
	const { authorization } = record.headers;
	return {
		number: record.number,
		vendor: record.vendor,
		method: record.method,
		url: hide(maskUrl(record.url)),
		authorization: authorization === undefined ? undefined : maskAuthorization(authorization),
		bytes: record.bodyBytes,
		time: record.time,
		milliseconds: record.endedAt === undefined ? undefined : record.endedAt - record.startedAt,
		open: record.endTick === undefined,
		operation: record.operation,
		status: record.status,
		answer: record.answer === undefined ? undefined : hide(record.answer).slice(0, 2_000),
		sent:
			record.stored === 0 && record.bodyBytes > 0
				? hide(record.body.subarray(0, 20_000).toString()).slice(0, 4_000)
				: undefined,
		fault:
			record.fault &&
			Object.keys(record.fault)
				.filter((name) => name !== 'vendor')
				.join(', '),
		isCredentialTest: isCredentialTest(record),
		stored: record.stored,
		events: stored.slice(0, SHOWN_EVENTS).map((event) => hide(eventText(event))),
		refusals: record.refusals.slice(0, SHOWN_REFUSALS),
		refusalCount: record.refusals.length,
		discarded: record.discarded.slice(0, SHOWN_REFUSALS),
	};
}

/** An event as readable JSON. The text that arrived is used where there is one: it still has every digit. */
function eventText(stored: StoredEvent): string {
	if (stored.text !== undefined) return stored.text;
	return JSON.stringify(stored.event);
}

/** Hides the value of `post_api_key`, the one secret that travels in an address, right or wrong. */
export function maskUrl(url: string): string {
	return url.replace(/([?&]post_api_key=)[^&]*/gi, '$1••••••');
}

/** Hides an Authorization header but for its scheme word and its length. */
export function maskAuthorization(value: string): string {
	const blank = value.indexOf(' ');
	const secret = value.slice(blank + 1);
	return `${value.slice(0, blank + 1)}•••••• (${secret.length} characters)`;
}
