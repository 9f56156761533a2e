/** A client of n8n's MCP Server Trigger, by hand: three calls of JSON-RPC need no library. */
import assert from 'node:assert/strict';

export type Tool = {
	name: string;
	description: string;
	inputSchema: { properties: Record<string, { description?: string }>; required?: string[] };
};
/** What a node of the package reports of the one event of a call. */
export type ToolReport = { delivery?: { status: string; message?: string } };
export type McpSession = {
	tools: () => Promise<Tool[]>;
	call: (name: string, args: object) => Promise<ToolReport>;
	/** The answer as the model reads it. */
	text: (name: string, args: object) => Promise<string>;
	end: () => Promise<void>;
};

/** n8n says that it is ready before the last of its published workflows listens. */
const LISTENS_WITHIN = 60_000;

/** The session as soon as the workflow listens. */
export async function mcpSession(address: string): Promise<McpSession> {
	const until = Date.now() + LISTENS_WITHIN;
	for (;;) {
		try {
			return await openSession(address);
		} catch (error) {
			const isEarly = error instanceof Error && error.message.startsWith('404: ');
			if (!isEarly || Date.now() > until) throw error;
			await new Promise((done) => setTimeout(done, 500));
		}
	}
}

async function openSession(address: string): Promise<McpSession> {
	let session: string | undefined;
	let number = 0;
	const headers = () => (session ? { 'mcp-session-id': session } : undefined);
	const send = async (message: object): Promise<string> => {
		const answer = await fetch(address, {
			method: 'POST',
			headers: {
				'content-type': 'application/json',
				accept: 'application/json, text/event-stream',
				...headers(),
			},
			body: JSON.stringify({ jsonrpc: '2.0', ...message }),
			signal: AbortSignal.timeout(60_000),
		});
		session = answer.headers.get('mcp-session-id') ?? session;
		const text = await answer.text();
		assert.ok(answer.ok, `${answer.status}: ${text.slice(0, 300)}`);
		return text;
	};
	const ask = async (method: string, params: object): Promise<any> => {
		const text = await send({ id: ++number, method, params });
		// Plain JSON, or the same as the one server-sent event.
		const json = text.startsWith('{') ? text : (/^data:(.*)$/m.exec(text)?.[1] ?? 'null');
		const { result, error } = JSON.parse(json) as { result?: unknown; error?: { message: string } };
		assert.equal(error, undefined, error?.message);
		return result;
	};
	await ask('initialize', {
		protocolVersion: '2025-03-26',
		capabilities: {},
		clientInfo: { name: 'end-to-end test', version: '1' },
	});
	await send({ method: 'notifications/initialized' });
	const textOf = async (name: string, args: object): Promise<string> => {
		const { content } = (await ask('tools/call', { name, arguments: args })) as {
			content: Array<{ text: string }>;
		};
		return content[0].text;
	};
	return {
		text: textOf,
		tools: async () => ((await ask('tools/list', {})) as { tools: Tool[] }).tools,
		call: async (name, args) => {
			// n8n gives a tool's items as a list.
			const answer = JSON.parse(await textOf(name, args)) as any;
			const first = Array.isArray(answer) ? answer[0] : answer;
			return (first.json ?? first) as ToolReport;
		},
		end: async () =>
			void (await fetch(address, {
				method: 'DELETE',
				headers: headers(),
				signal: AbortSignal.timeout(10_000),
			})),
	};
}
