/** The five uploads of AppMetrica's Post API: what each knows and needs, by its page. */
import type { Check } from './appmetrica-fields.mts';
import {
	anyText,
	COMMON,
	currency,
	decimal,
	HEAD,
	jsonObject,
	notNegative,
	number,
	oneOf,
	seconds,
	whole,
} from './appmetrica-fields.mts';
import type { Refusal } from './types.mts';
import type { QueryForm } from './wire.mts';

export type Upload = {
	parameters: Record<string, Check>;
	required: string[];
	/** Of each list exactly one name is there. */
	oneOf: string[][];
	/** How the page's own samples write a query. */
	query: QueryForm;
	/** Fields that AppMetrica cuts at 30 KB. */
	cut?: string[];
	/** Rules over several parameters of one event. */
	across?: (record: Record<string, string>) => Refusal[];
};

const IDS = ['profile_id', 'appmetrica_device_id'];
const anyInt = whole;
const atLeastOne = number(1n, 10n ** 18n);
const levels = (prefix: string): Record<string, Check> =>
	Object.fromEntries(Array.from({ length: 10 }, (_, index) => [`${prefix}_${index + 1}`, anyText]));

const events: Upload = {
	parameters: {
		...HEAD,
		event_name: anyText,
		event_timestamp: seconds,
		// The English page's name for it; its sample, and the Russian page, have event_timestamp.
		timestamp: seconds,
		event_json: jsonObject,
		...COMMON,
		device_type: oneOf('phone', 'tablet', 'phablet', 'tv', 'desktop', 'unknown'),
	},
	required: ['application_id', 'event_name'],
	oneOf: [IDS, ['event_timestamp', 'timestamp']],
	query: 'form',
};

const revenue: Upload = {
	parameters: {
		...HEAD,
		revenue_event_type: oneOf(
			'one_time_purchase',
			'trial_started',
			'intro_started',
			'promo_started',
			'subscription_converted',
			'subscription_started',
			'subscription_renewed',
			'cancellation',
			'uncancellation',
			'expired',
			'billing_issues',
			'refund',
		),
		event_timestamp: seconds,
		price: decimal,
		currency,
		product_id: anyText,
		quantity: atLeastOne,
		payload: jsonObject,
		transaction_id: anyText,
		order_id: anyText,
		// In no list of the page, but in both of its samples.
		account_id: anyText,
		...COMMON,
	},
	// currency and product_id have no star, but no brackets in the format block either.
	required: ['application_id', 'revenue_event_type', 'event_timestamp', 'price', 'currency', 'product_id'],
	oneOf: [IDS],
	query: 'form',
	cut: ['payload'],
	across: ({ price = '', revenue_event_type: type }) =>
		price.startsWith('-') && type !== 'refund'
			? [{ field: 'price', reason: 'is below 0 although nothing is refunded' }]
			: [],
};

const adrevenue: Upload = {
	parameters: {
		...HEAD,
		event_timestamp: seconds,
		revenue: notNegative,
		currency,
		ad_type: oneOf('native', 'banner', 'rewarded', 'interstitial', 'mrec', 'other'),
		ad_network: anyText,
		ad_unit_id: anyText,
		ad_unit_name: anyText,
		ad_placement_id: anyText,
		ad_placement_name: anyText,
		// An enum of which only two values are named, as examples.
		precision: anyText,
		payload: jsonObject,
		...COMMON,
	},
	required: ['application_id', 'event_timestamp', 'revenue', 'currency', 'ad_type'],
	oneOf: [IDS],
	query: 'form',
	cut: ['payload'],
};

const ecommerce: Upload = {
	parameters: {
		...HEAD,
		event_timestamp: seconds,
		ecom_event_type: oneOf(
			'SHOW_SCREEN',
			'SHOW_PRODUCT_CARD',
			'SHOW_PRODUCT_DETAILS',
			'ADD_TO_CART',
			'REMOVE_FROM_CART',
			'BEGIN_CHECKOUT',
			'PURCHASE',
		),
		order_id: anyText,
		product_name: anyText,
		cart_item_quantity: anyInt,
		cart_item_price_currency: currency,
		// "int" on the page, decimals in its sample; so the other prices.
		cart_item_price_value: notNegative,
		cart_item_price_internal_currency: anyText,
		cart_item_price_internal_value: anyText,
		actual_price_currency: currency,
		actual_price_value: notNegative,
		actual_price_internal_currency: anyText,
		actual_price_internal_value: anyText,
		payload: jsonObject,
		...levels('product_category_path'),
		original_price_currency: currency,
		original_price_value: notNegative,
		original_price_internal_currency: anyText,
		original_price_internal_value: anyText,
		product_payload: jsonObject,
		product_promo_codes: anyText,
		product_sku: anyText,
		...levels('screen_category_path'),
		screen_name: anyText,
		screen_payload: jsonObject,
		...COMMON,
	},
	required: [
		'application_id',
		'event_timestamp',
		'ecom_event_type',
		'order_id',
		'product_name',
		'cart_item_quantity',
		'original_price_currency',
		'original_price_value',
	],
	oneOf: [IDS],
	query: 'form',
	cut: ['payload', 'product_payload', 'screen_payload'],
};

/** "string, number, bool, or counter": single values, and at least one. */
const attributes: Check = (value) => {
	const reason = jsonObject(value);
	if (reason) return reason;
	const members = Object.entries(JSON.parse(value) as Record<string, unknown>);
	if (members.length === 0) return 'holds no attribute';
	const bad = members.find(([, member]) => !['string', 'number', 'boolean'].includes(typeof member));
	return bad ? `${bad[0]} must be a string, a number or a bool` : undefined;
};

const profiles: Upload = {
	parameters: { application_id: whole, profile_id: anyText, attributes },
	required: ['application_id', 'profile_id', 'attributes'],
	oneOf: [],
	// The page's sample puts JSON into the address as it is.
	query: 'raw',
};

export const UPLOADS: Readonly<Record<string, Upload>> = { events, revenue, adrevenue, ecommerce, profiles };
