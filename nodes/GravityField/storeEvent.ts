import type { Json, Operation } from '../engine';

import { normalize } from './normalize';
import { gravityFieldCredential } from './credential';
import { fields } from './fields';
import { rules } from './rules';
import { eventTypes } from './variants';
import { responses, defaults, DOCUMENTATION, limits, options, wireForm } from './vendor';
import { searchHints, searchWords } from './searchWords';

/** The page's sample, as it is printed. */
const shared: Json = {
	user: {
		uid: 'stringstringstringstring',
		ses: 'string',
		attributes: { property1: 'string', property2: 'string' },
	},
	ctx: {
		type: 'HOMEPAGE',
		data: ['string'],
		lng: 'string',
		location: 'string',
		pageNumber: 0,
		referrer: 'string',
		utm: {
			utm_source: 'string',
			utm_medium: 'string',
			utm_campaign: 'string',
			utm_term: 'string',
			utm_content: 'string',
		},
		attributes: { property1: 'string', property2: 'string' },
	},
	device: {
		userTime: '2019-08-24T14:15:22Z',
		ua: 'string',
		ip: '192.168.0.1',
		id: 'string',
		tracking: 'notDetermined',
		permission: 'provisional',
	},
	options: { isReturnCounter: false, isReturnUserInfo: false },
};
/** What the page prints for any text. n8n's lint would read it as the label of a choice beside the type. */
const ANY_TEXT = 'string';
const addToCart: Json = {
	type: 'add-to-cart-v1',
	name: ANY_TEXT,
	currency: 'RUB',
	value: 0,
	quantity: 0,
	productId: 'string',
	cart: [{ productId: 'string', quantity: 0, itemPrice: 0 }],
	eventTime: '2019-08-24T14:15:22Z',
	customProps: { property1: 'string', property2: 'string' },
};

export const storeEvent: Operation = {
	name: 'gravityFieldStoreEvent',
	vendor: 'Gravity Field',
	title: 'Store Event',
	documentation: DOCUMENTATION,
	searchWords: searchWords.storeEvent,
	searchHint: searchHints.storeEvent,
	credential: gravityFieldCredential,
	variants: eventTypes,
	notices: [
		{
			text: "Identify the customer in 'User': fill in 'Gravity Field User ID', or 'Your User ID' together with 'Session ID'. Otherwise Gravity Field stores the event for a new visitor.",
		},
		{ text: 'Gravity Field marks this endpoint as "Developing", so its fields may still change' },
	],
	fields,
	sections: [],
	rules,
	normalize,
	listOf: 'data',
	options,
	single: wireForm,
	batch: wireForm,
	responses,
	defaults,
	samples: [
		{ of: 'Store event, the sample body', event: { ...shared, ...addToCart } },
		{ of: 'Store event, the sample body with its list', event: { ...shared, data: [addToCart] } },
	],
	limits,
};
