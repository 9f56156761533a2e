/** The node AppMetrica Export Logs on n8n's engine, against the sandbox's Logs API on a real socket. */
import { describe, expect, test } from '@jest/globals';
import type { IDataObject } from 'n8n-workflow';

import { event, exportHarness, iso, jsonOf, NOW, RANGE } from './support.mts';

const { clock, sandbox, run, send, exportRequests } = exportHarness();

describe('an export', () => {
	test('is polled until the file is there, asked for anew in the first request only, and given as items', async () => {
		sandbox().appMetrica.exportPolls = 3;
		await send([event(1), event(2)]);
		const result = await run({
			...RANGE,
			resource: 'events',
			fields: ['event_name', 'profile_id', 'event_json'],
		});
		expect(jsonOf(result)).toEqual([
			{ event_name: 'order_paid', profile_id: 'user-1', event_json: '{"order_id":"A-1"}' },
			{ event_name: 'order_paid', profile_id: 'user-2', event_json: '{"order_id":"A-2"}' },
		]);
		expect(result.nodeOutputs('Node')[0].map(({ pairedItem }) => pairedItem)).toEqual([
			{ item: 0 },
			{ item: 0 },
		]);
		const requests = exportRequests();
		expect(new Set(requests.map(({ url }) => url)).size).toBe(1);
		expect(requests.map(({ headers }) => headers['cache-control'])).toEqual([
			'no-cache',
			...requests.slice(1).map(() => undefined),
		]);
		expect(requests.map(({ status }) => status)).toEqual([...requests.slice(1).map(() => 202), 200]);
		expect(clock().waits).toEqual([10_000, 15_000, 22_500].slice(0, requests.length - 1));
	});

	test('is asked for in the vendor’s own words', async () => {
		await run({
			application_id: '1111',
			resource: 'events',
			date_since: '2018-10-10',
			date_until: '2018-10-10',
			fields: [
				'event_datetime',
				'event_json',
				'event_name',
				'event_timestamp',
				'appmetrica_device_id',
				'profile_id',
			],
		});
		expect(exportRequests()[0].url).toBe(
			'/appmetrica/logs/v1/export/events.csv?application_id=1111&date_since=2018-10-10%2000%3A00%3A00&date_until=2018-10-10%2023%3A59%3A59&fields=event_datetime,event_json,event_name,event_timestamp,appmetrica_device_id,profile_id',
		);
		expect(exportRequests()[0].headers.authorization).toBe(
			`OAuth ${sandbox().credentials.appMetricaOAuthApi.token}`,
		);
	});

	test('that is not ready when the waiting is used up is given back, and the next run goes on with it', async () => {
		sandbox().appMetrica.exportPolls = 4;
		await send([event(1)]);
		const parameters = { ...RANGE, resource: 'events', fields: ['profile_id'], options: { maxWait: 12 } };
		const first = jsonOf(await run(parameters));
		expect(first).toEqual([
			{ export: expect.objectContaining({ status: 'notReady', requests: 2, waitedSeconds: 10 }) },
		]);
		let items = first;
		for (let again = 0; again < 5 && items[0].export; again++)
			items = jsonOf(await run(parameters, { items }));
		expect(items).toEqual([{ profile_id: 'user-1' }]);
		expect(exportRequests().filter(({ headers }) => headers['cache-control']).length).toBe(1);
		expect(new Set(exportRequests().map(({ url }) => url)).size).toBe(1);
	});

	test('waits while the queue is full and asks for nothing more', async () => {
		const full = {
			vendor: 'appMetrica' as const,
			status: 429,
			body: 'There are already 3 enqueued queries for given application_id.',
		};
		sandbox().faults.push(full, full);
		const result = await run({ ...RANGE, resource: 'events', fields: ['profile_id'] });
		expect(jsonOf(result)).toEqual([]);
		expect(clock().waits.slice(0, 2)).toEqual([60_000, 60_000]);
	});

	test('as a file is one item with the CSV as it came', async () => {
		await send([event(1)]);
		const result = await run({
			...RANGE,
			resource: 'events',
			fields: ['profile_id', 'event_name'],
			returnAs: 'file',
		});
		const [item] = result.nodeOutputs('Node')[0];
		expect(item.json.export).toMatchObject({ status: 'ready', request: { resource: 'events' } });
		expect(item.binary?.data).toMatchObject({ fileName: 'events.csv', mimeType: 'text/csv' });
		expect(Buffer.from(item.binary?.data.data ?? '', 'base64').toString()).toBe(
			'profile_id,event_name\nuser-1,order_paid\n',
		);
	});

	test('with more rows than items are wanted ends there and says so', async () => {
		const result = await run({
			...RANGE,
			resource: 'events',
			fields: ['event_name'],
			filters: { filter: [{ field: 'event_name', value: 'sandbox-rows-5000' }] },
			options: { maxItems: 1_000 },
		});
		expect(jsonOf(result)).toHaveLength(1_000);
	});

	test.each<[string, IDataObject, string]>([
		[
			'of no app',
			{ application_id: 'abc' },
			"'Application' (application_id) must be the number of the app in AppMetrica",
		],
		['without a first date', { date_since: '' }, "'From' (date_since) is required"],
		[
			'with a time for a date',
			{ date_since: '14:35' },
			"'From' (date_since) must be a date such as 2026-11-25, or a time such as 2026-11-25 09:30:00",
		],
		[
			'with dates in the wrong order',
			{ date_until: '2020-01-01' },
			"'Until' (date_until) is before 'From' (date_since)",
		],
		[
			'of a field that the resource lacks',
			{ fields: ['crash_id'] },
			'\'Fields\' (fields) names "crash_id", which the resource events does not have; choose from the list',
		],
		[
			'filtered by a field that it lacks',
			{ filters: { filter: [{ field: 'crash_id', value: '1' }] } },
			'\'Filters\' names "crash_id", which the resource events does not have',
		],
		['with a limit of 0', { options: { limit: 0 } }, "'Limit' (limit) must be a whole number of at least 1"],
	])('%s is refused before anything is asked', async (_, more, message) => {
		const result = await run({ ...RANGE, resource: 'events', ...more });
		expect(jsonOf(result)).toEqual([{ export: { status: 'failed', message } }]);
		expect(exportRequests()).toEqual([]);
	});

	test('with a wrong token: one sentence, never the token', async () => {
		const result = await run(
			{ ...RANGE, resource: 'events' },
			{ credential: { token: 'wrong-secret-token' } },
		);
		expect(jsonOf(result)).toEqual([
			{
				export: expect.objectContaining({
					status: 'failed',
					httpStatus: 401,
					message:
						'AppMetrica refused the token (401): Unauthorized user. Check the OAuth token in the credential',
				}),
			},
		]);
		expect(JSON.stringify([jsonOf(result), result.log])).not.toContain('wrong-secret-token');
	});

	test('a token that was typed into another field is in no message', async () => {
		const token = 'some-oauth-token-of-58-characters';
		for (const onError of ['stopWorkflow', 'continueErrorOutput'] as const) {
			const result = await run(
				{ ...RANGE, resource: 'events', fields: [`${'x'.repeat(40)}${token}`] },
				{ credential: { token }, more: { onError } },
			);
			const told = JSON.stringify([result.nodeOutputs('Node')[1], result.error('Node')?.description]);
			expect(told).toContain(`${'x'.repeat(40)}***`);
			expect(told).not.toContain(token.slice(0, 8));
		}
	});

	test('that fails under Stop Workflow ends the run with one error', async () => {
		const result = await run(
			{ ...RANGE, application_id: '9999', resource: 'events' },
			{ more: { onError: 'stopWorkflow' } },
		);
		const error = result.error('Node') as Error & { description?: string };
		expect([error.message, error.description]).toEqual([
			'The export failed',
			"Item 0: The token has no access to this app (403): Access denied. Check 'Application' and the token's permissions.",
		]);
	});

	test('that fails goes to the error output with its reason', async () => {
		const result = await run(
			{ ...RANGE, application_id: '9999', resource: 'events' },
			{ more: { onError: 'continueErrorOutput' }, items: [{ a: 1 }] },
		);
		expect(result.nodeOutputs('Node')[1][0].json).toMatchObject({
			a: 1,
			error: expect.stringContaining('The token has no access to this app'),
			details: { export: { status: 'failed', httpStatus: 403 } },
		});
	});

	test('can be stopped while it waits', async () => {
		sandbox().appMetrica.exportPolls = 100;
		const result = await run(
			{ ...RANGE, resource: 'events' },
			{
				options: {
					cancelAfter: (cancel) => {
						const { sleep } = clock();
						clock().sleep = async (ms, signal) => {
							if (clock().waits.length > 2) cancel();
							await sleep(ms, signal);
						};
					},
				},
			},
		);
		expect(result.status).toBe('canceled');
		expect(exportRequests().length).toBeLessThan(6);
	});
});

describe('what was sent and what arrived', () => {
	test('of 1,000 events of which AppMetrica drops three without notice, exactly these are missing', async () => {
		const lost = new Set([17, 400, 999]);
		const sent = await send(
			Array.from({ length: 1_000 }, (_, n) =>
				event(n, lost.has(n) ? { profile_id: `sandbox-unknown-${n}` } : {}),
			),
		);
		expect(sent.every(({ delivery }) => (delivery as IDataObject).status === 'accepted')).toBe(true);
		const result = await run(
			{
				operation: 'match',
				application_id: '1111',
				sentAt: iso(NOW - 5 * 3_600),
			},
			{ items: sent },
		);
		const output = result.nodeOutputs('Node')[0];
		expect(output.map(({ pairedItem }) => pairedItem)).toEqual(sent.map((_, item) => ({ item })));
		const statuses = output.map(({ json }) => (json.arrival as IDataObject).status);
		expect(statuses.flatMap((status, at) => (status === 'found' ? [] : [[at, status]]))).toEqual([
			[17, 'missing'],
			[400, 'missing'],
			[999, 'missing'],
		]);
		expect(Object.keys(output[0].json)).toEqual(
			['arrival', 'delivery', 'event', 'response'].filter((name) => name in output[0].json),
		);
	});

	test('by an ID of one’s own, and too early while uploads are not merged', async () => {
		sandbox().appMetrica.mergeMs = 4 * 3_600_000;
		const sent = await send([event(1)]);
		const by = { operation: 'match', application_id: '1111', matchBy: 'ownId', ownIdPath: 'order_id' };
		const early = await run({ ...by, sentAt: iso(NOW) }, { items: sent });
		expect(jsonOf(early)[0].arrival).toMatchObject({
			status: 'tooEarly',
			matchedBy: 'event_name, event_json.order_id',
		});
		sandbox().appMetrica.mergeMs = 0;
		expect(jsonOf(await run(by, { items: sent }))[0].arrival).toMatchObject({ status: 'found' });
	});

	test('items that hold no event are named', async () => {
		expect(jsonOf(await run({ operation: 'match', application_id: '1111' }, { items: [{ a: 1 }] }))).toEqual([
			{
				export: {
					status: 'failed',
					message:
						"No item holds an event with a time; give the items that a send node returned, or set 'Sent At'",
				},
			},
		]);
	});
});
