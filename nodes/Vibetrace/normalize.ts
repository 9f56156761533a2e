import { EMAIL, isAbsent, isPlainObject, textOf, type Issue, type Json } from '../engine';

import { asScalar, putAttributes, readNames } from './attributes';
import { COOKIE_EXAMPLE, readVisitorCookie } from './cookie';
import { fields, isReserved } from './fields';
import { eventTypes } from './variants';

/** White space around these is a slip. */
const WORDS = ['type', 'customType', 'email', 'vtUserCookie', 'callback'];
/** These travel as they are: white space may be part of an ID. */
const IDS = ['userId', 'sessionId', '_vtsid'];
const labelOf = (wire: string): string => `'${fields.find((field) => field.wire === wire)?.label}' (${wire})`;

const trimmed = (value: unknown): unknown => (typeof value === 'string' ? value.trim() : value);

/** White space alone is no value. */
const unlessBlank = (value: unknown): unknown => (trimmed(value) === '' ? '' : value);

function putVisitor(event: Json, issues: Issue[]): void {
	const { vtUserCookie } = event;
	delete event.vtUserCookie;
	if (isAbsent(vtUserCookie)) return;
	const ids = typeof vtUserCookie === 'string' ? readVisitorCookie(vtUserCookie) : undefined;
	if (!ids) {
		const message = `${labelOf('vtUserCookie')} must be the text of the cookie _vt_user, such as ${COOKIE_EXAMPLE}`;
		issues.push({ field: 'vtUserCookie', message });
		return;
	}
	for (const [name, id] of Object.entries(ids)) {
		if (isAbsent(event[name])) event[name] = id;
		else if (textOf(event[name]) !== id) {
			const message = `${labelOf(name)} differs from the one in ${labelOf('vtUserCookie')}; give one of them`;
			issues.push({ field: name, message });
		}
	}
}

/** The only sample with an address and an order has the address in `generic` too. */
function putGeneric(event: Json, issues: Issue[]): void {
	if (!isAbsent(event.generic))
		event.generic = readNames(event.generic, 'generic', labelOf('generic'), issues);
	const { email } = event;
	const type = event.type === eventTypes.custom.value ? event.customType : event.type;
	// A text that is not an address is reported once, at its own field.
	const withAddress = type === 'confirmation' && typeof email === 'string' && EMAIL.is.test(email);
	if (!isPlainObject(event.generic)) {
		if (withAddress && isAbsent(event.generic)) event.generic = { email };
		return;
	}
	const generic: Json = { ...event.generic };
	for (const name of ['orderId', 'email', 'event_name']) {
		if (Object.hasOwn(generic, name)) generic[name] = unlessBlank(generic[name]);
	}
	if (withAddress && isAbsent(generic.email)) generic.email = email;
	event.generic = generic;
}

/** Brings what was mapped into the nesting of one element of `data`. What it is given stays as it is. */
export function normalize(mapped: Json): { event: Json; issues: Issue[]; warnings: Issue[] } {
	const issues: Issue[] = [];
	const warnings: Issue[] = [];
	const event: Json = { ...mapped };
	if (!isAbsent(event.ts)) {
		const message =
			"'ts' belongs to the URL, where the node puts a new random number at each try; it was not sent";
		warnings.push({ field: 'ts', message });
	}
	delete event.ts;
	for (const name of WORDS) if (Object.hasOwn(event, name)) event[name] = trimmed(event[name]);
	for (const name of IDS) if (Object.hasOwn(event, name)) event[name] = unlessBlank(event[name]);
	putVisitor(event, issues);
	putAttributes(event, { isReserved, label: labelOf('attributes'), owner: 'the event' }, issues);
	for (const name of Object.keys(event)) if (!isReserved(name)) event[name] = asScalar(event[name]);
	putGeneric(event, issues);
	return { event, issues, warnings };
}
