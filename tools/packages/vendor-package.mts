/** What belongs into the package of one vendor. All of it follows from package.json and the folders below `nodes`. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

import type { Pack } from '../scripts/reference.mts';
import { folderOf, vendorsOf } from '../scripts/reference.mts';
import { packageOf } from '../scripts/vendor-packages.mts';

/** What this generator reads of the pack's package.json. */
export interface PackManifest {
	name: string;
	version: string;
	license: string;
	homepage: string;
	bugs: { url: string };
	repository: { type: string; url: string };
	author: { name: string; email: string };
	keywords: string[];
	engines: Record<string, string>;
	n8n: { n8nNodesApiVersion: number; strict: boolean; credentials: string[]; nodes: string[] };
	peerDependencies: Record<string, string>;
	devDependencies: Record<string, string>;
}

export interface VendorPackage {
	/** `n8n-nodes-gravityfield`. */
	name: string;
	/** As people write it: `Gravity Field`. */
	vendor: string;
	/** The folder below `nodes`: `GravityField`. */
	folder: string;
	/** The beginning of its icons' names: `gravityfield`. */
	slug: string;
	/** Its lines of package.json: `dist/nodes/…`. */
	nodes: string[];
	credentials: string[];
	/** Examples and recipes that use no other vendor, as paths below `workflows`. */
	workflows: string[];
}

export const manifestOf = (root: string): PackManifest =>
	JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as PackManifest;

/** `dist/nodes/MyTracker/MyTrackerLogin/MyTrackerLogin.node.js` -> `myTrackerLogin`. */
export function typeOf(builtFile: string): string {
	const className = basename(builtFile).split('.')[0] ?? '';
	return className.charAt(0).toLowerCase() + className.slice(1);
}

interface StoredWorkflow {
	nodes: Array<{ type: string }>;
}

/** Files of `workflows` and its recipes in which every node of the pack is one of `types`. */
function workflowsWith(root: string, packName: string, types: ReadonlySet<string>): string[] {
	const folder = join(root, 'workflows');
	return readdirSync(folder, { recursive: true, encoding: 'utf8' })
		.map((file) => file.replaceAll('\\', '/'))
		.filter((file) => file.endsWith('.json'))
		.sort()
		.filter((file) => {
			const { nodes } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as StoredWorkflow;
			const own = nodes.map(({ type }) => type).filter((type) => type.startsWith(`${packName}.`));
			return own.length > 0 && own.every((type) => types.has(type.replace(/Tool$/, '')));
		});
}

/** One package for each vendor of the pack. */
export function vendorPackages(root: string, pack: Pack): VendorPackage[] {
	const { name: packName, n8n } = manifestOf(root);
	return vendorsOf(pack).map((vendor) => {
		const folder = folderOf(vendor);
		const slug = folder.toLowerCase();
		const nodes = n8n.nodes.filter((file) => file.startsWith(`dist/nodes/${folder}/`));
		const credentials = n8n.credentials.filter((file) => file.startsWith(`dist/credentials/${folder}`));
		for (const icon of [`icons/${slug}.svg`, `icons/${slug}.dark.svg`])
			if (!existsSync(join(root, icon))) throw new Error(`${vendor} has no ${icon}`);
		const types = new Set(nodes.map((file) => `${packName}.${typeOf(file)}`));
		return {
			name: packageOf(folder),
			vendor,
			folder,
			slug,
			nodes,
			credentials,
			workflows: workflowsWith(root, packName, types),
		};
	});
}

/** The pack with the operations of one vendor only. */
export const onlyVendor = (pack: Pack, vendor: string): Pack => ({
	...pack,
	operations: pack.operations.filter((operation) => operation.vendor === vendor),
	readOperations: pack.readOperations.filter((operation) => operation.vendor === vendor),
});
