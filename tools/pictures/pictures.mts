/**
 * `npm run pictures`: all pictures of the READMEs and the film of a first event, taken in the real editor, into
 * `.github/images/`.
 *
 *   --take mytracker,vibetrace   instead, the film for n8n's verification of these packages, into `.tmp/pictures/`; their
 *                                tarballs are those of `npm run packages`
 */
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import type { Browser } from 'playwright-core';

import { launchBrowser } from '../../test/e2e/browser.mts';
import * as own from '../../test/e2e/workflows.mts';
import { PACKAGES_FOLDER } from '../packages/manifest.mts';
import { manifestOf, vendorPackages, type VendorPackage } from '../packages/vendor-package.mts';
import { root } from '../scripts/ensure-n8n.mts';
import { buildAndPack, exampleWorkflows, type Workflow } from '../scripts/real-n8n.mts';
import type { Pack } from '../scripts/reference.mts';
import { takeReadmePictures } from './readme-pictures.mts';
import { openStage } from './stage.mts';
import { recordTake } from './take.mts';

const folder = join(root, '.tmp', 'pictures');

async function readmePictures(browser: Browser, all: readonly VendorPackage[], pack: Pack): Promise<void> {
	const tarball = buildAndPack(join(folder, 'packed'));
	const examples = exampleWorkflows().map(({ workflow }) => workflow);
	const stage = await openStage('pack', tarball, [
		...examples,
		own.editor.light,
		own.editor.dark,
		own.editorBad,
	]);
	try {
		await takeReadmePictures(browser, stage, all, new Set(pack.operations.map(({ name }) => name)));
	} finally {
		await stage.close();
	}
}

/** The package's own copies of the examples, which name its nodes. */
const workflowsOf = ({ name, workflows }: VendorPackage): Workflow[] =>
	workflows
		.filter((file) => !file.includes('/'))
		.map((file) => {
			const path = join(root, PACKAGES_FOLDER, name, 'workflows', file);
			return JSON.parse(readFileSync(path, 'utf8')) as Workflow;
		});

async function take(browser: Browser, one: VendorPackage): Promise<void> {
	const version = manifestOf(root).version;
	const tarball = join(root, '.tmp', PACKAGES_FOLDER, `${one.name}-${version}.tgz`);
	const workflows = workflowsOf(one);
	const stage = await openStage(one.slug, tarball, [...workflows, own.editor.light]);
	try {
		await recordTake(browser, stage, one, workflows, join(folder, `${one.name}.webm`));
	} finally {
		await stage.close();
	}
}

async function main(): Promise<void> {
	const { values } = parseArgs({ options: { take: { type: 'string' } } });
	mkdirSync(folder, { recursive: true });
	const pack = createRequire(join(root, 'package.json'))('./dist/index.js') as Pack;
	const all = vendorPackages(root, pack);
	const slugs = values.take?.split(',') ?? [];
	const unknown = slugs.filter((slug) => !all.some((one) => one.slug === slug));
	if (unknown.length > 0) throw new Error(`--take knows ${all.map(({ slug }) => slug).join(', ')}`);
	const browser = await launchBrowser();
	try {
		if (slugs.length === 0) await readmePictures(browser, all, pack);
		for (const one of all.filter(({ slug }) => slugs.includes(slug))) await take(browser, one);
	} finally {
		await browser.close();
	}
}

for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(name, () => process.exit(130));
main().then(
	() => process.exit(0),
	(error: unknown) => {
		console.error(error instanceof Error ? error.message : String(error));
		process.exit(1);
	},
);
