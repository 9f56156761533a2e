/**
 * The recipes of `workflows/recipes/`: made of what the nodes really have, and sending what their samples promise. They use
 * nodes of n8n that only the real n8n has; there they run in the end-to-end test, here those nodes are stood in for.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type {
	INode,
	INodeParameters,
	INodeProperties,
	INodePropertyCollection,
	INodePropertyOptions,
	INodeTypeDescription,
	IPinData,
} from 'n8n-workflow';
import type * as N8nWorkflow from 'n8n-workflow';

import { ownNodes, PACKAGE, readExamples, readRecipes, type Example } from '../../tools/demo/examples.mts';
import { recipeAnnouncements } from '../../tools/demo/expectations.mts';
import { runExample } from '../../tools/demo/run.mts';
import { secretsOf } from '../../tools/sandbox/credentials.mts';
import { startSandbox, type Fault, type Sandbox, type Vendor } from '../../tools/sandbox/server.mts';
import { letPass, recipeNodes } from '../../tools/harness/recipe-nodes.mts';
import { createEngine, type Engine, type RunResult } from '../../tools/harness/engine.mts';
import { ProcessedData } from '../../tools/harness/processedData.mts';

const root = process.cwd();
const folder = join(root, 'workflows', 'recipes');
const recipes = readExamples(folder, []);
const { NodeHelpers } = createRequire(join(root, 'package.json'))('n8n-workflow') as typeof N8nWorkflow;

/** n8n's own nodes that the recipes use, in the versions in which the end-to-end test has run them. */
const FOREIGN = new Set([
	'@n8n/n8n-nodes-langchain.mcpTrigger 2',
	'n8n-nodes-base.code 2',
	'n8n-nodes-base.dataTable 1.1',
	'n8n-nodes-base.if 2.2',
	'n8n-nodes-base.manualTrigger 1',
	'n8n-nodes-base.merge 3',
	'n8n-nodes-base.scheduleTrigger 1.2',
	'n8n-nodes-base.stickyNote 1',
	'n8n-nodes-base.stopAndError 1',
	'n8n-nodes-base.webhook 2',
]);
/** What n8n puts before the parameters of a tool twin. */
const OF_A_TOOL: INodeProperties[] = [
	{
		displayName: 'Tool Description',
		name: 'descriptionType',
		type: 'options',
		default: 'auto',
		options: [
			{ name: 'Set Automatically', value: 'auto' },
			{ name: 'Set Manually', value: 'manual' },
		],
	},
	{ displayName: 'Description', name: 'toolDescription', type: 'string', default: '', required: true },
];

let engine: Engine;
let sandbox: Sandbox;

beforeAll(async () => {
	[engine, sandbox] = [await createEngine({ packageDirectory: root }), await startSandbox()];
});
beforeEach(() => sandbox.reset());
afterAll(async () => {
	await engine.close();
	await sandbox.close();
});

const isTool = ({ type }: INode) => type.endsWith('Tool');
const nodeTypeOf = ({ type }: INode) => engine.nodeTypes[type.replace(/Tool$/, '')];

function descriptionOf(node: INode): INodeTypeDescription {
	const found = nodeTypeOf(node)?.description;
	if (!found) throw new Error(`Unknown type ${node.type}`);
	return isTool(node) ? { ...found, properties: [...OF_A_TOOL, ...found.properties] } : found;
}

/** Every value given, by its path; an empty collection counts as one. */
function leaves(value: unknown, path = ''): Array<[string, unknown]> {
	if (typeof value !== 'object' || value === null || Object.keys(value).length === 0) return [[path, value]];
	return Object.entries(value).flatMap(([name, member]) => leaves(member, path ? `${path}.${name}` : name));
}

/** What n8n would drop of a node's parameters, since its form has no such name or does not show it there. */
function dropped(node: INode): string[] {
	const description = descriptionOf(node);
	const kept = NodeHelpers.getNodeParameters(
		description.properties,
		node.parameters,
		true,
		false,
		node,
		description,
	);
	const known = new Map(leaves(kept as INodeParameters));
	return leaves(node.parameters).flatMap(([path, value]) =>
		known.get(path) === value || path === 'options' ? [] : [path],
	);
}

/** The values of each choice of a form, by path without indexes. */
function choicesOf(properties: readonly INodeProperties[], prefix = ''): Array<[string, unknown[]]> {
	return properties.flatMap(({ name, type, options }): Array<[string, unknown[]]> => {
		const path = `${prefix}${name}`;
		// A list that the vendor gives has no choices here.
		if (type === 'options')
			return options ? [[path, (options as INodePropertyOptions[]).map(({ value }) => value)]] : [];
		if (type === 'collection') return choicesOf((options ?? []) as INodeProperties[], `${path}.`);
		if (type !== 'fixedCollection') return [];
		return ((options ?? []) as INodePropertyCollection[]).flatMap((part) =>
			choicesOf(part.values, `${path}.${part.name}.`),
		);
	});
}

/** What n8n would mark red: a required field left empty, a choice that the form does not have. */
function issues(node: INode): string[] {
	const description = descriptionOf(node);
	const found = NodeHelpers.getNodeParametersIssues(description.properties, node, description);
	const choices = choicesOf(description.properties);
	const wrong = leaves(node.parameters).flatMap(([at, value]) => {
		const path = at.replace(/\.\d+(?=\.|$)/g, '');
		const named = choices.filter(([name]) => name === path);
		if (named.length === 0 || String(value).startsWith('=')) return [];
		return named.some(([, values]) => values.includes(value))
			? []
			: [`${path} has no choice '${String(value)}'`];
	});
	return [...Object.values(found?.parameters ?? {}).flat(), ...wrong];
}

const named = (file: string): Example => {
	const found = recipes.find((one) => one.file === file);
	if (!found) throw new Error(`No recipe ${file}`);
	return found;
};

test('the recipes are there, with ids of their own', () => {
	expect(recipes.map(({ file }) => file).sort()).toEqual([
		'did-last-night-arrive.json',
		'mcp-server.json',
		'nightly-appmetrica-csv.json',
		'nightly-revenue.json',
		'send-good-then-fail.json',
		'webhook-order.json',
		'webhook-paid-order.json',
		'webhook-refund.json',
		'webhook-sign-up.json',
	]);
	const examples = readExamples(join(root, 'workflows'), []);
	const ids = [...recipes, ...examples].map(({ workflow }) => workflow.id ?? '');
	expect(new Set(ids).size).toBe(ids.length);
	expect(ids.filter((id) => !/^[A-Za-z0-9]{1,21}$/.test(id))).toEqual([]);
});

describe.each(recipes.map((recipe) => ({ name: recipe.file, recipe })))('$name', ({ name, recipe }) => {
	const { workflow } = recipe;
	const byType = (type: string) => workflow.nodes.filter((node) => node.type === type);

	test('is made of known nodes', () => {
		const unknown = workflow.nodes.filter((node) =>
			node.type.startsWith(`${PACKAGE}.`)
				? !nodeTypeOf(node)
				: !FOREIGN.has(`${node.type} ${node.typeVersion}`),
		);
		expect(unknown.map(({ type, typeVersion }) => `${type} ${typeVersion}`)).toEqual([]);
		expect(ownNodes(recipe).length).toBeGreaterThanOrEqual(1);
		for (const node of ownNodes(recipe)) expect(node.typeVersion).toBe(descriptionOf(node).version);
	});

	test('is wired to nodes that exist, each from a trigger', () => {
		const names = workflow.nodes.map((node) => node.name);
		expect(new Set(names).size).toBe(names.length);
		expect(new Set(workflow.nodes.map(({ id }) => id)).size).toBe(names.length);
		const links = Object.entries(workflow.connections).flatMap(([from, types]) =>
			Object.values(types).flatMap((outputs) =>
				outputs.flatMap((targets) => (targets ?? []).map(({ node }) => ({ from, to: node }))),
			),
		);
		expect(links.flatMap(({ from, to }) => [from, to]).filter((one) => !names.includes(one))).toEqual([]);
		const linked = new Set(links.flatMap(({ from, to }) => [from, to]));
		expect(
			workflow.nodes.filter((node) => node.type !== 'n8n-nodes-base.stickyNote' && !linked.has(node.name)),
		).toEqual([]);
	});

	test('names in its expressions only nodes that it has', () => {
		const text = JSON.stringify(workflow.nodes);
		const asked = [...text.matchAll(/\$\('([^']+)'\)/g)].map(([, node]) => node);
		expect(asked.filter((node) => !workflow.nodes.some((one) => one.name === node))).toEqual([]);
	});

	test('gives the parameters that the forms have, as n8n itself checks them', () => {
		for (const node of ownNodes(recipe))
			expect({ node: node.name, dropped: dropped(node), issues: issues(node) }).toEqual({
				node: node.name,
				dropped: [],
				issues: [],
			});
	});

	test('names the credentials as the examples do', () => {
		const known = readExamples(join(root, 'workflows'), [])
			.flatMap(ownNodes)
			.map(({ credentials }) => JSON.stringify(credentials));
		for (const node of ownNodes(recipe)) {
			expect(Object.keys(node.credentials ?? {})).toEqual(
				(nodeTypeOf(node).description.credentials ?? []).map((one) => one.name),
			);
			expect(known).toContain(JSON.stringify(node.credentials));
		}
	});

	test('wires an error output exactly where On Error uses it', () => {
		for (const { name: node, onError } of ownNodes(recipe).filter((one) => !isTool(one))) {
			const outputs = workflow.connections[node]?.main.length ?? 0;
			const wanted = onError === 'continueErrorOutput' ? [2] : [0, 1];
			expect({ node, outputs, isRight: wanted.includes(outputs) }).toEqual({ node, outputs, isRight: true });
		}
	});

	test('explains itself, says what to set, and is not live when it comes in', () => {
		const notes = byType('n8n-nodes-base.stickyNote').map(({ parameters }) => String(parameters.content));
		expect(notes.length).toBeGreaterThanOrEqual(2);
		expect(notes[0]).toContain('**To use it**');
		expect(notes[0]).toMatch(/credential/);
		// What stands in bold type is called what the editor calls it.
		const tables = workflow.nodes.flatMap(({ parameters }) =>
			parameters.tableName ? [String(parameters.tableName)] : [],
		);
		const called = [
			...workflow.nodes.map((node) => node.name),
			...tables,
			'To use it',
			'Continue (using error output)',
			'Stop Workflow',
		];
		const bold = notes.flatMap((note) => [...note.matchAll(/\*\*([^*]+)\*\*/g)].map(([, word]) => word));
		expect(bold.filter((word) => !called.includes(word))).toEqual([]);
		expect(workflow).toMatchObject({ active: false });
	});

	test('has its nodes and notes side by side, none on top of another', () => {
		const NODE = 96;
		/** The name below a node, in one or two lines. */
		const LABEL = 44;
		const boxes = workflow.nodes.map(({ name, type, position: [x, y], parameters }) =>
			type === 'n8n-nodes-base.stickyNote'
				? { name, x, y, right: x + Number(parameters.width), below: y + Number(parameters.height) }
				: { name, x, y, right: x + NODE, below: y + NODE + LABEL },
		);
		const overlaps = boxes.flatMap((one, at) =>
			boxes
				.slice(at + 1)
				.filter(
					(other) => one.x < other.right && other.x < one.right && one.y < other.below && other.y < one.below,
				)
				.map((other) => `${one.name} and ${other.name}`),
		);
		expect(overlaps).toEqual([]);
	});

	test('names no path of a machine, no host but example hosts, no secret', () => {
		const text = readFileSync(join(folder, name), 'utf8');
		expect(text).not.toMatch(/"\/(?:home|root|tmp|work|Users|var|etc)\/|[A-Z]:\\\\|file:\/\//);
		const hosts = [...text.matchAll(/(?:https?:\/\/|@)([\w.-]+\.[a-z]{2,})/gi)].map(([, host]) =>
			host.toLowerCase(),
		);
		expect(hosts.filter((host) => !/(^|\.)example(\.com)?$/.test(host))).toEqual([]);
		for (const secret of secretsOf(sandbox.credentials)) expect(text).not.toContain(secret);
	});
});

test('the check of parameters misses nothing', () => {
	const [node] = ownNodes(named('webhook-sign-up.json'));
	const changed = (parameters: INodeParameters): INode => ({
		...node,
		parameters: { ...node.parameters, ...parameters },
	});
	expect(dropped(changed({ surname: 'x' }))).toEqual(['surname']);
	expect(dropped(changed({ common: { surname: 'x' } }))).toEqual(['common.surname']);
	expect(dropped(changed({ options: { speed: 1 } }))).toEqual(['options.speed']);
	expect(dropped(changed({ inputField: 'body' }))).toEqual(['inputField']);
	expect(issues(changed({ sendAs: 'both' }))).toEqual(["sendAs has no choice 'both'"]);
	expect(issues(changed({ common: { connectionType: '7' } }))).toEqual([
		"common.connectionType has no choice '7'",
	]);
	expect(issues(changed({ customUserId: '' }))).toHaveLength(1);
});

// ---------------------------------------------------------------------------------------------------------------------
// Their own nodes, run

/** A recipe in which only the nodes of this package work: all else gives what is pinned, or passes its items on. */
async function run({ workflow }: Example, startNode: string, pinData: IPinData): Promise<RunResult> {
	const nodes = workflow.nodes.map((node): INode => {
		if (node.type.startsWith(`${PACKAGE}.`) || engine.nodeTypes[node.type]) return node;
		return { ...node, type: 'n8n-nodes-base.noOp', typeVersion: 1, parameters: {} };
	});
	return await engine.run(
		{ ...workflow, nodes },
		{ startNode, pinData, credentials: { ...sandbox.credentials } },
	);
}

const statuses = (result: RunResult, node: string) =>
	result
		.nodeOutputs(node)
		.map((items) =>
			items.map(
				({ json }) =>
					((json.delivery ?? (json.details as { delivery: unknown }).delivery) as { status: string }).status,
			),
		);

const pinned = (file: string): IPinData => structuredClone(named(file).workflow.pinData ?? {});

/** A shop that posts the pinned sample of a recipe; n8n keeps its table from post to post. */
async function shopOf(file: string, startNode: string) {
	const whole = await createEngine({ packageDirectory: root, extraNodes: recipeNodes().nodes });
	const processedData = new ProcessedData();
	const { workflow } = named(file);
	return {
		post: async (deactivated: readonly string[] = []): Promise<RunResult> => {
			const nodes = workflow.nodes.map((node) =>
				deactivated.includes(node.name) ? { ...node, disabled: true } : node,
			);
			const credentials = { ...sandbox.credentials };
			return await whole.run({ ...workflow, nodes }, { startNode, credentials, processedData });
		},
		close: async () => await whole.close(),
	};
}

/** Those that the demo leaves out: they need a client of their own, or rows of yours. */
const NOT_IN_THE_DEMO = ['mcp-server.json', 'nightly-appmetrica-csv.json', 'send-good-then-fail.json'];

describe('the whole recipe, with stand-ins for the nodes of n8n', () => {
	test('runs in the demo, but for those that are named', () => {
		const announced = Object.keys(recipeAnnouncements).map((file) => file.replace('recipes/', ''));
		expect([...announced, ...NOT_IN_THE_DEMO].sort()).toEqual(recipes.map(({ file }) => file).sort());
	});

	test.each(Object.entries(recipeAnnouncements))('%s goes as announced', async (file, announced) => {
		const { nodes: extraNodes, tables } = recipeNodes();
		const whole = await createEngine({ packageDirectory: root, extraNodes });
		Object.assign(sandbox.appMetrica, { exportPolls: 0 });
		const [example] = readRecipes(join(root, 'workflows'), [file]);
		const { deviations } = await runExample(example, { engine: whole, sandbox, announced, tables });
		await whole.close();
		expect(deviations).toEqual([]);
	});

	test('an event that is not there yet is looked for again, until it is missing', async () => {
		const { nodes: extraNodes, tables } = recipeNodes();
		const whole = await createEngine({ packageDirectory: root, extraNodes });
		Object.assign(sandbox.appMetrica, { exportPolls: 0 });
		const { workflow } = named('did-last-night-arrive.json');
		const start = async (startNode: string) =>
			await whole.run(workflow, { startNode, credentials: { ...sandbox.credentials } });
		const arrivals = () => {
			const counts: Record<string, number> = {};
			for (const { arrival } of tables.get('sent_events') ?? [])
				counts[String(arrival)] = (counts[String(arrival)] ?? 0) + 1;
			return counts;
		};
		await start('Once: create the tables');
		await start('Every night at 3');
		expect(arrivals()).toEqual({ open: 1_000 });
		expect((await start('Every morning at 10')).error()).toBeUndefined();
		expect(arrivals()).toEqual({ found: 997, tooEarly: 3 });
		letPass(tables, 4);
		const second = await start('Every morning at 10');
		expect(second.nodeOutputs('Not found yet')[0]).toHaveLength(3);
		expect(second.error()?.message).toBe(
			'3 of 3 events did not arrive in AppMetrica: A-0018, A-0401, A-1000',
		);
		expect(arrivals()).toEqual({ found: 997, missing: 3 });
		expect((await start('Every morning at 10')).runs('Did they arrive?')).toBe(0);
		await whole.close();
	});
});

describe('what leaves', () => {
	test.each([
		{
			file: 'webhook-sign-up.json',
			start: 'Sign-up',
			sent: ['Registration in MyTracker', 'Sign-up in Gravity Field'],
		},
		{
			file: 'webhook-order.json',
			start: 'Order',
			sent: ['Confirmation in Vibetrace', 'Purchase in Gravity Field'],
		},
	])('$file: the pinned sample is taken by both vendors', async ({ file, start, sent }) => {
		const result = await run(named(file), start, pinned(file));
		expect(result.status).toBe('success');
		for (const node of sent) expect(statuses(result, node)[0]).toEqual(['accepted']);
		expect(sandbox.requests).toHaveLength(2);
	});

	/** What a vendor stored while a recipe was started twice with its own sample. */
	const storedBy = async (file: string, start: string, ...vendors: Vendor[]) => {
		const { post, close } = await shopOf(file, start);
		for (let time = 0; time < 2; time++) expect((await post()).status).toBe('success');
		await close();
		return vendors.map((vendor) => sandbox.stored(vendor).map(({ operation, event }) => [operation, event]));
	};

	test('webhook-paid-order.json: each vendor gets the order in its own words, once', async () => {
		const [myTracker, appMetrica, vibetrace] = await storedBy(
			'webhook-paid-order.json',
			'Paid order',
			'myTracker',
			'appMetrica',
			'vibetrace',
		);
		expect(myTracker).toEqual([
			[
				'order',
				{
					customUserId: 'crm-10045',
					eventTimestamp: '1795588200',
					order_id: 'ORD-9100',
					status: 'PAY',
					items: [
						{ item_id: '00912', item_name: 'Green tea', quantity: '2', price: '349.9' },
						{ item_id: '00930', item_name: 'Teapot', quantity: '1', price: '1990' },
					],
					currency_code: 'RUB',
				},
			],
		]);
		expect(appMetrica).toEqual([
			[
				'revenue',
				{
					application_id: '1111',
					profile_id: 'crm-10045',
					revenue_event_type: 'one_time_purchase',
					event_timestamp: '1795588200',
					price: '2689.8',
					currency: 'RUB',
					product_id: 'shop_order',
					order_id: 'ORD-9100',
				},
			],
		]);
		expect(vibetrace).toEqual([
			['user', { email: 'ana+shop@example.com', firstname: 'Ana' }],
			[
				'createEvent',
				{
					user: { email: 'ana+shop@example.com' },
					event: {
						confirmation: {
							generic: { orderId: 'ORD-9100', total: 2689.8, currency: 'RUB' },
							items: [
								{ id: '00912', quantity: 2 },
								{ id: '00930', quantity: 1 },
							],
						},
					},
				},
			],
		]);
		// Two starts, one order.
		expect(sandbox.requests).toHaveLength(4);
	});

	test('webhook-refund.json: the products that came back, and the amount below zero, once', async () => {
		const [myTracker, appMetrica] = await storedBy(
			'webhook-refund.json',
			'Refund',
			'myTracker',
			'appMetrica',
		);
		expect(myTracker).toEqual([
			[
				'order',
				{
					customUserId: 'crm-10045',
					eventTimestamp: '1795618800',
					order_id: 'ORD-9100',
					status: 'REFUND',
					items: [{ item_id: '00912', item_name: 'Green tea', quantity: '1', price: '349.9' }],
					currency_code: 'RUB',
				},
			],
		]);
		expect(appMetrica).toEqual([
			[
				'revenue',
				{
					application_id: '1111',
					profile_id: 'crm-10045',
					revenue_event_type: 'refund',
					event_timestamp: '1795618800',
					price: '-349.9',
					currency: 'RUB',
					product_id: 'shop_order',
					transaction_id: 'REF-77',
					order_id: 'ORD-9100',
				},
			],
		]);
		expect(sandbox.requests).toHaveLength(2);
	});

	// The nodes in the order in which n8n runs them; each makes one request.
	const posted = [
		{
			file: 'webhook-order.json',
			start: 'Order',
			nodes: ['Confirmation in Vibetrace', 'Purchase in Gravity Field'],
		},
		{
			file: 'webhook-paid-order.json',
			start: 'Paid order',
			nodes: ['Order in MyTracker', 'Revenue in AppMetrica', 'Customer in Vibetrace', 'Order in Vibetrace'],
		},
		{ file: 'webhook-refund.json', start: 'Refund', nodes: ['Refund in MyTracker', 'Refund in AppMetrica'] },
	].flatMap(({ file, start, nodes }) => nodes.map((node, at) => ({ file, start, nodes, node, at })));
	const deliveriesOf = (result: RunResult, nodes: readonly string[]) =>
		nodes.map((node) => result.nodeOutputs(node)[0]?.[0]?.json.delivery);
	const ACCEPTED = expect.objectContaining({ status: 'accepted', request: 1 });
	const ACCEPTED_BEFORE = expect.objectContaining({ status: 'accepted', duplicate: true });

	describe.each([
		['refuses it', { status: 400, body: '{"error": "Bad Request"}' }],
		['does not know the account', { status: 403 }],
	] as Array<[string, Fault]>)('a vendor %s', (_, fault) => {
		test.each(posted)(
			'$file, in $node: a second post reaches that vendor and those that were not reached, a third one nobody',
			async ({ file, start, nodes, at }) => {
				const { post, close } = await shopOf(file, start);
				let requests = 0;
				sandbox.faults.always(() => (requests++ === at ? fault : undefined));
				expect((await post()).status).toBe('error');
				expect(sandbox.requests).toHaveLength(at + 1);

				const second = await post();
				expect(second.status).toBe('success');
				expect(deliveriesOf(second, nodes)).toEqual(
					nodes.map((_node, place) => (place < at ? ACCEPTED_BEFORE : ACCEPTED)),
				);
				const third = await post();
				expect(deliveriesOf(third, nodes)).toEqual(nodes.map(() => ACCEPTED_BEFORE));
				expect(sandbox.requests).toHaveLength(nodes.length + 1);
				await close();
			},
		);
	});

	test.each(posted.filter(({ node }) => !node.endsWith('Vibetrace')))(
		'$file: an order that the vendor of $node may have stored does not go there again',
		async ({ file, start, nodes, at }) => {
			const { post, close } = await shopOf(file, start);
			let requests = 0;
			sandbox.faults.always(() => (requests++ === at ? { reset: 'afterStoring' } : undefined));
			for (let time = 0; time < 2; time++) expect((await post()).status).toBe('error');
			expect(sandbox.requests).toHaveLength(at + 1);

			// As the note says: it is there, so the node is deactivated for a post.
			const last = await post([nodes[at]]);
			expect(last.status).toBe('success');
			expect(sandbox.requests).toHaveLength(nodes.length);
			await close();
		},
	);

	test('nightly-revenue.json: one CSV file, digits and capitals as AppMetrica wants them', async () => {
		const { nodes: extraNodes } = recipeNodes();
		const whole = await createEngine({ packageDirectory: root, extraNodes });
		for (const startNode of ['Once: create the table', 'Every night at 3', 'Every night at 3'])
			await whole.run(named('nightly-revenue.json').workflow, {
				startNode,
				credentials: { ...sandbox.credentials },
			});
		await whole.close();
		expect(sandbox.requests).toHaveLength(1);
		const [header, ...rows] = sandbox.requests[0].body.toString().trimEnd().split('\n');
		expect(header).toBe(
			'application_id,profile_id,revenue_event_type,event_timestamp,price,currency,product_id,quantity,order_id',
		);
		expect(rows.map((row) => row.replace(/,17\d{8},/, ',<time>,'))).toEqual([
			'1111,c-000451,one_time_purchase,<time>,349.9,RUB,tea_green,2,ORD-1',
			'1111,0000000452,one_time_purchase,<time>,1990,RUB,teapot,1,ORD-2',
			'1111,c-000453,one_time_purchase,<time>,5000,EUR,gift_card,1,ORD-3',
		]);
	});

	test('webhook-sign-up.json: neither address nor number leaves', async () => {
		await run(named('webhook-sign-up.json'), 'Sign-up', pinned('webhook-sign-up.json'));
		const [{ event }] = sandbox.stored('gravityField');
		expect(event).toMatchObject({
			type: 'signup-v1',
			hashedEmail: expect.stringMatching(/^[0-9a-f]{64}$/),
			cuid: expect.stringMatching(/^[0-9a-f]{64}$/),
		});
	});

	test('webhook-sign-up.json: a sign-up with the least that a site knows is taken', async () => {
		const pinData: IPinData = {
			'Sign-up': [{ json: { body: { user: { id: '7' }, visitor: { session: 's-7' } } } }],
		};
		const result = await run(named('webhook-sign-up.json'), 'Sign-up', pinData);
		expect(
			[statuses(result, 'Registration in MyTracker'), statuses(result, 'Sign-up in Gravity Field')].flat(2),
		).toEqual(['accepted', 'accepted']);
	});

	test('send-good-then-fail.json: the good rows are sent in one request, the bad ones leave by the error output', async () => {
		const happenedAt = new Date(Date.now() - 60_000).toISOString();
		const rows = [
			{ userId: '1', event: 'order_paid', sum: '4299.00', happenedAt },
			{ userId: '2', event: 'order_paid', sum: '780', happenedAt: '24.11.2026 10:20' },
			{ userId: '', event: 'order_paid', sum: '99', happenedAt },
			{ userId: '4', event: 'order_paid', sum: '1250', happenedAt },
		];
		const result = await run(named('send-good-then-fail.json'), 'Start', {
			'Rows to send': rows.map((json) => ({ json })),
		});
		expect(statuses(result, 'Send to MyTracker')).toEqual([
			['accepted', 'accepted'],
			['invalid', 'invalid'],
		]);
		expect(sandbox.requests).toHaveLength(1);
		const [, failed] = result.nodeOutputs('Send to MyTracker');
		// Their own columns stand beside the reason, so that the message can name them.
		expect(failed?.map(({ json }) => [json.userId, typeof json.error])).toEqual([
			['2', 'string'],
			['', 'string'],
		]);
		expect(result.runs('Fail with the reasons')).toBe(1);
	});

	test('nightly-appmetrica-csv.json: one file for all rows, what fails comes back as it was kept', async () => {
		const happenedAt = new Date(Date.now() - 3_600_000).toISOString();
		const rows = ['0001', '0002', '0003'].map((profileId, at) => ({
			json: {
				id: at + 1,
				profileId,
				eventName: 'order_paid',
				happenedAt: at === 1 ? '2020-01-01T00:00:00Z' : happenedAt,
				params: '{"sum":1}',
				os: 'ios',
				appVersion: '16.10',
				status: '',
			},
		}));
		const first = await run(named('nightly-appmetrica-csv.json'), 'Every night at 3', {
			'Rows not sent yet': rows,
		});
		expect(statuses(first, 'Upload to AppMetrica')).toEqual([['accepted', 'accepted'], ['invalid']]);
		expect(sandbox.requests).toHaveLength(1);

		const [failed] = first.nodeOutputs('Upload to AppMetrica')[1];
		const { event } = failed.json.details as { event: Record<string, unknown> };
		const kept = [
			{ json: { id: 1, status: 'fixed', event: JSON.stringify({ ...event, event_timestamp: happenedAt }) } },
		];
		const second = await run(named('nightly-appmetrica-csv.json'), 'Every night at 4', {
			'Failed before': kept,
		});
		expect(statuses(second, 'Send again')).toEqual([['accepted'], []]);
		expect(sandbox.stored('appMetrica').map((stored) => stored.event.profile_id)).toEqual([
			'0001',
			'0003',
			'0002',
		]);
	});

	test.each([
		{
			node: 'Record event',
			args: { event_name: 'asked_for_refund', user_id: '0042', topic: 'late delivery' },
		},
		{ node: 'Ask for contact', args: { email: 'ana@example.com', wish: 'bicycles' } },
	])('mcp-server.json: a model may call $node', async ({ node, args }) => {
		const tool = named('mcp-server.json').workflow.nodes.find(({ name }) => name === node) as INode;
		const { response, error } = await engine.runAsTool(
			{ ...tool, type: tool.type.replace(/Tool$/, '') },
			args,
			{ credentials: { ...sandbox.credentials } },
		);
		expect(error).toBeUndefined();
		expect(
			(JSON.parse(response ?? '[]') as Array<{ delivery: object }>).map(({ delivery }) => delivery),
		).toEqual([expect.objectContaining({ status: 'accepted' })]);
		expect(sandbox.requests).toHaveLength(1);
		expect(JSON.stringify([...sandbox.stored('myTracker'), ...sandbox.stored('vibetrace')])).toContain(
			'agent_',
		);
	});
});
