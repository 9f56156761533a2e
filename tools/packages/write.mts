/** Writes the package of one vendor as a source package that stands alone: copies, never links, which hide faults from the lint. */
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

import { moveWorkflows, renames } from '../scripts/move.mts';
import type { Pack } from '../scripts/reference.mts';
import { packedNodes } from '../scripts/vendor-packages.mts';
import { vendorManifest } from './manifest.mts';
import { packageReadme } from './readme.mts';
import { manifestOf, type VendorPackage } from './vendor-package.mts';

/** The pack's own settings of the compiler, with the files that its build makes from the tables and this package has as sources. */
function compilerSettings(root: string): object {
	const settings = JSON.parse(readFileSync(join(root, 'tsconfig.json'), 'utf8')) as object;
	return { ...settings, include: ['credentials/**/*', 'nodes/**/*', 'nodes/**/*.node.json'] };
}

/**
 * A dependency of n8n's tool wants another package manager in its install script, so install scripts stay off; none is
 * needed. A lock file is not kept, since the versions in package.json are exact.
 */
const NPM_SETTINGS = ['ignore-scripts=true', 'package-lock=false', 'fund=false', 'audit=false'];

const GITIGNORE = ['node_modules/', 'dist/', '*.tgz'];

const changelogOf = (text: string, packName: string): string =>
	text.replace(
		/^# Changelog\n/,
		`# Changelog\n\nOne version and one changelog for \`${packName}\` and the packages of its vendors.\n`,
	);

const asJson = (content: unknown): string => `${JSON.stringify(content, null, '\t')}\n`;

/** Codex and output preview of a node, as the pack's build made them, under this package's name. */
function writeGenerated(root: string, target: string, { name, nodes }: VendorPackage): void {
	for (const built of nodes) {
		const codex = built.replace(/\.js$/, '.json');
		const source = codex.replace(/^dist\//, '');
		const content = JSON.parse(readFileSync(join(root, codex), 'utf8')) as { node: string };
		const type = content.node.slice(content.node.indexOf('.'));
		writeFileSync(join(target, source), asJson({ ...content, node: `${name}${type}` }));
		const preview = join(dirname(built), '__schema__');
		// What a node reads has no shape that is known before.
		if (existsSync(join(root, preview)))
			cpSync(join(root, preview), join(target, preview.replace(/^dist\//, '')), { recursive: true });
	}
}

/** Writes into `target`, which is emptied first; `root` holds the built pack. */
export function writePackage(root: string, target: string, one: VendorPackage, pack: Pack): void {
	const manifest = manifestOf(root);
	rmSync(target, { recursive: true, force: true });
	mkdirSync(target, { recursive: true });
	const copy = (path: string, to = path): void =>
		cpSync(join(root, path), join(target, to), { recursive: true, dereference: true });

	for (const path of ['LICENSE', 'eslint.config.mjs', 'nodes/engine', `nodes/${one.folder}`]) copy(path);
	for (const built of one.credentials) copy(built.replace(/^dist\//, '').replace(/\.js$/, '.ts'));
	for (const icon of [`${one.slug}.svg`, `${one.slug}.dark.svg`]) copy(`icons/${icon}`);
	writeGenerated(root, target, one);

	const types = renames({ pack: manifest.name, nodes: packedNodes(root) }, one.name);
	for (const file of one.workflows) {
		const moved = moveWorkflows(readFileSync(join(root, 'workflows', file), 'utf8'), types);
		mkdirSync(join(target, 'workflows'), { recursive: true });
		writeFileSync(join(target, 'workflows', basename(file)), moved.text);
	}

	writeFileSync(join(target, 'package.json'), asJson(vendorManifest(one, pack, manifest)));
	writeFileSync(join(target, 'tsconfig.json'), asJson(compilerSettings(root)));
	writeFileSync(join(target, '.npmrc'), `${NPM_SETTINGS.join('\n')}\n`);
	writeFileSync(join(target, '.gitignore'), `${GITIGNORE.join('\n')}\n`);
	writeFileSync(join(target, 'README.md'), packageReadme(root, one, pack));
	const changelog = readFileSync(join(root, 'CHANGELOG.md'), 'utf8');
	writeFileSync(join(target, 'CHANGELOG.md'), changelogOf(changelog, manifest.name));
}
