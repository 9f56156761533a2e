import omit from 'lodash/omit.js';

import { fromAI, IN_MILLISECONDS, MILLISECONDS, minutesAgo, type ToolCalls } from './calls.mts';

const order = {
	order: 'agent-order-2',
	status: 'PAY',
	user: 'agent-1',
	products: '[{"item_id":"p1","item_name":"Tea","quantity":1,"price":10.5}]',
	currency: 'RUB',
	time: minutesAgo(5),
};

const storePayment = {
	kind: 'appStoreProductTransaction',
	transaction: '1000000123',
	order: '',
	product: 'com.example.gold',
	price: '1.99',
	revenue: '',
	currency: 'USD',
	user: 'agent-1',
};

const revenue = {
	transaction: 'agent-payment-1',
	currency: 'RUB',
	total: '1999.90',
	user: 'agent-1',
	time: minutesAgo(5),
};

export const MY_TRACKER: readonly ToolCalls[] = [
	{
		tool: 'Track custom event',
		node: 'myTrackerCustomEvent',
		credential: 'myTrackerApi',
		vendor: 'myTracker',
		parameters: {
			mappingMode: 'defineBelow',
			platform: 'app',
			customEventName: "={{ $fromAI('event_name', 'Name of the event', 'string') }}",
			customUserId: "={{ $fromAI('user_id', 'ID of the user', 'string') }}",
			common: { eventTimestamp: "={{ $fromAI('event_time', 'When it happened', 'string') }}" },
			sendAs: 'single',
		},
		asks: ['event_name', 'event_time', 'user_id'],
		wrong: [
			{
				what: 'a time in another format',
				args: { event_name: 'levelUp', user_id: 'agent-1', event_time: '25.11.2026 10:00' },
				told: "Not sent: 'Event Time' (eventTimestamp) is not a time: \"25.11.2026 10:00\"; give it as ISO 8601, such as 2026-11-22T09:30:00+03:00; correct 'event_time' and call the tool again",
			},
			{
				what: 'a time in words',
				args: { event_name: 'levelUp', user_id: 'agent-1', event_time: 'yesterday' },
				told: "Not sent: 'Event Time' (eventTimestamp) is not a time: \"yesterday\"; give Unix seconds, an ISO 8601 date such as 2026-11-22T09:30:00+03:00, or a date value; correct 'event_time' and call the tool again",
			},
			{
				what: 'a time in milliseconds',
				args: { event_name: 'levelUp', user_id: 'agent-1', event_time: MILLISECONDS },
				told: `Not sent: 'Event Time' (eventTimestamp) ${IN_MILLISECONDS}; correct 'event_time' and call the tool again`,
			},
			{
				what: 'nothing where a value is required',
				args: { event_name: '', user_id: 'agent-1', event_time: minutesAgo(5) },
				told: "Not sent: 'Event Name' (customEventName) is required; correct 'event_name' and call the tool again",
			},
		],
		wrongName: {
			args: { name: 'levelUp', user_id: 'agent-1', event_time: minutesAgo(5) },
			missing: 'event_name',
		},
		right: { event_name: 'levelUp', user_id: 'agent-1', event_time: minutesAgo(5) },
	},
	{
		tool: 'Report order',
		node: 'myTrackerOrder',
		credential: 'myTrackerApi',
		vendor: 'myTracker',
		parameters: {
			mappingMode: 'defineBelow',
			order_id: fromAI('order', 'Number of the order'),
			status: fromAI('status', 'What happened to the order'),
			customUserId: fromAI('user', 'ID of the customer'),
			// A text, as many builders leave it.
			items: fromAI('products', 'The products as JSON'),
			currency_code: fromAI('currency', 'Currency of the prices'),
			common: { eventTimestamp: fromAI('time', 'When it happened') },
			sendAs: 'single',
		},
		asks: ['currency', 'order', 'products', 'status', 'time', 'user'],
		wrong: [
			{
				what: 'another word for a status',
				args: { ...order, status: 'shipped' },
				told: `Not sent: 'Status' (status) must be ADD (Added), PAY (Paid), CANCEL (Cancellation) or REFUND, not "shipped"; correct 'status' and call the tool again`,
			},
			{
				what: 'a word that means a status',
				args: { ...order, status: 'paid' },
				told: `Not sent: 'Status' (status) must be ADD (Added), PAY (Paid), CANCEL (Cancellation) or REFUND, not "paid"; did you mean PAY (Paid)?; correct 'status' and call the tool again`,
			},
			{
				what: 'products in words',
				args: { ...order, products: 'Tea, 1' },
				told: `Not sent: 'Products' (items) must be a list or its JSON text, and this text is not JSON: a value is missing at character 1, before "Tea, 1"; correct 'products' and call the tool again`,
			},
			{
				what: 'JSON in single quotes',
				args: { ...order, products: "[{'item_id':'p1'}]" },
				told: `Not sent: 'Products' (items) must be a list or its JSON text, and this text is not JSON: a name in double quotes is missing at character 3, before "'item_id':'p"; correct 'products' and call the tool again`,
			},
			{
				what: 'one product instead of a list',
				args: { ...order, products: '{"item_id":"p1","item_name":"Tea"}' },
				told: "Not sent: 'Products' (items) must be a list or its JSON text, not an object; put it into [ ]; correct 'products' and call the tool again",
			},
			{
				what: 'other names in the products',
				args: { ...order, products: '[{"sku":"p1","qty":1,"price":10.5}]' },
				told: "MyTracker refused this event with status 400; MyTracker does not say why, so check the event's fields against its documentation: Products, line 1: has sku, qty; needs 'Product ID' (item_id), 'Product Name' (item_name); correct 'products' and call the tool again",
			},
			{
				what: 'a time in milliseconds',
				args: { ...order, time: MILLISECONDS },
				told: `MyTracker refused this event with status 400; MyTracker does not say why, so check the event's fields against its documentation: 'Event Time' (eventTimestamp) ${IN_MILLISECONDS}; correct 'time' and call the tool again`,
			},
			{
				what: 'nobody',
				args: { ...order, user: '' },
				told: "Not sent: The order has neither a user ID nor a device ID: give at least one of 'User ID' (customUserId), 'Web Device ID' (lvid), 'App Device ID' (instanceId), 'IDFA' (idfa), 'IDFV' (iosVendorId), 'Google Advertising ID' (gaid), 'App Set ID' (appSetId), 'Android ID' (androidId); correct 'user' and call the tool again",
			},
		],
		wrongName: { args: { ...omit(order, 'order'), order_id: 'o1' }, missing: 'order' },
		right: order,
	},
	{
		tool: 'Report store payment',
		node: 'myTrackerStorePayment',
		credential: 'myTrackerApi',
		vendor: 'myTracker',
		parameters: {
			mappingMode: 'defineBelow',
			payment: fromAI('kind', 'What was paid in which store'),
			transactionId: fromAI('transaction', 'ID of the transaction in the App Store'),
			orderId: fromAI('order', 'Number of the order in Google Play'),
			productId: fromAI('product', 'ID of the product'),
			price: fromAI('price', 'Price in the App Store'),
			revenue: fromAI('revenue', 'Price in Google Play'),
			currency: fromAI('currency', 'Currency'),
			customUserId: fromAI('user', 'ID of the user'),
			sendAs: 'single',
		},
		asks: ['currency', 'kind', 'order', 'price', 'product', 'revenue', 'transaction', 'user'],
		wrong: [
			{
				what: 'another word for the kind',
				args: { ...storePayment, kind: 'app store' },
				told: "Not sent: 'Payment' must be one of appStoreProductTransaction, appStoreSubscriptionTransaction, googlePlayProductTransaction, googlePlaySubscriptionTransaction, googlePlaySubscriptionToken; correct 'kind' and call the tool again",
			},
			{
				what: 'the kind of the other store',
				args: { ...storePayment, kind: 'googlePlayProductTransaction' },
				told: "Not sent: 'Order ID' (orderId) is required for Google Play: Product. The event has all that App Store: Product requires: set 'Payment' (payment) to 'App Store: Product' (appStoreProductTransaction); 'Revenue' (revenue) is required for Google Play: Product; the payment has neither: give 'Purchase Token' (token) or 'Verified by You' (isVerified). MyTracker does not process it without; correct 'order' and 'kind' and 'revenue' and call the tool again",
			},
			{
				what: 'no ID of the transaction',
				args: { ...storePayment, transaction: '' },
				told: "Not sent: 'Transaction ID' (transactionId) is required for App Store: Product; correct 'transaction' and call the tool again",
			},
			{
				what: 'a price with its currency',
				args: { ...storePayment, price: '$1.99' },
				told: `Not sent: 'Price' (price) must be a number such as 1999.90, not "$1.99"; correct 'price' and call the tool again`,
			},
			{
				what: 'a currency in words',
				args: { ...storePayment, currency: 'dollars' },
				told: `Not sent: 'Currency' (currency) must have exactly 3 characters and has 7: "dollars"; correct 'currency' and call the tool again`,
			},
		],
		wrongName: { args: { ...omit(storePayment, 'kind'), payment: 'x' }, missing: 'kind' },
		right: storePayment,
	},
	{
		tool: 'Report revenue',
		node: 'myTrackerCustomRevenue',
		credential: 'myTrackerApi',
		vendor: 'myTracker',
		parameters: {
			mappingMode: 'defineBelow',
			idTransaction: fromAI('transaction', 'ID of the payment'),
			currency: fromAI('currency', 'Currency'),
			total: fromAI('total', 'What was paid'),
			customUserId: fromAI('user', 'ID of the user'),
			common: { eventTimestamp: fromAI('time', 'When it was paid') },
			sendAs: 'single',
		},
		asks: ['currency', 'time', 'total', 'transaction', 'user'],
		wrong: [
			{
				what: 'an amount as people write it',
				args: { ...revenue, total: '1 999,90 ₽' },
				told: `Not sent: 'Total' (total) must be a number such as 1999.90, not "1 999,90 ₽"; correct 'total' and call the tool again`,
			},
			{
				what: 'a time in words',
				args: { ...revenue, time: 'last friday' },
				told: `Not sent: 'Event Time' (eventTimestamp) is not a time: "last friday"; give Unix seconds, an ISO 8601 date such as 2026-11-22T09:30:00+03:00, or a date value; correct 'time' and call the tool again`,
			},
			{
				what: 'a text where no value was found',
				args: { ...revenue, user: 'undefined' },
				told: "Not sent: 'User ID' (customUserId) is the text 'undefined'; give its real value; correct 'user' and call the tool again",
			},
		],
		wrongName: { args: { ...omit(revenue, 'total'), amount: '1999.90' }, missing: 'total' },
		right: revenue,
	},
];
