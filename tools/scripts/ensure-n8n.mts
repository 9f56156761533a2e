/**
 * Installs the real n8n, once, in tools/n8n/current/ beside its own lock file: `node tools/scripts/ensure-n8n.mts`. The lowest n8n that the
 * pack runs on goes into tools/n8n/lowest/ in the same way.
 *
 * `N8N_BIN` (`N8N_LOWEST_BIN`) names an n8n that is there already; nothing is installed then. Install scripts of dependencies stay off but for
 * the native modules n8n cannot do without, and these run under the project's own Node.js, because n8n and they must
 * agree on it. A stamp holds the hash of the lock file, so that the usual case costs one small file.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** An n8n of the project's: the folder it is installed in, and the variable that may name another. */
type Host = { folder: string; variable: string };

const CURRENT: Host = { folder: 'tools/n8n/current', variable: 'N8N_BIN' };
export const LOWEST: Host = { folder: 'tools/n8n/lowest', variable: 'N8N_LOWEST_BIN' };

const NATIVE_MODULES = ['sqlite3', 'isolated-vm'];
const onWindows = process.platform === 'win32';

/** How n8n is started: a program and the arguments that come before n8n's own. */
export type N8nCommand = { program: string; args: string[] };

/** The Node.js 24 of the development dependencies. */
export function projectNode(): string {
	const found = ['bin/node', 'bin/node.exe']
		.map((file) => join(root, 'node_modules', 'node', file))
		.find((file) => existsSync(file));
	if (!found)
		throw new Error(
			"The project's own Node.js is missing: run `node tools/scripts/ensure-install.mjs` first.",
		);
	return found;
}

/** This environment, with the project's Node.js as the first `node` of PATH. */
export function nodeEnvironment(): NodeJS.ProcessEnv {
	const rest = (process.env.PATH ?? '')
		.split(delimiter)
		.filter((folder) => !folder.includes(`${sep}node_modules${sep}.bin`));
	return { ...process.env, PATH: [dirname(projectNode()), ...rest].join(delimiter) };
}

const pathIn = ({ folder }: Host, ...names: string[]) => join(root, folder, ...names);
const stampOf = (host: Host) => pathIn(host, 'node_modules', '.ensure-n8n');
/** Older n8n has only the first of them. */
const nativeModulesOf = (host: Host) =>
	NATIVE_MODULES.filter((name) => existsSync(pathIn(host, 'node_modules', name)));

function hashOfLockFile(host: Host): string {
	return createHash('sha256')
		.update(readFileSync(pathIn(host, 'package-lock.json')))
		.digest('hex');
}

export function versionOf(host: Host): string {
	return (JSON.parse(readFileSync(pathIn(host, 'package.json'), 'utf8')) as { dependencies: { n8n: string } })
		.dependencies.n8n;
}

/** Runs npm in the host's folder, with a sign of life now and then: it is silent for minutes. */
async function npm(host: Host, args: string[], failure: string): Promise<void> {
	const started = Date.now();
	const child = spawn('npm', [...args, '--no-audit', '--no-fund', '--loglevel=error'], {
		cwd: pathIn(host),
		env: nodeEnvironment(),
		stdio: ['ignore', 'ignore', 'inherit'],
		shell: onWindows,
	});
	const end = () => child.kill();
	process.once('exit', end);
	const life = setInterval(
		() => console.error(`  … ${Math.round((Date.now() - started) / 60_000)} min`),
		60_000,
	);
	try {
		const code = await new Promise<number | null>((done, fail) => {
			child.once('error', fail);
			child.once('exit', done);
		});
		if (code !== 0) throw new Error(failure);
	} finally {
		clearInterval(life);
		process.off('exit', end);
	}
}

/** Whether the native modules fit the project's Node.js: loading them is the only honest test. */
function nativeModulesFit(host: Host): boolean {
	const script = `for (const name of ${JSON.stringify(nativeModulesOf(host))}) require(name)`;
	return spawnSync(projectNode(), ['-e', script], { cwd: pathIn(host), stdio: 'ignore' }).status === 0;
}

async function install(host: Host): Promise<void> {
	const { folder } = host;
	console.error(`Installing n8n ${versionOf(host)} in ${folder}/, once (1 to 3 GB, 2 to 10 minutes) …`);
	rmSync(stampOf(host), { force: true });
	await npm(
		host,
		['ci', '--ignore-scripts'],
		`n8n could not be installed: \`npm ci --ignore-scripts\` in ${folder}/ failed, see above. Is the network there?`,
	);
	console.error('Preparing its native modules …');
	const names = nativeModulesOf(host);
	await npm(
		host,
		['rebuild', ...names, '--ignore-scripts=false'],
		`n8n's native modules could not be prepared: \`npm rebuild ${names.join(' ')}\` in ${folder}/ failed, see above. Where no built one can be fetched, a C++ compiler and Python are needed.`,
	);
	if (!nativeModulesFit(host))
		throw new Error(
			`n8n's native modules do not load in Node.js ${process.versions.node}; remove ${folder}/node_modules and run this again.`,
		);
	writeFileSync(stampOf(host), `${hashOfLockFile(host)}\n`);
	console.error('n8n is installed.');
}

/** A script for Node.js is run by the project's own; anything else (a wrapper, a container's shim) as it is. */
function commandOf(file: string): N8nCommand {
	const real = realpathSync(file);
	const isScript =
		/\.[cm]?js$/.test(real) || /^#!.*\bnode\b/.test(readFileSync(real, 'latin1').slice(0, 200));
	return isScript ? { program: projectNode(), args: [real] } : { program: real, args: [] };
}

/** The n8n to use, installed first if need be. */
export async function ensureN8n(host: Host = CURRENT): Promise<N8nCommand> {
	const named = process.env[host.variable];
	if (named) {
		if (!existsSync(named)) throw new Error(`${host.variable} names ${named}, which does not exist.`);
		return commandOf(resolve(named));
	}
	const stamp = existsSync(stampOf(host)) ? readFileSync(stampOf(host), 'utf8').trim() : '';
	if (stamp !== hashOfLockFile(host)) await install(host);
	return commandOf(pathIn(host, 'node_modules', 'n8n', 'bin', 'n8n'));
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
	ensureN8n().catch((error: unknown) => {
		console.error(error instanceof Error ? error.message : String(error));
		process.exitCode = 1;
	});
}
