/** The vectors of the vendor sheets leave byte for byte elsewhere; here each is taken, and read as what it was made of. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';

import { startSandbox } from '../../../tools/sandbox/server.mts';
import type { Sandbox, Vendor } from '../../../tools/sandbox/server.mts';
import { send } from './client.mts';

type Vector = {
	id: string;
	vendor: string;
	operation: string;
	method: string;
	target: string;
	headers: Record<string, string>;
	input: unknown;
	body: string;
};
const { vectors } = JSON.parse(readFileSync(join(process.cwd(), 'test/pages/vectors-more.json'), 'utf8')) as {
	vectors: Vector[];
};

let sandbox: Sandbox;
beforeAll(async () => {
	sandbox = await startSandbox({ appMetrica: { exportPolls: 0 } });
});
beforeEach(() => sandbox.reset());
afterAll(() => sandbox.close());

// Named on the sheet as context only: the product leaves receipts out, and so does the sandbox.
const LEFT_OUT = ['MT-AR-1'];
const VENDORS: Record<string, Vendor> = {
	MyTracker: 'myTracker',
	AppMetrica: 'appMetrica',
	'Gravity Field': 'gravityField',
	Vibetrace: 'vibetrace',
};
const READS = ['exportLogs', 'test-app-access', 'getCampaign'];

/** The vector's request with the sandbox's own credentials in it. */
function requestOf({ vendor, method, target, headers, body }: Vector) {
	const { myTrackerApi, appMetricaApi, gravityFieldApi, vibetraceApi, appMetricaOAuthApi } =
		sandbox.credentials;
	const secret =
		vendor === 'MyTracker'
			? myTrackerApi.token
			: vendor === 'Gravity Field'
				? `Bearer ${gravityFieldApi.apiKey}`
				: vendor === 'Vibetrace'
					? vibetraceApi.apiKey
					: `OAuth ${appMetricaOAuthApi.token}`;
	const base =
		vendor === 'MyTracker'
			? myTrackerApi.baseUrl
			: vendor === 'AppMetrica'
				? appMetricaApi.baseUrl
				: vendor === 'Vibetrace'
					? vibetraceApi.apiBaseUrl
					: gravityFieldApi.baseUrl.replace(/\/v2$/, '');
	const key = `post_api_key=${appMetricaApi.postApiKey}`;
	const path =
		vendor === 'AppMetrica' && target.includes('/import/')
			? target.includes('?')
				? target.replace('?', `?${key}&`)
				: `${target}?${key}`
			: target;
	return {
		method,
		address: base + path,
		headers: headers.Authorization ? { ...headers, Authorization: secret } : headers,
		body: method === 'GET' ? undefined : body,
	};
}

test.each(vectors.filter(({ id }) => !LEFT_OUT.includes(id)).map((vector) => [vector.id, vector] as const))(
	'%s',
	async (_id, vector) => {
		const { method, address, headers, body } = requestOf(vector);
		const answer = await send(method, address, headers, body);
		expect(sandbox.requests[0].refusals).toEqual([]);
		expect(answer.status).toBe(200);
		const events = sandbox.stored(VENDORS[vector.vendor]).map(({ event }) => event);
		if (READS.includes(vector.operation) || method === 'GET') return;
		const input = vector.input as Record<string, unknown>;
		const expected =
			vector.operation === 'storeUser'
				? [input.user]
				: vector.operation === 'storeVisit'
					? [{ type: 'screenview' }]
					: [vector.input].flat();
		expect(events).toEqual(expected);
	},
);

test.each(LEFT_OUT)('%s is no method of the sandbox', async (id) => {
	const vector = vectors.find((one) => one.id === id);
	if (!vector) throw new Error('no such vector');
	const { method, address, headers, body } = requestOf(vector);
	expect((await send(method, address, headers, body)).status).toBe(404);
});
