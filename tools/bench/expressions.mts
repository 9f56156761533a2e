/**
 * What reading ten expressions costs an item in n8n's engines, in process and without a network: by n8n alone, and as the
 * nodes read them. `node tools/bench/expressions.mts [legacy|vm|quickjs] [--items 1000]` on the built package.
 */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';

import type { IExecuteFunctions, INode, INodeType } from 'n8n-workflow';

import type * as BuiltExpressions from '../../nodes/engine/mapping/expressions/index.ts';
import { createEngine, type WorkflowJson } from '../harness/engine.mts';
import { openExpressionEngine, type EngineName } from '../harness/expression-engine.mts';

const load = createRequire(join(process.cwd(), 'package.json'));
const { createExpressionHost, Expressions } = load(
	join(process.cwd(), 'dist/nodes/engine/mapping/expressions/index.js'),
) as typeof BuiltExpressions;

const FORMS: Record<string, readonly string[]> = {
	'plain paths': 'first last email at price qty city v id text'
		.split(' ')
		.map((name) => `={{ $json.${name} }}`),
	'everyday expressions': [
		'={{ $json.first + " " + $json.last }}',
		'={{ DateTime.fromISO($json.at).toSeconds() }}',
		'=Mozilla/{{ $json.v }}',
		'={{ $json.email.toLowerCase().trim() }}',
		'={{ $json.price * $json.qty }}',
		'={{ $json.address?.city ?? "unknown" }}',
		'={{ $json.tags.join(",") }}',
		'={{ $json.qty > 2 ? "many" : "few" }}',
		'={{ String($json.id) }}',
		'={{ JSON.stringify({ id: $json.id, items: $json.items }) }}',
	],
	functions: [
		'={{ $json.text.toUpperCase() }}',
		'={{ $json.text.split(" ")[0] }}',
		'={{ $json.email.extractDomain() }}',
		'={{ $json.first.toTitleCase() }}',
		'={{ $json.items.map(i => i.qty).sum() }}',
		'={{ $if($json.qty > 1, "a", "b") }}',
		'={{ $json.tags.first() }}',
		'={{ Math.round($json.price) }}',
		'={{ encodeURIComponent($json.text) }}',
		'={{ $json.items.filter(i => i.qty > 1).length }}',
	],
	dates:
		'toISO() toSeconds() year toFormat("dd.MM.yyyy") toISODate() plus({days:1}).toISO() startOf("month").toISODate() toMillis() weekday setZone("Asia/Tokyo").toISO()'
			.split(' ')
			.map((operation) => `={{ DateTime.fromISO($json.at).${operation} }}`),
	'one field of an earlier node': ["={{ $('Webhook').item.json.email }}", ...Array<string>(9).fill('fixed')],
	'ten fields of an earlier node': 'first last email at price qty city v id text'
		.split(' ')
		.map((name) => `={{ $('Webhook').item.json.${name} }}`),
	'ten texts of an earlier node': 'first last email at price qty city v id text'
		.split(' ')
		.map((name) => `=a {{ $('Webhook').item.json.${name} }}`),
};

const itemOf = (at: number) => ({
	id: 1_000 + at,
	first: `Ada ${at}`,
	last: 'Lovelace',
	email: `  Ada.${at}@Example.com`,
	at: new Date(1_709_249_415_123 + at * 1_000).toISOString(),
	price: 19.99 + at,
	qty: at % 5,
	v: '5.0',
	city: 'London',
	text: `the quick brown fox ${at}`,
	tags: ['new', 'vip'],
	address: { city: 'London' },
	items: [
		{ sku: `A-${at}`, qty: 2, price: 10.5 },
		{ sku: 'B', qty: at % 3, price: 1 },
	],
});

interface Figure {
	n8n: number;
	together: number;
	longestBlock: number;
}

/** Microseconds of processor time, which says more than the clock on a busy machine. */
function cpuTime(): number {
	const { user, system } = process.cpuUsage();
	return user + system;
}

async function measure(host: IExecuteFunctions, form: readonly string[], probe: number): Promise<Figure> {
	const items = host.getInputData();
	const resolve = (path: string, index: number): unknown => host.getNodeParameter(path, index, undefined);
	const started = cpuTime();
	for (let index = 0; index < probe; index++) {
		for (const at of form.keys()) resolve(`value[${at}]`, index);
	}
	const n8n = (cpuTime() - started) / probe;

	let lastPause = performance.now();
	let longestBlock = 0;
	const begun = cpuTime();
	const pause = async (): Promise<void> => {
		if (performance.now() - lastPause < 20) return;
		longestBlock = Math.max(longestBlock, performance.now() - lastPause);
		await new Promise((resume) => setImmediate(resume));
		lastPause = performance.now();
	};
	const expressions = new Expressions(
		resolve,
		createExpressionHost(host, items, { pause, isStopped: () => false }),
	);
	const readers = form.flatMap((value, at) =>
		value.startsWith('=') ? [expressions.readerOf(value, `value[${at}]`)] : [],
	);
	await expressions.begin();
	let evaluated = 0;
	for (const [index, { json }] of items.entries()) {
		await pause();
		if (index >= evaluated) evaluated = await expressions.readAhead(index);
		for (const read of readers) read(json, index);
	}
	longestBlock = Math.max(longestBlock, performance.now() - lastPause);
	return { n8n, together: (cpuTime() - begun) / items.length, longestBlock };
}

const node = (name: string, type: string, parameters = {}): INode => ({
	id: name,
	name,
	type,
	typeVersion: 1,
	position: [0, 0],
	parameters,
});

const { values, positionals } = parseArgs({ allowPositionals: true, options: { items: { type: 'string' } } });
const name = (positionals[0] ?? 'vm') as EngineName;
const count = Number(values.items ?? 1_000);
const Expression = await openExpressionEngine(name);
let figure: Figure | undefined;
const description: INodeType['description'] = {
	displayName: 'Measure',
	name: 'measure',
	group: ['transform'],
	version: 1,
	description: 'Measures',
	defaults: { name: 'Measure' },
	inputs: ['main'],
	outputs: ['main'],
	properties: [{ displayName: 'Value', name: 'value', type: 'json', default: '' }],
};
const engine = await createEngine({
	packageDirectory: process.cwd(),
	extraNodes: {
		'test.measure': {
			description,
			async execute(this: IExecuteFunctions) {
				const form = this.getNode().parameters.value as string[];
				figure = await measure(this, form, Math.min(100, count));
				return [[]];
			},
		},
		'test.pair': {
			description: { ...description, name: 'pair' },
			async execute(this: IExecuteFunctions) {
				return [this.getInputData().map(({ json }, at) => ({ json, pairedItem: { item: at } }))];
			},
		},
	},
});
console.log(`${Expression.getActiveImplementation()}, ${count} items, microseconds an item for ten fields`);
for (const [title, form] of Object.entries(FORMS)) {
	const workflow: WorkflowJson = {
		nodes: [
			node('Start', 'n8n-nodes-base.manualTrigger'),
			node('Webhook', 'test.items'),
			node('Edit Fields', 'test.pair'),
			node('Node', 'test.measure', { value: [...form] }),
		],
		connections: {
			Start: { main: [[{ node: 'Webhook', type: 'main', index: 0 }]] },
			Webhook: { main: [[{ node: 'Edit Fields', type: 'main', index: 0 }]] },
			'Edit Fields': { main: [[{ node: 'Node', type: 'main', index: 0 }]] },
		},
	};
	const run = await engine.run(workflow, {
		items: { Webhook: Array.from({ length: count }, (_, at) => ({ json: itemOf(at) })) as never },
	});
	if (run.status !== 'success' || !figure) throw run.error() ?? new Error(`The run ended with ${run.status}`);
	const { n8n, together, longestBlock } = figure;
	console.log(
		`${title.padEnd(32)} n8n ${n8n.toFixed(0).padStart(6)}   here ${together.toFixed(1).padStart(7)}   longest block ${longestBlock.toFixed(0).padStart(4)} ms`,
	);
}
await Expression.disposeExpressionEngine();
