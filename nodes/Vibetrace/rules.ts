import {
	isAbsent,
	isPlainObject,
	textOf,
	userText,
	variantOf,
	type Issue,
	type Json,
	type Rule,
} from '../engine';

import { attributeNames, nameOfPath } from './fields';
import { eventTypes } from './variants';

const MAY_CARRY_ADDRESS = ['login', 'confirmation'];

const [USER, SESSION, ADDRESS, CORRELATION] = (['userId', 'sessionId', 'email', '_vtsid'] as const).map(
	nameOfPath,
);

const has = (event: Json, name: string): boolean => !isAbsent(event[name]);

function identification(event: Json): Issue[] {
	if (has(event, 'userId') !== has(event, 'sessionId')) {
		const missing = has(event, 'userId') ? 'sessionId' : 'userId';
		const message = `${USER} and ${SESSION} go together; ${nameOfPath(missing)} is missing`;
		return [{ field: missing, message }];
	}
	if (has(event, 'userId') || has(event, '_vtsid') || has(event, 'email')) return [];
	const message = `The event has no identification: give ${USER} with ${SESSION}, or ${ADDRESS}, or ${CORRELATION}`;
	return [{ field: 'userId', message }];
}

const hasItems = ({ items }: Json): boolean =>
	!isAbsent(items) && !(Array.isArray(items) && items.length === 0);

function orderWithoutValue(event: Json): Issue[] {
	if (event.type !== 'confirmation' || hasItems(event)) return [];
	const { generic } = event;
	// What is no object is refused already.
	if (!isAbsent(generic) && (!isPlainObject(generic) || !isAbsent(generic.total))) return [];
	const message = `An order without 'Items' (items) needs ${nameOfPath('generic.total')}`;
	return [{ field: 'generic.total', message }];
}

export const rules: readonly Rule[] = [
	{
		description:
			'Identification: userId with sessionId, or email, or _vtsid; _vtsid beside both IDs links them',
		evidence: 'documented',
		check: identification,
	},
	{
		description: `email only instead of other IDs, except in ${MAY_CARRY_ADDRESS.join(' and ')}`,
		evidence: 'inferred',
		check: (event) => {
			const hasOther = has(event, 'userId') || has(event, '_vtsid');
			if (!hasOther || !has(event, 'email') || MAY_CARRY_ADDRESS.includes(textOf(event.type))) return [];
			const message = `${ADDRESS} is given instead of other IDs in this type of event; leave out one of them`;
			return [{ field: 'email', message }];
		},
	},
	{
		description: 'confirmation: generic.total if there are no items',
		evidence: 'inferred',
		check: orderWithoutValue,
	},
	{
		description: 'checkout: items if its attribute confirmation is true',
		evidence: 'vendor code',
		check: (event) => {
			if (event.type !== 'checkout' || event.confirmation !== true || hasItems(event)) return [];
			const message = "'Items' (items) is required if the attribute 'confirmation' is true";
			return [{ field: 'items', message }];
		},
	},
	{
		description: 'update: at least one attribute',
		evidence: 'inferred',
		check: (event) => {
			if (event.type !== 'update' || attributeNames(event).some((name) => !isAbsent(event[name]))) return [];
			const message =
				"An update needs at least one attribute, such as firstname, in 'Attributes' (attributes)";
			return [{ field: 'attributes', message }];
		},
	},
	{
		description: 'An attribute is a single value: text, a number, true or false; only custom types may nest',
		evidence: 'inferred',
		check: (event) => {
			const type = variantOf(eventTypes, event.type);
			if (!type) return [];
			const own = new Set(type.own?.map(({ wire }) => wire));
			return attributeNames(event)
				.filter((name) => !own.has(name) && typeof event[name] === 'object' && event[name] !== null)
				.map((name) => ({
					field: name,
					message: `The attribute '${userText(name)}' must be a single value: text, a number, true or false`,
				}));
		},
	},
];
