import {
	NodeOperationError,
	type IDataObject,
	type IExecuteFunctions,
	type INode,
	type INodeExecutionData,
} from 'n8n-workflow';

import {
	createPause,
	createCredentialReader,
	isAccountError,
	readAccounts,
	systemClock,
	type Account,
	type Clock,
	type Pause,
} from '../../engine';

import { exportLogs } from '../exportLogs';

import { readExport, type ExportRequest, type RawExport } from './exportRequest';
import { createExportFetcher, type FetchOptions } from './fetchExport';
import { arrivalItems, matchRequest, sentEventsOf } from './matchRun';
import { readRows } from './readRows';

/** What became of one export; `export` of an output item. */
export interface ExportReport {
	status: 'ready' | 'notReady' | 'failed';
	message?: string;
	httpStatus?: number;
	/** The vendor's own names; a later run goes on with the same request. */
	request?: ExportRequest;
	requests?: number;
	waitedSeconds?: number;
	rows?: number;
}

/** Tries of a download that breaks off; the file stays for 24 hours. */
const DOWNLOADS = 3;
const DEFAULTS = { maxWait: 600, maxItems: 100_000, binaryProperty: 'data', timeZone: 'Europe/Moscow' };

interface ExportRun {
	host: IExecuteFunctions;
	node: INode;
	clock: Clock;
	pause: Pause;
	signal?: AbortSignal;
	fetch: ReturnType<typeof createExportFetcher>;
}

/** The result for one input item. */
type Exported = { items: INodeExecutionData[] } | { failed: ExportReport } | { cancelled: true };

const failedWith = (message: string): Exported => ({ failed: { status: 'failed', message } });

const seconds = (milliseconds: number): number => Math.round(milliseconds / 100) / 10;

/** Reads the Logs API for n8n's items. */
export async function runExportLogs(
	host: IExecuteFunctions,
	clock: Clock = systemClock,
): Promise<INodeExecutionData[][]> {
	const node = host.getNode();
	const signal = host.getExecutionCancelSignal?.();
	if (signal?.aborted) return [[]];
	const inputs = host.getInputData();
	const { credential } = exportLogs;
	const accounts = await readAccounts(
		createCredentialReader(host, credential.type),
		credential,
		node.credentials?.[credential.type] !== undefined,
	);
	const runWith = (account: Account): ExportRun => ({
		host,
		node,
		clock,
		signal,
		pause: createPause(),
		fetch: createExportFetcher(host, credential.type, account),
	});
	if (host.getNodeParameter('operation', 0, 'export') === 'match') {
		const account = await accounts.of(0);
		if (isAccountError(account)) {
			return report(
				host,
				node,
				inputs.map(() => failedWith(account.reason)),
			);
		}
		return await runMatch(runWith(account), inputs);
	}

	const results: Exported[] = [];
	for (const [index, input] of inputs.entries()) {
		const account = await accounts.of(index);
		const result: Exported = isAccountError(account)
			? failedWith(account.reason)
			: await exportItem(runWith(account), input.json, index);
		if ('cancelled' in result) return [[]];
		results.push(result);
	}
	return report(host, node, results);
}

/** A report of an export that was not ready: the run goes on with what it asked for. */
function earlierRequest(json: IDataObject): ExportRequest | undefined {
	const earlier = json.export as ExportReport | undefined;
	return earlier?.status === 'notReady' ? earlier.request : undefined;
}

async function exportItem(run: ExportRun, json: IDataObject, index: number): Promise<Exported> {
	const { host } = run;
	const options = host.getNodeParameter('options', index, {}) as IDataObject;
	const earlier = earlierRequest(json);
	const zone = String(options.timeZone ?? DEFAULTS.timeZone);
	const read = readExport(earlier ? rawOf(earlier) : rawParameters(host, index, options), zone);
	if ('message' in read) return { failed: { status: 'failed', message: read.message } };
	const continues = earlier !== undefined || options.useEarlierFile === true;
	const asFile = host.getNodeParameter('returnAs', index, 'items') === 'file';
	const use = asFile
		? async (file: AsyncIterable<Uint8Array>) => await fileItem(run, read.request, file, index, options)
		: async (file: AsyncIterable<Uint8Array>) => await rowItems(run, file, index, options);
	return await download(run, read.request, { ...waiting(run, options), continues }, index, use);
}

const waiting = ({ clock, signal }: ExportRun, options: IDataObject): Omit<FetchOptions, 'continues'> => ({
	maxWait: Number(options.maxWait ?? DEFAULTS.maxWait) * 1_000,
	clock,
	signal,
});

/** Gets the file and uses it; a download that breaks off is begun again, with the same file. */
async function download(
	run: ExportRun,
	request: ExportRequest,
	options: FetchOptions,
	index: number,
	use: (file: AsyncIterable<Uint8Array>) => Promise<INodeExecutionData[]>,
): Promise<Exported> {
	for (let attempt = 1; ; attempt++) {
		const result = await run.fetch(request, { ...options, continues: options.continues || attempt > 1 });
		const cost = { requests: result.requests, waitedSeconds: seconds(result.waited) };
		if ('cancelled' in result) return { cancelled: true };
		if ('refused' in result) {
			const { refused, httpStatus } = result;
			return {
				failed: {
					status: 'failed',
					message: refused,
					...(httpStatus ? { httpStatus } : {}),
					request,
					...cost,
				},
			};
		}
		if ('notReady' in result) {
			const message = `${result.notReady}. Run the node again with this item to go on`;
			const notReady: ExportReport = { status: 'notReady', message, request, ...cost };
			run.host.addExecutionHints?.({
				message: `The export is not ready: ${message}.`,
				type: 'warning',
				location: 'outputPane',
			});
			return {
				items: [{ json: { export: notReady } as unknown as IDataObject, pairedItem: { item: index } }],
			};
		}
		try {
			return { items: await use(result.ready) };
		} catch (error) {
			if (run.signal?.aborted) return { cancelled: true };
			if (attempt < DOWNLOADS && !(error instanceof RangeError)) continue;
			const message =
				error instanceof RangeError
					? error.message
					: `The download broke off ${DOWNLOADS} times; run the node again`;
			return { failed: { status: 'failed', message, request, ...cost } };
		}
	}
}

async function rowItems(
	{ host, pause, signal }: ExportRun,
	file: AsyncIterable<Uint8Array>,
	index: number,
	options: IDataObject,
): Promise<INodeExecutionData[]> {
	const most = Number(options.maxItems ?? DEFAULTS.maxItems);
	const items: INodeExecutionData[] = [];
	for await (const row of readRows(file, pause)) {
		if (signal?.aborted) break;
		if (items.length >= most) {
			host.addExecutionHints?.({
				message: `The export has more than ${most.toLocaleString('en-US')} rows; the others were not read. Raise 'Most Items', or set 'Return As' to File.`,
				type: 'warning',
				location: 'outputPane',
			});
			break;
		}
		items.push({ json: row, pairedItem: { item: index } });
	}
	return items;
}

async function fileItem(
	{ host }: ExportRun,
	request: ExportRequest,
	file: AsyncIterable<Uint8Array>,
	index: number,
	options: IDataObject,
): Promise<INodeExecutionData[]> {
	const property = String(options.binaryProperty ?? DEFAULTS.binaryProperty);
	// n8n's stream is handed on as it is, so that the file never stands in memory where n8n stores binary data on disk.
	const binary = await host.helpers.prepareBinaryData(file as never, `${request.resource}.csv`, 'text/csv');
	const ready: ExportReport = { status: 'ready', request };
	return [
		{
			json: { export: ready } as unknown as IDataObject,
			binary: { [property]: binary },
			pairedItem: { item: index },
		},
	];
}

async function runMatch(
	run: ExportRun,
	inputs: readonly INodeExecutionData[],
): Promise<INodeExecutionData[][]> {
	const { host, node, pause, clock } = run;
	const options = host.getNodeParameter('options', 0, {}) as IDataObject;
	const events = sentEventsOf(inputs);
	const plan = matchRequest(events, {
		application_id: host.getNodeParameter('application_id', 0, ''),
		ownIdPath:
			host.getNodeParameter('matchBy', 0, 'event') === 'ownId'
				? String(host.getNodeParameter('ownIdPath', 0, ''))
				: '',
		sentAt: host.getNodeParameter('sentAt', 0, ''),
		zone: String(options.timeZone ?? DEFAULTS.timeZone),
		workflowZone: host.getTimezone(),
		now: clock.now(),
	});
	if ('message' in plan)
		return report(
			host,
			node,
			inputs.map(() => ({ failed: { status: 'failed', message: plan.message } })),
		);
	const { matcher } = plan;
	const result = await download(
		run,
		plan.request,
		{ ...waiting(run, options), continues: options.useEarlierFile === true },
		0,
		async (file) => {
			const fresh = matcher();
			for await (const row of readRows(file, pause)) fresh.see(row);
			return arrivalItems(inputs, fresh.arrivals());
		},
	);
	if ('cancelled' in result) return [[]];
	if ('failed' in result)
		return report(
			host,
			node,
			inputs.map(() => result),
		);
	const isNotReady =
		result.items.length === 1 &&
		(result.items[0]?.json.export as ExportReport | undefined)?.status === 'notReady';
	if (isNotReady) {
		const pairedItem = inputs.map((_, item) => ({ item }));
		return [result.items.map((item) => ({ ...item, pairedItem }))];
	}
	return [result.items];
}

const continues = (host: IExecuteFunctions): boolean =>
	host.isToolExecution?.() === true || host.continueOnFail();

/** The output in the order of the items; a failed one stops the node, or is returned by its *On Error*. */
function report(host: IExecuteFunctions, node: INode, results: readonly Exported[]): INodeExecutionData[][] {
	const failures = results.flatMap((result, index) =>
		'failed' in result ? [{ index, failed: result.failed }] : [],
	);
	const first = failures[0];
	if (first && !continues(host)) {
		const title =
			failures.length === 1 && results.length === 1
				? 'The export failed'
				: `The export failed for ${failures.length} of ${results.length} items`;
		const reasons = new Map<string, number[]>();
		for (const { index, failed } of failures) {
			const reason = failed.message ?? '';
			reasons.set(reason, [...(reasons.get(reason) ?? []), index]);
		}
		const description = [...reasons]
			.slice(0, 20)
			.map(([reason, items]) => `Item ${items.slice(0, 20).join(', ')}: ${reason}.`);
		throw new NodeOperationError(node, title, {
			description: description.join('\n'),
			itemIndex: first.index,
		});
	}
	const toErrorOutput = node.onError === 'continueErrorOutput' && host.isToolExecution?.() !== true;
	return [
		results.flatMap((result, index): INodeExecutionData[] => {
			if ('items' in result) return result.items;
			if (!('failed' in result)) return [];
			const json = { export: result.failed } as unknown as IDataObject;
			return [
				{
					json: toErrorOutput ? { error: result.failed.message ?? 'The export failed', details: json } : json,
					pairedItem: { item: index },
				},
			];
		}),
	];
}

function rawParameters(host: IExecuteFunctions, index: number, options: IDataObject): RawExport {
	const filters = host.getNodeParameter('filters', index, {}) as { filter?: unknown };
	const chosen = host.getNodeParameter('fields', index, []) as unknown;
	const resource = host.getNodeParameter('resource', index, 'events') as unknown;
	const own = String(options.ownFields ?? '')
		.split(',')
		.map((name) => name.trim())
		.filter((name) => name !== '');
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
		ownFields: own,
	};
}

const rawOf = (request: ExportRequest): RawExport => ({
	date_since: undefined,
	date_until: undefined,
	...request,
	filters: request.filters.map(([field, value]) => ({ field, value })),
	ownFields: [],
});
