import isEqual from 'lodash/isEqual';
import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import { parameterReader } from '../../engine';

import { download, type ExportRun } from './download';
import { earlierRequest, exportJson, failedWith, reportOf, type ExportReport } from './exportReport';
import { EventMatcher } from './match';
import { arrivalItems, matchRequest, sentEventsOf } from './matchRun';
import { readOptions } from './options';
import { FileFault, missingColumns, readRows } from './readRows';

/** Looks for the events of all items in one export. */
export async function runMatch(
	run: ExportRun,
	inputs: readonly INodeExecutionData[],
): Promise<INodeExecutionData[][]> {
	const { host, node, pause, clock, signal } = run;
	const failAll = (failed: { failed: ExportReport }): INodeExecutionData[][] =>
		reportOf(
			host,
			node,
			inputs.map(() => failed),
		);
	const options = readOptions(host.getNodeParameter('options', 0, {}) as IDataObject);
	if ('message' in options) return failAll(failedWith(options.message));
	const application_id = host.getNodeParameter('application_id', 0, '');
	const byOwnId = host.getNodeParameter('matchBy', 0, 'event') === 'ownId';
	const sentAt = parameterReader(host, 'sentAt');
	const events = sentEventsOf(inputs);
	const plan = matchRequest(events, {
		application_id,
		ownIdPath: byOwnId ? String(host.getNodeParameter('ownIdPath', 0, '')) : '',
		sentAt: (index) => sentAt(inputs[index]?.json ?? {}, index),
		zone: options.zone,
		workflowZone: host.getTimezone(),
		now: clock.now(),
	});
	if ('message' in plan) return failAll(failedWith(plan.message));

	const { request } = plan;
	const earlier = inputs[0] && earlierRequest(inputs[0].json, { application_id, resource: request.resource });
	const result = await download(
		run,
		request,
		{
			maxWait: options.maxWait,
			continues: options.useEarlierFile || (earlier !== undefined && isEqual(earlier, request)),
		},
		async (file): Promise<EventMatcher> => {
			const matcher = plan.matcher();
			const rows = readRows(file, pause, (header) => {
				const missing = missingColumns(header, request.fields);
				if (missing.length > 0) {
					throw new FileFault(
						`AppMetrica's file has no column ${missing.join(', ')}, so nothing can be matched`,
						true,
					);
				}
			});
			for await (const row of rows) {
				if (signal?.aborted) break;
				matcher.see(row);
			}
			return matcher;
		},
	);
	if ('cancelled' in result) return [[]];
	if ('failed' in result) return failAll(result);
	if ('used' in result) {
		const arrivals = result.used.arrivals();
		return [arrivalItems(inputs, (index) => arrivals[index] ?? { status: 'unmatched' })];
	}
	const message = `${result.notReady.message}. Run the node again with these items to go on`;
	host.addExecutionHints?.({
		message: `The export is not ready: ${message}.`,
		type: 'warning',
		location: 'outputPane',
	});
	const arrival = { status: 'notReady', message } as const;
	return [arrivalItems(inputs, () => arrival, exportJson({ ...result.notReady, message }))];
}
