import type { Field, Operation } from '../engine';

import { myTrackerCredential } from './credential';
import {
	CLIENT,
	CURRENCY,
	ownerRule,
	PAYMENT_LIMITS,
	paymentFields,
	PAYMENTS_PAGE,
	sections,
} from './payments';
import { defaults, responses, wireForms } from './vendor';
import { searchHints, searchWords } from './searchWords';

/** What all payments have comes first, in the order of the client's samples. */
const fields: readonly Field[] = [
	...paymentFields,
	{
		wire: 'idTransaction',
		also: ['transactionId', 'orderId', 'paymentId'],
		role: 'identifier',
		label: 'Transaction ID',
		help: 'Your own ID of the payment, such as the number of the order. MyTracker does not document that it recognizes a repeat by this ID',
		// The client's comment says characters, its code counts bytes.
		type: { kind: 'text', maxBytes: 255 },
		required: true,
		example: 'order1234',
		evidence: 'vendor code',
		source: CLIENT,
	},
	{
		wire: 'currency',
		also: ['currency_code', 'priceCurrencyCode'],
		label: 'Currency',
		help: 'The currency of the total: three letters by ISO 4217, sent in capitals',
		type: CURRENCY,
		required: true,
		example: 'RUB',
		evidence: 'vendor code',
		source: CLIENT,
	},
	{
		wire: 'total',
		also: ['amount', 'sum', 'price', 'revenue', 'value'],
		label: 'Total',
		help: 'The amount of money. It is never below 0: MyTracker has no method for refunds of custom revenue',
		type: {
			kind: 'decimal',
			as: 'number',
			min: 0,
			// "4-digit precision" by a comment of the client, which does not look at it.
			places: { after: 4 },
			money: true,
			evidence: { places: 'inferred' },
		},
		required: true,
		example: '1999.90',
		evidence: 'vendor code',
		source: CLIENT,
	},
];

export const customRevenue: Operation = {
	name: 'myTrackerCustomRevenue',
	vendor: 'MyTracker',
	title: 'Custom Revenue',
	documentation: PAYMENTS_PAGE,
	searchWords: searchWords.customRevenue,
	searchHint: searchHints.customRevenue,
	credential: myTrackerCredential,
	clientStandsIn: true,
	notices: [
		{
			text: "Custom revenue is for payments that no other method covers, such as offline sales. If you send advertising revenue, or purchases and subscriptions of Google Play and the App Store, as custom revenue, MyTracker's figures become wrong.",
		},
		{
			text: "Fill in 'User ID', or a device ID in 'Mobile App Parameters' or 'Website Parameters', or both",
		},
	],
	fields,
	sections,
	rules: [ownerRule(fields, 'payment', 'inferred')],
	...wireForms('customRevenue', fields),
	responses,
	defaults,
	samples: [
		{
			of: "customRevenue, the sample of the vendor's client",
			event: {
				customUserId: '100500',
				lvid: '00000000000000000000000000000001',
				idTransaction: 'order1',
				currency: 'USD',
				total: 4.5,
			},
		},
		{
			of: "customRevenueBatch, the second element in the sample of the vendor's client",
			event: { customUserId: '42', idTransaction: 'order2', currency: 'RUB', total: 3000 },
		},
	],
	limits: [
		...PAYMENT_LIMITS,
		'Advertising revenue and purchases or subscriptions of Google Play and the App Store do not belong here: they distort the figures (documented)',
		'A repeated payment may count twice: nothing says that MyTracker recognizes its transaction ID',
	],
};
