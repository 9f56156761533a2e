import {
	createDestinations,
	isAccountError,
	readAccount,
	type Account,
	type AccountError,
	type Destination,
} from './account';
import { optionsOf, type Execution } from './execution';
import { createChecker, type DroppedNames } from './check/check';
import { createMapper, type MappingMode } from './mapping/mapping';
import type { Prepared } from './delivery/pack';
import type { Issue, Json, Operation, WireForm } from './operation/operation';
import type { Settings } from './operation/settings';
import type { ItemReport } from './report/report';
import { isAbsent, isPlainObject, without } from './check/objects';

/** All that is needed to turn one item into an event in its wire form. */
export interface Preparing {
	operation: Operation;
	form: WireForm;
	account: Account | AccountError;
	destinationOf: (account: Account, app?: string) => Destination;
	map: ReturnType<typeof createMapper>;
	check: ReturnType<typeof createChecker>;
}

/** What an item became: ready to be sent, or why it is not. */
export type PreparedItem =
	| { prepared: Prepared }
	/** What was mapped, with all that is wrong with it. */
	| { event: unknown; issues: Issue[] }
	/** Nothing is wrong with the event, but there is no account to send it to. */
	| { event: Json; notSent: string };

/** Everything a run needs to prepare its items. */
export async function createPreparing(
	execution: Execution,
	settings: Settings,
	all: Json,
	form: WireForm,
	dropped: DroppedNames,
): Promise<Preparing> {
	const { operation, host, parameters, clock } = execution;
	const { maxAgeDays, extraFields, batchSize: maxListed } = settings;
	return {
		operation,
		form,
		account: await readAccount(host, operation),
		destinationOf: createDestinations(operation.credential),
		check: createChecker(
			operation,
			{ zone: host.getTimezone(), now: clock.now(), maxAgeDays, extraFields, maxListed, all },
			dropped,
		),
		map: createMapper(operation, {
			mode: (parameters.mappingMode ?? 'defineBelow') as MappingMode,
			inputField: String(parameters.inputField ?? '').trim(),
			parameters: { ...parameters, options: optionsOf(execution) },
			resolve: (path, index) => host.getNodeParameter(path, index, undefined) as unknown,
		}),
	};
}

/** Maps, checks and encodes every item. What cannot be sent is reported. Ends early when the run is cancelled. */
export async function prepareItems(
	{ items, pause, signal }: Execution,
	preparing: Preparing,
): Promise<{ prepared: Prepared[]; reports: ItemReport[] }> {
	const prepared: Prepared[] = [];
	const reports: ItemReport[] = [];
	for (const [index, { json }] of items.entries()) {
		await pause.ifDue();
		if (signal?.aborted) break;
		const item = prepareItem(json, index, preparing);
		if ('prepared' in item) prepared.push(item.prepared);
		else reports.push(reportOf(index, item, preparing.form));
	}
	return { prepared, reports };
}

function reportOf(
	index: number,
	item: Exclude<PreparedItem, { prepared: Prepared }>,
	form: WireForm,
): ItemReport {
	const { event } = item;
	if ('notSent' in item) return { index, event, delivery: { status: 'notAttempted', message: item.notSent } };
	const method = isPlainObject(event) ? form.method(event) || undefined : undefined;
	const { issues } = item;
	const message = invalidMessage(issues);
	return { index, event, delivery: { status: 'invalid', ...(method ? { method } : {}), message, issues } };
}

/** Maps, checks and encodes one incoming item, which stays as it is. Never throws. */
export function prepareItem(json: Json, index: number, preparing: Preparing): PreparedItem {
	try {
		const checked = checkItem(json, index, preparing);
		return 'event' in checked ? checked : encodeItem(checked.checked, checked.app, index, preparing);
	} catch (error) {
		// n8n throws what an expression does; the item is at fault, not the run.
		const reason = error instanceof Error ? error.message : String(error);
		return {
			event: {},
			issues: [{ field: '', message: `An expression could not be read for this item: ${reason}` }],
		};
	}
}

function checkItem(
	json: Json,
	index: number,
	{ operation, account, map, check }: Preparing,
): { checked: Json; app?: string } | { event: unknown; issues: Issue[] } {
	const { app: binding, secretNames } = operation.credential;
	const found = map(json, index);
	const mapped =
		secretNames && isPlainObject(found.event)
			? { ...found, event: without(found.event, secretNames) }
			: found;
	if ('issues' in mapped) return mapped;
	const app = isAbsent(mapped.app) ? undefined : String(mapped.app).trim();
	const result = check(
		binding?.wire === undefined ? mapped.event : without(mapped.event, [binding.wire]),
		mapped.selected,
	);
	const issues = [
		...('issues' in result ? result.issues : []),
		...appIssues(binding, mapped.event, app, account),
	];
	if (issues.length || 'issues' in result) return { event: mapped.event, issues };
	return { checked: result.event, app };
}

/** The app is no parameter of the event, but an item may name it, and then it must be the one it goes to. */
function appIssues(
	binding: Operation['credential']['app'],
	event: Json,
	option: string | undefined,
	account: Account | AccountError,
): Issue[] {
	if (!binding || isAccountError(account)) return [];
	const app = option ?? account.fields[binding.field] ?? '';
	if (!/^\d+$/.test(app))
		return [{ field: binding.option, message: `'${binding.label}' must be a whole number` }];
	const { wire, label } = binding;
	if (wire === undefined || isAbsent(event[wire]) || String(event[wire]).trim() === app) return [];
	const message = `'${wire}' names another app than the one the event would go to; set the option '${label}'`;
	return [{ field: wire, message }];
}

function encodeItem(
	event: Json,
	app: string | undefined,
	index: number,
	{ form, account, destinationOf }: Preparing,
): PreparedItem {
	if (isAccountError(account)) return { event, notSent: account.reason };
	const target = destinationOf(account, app);
	const encoded = form.encode(event, target);
	if ('fault' in encoded) return { event, issues: [encoded.fault] };
	const bytes = Buffer.byteLength(encoded.text, 'utf8');
	const batchKey = `${target.id}\n${encoded.batchKey}`;
	return { prepared: { ...encoded, batchKey, index, event, target, bytes } };
}

/** One sentence for an invalid item. */
export function invalidMessage(issues: readonly Issue[]): string {
	const [first, ...rest] = issues;
	const fact = `Not sent: ${first?.message ?? 'the event is invalid'}`;
	if (rest.length === 0) return fact;
	return `${fact}; and ${rest.length} more ${rest.length === 1 ? 'fault' : 'faults'} (see 'issues')`;
}
