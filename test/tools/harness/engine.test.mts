import { createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';

import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { IDataObject, INode, INodeParameters } from 'n8n-workflow';

import {
	createEngine,
	type Engine,
	type RunOptions,
	type RunResult,
	singleNodeWorkflow,
} from '../../../tools/harness/engine.mts';
import { writeProbePack } from '../../support/probe-pack.mts';

const type = 'n8n-nodes-probe.probe';
const pack = writeProbePack();
let engine: Engine;

/** Raw requests as they came over the wire, latin1, and what is said back. */
const received: string[] = [];
let answer: (socket: Socket) => void;
let server: Server;
let url: string;

function reply(
	body: string,
	contentType = 'application/json',
	status = '200 OK',
	more = '',
): (socket: Socket) => void {
	return (socket) =>
		socket.end(
			`HTTP/1.1 ${status}\r\nContent-Type: ${contentType}\r\n${more}Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
		);
}

beforeAll(async () => {
	engine = await createEngine({ packageDirectory: pack.directory });
	server = createServer((socket) => {
		let text = '';
		socket.on('error', () => {});
		socket.on('data', (chunk) => {
			text += chunk.toString('latin1');
			const end = text.indexOf('\r\n\r\n');
			if (end < 0) return;
			const length = Number(/content-length: (\d+)/i.exec(text)?.[1] ?? 0);
			if (text.length - end - 4 < length) return;
			received.push(text);
			text = '';
			answer(socket);
		});
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

beforeEach(() => {
	received.length = 0;
	answer = reply('{}');
});

afterAll(async () => {
	await engine.close();
	server.close();
	pack.remove();
});

async function run(
	action: string,
	items: IDataObject[],
	more: {
		node?: Partial<INode>;
		parameters?: INodeParameters;
		options?: RunOptions;
		credentialType?: string;
	} = {},
): Promise<RunResult> {
	const credentialType = more.credentialType ?? 'probeApi';
	return await engine.run(
		singleNodeWorkflow({
			type,
			parameters: { action, credentialType, ...more.parameters },
			credentialType,
			node: more.node,
		}),
		{
			items: { Items: items },
			credentials: { probeApi: { token: 'T' }, genericApi: { key: 'K' } },
			...more.options,
		},
	);
}

/** Sends the given request options and returns what came back for each. */
async function send(...requests: IDataObject[]): Promise<{ result: RunResult; json: IDataObject[] }> {
	const result = await run('request', requests);
	return { result, json: result.nodeOutputs('Node')[0].map((item) => item.json) };
}

const json = (result: RunResult, node: string, output = 0) =>
	result.nodeOutputs(node)[output]?.map((item) => item.json) ?? [];

describe('running a workflow', () => {
	test('the package is loaded as n8n loads it and items keep their pairing', async () => {
		expect(Object.keys(engine.credentialTypes)).toEqual(['probeApi', 'genericApi']);
		const result = await run('echo', [{ id: 1 }, { id: 2 }], {
			parameters: { value: '={{ $json.id * 10 }}' },
		});
		expect(result.status).toBe('success');
		expect(result.nodeOutputs('Node')).toEqual([
			[
				{ json: { id: 1, read: 10, kind: 'shown' }, pairedItem: { item: 0 } },
				{ json: { id: 2, read: 20, kind: 'shown' }, pairedItem: { item: 1 } },
			],
		]);
		expect(result.runs('Node')).toBe(1);
		expect(result.tries('Node')).toBe(1);
		expect(json(result, 'Done')).toHaveLength(2);
		expect(result.runs('Failed')).toBe(0);
	});

	test('a hidden parameter is stripped from the node, a default is filled in', async () => {
		const hidden = await run('echo', [{}], { parameters: { value: 'other', kind: 'mine' } });
		expect(json(hidden, 'Node')).toEqual([{ read: 'other', kind: 'hidden' }]);
		const shown = await run('echo', [{}], { parameters: { value: 'fixed' } });
		expect(json(shown, 'Node')).toEqual([{ read: 'fixed', kind: 'shown' }]);
	});

	test('an empty required parameter refuses the whole run', async () => {
		const result = await run('needsMust', [{}]);
		expect(result.status).toBe('error');
		expect(result.runs('Items')).toBe(0);
		expect(result.error()?.name).toBe('WorkflowHasIssuesError');
	});

	test('pinned data replaces a node', async () => {
		const result = await run('throwUntilThird', [{}], {
			options: { pinData: { Node: [{ json: { pinned: 1 } }] } },
		});
		expect(json(result, 'Done')).toEqual([{ pinned: 1 }]);
		expect(result.runs('Node')).toBe(1);
	});

	test('loops count as runs', async () => {
		const workflow = singleNodeWorkflow({ type, parameters: { action: 'echo' } });
		workflow.nodes.push({
			id: 'loop',
			name: 'Loop',
			type: 'test.loop',
			typeVersion: 1,
			position: [0, 0],
			parameters: { batchSize: 2 },
		});
		workflow.connections.Items = { main: [[{ node: 'Loop', type: 'main', index: 0 }]] };
		workflow.connections.Loop = {
			main: [[{ node: 'Done', type: 'main', index: 0 }], [{ node: 'Node', type: 'main', index: 0 }]],
		};
		workflow.connections.Node = { main: [[{ node: 'Loop', type: 'main', index: 0 }]] };
		const result = await engine.run(workflow, { items: { Items: [{ id: 1 }, { id: 2 }, { id: 3 }] } });
		expect(result.runs('Node')).toBe(2);
		expect(result.nodeOutputs('Node', 0)[0]).toHaveLength(2);
		expect(json(result, 'Done').map(({ id }) => id)).toEqual([1, 2, 3]);
	});

	test('hints and log lines are kept', async () => {
		const result = await run('hint', [{}]);
		expect(result.hints('Node')).toEqual([{ message: 'Look here', type: 'warning', location: 'outputPane' }]);
		expect(result.log.filter((line) => line.via === 'node')).toEqual([
			{ level: 'info', message: 'said by the node', meta: { count: 2 }, via: 'node' },
		]);
	});

	test('runs at the same time keep their logs and credentials apart', async () => {
		const [one, two] = await Promise.all([run('hint', [{}]), run('echo', [{}])]);
		expect(one.log.some((line) => line.via === 'node')).toBe(true);
		expect(two.log.some((line) => line.via === 'node')).toBe(false);
	});
});

describe('errors', () => {
	const items = [{ id: 'a' }, { id: 'b', bad: true }, { id: 'c' }];

	test('error output: the failed item goes to output 1 with the fields of its input', async () => {
		const result = await run('failOne', items, { node: { onError: 'continueErrorOutput' } });
		expect(result.status).toBe('success');
		expect(json(result, 'Done')).toEqual([{ ok: 'a' }, { ok: 'c' }]);
		expect(json(result, 'Failed')).toEqual([
			{ id: 'b', bad: true, error: 'This one is bad', details: { event: 'b' } },
		]);
		expect(result.nodeOutputs('Node')[1][0].pairedItem).toEqual({ item: 1 });
	});

	test('continue: the failed item stays in place', async () => {
		const result = await run('failOne', items, { node: { onError: 'continueRegularOutput' } });
		expect(json(result, 'Done')).toEqual([
			{ ok: 'a' },
			{ error: 'This one is bad', details: { event: 'b' } },
			{ ok: 'c' },
		]);
	});

	test('stop: a thrown error ends the execution', async () => {
		const result = await run('throwUntilThird', [{}]);
		expect(result.status).toBe('error');
		expect(result.error('Node')?.message).toBe('call 1 failed');
		expect(result.error()?.message).toBe('call 1 failed');
		expect(result.runs('Done')).toBe(0);
	});

	test('a thrown error under the error output sends every input item out as good', async () => {
		const result = await run('throwUntilThird', items, { node: { onError: 'continueErrorOutput' } });
		expect(result.status).toBe('success');
		expect(json(result, 'Done')).toEqual(items);
	});
});

describe('trying again', () => {
	const retry = { retryOnFail: true, maxTries: 5, waitBetweenTries: 1 };

	test('Retry On Fail after a throw: the context survives, the run index stays', async () => {
		const result = await run('throwUntilThird', [{}], { node: retry });
		expect(result.status).toBe('success');
		expect(result.tries('Node')).toBe(3);
		expect(result.runs('Node')).toBe(1);
		expect(json(result, 'Node')).toEqual([{ calls: 3, runIndex: 0 }]);
		expect(result.contextData).toEqual({ 'node:Node': { calls: 3 } });
	});

	test('Retry On Fail after a return: even an empty `error` of the first item counts; only the last hints stay', async () => {
		const result = await run('firstItemFailsTwice', [{}], { node: retry });
		expect(result.tries('Node')).toBe(3);
		expect(result.hints('Node').map(({ message }) => message)).toEqual(['call 3']);
	});

	test('maxTries is read between 2 and 5', async () => {
		const few = await run('throwUntilThird', [{}], { node: { ...retry, maxTries: 1 } });
		expect([few.tries('Node'), few.status]).toEqual([2, 'error']);
	});

	test('the Retry button goes on with the stored context', async () => {
		const first = await run('throwUntilThird', [{}]);
		expect(first.contextData).toEqual({ 'node:Node': { calls: 1 } });
		const second = await run('throwUntilThird', [{}], { options: { retryOf: first } });
		expect(second.contextData).toEqual({ 'node:Node': { calls: 2 } });
		const third = await run('throwUntilThird', [{}], { options: { retryOf: second } });
		expect(third.status).toBe('success');
		expect(json(third, 'Node')).toEqual([{ calls: 3, runIndex: 0 }]);
		expect(third.tries('Items')).toBe(0);
		expect(first.contextData).toEqual({ 'node:Node': { calls: 1 } });
	});

	test('a context can be given', async () => {
		const result = await run('throwUntilThird', [{}], {
			options: { contextData: { 'node:Node': { calls: 2 } } },
		});
		expect(json(result, 'Node')).toEqual([{ calls: 3, runIndex: 0 }]);
	});
});

describe('cancel', () => {
	test('by function: the node sees the signal; n8n saves nothing of it', async () => {
		const result = await run('waitForCancel', [{}], {
			options: { cancelAfter: (cancel) => setTimeout(cancel, 20) },
		});
		expect(result.status).toBe('canceled');
		expect(result.savedNodes).toEqual(['Start', 'Items']);
		expect(result.log.filter((line) => line.level === 'warn').map((line) => line.message)).toEqual([
			'stopped',
		]);
		expect(result.runs('Done')).toBe(0);
	});

	test('by signal; a throw after it is repeated by Retry On Fail', async () => {
		const node = { retryOnFail: true, maxTries: 3, waitBetweenTries: 1 };
		const result = await run('throwOnCancel', [{}], {
			node,
			options: { cancelAfter: AbortSignal.timeout(20) },
		});
		expect(result.status).toBe('canceled');
		expect(result.tries('Node')).toBe(3);
	});
});

describe('credentials and HTTP', () => {
	test('a function `authenticate` is called; defaults are filled in; one read a request', async () => {
		const { result } = await send({ options: { url } }, { options: { url } });
		expect(received).toHaveLength(2);
		expect(received[0]).toContain('authorization: Bearer T\r\n');
		expect(result.credentialReads).toBe(2);
	});

	test('a generic `authenticate` resolves its expressions', async () => {
		await run('request', [{ options: { url: `${url}/p` } }], {
			credentialType: 'genericApi',
			parameters: { credentialType: 'genericApi' },
		});
		expect(received[0]).toMatch(/^GET \/p\?fixed=yes HTTP/);
		expect(received[0]).toContain('x-key: k-K\r\n');
	});

	test('`credentialsDecrypted` skips the read, not the function', async () => {
		const { result } = await send({ options: { url }, given: { token: 'GIVEN' } });
		expect(received[0]).toContain('authorization: Bearer GIVEN\r\n');
		expect(result.credentialReads).toBe(0);
	});

	test('a node without a credential is told so', async () => {
		const workflow = singleNodeWorkflow({ type, parameters: { action: 'request' } });
		const result = await engine.run(workflow, {
			items: { Items: [{ options: { url } }] },
			credentials: { probeApi: { token: 'T' } },
		});
		expect(json(result, 'Node')[0].failed).toMatchObject({ name: 'NodeApiError' });
		expect(received).toHaveLength(0);
	});

	test('401 goes out twice, once with every status ignored', async () => {
		answer = reply('{}', 'application/json', '401 Unauthorized');
		await send({ options: { url } });
		expect(received).toHaveLength(2);
		received.length = 0;
		const { json: out } = await send({
			options: { url, ignoreHttpStatusErrors: true, returnFullResponse: true },
		});
		expect(received).toHaveLength(1);
		expect(out[0].answer).toMatchObject({ statusCode: 401 });
	});

	test.each(['{"a": 9007199254740993 }', '12345', 'null', '<html>', ''])(
		'encoding text gives %j as it came',
		async (body) => {
			answer = reply(body);
			const { json: out } = await send({ options: { url, encoding: 'text', returnFullResponse: true } });
			expect((out[0].answer as IDataObject).body).toBe(body);
		},
	);

	test.each([
		'?a=%2B%3A%2C%27%20x',
		'?a=%2b',
		'?a=b+c|d',
		'?x=%7B%22a%22%3A1%7D',
		'?q=!*()~;,:@/?$[]',
		'?a=%',
		'?empty=&x',
	])('a finished URL is sent byte for byte: %s', async (query) => {
		await send({ options: { url: `${url}/p${query}` } });
		expect(received[0].split(' ')[1]).toBe(`/p${query}`);
	});

	test('a raw quote in a URL is encoded', async () => {
		await send({ options: { url: `${url}/p?a='b"` } });
		expect(received[0].split(' ')[1]).toBe('/p?a=%27b%22');
	});

	test('a Buffer keeps its bytes and its content type', async () => {
		const body = { buffer: '\u0000\u00ff\r\n"x"' };
		await send({
			options: { url, method: 'POST', body, headers: { 'Content-Type': 'text/csv; charset=utf-8' } },
		});
		expect(received[0]).toContain('Content-Type: text/csv; charset=utf-8\r\n');
		expect(received[0].split('\r\n\r\n').slice(1).join('\r\n\r\n')).toBe(body.buffer);
	});

	test('an empty POST has no content type', async () => {
		await send(
			{ options: { url, method: 'POST', headers: { 'Content-Type': false } } },
			{ options: { url, method: 'POST', body: '' } },
		);
		for (const text of received) {
			expect(text).not.toMatch(/content-type/i);
			expect(text).toMatch(/content-length: 0\r\n/i);
		}
		expect(received).toHaveLength(2);
	});

	test('an own signal bounds a dripping answer', async () => {
		answer = (socket) => {
			socket.write('HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n');
			const timer = setInterval(() => socket.write('a'), 20);
			socket.on('close', () => clearInterval(timer));
		};
		const { json: out } = await send({ options: { url, timeout: 100 }, deadline: 300 });
		expect(out[0].failed).toMatchObject({ httpCode: 'ERR_CANCELED' });
		expect(out[0].ms).toBeGreaterThanOrEqual(290);
		expect(out[0].ms).toBeLessThan(1500);
	});

	test('what a broken connection looks like', async () => {
		const free = createServer();
		await new Promise<void>((resolve) => free.listen(0, '127.0.0.1', resolve));
		const { port } = free.address() as AddressInfo;
		await new Promise((resolve) => free.close(resolve));
		answer = (socket) => socket.resetAndDestroy();
		const { json: out } = await send({ options: { url: `http://127.0.0.1:${port}` } }, { options: { url } });
		expect(out.map((item) => item.failed)).toEqual([
			{ name: 'NodeApiError', httpCode: 'ECONNREFUSED', syscall: 'connect' },
			{ name: 'NodeApiError', httpCode: 'ECONNRESET', syscall: 'read' },
		]);
	});
});

describe('as a tool', () => {
	test('the node knows it, and its parameters may come from the model', async () => {
		const node = {
			type,
			parameters: { action: 'whoAmI', value: "={{ $fromAI('word', 'a word', 'string') }}" },
		};
		const { response, error, run: result } = await engine.runAsTool(node, { word: 'hello' });
		expect(error).toBeUndefined();
		expect(JSON.parse(response ?? '')).toEqual([{ tool: true, input: { word: 'hello' }, value: 'hello' }]);
		expect(result.runs('Tool')).toBe(1);
		const normal = await run('whoAmI', [{}]);
		expect(json(normal, 'Node')[0].tool).toBe(false);
	});

	test('a throw reaches the caller', async () => {
		const { error } = await engine.runAsTool({ type, parameters: { action: 'throwUntilThird' } }, {});
		expect(error?.message).toBe('call 1 failed');
	});
});
