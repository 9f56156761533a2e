/**
 * Checks a generated package as a stranger would use it: in a copy outside the repository, where nothing of the pack is in
 * reach, it is installed, built, linted, scanned and packed. Its examples then run from the tarball on n8n's own engine.
 */
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';

import { announcements } from '../demo/expectations.mts';
import { runExample } from '../demo/run.mts';
import type { Example } from '../demo/examples.mts';
import { createEngine } from '../harness/engine.mts';
import { startSandbox } from '../sandbox/server.mts';
import { scanFolder, SOURCE, TARBALL } from '../scripts/scan.mts';
import { runProgram } from './command.mts';
import { compareBuilds } from './compare.mts';
import type { VendorPackage } from './vendor-package.mts';

export interface CheckOptions {
	root: string;
	/** What the pack was built into, as it was when the package was written. */
	built: string;
	/** Where the package was written. */
	source: string;
	/** A folder outside the repository, for the copy. */
	workshop: string;
	/** Tarballs end up here. */
	tarballs: string;
	/** Take the pack's installed modules instead of `npm install`; for machines without a network. */
	offline: boolean;
}

/** One check: what it is, and how it is done; it returns what to say beside "ok". */
export interface Check {
	name: string;
	run: () => Promise<string> | string;
}

/** Everything in a folder is a file or a folder: a link would be read from where it leads, past the lint. */
export const linksIn = (folder: string): string[] =>
	readdirSync(folder, { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isSymbolicLink())
		.map((entry) => join(entry.parentPath, entry.name));

/**
 * Without a network: the pack's own modules, copied. They lie above the package, so that one copy serves all packages;
 * a module that the package forgot to name would then be found there, which only a real installation shows.
 */
function copyModules(root: string, workshop: string): void {
	const target = join(workshop, 'node_modules');
	if (!existsSync(target))
		cpSync(join(root, 'node_modules'), target, {
			recursive: true,
			dereference: false,
			verbatimSymlinks: true,
		});
}

/** The tarball where n8n's engine of this repository finds it, and it finds n8n's modules: as an installed package has it. */
function unpacked(tarball: string, name: string, tarballs: string): string {
	const target = join(tarballs, 'node_modules', name);
	rmSync(target, { recursive: true, force: true });
	mkdirSync(target, { recursive: true });
	runProgram('tar', ['-xzf', tarball, '-C', target, '--strip-components=1'], tarballs);
	return target;
}

function npmRun(script: string, folder: string): string {
	runProgram('npm', ['run', '--silent', script], folder);
	return '';
}

async function runExamples(packageDirectory: string, source: string, name: string): Promise<string> {
	const sandbox = await startSandbox({ appMetrica: { exportPolls: 0 } });
	const engine = await createEngine({ packageDirectory });
	const deviations: string[] = [];
	const examples = readdirSync(join(source, 'workflows'))
		// A recipe waits for a webhook or a clock.
		.filter((file) => file in announcements)
		.map((file): Example => {
			const stored = readFileSync(join(source, 'workflows', file), 'utf8');
			return { file, workflow: JSON.parse(stored) as Example['workflow'], packageName: name };
		});
	try {
		for (const example of examples) {
			const result = await runExample(example, { engine, sandbox, announced: announcements[example.file] });
			deviations.push(...result.deviations.map((one) => `${example.file}: ${one}`));
		}
	} finally {
		await engine.close();
		await sandbox.close();
	}
	if (examples.length === 0) deviations.push('the package has no example');
	if (deviations.length > 0) throw new Error(deviations.join('\n'));
	return `${examples.length} examples`;
}

export function checksOf(one: VendorPackage, options: CheckOptions): Check[] {
	const { root, built, source, workshop, tarballs, offline } = options;
	const { name, folder } = one;
	const copy = join(workshop, name);
	let tarball = '';
	let installed = '';
	return [
		{
			name: 'is a folder of files, without a link',
			run: () => {
				const links = linksIn(source);
				if (links.length > 0) throw new Error(`links: ${links.join(', ')}`);
				cpSync(source, copy, { recursive: true });
				return '';
			},
		},
		{
			name: offline ? "takes the pack's modules (--offline)" : 'npm install',
			run: () => {
				if (offline) {
					copyModules(root, workshop);
					return 'a module that its package.json lacks is not noticed this way';
				}
				runProgram('npm', ['install', '--loglevel=error'], copy);
				return '';
			},
		},
		{ name: 'npm run build', run: () => npmRun('build', copy) },
		{ name: "npm run lint (n8n's strict rules)", run: () => npmRun('lint', copy) },
		{
			name: "its code is the pack's, byte for byte",
			run: () => {
				const { equal, differences } = compareBuilds(built, join(copy, 'dist'), {
					folder,
					name,
				});
				if (differences.length > 0) throw new Error(differences.join('\n'));
				return `${equal} files`;
			},
		},
		{ name: "n8n's scanner, on the source", run: async () => await scanFolder(copy, SOURCE) },
		{
			name: 'npm pack',
			run: () => {
				mkdirSync(tarballs, { recursive: true });
				const said = runProgram(
					'npm',
					['pack', '--json', '--ignore-scripts', '--loglevel=error', '--pack-destination', tarballs],
					copy,
				);
				const [packed] = JSON.parse(said) as Array<{
					filename: string;
					size: number;
					files: Array<{ path: string }>;
				}>;
				if (!packed) throw new Error('npm packed nothing');
				tarball = join(tarballs, packed.filename);
				const paths = packed.files.map(({ path }) => path);
				const lacking = [...one.nodes, ...one.credentials, 'README.md', 'LICENSE', 'CHANGELOG.md'].filter(
					(path) => !paths.includes(path),
				);
				if (lacking.length > 0) throw new Error(`the tarball lacks ${lacking.join(', ')}`);
				installed = unpacked(tarball, name, tarballs);
				return `${basename(tarball)}, ${paths.length} files, ${Math.round(packed.size / 1000)} kB`;
			},
		},
		{ name: "n8n's scanner, on the tarball", run: async () => await scanFolder(installed, TARBALL) },
		{
			name: "its examples, on n8n's own engine",
			run: async () => await runExamples(installed, source, name),
		},
	];
}
