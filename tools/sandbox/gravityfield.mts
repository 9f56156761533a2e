/**
 * Gravity Field's SDK API v2, "Store event". The page shows types by a sample only; which members are required follows
 * the vendor's own SDKs. Members that no source names are let through, as the vendor tolerates them.
 */
import { createHash } from 'node:crypto';

import type { JsonNode, JsonObject } from './json.mts';
import { isIntegerNode, kindOf, plain, readJson } from './json.mts';
import type { Refusal, VendorAnswer, VendorRequest, VendorState } from './types.mts';
import { answer, codePoints, isIp4, JSON_TYPE, readText } from './wire.mts';

const REFUSE = 'sandbox-refuse';
const NO_CONTENT = 'sandbox-204';

type Rule = { required?: boolean; check: (node: JsonNode, path: string, problems: Refusal[]) => void };
type Shape = Record<string, Rule>;

const test = (look: (node: JsonNode) => string | undefined): Rule => ({
	check: (node, field, problems) => {
		const reason = look(node);
		if (reason) problems.push({ field, reason });
	},
});
const need = (rule: Rule): Rule => ({ ...rule, required: true });

const string = (look?: (value: string) => string | undefined): Rule =>
	test((node) => {
		if (node.kind !== 'string') return `must be a string, is ${kindOf(node)}`;
		return node.value === '' ? 'is empty' : look?.(node.value);
	});
const oneOf = (...values: string[]): Rule =>
	string((value) => (values.includes(value) ? undefined : `must be one of ${values.join(', ')}`));
const number = test((node) =>
	node.kind === 'number' ? undefined : `must be a JSON number, is ${kindOf(node)}`,
);
const integer = (min: number): Rule =>
	test((node) =>
		isIntegerNode(node) && Number(node.source) >= min
			? undefined
			: `must be a JSON integer of at least ${min}`,
	);
const boolean = test((node) =>
	node.kind === 'boolean' ? undefined : `must be true or false, is ${kindOf(node)}`,
);
const dateTime = string((value) =>
	isRfc3339(value) ? undefined : 'must be an RFC 3339 date and time with a zone',
);
/** 24 is the least length of an id in the page's sample ("stringstringstringstring"). */
const id24 = string((value) => (codePoints(value) >= 24 ? undefined : 'is shorter than 24 characters'));

const object = (shape: Shape): Rule => ({
	check: (node, path, problems) => checkObject(node, path, shape, problems),
});
const list = (item: Rule, min = 0): Rule => ({
	check: (node, field, problems) => {
		if (node.kind !== 'array') problems.push({ field, reason: `must be a list, is ${kindOf(node)}` });
		else if (node.items.length < min) problems.push({ field, reason: `needs at least ${min} element` });
		else node.items.forEach((entry, index) => item.check(entry, `${field}[${index}]`, problems));
	},
});
/** string -> string; the vendor's guide says that its server refuses nested objects and lists. */
const strings: Rule = {
	check: (node, field, problems) => {
		if (node.kind !== 'object')
			return void problems.push({ field, reason: `must be an object, is ${kindOf(node)}` });
		for (const name of node.repeated) problems.push({ field: `${field}.${name}`, reason: 'given twice' });
		for (const [name, member] of node.members) {
			if (member.kind !== 'string')
				problems.push({ field: `${field}.${name}`, reason: `must be a string, is ${kindOf(member)}` });
		}
	},
};
/** A member that may be an empty string. */
const anyString = test((node) =>
	node.kind === 'string' ? undefined : `must be a string, is ${kindOf(node)}`,
);

const USER: Shape = { uid: id24, custom: string(), ses: string(), attributes: strings };

const CTX: Shape = {
	type: need(oneOf('HOMEPAGE', 'PRODUCT', 'CART', 'CATEGORY', 'SEARCH', 'OTHER')),
	data: need(list(anyString)),
	location: need(string()),
	lng: anyString,
	pageNumber: integer(0),
	referrer: anyString,
	utm: object({
		utm_source: anyString,
		utm_medium: anyString,
		utm_campaign: anyString,
		utm_term: anyString,
		utm_content: anyString,
	}),
	attributes: strings,
};

const DEVICE: Shape = {
	userTime: dateTime,
	ua: need(string()),
	// The sample's filler is what a generator writes for the format ipv4; IPv6 is shown nowhere.
	ip: string((value) => (isIp4(value) ? undefined : 'must be an IPv4 address')),
	id: string(),
	tracking: oneOf('notDetermined', 'restricted', 'denied', 'authorized', 'notSupported'),
	permission: oneOf('provisional', 'granted', 'unknown', 'denied'),
};

const OPTIONS: Shape = { isReturnCounter: boolean, isReturnUserInfo: boolean };

const CART = list(object({ productId: need(string()), quantity: need(integer(1)), itemPrice: need(number) }));

const EVENT: Shape = {
	type: need(string()),
	name: need(string()),
	currency: string((value) =>
		/^[A-Z]{3}$/.test(value) ? undefined : 'must be three capital letters (ISO 4217)',
	),
	value: number,
	quantity: integer(1),
	productId: string(),
	cart: CART,
	eventTime: dateTime,
	customProps: strings,
	uniqueTransactionId: string(),
	hashedEmail: string(),
	cuid: string(),
	cuidType: string(),
};

/** What the seven types of the vendor's SDKs need beside `type` and `name`; any other type is custom and free. */
const REQUIRED_BY_TYPE: Record<string, string[]> = {
	'add-to-cart-v1': ['value', 'productId', 'quantity'],
	'remove-from-cart-v1': ['value', 'productId', 'quantity'],
	'sync-cart-v1': ['value'],
	'purchase-v1': ['value', 'cart', 'uniqueTransactionId'],
	'add-to-wishlist-v1': ['value', 'productId'],
	'signup-v1': [],
	'login-v1': [],
};

/** Judges one request: `POST /event` under the base. All of `data` is taken or none of it. */
export function handleGravityField(request: VendorRequest, state: VendorState): VendorAnswer {
	if (request.path !== '/event')
		return answer(404, JSON_TYPE, '{"msg":"not found"}', {
			refusals: [{ reason: 'the sandbox has POST /event only; is /v2 in the base URL?' }],
		});
	const operation = 'event';
	const refuse = (status: number, msg: string, refusals: Refusal[]) =>
		answer(status, JSON_TYPE, JSON.stringify({ msg }), { operation, refusals });
	if (request.method !== 'POST')
		return refuse(405, 'method not allowed', [{ reason: 'events are sent with POST' }]);

	const { apiKey, sectionId } = state.credentials.gravityFieldApi;
	if (request.headers.authorization !== `Bearer ${apiKey}`) {
		const reason =
			request.headers.authorization === undefined
				? 'there is no Authorization header'
				: request.headers.authorization === apiKey
					? 'the Authorization header must be the word Bearer, a blank and the key'
					: 'the key in the Authorization header is not the sandbox’s';
		return refuse(403, 'forbidden', [{ reason }]);
	}
	const wrong = (problem: Refusal) =>
		refuse(422, problem.field ? `${problem.field}: ${problem.reason}` : problem.reason, [problem]);
	if (request.query !== '') return wrong({ reason: 'no query parameter is documented' });
	if (!/^application\/json\b/i.test(request.headers['content-type'] ?? ''))
		return wrong({ reason: 'the Content-Type must be application/json' });
	if (request.headers['content-encoding']) return wrong({ reason: 'no content encoding is documented' });

	const read = readText(request.body);
	if ('reason' in read) return refuse(422, 'parse error', [{ reason: read.reason }]);
	let root: JsonNode;
	try {
		root = readJson(read.text);
	} catch (problem) {
		return refuse(422, 'parse error', [{ reason: (problem as Error).message }]);
	}
	if (root.kind !== 'object') return wrong({ reason: `the body must be an object, is ${kindOf(root)}` });

	const sec = root.members.get('sec');
	if (sec?.kind !== 'string') return wrong({ field: 'sec', reason: 'is required, a string' });
	if (codePoints(sec.value) !== 24) return wrong({ field: 'sec', reason: 'must have 24 characters' });
	if (sec.value !== sectionId)
		return refuse(403, 'forbidden', [{ field: 'sec', reason: 'the key belongs to another section' }]);

	const problems: Refusal[] = [];
	checkObject(
		root,
		'',
		{
			user: need(object(USER)),
			ctx: need(object(CTX)),
			device: need(object(DEVICE)),
			options: object(OPTIONS),
			data: need(list(object({}), 1)),
		},
		problems,
	);
	const data = root.members.get('data');
	const events = data?.kind === 'array' ? data.items : [];
	events.forEach((event, index) => {
		if (event.kind !== 'object') return;
		const found: Refusal[] = [];
		checkEvent(event, `data[${index}]`, found);
		for (const problem of found) problems.push({ index, ...problem });
	});
	const user = root.members.get('user');
	const custom = stringOf(user, 'custom');
	if (custom === REFUSE)
		problems.push({
			field: 'user.custom',
			reason: `the sandbox refuses ${REFUSE}, standing in for what only a vendor can refuse`,
		});
	if (problems.length) {
		const [first] = problems;
		return refuse(422, first.field ? `${first.field}: ${first.reason}` : first.reason, problems);
	}

	const whole = plain(root) as Record<string, unknown>;
	const { user: who, ctx, device, options } = whole;
	const context = options === undefined ? { user: who, ctx, device } : { user: who, ctx, device, options };
	const accepted = events.map((event) => ({
		event: plain(event) as Record<string, unknown>,
		text: read.text.slice(event.start, event.end),
		context,
	}));
	if (custom === NO_CONTENT) return answer(204, '', '', { operation, events: accepted });

	const hash = createHash('sha256')
		.update(custom === undefined ? `anonymous ${request.number}` : `custom ${custom}`)
		.digest('hex');
	const uid = stringOf(user, 'uid') ?? hash.slice(0, 24);
	const ses =
		stringOf(user, 'ses') ??
		`${hash.slice(24, 32)}-${hash.slice(32, 36)}-4${hash.slice(37, 40)}-8${hash.slice(41, 44)}-${hash.slice(44, 56)}`;
	const info =
		(options as { isReturnUserInfo?: unknown } | undefined)?.isReturnUserInfo === true
			? { segments: [], conditions: {}, details: { isNew: stringOf(user, 'uid') === undefined } }
			: {};
	return answer(200, JSON_TYPE, JSON.stringify({ user: { uid, ses, ...info }, campaigns: [] }), {
		operation,
		events: accepted,
	});
}

function checkEvent(event: JsonObject, path: string, problems: Refusal[]): void {
	checkObject(event, path, EVENT, problems);
	const type = stringOf(event, 'type');
	const required = type !== undefined && Object.hasOwn(REQUIRED_BY_TYPE, type) ? REQUIRED_BY_TYPE[type] : [];
	for (const name of required) {
		const member = event.members.get(name);
		if (member === undefined || member.kind === 'null')
			problems.push({ field: `${path}.${name}`, reason: `is required for ${type}` });
	}
}

function checkObject(node: JsonNode, path: string, shape: Shape, problems: Refusal[]): void {
	if (node.kind !== 'object')
		return void problems.push({ field: path, reason: `must be an object, is ${kindOf(node)}` });
	const at = (name: string) => (path === '' ? name : `${path}.${name}`);
	for (const name of node.repeated) problems.push({ field: at(name), reason: 'given twice' });
	for (const [name, rule] of Object.entries(shape)) {
		const member = node.members.get(name);
		// The vendor's Android SDK sends null in optional places and survives, so null counts as absent.
		if (member === undefined || member.kind === 'null') {
			if (rule.required) problems.push({ field: at(name), reason: 'is required' });
		} else rule.check(member, at(name), problems);
	}
}

function stringOf(node: JsonNode | undefined, name: string): string | undefined {
	const member = node?.kind === 'object' ? node.members.get(name) : undefined;
	return member?.kind === 'string' ? member.value : undefined;
}

function isRfc3339(value: string): boolean {
	const parts =
		/^(\d{4})-(\d{2})-(\d{2})[Tt](\d{2}):(\d{2}):(\d{2})(?:\.\d+)?(?:[Zz]|[+-](\d{2}):(\d{2}))$/.exec(value);
	if (!parts) return false;
	const [year, month, day, hour, minute, second, zoneHour, zoneMinute] = parts
		.slice(1)
		.map((part) => Number(part ?? 0));
	// The day must exist: Date rolls 30 February over into March.
	const date = new Date(Date.UTC(2000, month - 1, day));
	date.setUTCFullYear(year, month - 1, day);
	return (
		date.getUTCMonth() === month - 1 &&
		date.getUTCDate() === day &&
		hour < 24 &&
		minute < 60 &&
		second <= 60 &&
		zoneHour < 24 &&
		zoneMinute < 60
	);
}
