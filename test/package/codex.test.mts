/** What the editor shows beside the form: search words, documentation and the preview of the output. */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { announcements } from '../../tools/demo/expectations.mts';
import { PACKAGE, ownNodes, readExamples } from '../../tools/demo/examples.mts';
import type { Operation } from '../../nodes/engine/operation/operation.ts';
import type { ReadOperation } from '../../nodes/engine/reading/readOperation.ts';
import { startSandbox, type Sandbox } from '../../tools/sandbox/server.mts';
import { codexOf, outputSchemaOf, type OutputSchema } from '../../tools/scripts/codex.mts';
import { createEngine, type Engine } from '../../tools/harness/engine.mts';
import { holds } from '../support/node-search.mts';

const root = process.cwd();
if (!existsSync(join(root, 'dist', 'index.js')))
	throw new Error('dist/ is missing: run `npm run build` first');
const load = createRequire(join(root, 'package.json'));
const { operations, readOperations } = load('./dist/index.js') as {
	operations: readonly Operation[];
	readOperations: readonly ReadOperation[];
};
const { n8n } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { n8n: { nodes: string[] } };
/** n8n's own list. */
const CATEGORIES = [
	'Data & Storage',
	'Finance & Accounting',
	'Marketing & Content',
	'Productivity',
	'Miscellaneous',
	'Sales',
	'Development',
	'Analytics',
	'Communication',
	'Utility',
];

let engine: Engine;
let sandbox: Sandbox;

beforeAll(async () => {
	[engine, sandbox] = [
		await createEngine({ packageDirectory: root }),
		await startSandbox({ appMetrica: { exportPolls: 0 } }),
	];
});

afterAll(async () => {
	await engine.close();
	await sandbox.close();
});

const builtFile = ({ name }: Pick<Operation, 'name'>) =>
	n8n.nodes.find((file) => file.toLowerCase().endsWith(`/${name.toLowerCase()}.node.js`)) ?? '';

/** Where a value is not of the type that the schema promises; what the schema does not name may be anything. */
function mismatches(value: unknown, schema: OutputSchema, path: string): string[] {
	const is = Array.isArray(value) ? 'array' : typeof value;
	if (is !== schema.type) return [`${path} is ${is}, not ${schema.type}`];
	if (Array.isArray(value))
		return schema.items
			? value.flatMap((member, at) => mismatches(member, schema.items as OutputSchema, `${path}[${at}]`))
			: [];
	if (!schema.properties) return [];
	return Object.entries(value as object).flatMap(([name, member]) => {
		const inner = schema.properties?.[name];
		return inner ? mismatches(member, inner, `${path}.${name}`) : [];
	});
}

test('every node of package.json has an operation', () => {
	expect([...operations, ...readOperations].map(builtFile).sort()).toEqual([...n8n.nodes].sort());
});

describe.each(operations.map((operation) => ({ name: operation.name, operation })))(
	'$name',
	({ operation }) => {
		test('has a codex that n8n reads whole', () => {
			const { description } = engine.nodeTypes[`${PACKAGE}.${operation.name}`];
			const { categories = [], alias = [], resources } = description.codex ?? {};
			expect(categories.length).toBeGreaterThan(0);
			expect(categories.filter((category) => !CATEGORIES.includes(category))).toEqual([]);
			const words = alias.map((word) => word.toLowerCase());
			const wanted = [operation.vendor, operation.title, ...operation.searchWords.words];
			const single = wanted.filter((word) => !word.includes(' ')).map((word) => word.toLowerCase());
			expect(words).toEqual(expect.arrayContaining(single));
			// A phrase may be left out where another one holds all its letters in their order.
			expect(wanted.filter((word) => !words.some((entry) => holds(entry, word)))).toEqual([]);
			expect(new Set(words).size).toBe(words.length);
			expect(resources?.primaryDocumentation?.map(({ url }) => url)).toEqual([operation.documentation]);
			expect(resources?.credentialDocumentation?.[0].url).toMatch(/^https:\/\//);
		});

		test('has the codex of its table in dist/', () => {
			const written = JSON.parse(
				readFileSync(join(root, builtFile(operation).replace(/\.js$/, '.json')), 'utf8'),
			) as ReturnType<typeof codexOf>;
			expect(written).toEqual(codexOf(operation, PACKAGE, written.resources.credentialDocumentation[0].url));
			expect(written.node).toBe(`${PACKAGE}.${operation.name}`);
		});

		test('has an output preview where n8n looks for it', () => {
			const nodeDir = join(root, builtFile(operation), '..');
			const core = load('n8n-core') as {
				loadOutputSchema(where: { nodeDir: string; version: number }): unknown;
			};
			expect(core.loadOutputSchema({ nodeDir, version: 1 })).toEqual(outputSchemaOf(operation));
		});

		test('returns what its preview promises', async () => {
			const schema = outputSchemaOf(operation);
			const examples = readExamples(join(root, 'workflows'), Object.keys(announcements));
			const found: string[] = [];
			let items = 0;
			for (const example of examples.filter((one) =>
				ownNodes(one).some(({ type }) => type === `${PACKAGE}.${operation.name}`),
			)) {
				// Orders that the sandbox has seen already would not be stored again.
				sandbox.reset();
				const result = await engine.run(example.workflow, { credentials: { ...sandbox.credentials } });
				for (const { name } of ownNodes(example).filter(
					({ type }) => type === `${PACKAGE}.${operation.name}`,
				)) {
					for (const { json } of result.nodeOutputs(name)[0]) {
						items++;
						expect(Object.keys(json).filter((key) => !Object.hasOwn(schema.properties ?? {}, key))).toEqual(
							[],
						);
						found.push(...mismatches(json, schema, name));
					}
				}
			}
			expect(found).toEqual([]);
			expect(items).toBeGreaterThan(0);
		});
	},
);

test('a field that only the form has is in no preview', () => {
	const formOnly: Record<string, string[]> = {
		gravityFieldStoreEvent: ['customType'],
		vibetraceSendEvent: ['customType', 'vtUserCookie', 'attributes'],
	};
	for (const operation of operations) {
		const previewed = Object.keys(outputSchemaOf(operation).properties?.event.properties ?? {});
		const names = formOnly[operation.name] ?? [];
		expect(previewed.filter((name) => names.includes(name))).toEqual([]);
	}
});
