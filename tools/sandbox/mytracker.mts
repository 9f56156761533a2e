/**
 * MyTracker's S2S API: address, token, body, batches and answers, by the page "Import events"; what an event may hold
 * stands in `mytracker-events.mts`, `mytracker-payments.mts` and `mytracker-order.mts`. Where a page is silent the
 * sandbox's choice stands in its README.
 */
import type { JsonNode, JsonObject } from './json.mts';
import { kindOf, plain, readJson } from './json.mts';
import { EVENT_METHODS } from './mytracker-events.mts';
import type { Method } from './mytracker-fields.mts';
import { ORDER_METHODS } from './mytracker-order.mts';
import { PAYMENT_METHODS } from './mytracker-payments.mts';
import type { AcceptedEvent, Refusal, VendorAnswer, VendorRequest, VendorState } from './types.mts';
import { answer, JSON_TYPE, readQuery, readText } from './wire.mts';

/** "Limit on the maximum size of imported data - 10Kb", read as 10,000 bytes of one request body. */
export const MYTRACKER_MAX_BYTES = 10_000;
/** "Array. Maximum size 20". */
export const MYTRACKER_MAX_BATCH = 20;

/** The page's 200 body. Its first letter is the Cyrillic U+041E, as printed. */
const OK = '{"message": "\u041eK"}';
const VERSION = '{"version": "1.0.0"}';
const REFUSE = 'sandbox-refuse';

const METHODS: Record<string, Method> = { ...EVENT_METHODS, ...PAYMENT_METHODS, ...ORDER_METHODS };

/** `registrationBatch` is `registration`, several at a time. */
function methodOf(operation: string): { method: Method; name: string; batch: boolean } | undefined {
	const batch = operation.endsWith('Batch');
	const name = batch ? operation.slice(0, -'Batch'.length) : operation;
	return Object.hasOwn(METHODS, name) ? { method: METHODS[name], name, batch } : undefined;
}

/** Judges one request: `POST /v1/<method>/?idApp=<n>`. `request.path` starts with `/v1/`. One bad element refuses all. */
export function handleMyTracker(request: VendorRequest, state: VendorState): VendorAnswer {
	const error = (status: number, message: string, refusals: Refusal[], operation?: string) =>
		answer(status, JSON_TYPE, `{"error": "${message}"}`, { refusals, operation });

	// The page prints a slash before the query, the vendor's client none.
	const parts = /^\/v([^/]*)\/([^/]+?)\/?$/.exec(request.path);
	if (!parts) return error(404, 'Method not found', [{ reason: 'the path must be /v1/<method>/' }]);
	const [, version, operation] = parts;
	if (version !== '1') return error(400, 'Bad api version', [{ reason: 'the only API version is v1' }]);
	const known = methodOf(operation);
	if (!known && operation !== 'test-app-access' && operation !== 'version') {
		return error(404, 'Method not found', [
			{ reason: 'no such method on the pages or in the vendor’s client' },
		]);
	}
	if (request.method !== 'POST')
		return error(405, 'Method Not Allowed', [{ reason: 'every method is called with POST' }], operation);

	// Before the token, as a server does that has not read the body yet.
	if (request.bodyBytes > MYTRACKER_MAX_BYTES) {
		const reason = `the body has ${request.bodyBytes} bytes; the limit is ${MYTRACKER_MAX_BYTES}`;
		return error(413, 'Request Entity Too Large', [{ reason }], operation);
	}

	// The vendor's client asks for it without token, application or body.
	if (operation === 'version') return answer(200, JSON_TYPE, VERSION, { operation });

	const { token } = state.credentials.myTrackerApi;
	const authorization = request.headers.authorization;
	if (authorization !== token) {
		const reason =
			authorization === undefined
				? 'there is no Authorization header'
				: authorization.endsWith(token)
					? 'the Authorization header must hold the bare token, without a word before it'
					: 'the token in the Authorization header is not the sandbox’s';
		return error(403, 'Forbidden', [{ reason }], operation);
	}
	const query = readQuery(request.query);
	for (const name of query.values.keys()) {
		if (name !== 'idApp') query.problems.push({ field: name, reason: 'idApp is the only query parameter' });
	}
	const app = query.values.get('idApp') ?? '';
	if (!query.values.has('idApp'))
		query.problems.push({ field: 'idApp', reason: 'is missing from the query' });
	if (query.problems.length) return error(400, 'Bad Request', query.problems, operation);
	if (!state.apps.myTracker.includes(app)) {
		return error(
			403,
			'Forbidden',
			[{ field: 'idApp', reason: 'the token is not suitable for this application' }],
			operation,
		);
	}

	if (request.headers['content-encoding'])
		return error(400, 'Bad Request', [{ reason: 'no content encoding is documented' }], operation);
	if (request.bodyBytes === 0)
		return error(400, 'Empty post data', [{ reason: 'the body is empty' }], operation);
	const read = readText(request.body);
	if ('reason' in read) return error(400, 'Bad json', [{ reason: read.reason }], operation);
	let root: JsonNode;
	try {
		root = readJson(read.text);
	} catch (problem) {
		return error(400, 'Bad json', [{ reason: (problem as Error).message }], operation);
	}

	if (!known) {
		if (root.kind === 'boolean' && root.value === true) return answer(200, JSON_TYPE, OK, { operation });
		return error(
			400,
			'Bad Request',
			[{ reason: 'the body of test-app-access is the JSON text true' }],
			operation,
		);
	}

	let elements: JsonNode[];
	if (known.batch) {
		if (root.kind !== 'array')
			return error(400, 'Bad Request', [{ reason: 'the body of a batch is a bare array' }], operation);
		if (root.items.length < 1 || root.items.length > MYTRACKER_MAX_BATCH) {
			const reason = `a batch holds 1 to ${MYTRACKER_MAX_BATCH} events, this one ${root.items.length}`;
			return error(400, 'Bad Request', [{ reason }], operation);
		}
		elements = root.items;
	} else elements = [root];

	const refusals: Refusal[] = [];
	const discarded: Refusal[] = [];
	const events: AcceptedEvent[] = [];
	const keys = new Set<string>();
	elements.forEach((element, position) => {
		const index = known.batch ? position : undefined;
		const found =
			element.kind === 'object'
				? checkEvent(element, known.method)
				: [{ reason: `an event is an object, not ${kindOf(element)}` }];
		for (const problem of found) refusals.push(index === undefined ? problem : { index, ...problem });
		if (element.kind !== 'object') return;
		const own = known.method.key?.(element);
		const key = own === undefined ? undefined : `${app} ${own}`;
		if (key !== undefined && (state.keys.has(key) || keys.has(key)))
			discarded.push({ index: position, reason: 'this transaction is stored already' });
		else
			events.push({
				event: plain(element) as Record<string, unknown>,
				text: read.text.slice(element.start, element.end),
				app,
				key,
			});
		if (key !== undefined) keys.add(key);
	});
	// "If validation rules are broken in at least one set of parameters, the server will return the error."
	if (refusals.length) return error(400, 'Bad Request', refusals, operation);
	return answer(200, JSON_TYPE, OK, { operation, events, discarded });
}

function checkEvent(event: JsonObject, method: Method): Refusal[] {
	const problems: Refusal[] = event.repeated.map((field) => ({ field, reason: 'given twice' }));
	for (const [field, node] of event.members) {
		const check = Object.hasOwn(method.parameters, field) ? method.parameters[field] : undefined;
		const reason = check ? check(node) : 'is not a parameter of this method';
		if (reason) problems.push({ field, reason });
	}
	for (const field of method.required ?? [])
		if (!event.members.has(field)) problems.push({ field, reason: 'is required' });
	problems.push(...(method.across?.(event) ?? []));

	const user = event.members.get('customUserId');
	if (user?.kind === 'string' && user.value === REFUSE) {
		problems.push({
			field: 'customUserId',
			reason: `the sandbox refuses ${REFUSE}, standing in for what only a vendor can refuse`,
		});
	}
	return problems;
}
