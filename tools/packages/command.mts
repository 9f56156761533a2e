/** Programs that the checks of a package run to their end. */
import { spawnSync } from 'node:child_process';

import { nodeEnvironment } from '../scripts/ensure-n8n.mts';
import { tail } from '../scripts/processes.mts';

/** What the npm that runs this script tells its children would mislead another npm about where it is. */
function environment(): NodeJS.ProcessEnv {
	const own =
		/^(npm_(package|lifecycle|command|execpath|node_execpath|config_local_prefix|config_prefix)|INIT_CWD$|NODE_ENV$)/;
	return {
		...Object.fromEntries(Object.entries(nodeEnvironment()).filter(([name]) => !own.test(name))),
		NO_COLOR: '1',
	};
}

/** Runs a program under the project's own Node.js; its last lines are the message if it fails. */
export function runProgram(program: string, args: readonly string[], folder: string): string {
	const { status, stdout, stderr, error } = spawnSync(program, args, {
		cwd: folder,
		encoding: 'utf8',
		env: environment(),
		shell: process.platform === 'win32',
		maxBuffer: 64_000_000,
	});
	if (status === 0) return stdout;
	const said = tail(`${stdout ?? ''}${stderr ?? ''}`);
	throw new Error(`${program} ${args.join(' ')} failed: ${error?.message ?? said}`);
}
