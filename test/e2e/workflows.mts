/** Workflows of the end-to-end test's own, beside the examples of `workflows/`. */
import { packageJson } from '../../tools/scripts/real-n8n.mts';
import type { Workflow } from '../../tools/scripts/real-n8n.mts';
import { TOOL_CALLS } from '../support/tool-calls/index.mts';

type Node = Workflow['nodes'][number];

const PACKAGE = packageJson().name;
let position = 0;

const node = (
	name: string,
	type: string,
	typeVersion: number,
	parameters: Record<string, unknown>,
	more: object = {},
): Node => ({
	id: `e2e-${++position}`,
	name,
	type,
	typeVersion,
	position: [position * 220, 0],
	parameters,
	...more,
});
const ours = (name: string, type: string, parameters: Record<string, unknown>, more: object = {}) =>
	node(name, `${PACKAGE}.${type}`, 1, parameters, more);
const start = () => node('Start', 'n8n-nodes-base.manualTrigger', 1, {});
const items = (name: string, list: object[]) =>
	node(name, 'n8n-nodes-base.code', 2, {
		jsCode: `return ${JSON.stringify(list.map((json) => ({ json })))};`,
	});
const one = (name: string, json: object) =>
	node(name, 'n8n-nodes-base.set', 3.4, { mode: 'raw', jsonOutput: JSON.stringify(json), options: {} });

/** Nodes one after another, each wired to the next. */
function chain(id: string, name: string, nodes: Node[]): Workflow {
	const connections = Object.fromEntries(
		nodes
			.slice(0, -1)
			.map((from, index) => [
				from.name,
				{ main: [[{ node: nodes[index + 1].name, type: 'main', index: 0 }]] },
			]),
	);
	return { id, name, nodes, connections, settings: { executionOrder: 'v1' }, active: false };
}

export const execute = chain('e2eExecute', 'E2E: n8n execute', [
	start(),
	one('Player', { player: 'executed', level: 7 }),
	ours('Send', 'myTrackerCustomEvent', {
		customEventName: 'levelUp',
		customUserId: '={{ $json.player }}',
		customEventParams: { pair: [{ name: 'level', value: '={{ $json.level }}' }] },
	}),
]);

/** An event to a vendor behind TLS. */
export const overTls = chain('e2eOverTls', 'E2E: over TLS', [
	start(),
	one('Player', { player: 'a' }),
	ours(
		'Send',
		'myTrackerCustomEvent',
		{ customEventName: 'levelUp', customUserId: '={{ $json.player }}' },
		{ onError: 'continueRegularOutput' },
	),
]);

/** The same order in every execution. */
export const executeOnce = chain('e2eExecuteOnce', 'E2E: n8n execute, each order once', [
	start(),
	one('Order', { customUserId: 'once', customEventName: 'bought', orderId: 'o-1' }),
	ours('Send', 'myTrackerCustomEvent', {
		mappingMode: 'autoMapInputData',
		options: { rememberKey: '={{ $json.orderId }}' },
	}),
]);

export const WEBHOOK_PATH = 'e2e-sign-up';
/** Good sign-ups are answered by the node's report, refused ones by what the error output gives. */
export const webhook: Workflow = (() => {
	const workflow = chain('e2eWebhook', 'E2E: webhook', [
		node(
			'Webhook',
			'n8n-nodes-base.webhook',
			2,
			{ path: WEBHOOK_PATH, httpMethod: 'POST', responseMode: 'lastNode', options: {} },
			{ webhookId: 'e2e-sign-up' },
		),
		ours(
			'Register',
			'myTrackerRegistration',
			{ mappingMode: 'autoMapInputData', inputField: 'body', sendAs: 'single', options: {} },
			{ onError: 'continueErrorOutput' },
		),
		node('Refused', 'n8n-nodes-base.noOp', 1, {}),
	]);
	workflow.connections.Register = { main: [[], [{ node: 'Refused', type: 'main', index: 0 }]] };
	return workflow;
})();

export const ONCE_PATH = 'e2e-order';
/** Each order once, whatever n8n's own database is; the node's report is the answer. */
export const once = chain('e2eOnce', 'E2E: each order once', [
	node(
		'Webhook',
		'n8n-nodes-base.webhook',
		2,
		{ path: ONCE_PATH, httpMethod: 'POST', responseMode: 'lastNode', options: {} },
		{ webhookId: ONCE_PATH },
	),
	ours(
		'Send',
		'myTrackerCustomEvent',
		{
			mappingMode: 'autoMapInputData',
			inputField: 'body',
			options: { rememberKey: '={{ $json.body.orderId }}', maxAttempts: 1 },
		},
		{ onError: 'continueRegularOutput' },
	),
]);

const registrationBy = (path: string, responseMode: string) => [
	node(
		'Webhook',
		'n8n-nodes-base.webhook',
		2,
		{ path, httpMethod: 'POST', responseMode, options: {} },
		{ webhookId: path },
	),
	ours('Register', 'myTrackerRegistration', {
		mappingMode: 'autoMapInputData',
		inputField: 'body',
		sendAs: 'single',
		options: {},
	}),
];
/** Two ways to take a call in queue mode: answered when n8n has taken it, or when a worker has sent the event. */
export const queue = {
	atOnce: chain(
		'e2eQueueAtOnce',
		'E2E: queue mode, answered at once',
		registrationBy('e2e-queue-at-once', 'onReceived'),
	),
	afterSending: chain(
		'e2eQueueAfter',
		'E2E: queue mode, answered after sending',
		registrationBy('e2e-queue-after', 'lastNode'),
	),
};

/** n8n's next engine runs a workflow only if its settings ask for it. */
export const inEngineV2 = (workflow: Workflow): Workflow => ({
	...workflow,
	settings: { executionOrder: 'v1', engineType: 'v2' },
});
const eachAlone = { batchSize: 1, concurrency: 1, maxAttempts: 1, onRejectedBatch: 'fail' };
const asTheyAre = (options: object, more: object = {}) =>
	ours('Send', 'myTrackerCustomEvent', { mappingMode: 'autoMapInputData', options }, more);
const bought = (customUserId: string) => ({ customUserId, customEventName: 'bought' });
export const engineV2 = {
	send: inEngineV2(
		chain('e2eEngineSend', 'E2E: engine v2', [
			start(),
			items('Items', [bought('a'), bought('b'), { customEventName: '' }]),
			asTheyAre({}, { onError: 'continueRegularOutput' }),
		]),
	),
	loop: inEngineV2(
		(() => {
			const workflow = chain('e2eEngineLoop', 'E2E: engine v2, a loop', [
				start(),
				items('Items', [bought('a'), bought('a'), bought('a')]),
				node('Loop', 'n8n-nodes-base.splitInBatches', 3, { batchSize: 1, options: {} }),
				asTheyAre({}),
			]);
			workflow.connections.Loop = { main: [[], [{ node: 'Send', type: 'main', index: 0 }]] };
			workflow.connections.Send = { main: [[{ node: 'Loop', type: 'main', index: 0 }]] };
			return workflow;
		})(),
	),
	errorOutput: inEngineV2(
		chain('e2eEngineErrorOutput', 'E2E: engine v2, an error output', [
			start(),
			items('Items', [bought('a')]),
			asTheyAre({}, { onError: 'continueErrorOutput' }),
		]),
	),
	stop: inEngineV2(
		chain('e2eEngineStop', 'E2E: engine v2, a stopped run', [
			start(),
			items('Items', [bought('a'), bought('sandbox-refuse'), bought('c')]),
			asTheyAre(eachAlone, { retryOnFail: true, maxTries: 3, waitBetweenTries: 10 }),
		]),
	),
};

export const MCP_PATH = 'e2e-server-events';
/** What a model gives is marked with $fromAI; the rest is fixed by whoever built the workflow. */
export const mcp: Workflow = {
	id: 'e2eMcp',
	name: 'E2E: MCP server',
	active: false,
	settings: { executionOrder: 'v1' },
	nodes: [
		node(
			'MCP Server',
			'@n8n/n8n-nodes-langchain.mcpTrigger',
			2,
			{ path: MCP_PATH },
			{ webhookId: 'e2e-server-events' },
		),
		// Without a description of their own they have the node's, which is what is tried.
		...TOOL_CALLS.map(({ tool, node: type, parameters }) => ours(tool, `${type}Tool`, parameters)),
	],
	connections: Object.fromEntries(
		TOOL_CALLS.map(({ tool }) => [tool, { ai_tool: [[{ node: 'MCP Server', type: 'ai_tool', index: 0 }]] }]),
	),
};

/** The editor test adds the node itself, once in each theme; the editor saves what it does. */
const players = (id: string) =>
	chain(id, 'Players', [
		start(),
		one('Players', { userId: '1001', level: 2, city: 'Казань', happenedAt: '2026-11-01T10:00:00Z' }),
	]);
export const editor = { light: players('e2eEditorLight'), dark: players('e2eEditorDark') };

/** Of four people one names nobody, one has an impossible age, one is refused by the vendor. */
export const editorBad = chain('e2eEditorBad', 'Players, some bad', [
	start(),
	items('Players', [
		{ userId: '2001' },
		{ userId: '' },
		{ userId: '2003', age: 'abc' },
		{ userId: 'sandbox-refuse' },
	]),
	ours('MyTracker Custom Event', 'myTrackerCustomEvent', {
		customEventName: 'levelUp',
		customUserId: '={{ $json.userId }}',
		common: { age: '={{ $json.age }}' },
	}),
]);

/** What people begin with in the four tasks of `tasks.mts`: rows, and nothing else. */
export const tasks = {
	registration: chain('e2eTaskRegistration', 'E2E: task, a registration', [
		start(),
		one('Sign-ups', { userId: '1001', gender: '2', signedUpAt: '2026-11-20T09:30:00+03:00' }),
	]),
	upload: chain('e2eTaskUpload', 'E2E: task, ten rows', [
		start(),
		items(
			'Orders',
			Array.from({ length: 10 }, (_, at) => ({
				profile: `user-${at}`,
				paidAt: new Date(Date.now() - (at + 1) * 60_000).toISOString(),
				sum: `${at}99.00`,
			})),
		),
	]),
	purchase: chain('e2eTaskPurchase', 'E2E: task, a purchase', [
		start(),
		one('Order', {
			order: 'ORD-1',
			total: '2999.85',
			customer: 'crm-1',
			session: 'shop-1',
			lines: [
				{ sku: 'SKU-1', qty: 2, price: 999.95 },
				{ sku: 'SKU-2', qty: 1, price: 999.95 },
			],
		}),
	]),
	confirmation: chain('e2eTaskConfirmation', 'E2E: task, a confirmation', [
		start(),
		one('Order', {
			order: 'ORD-2',
			total: '234.12',
			buyer: 'ana@example.com',
			lines: [
				{ id: '123123-M', quantity: 2 },
				{ id: '23423-XL', quantity: 1 },
			],
		}),
	]),
};

export const all = [
	execute,
	webhook,
	once,
	mcp,
	editor.light,
	editor.dark,
	editorBad,
	...Object.values(tasks),
];
/** Those that listen. */
export const published = [webhook, once, mcp];
