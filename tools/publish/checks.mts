/** What n8n's verification checks of a package, as far as a program can: one answer for each point. */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';

import type { Icon, ICredentialType, INodeType } from 'n8n-workflow';

import { filesBelow } from '../packages/compare.mts';
import { PLACEHOLDER, repositoryOf } from '../packages/github.mts';
import { sectionOf } from '../packages/pack-readme.mts';
import { SECTIONS } from '../packages/readme.mts';
import type { PackManifest } from '../packages/vendor-package.mts';

export interface Finding {
	/** What is checked. */
	check: string;
	/** What is wrong; empty if nothing is. */
	faults: string[];
}

type Manifest = PackManifest & {
	description?: string;
	dependencies?: object;
	optionalDependencies?: object;
	bundledDependencies?: unknown;
	overrides?: object;
	resolutions?: object;
	scripts?: Record<string, string>;
	files?: string[];
	repository: { url: string; directory?: string };
};

/** What the checks look at: the source of a package, and the classes of its nodes and credentials. */
export interface Subject {
	folder: string;
	manifest: Manifest;
	nodes: Array<{ file: string; node: INodeType }>;
	credentials: Array<{ file: string; credential: ICredentialType }>;
}

/** `built`: a folder in which the files that package.json lists are compiled. */
export function subjectOf(folder: string, built: string): Subject {
	const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
	const load = createRequire(join(built, 'package.json'));
	const instance = <T,>(path: string): T => {
		const Class = (load(`./${path}`) as Record<string, new () => T>)[basename(path).split('.')[0] ?? ''];
		if (!Class) throw new Error(`${path} has no class of its name`);
		return new Class();
	};
	const sourceOf = (path: string): string => path.replace(/^dist\//, '').replace(/\.js$/, '.ts');
	return {
		folder,
		manifest,
		nodes: manifest.n8n.nodes.map((path) => ({ file: sourceOf(path), node: instance<INodeType>(path) })),
		credentials: manifest.n8n.credentials.map((path) => ({
			file: sourceOf(path),
			credential: instance<ICredentialType>(path),
		})),
	};
}

/** The sentences whose condition does not hold. */
const unless = (...points: Array<[holds: boolean, sentence: string]>): string[] =>
	points.filter(([holds]) => !holds).map(([, sentence]) => sentence);

const textOf = ({ folder }: Subject, path: string): string =>
	existsSync(join(folder, path)) ? readFileSync(join(folder, path), 'utf8') : '';

const FORBIDDEN_SCRIPTS = [
	'prepare',
	'preinstall',
	'install',
	'postinstall',
	'prepublish',
	'preprepare',
	'postprepare',
];

function names({ manifest: { name, version, description, keywords } }: Subject): string[] {
	return unless(
		[/^(@[a-z0-9-]+\/)?n8n-nodes-[a-z0-9-]+$/.test(name), `'${name}' does not begin with n8n-nodes-`],
		[/^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/.test(version), `'${version}' is not a version`],
		[Boolean(description), 'there is no description'],
		[keywords.includes('n8n-community-node-package'), "the keyword 'n8n-community-node-package' is missing"],
	);
}

const license = (subject: Subject): string[] =>
	unless(
		[subject.manifest.license === 'MIT', `the license is ${subject.manifest.license}, not MIT`],
		[textOf(subject, 'LICENSE').startsWith('MIT License'), 'LICENSE does not hold the text of MIT'],
	);

function repository({ manifest }: Subject): string[] {
	const { owner, name } = repositoryOf(manifest);
	const at = `https://github.com/${owner}/${name}`;
	return unless(
		[
			owner !== PLACEHOLDER.owner,
			'owner and repository are placeholders: npm run publish:setup -- owner/repository',
		],
		[manifest.homepage.startsWith(at), 'homepage is in another repository'],
		[manifest.bugs.url.startsWith(at), 'bugs is in another repository'],
		[
			manifest.author.name !== PLACEHOLDER.author && /^[^@\s]+@[^@\s]+$/.test(manifest.author.email),
			'the author is a placeholder: npm run publish:setup -- owner/repository --author "Name <mail>"',
		],
	);
}

function dependencies({ manifest }: Subject): string[] {
	const { dependencies: own, optionalDependencies, bundledDependencies, peerDependencies } = manifest;
	const count = Object.keys({ ...own, ...optionalDependencies }).length;
	return unless(
		[count === 0 && bundledDependencies === undefined, 'the package has dependencies of its own'],
		[
			JSON.stringify(peerDependencies) === '{"n8n-workflow":"*"}',
			"peerDependencies are not n8n-workflow '*' alone",
		],
		[
			manifest.overrides === undefined && manifest.resolutions === undefined,
			'it overrides dependencies of others',
		],
		[
			FORBIDDEN_SCRIPTS.every((script) => manifest.scripts?.[script] === undefined),
			'a script would run when the package is installed',
		],
	);
}

function registration({ folder, manifest, nodes, credentials }: Subject): string[] {
	const { n8nNodesApiVersion, strict } = manifest.n8n;
	const listed = [...nodes, ...credentials].map(({ file }) => file).sort();
	const onDisk = ['nodes', 'credentials']
		.flatMap((part) => filesBelow(join(folder, part)).map((file) => `${part}/${file}`))
		.filter((file) => /\.(node|credentials)\.ts$/.test(file))
		.sort();
	return unless(
		[n8nNodesApiVersion === 1, 'n8nNodesApiVersion is not 1'],
		[strict, "n8n's strict mode is off"],
		[listed.join() === onDisk.join(), 'package.json does not list the nodes and credentials that there are'],
		[(manifest.files ?? []).includes('dist'), "'files' does not hold dist"],
	);
}

function service({ nodes }: Subject): string[] {
	const vendors = new Set(nodes.map(({ file }) => file.split('/')[1]));
	return vendors.size === 1 ? [] : [`it integrates ${vendors.size} services: ${[...vendors].join(', ')}`];
}

const LINT_CONFIG = "import { config } from '@n8n/node-cli/eslint'; export default config;";

const lint = (subject: Subject): string[] =>
	unless([
		textOf(subject, 'eslint.config.mjs').replace(/\s+/g, ' ').trim() === LINT_CONFIG,
		"eslint.config.mjs is not n8n's own",
	]);

const SECRET = /password|secret|token|apikey|postapikey/i;

function credentialTests({ credentials }: Subject): string[] {
	return credentials.flatMap(({ file, credential: { test, documentationUrl, properties } }) => {
		const shown = properties.filter(({ name, typeOptions }) => SECRET.test(name) && !typeOptions?.password);
		return unless(
			[test !== undefined, `${file} has no test`],
			[/^https:\/\//.test(documentationUrl ?? ''), `${file} names no page of documentation`],
			[shown.length === 0, `${file} shows ${shown.map(({ name }) => name).join(', ')} while it is typed`],
		);
	});
}

/** A light and a dark icon, both square pictures in SVG. */
function iconFaults(folder: string, file: string, icon: Icon | undefined): string[] {
	if (typeof icon !== 'object') return [`${file} has no pair of a light and a dark icon`];
	const paths = [icon.light, icon.dark].map((path) =>
		join(folder, dirname(file), path.replace(/^file:/, '')),
	);
	return paths.flatMap((path) => {
		const drawing = existsSync(path) ? readFileSync(path, 'utf8') : '';
		const [, width, height] = /viewBox="[\d.-]+ [\d.-]+ ([\d.]+) ([\d.]+)"/.exec(drawing) ?? [];
		return unless([
			path.endsWith('.svg') && width !== undefined && width === height,
			`the icon ${basename(path)} of ${file} is not a square SVG`,
		]);
	});
}

const icons = ({ folder, nodes, credentials }: Subject): string[] => [
	...nodes.flatMap(({ file, node }) => iconFaults(folder, file, node.description.icon)),
	...credentials.flatMap(({ file, credential }) => iconFaults(folder, file, credential.icon)),
];

const nodeTexts = ({ nodes }: Subject): string[] =>
	nodes.flatMap(({ file, node: { description } }) =>
		unless(
			[Boolean(description.description), `${file} has no description`],
			[Boolean(description.subtitle), `${file} has no subtitle`],
			[description.usableAsTool !== undefined, `${file} does not say whether it is a tool`],
			[!/\bnode\b/i.test(description.displayName), `${file} has the word node in its name`],
		),
	);

function readme(subject: Subject): string[] {
	const text = textOf(subject, 'README.md');
	const missing = SECTIONS.filter((heading) => {
		try {
			return sectionOf(text, heading) === '';
		} catch {
			return true;
		}
	});
	const relative = [...text.matchAll(/\]\((?!https:|#)([^)]+)\)|src="(?!https:)([^"]+)"/g)];
	return unless(
		[missing.length === 0, `README.md lacks ${missing.join(', ')}`],
		[/```json\n\{[^]*?"nodes"/.test(text), 'README.md has no example workflow'],
		[relative.length === 0, 'README.md links to files beside it, which npm does not have'],
		[
			!/\p{Script=Cyrillic}/u.test(text.replace(/<details>[^]*?<\/details>/, '')),
			'README.md is not in English alone',
		],
	);
}

const changelog = (subject: Subject): string[] =>
	unless([
		textOf(subject, 'CHANGELOG.md').includes(`## ${subject.manifest.version}`),
		`CHANGELOG.md does not name ${subject.manifest.version}`,
	]);

/** `single`: of packages that go to verification. The pack is for n8n of one's own, where anything can be installed. */
const CHECKS: Array<{ check: string; single?: true; faults: (subject: Subject) => string[] }> = [
	{ check: 'name, version, description, keyword', faults: names },
	{ check: 'license MIT', faults: license },
	{ check: 'repository on GitHub, homepage, author', faults: repository },
	{ check: 'no dependencies, no install scripts', faults: dependencies },
	{ check: 'every node and credential registered, strict mode', faults: registration },
	{ check: 'one service', single: true, faults: service },
	{ check: "n8n's lint as it is", faults: lint },
	{ check: 'every credential tested, documented and masked', faults: credentialTests },
	{ check: 'icons for light and dark', faults: icons },
	{ check: 'texts of the nodes', faults: nodeTexts },
	{ check: 'README in English with all sections and an example', single: true, faults: readme },
	{ check: 'CHANGELOG names the version', faults: changelog },
];

export const findingsOf = (subject: Subject, isSingle: boolean): Finding[] =>
	CHECKS.filter(({ single }) => isSingle || !single).map(({ check, faults }) => ({
		check,
		faults: faults(subject),
	}));
