/** A real n8n for the camera: one package in it, the sandbox as its vendors, credentials and workflows that use them. */
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import type { Rest } from '../../test/e2e/stage.mts';
import { restOf } from '../../test/e2e/stage.mts';
import { startSandbox, type Sandbox } from '../sandbox/server.mts';
import { ensureN8n, root } from '../scripts/ensure-n8n.mts';
import {
	createOwner,
	credentialOfNode,
	credentialsFor,
	freePorts,
	importCredentials,
	importWorkflows,
	installPackage,
	linkHostModules,
	newOwner,
	startN8n,
	userFolderIn,
	withSandboxCredentials,
	type Credential,
	type N8nPlace,
	type Owner,
	type RunningN8n,
	type Workflow,
} from '../scripts/real-n8n.mts';

export interface CameraStage {
	n8n: RunningN8n;
	owner: Owner;
	rest: Rest;
	sandbox: Sandbox;
	credentials: Credential[];
	close: () => Promise<void>;
}

/** `name`: of the folder below `.tmp/pictures`; `workflows` keep their ids, or get their names as ids. */
export async function openStage(
	name: string,
	tarball: string,
	workflows: readonly Workflow[],
): Promise<CameraStage> {
	if (!existsSync(tarball)) throw new Error(`${tarball} is missing`);
	const folder = join(root, '.tmp', 'pictures', name);
	rmSync(folder, { recursive: true, force: true });
	mkdirSync(folder, { recursive: true });
	const [port, brokerPort] = await freePorts(2);
	const place: N8nPlace = {
		command: await ensureN8n(),
		userFolder: userFolderIn(folder),
		port: port ?? 0,
		brokerPort: brokerPort ?? 0,
	};
	const packageFolder = installPackage(tarball, place.userFolder);
	linkHostModules(place);
	const sandbox = await startSandbox({ appMetrica: { exportPolls: 0 } });
	try {
		const { n8n: listed } = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8')) as {
			n8n: { credentials: string[] };
		};
		const own = listed.credentials.join(' ').toLowerCase();
		const credentials = credentialsFor(sandbox.credentials).filter(({ type }) =>
			own.includes(`/${type.toLowerCase()}.`),
		);
		const credentialOf = credentialOfNode(packageFolder);
		await importCredentials(place, credentials);
		await importWorkflows(
			place,
			workflows.map((workflow) => withSandboxCredentials(workflow, workflow.name, credentials, credentialOf)),
		);
		const n8n = await startN8n(place);
		const owner = newOwner();
		const rest = restOf(n8n.url, await createOwner(n8n.url, owner));
		return {
			n8n,
			owner,
			rest,
			sandbox,
			credentials,
			close: async () => {
				await n8n.stop();
				await sandbox.close();
			},
		};
	} catch (error) {
		await sandbox.close();
		throw error;
	}
}
