import {
	isAbsent,
	loneSurrogateIssue,
	textOf,
	toJsonText,
	urlStep,
	type Issue,
	type Json,
	type OperationDefaults,
	type ResponseRules,
	type Target,
	type WireForm,
} from '../engine';

import { parseAnswer } from './answer';

export const DOCUMENTATION = 'https://help.vtcdn.net/kb/how-to-send-events-through-the-api/';

/** What RFC 9110 has every party support; Vibetrace publishes no limit of its own. */
const MAX_URL = 8_000;
/** Stands in for `ts` while the URL is measured; every draw has as many digits. */
const NO_TS = '0000000000';

export const defaults: OperationDefaults = {
	sendAs: 'single',
	batchSize: { default: 50, max: 500 },
	concurrency: 1,
	timeout: { single: 30_000, batch: 30_000 },
	onRejectedBatch: 'fail',
	extraFields: 'send',
	additionalProperties: true,
};

export const limits: readonly string[] = [
	'At most 8,000 characters of URL in one request (inferred: no limit is published, and servers commonly refuse more)',
	'All events of one request have one type (documented)',
	'A second confirmation of one order is dropped without notice (documented), so only a confirmation with an order ID is repeated automatically',
	'No answer is documented: accepted means that the request was taken, not that the event was stored',
	'The time of an event cannot be given: it is the time at which Vibetrace receives it',
];

const CHECK_ADDRESS = "check the 'Account ID' and the base URL in the credential";

/** No page describes an answer, so any 2xx counts as taken and no failure as not stored. */
export const responses: ResponseRules = {
	accepts: () => true,
	safeToRetry: () => false,
	// The path names the event's type.
	fatalScope: { 404: 'method', 405: 'method' },
	advice: {
		400: "Vibetrace documents no reasons, so compare the event with Vibetrace's documentation and its type with those of your account",
		401: `Vibetrace asked for a sign-in, which this interface does not have; ${CHECK_ADDRESS}`,
		403: `Vibetrace refused every event of this sender; ${CHECK_ADDRESS}, and whether something in between blocks the request`,
		404: `Vibetrace does not know this account or address; ${CHECK_ADDRESS}`,
		405: `This address does not accept events; ${CHECK_ADDRESS}`,
	},
	defaultAdvice: "Vibetrace documents no refusal, so compare the event with Vibetrace's documentation",
	parse: parseAnswer,
};

/** Percent-encoded so that no URL parser on the way changes a byte: `'` is the one that such parsers would. */
const encoded = (text: string): string => encodeURIComponent(text).replace(/'/g, '%27');

/** As a URL parser writes it, so that what is measured is what is sent: hosts in small ASCII letters, no default port. */
const asSent = (baseUrl: string): string => new URL(baseUrl).href.replace(/\/+$/, '');

/** Why an event cannot stand in a URL. */
function urlFault(event: Json, json: string, { account }: Target): Issue | undefined {
	if (account.accountId !== undefined && urlStep(account.accountId) === undefined) {
		return { field: 'accountId', message: "The 'Account ID' of the credential cannot be . or .." };
	}
	return loneSurrogateIssue(event, json);
}

/** The element of `data`: everything but the callback, which is a parameter of the URL. */
function elementOf(event: Json): Json {
	const { callback, ...element } = event;
	return callback === undefined ? event : element;
}

/** `GET {baseUrl}/event/<account>/<type>?data=[…]&callback=…&ts=…`; one event is a list of one. */
const wireForm: WireForm = {
	method: ({ type }) => (isAbsent(type) ? '' : textOf(type)),
	encode: (event, target) => {
		const json = toJsonText(elementOf(event));
		const fault = urlFault(event, json, target);
		if (fault) return { fault };
		return {
			text: encoded(json),
			count: 1,
			batchKey: `${String(event.type)}\n${String(event.callback ?? '')}`,
		};
	},
	envelope: ({ type, callback }, { baseUrl, account }) => ({
		prefix: `${asSent(baseUrl)}/event/${urlStep(account.accountId ?? '') ?? ''}/${urlStep(String(type)) ?? ''}?data=%5B`,
		separator: '%2C',
		suffix: `%5D${isAbsent(callback) ? '' : `&callback=${encoded(String(callback))}`}&ts=${NO_TS}`,
	}),
	request: (payload, _event, _target, { cacheBuster }) => ({
		method: 'GET',
		// Drawn anew for each try, so that nothing on the way answers from a cache.
		url: payload.text().slice(0, -NO_TS.length) + cacheBuster(),
		headers: {},
	}),
	limit: { bytes: MAX_URL, of: 'URL', evidence: 'inferred' },
};

export const wireForms = { single: wireForm, batch: wireForm };
