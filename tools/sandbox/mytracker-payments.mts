/**
 * MyTracker's payments. The parameter tables of the page "Import payments" could not be read; the vendor's own client
 * (tracker-my-com/s2s-api 2.2.1) stands in for them. It asks for no identifier, so the sandbox does not either.
 */
import type { JsonNode, JsonObject } from './json.mts';
import { isIntegerNode, kindOf } from './json.mts';
import type { Check, Method } from './mytracker-fields.mts';
import { SHARED, text } from './mytracker-fields.mts';
import type { Refusal } from './types.mts';

/** A JSON number; the text form was never seen. */
const number =
	(good: (value: number) => boolean, rule: string): Check =>
	(node) => {
		if (node.kind !== 'number') return `must be a JSON number, is ${kindOf(node)}`;
		return good(Number(node.source)) ? undefined : rule;
	};
const positive = number((value) => value > 0, 'must be above 0');
const integer =
	(...values: number[]): Check =>
	(node) => {
		if (!isIntegerNode(node)) return `must be a bare JSON integer, is ${kindOf(node)}`;
		if (values.length)
			return values.includes(Number(node.source)) ? undefined : `must be one of ${values.join(', ')}`;
		return Number(node.source) > 0 ? undefined : 'must be above 0';
	};
/** The client counts bytes. */
const bytes =
	(min: number, max: number): Check =>
	(node) => {
		if (node.kind !== 'string') return `must be a JSON string, is ${kindOf(node)}`;
		const length = Buffer.byteLength(node.value);
		return length >= min && length <= max
			? undefined
			: `must have ${min === max ? max : `${min} to ${max}`} bytes, has ${length}`;
	};
const id = text(1, Infinity);
const currency = bytes(3, 3);
const PERIOD = /^P(?=\d|T\d)(?:\d+Y)?(?:\d+M)?(?:\d+W)?(?:\d+D)?(?:T(?=\d)(?:\d+H)?(?:\d+M)?(?:\d+S)?)?$/;
const period = text(1, Infinity, (value) =>
	PERIOD.test(value) ? undefined : 'must be an ISO 8601 duration, as P1M',
);

const method = (own: Record<string, Check>, optional: string[], rest: Partial<Method> = {}): Method => ({
	parameters: { ...SHARED, ...own },
	required: Object.keys(own).filter((name) => !optional.includes(name)),
	...rest,
});

const product = { transactionId: id, productId: id, price: positive, currency };

/** "Import payments", Google Play: a transaction that was sent already gives no error and is removed. */
const order = (event: JsonObject) => {
	const node = event.members.get('orderId');
	return node?.kind === 'string' ? `googlePlay ${node.value}` : undefined;
};

/** "One of the parameters must be passed": a MyTracker that gets both or neither does not process the request. */
function tokenOrVerified(event: JsonObject): Refusal[] {
	const token = given(event.members.get('token'));
	const verified = given(event.members.get('isVerified'));
	if (token !== verified) return [];
	return [
		{
			field: 'token',
			reason: token ? 'token and isVerified exclude each other' : 'token or isVerified is required',
		},
	];
}

/** The client counts an empty token and an isVerified of 0 as absent. */
function given(node: JsonNode | undefined): boolean {
	if (node?.kind === 'string') return node.value !== '';
	return node?.kind === 'number' && Number(node.source) !== 0;
}

export const PAYMENT_METHODS: Record<string, Method> = {
	customRevenue: method(
		{ idTransaction: bytes(1, 255), currency, total: number((value) => value >= 0, 'must not be below 0') },
		[],
	),
	googlePlayProductTransaction: method(
		{
			orderId: id,
			productId: id,
			currency,
			revenue: positive,
			token: text(0, Infinity),
			isVerified: integer(0, 1),
		},
		['token', 'isVerified'],
		{ across: tokenOrVerified, key: order },
	),
	googlePlaySubscriptionTransaction: method(
		{
			orderId: id,
			priceCurrencyCode: currency,
			priceAmountMicros: integer(),
			subscriptionId: id,
			paymentState: integer(1, 2),
			isIntroductory: integer(0, 1),
			startTimeMillis: integer(),
			expiryTimeMillis: integer(),
		},
		['paymentState', 'isIntroductory', 'startTimeMillis', 'expiryTimeMillis'],
		{ key: order },
	),
	googlePlaySubscriptionToken: method(
		{ orderId: id, subscriptionId: id, token: id, subscriptionPeriod: period },
		[],
	),
	appStoreProductTransaction: method({ ...product, quantity: integer() }, ['quantity']),
	appStoreSubscriptionTransaction: method(
		{
			...product,
			transactionIdOriginal: id,
			quantity: integer(),
			isTrial: integer(0, 1),
			isIntroductory: integer(0, 1),
			tsPaymentOriginal: integer(),
			tsPaymentExpires: integer(),
		},
		['quantity', 'isTrial', 'isIntroductory', 'tsPaymentOriginal', 'tsPaymentExpires'],
	),
};
