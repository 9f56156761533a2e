import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { IDataObject, INode, INodeParameters } from 'n8n-workflow';

import { GravityFieldApi } from '../../../credentials/GravityFieldApi.credentials.ts';
import type { Json } from '../../../nodes/engine/operation/operation.ts';
import { eventTypes } from '../../../nodes/GravityField/variants.ts';
import { GravityFieldStoreEvent } from '../../../nodes/GravityField/GravityFieldStoreEvent/GravityFieldStoreEvent.node.ts';
import { overlaps, startSandbox, type Sandbox } from '../../../tools/sandbox/server.mts';
import {
	createEngine,
	singleNodeWorkflow,
	type Engine,
	type RunOptions,
	type RunResult,
} from '../../../tools/harness/engine.mts';
import { testCredential } from '../../support/credential-test.mts';
import { SEC, PAGE, DEVICE, NOBODY, UID, sha256, eventOf, custom } from './support.mts';

describe('on n8n’s engine', () => {
	const type = 'n8n-nodes-server-events.gravityFieldStoreEvent';
	let engine: Engine;
	let sandbox: Sandbox;

	beforeAll(async () => {
		sandbox = await startSandbox();
		engine = await createEngine({ packageDirectory: process.cwd() });
	});
	beforeEach(() => sandbox.reset());
	afterAll(async () => {
		await engine.close();
		await sandbox.close();
	});

	async function run(
		items: IDataObject[],
		parameters: INodeParameters,
		node: Partial<INode> = {},
		credential: IDataObject = {},
		options: RunOptions = {},
	): Promise<RunResult> {
		const { gravityFieldApi } = sandbox.credentials;
		return await engine.run(
			singleNodeWorkflow({ type, parameters, credentialType: 'gravityFieldApi', node }),
			{
				items: { Items: items },
				credentials: { gravityFieldApi: { ...gravityFieldApi, ...credential } as never },
				...options,
			},
		);
	}
	const auto = (parameters: INodeParameters = {}): INodeParameters => ({
		mappingMode: 'autoMapInputData',
		...parameters,
	});
	const output = (result: RunResult, index = 0) => result.nodeOutputs('Node')[index] ?? [];
	const statuses = (result: RunResult) =>
		output(result).map(({ json }) => (json.delivery as IDataObject).status);
	const bodies = () => sandbox.requests.map(({ body }) => JSON.parse(body.toString('utf8')) as Json);

	test('the form: one request for each item, each output paired with its input', async () => {
		const parameters: INodeParameters = {
			mappingMode: 'defineBelow',
			type: 'purchase-v1',
			name: 'Purchase',
			value: '={{ $json.total }}',
			currency: 'RUB',
			uniqueTransactionId: '={{ "ORD-" + $json.id }}',
			cart: '={{ $json.lines }}',
			user: { custom: '={{ $json.customer }}', ses: '={{ "order-" + $json.id }}' },
			ctx: { type: 'CART', location: 'https://shop.example/thanks' },
		};
		const items = [1, 2].map((id) => ({
			id,
			total: `${id}.50`,
			customer: `crm-${id}`,
			lines: [{ productId: 'A', quantity: id, itemPrice: '1.5' }],
		}));
		const result = await run(items, parameters);
		expect(result.error()).toBeUndefined();
		expect(statuses(result)).toEqual(['accepted', 'accepted']);
		expect(output(result).map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 1 }]);
		expect(output(result)[1].json).toMatchObject({
			delivery: { method: 'event', request: 2, attempts: 1, httpStatus: 200 },
			response: { campaigns: [] },
		});
		expect(bodies()[1]).toEqual({
			sec: sandbox.credentials.gravityFieldApi.sectionId,
			user: { custom: 'crm-2', ses: 'order-2' },
			ctx: { type: 'CART', data: [], location: 'https://shop.example/thanks' },
			device: { ua: 'n8n' },
			data: [
				{
					type: 'purchase-v1',
					name: 'Purchase',
					currency: 'RUB',
					value: 2.5,
					cart: [{ productId: 'A', quantity: 2, itemPrice: 1.5 }],
					uniqueTransactionId: 'ORD-2',
				},
			],
		});
		expect(sandbox.requests[0].headers.authorization).toBe(
			`Bearer ${sandbox.credentials.gravityFieldApi.apiKey}`,
		);
		expect(sandbox.requests[0].url).toBe('/gravityfield/v2/event');
	});

	test('a type from an expression: custom, named, and neither', async () => {
		const parameters: INodeParameters = {
			mappingMode: 'defineBelow',
			type: '={{ $json.type }}',
			customType: '={{ $json.mine }}',
			name: 'x',
			user: { uid: UID },
		};
		const result = await run(
			[
				{ type: eventTypes.custom.value, mine: 'a' },
				{ type: 'b', mine: 'no' },
				{ type: 'login-v1' },
				{ type: eventTypes.custom.value },
				{ type: '' },
			],
			parameters,
			{ onError: 'continueRegularOutput' },
		);
		expect(statuses(result)).toEqual(['accepted', 'accepted', 'accepted', 'invalid', 'invalid']);
		expect(sandbox.stored('gravityField').map(({ event }) => event.type)).toEqual(['a', 'b', 'login-v1']);
		expect(output(result)[3].json.delivery).toMatchObject({ issues: [{ field: 'customType' }] });
		expect(output(result)[1].json.delivery).toMatchObject({
			warnings: [{ field: 'customType', message: expect.stringContaining('hidden under b') }],
		});
	});

	test('what another choice hides is not sent, and said', async () => {
		const result = await run([{}], {
			mappingMode: 'defineBelow',
			type: 'login-v1',
			name: 'x',
			value: '5',
			user: { uid: UID },
			cart: '[{"productId":"A","quantity":1,"itemPrice":1}]',
			cuid: 'c',
		});
		expect(output(result)[0].json).toMatchObject({
			event: { type: 'login-v1', cuid: 'c' },
			delivery: {
				status: 'accepted',
				warnings: ['value', 'cart'].map((field) => ({
					field,
					message: expect.stringContaining('hidden under login-v1, so it was not sent') as never,
				})),
			},
		});
		expect(output(result)[0].json.event).not.toHaveProperty('value');
	});

	test('a type of one’s own has every field of the event', async () => {
		const own = { value: '5', currency: 'RUB', quantity: '0', productId: 'A' };
		const result = await run([{}], {
			mappingMode: 'defineBelow',
			type: eventTypes.custom.value,
			customType: 'level-up',
			name: 'x',
			user: { uid: UID },
			...own,
		});
		expect(output(result)[0].json).toMatchObject({
			event: { type: 'level-up', value: 5, currency: 'RUB', quantity: 0, productId: 'A' },
		});
		expect(output(result)[0].json.delivery).not.toHaveProperty('warnings');
	});

	test('a field that the SDKs require, left blank: the event is sent with a warning', async () => {
		const result = await run([{}], {
			mappingMode: 'defineBelow',
			type: 'add-to-wishlist-v1',
			name: 'x',
			value: '1',
			user: { uid: UID },
		});
		expect(output(result)[0].json.delivery).toMatchObject({
			status: 'accepted',
			warnings: [
				{ field: 'productId', message: "'Product ID' (productId) is required for add-to-wishlist-v1" },
			],
		});
		const untyped = await run([{}], { mappingMode: 'defineBelow', type: '', name: 'x' });
		expect(untyped.error()?.name).toBe('WorkflowHasIssuesError');
	});

	test('batches: grouped by user, a list counts as its events, one report for an item', async () => {
		const by = (user: string, change: Json = {}) =>
			custom({ user: { custom: user, ses: 's' }, ...change }) as IDataObject;
		const items = [
			by('a'),
			by('b'),
			by('a'),
			custom() as IDataObject,
			{ user: { custom: 'a', ses: 's' }, data: [custom(), custom()] } as IDataObject,
		];
		const result = await run(items, auto({ sendAs: 'batch', options: { batchSize: 4 } }));
		expect(statuses(result)).toEqual(Array.from({ length: 5 }, () => 'accepted'));
		expect(bodies().map(({ data }) => (data as unknown[]).length)).toEqual([4, 1, 1]);
		expect(output(result).map(({ json }) => (json.delivery as IDataObject).request)).toEqual([1, 2, 1, 3, 1]);
		expect(output(result)[4].json.event).toEqual({
			user: { custom: 'a', ses: 's' },
			ctx: PAGE,
			device: DEVICE,
			data: [custom(), custom()],
		});
	});

	test('never two requests of one user at once, and in their order', async () => {
		const users = ['a', 'b', 'a', 'c', 'b', 'a', 'c', 'a'];
		const items = users.map(
			(user, at) => custom({ user: { custom: user, ses: 's' }, name: String(at) }) as IDataObject,
		);
		let release = () => {};
		const gate = new Promise<void>((resolve) => (release = resolve));
		sandbox.faults.push({ waitFor: gate }, { waitFor: gate });
		void sandbox.arrived(3, 'gravityField').then(() => release());
		const result = await run(items, auto({ options: { concurrency: 10 } }));
		expect(new Set(statuses(result))).toEqual(new Set(['accepted']));
		const userOf = (index: number) => (bodies()[index].user as Json).custom;
		const side = sandbox.requests.flatMap((one, i) =>
			sandbox.requests
				.slice(i + 1)
				.filter((other) => overlaps(one, other))
				.map((other) => [userOf(i), userOf(other.number - 1)]),
		);
		expect(side.length).toBeGreaterThan(0);
		expect(side.filter(([one, other]) => one === other)).toEqual([]);
		for (const user of ['a', 'b', 'c']) {
			const sent = bodies()
				.filter(({ user: who }) => (who as Json).custom === user)
				.map(({ data }) => (data as Json[])[0].name);
			expect(sent).toEqual([...sent].sort());
		}
	});

	test('204 is taken', async () => {
		const result = await run([custom({ user: { custom: 'sandbox-204', ses: 's' } }) as IDataObject], auto());
		expect(output(result)[0].json).toEqual({
			event: expect.anything(),
			delivery: { status: 'accepted', method: 'event', request: 1, attempts: 1, httpStatus: 204 },
		});
	});

	test('422: refused with the vendor’s words, alone or with its batch', async () => {
		const refuse = custom({ user: { custom: 'sandbox-refuse', ses: 's' } }) as IDataObject;
		const one = await run([refuse, custom() as IDataObject], auto(), { onError: 'continueErrorOutput' });
		expect(output(one, 1)[0].json.details).toMatchObject({
			delivery: { status: 'rejected', httpStatus: 422, message: expect.stringContaining("read 'response'") },
			response: { msg: expect.any(String) },
		});
		expect(statuses(one)).toEqual(['accepted']);
		const two = await run([refuse, custom() as IDataObject, refuse], auto({ sendAs: 'batch' }), {
			onError: 'continueRegularOutput',
		});
		expect(
			output(two)
				.map(
					({ json }) => ((json.details as IDataObject | undefined)?.delivery ?? json.delivery) as IDataObject,
				)
				.map(({ status }) => status),
		).toEqual(['batchRejected', 'accepted', 'batchRejected']);
		const isolated = await run(
			[refuse, { ...refuse, eventTime: 1_788_426_000 }],
			auto({ sendAs: 'batch', options: { onRejectedBatch: 'isolate' } }),
			{ onError: 'continueRegularOutput' },
		);
		expect(output(isolated)).toHaveLength(2);
	});

	test('a list that is refused has one status', async () => {
		const result = await run(
			[{ user: { custom: 'sandbox-refuse', ses: 's' }, data: [custom(), custom()] } as IDataObject],
			auto({ sendAs: 'batch' }),
			{ onError: 'continueRegularOutput' },
		);
		expect(output(result)[0].json).toMatchObject({ delivery: { status: 'rejected', httpStatus: 422 } });
	});

	test('403 ends the run; the key is in no word of it', async () => {
		const result = await run(
			[custom(), custom()] as IDataObject[],
			auto(),
			{ onError: 'continueRegularOutput' },
			{ apiKey: 'wrong-key-of-somebody' },
		);
		expect(sandbox.requests).toHaveLength(1);
		expect(JSON.stringify(output(result))).not.toContain('wrong-key-of-somebody');
		expect(statuses(result)).toEqual(['notAttempted', 'notAttempted']);
		expect(output(result)[0].json.delivery).toMatchObject({
			httpStatus: 403,
			message: expect.stringContaining("'Section ID'"),
		});
	});

	test('a base URL without /v2 says so', async () => {
		const baseUrl = sandbox.credentials.gravityFieldApi.baseUrl.replace('/v2', '');
		const result = await run([custom() as IDataObject], auto(), {}, { baseUrl });
		expect(result.error()?.message).toContain('/v2');
	});

	test('500 is tried again with the same bytes', async () => {
		sandbox.faults.push({ status: 500 });
		const result = await run([custom({ user: { custom: 'a', ses: 's' } }) as IDataObject], auto());
		expect(output(result)[0].json).toMatchObject({ delivery: { status: 'accepted', attempts: 2 } });
		expect(sandbox.requests[0].body).toEqual(sandbox.requests[1].body);
	}, 20_000);

	test('an answer that never came is not repeated', async () => {
		sandbox.faults.push({ reset: 'afterStoring' });
		const result = await run([custom() as IDataObject], auto(), { onError: 'continueRegularOutput' });
		expect(statuses(result)).toEqual(['unknown']);
		expect(sandbox.requests).toHaveLength(1);
	});

	test('a 200 that is no JSON object is not taken for granted', async () => {
		sandbox.faults.push({ status: 200, body: 'OK' });
		expect(statuses(await run([custom() as IDataObject], auto()))).toEqual(['unconfirmed']);
	});

	test('hashing by option; the item itself keeps its address', async () => {
		const item = eventOf('login-v1', {
			hashedEmail: 'Test@Example.com',
			cuid: '8 916 123-45-67',
		}) as IDataObject;
		const result = await run(
			[item],
			auto({ options: { hashEmail: true, hashPhone: true, includeInputFields: true } }),
		);
		expect(sandbox.stored('gravityField')[0].event).toMatchObject({
			hashedEmail: sha256('test@example.com'),
			cuid: sha256('79161234567'),
		});
		expect(output(result)[0].json.input).toMatchObject({ hashedEmail: 'Test@Example.com' });
		const off = await run([item], auto(), { onError: 'continueRegularOutput' });
		expect(statuses(off)).toEqual(['accepted']);
		expect(output(off)[0].json.delivery).toMatchObject({
			warnings: expect.arrayContaining([
				{ field: 'hashedEmail', message: expect.stringContaining("switch on the option 'Hash Email'") },
			]),
		});
		expect(JSON.stringify(output(off)[0].json.delivery)).not.toContain('xample.com');
	});

	test('an item of an error output can be sent again', async () => {
		const first = await run(
			[custom({ name: '' }) as IDataObject, { data: [custom()] } as IDataObject],
			auto(),
			{ onError: 'continueErrorOutput' },
		);
		const failed = output(first, 1)[0].json;
		const mended = { ...failed, name: 'Mended' };
		const second = await run([mended], auto());
		expect(statuses(second)).toEqual(['accepted']);
		expect(sandbox.stored('gravityField').at(-1)?.event).toEqual(custom({ name: 'Mended' }));
	});

	test('preview shows the request without the key', async () => {
		const result = await run([custom() as IDataObject], auto({ options: { preview: true } }));
		expect(sandbox.requests).toHaveLength(0);
		const { request } = output(result)[0].json as { request: IDataObject };
		expect(request).toMatchObject({
			method: 'POST',
			url: `${sandbox.credentials.gravityFieldApi.baseUrl}/event`,
			headers: { Authorization: 'Bearer ***' },
		});
		expect(JSON.parse(request.body as string)).toEqual({
			sec: sandbox.credentials.gravityFieldApi.sectionId,
			...NOBODY,
			data: [custom()],
		});
	});

	describe('the credential’s test, as n8n’s tester runs it', () => {
		const tested = async (change: IDataObject): Promise<string> =>
			await testCredential(new GravityFieldApi(), new GravityFieldStoreEvent(), {
				...sandbox.credentials.gravityFieldApi,
				...change,
			});

		test('422: the key was not refused; nothing is stored', async () => {
			expect(await tested({ baseUrl: ` ${sandbox.credentials.gravityFieldApi.baseUrl}/ ` })).toBe('passed');
			expect(
				sandbox.requests.map(({ method, url, status, body }) => [method, url, status, body.toString()]),
			).toEqual([['POST', '/gravityfield/v2/event', 422, `{"sec":"${SEC}"}`]]);
			expect(sandbox.stored('gravityField')).toEqual([]);
		});

		test('400 passes too', async () => {
			sandbox.faults.push({ status: 400 });
			expect(await tested({})).toBe('passed');
		});

		test('what fails', async () => {
			expect(await tested({ apiKey: 'wrong' })).toMatch(/refused the key \(403\)/);
			expect(await tested({ sectionId: 'f'.repeat(24) })).toMatch(/\(403\)/);
			expect(await tested({ baseUrl: sandbox.url })).toMatch(/must end in \/v2/);
			sandbox.faults.push({ status: 401 }, { status: 401 });
			expect(await tested({})).toMatch(/refused the key \(401\)/);
			sandbox.faults.clear();
			sandbox.faults.push({ redirect: 'https://elsewhere.example/' });
			expect(await tested({})).toMatch(/redirects/);
			sandbox.faults.push({ status: 503 });
			expect(await tested({})).toMatch(/could not be checked/);
			expect(await tested({ baseUrl: 'http://127.0.0.1:9' })).toMatch(/ECONNREFUSED/);
		});
	});
});
