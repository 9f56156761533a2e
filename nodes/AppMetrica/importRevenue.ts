import type { Choice, Field, Operation } from '../engine';

import { appMetricaCredential } from './credential';
import { device, deviceSection, EITHER_ID, eventTime, identity, sessionType } from './fields';
import {
	AMOUNT,
	CURRENCY,
	currencyRule,
	LIMITS_OF_MONEY,
	notBelowZero,
	PAYLOAD,
	PAYLOAD_FORM,
	payloadRule,
} from './money';
import { rules } from './rules';
import { defaults, limitsOf, PAGES, responses, wireForms, EMPTY_CELLS } from './vendor';
import { searchHints, searchWords } from './searchWords';

const TYPES: readonly Choice[] = [
	{ value: 'one_time_purchase', label: 'One-Time Purchase', help: 'A product was bought once' },
	{ value: 'trial_started', label: 'Trial Started', help: 'A subscription began with a trial period' },
	{ value: 'intro_started', label: 'Intro Offer Started', help: 'A subscription began with an intro offer' },
	{ value: 'promo_started', label: 'Promo Offer Started', help: 'A subscription began with a promo offer' },
	{
		value: 'subscription_converted',
		label: 'Subscription Converted',
		help: 'The full price was paid for the first time after an offer',
	},
	{
		value: 'subscription_started',
		label: 'Subscription Started',
		help: 'A subscription began without an offer',
	},
	{ value: 'subscription_renewed', label: 'Subscription Renewed', help: 'The next period was paid' },
	{
		value: 'cancellation',
		label: 'Subscription Canceled',
		help: 'Nothing more will be charged; a paid period may be left',
	},
	{
		value: 'uncancellation',
		label: 'Subscription Switched On Again',
		help: 'The user withdrew the cancellation in the settings of the Apple ID',
	},
	{ value: 'expired', label: 'Subscription Expired', help: 'The paid period is over' },
	{ value: 'billing_issues', label: 'Billing Issues', help: 'The payment of the next period failed' },
	{ value: 'refund', label: 'Refund', help: 'A purchase or subscription was refunded' },
];

const price: Field = {
	wire: 'price',
	label: 'Price',
	help: 'The amount of money; 0 if nothing is paid, for example for a trial. The documentation does not say whether a refund is above or below 0.',
	type: AMOUNT,
	required: true,
	example: '1999.90',
	evidence: 'documented',
};
const currency: Field = {
	wire: 'currency',
	label: 'Currency',
	help: 'The currency of the price, sent in capitals',
	type: CURRENCY,
	required: true,
	example: 'RUB',
	evidence: 'documented',
};
const payload: Field = {
	wire: 'payload',
	label: 'Payload',
	help: 'Names and values of your own that belong to the purchase',
	type: PAYLOAD,
	form: PAYLOAD_FORM,
	example: { source: 'site' },
	evidence: 'documented',
};

const fields: readonly Field[] = [
	...identity,
	{
		wire: 'revenue_event_type',
		label: 'Event Type',
		help: 'What happened to the purchase or subscription; exports call some types differently',
		type: { kind: 'choice', values: TYPES },
		required: true,
		evidence: 'documented',
	},
	...eventTime,
	price,
	currency,
	{
		wire: 'product_id',
		role: 'identifier',
		label: 'Product ID',
		help: 'The ID of the product or subscription',
		// The length at which the SDK cuts; for uploads no page has one.
		type: { kind: 'text', max: 200, evidence: { max: 'inferred' } },
		required: true,
		example: 'premium_year',
		evidence: 'documented',
	},
	{
		wire: 'quantity',
		label: 'Quantity',
		help: 'How many were bought',
		type: { kind: 'integer', min: 1n, as: 'text', evidence: { min: 'inferred' } },
		vendorDefault: '1',
		example: '1',
		evidence: 'documented',
	},
	payload,
	{
		wire: 'transaction_id',
		role: 'identifier',
		label: 'Transaction ID',
		help: 'Unique ID of the transaction; AppMetrica does not document that it recognizes a repeat by this ID',
		// "int" in the format block, text in both samples.
		type: { kind: 'text' },
		example: 'transact1',
		evidence: 'documented',
	},
	{
		wire: 'order_id',
		role: 'identifier',
		label: 'Order ID',
		help: 'ID of the order; AppMetrica does not document that it recognizes a repeat by this ID',
		type: { kind: 'text' },
		example: '8101',
		evidence: 'documented',
	},
	...sessionType,
	...device,
];

const sampled = {
	appmetrica_device_id: '1757762239877245682',
	event_timestamp: '1689943892',
	price: '0.0001',
	currency: 'USD',
	device_model: 'iPhone X',
	device_type: 'phone',
};

export const importRevenue: Operation = {
	name: 'appMetricaImportRevenue',
	vendor: 'AppMetrica',
	title: 'Import Revenue',
	documentation: `${PAGES}/post-revenue`,
	searchWords: searchWords.importRevenue,
	searchHint: searchHints.importRevenue,
	credential: appMetricaCredential,
	notices: [EITHER_ID],
	fields,
	sections: [deviceSection],
	rules: [
		...rules,
		currencyRule([currency]),
		payloadRule([payload]),
		notBelowZero(price, { field: 'revenue_event_type', is: 'refund', because: 'nothing is refunded' }),
	],
	options: [EMPTY_CELLS],
	...wireForms({ path: 'revenue', fields }),
	responses,
	defaults,
	samples: [
		{
			of: 'the query sample and the first row of the CSV sample, without account_id, currency in capitals',
			event: {
				...sampled,
				revenue_event_type: 'promo_started',
				product_id: 'some_product1',
				quantity: '1',
				transaction_id: 'transact1',
				order_id: '8101',
			},
		},
		{
			of: 'the second row of the CSV sample, without account_id, currency in capitals',
			event: {
				...sampled,
				revenue_event_type: 'expired',
				product_id: 'some_product2',
				quantity: '2',
				transaction_id: 'transact2',
				order_id: '1234',
			},
		},
	],
	limits: limitsOf(
		[
			...LIMITS_OF_MONEY,
			'Uploaded revenue is never checked with a store and always counts as valid (documented)',
			'Revenue does not count towards the daily limit of events (documented)',
			'Currency and product ID have no star in the table of parameters and no brackets in the format block: they are taken as required',
		],
		{ aged: true },
	),
};
