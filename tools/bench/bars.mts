/** What the measurements must hold, and how they are printed. */
import type { Case, CaseName } from './workflows.mts';

/** One n8n process that ran one workflow. */
export interface Measurement {
	/** n8n's own `executionTime` of the measured nodes together. */
	milliseconds: number;
	/** Milliseconds of processor time that n8n's process took from the making of the items on: what a busy machine distorts less. */
	processor: number;
	/** Largest resident size of the whole process so far. */
	peakMegabytes: number;
	/** Longest time in which the event loop did not turn, from the making of the items on. */
	longestBlock: number;
	/** Requests as the node itself counts them; 0 for nodes that do not tell. */
	requests: number;
}

export interface Result extends Case {
	runs: Measurement[];
	/** Medians over the runs. */
	median: Measurement;
	/** Microseconds of the median per item. */
	perItem: number;
}

export interface Bar {
	bar: string;
	/** What was measured, in the bar's own unit. */
	measured: number;
	limit: number;
	met: boolean;
	/** The same by processor time, for comparison. */
	byProcessor?: number;
}

export const TITLES: Record<CaseName, string> = {
	none: 'nothing: the workflow without a node',
	httpJson: '(a) HTTP Request, one JSON expression an item',
	httpFields: '(b) HTTP Request, ten fields mapped',
	codeAndHttp: '(c) Code packing by 20 + HTTP Request',
	floor: '(d) bare helper calls, the same bodies',
	autoMapped: '(e) this node, auto-mapped',
	sendOnce: '(k) this node, auto-mapped, each key once',
	tenFields: '(f) this node, ten fields by plain paths',
	expressions: '(h) this node, ten everyday expressions',
	earlierNodeOne: 'this node, one field of an earlier node',
	earlierNode: '(i) this node, ten fields of an earlier node',
	noneAppMetrica: 'nothing, items for AppMetrica',
	appMetrica: '(g) AppMetrica by CSV',
	noneLarge: 'nothing, one item of 16 MB',
	large: '(j) AppMetrica, one item of 16 MB',
};

const median = (numbers: number[]): number => {
	const sorted = [...numbers].sort((one, other) => one - other);
	const middle = sorted.length >> 1;
	return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
};

export function resultOf(measured: Case, runs: Measurement[]): Result {
	const of = (name: keyof Measurement) => median(runs.map((run) => run[name]));
	const middle: Measurement = {
		milliseconds: of('milliseconds'),
		processor: of('processor'),
		peakMegabytes: of('peakMegabytes'),
		longestBlock: of('longestBlock'),
		requests: of('requests'),
	};
	return { ...measured, runs, median: middle, perItem: (middle.milliseconds * 1_000) / measured.items };
}

const round = (value: number, digits = 2): number => Number(value.toFixed(digits));

const atMost = (bar: string, measured: number, limit: number): Bar => ({
	bar,
	measured: round(measured, 3),
	limit: round(limit, 3),
	met: measured <= limit,
});

/** The bars for whatever was measured; one that lacks its numbers is left out. */
export function barsOf(results: readonly Result[]): Bar[] {
	const find = (name: CaseName) =>
		results.filter((result) => result.name === name).sort((one, other) => one.items - other.items);
	const last = (name: CaseName): Result | undefined => find(name).at(-1);
	const bars: Bar[] = [];
	const ratio = (bar: string, one: Result | undefined, other: Result | undefined, limit: number) => {
		if (!one || !other) return;
		const processor = ({ median, items }: Result) => median.processor / items;
		bars.push({
			...atMost(bar, one.perItem / other.perItem, limit),
			byProcessor: round(processor(one) / processor(other), 3),
		});
	};
	ratio('(e) against (a), time an item', last('autoMapped'), last('httpJson'), 1 / 25);
	ratio('(e) against (c), time an item', last('autoMapped'), last('codeAndHttp'), 1 / 3);
	ratio('(e) against (d), time an item', last('autoMapped'), last('floor'), 1.3);
	ratio('(f) against (e), time an item', last('tenFields'), last('autoMapped'), 1.2);
	ratio('(f) against (b), time an item', last('tenFields'), last('httpFields'), 1 / 60);
	ratio('(h) against (e), time an item', find('expressions')[0], last('autoMapped'), 3);
	ratio('(i) against one such field, time an item', last('earlierNode'), last('earlierNodeOne'), 2);
	const [once, plain] = [last('sendOnce'), last('autoMapped')];
	if (once && plain) {
		const keys = inThousands(once.items);
		bars.push({
			...atMost(
				`ms more for ${keys} remembered keys`,
				once.median.milliseconds - plain.median.milliseconds,
				100,
			),
			byProcessor: round(once.median.processor - plain.median.processor, 0),
		});
	}
	const [middle, most] = find('appMetrica').slice(-2);
	if (most) {
		const { items } = most;
		bars.push(
			atMost(
				`requests for ${inThousands(items)} AppMetrica events`,
				most.median.requests,
				Math.ceil(items / 10_000),
			),
		);
		ratio(
			`time an event, ${inThousands(items)} AppMetrica events against ${inThousands(middle.items)}`,
			most,
			middle,
			1,
		);
	}
	for (const name of ['autoMapped', 'tenFields', 'appMetrica'] as const) {
		for (const result of find(name)) {
			const without = results.find(
				(other) =>
					other.name === (name === 'appMetrica' ? 'noneAppMetrica' : 'none') && other.items === result.items,
			);
			// The bar is set for 10,000 items, or what stands for them.
			if (without && result.items <= 10_000) {
				bars.push(
					atMost(
						`peak memory over the workflow without a node, ${TITLES[name].slice(0, 3)} ${inThousands(result.items)}`,
						result.median.peakMegabytes / without.median.peakMegabytes,
						1.15,
					),
				);
			}
		}
	}
	for (const result of results.filter(({ name }) =>
		['autoMapped', 'tenFields', 'expressions', 'earlierNode', 'appMetrica', 'large'].includes(name),
	)) {
		bars.push(
			atMost(
				`longest block in ms, ${TITLES[result.name].slice(0, 3)} ${inThousands(result.items)}`,
				result.median.longestBlock,
				250,
			),
		);
	}
	return bars;
}

const inThousands = (count: number): string => count.toLocaleString('en-US');

function aligned(rows: string[][]): string {
	const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
	const lines = rows.map((row) =>
		row
			.map((cell, column) => (column === 0 ? cell.padEnd(widths[column]) : cell.padStart(widths[column])))
			.join('  '),
	);
	return [lines[0], widths.map((width) => '-'.repeat(width)).join('  '), ...lines.slice(1)].join('\n');
}

export function tableOf(results: readonly Result[], bars: readonly Bar[]): string {
	const spread = ({ runs }: Result) => {
		const times = runs.map(({ milliseconds }) => milliseconds);
		return `${Math.min(...times)}-${Math.max(...times)}`;
	};
	const measurements = aligned([
		[
			'measured',
			'items',
			'ms (median)',
			'ms (range)',
			'µs an item',
			'CPU ms',
			'requests',
			'peak MB',
			'longest block ms',
		],
		...results.map((result) => [
			TITLES[result.name],
			inThousands(result.items),
			inThousands(round(result.median.milliseconds)),
			spread(result),
			inThousands(round(result.perItem, 1)),
			inThousands(round(result.median.processor, 0)),
			result.median.requests ? inThousands(result.median.requests) : '',
			inThousands(round(result.median.peakMegabytes, 0)),
			inThousands(round(result.median.longestBlock, 0)),
		]),
	]);
	const limits = aligned([
		['bar', 'measured', 'at most', 'met', 'by CPU time'],
		...bars.map(({ bar, measured, limit, met, byProcessor }) => [
			bar,
			String(measured),
			String(limit),
			met ? 'yes' : 'NO',
			String(byProcessor ?? ''),
		]),
	]);
	return `${measurements}\n\n${limits}`;
}
