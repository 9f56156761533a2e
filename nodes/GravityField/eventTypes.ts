import type { Choice } from '../engine';

/** What one value of the form's 'Event Type' stands for. `type` and `name` are required and not repeated here. */
export interface EventType {
	/** The vendor's `type`. */
	type: string;
	label: string;
	/** The name that the vendor's SDKs send unless told otherwise. */
	sdkName?: string;
	required: readonly string[];
	optional: readonly string[];
	/** At least one of these. */
	oneOf?: readonly string[];
	/** Known from the vendor's web API and a product alike only: whether API v2 reads it is not known. */
	unconfirmed?: true;
}

/** The form's value for a type of one's own, whose text stands in `customType`; never sent. */
export const CUSTOM = 'customType';

/** The one type whose empty cart says something: the cart was emptied. */
export const SYNC_CART = 'sync-cart-v1';

/** Fields of every type. */
export const COMMON: readonly string[] = ['type', 'name', 'eventTime', 'customProps'];

/** The one list of types with their fields: the rules, the form's conditions and its options are made from it. */
export const EVENT_TYPES: readonly EventType[] = [
	{
		type: 'add-to-cart-v1',
		label: 'Add to Cart',
		sdkName: 'Add to Cart',
		required: ['value', 'productId', 'quantity'],
		optional: ['currency', 'cart'],
	},
	{
		type: 'remove-from-cart-v1',
		label: 'Remove From Cart',
		sdkName: 'Remove from Cart',
		required: ['value', 'productId', 'quantity'],
		optional: ['currency', 'cart'],
	},
	{
		type: SYNC_CART,
		label: 'Sync Cart',
		sdkName: 'Sync cart',
		required: ['value'],
		optional: ['currency', 'cart'],
	},
	{
		type: 'purchase-v1',
		label: 'Purchase',
		sdkName: 'Purchase',
		required: ['value', 'cart', 'uniqueTransactionId'],
		optional: ['currency'],
	},
	{
		type: 'add-to-wishlist-v1',
		label: 'Add to Wishlist',
		sdkName: 'Add to Wishlist',
		required: ['value', 'productId'],
		optional: [],
	},
	{
		type: 'signup-v1',
		label: 'Sign-Up',
		sdkName: 'Signup',
		required: [],
		optional: ['hashedEmail', 'cuid', 'cuidType'],
	},
	{
		type: 'login-v1',
		label: 'Login',
		sdkName: 'Login',
		required: [],
		optional: ['hashedEmail', 'cuid', 'cuidType'],
	},
	{ type: CUSTOM, label: 'Custom Event', required: ['customType'], optional: ['cart', 'cuid', 'cuidType'] },
	{
		type: 'keyword-search-v1',
		label: 'Keyword Search',
		required: ['keywords'],
		optional: [],
		unconfirmed: true,
	},
	{ type: 'enter-promo-code-v1', label: 'Promo Code', required: ['code'], optional: [], unconfirmed: true },
	{
		type: 'sort-items-v1',
		label: 'Sort Items',
		required: ['sortBy', 'sortOrder'],
		optional: [],
		unconfirmed: true,
	},
	{
		type: 'filter-items-v1',
		label: 'Filter Items',
		required: ['filterType'],
		optional: [],
		oneOf: ['filterStringValue', 'filterNumericValue'],
		unconfirmed: true,
	},
	{
		type: 'newsletter-subscription-v1',
		label: 'Newsletter Subscription',
		required: [],
		optional: ['hashedEmail', 'cuid', 'cuidType'],
		unconfirmed: true,
	},
	{
		type: 'change-attr-v1',
		label: 'Attribute Change',
		required: ['attributeType', 'attributeValue'],
		optional: [],
		unconfirmed: true,
	},
];

const uses = ({ required, optional, oneOf }: EventType, field: string): boolean =>
	COMMON.includes(field) ||
	required.includes(field) ||
	optional.includes(field) ||
	oneOf?.includes(field) === true;

/**
 * Values of `type` in the form under which a field is not shown: the listed types that do not have it, and none chosen
 * yet. A type that is not in the list, or comes from an expression, shows every field.
 */
export const hiddenFor = (field: string): string[] =>
	COMMON.includes(field)
		? []
		: ['', ...EVENT_TYPES.filter((entry) => !uses(entry, field)).map(({ type }) => type)];

/** Types for which the form may insist on a field: fields of an unconfirmed type may also stand in `customProps`. */
export const insistedFor = (field: string): string[] =>
	EVENT_TYPES.filter(({ required, unconfirmed }) => !unconfirmed && required.includes(field)).map(
		({ type }) => type,
	);

/** The entry of a type as it travels; a type of one's own has none. */
export const entryOf = (type: unknown): EventType | undefined =>
	EVENT_TYPES.find((entry) => entry.type === type && entry.type !== CUSTOM);

/** The types as options of the form. */
export const typeChoices: readonly Choice[] = EVENT_TYPES.map(({ type, label, unconfirmed }) => ({
	value: type,
	label: unconfirmed ? `${label} (Not Confirmed for API V2)` : label,
	help:
		type === CUSTOM
			? 'Any type of your own'
			: `Sent as ${type}${unconfirmed ? ', which is not confirmed for API v2' : ''}`,
}));
