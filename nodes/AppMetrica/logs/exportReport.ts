import {
	NodeOperationError,
	type IDataObject,
	type IExecuteFunctions,
	type INode,
	type INodeExecutionData,
} from 'n8n-workflow';

import type { ExportRequest } from './exportRequest';

/** What became of one export; `export` of an output item. */
export interface ExportReport {
	status: 'ready' | 'notReady' | 'failed';
	message?: string;
	httpStatus?: number;
	/** The vendor's own names; a later run goes on with the same request. */
	request?: ExportRequest;
	requests?: number;
	waitedSeconds?: number;
}

/** The result for one input item. */
export type Exported = { items: INodeExecutionData[] } | { failed: ExportReport } | { cancelled: true };

export const failedWith = (message: string): { failed: ExportReport } => ({
	failed: { status: 'failed', message },
});

export const exportJson = (report: ExportReport, json: IDataObject = {}): IDataObject =>
	({ ...json, export: report }) as unknown as IDataObject;

/**
 * The request of an export that was not ready, with which the run goes on. An item may come from a stranger: it cannot choose
 * another app or resource than the form does.
 */
export function earlierRequest(
	json: IDataObject,
	form: { application_id: unknown; resource: unknown },
): ExportRequest | undefined {
	const earlier = json.export as Partial<ExportReport> | null | undefined;
	if (earlier?.status !== 'notReady') return undefined;
	const request = earlier.request as Partial<ExportRequest> | null | undefined;
	const isSame =
		request?.resource === form.resource && request?.application_id === String(form.application_id).trim();
	return isSame &&
		Array.isArray(request.fields) &&
		Array.isArray(request.filters) &&
		request.filters.every(Array.isArray)
		? (request as ExportRequest)
		: undefined;
}

const continues = (host: IExecuteFunctions): boolean =>
	host.isToolExecution?.() === true || host.continueOnFail();

/** The output in the order of the items; a failed one stops the node, or is returned by its *On Error*. */
export function reportOf(
	host: IExecuteFunctions,
	node: INode,
	results: readonly Exported[],
): INodeExecutionData[][] {
	const failures = results.flatMap((result, index) =>
		'failed' in result ? [{ index, failed: result.failed }] : [],
	);
	const first = failures[0];
	if (first && !continues(host)) throw failure(node, failures, results.length);
	const toErrorOutput = node.onError === 'continueErrorOutput' && host.isToolExecution?.() !== true;
	return [
		results.flatMap((result, index): INodeExecutionData[] => {
			if ('items' in result) return result.items;
			if (!('failed' in result)) return [];
			const json = exportJson(result.failed);
			return [
				{
					json: toErrorOutput ? { error: result.failed.message ?? 'The export failed', details: json } : json,
					pairedItem: { item: index },
				},
			];
		}),
	];
}

function failure(
	node: INode,
	failures: ReadonlyArray<{ index: number; failed: ExportReport }>,
	count: number,
): NodeOperationError {
	const title =
		count === 1 ? 'The export failed' : `The export failed for ${failures.length} of ${count} items`;
	const reasons = new Map<string, number[]>();
	for (const { index, failed } of failures) {
		const reason = failed.message ?? '';
		reasons.set(reason, [...(reasons.get(reason) ?? []), index]);
	}
	const description = [...reasons]
		.slice(0, 20)
		.map(([reason, items]) => `Item ${items.slice(0, 20).join(', ')}: ${reason}.`);
	return new NodeOperationError(node, title, {
		description: description.join('\n'),
		itemIndex: failures[0]?.index,
	});
}
