import { NodeOperationError, type INodeExecutionData } from 'n8n-workflow';

import { triesOf, type Execution } from './execution';
import type { DroppedNames } from './check/check';
import type { Ledger } from './delivery/ledger';
import type { Settings } from './operation/settings';
import { hintTexts } from './report/hints';
import { countsInWords, countStatuses, isFailed, type StatusCounts } from './report/outcome';
import { failuresInWords, failureTitle, outputItems, type ItemReport } from './report/report';

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
export function finish(
	execution: Execution,
	settings: Pick<Settings, 'output' | 'includeInputFields'>,
	{ reports, stats, dropped, ledger, ended }: Ending,
): INodeExecutionData[][] {
	const { node, items, continues, toErrorOutput } = execution;
	const counts = countStatuses(reports);
	writeLog(execution, counts, stats);
	const tries = ledger?.run.tries ?? 1;
	if (!continues && reports.some(({ delivery }) => isFailed(delivery.status))) {
		// n8n gives up after this try, and its Retry button then starts to count anew.
		if (ledger && tries >= triesOf(node)) ledger.run.tries = 0;
		throw notAllTaken(execution, reports, counts, ended);
	}
	const output = outputItems(
		reports,
		settings,
		{ ...stats, counts },
		{ toErrorOutput, inputOf: (index) => items[index]?.json ?? {} },
	);
	// n8n runs the node again if the first item it returns has an `error`.
	const runsAgain = Boolean(output[0]?.json.error) && tries < triesOf(node);
	if (!runsAgain) ledger?.remove();
	addHints(execution, counts, dropped);
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

/** Some items cannot be sent, and the node is set to stop: one error lists them. */
export function nothingSent(execution: Execution, failed: readonly ItemReport[]): NodeOperationError {
	writeLog(execution, countStatuses(failed));
	const all = execution.items.length;
	return stopError(
		execution,
		`Nothing was sent: ${failed.length} of ${all} ${all === 1 ? 'item' : 'items'} cannot be sent`,
		`Fix them, or set 'On Error' to continue so that the others are sent.\n${failuresInWords(failed)}`,
		failed[0]?.index,
	);
}

function notAllTaken(
	execution: Execution,
	reports: readonly ItemReport[],
	counts: StatusCounts,
	ended: string | undefined,
): NodeOperationError {
	const failed = reports.filter(({ delivery }) => isFailed(delivery.status));
	const first = failed.find(({ delivery }) => delivery.status !== 'notAttempted');
	const why = ended ?? (first ? undefined : failed[0]?.delivery.message);
	const title = failureTitle(execution.operation.vendor, reports, why);
	const failures = failuresInWords(reports);
	const whole = why && title !== why && !failures.includes(why) ? [`${why.replace(/\.$/, '')}.`] : [];
	const counted = `${reports.length} ${reports.length === 1 ? 'item' : 'items'}: ${countsInWords(counts)}.`;
	return stopError(execution, title, [counted, ...whole, failures].join('\n'), (first ?? failed[0])?.index);
}

function stopError(
	{ node }: Execution,
	title: string,
	description: string,
	itemIndex: number | undefined,
): NodeOperationError {
	return new NodeOperationError(node, title, { description, itemIndex });
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
	{ host, node, operation }: Execution,
	counts: StatusCounts,
	dropped: DroppedNames,
	first?: string,
): void {
	const texts = hintTexts(operation.vendor, counts, dropped, node.retryOnFail === true);
	const type =
		texts.length && Object.keys(counts).some((status) => status !== 'accepted') ? 'warning' : 'info';
	for (const message of first ? [first, ...texts] : texts) {
		host.addExecutionHints?.({ message, type, location: 'outputPane' });
	}
}
