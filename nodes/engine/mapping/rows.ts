import mapValues from 'lodash/mapValues';
import omitBy from 'lodash/omitBy';

import { isAbsent, isPlainObject, textOf } from '../check/objects';
import type { Field, Issue, Json } from '../operation/operation';
import { userText } from '../report/userText';

const isEmptyRow = (row: unknown): boolean => isPlainObject(row) && Object.values(row).every(isAbsent);

const plain = (name: string): string => name.trim().toLowerCase();

/** A member's label, typed as the name of a pair, means the member. */
function withWireName(row: unknown, { type }: Field): unknown {
	if (type.kind !== 'object' || !isPlainObject(row) || typeof row.name !== 'string') return row;
	const name = plain(row.name);
	const meant = type.fields.find(({ label }) => plain(label) === name);
	const isWire = type.fields.some(({ wire }) => wire === row.name);
	return meant && !isWire ? { ...row, name: meant.wire } : row;
}

/** The members of a row that the form asks for in a collection stand beside the others. */
function withRest(row: unknown, { form }: Field): unknown {
	const rest = form?.rows?.rest?.name;
	if (rest === undefined || !isPlainObject(row) || !(rest in row)) return row;
	const { [rest]: members, ...others } = row;
	return isPlainObject(members) ? { ...others, ...members } : others;
}

/** Rows of the form without the boxes that nobody filled in, which n8n stores as empty texts. */
export function withoutBlankBoxes(given: unknown, part: string): unknown {
	const rows = isPlainObject(given) ? given[part] : undefined;
	if (!isPlainObject(given) || !Array.isArray(rows)) return given;
	const filled = (row: unknown): unknown =>
		isPlainObject(row)
			? mapValues(
					omitBy(row, (value) => value === ''),
					filled,
				)
			: row;
	return { ...given, [part]: rows.map(filled) };
}

/** The rows that somebody filled in, and how many were left empty. `undefined`: there are no rows. */
export function readRows(given: unknown, field: Field): { rows: unknown; empty: number } {
	if (!Array.isArray(given)) return { rows: given, empty: 0 };
	const filled = given
		.map((row: unknown) => withRest(row, field))
		.filter((row) => !isEmptyRow(row))
		.map((row: unknown) => withWireName(row, field));
	return { rows: filled.length ? filled : undefined, empty: given.length - filled.length };
}

/** What the boxes hold that variants offer for members of a value given in pairs. */
export function offeredPairs(
	{ wire, type }: Field,
	offered: readonly string[],
	parameters: Json,
): Array<{ name: string; value: unknown }> {
	if (type.kind !== 'object') return [];
	return type.fields.flatMap((member) => {
		const value = parameters[member.wire];
		const isOffered = offered.includes(`${wire}.${member.wire}`) && !isAbsent(value);
		return isOffered ? [{ name: member.wire, value }] : [];
	});
}

/** Rows of names and values as the object they stand for. A name without a value is left out. */
export function asObject(
	rows: readonly unknown[],
	{ label, wire }: Field,
	told: { issues: Issue[]; onDroppedPair?: (name: string) => void },
): Json {
	const pairs = new Map<string, unknown>();
	const refuse = (message: string) =>
		told.issues.push({ field: wire, message: `'${label}' (${wire}) ${message}` });
	for (const row of rows) {
		const { name: given, value } = isPlainObject(row) ? row : { name: undefined, value: row };
		const name = isAbsent(given) ? '' : textOf(given);
		if (isAbsent(value)) told.onDroppedPair?.(name);
		else if (!name) refuse('has a value without a name');
		else if (pairs.has(name)) refuse(`names '${userText(name)}' twice`);
		else pairs.set(name, value);
	}
	// fromEntries defines own members, also one called __proto__.
	return Object.fromEntries(pairs);
}
