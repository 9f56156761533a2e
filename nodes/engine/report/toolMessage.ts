import get from 'lodash/get';
import uniqBy from 'lodash/uniqBy';

import { isPlainObject } from '../check/objects';
import { formName } from '../mapping/names';
import type { Field, Issue, Json, Operation } from '../operation/operation';
import { countOf } from './items';

type ValueKind = Field['type']['kind'];

/** A call of a model has no item but what the model was asked for. */
export const NOTHING_TO_MAP =
	"'Map Automatically' finds nothing in a tool call; set 'Mapping Mode' to 'Map Each Field Below' and let the model define the fields";

/** Faults that one answer tells; a model corrects them all in its next call. */
const TOLD = 3;

/** The names that a parameter's expressions ask a model for, e.g. `={{ $fromAI('event_time') }}`. */
const FROM_AI = /\$fromAI\(\s*(['"`])([\w-]{1,64})\1/g;

const namesIn = (parameter: unknown): string[] =>
	[...(JSON.stringify(parameter) ?? '').replace(/\\(["\\])/g, '$1').matchAll(FROM_AI)].flatMap(
		([, , name]) => (name === undefined ? [] : [name]),
	);

/** The field that an issue is about, and the rest of the path inside it. */
function fieldOf(path: string, fields: readonly Field[]): { field: Field; rest: string } | undefined {
	const field = fields
		.filter(({ wire }) => path === wire || path.startsWith(`${wire}.`) || path.startsWith(`${wire}[`))
		.sort((one, other) => other.wire.length - one.wire.length)[0];
	return field && { field, rest: path.slice(field.wire.length).replace(/^\./, '') };
}

/** What the form holds for a field: one value, rows, or JSON. */
function parametersOf({ section, form, ...field }: Field, parameters: Json): unknown[] {
	const from = section ? parameters[section] : parameters;
	if (!isPlainObject(from)) return [];
	const names = form ? [form.json.name, ...(form.rows ? [form.rows.name] : [])] : [formName(field as Field)];
	return names.map((name) => from[name]);
}

/** The arguments of the call that filled the field of this path. */
function argumentsOfField(path: string, { fields }: Operation, parameters: Json): string[] {
	const found = fieldOf(path, fields);
	if (!found) return [];
	return parametersOf(found.field, parameters).flatMap((value) => {
		if (found.rest === '' || !isPlainObject(value)) return namesIn(value);
		const inner: unknown = get(value, found.rest);
		// Rows are not told apart; the members of a collection are.
		return namesIn(inner ?? (found.field.form ? value : undefined));
	});
}

/** Everything inside the parameters that passes the test. */
function within(value: unknown, passes: (key: string, member: unknown) => boolean): unknown[] {
	if (typeof value !== 'object' || value === null) return [];
	return Object.entries(value).flatMap(([key, member]) =>
		passes(key, member) ? [member as unknown] : within(member, passes),
	);
}

/** The arguments of the call that filled a row whose name the builder of the workflow has written, such as an attribute's. */
const argumentsOfRow = (name: string, parameters: Json): string[] =>
	namesIn(within(parameters, (_, row) => isPlainObject(row) && row.name === name && 'value' in row));

/** The arguments of the call that filled a parameter of this name, wherever it is in the form. */
const argumentsOfParameter = (name: string, parameters: Json): string[] =>
	namesIn(within(parameters, (key) => key === name));

const matchesIn = (text: string, pattern: RegExp): string[] =>
	[...text.matchAll(pattern)].flatMap(([, name]) => (name === undefined ? [] : [name]));

/** The steps of a path, the last one first: `event.confirmation.items[0].quantity` has `quantity`, `items`, … */
const stepsOf = (path: string): string[] =>
	path
		.replace(/\[\d+\]/g, '')
		.split('.')
		.reverse();

const FREE_NAMES: readonly ValueKind[] = ['object', 'map', 'json', 'attributes'];

/** The arguments of the call that filled the fields an issue is about; empty: the workflow fills them. */
function argumentsFor({ field: path, message }: Issue, operation: Operation, parameters: Json): string[] {
	const ofRows = [...matchesIn(message, /'([^']+)'/g), stepsOf(path)[0] ?? ''].flatMap((name) =>
		argumentsOfRow(name, parameters),
	);
	if (ofRows.length) return ofRows;
	const own = argumentsOfField(path, operation, parameters);
	const named = matchesIn(message, /' \(([\w.]+)\)/g);
	if (own.length) {
		// Where something is missing, the choice that makes it necessary may be the mistake.
		const choice = operation.variants?.parameter;
		return choice !== undefined && named.includes(choice)
			? [...own, ...argumentsOfParameter(choice, parameters)]
			: own;
	}
	// `'User Profile ID' (profile_id) or 'Device ID Hash' (device_id)`: the call may fill either.
	const ofNamed = named.flatMap((name) => argumentsOfParameter(stepsOf(name)[0] ?? '', parameters));
	if (ofNamed.length) return ofNamed;
	// A form may ask for a part of the event elsewhere than where it travels.
	for (const step of stepsOf(path)) {
		const found = within(parameters, (key) => key === step);
		if (found.length) return namesIn(found);
	}
	// A name that the vendor does not know has come out of an object of free names.
	if (fieldOf(path, operation.fields)) return [];
	return operation.fields
		.filter(({ type, form }) => form !== undefined && FREE_NAMES.includes(type.kind))
		.flatMap((field) => parametersOf(field, parameters).flatMap(namesIn));
}

/** What helps who builds the workflow, and what helps who calls it. */
const FOR_CALLER: ReadonlyArray<readonly [RegExp, string]> = [
	[/; convert it in the expression with .*$/, '; give it as ISO 8601, such as 2026-11-22T09:30:00+03:00'],
	[
		/; choose one entry, or use the Split Out node to get one item for each$/,
		'; give one object in each call',
	],
	[
		/, which an expression gives when it finds no value; leave the field empty in that case$/,
		'; give its real value',
	],
	[
		/: an expression has put an object into a text; choose one of its fields, or write it with JSON\.stringify\(\)$/,
		'; give what the object holds',
	],
	// A model must not make up another time.
	[/; see the option '[^']+'$/, '; do not change it if it is true, since the event cannot be sent then'],
	[/ in the node, or to an expression if the items differ/, ''],
];

const forCaller = (sentence: string): string =>
	FOR_CALLER.reduce((text, [pattern, instead]) => text.replace(pattern, instead), sentence);

const list = (names: readonly string[]): string => names.map((name) => `'${name}'`).join(' and ');

/**
 * The message of an event that a model has given in a tool call: what is wrong and what to give instead, since a model reads
 * the message and calls again. `beginning`: what happened. `parameters`: the node's, expressions unresolved.
 */
export function toolMessage(
	beginning: string,
	issues: readonly Issue[],
	more: number,
	operation: Operation,
	parameters: Json,
): string {
	// One sentence may stand for several fields.
	const different = uniqBy(issues, 'message');
	const told = different.slice(0, TOLD);
	const names = new Set(told.flatMap((issue) => argumentsFor(issue, operation, parameters)));
	const faults = told.map(({ message }, at) => sentencePart(forCaller(message), at)).join('; ');
	const left = different.length - told.length + more;
	const others = left > 0 ? `; and ${countOf(left, 'more problem')}, see 'issues'` : '';
	const fix = told.every(({ field }) => field === '') ? '' : `; ${fixOf([...names], parameters)}`;
	return `${beginning}: ${faults}${others}${fix}`;
}

/** What follows in the same sentence begins with a small letter. */
const sentencePart = (text: string, at: number): string =>
	at === 0 ? text : text.replace(/^[A-Z](?=[a-z]* )/, (letter) => letter.toLowerCase());

const correct = (names: readonly string[]): string => `correct ${list(names)} and call the tool again`;

const OF_WORKFLOW = 'the workflow sets this, not the call, so it must be corrected there';

/** What a model is to do about a fault in this parameter of the node; `parameter`: its expression, unresolved. */
export function fixOfParameter(parameter: unknown): string {
	const names = namesIn(parameter);
	return names.length ? correct(names) : OF_WORKFLOW;
}

function fixOf(names: readonly string[], { mappingMode }: Json): string {
	if (names.length) return correct(names);
	// The item is then the call itself.
	if (mappingMode === 'autoMapInputData') return 'correct it and call the tool again';
	return OF_WORKFLOW;
}
