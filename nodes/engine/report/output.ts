import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import { inWords, isFailed, STATUSES, type Outcome, type StatusCounts } from './outcome';
import type { Settings } from '../operation/settings';
import type { Pause } from '../pause';

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
	/** Items that were not sent because their keys were sent before, where keys are remembered. */
	duplicates?: number;
}

/** `delivery` first, so that n8n's table shows the status in a narrow window. */
export function reportAsJson({ event, delivery, data, response }: ItemReport): IDataObject {
	const json = { delivery, ...data, event } as unknown as IDataObject;
	if (response !== undefined) json.response = response as IDataObject;
	return json;
}

/** `error` and `details` and nothing else: n8n then puts the item on the error output with its own fields beside. */
const asErrorItem = (report: ItemReport): INodeExecutionData => ({
	json: {
		error: report.delivery.message ?? `Not accepted: ${inWords(report.delivery.status)}`,
		details: reportAsJson(report),
	},
	pairedItem: { item: report.index },
});

/** Output items in input order, each paired to its own input item. */
export async function outputItems(
	reports: readonly ItemReport[],
	settings: Pick<Settings, 'output' | 'includeInputFields'>,
	run: RunCounts,
	options: { toErrorOutput: boolean; inputOf: (index: number) => IDataObject; pause: Pause },
): Promise<INodeExecutionData[]> {
	const { pause } = options;
	const output: INodeExecutionData[] = [];
	if (settings.output === 'summary') output.push(summaryItem(reports, run));
	for (const report of reports) {
		if (pause.isDue()) await pause.now();
		const failed = isFailed(report.delivery.status);
		if (failed && options.toErrorOutput) {
			output.push(asErrorItem(report));
		} else if (settings.output === 'everyItem' || (settings.output === 'failedOnly' && failed)) {
			const json = reportAsJson(report);
			if (settings.includeInputFields) json.input = options.inputOf(report.index);
			output.push({ json, pairedItem: { item: report.index } });
		}
	}
	return output;
}

function summaryItem(reports: readonly ItemReport[], run: RunCounts): INodeExecutionData {
	const counts = Object.fromEntries(STATUSES.map(({ status }) => [status, run.counts[status] ?? 0]));
	return {
		json: {
			items: reports.length,
			...counts,
			...(run.duplicates === undefined ? {} : { duplicates: run.duplicates }),
			requests: run.requests,
			waitedSeconds: run.waitedSeconds,
		},
		pairedItem: reports.map(({ index }) => ({ item: index })),
	};
}
