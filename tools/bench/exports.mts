/**
 * `npm run bench:exports`: how long AppMetrica Export Logs takes in the real n8n for a file of 100,000 and of 1,000,000 rows, and
 * how much memory, over what n8n has before.
 *
 * Each run is an n8n process of its own (`n8n execute`) against the sandbox in another process, which makes the rows while it
 * sends them. On Linux only, whose /proc tells the peak of the run without that of n8n's start.
 *
 * --runs 3   more rounds   --rows 10000,100000   other sizes   --json   prints the figures for machines
 */
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import type { SandboxCredentials } from '../sandbox/types.mts';
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
import type { N8nPlace, Workflow } from '../scripts/real-n8n.mts';
import { startSandboxProcess } from './sandboxProcess.mts';

type Way = 'file' | 'items' | 'match';
interface Case {
	way: Way;
	rows: number;
}
interface Report {
	milliseconds: number;
	processor: number;
	startMegabytes: number;
	peakMegabytes: number;
	longestBlock: number;
	items: number;
	statuses: Record<string, number>;
	file?: string;
}

/** As many items as the node returns unless told. */
const MOST_ITEMS = 100_000;
const SENT = 1_000;
/** What memory may differ by from file to file: the garbage that is there when the peak is. */
const NOISE_MEGABYTES = 60;

const TITLES: Record<Way, string> = {
	file: 'as a file',
	items: `as items, at most ${MOST_ITEMS.toLocaleString('en-US')}`,
	match: `match of ${SENT.toLocaleString('en-US')} sent events, every row read`,
};

const idOf = ({ way, rows }: Case) => `benchExport${way}${rows}`;

function workflowOf(one: Case, { appMetricaApi }: SandboxCredentials): Workflow {
	const { way, rows } = one;
	const eventName = `sandbox-rows-${rows}`;
	const day = (offset: number) => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10);
	const parameters =
		way === 'match'
			? { operation: 'match', matchBy: 'ownId', ownIdPath: 'n' }
			: {
					resource: 'events',
					date_since: day(-2),
					date_until: day(0),
					fields: ['event_name', 'event_timestamp', 'profile_id', 'appmetrica_device_id', 'event_json'],
					filters: { filter: [{ field: 'event_name', value: eventName }] },
					returnAs: way,
				};
	const node = (name: string, type: string, given: Record<string, unknown>, more = {}) => ({
		id: name,
		name,
		type,
		typeVersion: 1,
		position: [0, 0],
		parameters: given,
		...more,
	});
	const link = (to: string) => ({ main: [[{ node: to, type: 'main', index: 0 }]] });
	return {
		id: idOf(one),
		name: `${way} ${rows}`,
		nodes: [
			node('Start', 'n8n-nodes-base.manualTrigger', {}),
			node('Begin', 'CUSTOM.benchStart', { sent: way === 'match' ? SENT : 0, eventName }),
			node(
				'Node',
				'n8n-nodes-server-events.appMetricaExportLogs',
				{ ...parameters, application_id: appMetricaApi.applicationId },
				{
					credentials: {
						appMetricaOAuthApi: { id: 'sandbox-appMetricaOAuthApi', name: 'appMetricaOAuthApi' },
					},
				},
			),
			node('End', 'CUSTOM.benchEnd', {}),
		],
		connections: { Start: link('Begin'), Begin: link('Node'), Node: link('End') },
		settings: { executionOrder: 'v1' },
		active: false,
	};
}

/** Runs one workflow in a new n8n, which is ended as soon as the figures are there. */
async function measure(place: N8nPlace, one: Case): Promise<Report> {
	const n8n = await startN8n(place, {
		args: ['execute', `--id=${idOf(one)}`],
		ready: 'BENCH-END',
		milliseconds: 600_000,
	});
	const report = JSON.parse(/BENCH-REPORT (.*) BENCH-END/.exec(n8n.log())?.[1] ?? '{}') as Report;
	n8n.kill();
	await n8n.ended;
	const { way, rows } = one;
	const expected: Record<Way, unknown> = {
		file: { items: 1, statuses: { ready: 1 } },
		items: { items: Math.min(rows, MOST_ITEMS), statuses: {} },
		match: { items: SENT, statuses: { found: SENT } },
	};
	const given = { items: report.items, statuses: report.statuses };
	if (JSON.stringify(given) !== JSON.stringify(expected[way]))
		throw new Error(`${TITLES[way]}, ${rows} rows: not as expected: ${JSON.stringify(given)}`);
	return report;
}

/** How long the sandbox takes to make the file and send it to a client that throws it away. */
async function bareDownload(
	one: Case,
	{ appMetricaApi, appMetricaOAuthApi }: SandboxCredentials,
): Promise<number> {
	const query = new URLSearchParams({
		application_id: appMetricaApi.applicationId,
		date_since: '2026-01-01',
		date_until: '2026-01-03',
		event_name: `sandbox-rows-${one.rows}`,
		fields: 'event_name,event_timestamp,profile_id,appmetrica_device_id,event_json',
	});
	const started = performance.now();
	const answer = await fetch(`${appMetricaOAuthApi.baseUrl}/logs/v1/export/events.csv?${query}`, {
		headers: { authorization: `OAuth ${appMetricaOAuthApi.token}` },
	});
	if (answer.status !== 200 || !answer.body) throw new Error(`The sandbox answered ${answer.status}`);
	for (const reader = answer.body.getReader(); !(await reader.read()).done;);
	return performance.now() - started;
}

const middle = (numbers: number[]): number =>
	[...numbers].sort((one, other) => one - other)[numbers.length >> 1];

async function main(): Promise<void> {
	const { values } = parseArgs({
		options: {
			json: { type: 'boolean', default: false },
			runs: { type: 'string', default: '1' },
			rows: { type: 'string', default: '100000,1000000' },
		},
	});
	const rounds = Number(values.runs);
	const sizes = values.rows.split(',').map(Number);
	const folder = mkdtempSync(join(tmpdir(), 'bench-exports-'));
	process.once('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
	for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(name, () => process.exit(130));
	const command = await ensureN8n();
	const sandbox = await startSandboxProcess();
	try {
		const [port, brokerPort] = await freePorts(2);
		const custom = join(folder, 'custom');
		mkdirSync(custom);
		const nodes = join(root, 'tools', 'bench', 'nodes');
		for (const file of readdirSync(nodes))
			copyFileSync(join(nodes, file), join(custom, file.replace(/\.cjs$/, '.js')));
		const place: N8nPlace = {
			command,
			userFolder: join(folder, 'n8n'),
			port,
			brokerPort,
			extra: { N8N_CUSTOM_EXTENSIONS: custom },
		};
		mkdirSync(place.userFolder);
		installPackage(buildAndPack(join(folder, 'packed')), place.userFolder);
		linkHostModules(place);
		const cases = (['file', 'items', 'match'] as const).flatMap((way) =>
			sizes.map((rows): Case => ({ way, rows })),
		);
		await importCredentials(place, credentialsFor(sandbox.credentials));
		await importWorkflows(
			place,
			cases.map((one) => workflowOf(one, sandbox.credentials)),
		);
		const bare = new Map<number, number>();
		for (const rows of sizes) bare.set(rows, await bareDownload({ way: 'file', rows }, sandbox.credentials));
		const runs = new Map<Case, Report[]>(cases.map((one) => [one, []]));
		for (let round = 1; round <= rounds; round++) {
			for (const one of cases) {
				const report = await measure(place, one);
				runs.get(one)?.push(report);
				console.error(
					`${round}/${rounds}  ${TITLES[one.way]}, ${one.rows.toLocaleString('en-US')} rows: ${report.milliseconds} ms`,
				);
			}
		}
		const results = [...runs].map(([one, reports]) => {
			const of = (read: (report: Report) => number) => Math.round(middle(reports.map(read)));
			return {
				...one,
				milliseconds: of(({ milliseconds }) => milliseconds),
				processor: of(({ processor }) => processor),
				peakMegabytes: of(({ peakMegabytes }) => peakMegabytes),
				overStart: of(({ peakMegabytes, startMegabytes }) => peakMegabytes - startMegabytes),
				longestBlock: of(({ longestBlock }) => longestBlock),
				file: reports[0].file,
			};
		});
		/** By way: what the largest file needs more than the smallest. */
		const growth = (['file', 'items', 'match'] as const).map((way) => {
			const own = results.filter((result) => result.way === way);
			return { way, megabytes: own[own.length - 1].overStart - own[0].overStart };
		});
		if (values.json) console.log(JSON.stringify({ results, growth, bare: [...bare] }, null, '\t'));
		else {
			console.log(
				`\nNode.js ${process.versions.node}, ${cpus().length} cores (${cpus()[0]?.model}), load ${loadavg()[0].toFixed(1)}\n`,
			);
			console.log(
				'| export | rows | ms | processor ms | peak of n8n | over its start | longest block |\n| --- | --- | --- | --- | --- | --- | --- |',
			);
			for (const one of results) {
				const cells = [
					TITLES[one.way] + (one.file ? ` (${one.file})` : ''),
					one.rows.toLocaleString('en-US'),
					one.milliseconds.toLocaleString('en-US'),
					one.processor.toLocaleString('en-US'),
					`${one.peakMegabytes} MB`,
					`${one.overStart} MB`,
					`${one.longestBlock} ms`,
				];
				console.log(`| ${cells.join(' | ')} |`);
			}
			for (const [rows, milliseconds] of bare)
				console.log(
					`\nA client that throws the file of ${rows.toLocaleString('en-US')} rows away needs ${Math.round(milliseconds).toLocaleString('en-US')} ms.`,
				);
			for (const { way, megabytes } of growth)
				console.log(
					`${TITLES[way]}: the largest file needs ${megabytes} MB more than the smallest: ${megabytes <= NOISE_MEGABYTES ? 'constant' : 'NOT constant'}`,
				);
		}
		process.exitCode = growth.every(({ megabytes }) => megabytes <= NOISE_MEGABYTES) ? 0 : 1;
	} finally {
		sandbox.stop();
	}
}

main().catch((error: unknown) => {
	console.error(error instanceof Error ? error.message : String(error));
	process.exitCode = 1;
});
