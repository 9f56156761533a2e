import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { fixOfParameter, quoted } from '../../engine';

import { download, type ExportRun } from './download';
import { earlierRequest, exportJson, failedWith, type Exported } from './exportReport';
import { readExport, type ExportRequest, type RawExport } from './exportRequest';
import { readOptions, type ExportOptions } from './options';
import { missingColumns, readRows } from './readRows';

/** The export of one input item: its rows as items, or the file. */
export async function exportItem(run: ExportRun, json: IDataObject, index: number): Promise<Exported> {
	const { host } = run;
	const given = host.getNodeParameter('options', index, {}) as IDataObject;
	const options = readOptions(given);
	if ('message' in options) return failedWith(options.message);
	const ofForm = rawParameters(host, index, given, options.ownFields);
	const earlier = earlierRequest(json, ofForm);
	const raw = earlier ? rawOf(earlier) : ofForm;
	const read = readExport(raw, options.zone);
	if ('message' in read) {
		const fix = host.isToolExecution?.() ? `; ${fixOfParameter(run.node.parameters[read.field])}` : '';
		return failedWith(`${read.message}${fix}`);
	}
	const { request } = read;
	const asFile = host.getNodeParameter('returnAs', index, 'items') === 'file';
	const result = await download(
		run,
		request,
		{ maxWait: options.maxWait, continues: earlier !== undefined || options.useEarlierFile },
		async (file) =>
			asFile
				? await fileItem(run, request, file, index, options)
				: await rowItems(run, request, file, index, options),
	);
	if ('used' in result) return { items: result.used };
	if (!('notReady' in result)) return result;
	const message = `${result.notReady.message}. Run the node again with this item to go on`;
	hint(host, `The export is not ready: ${message}.`);
	return { items: [{ json: exportJson({ ...result.notReady, message }), pairedItem: { item: index } }] };
}

const hint = (host: IExecuteFunctions, message: string, type: 'warning' | 'info' = 'warning'): void =>
	host.addExecutionHints?.({ message, type, location: 'outputPane' });

async function rowItems(
	{ host, pause, signal }: ExportRun,
	{ fields }: ExportRequest,
	file: AsyncIterable<Uint8Array>,
	index: number,
	{ maxItems }: ExportOptions,
): Promise<INodeExecutionData[]> {
	const items: INodeExecutionData[] = [];
	let missing: string[] = [];
	const rows = readRows(file, pause, (header) => {
		missing = missingColumns(header, fields);
	});
	let isMore = false;
	for await (const row of rows) {
		if (signal?.aborted) break;
		if (items.length >= maxItems) {
			isMore = true;
			break;
		}
		items.push({ json: row, pairedItem: { item: index } });
	}
	if (isMore) {
		const most = maxItems.toLocaleString('en-US');
		hint(
			host,
			`The export has more than ${most} rows; the others were not read. Raise 'Most Items', or set 'Return As' to File.`,
		);
	}
	if (missing.length > 0) {
		const names = missing.map((name) => quoted(name)).join(', ');
		hint(host, `AppMetrica's file has no column ${names}, although it was asked for.`);
	}
	if (items.length === 0) hint(host, 'The export has no rows.', 'info');
	return items;
}

async function fileItem(
	{ host }: ExportRun,
	request: ExportRequest,
	file: AsyncIterable<Uint8Array>,
	index: number,
	{ binaryProperty }: ExportOptions,
): Promise<INodeExecutionData[]> {
	// n8n's stream is handed on as it is, so that the file never stands in memory where n8n stores binary data on disk.
	const binary = await host.helpers.prepareBinaryData(file as never, `${request.resource}.csv`, 'text/csv');
	return [
		{
			json: exportJson({ status: 'ready', request }),
			binary: { [binaryProperty]: binary },
			pairedItem: { item: index },
		},
	];
}

function rawParameters(
	host: IExecuteFunctions,
	index: number,
	options: IDataObject,
	ownFields: readonly string[],
): RawExport {
	const filters = host.getNodeParameter('filters', index, {}) as { filter?: unknown };
	const chosen = host.getNodeParameter('fields', index, []) as unknown;
	const resource = host.getNodeParameter('resource', index, 'events') as unknown;
	return {
		resource,
		application_id: host.getNodeParameter('application_id', index, ''),
		date_since: host.getNodeParameter('date_since', index, ''),
		date_until: host.getNodeParameter('date_until', index, ''),
		date_dimension: host.getNodeParameter('date_dimension', index, ''),
		limit: options.limit,
		skip_unavailable_shards: options.skip_unavailable_shards,
		filters: filters.filter,
		fields: Array.isArray(chosen) ? chosen : String(chosen ?? ''),
		ownFields,
	};
}

const rawOf = (request: ExportRequest): RawExport => ({
	date_since: undefined,
	date_until: undefined,
	...request,
	filters: request.filters.map(([field, value]) => ({ field, value })),
	ownFields: [],
});
