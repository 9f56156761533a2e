import omit from 'lodash/omit.js';

import { fromAI, IN_MILLISECONDS, MILLISECONDS, minutesAgo, type ToolCalls } from './calls.mts';

const purchase = {
	title: 'Purchase',
	total: '1999.90',
	order_id: 'agent-order-1',
	cart: [{ productId: 'SKU-1', quantity: 1, itemPrice: 1999.9 }],
	paid_at: minutesAgo(5),
	customer_id: 'agent-customer-1',
};

const visit = {
	customer: 'agent-customer-1',
	page: 'PRODUCT',
	products: ['SKU-1'],
	address: 'https://shop.example.com/p/1',
};

export const GRAVITY_FIELD: readonly ToolCalls[] = [
	{
		tool: 'Store purchase',
		node: 'gravityFieldStoreEvent',
		credential: 'gravityFieldApi',
		vendor: 'gravityField',
		parameters: {
			mappingMode: 'defineBelow',
			type: 'purchase-v1',
			name: "={{ $fromAI('title', 'Name of the event', 'string') }}",
			value: "={{ $fromAI('total', 'Total in roubles', 'string') }}",
			currency: 'RUB',
			uniqueTransactionId: "={{ $fromAI('order_id', 'Number of the order', 'string') }}",
			cart: "={{ $fromAI('cart', 'Lines of the order: productId, quantity, itemPrice', 'json') }}",
			eventTime: "={{ $fromAI('paid_at', 'When it was paid', 'string') }}",
			user: { custom: "={{ $fromAI('customer_id', 'ID of the customer', 'string') }}", ses: 'agent' },
		},
		asks: ['cart', 'customer_id', 'order_id', 'paid_at', 'title', 'total'],
		wrong: [
			{
				what: 'other names in the lines of the cart',
				args: { ...purchase, cart: [{ sku: 'SKU-1', qty: 1, price: 1999.9 }] },
				told: "Gravity Field refused this event with status 422; read 'response': a field is missing or wrong: Cart, line 1: has sku, qty, price; needs 'Product ID' (productId), 'Quantity' (quantity), 'Item Price' (itemPrice); correct 'cart' and call the tool again",
			},
			{
				what: 'a time in another format',
				args: { ...purchase, paid_at: '25.11.2026 10:00' },
				told: "Not sent: 'Event Time' (eventTime) is not a time: \"25.11.2026 10:00\"; give it as ISO 8601, such as 2026-11-22T09:30:00+03:00; correct 'paid_at' and call the tool again",
			},
			{
				what: 'an amount as people write it',
				args: { ...purchase, total: '1 999,90 ₽' },
				told: "Not sent: 'Value' (value) must be a number such as 1999.90, not \"1 999,90 ₽\"; correct 'total' and call the tool again",
			},
			{
				what: 'a time in milliseconds',
				args: { ...purchase, paid_at: MILLISECONDS },
				told: `Not sent: 'Event Time' (eventTime) ${IN_MILLISECONDS}; correct 'paid_at' and call the tool again`,
			},
			{
				what: 'nothing where a value is required',
				args: { ...purchase, title: '' },
				told: "Gravity Field refused this event with status 422; read 'response': a field is missing or wrong: 'Event Name' (name) is required; correct 'title' and call the tool again",
			},
		],
		wrongName: { args: { ...omit(purchase, 'order_id'), order: '7' }, missing: 'order_id' },
		right: purchase,
	},
	{
		tool: 'Save attributes of a customer',
		node: 'gravityFieldStoreUser',
		credential: 'gravityFieldApi',
		vendor: 'gravityField',
		parameters: {
			mappingMode: 'defineBelow',
			user: { custom: fromAI('customer', 'ID of the customer'), ses: 'agent' },
			attributes: fromAI('attributes', 'Attributes of the customer', 'json'),
		},
		asks: ['attributes', 'customer'],
		wrong: [
			{
				what: 'an attribute inside another',
				args: { customer: 'agent-customer-1', attributes: { address: { city: 'Kazan' } } },
				told: "Not sent: 'User Attributes' (attributes) has a value under 'address' that must be text, not an object; correct 'attributes' and call the tool again",
			},
			{
				what: 'two customers in one call',
				args: { customer: 'agent-customer-1', attributes: [{ tier: 'gold' }, { tier: 'silver' }] },
				told: "Not sent: 'User Attributes' (attributes) must be an object, not a list of 2; give one object in each call; correct 'attributes' and call the tool again",
			},
			{
				what: 'a text where no value was found',
				args: { customer: 'null', attributes: { tier: 'gold' } },
				told: "Not sent: 'Your User ID' (custom) is the text 'null'; give its real value; correct 'customer' and call the tool again",
			},
		],
		wrongName: { args: { user: 'u1', attributes: { tier: 'gold' } }, missing: 'customer' },
		right: { customer: 'agent-customer-1', attributes: { tier: 'gold' } },
	},
	{
		tool: 'Store an opened page',
		node: 'gravityFieldStoreVisit',
		credential: 'gravityFieldApi',
		vendor: 'gravityField',
		parameters: {
			mappingMode: 'defineBelow',
			user: { custom: fromAI('customer', 'ID of the customer'), ses: 'agent' },
			ctx: {
				type: fromAI('page', 'Type of the page'),
				data: fromAI('products', 'Products that the page shows', 'json'),
				location: fromAI('address', 'Address of the page'),
			},
		},
		asks: ['address', 'customer', 'page', 'products'],
		wrong: [
			{
				what: 'an object instead of a list',
				args: { ...visit, products: { sku: 'SKU-1' } },
				told: "Not sent: 'Page Data' (data) must be a list of texts, not an object; correct 'products' and call the tool again",
			},
			{
				what: 'objects in the list',
				args: { ...visit, products: [{ sku: 'SKU-1' }] },
				told: "Not sent: 'Page Data' (data) entry 0 must be text, not an object; correct 'products' and call the tool again",
			},
			{
				what: 'a text where no value was found',
				args: { ...visit, customer: 'undefined' },
				told: "Not sent: 'Your User ID' (custom) is the text 'undefined'; give its real value; correct 'customer' and call the tool again",
			},
		],
		wrongName: { args: { ...omit(visit, 'address'), url: 'https://shop.example.com' }, missing: 'address' },
		right: visit,
	},
	{
		tool: 'Get recommendations',
		node: 'gravityFieldGetCampaign',
		credential: 'gravityFieldApi',
		vendor: 'gravityField',
		parameters: {
			mappingMode: 'defineBelow',
			request: 'choose',
			user: { custom: fromAI('customer', 'ID of the customer'), ses: 'agent' },
			data: fromAI('campaigns', 'The campaigns', 'json'),
		},
		asks: ['campaigns', 'customer'],
		wrong: [
			{
				what: 'names instead of objects',
				args: { customer: 'agent-customer-1', campaigns: ['homepage-recs'] },
				told: "Not sent: Campaigns, line 1: must be an object of names and values; correct 'campaigns' and call the tool again",
			},
			{
				what: 'another name for the selector',
				args: { customer: 'agent-customer-1', campaigns: [{ name: 'homepage-recs' }] },
				told: "Gravity Field refused this event with status 422; read 'response': a field is missing or wrong: A campaign needs 'Selector' (selector), 'Campaign ID' (campaignId) or 'Group' (group); correct 'campaigns' and call the tool again",
			},
			{
				what: 'a selector and an ID',
				args: {
					customer: 'agent-customer-1',
					campaigns: [{ selector: 'homepage-recs', campaignId: '0123456789abcdef01234567' }],
				},
				told: "Gravity Field refused this event with status 422; read 'response': a field is missing or wrong: A campaign is named once: 'Selector' (selector), 'Campaign ID' (campaignId) or 'Group' (group), not selector and campaignId; correct 'campaigns' and call the tool again",
			},
		],
		stores: 0,
		wrongName: { args: { customer: 'agent-customer-1', selector: 'home' }, missing: 'campaigns' },
		right: { customer: 'agent-customer-1', campaigns: [{ selector: 'homepage-recs' }] },
	},
];
