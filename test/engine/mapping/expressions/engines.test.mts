/**
 * A path into the item is read directly and many other expressions are evaluated for many items at once; here this gives
 * what n8n gives item by item, over many expressions and odd items, in each of n8n's expression engines. The whole corpus
 * is compared by `node test/support/expression-compare.mts <engine> --full`; here it is a sample.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { deserialize } from 'node:v8';

import { beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import { formOf } from '../../../../nodes/engine/form/form.ts';
import { operations } from '../../../../index.ts';
import { Expressions, type Resolve } from '../../../../nodes/engine/mapping/expressions/index.ts';
import { compileParameters as compile } from '../../../../nodes/engine/mapping/parameters.ts';
import { corpus, everydayPaths, parameterTree, treeItems } from '../../../support/expression-corpus.mts';
import type { Comparison } from '../../../support/expression-comparison.mts';
import type { EngineName } from '../../../../tools/harness/expression-engine.mts';
import type { HostAnswer, HostAnswers } from '../../../support/expression-host.mts';

const compileParameters = (parameters: Record<string, unknown>, resolve: Resolve) =>
	compile(parameters, new Expressions(resolve).readerOf);

/** n8n's default engine is native code, of which not every platform gets a built copy. */
function hasVm(): boolean {
	const folder = dirname(
		createRequire(join(process.cwd(), 'package.json')).resolve('isolated-vm/package.json'),
	);
	return (
		existsSync(join(folder, 'prebuilds', `${process.platform}-${process.arch}`)) ||
		existsSync(join(folder, 'build'))
	);
}

async function outputOf(script: string, ...args: string[]): Promise<Buffer> {
	const child = spawn(process.execPath, [join(process.cwd(), 'test', 'support', script), ...args], {
		stdio: ['ignore', 'pipe', 'inherit'],
	});
	const chunks: Buffer[] = [];
	child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
	await new Promise<void>((done, fail) => {
		child.once('error', fail);
		child.once('close', () => done());
	});
	return Buffer.concat(chunks);
}

const evaluateIn = async (engine: EngineName): Promise<HostAnswers> =>
	deserialize(await outputOf('expression-host.mts', engine)) as HostAnswers;

const compareIn = async (engine: EngineName): Promise<Comparison> => {
	const seed = String(fc.readConfigureGlobal()?.seed ?? 1);
	return JSON.parse(
		(await outputOf('expression-compare.mts', engine, '--json', '--seed', seed)).toString(),
	) as Comparison;
};

/** Stands for whatever object n8n gave: it must come from n8n itself. */
const HOST_OBJECT = Symbol('an object of n8n');

function playBack(answer: HostAnswer): unknown {
	if ('throws' in answer) throw new Error(answer.throws);
	return 'isObject' in answer ? HOST_OBJECT : answer.value;
}

/** n8n's quickjs engine cuts a text at U+0000; read directly it stays whole, which nobody will miss. */
const isCut = (engine: EngineName, ours: unknown, theirs: unknown): boolean =>
	engine === 'quickjs' &&
	typeof ours === 'string' &&
	ours.includes('\0') &&
	theirs === ours.slice(0, ours.indexOf('\0'));

function outcomeOf(read: () => unknown): unknown {
	try {
		return read();
	} catch (error) {
		return `throws ${(error as Error).message}`;
	}
}

/** Reads one expression over items in order, with n8n's answers as the way out; tells what differs and how often n8n was asked. */
function readAll(
	expression: string,
	items: ReadonlyArray<Record<string, unknown>>,
	answers: readonly HostAnswer[],
) {
	let asked = 0;
	const read = compileParameters({ value: expression }, (path, index) => {
		asked++;
		expect(path).toBe('value');
		return playBack(answers[index]);
	});
	const differences = items.flatMap((json, index) => {
		const ours = outcomeOf(() => read(json, index).value);
		const theirs = outcomeOf(() => playBack(answers[index]));
		return Object.is(ours, theirs) ? [] : [{ expression, item: index, ours, theirs }];
	});
	return { differences, asked };
}

describe.each<EngineName>(['legacy', 'vm', 'quickjs'])("n8n's %s engine", (engine) => {
	const testHere = engine === 'vm' && !hasVm() ? test.skip : test;
	let host: HostAnswers | undefined;
	beforeAll(async () => {
		if (testHere === test) host = await evaluateIn(engine);
	}, 300_000);

	testHere('is the one that answered', () => {
		expect(host?.engine).toBe(engine);
	});

	testHere('gives what reading directly gives', () => {
		let readings = 0;
		let direct = 0;
		const differences = corpus.flatMap(({ expressions, items }, group) =>
			expressions.flatMap((expression, at) => {
				const { differences: found, asked } = readAll(expression, items, host?.groups[group][at] ?? []);
				readings += items.length;
				direct += items.length - asked;
				return found.filter(({ ours, theirs }) => !isCut(engine, ours, theirs));
			}),
		);
		expect(differences).toEqual([]);
		// Not an empty proof: both ways were gone often.
		expect(direct).toBeGreaterThan(500);
		expect(readings - direct).toBeGreaterThan(500);
	});

	testHere('gives what evaluating together gives', async () => {
		const { engine: used, compared, differences, ways } = await compareIn(engine);
		expect({ used, differences }).toEqual({ used: engine, differences: [] });
		// Not an empty proof.
		expect(compared).toBeGreaterThan(1_000);
		expect(ways.together).toBeGreaterThan(150);
	});

	testHere('gives the same tree of parameters', () => {
		const trees = host?.trees ?? [];
		const leafOf = (tree: unknown, path: string): unknown =>
			path
				.split(/[.[\]]+/)
				.filter(Boolean)
				.reduce<unknown>((value, step) => (value as Record<string, unknown>)[step], tree);
		const read = compileParameters(parameterTree, (path, index) => leafOf(trees[index], path));
		expect(treeItems.map(read)).toEqual(trees);
	});
});

describe('the direct way', () => {
	test.each(everydayPaths)('asks n8n once and not again: %j', (expression) => {
		const steps = [
			...expression.slice('={{'.length, -'}}'.length).matchAll(/\.([\w$]+)|\[(\d+|"[^"]*"|'[^']*')\]/g),
		].map(([, name, key]) => name ?? (/^\d/.test(key) ? key : key.slice(1, -1)));
		const item = steps.reduceRight<unknown>((inner, step) => ({ [step]: inner }), 'found') as Record<
			string,
			unknown
		>;
		let asked = 0;
		const read = compileParameters({ value: expression }, () => {
			asked++;
			return 'found';
		});
		expect(Array.from({ length: 1_000 }, (_, index) => read(item, index).value)).toEqual(
			Array<string>(1_000).fill('found'),
		);
		expect(asked).toBeLessThanOrEqual(1);
	});

	test('is given up for an expression that n8n reads otherwise', () => {
		const read = compileParameters({ value: '={{ $json.id }}' }, () => 'of the agent');
		expect([0, 1, 2].map((index) => read({ id: 'of the model' }, index).value)).toEqual(
			Array<string>(3).fill('of the agent'),
		);
	});

	test('reads fixed values once and leaves them as they are', () => {
		const fixed = { text: 'a', list: [1, { deep: null }], number: -0 };
		const read = compileParameters(fixed, () => {
			throw new Error('a fixed value needs no evaluation');
		});
		expect(read({}, 0)).toBe(fixed);
	});

	// n8n would convert such a parameter after evaluating it, which reading directly leaves out.
	test('meets no parameter whose type n8n enforces', () => {
		expect(JSON.stringify(operations.map(formOf))).not.toContain('validateType');
	});
});
