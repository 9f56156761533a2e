/** How a release leaves GitHub: the workflows are read by a parser, and their scripts are run against a repository and an npm of our own. */
import { execFileSync, spawnSync } from 'node:child_process';
import {
	chmodSync,
	cpSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { PLACEHOLDER } from '../../tools/packages/github.mts';
import { manifestOf, vendorPackages } from '../../tools/packages/vendor-package.mts';
import { writePackage } from '../../tools/packages/write.mts';
import { findingsOf, subjectOf } from '../../tools/publish/checks.mts';
import { authorFrom, chosenAuthor, filledIn, repositoryFrom } from '../../tools/publish/fill-in.mts';
import { readWorkflow, releaseFindings, scriptsOf } from '../../tools/publish/release-checks.mts';
import type { Pack } from '../../tools/scripts/reference.mts';
import { read, root, vendorFolders } from '../support/folders.mts';

let folder: string;
beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), 'publishing-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const workflows = readdirSync(join(root, '.github/workflows'));

/** Runs a step of a workflow as GitHub does: by bash, which ends at the first failure. */
function runStep(script: string, cwd: string, env: Record<string, string> = {}): string {
	const { status, stdout, stderr } = spawnSync('bash', ['-e', '-c', script], {
		cwd,
		encoding: 'utf8',
		env: { ...process.env, ...env },
	});
	if (status !== 0) throw new Error(`${stdout}${stderr}`);
	return stdout;
}

const stepOf = (file: string, word: string): string => {
	const script = scriptsOf(readWorkflow(root, file)).find((one) => one.includes(word));
	if (script === undefined) throw new Error(`${file} has no step with ${word}`);
	return script;
};

describe('GitHub workflows', () => {
	test.each(workflows)('%s is a workflow, and bash reads its scripts', (file) => {
		const workflow = readWorkflow(root, file);
		expect(workflow).toMatchObject({
			name: expect.any(String),
			on: expect.anything(),
			jobs: expect.anything(),
		});
		for (const { steps } of Object.values(workflow.jobs))
			for (const step of steps)
				expect([step.run, step.uses].filter((one) => one !== undefined)).toHaveLength(1);
		for (const script of scriptsOf(workflow)) {
			const { status, stderr } = spawnSync('bash', ['-n'], { input: script, encoding: 'utf8' });
			expect({ script, status, stderr }).toEqual({ script, status: 0, stderr: '' });
		}
	});

	test('they call only scripts that package.json has', () => {
		const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
		const called = workflows
			.flatMap((file) => scriptsOf(readWorkflow(root, file)))
			.flatMap((script) => [...script.matchAll(/npm (?:run )?(test|(?<=run )[\w:]+)/g)])
			.map(([, name = '']) => name);
		expect(called).toContain('packages');
		expect(called.filter((name) => !(name in scripts))).toEqual([]);
	});

	test('a tag of a version starts the release, and the tag of the packages does not', () => {
		expect(readWorkflow(root, 'release.yml').on).toEqual({ push: { tags: ['[0-9]+.[0-9]+.[0-9]+'] } });
	});

	test('a job that may change the repository runs no test, and only after the tests', () => {
		for (const file of ['ci.yml', 'release.yml'])
			expect(readWorkflow(root, file).permissions).toEqual({ contents: 'read' });
		const { jobs } = readWorkflow(root, 'release.yml');
		const mayWrite = Object.values(jobs).filter(({ permissions }) => permissions !== undefined);
		expect(mayWrite).toEqual([jobs.release]);
		expect(jobs.release).toMatchObject({
			needs: 'check',
			permissions: { contents: 'write', actions: 'write' },
		});
		const npmRuns = (job: (typeof jobs)[string] | undefined) =>
			job?.steps.flatMap(({ run }) => (run?.startsWith('npm') ? [run] : []));
		expect(npmRuns(jobs.release)).toEqual(['npm run packages -- --write']);
		expect(npmRuns(jobs.check)).toEqual([
			'npm test',
			'npm run publish:setup -- --tag "$GITHUB_REF_NAME"',
			'npm run packages',
		]);
	});

	test('publishing is started on the commit of the packages, so that provenance names that commit', () => {
		const publish = readWorkflow(root, 'publish.yml');
		expect(Object.keys(publish.on)).toEqual(['workflow_dispatch']);
		expect(publish.permissions).toEqual({ contents: 'read', 'id-token': 'write' });
		expect(stepOf('release.yml', 'gh workflow')).toBe(
			'gh workflow run publish.yml --ref "packages-$GITHUB_REF_NAME"',
		);
		expect(publish.jobs.publish).toMatchObject({ if: "startsWith(github.ref, 'refs/tags/packages-')" });
	});
});

test('the packages are committed on the tag’s commit, under a tag of their own, and on no branch', () => {
	const [origin, clone] = [join(folder, 'origin.git'), join(folder, 'clone')];
	const git = (...words: string[]) => execFileSync('git', words, { cwd: clone, encoding: 'utf8' }).trim();
	execFileSync('git', ['init', '--quiet', '--bare', '--initial-branch=main', origin]);
	execFileSync('git', ['clone', '--quiet', origin, clone], { stdio: 'ignore' });
	git('config', 'user.name', 'Somebody');
	git('config', 'user.email', 'somebody@example.org');
	writeFileSync(join(clone, '.gitignore'), read('.gitignore'));
	git('add', '.');
	git('commit', '--quiet', '-m', 'First');
	git('branch', '-M', 'main');
	git('tag', '1.2.0');
	git('push', '--quiet', 'origin', 'main', '1.2.0');
	const tagged = git('rev-parse', '1.2.0');
	git('checkout', '--quiet', '--detach', '1.2.0');
	mkdirSync(join(clone, 'packages/n8n-nodes-mytracker'), { recursive: true });
	writeFileSync(join(clone, 'packages/n8n-nodes-mytracker/package.json'), '{"name":"n8n-nodes-mytracker"}');

	const step = stepOf('release.yml', 'git push');
	runStep(step, clone, { GITHUB_REF_NAME: '1.2.0' });

	const inOrigin = (...words: string[]) =>
		execFileSync('git', ['-C', origin, ...words], { encoding: 'utf8' }).trim();
	expect(inOrigin('rev-parse', 'packages-1.2.0^')).toBe(tagged);
	expect(inOrigin('ls-tree', '-r', '--name-only', 'packages-1.2.0').split('\n')).toEqual([
		'.gitignore',
		'packages/n8n-nodes-mytracker/package.json',
	]);
	expect(inOrigin('branch', '--format=%(refname:short) %(objectname)')).toBe(`main ${tagged}`);
	expect(inOrigin('rev-parse', '1.2.0')).toBe(tagged);

	// Run once more, on a machine that knows nothing of the first run: what is there stays.
	const first = inOrigin('rev-parse', 'packages-1.2.0');
	git('tag', '--delete', 'packages-1.2.0');
	git('checkout', '--quiet', '--detach', '1.2.0');
	runStep(step, clone, { GITHUB_REF_NAME: '1.2.0' });
	expect(inOrigin('rev-parse', 'packages-1.2.0')).toBe(first);
});

describe('publishing', () => {
	/** An npm that writes down what it is asked, in which folder; `known` is published already. */
	function publish(known: string): string[] {
		const repository = join(folder, `repository-${known || 'none'}`);
		const programs = join(repository, 'bin');
		const names = ['n8n-nodes-mytracker', 'n8n-nodes-vibetrace'];
		for (const [name, path] of [
			['n8n-nodes-server-events', '.'],
			...names.map((one) => [one, `packages/${one}`]),
		]) {
			mkdirSync(join(repository, path ?? ''), { recursive: true });
			writeFileSync(join(repository, path ?? '', 'package.json'), JSON.stringify({ name, version: '1.2.0' }));
		}
		mkdirSync(programs);
		const log = join(repository, 'log');
		writeFileSync(
			join(programs, 'npm'),
			`#!/bin/sh\n[ "$1" = view ] && { [ "$2" = "${known}" ] && echo 1.2.0; exit; }\necho "$(basename "$PWD"): $*" >> "${log}"\n`,
		);
		chmodSync(join(programs, 'npm'), 0o755);
		runStep(stepOf('publish.yml', 'npm publish'), repository, {
			PATH: [programs, process.env.PATH].join(delimiter),
		});
		return readFileSync(log, 'utf8')
			.trim()
			.split('\n')
			.map((line) => line.replace(/^repository-[^:]*/, '.'));
	}
	const command = 'publish --provenance --access public --ignore-scripts';

	test('builds and publishes each package with provenance', () => {
		expect(publish('')).toEqual([
			'.: run build',
			`.: ${command}`,
			...['n8n-nodes-mytracker', 'n8n-nodes-vibetrace'].flatMap((name) => [
				`${name}: install`,
				`${name}: run build`,
				`${name}: ${command}`,
			]),
		]);
	});

	test('a second run leaves out what is published already', () => {
		expect(publish('n8n-nodes-mytracker@1.2.0').filter((line) => line.endsWith(command))).toEqual([
			`.: ${command}`,
			`n8n-nodes-vibetrace: ${command}`,
		]);
	});
});

describe('npm run publish:setup', () => {
	test('owner, repository and author stand in package.json alone', () => {
		const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
			cwd: root,
			encoding: 'utf8',
		})
			.split('\0')
			// What looks for the placeholders has to spell them.
			.filter((file) => file !== '' && file !== 'tools/packages/github.mts');
		const { owner, author } = PLACEHOLDER;
		const found = listed.filter((file) => {
			const text = read(file);
			return text.includes(owner) || text.includes(author);
		});
		expect(found.filter((file) => file !== 'package.json')).toEqual([]);
	});

	test('fills them in and changes nothing else', () => {
		const before = read('package.json');
		const author = { name: 'Ada Lovelace', email: 'ada@example.org' };
		const after = filledIn(before, repositoryFrom('acme/events'), author);
		const manifest = JSON.parse(after) as ReturnType<typeof manifestOf>;
		expect(manifest).toEqual({
			...(JSON.parse(before) as object),
			author,
			homepage: 'https://github.com/acme/events#readme',
			bugs: { url: 'https://github.com/acme/events/issues' },
			repository: { type: 'git', url: 'git+https://github.com/acme/events.git' },
		});
		expect(Object.keys(manifest)).toEqual(Object.keys(JSON.parse(before) as object));
		// Once more with the same words: as it was. Without an author: that stays.
		expect(filledIn(after, repositoryFrom('acme/events'), undefined)).toBe(after);
	});

	test('what it has changed can be undone with the words that stood there', () => {
		const before = read('package.json');
		const { author, repository } = manifestOf(root);
		const after = filledIn(before, repositoryFrom('acme/events'), { name: 'Ada', email: 'ada@example.org' });
		const undone = filledIn(
			after,
			repositoryFrom(repository.url.replace(/^.*github\.com\/|\.git$/g, '')),
			authorFrom(`${author.name} <${author.email}>`),
		);
		expect(undone).toBe(before);
	});

	test('git’s author is taken only where none is named, although the repository is not', () => {
		const [ada, ofGit] = [
			{ name: 'Ada', email: 'ada@example.org' },
			{ name: 'Git', email: 'git@example.org' },
		];
		const unnamed = { ...manifestOf(root), author: { ...ada, name: PLACEHOLDER.author } };
		expect(chosenAuthor(unnamed, undefined, () => ofGit)).toEqual(ofGit);
		expect(chosenAuthor(unnamed, ada, () => ofGit)).toEqual(ada);
		expect(chosenAuthor({ ...unnamed, author: ada }, undefined, () => ofGit)).toBeUndefined();
	});

	test.each([
		'acme',
		'acme/events.git',
		'acme/..',
		'acme/',
		'/events',
		'acme/events/more',
		'https://example.org/acme/events',
		'ac me/events',
	])('%s is no repository', (text) => expect(() => repositoryFrom(text)).toThrow('is not owner/repository'));

	test('an author has a name and an address', () => {
		expect(authorFrom('Ada Lovelace <ada@example.org>')).toEqual({
			name: 'Ada Lovelace',
			email: 'ada@example.org',
		});
		for (const text of ['Ada', '<ada@example.org>', 'Ada <ada>', 'Ada ada@example.org'])
			expect(() => authorFrom(text)).toThrow('is not an author');
	});

	describe('its checks', () => {
		const pack = createRequire(join(root, 'package.json'))('./dist/index.js') as Pack;
		const one = vendorPackages(root, pack)[0];
		const written = () => {
			const target = mkdtempSync(join(folder, 'checked-'));
			if (one) writePackage(root, target, one, pack);
			return target;
		};
		const faultsOf = (target: string) =>
			findingsOf(subjectOf(target, root), true).filter(({ faults }) => faults.length > 0);
		const change = (target: string, file: string, edit: (text: string) => string) =>
			writeFileSync(join(target, file), edit(readFileSync(join(target, file), 'utf8')));

		test('only the repository has to be named', () => {
			const target = written();
			change(target, 'package.json', (text) =>
				filledIn(text, repositoryFrom('acme/events'), { name: 'Ada', email: 'ada@example.org' }),
			);
			expect(faultsOf(target)).toEqual([]);
			expect(releaseFindings(root, manifestOf(root), undefined)[0]?.faults).toEqual([]);
		});

		const edited = (edit: (manifest: Record<string, unknown>) => object) => (text: string) =>
			JSON.stringify({
				...(JSON.parse(text) as object),
				...edit(JSON.parse(text) as Record<string, unknown>),
			});
		const icon = `icons/${one?.slug}.svg`;
		test.each<[fault: string, file: string, edit: (text: string) => string]>([
			['does not begin with n8n-nodes-', 'package.json', edited(() => ({ name: 'nodes-mytracker' }))],
			['the keyword', 'package.json', edited(() => ({ keywords: ['n8n'] }))],
			['not MIT', 'package.json', edited(() => ({ license: 'ISC' }))],
			['text of MIT', 'LICENSE', () => 'All rights reserved'],
			['dependencies of its own', 'package.json', edited(() => ({ dependencies: { axios: '1.0.0' } }))],
			['peerDependencies', 'package.json', edited(() => ({ peerDependencies: { 'n8n-workflow': '^2' } }))],
			['when the package is installed', 'package.json', edited(() => ({ scripts: { postinstall: 'x' } }))],
			['homepage is in another', 'package.json', edited(() => ({ homepage: 'https://example.org' }))],
			["n8n's own", 'eslint.config.mjs', (text) => `${text}// more`],
			['not a square SVG', icon, () => '<svg viewBox="0 0 60 40"/>'],
			['lacks Credentials', 'README.md', (text) => text.replace('## Credentials', '## Keys')],
			['no example workflow', 'README.md', (text) => text.replace('"nodes"', '"steps"')],
			['files beside it', 'README.md', (text) => `${text}[more](docs/more.md)`],
			['not in English', 'README.md', (text) => `${text}Отправка событий`],
			['does not name', 'CHANGELOG.md', () => '# Changelog'],
		])('it sees: %s', (fault, file, edit) => {
			const target = written();
			change(target, file, edit);
			expect(faultsOf(target).flatMap(({ faults }) => faults)).toContainEqual(expect.stringContaining(fault));
		});

		test('it sees a node that package.json does not list', () => {
			const target = written();
			writeFileSync(join(target, 'nodes', one?.folder ?? '', 'Other.node.ts'), '');
			expect(faultsOf(target).flatMap(({ faults }) => faults)).toContain(
				'package.json does not list the nodes and credentials that there are',
			);
		});

		test('the pack holds several services, which n8n does not verify', () => {
			const services = findingsOf(subjectOf(root, root), true).find(({ check }) => check === 'one service');
			expect(services?.faults).toEqual([
				expect.stringContaining(`it integrates ${vendorFolders.length} services`),
			]);
		});

		test('a repository without a remote is told so', () => {
			const clone = mkdtempSync(join(folder, 'remote-'));
			const originFaults = () => {
				const finding = releaseFindings(clone, manifestOf(root), undefined).find(({ check }) =>
					check.includes('origin'),
				);
				return finding?.faults;
			};
			cpSync(join(root, '.github'), join(clone, '.github'), { recursive: true });
			execFileSync('git', ['init', '--quiet', clone]);
			expect(originFaults()).toEqual([
				"git has no remote 'origin', so it is not known where the source goes",
			]);
			const setOrigin = (action: string, address: string) =>
				execFileSync('git', ['-C', clone, 'remote', action, 'origin', address]);
			setOrigin('add', manifestOf(root).repository.url.replace('git+', ''));
			expect(originFaults()).toEqual([]);
			setOrigin('set-url', 'https://github.com/acme/other.git');
			expect(originFaults()).toEqual([expect.stringContaining("git's origin is not ")]);
		});

		test('a tag must be the version, and the version must have a date', () => {
			const manifest = { ...manifestOf(root), version: '9.9.9' };
			expect(releaseFindings(root, manifest, '9.9.8').at(-1)?.faults).toEqual([
				'the tag is 9.9.8, package.json says 9.9.9',
				'CHANGELOG.md gives no date to 9.9.9',
			]);
		});
	});
});
