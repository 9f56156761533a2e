import { isAccountError, targetFor, type Account, type AccountError } from './account';
import type { createChecker } from './check/check';
import type { createMapper } from './mapping/mapping';
import type { Prepared } from './delivery/pack';
import type { Issue, Json, Operation, WireForm } from './operation/operation';
import { isAbsent, isPlainObject, without } from './check/objects';

export interface Preparing {
	operation: Operation;
	form: WireForm;
	account: Account | AccountError;
	map: ReturnType<typeof createMapper>;
	check: ReturnType<typeof createChecker>;
}

/** An item's event in its wire form, or what was mapped with all its faults. */
export type PreparedItem = { prepared: Prepared } | { event: unknown; issues: Issue[] };

/** Maps, checks and encodes one incoming item, which stays as it is. Never throws. */
export function prepareItem(json: Json, index: number, preparing: Preparing): PreparedItem {
	try {
		const checked = checkItem(json, index, preparing);
		return 'issues' in checked ? checked : encodeItem(checked.event, checked.app, index, preparing);
	} catch (error) {
		// n8n throws what an expression does; the item is at fault, not the run.
		const says = error instanceof Error ? error.message : String(error);
		return {
			event: {},
			issues: [{ field: '', message: `An expression could not be read for this item: ${says}` }],
		};
	}
}

function checkItem(
	json: Json,
	index: number,
	{ operation, account, map, check }: Preparing,
): { event: Json; app: string } | { event: unknown; issues: Issue[] } {
	const binding = operation.credential.app;
	const found = map(json, index);
	const names = operation.credential.secretNames;
	const mapped =
		names && isPlainObject(found.event) ? { ...found, event: without(found.event, names) } : found;
	if ('issues' in mapped) return mapped;
	const app = isAbsent(mapped.app) ? (isAccountError(account) ? '' : account.app) : String(mapped.app).trim();
	const checked = check(
		binding?.wire === undefined ? mapped.event : without(mapped.event, [binding.wire]),
		mapped.selected,
	);
	const issues = [
		...('issues' in checked ? checked.issues : []),
		...appIssues(binding, mapped.event, app, account),
	];
	if (issues.length || 'issues' in checked) return { event: mapped.event, issues };
	return { event: checked.event, app };
}

/** The app is no parameter of the event, but an item may name it, and then it must be the one it goes to. */
function appIssues(
	binding: Operation['credential']['app'],
	event: Json,
	app: string,
	account: Account | AccountError,
): Issue[] {
	if (!binding || isAccountError(account)) return [];
	if (!/^\d+$/.test(app))
		return [{ field: binding.option, message: `'${binding.label}' must be a whole number` }];
	const { wire, label } = binding;
	if (wire === undefined || isAbsent(event[wire]) || String(event[wire]).trim() === app) return [];
	const message = `'${wire}' names another app than the one the event would go to; set the option '${label}'`;
	return [{ field: wire, message }];
}

function encodeItem(event: Json, app: string, index: number, { form, account }: Preparing): PreparedItem {
	const encoded = form.encode(event, targetFor(account, app));
	if ('fault' in encoded) return { event, issues: [encoded.fault] };
	const bytes = Buffer.byteLength(encoded.text, 'utf8');
	return { prepared: { ...encoded, batchKey: `${app}\n${encoded.batchKey}`, index, event, app, bytes } };
}

/** One sentence for an invalid item. */
export function invalidMessage(issues: readonly Issue[]): string {
	const [first, ...rest] = issues;
	if (rest.length === 0) return `Not sent: ${first.message}`;
	return `Not sent: ${first.message}; and ${rest.length} more ${rest.length === 1 ? 'fault' : 'faults'} (see 'issues')`;
}
