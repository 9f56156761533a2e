import { fork } from 'node:child_process';
import { join } from 'node:path';

import { projectNode, root } from '../scripts/ensure-n8n.mts';
import type { SandboxCredentials } from '../sandbox/types.mts';

/** Starts the sandbox in a process of its own, so that its work is not measured as n8n's. */
export async function startSandboxProcess(): Promise<{ credentials: SandboxCredentials; stop: () => void }> {
	const child = fork(join(root, 'tools', 'bench', 'sandbox.mts'), {
		execPath: projectNode(),
		stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
	});
	const credentials = await new Promise<SandboxCredentials>((done, fail) => {
		child.once('message', (message) => done(message as SandboxCredentials));
		child.once('exit', () => fail(new Error('The sandbox ended before it was ready.')));
	});
	return { credentials, stop: () => child.disconnect() };
}
