import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import {
	asRanges,
	countsInWords,
	inWords,
	isFailed,
	STATUSES,
	type Outcome,
	type Status,
	type StatusCounts,
} from './outcome';
import type { Settings } from '../operation/settings';

/** What is reported of one input item. */
export interface ItemReport extends Outcome {
	index: number;
	/** What was or would be sent; for an invalid one, what was mapped. */
	event: unknown;
}

export interface RunCounts {
	counts: StatusCounts;
	requests: number;
	/** Seconds waited for retries. */
	waitedSeconds: number;
}

const LISTED = 20;
/** Characters; n8n shows about fifty in a line of its panel. */
const LONGEST_TITLE = 120;

function asJson({ event, delivery, response }: ItemReport): IDataObject {
	const json = { event, delivery } as IDataObject;
	if (response !== undefined) json.response = response as IDataObject;
	return json;
}

/** `error` and `details` and nothing else: n8n then puts the item on the error output with its own fields beside. */
const asErrorItem = (report: ItemReport): INodeExecutionData => ({
	json: {
		error: report.delivery.message ?? `Not accepted: ${inWords(report.delivery.status)}`,
		details: asJson(report),
	},
	pairedItem: { item: report.index },
});

/** Output items in input order, each paired to its own input item. */
export function outputItems(
	reports: readonly ItemReport[],
	settings: Pick<Settings, 'output' | 'includeInputFields'>,
	run: RunCounts,
	options: { toErrorOutput: boolean; inputOf: (index: number) => IDataObject },
): INodeExecutionData[] {
	const output: INodeExecutionData[] = [];
	if (settings.output === 'summary') output.push(summaryItem(reports, run));
	for (const report of reports) {
		const failed = isFailed(report.delivery.status);
		if (failed && options.toErrorOutput) {
			output.push(asErrorItem(report));
		} else if (settings.output === 'everyItem' || (settings.output === 'failedOnly' && failed)) {
			const json = asJson(report);
			if (settings.includeInputFields) json.input = options.inputOf(report.index);
			output.push({ json, pairedItem: { item: report.index } });
		}
	}
	return output;
}

function summaryItem(reports: readonly ItemReport[], run: RunCounts): INodeExecutionData {
	const counts = Object.fromEntries(STATUSES.map(({ status }) => [status, run.counts[status] ?? 0]));
	return {
		json: { items: reports.length, ...counts, requests: run.requests, waitedSeconds: run.waitedSeconds },
		pairedItem: reports.map(({ index }) => ({ item: index })),
	};
}

/** The body of the one error of a stopped run: the first failed items with reasons, the rest as ranges. */
export function failuresInWords(reports: readonly ItemReport[]): string {
	const failed = reports.filter(({ delivery }) => isFailed(delivery.status));
	const reasons = failed.filter(({ delivery }) => delivery.status !== 'notAttempted');
	const listed = (reasons.length ? reasons : failed).slice(0, LISTED);
	const says = listed.map(({ delivery }) => reasonOf(delivery).replace(/\.$/, ''));
	const lines = listed.map(
		({ index }, at) => `Item ${index}: ${at > 0 && says[at] === says[at - 1] ? 'the same' : says[at]}.`,
	);
	const shown = new Set(listed.map(({ index }) => index));
	for (const { status } of STATUSES) {
		const rest = failed.filter(({ index, delivery }) => delivery.status === status && !shown.has(index));
		if (rest.length)
			lines.push(`Also ${inWords(status)}: items ${asRanges(rest.map(({ index }) => index))}.`);
	}
	return lines.join('\n');
}

/** The title of a stopped run's one error: what happened, with the advice if that is short. */
export function failureTitle(
	vendor: string,
	reports: readonly ItemReport[],
	ended: string | undefined,
): string {
	if (ended) return ended.length > LONGEST_TITLE ? ended.split('; ')[0] : ended;
	const failed = reports
		.map(({ delivery }) => delivery.status)
		.filter((status) => isFailed(status) && status !== 'notAttempted');
	const only = (...statuses: Status[]) => failed.every((status) => statuses.includes(status));
	const share = `${failed.length} of ${reports.length} ${reports.length === 1 ? 'item' : 'items'}`;
	if (only('rejected', 'batchRejected')) return `${vendor} refused ${share}`;
	if (only('unknown')) return `${vendor} may or may not have stored ${share}`;
	if (failed.includes('unknown')) return `${vendor} did not confirm ${share}`;
	return `${vendor} did not take ${share}`;
}

function reasonOf({ message, issues, status }: Outcome['delivery']): string {
	if (issues?.length) return issues.map((issue) => issue.message).join('; ');
	return message ?? inWords(status);
}

/** One sentence where something needs a look. */
export function countsHint(counts: StatusCounts): string | undefined {
	const needsLook = STATUSES.some(
		({ status, failed }) => (failed || status === 'unconfirmed') && counts[status],
	);
	return needsLook ? `${countsInWords(counts)}. See 'delivery' of each item.` : undefined;
}
