/**
 * `npm run bench`: how long the nodes take in the real n8n, and how much memory, beside what users would do without them.
 *
 * Each run is an n8n process of its own (`n8n execute`) against the sandbox in another process, all on loopback. Times are
 * n8n's own `executionTime` of the measured nodes. Rounds go over all cases, so that a slow minute of the machine hits all.
 *
 * --json   prints the figures for machines   --quick   fewer items   --runs 5   more rounds   --only none,autoMapped
 */
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';

import { ensureN8n, root } from '../scripts/ensure-n8n.mts';
import {
	buildAndPack,
	credentialsFor,
	freePorts,
	importCredentials,
	importWorkflows,
	installPackage,
	linkHostModules,
	startN8n,
} from '../scripts/real-n8n.mts';
import type { N8nPlace } from '../scripts/real-n8n.mts';
import { barsOf, resultOf, tableOf, TITLES, type Measurement } from './bars.mts';
import { startSandboxProcess } from './sandboxProcess.mts';
import { headerCredential, idOf, workflowOf, type Case, type CaseName } from './workflows.mts';

/** One request an item takes seconds for thousands of items, so (a) and (b) are measured with fewer and compared per item. */
const COUNTS = {
	full: {
		many: 10_000,
		expressions: 6_000,
		httpJson: 2_000,
		httpFields: 1_000,
		appMetrica: [1_000, 10_000, 100_000],
	},
	quick: { many: 2_000, expressions: 1_200, httpJson: 400, httpFields: 200, appMetrica: [1_000, 10_000] },
};

function casesOf(quick: boolean): Case[] {
	const { many, expressions, httpJson, httpFields, appMetrica } = quick ? COUNTS.quick : COUNTS.full;
	return [
		{ name: 'none', items: many },
		{ name: 'httpJson', items: httpJson },
		{ name: 'httpFields', items: httpFields },
		...(['codeAndHttp', 'floor', 'autoMapped', 'sendOnce', 'tenFields'] as const).map((name) => ({
			name,
			items: many,
		})),
		...(['expressions', 'earlierNodeOne', 'earlierNode'] as const).map((name) => ({
			name,
			items: expressions,
		})),
		{ name: 'expressions', items: many },
		{ name: 'noneAppMetrica', items: 10_000 },
		...appMetrica.map((items) => ({ name: 'appMetrica' as const, items })),
		...(['noneLarge', 'large'] as const).map((name) => ({ name, items: 1 })),
	];
}

function copyBenchNodes(folder: string): void {
	mkdirSync(folder, { recursive: true });
	const source = join(root, 'tools', 'bench', 'nodes');
	for (const file of readdirSync(source))
		copyFileSync(join(source, file), join(folder, file.replace(/\.cjs$/, '.js')));
}

interface Report extends Omit<Measurement, 'milliseconds'> {
	milliseconds: Record<string, number>;
	items: number;
	statuses: Record<string, number>;
}

/** Runs one workflow in a new n8n, which is ended as soon as the figures are there: what n8n does next is not the node's. */
async function measure(place: N8nPlace, one: Case): Promise<Measurement> {
	const n8n = await startN8n(place, {
		args: ['execute', `--id=${idOf(one)}`],
		ready: 'BENCH-END',
		milliseconds: 1_200_000,
	});
	const line = /BENCH-REPORT (.*) BENCH-END/.exec(n8n.log())?.[1] ?? '{}';
	n8n.kill();
	await n8n.ended;
	const { milliseconds, processor, peakMegabytes, longestBlock, requests, statuses } = JSON.parse(
		line,
	) as Report;
	const told = Object.keys(statuses);
	if (told.length > 0 && (told.length > 1 || statuses.accepted !== one.items)) {
		throw new Error(`${TITLES[one.name]}: not every event was accepted: ${JSON.stringify(statuses)}`);
	}
	const nodes = Object.entries(milliseconds).filter(
		([name]) => !['Start', 'Items', 'Pass', 'Report'].includes(name),
	);
	return {
		milliseconds: nodes.reduce((sum, [, time]) => sum + time, 0),
		processor,
		peakMegabytes,
		longestBlock,
		requests,
	};
}

function machine(script: string | undefined) {
	const file = script === undefined ? '' : join(dirname(script), '..', 'package.json');
	const n8n = existsSync(file)
		? (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version
		: 'unknown';
	const [cpu] = cpus();
	return {
		cpu: cpu?.model ?? 'unknown',
		cores: cpus().length,
		memoryGigabytes: Math.round(totalmem() / 2 ** 30),
		platform: `${process.platform} ${process.arch}`,
		node: process.versions.node,
		n8n,
		load: loadavg().map((load) => Math.round(load * 10) / 10),
	};
}

async function main(): Promise<void> {
	const { values } = parseArgs({
		options: {
			json: { type: 'boolean', default: false },
			quick: { type: 'boolean', default: false },
			runs: { type: 'string', default: '3' },
			only: { type: 'string' },
		},
	});
	const say = (words: string) => values.json || console.error(words);
	const rounds = Number(values.runs);
	const only = values.only?.split(',') as CaseName[] | undefined;
	const folder = mkdtempSync(join(tmpdir(), 'bench-'));
	process.once('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
	// An end by signal is an exit too, so that nothing stays: neither the folder nor n8n.
	for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(name, () => process.exit(130));
	const command = await ensureN8n();
	const sandbox = await startSandboxProcess();
	try {
		const tarball = buildAndPack(join(folder, 'packed'));
		const cases = casesOf(values.quick).filter(({ name }) => !only || only.includes(name));
		const [port, brokerPort] = await freePorts(2);
		const custom = join(folder, 'custom');
		copyBenchNodes(custom);
		const place: N8nPlace = {
			command,
			userFolder: join(folder, 'n8n'),
			port,
			brokerPort,
			extra: { N8N_CUSTOM_EXTENSIONS: custom },
		};
		mkdirSync(place.userFolder);
		installPackage(tarball, place.userFolder);
		linkHostModules(place);
		await importCredentials(place, [
			...credentialsFor(sandbox.credentials),
			headerCredential(sandbox.credentials),
		]);
		await importWorkflows(
			place,
			cases.map((one) => workflowOf(one, sandbox.credentials)),
		);

		const about = machine(command.args[0]);
		const runs = new Map<Case, Measurement[]>(cases.map((one) => [one, []]));
		for (let round = 1; round <= rounds; round++) {
			for (const one of cases) {
				const measurement = await measure(place, one);
				runs.get(one)?.push(measurement);
				say(
					`${round}/${rounds}  ${TITLES[one.name]}, ${one.items.toLocaleString('en-US')} items: ${measurement.milliseconds} ms`,
				);
			}
		}
		const results = [...runs].map(([one, measurements]) => resultOf(one, measurements));
		const bars = barsOf(results);
		if (values.json)
			console.log(JSON.stringify({ machine: about, quick: values.quick, rounds, results, bars }, null, '\t'));
		else {
			const { cpu, cores, memoryGigabytes, platform, node, n8n, load } = about;
			console.log(
				`\nn8n ${n8n}, Node.js ${node}, ${platform}, ${cores} cores (${cpu}), ${memoryGigabytes} GB; load ${load[0]} before, ${loadavg()[0].toFixed(1)} after; ${rounds} runs each\n`,
			);
			console.log(tableOf(results, bars));
			console.log(
				'\n(a) and (b) are measured with fewer items, because they take seconds for thousands, and compared per item.',
			);
		}
	} finally {
		sandbox.stop();
	}
}

main().catch((error: unknown) => {
	console.error(error instanceof Error ? error.message : String(error));
	process.exitCode = 1;
});
