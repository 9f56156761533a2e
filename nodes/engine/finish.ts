import { NodeOperationError, type INodeExecutionData } from 'n8n-workflow';

import { triesOf, type Execution } from './execution';
import type { DroppedNames } from './report/dropped';
import type { Ledger } from './delivery/ledger';
import type { Settings } from './operation/settings';
import { failureDescription, failureTitle, nothingSentDescription, nothingSentTitle } from './report/failure';
import { droppedNotes, hintTexts, warningNotes } from './report/hints';
import { countsInWords, countStatuses, isFailed, type StatusCounts } from './report/outcome';
import { outputItems, type ItemReport } from './report/output';
import { webhookNote } from './report/webhook';
import { reportsWithoutSecrets } from './report/withoutSecrets';

/** What sending has cost. */
export interface RunStats {
	requests: number;
	/** Seconds waited for retries. */
	waitedSeconds: number;
}

export const NOTHING_SENT: RunStats = { requests: 0, waitedSeconds: 0 };

/** How a run ended. */
export interface Ending {
	/** One for each item, in the order of the items. */
	reports: readonly ItemReport[];
	stats: RunStats;
	dropped: DroppedNames;
	ledger?: Ledger;
	/** Why the run ended before its time. */
	ended?: string;
}

/** Returns the report, or throws the one error of a stopped run. */
export async function finish(
	execution: Execution,
	settings: Pick<Settings, 'output' | 'includeInputFields' | 'executionData'>,
	{ reports, stats, dropped, ledger, ended }: Ending,
): Promise<INodeExecutionData[][]> {
	const { node, items, continues, toErrorOutput, pause, hide } = execution;
	const counts = countStatuses(reports);
	writeLog(execution, counts, stats);
	if (settings.executionData) saveCounts(execution, reports, ledger);
	await pause.ifDue();
	const tries = ledger?.run.tries ?? 1;
	if (!continues && reports.some(({ delivery }) => isFailed(delivery.status))) {
		keepLedger(execution, ledger);
		throw notAllTaken(execution, { reports, stats, dropped, ledger, ended });
	}
	const output = await outputItems(
		await reportsWithoutSecrets(reports, hide, pause),
		settings,
		{ ...stats, counts, duplicates: dropped.duplicates },
		{ toErrorOutput, inputOf: (index) => items[index]?.json ?? {}, pause },
	);
	// n8n runs the node again if the first item it returns has an `error`.
	const runsAgain = Boolean(output[0]?.json.error) && tries < triesOf(node);
	if (!runsAgain) ledger?.remove();
	addHints(execution, counts, dropped, { isSummary: settings.output === 'summary' });
	return [output];
}

/** After a cancel: nothing is thrown, since a throw would be repeated; n8n keeps nothing of the node. */
export function leave(
	{ host, operation, items }: Execution,
	reports: readonly ItemReport[],
	when: string,
): INodeExecutionData[][] {
	const counts = countStatuses(reports);
	host.logger.info(`${operation.name}: stopped ${when}`, { ...counts, items: items.length });
	return [[]];
}

/** For the Retry button of the executions list. */
function keepLedger({ node }: Execution, ledger: Ledger | undefined): void {
	// n8n gives up after this try, and its Retry button then starts to count anew.
	if (ledger && ledger.run.tries >= triesOf(node)) ledger.run.tries = 0;
}

/** Some items cannot be sent, and the node is set to stop: one error lists them. */
export function nothingSent(
	execution: Execution,
	failed: readonly ItemReport[],
	settled: readonly ItemReport[],
	waiting: readonly ItemReport[],
	dropped: DroppedNames,
	ledger?: Ledger,
): NodeOperationError {
	keepLedger(execution, ledger);
	if (settled.length) {
		const reports = [...failed, ...settled, ...waiting].sort((one, other) => one.index - other.index);
		writeLog(execution, countStatuses(reports));
		return notAllTaken(execution, { reports, stats: NOTHING_SENT, dropped, ledger });
	}
	writeLog(execution, countStatuses(failed));
	const all = execution.items.length;
	return stopError(
		execution,
		nothingSentTitle(failed.length, all),
		nothingSentDescription(failed, all, notesOf(execution, dropped)),
		failed[0]?.index,
	);
}

function notAllTaken(
	execution: Execution,
	{ reports, stats, dropped, ledger, ended }: Ending,
): NodeOperationError {
	const failed = reports.filter(({ delivery }) => isFailed(delivery.status));
	const first = failed.find(({ delivery }) => delivery.status !== 'notAttempted');
	const why = ended ?? (first ? undefined : failed[0]?.delivery.message);
	const title = failureTitle(execution.operation.vendor, reports, why);
	const description = failureDescription(title, reports, {
		ended: why,
		isRetry: ledger?.isRepeat === true,
		requests: stats.requests,
		notes: notesOf(execution, dropped),
	});
	return stopError(execution, title, description, (first ?? failed[0])?.index);
}

/** What was left out of the events, and what most likely explains it. */
function notesOf({ operation, parameters, items }: Execution, dropped: DroppedNames): string[] {
	const isAutomatic = parameters.mappingMode === 'autoMapInputData';
	const webhook = isAutomatic ? webhookNote(items[0]?.json, parameters.inputField) : undefined;
	return webhook === undefined ? droppedNotes(operation.vendor, dropped) : [webhook];
}

function stopError(
	{ node, hide }: Execution,
	title: string,
	description: string,
	itemIndex: number | undefined,
): NodeOperationError {
	return new NodeOperationError(node, hide(title), { description: hide(description), itemIndex });
}

/**
 * Adds this run's counts to the custom data of the execution. A later try of the run replaces what an earlier one has
 * added. n8n keeps ten names an execution and refuses more; a run never fails by that.
 */
function saveCounts({ host }: Execution, reports: readonly ItemReport[], ledger: Ledger | undefined): void {
	const failed = reports.filter(({ delivery }) => isFailed(delivery.status)).length;
	const warned = reports.filter(({ delivery }) => 'warnings' in delivery).length;
	const sent = reports.filter(({ delivery }) => !delivery.duplicate && !isFailed(delivery.status)).length;
	const counts = { eventsSent: sent, eventsFailed: failed, eventsWithWarnings: warned };
	try {
		const { customData } = host;
		for (const [name, count] of Object.entries(counts)) {
			const known = customData.get(name);
			const others = known === undefined ? 0 : Number(known) - (ledger?.run.counted?.[name] ?? 0);
			customData.set(name, String((others > 0 ? others : 0) + count));
		}
		if (ledger) ledger.run.counted = counts;
	} catch {
		// This n8n has none, or not here.
	}
}

export function writeLog(
	{ host, node, operation }: Execution,
	counts: StatusCounts,
	stats: RunStats = NOTHING_SENT,
): void {
	const level = counts.unknown || counts.unconfirmed ? 'warn' : 'info';
	host.logger[level](`${operation.name}: ${countsInWords(counts)}`, { ...counts, node: node.name, ...stats });
}

export function addHints(
	execution: Execution,
	counts: StatusCounts,
	dropped: DroppedNames,
	{ first, isSummary }: { first?: string; isSummary?: boolean } = {},
): void {
	const { host, node, operation, toErrorOutput, hide } = execution;
	const texts = hintTexts({
		vendor: operation.vendor,
		counts,
		notes: [...notesOf(execution, dropped), ...warningNotes(dropped)],
		retriesOnFail: node.retryOnFail === true,
		toErrorOutput,
		isSummary,
	});
	const type =
		texts.length && Object.keys(counts).some((status) => status !== 'accepted') ? 'warning' : 'info';
	for (const message of first ? [first, ...texts] : texts) {
		host.addExecutionHints?.({ message: hide(message), type, location: 'outputPane' });
	}
}
