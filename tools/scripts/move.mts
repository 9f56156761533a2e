/**
 * Moves exported workflows between the pack and the single packages, since a stored node carries its package's name.
 *
 * npm run move -- <workflow.json …> --to <package>
 *
 * `--to n8n-nodes-mytracker` changes the nodes of that vendor, `--to n8n-nodes-server-events` all nodes of all our
 * packages. The files are rewritten in place; credentials keep their names, so they need no change.
 */
import { readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { packageOf, packedNodes, packName, type PackedNode } from './vendor-packages.mts';

/** n8n derives a tool from a node under this ending. */
const TOOL = 'Tool';

interface Packages {
	pack: string;
	nodes: readonly PackedNode[];
}

/** The node types that change, from their present full name to the new one. */
export function renames({ pack, nodes }: Packages, to: string): Map<string, string> {
	const single = new Set(nodes.map(({ vendor }) => packageOf(vendor)));
	if (to !== pack && !single.has(to)) {
		throw new Error(`'${to}' is not one of our packages: ${[pack, ...single].join(', ')}.`);
	}
	const moved = to === pack ? nodes : nodes.filter(({ vendor }) => packageOf(vendor) === to);
	return new Map(
		moved.flatMap(({ name, vendor }) =>
			[pack, packageOf(vendor)]
				.filter((from) => from !== to)
				.flatMap((from) =>
					[name, `${name}${TOOL}`].map((type) => [`${from}.${type}`, `${to}.${type}`] as const),
				),
		),
	);
}

/** An exported workflow, or the list that `n8n export:workflow --all` writes, with its nodes renamed; and how many were. */
export function moveWorkflows(
	content: unknown,
	types: ReadonlyMap<string, string>,
): { content: unknown; moved: number } {
	let moved = 0;
	const workflowOf = (workflow: unknown): unknown => {
		if (!isObject(workflow) || !Array.isArray(workflow.nodes)) {
			throw new Error("it is not an exported workflow: there is no list 'nodes' in it");
		}
		const nodes = workflow.nodes.map((node: unknown) => {
			const type = isObject(node) && typeof node.type === 'string' ? types.get(node.type) : undefined;
			if (type === undefined) return node;
			moved++;
			return { ...(node as object), type };
		});
		return { ...workflow, nodes };
	};
	const result = Array.isArray(content) ? content.map(workflowOf) : workflowOf(content);
	return { content: result, moved };
}

const isObject = (value: unknown): value is Record<string, unknown> =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

/** The white space with which the file is indented, so that a diff shows the moved nodes only. */
const indentOf = (text: string): string => /^[[{]\r?\n([ \t]+)/.exec(text)?.[1] ?? '  ';

function moveFile(file: string, types: ReadonlyMap<string, string>): number {
	const text = readFileSync(file, 'utf8');
	const { content, moved } = moveWorkflows(JSON.parse(text), types);
	if (moved > 0) writeFileSync(file, `${JSON.stringify(content, null, indentOf(text))}\n`);
	return moved;
}

function main(root: string): void {
	const { values, positionals } = parseArgs({ options: { to: { type: 'string' } }, allowPositionals: true });
	if (values.to === undefined || positionals.length === 0) {
		throw new Error('Usage: npm run move -- <workflow.json …> --to <package>');
	}
	const types = renames({ pack: packName(root), nodes: packedNodes(root) }, values.to);
	for (const file of positionals) {
		try {
			// npm runs scripts in the package's folder, wherever it was called.
			const moved = moveFile(resolve(process.env.INIT_CWD ?? '.', file), types);
			console.log(`${file}: ${moved} ${moved === 1 ? 'node' : 'nodes'} moved to ${values.to}`);
		} catch (error) {
			console.error(`${file}: ${error instanceof Error ? error.message : String(error)}`);
			process.exitCode = 1;
		}
	}
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
	try {
		main(dirname(dirname(dirname(fileURLToPath(import.meta.url)))));
	} catch (error) {
		console.error(error instanceof Error ? error.message : String(error));
		process.exitCode = 1;
	}
}
