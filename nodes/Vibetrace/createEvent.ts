import {
	isAbsent,
	isPlainObject,
	textOf,
	unfold,
	userText,
	type Issue,
	type Json,
	type Operation,
	type Rule,
} from '../engine';

import { putAttributes, readNames } from './attributes';
import { vibetraceRestCredential } from './credential';
import { eventFields, FORM_ONLY, labelOf, restTypes } from './eventFields';
import { jsonForm, orderingKeyBy, limits, PAGES, responsesOf } from './rest';
import { defaults } from './vendor';
import { searchHints, searchWords } from './searchWords';

const trimmed = (value: unknown): unknown => (typeof value === 'string' ? value.trim() : value);

/** The type and the content of an event; none where it has not exactly one type. */
function contentOf({ event }: Json): { type: string; content: Json } | undefined {
	const [entry, ...more] = isPlainObject(event)
		? Object.entries(event).filter(([, value]) => !isAbsent(value))
		: [];
	if (!entry || more.length) return undefined;
	const [type, content] = entry;
	return { type, content: isPlainObject(content) ? content : {} };
}

/** The details of an event go below `generic` for an order, below a second `generic` for an event of one's own. */
function arrange(given: Json, issues: Issue[]): Json | undefined {
	const type =
		trimmed(given.type) === restTypes.custom.value ? trimmed(given.customType) : trimmed(given.type);
	const content: Json = {};
	if (!isAbsent(given.generic))
		content.generic = readNames(given.generic, 'generic', labelOf('generic'), issues);
	if (!isAbsent(given.items)) content.items = unfold(given.items);
	content.attributes = given.attributes;
	const isReserved = (name: string) => name === 'generic' || name === 'items';
	putAttributes(content, { isReserved, label: labelOf('attributes'), owner: 'the event' }, issues);
	if (!isAbsent(type)) return { [textOf(type)]: content };
	const name = given.type === restTypes.custom.value ? 'customType' : 'type';
	issues.push({ field: name, message: `${labelOf(name)} is required` });
	return undefined;
}

/** Makes the event of what the form asks for. What it is given stays as it is. */
function normalize(mapped: Json): { event: Json; issues: Issue[] } {
	const issues: Issue[] = [];
	const { event: given, ...rest } = mapped;
	const own = FORM_ONLY.filter((name) => !isAbsent(rest[name]));
	const event: Json = { ...rest };
	for (const name of FORM_ONLY) delete event[name];
	if (isAbsent(given) && own.length) {
		event.event = arrange(rest, issues);
		return { event, issues };
	}
	for (const field of own) {
		const message = `${labelOf(field)} is given beside 'event'; put it into the event, or leave 'event' out`;
		issues.push({ field, message });
	}
	if (given !== undefined) event.event = unfold(given);
	return { event, issues };
}

const at = (type: string, path: string): string => `event.${type}.${path}`;

/** A rule for events of one type; `undefined`: nothing is wrong. */
const forType =
	(wanted: string, look: (content: Json, event: Json) => Issue | undefined): Rule['check'] =>
	(event) => {
		const found = contentOf(event);
		const issue = found?.type === wanted ? look(found.content, event) : undefined;
		return issue ? [issue] : [];
	};

const memberOf = (holder: Json, name: string): Json => {
	const value = holder[name];
	return isPlainObject(value) ? value : {};
};

const rules: readonly Rule[] = [
	{
		description: 'user: email or _id',
		evidence: 'documented',
		check: ({ user }) => {
			if (!isPlainObject(user) || !isAbsent(user.email) || !isAbsent(user._id)) return [];
			return [{ field: 'user.email', message: "'User' (user) needs 'Email' (email) or 'User ID' (_id)" }];
		},
	},
	{
		description: 'event: exactly one type',
		evidence: 'documented',
		check: ({ event }) => {
			if (!isPlainObject(event)) return [];
			const types = Object.keys(event).filter((type) => !isAbsent(event[type]));
			if (types.length === 1) return [];
			const message = types.length
				? `'Event' (event) has ${types.length} types; Vibetrace accepts one event per request, so make an item for each`
				: "'Event' (event) is empty; its one member is the type of the event with its content";
			return [{ field: 'event', message }];
		},
	},
	{
		description: 'The content of a type is an object',
		evidence: 'inferred',
		check: ({ event }) => {
			if (!isPlainObject(event)) return [];
			return Object.entries(event)
				.filter(([, content]) => !isAbsent(content) && !isPlainObject(content))
				.map(([type]) => ({ field: `event.${type}`, message: 'The content of an event must be an object' }));
		},
	},
	{
		description: 'generic: event_name, in the second generic inside',
		evidence: 'inferred',
		check: forType('generic', (content) =>
			isAbsent(memberOf(content, 'generic').event_name)
				? {
						field: at('generic', 'generic.event_name'),
						message:
							'\'Event Name\' (event_name) is required for generic; it belongs in a second generic: {"generic": {"generic": {"event_name": …}}}',
					}
				: undefined,
		),
	},
	{
		description: 'confirmation: generic.orderId',
		evidence: 'inferred',
		check: forType('confirmation', (content) =>
			isAbsent(memberOf(content, 'generic').orderId)
				? {
						field: at('confirmation', 'generic.orderId'),
						message:
							"'Order ID' (generic.orderId) is required for confirmation: Vibetrace creates one if it is missing, so a repeat counts twice",
					}
				: undefined,
		),
	},
	{
		description: 'confirmation: generic.total if there are no items',
		evidence: 'inferred',
		check: forType('confirmation', (content) => {
			const hasItems = Array.isArray(content.items) && content.items.length > 0;
			if (hasItems || !isAbsent(memberOf(content, 'generic').total)) return undefined;
			const message = "An order without 'Items' (items) needs 'Total' (generic.total)";
			return { field: at('confirmation', 'generic.total'), message };
		}),
	},
	{
		description:
			'confirmation: user.email, which the page on orders asks for and the page on events does not',
		evidence: 'inferred',
		check: forType('confirmation', (_, { user }) =>
			isPlainObject(user) && isAbsent(user.email) && !isAbsent(user._id)
				? { field: 'user.email', message: "'Email' (email) is required with an order" }
				: undefined,
		),
	},
	{
		description: 'update: at least one attribute, each a single value: text, a number, true or false',
		evidence: 'inferred',
		check: (event) => {
			const found = contentOf(event);
			if (found?.type !== 'update') return [];
			const given = Object.entries(found.content).filter(([, value]) => !isAbsent(value));
			if (given.length === 0) {
				const message =
					"An update needs at least one attribute, such as firstname, in 'Attributes' (attributes)";
				return [{ field: 'event.update', message }];
			}
			return given
				.filter(([, value]) => typeof value === 'object')
				.map(([name]) => ({
					field: at('update', name),
					message: `The attribute '${userText(name)}' must be a single value: text, a number, true or false`,
				}));
		},
	},
];

/** `POST {apiBaseUrl}/v1/event/`, with the slash, as the page prints it. */
const wireForm = jsonForm({
	method: (event) => contentOf(event)?.type ?? '',
	bodyOf: (event) => event,
	orderingKeyOf: ({ user }) =>
		isPlainObject(user) ? (orderingKeyBy('email', user.email) ?? orderingKeyBy('_id', user._id)) : undefined,
	request: (_, { baseUrl }) => ({ method: 'POST', url: `${baseUrl}/v1/event/` }),
});

export const createEvent: Operation = {
	name: 'vibetraceCreateEvent',
	vendor: 'Vibetrace',
	title: 'Create Event',
	documentation: PAGES.event,
	searchWords: searchWords.createEvent,
	searchHint: searchHints.createEvent,
	credential: vibetraceRestCredential,
	notices: [
		{
			text: "The user must be in the account already, by 'Email' or 'User ID'; put 'Vibetrace Save User' before this node to add users. The credential needs an API key.",
		},
	],
	fields: eventFields,
	additionalProperties: true,
	sections: [],
	variants: restTypes,
	rules,
	normalize,
	single: wireForm,
	batch: wireForm,
	oneByOne: true,
	responses: responsesOf(
		"the account does not know this user; save the user first, for example with 'Vibetrace Save User'",
	),
	// The vendor throws a second confirmation of one order away; every other event may count again.
	repeatIsSafe: (event) => {
		const found = contentOf(event);
		return found?.type === 'confirmation' && !isAbsent(memberOf(found.content, 'generic').orderId);
	},
	defaults,
	samples: [
		{
			of: 'update, the sample body',
			event: { user: { email: 'buyer@example.com' }, event: { update: { firstname: 'alexandru' } } },
		},
		{
			of: 'generic, the sample body',
			event: {
				user: { email: 'buyer@example.com' },
				event: { generic: { generic: { event_name: 'my_event', firstname: 'alexandru' } } },
			},
		},
	],
	limits: [
		...limits,
		'A second confirmation of one order is dropped without notice (documented), so only a confirmation with an order ID is repeated automatically',
		'A 200 says that the event was taken; it shows in the profile a while later (documented)',
		'A name that the account does not know is ignored (documented)',
		'The time of an event cannot be given: it is the time at which Vibetrace receives it',
	],
};
