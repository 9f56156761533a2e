/**
 * n8n's own community scanner, offline: what n8n checks before it accepts a release, on the source and on the tarball
 * that npm would publish. Inline `eslint-disable` comments do not count there.
 *
 * node scripts/scan.mts [--source] [--tarball]   both if neither is named; exit code 1 if anything is found
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What the scanner package exports and this script uses; it ships no types. */
interface Scanner {
	/** `packageDir` must be absolute: it is the working directory of the lint. */
	analyzePackage(
		packageDir: string,
		filePatterns: string[],
	): Promise<{ passed: boolean; message?: string; details?: string }>;
	SOURCE_FILE_PATTERNS: string[];
}

/** The scanner's own two looks at a package: at the source of the commit, and at what npm has. */
export const SOURCE = 'source';
export const TARBALL = 'packed tarball';
type Look = typeof SOURCE | typeof TARBALL;

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** Scans a folder; throws what was found. */
export async function scanFolder(packageDir: string, look: Look): Promise<string> {
	// The rules answer otherwise under NODE_ENV=test.
	delete process.env.NODE_ENV;
	const scannerFile = '@n8n/scan-community-package/scanner/scanner.mjs';
	const { analyzePackage, SOURCE_FILE_PATTERNS } = (await import(scannerFile)) as Scanner;
	// The scanner's own patterns for a published tarball.
	const patterns = look === SOURCE ? SOURCE_FILE_PATTERNS : ['**/*.js', 'package.json'];
	const { passed, message, details } = await analyzePackage(packageDir, patterns);
	// "No files found" passes in the scanner; here it means that something is in the wrong place.
	if (passed && message === undefined) return 'clean';
	throw new Error(
		[message ?? 'findings', details?.replaceAll(packageDir, '').trim() ?? ''].join('\n').trim(),
	);
}

function command(name: string, args: string[], cwd: string): string {
	const result = spawnSync(name, args, { cwd, encoding: 'utf8', shell: process.platform === 'win32' });
	if (result.status !== 0)
		throw new Error(`${name} ${args[0]} failed: ${result.error?.message ?? result.stderr.trim()}`);
	return result.stdout;
}

/** Packs the built package and unpacks it into `folder`; returns where it lies. */
function unpackTarball(folder: string): string {
	if (!existsSync(join(root, 'dist'))) throw new Error('dist/ is missing: build the package first.');
	const packed = JSON.parse(
		command(
			'npm',
			['pack', '--json', '--ignore-scripts', '--loglevel=error', '--pack-destination', folder],
			root,
		),
	) as Array<{ filename: string }>;
	const target = join(folder, 'package');
	mkdirSync(target);
	command('tar', ['-xzf', packed[0].filename, '-C', target, '--strip-components=1'], folder);
	return target;
}

async function main(): Promise<number> {
	const flags = process.argv.slice(2);
	const unknown = flags.filter((flag) => flag !== '--source' && flag !== '--tarball');
	if (unknown.length > 0) {
		console.error(`Unknown: ${unknown.join(' ')}. Known are --source and --tarball.`);
		return 1;
	}
	const wants = (flag: string) => flags.length === 0 || flags.includes(flag);
	const folder = mkdtempSync(join(tmpdir(), 'scan-'));
	let failed = false;

	async function scan(look: Look, packageDir: string): Promise<void> {
		try {
			console.log(`Scan of the ${look}: ${await scanFolder(packageDir, look)}`);
		} catch (error) {
			console.log(`Scan of the ${look}: ${error instanceof Error ? error.message : String(error)}`);
			failed = true;
		}
	}

	try {
		if (wants('--source')) await scan(SOURCE, root);
		if (wants('--tarball')) await scan(TARBALL, unpackTarball(folder));
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
	return failed ? 1 : 0;
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
	main().then(
		(code) => {
			process.exitCode = code;
		},
		(error: unknown) => {
			console.error(error instanceof Error ? error.message : String(error));
			process.exitCode = 1;
		},
	);
}
