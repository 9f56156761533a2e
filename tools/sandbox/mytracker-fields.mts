/** What one MyTracker parameter may hold, by the page "Import events". Shared by all methods. */
import type { JsonNode, JsonObject } from './json.mts';
import { isIntegerNode, kindOf } from './json.mts';
import type { Refusal } from './types.mts';
import { codePoints, digitsWithin, isIp4, isIp6 } from './wire.mts';

export type Check = (node: JsonNode) => string | undefined;
/** What a method knows beside the parameters of all: its own parameters, the required ones, rules over several. */
export type Method = {
	parameters: Record<string, Check>;
	required?: string[];
	/** Rules over several parameters. */
	across?: (event: JsonObject) => Refusal[];
	/** A key under which MyTracker keeps one event only and drops the next in silence. */
	key?: (event: JsonObject) => string | undefined;
};

export const text =
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

/**
 * A parameter of type "Number": the page prints digits in quotes, the vendor's client sends bare integers, so both are
 * taken. Neither shows a fraction, an exponent or a leading zero.
 */
export const digits =
	(min: bigint, max: bigint): Check =>
	(node) => {
		const value = numberText(node);
		if (value === undefined) return `must be a whole number or its digits in quotes, is ${kindOf(node)}`;
		return digitsWithin(value, min, max) ? undefined : `must be a whole number from ${min} to ${max}`;
	};

export const code = (...values: string[]): Check => {
	return (node) => {
		const value = numberText(node);
		return value !== undefined && values.includes(value) ? undefined : `must be one of ${values.join(', ')}`;
	};
};

export const oneOf = (...values: string[]): Check => {
	return (node) => {
		if (node.kind !== 'string') return `must be a JSON string, is ${kindOf(node)}`;
		return values.includes(node.value) ? undefined : `must be one of ${values.join(', ')}`;
	};
};

function numberText(node: JsonNode): string | undefined {
	if (node.kind === 'string') return node.value;
	return isIntegerNode(node) ? node.source : undefined;
}

/** The parameters of every method but those of VK Mini Apps and VK Play. */
export const SHARED: Record<string, Check> = {
	eventTimestamp: digits(946_674_000n, 4_294_967_295n),
	customUserId: text(1, 1024),
	// The page prints `"ipv4":""`, so an empty one passes; anything else must be an address.
	ipv4: text(0, 15, (value) => (value === '' || isIp4(value) ? undefined : 'is not an IPv4 address')),
	ipv6: text(1, 45, (value) => (isIp6(value) ? undefined : 'is not an IPv6 address')),
	idGender: code('0', '1', '2'),
	age: digits(0n, 128n),
	connectionType: code('0', '1', '2'),
	bluetoothEnabled: code('0', '1', '2'),
	instanceId: text(36, 36),
	adTrackingEnabled: code('0', '1'),
	idfa: text(36, 36),
	iosVendorId: text(36, 36),
	gaid: text(36, 36),
	appSetId: text(36, 36),
	// 16 by the words of the page; its example has 15 zeros.
	androidId: text(15, 16),
	lvid: text(32, 32),
	adBlocker: code('0', '1'),
	userAgent: text(1, 2048),
};

/** VK Mini Apps and VK Play; on the page "Import events" only. */
export const VK: Record<string, Check> = {
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
