import type { Choice, Field, ValueType } from '../engine';

import { CLIENT, CURRENCY, paymentFields } from './payments';

const ID: ValueType = { kind: 'text' };
/** The client asks for more than 0 and tells of no decimals. */
const AMOUNT: ValueType = { kind: 'decimal', as: 'number', above: 0, money: true };
const NO_OR_YES: readonly Choice[] = [
	{ value: '0', label: 'No' },
	{ value: '1', label: 'Yes' },
];
const toggle: ValueType = { kind: 'choice', values: NO_OR_YES, toggle: true, as: 'number' };
/** What PHP reads as a duration; the client refuses anything else. */
const DURATION = /^P(?=\d|T\d)(?:\d+Y)?(?:\d+M)?(?:\d+W)?(?:\d+D)?(?:T(?=\d)(?:\d+H)?(?:\d+M)?(?:\d+S)?)?$/;

const known = (field: Omit<Field, 'evidence'>): Field => ({
	...field,
	evidence: 'vendor code',
	source: CLIENT,
});

/** In the order of the client's parameters; which payment has which stands in `storePayments.ts`. */
const own: readonly Field[] = [
	known({
		wire: 'orderId',
		role: 'identifier',
		label: 'Order ID',
		help: "Google's ID of the order",
		type: ID,
		example: 'GPA.1234-5678-9012-34567',
	}),
	known({
		wire: 'transactionId',
		role: 'identifier',
		label: 'Transaction ID',
		help: "Apple's ID of the transaction; keep it as text from the first step on",
		type: ID,
		example: '1234567890098765',
	}),
	known({
		wire: 'productId',
		role: 'identifier',
		label: 'Product ID',
		help: 'ID of the product in the store',
		type: ID,
		example: 'coins_100',
	}),
	known({
		wire: 'price',
		label: 'Price',
		help: 'The price. It is not documented whether it is for one unit or for all of them',
		type: AMOUNT,
		example: '1.99',
	}),
	known({
		wire: 'currency',
		label: 'Currency',
		help: 'The currency of the payment: three letters by ISO 4217, sent in capitals',
		type: CURRENCY,
		example: 'USD',
	}),
	known({
		wire: 'priceCurrencyCode',
		label: 'Price Currency',
		help: 'The currency of the price: three letters by ISO 4217, sent in capitals',
		type: CURRENCY,
		example: 'USD',
	}),
	known({
		wire: 'priceAmountMicros',
		label: 'Price in Micros',
		help: 'The price multiplied by 1,000,000, as Google gives it: 1990000 is 1.99',
		type: { kind: 'integer', min: 1n, as: 'number' },
		example: '1990000',
		explain: (text) =>
			/^\d+\.\d{1,6}$/.test(text)
				? `must be a whole number: the price multiplied by 1,000,000. For ${text} that is ${inMicros(text)}`
				: undefined,
	}),
	known({
		wire: 'revenue',
		label: 'Revenue',
		help: 'The amount of money',
		type: AMOUNT,
		example: '1.99',
	}),
	known({
		wire: 'subscriptionId',
		role: 'identifier',
		label: 'Subscription ID',
		help: 'ID of the subscription in Google Play',
		type: ID,
		example: 'monthly001',
	}),
	{
		wire: 'token',
		role: 'identifier',
		label: 'Purchase Token',
		help: 'The purchase token, with which MyTracker asks Google about the payment. If it is not valid, the payment is stored as unverified',
		type: ID,
		masked: true,
		example: 'opaque-token-up-to-150-characters',
		evidence: 'documented',
	},
	{
		wire: 'isVerified',
		label: 'Verified by You',
		help: 'Use it instead of the purchase token if you have checked the payment yourself. The payment is stored as verified',
		type: { kind: 'choice', values: [{ value: '1', label: 'Yes' }], toggle: true, as: 'number' },
		evidence: 'documented',
	},
	known({
		wire: 'subscriptionPeriod',
		label: 'Subscription Period',
		help: 'How long the subscription runs until it renews, as an ISO 8601 duration: P1M is a month, P1W a week, P1Y a year',
		type: {
			kind: 'text',
			pattern: { is: DURATION, description: 'an ISO 8601 duration such as P1M, P1W or P1Y' },
			rewrite: (text) => text.trim().toUpperCase(),
		},
		example: 'P1M',
	}),
	known({
		wire: 'quantity',
		label: 'Quantity',
		help: 'How many units were bought',
		type: { kind: 'integer', min: 1n, as: 'number' },
		example: '1',
	}),
	known({
		wire: 'transactionIdOriginal',
		role: 'identifier',
		label: 'Original Transaction ID',
		help: "Apple's ID of the first transaction of the subscription",
		type: ID,
		example: '1234567890098765',
	}),
	known({
		wire: 'paymentState',
		label: 'Payment State',
		help: 'Whether money was received or a trial has begun',
		type: {
			kind: 'choice',
			values: [
				{ value: '1', label: 'Received' },
				{ value: '2', label: 'Trial' },
			],
			as: 'number',
		},
	}),
	known({ wire: 'isTrial', label: 'Trial', help: 'Whether it is a trial period', type: toggle }),
	known({
		wire: 'isIntroductory',
		label: 'Introductory Price',
		help: 'Whether the price is introductory',
		type: toggle,
	}),
	known({
		wire: 'startTimeMillis',
		label: 'Start Time',
		help: 'When the subscription began',
		type: { kind: 'time', as: 'millisNumber', ahead: 'any' },
		example: '1693242344000',
	}),
	known({
		wire: 'expiryTimeMillis',
		label: 'Expiry Time',
		help: 'When the subscription ends',
		type: { kind: 'time', as: 'millisNumber', ahead: 'any' },
		example: '1695920744000',
	}),
	known({
		wire: 'tsPaymentOriginal',
		label: 'First Payment Time',
		help: "When the subscription was first paid. The unit is not documented: Unix seconds are sent, as in the client's example",
		type: { kind: 'time', as: 'secondsNumber' },
		example: '1577191920',
	}),
	known({
		wire: 'tsPaymentExpires',
		label: 'Expiry of Payment',
		help: "When the paid period of the subscription ends. The unit is not documented: Unix seconds are sent, as in the client's example",
		type: { kind: 'time', as: 'secondsNumber', ahead: 'any' },
		example: '1579870320',
	}),
];

/** By digits: 1.1 * 1,000,000 is 1100000.0000000002 in binary. */
function inMicros(price: string): string {
	const [whole = '', fraction = ''] = price.split('.');
	return `${whole}${fraction.padEnd(6, '0')}`.replace(/^0+(?=\d)/, '');
}

export const fields: readonly Field[] = [...paymentFields, ...own];
