import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { ICredentialDataDecryptedObject, IDataObject, INode, INodeParameters } from 'n8n-workflow';

import { AppMetricaApi } from '../../../credentials/AppMetricaApi.credentials.ts';
import { AppMetricaImportEvents } from '../../../nodes/AppMetrica/AppMetricaImportEvents/AppMetricaImportEvents.node.ts';
import { startSandbox, type Sandbox } from '../../../tools/sandbox/server.mts';
import page from '../../pages/appmetrica.json';
import {
	createEngine,
	singleNodeWorkflow,
	type Engine,
	type RunResult,
} from '../../../tools/harness/engine.mts';
import { testCredential } from '../../support/credential-test.mts';
import { KEY } from './support.mts';

describe('on n8n’s engine, against the sandbox', () => {
	let engine: Engine;
	let sandbox: Sandbox;

	beforeAll(async () => {
		engine = await createEngine({ packageDirectory: process.cwd() });
		sandbox = await startSandbox();
	}, 60_000);
	beforeEach(() => {
		sandbox.reset();
		sandbox.faults.clear();
	});
	afterAll(async () => {
		await engine.close();
		await sandbox.close();
	});

	interface Given {
		parameters?: INodeParameters;
		node?: Partial<INode>;
		credential?: Partial<ICredentialDataDecryptedObject>;
	}

	async function run(
		items: IDataObject[],
		{ parameters = {}, node = { onError: 'continueRegularOutput' }, credential = {} }: Given = {},
	): Promise<RunResult> {
		const appMetricaApi = {
			...sandbox.credentials.appMetricaApi,
			...credential,
		} as ICredentialDataDecryptedObject;
		const workflow = singleNodeWorkflow({
			type: 'n8n-nodes-server-events.appMetricaImportEvents',
			parameters: { mappingMode: 'autoMapInputData', ...parameters },
			credentialType: 'appMetricaApi',
			node,
		});
		const result = await engine.run(workflow, { items: { Items: items }, credentials: { appMetricaApi } });
		const seen = JSON.stringify([
			result.nodeOutputs('Node'),
			result.log,
			result.hints('Node'),
			result.error()?.message,
			result.error()?.description,
			result.contextData,
		]);
		expect(seen).not.toContain(String(appMetricaApi.postApiKey).trim());
		return result;
	}

	const output = (result: RunResult, at = 0) =>
		(result.nodeOutputs('Node')[at] ?? []).map(({ json }) => json);
	const statuses = (result: RunResult) => output(result).map((json) => (json.delivery as IDataObject).status);
	const stored = () => sandbox.stored('appMetrica').map(({ event }) => event);
	const minute = () => Math.floor(Date.now() / 1000) - 60;
	const one = (more: IDataObject = {}): IDataObject => ({
		profile_id: 'user-42',
		event_name: 'order_paid',
		timestamp: minute(),
		...more,
	});

	test('batch: a file per set of columns, each item paired with its own', async () => {
		const names = ['Покупка 🛒', 'a,"b"', '+', ' x '];
		const items = names.map((name, at) =>
			one({ event_name: name, ...(at % 2 ? { device_ipv6: '5.255.232.147' } : {}) }),
		);
		const result = await run(items);
		expect(result.status).toBe('success');
		expect(statuses(result)).toEqual(['accepted', 'accepted', 'accepted', 'accepted']);
		expect(output(result).map(({ delivery }) => (delivery as IDataObject).method)).toEqual(
			names.map(() => 'events.csv'),
		);
		expect(output(result).map(({ delivery }) => (delivery as IDataObject).request)).toEqual([1, 2, 1, 2]);
		expect(result.nodeOutputs('Node')[0].map(({ pairedItem }) => pairedItem)).toEqual(
			[0, 1, 2, 3].map((item) => ({ item })),
		);
		expect(output(result).map(({ event }) => (event as IDataObject).event_name)).toEqual(names);
		expect(output(result)[0].event).not.toHaveProperty('application_id');
		expect(sandbox.requests).toHaveLength(2);
		expect(stored().map((event) => event.event_name)).toEqual([names[0], names[2], names[1], names[3]]);
		expect(stored()[3]).toMatchObject({ device_ipv6: '::ffff:5.255.232.147', application_id: '1111' });
		expect(sandbox.requests[0].headers).toMatchObject({ 'content-type': 'text/csv; charset=UTF-8' });
		expect(sandbox.requests[0].headers).not.toHaveProperty('authorization');
	});

	test('single: all in the query, no body', async () => {
		const result = await run([one({ event_name: "a b+'\n", event_json: { a: 'б' } })], {
			parameters: { sendAs: 'single' },
		});
		expect(statuses(result)).toEqual(['accepted']);
		expect(output(result)[0]).toMatchObject({
			delivery: { method: 'events', httpStatus: 200 },
			response: { text: 'Your data has been uploaded.' },
		});
		expect(stored()).toMatchObject([{ event_name: "a b+'\n", event_json: '{"a":"б"}' }]);
		expect(sandbox.requests[0]).toMatchObject({ bodyBytes: 0 });
		expect(sandbox.requests[0].headers).not.toHaveProperty('content-type');
		expect(sandbox.requests[0].url).toMatch(/\/events\?post_api_key=\w+&application_id=1111&profile_id=/);
	});

	test('the vendor’s own CSV sample is taken as it stands', async () => {
		const items = page.samples.body.records.map(({ application_id: _, ...event }) => event);
		const result = await run(items, { parameters: { options: { maxAgeDays: 0 } } });
		expect(statuses(result)).toEqual(['accepted', 'accepted']);
		expect(stored()).toEqual(page.samples.body.records);
	});

	test('fields mapped in the form, another app by expression', async () => {
		const parameters: INodeParameters = {
			mappingMode: 'defineBelow',
			appmetrica_device_id: '={{ $json.id }}',
			event_name: 'order_paid',
			event_timestamp: '={{ $json.at }}',
			session_type: 'foreground',
			event_json: '={{ { sum: $json.sum } }}',
			device: { os_version: '16.10', mnc: '02' },
			options: { applicationId: '={{ $json.app }}' },
		};
		const items = [
			{ id: '18446744073709551615', at: minute(), sum: '10', app: '1111' },
			{ id: '9876543210123456789', at: new Date().toISOString(), sum: '25', app: 2222 },
			{ id: 'c0ffee', at: minute(), sum: '1', app: '1111' },
			{ id: '5', at: minute(), sum: '1', app: 'x' },
		];
		const result = await run(items, { parameters });
		expect(statuses(result)).toEqual(['accepted', 'accepted', 'invalid', 'invalid']);
		expect(stored()).toMatchObject([
			{
				application_id: '1111',
				appmetrica_device_id: '18446744073709551615',
				os_version: '16.10',
				mnc: '2',
				event_json: '{"sum":"10"}',
				session_type: 'foreground',
			},
			{ application_id: '2222', appmetrica_device_id: '9876543210123456789' },
		]);
		expect(output(result)[2]).toMatchObject({ delivery: { issues: [{ field: 'appmetrica_device_id' }] } });
		expect(output(result)[3]).toMatchObject({ delivery: { issues: [{ field: 'applicationId' }] } });
	});

	test('a control character is invalid in a file and carried by the query', async () => {
		const items = [one({ event_name: 'a\tb' }), one()];
		expect(statuses(await run(items))).toEqual(['invalid', 'accepted']);
		expect(statuses(await run(items, { parameters: { sendAs: 'single' } }))).toEqual([
			'accepted',
			'accepted',
		]);
	});

	test('a refused batch fails as a whole and is not sent again', async () => {
		const result = await run([one(), one({ profile_id: 'sandbox-refuse' }), one()]);
		expect(statuses(result)).toEqual(['batchRejected', 'batchRejected', 'batchRejected']);
		expect(output(result)[0]).toMatchObject({ delivery: { items: '0-2', httpStatus: 400 } });
		expect(sandbox.requests).toHaveLength(1);
		const single = await run([one(), one({ profile_id: 'sandbox-refuse' })], {
			parameters: { sendAs: 'single' },
		});
		expect(statuses(single)).toEqual(['accepted', 'rejected']);
		expect(output(single)[1]).toMatchObject({
			delivery: {
				message: expect.stringMatching(/refused this event with status 400; a required parameter is missing/),
			},
		});
	});

	test('a wrong key ends the run and is seen nowhere', async () => {
		const result = await run([one(), one({ mcc: '250' })], { credential: { postApiKey: ' wrong key ' } });
		expect(statuses(result)).toEqual(['notAttempted', 'notAttempted']);
		expect(sandbox.requests).toHaveLength(1);
		expect(output(result)[1]).toMatchObject({
			delivery: { httpStatus: 403, message: expect.stringContaining('Post API Key') },
		});
		const stopped = await run([one()], { node: {}, credential: { postApiKey: 'wrong key' } });
		expect(stopped.status).toBe('error');
	});

	test('an answer that repeats the whole address is masked', async () => {
		sandbox.faults.next(({ url }) => ({
			status: 202,
			body: `queued ${url}`,
			headers: { 'content-type': 'text/plain' },
		}));
		const postApiKey = 'k %y+/=';
		const result = await run([one()], { parameters: { sendAs: 'single' }, credential: { postApiKey } });
		expect(statuses(result)).toEqual(['unconfirmed']);
		const { text } = output(result)[0].response as { text: string };
		expect(text).toMatch(/^queued .*post_api_key=\*\*\*&/);
		expect(decodeURIComponent(text)).not.toContain(postApiKey);
	});

	test('5xx are repeated, an unclear end is not', async () => {
		sandbox.faults.push({ status: 503, headers: { 'retry-after': '0' } });
		expect(output(await run([one()]))[0]).toMatchObject({ delivery: { status: 'accepted', attempts: 2 } });
		sandbox.reset();
		sandbox.faults.push({ reset: 'afterStoring' });
		expect(output(await run([one()]))[0]).toMatchObject({ delivery: { status: 'unknown', attempts: 1 } });
		expect(stored()).toHaveLength(1);
	});

	test('a preview shows the request without the key', async () => {
		for (const sendAs of ['single', 'batch']) {
			const [{ request }] = output(
				await run([one()], { parameters: { sendAs, options: { preview: true } } }),
			) as Array<{ request: IDataObject }>;
			expect(request.url).toMatch(/events(\.csv)?\?post_api_key=\*\*\*(&|$)/);
			expect(request.bytes).toBeGreaterThan(0);
		}
		expect(sandbox.requests).toHaveLength(0);
	});

	test('20,000 events in the least number of requests', async () => {
		const items = Array.from({ length: 20_000 }, (_, at) => one({ profile_id: `user-${at}` }));
		const result = await run(items);
		expect(sandbox.requests).toHaveLength(2);
		expect(new Set(statuses(result))).toEqual(new Set(['accepted']));
	}, 60_000);

	describe('the credential’s test', () => {
		const judged = async (data: Partial<ICredentialDataDecryptedObject> = {}) =>
			await testCredential(new AppMetricaApi(), new AppMetricaImportEvents(), {
				...sandbox.credentials.appMetricaApi,
				...data,
			});

		test('the sandbox does not refuse a good key, and stores nothing', async () => {
			expect(
				await judged({
					baseUrl: ` ${sandbox.credentials.appMetricaApi.baseUrl}// `,
					applicationId: ' 1111 ',
					postApiKey: ` ${KEY} `,
				}),
			).toBe('passed');
			expect(
				sandbox.requests.map(({ method, url, status, stored: events }) => [method, url, status, events]),
			).toEqual([
				['POST', `/appmetrica/logs/v1/import/events?post_api_key=${KEY}&application_id=1111`, 400, 0],
			]);
			expect(sandbox.requests[0].headers).not.toHaveProperty('content-type');
		});

		test('a wrong key is refused in plain words', async () => {
			expect(await judged({ postApiKey: 'wrong' })).toMatch(/refused the key \(403\).*SDK/);
		});

		test.each([
			[400, /^passed$/],
			[422, /^passed$/],
			[200, /could not be checked.*\(200\)/],
			[401, /refused the key \(401\)/],
			[403, /refused the key \(403\)/],
			[404, /could not be checked.*\(404\)/],
			[405, /could not be checked.*\(405\)/],
			[429, /^no rule: 429$/],
			[500, /^no rule: 500$/],
			[503, /^no rule: 503$/],
		])('%i: %s', async (status, says) => {
			sandbox.faults.always(() => ({ status, body: '' }));
			expect(await judged()).toMatch(says);
		});

		test('a redirect is not followed', async () => {
			sandbox.faults.push({ redirect: 'http://127.0.0.1:9/elsewhere' });
			expect(await judged()).toMatch(/redirects elsewhere \(302\)/);
			expect(sandbox.requests).toHaveLength(1);
		});

		test('says beforehand what it cannot tell', () => {
			const notice = new AppMetricaApi().properties.find(({ type }) => type === 'notice');
			expect(notice?.displayName).toMatch(
				/the key was not refused; it does not show that events will arrive/,
			);
		});
	});
});
