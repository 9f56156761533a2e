import type { Field, ListedAs } from './field';

/** The fields that the form asks for: those that are given as one list are one field, and some it asks for in others. */
export function formFields(fields: readonly Field[]): readonly Field[] {
	const seen = new Set<ListedAs>();
	return fields.flatMap((field) => {
		const { listed, section, perEvent, evidence } = field;
		if (field.itemOnly) return [];
		if (!listed) return [field];
		if (seen.has(listed)) return [];
		seen.add(listed);
		const { name, label, help } = listed;
		return [{ wire: name, label, help, type: { kind: 'texts' }, section, perEvent, evidence }];
	});
}

/** Each list with the names of the fields that it fills, in order. */
export function listedGroups(fields: readonly Field[]): ReadonlyMap<ListedAs, readonly string[]> {
	const groups = new Map<ListedAs, string[]>();
	for (const { listed, wire } of fields) {
		if (listed) groups.set(listed, [...(groups.get(listed) ?? []), wire]);
	}
	return groups;
}
