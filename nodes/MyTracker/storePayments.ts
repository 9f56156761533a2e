import type { ParameterVariants, Variant } from '../engine';

import { batchOf } from './vendor';

export const GOOGLE_PLAY_PRODUCT = 'googlePlayProductTransaction';

/** The value is the vendor's name of the method. */
const payment = (
	value: string,
	label: string,
	help: string,
	needs: readonly string[],
	takes: readonly string[] = [],
): Variant => ({
	value,
	label,
	help,
	evidence: 'vendor code',
	method: { single: value, batch: batchOf(value) },
	needs: needs.map((field) => ({ field })),
	knows: [...needs, ...takes],
});

const appStore = ['transactionId', 'productId', 'price', 'currency'];

export const storePayments: ParameterVariants = {
	parameter: 'payment',
	travels: false,
	label: 'Payment',
	help: 'What was paid for and in which store; it decides which MyTracker method and which fields are used',
	default: 'appStoreProductTransaction',
	values: [
		payment(
			'appStoreProductTransaction',
			'App Store: Product',
			'A product bought in the App Store',
			appStore,
			['quantity'],
		),
		payment(
			'appStoreSubscriptionTransaction',
			'App Store: Subscription',
			'A payment of a subscription in the App Store',
			[...appStore, 'transactionIdOriginal'],
			['quantity', 'isTrial', 'isIntroductory', 'tsPaymentOriginal', 'tsPaymentExpires'],
		),
		payment(
			GOOGLE_PLAY_PRODUCT,
			'Google Play: Product',
			'A product bought in Google Play',
			['orderId', 'productId', 'currency', 'revenue'],
			['token', 'isVerified'],
		),
		payment(
			'googlePlaySubscriptionTransaction',
			'Google Play: Subscription',
			'A payment of a subscription in Google Play',
			['orderId', 'priceCurrencyCode', 'priceAmountMicros', 'subscriptionId'],
			['paymentState', 'isIntroductory', 'startTimeMillis', 'expiryTimeMillis'],
		),
		payment(
			'googlePlaySubscriptionToken',
			'Google Play: Subscription Token',
			'The token of a subscription, by which MyTracker follows the renewals itself',
			['orderId', 'subscriptionId', 'token', 'subscriptionPeriod'],
		),
	],
};
