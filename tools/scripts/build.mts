/**
 * Builds the package into `dist/`: n8n's own build (TypeScript and icons), then the files that are made from the tables,
 * codex and output preview of every node.
 *
 * node tools/scripts/build.mts [--force]   does nothing if `dist/` is what these sources were built into
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { ICredentialType } from 'n8n-workflow';

import type { Operation } from '../../nodes/engine/operation/operation.ts';
import type { ReadOperation } from '../../nodes/engine/reading/readOperation.ts';
import { codexOf, outputSchemaOf } from './codex.mts';

interface PackageJson {
	name: string;
	n8n: { nodes: string[]; credentials: string[] };
}

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const dist = join(root, 'dist');
const load = createRequire(join(root, 'package.json'));
/** Outside `dist/`, so that it is not published. */
const stampFile = join(root, 'node_modules', '.build-stamp');

/** All that the content of `dist/` follows from; the lock file stands for the compiler. */
const SOURCES = [
	'nodes',
	'credentials',
	'icons',
	'index.ts',
	'tsconfig.json',
	'package.json',
	'package-lock.json',
	'tools/scripts/build.mts',
	'tools/scripts/codex.mts',
	'tools/scripts/search-phrases.mts',
];
/** n8n's build copies every picture of the repository; only these belong into the package. */
const BUILT = ['nodes', 'credentials', 'icons', 'index.js', 'index.d.ts'];

/** A reason to stop that needs no stack trace. */
class BuildFault extends Error {}

function filesOf(path: string): string[] {
	if (!existsSync(path)) return [];
	if (statSync(path).isFile()) return [path];
	return readdirSync(path, { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile())
		.map((entry) => join(entry.parentPath, entry.name))
		.sort();
}

/** One hash over names and contents. */
function hashOf(paths: string[]): string {
	const hash = createHash('sha256');
	for (const file of paths.flatMap(filesOf)) {
		hash.update(`${relative(root, file).split(sep).join('/')}\0`);
		hash.update(createHash('sha256').update(readFileSync(file)).digest());
	}
	return hash.digest('hex');
}

const hashOfSources = () => hashOf(SOURCES.map((path) => join(root, path)));

function isUpToDate(): boolean {
	if (!existsSync(stampFile)) return false;
	const [sources, built] = readFileSync(stampFile, 'utf8').trim().split(' ');
	return sources === hashOfSources() && built === hashOf([dist]);
}

/** n8n's build draws spinners, so its words are kept back and shown only if it fails. */
function runN8nBuild(): void {
	const program = join(root, 'node_modules', '@n8n', 'node-cli', 'bin', 'n8n-node.mjs');
	if (!existsSync(program))
		throw new BuildFault(
			'The development dependencies are missing: run `node tools/scripts/ensure-install.mjs` first.',
		);
	const { status, stdout, stderr, error } = spawnSync(process.execPath, [program, 'build'], {
		cwd: root,
		encoding: 'utf8',
		stdio: ['ignore', 'pipe', 'pipe'],
		env: { ...process.env, NO_COLOR: '1' },
	});
	if (status === 0) return;
	throw new BuildFault(
		`The build failed.\n${plainWords(`${error?.message ?? ''}${stdout ?? ''}${stderr ?? ''}`)}`,
	);
}

/** The compiler's words alone: no colours, no spinner, no path of this machine. */
function plainWords(output: string): string {
	return output
		.replace(/\u001b\[[0-9;?]*[A-Za-z]/g, '')
		.replaceAll(`${root}${sep}`, '')
		.split('\n')
		.filter((line) => !/[◐◓◑◒]/.test(line))
		.join('\n')
		.trim();
}

function prune(): void {
	for (const name of readdirSync(dist)) {
		if (!BUILT.includes(name)) rmSync(join(dist, name), { recursive: true, force: true });
	}
}

/** `dist/nodes/MyTracker/MyTrackerLogin/MyTrackerLogin.node.js` -> `myTrackerLogin`; n8n wants file, class and name alike. */
function nodeName(builtFile: string): string {
	const name = basename(builtFile, '.node.js');
	return name[0].toLowerCase() + name.slice(1);
}

/** Addresses of the credentials' documentation by credential type. */
function credentialDocumentation(files: string[]): Map<string, string> {
	const addresses = new Map<string, string>();
	for (const file of files) {
		const [Credential] = Object.values(load(`./${file}`) as Record<string, new () => ICredentialType>);
		const { name, documentationUrl } = new Credential();
		if (documentationUrl) addresses.set(name, documentationUrl);
	}
	return addresses;
}

function writeJson(file: string, content: object): void {
	mkdirSync(dirname(file), { recursive: true });
	writeFileSync(file, `${JSON.stringify(content, null, '\t')}\n`);
}

function writeFromTables(): number {
	const { name, n8n } = load('./package.json') as PackageJson;
	const { operations, readOperations } = load('./dist/index.js') as {
		operations: readonly Operation[];
		readOperations: readonly ReadOperation[];
	};
	const addresses = credentialDocumentation(n8n.credentials);
	const folders = new Map(n8n.nodes.map((file) => [nodeName(file), file]));
	const unused = new Set(folders.keys());
	const fileOf = (operationName: string): string => {
		const file = folders.get(operationName);
		if (!file) throw new BuildFault(`package.json lists no node file for the operation ${operationName}`);
		return file;
	};
	for (const operation of [...operations, ...readOperations]) {
		const file = fileOf(operation.name);
		const address = addresses.get(operation.credential.type) ?? operation.documentation;
		writeJson(join(root, file.replace(/\.js$/, '.json')), codexOf(operation, name, address));
		unused.delete(operation.name);
	}
	// What an operation reads has no shape that is known before.
	for (const operation of operations) {
		const folder = dirname(fileOf(operation.name));
		writeJson(join(root, folder, '__schema__', 'v1.0.0.json'), outputSchemaOf(operation));
	}
	if (unused.size > 0) throw new BuildFault(`index.ts exports no operation for ${[...unused].join(', ')}`);
	return operations.length + readOperations.length;
}

function build(): void {
	if (!process.argv.includes('--force') && isUpToDate()) {
		console.log('dist/ is up to date.');
		return;
	}
	rmSync(stampFile, { force: true });
	const sources = hashOfSources();
	runN8nBuild();
	prune();
	const nodes = writeFromTables();
	writeFileSync(stampFile, `${sources} ${hashOf([dist])}\n`);
	console.log(`Built dist/ with ${nodes} nodes.`);
}

try {
	build();
} catch (error) {
	if (!(error instanceof BuildFault)) throw error;
	console.error(error.message);
	process.exitCode = 1;
}
