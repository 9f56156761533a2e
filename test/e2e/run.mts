/**
 * `npm run test:e2e`: the package as its users have it, in the real n8n against the sandbox. Everything happens in
 * `.tmp/e2e/`, on free loopback ports; screenshots stay in `.tmp/screenshots/`.
 *
 * node test/e2e/run.mts [--only package,workflows,recipes,tool,search,editor,errors,tasks,queue,expressions,engine-v2,packages,lowest] [--tarball file.tgz]
 */
import { mkdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

import { startSandbox } from '../../tools/sandbox/server.mts';
import { ensureN8n, root } from '../../tools/scripts/ensure-n8n.mts';
import {
	buildAndPack,
	createOwner,
	credentialOfNode,
	credentialsFor,
	exampleWorkflows,
	freePorts,
	importCredentials,
	importWorkflows,
	installPackage,
	linkHostModules,
	newOwner,
	publishWorkflow,
	recipeWorkflows,
	startN8n,
	userFolderIn,
	withSandboxCredentials,
} from '../../tools/scripts/real-n8n.mts';
import type { N8nPlace } from '../../tools/scripts/real-n8n.mts';
import { createChecks } from './checks.mts';
import type { Checks } from './checks.mts';
import { checkEditor } from './editor.mts';
import { checkEngineV2 } from './engineV2.mts';
import { checkExamples, checkHeadless, checkWebhook } from './executions.mts';
import { checkEngines, compareIn } from './expressions.mts';
import { checkLowest } from './lowest.mts';
import { checkMcp } from './mcp.mts';
import { checkPackage, checkServedTypes } from './package.mts';
import { checkSearch } from './search.mts';
import { restOf, screenshotFolder } from './stage.mts';
import type { RunningStage, Stage } from './stage.mts';
import { checkQueueMode } from './queue.mts';
import { checkRecipes, publishedRecipes } from './recipes.mts';
import { checkVendorPackages } from './vendorPackages.mts';
import * as ownWorkflows from './workflows.mts';

const PARTS = [
	'package',
	'workflows',
	'recipes',
	'tool',
	'search',
	'editor',
	'errors',
	'tasks',
	'queue',
	'expressions',
	'engine-v2',
	'packages',
	'lowest',
];
/** The parts that start an n8n of their own. */
const APART = ['queue', 'expressions', 'engine-v2', 'packages', 'lowest'];

function options(): { parts: string[]; tarball?: string } {
	const { values } = parseArgs({ options: { only: { type: 'string' }, tarball: { type: 'string' } } });
	const parts = values.only?.split(',') ?? PARTS;
	const unknown = parts.filter((part) => !PARTS.includes(part));
	if (unknown.length > 0) throw new Error(`--only knows ${PARTS.join(', ')}; not ${unknown.join(', ')}.`);
	return { parts, tarball: values.tarball };
}

/** n8n with the package, workflows and credentials in it, not yet started. */
async function setUp(tarball: string | undefined): Promise<Stage> {
	const command = await ensureN8n();
	const folder = join(root, '.tmp', 'e2e');
	rmSync(folder, { recursive: true, force: true });
	mkdirSync(folder, { recursive: true });
	mkdirSync(screenshotFolder, { recursive: true });

	console.log('Packing the package and putting it into n8n …');
	const packed = tarball ? resolve(tarball) : buildAndPack(join(folder, 'packed'));
	const [port, brokerPort] = await freePorts(2);
	const place: N8nPlace = { command, userFolder: userFolderIn(folder), port, brokerPort };
	const packageFolder = installPackage(packed, place.userFolder);
	linkHostModules(place);

	const sandbox = await startSandbox({ appMetrica: { exportPolls: 0 } });
	const credentials = credentialsFor(sandbox.credentials);
	const credentialOf = credentialOfNode(packageFolder);
	const examples = exampleWorkflows().map(({ file, workflow }) => ({
		file,
		workflow: withSandboxCredentials(workflow, file.replace(/\.json$/, ''), credentials, credentialOf),
	}));
	const own = ownWorkflows.all.map((workflow) =>
		withSandboxCredentials(workflow, workflow.id, credentials, credentialOf),
	);
	const recipes = recipeWorkflows().map(({ file, workflow }) =>
		withSandboxCredentials(workflow, file.replace(/\.json$/, ''), credentials, credentialOf),
	);
	await importCredentials(place, credentials);
	await importWorkflows(place, [...examples.map(({ workflow }) => workflow), ...recipes, ...own]);
	return { place, tarball: packed, packageFolder, sandbox, credentials, owner: newOwner(), examples };
}

/** The parts that need a running n8n. */
async function checkRunning(checks: Checks, stage: Stage, wants: (part: string) => boolean): Promise<void> {
	for (const { id } of [...ownWorkflows.published, ...publishedRecipes])
		await publishWorkflow(stage.place, id);

	console.log('Starting n8n …');
	const n8n = await startN8n(stage.place);
	try {
		const running: RunningStage = {
			...stage,
			n8n,
			rest: restOf(n8n.url, await createOwner(n8n.url, stage.owner)),
		};
		if (wants('package')) await checkServedTypes(checks, running);
		if (wants('workflows')) {
			await checkExamples(checks, running);
			await checkWebhook(checks, running);
		}
		if (wants('recipes')) await checkRecipes(checks, running);
		if (wants('tool')) await checkMcp(checks, running);
		if (wants('search')) await checkSearch(checks, running);
		if (wants('editor') || wants('errors') || wants('tasks')) await checkEditor(checks, running, wants);
	} finally {
		await n8n.stop();
	}
}

async function main(): Promise<number> {
	const { parts, tarball } = options();
	const wants = (part: string) => parts.includes(part);
	const checks = createChecks();
	const stage = await setUp(tarball);
	/** What breaks outside a check ends its part, not the run. */
	const part = async (name: string, body: () => Promise<void>) =>
		await body().catch((error: unknown) =>
			checks.fail(name, error instanceof Error ? (error.stack ?? error.message) : String(error)),
		);
	try {
		if (wants('package')) await checkPackage(checks, stage);
		if (wants('workflows')) await checkHeadless(checks, stage);
		if (parts.some((one) => !APART.includes(one)))
			await part('n8n runs', async () => await checkRunning(checks, stage, wants));
		if (wants('queue')) await part('queue mode', async () => await checkQueueMode(checks, stage));
		if (wants('engine-v2')) await part('engine v2', async () => await checkEngineV2(checks, stage));
		if (wants('expressions')) {
			await checkEngines(checks);
			const name = 'expressions evaluated together give what the real n8n gives';
			await checks.check(name, async () => await compareIn(stage.place, stage.packageFolder), 1_200);
		}
		if (wants('packages')) await part('packages', async () => await checkVendorPackages(checks, stage));
		if (wants('lowest')) await part('lowest n8n', async () => await checkLowest(checks, stage));
	} finally {
		await stage.sandbox.close();
	}
	return checks.close();
}

for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(name, () => process.exit(130));
// An npm that is killed does not pass it on.
const parent = process.ppid;
setInterval(() => process.ppid !== parent && process.exit(130), 2_000).unref();
main().then(
	(code) => process.exit(code),
	(error: unknown) => {
		console.error(error instanceof Error ? error.message : String(error));
		// The caller counts by this line.
		console.log('\n0 passed, 1 failed');
		process.exit(1);
	},
);
