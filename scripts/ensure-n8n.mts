/**
 * Installs the real n8n, once, in n8n-host/ beside its own lock file: `node scripts/ensure-n8n.mts`.
 *
 * `N8N_BIN` names an n8n that is there already; nothing is installed then. Install scripts of dependencies stay off but for
 * the two native modules n8n cannot do without, and these run under the project's own Node.js, because n8n and they must
 * agree on it. A stamp holds the hash of the lock file, so that the usual case costs one small file.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

const host = join(root, 'n8n-host');
const stampFile = join(host, 'node_modules', '.ensure-n8n');
const NATIVE_MODULES = ['sqlite3', 'isolated-vm'];
const onWindows = process.platform === 'win32';

/** How n8n is started: a program and the arguments that come before n8n's own. */
export type N8nCommand = { program: string; args: string[] };

/** The Node.js 24 of the development dependencies. */
export function projectNode(): string {
	const found = ['bin/node', 'bin/node.exe'].map((file) => join(root, 'node_modules', 'node', file)).find((file) => existsSync(file));
	if (!found) throw new Error("The project's own Node.js is missing: run `node scripts/ensure-install.mjs` first.");
	return found;
}

/** This environment, with the project's Node.js as the first `node` of PATH. */
export function nodeEnvironment(): NodeJS.ProcessEnv {
	const rest = (process.env.PATH ?? '').split(delimiter).filter((folder) => !folder.includes(`${sep}node_modules${sep}.bin`));
	return { ...process.env, PATH: [dirname(projectNode()), ...rest].join(delimiter) };
}

function hashOfLockFile(): string {
	return createHash('sha256').update(readFileSync(join(host, 'package-lock.json'))).digest('hex');
}

function wantedVersion(): string {
	return (JSON.parse(readFileSync(join(host, 'package.json'), 'utf8')) as { dependencies: { n8n: string } }).dependencies.n8n;
}

/** Runs npm in n8n-host/, with a sign of life now and then: it is silent for minutes. */
async function npm(args: string[], failure: string): Promise<void> {
	const started = Date.now();
	const child = spawn('npm', [...args, '--no-audit', '--no-fund', '--loglevel=error'], {
		cwd: host,
		env: nodeEnvironment(),
		stdio: ['ignore', 'ignore', 'inherit'],
		shell: onWindows,
	});
	const life = setInterval(() => console.error(`  … ${Math.round((Date.now() - started) / 60_000)} min`), 60_000);
	try {
		const code = await new Promise<number | null>((done, fail) => {
			child.once('error', fail);
			child.once('exit', done);
		});
		if (code !== 0) throw new Error(failure);
	} finally {
		clearInterval(life);
	}
}

/** Whether the native modules fit the project's Node.js: loading them is the only honest test. */
function nativeModulesFit(): boolean {
	const script = `for (const name of ${JSON.stringify(NATIVE_MODULES)}) require(name)`;
	return spawnSync(projectNode(), ['-e', script], { cwd: host, stdio: 'ignore' }).status === 0;
}

async function install(): Promise<void> {
	console.error(`Installing n8n ${wantedVersion()} in n8n-host/, once (about 3 GB, 5 to 10 minutes) …`);
	rmSync(stampFile, { force: true });
	await npm(['ci', '--ignore-scripts'], 'n8n could not be installed: `npm ci --ignore-scripts` in n8n-host/ failed, see above. Is the network there?');
	console.error('Preparing its native modules …');
	await npm(
		['rebuild', ...NATIVE_MODULES, '--ignore-scripts=false'],
		`n8n's native modules could not be prepared: \`npm rebuild ${NATIVE_MODULES.join(' ')}\` in n8n-host/ failed, see above. Where no built one can be fetched, a C++ compiler and Python are needed.`,
	);
	if (!nativeModulesFit()) throw new Error(`n8n's native modules do not load in Node.js ${process.versions.node}; remove n8n-host/node_modules and run this again.`);
	writeFileSync(stampFile, `${hashOfLockFile()}\n`);
	console.error('n8n is installed.');
}

/** A script for Node.js is run by the project's own; anything else (a wrapper, a container's shim) as it is. */
function commandOf(file: string): N8nCommand {
	const real = realpathSync(file);
	const isScript = /\.[cm]?js$/.test(real) || /^#!.*\bnode\b/.test(readFileSync(real, 'latin1').slice(0, 200));
	return isScript ? { program: projectNode(), args: [real] } : { program: real, args: [] };
}

/** The n8n to use, installed first if need be. */
export async function ensureN8n(): Promise<N8nCommand> {
	const named = process.env.N8N_BIN;
	if (named) {
		if (!existsSync(named)) throw new Error(`N8N_BIN names ${named}, which does not exist.`);
		return commandOf(resolve(named));
	}
	const stamp = existsSync(stampFile) ? readFileSync(stampFile, 'utf8').trim() : '';
	if (stamp !== hashOfLockFile()) await install();
	return commandOf(join(host, 'node_modules', 'n8n', 'bin', 'n8n'));
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
	ensureN8n().catch((error: unknown) => {
		console.error(error instanceof Error ? error.message : String(error));
		process.exitCode = 1;
	});
}
