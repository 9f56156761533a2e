/** Whole runs in n8n's engine with and without evaluating for many items at once: what comes out is the same. */
import { createRequire } from 'node:module';
import { join } from 'node:path';

import { beforeAll, describe, expect, test } from '@jest/globals';
import type { IExecuteFunctions, INode, INodeExecutionData, INodeParameters, INodeType } from 'n8n-workflow';

import type * as RunModule from '../../../../nodes/engine/run.ts';
import type { Operation } from '../../../../nodes/engine/operation/operation.ts';
import {
	createEngine,
	type Engine,
	type RunOptions,
	type WorkflowJson,
} from '../../../../tools/harness/engine.mts';

const load = createRequire(join(process.cwd(), 'package.json'));
const { run } = load('./dist/nodes/engine/run.js') as typeof RunModule;
const { operations } = load('./dist/index.js') as { operations: readonly Operation[] };
const TYPE = 'n8n-nodes-server-events.myTrackerCustomEvent';
const operation = operations.find(({ name }) => name === 'myTrackerCustomEvent') as Operation;

/** How often n8n was asked, by the last run of each kind. */
const asked = { together: 0, alone: 0, evaluated: 0 };

/** The node as it is, but for the switch. */
const twin = (description: INodeType['description'], evaluatesTogether: boolean): INodeType => ({
	description,
	async execute(this: IExecuteFunctions) {
		const name = evaluatesTogether ? 'together' : 'alone';
		asked[name] = 0;
		asked.evaluated = 0;
		const counted = Object.create(this, {
			getNodeParameter: {
				value: (path: string, index: number, fallback: unknown) => {
					asked[name]++;
					return this.getNodeParameter(path, index, fallback as never) as unknown;
				},
			},
			evaluateExpression: {
				value: (expression: string, index: number) => {
					asked.evaluated++;
					return this.evaluateExpression(expression, index);
				},
			},
		}) as IExecuteFunctions;
		const clock = {
			now: () => 1_766_000_000_000,
			monotonic: () => performance.now(),
			random: () => 0.5,
			sleep: async () => {},
		};
		return await run(counted, operation, { clock, evaluatesTogether });
	},
});

let engine: Engine;
beforeAll(async () => {
	const plain = await createEngine({ packageDirectory: process.cwd() });
	const { description } = plain.nodeTypes[TYPE] as INodeType;
	engine = await createEngine({
		packageDirectory: process.cwd(),
		extraNodes: {
			'test.together': twin(description, true),
			'test.alone': twin(description, false),
			'test.pair': {
				description: { ...description, properties: [], credentials: [] },
				async execute(this: IExecuteFunctions) {
					const { length } = this.getInputData();
					return [
						this.getInputData().map(({ json }, at): INodeExecutionData => {
							const pairedItem = at % 50 === 7 ? undefined : { item: (at + 1) % length };
							return { json: { ...json, edited: at }, ...(pairedItem && { pairedItem }) };
						}),
					];
				},
			},
		},
	});
});

const node = (name: string, type: string, more: Partial<INode> = {}): INode => ({
	id: name,
	name,
	type,
	typeVersion: 1,
	position: [0, 0],
	parameters: {},
	...more,
});

const workflowOf = (type: string, parameters: INodeParameters, more: Partial<INode>): WorkflowJson => ({
	nodes: [
		node('Start', 'n8n-nodes-base.manualTrigger'),
		node('Webhook', 'test.items'),
		node('Edit Fields', 'test.pair'),
		node('Node "1" }}', type, {
			parameters: { ...parameters, options: { preview: true } },
			credentials: { myTrackerApi: { id: 'c', name: 'c' } },
			onError: 'continueRegularOutput',
			...more,
		}),
	],
	connections: {
		Start: { main: [[{ node: 'Webhook', type: 'main', index: 0 }]] },
		Webhook: { main: [[{ node: 'Edit Fields', type: 'main', index: 0 }]] },
		'Edit Fields': { main: [[{ node: more.name ?? 'Node "1" }}', type: 'main', index: 0 }]] },
	},
});

const items = (count: number, more: (at: number) => object = () => ({})) =>
	Array.from({ length: count }, (_, at) => ({
		user: { first: `Ada ${at}`, last: at % 7 === 0 ? undefined : 'Lovelace', id: `u-${at}` },
		at: new Date(1_765_900_000_000 + at * 1_000).toISOString(),
		agent: '5.0 (X11)',
		price: 19.9 + at,
		tags: ['new', `t${at}`],
		...more(at),
	}));

const FORM: INodeParameters = {
	customUserId: '={{ $json.user.id.toUpperCase() }}',
	customEventName: '=event {{ $json.user.first.split(" ")[0] }}',
	customEventParamsMode: 'pairs',
	customEventParams: {
		pair: [
			{ name: 'name', value: '={{ $json.user.first + " " + $json.user.last }}' },
			{ name: '={{ $json.tags[0] }}', value: '={{ $json.tags.join(",") }}' },
			{ name: 'earlier', value: "={{ $('Webhook').item.json.user.id }}" },
			{ name: 'both', value: "={{ $('Webhook').item.json.user.id + $json.edited }}" },
			{ name: 'now', value: '={{ $now.year }}' },
			{ name: 'run', value: '={{ $execution.id }}' },
		],
	},
	common: { eventTimestamp: '={{ DateTime.fromISO($json.at).toSeconds().floor() }}' },
	websites: { userAgent: '=Mozilla/{{ $json.agent }}' },
};

async function bothWays(form: INodeParameters, options: RunOptions, more: Partial<INode> = {}) {
	const outputs = [];
	for (const type of ['test.together', 'test.alone']) {
		const result = await engine.run(workflowOf(type, form, more), {
			credentials: { myTrackerApi: { token: 'T', appId: '1', baseUrl: 'http://127.0.0.1:1' } },
			...options,
		});
		outputs.push({
			status: result.status,
			error: result.error()?.message,
			description: result.error()?.description,
			items: result.nodeOutputs(more.name ?? 'Node "1" }}'),
			hints: result.hints(more.name ?? 'Node "1" }}'),
			// An empty one is left behind, as n8n makes it.
			context: Object.values(result.contextData).filter((own) => Object.keys(own).length > 0),
		});
	}
	const [together, alone] = outputs;
	expect(together).toEqual(alone);
	return together as NonNullable<typeof together>;
}

describe('both ways give the same output', () => {
	test('for a form of many kinds of expressions', async () => {
		const { items: output, status } = await bothWays(
			FORM,
			{ items: { Webhook: items(200) as never } },
			{ name: 'Node' },
		);
		expect(status).toBe('success');
		const requests = (output[0] ?? []).filter(({ json }) => 'request' in json);
		expect(requests).toHaveLength(10);
		expect(JSON.stringify(requests[0]?.json)).toContain('event Ada');
		// Samples and first kinds for ten fields, and the one that reads the clock for every item; ten for every item else.
		expect(asked.alone).toBeGreaterThan(1_800);
		expect(asked.together).toBeLessThan(400);
	});

	test('with a node name that could be taken for code', async () => {
		const { items: output } = await bothWays(FORM, { items: { Webhook: items(60) as never } });
		expect(output[0]?.length).toBeGreaterThanOrEqual(3);
	});

	test('for items that hold what JSON does not', async () => {
		const odd = [
			new Date(0),
			10n,
			'a\0b',
			'\ud83d',
			-0,
			null,
			{ toString: 1 },
			[undefined],
			() => 1,
			Number.NaN,
		];
		const webhook = items(100, (at) =>
			at % 5 === 0 ? { price: odd[at / 5], user: { id: odd[(at / 5 + 3) % 10] } } : {},
		);
		const form: INodeParameters = {
			customUserId: '={{ $json.user.id + "" }}',
			customEventName: '=e{{ $json.price }}',
			customEventParamsMode: 'json',
			customEventParamsJson: '={{ { price: $json.price, id: $json.user.id, n: $itemIndex } }}',
		};
		await bothWays(form, { items: { Webhook: webhook as never } }, { name: 'Node' });
	});

	test('where expressions throw', async () => {
		const form = {
			...FORM,
			customUserId: "={{ $('Edit Fields').item.json.user.id.first() + $json.user.id.isEven() }}",
		};
		await bothWays(form, { items: { Webhook: items(60) as never } }, { name: 'Node' });
	});

	test.each(['stopWorkflow', 'continueErrorOutput'] as const)('with On Error at %s', async (onError) => {
		const webhook = items(60, (at) => (at === 33 ? { user: {} } : {}));
		await bothWays(FORM, { items: { Webhook: webhook as never } }, { name: 'Node', onError });
	});

	test('with Execute Once, and with few items', async () => {
		await bothWays(FORM, { items: { Webhook: items(60) as never } }, { name: 'Node', executeOnce: true });
		await bothWays(FORM, { items: { Webhook: items(3) as never } }, { name: 'Node' });
		expect(asked.evaluated).toBe(0);
	});

	test('with pinned data before the node', async () => {
		const pinned = items(40).map((json, at) => ({ json: { ...json, edited: at } })) as never;
		const { status } = await bothWays(
			FORM,
			{ items: { Webhook: items(40) as never }, pinData: { 'Edit Fields': pinned } },
			{ name: 'Node' },
		);
		expect(status).toBe('success');
	});
});

test('nothing stays in the context of the node, and the items stay as they are', async () => {
	const webhook = items(80);
	const before = structuredClone(webhook);
	const { context } = await bothWays(FORM, { items: { Webhook: webhook as never } }, { name: 'Node' });
	expect(context).toEqual([]);
	expect(webhook).toEqual(before);
});

test('in a tool n8n evaluates every expression', async () => {
	const { run: result } = await engine.runAsTool(
		{ type: 'test.together', parameters: FORM, credentials: { myTrackerApi: { id: 'c', name: 'c' } } },
		{},
		{ credentials: { myTrackerApi: { token: 'T', appId: '1', baseUrl: 'http://127.0.0.1:1' } } },
	);
	expect([result.status, asked.evaluated]).toEqual(['success', 0]);
});
