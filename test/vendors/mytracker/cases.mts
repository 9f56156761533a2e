import type { IDataObject } from 'n8n-workflow';

import type { ChangingMapping, OperationCase } from '../../support/cases.mts';

const answers = {
	accepted: { statusCode: 200, headers: { 'content-type': 'application/json' }, body: '{"message": "OK"}' },
	mostRequests: 5_000,
	refusal: { status: 400, body: '{"error": "Bad Request"}' },
	silent: [501, 502, 504, 505],
	notStored: [500, 503],
};

/** A user and nothing else: the id of the test stands in the browser's name. */
const userEvent: OperationCase = {
	good: (userAgent) => ({ customUserId: 'ann', userAgent }),
	refused: (userAgent) => ({ customUserId: 'sandbox-refuse', userAgent }),
	invalid: (userAgent) => ({ userAgent }),
	idOf: ({ event }) => String(event.userAgent),
	withText: (userAgent, text) => ({ customUserId: text, userAgent }),
	textsOf: ({ event }) => [event.customUserId],
	ofPerson: (userAgent, person) => ({ customUserId: person, userAgent }),
	...answers,
};

const myTrackerCustomEvent: OperationCase = {
	good: (id) => ({ customUserId: 'ann', customEventName: 'bought', customEventParams: { ref: id } }),
	refused: (id) => ({
		customUserId: 'sandbox-refuse',
		customEventName: 'bought',
		customEventParams: { ref: id },
	}),
	invalid: (id) => ({ customUserId: 'ann', customEventParams: { ref: id } }),
	idOf: ({ event }) => (event.customEventParams as { ref: string }).ref,
	withText: (ref, text) => ({
		customUserId: text,
		customEventName: text,
		customEventParams: { ref, text, [`k${text}`]: 'own' },
	}),
	textsOf: ({ event }) => {
		const params = event.customEventParams as Record<string, string>;
		return [
			event.customUserId,
			event.customEventName,
			params.text,
			Object.keys(params)
				.find((name) => params[name] === 'own')
				?.slice(1),
		];
	},
	ofPerson: (ref, person) => ({
		customUserId: person,
		customEventName: 'bought',
		customEventParams: { ref },
	}),
	...answers,
};

const payment = (customUserId: string, idTransaction: string) => ({
	customUserId,
	idTransaction,
	currency: 'RUB',
	total: '499.90',
});
const myTrackerCustomRevenue: OperationCase = {
	good: (id) => payment('ann', id),
	refused: (id) => payment('sandbox-refuse', id),
	invalid: (id) => ({ ...payment('ann', id), currency: 'RU' }),
	idOf: ({ event }) => String(event.idTransaction).split(' ', 1)[0],
	// A user of white space alone is none, and none is needed.
	withText: (id, text) => ({ ...payment('ann', `${id} ${text}`), userAgent: text }),
	textsOf: ({ event }) => {
		const id = String(event.idTransaction);
		return [id.slice(id.indexOf(' ') + 1), event.userAgent];
	},
	ofPerson: (id, person) => payment(person, id),
	...answers,
};

const storePayment = (customUserId: string, transactionId: string) => ({
	customUserId,
	transactionId,
	productId: '001',
	price: '1.99',
	currency: 'USD',
});
/** In the App Store: of Google Play's payments a repeat is safe. */
const myTrackerStorePayment: OperationCase = {
	good: (id) => storePayment('ann', id),
	refused: (id) => storePayment('sandbox-refuse', id),
	invalid: (id) => ({ ...storePayment('ann', id), price: 0 }),
	idOf: ({ event }) => String(event.transactionId).split(' ', 1)[0],
	withText: (id, text) => ({ ...storePayment('ann', `${id} ${text}`), userAgent: text }),
	textsOf: ({ event }) => {
		const id = String(event.transactionId);
		return [id.slice(id.indexOf(' ') + 1), event.userAgent];
	},
	ofPerson: (id, person) => storePayment(person, id),
	...answers,
};

const order = (customUserId: string, order_id: string, more: IDataObject = {}) => ({
	customUserId,
	order_id,
	status: 'REFUND',
	items: [{ item_id: '00912', item_name: 'Apple', quantity: 6, ...more }],
});
const myTrackerOrder: OperationCase = {
	good: (id) => order('ann', id),
	refused: (id) => order('sandbox-refuse', id),
	invalid: (id) => ({ ...order('ann', id), status: 'PAID' }),
	idOf: ({ event }) => String(event.order_id),
	withText: (id, text) => ({ ...order('ann', id, { item_variant: text }), userAgent: text, coupon: text }),
	textsOf: ({ event }) => [
		event.userAgent,
		event.coupon,
		(event.items as Array<{ item_variant: string }>)[0].item_variant,
	],
	ofPerson: (id, person) => order(person, id),
	...answers,
};

export const cases = {
	myTrackerCustomEvent,
	myTrackerRegistration: userEvent,
	myTrackerLogin: userEvent,
	myTrackerCustomRevenue,
	myTrackerStorePayment,
	myTrackerOrder,
};

export const changing: ChangingMapping = {
	node: 'myTrackerCustomEvent',
	parameters: {
		customEventName: '={{ $json.text }}{{ $vars.next() }}',
		customUserId: '={{ $json.user }}',
		customEventParamsMode: 'json',
		customEventParamsJson: '={{ { ref: $json.id } }}',
	},
	nameOf: ({ event }) => event.customEventName,
};
