/** A node of the package as an AI agent's tool, by n8n's MCP Server Trigger: an MCP client written by hand, no model needed. */
import assert from 'node:assert/strict';

import type { Checks } from './checks.mts';
import type { RunningStage } from './stage.mts';
import { MCP_PATH } from './workflows.mts';

type Tool = { name: string; description: string; inputSchema: { properties: Record<string, { description?: string }>; required?: string[] } };
type Answer = { result?: any; error?: { message: string } };

/** The JSON-RPC message of an answer, which comes plain or as one server-sent event. */
function messageOf(text: string, contentType: string): Answer {
	if (!contentType.startsWith('text/event-stream')) return JSON.parse(text) as Answer;
	const data = text.split('\n').filter((line) => line.startsWith('data:')).map((line) => line.slice(5).trim());
	return JSON.parse(data.at(-1) ?? 'null') as Answer;
}

function client(address: string) {
	let session: string | undefined;
	let number = 0;
	const send = async (message: object) => {
		const answer = await fetch(address, {
			method: 'POST',
			headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream', ...(session ? { 'mcp-session-id': session } : {}) },
			body: JSON.stringify({ jsonrpc: '2.0', ...message }),
			signal: AbortSignal.timeout(60_000),
		});
		session = answer.headers.get('mcp-session-id') ?? session;
		const text = await answer.text();
		assert.ok(answer.ok, `${answer.status}: ${text.slice(0, 300)}`);
		return { text, contentType: answer.headers.get('content-type') ?? '' };
	};
	return {
		ask: async (method: string, params: object) => {
			const { text, contentType } = await send({ id: ++number, method, params });
			const { result, error } = messageOf(text, contentType);
			assert.equal(error, undefined, error?.message);
			return result;
		},
		tell: async (method: string) => void (await send({ method })),
		end: async () => void (await fetch(address, { method: 'DELETE', headers: session ? { 'mcp-session-id': session } : {} })),
	};
}

export async function checkMcp({ check }: Checks, { n8n, sandbox }: RunningStage): Promise<void> {
	const mcp = client(`${n8n.url}/mcp/${MCP_PATH}`);
	let tool: Tool | undefined;

	const found = await check('tool: an MCP client finds the node with the fields a model is to fill', async () => {
		await mcp.ask('initialize', { protocolVersion: '2025-03-26', capabilities: {}, clientInfo: { name: 'e2e', version: '1' } });
		await mcp.tell('notifications/initialized');
		const { tools } = (await mcp.ask('tools/list', {})) as { tools: Tool[] };
		assert.equal(tools.length, 1);
		tool = tools[0];
		assert.deepEqual(Object.keys(tool.inputSchema.properties).sort(), ['event_name', 'user_id']);
	});
	if (!found || !tool) return;
	const { name } = tool;

	const call = async (event_name: string, user_id: string) => {
		const { content } = (await mcp.ask('tools/call', { name, arguments: { event_name, user_id } })) as { content: Array<{ text: string }> };
		return JSON.parse(content[0].text) as any;
	};
	/** n8n gives a tool's items as a list. */
	const first = (answer: any) => (Array.isArray(answer) ? answer[0] : answer);

	await check('tool: a call by MCP is stored and reported', async () => {
		const before = sandbox.stored('myTracker').length;
		const report = first(await call('askedByAgent', 'agent-1'));
		assert.equal((report.json ?? report).delivery?.status, 'accepted', JSON.stringify(report));
		assert.deepEqual(sandbox.stored('myTracker').slice(before).map(({ event }) => event), [{ customUserId: 'agent-1', customEventName: 'askedByAgent' }]);
	});

	await check('tool: a refused event is reported to the model and sent no second time', async () => {
		const before = sandbox.requests.length;
		const report = first(await call('askedByAgent', 'sandbox-refuse'));
		assert.equal((report.json ?? report).delivery?.status, 'rejected', JSON.stringify(report));
		assert.equal(sandbox.requests.length - before, 1);
	});
	await mcp.end();
}
