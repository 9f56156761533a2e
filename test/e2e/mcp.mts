/** A node of the package as an AI agent's tool, by n8n's MCP Server Trigger: no model is needed. */
import assert from 'node:assert/strict';

import type { Checks } from './checks.mts';
import { mcpSession } from './mcp-client.mts';
import type { McpSession } from './mcp-client.mts';
import type { RunningStage } from './stage.mts';
import { MCP_PATH } from './workflows.mts';

export async function checkMcp({ check }: Checks, { n8n, sandbox }: RunningStage): Promise<void> {
	let mcp: McpSession | undefined;
	let name = '';

	const found = await check(
		'tool: an MCP client finds the node with the fields a model is to fill',
		async () => {
			mcp = await mcpSession(`${n8n.url}/mcp/${MCP_PATH}`);
			const tools = await mcp.tools();
			assert.equal(tools.length, 1);
			assert.deepEqual(Object.keys(tools[0].inputSchema.properties).sort(), ['event_name', 'user_id']);
			name = tools[0].name;
		},
	);
	if (!found || !mcp) return;
	const { call, end } = mcp;

	await check('tool: a call by MCP is stored and reported', async () => {
		const before = sandbox.stored('myTracker').length;
		const report = await call(name, { event_name: 'askedByAgent', user_id: 'agent-1' });
		assert.equal(report.delivery?.status, 'accepted', JSON.stringify(report));
		assert.deepEqual(
			sandbox
				.stored('myTracker')
				.slice(before)
				.map(({ event }) => event),
			[{ customUserId: 'agent-1', customEventName: 'askedByAgent' }],
		);
	});

	await check('tool: a refused event is reported to the model and sent no second time', async () => {
		const before = sandbox.requests.length;
		const report = await call(name, { event_name: 'askedByAgent', user_id: 'sandbox-refuse' });
		assert.equal(report.delivery?.status, 'rejected', JSON.stringify(report));
		assert.equal(sandbox.requests.length - before, 1);
	});
	await end().catch(() => undefined);
}
