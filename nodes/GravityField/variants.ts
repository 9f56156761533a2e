import type { EventVariants, Variant } from '../engine';

/** Type, label, and the name that the vendor's SDKs send unless told otherwise. */
type Names = readonly [type: string, label: string, sdkName?: string];

interface Fields {
	needs?: readonly string[];
	/** At least one of these. */
	oneOf?: readonly string[];
	takes?: readonly string[];
}

const knownFields = ({ needs = [], oneOf = [], takes = [] }: Fields): string[] => [
	...needs,
	...takes,
	...oneOf,
];

/** A type of the vendor's SDKs. The page shows one shape for all types and marks nothing as required. */
const sdkType = ([value, label, sdkName]: Names, fields: Fields): Variant => ({
	value,
	label,
	...(sdkName ? { examples: { name: sdkName } } : {}),
	help: `Sent as ${value}`,
	evidence: 'vendor code',
	needs: fields.needs?.map((field) => ({ field })),
	knows: knownFields(fields),
});

/**
 * A type known from the vendor's web API and a product alike only. Whether API v2 reads its fields beside the type or
 * among the custom properties is not known, so both places count.
 */
const unconfirmedType = ([value, label]: Names, fields: Fields): Variant => ({
	value,
	label: `Unconfirmed: ${label}`,
	help: `Sent as ${value}, which is not confirmed for API v2`,
	evidence: 'inferred',
	needs: fields.needs?.map((field) => ({ field })),
	needsOneOf: fields.oneOf ? [{ fields: fields.oneOf }] : undefined,
	knows: knownFields(fields),
	alsoIn: 'customProps',
});

const PERSON = ['hashedEmail', 'cuid', 'cuidType'];

const SDK_TYPES: ReadonlyArray<readonly [Names, Fields]> = [
	[
		['add-to-cart-v1', 'Add to Cart', 'Add to Cart'],
		{ needs: ['value', 'productId', 'quantity'], takes: ['currency', 'cart'] },
	],
	[
		['remove-from-cart-v1', 'Remove From Cart', 'Remove from Cart'],
		{ needs: ['value', 'productId', 'quantity'], takes: ['currency', 'cart'] },
	],
	[['sync-cart-v1', 'Sync Cart', 'Sync cart'], { needs: ['value'], takes: ['currency', 'cart'] }],
	[
		['purchase-v1', 'Purchase', 'Purchase'],
		{ needs: ['value', 'cart', 'uniqueTransactionId'], takes: ['currency'] },
	],
	// The SDKs send no currency here; the page has one shape for all types.
	[
		['add-to-wishlist-v1', 'Add to Wishlist', 'Add to Wishlist'],
		{ needs: ['value', 'productId'], takes: ['currency'] },
	],
	[['signup-v1', 'Sign-Up', 'Signup'], { takes: PERSON }],
	[['login-v1', 'Login', 'Login'], { takes: PERSON }],
];

const UNCONFIRMED_TYPES: ReadonlyArray<readonly [Names, Fields]> = [
	[['keyword-search-v1', 'Keyword Search'], { needs: ['keywords'] }],
	[['enter-promo-code-v1', 'Promo Code'], { needs: ['code'] }],
	[['sort-items-v1', 'Sort Items'], { needs: ['sortBy', 'sortOrder'] }],
	[
		['filter-items-v1', 'Filter Items'],
		{ needs: ['filterType'], oneOf: ['filterStringValue', 'filterNumericValue'] },
	],
	[['newsletter-subscription-v1', 'Newsletter Subscription'], { takes: PERSON }],
	[['change-attr-v1', 'Attribute Change'], { needs: ['attributeType', 'attributeValue'] }],
];

/** The names that the vendor's own SDKs send. */
export const SDK_NAMES: readonly string[] = SDK_TYPES.flatMap(([[, , sdkName]]) => sdkName ?? []);

export const eventTypes: EventVariants = {
	parameter: 'type',
	travels: true,
	custom: { value: 'customType', label: 'Custom Event', help: 'Any type of your own', field: 'customType' },
	values: [
		...SDK_TYPES.map(([names, fields]) => sdkType(names, fields)),
		...UNCONFIRMED_TYPES.map(([names, fields]) => unconfirmedType(names, fields)),
	],
};
