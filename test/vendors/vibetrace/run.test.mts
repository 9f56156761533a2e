import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { IDataObject, INode, INodeParameters } from 'n8n-workflow';

import type { Json } from '../../../nodes/engine/operation/operation.ts';
import { sendEvent } from '../../../nodes/Vibetrace/sendEvent.ts';
import { startSandbox, type Sandbox } from '../../../tools/sandbox/server.mts';
import { nodesWithClock, reportsOf, statusesOf } from '../../support/bench.mts';
import { instantClock } from '../../support/clock.mts';
import { createEngine, singleNodeWorkflow, type Engine } from '../../../tools/harness/engine.mts';
import { IDS, EMAIL, ORDER, dataOf } from './support.mts';

describe('on n8n’s engine, against the sandbox', () => {
	const TYPE = 'n8n-nodes-server-events.vibetraceSendEvent';
	const clock = instantClock({ random: Math.random });
	let sandbox: Sandbox;
	let engine: Engine;

	beforeAll(async () => {
		sandbox = await startSandbox();
		const extraNodes = await nodesWithClock(clock);
		engine = await createEngine({ packageDirectory: process.cwd(), extraNodes });
	});
	beforeEach(() => sandbox.reset());
	afterAll(async () => {
		await engine.close();
		await sandbox.close();
	});

	const run = async (
		items: Json[],
		parameters: INodeParameters = {},
		node: Partial<INode> = {},
		credential: IDataObject = {},
	) =>
		await engine.run(
			singleNodeWorkflow({
				type: TYPE,
				parameters: { mappingMode: 'autoMapInputData', ...parameters },
				credentialType: 'vibetraceApi',
				node: { onError: 'continueRegularOutput', ...node },
			}),
			{
				items: { Items: items as IDataObject[] },
				credentials: { vibetraceApi: { ...sandbox.credentials.vibetraceApi, ...credential } as never },
			},
		);

	test('both samples, one request each, as they are', async () => {
		const events = sendEvent.samples.map(({ event }) => event);
		const reports = reportsOf(await run(events), 2);
		expect(reports.map(({ event }) => event)).toEqual(events);
		expect(reports.map(({ delivery }) => delivery)).toEqual([
			{ status: 'accepted', method: 'confirmation', request: 1, attempts: 1, httpStatus: 200 },
			{ status: 'accepted', method: 'login', request: 2, attempts: 1, httpStatus: 200 },
		]);
		expect(reports[0].response).toEqual({ status: 'ok' });
		expect(sandbox.stored('vibetrace').map(({ event }) => event)).toEqual(events);
		expect(
			sandbox.requests.every(
				({ headers, url }) => headers.authorization === undefined && /&ts=\d{10}$/.test(url),
			),
		).toBe(true);
	});

	test('the form, expressions and plain paths, with a callback', async () => {
		const result = await run(
			[
				{ who: { cookie: '0111_013123_false_false' }, order: 5, sum: '9.90' },
				{ who: {}, order: 6, sum: 1 },
			],
			{
				mappingMode: 'defineBelow',
				type: '={{ "confirm" + "ation" }}',
				vtUserCookie: '={{ $json.who.cookie }}',
				generic: '={{ { orderId: $json.order, total: $json.sum } }}',
				callback: 'vt',
			},
		);
		const [one, other] = reportsOf(result, 2);
		const event = {
			userId: '0111',
			sessionId: '013123',
			type: 'confirmation',
			generic: { orderId: '5', total: 9.9 },
		};
		expect(one).toMatchObject({
			event: { ...event, callback: 'vt' },
			delivery: { status: 'accepted' },
			response: { status: 'ok' },
		});
		expect(other.delivery).toMatchObject({
			status: 'invalid',
			issues: [{ field: 'userId', message: expect.stringContaining('no identification') }],
		});
		expect(sandbox.stored('vibetrace').map((stored) => stored.event)).toEqual([event]);
	});

	test('a batch by type and length, each item paired to its own', async () => {
		const items = Array.from({ length: 120 }, (_, at) =>
			at % 3 === 0
				? { type: 'wishlist', _vtsid: `v${at}`, note: `n${'x'.repeat(at)}` }
				: { type: 'update', email: `a+${at}@example.com`, name: `Жан "${at}"` },
		);
		const reports = reportsOf(await run(items, { sendAs: 'batch' }), items.length);
		expect(reports.map(({ event }) => event)).toEqual(items);
		expect(new Set(reports.map(({ delivery }) => delivery.status))).toEqual(new Set(['accepted']));
		for (const { url } of sandbox.requests)
			expect(url.length + `http://${sandbox.requests[0].headers.host}`.length).toBeLessThanOrEqual(8_000);
		expect(sandbox.requests.length).toBeGreaterThan(2);
		for (const type of ['wishlist', 'update']) {
			const stored = sandbox.stored('vibetrace').filter(({ operation }) => operation === type);
			expect(stored.map(({ event }) => event)).toEqual(items.filter((item) => item.type === type));
		}
	});

	test('an invalid event is left out of its batch; one that Vibetrace refuses takes its batch with it', async () => {
		const items = ['a', 'b', 'c'].map((name) => ({
			type: 'login',
			email: `${name}@example.com`,
			source: name,
		}));
		const bad = { type: 'login', email: 'nobody' };
		expect(statusesOf(await run([items[0], bad, items[1], items[2]], { sendAs: 'batch' }), 4)).toEqual([
			'accepted',
			'invalid',
			'accepted',
			'accepted',
		]);
		sandbox.reset();
		const refused = { type: 'update', userId: 'sandbox-refuse', sessionId: '1', a: 1 };
		const fine = { type: 'update', userId: '1', sessionId: '1', a: 1 };
		expect(statusesOf(await run([fine, refused], { sendAs: 'batch' }), 2)).toEqual([
			'batchRejected',
			'batchRejected',
		]);
		sandbox.reset();
		expect(
			statusesOf(await run([fine, refused], { sendAs: 'batch', options: { onRejectedBatch: 'isolate' } }), 2),
		).toEqual(['accepted', 'rejected']);
	});

	test('a refusal reads as one sentence', async () => {
		const [{ delivery }] = reportsOf(
			await run([{ type: 'update', userId: 'sandbox-refuse', sessionId: '1', a: 1 }]),
			1,
		);
		expect(delivery.message).toMatch(
			/^Vibetrace refused this event with status 400; Vibetrace documents no reasons, so compare /,
		);
	});

	test('only an order is repeated by itself, with another ts', async () => {
		sandbox.faults.push({ status: 502, afterStoring: true }, { status: 502, afterStoring: true });
		const order = { type: 'confirmation', ...IDS, ...ORDER };
		expect(reportsOf(await run([order]), 1)[0].delivery).toMatchObject({ status: 'accepted', attempts: 3 });
		const drawn = sandbox.requests.map(({ url }) => new URL(url, 'http://x').searchParams.get('ts'));
		expect(new Set(drawn).size).toBe(3);
		expect(sandbox.stored('vibetrace')).toHaveLength(1);

		sandbox.reset();
		sandbox.faults.push({ status: 502 });
		const other = { type: 'generic', ...EMAIL, generic: { event_name: 'x' } };
		expect(reportsOf(await run([other]), 1)[0].delivery).toMatchObject({ status: 'unknown', attempts: 1 });
	});

	test('an answer that is a page is unknown, an unknown account ends the run, a long event is oversize', async () => {
		sandbox.faults.push({ html: true });
		expect(statusesOf(await run([{ type: 'login', ...EMAIL }]), 1)).toEqual(['unknown']);
		const shut = reportsOf(
			await run(
				[
					{ type: 'login', ...EMAIL },
					{ type: 'login', ...EMAIL },
				],
				{},
				{},
				{ accountId: 'nobody' },
			),
			2,
		);
		expect(shut.map(({ delivery }) => delivery)).toEqual([
			expect.objectContaining({
				status: 'notAttempted',
				httpStatus: 404,
				message: expect.stringContaining("'Account ID'"),
			}),
			expect.objectContaining({ status: 'notAttempted', httpStatus: 404 }),
		]);
		const [long] = reportsOf(await run([{ type: 'login', ...EMAIL, note: 'é'.repeat(2_000) }]), 1);
		expect(long.delivery).toMatchObject({
			status: 'oversize',
			message: expect.stringContaining('limit of 8,000'),
		});
	});

	test('an error output’s item goes out again from details.event', async () => {
		sandbox.faults.push({ status: 502 });
		const item = { type: 'login', ...EMAIL, attributes: { source: 'shop' }, callback: 'vt' };
		const failed = await run([item], {}, { onError: 'continueErrorOutput' });
		const [, [{ json }]] = failed.nodeOutputs('Node');
		const again = await run([json as Json], { inputField: 'details.event' });
		expect(statusesOf(again, 1)).toEqual(['accepted']);
		expect(sandbox.stored('vibetrace').map(({ event }) => event)).toEqual([
			{ type: 'login', ...EMAIL, source: 'shop' },
		]);
	});

	test('the preview shows the URL that would leave', async () => {
		const result = await run([{ type: 'login', ...EMAIL }], { options: { preview: true } });
		const { request } = result.nodeOutputs('Node')[0][0].json as {
			request: { method: string; url: string; bytes: number };
		};
		expect(request).toMatchObject({ method: 'GET', bytes: request.url.length });
		expect(dataOf(request.url)).toEqual([{ type: 'login', ...EMAIL }]);
		expect(sandbox.requests).toHaveLength(0);
	});
});
