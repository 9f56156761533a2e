/** What the tests of this folder share. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { createChecker, type CheckResult } from '../../../nodes/engine/check/check.ts';
import type { CheckSettings } from '../../../nodes/engine/check/checkSettings.ts';
import { pack, type Batch, type Prepared } from '../../../nodes/engine/delivery/pack.ts';
import { payloadBytes } from '../../../nodes/engine/delivery/request.ts';
import type { Field, Issue, Json } from '../../../nodes/engine/operation/operation.ts';
import { storeEvent } from '../../../nodes/GravityField/storeEvent.ts';
import { destination } from '../../support/fakeVendor.mts';

export interface PageType {
	type: string;
	custom?: boolean;
	unverified?: boolean;
	sdkName: string | null;
	fields: Record<string, string>;
	oneOf?: string[];
}
export interface Page {
	operations: {
		storeEvent: { parameters: Array<{ name: string; type: string }>; eventTypes: { types: PageType[] } };
	};
	samples: { storeEvent: Json & { user: Json; data: Json[] } };
}

export const page = JSON.parse(
	readFileSync(join(process.cwd(), 'test/pages/gravityfield.json'), 'utf8'),
) as Page;
export const pageTypes = page.operations.storeEvent.eventTypes.types;

export const SEC = '0123456789abcdef01234567';
export const UID = '66f0c1d2e3a4b5c6d7e8f901';
export const target = destination({ sectionId: SEC }, { baseUrl: 'https://host.example/v2' });
export const PAGE = { type: 'OTHER', data: [], location: 'n8n' };
export const DEVICE = { ua: 'n8n' };
export const NOBODY = { user: {}, ctx: PAGE, device: DEVICE };
export const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** What each type of the SDKs needs, filled. */
export const whole: Record<string, Json> = {
	'add-to-cart-v1': { value: 1999.9, productId: 'SKU-1', quantity: 1 },
	'remove-from-cart-v1': { value: 0, productId: 'SKU-1', quantity: 2 },
	'sync-cart-v1': { value: 0 },
	'purchase-v1': {
		value: 10,
		uniqueTransactionId: 'ORD-1',
		cart: [{ productId: 'SKU-1', quantity: 1, itemPrice: 10 }],
	},
	'add-to-wishlist-v1': { value: 5.5, productId: 'SKU-1' },
	'signup-v1': {},
	'login-v1': {},
};
export const eventOf = (type: string, change: Json = {}): Json => ({
	type,
	name: 'Имя',
	...whole[type],
	...change,
});
export const custom = (change: Json = {}): Json => ({
	type: 'order-shipped-v1',
	name: 'Order shipped',
	...change,
});

export function deepFreeze<T>(value: T): T {
	if (typeof value === 'object' && value !== null) {
		for (const member of Object.values(value)) deepFreeze(member);
		Object.freeze(value);
	}
	return value;
}

/** Checks an event as a run does; whatever is given must stay as it is. */
export function check(
	event: Json,
	settings: Partial<CheckSettings> = {},
): CheckResult & { dropped: string[] } {
	const pairs = new Set<string>();
	const checker = createChecker(
		storeEvent,
		{
			zone: 'Europe/Moscow',
			now: 1_790_000_000_000,
			extraFields: 'send',
			unprovenRules: 'warn',
			maxListed: 50,
			all: {},
			...settings,
		},
		{ names: new Map(), pairs },
	);
	return { ...checker(deepFreeze(event)), dropped: [...pairs] };
}

export function good(event: Json, settings?: Parameters<typeof check>[1]): Json {
	const result = check(event, settings);
	if ('issues' in result) throw new Error(JSON.stringify(result.issues));
	return result.event;
}

/** Most events of these tests name no user, which has a test of its own. */
const inLines = (issues: readonly Issue[] = []): string[] =>
	issues
		.filter(({ message }) => !message.startsWith('The event names no user'))
		.map(({ field, message }) => `${field}: ${message}`);

/** `path: message` of each fault. */
export function faults(event: Json, settings?: Parameters<typeof check>[1]): string[] {
	const result = check(event, settings);
	return 'issues' in result ? inLines(result.issues) : [];
}

/** `path: message` of what the event breaks without being refused. */
export const warnings = (event: Json, settings?: Parameters<typeof check>[1]): string[] =>
	inLines(check(event, settings).warnings);

export function batchesOf(events: Json[], maxEvents = 50): Batch[] {
	const prepared = events.map((given, index): Prepared => {
		const event = good(given);
		const encoded = storeEvent.batch.encode(event, target);
		if ('fault' in encoded) throw new Error(encoded.fault.message);
		return { ...encoded, index, event, target, bytes: Buffer.byteLength(encoded.text) };
	});
	return pack(prepared, { maxEvents, maxBytes: Number.POSITIVE_INFINITY }, ({ event }) =>
		storeEvent.batch.envelope(event, target),
	).batches;
}
export const bodyOf = (batch: Batch) => payloadBytes(batch).toString('utf8');
export const onlyBody = (event: Json) => bodyOf(batchesOf([event])[0]);

/** Every row with its path, as the page's table writes paths. */
export function paths(fields: readonly Field[], prefix = ''): Array<[string, Field]> {
	return fields.flatMap((field): Array<[string, Field]> => {
		const path = `${prefix}${field.wire}`;
		const { type } = field;
		if (type.kind === 'object') return [[path, field], ...paths(type.fields, `${path}.`)];
		if (type.kind === 'list') return [[path, field], ...paths(type.of, `${path}[].`)];
		return [[path, field]];
	});
}

/** Tested in `more-*.test.mts`: gravityFieldStoreUser, gravityFieldStoreVisit, gravityFieldGetCampaign. */
export const FURTHER = [
	'gravityFieldStoreUser',
	'gravityFieldStoreVisit',
	'gravityFieldGetCampaign',
] as const;
