import type { EventVariants, Field, Variant } from '../engine';

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
const older = (
	value: string,
	label: string,
	help: string,
	needed: readonly Field[],
	more: Pick<Variant, 'knows' | 'own'> = {},
): Variant => ({
	value,
	label: `Vibetrace's Older API: ${label}`,
	help: `${help}; ask your account manager whether your account still accepts it`,
	evidence: 'vendor code',
	needs: needed.map(({ wire }) => ({ field: wire })),
	offers: needed.map(({ wire }) => wire),
	knows: more.knows ?? [],
	own: [...needed, ...(more.own ?? []), referer],
});

export const eventTypes: EventVariants = {
	parameter: 'type',
	travels: true,
	custom: { value: 'customType', label: 'Custom', help: 'Any other type, by its name', field: 'customType' },
	values: [
		{
			value: 'confirmation',
			label: 'Confirmation',
			help: 'A purchase; Vibetrace drops it if its order ID is already stored',
			evidence: 'documented',
			needs: [
				{
					field: 'generic.orderId',
					reason: 'Vibetrace creates one if it is missing, so a repeat counts twice',
					evidence: 'inferred',
				},
			],
			offers: ['generic.orderId', 'generic.total'],
			knows: ['items', 'generic'],
		},
		{
			value: 'login',
			label: 'Login',
			help: 'The person is known; an address that the account does not know may be dropped',
			evidence: 'documented',
			knows: [],
		},
		{
			value: 'update',
			label: 'Update',
			help: 'New values for attributes of a known profile',
			evidence: 'inferred',
			knows: [],
		},
		{
			value: 'generic',
			label: 'Generic',
			help: 'Your own event, named by event_name',
			evidence: 'inferred',
			needs: [{ field: 'generic.event_name' }],
			offers: ['generic.event_name'],
			knows: ['generic'],
		},
		older('viewitem', 'Product View', 'A product was viewed', [itemId]),
		older('viewcategory', 'Category View', 'A category was viewed', [category]),
		older('search', 'Search', 'The visitor searched', [query]),
		older('addtocart', 'Add to Cart', 'One product was put into the cart', [cartId, itemId]),
		older('checkout', 'Checkout', 'One step of the checkout', [cartId], {
			knows: ['items'],
			own: [step, orderDone],
		}),
	],
};
