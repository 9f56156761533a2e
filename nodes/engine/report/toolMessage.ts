import get from 'lodash/get';
import uniqBy from 'lodash/uniqBy';

import { isPlainObject } from '../check/objects';
import { formName } from '../mapping/names';
import type { Field, Issue, Json, Operation } from '../operation/operation';
import { countOf } from './items';

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

/** The field that an issue speaks of, and the rest of the path inside it. */
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

/** What of the call filled the field at fault; empty: the workflow fills it. */
function argumentsFor({ field: path }: Issue, { fields }: Operation, parameters: Json): string[] {
	const found = fieldOf(path, fields);
	if (!found) return [];
	return parametersOf(found.field, parameters).flatMap((value) => {
		const inner: unknown = found.rest === '' || !isPlainObject(value) ? undefined : get(value, found.rest);
		return namesIn(inner ?? value);
	});
}

/** A time in the words of an expression helps who builds the workflow, not who calls it. */
const withoutExpression = (sentence: string): string =>
	sentence.replace(
		/; convert it in the expression with .*$/,
		'; give it as ISO 8601, such as 2026-11-22T09:30:00+03:00',
	);

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
	const faults = told.map(({ message }, at) => sentencePart(withoutExpression(message), at)).join('; ');
	const left = different.length - told.length + more;
	const others = left > 0 ? `; and ${countOf(left, 'more fault')}, see 'issues'` : '';
	const fix = told.every(({ field }) => field === '') ? '' : `; ${fixOf([...names], parameters)}`;
	return `${beginning}: ${faults}${others}${fix}`;
}

/** What follows in the same sentence begins with a small letter. */
const sentencePart = (text: string, at: number): string =>
	at === 0 ? text : text.replace(/^[A-Z](?=[a-z]* )/, (letter) => letter.toLowerCase());

function fixOf(names: readonly string[], { mappingMode }: Json): string {
	if (names.length) return `correct ${list(names)} and call the tool again`;
	// The item is then the call itself.
	if (mappingMode === 'autoMapInputData') return 'correct it and call the tool again';
	return 'the workflow sets this, not the call, so it must be corrected there';
}
