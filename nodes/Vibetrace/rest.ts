import {
	isAbsent,
	isPlainObject,
	loneSurrogateIssue,
	textOf,
	toJsonText,
	type HttpRequest,
	type Json,
	type ResponseRules,
	type Target,
	type WireForm,
} from '../engine';

/** The pages of Vibetrace's REST API. */
export const PAGES = {
	event: 'https://help.vtcdn.net/kb/how-to-send-events-via-api/',
	order: 'https://help.vtcdn.net/kb/serverside-integration/',
	user: 'https://help.vtcdn.net/knowledge-base/how-to-update-an-user-through-api/',
};

export const limits: readonly string[] = [
	'One event or user per request: there is no batch (documented)',
	'The REST API is switched on for an account by its account manager (documented)',
	'Vibetrace publishes no limit on the number of requests and no size of a body; the answers 401, 403, 429 and 5xx are not described',
];

/** `{"errors":[{"message":…,"description":…}]}`, each as one sentence. */
function errorsIn(json: unknown): string[] {
	const errors = isPlainObject(json) ? json.errors : undefined;
	if (!Array.isArray(errors)) return [];
	return errors.flatMap((error: unknown) => {
		if (!isPlainObject(error)) return [];
		const parts = [error.message, error.description].filter(
			(part) => typeof part === 'string' && part !== '',
		);
		return parts.length ? [parts.join(': ')] : [];
	});
}

const CHECK_KEY =
	"check 'API Key' in the credential, and whether your account manager has switched the REST API on";
const CHECK_ADDRESS = "Vibetrace does not know this address; check 'API Base URL' in the credential";

/** "Status tells success; the body says more" (documented). `whatNow`: what to do about an unknown user. */
export const responsesOf = (whatNow: string): ResponseRules => ({
	accepts: () => true,
	safeToRetry: () => false,
	refusesOne: ({ status, json }) =>
		status === 404 && errorsIn(json).some((text) => /user not found/i.test(text)) ? whatNow : undefined,
	words: errorsIn,
	advice: {
		400: "correct what Vibetrace names; see its answer in 'response'",
		401: `Vibetrace refused the key; ${CHECK_KEY}`,
		403: `Vibetrace refused the key; ${CHECK_KEY}`,
		404: CHECK_ADDRESS,
		405: CHECK_ADDRESS,
	},
	defaultAdvice: "read 'response' and compare the item with Vibetrace's documentation",
});

/** One JSON body a request. `orderingKeyOf`: requests about one person are sent in their order and never two at once. */
export const jsonForm = ({
	method,
	bodyOf,
	orderingKeyOf,
	request,
}: {
	method: (event: Json) => string;
	bodyOf: (event: Json) => Json;
	orderingKeyOf: (event: Json) => string | undefined;
	request: (event: Json, target: Target) => Pick<HttpRequest, 'method' | 'url'>;
}): WireForm => ({
	method,
	encode: (event) => {
		const text = toJsonText(bodyOf(event));
		const fault = loneSurrogateIssue(event, toJsonText(event));
		if (fault) return { fault };
		const orderingKey = orderingKeyOf(event);
		return {
			text,
			count: 1,
			// What stands in the address is a part of what is sent.
			batchKey: orderingKey ?? '',
			unbatchable: true,
			// Who writes one address in two ways most likely means one person.
			...(orderingKey === undefined ? {} : { orderingKey: orderingKey.toLowerCase() }),
		};
	},
	envelope: () => ({ prefix: '', separator: '', suffix: '' }),
	request: (payload, event, target) => ({
		...request(event, target),
		headers: { 'Content-Type': 'application/json' },
		body: payload.bytes(),
	}),
});

/** The order of requests about one person, by the name that is given. */
export const orderingKeyBy = (name: string, value: unknown): string | undefined =>
	isAbsent(value) ? undefined : `${name} ${textOf(value)}`;
