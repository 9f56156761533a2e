import pick from 'lodash/pick';

import {
	createDestinations,
	isAccountError,
	readAccounts,
	type Account,
	type AccountError,
	type Accounts,
	type Destination,
} from './account';
import { judgeApp } from './appId';
import { createCredentialReader } from './credentialReader';
import { decide, earlierReport, isFinal, statusOf } from './earlier';
import { internalErrorMessage } from './internalError';
import { optionsOf, type Execution } from './execution';
import { createStepwiseChecker, type CheckResult } from './check/check';
import type { DroppedNames } from './report/dropped';
import { createExpressionHost, Expressions } from './mapping/expressions';
import { EvaluationError } from './mapping/evaluationError';
import { createMapper, type MappingMode } from './mapping/mapping';
import { createKeyNames, readKey } from './deduplication/key';
import { isLargeInput } from './delivery/inputDigest';
import type { Earlier, Ledger } from './delivery/ledger';
import { DOUBT_OF_EARLIER_TRY } from './delivery/messages';
import type { Prepared } from './delivery/pack';
import type { Issue, Json, Operation, WireForm } from './operation/operation';
import type { Settings } from './operation/settings';
import { withPauses, type Steps } from './steps';
import { isFailed } from './report/outcome';
import { invalidMessage } from './report/invalid';
import type { ItemReport } from './report/output';
import { NOTHING_TO_MAP, toolMessage } from './report/toolMessage';
import { userText } from './report/userText';
import { IssueList } from './check/issues';
import { itemShapeAdvice } from './check/itemShape';
import { variantOf } from './operation/variants';
import { isAbsent, isPlainObject, textOf, without } from './check/objects';

/** All that is needed to turn one item into an event in its wire form. */
export interface Preparing {
	operation: Operation;
	form: WireForm;
	accounts: Accounts;
	destinationOf: (account: Account, app?: string, method?: string) => Destination;
	/** The batch key of an event among those of all destinations. */
	batchKeyOf: (target: Destination, batchKey: string) => string;
	/** The key by which an event is sent once, among those of all destinations. */
	keyNameOf: (key: string, target: Destination) => string;
	/** The vendor's method, where the variant decides it. */
	methodOf: (variant: string | undefined) => string | undefined;
	unprovenRules: Settings['unprovenRules'];
	/** The event is the incoming item itself. */
	takesWholeItem: boolean;
	/** Each event is sent once, by the key of its item. */
	remembers?: boolean;
	map: ReturnType<typeof createMapper>;
	check: ReturnType<typeof createStepwiseChecker>;
}

/** The same for all items, some of whose expressions are evaluated ahead. */
export interface PreparingAll extends Preparing {
	expressions: Expressions;
	/** An AI agent calls the node, and reads what an invalid event is told. */
	isTool: boolean;
	invalidMessage: (issues: readonly Issue[], more: number) => string;
}

/** What was mapped, with the first things that are wrong with it and the number of the others. */
interface Invalid {
	event: unknown;
	issues: Issue[];
	moreIssues?: number;
	warnings?: Issue[];
	/** The vendor's method, where the variant decides it. */
	method?: string;
}

/** What an item became: ready to be sent, or why it is not. */
export type PreparedItem =
	| { prepared: Prepared }
	| Invalid
	/** Nothing is wrong with the event, but there is no account to send it to, or this node fails at it. */
	| { event: Json; notSent: string; warnings?: Issue[] };

/** The vendor's method for a variant, where the variants decide it. */
export const methodsOf =
	({ variants }: Operation, sendAs: Settings['sendAs']): Preparing['methodOf'] =>
	(variant) =>
		variantOf(variants, variant)?.method?.[sendAs];

/** Events in a row mostly have the same batch key, and then share its text. */
export function createBatchKeys(): Preparing['batchKeyOf'] {
	let last: { target: Destination; batchKey: string; text: string } | undefined;
	return (target, batchKey) => {
		if (last?.target !== target || last.batchKey !== batchKey) {
			last = { target, batchKey, text: `${target.id}\n${batchKey}` };
		}
		return last.text;
	};
}

/** Everything a run needs to prepare its items. */
export async function createPreparing(
	execution: Execution,
	settings: Settings,
	all: Json,
	mode: MappingMode,
	dropped: DroppedNames,
): Promise<PreparingAll> {
	const { operation, host, parameters, clock, node, isTool } = execution;
	const { credential } = operation;
	const { unprovenRules, extraFields, batchSize: maxListed } = settings;
	const expressions = createExpressions(execution);
	const inputField = String(parameters.inputField ?? '').trim();
	return {
		operation,
		expressions,
		form: operation[settings.sendAs],
		accounts: await readAccounts(
			createCredentialReader(host, credential.type),
			credential,
			node.credentials?.[credential.type] !== undefined,
		),
		destinationOf: createDestinations(credential),
		batchKeyOf: createBatchKeys(),
		keyNameOf: createKeyNames(),
		methodOf: methodsOf(operation, settings.sendAs),
		unprovenRules,
		check: createStepwiseChecker(
			operation,
			{ zone: host.getTimezone(), now: clock.now(), unprovenRules, extraFields, maxListed, all },
			dropped,
		),
		isTool,
		invalidMessage: isTool
			? (issues, more) => toolMessage('Not sent', issues, more, operation, parameters)
			: invalidMessage,
		remembers: settings.rememberKey.trim() !== '',
		takesWholeItem: mode === 'autoMapInputData' && inputField === '',
		map: createMapper(operation, {
			mode,
			inputField,
			parameters: { ...parameters, options: optionsOf(execution) },
			readerOf: expressions.readerOf,
			onEmptyRows: ({ label }) => (dropped.rows ??= new Set()).add(label),
			onDroppedPair: (name) => dropped.pairs.add(name),
		}),
	};
}

function createExpressions({ host, items, evaluatesTogether, pause, signal }: Execution): Expressions {
	const resolve = (path: string, index: number): unknown => {
		let failure: EvaluationError;
		try {
			return host.getNodeParameter(path, index, undefined);
		} catch (error) {
			failure = new EvaluationError(error);
		}
		throw failure;
	};
	if (!evaluatesTogether) return new Expressions(resolve);
	const turns = { pause: pause.ifDue, isStopped: () => signal?.aborted === true };
	return new Expressions(resolve, createExpressionHost(host, items, turns));
}

/** What became of a run's items before anything is sent. */
export interface Preparation {
	/** In the order of the items. */
	prepared: Prepared[];
	/** What cannot be sent. */
	faulty: ItemReport[];
	/** What an earlier try of the run has settled. */
	settled: ItemReport[];
}

/** Maps, checks and encodes every item that is not settled yet. Ends early when the run is cancelled. */
export async function prepareItems(
	execution: Execution,
	settings: Settings,
	preparing: PreparingAll,
	ledger?: Ledger,
): Promise<Preparation> {
	const { items, pause, signal, operation } = execution;
	const { accounts, form, expressions } = preparing;
	const candidates: Prepared[] = [];
	const faulty: ItemReport[] = [];
	const settled: ItemReport[] = [];
	/** Events of refused batches, sent again if another one of their batch has changed. */
	const waiting = new Map<Prepared, Earlier>();
	const changedBatches = new Set<number>();
	await expressions.begin();
	let evaluated = 0;
	for (const [index, { json, binary }] of items.entries()) {
		if (pause.isDue()) await pause.now();
		if (signal?.aborted) break;
		const earlier = isLargeInput(json)
			? ledger && (await withPauses(ledger.identifyInSteps(index, json), pause))
			: ledger?.identify(index, json);
		const account = accounts.ofAll ?? (await accounts.of(index));
		const isKept = ledger && earlier && isFinal(earlier, ledger, settings, operation);
		if (isKept && !isShown(earlier, settings)) {
			settled.push(earlierReport(index, undefined, earlier, operation));
			continue;
		}
		if (index >= evaluated) evaluated = await expressions.readAhead(index);
		if (signal?.aborted) break;
		const preparedItem = withPauses(prepareItem(json, index, account, preparing), pause);
		const item = preparedItem instanceof Promise ? await preparedItem : preparedItem;
		const ready = 'prepared' in item ? item.prepared : undefined;
		const decision =
			ledger && earlier ? decide(earlier, ready, ledger, settings, operation) : ('send' as const);
		if (earlier && decision === 'keep') {
			const event = 'prepared' in item ? item.prepared.event : item.event;
			settled.push(earlierReport(index, event, earlier, operation));
		} else if ('prepared' in item) {
			candidates.push(item.prepared);
			if (earlier && statusOf(earlier) === 'unknown') item.prepared.doubt = DOUBT_OF_EARLIER_TRY;
			if (earlier && decision === 'sendWithBatch') waiting.set(item.prepared, earlier);
			else if (earlier?.state === 'batchRejected' && earlier.request) changedBatches.add(earlier.request);
		} else {
			const shaped = 'issues' in item ? withShape(item, json, Object.keys(binary ?? {})[0], preparing) : item;
			faulty.push(reportOf(index, shaped, form, preparing.invalidMessage));
			if (earlier?.state === 'batchRejected' && earlier.request) changedBatches.add(earlier.request);
		}
	}
	if (waiting.size) {
		for (const request of ledger?.requestsWithOtherInput() ?? []) changedBatches.add(request);
	}
	const prepared = candidates.filter((item) => {
		const earlier = waiting.get(item);
		if (!earlier || changedBatches.has(earlier.request ?? 0)) return true;
		settled.push(earlierReport(item.index, item.event, earlier, operation));
		return false;
	});
	return { prepared, faulty, settled };
}

/** Whether the report of the item is returned, and with it its event. */
const isShown = (earlier: Earlier, { output }: Settings): boolean =>
	output === 'everyItem' || isFailed(statusOf(earlier));

/** An item of which nothing is an event is told so first: the fields that it lacks say little then. */
function withShape(
	item: Invalid,
	json: Json,
	file: string | undefined,
	{ operation, takesWholeItem, isTool }: PreparingAll,
): Invalid {
	if (takesWholeItem && isTool && Object.keys(json).length === 0)
		return { ...item, issues: [{ field: '', message: NOTHING_TO_MAP }], moreIssues: undefined };
	const message = takesWholeItem ? itemShapeAdvice(json, operation, file) : undefined;
	return message === undefined ? item : { ...item, issues: [{ field: '', message }], moreIssues: undefined };
}

function reportOf(
	index: number,
	item: Exclude<PreparedItem, { prepared: Prepared }>,
	form: WireForm,
	messageOf: PreparingAll['invalidMessage'],
): ItemReport {
	const { event } = item;
	const warnings = item.warnings ? { warnings: item.warnings } : {};
	if ('notSent' in item)
		return { index, event, delivery: { status: 'notAttempted', message: item.notSent, ...warnings } };
	const method = item.method ?? (isPlainObject(event) ? form.method(event) || undefined : undefined);
	const { issues, moreIssues = 0 } = item;
	const message = messageOf(issues, moreIssues);
	const shown = { message, issues, ...(moreIssues ? { moreIssues } : {}), ...warnings };
	return { index, event, delivery: { status: 'invalid', ...(method ? { method } : {}), ...shown } };
}

/**
 * Maps, checks and encodes one incoming item, which stays as it is. Never throws. It may be as large as thousands of others,
 * so that between these steps others in the process may have their turn.
 */
export function* prepareItem(
	json: Json,
	index: number,
	account: Account | AccountError,
	preparing: Preparing,
): Steps<PreparedItem> {
	try {
		const checked = yield* checkItem(json, index, account, preparing);
		if ('event' in checked) return checked;
		yield;
		return encodeItem(checked, index, account, preparing);
	} catch (error) {
		if (!(error instanceof EvaluationError)) {
			return { event: {}, notSent: internalErrorMessage('kept this event from being sent', error) };
		}
		const reason = userText(error.message, 200);
		return {
			event: {},
			issues: [{ field: '', message: `An expression could not be read for this item: ${reason}` }],
		};
	}
}

/** An event that may be sent, and what it breaks all the same. */
interface CheckedItem {
	checked: Json;
	app?: string;
	method?: string;
	warnings?: Issue[];
	/** By which it is sent once. */
	key?: string;
}

function* checkItem(
	json: Json,
	index: number,
	account: Account | AccountError,
	{ operation, map, check, methodOf, remembers, unprovenRules }: Preparing,
): Steps<CheckedItem | Invalid> {
	const { app: binding, secretNames } = operation.credential;
	const found = map(json, index);
	yield;
	const mapped =
		secretNames && isPlainObject(found.event)
			? { ...found, event: without(found.event, secretNames) }
			: found;
	if ('issues' in mapped) {
		const { issues, event, isMapped } = mapped;
		if (!isMapped || !isPlainObject(event)) return { issues, event };
		const result = yield* check(binding ? without(event, [binding.wire]) : event);
		return invalidItem(result, [...issues, ...issuesOf(result)]);
	}
	const app = isAbsent(mapped.app) ? undefined : textOf(mapped.app).trim();
	const read = remembers ? readKey(mapped.key) : undefined;
	const ofApp = judgeApp(operation, unprovenRules, mapped.event, app, account);
	const notices = [...(mapped.notices ?? []), ...ofApp.warnings];
	if (read && 'warning' in read) notices.push(read.warning);
	const result = yield* check(
		binding ? without(mapped.event, [binding.wire]) : mapped.event,
		mapped.variant,
		notices,
	);
	const method = methodOf(mapped.variant);
	if ('issues' in result || ofApp.issues.length) {
		// The app that an item names is no part of the event, unless it is what is wrong.
		const named = ofApp.issues.length ? pick(mapped.event, binding?.wire ?? []) : {};
		return { ...invalidItem(result, [...issuesOf(result), ...ofApp.issues], named), method };
	}
	const key = read && 'key' in read ? read.key : undefined;
	return { checked: result.event, app, method, warnings: result.warnings, key };
}

const issuesOf = (result: CheckResult): readonly Issue[] => ('issues' in result ? result.issues : []);

/** `named`: what is shown beside the event. */
function invalidItem(result: CheckResult, all: readonly Issue[], named: Json = {}): Invalid {
	const issues = new IssueList();
	for (const issue of all) issues.add(issue);
	const more = issues.more + ('moreIssues' in result ? (result.moreIssues ?? 0) : 0);
	return {
		event: { ...('issues' in result ? result.shown : result.event), ...named },
		issues: issues.kept,
		...(more ? { moreIssues: more } : {}),
		...(result.warnings ? { warnings: result.warnings } : {}),
	};
}

function encodeItem(
	{ checked: event, app, method, warnings, key }: CheckedItem,
	index: number,
	account: Account | AccountError,
	{ form, destinationOf, batchKeyOf, keyNameOf }: Preparing,
): PreparedItem {
	if (isAccountError(account)) return { event, notSent: account.reason, warnings };
	const target = destinationOf(account, app, method);
	const encoded = form.encode(event, target);
	if ('fault' in encoded) return { event, method, issues: [encoded.fault], warnings };
	const { text, count, batchKey, orderingKey, unbatchable } = encoded;
	// Written out, so that the objects of all items have one shape.
	const prepared: Prepared = {
		index,
		event,
		target,
		text,
		bytes: Buffer.byteLength(text, 'utf8'),
		count,
		batchKey: batchKeyOf(target, batchKey),
		orderingKey,
		unbatchable,
		warnings,
		key: key === undefined ? undefined : keyNameOf(key, target),
	};
	return { prepared };
}
