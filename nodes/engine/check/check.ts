import { nearestName } from './nearest';
import { compileObject, type Fault, type ObjectCheck, type Path, type SchemaContext } from './schema';
import type { Field, Issue, Json, Operation } from '../operation/operation';
import { freeValueError } from './json';
import { readList } from './lists';
import { isAbsent, isPlainObject } from './objects';

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
export interface DroppedNames {
	/** Undocumented name -> nearest documented one, if any is near. */
	names: Map<string, string | undefined>;
	pairs: Set<string>;
}

type Extra = Parameters<SchemaContext['onExtra']>[0];

/** Which rows apply: to an event, to what the events of a list share, or to one event of a list. */
type Scope = 'whole' | 'shared' | 'event';

/** `['cart', 0, 'itemPrice']` -> `cart[0].itemPrice`. */
export function wirePath(path: Path, prefix = ''): string {
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
 * One checker serves one run; it compiles the table once for each value of the operation's selector.
 */
export function createChecker(operation: Operation, settings: CheckSettings, leftOut: DroppedNames) {
	const passes = new Map<string, ObjectCheck>();
	const { shared, perEvent } = splitFields(operation);

	function passOf(scope: Scope, selected: string): ObjectCheck {
		const id = `${scope}\n${selected}`;
		let pass = passes.get(id);
		if (!pass) {
			const fields = scope === 'whole' ? operation.fields : scope === 'shared' ? shared : perEvent;
			const onDroppedPair = (name: string) => leftOut.pairs.add(name);
			const prefix = scope === 'event' ? `${operation.listOf}[]` : '';
			const onExtra = (extra: Extra) => judgeExtra(extra, prefix);
			pass = compileObject(
				fields,
				{ ...settings, selected, onDroppedPair, onExtra },
				operation.additionalProperties,
			);
			passes.set(id, pass);
		}
		return pass;
	}

	/** An undocumented name: kept, left out and remembered for the hint, or a fault. */
	function judgeExtra({ name, value, path, free, documented }: Extra, prefix: string) {
		if (name !== '__proto__' && (free || settings.extraFields === 'send')) {
			const lost = freeValueError(value);
			return lost ? { fault: `'${name}' ${lost}` } : 'keep';
		}
		// Looked for only where it is shown: it costs more than all else that is done for a name.
		const shownAt = wirePath(path, prefix);
		if (settings.extraFields === 'ignore' && name !== '__proto__') {
			if (!leftOut.names.has(shownAt)) leftOut.names.set(shownAt, nearestName(name, documented));
			return 'drop';
		}
		const near = nearestName(name, documented);
		return { fault: `'${name}' is not a documented name${near ? `; did you mean '${near}'?` : ''}` };
	}

	function checkFields(scope: Scope, value: Json, selected: string, prefix: string, issues: Issue[]): Json {
		const faults: Fault[] = [];
		const checked = passOf(scope, selected)(value, [], faults);
		for (const { path, message } of faults) issues.push({ field: wirePath(path, prefix), message });
		const event = faults.length ? value : checked;
		for (const rule of operation.rules) {
			const applies = scope === 'whole' || Boolean(rule.perEvent) === (scope === 'event');
			if (!applies) continue;
			for (const { field, message } of rule.check(event, selected)) {
				const path = prefix ? `${prefix}.${field}` : field;
				const known = issues.some((issue) => issue.field === path);
				if (!known) issues.push({ field: path, message });
			}
		}
		return event;
	}

	function checkList(event: Json, listName: string, selected: string, issues: Issue[]): Json {
		const { [listName]: rawList, ...rest } = event;
		const read = readList(rawList);
		const head = checkFields('shared', rest, selected, '', issues);
		if ('error' in read) {
			issues.push({ field: listName, message: `'${listName}' ${read.error}` });
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
		// Array.from also visits the holes of a list.
		const events = Array.from(read.list, (member, at) => {
			const path = `${listName}[${at}]`;
			if (isPlainObject(member)) return checkFields('event', member, selected, path, issues);
			issues.push({ field: path, message: 'Each event of a list must be an object' });
			return member;
		});
		return { ...head, [listName]: events };
	}

	return function check(mapped: Json, selected: string): CheckResult {
		const arranged = operation.normalize
			? operation.normalize(mapped, settings.all)
			: { event: mapped, issues: [] };
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
