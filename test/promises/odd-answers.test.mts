/** Answers that no vendor documents, byte for byte: what is in between, or broken, is never taken for the vendor's yes. */
import { createServer, type Server } from 'node:net';
import type { AddressInfo } from 'node:net';

import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { IDataObject } from 'n8n-workflow';

import { openBench, reportsOf, type Bench } from '../support/bench.mts';
import { vendorCases } from '../support/cases.mts';
import { instantClock } from '../support/clock.mts';

let bench: Bench;
let server: Server;
/** What the server writes before it ends the connection. */
let answer: Buffer;
let requests = 0;
beforeAll(async () => {
	bench = await openBench(instantClock());
	server = createServer((socket) => {
		socket.on('error', () => {});
		socket.once('data', () => {
			requests++;
			socket.end(answer);
		});
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
beforeEach(() => {
	requests = 0;
});
afterAll(async () => {
	server?.close();
	await bench?.close();
});

function answerWith(status: number, headers: IDataObject, body = ''): Buffer {
	const bytes = Buffer.from(body);
	const lines = Object.entries({ 'content-length': bytes.length, ...headers }).map(
		([name, value]) => `${name}: ${String(value)}\r\n`,
	);
	return Buffer.concat([Buffer.from(`HTTP/1.1 ${status} X\r\n${lines.join('')}\r\n`), bytes]);
}

async function deliveryAfter(bytes: Buffer, node: string, item: IDataObject, secret?: IDataObject) {
	answer = bytes;
	const { port } = server.address() as AddressInfo;
	const credential = { ...secret, baseUrl: `http://127.0.0.1:${port}` };
	const result = await bench.run({ node, items: [item], credential, options: { maxAttempts: 2 } });
	return { result, delivery: reportsOf(result, 1)[0].delivery };
}

describe.each(vendorCases.map((vendor) => [vendor.node, vendor] as const))('%s', (node, vendor) => {
	test.each<[string, IDataObject, string]>([
		['a script without a type', {}, '<script>location = "/login"</script>'],
		['a doctype over two lines', { 'content-type': 'text/plain' }, '<!DOCTYPE\nhtml><p>Sign in'],
		['a link in a text of type HTML', { 'content-type': 'Text/HTML' }, 'Please <a href="/login">sign in</a>'],
	])('%s may have been stored, and is not sent again', async (_, headers, body) => {
		const { delivery } = await deliveryAfter(answerWith(200, headers, body), node, vendor.good('ev-a'));
		expect(delivery).toMatchObject({
			status: 'unknown',
			httpStatus: 200,
			message: expect.stringMatching(/\(an HTML page\)/),
		});
		expect(requests).toBe(1);
	});

	test('50 MB of blanks in an answer by which the vendor takes nothing: it is sent again', async () => {
		const { delivery } = await deliveryAfter(
			answerWith(503, {}, ' '.repeat(50_000_000)),
			node,
			vendor.good('ev-a'),
		);
		expect(delivery).toMatchObject({ status: 'exhausted', httpStatus: 503, attempts: 2 });
		expect(requests).toBe(2);
	});

	test('a redirect to what has no host', async () => {
		const { delivery } = await deliveryAfter(
			answerWith(302, { location: 'javascript:alert(1)' }),
			node,
			vendor.good('ev-a'),
		);
		expect(delivery).toMatchObject({
			status: 'notAttempted',
			message:
				'The base URL redirects to an address without a host; redirects are not followed, so check it in the credential',
		});
	});

	const { secrets } = vendor.operation.credential;
	(secrets.length ? test : test.skip)('a redirect to a host that repeats the secret', async () => {
		const secret = 'Secret0123456789Secret';
		const { result, delivery } = await deliveryAfter(
			answerWith(302, { location: `http://${secret}.example/` }),
			node,
			vendor.good('ev-a'),
			Object.fromEntries(secrets.map((name) => [name, secret])),
		);
		expect(delivery.message).toMatch(/^The base URL redirects to \*\*\*\.example; /);
		const shown = [result.nodeOutputs('Node'), result.hints('Node'), result.log];
		expect(JSON.stringify(shown).toLowerCase()).not.toContain(secret.toLowerCase());
	});
});
