import { choicesOf, EMAIL, type EventVariants, type Field } from '../engine';

import { genericFields, itemFields } from './fields';
import { attributesForm, DETAILS_FORM, ITEMS_FORM } from './forms';
import { PAGES } from './rest';

/** The types whose content the vendor's pages print. */
export const restTypes: EventVariants = {
	parameter: 'type',
	travels: true,
	custom: { value: 'customType', label: 'Custom', help: 'Any other type, by its name', field: 'customType' },
	values: [
		{
			value: 'confirmation',
			label: 'Confirmation',
			help: 'A purchase; Vibetrace drops it if its order ID is already stored',
			evidence: 'documented',
			offers: ['generic.orderId', 'generic.total'],
			knows: ['items', 'generic'],
		},
		{
			value: 'generic',
			label: 'Generic',
			help: 'Your own event, named by event_name',
			evidence: 'documented',
			offers: ['generic.event_name'],
			knows: ['generic'],
		},
		{
			value: 'update',
			label: 'Update',
			help: 'New values for attributes of the profile',
			evidence: 'documented',
			knows: [],
		},
	],
};

const user: readonly Field[] = [
	{
		wire: 'email',
		personal: true,
		label: 'Email',
		help: "The e-mail address of a user of the account. 'Vibetrace Save User' adds users",
		type: { kind: 'text', pattern: EMAIL, rewrite: (text) => text.trim() },
		example: 'buyer@example.com',
		evidence: 'documented',
	},
	{
		wire: '_id',
		role: 'identifier',
		label: 'User ID',
		help: "Vibetrace's own ID of the user (_id), instead of 'Email'",
		type: { kind: 'text' },
		evidence: 'documented',
	},
	...(
		[
			['tel', 'Phone', 'The phone number, with an order; keep it as text', '0760000000', true],
			['firstname', 'First Name', 'The first name, with an order', 'John', true],
			['lastname', 'Last Name', 'The last name, with an order', 'Doe', true],
			['country', 'Country', 'The country, with an order', 'United States', undefined],
			['city', 'City', 'The city, with an order', 'Boston', undefined],
		] as const
	).map(([wire, label, help, example, personal]): Field => ({
		wire,
		...(personal ? { personal } : {}),
		label,
		help,
		type: { kind: 'text' },
		example,
		evidence: 'documented',
		source: PAGES.order,
	})),
];

/** Members of an order, in the order of the page. */
const ORDER = ['orderId', 'total', 'status', 'coupons', 'phone', 'currency', 'total_shipping'];

const documented = (field: Field, source: string): Field => ({ ...field, evidence: 'documented', source });

const orderDetails = ORDER.flatMap((name) => genericFields.filter(({ wire }) => wire === name)).map((field) =>
	documented(field, PAGES.order),
);
const eventName = genericFields
	.filter(({ wire }) => wire === 'event_name')
	.map((field): Field => ({ ...field, evidence: 'documented' }));

const byType: readonly Field[] = [
	{
		wire: 'update',
		label: 'Update',
		help: 'Attributes of the profile with their new values',
		type: { kind: 'object', fields: [], free: true },
		evidence: 'documented',
	},
	{
		wire: 'generic',
		label: 'Generic',
		help: 'An event of your own. Its content is in a second generic inside',
		type: {
			kind: 'object',
			free: true,
			fields: [
				{
					wire: 'generic',
					label: 'Details',
					help: 'The name of the event (event_name) and names of your own',
					type: { kind: 'object', fields: eventName, free: true },
					evidence: 'documented',
				},
			],
		},
		evidence: 'documented',
	},
	{
		wire: 'confirmation',
		label: 'Confirmation',
		help: 'An order',
		type: {
			kind: 'object',
			free: true,
			fields: [
				{
					wire: 'generic',
					label: 'Order Details',
					help: 'More about the order',
					type: { kind: 'object', fields: orderDetails, free: true },
					evidence: 'documented',
					source: PAGES.order,
				},
				{
					wire: 'items',
					label: 'Items',
					help: 'Lines of the order; prices come from your product feed',
					type: { kind: 'list', of: itemFields.map((field) => documented(field, PAGES.order)) },
					evidence: 'documented',
					source: PAGES.order,
				},
			],
		},
		evidence: 'documented',
		source: PAGES.order,
	},
];

/** What the form asks for: the content of the event, which is named by its type on the wire. */
const ofForm: readonly Field[] = [
	{
		wire: 'type',
		role: 'name',
		formOnly: true,
		label: 'Event Type',
		help: 'What happened. Vibetrace counts every event as happening now, since it has no field for the time',
		type: { kind: 'choice', values: choicesOf(restTypes), open: true },
		required: true,
		example: 'confirmation',
		evidence: 'documented',
	},
	{
		wire: 'customType',
		role: 'name',
		formOnly: true,
		label: 'Custom Event Type',
		help: 'The name of the type, as your account knows it; its content is what you give below',
		type: { kind: 'text' },
		example: 'wishlist',
		evidence: 'inferred',
	},
	{
		wire: 'items',
		formOnly: true,
		label: 'Items',
		help: 'Lines of the order; prices come from your product feed',
		type: { kind: 'list', of: itemFields },
		form: ITEMS_FORM,
		evidence: 'documented',
		source: PAGES.order,
	},
	{
		wire: 'generic',
		formOnly: true,
		label: 'Order or Event Details',
		help: `More about the order or your own event (generic): ${ORDER.join(', ')}, event_name and names of your own`,
		type: { kind: 'object', fields: [...eventName, ...orderDetails], free: true },
		form: DETAILS_FORM,
		example: { orderId: 'order_id_example', total: 234.12 },
		evidence: 'documented',
	},
	{
		wire: 'attributes',
		formOnly: true,
		label: 'Attributes',
		help: 'Names and values directly in the event, such as firstname for an update',
		type: { kind: 'json', as: 'object' },
		form: attributesForm(['firstname', 'Ana']),
		example: { firstname: 'Ana' },
		evidence: 'documented',
	},
];

export const FORM_ONLY: readonly string[] = ofForm.map(({ wire }) => wire);

export const labelOf = (name: string): string =>
	`'${ofForm.find(({ wire }) => wire === name)?.label ?? name}' (${name})`;

/** In the order in which they travel; then what only the form has. */
export const eventFields: readonly Field[] = [
	{
		wire: 'user',
		label: 'User',
		help: 'Who did it: a user of the account, by e-mail address or by ID',
		type: { kind: 'object', fields: user },
		required: true,
		evidence: 'documented',
	},
	{
		wire: 'event',
		itemOnly: true,
		label: 'Event',
		help: 'One member, whose name is the type of the event and whose value is its content',
		type: { kind: 'object', fields: byType, free: true },
		required: true,
		example: { update: { firstname: 'Ana' } },
		evidence: 'documented',
	},
	...ofForm,
];
