import { choicesOf, EMAIL, type Field } from '../engine';

import { COOKIE_EXAMPLE } from './cookie';
import { attributesForm, DETAILS_FORM, ITEMS_FORM } from './forms';
import { eventTypes } from './variants';

const SOME_TEXT = { is: /\S/, description: 'text that is not blank' };
/** A URL folds a step of one or two dots away. */
const TYPE_NAME = {
	is: /^(?!\.{1,2}$)/,
	description: `${eventTypes.values.map(({ value }) => value).join(', ')} or any other name but . and ..`,
};

/**
 * The members of `generic` that a page of the vendor names; others are the user's own. Inferred: printed for the
 * REST API, whose events have the same content.
 */
export const genericFields: readonly Field[] = [
	{
		wire: 'event_name',
		role: 'name',
		label: 'Event Name',
		help: 'The name of your own event, for a generic event',
		type: { kind: 'text', pattern: SOME_TEXT, evidence: { pattern: 'inferred' } },
		example: 'my_event',
		evidence: 'inferred',
	},
	{
		wire: 'orderId',
		role: 'identifier',
		label: 'Order ID',
		help: 'The ID of the order in your own system. Vibetrace drops a second confirmation with the same ID',
		type: { kind: 'text', pattern: SOME_TEXT, evidence: { pattern: 'inferred' } },
		example: 'order_id_example',
		evidence: 'documented',
	},
	{
		wire: 'total',
		label: 'Total',
		help: 'The total of the order. It counts only if it is higher than the sum of the prices in the product feed',
		type: { kind: 'decimal', as: 'number', money: true },
		example: 234.12,
		evidence: 'documented',
	},
	{
		wire: 'email',
		personal: true,
		label: 'Email',
		help: "The buyer's address",
		type: { kind: 'text', pattern: EMAIL },
		example: 'buyer@example.com',
		evidence: 'documented',
	},
	{
		wire: 'coupons',
		label: 'Coupons',
		help: 'Discount codes of the order',
		type: { kind: 'texts' },
		example: ['code_a', 'code_b'],
		evidence: 'inferred',
	},
	{
		wire: 'status',
		label: 'Status',
		help: 'State of the order, in your own words',
		type: { kind: 'text' },
		example: 'order_status',
		evidence: 'inferred',
	},
	{
		wire: 'phone',
		personal: true,
		label: 'Phone',
		help: "The buyer's number; keep it as text, so that a leading zero stays",
		type: { kind: 'text' },
		example: '0775123123',
		evidence: 'inferred',
	},
	{
		wire: 'currency',
		label: 'Currency',
		help: 'Currency of the order',
		type: { kind: 'text' },
		example: 'RON',
		evidence: 'inferred',
	},
	{
		wire: 'total_shipping',
		label: 'Shipping Cost',
		help: 'What the delivery cost',
		type: { kind: 'decimal', as: 'number', money: true },
		example: 22,
		evidence: 'inferred',
	},
];

export const itemFields: readonly Field[] = [
	{
		wire: 'id',
		role: 'identifier',
		label: 'Product ID',
		help: "The product's ID in your shop and in your product feed",
		type: { kind: 'text', pattern: SOME_TEXT, evidence: { pattern: 'inferred' } },
		required: 'inferred',
		example: '123123-M',
		evidence: 'documented',
	},
	{
		wire: 'quantity',
		label: 'Quantity',
		help: 'Units bought',
		// The page prints whole numbers only; that none is below one is our reading.
		type: {
			kind: 'integer',
			min: 1n,
			as: 'number',
			evidence: { min: 'inferred', whole: 'inferred' },
		},
		required: 'inferred',
		example: 2,
		evidence: 'documented',
	},
];

/** Rows in the order in which the page's samples print them. */
export const fields: readonly Field[] = [
	{
		wire: 'userId',
		role: 'identifier',
		label: 'User ID',
		help: "The visitor's ID from Vibetrace's web pixel, together with 'Session ID'",
		type: { kind: 'text' },
		example: '8139618027113397',
		evidence: 'documented',
	},
	{
		wire: 'sessionId',
		role: 'identifier',
		label: 'Session ID',
		help: "The visitor's session from Vibetrace's web pixel; keep it as text, it has more digits than a number holds",
		type: { kind: 'text' },
		example: '253412802711339765',
		evidence: 'documented',
	},
	{
		wire: '_vtsid',
		role: 'identifier',
		label: 'Correlation ID',
		help: "Your own ID (_vtsid), which an earlier event must have sent together with 'User ID' and 'Session ID'",
		type: { kind: 'text' },
		evidence: 'documented',
	},
	{
		wire: 'type',
		role: 'name',
		label: 'Event Type',
		help: 'What happened. Vibetrace counts every event as happening now, since it has no field for the time',
		type: { kind: 'choice', values: choicesOf(eventTypes), open: TYPE_NAME },
		required: true,
		example: 'confirmation',
		evidence: 'documented',
	},
	{
		wire: 'customType',
		role: 'name',
		formOnly: true,
		label: 'Custom Event Type',
		help: 'The name of the type, as your account knows it',
		type: { kind: 'text' },
		example: 'wishlist',
		evidence: 'inferred',
	},
	{
		wire: 'email',
		personal: true,
		label: 'Email',
		help: "An e-mail address that the account already has, instead of 'User ID' and 'Session ID'. It does not subscribe anybody",
		type: { kind: 'text', pattern: EMAIL },
		example: 'buyer@example.com',
		evidence: 'documented',
	},
	{
		wire: 'vtUserCookie',
		personal: true,
		label: 'Visitor Cookie',
		formOnly: true,
		help: "The value of the cookie _vt_user: split by underscore, its first part is 'User ID' and its second 'Session ID'",
		type: { kind: 'text' },
		example: COOKIE_EXAMPLE,
		evidence: 'documented',
	},
	{
		wire: 'items',
		label: 'Items',
		help: 'Lines of the order; prices come from your product feed',
		type: { kind: 'list', of: itemFields },
		form: ITEMS_FORM,
		evidence: 'documented',
	},
	{
		wire: 'generic',
		label: 'Order or Event Details',
		help: 'More about the order or your own event (generic): orderId, total, email, coupons, status, phone, currency, total_shipping, event_name and names of your own',
		type: { kind: 'object', fields: genericFields, free: true },
		form: DETAILS_FORM,
		example: { orderId: 'order_id_example', total: 234.12 },
		evidence: 'documented',
	},
	{
		wire: 'attributes',
		formOnly: true,
		label: 'Attributes',
		help: 'Other names and values of the event, such as source for a login or firstname for an update',
		type: { kind: 'json', as: 'object' },
		form: attributesForm(['source', 'newsletter']),
		example: { source: 'source_type' },
		evidence: 'documented',
	},
	{
		wire: 'callback',
		label: 'Callback',
		help: 'Any text. Vibetrace then returns its answer as a call of this name (JSONP), which the node reads as well. The other parameter of the URL, ts, is a random number that the node adds',
		type: { kind: 'text' },
		example: 'vt',
		isRare: true,
		evidence: 'documented',
	},
];

/** The form asks for them; they never travel under these names. */
export const FORM_ONLY: readonly string[] = ['customType', 'vtUserCookie', 'attributes'];

const NAMES = new Set(fields.map(({ wire }) => wire));

/** Names that no attribute may have: it would overwrite a field of the event or be taken for one. */
export const isReserved = (name: string): boolean => NAMES.has(name);

/** How a field, or a member of `generic`, is named to the user. */
export function nameOfPath(path: string): string {
	const [root, member] = path.split('.');
	const field =
		member === undefined
			? fields.find(({ wire }) => wire === root)
			: genericFields.find(({ wire }) => wire === member);
	return `'${field?.label ?? path}' (${path})`;
}

/** What stands beside the event's own fields. */
export const attributeNames = (event: Readonly<Record<string, unknown>>): string[] =>
	Object.keys(event).filter((name) => !NAMES.has(name));
