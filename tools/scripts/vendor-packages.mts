/** Which package holds which node: the pack itself, and one package per vendor folder. All of it follows from package.json. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Manifest {
	name: string;
	n8n: { nodes: string[] };
}

/** A node of the pack: its type name without a package, and the packages that hold it. */
export interface PackedNode {
	/** `myTrackerLogin`. */
	name: string;
	/** The folder below `nodes/`, e.g. `MyTracker`. */
	vendor: string;
}

/** `MyTracker` -> `n8n-nodes-mytracker`. */
export const packageOf = (vendor: string): string => `n8n-nodes-${vendor.toLowerCase()}`;

const manifestIn = (root: string): Manifest =>
	JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest;

/** The name of the package that holds every vendor. */
export const packName = (root: string): string => manifestIn(root).name;

/** `dist/nodes/MyTracker/MyTrackerLogin/MyTrackerLogin.node.js`, as n8n reads it. */
export function packedNodes(root: string): PackedNode[] {
	return manifestIn(root).n8n.nodes.map((path) => {
		const [, , vendor, folder] = path.split('/');
		if (vendor === undefined || folder === undefined)
			throw new Error(`package.json lists '${path}', which is not dist/nodes/<Vendor>/<Node>/<Node>.node.js`);
		return { name: folder.charAt(0).toLowerCase() + folder.slice(1), vendor };
	});
}
