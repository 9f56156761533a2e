import { isAbsent, without, type Json, type Operation, type Rule } from '../engine';

import { myTrackerCredential } from './credential';
import { ownerRule, PAYMENT_LIMITS, PAYMENTS_PAGE, sections } from './payments';
import { searchHints, searchWords } from './searchWords';
import { fields } from './storeFields';
import { GOOGLE_PLAY_PRODUCT, storePayments } from './storePayments';
import { defaults, responses, wireForms } from './vendor';

const EITHER = "'Purchase Token' (token) or 'Verified by You' (isVerified)";

const tokenOrVerified: Rule = {
	description: 'Google Play: Product needs exactly one of token and isVerified',
	evidence: 'documented',
	check: ({ token, isVerified }, { variant }) => {
		if (variant !== GOOGLE_PLAY_PRODUCT || isAbsent(token) !== isAbsent(isVerified)) return [];
		const message = isAbsent(token)
			? `The payment has neither: give ${EITHER}. MyTracker does not process it without`
			: `The payment has both: give either ${EITHER}. MyTracker does not process it with both`;
		return [{ field: 'token', message }];
	},
};

/** Below a hundredth of the currency: most likely a price that was not multiplied. */
const LEAST_MICROS = 10_000;
const micros: Rule = {
	description: `priceAmountMicros: at least ${LEAST_MICROS.toLocaleString('en-US')}, which is 0.01`,
	evidence: 'inferred',
	check: ({ priceAmountMicros: amount }) =>
		typeof amount === 'number' && amount > 0 && amount < LEAST_MICROS
			? [
					{
						field: 'priceAmountMicros',
						message: `'Price in Micros' (priceAmountMicros) is ${amount}, less than 0.01: it is the price multiplied by 1,000,000`,
					},
				]
			: [],
};

const timeOfDay: Rule = {
	description: 'subscriptionPeriod: years, months, weeks and days, without hours, minutes and seconds',
	evidence: 'inferred',
	check: ({ subscriptionPeriod: period }) =>
		typeof period === 'string' && period.includes('T')
			? [
					{
						field: 'subscriptionPeriod',
						message: "'Subscription Period' (subscriptionPeriod) has hours, minutes or seconds",
					},
				]
			: [],
};

/** The client counts an `isVerified` of 0 as absent, which is what a table holds where there is a token. */
function withoutUnverified(event: Json): Json {
	const isNo = ['0', 'false'].includes(String(event.isVerified).trim().toLowerCase());
	return isNo ? without(event, ['isVerified']) : event;
}

const shared: Json = { customUserId: '1234' };
const ZEROS = '00000000-0000-0000-0000-000000000000';

export const storePayment: Operation = {
	name: 'myTrackerStorePayment',
	vendor: 'MyTracker',
	title: 'Store Payment',
	documentation: PAYMENTS_PAGE,
	searchWords: searchWords.storePayment,
	searchHint: searchHints.storePayment,
	credential: myTrackerCredential,
	clientStandsIn: true,
	variants: storePayments,
	notices: [
		{
			text: "Fill in 'User ID', or a device ID in 'Mobile App Parameters' or 'Website Parameters', or both",
		},
		{
			text: "Fill in either 'Purchase Token' or 'Verified by You'",
			variants: { payment: [GOOGLE_PLAY_PRODUCT] },
		},
		{
			text: 'Send the payments of the subscription first. The token is only useful if the Google Play credentials are entered in MyTracker.',
			variants: { payment: ['googlePlaySubscriptionToken'] },
		},
	],
	fields,
	sections,
	rules: [ownerRule(fields, 'payment', 'inferred'), tokenOrVerified, micros, timeOfDay],
	normalize: (mapped) => ({ event: withoutUnverified(mapped), issues: [] }),
	...wireForms(undefined, fields),
	responses: {
		...responses,
		advice: {
			...responses.advice,
			404: "MyTracker does not know this address; check the base URL in the credential. The batch methods of store payments are known from MyTracker's client alone: try 'Send As' Single",
		},
	},
	// "Re-sent or already tracked transactions give no error and are removed": payments of Google Play, not tokens.
	repeatIsSafe: ({ orderId, revenue, priceAmountMicros }) =>
		!isAbsent(orderId) && !(isAbsent(revenue) && isAbsent(priceAmountMicros)),
	defaults,
	samples: [
		{
			of: "appStoreProductTransaction, by the tests of the vendor's client",
			event: {
				...shared,
				transactionId: '1234567890098765',
				productId: '001',
				price: 1.99,
				currency: 'USD',
				quantity: 2,
			},
		},
		{
			of: "googlePlayProductTransaction, by the tests of the vendor's client",
			event: {
				gaid: ZEROS,
				orderId: '234-1234-1234-12345',
				productId: '001',
				currency: 'USD',
				revenue: 10,
				isVerified: 1,
			},
			variant: GOOGLE_PLAY_PRODUCT,
		},
		{
			of: "googlePlaySubscriptionTransaction, by the tests of the vendor's client",
			event: {
				...shared,
				orderId: '234-1234-1234-12345',
				priceCurrencyCode: 'USD',
				priceAmountMicros: 5_990_000,
				subscriptionId: 'monthly001',
				paymentState: 1,
				isIntroductory: 0,
				startTimeMillis: 1_693_242_344_000,
			},
			variant: 'googlePlaySubscriptionTransaction',
		},
	],
	limits: [
		...PAYMENT_LIMITS,
		"The page names the methods for one payment; those for a batch are known from MyTracker's client (vendor code)",
		'A payment of Google Play that is sent again, or that MyTracker has tracked already, gives no error and is removed (documented): it is repeated after a lost answer. Nothing is said about the App Store',
		'Send history in the order of time, otherwise the figures of first payments are wrong (documented for Google Play): sort the items, and set the option Concurrent Requests to 1',
		'Enter the credentials of Google Play and the App Store in MyTracker before you send old payments (documented for Google Play)',
		'Receipts of the App Store (appStoreSubscriptionReceipt) are not sent: most are longer than a request may be',
	],
};
