/**
 * n8n's next engine, still a module to switch on: it gives a node an empty context at each step, knows neither Retry On Fail
 * nor the error output, and cannot repeat an execution. The package sends and accounts there as elsewhere.
 */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { root } from '../../tools/scripts/ensure-n8n.mts';
import {
	createOwner,
	credentialOfNode,
	freePorts,
	importCredentials,
	importWorkflows,
	installPackage,
	linkHostModules,
	newOwner,
	startN8n,
	userFolderIn,
	withSandboxCredentials,
} from '../../tools/scripts/real-n8n.mts';
import type { N8nPlace } from '../../tools/scripts/real-n8n.mts';
import { givesWhatItAnnounces, startedByHand, type StartedByHand } from './announced.mts';
import type { Checks } from './checks.mts';
import { startPostgres } from './servers.mts';
import { finished, restOf, runWorkflow } from './stage.mts';
import type { Rest, Stage } from './stage.mts';
import { engineV2, inEngineV2 } from './workflows.mts';

/** The examples for this engine: an error output is one output with the others there. */
const examplesOf = (stage: Stage): StartedByHand[] =>
	startedByHand(stage).map(({ workflow, ...example }) => ({
		...example,
		workflow: inEngineV2({
			...workflow,
			nodes: workflow.nodes.map((node) =>
				node.onError === 'continueErrorOutput' ? { ...node, onError: 'continueRegularOutput' } : node,
			),
		}),
	}));

async function startEngineV2(stage: Stage): Promise<{ rest: Rest; stop: () => Promise<void> }> {
	// Outside the project: the database's user may not be able to enter it.
	const folder = mkdtempSync(join(tmpdir(), 'server-events-engine-'));
	chmodSync(folder, 0o711);
	const ending: Array<() => Promise<void> | void> = [() => rmSync(folder, { recursive: true, force: true })];
	const stop = async () => {
		for (const end of ending.reverse()) await end();
	};
	try {
		const postgres = await startPostgres(folder);
		ending.push(postgres.stop);
		const [port, brokerPort, enginePort, controlPort] = await freePorts(4);
		const place: N8nPlace = {
			command: stage.place.command,
			userFolder: userFolderIn(join(root, '.tmp', 'e2e', 'engine-v2')),
			port,
			brokerPort,
			extra: {
				N8N_ENABLED_MODULES: 'engine-v2',
				N8N_ENGINE_DATABASE_URL: `postgres://${postgres.user}@127.0.0.1:${postgres.port}/${postgres.database}`,
				N8N_ENGINE_PORT: String(enginePort),
				N8N_ENGINE_CONTROL_PLANE_PORT: String(controlPort),
				N8N_ENGINE_AUTH_SECRET: randomBytes(32).toString('hex'),
			},
		};
		installPackage(stage.tarball, place.userFolder);
		linkHostModules(place);
		await importCredentials(place, stage.credentials);
		const credentialOf = credentialOfNode(stage.packageFolder);
		await importWorkflows(
			place,
			[...Object.values(engineV2), ...examplesOf(stage).map(({ workflow }) => workflow)].map((workflow) =>
				withSandboxCredentials(workflow, workflow.id, stage.credentials, credentialOf),
			),
		);
		const n8n = await startN8n(place);
		ending.push(n8n.stop);
		return { rest: restOf(n8n.url, await createOwner(n8n.url, newOwner())), stop };
	} catch (error) {
		await stop();
		throw error;
	}
}

export async function checkEngineV2({ check }: Checks, stage: Stage): Promise<void> {
	const { sandbox } = stage;
	const starting = startEngineV2(stage);
	const started = await check(
		'engine v2: n8n starts with its next engine and the package',
		async () => void (await starting),
		600,
	);
	if (!started) {
		void starting.then(
			async ({ stop }) => await stop(),
			() => undefined,
		);
		return;
	}
	const { rest, stop } = await starting;
	const run = async (id: string) => {
		sandbox.reset();
		const { executionId } = await rest.post<{ executionId: string }>(`/rest/workflows/${id}/run`, {
			triggerToStartFrom: { name: 'Start' },
		});
		return await finished(rest, executionId);
	};
	const stored = () => sandbox.stored('myTracker').map(({ event }) => event.customUserId);
	try {
		await check('engine v2: events are sent and each item is accounted for', async () => {
			const { status, run: data } = await run(engineV2.send.id);
			assert.equal(status, 'success');
			assert.deepEqual(stored(), ['a', 'b']);
			const items = data.runData.Send?.[0]?.data?.main?.[0] ?? [];
			assert.deepEqual(
				items.map(({ json }) => (json.delivery as { status: string }).status),
				['accepted', 'accepted', 'invalid'],
			);
		});

		await check('engine v2: a loop sends equal events again in each iteration', async () => {
			const { status } = await run(engineV2.loop.id);
			assert.equal(status, 'success');
			assert.deepEqual(stored(), ['a', 'a', 'a']);
		});

		await check('engine v2: a stopped run is not tried again, whatever Retry On Fail says', async () => {
			sandbox.reset();
			const { executionId } = await rest.post<{ executionId: string }>(
				`/rest/workflows/${engineV2.stop.id}/run`,
				{ triggerToStartFrom: { name: 'Start' } },
			);
			const { status } = await finished(rest, executionId);
			assert.equal(status, 'error');
			assert.deepEqual(
				sandbox.requests.map(({ body }) => /"customUserId":"([^"]+)"/.exec(body.toString())?.[1]),
				['a', 'sandbox-refuse'],
			);
		});
		await check('engine v2: n8n does not run a workflow with an error output there yet', async () => {
			await assert.rejects(
				async () => await run(engineV2.errorOutput.id),
				/uses onError=continueErrorOutput, which is not supported yet/,
			);
			assert.equal(sandbox.requests.length, 0);
		});

		for (const example of examplesOf(stage)) {
			await check(
				`engine v2: ${example.file} gives what it announces`,
				async () =>
					await givesWhatItAnnounces(
						stage,
						example,
						async () => await runWorkflow(rest, example.workflow, example.trigger),
					),
			);
		}
	} finally {
		await stop();
	}
}
