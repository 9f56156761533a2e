import {
	isAbsent,
	loneSurrogateIssue,
	plainDecimal,
	toJsonText,
	type Envelope,
	type Field,
	type Json,
	type Operation,
	type OperationDefaults,
	type ResponseRules,
	type WireForm,
} from '../engine';

export const DOCUMENTATION = 'https://docs.tracker.my.com/en/api/s2s-api/import-events';

/** "Limit on the maximum size of imported data — 10Kb": 10,000 bytes of body hold under every reading of it. */
const MAX_BODY = 10_000;
const MAX_BATCH = 20;

export const defaults: OperationDefaults = {
	sendAs: 'batch',
	batchSize: { default: MAX_BATCH, max: MAX_BATCH },
	concurrency: 4,
	timeout: { single: 30_000, batch: 30_000 },
	onRejectedBatch: 'isolate',
	extraFields: 'ignore',
	additionalProperties: false,
};

export const limits: readonly string[] = [
	`At most ${MAX_BATCH} events in a batch (documented)`,
	'At most 10,000 bytes of JSON in one request (documented as "10Kb"; read as 10,000 bytes of the whole body)',
	'One event that breaks a rule makes MyTracker refuse its whole batch, and a refused batch stores nothing (inferred)',
	'Events appear in reports within 4 hours (documented)',
	'After a 500 a request is repeated automatically, since MyTracker asks to send it again later (documented)',
];

/** The other pages could not be read as far as their answers. */
export const REPEATED_AFTER_500 =
	'After a 500 a request is repeated automatically (inferred from the page about events)';

const CHANGED_ON_ITS_WAY =
	'MyTracker could not read the request; something between n8n and MyTracker changes its body';

/** MyTracker answers a status and one of these texts; success is the status, since its text is spelled in two ways. */
export const responses: ResponseRules = {
	accepts: ({ status, json }) =>
		status === 200 && typeof json === 'object' && json !== null && !Array.isArray(json),
	// Documented as "repeat later". A 502 or 504 comes from a gateway that gave up waiting.
	safeToRetry: (status) => status === 500,
	fatal: ({ status, json }) => {
		if (status !== 400 || typeof json !== 'object' || json === null) return undefined;
		switch ((json as Json).error) {
			case 'Bad api version':
				return {
					scope: 'account',
					reason: 'MyTracker does not know this version of its API; check the base URL in the credential',
				};
			case 'Bad json':
				return { scope: 'account', reason: CHANGED_ON_ITS_WAY, halveFirst: true };
			case 'Empty post data':
				return { scope: 'account', reason: CHANGED_ON_ITS_WAY };
			default:
				return undefined;
		}
	},
	fatalScope: { 403: 'app' },
	advice: {
		401: "MyTracker refused the token; check the 'S2S API Token' in the credential",
		403: "MyTracker refused the token for this app; check the 'S2S API Token' and the 'App ID' in the credential. The Export API key does not work here.",
		404: 'MyTracker does not know this address; check the base URL in the credential',
		405: 'MyTracker does not know this address; check the base URL in the credential',
	},
	defaultAdvice: "MyTracker does not say why, so check the event's fields against its documentation",
};

/** A number in digits: `JSON.stringify` writes a small one with an exponent. */
const inDigits = (value: unknown): string =>
	typeof value === 'number' ? plainDecimal(value) : toJsonText(value);

/**
 * `sezamUserId` is the one number that the page prints without quotes; it may have more digits than a JS number holds.
 * Amounts of money are JSON numbers.
 */
function encodeEvent(fields: readonly Field[]): (event: Json) => string {
	const bare = new Map<string, (value: unknown) => string>();
	for (const { wire, type } of fields) {
		if (type.kind === 'integer' && type.as === 'bare') bare.set(wire, String);
		if (type.kind === 'decimal' && type.as === 'number') bare.set(wire, inDigits);
	}
	const names = [...bare.keys()];
	return (event) => {
		if (!names.some((name) => !isAbsent(event[name]))) return toJsonText(event);
		const members = Object.entries(event).map(
			([name, value]) => `${JSON.stringify(name)}:${(bare.get(name) ?? toJsonText)(value)}`,
		);
		return `{${members.join(',')}}`;
	};
}

/** `POST {baseUrl}/v1/<method>/?idApp=<n>` with a JSON object, or an array of them. `method` is empty where a variant decides it. */
function wireForm(method: string, fields: readonly Field[], envelope: Envelope): WireForm {
	const encode = encodeEvent(fields);
	return {
		method: () => method,
		encode: (event) => {
			const text = encode(event);
			const fault = loneSurrogateIssue(event, text);
			return fault ? { fault } : { text, count: 1, batchKey: '' };
		},
		envelope: () => envelope,
		request: (payload, _event, { baseUrl, account, method: decided = method }) => ({
			method: 'POST',
			url: `${baseUrl}/v1/${decided}/?idApp=${account.appId}`,
			headers: { 'Content-Type': 'application/json' },
			body: payload.bytes(),
		}),
		limit: { bytes: MAX_BODY, of: 'body', evidence: 'documented' },
	};
}

/** How the vendor calls the method for several events. */
export const batchOf = (method: string): string => `${method}Batch`;

/** Both methods of one operation: `login` takes one event, `loginBatch` a bare array of them. None: a variant decides it. */
export const wireForms = (
	method: string | undefined,
	fields: readonly Field[],
): Pick<Operation, 'single' | 'batch'> => ({
	single: wireForm(method ?? '', fields, { prefix: '', separator: '', suffix: '' }),
	batch: wireForm(method === undefined ? '' : batchOf(method), fields, {
		prefix: '[',
		separator: ',',
		suffix: ']',
	}),
});
