/** Expressions that are evaluated for many items at once give what n8n gives: in each of its engines, and in the real n8n. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { serialize } from 'node:v8';

import { projectNode, root } from '../../tools/scripts/ensure-n8n.mts';
import { importWorkflows, runN8n, type N8nPlace, type Workflow } from '../../tools/scripts/real-n8n.mts';
import { documented, items } from '../support/expression-cases.mts';
import type { Comparison } from '../support/expression-comparison.mts';
import type { Checks } from './checks.mts';

const ID = 'compareExpressions';

/**
 * The whole corpus in n8n's engines, in processes of their own. Not in 'quickjs': in a long run n8n's own evaluation of an item
 * aborts there on an assertion about reference counts (seen at `toSorted` and `with`). The sample of `npm test` runs in all three.
 */
export async function checkEngines({ check }: Checks): Promise<void> {
	for (const engine of ['legacy', 'vm']) {
		await check(
			`expressions evaluated together give what n8n's engine '${engine}' gives`,
			async () => {
				const child = spawn(
					projectNode(),
					[join(root, 'test', 'support', 'expression-compare.mts'), engine, '--full', '--json'],
					{ cwd: root, stdio: ['ignore', 'pipe', 'inherit'] },
				);
				let text = '';
				child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
				await new Promise((done) => child.once('close', done));
				assertSame(JSON.parse(text) as Comparison, 30_000);
			},
			1_800,
		);
	}
}

/** The documented expressions in a real n8n, whichever version and engine it has. */
export async function compareIn(place: N8nPlace, packageFolder: string): Promise<void> {
	const folder = join(place.userFolder, 'compare');
	const custom = join(folder, 'nodes');
	mkdirSync(custom, { recursive: true });
	const source = join(root, 'test', 'e2e', 'nodes');
	for (const file of readdirSync(source))
		copyFileSync(join(source, file), join(custom, file.replace(/\.cjs$/, '.js')));
	const report = join(folder, 'report.jsonl');
	const itemsFile = join(folder, 'items');
	rmSync(report, { force: true });
	writeFileSync(itemsFile, serialize(items));
	const comparing: N8nPlace = {
		...place,
		extra: {
			...place.extra,
			N8N_CUSTOM_EXTENSIONS: custom,
			COMPARE_MODULE: join(root, 'test', 'support', 'expression-comparison.mts'),
			COMPARE_ROOM: join(packageFolder, 'dist', 'nodes', 'engine', 'mapping', 'expressions'),
			COMPARE_REPORT: report,
			COMPARE_ITEMS: itemsFile,
		},
	};
	await importWorkflows(comparing, [workflow()]);
	const { code, output } = await runN8n(comparing, ['execute', `--id=${ID}`], 900_000);
	assert.equal(code, 0, output.slice(-2_000));
	const results = readFileSync(report, 'utf8')
		.trim()
		.split('\n')
		.map((line) => JSON.parse(line) as Comparison);
	assertSame(
		{
			...(results[0] as Comparison),
			compared: results.reduce((sum, { compared }) => sum + compared, 0),
			differences: results.flatMap(({ differences }) => differences),
		},
		8_000,
	);
}

function assertSame({ compared, differences }: Comparison, least: number): void {
	assert.deepEqual(differences.slice(0, 10), []);
	assert.ok(compared >= least, `only ${compared} values were compared`);
}

/** Start -> Webhook -> Edit Fields -> one node for some of the expressions each. */
function workflow(): Workflow {
	const node = (name: string, type: string, parameters: Record<string, unknown> = {}) => ({
		id: name,
		name,
		type,
		typeVersion: 1,
		position: [0, 0] as [number, number],
		parameters,
	});
	const parts = Array.from({ length: Math.ceil(documented.length / 64) }, (_, at) =>
		node(`Node ${at}`, 'CUSTOM.compareExpressions', { value: documented.slice(at * 64, at * 64 + 64) }),
	);
	const link = (...names: string[]) => ({
		main: [names.map((name) => ({ node: name, type: 'main', index: 0 }))],
	});
	return {
		id: ID,
		name: 'Compare expressions',
		nodes: [
			node('Start', 'n8n-nodes-base.manualTrigger'),
			node('Webhook', 'CUSTOM.compareItems'),
			node('Edit Fields', 'CUSTOM.compareItems', { turns: true }),
			...parts,
		],
		connections: {
			Start: link('Webhook'),
			Webhook: link('Edit Fields'),
			'Edit Fields': link(...parts.map(({ name }) => name)),
		},
		settings: { executionOrder: 'v1' },
		active: false,
	};
}
