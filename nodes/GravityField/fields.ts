import { choicesOf, IPV4, type Choice, type Field, type ValueType } from '../engine';

import { eventTypes, SDK_NAMES } from './variants';

const TEXT: ValueType = { kind: 'text' };
const TEXTS_BY_NAME: ValueType = { kind: 'map', name: { min: 1 }, value: { min: 1 } };

const asChoices = (entries: ReadonlyArray<readonly [string, string]>): readonly Choice[] =>
	entries.map(([value, label]) => ({ value, label }));

/** The page prints one value, the vendor's SDKs have the list. */
const knownValues = (entries: ReadonlyArray<readonly [string, string]>): ValueType => ({
	kind: 'choice',
	values: asChoices(entries),
	evidence: { values: 'vendor code' },
});

/** The page prints 0 as the example of a number; the SDKs have whole numbers. */
const COUNT: ValueType = {
	kind: 'integer',
	min: 0n,
	as: 'number',
	evidence: { min: 'inferred', whole: 'vendor code' },
};

/**
 * Rows in the page's order; what only the vendor's SDKs send comes after it. A workflow mostly knows people by its own IDs,
 * so that the form has the boxes for these from the start.
 */
const user: readonly Field[] = [
	{
		wire: 'uid',
		role: 'identifier',
		label: 'Gravity Field User ID',
		help: "Gravity Field's own ID of the user, as an earlier answer gave it in user.uid; your own ID goes into 'Your User ID'",
		// The page gives no bounds; its sample is a generator's text of the least length, 24.
		type: { kind: 'text', min: 24, evidence: { min: 'inferred' } },
		example: '66f0c1d2e3a4b5c6d7e8f901',
		evidence: 'documented',
	},
	{
		wire: 'custom',
		role: 'identifier',
		label: 'Your User ID',
		help: "The user's ID in your own system. Give a session ID with it, and no 'Gravity Field User ID'",
		type: TEXT,
		formDefault: '',
		example: 'crm-10045',
		evidence: 'vendor code',
	},
	{
		wire: 'ses',
		role: 'identifier',
		label: 'Session ID',
		help: "From user.ses of the last answer, or a session ID of your own together with 'Your User ID'",
		type: TEXT,
		formDefault: '',
		example: '7356efc2-6ffd-4553-bade-b9ab5d9ce141',
		evidence: 'documented',
	},
	{
		wire: 'attributes',
		label: 'User Attributes',
		help: 'Attributes of the user for targeting',
		type: TEXTS_BY_NAME,
		example: { tier: 'gold' },
		evidence: 'documented',
	},
];

const utm: readonly Field[] = (
	[
		['utm_source', 'UTM Source', 'newsletter'],
		['utm_medium', 'UTM Medium', 'email'],
		['utm_campaign', 'UTM Campaign', 'autumn'],
		['utm_term', 'UTM Term', 'boots'],
		['utm_content', 'UTM Content', 'banner-a'],
	] as const
).map(([wire, label, example]) => ({
	wire,
	label,
	help: `The UTM parameter ${wire}`,
	type: TEXT,
	example,
	evidence: 'documented',
}));

const ctx: readonly Field[] = [
	{
		wire: 'type',
		role: 'name',
		label: 'Page Type',
		help: 'The kind of page or screen where it happened; if not given, OTHER is sent',
		type: knownValues([
			['HOMEPAGE', 'Home Page'],
			['PRODUCT', 'Product'],
			['CART', 'Cart'],
			['CATEGORY', 'Category'],
			['SEARCH', 'Search'],
			['OTHER', 'Other'],
		]),
		required: 'vendor code',
		evidence: 'documented',
	},
	{
		wire: 'data',
		label: 'Page Data',
		help: 'What the page shows: for PRODUCT the SKUs as in the product feed, for CATEGORY the path of categories with the parent first, for CART the SKUs now in the cart, for SEARCH the search phrase. For HOMEPAGE and OTHER leave it empty; an empty list is sent',
		type: { kind: 'texts' },
		required: 'vendor code',
		example: ['SKU-1'],
		evidence: 'documented',
	},
	{
		wire: 'lng',
		label: 'Language or Region',
		help: 'Selects the variant of the product feed',
		type: TEXT,
		example: 'ru',
		evidence: 'documented',
	},
	{
		wire: 'location',
		label: 'Page URL',
		help: 'Address of the page, or name of the screen; if not given, n8n is sent',
		type: TEXT,
		required: 'vendor code',
		example: 'https://shop.example/p/1',
		evidence: 'documented',
	},
	{
		wire: 'pageNumber',
		label: 'Page Number',
		help: 'Number of the page in a listing',
		type: COUNT,
		example: 0,
		evidence: 'documented',
	},
	{
		wire: 'referrer',
		label: 'Referrer',
		help: 'Address of the previous page, which Gravity Field uses to find the traffic source',
		type: TEXT,
		example: 'https://www.google.com/',
		evidence: 'documented',
	},
	{
		wire: 'utm',
		label: 'UTM Parameters',
		help: 'UTM parameters of the visit',
		type: { kind: 'object', fields: utm },
		evidence: 'documented',
	},
	{
		wire: 'attributes',
		label: 'Page Attributes',
		help: 'Attributes of the page or session for targeting',
		type: TEXTS_BY_NAME,
		example: { app_platform: 'web' },
		evidence: 'documented',
	},
];

/** The vendor's SDK for iOS calls the user agent so. */
export const USER_AGENT_NAMES: readonly string[] = ['userAgent'];

const device: readonly Field[] = [
	{
		wire: 'userTime',
		label: 'User Time',
		help: "The time on the user's own clock, with its time zone",
		type: { kind: 'time', as: 'isoZoned' },
		example: '2026-09-03T12:00:00+03:00',
		evidence: 'documented',
	},
	{
		wire: 'ua',
		label: 'User Agent',
		help: "The user agent of the user's browser, which Gravity Field uses to find the browser and the kind of device; if not given, n8n is sent",
		type: TEXT,
		also: USER_AGENT_NAMES,
		required: 'vendor code',
		example: 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_14_6)',
		evidence: 'documented',
	},
	{
		wire: 'ip',
		personal: true,
		label: 'IP Address',
		help: "The user's IP address, which Gravity Field uses to find the location; IPv6 is not documented",
		// Programs that listen on IPv6 write an IPv4 address as ::ffff:203.0.113.7.
		type: {
			kind: 'text',
			pattern: IPV4,
			rewrite: (text) => text.replace(/^\s*(?:::ffff:)?([\d.]+)\s*$/i, '$1'),
			evidence: { pattern: 'inferred' },
		},
		example: '203.0.113.7',
		evidence: 'documented',
	},
	{
		wire: 'id',
		role: 'identifier',
		label: 'Device ID',
		help: 'A permanent ID of the device',
		type: TEXT,
		example: '0e0f1a2b-3c4d-4e5f-8a9b-0c1d2e3f4a5b',
		evidence: 'documented',
	},
	{
		wire: 'tracking',
		label: 'Tracking',
		help: 'Whether the user allows tracking, in the words of iOS',
		type: knownValues([
			['notDetermined', 'Not Determined'],
			['restricted', 'Restricted'],
			['denied', 'Denied'],
			['authorized', 'Authorized'],
			['notSupported', 'Not Supported'],
		]),
		evidence: 'documented',
	},
	{
		wire: 'permission',
		label: 'Push Permission',
		help: 'Whether the user allows push messages',
		type: knownValues([
			['provisional', 'Provisional'],
			['granted', 'Granted'],
			['unknown', 'Unknown'],
			['denied', 'Denied'],
		]),
		evidence: 'documented',
	},
];

const returnOptions: readonly Field[] = [
	{
		wire: 'isReturnCounter',
		label: 'Return Counters',
		help: 'Whether to ask for counters in the answer',
		type: { kind: 'boolean' },
		vendorDefault: 'false',
		evidence: 'documented',
	},
	{
		wire: 'isReturnUserInfo',
		label: 'Return User Info',
		help: "Whether to ask for the user's segments, conditions and details in the answer",
		type: { kind: 'boolean' },
		vendorDefault: 'false',
		evidence: 'documented',
	},
];

/** Members of the request that all its events share. */
export const shared: readonly Field[] = [
	{
		wire: 'user',
		label: 'User',
		help: 'Who did it; empty for an unknown visitor',
		type: { kind: 'object', fields: user },
		evidence: 'documented',
	},
	{
		wire: 'ctx',
		label: 'Page',
		help: 'The page or screen where it happened',
		type: { kind: 'object', fields: ctx },
		evidence: 'documented',
	},
	{
		wire: 'device',
		label: 'Device',
		help: "The user's device, not the machine that runs n8n",
		type: { kind: 'object', fields: device },
		evidence: 'documented',
	},
	{
		wire: 'options',
		formName: 'returnOptions',
		label: 'Return Options',
		help: 'What Gravity Field should return',
		type: { kind: 'object', fields: returnOptions },
		evidence: 'documented',
	},
];

export const SHARED: readonly string[] = shared.map(({ wire }) => wire);

const cart: readonly Field[] = [
	{
		wire: 'productId',
		role: 'identifier',
		label: 'Product ID',
		help: 'SKU as in the product feed',
		type: TEXT,
		required: 'vendor code',
		example: 'SKU-1',
		evidence: 'documented',
	},
	{
		wire: 'quantity',
		label: 'Quantity',
		help: 'Units in the cart',
		type: COUNT,
		required: 'vendor code',
		example: 2,
		evidence: 'documented',
	},
	{
		wire: 'itemPrice',
		label: 'Item Price',
		help: 'Unit price after discounts',
		type: { kind: 'decimal', as: 'number' },
		required: 'vendor code',
		example: 999.95,
		evidence: 'documented',
	},
];

const UNCONFIRMED = 'Not confirmed for API v2';

/** The event's own fields: the page's, then those of the vendor's SDKs, then those of unconfirmed types. */
export const event: readonly Field[] = [
	{
		wire: 'type',
		role: 'name' as const,
		label: 'Event Type',
		help: 'What happened; it decides which fields are needed, and any other text is a type of your own',
		type: { kind: 'choice' as const, values: choicesOf(eventTypes), open: true as const },
		required: true as const,
		example: 'add-to-cart-v1',
		evidence: 'documented' as const,
	},
	{
		// Never sent: the event's type is made of it.
		wire: 'customType',
		role: 'name' as const,
		formOnly: true as const,
		label: 'Custom Type',
		help: "The text of your own event type, used only with the event type 'Custom Event'",
		type: TEXT,
		example: 'order-shipped-v1',
		evidence: 'documented' as const,
	},
	{
		wire: 'name',
		role: 'name' as const,
		label: 'Event Name',
		help: `The name of the event in your account; the vendor's own SDKs send ${SDK_NAMES.join(', ')}`,
		type: TEXT,
		required: 'vendor code' as const,
		example: 'Add to Cart',
		evidence: 'documented' as const,
	},
	{
		wire: 'currency',
		label: 'Currency',
		help: "Currency of 'Value'",
		type: {
			kind: 'text' as const,
			pattern: { is: /^[A-Z]{3}$/, description: 'three capital letters such as RUB (ISO 4217)' },
			rewrite: (text: string) => text.trim().toUpperCase(),
			evidence: { pattern: 'inferred' as const },
		},
		example: 'RUB',
		evidence: 'documented' as const,
	},
	{
		wire: 'value',
		label: 'Value',
		help: 'The amount with a decimal point, in rubles, not kopecks: for cart events the unit price times the quantity of this action, for Sync Cart the total of the cart, for Purchase the total paid, for a wishlist the price of the product',
		type: { kind: 'decimal' as const, as: 'number' as const },
		example: 1999.9,
		evidence: 'documented' as const,
	},
	{
		wire: 'quantity',
		label: 'Quantity',
		help: 'Units added or removed by this action, not the new total',
		type: COUNT,
		example: 1,
		evidence: 'documented' as const,
	},
	{
		wire: 'productId',
		role: 'identifier' as const,
		label: 'Product ID',
		help: 'SKU as in the product feed',
		type: TEXT,
		example: 'SKU-1',
		evidence: 'documented' as const,
	},
	{
		wire: 'cart',
		label: 'Cart',
		help: 'The whole cart after the action, oldest first; an empty list [] means that the cart is now empty',
		type: { kind: 'list' as const, of: cart },
		form: {
			rows: { name: 'cartRows', part: 'row', label: 'Cart', add: 'Add Product' },
			json: { name: 'cart', label: 'Cart (JSON)' },
		},
		example: [{ productId: 'SKU-1', quantity: 2, itemPrice: 999.95 }],
		evidence: 'documented' as const,
	},
	{
		wire: 'eventTime',
		label: 'Event Time',
		help: 'When it happened; a retry sends the same time',
		type: { kind: 'time' as const, as: 'isoUtc' as const },
		vendorDefault: 'the time it receives the event',
		example: '2026-09-03T09:00:00.000Z',
		evidence: 'documented' as const,
	},
	{
		wire: 'customProps',
		label: 'Custom Properties',
		help: 'Properties of your own; values are sent as text, nested ones are refused',
		type: TEXTS_BY_NAME,
		form: {
			rows: {
				name: 'customPropsPairs',
				part: 'pair',
				label: 'Custom Properties',
				add: 'Add Property',
				example: ['color', 'red'] as const,
			},
			json: { name: 'customProps', label: 'Custom Properties (JSON)' },
		},
		example: { color: 'red' },
		evidence: 'documented' as const,
	},
	{
		wire: 'uniqueTransactionId',
		role: 'identifier' as const,
		label: 'Order ID',
		help: 'Unique ID of the order',
		type: TEXT,
		example: 'ORD-7781',
		evidence: 'vendor code' as const,
	},
	{
		wire: 'hashedEmail',
		role: 'identifier' as const,
		personal: true as const,
		label: 'Hashed Email',
		help: "SHA-256 of the e-mail address in lower case, as hexadecimal digits. With the option 'Hash Email' give the address itself, and the node hashes it",
		type: TEXT,
		example: '973dfe463ec85785f5f95af5ba3906eedb2d931c24e69824a89ea65dba4e813b',
		evidence: 'vendor code' as const,
	},
	{
		wire: 'cuid',
		role: 'identifier' as const,
		personal: true as const,
		label: 'Customer ID',
		help: "The same ID in all profiles of one person, so that Gravity Field joins them. It advises SHA-256 of the phone number in digits, which the option 'Hash Phone' makes",
		type: TEXT,
		example: 'f2a8e6a9f6f3d9d3a7d0d8d9',
		evidence: 'vendor code' as const,
	},
	{
		wire: 'cuidType',
		label: 'Customer ID Type',
		help: "The kind of 'Customer ID', in a word of your own",
		type: TEXT,
		example: 'phone',
		evidence: 'vendor code' as const,
	},
	...(
		[
			['keywords', 'Keywords', 'the search phrase', TEXT, 'red boots'],
			['code', 'Promo Code', 'the code that was entered', TEXT, 'AUTUMN10'],
			['sortBy', 'Sort By', 'by what the list was sorted', TEXT, 'price'],
			[
				'sortOrder',
				'Sort Order',
				'in which order the list was sorted',
				knownValues([
					['ASC', 'Ascending'],
					['DESC', 'Descending'],
				]),
				undefined,
			],
			['filterType', 'Filter Type', 'by what the list was filtered', TEXT, 'brand'],
			['filterStringValue', 'Filter Text Value', 'the value of the filter, if it is text', TEXT, 'Acme'],
			[
				'filterNumericValue',
				'Filter Number Value',
				'the value of the filter, if it is a number',
				{ kind: 'decimal', as: 'number' },
				42,
			],
			['attributeType', 'Attribute Type', 'the attribute of the product that was changed', TEXT, 'size'],
			['attributeValue', 'Attribute Value', 'its new value', TEXT, 'XL'],
		] as ReadonlyArray<readonly [string, string, string, ValueType, unknown]>
	).map(([wire, label, help, type, example]) => ({
		wire,
		label,
		help: `${UNCONFIRMED}: ${help}`,
		type,
		...(example === undefined ? {} : { example }),
		evidence: 'inferred' as const,
	})),
].map((field) => ({ ...field, perEvent: true }));

export const fields: readonly Field[] = [...shared, ...event];
