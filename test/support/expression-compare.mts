/**
 * A process of its own that compares both ways of evaluating in one of n8n's engines, with the built package:
 * `node expression-compare.mts legacy|vm|quickjs [--full] [--seed 1] [--json]`.
 */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { fileURLToPath } from 'node:url';

import type { IExecuteFunctions, INode, INodeParameters, INodeType } from 'n8n-workflow';

import { createEngine, type WorkflowJson } from '../../tools/harness/engine.mts';
import { openExpressionEngine, type EngineName } from '../../tools/harness/expression-engine.mts';
import { casesOf } from './expression-cases.mts';
import { compareCases, noComparison, type Comparison } from './expression-comparison.mts';

const load = createRequire(join(process.cwd(), 'package.json'));
const room = <T,>(name: string): T =>
	load(join(process.cwd(), 'dist', 'nodes', 'engine', 'mapping', 'expressions', name)) as T;

/** A node with the items that the harness gives it. */
const node = (name: string, type: string, x: number, parameters: INodeParameters = {}): INode => ({
	id: name,
	name,
	type,
	typeVersion: 1,
	position: [x, 0],
	parameters,
});

/** Webhook -> Edit Fields (turns the items round, one of them unpaired) -> Node. */
const workflowOf = (value: readonly string[]): WorkflowJson => ({
	nodes: [
		node('Start', 'n8n-nodes-base.manualTrigger', 0),
		node('Webhook', 'test.items', 200),
		node('Edit Fields', 'test.turn', 400),
		node('Node', 'test.compare', 600, { value: [...value] }),
	],
	connections: {
		Start: { main: [[{ node: 'Webhook', type: 'main', index: 0 }]] },
		Webhook: { main: [[{ node: 'Edit Fields', type: 'main', index: 0 }]] },
		'Edit Fields': { main: [[{ node: 'Node', type: 'main', index: 0 }]] },
	},
});

const nodeType = (name: string, execute: INodeType['execute']): INodeType => ({
	description: {
		displayName: name,
		name,
		group: ['transform'],
		version: 1,
		description: name,
		defaults: { name },
		inputs: ['main'],
		outputs: ['main'],
		properties: [{ displayName: 'Value', name: 'value', type: 'json', default: '' }],
	},
	execute,
});

async function main(name: EngineName, isFull: boolean, seed: number): Promise<Comparison> {
	const Expression = await openExpressionEngine(name);
	const result: Comparison = { ...noComparison(), engine: Expression.getActiveImplementation() };
	let expressions: readonly string[] = [];
	const engine = await createEngine({
		packageDirectory: process.cwd(),
		extraNodes: {
			'test.turn': nodeType('turn', async function (this: IExecuteFunctions) {
				const items = this.getInputData();
				const last = items.length - 1;
				return [
					items.map((_, at) => ({
						json: items[last - at]?.json ?? {},
						...(at === 2 ? {} : { pairedItem: { item: at } }),
					})),
				];
			}),
			'test.compare': nodeType('compare', async function (this: IExecuteFunctions) {
				compareCases(this, expressions, result, room);
				return [this.getInputData()];
			}),
		},
	});
	for (const { items, expressions: own } of casesOf(isFull, seed)) {
		// An engine may be lost to one expression, and with it the rest of an execution.
		for (let at = 0; at < own.length; at += 64) {
			expressions = own.slice(at, at + 64);
			const run = await engine.run(workflowOf(expressions), {
				items: { Webhook: items.map((json) => ({ json })) as never },
				variables: { region: 'eu', rate: 1.25, empty: '', flags: { beta: true } as never },
			});
			if (run.status !== 'success') throw run.error() ?? new Error(`The run ended with ${run.status}`);
		}
	}
	await Expression.disposeExpressionEngine();
	return result;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
	const { values, positionals } = parseArgs({
		allowPositionals: true,
		options: { full: { type: 'boolean' }, seed: { type: 'string' }, json: { type: 'boolean' } },
	});
	const result = await main(positionals[0] as EngineName, values.full === true, Number(values.seed ?? 1));
	if (values.json) {
		process.stdout.write(JSON.stringify(result));
	} else {
		console.log({ ...result, differences: result.differences.length, failed: result.failed.length });
		for (const difference of result.differences.slice(0, 20)) console.log(difference);
		for (const failed of result.failed.slice(0, 20)) console.log('failed', failed);
	}
	if (result.differences.length > 0) process.exitCode = 1;
}
