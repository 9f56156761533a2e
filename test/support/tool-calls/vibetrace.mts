import omit from 'lodash/omit.js';

import { fromAI, type ToolCalls } from './calls.mts';

const confirmation = {
	order: 'agent-order-5',
	total: '10.50',
	email: 'buyer@example.com',
	products: '[{"id":"SKU-1","quantity":1}]',
};

const login = { user: 'agent-1', session: 's-1', attributes: { city: 'Cluj' } };

const contact = { email: 'buyer@example.com', attributes: { firstname: 'Ana' } };

const shipped = {
	email: 'buyer@example.com',
	order: 'agent-order-6',
	products: [{ id: 'SKU-1', quantity: 1 }],
};

const REFUSED =
	"Vibetrace refused this event with status 400; Vibetrace documents no reasons, so compare the event with Vibetrace's documentation and its type with those of your account";

export const VIBETRACE: readonly ToolCalls[] = [
	{
		tool: 'Confirm order',
		node: 'vibetraceSendEvent',
		credential: 'vibetraceApi',
		vendor: 'vibetrace',
		parameters: {
			mappingMode: 'defineBelow',
			type: 'confirmation',
			orderId: fromAI('order', 'Number of the order'),
			total: fromAI('total', 'Total of the order'),
			email: fromAI('email', 'Address of the buyer'),
			// A text, as many builders leave it.
			items: fromAI('products', 'The products as JSON: id and quantity'),
		},
		asks: ['email', 'order', 'products', 'total'],
		wrong: [
			{
				what: 'a name instead of an address',
				args: { ...confirmation, email: 'Ana' },
				told: "Not sent: 'Email' (email) must be an e-mail address such as buyer@example.com; correct 'email' and call the tool again",
			},
			{
				what: 'nobody',
				args: { ...confirmation, email: '' },
				told: "Not sent: The event has no identification: give 'User ID' (userId) with 'Session ID' (sessionId), or 'Email' (email), or 'Correlation ID' (_vtsid); correct 'email' and call the tool again",
			},
			{
				what: 'a total as people write it',
				args: { ...confirmation, total: '10,5 lei' },
				told: `Not sent: 'Total' (total) must be a number such as 1999.90, not "10,5 lei"; correct 'total' and call the tool again`,
			},
			{
				what: 'products in words',
				args: { ...confirmation, products: 'SKU-1 x 2' },
				told: `Not sent: 'Items' (items) must be a list or its JSON text, and this text is not JSON: a value is missing at character 1, before "SKU-1 x 2"; correct 'products' and call the tool again`,
			},
			{
				what: 'JSON that ends too early',
				args: { ...confirmation, products: '[{"id":"SKU-1"' },
				told: "Not sent: 'Items' (items) must be a list or its JSON text, and this text is not JSON: a comma or } is missing at character 15, where the text ends; correct 'products' and call the tool again",
			},
			{
				what: 'names only',
				args: { ...confirmation, products: '["SKU-1"]' },
				told: "Not sent: Items, line 1: must be an object of names and values; correct 'products' and call the tool again",
			},
			{
				what: 'other names in the products',
				args: { ...confirmation, products: '[{"sku":"SKU-1","qty":1}]' },
				told: `${REFUSED}: Items, line 1: has sku, qty; needs 'Product ID' (id), 'Quantity' (quantity); correct 'products' and call the tool again`,
			},
		],
		wrongName: { args: { ...omit(confirmation, 'order'), order_id: '5' }, missing: 'order' },
		right: confirmation,
	},
	{
		tool: 'Report login',
		node: 'vibetraceSendEvent',
		credential: 'vibetraceApi',
		vendor: 'vibetrace',
		parameters: {
			mappingMode: 'defineBelow',
			type: 'login',
			userId: fromAI('user', 'ID of the user'),
			sessionId: fromAI('session', 'ID of the session'),
			attributes: fromAI('attributes', 'Attributes of the user', 'json'),
		},
		asks: ['attributes', 'session', 'user'],
		wrong: [
			{
				what: 'a user without a session',
				args: { ...login, session: '' },
				told: "Not sent: 'User ID' (userId) and 'Session ID' (sessionId) go together; 'Session ID' (sessionId) is missing; correct 'session' and call the tool again",
			},
			{
				what: 'an attribute inside another',
				args: { ...login, attributes: { address: { city: 'Cluj' } } },
				told: `${REFUSED}: The attribute 'address' must be a single value: text, a number, true or false; correct 'attributes' and call the tool again`,
			},
			{
				what: 'a text where no value was found',
				args: { ...login, user: '[object Object]' },
				told: "Not sent: 'User ID' (userId) holds the text '[object Object]'; give what the object holds; correct 'user' and call the tool again",
			},
		],
		wrongName: { args: { ...omit(login, 'user'), email: 'buyer@example.com' }, missing: 'user' },
		right: login,
	},
	{
		tool: 'Save contact',
		node: 'vibetraceSaveUser',
		credential: 'vibetraceApi',
		vendor: 'vibetrace',
		parameters: {
			mappingMode: 'defineBelow',
			email: fromAI('email', 'Address of the contact'),
			attributes: fromAI('attributes', 'Attributes of the contact', 'json'),
		},
		asks: ['attributes', 'email'],
		wrong: [
			{
				what: 'two contacts in one call',
				args: { ...contact, email: 'buyer@example.com, other@example.com' },
				told: "Not sent: 'Email' (email) must be an e-mail address such as buyer@example.com; correct 'email' and call the tool again",
			},
			{
				what: 'no address',
				args: { ...contact, email: '' },
				told: "Not sent: 'Email' (email) is required; correct 'email' and call the tool again",
			},
			{
				what: 'the address among the attributes',
				args: { ...contact, attributes: { email: 'buyer@example.com', firstname: 'Ana' } },
				told: "Not sent: An attribute cannot be called 'email', which is a field of the user itself; correct 'attributes' and call the tool again",
			},
			{
				what: 'a list of attributes of two contacts',
				args: { ...contact, attributes: [{ firstname: 'Ana' }, { firstname: 'Ion' }] },
				told: "Not sent: 'Attributes' (attributes) must be an object of names and values, or its JSON text; correct 'attributes' and call the tool again",
			},
		],
		wrongName: { args: { user: 'buyer@example.com', attributes: { firstname: 'Ana' } }, missing: 'email' },
		right: contact,
	},
	{
		tool: 'Create order event',
		node: 'vibetraceCreateEvent',
		credential: 'vibetraceApi',
		vendor: 'vibetrace',
		parameters: {
			mappingMode: 'defineBelow',
			type: 'confirmation',
			user: { email: fromAI('email', 'Address of the buyer') },
			orderId: fromAI('order', 'Number of the order'),
			items: fromAI('products', 'The products: id and quantity', 'json'),
		},
		asks: ['email', 'order', 'products'],
		wrong: [
			{
				what: 'an ID instead of an address',
				args: { ...shipped, email: 'agent-1' },
				told: "Not sent: 'Email' (email) must be an e-mail address such as buyer@example.com; correct 'email' and call the tool again",
			},
			{
				what: 'nobody',
				args: { ...shipped, email: '' },
				told: "Not sent: 'User' (user) needs 'Email' (email) or 'User ID' (_id); correct 'email' and call the tool again",
			},
			{
				what: 'a number in words',
				args: { ...shipped, products: [{ id: 'SKU-1', quantity: 'two' }] },
				told: `Not sent: Items, line 1: 'Quantity' (quantity) must be a number such as 1999.90, not "two"; correct 'products' and call the tool again`,
			},
			{
				what: 'a product without a number',
				args: { ...shipped, products: [{ id: 'SKU-1' }] },
				told: `Vibetrace refused this event with status 400: "Invalid data format/type: Error validating event"; correct what Vibetrace names; see its answer in 'response': Items, line 1: 'Quantity' (quantity) is required; correct 'products' and call the tool again`,
			},
		],
		wrongName: { args: { ...omit(shipped, 'email'), user: 'buyer@example.com' }, missing: 'email' },
		right: shipped,
	},
];
