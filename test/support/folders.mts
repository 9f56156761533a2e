/** The vendors and their operations as the folders have them: what every gate compares with. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { operations } from '../../index.ts';
import type { Operation } from '../../nodes/engine/operation/operation.ts';

export const root = process.cwd();

/** Folders below `nodes`, e.g. `MyTracker`. */
export const vendorFolders: readonly string[] = readdirSync(join(root, 'nodes'), { withFileTypes: true })
	.filter((entry) => entry.isDirectory() && entry.name !== 'engine')
	.map(({ name }) => name)
	.sort();

/** `MyTracker` -> `mytracker`: its folder in test/vendors, its files elsewhere. */
export const slugOf = (folder: string): string => folder.toLowerCase();

/** `MyTracker` -> `myTracker`: its name in the sandbox, and the beginning of its nodes' names. */
export const keyOf = (folder: string): string => folder[0].toLowerCase() + folder.slice(1);

/** Node files of a vendor from the root, e.g. `nodes/MyTracker/MyTrackerLogin/MyTrackerLogin.node.ts`. */
export const nodeFiles = (folder: string): string[] =>
	readdirSync(join(root, 'nodes', folder), { recursive: true, encoding: 'utf8' })
		.filter((file) => file.endsWith('.node.ts'))
		.map((file) => `nodes/${folder}/${file.replaceAll('\\', '/')}`)
		.sort();

/** The folder of the vendor that an operation belongs to. */
export function folderOf({ name }: Pick<Operation, 'name'>): string {
	const folder = vendorFolders.find((one) => name.startsWith(keyOf(one)));
	if (folder === undefined)
		throw new Error(`${name}: its name does not begin with a folder of nodes/, as myTrackerLogin does`);
	return folder;
}

/** The part of an operation's name without the vendor: `myTrackerCustomEvent` -> `customEvent`. */
export const methodOf = (operation: Pick<Operation, 'name'>): string => {
	const rest = operation.name.slice(keyOf(folderOf(operation)).length);
	return rest[0].toLowerCase() + rest.slice(1);
};

export const operationsOf = (folder: string): Operation[] =>
	operations.filter((operation) => folderOf(operation) === folder);

export const read = (file: string): string => readFileSync(join(root, file), 'utf8');
