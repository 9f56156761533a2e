import type { Field, Issue, Json, ListedAs } from '../operation/operation';
import { listedGroups } from '../operation/listed';
import { parseJson } from './jsonReader';
import { isAbsent, kindOf } from './objects';

/** A list, its JSON text, or one text alone. */
function entriesOf(value: unknown): unknown[] | undefined {
	if (Array.isArray(value)) return value;
	if (typeof value === 'number' || typeof value === 'bigint') return [value];
	if (typeof value !== 'string') return undefined;
	const read = /^\s*\[/.test(value) ? parseJson(value) : undefined;
	return read && Array.isArray(read.parsed) ? read.parsed : [value];
}

/** Puts the entries of one list under the names of their fields. An empty entry leaves its field empty. */
function spread(
	event: Json,
	{ name, label }: ListedAs,
	names: readonly string[],
	onIssue: (issue: Issue) => void,
): Json {
	const { [name]: value, ...rest } = event;
	const fault = (message: string): Json => {
		onIssue({ field: name, message: `'${label}' (${name}) ${message}` });
		return rest;
	};
	const entries = entriesOf(value);
	if (!entries) return fault(`must be a list of texts, not ${kindOf(value)}`);
	const filled = names.find((wire) => !isAbsent(rest[wire]));
	if (filled !== undefined) return fault(`and ${filled} are both given; give the list or its parts`);
	if (entries.length > names.length) {
		return fault(`may have at most ${names.length} entries and has ${entries.length}`);
	}
	return { ...rest, ...Object.fromEntries(entries.map((entry, at) => [names[at], entry])) };
}

/** Makes the function that takes the lists of an event apart, each into the fields that it stands for. */
export function compileLists(
	fields: readonly Field[],
): (event: Json, onIssue: (issue: Issue) => void) => Json {
	const groups = [...listedGroups(fields)];
	if (groups.length === 0) return (event) => event;
	return (event, onIssue) =>
		groups.reduce(
			(result, [listed, names]) =>
				isAbsent(result[listed.name]) ? result : spread(result, listed, names, onIssue),
			event,
		);
}
