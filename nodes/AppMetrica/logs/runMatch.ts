import isEqual from 'lodash/isEqual';
import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import { parameterReader } from '../../engine';

import { download, type ExportRun } from './download';
import { earlierRequest, exportJson, failedWith, reportOf, type ExportReport } from './exportReport';
import { arrivalItems, matchRequest } from './matchRequest';
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
	const parameters = {
		application_id,
		ownIdPath: byOwnId ? String(host.getNodeParameter('ownIdPath', 0, '')) : '',
		sentAt: (index: number) => sentAt(inputs[index]?.json ?? {}, index),
		zone: options.zone,
		workflowZone: host.getTimezone(),
		now: clock.now(),
	};
	const plan = await matchRequest(inputs, parameters, pause);
	if ('message' in plan) return failAll(failedWith(plan.message));
	if (signal?.aborted) return [[]];

	const { request, matcher } = plan;
	const earlier = inputs[0] && earlierRequest(inputs[0].json, { application_id, resource: request.resource });
	const result = await download(
		run,
		request,
		{
			maxWait: options.maxWait,
			continues: options.useEarlierFile || (earlier !== undefined && isEqual(earlier, request)),
		},
		async (file) => {
			matcher.restart();
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
		},
	);
	if ('cancelled' in result) return [[]];
	if ('failed' in result) return failAll(result);
	if ('used' in result) {
		return [await arrivalItems(inputs, (index) => matcher.arrival(index), pause)];
	}
	const message = `${result.notReady.message}. Run the node again with these items to go on`;
	host.addExecutionHints?.({
		message: `The export is not ready: ${message}.`,
		type: 'warning',
		location: 'outputPane',
	});
	const arrival = { status: 'notReady', message } as const;
	return [await arrivalItems(inputs, () => arrival, pause, exportJson({ ...result.notReady, message }))];
}
