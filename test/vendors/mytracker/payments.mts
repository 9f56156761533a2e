/** The methods beyond events, each with its rows of the page, its vectors and the least that is taken. */
import { customRevenue } from '../../../nodes/MyTracker/customRevenue.ts';
import { order as orderOperation } from '../../../nodes/MyTracker/order.ts';
import { storePayment } from '../../../nodes/MyTracker/storePayment.ts';
import { createChecker } from '../../../nodes/engine/check/check.ts';
import type { DroppedNames } from '../../../nodes/engine/report/dropped.ts';
import type { UnprovenRules } from '../../../nodes/engine/check/evidence.ts';
import { knowsField, variantOf } from '../../../nodes/engine/operation/variants.ts';
import type { Evidence, Field, Issue, Json, Operation } from '../../../nodes/engine/operation/operation.ts';
import golden from '../../pages/golden-requests.json';
import page from '../../pages/mytracker-more.json';
import vectors from '../../pages/vectors-more.json';

export const NOW = Date.parse('2026-11-26T09:00:00Z');

/** A row of the pages as test/pages transcribes it. */
export interface PageRow {
	name: string;
	group: string;
	type: string;
	required?: boolean;
	requiredEvidence?: Evidence;
	minLength?: number;
	maxLength?: number;
	length?: number;
	lengthUnit?: 'bytes';
	min?: number;
	max?: number;
	exclusiveMin?: number;
	decimals?: number;
	values?: Array<{ value: string }>;
	default?: string;
	wireType?: 'number';
	identifier?: boolean;
	example?: string;
	boundsEvidence?: Evidence;
	evidence: Evidence;
	/** The page or code that names it. */
	source: string;
}

export interface Vector {
	id: string;
	operation: string;
	target: string;
	input: Json | Json[];
	body: string;
	bytes: number;
}

export interface Method {
	/** The vendor's name of it. */
	method: string;
	operation: Operation;
	/** The choice that decides the method, where one does. */
	variant?: string;
	page: {
		methods: string[];
		requestFormat: string;
		requestFormatBatch: string;
		maxBatch: number;
		required: Record<string, Array<string | string[]>>;
	};
	rows: PageRow[];
	vectors: Vector[];
	/** What the vendor's own client has written. */
	golden: Array<{ target: string; body: string }>;
	least: Json;
}

function method(name: keyof typeof page.operations, operation: Operation, least: Json): Method {
	const isOwn = (target: string) => new RegExp(`^/v1/${name}(Batch)?\\?`).test(target);
	return {
		method: name,
		operation,
		...(operation.variants ? { variant: name } : {}),
		page: page.operations[name],
		rows: page.operations[name].parameters as PageRow[],
		vectors: (vectors.vectors as unknown as Vector[]).filter((vector) => vector.operation === name),
		golden: golden.myTracker.filter(({ target }) => isOwn(target)),
		least,
	};
}

export const revenue = method('customRevenue', customRevenue, {
	customUserId: '100500',
	idTransaction: 'order1',
	currency: 'USD',
	total: 4.5,
});

export const order = method('order', orderOperation, {
	customUserId: '1234',
	order_id: '000919',
	items: [{ item_id: '00912', item_name: 'Apple' }],
});

const googlePlay = { customUserId: '1234', orderId: '234-1234-1234-12345' };
const appStore = {
	customUserId: '1234',
	transactionId: '1234567890098765',
	productId: '001',
	price: 1.99,
	currency: 'USD',
};
export const googleProduct = method('googlePlayProductTransaction', storePayment, {
	...googlePlay,
	productId: '001',
	currency: 'USD',
	revenue: 1.99,
	token: 'purchase-token-1',
});
export const googleSubscription = method('googlePlaySubscriptionTransaction', storePayment, {
	...googlePlay,
	priceCurrencyCode: 'USD',
	priceAmountMicros: 1_990_000,
	subscriptionId: 'monthly001',
});
export const googleToken = method('googlePlaySubscriptionToken', storePayment, {
	...googlePlay,
	subscriptionId: 'monthly001',
	token: 'purchase-token-1',
	subscriptionPeriod: 'P1M',
});
export const appleProduct = method('appStoreProductTransaction', storePayment, appStore);
export const appleSubscription = method('appStoreSubscriptionTransaction', storePayment, {
	...appStore,
	transactionIdOriginal: '1234567890098765',
});

export const methods: readonly Method[] = [
	revenue,
	order,
	googleProduct,
	googleSubscription,
	googleToken,
	appleProduct,
	appleSubscription,
];
export const named = methods.map((one) => [one.method, one] as const);

/** The fields that a method has. */
export function fieldsOf({ operation: { fields, variants }, variant }: Method): readonly Field[] {
	const chosen = variantOf(variants, variant);
	return chosen && variants ? fields.filter(({ wire }) => knowsField(variants, chosen, wire)) : fields;
}

export interface Checked {
	event?: Json;
	issues: Issue[];
	warnings: Issue[];
	dropped: DroppedNames;
}

export function check(
	{ operation, variant }: Method,
	event: Json,
	{ unprovenRules = 'warn' }: { unprovenRules?: UnprovenRules } = {},
): Checked {
	const dropped: DroppedNames = { names: new Map(), pairs: new Set() };
	const settings = {
		zone: 'Europe/Moscow',
		now: NOW,
		extraFields: 'ignore' as const,
		unprovenRules,
		maxListed: 20,
		all: {},
	};
	const result = createChecker(operation, settings, dropped)(event, variant);
	return {
		...('event' in result ? { event: result.event } : {}),
		issues: 'issues' in result ? result.issues : [],
		warnings: result.warnings ?? [],
		dropped,
	};
}

export function checked(of: Method, event: Json): Json {
	const { event: result, issues } = check(of, event);
	if (!result) throw new Error(JSON.stringify(issues));
	return result;
}
