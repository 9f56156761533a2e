/** Runs one example workflow on n8n's engine against the sandbox and compares what happened with what was announced. */
import { isDeepStrictEqual } from 'node:util';

import type { INodeExecutionData } from 'n8n-workflow';

import type { ArrivalStatus } from '../../nodes/AppMetrica/logs/match.ts';
import type { Status } from '../../nodes/engine/report/outcome.ts';
import type { RecordedRequest, Sandbox, StoredEvent } from '../sandbox/server.mts';
import type { Engine, RunResult } from '../harness/engine.mts';
import { ProcessedData } from '../harness/processedData.mts';
import { letPass, type Tables } from '../harness/recipe-nodes.mts';
import { ownNodes, type Example } from './examples.mts';
import type { Announcement, Counts, Step } from './expectations.mts';

export interface ItemResult {
	/** Its place in the node's input, counted on from start to start. */
	index: number;
	status: Status | ArrivalStatus;
	message?: string;
}

export interface NodeResult {
	name: string;
	items: ItemResult[];
	counts: Counts;
}

export interface ExampleResult {
	example: Example;
	nodes: NodeResult[];
	/** What arrived at the sandbox, in order. */
	requests: RecordedRequest[];
	/** What the vendors stored of it. */
	stored: StoredEvent[];
	/** The starts by its user, in order. */
	steps: readonly Step[];
	/** The error with which it ended, where that was announced. */
	error?: string;
	/** The rows of the announced data tables. */
	tables: Record<string, Array<Record<string, unknown>>>;
	/** Where the run is not as announced; empty if all is. */
	deviations: string[];
}

interface Report {
	delivery?: { status: Status; message?: string };
	/** Of an event that was looked for: the delivery beside it is the sending node's. */
	arrival?: { status: ArrivalStatus; message?: string };
}

/** A node's report of an item: on the first output, or beside the item's own fields on the error output. */
const reportOf = ({ json }: INodeExecutionData): Report =>
	(json.delivery || json.arrival ? json : (json.details ?? {})) as Report;

function indexOf({ pairedItem }: INodeExecutionData): number {
	const paired = Array.isArray(pairedItem) ? pairedItem[0] : pairedItem;
	return typeof paired === 'object' ? paired.item : (paired ?? -1);
}

function itemsOf(result: RunResult, node: string): ItemResult[] {
	const items = result
		.nodeOutputs(node)
		.flat()
		.flatMap((item): ItemResult[] => {
			const { delivery, arrival } = reportOf(item);
			const report = arrival ?? delivery;
			if (!report) return [];
			const { status, message } = report;
			return [{ index: indexOf(item), status, ...(message === undefined ? {} : { message }) }];
		});
	return items.sort((one, other) => one.index - other.index);
}

function count(items: readonly ItemResult[]): Counts {
	const counts: Counts = {};
	for (const { status } of items) counts[status] = (counts[status] ?? 0) + 1;
	return counts;
}

const inWords = (counts: Counts): string =>
	Object.entries(counts)
		.map(([status, number]) => `${number} ${status}`)
		.join(', ') || 'nothing';

const sum = (numbers: ReadonlyArray<number | undefined>): number =>
	numbers.reduce<number>((total, number) => total + (number ?? 0), 0);

function compareNode({ name, items, counts }: NodeResult, announced: Counts | undefined): string[] {
	if (!announced) return [`'${name}' has no announcement in tools/demo/expectations.mts`];
	const deviations: string[] = [];
	if (!isDeepStrictEqual({ ...counts }, { ...announced })) {
		deviations.push(`'${name}' announced ${inWords(announced)}; it was ${inWords(counts)}`);
	}
	// Counts alone would not see an item that is reported twice while another is missing.
	const indexes = items.map(({ index }) => index);
	if (!isDeepStrictEqual(indexes, [...indexes.keys()]))
		deviations.push(`'${name}' did not report each input item once`);
	return deviations;
}

/** Where a row does not have what was announced of it. */
function compareTable(
	name: string,
	announced: ReadonlyArray<Record<string, unknown>>,
	rows: ReadonlyArray<Record<string, unknown>>,
): string[] {
	const found = announced.map((row, at) =>
		Object.fromEntries(Object.keys(row).map((column) => [column, rows[at]?.[column]])),
	);
	return rows.length === announced.length && isDeepStrictEqual(found, announced)
		? []
		: [
				`the table ${name} was announced to hold ${JSON.stringify(announced)}; it holds ${JSON.stringify(rows)}`,
			];
}

function compare(
	{ nodes, requests, stored, tables }: Omit<ExampleResult, 'deviations'>,
	announced: Announcement | undefined,
): string[] {
	if (!announced) return ['the workflow has no announcement in tools/demo/expectations.mts'];
	const deviations = nodes.flatMap((node) => compareNode(node, announced.statuses[node.name]));
	for (const name of Object.keys(announced.statuses)) {
		if (!nodes.some((node) => node.name === name))
			deviations.push(`'${name}' is announced and not in the workflow`);
	}
	if (requests.length !== announced.requests) {
		deviations.push(`announced ${announced.requests} requests; ${requests.length} arrived`);
	}
	const events = announced.events ?? sum(Object.values(announced.statuses).map(({ accepted }) => accepted));
	if (stored.length !== events)
		deviations.push(`announced ${events} stored events; the vendors have ${stored.length}`);
	for (const [name, rows] of Object.entries(announced.tables ?? {}))
		deviations.push(...compareTable(name, rows, tables[name] ?? []));
	return deviations;
}

/** The sandbox must serve nobody else meanwhile: all that arrives during the run counts as the workflow's. */
export async function runExample(
	example: Example,
	{
		engine,
		sandbox,
		announced,
		tables = new Map(),
	}: { engine: Engine; sandbox: Sandbox; announced?: Announcement; tables?: Tables },
): Promise<ExampleResult> {
	const before = sandbox.requests.length;
	const results: RunResult[] = [];
	const steps = announced?.steps ?? [{}];
	// Kept from start to start, as n8n does.
	const processedData = new ProcessedData();
	for (const { start, hoursLater = 0 } of steps) {
		letPass(tables, hoursLater);
		results.push(
			await engine.run(example.workflow, {
				startNode: start,
				credentials: { ...sandbox.credentials },
				processedData,
			}),
		);
	}
	const requests = sandbox.requests.slice(before);

	const vendors = new Set(requests.map(({ vendor }) => vendor));
	const first = requests[0]?.number ?? Infinity;
	const stored = [...vendors].flatMap((vendor) =>
		vendor === 'other' ? [] : sandbox.stored(vendor).filter(({ request }) => request >= first),
	);
	const nodes = ownNodes(example).map(({ name }): NodeResult => {
		const items = results.reduce<ItemResult[]>(
			(before, result) => [
				...before,
				...itemsOf(result, name).map((item) => ({ ...item, index: item.index + before.length })),
			],
			[],
		);
		return { name, items, counts: count(items) };
	});
	const problem = results.map((result) => result.error()).find((error) => error !== undefined);
	const error = problem && [problem.message, problem.description].filter(Boolean).join('. ');
	const shown = Object.entries(announced?.tables ?? {}).map(([name, rows]) => {
		const columns = [...new Set(rows.flatMap(Object.keys))];
		const found = tables.get(name) ?? [];
		return [
			name,
			found.map((row) => Object.fromEntries(columns.map((column) => [column, row[column]]))),
		] as const;
	});
	const outcome = {
		example,
		steps,
		nodes,
		requests,
		stored,
		...(announced?.error === undefined ? {} : { error }),
		tables: Object.fromEntries(shown),
	};
	const ended =
		error === announced?.error
			? []
			: [
					error === undefined
						? `announced the error '${announced?.error}'; there was none`
						: `the workflow ended with: ${error}`,
				];
	return { ...outcome, deviations: [...ended, ...compare(outcome, announced)] };
}
