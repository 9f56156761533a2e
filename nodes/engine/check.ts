import type { z } from 'zod/v3';

import { nearestName } from './nearest';
import { objectSchema, type SchemaContext } from './schema';
import type { Field, Issue, Json, Operation } from './table';
import { freeValueFault, isAbsent, isPlainObject, parseJson, readList } from './values';

export type ExtraFields = 'ignore' | 'error' | 'send';

export interface CheckSettings {
	zone: string;
	now: number;
	maxAgeDays: number;
	extraFields: ExtraFields;
	/** Most events that one list may hold. */
	maxListed: number;
	/** All settings of the run, for an operation's own options. */
	all: Readonly<Record<string, unknown>>;
}

export type CheckResult = { event: Json } | { issues: Issue[] };

/** What was left out of events, for the hints after the run. */
export interface LeftOut {
	/** Undocumented name -> nearest documented one, if any is near. */
	names: Map<string, string | undefined>;
	pairs: Set<string>;
}

/** `['cart', 0, 'itemPrice']` -> `cart[0].itemPrice`. */
export function wirePath(path: ReadonlyArray<string | number>, prefix = ''): string {
	return path.reduce<string>(
		(text, part) => (typeof part === 'number' ? `${text}[${part}]` : text ? `${text}.${part}` : part),
		prefix,
	);
}

/** The rows of an operation that stand for one event of a list, and those that the list shares. */
export function splitFields(operation: Operation): { shared: readonly Field[]; perEvent: readonly Field[] } {
	return {
		shared: operation.fields.filter((field) => !field.perEvent),
		perEvent: operation.fields.filter((field) => field.perEvent),
	};
}

/**
 * Checks mapped events against an operation's table: each into its documented wire form, or every fault it has.
 * One checker serves one run; it compiles a schema per value of the operation's selector.
 */
export function createChecker(operation: Operation, settings: CheckSettings, leftOut: LeftOut) {
	const schemas = new Map<string, z.ZodTypeAny>();
	const { shared, perEvent } = splitFields(operation);
	const byName = (fields: readonly Field[]) => new Map(fields.map((field) => [field.wire, field]));
	const whole = byName(operation.fields);
	const ofList = byName(shared);
	const ofEvent = byName(perEvent);
	const nested = new Map<Field, Map<string, Field>>();

	function schemaOf(scope: 'whole' | 'shared' | 'event', fields: readonly Field[], selected: string): z.ZodTypeAny {
		const id = `${scope}\n${selected}`;
		let schema = schemas.get(id);
		if (!schema) {
			const context: SchemaContext = {
				...settings,
				selected,
				keepExtras: settings.extraFields === 'send',
				onDroppedPair: (name) => leftOut.pairs.add(name),
			};
			schema = objectSchema(fields, context, { free: operation.freeNames });
			schemas.set(id, schema);
		}
		return schema;
	}

	/** Undocumented names at any documented level: remembered for the hint, or a fault each. */
	function checkExtras(
		value: Json,
		fields: ReadonlyMap<string, Field>,
		free: boolean,
		prefix: string,
		issues: Issue[],
	): void {
		for (const name of Object.keys(value)) {
			const field = fields.get(name);
			const path = wirePath([name], prefix);
			if (!field) {
				if (!isAbsent(value[name])) checkExtra(name, value[name], path, free, [...fields.keys()], issues);
				continue;
			}
			const inner =
				field.type.kind === 'object' ? field.type.fields : field.type.kind === 'list' ? field.type.of : undefined;
			if (!inner) continue;
			let names = nested.get(field);
			if (!names) nested.set(field, (names = byName(inner)));
			const given = value[name];
			const content = typeof given === 'string' ? parseJson(given)?.parsed : given;
			if (isPlainObject(content)) checkExtras(content, names, field.type.kind === 'object' && field.type.free === true, path, issues);
			if (Array.isArray(content)) {
				for (const [at, row] of content.entries()) {
					if (isPlainObject(row)) checkExtras(row, names, false, `${path}[${at}]`, issues);
				}
			}
		}
	}

	function checkExtra(
		name: string,
		value: unknown,
		path: string,
		free: boolean,
		documented: string[],
		issues: Issue[],
	): void {
		if (name !== '__proto__' && (free || settings.extraFields === 'send')) {
			const lost = freeValueFault(value);
			if (lost) issues.push({ field: path, message: `'${name}' ${lost}` });
			return;
		}
		// Looked for only where it is shown: it costs more than all else that is done for a name.
		const near = nearestName(name, documented);
		if (settings.extraFields === 'ignore' && name !== '__proto__') {
			leftOut.names.set(path, near);
		} else {
			const didYouMean = near ? `; did you mean '${near}'?` : '';
			issues.push({ field: path, message: `'${name}' is not a documented name${didYouMean}` });
		}
	}

	function checkFields(
		scope: 'whole' | 'shared' | 'event',
		value: Json,
		selected: string,
		prefix: string,
		issues: Issue[],
	): Json {
		const fields = scope === 'whole' ? operation.fields : scope === 'shared' ? shared : perEvent;
		const names = scope === 'whole' ? whole : scope === 'shared' ? ofList : ofEvent;
		checkExtras(value, names, operation.freeNames === true, prefix, issues);
		const parsed = schemaOf(scope, fields, selected).safeParse(value);
		const before = issues.length;
		if (!parsed.success) {
			for (const issue of parsed.error.issues) {
				issues.push({ field: wirePath(issue.path, prefix), message: issue.message });
			}
		}
		const event: Json = parsed.success ? (parsed.data as Json) : value;
		for (const rule of operation.rules) {
			const applies = scope === 'whole' || Boolean(rule.perEvent) === (scope === 'event');
			if (!applies) continue;
			for (const { field, message } of rule.check(event, selected)) {
				const path = prefix ? `${prefix}.${field}` : field;
				const known = issues.slice(before).some((issue) => issue.field === path);
				if (!known) issues.push({ field: path, message });
			}
		}
		return event;
	}

	function checkList(event: Json, listName: string, selected: string, issues: Issue[]): Json {
		const { [listName]: rawList, ...rest } = event;
		const read = readList(rawList);
		const head = checkFields('shared', rest, selected, '', issues);
		if ('fault' in read) {
			issues.push({ field: listName, message: `'${listName}' ${read.fault}` });
			return event;
		}
		if (read.list.length === 0) issues.push({ field: listName, message: `'${listName}' is empty` });
		if (read.list.length > settings.maxListed) {
			issues.push({
				field: listName,
				message: `'${listName}' holds ${read.list.length} events, more than the batch size of ${settings.maxListed}; a list is sent whole`,
			});
			return event;
		}
		const events = read.list.map((member, at) => {
			const path = `${listName}[${at}]`;
			if (isPlainObject(member)) return checkFields('event', member, selected, path, issues);
			issues.push({ field: path, message: 'Each event of a list must be an object' });
			return member;
		});
		return { ...head, [listName]: events };
	}

	return function check(mapped: Json, selected: string): CheckResult {
		const arranged = operation.arrange ? operation.arrange(mapped, settings.all) : { event: mapped, issues: [] };
		const issues = [...arranged.issues];
		const renamed = withAliases(operation.fields, arranged.event);
		const listName = operation.listOf;
		const event =
			listName !== undefined && !isAbsent(renamed[listName])
				? checkList(renamed, listName, selected, issues)
				: checkFields('whole', renamed, selected, '', issues);
		return issues.length ? { issues } : { event };
	};
}

/** Moves values that stand under another accepted name; the vendor's own name wins. */
function withAliases(fields: readonly Field[], event: Json): Json {
	let renamed = event;
	for (const { wire, alias } of fields) {
		if (alias === undefined || isAbsent(event[alias])) continue;
		const { [alias]: value, ...rest } = renamed;
		renamed = isAbsent(event[wire]) ? { ...rest, [wire]: value } : rest;
	}
	return renamed;
}
