import omit from 'lodash/omit';
import pick from 'lodash/pick';

import {
	isAbsent,
	isPlainObject,
	loneSurrogateIssue,
	textOf,
	toJsonText,
	type Json,
	type OperationDefaults,
	type ResponseRules,
	type SettingRow,
	type WireForm,
} from '../engine';

import { SHARED } from './fields';

export const DOCUMENTATION = 'https://openapi-v2.gravityfield.ai/store-event-14003491e0';

export const defaults: OperationDefaults = {
	// The page shows a list of one event; several at once are known from a test of the vendor's SDK only.
	sendAs: 'single',
	batchSize: { default: 50, max: 500 },
	concurrency: 1,
	timeout: { single: 30_000, batch: 30_000 },
	onRejectedBatch: 'fail',
	extraFields: 'send',
	additionalProperties: true,
};

export const FAILED_STORES_NOTHING =
	"A request that is answered by a 5xx is repeated automatically, as the vendor's SDKs do (vendor code)";

export const limits: readonly string[] = [
	'Gravity Field publishes no limit on the events in a request, the size of a body, the number of requests or the age of an event',
	"That a batch may hold up to 500 events is this node's choice; 500 is the length of the queue in the vendor's own SDK, which sends its events one by one",
	'The answer has no result for each event, so a request counts as taken or refused as a whole (inferred)',
	FAILED_STORES_NOTHING,
];

export const options: readonly SettingRow[] = [
	{
		name: 'hashEmail',
		label: 'Hash Email',
		help: "Whether to hash an e-mail address in 'Hashed Email' before it leaves: trimmed, in lower case, SHA-256, hexadecimal. A hash is sent as it is; any other text is refused.",
		about: 'hashedEmail',
		type: 'boolean',
		default: false,
	},
	{
		name: 'hashPhone',
		label: 'Hash Phone',
		help: "Whether to hash a phone number in 'Customer ID' before it leaves: digits only, 8XXXXXXXXXX as 7XXXXXXXXXX, SHA-256, hexadecimal. A hash is sent as it is; any other text is refused.",
		about: 'cuid',
		type: 'boolean',
		default: false,
	},
];

const CHECK_ACCOUNT = "check 'API Key', 'Section ID' and 'Base URL' in the credential";
const CHECK_ADDRESS =
	'Gravity Field does not know this address; the base URL in the credential must end in a version such as /v2';

/** 204 is documented without a word; the SDKs take any 2xx for stored and every 5xx for not stored. */
export const responses: ResponseRules = {
	accepts: ({ status, json }) => status === 204 || (status === 200 && isPlainObject(json)),
	safeToRetry: (status) => status >= 500,
	fatalScope: { 403: 'app' },
	advice: {
		400: "read 'response'; the request could not be read",
		401: `Gravity Field refused the key; ${CHECK_ACCOUNT}`,
		403: `Gravity Field refused the key for this section; ${CHECK_ACCOUNT}`,
		404: CHECK_ADDRESS,
		405: CHECK_ADDRESS,
		422: "read 'response': a field is missing or wrong",
	},
	defaultAdvice: "read 'response' and check the event's fields",
};

/** Equal objects as equal text, whatever the order of their names. */
function inOrder(value: unknown): unknown {
	if (Array.isArray(value)) return value.map(inOrder);
	if (!isPlainObject(value)) return value;
	return Object.fromEntries(
		Object.keys(value)
			.sort()
			.map((name) => [name, inOrder(value[name])]),
	);
}

const isList = (event: Json): event is Json & { data: Json[] } => Array.isArray(event.data);

/** What the events of one request share: beside a list also names of the root that nobody documents. */
const headOf = (event: Json): Json => (isList(event) ? omit(event, 'data') : pick(event, SHARED));

const eventsOf = (event: Json): Json[] => (isList(event) ? event.data : [omit(event, SHARED)]);

const IDS = ['uid', 'custom', 'ses'] as const;

/** Whose event it is, by the strongest ID there is: requests of one user are never in flight side by side. */
function userOf({ user }: Json): { id: (typeof IDS)[number]; key: string } | undefined {
	if (!isPlainObject(user)) return undefined;
	const id = IDS.find((name) => !isAbsent(user[name]));
	return id && { id, key: `${id} ${textOf(user[id])}` };
}

export const orderingKeyOf = (event: Json): string | undefined => userOf(event)?.key;

/** `POST {baseUrl}/event`; one event and several differ in the length of `data` only. */
export const wireForm: WireForm = {
	method: () => 'event',
	encode: (event) => {
		const events = eventsOf(event);
		const user = userOf(event);
		const text = events.map(toJsonText).join(',');
		const batchKey = toJsonText(inOrder(headOf(event)));
		const fault = loneSurrogateIssue(event, batchKey + text);
		if (fault) return { fault };
		return {
			text,
			count: events.length,
			batchKey,
			// A session alone does not say that two events are of one user, so they share no request.
			unbatchable: user === undefined || user.id === 'ses',
			...(user && { orderingKey: user.key }),
		};
	},
	envelope: (event, { account }) => {
		const head = toJsonText({ sec: account.sectionId, ...headOf(event) });
		return { prefix: `${head.slice(0, -1)},"data":[`, separator: ',', suffix: ']}' };
	},
	request: (payload, _event, { baseUrl }) => ({
		method: 'POST',
		url: `${baseUrl}/event`,
		headers: { 'Content-Type': 'application/json' },
		body: payload.bytes(),
	}),
};
