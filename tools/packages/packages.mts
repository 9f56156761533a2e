/**
 * `npm run packages`: writes one source package per vendor into `packages/`, which git ignores, and checks each alone.
 * Tarballs that can be installed end up in `.tmp/packages/`.
 *
 * node tools/packages/packages.mts [--only mytracker,vibetrace] [--write] [--offline]
 *   --write     only writes them
 *   --offline   takes the pack's installed modules instead of `npm install`; without a network that is done anyway
 */
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';

import { root } from '../scripts/ensure-n8n.mts';
import type { Pack } from '../scripts/reference.mts';
import { checksOf } from './check.mts';
import { runProgram } from './command.mts';
import { PACKAGES_FOLDER } from './manifest.mts';
import { vendorPackages, type VendorPackage } from './vendor-package.mts';
import { writePackage } from './write.mts';

const tarballs = join(root, '.tmp', PACKAGES_FOLDER);

function chosen(all: VendorPackage[], only: string | undefined): VendorPackage[] {
	if (only === undefined) return all;
	const slugs = only.split(',');
	const unknown = slugs.filter((slug) => !all.some((one) => one.slug === slug));
	if (unknown.length > 0)
		throw new Error(`--only knows ${all.map(({ slug }) => slug).join(', ')}; not ${unknown.join(', ')}.`);
	return all.filter(({ slug }) => slugs.includes(slug));
}

/** Runs the checks of one package in order; what builds on one that failed is left out. */
async function check(
	one: VendorPackage,
	{ workshop, built, offline }: { workshop: string; built: string; offline: boolean },
): Promise<boolean> {
	const source = join(root, PACKAGES_FOLDER, one.name);
	for (const { name, run } of checksOf(one, { root, built, source, workshop, tarballs, offline })) {
		const started = performance.now();
		try {
			const said = await run();
			const seconds = ((performance.now() - started) / 1_000).toFixed(1);
			console.log(`  ok    ${name}${said ? `: ${said}` : ''} (${seconds} s)`);
		} catch (error) {
			const words = error instanceof Error ? error.message : String(error);
			console.log(`  FAIL  ${name}\n${words.replace(/^/gm, '        ')}`);
			return false;
		}
	}
	return true;
}

/** Whether npm reaches its registry, asked for a package that each of these needs. */
function hasNetwork(): boolean {
	try {
		runProgram(
			'npm',
			['view', 'n8n-workflow', 'version', '--fetch-retries=1', '--fetch-timeout=20000'],
			root,
		);
		return true;
	} catch {
		return false;
	}
}

async function main(): Promise<number> {
	const { values } = parseArgs({
		options: {
			only: { type: 'string' },
			write: { type: 'boolean', default: false },
			offline: { type: 'boolean', default: false },
		},
	});
	// Also if this script was not started by npm: an older `dist/` is not what the packages are built from.
	process.stdout.write(runProgram(process.execPath, ['tools/scripts/build.mts'], root));
	const pack = createRequire(join(root, 'package.json'))('./dist/index.js') as Pack;
	const all = vendorPackages(root, pack);
	const wanted = chosen(all, values.only);
	const failed: string[] = [];
	const workshop = mkdtempSync(join(tmpdir(), 'vendor-packages-'));
	const built = join(workshop, 'dist-of-the-pack');
	try {
		// The checks take minutes. All is written before, and `dist/` kept as it is now, so that a source that is changed
		// or a build that is started meanwhile makes no difference.
		for (const one of wanted) {
			writePackage(root, join(root, PACKAGES_FOLDER, one.name), one, pack);
			console.log(`${PACKAGES_FOLDER}/${one.name}: ${one.nodes.length} nodes, written`);
		}
		if (values.write) return 0;
		cpSync(join(root, 'dist'), built, { recursive: true });
		const offline = values.offline || !hasNetwork();
		if (offline && !values.offline)
			console.log('npm does not reach its registry, so nothing is installed from there.');
		for (const one of wanted) {
			console.log(`\n${one.name}`);
			if (!(await check(one, { workshop, built, offline }))) failed.push(one.name);
		}
	} finally {
		rmSync(workshop, { recursive: true, force: true });
	}
	console.log(
		failed.length === 0
			? `\nAll ${wanted.length} packages passed; their tarballs are in .tmp/${PACKAGES_FOLDER}/.`
			: `\nFailed: ${failed.join(', ')}`,
	);
	return failed.length === 0 ? 0 : 1;
}

main().then(
	(code) => process.exit(code),
	(error: unknown) => {
		console.error(error instanceof Error ? error.message : String(error));
		process.exit(1);
	},
);
