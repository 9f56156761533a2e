/**
 * Vibetrace's Event GET, "How to send events through the API". The page describes no answer at all: the JSONP form
 * follows from its `callback` parameter, statuses other than 200 are the sandbox's choice.
 * The REST API of the same vendor, mounted at `/api`, stands in `vibetrace-api.mts`.
 */
import type { JsonNode, JsonObject } from './json.mts';
import { kindOf, plain, readJson } from './json.mts';
import type { AcceptedEvent, Refusal, VendorAnswer, VendorRequest, VendorState } from './types.mts';
import { checkConfirmation, memberOf, stringOf } from './vibetrace-confirmation.mts';
import { handleVibetraceApi } from './vibetrace-api.mts';
import { answer, JSON_TYPE, readQuery } from './wire.mts';

/** No limit is published; RFC 9110 (section 4.1) has every party support 8,000 octets, and servers commonly stop there. */
export const VIBETRACE_MAX_ADDRESS = 8_000;

const REFUSE = 'sandbox-refuse';
/** What the page prints where its samples had an address: it masks them. */
const MASK = '[email\u00a0protected]';
const RESERVED = ['type', 'userId', 'sessionId', 'email', '_vtsid', 'items', 'generic'];

/** Judges one request: `GET /event/<account>/<type>?data=…&callback=…&ts=…`. All of the list is taken or none of it. */
export function handleVibetrace(request: VendorRequest, state: VendorState): VendorAnswer {
	if (request.path.startsWith('/api/')) return handleVibetraceApi(request, state);
	const refuse = (status: number, error: string, refusals: Refusal[], operation?: string) =>
		answer(status, JSON_TYPE, JSON.stringify({ error }), { refusals, operation });
	if (request.address.length > VIBETRACE_MAX_ADDRESS) {
		return refuse(414, 'URI Too Long', [
			{
				reason: `the address has ${request.address.length} characters; the limit is ${VIBETRACE_MAX_ADDRESS}`,
			},
		]);
	}
	const path = /^\/event\/([^/]+)\/([^/]+)$/.exec(request.path);
	let account: string;
	let type: string;
	try {
		if (!path) throw new URIError();
		account = decodeURIComponent(path[1]);
		type = decodeURIComponent(path[2]);
	} catch {
		return refuse(404, 'Not Found', [{ reason: 'the path is /event/<account_id>/<event_type>' }]);
	}
	if (request.method !== 'GET')
		return refuse(405, 'Method Not Allowed', [{ reason: 'events are sent with GET' }], type);
	if (account !== state.credentials.vibetraceApi.accountId)
		return refuse(404, 'Not Found', [{ reason: 'no such account' }], type);

	const { values, problems } = readQuery(request.query, { form: 'form', mayBeEmpty: ['callback'] });
	for (const field of values.keys())
		if (!['data', 'callback', 'ts'].includes(field))
			problems.push({ field, reason: 'is not a parameter of the page' });
	for (const field of ['data', 'ts']) if (!values.has(field)) problems.push({ field, reason: 'is required' });
	if (!/^-?[0-9]+$/.test(values.get('ts') || '0'))
		problems.push({ field: 'ts', reason: 'must be an integer' });
	if (request.bodyBytes > 0) problems.push({ reason: 'a GET has no body' });
	if (problems.length) return refuse(400, 'Bad Request', problems, type);

	const text = values.get('data') ?? '';
	let root: JsonNode;
	try {
		root = readJson(text);
	} catch (problem) {
		return refuse(
			400,
			'Bad Request',
			[{ field: 'data', reason: `is not JSON: ${(problem as Error).message}` }],
			type,
		);
	}
	if (root.kind !== 'array' || root.items.length === 0)
		return refuse(
			400,
			'Bad Request',
			[{ field: 'data', reason: 'must be a list of at least one event' }],
			type,
		);

	const events: AcceptedEvent[] = [];
	const discarded: Refusal[] = [];
	const keys = new Set<string>();
	root.items.forEach((node, index) => {
		const found =
			node.kind === 'object'
				? checkEvent(node, type)
				: [{ reason: `an event is an object, not ${kindOf(node)}` }];
		for (const problem of found) problems.push({ index, ...problem });
		if (node.kind !== 'object' || found.length) return;
		// An order without an id, or with an empty one, gets an id of its own and is never a repeat.
		const key = (type === 'confirmation' && stringOf(node.members.get('generic'), 'orderId')) || undefined;
		// The confirmation page: a second event with the same id is thrown away, and nobody is told.
		if (key !== undefined && (state.keys.has(key) || keys.has(key)))
			discarded.push({ index, field: 'generic.orderId', reason: 'this order is stored already' });
		else
			events.push({
				event: plain(node) as Record<string, unknown>,
				text: text.slice(node.start, node.end),
				key,
			});
		if (key !== undefined) keys.add(key);
	});
	if (problems.length) return refuse(400, 'Bad Request', problems, type);

	const callback = values.get('callback') ?? '';
	const body = '{"status":"ok"}';
	return callback === ''
		? answer(200, JSON_TYPE, body, { operation: type, events, discarded })
		: answer(200, 'application/javascript; charset=utf-8', `${callback}(${body})`, {
				operation: type,
				events,
				discarded,
			});
}

function checkEvent(event: JsonObject, type: string): Refusal[] {
	const problems: Refusal[] = event.repeated.map((field) => ({ field, reason: 'given twice' }));
	const member = (name: string) => event.members.get(name);
	const has = (name: string) => event.members.has(name);
	const bad = (field: string, reason: string) => void problems.push({ field, reason });

	if (stringOf(event, 'type') !== type) bad('type', 'must equal the event type in the path');
	// The ids are strings in both samples; as numbers they lose leading zeros and digits.
	for (const name of ['userId', 'sessionId', 'email', '_vtsid']) {
		const node = member(name);
		if (node && (node.kind !== 'string' || node.value.trim() === ''))
			bad(name, 'must be a string that is not empty');
	}
	for (const [path, node] of [
		['email', member('email')],
		['generic.email', memberOf(member('generic'), 'email')],
	] as const) {
		if (node && (node.kind !== 'string' || (node.value !== MASK && !/^[^\s@]+@[^\s@]+$/.test(node.value))))
			bad(path, 'is not an e-mail address');
	}

	// "3 ways of user identification"; the address comes *instead of* the ids, except where the samples carry both.
	const ids = has('userId') && has('sessionId');
	if (has('userId') !== has('sessionId'))
		bad(has('userId') ? 'sessionId' : 'userId', 'userId and sessionId go together');
	else if (!ids && !has('email') && !has('_vtsid'))
		problems.push({ reason: 'nothing says who did it: userId with sessionId, or email, or _vtsid' });
	if (has('email') && (ids || has('_vtsid')) && type !== 'login' && type !== 'confirmation')
		bad('email', 'an address comes instead of the other ids');
	if (stringOf(event, 'userId') === REFUSE)
		bad('userId', `the sandbox refuses ${REFUSE}, standing in for what only a vendor can refuse`);

	const generic = member('generic');
	if (generic && generic.kind !== 'object') bad('generic', `must be an object, is ${kindOf(generic)}`);
	else if (generic?.kind === 'object')
		for (const name of generic.repeated) bad(`generic.${name}`, 'given twice');

	if (type === 'confirmation') checkConfirmation(event, bad);
	if (type === 'generic' && !stringOf(generic, 'event_name'))
		bad('generic.event_name', 'is required for a generic event');
	if (type === 'login' || type === 'update') {
		const attributes = [...event.members].filter(([name]) => !RESERVED.includes(name));
		for (const [name, node] of attributes) {
			if (node.kind === 'object' || node.kind === 'array' || node.kind === 'null')
				bad(name, `an attribute is a single value, not ${kindOf(node)}`);
		}
		if (type === 'update' && attributes.length === 0)
			problems.push({ reason: 'an update needs at least one attribute' });
	}
	return problems;
}
