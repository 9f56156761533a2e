import get from 'lodash/get';
import omit from 'lodash/omit';

import { compileParameters, type Resolve } from './parameters';
import type { Field, Issue, Json, Operation } from '../operation/operation';
import { parseJson } from '../check/json';
import { emptyObject, isAbsent, isPlainObject } from '../check/objects';

export type MappingMode = 'defineBelow' | 'autoMapInputData';

/** What one item's event is before it is checked, and what else is read per item. */
export type Mapped = { event: Json; selected: string; app: unknown } | { issues: Issue[]; event: unknown };

/** What a JSON box of the form holds until somebody types; n8n marks an empty one as broken. */
export const UNTOUCHED_JSON = '{}';

/** The name under which the form asks for a field. */
export const formName = (field: Field): string => field.formName ?? field.wire;

/** The value that `<wire>Mode` of the form has when a compound value is given in rows. */
export const rowsMode = (field: Field): string => field.form?.rowsMode ?? 'rows';

/** What the form holds where nobody gave a value. */
const isUntouched = (value: unknown): boolean =>
	isAbsent(value) || value === UNTOUCHED_JSON || (isPlainObject(value) && Object.keys(value).length === 0);

/** Brings the form's parameters, expressions already resolved, into the event's nesting. */
export function assemble(operation: Operation, parameters: Json): Json {
	const event: Json = emptyObject();
	for (const field of operation.fields) {
		const from = field.section ? parameters[field.section] : parameters;
		if (!isPlainObject(from)) continue;
		const value = readCompound(field, from);
		if (!isUntouched(value)) event[field.wire] = value;
	}
	return event;
}

function readCompound(field: Field, from: Json): unknown {
	const { form } = field;
	if (!form) return from[formName(field)];
	const mode = from[`${field.wire}Mode`] ?? (form.default === 'rows' ? rowsMode(field) : 'json');
	if (mode === 'json' || !form.rows) return from[form.json.name];
	const rows = from[form.rows.name];
	const given = isPlainObject(rows) ? rows[form.rows.part] : undefined;
	return Array.isArray(given) && given.length === 0 ? undefined : given;
}

/** Every top-level parameter from which `assemble` reads. */
export function eventParameters(operation: Operation): string[] {
	const names = operation.fields.flatMap((field) => {
		if (field.section) return [field.section];
		if (!field.form) return [formName(field)];
		return [`${field.wire}Mode`, field.form.json.name, ...(field.form.rows ? [field.form.rows.name] : [])];
	});
	return [...new Set(names)];
}

export interface MappingSource {
	mode: MappingMode;
	/** Dot path to the event in the incoming item; empty: the whole item. */
	inputField: string;
	/** The node's parameters, expressions unresolved. */
	parameters: Json;
	resolve: Resolve;
}

/** Makes the function that turns an incoming item's JSON into an unchecked event. Never changes the item. */
export function createMapper(
	operation: Operation,
	source: MappingSource,
): (item: Json, index: number) => Mapped {
	const { selector, credential } = operation;
	const wanted = source.mode === 'defineBelow' ? eventParameters(operation) : [];
	const options = source.parameters.options;
	const appOption = credential.app?.option;
	const perItem: Json = {};
	for (const name of [...wanted, ...(selector ? [selector.name] : [])]) {
		if (name in source.parameters) perItem[name] = source.parameters[name];
	}
	if (appOption && isPlainObject(options) && appOption in options) {
		perItem.options = { [appOption]: options[appOption] };
	}
	const read = compileParameters(perItem, source.resolve);

	return (item, index) => {
		const parameters = read(item, index);
		const found =
			source.mode === 'defineBelow'
				? { event: assemble(operation, parameters) }
				: fromItem(item, source.inputField);
		if ('issues' in found) return found;
		const { event } = found;
		const selected = selector ? (parameters[selector.name] ?? selector.default) : '';
		if (selector && !selector.values.some(({ value }) => value === selected)) {
			const allowed = selector.values.map(({ value }) => value).join(', ');
			return {
				issues: [{ field: selector.name, message: `'${selector.label}' must be one of ${allowed}` }],
				event,
			};
		}
		const app = appOption && isPlainObject(parameters.options) ? parameters.options[appOption] : undefined;
		return { event, selected: String(selected), app };
	};
}

/** The event inside an incoming item. */
function fromItem(item: Json, inputField: string): { event: Json } | { issues: Issue[]; event: unknown } {
	if (!inputField) return { event: withoutEarlierReport(item) };
	const found: unknown = get(item, inputField);
	const content = typeof found === 'string' ? parseJson(found)?.parsed : found;
	if (isPlainObject(content)) return { event: withoutEarlierReport(content) };
	const fact = isAbsent(found)
		? `The item has no field '${inputField}'`
		: `The field '${inputField}' holds no object`;
	const message = `${fact}; 'Input Field' must name the field that holds the event`;
	return { issues: [{ field: inputField, message }], event: found ?? {} };
}

/** An item of an error output carries our report beside its own fields; the report is not part of the event. */
function withoutEarlierReport(item: Json): Json {
	if (!isPlainObject(item.details) || !isPlainObject(item.details.delivery)) return item;
	return omit(item, 'error', 'details');
}
