/** The examples and recipes by n8n's own workflow validator, the one by which its AI builder judges what it has made. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { beforeAll, describe, expect, test } from '@jest/globals';
import { validateWorkflowBuilder, workflow, type WorkflowJSON } from '@n8n/workflow-sdk';
import type { INodeType, INodeTypes } from 'n8n-workflow';

import { loadPack } from '../../tools/harness/engine.mts';

const folder = join(process.cwd(), 'workflows');
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
	name.endsWith('.json'),
);
const read = (name: string) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as WorkflowJSON;

/** Our nodes by their descriptions; of n8n's own the validator knows what it needs. */
let nodeTypes: INodeTypes;
beforeAll(async () => {
	const { nodes } = await loadPack(process.cwd());
	const find = (type: string) => nodes[type] as INodeType;
	nodeTypes = { getByName: find, getByNameAndVersion: find, getKnownTypes: () => ({}) };
});

/** It knows a node's output by the first sample item only, so it misses fields that the other items have. */
const ONLY_FIRST_ITEM = new Set(['INVALID_EXPRESSION_PATH', 'PARTIAL_EXPRESSION_PATH']);

const findings = (json: WorkflowJSON) =>
	validateWorkflowBuilder(workflow.fromJSON(json), { nodeTypesProvider: nodeTypes })
		.issues.filter(({ code }) => !ONLY_FIRST_ITEM.has(code))
		.map(({ code, message }) => `${code}: ${message}`);

describe('the validator finds nothing in', () => {
	test.each(files)('%s', (name) => {
		expect(findings(read(name))).toEqual([]);
	});
});

describe('a broken workflow is refused', () => {
	const example = files.find((name) => name.startsWith('mytracker-custom-event')) ?? '';
	const broken = (change: (json: WorkflowJSON) => void) => {
		const json = structuredClone(read(example));
		change(json);
		return findings(json).join('\n');
	};
	const ours = (json: WorkflowJSON) =>
		json.nodes.find(({ type }) =>
			type.startsWith('n8n-nodes-server-events.'),
		) as WorkflowJSON['nodes'][number];

	test('with a node that nothing leads to', () => {
		expect(
			broken((json) => {
				json.connections = {};
			}),
		).toContain('DISCONNECTED_NODE');
	});

	test('with an expression that is not switched on', () => {
		expect(
			broken((json) => {
				ours(json).parameters = { customEventName: '{{ $json.name }}' };
			}),
		).toContain('MISSING_EXPRESSION_PREFIX');
	});

	test('with $fromAI in a node that is no tool', () => {
		expect(
			broken((json) => {
				ours(json).parameters = { customEventName: '={{ $fromAI("name") }}' };
			}),
		).toContain('FROM_AI_IN_NON_TOOL');
	});

	test('with a second output that our node does not have', () => {
		expect(
			broken((json) => {
				const { name } = ours(json);
				const target = json.nodes[0]?.name ?? '';
				json.connections[name ?? ''] = { main: [[], [], [{ node: target, type: 'main', index: 0 }]] };
			}),
		).toMatch(/OUTPUT|CIRCULAR/);
	});
});
