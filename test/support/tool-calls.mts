/** Calls of a model that uses two nodes as tools: the mistakes that models make, what they are told, and the corrected calls. */
import omit from 'lodash/omit.js';
import type { IDataObject, INodeParameters } from 'n8n-workflow';

export interface ToolCalls {
	/** The name of the tool in a workflow. */
	tool: string;
	/** Short name of the node, and its credential. */
	node: string;
	credential: string;
	vendor: 'myTracker' | 'gravityField';
	parameters: INodeParameters;
	/** The arguments that the model is asked for. */
	asks: readonly string[];
	wrong: ReadonlyArray<{ what: string; args: IDataObject; told: string }>;
	/** n8n checks the names itself, before the node runs. */
	wrongName: { args: IDataObject; missing: string };
	right: IDataObject;
}

const minutesAgo = (minutes: number): string => new Date(Date.now() - minutes * 60_000).toISOString();

const purchase = {
	title: 'Purchase',
	total: '1999.90',
	order_id: 'agent-order-1',
	cart: [{ productId: 'SKU-1', quantity: 1, itemPrice: 1999.9 }],
	paid_at: minutesAgo(5),
	customer_id: 'agent-customer-1',
};

export const TOOL_CALLS: readonly ToolCalls[] = [
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
				what: 'nothing where a value is required',
				args: { ...purchase, title: '' },
				told: "Gravity Field refused this event with status 422; read 'response': a field is missing or wrong: 'Event Name' (name) is required; correct 'title' and call the tool again",
			},
		],
		wrongName: { args: { ...omit(purchase, 'order_id'), order: '7' }, missing: 'order_id' },
		right: purchase,
	},
];
