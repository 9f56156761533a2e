/** The packages of single vendors as they are written; that each builds, lints and runs alone is `npm run packages`. */
import { existsSync, lstatSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, join, posix } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { compareBuilds, filesBelow } from '../../tools/packages/compare.mts';
import { linksIn } from '../../tools/packages/check.mts';
import { unitsOf, sectionOf } from '../../tools/packages/pack-readme.mts';
import { SECTIONS } from '../../tools/packages/readme.mts';
import {
	manifestOf,
	typeOf,
	vendorPackages,
	type PackManifest,
} from '../../tools/packages/vendor-package.mts';
import { writePackage } from '../../tools/packages/write.mts';
import { vendorsOf, type Pack } from '../../tools/scripts/reference.mts';
import { nodeFiles, read, root, vendorFolders } from '../support/folders.mts';

if (!existsSync(join(root, 'dist', 'index.js')))
	throw new Error('dist/ is missing: run `npm run build` first');
const pack = createRequire(join(root, 'package.json'))('./dist/index.js') as Pack;
const manifest = manifestOf(root);
const all = vendorPackages(root, pack);

let folder: string;
beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), 'packages-'));
	for (const one of all) writePackage(root, join(folder, one.name), one, pack);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('there is a package for each vendor folder, and each node and credential is in exactly one', () => {
	expect(all.map((one) => one.folder).sort()).toEqual([...vendorFolders]);
	expect(all.flatMap(({ nodes }) => nodes).sort()).toEqual([...manifest.n8n.nodes].sort());
	expect(all.flatMap(({ credentials }) => credentials).sort()).toEqual([...manifest.n8n.credentials].sort());
});

test('what is taken from README speaks of one vendor in a sentence or row, or of all', () => {
	const readme = read('README.md');
	const several = ['Reading the result', 'When something is wrong', 'Limits'].flatMap((heading) =>
		unitsOf(sectionOf(readme, heading)).filter(
			(unit) => vendorsOf(pack).filter((vendor) => unit.includes(vendor)).length > 1,
		),
	);
	expect(several).toEqual([]);
});

describe.each(all.map((one) => [one.name, one] as const))('%s', (name, one) => {
	const at = (path: string) => join(folder, name, path);
	const text = (path: string) => readFileSync(at(path), 'utf8');
	const json = <T,>(path: string) => JSON.parse(text(path)) as T;
	const files = () => filesBelow(join(folder, name));
	const others = vendorsOf(pack).filter((vendor) => vendor !== one.vendor);

	test('holds its vendor, the engine and what a source package needs, as copies', () => {
		expect(files()).toEqual(
			expect.arrayContaining([
				'.gitignore',
				'.npmrc',
				'CHANGELOG.md',
				'LICENSE',
				'README.md',
				'eslint.config.mjs',
				'package.json',
				'tsconfig.json',
				`icons/${one.slug}.dark.svg`,
				`icons/${one.slug}.svg`,
				...nodeFiles(one.folder),
				...filesBelow(join(root, 'nodes/engine')).map((file) => `nodes/engine/${file}`),
			]),
		);
		expect(linksIn(join(folder, name))).toEqual([]);
		expect(
			files().filter((file) => others.some((other) => file.includes(other.replaceAll(' ', '')))),
		).toEqual([]);
		for (const file of files().filter((path) => path.endsWith('.ts'))) {
			expect(text(file)).toBe(read(file));
			expect(lstatSync(at(file)).isFile()).toBe(true);
		}
	});

	test('imports nothing that it does not hold or name', () => {
		const { devDependencies } = json<PackManifest>('package.json');
		const missing = files()
			.filter((file) => file.endsWith('.ts'))
			.flatMap((file) =>
				[...text(file).matchAll(/\bfrom '([^']+)'/g)]
					.map(([, path = '']) => path)
					.filter((path) => {
						if (path.startsWith('node:')) return false;
						if (!path.startsWith('.')) return !((path.split('/')[0] ?? '') in devDependencies);
						const target = posix.join(posix.dirname(file), path);
						return !existsSync(at(`${target}.ts`)) && !existsSync(at(`${target}/index.ts`));
					})
					.map((path) => `${file}: ${path}`),
			);
		expect(missing).toEqual([]);
	});

	test('its package.json is the pack’s, for one vendor', () => {
		const own = json<PackManifest & { dependencies?: object; main?: string; files: string[] }>(
			'package.json',
		);
		expect(own).toMatchObject({
			name: `n8n-nodes-${one.slug}`,
			version: manifest.version,
			license: 'MIT',
			author: manifest.author,
			repository: { url: manifest.repository.url, directory: `packages/${name}` },
			n8n: { n8nNodesApiVersion: 1, strict: true, nodes: one.nodes, credentials: one.credentials },
			peerDependencies: { 'n8n-workflow': '*' },
		});
		expect(own.keywords).toContain('n8n-community-node-package');
		expect(own.dependencies).toBeUndefined();
		expect(own.main).toBeUndefined();
		for (const [dependency, version] of Object.entries(own.devDependencies))
			expect(`${dependency} ${version}`).toBe(`${dependency} ${manifest.devDependencies[dependency]}`);
		expect(text('eslint.config.mjs')).toBe(read('eslint.config.mjs'));
		expect(text('.npmrc')).toContain('ignore-scripts=true');
	});

	test('codex and output previews stand under its own name', () => {
		for (const built of one.nodes) {
			const source = built.replace(/^dist\//, '').replace(/\.js$/, '.json');
			const packs = JSON.parse(read(built.replace(/\.js$/, '.json'))) as { node: string };
			expect(json(source)).toEqual({ ...packs, node: `${name}.${typeOf(built)}` });
			const preview = posix.join(posix.dirname(built), '__schema__/v1.0.0.json');
			expect(existsSync(at(preview.replace(/^dist\//, '')))).toBe(existsSync(join(root, preview)));
		}
	});

	test('its examples use its own nodes', () => {
		const types = new Set(one.nodes.map((built) => `${name}.${typeOf(built)}`));
		expect(one.workflows.length).toBeGreaterThan(1);
		for (const file of one.workflows) {
			const { nodes } = json<{ nodes: Array<{ type: string }> }>(`workflows/${basename(file)}`);
			const own = nodes.map(({ type }) => type).filter((type) => !/^(n8n-nodes-base|@n8n\/)/.test(type));
			expect(own.filter((type) => !types.has(type.replace(/Tool$/, '')))).toEqual([]);
			expect(own.length).toBeGreaterThan(0);
		}
	});

	describe('README.md', () => {
		const readme = () => text('README.md');

		test('has the sections that n8n asks for, each with something in it', () => {
			for (const heading of SECTIONS) expect(sectionOf(readme(), heading).length).toBeGreaterThan(80);
			for (const [, anchor] of readme().matchAll(/\]\(#([a-z-]+)\)/g))
				expect(SECTIONS.map((heading) => heading.toLowerCase().replaceAll(' ', '-'))).toContain(anchor);
		});

		test('names no other vendor, and is in English', () => {
			expect(others.filter((other) => new RegExp(other.replace(' ', ' ?'), 'i').test(readme()))).toEqual([]);
			// Names and texts of people in the sample workflow may be in any language.
			expect(readme().replace(/<details>[^]*?<\/details>/, '')).not.toMatch(/\p{Script=Cyrillic}/u);
		});

		test('describes its picture in words', () => {
			const article = one.vendor === 'AppMetrica' ? 'An' : 'A';
			expect(readme()).toContain(`![${article} ${one.vendor} node in n8n: `);
		});

		test('its links lead to the web: on npm nothing stands beside it', () => {
			const links = [...readme().matchAll(/\]\(([^)]+)\)|(?:src|srcset)="([^"]+)"/g)].map(
				([, link, source]) => link ?? source ?? '',
			);
			expect(links.filter((link) => !/^(https:\/\/|#)/.test(link))).toEqual([]);
			const ours = new RegExp(`^https://[^/]+/[^/]+/${manifest.name}/(?:blob/)?main/([^#]+)`);
			const missing = links
				.map((link) => ours.exec(link)?.[1])
				.filter((path) => path !== undefined && !existsSync(join(root, path)));
			expect(missing).toEqual([]);
		});

		test('names each node, each credential and each field of it', () => {
			const load = createRequire(join(root, 'package.json'));
			for (const built of one.nodes) expect(readme()).toContain(`(\`${typeOf(built)}\`)`);
			for (const built of one.credentials) {
				const className = basename(built).split('.')[0] ?? '';
				const Credential = (
					load(`./${built}`) as Record<
						string,
						new () => { displayName: string; properties: Array<{ displayName: string }> }
					>
				)[className];
				if (!Credential) throw new Error(`${built} has no class ${className}`);
				const { displayName, properties } = new Credential();
				expect(readme()).toContain(`### ${displayName}`);
				for (const property of properties) expect(readme()).toContain(property.displayName);
			}
		});

		test('the workflow to copy is a workflow of this package', () => {
			const [, code = ''] = /<details>[^]*?```json\n([^]*?)\n```/.exec(readme()) ?? [];
			const workflow = JSON.parse(code) as { nodes: Array<{ type: string }> };
			expect(workflow.nodes.some(({ type }) => type.startsWith(`${name}.`))).toBe(true);
		});
	});
});

describe('the comparison with the pack', () => {
	const vendor = () => ({ folder: all[0]?.folder ?? '', name: all[0]?.name ?? '' });
	const dist = join(root, 'dist');

	test('sees a changed, a foreign and a missing file', () => {
		const { differences, equal } = compareBuilds(dist, join(folder, all[0]?.name ?? ''), vendor());
		expect(equal).toBe(0);
		expect(differences).toContain('package.json is not in the pack');
		expect(differences).toContain('nodes/engine/index.js is missing');
		expect(
			compareBuilds(dist, dist, vendor()).differences.some((one) => one.includes('names the node')),
		).toBe(true);
	});
});
