import { DateTime } from 'luxon';

import {
	asPairs,
	isAbsent,
	isEmptyList,
	isPlainObject,
	textOf,
	unfold,
	userText,
	type Issue,
	type Json,
} from '../engine';

/** An object, its JSON text or the form's rows `[{ name, value }]`; anything else is handed on for the table to refuse. `label` names it to the user. */
export function readNames(value: unknown, path: string, label: string, issues: Issue[]): unknown {
	const content = unfold(value);
	const rows = Array.isArray(content) ? asPairs(content) : undefined;
	if (!rows) return content;
	const pairs: Array<[string, unknown]> = [];
	const seen = new Set<string>();
	for (const [rawName, value] of rows) {
		if (isAbsent(value)) continue;
		const name = isAbsent(rawName) ? '' : textOf(rawName);
		if (!name) issues.push({ field: path, message: `${label} has a value without a name` });
		else if (seen.has(name))
			issues.push({ field: `${path}.${name}`, message: `${label} names '${userText(name)}' twice` });
		seen.add(name);
		pairs.push([name, value]);
	}
	return Object.fromEntries(pairs);
}

/** Dates become ISO 8601 text, as JSON would write them. */
export function asScalar(value: unknown): unknown {
	if (value instanceof Date) return Number.isNaN(value.getTime()) ? value : value.toISOString();
	return DateTime.isDateTime(value) ? value.toISO() : value;
}

/** Puts the field `attributes` beside the others. `isReserved`: names that no attribute may have, those of `owner`. */
export function putAttributes(
	event: Json,
	{ isReserved, label, owner }: { isReserved: (name: string) => boolean; label: string; owner: string },
	issues: Issue[],
): void {
	const given = readNames(event.attributes, 'attributes', label, issues);
	delete event.attributes;
	// An empty list is how PHP writes an object without members.
	if (isAbsent(given) || isEmptyList(given)) return;
	if (!isPlainObject(given)) {
		const message = `${label} must be an object of names and values, or its JSON text`;
		issues.push({ field: 'attributes', message });
		return;
	}
	for (const [name, value] of Object.entries(given)) {
		if (isAbsent(value)) continue;
		const path = `attributes.${name}`;
		if (isReserved(name) || name === '__proto__') {
			issues.push({
				field: path,
				message: `An attribute cannot be called '${name}', which is a field of ${owner} itself`,
			});
		} else if (Object.hasOwn(event, name) && !isAbsent(event[name]) && event[name] !== value) {
			issues.push({
				field: path,
				message: `The attribute '${userText(name)}' is given twice, with different values`,
			});
		} else {
			event[name] = value;
		}
	}
}
