/**
 * `npm run next`: the pack with the newest n8n-core, TypeScript, ESLint and Node.js that can be installed, in a copy of this
 * repository in a temporary folder. Says what held; the exit code is 1 if something did not. GitHub runs the same, and may fail.
 *
 * What n8n's lint cannot do with the newest tools is tried once more with the versions of the lock file, so that a fault of
 * the tool is told from one of ours.
 */
import { spawnSync } from 'node:child_process';
import {
	appendFileSync,
	copyFileSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	readFileSync,
	rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, sep } from 'node:path';
import { performance } from 'node:perf_hooks';

import { projectNode, root } from './ensure-n8n.mts';
import { tail } from './processes.mts';

const NEWEST = ['n8n-core', 'n8n-workflow', 'typescript', 'eslint', 'node'];
/** What n8n's lint is made for. */
const LINT_TOOLS = ['typescript', 'eslint'];

interface Step {
	name: string;
	program: string;
	args: string[];
}

const STEPS: Step[] = [
	{ name: 'build', program: 'npm', args: ['run', '--silent', 'build'] },
	{ name: 'types', program: 'npm', args: ['run', '--silent', 'typecheck'] },
	{
		name: 'tests of the vendors',
		program: 'npm',
		// Some run n8n's lint on what is generated; the lint is a step of its own here.
		args: ['run', '--silent', 'test:jest', '--', 'test/vendors', '-t', '^(?!.*n8n’s (rules|lint))'],
	},
	{ name: "examples on n8n's own engine", program: 'node', args: ['tools/demo/demo.mts'] },
	{ name: "n8n's lint", program: 'npm', args: ['run', '--silent', 'lint'] },
];

interface Result {
	name: string;
	held: boolean;
	seconds: number;
	/** The line that says why. */
	reason: string;
}

/** PATH with this Node.js first, and without that of the npm that runs this script. */
const pathWith = (folder: string): string =>
	[
		folder,
		...(process.env.PATH ?? '').split(delimiter).filter((one) => !one.includes(`${sep}node_modules${sep}`)),
	].join(delimiter);

function run(
	program: string,
	args: readonly string[],
	cwd: string,
	node: string,
): { code: number; said: string } {
	const own =
		/^(npm_(package|lifecycle|command|execpath|node_execpath|config_local_prefix|config_prefix)|INIT_CWD$)/;
	const kept = Object.entries(process.env).filter(([name]) => !own.test(name));
	const { status, stdout, stderr, error } = spawnSync(program, args, {
		cwd,
		encoding: 'utf8',
		env: { ...Object.fromEntries(kept), PATH: pathWith(node) },
		shell: process.platform === 'win32',
		maxBuffer: 256_000_000,
	});
	return { code: status ?? 1, said: `${stdout ?? ''}${stderr ?? ''}${error?.message ?? ''}` };
}

/** What git would commit, as it is on disk. */
function copyRepository(target: string): void {
	const listed = spawnSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
		cwd: root,
		encoding: 'utf8',
		maxBuffer: 64_000_000,
	});
	if (listed.status !== 0) throw new Error(`git ls-files failed: ${listed.stderr}`);
	for (const file of listed.stdout.split('\0')) {
		// The lock file would hold the versions that this is not about.
		if (file === '' || file === 'package-lock.json' || !existsSync(join(root, file))) continue;
		mkdirSync(dirname(join(target, file)), { recursive: true });
		copyFileSync(join(root, file), join(target, file));
	}
	// The build reads it as the stamp of the compiler.
	copyFileSync(join(root, 'package-lock.json'), join(target, 'package-lock.json'));
}

const versionIn = (folder: string, name: string): string =>
	(
		JSON.parse(readFileSync(join(folder, 'node_modules', name, 'package.json'), 'utf8')) as {
			version: string;
		}
	).version;

/** Installs packages beside those of package.json, whatever they say of each other's versions. */
function install(folder: string, packages: readonly string[]): void {
	const flags = [
		'--ignore-scripts',
		'--legacy-peer-deps',
		'--no-save',
		'--no-package-lock',
		'--loglevel=error',
	];
	// npm runs on a Node.js that it does not replace.
	const node = dirname(projectNode());
	for (const words of [
		['install', ...flags, ...packages],
		['rebuild', 'node', '--ignore-scripts=false', '--loglevel=error'],
	]) {
		const { code, said } = run('npm', words, folder, node);
		if (code !== 0) throw new Error(`npm ${words[0]} failed:\n${tail(said)}`);
	}
}

/** The first line that names a fault, else the last one. */
function reasonOf(said: string): string {
	const lines = said.split('\n').map((line) => line.trim());
	const named = lines.find((line) => /error|failed|✕/i.test(line)) ?? lines.filter(Boolean).at(-1) ?? '';
	return named.slice(0, 160);
}

function doStep({ name, program, args }: Step, folder: string): Result {
	const started = performance.now();
	const { code, said } = run(program, args, folder, join(folder, 'node_modules', 'node', 'bin'));
	const seconds = Math.round((performance.now() - started) / 1_000);
	const held = code === 0;
	console.log(`  ${held ? 'held ' : 'FAILED'} ${name} (${seconds} s)`);
	if (!held) {
		const tests = [...new Set(said.match(/^\s*● .*$/gm))].map((line) => `${line.trim()}\n`);
		console.log(`${tests.join('')}${tail(said)}`.replace(/^/gm, '         '));
	}
	return { name, held, seconds, reason: held ? '' : reasonOf(said) };
}

const asTable = (versions: string, results: readonly Result[]): string =>
	[
		`With ${versions}:`,
		'',
		'| what | held | why not |',
		'| --- | --- | --- |',
		...results.map(
			({ name, held, reason }) => `| ${name} | ${held ? 'yes' : 'no'} | ${reason.replaceAll('|', '\\|')} |`,
		),
		'',
	].join('\n');

function main(): number {
	const folder = mkdtempSync(join(tmpdir(), 'server-events-next-'));
	try {
		console.log('Installing the newest tools beside a copy of the repository …');
		copyRepository(folder);
		install(
			folder,
			NEWEST.map((name) => `${name}@latest`),
		);
		const versions = NEWEST.map((name) => `${name} ${versionIn(folder, name)}`).join(', ');
		console.log(`  ${versions}`);
		const results = STEPS.map((step) => doStep(step, folder));

		const lint = STEPS.at(-1);
		if (lint && !results.at(-1)?.held) {
			const own = LINT_TOOLS.map((name) => `${name}@${versionIn(root, name)}`);
			const newest = NEWEST.filter((name) => !LINT_TOOLS.includes(name));
			rmSync(join(folder, 'node_modules'), { recursive: true, force: true });
			install(folder, [...own, ...newest.map((name) => `${name}@latest`)]);
			results.push(doStep({ ...lint, name: `n8n's lint, with ${own.join(' and ')}` }, folder));
		}

		const table = asTable(versions, results);
		console.log(`\n${table}`);
		if (process.env.GITHUB_STEP_SUMMARY) appendFileSync(process.env.GITHUB_STEP_SUMMARY, table);
		return results.every(({ held }) => held) ? 0 : 1;
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

try {
	process.exitCode = main();
} catch (error) {
	console.error(error instanceof Error ? error.message : String(error));
	process.exitCode = 1;
}
