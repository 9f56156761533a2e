import type { Choice, Field, ListedAs, Section, ValueType } from '../engine';

import { device, deviceSection, eventTime, identity, sessionType } from './fields';
import { CURRENCY, PAYLOAD, PAYLOAD_FORM } from './money';

/** Under this name an item may hold the products of one order. */
export const PRODUCTS = 'products';

const TYPES: readonly Choice[] = [
	{ value: 'SHOW_SCREEN', label: 'Show Screen', help: 'A page or screen was opened' },
	{
		value: 'SHOW_PRODUCT_CARD',
		label: 'Show Product Card',
		help: 'The card of a product was seen among others',
	},
	{ value: 'SHOW_PRODUCT_DETAILS', label: 'Show Product Details', help: 'The page of a product was opened' },
	{ value: 'ADD_TO_CART', label: 'Add to Cart', help: 'A product was put into the cart' },
	{ value: 'REMOVE_FROM_CART', label: 'Remove From Cart', help: 'A product was taken out of the cart' },
	{ value: 'BEGIN_CHECKOUT', label: 'Begin Checkout', help: 'The purchase was begun' },
	{ value: 'PURCHASE', label: 'Purchase', help: 'The order was placed' },
];

/** "int" on the page, decimals in its sample. */
const PRICE: ValueType = { kind: 'decimal', as: 'text', min: 0, evidence: { min: 'inferred' } };

/** A text of at most so many characters: where the SDK cuts, for uploads no page has a figure. */
const textOf = (max: number): ValueType => ({ kind: 'text', max, evidence: { max: 'inferred' } });

interface Price {
	prefix: string;
	label: string;
	what: string;
	/** What the vendor takes where the price is not given. */
	otherwise?: string;
}

const PRICES = {
	cart: {
		prefix: 'cart_item_price',
		label: 'Cart Price',
		what: 'the final price with all discounts',
		otherwise: 'actual_price',
	},
	actual: {
		prefix: 'actual_price',
		label: 'Actual Price',
		what: 'the price with discounts',
		otherwise: 'original_price',
	},
	original: {
		prefix: 'original_price',
		label: 'Original Price',
		what: 'the price before discounts',
	},
} satisfies Record<string, Price>;

/** Currency and value of a price, in money and in a currency of the app's own. */
function priceFields({ prefix, label, what, otherwise }: Price): Field[] {
	const otherwiseOf = (part: string) =>
		otherwise ? `. If not set, AppMetrica takes ${otherwise}_${part}` : '';
	const place = otherwise ? { section: 'prices' } : { required: true as const };
	const shared = { perEvent: true, evidence: 'documented' } as const;
	return [
		{
			wire: `${prefix}_currency`,
			label: `${label}: Currency`,
			help: `Currency of ${what}, sent in capitals${otherwiseOf('currency')}`,
			type: CURRENCY,
			example: 'RUB',
			...place,
			...shared,
		},
		{
			wire: `${prefix}_value`,
			label: `${label}: Value`,
			help: `Amount of ${what}${otherwiseOf('value')}`,
			type: PRICE,
			example: '1999.90',
			...place,
			...shared,
		},
		{
			wire: `${prefix}_internal_currency`,
			label: `${label}: Internal Currency`,
			help: `Name of the app's own currency for ${what}${otherwiseOf('internal_currency')}`,
			type: textOf(100),
			example: 'coins',
			section: 'prices',
			...shared,
		},
		{
			wire: `${prefix}_internal_value`,
			label: `${label}: Internal Value`,
			help: `Amount of ${what} in the app's own currency${otherwiseOf('internal_value')}`,
			type: PRICE,
			example: '3',
			section: 'prices',
			...shared,
		},
	];
}

const LEVELS = 10;

/** The ten columns of a category path, which the form asks for as one list. */
function levels(listed: ListedAs, section: string, perEvent: boolean): Field[] {
	return Array.from({ length: LEVELS }, (_, at) => ({
		wire: `${listed.name}_${at + 1}`,
		label: `${listed.label}: Level ${at + 1}`,
		help: `Level ${at + 1} of the category path, given as one list under ${listed.name} or by itself`,
		type: textOf(100),
		section,
		listed,
		...(perEvent ? { perEvent } : {}),
		evidence: 'documented',
	}));
}

const payloadField = (wire: string, label: string, help: string, more: Partial<Field> = {}): Field => ({
	wire,
	label,
	help,
	type: PAYLOAD,
	example: { key: 'value' },
	...more,
	evidence: 'documented',
});

const orderPayload = payloadField(
	'payload',
	'Payload',
	'Names and values of your own that belong to the order',
	{ form: PAYLOAD_FORM },
);
export const productPayload = payloadField(
	'product_payload',
	'Product Payload (JSON)',
	'Names and values of your own that belong to the product',
	{ section: 'product', perEvent: true },
);
const screenPayload = payloadField(
	'screen_payload',
	'Screen Payload (JSON)',
	'Names and values of your own that belong to the page or screen',
	{ section: 'screen' },
);
export const payloads = [orderPayload, screenPayload];

/** In the page's order. */
export const fields: readonly Field[] = [
	...identity,
	...eventTime,
	{
		wire: 'ecom_event_type',
		label: 'Event Type',
		help: 'What the user did; exports call some types differently',
		type: { kind: 'choice', values: TYPES },
		required: true,
		evidence: 'documented',
	},
	{
		wire: 'order_id',
		role: 'identifier',
		label: 'Order ID',
		help: 'ID of the order, the same for each of its products. AppMetrica requires it for every type.',
		type: textOf(100),
		required: true,
		example: 'a1b2c3d4',
		evidence: 'documented',
	},
	{
		wire: 'product_name',
		label: 'Product Name',
		help: 'Name of the product. Each item is one product; for an order with several, use the Split Out node.',
		type: textOf(1_000),
		required: true,
		perEvent: true,
		example: 'Green tea',
		evidence: 'documented',
	},
	{
		wire: 'cart_item_quantity',
		label: 'Quantity',
		help: 'How many of the product are in the cart',
		type: { kind: 'integer', min: 0n, as: 'text', evidence: { min: 'inferred' } },
		required: true,
		perEvent: true,
		example: '1',
		evidence: 'documented',
	},
	...priceFields(PRICES.cart),
	...priceFields(PRICES.actual),
	orderPayload,
	...levels(
		{
			name: 'product_category_path',
			label: 'Product Category',
			help: 'The category of the product from the top level down, up to ten levels',
		},
		'product',
		true,
	),
	...priceFields(PRICES.original),
	productPayload,
	{
		wire: 'product_promo_codes',
		label: 'Promo Codes',
		help: 'The promo codes that were applied to the product',
		type: { kind: 'texts', as: 'bracketed' },
		section: 'product',
		perEvent: true,
		example: ['promo_code_1', 'promo_code_2'],
		evidence: 'documented',
	},
	{
		wire: 'product_sku',
		role: 'identifier',
		label: 'Product SKU',
		help: 'ID of the product',
		type: textOf(100),
		section: 'product',
		perEvent: true,
		example: '012345abc',
		evidence: 'documented',
	},
	...levels(
		{
			name: 'screen_category_path',
			label: 'Screen Category',
			help: 'The category of the page or screen from the top level down, up to ten levels',
		},
		'screen',
		false,
	),
	{
		wire: 'screen_name',
		label: 'Screen Name',
		help: 'Name of the page or screen',
		type: textOf(100),
		section: 'screen',
		example: 'Catalog',
		evidence: 'documented',
	},
	screenPayload,
	...sessionType,
	...device,
];

export const currencies = fields.filter(({ type }) => type === CURRENCY);

export const sections: readonly Section[] = [
	{
		name: 'prices',
		label: 'Prices',
		help: 'The price in the cart, the actual one, and prices in the currency of the app',
	},
	{ name: 'product', label: 'Product', help: 'Category, SKU, promo codes and payload of the product' },
	{ name: 'screen', label: 'Screen', help: 'The page or screen on which it happened' },
	deviceSection,
];
