/** What the tests of this folder share. */
import { importAdRevenue } from '../../../nodes/AppMetrica/importAdRevenue.ts';
import { importEcommerce } from '../../../nodes/AppMetrica/importEcommerce.ts';
import { importEvents } from '../../../nodes/AppMetrica/importEvents.ts';
import { importProfiles } from '../../../nodes/AppMetrica/importProfiles.ts';
import { importRevenue } from '../../../nodes/AppMetrica/importRevenue.ts';
import { createChecker } from '../../../nodes/engine/check/check.ts';
import type { UnprovenRules } from '../../../nodes/engine/check/evidence.ts';
import type { Issue, Json, Operation } from '../../../nodes/engine/operation/operation.ts';
import page from '../../pages/appmetrica.json';
import morePages from '../../pages/appmetrica-more.json';
import vectors from '../../pages/vectors-more.json';

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

/* The four uploads beside events. */

export interface PageRow {
	name: string;
	type: string;
	required?: boolean;
	requiredByFormat?: boolean;
	values?: Array<{ value: string }>;
	default?: string;
	decimal?: { before: number; after: number };
	maxSize?: string;
	example?: string;
	evidence: string;
}

export interface Vector {
	id: string;
	operation: string;
	method: string;
	target: string;
	input: Record<string, string> | Array<Record<string, string>>;
	body: string;
	bytes: number;
}

export interface Upload {
	operation: Operation;
	rows: PageRow[];
	page: { page: string; methods: string[] };
	vectors: Vector[];
	/** The least that is taken. */
	least: Json;
}

type PageName = 'importRevenue' | 'importAdRevenue' | 'importEcommerce' | 'importProfiles';

function upload(operation: Operation, name: PageName, least: Json): Upload {
	return {
		operation,
		rows: morePages.operations[name].parameters as PageRow[],
		page: morePages.operations[name],
		vectors: (vectors.vectors as unknown as Vector[]).filter((vector) => vector.operation === name),
		least,
	};
}

export const revenue = upload(importRevenue, 'importRevenue', {
	profile_id: 'user-42',
	revenue_event_type: 'one_time_purchase',
	event_timestamp: String(SECONDS),
	price: '499',
	currency: 'RUB',
	product_id: 'tea',
});
export const adRevenue = upload(importAdRevenue, 'importAdRevenue', {
	profile_id: 'user-42',
	event_timestamp: String(SECONDS),
	revenue: '0.0001',
	currency: 'USD',
	ad_type: 'banner',
});
export const ecommerce = upload(importEcommerce, 'importEcommerce', {
	profile_id: 'user-42',
	event_timestamp: String(SECONDS),
	ecom_event_type: 'PURCHASE',
	order_id: 'a1b2c3d4',
	product_name: 'Tea',
	cart_item_quantity: '1',
	original_price_currency: 'RUB',
	original_price_value: '1.05',
});
export const profiles = upload(importProfiles, 'importProfiles', {
	profile_id: 'user-42',
	attributes: '{"plan":"pro"}',
});

export const uploads: readonly Upload[] = [revenue, adRevenue, ecommerce, profiles];
export const named = uploads.map((one) => [one.operation.name, one] as const);

export interface Checked {
	event?: Json;
	issues: Issue[];
	warnings: Issue[];
	dropped: { names: Map<string, string | undefined>; pairs: Set<string> };
}

export function checkUpload(
	{ operation }: Upload,
	event: Json,
	{ maxAgeDays = 0, unprovenRules = 'warn' }: { maxAgeDays?: number; unprovenRules?: UnprovenRules } = {},
): Checked {
	const dropped = { names: new Map<string, string | undefined>(), pairs: new Set<string>() };
	const settings = {
		zone: 'Europe/Moscow',
		now: NOW,
		extraFields: 'ignore' as const,
		unprovenRules,
		maxListed: 100,
		all: { maxAgeDays },
	};
	const result = createChecker(operation, settings, dropped)(event);
	return {
		...('event' in result ? { event: result.event } : {}),
		issues: 'issues' in result ? result.issues : [],
		warnings: result.warnings ?? [],
		dropped,
	};
}

export function checkedUpload(of: Upload, event: Json): Json {
	const { event: result, issues } = checkUpload(of, event);
	if (!result) throw new Error(JSON.stringify(issues));
	return result;
}
