/**
 * Vibetrace's REST API v1: `POST /v1/event/` and `/v1/user/`, by the pages "How to send events via API", "How to update
 * users through API?" and "Server-side integration". The paths are taken as printed there: `event/` and `user/` with the
 * slash, an address without.
 */
import { createHash } from 'node:crypto';

import type { JsonNode, JsonObject } from './json.mts';
import { kindOf, plain, readJson } from './json.mts';
import type { AcceptedEvent, Refusal, VendorAnswer, VendorRequest, VendorState } from './types.mts';
import { checkConfirmation, memberOf, stringOf } from './vibetrace-confirmation.mts';
import { answer, JSON_TYPE, readQuery, readText } from './wire.mts';

const REFUSE = 'sandbox-refuse';
/** Every address is in the account but one that begins so, until it is saved. */
const UNKNOWN = 'sandbox-unknown';
/** "Unknown ones are ignored": an attribute whose name begins so is not in the account. */
const UNKNOWN_ATTRIBUTE = 'unknown';

const EVENT_CREATED = {
	results: { message: 'Event created', email: 'Event was created for the specified user' },
};

type Refuse = (status: number, message: string, description: string, refusals: Refusal[]) => VendorAnswer;

/** Judges one request; `request.path` starts with `/api/`, which is where the sandbox mounts `https://api.vtcdn.net`. */
export function handleVibetraceApi(request: VendorRequest, state: VendorState): VendorAnswer {
	const path = request.path.slice('/api'.length);
	const user = /^\/v1\/user\/([^/]*)$/.exec(path);
	const operation = path === '/v1/event/' ? 'createEvent' : user ? 'user' : undefined;
	const refuse: Refuse = (status, message, description, refusals) =>
		answer(status, JSON_TYPE, JSON.stringify({ errors: [{ message, description }] }), {
			operation,
			refusals,
		});
	if (!operation) {
		return refuse(404, 'Not found', 'No such path', [
			{ reason: 'the paths are /v1/event/, /v1/user/ and /v1/user/<address>' },
		]);
	}
	const { apiKey } = state.credentials.vibetraceApi;
	const { authorization } = request.headers;
	if (authorization !== apiKey) {
		const reason =
			authorization === undefined
				? 'there is no Authorization header'
				: authorization.endsWith(apiKey)
					? 'the Authorization header must hold the bare key, without a word before it'
					: 'the key in the Authorization header is not the sandbox’s';
		return refuse(401, 'Unauthorized', 'Invalid API key', [{ reason }]);
	}
	if (!user) return createEvent(request, state, refuse);

	let email: string;
	try {
		email = decodeURIComponent(user[1]);
	} catch {
		return refuse(400, 'Bad request', 'Bad path', [{ reason: 'percent-encoding that is not UTF-8' }]);
	}
	if (request.method === 'GET' && email) return readUser(email, state, refuse);
	if (request.method === 'POST' && !email) return saveUser(request, state, refuse);
	if (request.method === 'PUT' && email) return saveUser(request, state, refuse, email);
	return refuse(405, 'Method not allowed', request.method, [
		{
			reason:
				'a user is read with GET, created with POST on /v1/user/ and saved with PUT on /v1/user/<address>',
		},
	]);
}

/** The body as one JSON object, or the answer to give instead. */
function readBody(request: VendorRequest, refuse: Refuse): { root: JsonObject; text: string } | VendorAnswer {
	const bad = (reason: string) => refuse(400, 'Invalid data format/type', reason, [{ reason }]);
	if (!/^application\/json\b/i.test(request.headers['content-type'] ?? ''))
		return bad('the Content-Type must be application/json');
	const read = readText(request.body);
	if ('reason' in read) return bad(read.reason);
	try {
		const root = readJson(read.text);
		if (root.kind !== 'object') return bad(`the body must be an object, is ${kindOf(root)}`);
		if (root.repeated.length) return bad(`${root.repeated[0]} is given twice`);
		return { root, text: read.text };
	} catch (problem) {
		return bad((problem as Error).message);
	}
}

function createEvent(request: VendorRequest, state: VendorState, refuse: Refuse): VendorAnswer {
	if (request.method !== 'POST')
		return refuse(405, 'Method not allowed', request.method, [{ reason: 'events are created with POST' }]);
	const body = readBody(request, refuse);
	if ('status' in body) return body;
	const { root, text } = body;

	const event = root.members.get('event');
	if (event?.kind !== 'object' || event.members.size === 0) {
		return refuse(400, 'Missing event information', 'Please send event information along with user', [
			{ field: 'event', reason: 'must be an object with one key' },
		]);
	}
	const problems: Refusal[] = event.repeated.map((name) => ({
		field: `event.${name}`,
		reason: 'given twice',
	}));
	if (event.members.size > 1)
		problems.push({ field: 'event', reason: `has one key, the event type; this one ${event.members.size}` });
	const [[type, payload]] = event.members;
	if (payload.kind !== 'object')
		problems.push({ field: `event.${type}`, reason: `must be an object, is ${kindOf(payload)}` });
	else {
		const bad = (field: string, reason: string) =>
			void problems.push({ field: `event.${type}.${field}`, reason });
		if (type === 'confirmation') checkConfirmation(payload, bad);
		// The word stands twice: the type, and the bag of attributes inside it.
		if (type === 'generic' && !stringOf(payload.members.get('generic'), 'event_name'))
			bad('generic.event_name', 'is required for a generic event');
	}

	const user = root.members.get('user');
	const email = stringOf(user, 'email');
	const id = stringOf(user, '_id');
	if (!email && !id) problems.push({ field: 'user', reason: 'must be an object with email or _id' });
	if (user?.kind === 'object')
		problems.push(...user.repeated.map((name) => ({ field: `user.${name}`, reason: 'given twice' })));
	if (email?.startsWith(REFUSE))
		problems.push({
			field: 'user.email',
			reason: `the sandbox refuses ${REFUSE}, standing in for what only a vendor can refuse`,
		});
	if (problems.length) return refuse(400, 'Invalid data format/type', 'Error validating event', problems);
	if (!exists(email ?? id ?? '', state))
		return refuse(404, 'User not found', 'The user must exist in the database beforehand', [
			{ field: 'user', reason: 'is not in the account' },
		]);

	const orderId = (type === 'confirmation' && stringOf(memberOf(payload, 'generic'), 'orderId')) || undefined;
	const whole = plain(root) as Record<string, unknown>;
	const accepted: AcceptedEvent = {
		event: { user: whole.user, event: whole.event },
		text: text.slice(root.start, root.end),
		key: orderId,
	};
	const done = JSON.stringify(EVENT_CREATED);
	if (orderId !== undefined && state.keys.has(orderId)) {
		return answer(200, JSON_TYPE, done, {
			operation: 'createEvent',
			discarded: [
				{ index: 0, field: 'event.confirmation.generic.orderId', reason: 'this order is stored already' },
			],
		});
	}
	return answer(200, JSON_TYPE, done, { operation: 'createEvent', events: [accepted] });
}

function readUser(email: string, state: VendorState, refuse: Refuse): VendorAnswer {
	if (!exists(email, state))
		return refuse(404, 'User not found', 'No user with this address', [{ reason: 'is not in the account' }]);
	return answer(200, JSON_TYPE, JSON.stringify({ email, ...attributesOf(email, state) }), {
		operation: 'user',
	});
}

/** `address` = PUT; without it POST, which has the address in its body. */
function saveUser(
	request: VendorRequest,
	state: VendorState,
	refuse: Refuse,
	address?: string,
): VendorAnswer {
	const query = readQuery(request.query, { form: 'form' });
	// "Unknown query parameters are ignored", but one that cannot be read is not unknown.
	if (query.problems.length) return refuse(400, 'Invalid data format/type', 'Bad query', query.problems);
	const body = readBody(request, refuse);
	if ('status' in body) return body;
	const { root, text } = body;

	const email = address ?? stringOf(root, 'email');
	const problems: Refusal[] = [];
	if (!email || !/^[^\s@]+@[^\s@]+$/.test(email))
		problems.push({ field: 'email', reason: 'must be an e-mail address' });
	for (const [field, node] of root.members) {
		const reason = attributeFault(field, node);
		if (reason) problems.push({ field, reason });
	}
	if (email?.startsWith(REFUSE))
		problems.push({
			field: 'email',
			reason: `the sandbox refuses ${REFUSE}, standing in for what only a vendor can refuse`,
		});
	if (problems.length || !email)
		return refuse(400, 'Invalid data format/type', 'Error validating user attributes', problems);
	const upsert = address === undefined || query.values.get('upsert') === 'true';
	if (!upsert && !exists(email, state))
		return refuse(404, 'User not found', 'No user with this address', [
			{ reason: 'is not in the account, and upsert is not true' },
		]);

	const given = plain(root) as Record<string, unknown>;
	const kept = Object.fromEntries(
		Object.entries(given).filter(([name]) => name !== 'email' && !name.startsWith(UNKNOWN_ATTRIBUTE)),
	);
	const object = { _id: idOf(email), email, ...attributesOf(email, state), ...kept };
	return answer(
		200,
		JSON_TYPE,
		JSON.stringify({ results: [{ message: 'Successfully added new user.', email }], object }),
		{
			operation: 'user',
			events: [
				{ event: { email, ...kept }, text: text.slice(root.start, root.end), context: { address: email } },
			],
		},
	);
}

function attributeFault(name: string, node: JsonNode): string | undefined {
	if (node.kind === 'object' || node.kind === 'array' || node.kind === 'null')
		return `an attribute is a single value, not ${kindOf(node)}`;
	if (name === 'isSubscribed' && node.kind !== 'boolean') return `must be true or false, is ${kindOf(node)}`;
	return undefined;
}

function exists(id: string, state: VendorState): boolean {
	return !id.startsWith(UNKNOWN) || saved(id, state).length > 0;
}

function saved(email: string, state: VendorState) {
	return state.stored.filter(({ operation, context }) => operation === 'user' && context?.address === email);
}

function attributesOf(email: string, state: VendorState): Record<string, unknown> {
	const { email: _address, ...attributes } = Object.assign(
		{},
		...saved(email, state).map(({ event }) => event),
	) as Record<string, unknown>;
	return attributes;
}

function idOf(email: string): string {
	return createHash('sha256').update(email).digest('hex').slice(0, 24);
}
