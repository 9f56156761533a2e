/** What is checked once for all packages: the workflows that publish them, the version, the repository. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { parse } from 'yaml';

import { repositoryOf } from '../packages/github.mts';
import type { PackManifest } from '../packages/vendor-package.mts';
import type { Finding } from './checks.mts';

interface Job {
	permissions?: Record<string, string>;
	steps: Array<{ run?: string; uses?: string; env?: Record<string, string> }>;
}
export interface GitHubWorkflow {
	name: string;
	on: Record<string, unknown>;
	permissions: Record<string, string>;
	jobs: Record<string, Job>;
}

export const readWorkflow = (root: string, file: string): GitHubWorkflow =>
	parse(readFileSync(join(root, '.github/workflows', file), 'utf8')) as GitHubWorkflow;

/** All that the jobs of a workflow run. */
export const scriptsOf = ({ jobs }: GitHubWorkflow): string[] =>
	Object.values(jobs).flatMap(({ steps }) => steps.flatMap(({ run }) => run ?? []));

function provenance(root: string): string[] {
	const publish = readWorkflow(root, 'publish.yml');
	const release = readWorkflow(root, 'release.yml');
	const commands = scriptsOf(publish)
		.flatMap((script) => script.split('\n'))
		.filter((line) => line.includes('npm publish'));
	return [
		publish.permissions['id-token'] === 'write' ? '' : 'publish.yml may not ask for an identity token',
		commands.length > 0 && commands.every((line) => line.includes('--provenance'))
			? ''
			: 'publish.yml does not publish with provenance',
		scriptsOf(release).some((script) => script.includes('gh workflow run publish.yml'))
			? ''
			: 'release.yml does not start publish.yml',
	].filter(Boolean);
}

function origin(root: string, manifest: PackManifest): string[] {
	const { status, stdout } = spawnSync('git', ['remote', 'get-url', 'origin'], {
		cwd: root,
		encoding: 'utf8',
	});
	const { owner, name } = repositoryOf(manifest);
	if (status !== 0) return ["git has no remote 'origin', so it is not known where the source goes"];
	return new RegExp(`[/:]${owner}/${name}(\\.git)?/?$`).test(stdout.trim())
		? []
		: [`git's origin is not ${owner}/${name}`];
}

function version(root: string, manifest: PackManifest, tag: string): string[] {
	const changelog = readFileSync(join(root, 'CHANGELOG.md'), 'utf8');
	const dated = new RegExp(`^## ${manifest.version.replaceAll('.', '\\.')} - \\d{4}-\\d{2}-\\d{2}$`, 'm');
	return [
		tag === manifest.version ? '' : `the tag is ${tag}, package.json says ${manifest.version}`,
		dated.test(changelog) ? '' : `CHANGELOG.md gives no date to ${manifest.version}`,
	].filter(Boolean);
}

export function releaseFindings(root: string, manifest: PackManifest, tag: string | undefined): Finding[] {
	return [
		{ check: 'published by GitHub Actions with provenance', faults: provenance(root) },
		{ check: "git's origin is the repository of package.json", faults: origin(root, manifest) },
		...(tag === undefined
			? []
			: [{ check: 'tag, version and CHANGELOG agree', faults: version(root, manifest, tag) }]),
	];
}
