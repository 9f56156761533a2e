/** What a failed request proves, on real sockets through n8n's own HTTP helper: which errors come is not for us to guess. */
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { getCACertificates, setDefaultCACertificates, TLSSocket } from 'node:tls';

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { IExecuteFunctions, INodeType } from 'n8n-workflow';

import { createSender, type SendResult } from '../../../nodes/engine/delivery/transport.ts';
import { createEngine, singleNodeWorkflow, type Engine } from '../../../tools/harness/engine.mts';
import { selfSignedCertificate } from '../../../tools/sandbox/certificate.mts';
import { startSandbox, type Fault, type Sandbox } from '../../../tools/sandbox/server.mts';
import { destination } from '../../support/fakeVendor.mts';

const trusted = selfSignedCertificate();
const expired = selfSignedCertificate({ expired: true });
const untrusted = selfSignedCertificate();
const authorities = getCACertificates('default');

let engine: Engine;
let url = '';
let timeout = 5_000;
/** As n8n says itself, unless a test asks for an older one. */
let hasStatusLists: boolean | undefined;
let result: SendResult | undefined;

const probe: INodeType = {
	description: {
		displayName: 'Probe',
		name: 'probe',
		group: ['transform'],
		version: 1,
		description: 'Sends one request',
		defaults: { name: 'Probe' },
		inputs: ['main'],
		outputs: ['main'],
		properties: [],
		credentials: [{ name: 'myTrackerApi', required: true }],
	},
	async execute(this: IExecuteFunctions) {
		const send = createSender(this, 'myTrackerApi', timeout, {}, hasStatusLists);
		const request = {
			method: 'POST' as const,
			url,
			headers: { 'Content-Type': 'application/json' },
			body: Buffer.from('{"customUserId":"ann","customEventName":"bought"}'),
		};
		result = await send(request, destination({ token: 't', appId: '1' }));
		return [[]];
	},
};

beforeAll(async () => {
	setDefaultCACertificates([...authorities, trusted.cert, expired.cert]);
	engine = await createEngine({ packageDirectory: process.cwd(), extraNodes: { 'test.probe': probe } });
});
afterAll(async () => {
	setDefaultCACertificates(authorities);
	await engine?.close();
});

async function send(to: string, limit = 5_000): Promise<SendResult> {
	[url, timeout, result] = [to, limit, undefined];
	await engine.run(singleNodeWorkflow({ type: 'test.probe', credentialType: 'myTrackerApi' }), {
		items: { Items: [{}] },
		credentials: { myTrackerApi: { token: 't', appId: '1', baseUrl: to } },
	});
	if (!result) throw new Error('The probe was not run');
	return result;
}

const failureOf = async (to: string, limit?: number) => {
	const sent = await send(to, limit);
	if (!('failure' in sent)) throw new Error(`Not a failure: ${JSON.stringify(sent)}`);
	return sent.failure;
};

/** Runs `use` while this server listens. */
async function listening<T>(server: Server, use: (port: number) => Promise<T>): Promise<T> {
	const sockets = new Set<Socket>();
	server.on('connection', (socket) => sockets.add(socket.on('error', () => {})));
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	try {
		return await use((server.address() as AddressInfo).port);
	} finally {
		for (const socket of sockets) socket.destroy();
		server.close();
	}
}

/** Does this with the connection once the client's first bytes are there. */
const atFirstBytes = (act: (socket: Socket) => void) =>
	createServer((socket) => void socket.on('error', () => {}).once('data', () => act(socket)));

async function closedPort(): Promise<number> {
	return await listening(createServer(), async (port) => port);
}

describe('proven not to have left: no connection was ready', () => {
	const cases: Array<[string, () => Server, string]> = [
		['the handshake is reset', () => atFirstBytes((socket) => socket.resetAndDestroy()), 'https'],
		['the handshake is cut', () => atFirstBytes((socket) => socket.end()), 'https'],
		[
			'the server speaks no TLS',
			() => atFirstBytes((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')),
			'https',
		],
		[
			'the server answers the handshake with an alert',
			() => atFirstBytes((socket) => socket.end(Buffer.from('15030300020228', 'hex'))),
			'https',
		],
	];
	test.each(cases)('%s', async (_, server, scheme) => {
		const failure = await listening(server(), (port) => failureOf(`${scheme}://127.0.0.1:${port}/`));
		expect(failure).toMatchObject({ mayHaveLeft: false });
		expect(failure).not.toHaveProperty('isPermanent');
	});

	test('the handshake does not end within the timeout', async () => {
		const failure = await listening(createServer(), (port) => failureOf(`https://127.0.0.1:${port}/`, 300));
		expect(failure).toMatchObject({ mayHaveLeft: false, reason: 'no connection within 300 ms' });
	});

	test.each(['http', 'https'])('nobody listens (%s)', async (scheme) => {
		expect(await failureOf(`${scheme}://127.0.0.1:${await closedPort()}/`)).toMatchObject({
			mayHaveLeft: false,
			reason: 'the connection was refused',
		});
	});

	test('the host does not exist', async () => {
		expect(await failureOf(`https://${'x'.repeat(64)}.invalid/`)).toMatchObject({ mayHaveLeft: false });
	});

	test('an address that is not a URL', async () => {
		expect(await failureOf('http://127.0.0.1:99999/')).toMatchObject({ mayHaveLeft: false });
	});
});

describe('a certificate', () => {
	test.each([
		['not trusted', untrusted, '127.0.0.1', 'n8n does not trust the certificate of the server'],
		['expired', expired, '127.0.0.1', 'the certificate of the server has expired'],
		['for another host', trusted, '127.0.0.2', 'the certificate of the server is for another host'],
	])('that is %s: says so, sends nothing, is not worth another try', async (_, tls, host, reason) => {
		const read: string[] = [];
		const server = createServer((socket) => {
			const secure = new TLSSocket(socket, { isServer: true, ...tls });
			secure.on('error', () => {}).on('data', (chunk) => read.push(String(chunk)));
		});
		const sockets = new Set<Socket>();
		server.on('connection', (socket) => sockets.add(socket.on('error', () => {})));
		await new Promise<void>((resolve) => server.listen(0, '0.0.0.0', resolve));
		const failure = await failureOf(`https://${host}:${(server.address() as AddressInfo).port}/`);
		for (const socket of sockets) socket.destroy();
		server.close();
		expect(failure).toMatchObject({ mayHaveLeft: false, isPermanent: true, reason });
		expect(read).toEqual([]);
	});

	test('what to do about one that is not trusted', async () => {
		const sandbox = await startSandbox({ tls: untrusted });
		const failure = await failureOf(`${sandbox.url}/`);
		expect([sandbox.requests, failure.advice]).toEqual([[], expect.stringContaining('NODE_EXTRA_CA_CERTS')]);
		await sandbox.close();
	});
});

describe.each(['TLSv1.2', 'TLSv1.3'] as const)('after the handshake, %s', (version) => {
	let sandbox: Sandbox;
	beforeAll(async () => {
		sandbox = await startSandbox({ tls: { ...trusted, minVersion: version, maxVersion: version } });
	});
	afterAll(async () => await sandbox?.close());

	const faults: Array<[string, Fault]> = (['record', 'alert', 'garbage'] as const).flatMap((tls) => [
		[`a broken session (${tls})`, { tls, afterStoring: true }] as [string, Fault],
		[`half an answer, then a broken session (${tls})`, { tls, halfAnswer: true, afterStoring: true }],
	]);
	test.each<[string, Fault]>([
		...faults,
		['a reset', { reset: 'afterStoring' }],
		['half an answer', { halfAnswer: true, afterStoring: true }],
	])('%s may have been stored', async (_, fault) => {
		sandbox.reset();
		sandbox.faults.push(fault);
		const failure = await failureOf(`${sandbox.baseUrls.vibetrace}/event/x/y`);
		expect(failure).toMatchObject({ mayHaveLeft: true });
		expect(sandbox.requests).toHaveLength(1);
	});

	test('an answer of any status is returned, not thrown', async () => {
		for (const status of [200, 204, 302, 400, 401, 403, 407, 429, 500, 503, 599]) {
			sandbox.faults.push({ status, body: status === 204 ? '' : '{"a":1}', headers: { 'retry-after': '7' } });
			expect(await send(`${sandbox.baseUrls.vibetrace}/event/x/y`)).toEqual({
				response: expect.objectContaining({
					status,
					json: status === 204 ? undefined : { a: 1 },
					headers: expect.objectContaining({ 'retry-after': '7' }),
				}),
			});
		}
	});

	test('401 is asked for once', async () => {
		sandbox.reset();
		sandbox.faults.push({ status: 401 });
		await send(`${sandbox.baseUrls.vibetrace}/event/x/y`);
		expect(sandbox.requests).toHaveLength(1);
	});
});

test('TLS 1.3: a certificate of the client that is asked for after the request has left may have been stored', async () => {
	const sandbox = await startSandbox({
		tls: { ...trusted, minVersion: 'TLSv1.3', requestCert: true, rejectUnauthorized: true } as typeof trusted,
	});
	expect(await failureOf(`${sandbox.url}/`)).toMatchObject({ mayHaveLeft: true });
	await sandbox.close();
});

describe('in clear', () => {
	test.each<[string, (socket: Socket) => void]>([
		['reset', (socket) => socket.resetAndDestroy()],
		['cut', (socket) => socket.end()],
		['answered with no HTTP', (socket) => socket.end('nonsense\r\n\r\n')],
	])('a request that is %s may have been stored', async (_, act) => {
		const failure = await listening(atFirstBytes(act), (port) => failureOf(`http://127.0.0.1:${port}/`));
		expect(failure).toMatchObject({ mayHaveLeft: true });
	});

	test('no whole answer in time may have been stored', async () => {
		const failure = await listening(createServer(), (port) => failureOf(`http://127.0.0.1:${port}/`, 300));
		expect(failure).toMatchObject({ mayHaveLeft: true, reason: 'no whole answer within 300 ms' });
	});
});

describe.each([
	['this n8n', undefined],
	['an n8n that throws every status', false],
])('a proxy, in %s', (_, lists) => {
	beforeAll(() => {
		hasStatusLists = lists;
	});
	afterAll(() => {
		hasStatusLists = undefined;
	});
	const before = process.env.HTTPS_PROXY;
	afterAll(() => {
		if (before === undefined) delete process.env.HTTPS_PROXY;
		else process.env.HTTPS_PROXY = before;
	});
	const through = async (act: (socket: Socket) => void): Promise<SendResult> =>
		await listening(atFirstBytes(act), async (port) => {
			process.env.HTTPS_PROXY = `http://127.0.0.1:${port}`;
			try {
				return await send('https://vendor.example/');
			} finally {
				delete process.env.HTTPS_PROXY;
			}
		});
	const answering = (status: number) => (socket: Socket) =>
		void socket.end(
			`HTTP/1.1 ${status} No\r\n${status === 204 ? '\r\n' : 'Content-Length: 6\r\n\r\ndenied'}`,
		);

	// Where n8n throws every status, it throws those only that are no success.
	const refusing = [...(lists === false ? [] : [201, 204, 299]), 302, 307, 400, 403, 404];
	test.each(refusing)('that refuses CONNECT with %i speaks for itself', async (status) => {
		expect(await through(answering(status))).toEqual({
			failure: {
				mayHaveLeft: false,
				isPermanent: true,
				reason: `a proxy refused the connection with status ${status}`,
				advice: 'check the proxy settings of n8n, then send it again',
			},
		});
	});

	test.each([429, 500, 502, 503, 504])(
		'that refuses CONNECT with %i may let it pass later',
		async (status) => {
			const sent = await through(answering(status));
			expect(sent).toMatchObject({ failure: { mayHaveLeft: false } });
			expect(sent).not.toHaveProperty('failure.isPermanent');
		},
	);

	test('that asks for a sign-in: 407, as if it had said so to the request', async () => {
		expect(await through(answering(407))).toMatchObject({ response: { status: 407 } });
	});

	test.each<[string, (socket: Socket) => void]>([
		['ends CONNECT', (socket) => socket.end()],
		['resets CONNECT', (socket) => socket.resetAndDestroy()],
		['answers CONNECT and cuts the handshake', (socket) => cutAfterConnect(socket, false)],
		['answers CONNECT and resets the handshake', (socket) => cutAfterConnect(socket, true)],
	])('that %s: nothing has left', async (_, act) => {
		expect(await through(act)).toMatchObject({ failure: { mayHaveLeft: false } });
	});

	test('that is not there: nothing has left', async () => {
		process.env.HTTPS_PROXY = `http://127.0.0.1:${await closedPort()}`;
		expect(await failureOf('https://vendor.example/')).toMatchObject({ mayHaveLeft: false });
		delete process.env.HTTPS_PROXY;
	});
});

function cutAfterConnect(socket: Socket, reset: boolean): void {
	socket.once('data', () => (reset ? socket.resetAndDestroy() : socket.destroy()));
	socket.write('HTTP/1.1 200 OK\r\n\r\n');
}

describe('an n8n that throws every status, over TLS', () => {
	let sandbox: Sandbox;
	beforeAll(async () => {
		sandbox = await startSandbox({ tls: trusted });
		hasStatusLists = false;
	});
	afterAll(async () => {
		hasStatusLists = undefined;
		await sandbox?.close();
	});
	const answered = async (fault: Fault) => {
		sandbox.reset();
		sandbox.faults.always(() => fault);
		return await send(`${sandbox.credentials.myTrackerApi.baseUrl}/v1/customEvent`);
	};

	test.each([400, 401, 403, 404, 413, 429, 500, 503])('%i is the response of the vendor', async (status) => {
		expect(await answered({ status, body: '{"error":"no"}', headers: { 'retry-after': '7' } })).toMatchObject(
			{
				response: { status, text: '{"error":"no"}', json: { error: 'no' }, headers: { 'retry-after': '7' } },
			},
		);
	});

	test('a request that 401 answered is sent twice, any other once', async () => {
		await answered({ status: 401 });
		expect(sandbox.requests).toHaveLength(2);
		for (const status of [400, 403, 500]) {
			await answered({ status });
			expect(sandbox.requests).toHaveLength(1);
		}
	});

	test('a redirect is one, too', async () => {
		expect(await answered({ redirect: 'https://elsewhere.example/' })).toMatchObject({
			response: { headers: { location: expect.stringContaining('elsewhere.example') } },
		});
	});

	test('a success is not thrown', async () => {
		expect(await answered({ status: 202, body: 'queued' })).toMatchObject({
			response: { status: 202, text: 'queued' },
		});
	});
});
