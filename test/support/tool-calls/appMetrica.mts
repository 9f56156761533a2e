import omit from 'lodash/omit.js';

import { fromAI, IN_MILLISECONDS, MILLISECONDS, minutesAgo, type ToolCalls } from './calls.mts';

const event = {
	user: 'agent-1',
	event_name: 'order_paid',
	event_time: minutesAgo(5),
	details: '{"order":"agent-order-3"}',
};

const purchase = {
	user: 'agent-1',
	kind: 'one_time_purchase',
	paid_at: minutesAgo(5),
	price: '99.90',
	currency: 'USD',
	product: 'com.example.gold',
};

const impression = {
	device: '12345678901234567890',
	shown_at: minutesAgo(5),
	revenue: '0.0123',
	currency: 'USD',
	format: 'banner',
};

const line = {
	user: 'agent-1',
	what: 'PURCHASE',
	time: minutesAgo(5),
	order: 'agent-order-4',
	product: 'Tea',
	quantity: '2',
	price: '10.50',
	categories: ['Food', 'Tea'],
};

const attributes = { user: 'agent-1', plan: 'gold', total: '100', vip: 'true' };

const REVENUE_TYPES =
	'one_time_purchase, trial_started, intro_started (Intro Offer Started), promo_started (Promo Offer Started), subscription_converted, subscription_started, subscription_renewed, cancellation (Subscription Canceled), uncancellation (Subscription Switched On Again), expired (Subscription Expired), billing_issues or refund';

export const APP_METRICA: readonly ToolCalls[] = [
	{
		tool: 'Import event',
		node: 'appMetricaImportEvents',
		credential: 'appMetricaApi',
		vendor: 'appMetrica',
		parameters: {
			mappingMode: 'defineBelow',
			profile_id: fromAI('user', 'ID of the user'),
			event_name: fromAI('event_name', 'Name of the event'),
			event_timestamp: fromAI('event_time', 'When it happened'),
			// A text, as many builders leave it.
			event_json: fromAI('details', 'More about the event, as JSON'),
		},
		asks: ['details', 'event_name', 'event_time', 'user'],
		wrong: [
			{
				what: 'a time in milliseconds',
				args: { ...event, event_time: MILLISECONDS },
				told: `Not sent: 'Event Time' (event_timestamp) ${IN_MILLISECONDS}; correct 'event_time' and call the tool again`,
			},
			{
				what: 'a word for the time',
				args: { ...event, event_time: 'now' },
				told: `Not sent: 'Event Time' (event_timestamp) is not a time: "now"; give Unix seconds, an ISO 8601 date such as 2026-11-22T09:30:00+03:00, or a date value; correct 'event_time' and call the tool again`,
			},
			{
				what: 'a time that is long ago',
				args: { ...event, event_time: '2024-01-01T00:00:00Z' },
				told: "Not sent: 'Event Time' (event_timestamp) is older than 14 days less one hour, which the vendor may drop without notice; do not change it if it is true, since the event cannot be sent then; correct 'event_time' and call the tool again",
			},
			{
				what: 'details that are not JSON',
				args: { ...event, details: 'order 3' },
				told: `Not sent: 'Event Attributes' (event_json) must be an object or its JSON text, and this text is not JSON: a value is missing at character 1, before "order 3"; correct 'details' and call the tool again`,
			},
			{
				what: 'two events in one call',
				args: { ...event, details: '[{"order":"3"},{"order":"4"}]' },
				told: "Not sent: 'Event Attributes' (event_json) must be an object, not a list of 2; give one object in each call; correct 'details' and call the tool again",
			},
			{
				what: 'nobody',
				args: { ...event, user: '' },
				told: "Not sent: The event has no user or device ID: give 'User Profile ID' (profile_id) or 'Device ID Hash' (appmetrica_device_id); correct 'user' and call the tool again",
			},
		],
		wrongName: { args: { ...omit(event, 'user'), profile_id: 'agent-1' }, missing: 'user' },
		right: event,
	},
	{
		tool: 'Import purchase',
		node: 'appMetricaImportRevenue',
		credential: 'appMetricaApi',
		vendor: 'appMetrica',
		parameters: {
			mappingMode: 'defineBelow',
			profile_id: fromAI('user', 'ID of the user'),
			revenue_event_type: fromAI('kind', 'What was paid'),
			event_timestamp: fromAI('paid_at', 'When it was paid'),
			price: fromAI('price', 'Price'),
			currency: fromAI('currency', 'Currency'),
			product_id: fromAI('product', 'ID of the product'),
		},
		asks: ['currency', 'kind', 'paid_at', 'price', 'product', 'user'],
		wrong: [
			{
				what: 'another word for the kind',
				args: { ...purchase, kind: 'purchase' },
				told: `Not sent: 'Event Type' (revenue_event_type) must be ${REVENUE_TYPES}, not "purchase"; correct 'kind' and call the tool again`,
			},
			{
				what: 'a price with its currency',
				args: { ...purchase, price: '$99.90' },
				told: `Not sent: 'Price' (price) must be a number such as 1999.90, in digits without an exponent, not "$99.90"; correct 'price' and call the tool again`,
			},
			{
				what: 'a price with a comma',
				args: { ...purchase, price: '99,90' },
				told: `Not sent: 'Price' (price) must be written with a point and no spaces: 99.90, not "99,90"; correct 'price' and call the tool again`,
			},
			{
				what: 'a sign for the currency',
				args: { ...purchase, currency: '$' },
				told: `Not sent: 'Currency' (currency) must be a three-letter currency code of ISO 4217 such as USD, not "$"; correct 'currency' and call the tool again`,
			},
			{
				what: 'two faults at once',
				args: { ...purchase, paid_at: MILLISECONDS, price: '' },
				told: `Not sent: 'Event Time' (event_timestamp) ${IN_MILLISECONDS}; 'Price' (price) is required; correct 'paid_at' and 'price' and call the tool again`,
			},
		],
		wrongName: { args: { ...omit(purchase, 'price'), amount: '99.90' }, missing: 'price' },
		right: purchase,
	},
	{
		tool: 'Import ad revenue',
		node: 'appMetricaImportAdRevenue',
		credential: 'appMetricaApi',
		vendor: 'appMetrica',
		parameters: {
			mappingMode: 'defineBelow',
			appmetrica_device_id: fromAI('device', 'The device'),
			event_timestamp: fromAI('shown_at', 'When the ad was shown'),
			revenue: fromAI('revenue', 'What it earned'),
			currency: fromAI('currency', 'Currency'),
			ad_type: fromAI('format', 'Format of the ad'),
		},
		asks: ['currency', 'device', 'format', 'revenue', 'shown_at'],
		wrong: [
			{
				what: 'the ID of the device instead of its hash',
				args: { ...impression, device: '38400000-8cf0-11bd-b23e-10b96e40000d' },
				told: "Not sent: 'Device ID Hash' (appmetrica_device_id) is hexadecimal, so it is the SDK's device ID; AppMetrica wants its decimal hash, which the SDK returns as the device ID hash (appmetrica_device_id_hash); correct 'device' and call the tool again",
			},
			{
				what: 'an address instead of a device',
				args: { ...impression, device: 'anna@example.com' },
				told: "Not sent: 'Device ID Hash' (appmetrica_device_id) must be a whole number, written in digits; correct 'device' and call the tool again",
			},
			{
				what: 'no device',
				args: { ...impression, device: '' },
				told: "Not sent: The event has no user or device ID: give 'User Profile ID' (profile_id) or 'Device ID Hash' (appmetrica_device_id); correct 'device' and call the tool again",
			},
			{
				what: 'another word for the format',
				args: { ...impression, format: 'video' },
				told: `Not sent: 'Ad Type' (ad_type) must be native, banner, rewarded, interstitial, mrec or other, not "video"; correct 'format' and call the tool again`,
			},
			{
				what: 'a number with an exponent',
				args: { ...impression, revenue: '1.2e-5' },
				told: `Not sent: 'Revenue' (revenue) must be a number such as 1999.90, in digits without an exponent, not "1.2e-5"; correct 'revenue' and call the tool again`,
			},
		],
		wrongName: { args: { ...omit(impression, 'format'), ad_type: 'banner' }, missing: 'format' },
		right: impression,
	},
	{
		tool: 'Import line of an order',
		node: 'appMetricaImportEcommerce',
		credential: 'appMetricaApi',
		vendor: 'appMetrica',
		parameters: {
			mappingMode: 'defineBelow',
			profile_id: fromAI('user', 'ID of the user'),
			ecom_event_type: fromAI('what', 'What happened'),
			event_timestamp: fromAI('time', 'When it happened'),
			order_id: fromAI('order', 'Number of the order'),
			product_name: fromAI('product', 'Name of the product'),
			cart_item_quantity: fromAI('quantity', 'How many'),
			original_price_value: fromAI('price', 'Price in roubles'),
			original_price_currency: 'RUB',
			product: { product_category_path: fromAI('categories', 'Categories of the product', 'json') },
		},
		asks: ['categories', 'order', 'price', 'product', 'quantity', 'time', 'user', 'what'],
		wrong: [
			{
				what: 'another word for what happened',
				args: { ...line, what: 'order' },
				told: `Not sent: 'Event Type' (ecom_event_type) must be SHOW_SCREEN, SHOW_PRODUCT_CARD, SHOW_PRODUCT_DETAILS, ADD_TO_CART, REMOVE_FROM_CART, BEGIN_CHECKOUT or PURCHASE, not "order"; correct 'what' and call the tool again`,
			},
			{
				what: 'a number in words',
				args: { ...line, quantity: 'two' },
				told: `Not sent: 'Quantity' (cart_item_quantity) must be a whole number, written in digits, not "two"; correct 'quantity' and call the tool again`,
			},
			{
				what: 'an object instead of a list',
				args: { ...line, categories: { first: 'Food' } },
				told: "Not sent: 'Product Category' (product_category_path) must be a list of texts, not an object; correct 'categories' and call the tool again",
			},
		],
		wrongName: { args: { ...omit(line, 'quantity'), count: '2' }, missing: 'quantity' },
		right: line,
	},
	{
		tool: 'Import attributes of a profile',
		node: 'appMetricaImportProfiles',
		credential: 'appMetricaApi',
		vendor: 'appMetrica',
		parameters: {
			mappingMode: 'defineBelow',
			profile_id: fromAI('user', 'ID of the user'),
			attributesRows: {
				pair: [
					{ name: 'plan', type: 'asGiven', value: fromAI('plan', 'The plan') },
					{ name: 'orders_total', type: 'number', value: fromAI('total', 'Total of the orders') },
					{ name: 'vip', type: 'boolean', value: fromAI('vip', 'Whether the user is a VIP') },
				],
			},
		},
		asks: ['plan', 'total', 'user', 'vip'],
		wrong: [
			{
				what: 'an amount in words',
				args: { ...attributes, total: 'a lot' },
				told: `Not sent: 'Attributes' (attributes) has a value under 'orders_total' that must be a number such as 1999.90, not "a lot"; correct 'total' and call the tool again`,
			},
			{
				what: 'a word that is neither true nor false',
				args: { ...attributes, vip: 'maybe' },
				told: `Not sent: 'Attributes' (attributes) has a value under 'vip' that must be true or false, not "maybe"; correct 'vip' and call the tool again`,
			},
			{
				what: 'nobody',
				args: { ...attributes, user: '' },
				told: "Not sent: 'User Profile ID' (profile_id) is required; correct 'user' and call the tool again",
			},
			{
				what: 'no attribute',
				args: { user: 'agent-1', plan: '', total: '', vip: '' },
				told: "Not sent: 'Attributes' (attributes) is required; correct 'plan' and 'total' and 'vip' and call the tool again",
			},
		],
		wrongName: { args: { ...omit(attributes, 'vip'), is_vip: 'true' }, missing: 'vip' },
		right: attributes,
	},
];
