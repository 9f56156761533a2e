import { DateTime } from 'luxon';

import { asPairs, EMAIL, isAbsent, isPlainObject, textOf, unfold, type Issue, type Json } from '../engine';

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

/** An object, its JSON text or the form's rows `[{ name, value }]`; anything else is handed on for the table to refuse. */
function readNames(value: unknown, path: string, issues: Issue[]): unknown {
	const content = unfold(value);
	const rows = Array.isArray(content) ? asPairs(content) : undefined;
	if (!rows) return content;
	const pairs: Array<[string, unknown]> = [];
	const seen = new Set<string>();
	for (const [rawName, value] of rows) {
		if (isAbsent(value)) continue;
		const name = isAbsent(rawName) ? '' : textOf(rawName);
		if (!name) issues.push({ field: path, message: `${labelOf(path)} has a value without a name` });
		else if (seen.has(name))
			issues.push({ field: `${path}.${name}`, message: `${labelOf(path)} names '${name}' twice` });
		seen.add(name);
		pairs.push([name, value]);
	}
	return Object.fromEntries(pairs);
}

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

/** Dates become ISO 8601 text, as JSON would write them. */
function asScalar(value: unknown): unknown {
	if (value instanceof Date) return Number.isNaN(value.getTime()) ? value : value.toISOString();
	return DateTime.isDateTime(value) ? value.toISO() : value;
}

/** Attributes stand beside the event's own fields. */
function putAttributes(event: Json, issues: Issue[]): void {
	const given = readNames(event.attributes, 'attributes', issues);
	delete event.attributes;
	if (isAbsent(given)) return;
	if (!isPlainObject(given)) {
		const message = `${labelOf('attributes')} must be an object of names and values, or its JSON text`;
		issues.push({ field: 'attributes', message });
		return;
	}
	for (const [name, value] of Object.entries(given)) {
		if (isAbsent(value)) continue;
		const path = `attributes.${name}`;
		if (isReserved(name) || name === '__proto__') {
			issues.push({
				field: path,
				message: `An attribute cannot be called '${name}', which is a field of the event itself`,
			});
		} else if (Object.hasOwn(event, name) && !isAbsent(event[name]) && event[name] !== value) {
			issues.push({ field: path, message: `The attribute '${name}' is given twice, with different values` });
		} else {
			event[name] = value;
		}
	}
}

/** The only sample with an address and an order has the address in `generic` too. */
function putGeneric(event: Json, issues: Issue[]): void {
	if (!isAbsent(event.generic)) event.generic = readNames(event.generic, 'generic', issues);
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
	putAttributes(event, issues);
	for (const name of Object.keys(event)) if (!isReserved(name)) event[name] = asScalar(event[name]);
	putGeneric(event, issues);
	return { event, issues, warnings };
}
