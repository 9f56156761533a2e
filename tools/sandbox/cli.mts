/** Starts the sandbox for people: `node tools/sandbox/cli.mts [--port 8787] [--merge-ms 0] [--export-polls 1]`, ended by Ctrl-C. */
import { parseArgs } from 'node:util';

import { startSandbox } from './server.mts';

const { values } = parseArgs({
	options: {
		port: { type: 'string', default: '8787' },
		/** AppMetrica: how long until an upload shows up in exports, and how often an export answers 202. */
		'merge-ms': { type: 'string', default: '0' },
		'export-polls': { type: 'string', default: '1' },
	},
});
const port = Number(values.port);
const mergeMs = Number(values['merge-ms']);
const exportPolls = Number(values['export-polls']);
if (!Number.isInteger(port) || port < 0 || port > 65_535) {
	console.error('--port is a number from 0 to 65535; 0 takes any free port');
	process.exit(2);
}
if (![mergeMs, exportPolls].every((value) => Number.isInteger(value) && value >= 0)) {
	console.error('--merge-ms and --export-polls are whole numbers from 0');
	process.exit(2);
}

startSandbox({ port, keep: 1_000, appMetrica: { mergeMs, exportPolls } }).then(
	(sandbox) => {
		console.log(`The sandbox listens. What arrives is shown at ${sandbox.url}/\n`);
		console.log('Type these into the n8n credentials (they are good here and nowhere else):');
		for (const [type, fields] of Object.entries(sandbox.credentials)) {
			console.log(`\n  ${type}`);
			for (const [name, value] of Object.entries(fields)) console.log(`    ${name.padEnd(14)} ${value}`);
		}
		console.log(
			`\nOther apps that are good too: MyTracker ${sandbox.apps.myTracker.slice(1).join(', ')}; AppMetrica ${sandbox.apps.appMetrica.slice(1).join(', ')}.`,
		);
		console.log(
			'To see a refusal: MyTracker customUserId, AppMetrica profile_id, Gravity Field user.custom or Vibetrace userId = sandbox-refuse.',
		);
		console.log('To see events lost in silence: AppMetrica profile_id = sandbox-unknown.');
		console.log('Ctrl-C ends it.');
		for (const signal of ['SIGINT', 'SIGTERM'] as const) {
			process.once(signal, () => void sandbox.close().then(() => process.exit(0)));
		}
	},
	(problem: NodeJS.ErrnoException) => {
		console.error(
			problem.code === 'EADDRINUSE'
				? `Port ${port} is taken; choose another with --port.`
				: `The sandbox could not start: ${problem.message}`,
		);
		process.exitCode = 1;
	},
);
