import type { Json, Operation } from '../engine';

import { myTrackerCredential } from './credential';
import { fields } from './orderFields';
import { ownerRule, sections } from './payments';
import { searchHints, searchWords } from './searchWords';
import { defaults, REPEATED_AFTER_500, responses, wireForms } from './vendor';

/** The page's sample. It has no ID of a user or a device, although the page asks for one. */
const sample: Json = {
	customUserId: '1234',
	items: [{ item_id: '00912', item_name: 'Apple', quantity: '6' }],
};

export const order: Operation = {
	name: 'myTrackerOrder',
	vendor: 'MyTracker',
	title: 'Order',
	documentation: 'https://docs.tracker.my.com/api/s2s-api/import-ecomm?lang=en',
	searchWords: searchWords.order,
	searchHint: searchHints.order,
	credential: myTrackerCredential,
	notices: [
		{ text: 'For what happens to an order outside the website and the app, such as a payment in the CRM' },
		{
			text: "Fill in 'User ID', or a device ID in 'Mobile App Parameters' or 'Website Parameters', or both",
		},
	],
	fields,
	sections,
	rules: [ownerRule(fields, 'order', 'documented')],
	...wireForms('order', fields),
	responses,
	defaults,
	samples: [
		{
			of: 'orderBatch, first element, with a user',
			event: { ...sample, order_id: '000919', status: 'ADD' },
		},
		{
			of: 'orderBatch, second element, with a user',
			event: { ...sample, order_id: '000930', status: 'PAY' },
		},
	],
	limits: [
		'At most 20 orders in a batch (documented)',
		'At most 10,000 bytes of JSON in one request (documented as "10Kb"; read as 10,000 bytes of the whole body)',
		'One order that breaks a rule makes MyTracker refuse its whole batch (documented), and a refused batch stores nothing (inferred)',
		'For products the page shows ID, name and quantity; the other names come from the page about e-commerce in the browser (inferred)',
		'Numbers of products are sent as text, as the page prints the quantity (documented for the quantity, inferred for the others)',
		'A repeated order may count twice: several events may have the same order ID, so MyTracker may not recognize a repeat',
		'Orders appear in reports within 4 hours (documented)',
		REPEATED_AFTER_500,
	],
};
