/**
 * MyTracker's S2S API, "Import events", as strictly as its page allows. Where the page is silent the sandbox takes the
 * narrower reading; each such place says so.
 */
import type { JsonNode, JsonObject } from './json.mts';
import { isIntegerNode, kindOf, plain, readJson } from './json.mts';
import type { AcceptedEvent, Refusal, VendorAnswer, VendorRequest, VendorState } from './types.mts';
import { answer, codePoints, digitsWithin, isIp4, isIp6, JSON_TYPE, readQuery, readText } from './wire.mts';

/** "Limit on the maximum size of imported data - 10Kb", read as 10,000 bytes of one request body. */
export const MYTRACKER_MAX_BYTES = 10_000;
/** "Array. Maximum size 20". */
export const MYTRACKER_MAX_BATCH = 20;

/** The page's 200 body. Its first letter is the Cyrillic U+041E, as printed. */
const OK = '{"message": "\u041eK"}';
const REFUSE = 'sandbox-refuse';

type Check = (node: JsonNode) => string | undefined;

const text =
	(min: number, max: number, look?: (value: string) => string | undefined): Check =>
	(node) => {
		if (node.kind !== 'string') return `must be a JSON string, is ${kindOf(node)}`;
		const length = codePoints(node.value);
		if (length < min || length > max) {
			if (min === max) return `must be ${max} symbols long, is ${length}`;
			return length < min ? 'is empty' : `may be ${max} long, is ${length}`;
		}
		return look?.(node.value);
	};

// The page's type is "Number", yet every printed example is a quoted string; only the printed form is taken.
const digits =
	(min: bigint, max: bigint): Check =>
	(node) => {
		if (node.kind !== 'string') return `must be digits in quotes, is ${kindOf(node)}`;
		return digitsWithin(node.value, min, max) ? undefined : `must be digits from ${min} to ${max}`;
	};

const oneOf = (...values: string[]): Check => {
	return (node) => {
		if (node.kind !== 'string') return `must be a JSON string, is ${kindOf(node)}`;
		return values.includes(node.value) ? undefined : `must be one of ${values.join(', ')}`;
	};
};

const COMMON: Record<string, Check> = {
	eventTimestamp: digits(946_674_000n, 4_294_967_295n),
	customUserId: text(1, 1024),
	// The page prints `"ipv4":""`, so an empty one passes; anything else must be an address.
	ipv4: text(0, 15, (value) => (value === '' || isIp4(value) ? undefined : 'is not an IPv4 address')),
	ipv6: text(1, 45, (value) => (isIp6(value) ? undefined : 'is not an IPv6 address')),
	idGender: oneOf('0', '1', '2'),
	age: digits(0n, 128n),
	connectionType: oneOf('0', '1', '2'),
	bluetoothEnabled: oneOf('0', '1', '2'),
	instanceId: text(36, 36),
	adTrackingEnabled: oneOf('0', '1'),
	idfa: text(36, 36),
	iosVendorId: text(36, 36),
	gaid: text(36, 36),
	appSetId: text(36, 36),
	// 16 by the words of the page, although its example has 15 zeros.
	androidId: text(16, 16),
	lvid: text(32, 32),
	adBlocker: oneOf('0', '1'),
	userAgent: text(1, 2048),
	customPlatformUserId: text(1, Infinity),
	vkPlatform: oneOf(
		'desktop_web',
		'mobile_web',
		'mobile_android',
		'mobile_android_messenger',
		'mobile_ipad',
		'mobile_iphone',
		'mobile_iphone_messenger',
	),
	// The one parameter of type "Integer", and the one whose example is not quoted.
	sezamUserId: (node) =>
		isIntegerNode(node) ? undefined : 'must be a bare JSON integer, not quoted and without a fraction',
	hwid: (node) => {
		if (node.kind !== 'string') return `must be digits in quotes, is ${kindOf(node)}`;
		return digitsWithin(node.value, 1n, 18_446_744_073_709_551_615n)
			? undefined
			: 'must be a positive number up to 18446744073709551615';
	},
};

const CUSTOM_EVENT: Record<string, Check> = {
	customEventName: text(1, 255),
	customEventParams: () => undefined,
};

const IDENTIFIERS = [
	'customUserId',
	'instanceId',
	'lvid',
	'gaid',
	'androidId',
	'appSetId',
	'idfa',
	'iosVendorId',
	'sezamUserId',
];

const METHODS: Record<string, { batch: boolean; custom: boolean }> = {
	registration: { batch: false, custom: false },
	registrationBatch: { batch: true, custom: false },
	login: { batch: false, custom: false },
	loginBatch: { batch: true, custom: false },
	customEvent: { batch: false, custom: true },
	customEventBatch: { batch: true, custom: true },
};

/** Judges one request: `POST /v1/<method>/?idApp=<n>`. `request.path` starts with `/v1/`. One bad element refuses all. */
export function handleMyTracker(request: VendorRequest, state: VendorState): VendorAnswer {
	const error = (status: number, message: string, refusals: Refusal[], operation?: string) =>
		answer(status, JSON_TYPE, `{"error": "${message}"}`, { refusals, operation });

	const parts = /^\/v([^/]*)\/([^/]+?)(\/?)$/.exec(request.path);
	if (!parts) return error(404, 'Method not found', [{ reason: 'the path must be /v1/<method>/' }]);
	const [, version, operation, slash] = parts;
	if (version !== '1') return error(400, 'Bad api version', [{ reason: 'the only API version is v1' }]);
	const method = Object.hasOwn(METHODS, operation) ? METHODS[operation] : undefined;
	const isTest = operation === 'test-app-access';
	if (!method && !isTest) return error(404, 'Method not found', [{ reason: 'no such method on the page' }]);
	// The page prints a slash before the query. The vendor's client, the one source of `test-app-access`, prints none.
	if (!slash && !isTest)
		return error(404, 'Method not found', [{ reason: 'the page has a slash between method and query' }]);
	if (request.method !== 'POST')
		return error(405, 'Method Not Allowed', [{ reason: 'every method is called with POST' }], operation);

	// Before the token, as a server does that has not read the body yet.
	if (request.bodyBytes > MYTRACKER_MAX_BYTES) {
		const reason = `the body has ${request.bodyBytes} bytes; the limit is ${MYTRACKER_MAX_BYTES}`;
		return error(413, 'Request Entity Too Large', [{ reason }], operation);
	}

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
	if (app === '') query.problems.push({ field: 'idApp', reason: 'is missing from the query' });
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

	if (!method) {
		if (root.kind === 'boolean' && root.value === true) return answer(200, JSON_TYPE, OK, { operation });
		return error(
			400,
			'Bad Request',
			[{ reason: 'the body of test-app-access is the JSON text true' }],
			operation,
		);
	}

	let elements: JsonNode[];
	if (method.batch) {
		if (root.kind !== 'array')
			return error(400, 'Bad Request', [{ reason: 'the body of a batch is a bare array' }], operation);
		if (root.items.length < 1 || root.items.length > MYTRACKER_MAX_BATCH) {
			const reason = `a batch holds 1 to ${MYTRACKER_MAX_BATCH} events, this one ${root.items.length}`;
			return error(400, 'Bad Request', [{ reason }], operation);
		}
		elements = root.items;
	} else elements = [root];

	const refusals: Refusal[] = [];
	const events: AcceptedEvent[] = [];
	elements.forEach((element, position) => {
		const index = method.batch ? position : undefined;
		const found =
			element.kind === 'object'
				? checkEvent(element, method.custom)
				: [{ reason: `an event is an object, not ${kindOf(element)}` }];
		for (const problem of found) refusals.push(index === undefined ? problem : { index, ...problem });
		events.push({
			event: plain(element) as Record<string, unknown>,
			text: read.text.slice(element.start, element.end),
			app,
		});
	});
	// "If validation rules are broken in at least one set of parameters, the server will return the error."
	if (refusals.length) return error(400, 'Bad Request', refusals, operation);
	return answer(200, JSON_TYPE, OK, { operation, events });
}

function checkEvent(event: JsonObject, custom: boolean): Refusal[] {
	const problems: Refusal[] = event.repeated.map((field) => ({ field, reason: 'given twice' }));
	for (const [field, node] of event.members) {
		const check = Object.hasOwn(COMMON, field)
			? COMMON[field]
			: custom && Object.hasOwn(CUSTOM_EVENT, field)
				? CUSTOM_EVENT[field]
				: undefined;
		const reason = check ? check(node) : 'is not a parameter of this method';
		if (reason) problems.push({ field, reason });
		if (field === 'customEventParams' && custom) problems.push(...checkParams(node));
	}

	const has = (name: string) => event.members.has(name);
	const pair = has('customPlatformUserId') && has('vkPlatform');
	if (!pair && (has('customPlatformUserId') || has('vkPlatform'))) {
		const field = has('vkPlatform') ? 'customPlatformUserId' : 'vkPlatform';
		problems.push({ field, reason: 'VK Mini Apps need customPlatformUserId and vkPlatform together' });
	}
	if (custom) {
		if (!has('customEventName')) problems.push({ field: 'customEventName', reason: 'is required' });
		if (!pair && !IDENTIFIERS.some(has)) {
			problems.push({
				reason: `needs one of ${IDENTIFIERS.join(', ')}, or customPlatformUserId with vkPlatform`,
			});
		}
	} else if (!pair && !has('customUserId')) {
		problems.push({
			field: 'customUserId',
			reason: 'is required, unless customPlatformUserId and vkPlatform are given',
		});
	}

	const user = event.members.get('customUserId');
	if (user?.kind === 'string' && user.value === REFUSE) {
		problems.push({
			field: 'customUserId',
			reason: `the sandbox refuses ${REFUSE}, standing in for what only a vendor can refuse`,
		});
	}
	return problems;
}

/** "paramsName => paramValue", both strings of 1 to 255. An empty object is refused: the page shows pairs or nothing. */
function checkParams(node: JsonNode): Refusal[] {
	const field = 'customEventParams';
	if (node.kind !== 'object')
		return [{ field, reason: `must be an object of names and values, is ${kindOf(node)}` }];
	const problems: Refusal[] = node.repeated.map((name) => ({
		field: `${field}.${name}`,
		reason: 'given twice',
	}));
	if (node.members.size === 0) problems.push({ field, reason: 'holds no pair; leave it out' });
	const value = text(1, 255);
	for (const [name, member] of node.members) {
		const length = codePoints(name);
		if (length < 1 || length > 255)
			problems.push({ field, reason: `a name is 1 to 255 long, this one ${length}` });
		const reason = value(member);
		if (reason) problems.push({ field: `${field}.${name}`, reason });
	}
	return problems;
}
