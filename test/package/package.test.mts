/** Facts about the package that no compiler and no lint rule looks at. */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join, posix, relative, resolve, sep } from 'node:path';

import { describe, expect, test } from '@jest/globals';

import { read, root, vendorFolders } from '../support/folders.mts';

interface PackageJson {
	name: string;
	version: string;
	dependencies?: Record<string, string>;
	peerDependencies?: Record<string, string>;
	n8n: { nodes: string[]; credentials: string[] };
}

interface LockFile {
	packages: Record<string, { version?: string; optionalDependencies?: Record<string, string> }>;
}

const packageJson = JSON.parse(read('package.json')) as PackageJson;

/** Every file below a folder, as paths from the root with forward slashes. */
function filesBelow(folder: string): string[] {
	return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile())
		.map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'))
		.sort();
}

const isSource = (file: string) => /\.[cm]?[jt]s$/.test(file);

/** What a source file imports: relative ones as paths from the root, the rest as written. */
function importsOf(file: string): string[] {
	const pattern = /(?:\bfrom\s*|\bimport\s*\(?\s*|\brequire\s*\(\s*)(['"])([^'"\n]+)\1/g;
	return [...read(file).matchAll(pattern)].map(([, , name]) =>
		name.startsWith('.') ? posix.join(posix.dirname(file), name) : name,
	);
}

const within = (path: string, folder: string) => path === folder || path.startsWith(`${folder}/`);

/** `file: import` for each import that `allowed` refuses. */
function refused(files: string[], allowed: (name: string, file: string) => boolean): string[] {
	return files.filter(isSource).flatMap((file) =>
		importsOf(file)
			.filter((name) => !allowed(name, file))
			.map((name) => `${file}: ${name}`),
	);
}

describe('package.json', () => {
	const listed = (built: string[]) =>
		built.map((file) => file.replace(/^dist\//, '').replace(/\.js$/, '.ts')).sort();

	test('lists every node on disk, and no other', () => {
		expect(listed(packageJson.n8n.nodes)).toEqual(
			filesBelow('nodes').filter((file) => file.endsWith('.node.ts')),
		);
		expect(packageJson.n8n.nodes.every((file) => file.startsWith('dist/nodes/'))).toBe(true);
	});

	test('lists every credential on disk, and no other', () => {
		expect(listed(packageJson.n8n.credentials)).toEqual(
			filesBelow('credentials').filter((file) => file.endsWith('.credentials.ts')),
		);
	});

	test('nothing is installed at run time', () => {
		expect(packageJson.dependencies ?? {}).toEqual({});
		expect(packageJson.peerDependencies).toEqual({ 'n8n-workflow': '*' });
	});
});

test('package-lock.json belongs to this package', () => {
	const { packages } = JSON.parse(read('package-lock.json')) as LockFile;
	expect(packages['']).toMatchObject({ name: packageJson.name, version: packageJson.version });
});

const lockFiles = [
	'package-lock.json',
	...readdirSync(join(root, 'tools/n8n')).map((host) => `tools/n8n/${host}/package-lock.json`),
];

describe.each(lockFiles)('%s', (file) => {
	const lockText = read(file);
	const { packages } = JSON.parse(lockText) as LockFile;

	test('names no address', () => {
		expect(lockText).not.toContain(`"${'resolved'}"`);
	});

	test('holds the optional packages of every platform, without which `npm ci` refuses', () => {
		const missing = Object.entries(packages).flatMap(([path, entry]) =>
			Object.keys(entry.optionalDependencies ?? {}).filter((name) => {
				for (
					let folder = path;
					;
					folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))
				) {
					if (packages[`${folder ? `${folder}/` : ''}node_modules/${name}`]) return false;
					if (folder === '') return true;
				}
			}),
		);
		expect(missing).toEqual([]);
	});
});

describe('imports between the parts', () => {
	const otherVendor = (name: string, own: string) =>
		vendorFolders.some((vendor) => vendor !== own && within(name, `nodes/${vendor}`));
	/** `GravityField` in any spelling: with a blank, with a hyphen, in small letters. */
	const names = vendorFolders.map((vendor) => vendor.replace(/(?<=[a-z])(?=[A-Z])/g, '[ -]?'));

	test('the engine names no vendor and imports none', () => {
		const mention = new RegExp(names.join('|'), 'i');
		const mentions = filesBelow('nodes/engine').flatMap((file) =>
			read(file)
				.split('\n')
				.flatMap((line, index) => (mention.test(line) ? [`${file}:${index + 1}: ${line.trim()}`] : [])),
		);
		expect(mentions).toEqual([]);
		expect(
			refused(
				filesBelow('nodes/engine'),
				(name) => !/^\.|^(nodes|credentials|test|tools|index)\b/.test(name) || within(name, 'nodes/engine'),
			),
		).toEqual([]);
	});

	test('a vendor imports the engine only through nodes/engine/index.ts', () => {
		const files = [
			...vendorFolders.flatMap((vendor) => filesBelow(`nodes/${vendor}`)),
			...filesBelow('credentials'),
		];
		expect(refused(files, (name) => name === 'nodes/engine' || !within(name, 'nodes/engine'))).toEqual([]);
	});

	test('what is shipped imports what n8n supplies, and nothing else', () => {
		const supplied = ['n8n-workflow', 'zod/v3', 'luxon', 'lodash', 'node:crypto'];
		const own = ['nodes', 'credentials'];
		const files = [...filesBelow('nodes'), ...filesBelow('credentials'), 'index.ts'];
		expect(
			refused(
				files,
				(name) =>
					supplied.includes(name) || /^lodash\//.test(name) || own.some((place) => within(name, place)),
			),
		).toEqual([]);
	});

	test('a vendor imports nothing of another vendor', () => {
		for (const vendor of vendorFolders) {
			expect(refused(filesBelow(`nodes/${vendor}`), (name) => !otherVendor(name, vendor))).toEqual([]);
		}
		const ownerOf = (file: string) =>
			vendorFolders.find((vendor) => file.startsWith(`credentials/${vendor}`)) ?? '';
		expect(refused(filesBelow('credentials'), (name, file) => !otherVendor(name, ownerOf(file)))).toEqual([]);
	});

	test('the sandbox is written from the vendors’ pages alone', () => {
		const ours = ['nodes', 'credentials', 'dist', 'index.ts', 'index'];
		expect(
			refused(
				filesBelow('tools/sandbox'),
				(name) => !ours.some((place) => within(name, place)) && name !== packageJson.name,
			),
		).toEqual([]);
	});
});

test('nock stands in for the network in the wire tests of every vendor', () => {
	expect(importsOf('test/support/wire.mts')).toContain('nock');
	for (const vendor of vendorFolders)
		expect(importsOf(`test/vendors/${vendor.toLowerCase()}/wire.test.mts`)).toContain(
			'test/support/wire.mts',
		);
});

describe('files under version control', () => {
	const isRepository = existsSync(join(root, '.git'));

	// Spelled in parts, so that this file does not find itself.
	const forbidden = [
		new RegExp(`\\b${'regis'}${'try'}\\.[a-z0-9-]+(\\.[a-z0-9-]+)*\\.[a-z]{2,}`, 'i'),
		new RegExp(`${'_auth'}${'Token'}|/${'arti'}${'factory'}/|\\b${'verd'}${'accio'}\\b`, 'i'),
		new RegExp(`(?<![\\w.\\-/*}])/(?:${'wo'}${'rk'}|${'ro'}${'ot'}|${'Us'}${'ers'}/\\w+)/`),
	];

	(isRepository ? test : test.skip)('name no package registry and no path of a machine', () => {
		const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
			cwd: root,
			encoding: 'utf8',
			maxBuffer: 64 * 1024 * 1024,
		});
		const files = listed
			.split('\0')
			.filter(
				(file) => file !== '' && existsSync(resolve(root, file)) && statSync(resolve(root, file)).isFile(),
			);
		expect(files).toContain('package.json');
		const found: string[] = [];
		for (const file of files) {
			const text = read(file);
			if (text.includes('\0')) continue;
			text.split('\n').forEach((line, index) => {
				for (const pattern of forbidden) {
					const match = pattern.exec(line);
					if (match) found.push(`${file}:${index + 1}: ${match[0]}`);
				}
			});
		}
		expect(found).toEqual([]);
	});

	test('this folder is where the tests are run from', () => {
		expect(dirname(resolve(root, 'package.json'))).toBe(root);
		expect(packageJson.name).toBe('n8n-nodes-server-events');
	});
});

test('who uses nock takes its patch of HTTP back, since suites share a process', () => {
	const users = filesBelow('test').filter((file) => importsOf(file).includes('nock'));
	expect(users).toContain('test/support/wire.mts');
	expect(users.filter((file) => !read(file).includes('nock.restore()'))).toEqual([]);
});
