/** Whether a package that was built alone is the part of the pack that it should be. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { isDeepStrictEqual } from 'node:util';

/** Files below a folder, as paths from it with forward slashes. */
export const filesBelow = (folder: string): string[] =>
	readdirSync(folder, { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile())
		.map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
		.sort();

const isPartOf = (folder: string) => (file: string) =>
	/^nodes\/engine\//.test(file) || file.startsWith(`nodes/${folder}/`);

/** What a codex says, its package's name aside. */
function withoutPackage(content: unknown): unknown {
	if (typeof content !== 'object' || content === null || !('node' in content)) return content;
	const type = String(content.node);
	return { ...content, node: type.slice(type.indexOf('.') + 1) };
}

export interface Comparison {
	/** Compiled files that are the pack's, byte for byte. */
	equal: number;
	/** What differs, as sentences. */
	differences: string[];
}

/**
 * Compares two `dist` folders: compiled code and icons byte for byte, JSON by what it says. Declarations must be there; the
 * compiler names a type by the shortest way to it, and the pack's index.ts is one that this package has not.
 */
export function compareBuilds(
	pack: string,
	own: string,
	{ folder, name }: { folder: string; name: string },
): Comparison {
	const differences: string[] = [];
	let equal = 0;
	const files = filesBelow(own);
	for (const file of files) {
		const theirs = join(pack, file);
		if (!existsSync(theirs)) {
			differences.push(`${file} is not in the pack`);
			continue;
		}
		const [ours, original] = [readFileSync(join(own, file)), readFileSync(theirs)];
		if (file.endsWith('.json')) {
			const [first, second] = [ours, original].map((bytes): unknown => JSON.parse(bytes.toString()));
			if (!isDeepStrictEqual(withoutPackage(first), withoutPackage(second)))
				differences.push(`${file} says something else than the pack's`);
			const node = (first as { node?: string }).node;
			if (node !== undefined && !node.startsWith(`${name}.`))
				differences.push(`${file} names the node ${node}, not one of ${name}`);
		} else if (!file.endsWith('.d.ts') && !ours.equals(original)) {
			differences.push(`${file} differs from the pack's`);
		} else if (file.endsWith('.js')) {
			equal++;
		}
	}
	const missing = filesBelow(pack)
		.filter(isPartOf(folder))
		.filter((file) => !files.includes(file));
	return { equal, differences: [...differences, ...missing.map((file) => `${file} is missing`)] };
}
