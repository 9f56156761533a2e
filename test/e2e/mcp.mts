/** Nodes of the package as an AI agent's tools, by n8n's MCP Server Trigger: no model is needed. */
import assert from 'node:assert/strict';

import { packageJson } from '../../tools/scripts/real-n8n.mts';
import { TOOL_CALLS, type ToolCalls } from '../support/tool-calls/index.mts';
import type { Checks } from './checks.mts';
import { mcpSession } from './mcp-client.mts';
import type { McpSession, Tool } from './mcp-client.mts';
import type { RunningStage } from './stage.mts';
import { MCP_PATH } from './workflows.mts';

const { name: PACKAGE } = packageJson();

export async function checkMcp({ check }: Checks, { n8n, sandbox, rest }: RunningStage): Promise<void> {
	let mcp: McpSession | undefined;
	let tools: Tool[] = [];
	/** n8n makes the name of a tool out of that of its node. */
	const named = ({ tool }: ToolCalls) => {
		const found = tools.find(({ name }) => name === tool.replaceAll(' ', '_'));
		assert.ok(found, `no tool '${tool}' among ${tools.map(({ name }) => name).join(', ')}`);
		return found;
	};

	const found = await check(
		'tool: an MCP client finds the nodes, what they need and the fields a model is to fill',
		async () => {
			mcp = await mcpSession(`${n8n.url}/mcp/${MCP_PATH}`);
			tools = await mcp.tools();
			assert.equal(tools.length, TOOL_CALLS.length);
			const types = await rest.get<Array<{ name: string; description: string }>>('/types/nodes.json');
			for (const calls of TOOL_CALLS) {
				const tool = named(calls);
				assert.deepEqual(Object.keys(tool.inputSchema.properties).sort(), calls.asks);
				assert.deepEqual([...(tool.inputSchema.required ?? [])].sort(), calls.asks);
				const node = types.find(({ name }) => name === `${PACKAGE}.${calls.node}`);
				assert.equal(tool.description, node?.description);
				assert.match(tool.description, / needs (?:the|its) /i);
			}
		},
	);
	if (!found || !mcp) return;
	const { call, text, end } = mcp;

	for (const calls of TOOL_CALLS) {
		const { tool: name, vendor, wrong, wrongName, right, stores = 1 } = calls;
		const stored = () => sandbox.stored(vendor).length;

		for (const { what, args, told } of wrong) {
			await check(`tool: ${name}, ${what}: one sentence tells what to correct`, async () => {
				const before = stored();
				const report = await call(named(calls).name, args);
				assert.equal(report.delivery?.message, told);
				assert.equal(stored(), before);
			});
		}

		await check(`tool: ${name}, another name of an argument: n8n tells which is missing`, async () => {
			const before = sandbox.requests.length;
			const answer = await text(named(calls).name, wrongName.args);
			assert.match(answer, new RegExp(wrongName.missing));
			assert.equal(sandbox.requests.length, before);
		});

		await check(`tool: ${name}, the corrected call is stored and reported`, async () => {
			const before = stored();
			const report = await call(named(calls).name, right);
			assert.equal(report.delivery?.status, 'accepted', JSON.stringify(report));
			assert.equal(stored(), before + stores);
		});
	}

	await check('tool: a refused event is reported to the model and sent no second time', async () => {
		const [mine] = TOOL_CALLS;
		const before = sandbox.requests.length;
		const report = await call(named(mine).name, { ...mine.right, user_id: 'sandbox-refuse' });
		assert.equal(report.delivery?.status, 'rejected', JSON.stringify(report));
		assert.equal(sandbox.requests.length - before, 1);
	});
	await end().catch(() => undefined);
}
