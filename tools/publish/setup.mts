/**
 * `npm run publish:setup -- owner/repository [--author "Name <mail>"]`: puts owner, repository and author into package.json,
 * then checks what n8n's verification will check, of each package. Without an argument it only checks.
 *
 *   --tag 1.2.0   checks also that version and CHANGELOG are ready for this tag
 *   --no-scan     leaves n8n's scanner out, which takes most of the time
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { manifestOf, vendorPackages } from '../packages/vendor-package.mts';
import { writePackage } from '../packages/write.mts';
import { root } from '../scripts/ensure-n8n.mts';
import type { Pack } from '../scripts/reference.mts';
import { scanFolder, SOURCE } from '../scripts/scan.mts';
import { findingsOf, subjectOf, type Finding } from './checks.mts';
import { authorFrom, chosenAuthor, filledIn, repositoryFrom, type Author } from './fill-in.mts';
import { releaseFindings } from './release-checks.mts';

/** Who git says commits here; npm and the repository must name the same author. */
function authorOfGit(): Author | undefined {
	const valueOf = (name: string): string =>
		spawnSync('git', ['config', name], { cwd: root, encoding: 'utf8' }).stdout?.trim() ?? '';
	const [name, email] = [valueOf('user.name'), valueOf('user.email')];
	return name && email ? { name, email } : undefined;
}

function fillIn(target: string, author: string | undefined): void {
	const file = join(root, 'package.json');
	const known = author === undefined ? undefined : authorFrom(author);
	const chosen = chosenAuthor(manifestOf(root), known, authorOfGit);
	writeFileSync(file, filledIn(readFileSync(file, 'utf8'), repositoryFrom(target), chosen));
	const { author: written, repository } = manifestOf(root);
	console.log(`package.json: ${repository.url}, author ${written.name} <${written.email}>\n`);
}

function say({ check, faults }: Finding): boolean {
	console.log(`  ${faults.length === 0 ? 'ok   ' : 'FAIL '} ${check}`);
	for (const fault of faults) console.log(fault.replace(/^/gm, '          '));
	return faults.length === 0;
}

const scan = async (folder: string): Promise<Finding> => ({
	check: "n8n's scanner",
	faults: await scanFolder(folder, SOURCE).then(
		() => [],
		(error: unknown) => [error instanceof Error ? error.message : String(error)],
	),
});

async function check(tag: string | undefined, withScan: boolean): Promise<boolean> {
	const pack = createRequire(join(root, 'package.json'))('./dist/index.js') as Pack;
	const folder = mkdtempSync(join(tmpdir(), 'publish-'));
	const manifest = manifestOf(root);
	let good = true;
	const tell = (finding: Finding): void => {
		good = say(finding) && good;
	};
	try {
		for (const one of vendorPackages(root, pack)) {
			const target = join(folder, one.name);
			writePackage(root, target, one, pack);
			console.log(one.name);
			findingsOf(subjectOf(target, root), true).forEach(tell);
			if (withScan) tell(await scan(target));
		}
		console.log(`${manifest.name} (holds several services, so n8n does not verify it)`);
		findingsOf(subjectOf(root, root), false).forEach(tell);
		console.log('all');
		releaseFindings(root, manifest, tag).forEach(tell);
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
	return good;
}

async function main(): Promise<number> {
	const { values, positionals } = parseArgs({
		options: { author: { type: 'string' }, tag: { type: 'string' }, 'no-scan': { type: 'boolean' } },
		allowPositionals: true,
	});
	const [target, ...more] = positionals;
	if (more.length > 0 || (target === undefined && values.author !== undefined))
		throw new Error('Usage: npm run publish:setup -- owner/repository [--author "Name <mail>"]');
	if (target !== undefined) fillIn(target, values.author);
	const good = await check(values.tag, !values['no-scan']);
	console.log(
		good
			? "\nAll checks passed. What only a person can do is in CONTRIBUTING.md, 'Verification by n8n'."
			: '\nSomething is not ready, see FAIL above.',
	);
	return good ? 0 : 1;
}

main().then(
	(code) => process.exit(code),
	(error: unknown) => {
		console.error(error instanceof Error ? error.message : String(error));
		process.exit(1);
	},
);
