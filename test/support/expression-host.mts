/**
 * A process of its own that evaluates the corpus with n8n's own `getNodeParameter` in one of n8n's expression engines:
 * `node expression-host.mts legacy|vm|quickjs`. n8n starts its engines by a dynamic import, which jest does not allow.
 */
import { serialize } from 'node:v8';
import { fileURLToPath } from 'node:url';

import type { IExecuteFunctions, INodeParameters, INodeType } from 'n8n-workflow';

import { createEngine, singleNodeWorkflow } from '../../tools/harness/engine.mts';
import { openExpressionEngine, type EngineName } from '../../tools/harness/expression-engine.mts';
import { corpus, parameterTree, treeItems } from './expression-corpus.mts';

/** What n8n made of an expression for an item; anything but a plain value is of no further interest. */
export type HostAnswer = { value: unknown } | { throws: string } | { isObject: true };

export interface HostAnswers {
	/** The engine that n8n says it used. */
	engine: string;
	/** By group of the corpus, by expression, by item. */
	groups: HostAnswer[][][];
	/** The parameter tree, read whole, by item. */
	trees: unknown[];
}

type Items = ReadonlyArray<Record<string, unknown>>;

function answerOf(evaluate: () => unknown): HostAnswer {
	try {
		const value = evaluate();
		return (typeof value === 'object' && value !== null) || typeof value === 'function'
			? { isObject: true }
			: { value };
	} catch (error) {
		return { throws: (error as Error).message };
	}
}

/** A node that only evaluates its parameter; `read` does that, for a number of items. */
function evaluator(read: (host: IExecuteFunctions, items: number) => void): INodeType {
	return {
		description: {
			displayName: 'Evaluator',
			name: 'evaluator',
			group: ['transform'],
			version: 1,
			description: 'Evaluates its parameter',
			defaults: { name: 'Evaluator' },
			inputs: ['main'],
			outputs: ['main'],
			properties: [{ displayName: 'Value', name: 'value', type: 'json', default: '' }],
		},
		async execute(this: IExecuteFunctions) {
			read(this, this.getInputData().length);
			return [this.getInputData()];
		},
	};
}

async function main(name: EngineName): Promise<HostAnswers> {
	const Expression = await openExpressionEngine(name);
	let answers: HostAnswer[][] = [];
	let trees: unknown[] = [];
	const times = <T,>(count: number, make: (at: number) => T): T[] =>
		Array.from({ length: count }, (_, at) => make(at));
	const engine = await createEngine({
		packageDirectory: process.cwd(),
		extraNodes: {
			'test.expressions': evaluator((host, items) => {
				const { length } = host.getNode().parameters.value as unknown[];
				answers = times(length, (at) =>
					times(items, (index) => answerOf(() => host.getNodeParameter(`value[${at}]`, index, undefined))),
				);
			}),
			'test.tree': evaluator((host, items) => {
				trees = times(items, (index) => host.getNodeParameter('value', index, undefined));
			}),
		},
	});
	const evaluate = async (type: string, value: unknown, items: Items): Promise<void> => {
		const workflow = singleNodeWorkflow({ type, parameters: { value } as INodeParameters });
		const run = await engine.run(workflow, { items: { Items: items.map((json) => ({ json })) as never } });
		if (run.status !== 'success') throw run.error() ?? new Error(`The run ended with ${run.status}`);
	};
	const groups: HostAnswer[][][] = [];
	for (const { expressions, items } of corpus) {
		await evaluate('test.expressions', expressions, items);
		groups.push(answers);
	}
	await evaluate('test.tree', parameterTree, treeItems);
	const engineName = Expression.getActiveImplementation();
	await Expression.disposeExpressionEngine();
	return { engine: engineName, groups, trees };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
	main(process.argv[2] as EngineName).then(
		(answers) => process.stdout.write(serialize(answers)),
		(error: unknown) => {
			console.error(error);
			process.exitCode = 1;
		},
	);
}
