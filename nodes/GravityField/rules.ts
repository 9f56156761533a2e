import { isAbsent, isPlainObject, nameOf, type Issue, type Json, type Rule } from '../engine';

import { CUSTOM, entryOf, EVENT_TYPES, type EventType } from './eventTypes';
import { event as fields } from './fields';

const named = (name: string): string => {
	const field = fields.find(({ wire }) => wire === name);
	return field ? nameOf(field) : name;
};

/** `purchase-v1: value, cart, uniqueTransactionId`, for the reference. */
function needsInWords(entries: readonly EventType[]): string {
	return entries
		.filter(({ required, type }) => required.length > 0 && type !== CUSTOM)
		.map(
			({ type, required, oneOf }) =>
				`${type}: ${[...required, ...(oneOf ? [oneOf.join(' or ')] : [])].join(', ')}`,
		)
		.join('; ');
}

const missing = (names: readonly string[], isThere: (name: string) => boolean, type: string): Issue[] =>
	names
		.filter((name) => !isThere(name))
		.map((field) => ({ field, message: `${named(field)} is required for ${type}` }));

function checkConfirmed(event: Json): Issue[] {
	const entry = entryOf(event.type);
	if (!entry || entry.unconfirmed) return [];
	return missing(entry.required, (name) => !isAbsent(event[name]), entry.type);
}

/** Whether v2 reads these fields beside the type or among the custom properties is not known, so both places count. */
function checkUnconfirmed(event: Json): Issue[] {
	const entry = entryOf(event.type);
	if (!entry?.unconfirmed) return [];
	const props = isPlainObject(event.customProps) ? event.customProps : {};
	const isThere = (name: string) => !isAbsent(event[name]) || !isAbsent(props[name]);
	const issues = missing(entry.required, isThere, entry.type);
	const { oneOf } = entry;
	if (oneOf && !oneOf.some(isThere)) {
		issues.push({
			field: oneOf[0],
			message: `${oneOf.map(named).join(' or ')} is required for ${entry.type}`,
		});
	}
	return issues;
}

const userOf = (event: Json): Json => (isPlainObject(event.user) ? event.user : {});

export const rules: readonly Rule[] = [
	{
		says: 'user: uid or custom, never both',
		evidence: 'vendor code',
		check: (event) => {
			const { uid, custom } = userOf(event);
			if (isAbsent(uid) || isAbsent(custom)) return [];
			const message =
				"'Your User ID' (custom) never goes together with 'Gravity Field User ID' (uid); give one of them";
			return [{ field: 'user.custom', message }];
		},
	},
	{
		says: 'user: custom needs ses',
		evidence: 'vendor code',
		check: (event) => {
			const { custom, ses } = userOf(event);
			if (isAbsent(custom) || !isAbsent(ses)) return [];
			const message =
				"'Session ID' (ses) is required with 'Your User ID' (custom); give a session ID of your own, such as the order number";
			return [{ field: 'user.ses', message }];
		},
	},
	{
		says: `Required beside type and name, by type: ${needsInWords(EVENT_TYPES.filter(({ unconfirmed }) => !unconfirmed))}`,
		evidence: 'vendor code',
		perEvent: true,
		check: checkConfirmed,
	},
	{
		says: `Types not confirmed for API v2 need, in the event or in customProps: ${needsInWords(EVENT_TYPES.filter(({ unconfirmed }) => unconfirmed))}`,
		evidence: 'inferred',
		perEvent: true,
		check: checkUnconfirmed,
	},
	{
		says: 'hashedEmail: no e-mail address in plain text',
		evidence: 'inferred',
		perEvent: true,
		check: ({ hashedEmail }) => {
			if (typeof hashedEmail !== 'string' || !hashedEmail.includes('@')) return [];
			const message = `${named('hashedEmail')} has an @ and so is not a hash; switch on the option 'Hash Email' for a whole e-mail address, or give its hash`;
			return [{ field: 'hashedEmail', message }];
		},
	},
];
