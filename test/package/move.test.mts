import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { moveWorkflows, renames } from '../../tools/scripts/move.mts';
import { packageOf, packedNodes, packName } from '../../tools/scripts/vendor-packages.mts';

const root = process.cwd();
const packages = { pack: packName(root), nodes: packedNodes(root) };
const examples = readdirSync(join(root, 'workflows')).filter((name) => name.endsWith('.json'));
const typesIn = (workflow: unknown) =>
	(workflow as { nodes: Array<{ type: string }> }).nodes.map(({ type }) => type);
const read = (name: string): string => readFileSync(join(root, 'workflows', name), 'utf8');
/** The same for a value: what is moved is text. */
const move = (content: unknown, types: ReadonlyMap<string, string>) => {
	const { text, moved } = moveWorkflows(JSON.stringify(content), types);
	return { content: JSON.parse(text) as unknown, moved };
};

describe('moving workflows between packages', () => {
	test.each(examples)('%s to the single package and back is the same workflow', (name) => {
		const before = read(name);
		const ours = typesIn(JSON.parse(before)).filter((type) => type.startsWith(`${packages.pack}.`));
		const vendors = new Set(
			ours.map(
				(type) => packages.nodes.find((node) => type === `${packages.pack}.${node.name}`)?.vendor ?? type,
			),
		);
		let content = before;
		for (const vendor of vendors) content = moveWorkflows(content, renames(packages, packageOf(vendor))).text;
		expect(ours.length).toBeGreaterThan(0);
		expect(typesIn(JSON.parse(content)).some((type) => type.startsWith(`${packages.pack}.`))).toBe(false);
		expect(moveWorkflows(content, renames(packages, packages.pack))).toEqual({
			text: before,
			moved: ours.length,
		});
	});

	test('only the nodes of the named vendor move, tools included; everything else stays', () => {
		const workflow = {
			name: 'mixed',
			nodes: [
				{ type: 'n8n-nodes-server-events.myTrackerLogin', parameters: { a: 1 } },
				{ type: 'n8n-nodes-server-events.myTrackerLoginTool' },
				{ type: 'n8n-nodes-server-events.vibetraceSendEvent' },
				{ type: 'n8n-nodes-base.httpRequest' },
				{ type: 'n8n-nodes-server-events.myTrackerLoginX' },
			],
			connections: { a: 'n8n-nodes-server-events.myTrackerLogin' },
		};
		const { content, moved } = move(workflow, renames(packages, 'n8n-nodes-mytracker'));
		expect(moved).toBe(2);
		expect(content).toEqual({
			...workflow,
			nodes: [
				{ type: 'n8n-nodes-mytracker.myTrackerLogin', parameters: { a: 1 } },
				{ type: 'n8n-nodes-mytracker.myTrackerLoginTool' },
				...workflow.nodes.slice(2),
			],
		});
	});

	test('a list of workflows, as n8n exports all of them', () => {
		const one = { nodes: [{ type: 'n8n-nodes-server-events.myTrackerLogin' }] };
		expect(move([one, { nodes: [] }], renames(packages, 'n8n-nodes-mytracker'))).toEqual({
			content: [{ nodes: [{ type: 'n8n-nodes-mytracker.myTrackerLogin' }] }, { nodes: [] }],
			moved: 1,
		});
	});

	test.each([[{}], [null], ['text'], [[{ nodes: 1 }]]])('%j is no workflow', (content) => {
		expect(() => move(content, new Map())).toThrow("no list 'nodes'");
	});

	test('an unknown package is refused with the known ones', () => {
		expect(() => renames(packages, 'n8n-nodes-other')).toThrow(
			"'n8n-nodes-other' is not one of our packages: n8n-nodes-server-events, n8n-nodes-",
		);
	});
});

describe('the command', () => {
	let folder: string;
	beforeAll(() => {
		folder = mkdtempSync(join(tmpdir(), 'move-'));
	});
	afterAll(() => rmSync(folder, { recursive: true, force: true }));
	const run = (...words: string[]) =>
		spawnSync(process.execPath, ['--no-warnings', join(root, 'tools', 'scripts', 'move.mts'), ...words], {
			encoding: 'utf8',
		});

	test('rewrites the file in its own indentation and says how many nodes moved', () => {
		const file = join(folder, 'a.json');
		writeFileSync(
			file,
			'{\n\t"nodes": [\n\t\t{\n\t\t\t"type": "n8n-nodes-server-events.myTrackerLogin"\n\t\t}\n\t]\n}\n',
		);
		const { status, stdout } = run(file, '--to', 'n8n-nodes-mytracker');
		expect([status, stdout]).toEqual([0, `${file}: 1 node moved to n8n-nodes-mytracker\n`]);
		expect(readFileSync(file, 'utf8')).toBe(
			'{\n\t"nodes": [\n\t\t{\n\t\t\t"type": "n8n-nodes-mytracker.myTrackerLogin"\n\t\t}\n\t]\n}\n',
		);
	});

	test('a file that is no workflow is named, stays as it is, and the others move', () => {
		const [bad, good] = ['bad.json', 'good.json'].map((name) => join(folder, name));
		writeFileSync(bad, '[1]');
		writeFileSync(good, '{"nodes":[{"type":"n8n-nodes-vibetrace.vibetraceSendEvent"}]}');
		const { status, stdout, stderr } = run(bad, good, '--to', 'n8n-nodes-server-events');
		expect(status).toBe(1);
		expect(stderr).toBe(`${bad}: it is not an exported workflow: there is no list 'nodes' in it\n`);
		expect(stdout).toBe(`${good}: 1 node moved to n8n-nodes-server-events\n`);
		expect(readFileSync(bad, 'utf8')).toBe('[1]');
	});

	test('no byte but those of the types changes', () => {
		const [before, after] = ['n8n-nodes-server-events', 'n8n-nodes-mytracker'].map((name) => {
			const inner = JSON.stringify({
				name: 'Заказ "1"',
				nodes: [{ type: `${name}.myTrackerLogin`, id: 'é' }],
			});
			return Buffer.concat([
				Buffer.from('\ufeff{ "name" : "Вход \\u0416 \u2028",\r\n\t"nodes":[\r\n'),
				Buffer.from(
					` {"id":12345678901234567890,"at":1.0, "type" :"${name}.myTrackerLogin", "disabled":true},`,
				),
				Buffer.from(`{"type":"other.node","parameters":{"type":"n8n-nodes-server-events.myTrackerLogin"}},`),
				Buffer.from(
					`{"parameters":{"workflowJson":${JSON.stringify(inner)}},"type":"n8n-nodes-base.executeWorkflow"},`,
				),
				Buffer.from(
					`{"parameters":{"workflowJson":"\\u007b\\"nodes\\": [{\\"type\\":\\t\\"${name}.myTrackerLoginTool\\"}]}"}},`,
				),
				Buffer.from(
					`{"parameters":{"workflowJson":"={{ $json.nodes }}"}}, null, "${'n8n-nodes-server-events'}" ],\r\n`,
				),
				Buffer.from(
					'"pinData":{"A":[{"json":{"nodes":[{"type":"n8n-nodes-server-events.myTrackerLogin"}]}}]},"bad":"',
				),
				Buffer.from([0xff, 0xc3]),
				Buffer.from('"}'),
			]);
		}) as [Buffer, Buffer];
		const file = join(folder, 'odd.json');
		writeFileSync(file, before);
		const { stdout, stderr } = run(file, '--to', 'n8n-nodes-mytracker');
		expect([stdout, stderr]).toEqual([`${file}: 3 nodes moved to n8n-nodes-mytracker\n`, '']);
		expect(readFileSync(file).toString('latin1')).toBe(after.toString('latin1'));
		run(file, '--to', 'n8n-nodes-server-events');
		expect(readFileSync(file).toString('latin1')).toBe(before.toString('latin1'));
	});

	test('what is not JSON is told so', () => {
		const file = join(folder, 'text.json');
		writeFileSync(file, '{"nodes": [],}');
		const { status, stderr } = run(file, '--to', 'n8n-nodes-mytracker');
		expect([status, stderr]).toEqual([1, expect.stringContaining(`${file}: it is not JSON: `)]);
	});

	test('without a target it says how it is used', () => {
		expect(run().stderr).toBe('Usage: npm run move -- <workflow.json …> --to <package>\n');
	});
});
