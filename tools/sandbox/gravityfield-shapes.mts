/**
 * The bodies of Gravity Field's SDK API v2. The page shows types by a sample only, and marks nothing as required; what
 * is required here follows the vendor's own SDKs. Members that no source names are let through.
 */
import type { JsonNode, JsonObject } from './json.mts';
import { kindOf } from './json.mts';
import type { Refusal } from './types.mts';
import { isIp4 } from './wire.mts';

export type Rule = { required?: boolean; check: (node: JsonNode, path: string, problems: Refusal[]) => void };
export type Shape = Record<string, Rule>;

export const test = (look: (node: JsonNode) => string | undefined): Rule => ({
	check: (node, field, problems) => {
		const reason = look(node);
		if (reason) problems.push({ field, reason });
	},
});
export const need = (rule: Rule): Rule => ({ ...rule, required: true });

export const string = (look?: (value: string) => string | undefined): Rule =>
	test((node) => {
		if (node.kind !== 'string') return `must be a string, is ${kindOf(node)}`;
		return node.value === '' ? 'is empty' : look?.(node.value);
	});
export const number = test((node) =>
	node.kind === 'number' ? undefined : `must be a JSON number, is ${kindOf(node)}`,
);
export const boolean = test((node) =>
	node.kind === 'boolean' ? undefined : `must be true or false, is ${kindOf(node)}`,
);
const dateTime = string((value) =>
	isRfc3339(value) ? undefined : 'must be an RFC 3339 date and time with a zone',
);
export const object = (shape: Shape): Rule => ({
	check: (node, path, problems) => checkObject(node, path, shape, problems),
});
export const list = (item: Rule, min = 0): Rule => ({
	check: (node, field, problems) => {
		if (node.kind !== 'array') problems.push({ field, reason: `must be a list, is ${kindOf(node)}` });
		else if (node.items.length < min) problems.push({ field, reason: `needs at least ${min} element` });
		else node.items.forEach((entry, index) => item.check(entry, `${field}[${index}]`, problems));
	},
});
/** Free names with values of some kinds; the vendor's guide says that its server refuses nested objects and lists. */
const map = (...kinds: Array<JsonNode['kind']>): Rule => ({
	check: (node, field, problems) => {
		if (node.kind !== 'object')
			return void problems.push({ field, reason: `must be an object, is ${kindOf(node)}` });
		for (const name of node.repeated) problems.push({ field: `${field}.${name}`, reason: 'given twice' });
		for (const [name, member] of node.members) {
			if (!kinds.includes(member.kind))
				problems.push({
					field: `${field}.${name}`,
					reason: `must be a ${kinds.join(' or a ')}, is ${kindOf(member)}`,
				});
		}
	},
});
const strings = map('string');
/** The vendor's clients put numbers and booleans among the attributes of a page. */
const scalars = map('string', 'number', 'boolean');
/** A member that may be an empty string. */
const anyString = test((node) =>
	node.kind === 'string' ? undefined : `must be a string, is ${kindOf(node)}`,
);

/** Members that every request has; `data` and `type` are each call's own. */
const USER: Shape = { uid: string(), custom: string(), ses: string(), attributes: strings };

const CTX: Shape = {
	type: need(string()),
	data: need(list(anyString)),
	location: need(string()),
	lng: anyString,
	pageNumber: number,
	referrer: anyString,
	utm: object({
		utm_source: anyString,
		utm_medium: anyString,
		utm_campaign: anyString,
		utm_term: anyString,
		utm_content: anyString,
	}),
	attributes: scalars,
};

const DEVICE: Shape = {
	userTime: dateTime,
	ua: string(),
	// What the vendor's iOS client calls it.
	userAgent: string(),
	// The sample's filler is what a generator writes for the format ipv4; IPv6 is shown nowhere.
	ip: string((value) => (isIp4(value) ? undefined : 'must be an IPv4 address')),
	id: string(),
	tracking: string(),
	permission: string(),
};

export const OPTIONS: Shape = { isReturnCounter: boolean, isReturnUserInfo: boolean };

const CART = list(object({ productId: need(string()), quantity: need(number), itemPrice: need(number) }));

/** One element of `data` of `POST /event`. */
export const EVENT: Shape = {
	type: need(string()),
	name: need(string()),
	currency: string(),
	value: number,
	quantity: number,
	productId: string(),
	cart: CART,
	eventTime: dateTime,
	customProps: strings,
	uniqueTransactionId: string(),
	hashedEmail: string(),
	cuid: string(),
	cuidType: string(),
};

/** What every body starts with. */
export const HEAD: Shape = {
	user: need(object(USER)),
	ctx: need(object(CTX)),
	device: need({
		check: (node, path, problems) => {
			checkObject(node, path, DEVICE, problems);
			if (node.kind === 'object' && !given(node, 'ua') && !given(node, 'userAgent'))
				problems.push({ field: `${path}.ua`, reason: 'is required' });
		},
	}),
	options: object(OPTIONS),
};

/** The vendor's Android SDK sends null in optional places and survives, so null counts as absent. */
export function given(node: JsonObject, name: string): boolean {
	const member = node.members.get(name);
	return member !== undefined && member.kind !== 'null';
}

export function checkObject(node: JsonNode, path: string, shape: Shape, problems: Refusal[]): void {
	if (node.kind !== 'object')
		return void problems.push({ field: path, reason: `must be an object, is ${kindOf(node)}` });
	const at = (name: string) => (path === '' ? name : `${path}.${name}`);
	for (const name of node.repeated) problems.push({ field: at(name), reason: 'given twice' });
	for (const [name, rule] of Object.entries(shape)) {
		const member = node.members.get(name);
		if (member === undefined || member.kind === 'null') {
			if (rule.required) problems.push({ field: at(name), reason: 'is required' });
		} else rule.check(member, at(name), problems);
	}
}

export function stringOf(node: JsonNode | undefined, name: string): string | undefined {
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
