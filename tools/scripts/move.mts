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

import ts from 'typescript';

import { packageOf, packedNodes, packName, type PackedNode } from './vendor-packages.mts';

/** n8n derives a tool from a node under this ending. */
const TOOL = 'Tool';

/** The parameter in which a node holds a whole sub-workflow as JSON text. */
const SUB_WORKFLOW = 'workflowJson';

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

/** A part of a text, and what takes its place. */
interface Edit {
	start: number;
	end: number;
	text: string;
}

/**
 * The JSON text of an exported workflow, or of the list that `n8n export:workflow --all` writes, with its nodes renamed;
 * and how many were. All other characters stay: read and written as values, a long number would lose its last digits.
 */
export function moveWorkflows(
	text: string,
	types: ReadonlyMap<string, string>,
): { text: string; moved: number } {
	const edits = editsOf(text, types);
	if (edits === undefined) throw new Error("it is not an exported workflow: there is no list 'nodes' in it");
	let [result, from] = ['', 0];
	for (const { start, end, text: replacement } of edits) {
		result += text.slice(from, start) + replacement;
		from = end;
	}
	return { text: result + text.slice(from), moved: edits.length };
}

/** The types that change, in the order of the text. `undefined` if it is no workflow. */
function editsOf(text: string, types: ReadonlyMap<string, string>): Edit[] | undefined {
	const file = ts.parseJsonText('workflow.json', text);
	const [statement] = file.statements;
	if (statement === undefined) return undefined;
	const { expression } = statement;
	const workflows = ts.isArrayLiteralExpression(expression) ? [...expression.elements] : [expression];
	const lists = workflows.map((workflow) => memberOf(workflow, 'nodes'));
	if (!lists.every((list) => list !== undefined && ts.isArrayLiteralExpression(list))) return undefined;
	return lists.flatMap(({ elements }) => elements.flatMap((node) => editsOfNode(node, file, types)));
}

function editsOfNode(node: ts.Expression, file: ts.SourceFile, types: ReadonlyMap<string, string>): Edit[] {
	const edits: Edit[] = [];
	const type = memberOf(node, 'type');
	const renamed = type && ts.isStringLiteral(type) ? types.get(type.text) : undefined;
	if (type && renamed !== undefined)
		edits.push({ start: type.getStart(file), end: type.end, text: JSON.stringify(renamed) });
	const json = memberOf(memberOf(node, 'parameters'), SUB_WORKFLOW);
	if (json && ts.isStringLiteral(json) && isJson(json.text)) {
		const inner = editsOf(json.text, types) ?? [];
		const places = placesIn(json.getText(file)).map((place) => json.getStart(file) + place);
		const escaped = (text: string) => JSON.stringify(text).slice(1, -1);
		for (const { start, end, text } of inner)
			edits.push({ start: places[start] ?? 0, end: places[end] ?? 0, text: escaped(text) });
	}
	return edits.sort((one, other) => one.start - other.start);
}

/** The value of a member; of several of one name the last, as JSON is read. */
function memberOf(value: ts.Expression | undefined, name: string): ts.Expression | undefined {
	if (value === undefined || !ts.isObjectLiteralExpression(value)) return undefined;
	const member = value.properties.findLast(
		(one): one is ts.PropertyAssignment =>
			ts.isPropertyAssignment(one) && ts.isStringLiteral(one.name) && one.name.text === name,
	);
	return member?.initializer;
}

/** Where each character of a JSON string, and its end, stands in the literal. */
function placesIn(literal: string): number[] {
	const places: number[] = [];
	for (let at = 1; at < literal.length;) {
		places.push(at);
		at += literal[at] !== '\\' ? 1 : literal[at + 1] === 'u' ? 6 : 2;
	}
	return places;
}

function isJson(text: string): boolean {
	try {
		JSON.parse(text);
		return true;
	} catch {
		return false;
	}
}

/** UTF-8 with a mark in front, as some editors on Windows write it, read byte by byte. */
const BYTE_ORDER_MARK = '\u00ef\u00bb\u00bf';

function moveFile(file: string, types: ReadonlyMap<string, string>): number {
	const content = readFileSync(file);
	try {
		JSON.parse(new TextDecoder().decode(content));
	} catch (error) {
		throw new Error(`it is not JSON: ${error instanceof Error ? error.message : String(error)}`);
	}
	// A character for each byte, so that every byte is written back as it was. Types have letters of ASCII only.
	const bytes = content.toString('latin1');
	const mark = bytes.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK : '';
	const { text, moved } = moveWorkflows(bytes.slice(mark.length), types);
	if (moved > 0) writeFileSync(file, mark + text, 'latin1');
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
