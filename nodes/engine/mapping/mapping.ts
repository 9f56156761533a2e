import { userText } from '../report/userText';
import get from 'lodash/get';
import omit from 'lodash/omit';
import pick from 'lodash/pick';

import { compileHiding, withoutHiddenExpressions } from './hidden';
import { formName, isExpression } from './names';
import { compileParameters, type ReaderOf } from './parameters';
import type { Field, Issue, Json, Operation } from '../operation/operation';
import { formFields } from '../operation/listed';
import { REMEMBER_KEY } from '../operation/settings';
import { checkObject } from '../check/lists';
import { emptyObject, isAbsent, isPlainObject, textOf } from '../check/objects';
import { asObject, offeredPairs, readRows, withoutBlankBoxes } from './rows';
import { knowsField, variantOf } from '../operation/variants';

export type MappingMode = 'defineBelow' | 'autoMapInputData';

/** What one item's event is before it is checked, and what else is read per item. */
/** `notices`: what was left out of it. */
export type Mapped =
	{ event: Json; variant?: string; notices?: Issue[]; app: unknown; key?: unknown } | Faulty;

/** `isMapped`: the event stands in its nesting, so that the check can look at it all the same. */
interface Faulty {
	issues: Issue[];
	event: unknown;
	isMapped?: true;
}

/** What a box for JSON holds where there is nothing in it: an empty object says no more than an empty box. */
const EMPTY_JSON = '{}';

/** What the form holds where nobody gave a value. */
const isUntouched = (value: unknown): boolean =>
	isAbsent(value) || value === EMPTY_JSON || (isPlainObject(value) && Object.keys(value).length === 0);

/** Boxes of a list to which nobody has added any. */
const isEmptyBoxes = ({ type }: Field, value: unknown): boolean =>
	type.kind === 'texts' && Array.isArray(value) && value.length === 0;

/** Told of what is left out of an event, and of what is wrong with its rows. */
interface Assembling {
	onEmptyRows?: (field: Field) => void;
	onDroppedPair?: (name: string) => void;
	notices: Issue[];
	issues: Issue[];
	/** Whether the form holds an expression for it. */
	isMapped?: (field: Field) => boolean;
}

/** Brings the form's parameters, expressions already resolved, into the event's nesting. */
type Assemble = (parameters: Json, assembling?: Assembling) => Json;

export const assemble = (operation: Operation, parameters: Json, assembling?: Assembling): Json =>
	compileAssembly(operation, parameters)(parameters, assembling);

/** Whether the form, expressions unresolved, holds anything for a field. */
function isInForm(field: Field, given: Json): boolean {
	const from = field.section ? given[field.section] : given;
	if (from === undefined) return false;
	// One of several boxes may hold it, and a whole section may be an expression.
	return field.form !== undefined || !isPlainObject(from) || formName(field) in from;
}

/** Members that the form has added as empty boxes and nobody has filled in. */
function blankMembers(field: Field, given: Json): readonly string[] {
	const { type } = field;
	const members = type.kind === 'object' ? type.fields.filter(({ formDefault }) => formDefault === '') : [];
	const raw = rawParameter(field, given);
	if (members.length === 0 || !isPlainObject(raw)) return [];
	return members.map(formName).filter((name) => raw[name] === '');
}

const withoutBlank = (value: unknown, blank: readonly string[]): unknown =>
	blank.length && isPlainObject(value) ? omit(value, blank) : value;

/** Makes the function that assembles the events of a run. `given`: the form, expressions unresolved. */
function compileAssembly(operation: Operation, given: Json): Assemble {
	const offered = offeredPaths(operation);
	const offeredFields = offered.filter((path) => !path.includes('.'));
	const fields = formFields(operation.fields)
		.filter((field) => isInForm(field, given))
		.map((field) => ({ field, blank: blankMembers(field, given) }));
	return (parameters, assembling = { notices: [], issues: [] }) => {
		const event: Json = emptyObject();
		for (const { field, blank } of fields) {
			const from = field.section ? parameters[field.section] : parameters;
			if (!isPlainObject(from)) continue;
			const value = field.form
				? readCompound(field, field.form, from, offered, assembling)
				: withoutBlank(from[formName(field)], blank);
			if (!isUntouched(value) && !isEmptyBoxes(field, value)) event[field.wire] = value;
			// An expression that gives nothing is told, and one that gives an object for a text is refused.
			else if (value !== undefined && assembling.isMapped?.(field)) event[field.wire] = value;
		}
		for (const path of offeredFields) if (!isAbsent(parameters[path])) event[path] = parameters[path];
		return event;
	};
}

/** Wire paths for which the form has boxes of their own. */
const offeredPaths = ({ variants }: Operation): string[] => [
	...new Set(variants?.values.flatMap(({ offers = [] }) => offers)),
];

function readCompound(
	field: Field,
	form: NonNullable<Field['form']>,
	from: Json,
	offered: readonly string[],
	assembling: Assembling,
): unknown {
	const json = from[form.json.name];
	if (!form.rows) return json;
	const given = from[form.rows.name];
	const { rows, empty } = readRows(isPlainObject(given) ? given[form.rows.part] : undefined, field);
	const boxes = offeredPairs(field, offered, from);
	const hasRows = boxes.length > 0 || rows !== undefined;
	const isJson =
		form.rowsMode === undefined ? !hasRows : (from[`${field.wire}Mode`] ?? form.rowsMode) === 'json';
	const message = notSent(field, isJson, isJson ? rows : json);
	if (message !== undefined) assembling.notices.push({ field: field.wire, message });
	if (empty && !(isJson && form.rowsMode !== undefined)) assembling.onEmptyRows?.(field);
	if (isJson) return json;
	if (!Array.isArray(rows)) return boxes.length ? boxes : rows;
	const { type } = field;
	if (type.kind === 'json' && type.as === 'text') return asObject(rows, field, assembling);
	return [...boxes, ...(rows as unknown[])];
}

/** What is said of rows, or of JSON, that were filled in although the other one counts. */
function notSent({ form, label }: Field, isJson: boolean, other: unknown): string | undefined {
	if (isUntouched(other) || form?.rows?.name === form?.json.name) return undefined;
	const json = `'${form?.json.label}'`;
	if (form?.rowsMode === undefined)
		return `${json} is filled in as well as the rows of '${label}', so it was not sent; clear one of them`;
	const choose = `choose another 'Specify ${label}'`;
	return isJson
		? `The rows of '${label}' are filled in but hidden under 'Using JSON', so they were not sent; clear them, or ${choose}`
		: `${json} is filled in but hidden under 'Using Fields Below', so it was not sent; clear it, or ${choose}`;
}

/** What stands in the form for a field, expressions unresolved. */
function rawParameter(field: Field, parameters: Json): unknown {
	const from = field.section ? parameters[field.section] : parameters;
	return isPlainObject(from) ? from[field.form?.json.name ?? formName(field)] : undefined;
}

/** Every top-level parameter from which `assemble` reads. */
export function eventParameters(operation: Operation): string[] {
	const names = formFields(operation.fields).flatMap((field) => {
		if (field.section) return [field.section];
		if (!field.form) return [formName(field)];
		const { rows, json, rowsMode } = field.form;
		const mode = rowsMode === undefined ? [] : [`${field.wire}Mode`];
		return [...mode, json.name, ...(rows ? [rows.name] : [])];
	});
	const boxes = offeredPaths(operation).map((path) => path.slice(path.indexOf('.') + 1));
	return [...new Set([...names, ...boxes])];
}

/**
 * Makes the function that puts in what a collection has from the start where n8n gives none: under a choice made by an
 * expression it takes the collection for a hidden one. An empty collection is one that somebody has emptied.
 */
function compileDefaults({ fields, variants }: Operation): (event: Json, parameters: Json) => Json {
	const withDefaults = fields.flatMap((field) => {
		const members = field.type.kind === 'object' ? field.type.fields : [];
		const own = members.flatMap(({ wire, formDefault }) =>
			formDefault === undefined || formDefault === '' ? [] : [[wire, formDefault] as const],
		);
		return own.length ? [{ field, added: Object.fromEntries(own) }] : [];
	});
	if (withDefaults.length === 0) return (event) => event;
	return (event, parameters) => {
		const variant = variants && variantOf(variants, parameters[variants.parameter]);
		const lacking = withDefaults.filter(
			({ field }) =>
				isAbsent(parameters[formName(field)]) &&
				(!variants || !variant || knowsField(variants, variant, field.wire)),
		);
		return lacking.reduce((whole, { field, added }) => ({ ...whole, [field.wire]: { ...added } }), event);
	};
}

export interface MappingSource {
	mode: MappingMode;
	/** Dot path to the event in the incoming item; empty: the whole item. */
	inputField: string;
	/** The node's parameters, expressions unresolved. */
	parameters: Json;
	/** How an expression is read for an item. */
	readerOf: ReaderOf;
	/** Told of each field given in rows of which some are empty. */
	onEmptyRows?: (field: Field) => void;
	/** Told the name of each pair that is left out because it has no value. */
	onDroppedPair?: (name: string) => void;
}

/** Makes the function that turns an incoming item's JSON into an unchecked event. Never changes the item. */
export function createMapper(
	operation: Operation,
	source: MappingSource,
): (item: Json, index: number) => Mapped {
	const { credential } = operation;
	// A parameter that travels is a field of the event like any other.
	const variants = operation.variants?.travels === false ? operation.variants : undefined;
	const wanted = source.mode === 'defineBelow' ? eventParameters(operation) : [];
	const options = source.parameters.options;
	const appOption = credential.app?.option;
	const perItem: Json = {};
	for (const name of [...wanted, ...(variants ? [variants.parameter] : [])]) {
		if (name in source.parameters) perItem[name] = source.parameters[name];
	}
	for (const field of wanted.length ? operation.fields : []) {
		const rows = field.type.kind === 'list' ? field.form?.rows : undefined;
		if (rows && rows.name in perItem) perItem[rows.name] = withoutBlankBoxes(perItem[rows.name], rows.part);
	}
	const ownOptions = [REMEMBER_KEY.name, ...(appOption ? [appOption] : [])];
	if (isPlainObject(options)) perItem.options = pick(options, ownOptions);
	const read = compileParameters(
		wanted.length ? withoutHiddenExpressions(operation, perItem) : perItem,
		source.readerOf,
	);
	// What an expression leaves open is not guessed where it decides the vendor's method.
	const decides = variants?.values.some(({ method }) => method) && isExpression(perItem[variants.parameter]);
	const fallback = decides ? undefined : variants?.default;
	const mapped = new Set(
		operation.fields.filter((field) => isExpression(rawParameter(field, source.parameters))),
	);
	const isMapped = (field: Field) => mapped.has(field);
	const assembleEvent = compileAssembly(operation, source.parameters);
	const hideFields = compileHiding(operation, source.parameters);

	const addDefaults = compileDefaults(operation);

	function fromForm(parameters: Json): { event: Json; notices: Issue[] } | Faulty {
		const notices: Issue[] = [];
		const issues: Issue[] = [];
		const { onEmptyRows, onDroppedPair } = source;
		const event = assembleEvent(parameters, {
			notices,
			issues,
			onEmptyRows,
			onDroppedPair,
			isMapped,
		});
		if (issues.length) return { issues, event, isMapped: true };
		const shown = hideFields(event, parameters);
		return { event: addDefaults(shown.event, parameters), notices: [...notices, ...shown.notices] };
	}

	return (item, index) => {
		const parameters = read(item, index);
		const found = source.mode === 'defineBelow' ? fromForm(parameters) : fromItem(item, source.inputField);
		if ('issues' in found) return found;
		const { event } = found;
		const chosen = variants ? (parameters[variants.parameter] ?? fallback) : undefined;
		if (variants && !variantOf(variants, chosen)) {
			const allowed = variants.values.map(({ value }) => value).join(', ');
			return {
				issues: [{ field: variants.parameter, message: `'${variants.label}' must be one of ${allowed}` }],
				event,
				isMapped: true,
			};
		}
		const given = isPlainObject(parameters.options) ? parameters.options : {};
		const app = appOption ? given[appOption] : undefined;
		const notices = found.notices?.length ? { notices: found.notices } : {};
		const key = given[REMEMBER_KEY.name];
		return { event, ...(variants ? { variant: textOf(chosen) } : {}), ...notices, app, key };
	};
}

/** The event inside an incoming item. */
function fromItem(item: Json, inputField: string): { event: Json; notices?: Issue[] } | Faulty {
	if (!inputField) return { event: withoutEarlierReport(item) };
	const found: unknown = get(item, inputField);
	const read = checkObject(found, {});
	if ('value' in read && isPlainObject(read.value)) return { event: withoutEarlierReport(read.value) };
	const message =
		'error' in read && !isAbsent(found)
			? `The field '${userText(inputField)}' ${read.error}`
			: `The item has no field '${userText(inputField)}'; 'Input Field' must name the field that holds the event`;
	return { issues: [{ field: inputField, message }], event: found ?? {} };
}

/** An item of an error output carries our report beside its own fields; the report is not part of the event. */
function withoutEarlierReport(item: Json): Json {
	if (!isPlainObject(item.details) || !isPlainObject(item.details.delivery)) return item;
	return omit(item, 'error', 'details');
}
