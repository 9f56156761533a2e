/** The README of a vendor's package, with the sections that n8n asks for. What the pack's README says already is taken from there. */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';

import type { ICredentialType } from 'n8n-workflow';

import { nodeTexts, references, vendorsOf, type Pack } from '../scripts/reference.mts';
import { moveWorkflows, renames } from '../scripts/move.mts';
import { packedNodes } from '../scripts/vendor-packages.mts';
import { pageOf, rawOf, repositoryOf, type Repository } from './github.mts';
import { deeper, forVendor, sectionOf, withAddresses, withoutMarkers } from './pack-readme.mts';
import { manifestOf, onlyVendor, type VendorPackage } from './vendor-package.mts';

/** What the template of n8n has, in its order. */
export const SECTIONS = [
	'Installation',
	'Operations',
	'Credentials',
	'Compatibility',
	'Usage',
	'Resources',
	'Version history',
];

const anchorOf = (heading: string): string => heading.toLowerCase().replaceAll(' ', '-');
const listed = (words: readonly string[]): string =>
	words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;

/** The versions of n8n that the end-to-end tests run. */
function testedVersions(root: string): { lowest: string; current: string } {
	const versionIn = (host: string): string => {
		const { dependencies } = JSON.parse(
			readFileSync(join(root, 'tools/n8n', host, 'package.json'), 'utf8'),
		) as { dependencies: { n8n: string } };
		return dependencies.n8n;
	};
	return { lowest: versionIn('lowest'), current: versionIn('current') };
}

interface Source {
	root: string;
	one: VendorPackage;
	/** The operations of this vendor only. */
	pack: Pack;
	repository: Repository;
	packName: string;
	/** The pack's README. */
	readme: string;
	vendors: readonly string[];
}

const operationsOf = ({ pack }: Source) => [...pack.operations, ...pack.readOperations];

/** A section of the pack's README, as this package needs it. */
const taken = (source: Source, heading: string): string =>
	withoutMarkers(
		withAddresses(
			forVendor(sectionOf(source.readme, heading), source.one.vendor, source.vendors),
			source.repository,
		),
	);

function introduction(source: Source): string {
	const { root, one, repository } = source;
	const picture = `.github/images/${one.slug}-node.png`;
	const operations = operationsOf(source).map(({ title }) => `*${title}*`);
	return [
		`Community nodes for [n8n](https://n8n.io) that connect a workflow to **${one.vendor}**: ${listed(operations)}. No code: you pick the fields in a form.`,
		`Each item is checked before it leaves, items are packed to ${one.vendor}'s limits, and each one ends with a status that says whether ${one.vendor} took it. Nothing is sent twice by accident, even when you use n8n's *Retry On Fail* or the *Retry* button.`,
		...(existsSync(join(root, picture))
			? [
					`![${/^[AEIOU]/.test(one.vendor) ? 'An' : 'A'} ${one.vendor} node in n8n: incoming items on the left, the form in the middle, the result of each item on the right](${rawOf(repository, picture)})`,
				]
			: []),
		SECTIONS.map((heading) => `[${heading}](#${anchorOf(heading)})`).join(' · '),
	].join('\n\n');
}

function installation({ one, packName }: Source): string {
	return [
		`In n8n: *Settings → Community Nodes → Install*, package name \`${one.name}\`. n8n's [installation guide](https://docs.n8n.io/integrations/community-nodes/installation/) shows each step and other ways to install. n8n Cloud offers the package once n8n has verified it.`,
		`\`${packName}\` holds the same nodes together with those for other services. Install one or the other: with both, n8n lists each node twice. Credentials work in both. A workflow names the package of its nodes, so to move one over export it, replace \`"${packName}.\` with \`"${one.name}.\` in the file, and import it again.`,
	].join('\n\n');
}

function operations(source: Source): string {
	const { one, pack, root, repository } = source;
	const load = createRequire(join(root, 'package.json'));
	const nodes = nodeTexts(one.nodes, (file) => load(`./${file}`) as unknown);
	const table = withAddresses(references(pack, nodes).nodes ?? '', repository);
	return [
		table,
		`The links lead to [every field](${pageOf(repository, `nodes/${one.folder}/README.md`)}) of a node with its label, limits and source. All nodes can also be used as tools by n8n's AI agents.`,
	].join('\n\n');
}

function credentials(source: Source): string {
	const { one, root, readme } = source;
	const load = createRequire(join(root, 'package.json'));
	const rows = sectionOf(readme, 'Credentials').split('\n');
	return one.credentials
		.map((built) => {
			const className = basename(built).split('.')[0] ?? '';
			const Credential = (load(`./${built}`) as Record<string, new () => ICredentialType>)[className];
			if (!Credential) throw new Error(`${built} has no class ${className}`);
			const { name, displayName, properties, documentationUrl } = new Credential();
			const row = rows.find((line) => line.includes(`(\`${name}\`)`));
			if (!row) throw new Error(`README.md has no row for the credential ${name}`);
			const where = row.split('|').at(-2)?.trim() ?? '';
			const fields = properties
				.filter(({ type }) => type !== 'notice')
				.map(
					({ displayName: label, description = '' }) => `| ${label} | ${description.replace(/\.$/, '')}. |`,
				);
			const notices = properties.filter(({ type }) => type === 'notice').map(({ displayName: text }) => text);
			return [
				`### ${displayName}`,
				`Where to find it: ${where}`,
				['| field | what to enter |', '| --- | --- |', ...fields].join('\n'),
				...notices,
				`The vendor's page: <${documentationUrl}>`,
			].join('\n\n');
		})
		.join('\n\n');
}

function compatibility({ root }: Source): string {
	const { lowest, current } = testedVersions(root);
	return `n8n ${lowest} or later. Tested with n8n ${lowest} and ${current}, also in queue mode. The package has no dependencies.`;
}

/** The smallest example, to be copied as it is. */
function example({ root, one, packName }: Source): { file: string; text: string } {
	const types = renames({ pack: packName, nodes: packedNodes(root) }, one.name);
	const [smallest] = one.workflows
		.filter((file) => !file.includes('/') && !file.includes('-batch'))
		.map((file) => {
			const { text } = moveWorkflows(readFileSync(join(root, 'workflows', file), 'utf8'), types);
			return { file, text: JSON.stringify(JSON.parse(text), null, 2) };
		})
		.sort((first, other) => first.text.length - other.text.length);
	if (!smallest) throw new Error(`${one.vendor} has no example below workflows/`);
	return smallest;
}

function exampleList({ root, one, repository }: Source): string {
	const rows = one.workflows.map((file) => {
		const { name } = JSON.parse(readFileSync(join(root, 'workflows', file), 'utf8')) as { name: string };
		return `| [\`${basename(file)}\`](${pageOf(repository, `workflows/${file}`)}) | ${name} |`;
	});
	return ['| file | what it shows |', '| --- | --- |', ...rows].join('\n');
}

/** The sample of an output item, with an event of this vendor. */
function withSample(text: string, { pack }: Source): string {
	const [operation] = pack.operations;
	const sample = operation?.samples[0]?.event;
	if (!operation || !sample) return text;
	const event = Object.fromEntries(Object.entries(sample).slice(0, 3));
	const delivery = {
		status: 'accepted',
		method: operation.single.method(sample),
		request: 3,
		attempts: 1,
		httpStatus: 200,
	};
	const lines = Object.entries({ delivery, event }).map(
		([name, value]) => `  "${name}": ${JSON.stringify(value, null, 1).replace(/\n */g, ' ')}`,
	);
	return text.replace(/```json\n[^]*?\n```/, `\`\`\`json\n{\n${lines.join(',\n')}\n}\n\`\`\``);
}

function usage(source: Source): string {
	const { one, packName } = source;
	const [first] = operationsOf(source);
	const { text } = example(source);
	return [
		'### Send your first event',
		[
			`1. Click **+** after the node that brings your items, type \`${one.vendor.toLowerCase()}\` and choose a node, such as *${one.vendor} ${first?.title ?? ''}*.`,
			'2. Under *Credential* choose *Create new credential*, fill it in and save. n8n tests it at once.',
			'3. Click *Execute previous nodes*. Your fields appear on the left.',
			'4. Drag them onto the fields of the form. What is required is marked.',
			'5. Try it without sending: *Options → Add Option → Preview Only*, switch it on, click *Execute step*. You see the request that would leave.',
			'6. Switch it off and click *Execute step*. Each item now has `delivery.status`; `accepted` means that ' +
				`${one.vendor} has it.`,
		].join('\n'),
		"Do your items already have the vendor's own field names? Choose *Mapping Mode → Map Automatically* and skip step 4. If the event is inside a field, name it in *Input Field*: `body` for a webhook.",
		'### Example workflows',
		`Copy this one and paste it onto n8n's canvas (Ctrl+V). It brings its own sample items; choose your credential in the node, and use *Preview Only* to look at the requests first.`,
		`<details><summary>The workflow as JSON</summary>\n\n\`\`\`json\n${text}\n\`\`\`\n\n</details>`,
		`More of them, to download and import with *⋯ → Import → From file*. They name the package \`${packName}\`: replace that name as above.`,
		exampleList(source),
		'### Reading the result',
		withSample(deeper(taken(source, 'Reading the result')), source),
		'### When something is wrong',
		taken(source, 'When something is wrong'),
		'### Options',
		'*Options → Add Option*. Without an option, the default applies.',
		references(source.pack, []).options ?? '',
		'### Limits',
		taken(source, 'Limits'),
	].join('\n\n');
}

function resources(source: Source): string {
	const { one, repository } = source;
	const pages = new Map(operationsOf(source).map(({ title, documentation }) => [documentation, title]));
	return [
		"- [n8n's documentation of community nodes](https://docs.n8n.io/integrations/#community-nodes)",
		...[...pages].map(
			([page, title]) => `- [${one.vendor}: ${pages.size > 1 ? title : 'API documentation'}](${page})`,
		),
		`- [Every field of every node](${pageOf(repository, `nodes/${one.folder}/README.md`)})`,
		`- [For those who run n8n: repeats and duplicates, queue mode, speed](${pageOf(repository, 'docs/operations.md')})`,
		`- [Source code and issues](https://github.com/${repository.owner}/${repository.name})`,
	].join('\n');
}

const history = ({ root, repository }: Source): string =>
	`This is version ${manifestOf(root).version}. [CHANGELOG.md](${pageOf(repository, 'CHANGELOG.md')}) lists what has changed in each version; a new major version says what to change in your workflows.`;

/** `pack`: the operations of all vendors, from whose README the common parts are taken. */
export function packageReadme(root: string, one: VendorPackage, pack: Pack): string {
	const manifest = manifestOf(root);
	const source: Source = {
		root,
		one,
		pack: onlyVendor(pack, one.vendor),
		repository: repositoryOf(manifest),
		packName: manifest.name,
		readme: readFileSync(join(root, 'README.md'), 'utf8'),
		vendors: vendorsOf(pack),
	};
	const bodies = [installation, operations, credentials, compatibility, usage, resources, history];
	return [
		`# ${one.name}`,
		introduction(source),
		...SECTIONS.flatMap((heading, at) => [`## ${heading}`, bodies[at]?.(source) ?? '']),
		'## License',
		`[MIT](${pageOf(source.repository, 'LICENSE')})`,
		'',
	].join('\n\n');
}
