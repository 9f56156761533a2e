import type { Choice, Field } from '../engine';

/** What one event type asks for. Rules, and what the form shows and requires, are made from the list below. */
export interface EventType {
	name: string;
	label: string;
	help: string;
	/** What it cannot do without: fields of the event, members of `generic`, or its own attributes. */
	required: ReadonlyArray<{ path: string; because?: string }>;
	/** The compound fields it knows. */
	has: ReadonlyArray<'items' | 'generic'>;
	/** Its other fields are attributes of the profile, whose names are the user's own. */
	takesAttributes?: true;
	needsAttribute?: true;
	/** Attributes that it names itself. */
	own?: readonly Field[];
}

/** Value of the form's choice that says: the type stands in `customType`. Never sent. */
export const CUSTOM_TYPE = 'customType';

const own = (wire: string, label: string, help: string, type: Field['type'] = { kind: 'text' }): Field => ({
	wire,
	label,
	help,
	type,
	evidence: 'vendor code',
});

const itemId = own('itemId', 'Product ID', 'The product as the feed names it');
const cartId = own('cartId', 'Cart ID', "The cart's ID in your own system");
const category = own('category', 'Category', "The category in the feed's own words");
const query = own('query', 'Query', 'The text that the visitor typed');
const step = own('step', 'Step', 'The step of the checkout');
const orderDone = own('confirmation', 'Order Done', 'Whether the order is placed with this step', {
	kind: 'boolean',
});
/** Common to all types of the older API. */
const referer = own('referer', 'Referer', 'The page from which the visitor came');

/** A type that Vibetrace's repository of its retired API lists; its current pages do not. */
function older(
	name: string,
	label: string,
	help: string,
	needed: readonly Field[],
	more: Partial<EventType> = {},
): EventType {
	return {
		name,
		label: `${label} (Older Name)`,
		help: `${help}; ask your account manager whether your account still takes it`,
		required: needed.map(({ wire }) => ({ path: wire })),
		has: [],
		...more,
		own: [...needed, ...(more.own ?? []), referer],
	};
}

export const EVENT_TYPES: readonly EventType[] = [
	{
		name: 'confirmation',
		label: 'Confirmation',
		help: 'A purchase; an order ID that is stored already is thrown away',
		required: [
			{
				path: 'generic.orderId',
				because: 'Vibetrace makes one up where there is none, and a repeat counts twice',
			},
		],
		has: ['items', 'generic'],
	},
	{
		name: 'login',
		label: 'Login',
		help: 'The person is known; an address that the account does not know may be dropped',
		required: [{ path: 'email' }],
		has: [],
		takesAttributes: true,
	},
	{
		name: 'update',
		label: 'Update',
		help: 'New values for attributes of a known profile',
		required: [],
		has: [],
		takesAttributes: true,
		needsAttribute: true,
	},
	{
		name: 'generic',
		label: 'Generic',
		help: 'Your own event, named by event_name',
		required: [{ path: 'generic.event_name' }],
		has: ['generic'],
	},
	older('viewitem', 'Product View', 'A product was looked at', [itemId]),
	older('viewcategory', 'Category View', 'A category was looked at', [category]),
	older('search', 'Search', 'The visitor searched', [query]),
	older('addtocart', 'Add to Cart', 'One product was put into the cart', [cartId, itemId]),
	older('checkout', 'Checkout', 'One step of the checkout', [cartId], {
		has: ['items'],
		own: [step, orderDone],
	}),
];

/** What the form offers: the known types, and the way to any other. */
export const typeChoices: readonly Choice[] = [
	...EVENT_TYPES.map(({ name, label, help }) => ({ value: name, label, help })),
	{ value: CUSTOM_TYPE, label: 'Custom', help: 'Any other type, by its name' },
];

const BY_NAME = new Map(EVENT_TYPES.map((type) => [type.name, type]));

/** Undefined for a custom type. */
export const eventTypeOf = (name: unknown): EventType | undefined => BY_NAME.get(String(name));

/** Names of the types that do not know a compound field. */
export const typesWithout = (name: 'items' | 'generic'): string[] =>
	EVENT_TYPES.filter(({ has }) => !has.includes(name)).map((type) => type.name);

/** Names of the types that cannot do without a field. */
export const typesThatNeed = (path: string): string[] =>
	EVENT_TYPES.filter(({ required }) => required.some((need) => need.path === path)).map(({ name }) => name);
