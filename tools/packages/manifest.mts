/** package.json of a vendor's package. */
import type { Pack } from '../scripts/reference.mts';
import { addressesOf, repositoryOf } from './github.mts';
import type { PackManifest, VendorPackage } from './vendor-package.mts';

/** Where the generated packages stand in the repository. Git ignores the folder; only a release commits it. */
export const PACKAGES_FOLDER = 'packages';

/**
 * What a package needs to be built and linted outside this repository: n8n's tool, the compiler, and what the sources
 * import, since n8n supplies that only at run time. The versions are the pack's.
 */
const DEVELOPMENT = [
	'@n8n/node-cli',
	'@types/lodash',
	'@types/luxon',
	'@types/node',
	'eslint',
	'lodash',
	'luxon',
	'n8n-workflow',
	'typescript',
	'zod',
];

/** Words of the pack that say what it is, and not whose. */
const COMMON_KEYWORDS = ['n8n-community-node-package', 'n8n', 'server-side-events', 'analytics'];

const titlesOf = (vendor: string, { operations, readOperations }: Pack): string[] =>
	[...operations, ...readOperations]
		.filter((operation) => operation.vendor === vendor)
		.map(({ title }) => title);

function developmentVersions({ devDependencies }: PackManifest): Record<string, string> {
	return Object.fromEntries(
		DEVELOPMENT.map((name) => {
			const version = devDependencies[name];
			if (version === undefined) throw new Error(`package.json has no development dependency ${name}`);
			return [name, version];
		}),
	);
}

export function vendorManifest(one: VendorPackage, pack: Pack, root: PackManifest): object {
	const repository = repositoryOf(root);
	const addresses = addressesOf(repository);
	const keyword = root.keywords.find((word) => word.replaceAll('-', '') === one.slug) ?? one.slug;
	return {
		name: one.name,
		version: root.version,
		description: `n8n nodes for ${one.vendor}: ${titlesOf(one.vendor, pack).join(', ')}`,
		license: root.license,
		homepage: `https://github.com/${repository.owner}/${repository.name}/tree/main/nodes/${one.folder}#readme`,
		bugs: addresses.bugs,
		repository: { ...addresses.repository, directory: `${PACKAGES_FOLDER}/${one.name}` },
		author: root.author,
		keywords: [...COMMON_KEYWORDS, keyword],
		engines: root.engines,
		files: ['dist', 'CHANGELOG.md'],
		scripts: { build: 'n8n-node build', lint: 'n8n-node lint', prepublishOnly: 'npm run build' },
		n8n: { ...root.n8n, credentials: one.credentials, nodes: one.nodes },
		peerDependencies: root.peerDependencies,
		devDependencies: developmentVersions(root),
	};
}
