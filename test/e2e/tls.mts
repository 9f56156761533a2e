/** Over TLS in a real n8n: what the vendor answers, and a proxy that refuses CONNECT, each told as what it is. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

import { selfSignedCertificate } from '../../tools/sandbox/certificate.mts';
import { startSandbox } from '../../tools/sandbox/server.mts';
import {
	credentialOfNode,
	credentialsFor,
	importCredentials,
	importWorkflows,
	runN8n,
	withSandboxCredentials,
	type Credential,
	type N8nPlace,
} from '../../tools/scripts/real-n8n.mts';
import { outputsOf, type RunData } from './stage.mts';
import { overTls } from './workflows.mts';

/** A proxy that answers every CONNECT with 403 and counts them. */
async function refusingProxy() {
	let connects = 0;
	const server = createServer().on('connect', (_, socket) => {
		connects++;
		socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 6\r\n\r\ndenied');
	});
	await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		connects: () => connects,
		close: async () => await new Promise((done) => server.close(done)),
	};
}

/**
 * Runs the workflow against this base URL; gives what the node reports of its event. The credential is the one that the
 * other checks use, since n8n's editor would choose a second one by itself.
 */
async function deliveriesAt(
	baseUrl: string,
	extra: Record<string, string>,
	{
		place,
		packageFolder,
		credentials,
	}: { place: N8nPlace; packageFolder: string; credentials: readonly Credential[] },
): Promise<unknown[]> {
	const good = credentials.find(({ type }) => type === 'myTrackerApi');
	assert.ok(good);
	const far = { ...good, data: { ...good.data, baseUrl } };
	await importCredentials(place, [far]);
	await importWorkflows(place, [
		withSandboxCredentials(overTls, overTls.id, [far], credentialOfNode(packageFolder)),
	]);
	const behind = { ...place, extra: { ...place.extra, ...extra } };
	const { code, output } = await runN8n(behind, ['execute', `--id=${overTls.id}`, '--rawOutput']);
	assert.equal(code, 0, output.slice(-2_000));
	const run = JSON.parse(output.slice(output.indexOf('{'), output.lastIndexOf('}') + 1)) as {
		data: { resultData: RunData };
	};
	return outputsOf(run.data.resultData, 'Send')[0].map(({ json }) => json.delivery);
}

export async function checkRefusingProxy(at: Parameters<typeof deliveriesAt>[2]): Promise<void> {
	const proxy = await refusingProxy();
	try {
		assert.deepEqual(await deliveriesAt('https://vendor.example/mytracker', { HTTPS_PROXY: proxy.url }, at), [
			{
				status: 'exhausted',
				method: 'customEventBatch',
				request: 1,
				attempts: 1,
				message:
					'MyTracker did not accept it (a proxy refused the connection with status 403); nothing was stored, so check the proxy settings of n8n, then send it again',
			},
		]);
		// The same for every try, so the connection is asked for once.
		assert.equal(proxy.connects(), 1);
	} finally {
		await proxy.close();
		await importCredentials(at.place, at.credentials);
	}
}

/** A vendor behind TLS takes an event, and speaks for itself when it refuses one. */
export async function checkOverTls(at: Parameters<typeof deliveriesAt>[2]): Promise<void> {
	const tls = selfSignedCertificate();
	const trust = join(at.place.userFolder, 'sandbox-ca.pem');
	writeFileSync(trust, tls.cert);
	const sandbox = await startSandbox({ tls });
	try {
		const { baseUrl } = sandbox.credentials.myTrackerApi;
		const common = { method: 'customEventBatch', request: 1, attempts: 1 };
		const known = { ...at, credentials: credentialsFor(sandbox.credentials) };
		const extra = { NODE_EXTRA_CA_CERTS: trust };
		assert.deepEqual(await deliveriesAt(baseUrl, extra, known), [
			{ ...common, status: 'accepted', httpStatus: 200 },
		]);
		sandbox.faults.always(() => ({ status: 403 }));
		const [refused] = (await deliveriesAt(baseUrl, extra, known)) as Array<{ message: string }>;
		assert.deepEqual(
			{ ...refused, message: undefined },
			{ ...common, status: 'notAttempted', httpStatus: 403, message: undefined },
		);
		assert.match(refused.message, /^MyTracker refused the token for this app/);
		assert.equal(sandbox.requests.length, 2);
	} finally {
		await sandbox.close();
		await importCredentials(at.place, at.credentials);
	}
}
