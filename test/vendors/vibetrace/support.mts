/** What the tests of this folder share. */
import { expect } from '@jest/globals';

import { createChecker, type CheckResult } from '../../../nodes/engine/check/check.ts';
import { buildRequest } from '../../../nodes/engine/delivery/request.ts';
import { pack, type Batch, type Prepared } from '../../../nodes/engine/delivery/pack.ts';
import { settingRows } from '../../../nodes/engine/operation/settings.ts';
import type { Issue, Json, Operation } from '../../../nodes/engine/operation/operation.ts';
import { sendEvent } from '../../../nodes/Vibetrace/sendEvent.ts';
import { destination } from '../../support/fakeVendor.mts';

export const ACCOUNT = '5f2b1c9e8d7a6b5c4d3e2f10';
export const TARGET = destination({ accountId: ACCOUNT }, { baseUrl: 'https://app.vtcdn.net' });
export const IDS = { userId: '8139618027113397', sessionId: '253412802711339765' };
export const EMAIL = { email: 'buyer@example.com' };
export const ORDER = { generic: { orderId: 'A-1', total: 10 } };

/** Changes nothing that it is given, at any depth, or the test throws. */
export function deepFreeze<T>(value: T): T {
	if (typeof value === 'object' && value !== null)
		for (const member of Object.values(value)) deepFreeze(member);
	return Object.freeze(value);
}

/** What is decided of an event, without how an invalid one is shown. */
export function check(event: Json, options: Json = {}): CheckResult {
	const all = Object.fromEntries(settingRows(sendEvent).map(({ name, default: value }) => [name, value]));
	const settings = { ...all, ...options };
	const checker = createChecker(
		sendEvent,
		{
			zone: 'UTC',
			now: 0,
			extraFields: settings.extraFields as 'send',
			unprovenRules: settings.unprovenRules as 'warn',
			maxListed: 500,
			all: settings,
		},
		{ names: new Map(), pairs: new Set() },
	);
	const { shown, ...decided } = { shown: undefined, ...checker(deepFreeze(event)) };
	void shown;
	return decided as CheckResult;
}

export function good(event: Json): Json {
	const checked = check(event);
	if ('issues' in checked) throw new Error(JSON.stringify(checked.issues));
	return checked.event;
}

export function issuesOf(event: Json): Issue[] {
	const checked = check(event);
	return 'issues' in checked ? checked.issues : [];
}

/** What the event breaks without being refused. */
export const warningsOf = (event: Json, options?: Json): Issue[] => check(event, options).warnings ?? [];

export const faulty = (event: Json): string[] => issuesOf(event).map(({ field }) => field);

export function prepare(events: Json[], target = TARGET): Prepared[] {
	return events.map((event, index) => {
		const encoded = sendEvent.batch.encode(event, target);
		if ('fault' in encoded) throw new Error(encoded.fault.message);
		return { ...encoded, index, event, target, bytes: Buffer.byteLength(encoded.text) };
	});
}

export function packed(events: Json[], maxEvents = 50, target = TARGET) {
	const limits = { maxEvents, maxBytes: sendEvent.batch.limit?.bytes ?? 0 };
	return pack(prepare(events.map(good), target), limits, (item) =>
		sendEvent.batch.envelope(item.event, target),
	);
}

export const requestOf = (batch: Batch, random = () => 0.5) => buildRequest(batch, sendEvent.batch, random);

export function urlOf(...events: Json[]): string {
	const { batches } = packed(events);
	expect(batches).toHaveLength(1);
	const { method, url, body } = requestOf(batches[0]);
	expect([method, body]).toEqual(['GET', undefined]);
	// What was measured is what leaves, and no URL parser changes it.
	expect(url.length).toBe(batches[0].bytes);
	expect(new URL(url).href).toBe(url);
	return url;
}

export const dataOf = (url: string): Json[] =>
	JSON.parse(new URL(url).searchParams.get('data') ?? '') as Json[];

/** The two operations of the REST API, as `rest-*.test.mts` test them: vibetraceCreateEvent, vibetraceSaveUser. */
export function checkRest(
	operation: Operation,
	event: Json,
	options: Json = {},
): CheckResult & { sent: string[] } {
	const all = Object.fromEntries(settingRows(operation).map(({ name, default: value }) => [name, value]));
	const settings = { ...all, ...options };
	const dropped = { names: new Map<string, string | undefined>(), pairs: new Set<string>(), sent: new Map() };
	const checker = createChecker(
		operation,
		{
			zone: 'UTC',
			now: 0,
			extraFields: settings.extraFields as 'send',
			unprovenRules: settings.unprovenRules as 'warn',
			maxListed: 1,
			all: settings,
		},
		dropped,
	);
	return { ...checker(deepFreeze(event)), sent: [...dropped.sent.keys()] as string[] };
}

/** `field: message` of what refuses an event, and of what only warns. */
export function verdictOn(operation: Operation, event: Json, options?: Json) {
	const result = checkRest(operation, event, options);
	const told = (issues: readonly Issue[] = []) => issues.map(({ field, message }) => `${field}: ${message}`);
	return { refused: told('issues' in result ? result.issues : []), warned: told(result.warnings) };
}

export const API = destination(
	{ accountId: ACCOUNT, apiKey: 'k', apiBaseUrl: 'https://api.vtcdn.net' },
	{ baseUrl: 'https://api.vtcdn.net' },
);

/** The request of one event, by what the table makes of it. */
export function restRequest(operation: Operation, given: Json) {
	const checked = checkRest(operation, given);
	if ('issues' in checked) throw new Error(JSON.stringify(checked.issues));
	const { event } = checked;
	const encoded = operation.single.encode(event, API);
	if ('fault' in encoded) throw new Error(encoded.fault.message);
	const item: Prepared = { ...encoded, index: 0, event, target: API, bytes: Buffer.byteLength(encoded.text) };
	const { batches } = pack([item], { maxEvents: 1, maxBytes: Number.POSITIVE_INFINITY }, () =>
		operation.single.envelope(event, API),
	);
	const { method, url, headers, body } = buildRequest(batches[0], operation.single, () => 0.5);
	return { method, url, headers, body: String(body) };
}
