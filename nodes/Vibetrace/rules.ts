import { isAbsent, isPlainObject, type Issue, type Json, type Rule } from '../engine';

import { EVENT_TYPES, eventTypeOf } from './eventTypes';
import { attributeNames, fields, genericFields } from './fields';

const MAY_CARRY_ADDRESS = ['login', 'confirmation'];

function nameOf(path: string): string {
	const member = path.startsWith('generic.') ? path.slice('generic.'.length) : undefined;
	const found = member
		? genericFields.find(({ wire }) => wire === member)
		: fields.find(({ wire }) => wire === path);
	return found ? `'${found.label}' (${path})` : `The attribute '${path}'`;
}

const [USER, SESSION, ADDRESS, CORRELATION] = ['userId', 'sessionId', 'email', '_vtsid'].map(nameOf);

const at = (event: Json, path: string): unknown =>
	path.split('.').reduce<unknown>((value, step) => (isPlainObject(value) ? value[step] : undefined), event);

/** Whether `generic` is there in a form that the table refuses already. */
const isRefusedAlready = (event: Json, path: string): boolean =>
	path.startsWith('generic.') && !isAbsent(event.generic) && !isPlainObject(event.generic);

function identification(event: Json): Issue[] {
	const has = (name: string) => !isAbsent(event[name]);
	if (has('userId') !== has('sessionId')) {
		const missing = has('userId') ? 'sessionId' : 'userId';
		return [{ field: missing, message: `${USER} and ${SESSION} go together; ${nameOf(missing)} is missing` }];
	}
	const hasOther = has('userId') || has('_vtsid');
	if (!hasOther && !has('email')) {
		// Said of the address itself where the type needs one.
		if (eventTypeOf(event.type)?.required.some(({ path }) => path === 'email')) return [];
		const message = `The event names nobody: give ${USER} with ${SESSION}, or ${ADDRESS}, or ${CORRELATION}`;
		return [{ field: 'userId', message }];
	}
	if (hasOther && has('email') && !MAY_CARRY_ADDRESS.includes(String(event.type))) {
		const message = `${ADDRESS} stands instead of other IDs in this type of event; leave out one of them`;
		return [{ field: 'email', message }];
	}
	return [];
}

const needs = EVENT_TYPES.filter(({ required }) => required.length > 0).map<Rule>(
	({ name, required, label }) => ({
		says: `${name}: ${required.map(({ path }) => path).join(', ')} required`,
		evidence: label.endsWith('(Older Name)') ? 'vendor code' : name === 'generic' ? 'inferred' : 'documented',
		check: (event) =>
			event.type !== name
				? []
				: required
						.filter(({ path }) => isAbsent(at(event, path)) && !isRefusedAlready(event, path))
						.map(({ path, because }) => ({
							field: path,
							message: `${nameOf(path)} is required for ${name}${because ? `: ${because}` : ''}`,
						})),
	}),
);

const hasItems = ({ items }: Json): boolean =>
	!isAbsent(items) && !(Array.isArray(items) && items.length === 0);

export const rules: readonly Rule[] = [
	{
		says: `One identification: userId with sessionId, or email, or _vtsid; _vtsid beside both ids links them; ${MAY_CARRY_ADDRESS.join(' and ')} may carry email beside the ids`,
		evidence: 'documented',
		check: identification,
	},
	...needs,
	{
		says: 'confirmation: generic.total required where there are no items',
		evidence: 'documented',
		check: (event) => {
			if (event.type !== 'confirmation' || hasItems(event) || isRefusedAlready(event, 'generic.total'))
				return [];
			if (!isAbsent(at(event, 'generic.total'))) return [];
			return [
				{
					field: 'generic.total',
					message: `An order without 'Items' (items) needs ${nameOf('generic.total')}`,
				},
			];
		},
	},
	{
		says: 'checkout: items required where its attribute confirmation is true',
		evidence: 'vendor code',
		check: (event) =>
			event.type === 'checkout' && event.confirmation === true && !hasItems(event)
				? [
						{
							field: 'items',
							message: "'Items' (items) is required where the attribute 'confirmation' is true",
						},
					]
				: [],
	},
	{
		says: 'update: at least one attribute',
		evidence: 'documented',
		check: (event) =>
			eventTypeOf(event.type)?.needsAttribute && attributeNames(event).every((name) => isAbsent(event[name]))
				? [
						{
							field: 'attributes',
							message:
								"An update needs at least one attribute, such as firstname, in 'Attributes' (attributes)",
						},
					]
				: [],
	},
	{
		says: 'An attribute is a single value: text, a number, true or false; only custom types may nest',
		evidence: 'inferred',
		check: (event) => {
			const type = eventTypeOf(event.type);
			if (!type) return [];
			// The attributes that the type names itself are checked as such.
			const own = new Set(type.own?.map(({ wire }) => wire));
			return attributeNames(event)
				.filter((name) => !own.has(name) && typeof event[name] === 'object' && event[name] !== null)
				.map((name) => ({
					field: name,
					message: `The attribute '${name}' must be a single value: text, a number, true or false`,
				}));
		},
	},
];
