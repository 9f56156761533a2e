/** What the tests of this folder share. */
import { importEvents } from '../../../nodes/AppMetrica/importEvents.ts';
import { createChecker } from '../../../nodes/engine/check/check.ts';
import type { UnprovenRules } from '../../../nodes/engine/check/evidence.ts';
import type { Json } from '../../../nodes/engine/operation/operation.ts';
import page from '../../pages/appmetrica.json';

export const NOW = Date.parse('2026-11-22T09:00:00Z');
export const SECONDS = Math.floor(NOW / 1000);
export const KEY = page.samples.parameters.query.post_api_key;

export const least = { profile_id: 'user-42', event_name: 'order_paid', event_timestamp: String(SECONDS) };
export const fieldOf = (wire: string) => importEvents.fields.find((field) => field.wire === wire);

export function check(event: Json, maxAgeDays = 0, unprovenRules: UnprovenRules = 'warn') {
	const leftOut = { names: new Map<string, string | undefined>(), pairs: new Set<string>() };
	const settings = {
		zone: 'Europe/Moscow',
		now: NOW,
		extraFields: 'ignore' as const,
		unprovenRules,
		maxListed: 1,
		all: { maxAgeDays },
	};
	return { ...createChecker(importEvents, settings, leftOut)(event), leftOut };
}

export function checked(event: Json): Json {
	const result = check(event);
	if ('issues' in result) throw new Error(JSON.stringify(result.issues));
	return result.event;
}
