import omit from 'lodash/omit';

import type { Field, ValueType } from '../engine';

import { common, customUserId, instanceId, others } from './fields';
import { CURRENCY, webDevice } from './payments';
import { DOCUMENTATION } from './vendor';

/** E-commerce in the browser, a sister of the order's own page. */
const BROWSER_PAGE = 'https://docs.tracker.my.com/en/tracking/ecommerce/sending-events';

/** The page names the IDs; the other parameters are those of the page on events, which nothing shows with an order. */
const fromEvents = (field: Field): Field =>
	field.role === 'identifier'
		? field
		: { ...omit(field, 'vendorDefault'), evidence: 'inferred', source: DOCUMENTATION };

const identity: readonly Field[] = [
	{ ...customUserId, help: `${customUserId.help}. The order needs a user ID, a device ID, or both` },
	webDevice,
	fromEvents(common.idGender),
	fromEvents(common.age),
	{ ...common.eventTimestamp, evidence: 'inferred', source: DOCUMENTATION },
	instanceId,
	...others.map(fromEvents),
];

const text = (wire: string, label: string, help: string, example?: string): Field => ({
	wire,
	label,
	help,
	type: { kind: 'text' },
	...(example === undefined ? {} : { example }),
	isRare: true,
	evidence: 'inferred',
	source: BROWSER_PAGE,
});

/** The page prints the quantity as a text that holds a number; of the other numbers no page shows the form. */
const amount = (bounds: { min?: number; max?: number }): ValueType => ({
	kind: 'decimal',
	as: 'text',
	money: true,
	...bounds,
	evidence: { min: 'inferred', max: 'inferred' },
});

/** The page ends its list with `item_category4`; Google Analytics, whose form it says it takes, has five levels. */
const categories: readonly Field[] = ['', '2', '3', '4', '5'].map((level) =>
	text(
		`item_category${level}`,
		level ? `Category, Level ${level}` : 'Category',
		level ? `Level ${level} of the category of the product` : 'The category of the product, its first level',
	),
);

/** The first three are in the page's sample, the others on the page about e-commerce in the browser. */
const products: readonly Field[] = [
	{
		wire: 'item_id',
		also: ['id', 'sku', 'productId'],
		role: 'identifier',
		label: 'Product ID',
		help: 'ID of the product in your shop',
		type: { kind: 'text' },
		required: 'inferred',
		example: '00912',
		evidence: 'documented',
	},
	{
		wire: 'item_name',
		also: ['name', 'title', 'productName'],
		role: 'name',
		label: 'Product Name',
		help: 'Name of the product',
		type: { kind: 'text' },
		required: 'inferred',
		example: 'Apple',
		evidence: 'documented',
	},
	{
		wire: 'quantity',
		also: ['qty', 'count'],
		label: 'Quantity',
		help: 'How many of this product',
		// Sums of weights have the digits of binary arithmetic, too.
		type: { kind: 'decimal', as: 'text', min: 1, money: true, evidence: { min: 'inferred' } },
		example: '6',
		evidence: 'documented',
	},
	{
		wire: 'price',
		also: ['unitPrice'],
		label: 'Unit Price',
		help: 'The price of one unit. Without it the order may count as 0',
		type: amount({ min: 0 }),
		example: '349.90',
		evidence: 'inferred',
		source: BROWSER_PAGE,
	},
	text('affiliation', 'Affiliation', 'The shop or supplier of the product', 'Store on Main Street'),
	text('coupon', 'Coupon', 'The coupon that was used for the product', 'SUMMER'),
	{
		wire: 'discount',
		label: 'Discount',
		help: 'The discount on the product',
		type: amount({ min: 0 }),
		isRare: true,
		example: '50',
		evidence: 'inferred',
		source: BROWSER_PAGE,
	},
	text('item_brand', 'Brand', 'The brand of the product', 'Some Brand'),
	...categories,
	text('item_variant', 'Variant', 'The variant of the product, such as a color', 'green'),
	{ ...text('item_list_id', 'List ID', 'ID of the list in which the product was shown'), role: 'identifier' },
	{
		...text(
			'item_list_name',
			'List Name',
			'Name of the list in which the product was shown',
			'Related products',
		),
		role: 'name',
	},
	{
		wire: 'index',
		label: 'Position in List',
		help: 'The position of the product in that list',
		type: { kind: 'integer', min: 0n, as: 'text' },
		isRare: true,
		example: '1',
		evidence: 'inferred',
		source: BROWSER_PAGE,
	},
	{
		wire: 'tax',
		label: 'Tax',
		help: 'The tax on the product in percent',
		type: amount({ min: 1, max: 100 }),
		isRare: true,
		example: '20',
		evidence: 'inferred',
		source: BROWSER_PAGE,
	},
];

export const fields: readonly Field[] = [
	...identity,
	{
		wire: 'order_id',
		also: ['orderNumber', 'number'],
		role: 'identifier',
		label: 'Order ID',
		help: 'The number of the order, the same for everything that happens to it',
		type: { kind: 'text' },
		required: true,
		example: '000919',
		evidence: 'documented',
	},
	{
		wire: 'status',
		label: 'Status',
		help: 'What happened to the products of the order',
		type: {
			kind: 'choice',
			values: [
				{ value: 'ADD', label: 'Added', help: 'Products were ordered and are not paid for yet' },
				// Older pages print the words of the past.
				{ value: 'PAY', label: 'Paid', help: 'The products were paid for', also: ['paid'] },
				{
					value: 'CANCEL',
					label: 'Cancellation',
					help: 'Products that were not paid for are no longer wanted',
					also: ['canceled', 'cancelled'],
				},
				{
					value: 'REFUND',
					label: 'Refund',
					help: 'Products that were paid for came back',
					also: ['refunded', 'return', 'returned'],
				},
			],
		},
		vendorDefault: 'PAY',
		evidence: 'documented',
	},
	{
		wire: 'items',
		also: ['products', 'lines', 'lineItems', 'goods'],
		label: 'Products',
		help: 'The products that the status applies to',
		type: { kind: 'list', of: products, min: 1, evidence: { min: 'inferred' } },
		required: 'inferred',
		form: {
			rows: {
				name: 'itemsRows',
				part: 'row',
				label: 'Products',
				add: 'Add Product',
				rest: { name: 'more', label: 'Variant, Brand and More' },
			},
			json: { name: 'items', label: 'Products (JSON)' },
		},
		example: [{ item_id: '00912', item_name: 'Apple', quantity: '6' }],
		evidence: 'documented',
	},
	{
		wire: 'currency_code',
		also: ['currency'],
		label: 'Currency',
		help: 'The currency of the prices: three letters by ISO 4217, sent in capitals',
		type: CURRENCY,
		vendorDefault: "the project's currency",
		example: 'RUB',
		evidence: 'inferred',
		source: BROWSER_PAGE,
	},
	{
		wire: 'action_id',
		role: 'identifier',
		label: 'Action ID',
		help: 'The number of this action within the order, for example if there are several refunds',
		type: { kind: 'text' },
		isRare: true,
		example: '2',
		evidence: 'inferred',
		source: BROWSER_PAGE,
	},
	{
		wire: 'coupon',
		label: 'Coupon',
		help: 'The coupon that was used for the order',
		type: { kind: 'text' },
		isRare: true,
		example: 'SUMMER',
		evidence: 'inferred',
		source: BROWSER_PAGE,
	},
];
