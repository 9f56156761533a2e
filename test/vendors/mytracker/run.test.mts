import { describe, expect, test } from '@jest/globals';
import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { overlaps } from '../../../tools/sandbox/server.mts';
import { hintsOf, logOf, ON_ERROR, reportsOf, statusesOf } from '../../support/bench.mts';
import { bench, METHODS, stored, bodies, least, run, GOOD, parametersOf, full } from './support.mts';

describe.each(METHODS)('%s', (method) => {
	test.each(['single', 'batch'] as const)(
		'%s: every parameter of the page arrives as documented',
		async (sendAs) => {
			const result = await run(method, [full(method)], { parameters: { sendAs } });
			expect(statusesOf(result, 1)).toEqual(['accepted']);
			// The one number that is printed without quotes.
			expect(stored()).toEqual([{ ...full(method), sezamUserId: 9_007_199_254_740_993n }]);
			expect(bench.sandbox.requests[0]).toMatchObject({
				method: 'POST',
				url: `/mytracker/v1/${method}${sendAs === 'batch' ? 'Batch' : ''}/?idApp=666`,
				headers: { authorization: bench.sandbox.credentials.myTrackerApi.token },
			});
			expect(bodies()[0].startsWith(sendAs === 'batch' ? '[{' : '{')).toBe(true);
			expect(reportsOf(result, 1)[0].delivery).toEqual({
				status: 'accepted',
				method: sendAs === 'batch' ? `${method}Batch` : method,
				request: 1,
				attempts: 1,
				httpStatus: 200,
			});
		},
	);

	test('each parameter alone beside what is required', async () => {
		const names = parametersOf(method).filter(
			(name) => !(name in least(method)) && !['customPlatformUserId', 'vkPlatform'].includes(name),
		);
		const items = names.map((name) => ({ ...least(method), [name]: GOOD[name] }) as IDataObject);
		const result = await run(method, items);
		expect(statusesOf(result, items.length)).toEqual(items.map(() => 'accepted'));
		expect(stored()).toEqual(
			items.map((item) => ('sezamUserId' in item ? { ...item, sezamUserId: 9_007_199_254_740_993n } : item)),
		);
	});
});

describe('where the event comes from', () => {
	test('the field of a webhook', async () => {
		const result = await run(
			'login',
			[{ headers: {}, body: { customUserId: 'a' } }, { body: '{"customUserId":"b"}' }, { headers: {} }],
			{ parameters: { inputField: 'body' } },
		);
		expect(statusesOf(result, 3)).toEqual(['accepted', 'accepted', 'invalid']);
		expect(stored()).toEqual([{ customUserId: 'a' }, { customUserId: 'b' }]);
	});

	test('an item of an error output is sent again from details.event, or as the whole item', async () => {
		bench.sandbox.faults.push({ status: 503 });
		const item = {
			customUserId: '007',
			customEventName: 'x',
			hwid: '18446744073709551615',
			customEventParams: { a: 1.5 },
		};
		const first = await run('customEvent', [item, { ...item, customUserId: '008' }], {
			onError: 'continueErrorOutput',
			options: { batchSize: 1, concurrency: 1, maxAttempts: 1 },
		});
		const failed = first.nodeOutputs('Failed')[0].map(({ json }) => json);
		expect(failed).toHaveLength(1);
		expect(failed[0]).toMatchObject({
			...item,
			error: expect.any(String),
			details: {
				event: expect.objectContaining({ customEventParams: { a: '1.5' } }),
				delivery: { status: 'exhausted' },
			},
		});
		const fromEvent = await run('customEvent', failed, { parameters: { inputField: 'details.event' } });
		const asWhole = await run('customEvent', failed);
		expect([statusesOf(fromEvent, 1), statusesOf(asWhole, 1)]).toEqual([['accepted'], ['accepted']]);
		expect(hintsOf(asWhole)).toEqual([]);
		const wire = { ...item, customEventParams: { a: '1.5' } };
		expect(stored()).toEqual([{ ...wire, customUserId: '008' }, wire, wire]);
	});

	test('undocumented names are left out with a hint that names the nearest, or refused', async () => {
		const item = { customUserID: 'x', customUserId: 'a', colour: 'red' };
		const ignored = await run('login', [item]);
		expect(statusesOf(ignored, 1)).toEqual(['accepted']);
		expect(hintsOf(ignored).join()).toMatch(/customUserID \(did you mean customUserId\?\).*colour/);
		const refused = await run('login', [item], { options: { extraFields: 'error' } });
		expect(reportsOf(refused, 1)[0].delivery).toMatchObject({
			status: 'invalid',
			issues: [
				{ field: 'customUserID', message: expect.stringMatching(/did you mean 'customUserId'/) },
				{ field: 'colour' },
			],
		});
		expect(stored()).toEqual([{ customUserId: 'a' }]);
	});

	test('dropped pairs are told', async () => {
		const result = await run('customEvent', [
			{ ...least('customEvent'), customEventParams: { kept: '1', gone: '' } },
		]);
		expect(hintsOf(result).join()).toContain('gone');
		expect(stored()[0].customEventParams).toEqual({ kept: '1' });
	});

	test('an app per item: events of one app share a request', async () => {
		const items = ['666', '777', '666', 'x', '777'].map((app, index) => ({
			...least('login', `u${index}`),
			app,
		}));
		const result = await run('login', items, {
			options: { appId: '={{ $json.app }}', extraFields: 'ignore' },
		});
		expect(statusesOf(result, 5)).toEqual(['accepted', 'accepted', 'accepted', 'invalid', 'accepted']);
		expect(bench.sandbox.requests.map(({ url }) => url).sort()).toEqual([
			'/mytracker/v1/loginBatch/?idApp=666',
			'/mytracker/v1/loginBatch/?idApp=777',
		]);
		expect(reportsOf(result, 5)[3].delivery.issues).toEqual([
			{ field: 'appId', message: expect.stringMatching(/whole number/) },
		]);
	});

	test('a platform per item', async () => {
		const items = [
			{ p: 'app', customUserId: '1' },
			{ p: 'vkMiniApps', customUserId: '1' },
			{ p: 'vkMiniApps', customPlatformUserId: '1', vkPlatform: 'mobile_web' },
		];
		const result = await run('login', items, { parameters: { platform: '={{ $json.p }}' } });
		expect(statusesOf(result, 3)).toEqual(['accepted', 'invalid', 'accepted']);
	});
});

describe('batches', () => {
	test('as full as count and bytes allow, in input order', async () => {
		const small = await run(
			'login',
			Array.from({ length: 45 }, (_, index) => least('login', `u${index}`)),
			{ options: { concurrency: 1 } },
		);
		expect(statusesOf(small, 45)).toEqual(Array.from({ length: 45 }, () => 'accepted'));
		expect(bench.sandbox.requests.map((request) => request.stored)).toEqual([20, 20, 5]);
		expect(stored().map(({ customUserId }) => customUserId)).toEqual(
			Array.from({ length: 45 }, (_, index) => `u${index}`),
		);
		expect(reportsOf(small, 45).map(({ delivery }) => delivery.request)).toEqual(
			Array.from({ length: 45 }, (_, index) => Math.floor(index / 20) + 1),
		);
	});

	test('10,000 bytes of what is sent, not a byte more', async () => {
		const items = Array.from({ length: 30 }, (_, index) => ({ customUserId: `${index}${'ж'.repeat(700)}` }));
		const result = await run('login', items, { options: { concurrency: 1 } });
		expect(statusesOf(result, 30)).toEqual(items.map(() => 'accepted'));
		const sizes = bench.sandbox.requests.map(({ bodyBytes }) => bodyBytes);
		expect(Math.max(...sizes)).toBeLessThanOrEqual(10_000);
		const event = Buffer.byteLength(JSON.stringify(items[29])) + 1;
		expect(sizes.slice(0, -1).every((size) => size + event > 10_000)).toBe(true);
	});

	test('an event that is too large alone is oversize, with size and limit; the others are sent', async () => {
		const wide = {
			...least('customEvent'),
			customEventParams: Object.fromEntries(
				Array.from({ length: 30 }, (_, index) => [`p${index}`, 'ж'.repeat(200)]),
			),
		};
		const result = await run('customEvent', [least('customEvent'), wide, least('customEvent')]);
		const reports = reportsOf(result, 3);
		expect(reports.map(({ delivery }) => delivery.status)).toEqual(['accepted', 'oversize', 'accepted']);
		expect(reports[1].delivery.message).toMatch(/12,331 bytes of body.*10,000/);
		expect(reports[1].delivery).not.toHaveProperty('request');
		expect(bench.sandbox.requests).toHaveLength(1);
	});

	test.each(['single', 'batch'])('exactly 10,000 bytes pass as %s', async (sendAs) => {
		const event = (length: number) => ({
			...least('customEvent'),
			customEventParams: {
				...Object.fromEntries(Array.from({ length: 37 }, (_, index) => [`p${index}`, 'x'.repeat(255)])),
				last: 'x'.repeat(length),
			},
		});
		const frame = sendAs === 'batch' ? 2 : 0;
		const missing = 10_000 - frame - Buffer.byteLength(JSON.stringify(event(1)));
		expect(missing).toBeGreaterThan(0);
		const exact = event(1 + Math.min(missing, 254));
		const rest = 10_000 - frame - Buffer.byteLength(JSON.stringify(exact));
		const fitting = { ...exact, customUserId: `1${'y'.repeat(rest)}` };
		const result = await run(
			'customEvent',
			[fitting, { ...fitting, customUserId: `${fitting.customUserId}y` }],
			{ parameters: { sendAs } },
		);
		expect(statusesOf(result, 2)).toEqual(['accepted', 'oversize']);
		expect(bench.sandbox.requests.map(({ bodyBytes }) => bodyBytes)).toEqual([10_000]);
	});

	test('one event keeps the batch form', async () => {
		await run('login', [least('login')]);
		expect(bodies()).toEqual(['[{"customUserId":"1"}]']);
	});

	test('a refused batch: the good events are accepted, the bad one is rejected', async () => {
		const items = Array.from({ length: 40 }, (_, index) =>
			least('login', index === 13 ? 'sandbox-refuse' : `u${index}`),
		);
		const result = await run('login', items);
		expect(statusesOf(result, 40)).toEqual(items.map((_, index) => (index === 13 ? 'rejected' : 'accepted')));
		expect(stored()).toHaveLength(39);
		expect(bench.sandbox.requests.length).toBeLessThanOrEqual(2 * Math.ceil(Math.log2(20)) + 1 + 1);
		expect(hintsOf(result)).toEqual([expect.stringMatching(/^39 accepted, 1 rejected\./)]);
	});
});

describe('options', () => {
	const many = (count: number) => Array.from({ length: count }, (_, index) => least('login', `u${index}`));

	test('batchSize', async () => {
		await run('login', many(7), { options: { batchSize: 3, concurrency: 1 } });
		expect(bench.sandbox.requests.map((request) => request.stored)).toEqual([3, 3, 1]);
	});

	test.each([1, 3])('concurrency %i', async (concurrency) => {
		let open = 0;
		let release: () => void = () => {};
		const all = new Promise<void>((resolve) => (release = resolve));
		bench.sandbox.faults.always((request) => {
			open = Math.max(open, request.inFlight);
			if (bench.sandbox.requests.length >= concurrency) setImmediate(release);
			return { waitFor: all };
		});
		await run('login', many(8), { options: { batchSize: 1, concurrency } });
		expect(open).toBe(concurrency);
		const { requests } = bench.sandbox;
		const apart = requests.filter((one, at) =>
			requests.every((other, place) => place === at || !overlaps(one, other)),
		);
		if (concurrency === 1) expect(apart).toHaveLength(8);
		expect(stored()).toHaveLength(8);
	});

	test('timeout holds against an answer that never comes and against one that drips', async () => {
		for (const fault of [{ hang: true } as const, { drip: { everyMs: 50, chunks: 100 } }]) {
			bench.sandbox.faults.push(fault);
			const from = performance.now();
			const result = await run('login', many(1), { options: { timeout: 150 } });
			expect(statusesOf(result, 1)).toEqual(['unknown']);
			expect(performance.now() - from).toBeLessThan(3_000);
			expect(reportsOf(result, 1)[0].delivery.message).toMatch(/within 150 ms/);
		}
	});

	test('maxAttempts and a Retry-After that is over at once', async () => {
		bench.sandbox.faults.always(() => ({ status: 503, headers: { 'retry-after': '0' } }));
		const result = await run('login', many(1), { options: { maxAttempts: 4 } });
		expect(reportsOf(result, 1)[0].delivery).toMatchObject({
			status: 'exhausted',
			attempts: 4,
			httpStatus: 503,
			request: 1,
		});
		expect(bench.sandbox.requests).toHaveLength(4);
		expect(new Set(bodies()).size).toBe(1);
	});

	test('maxWait: a wait over it is not begun', async () => {
		bench.sandbox.faults.push({ status: 429, headers: { 'retry-after': '3600' } });
		const result = await run('login', many(3), { options: { batchSize: 1, concurrency: 1, maxWait: 3_599 } });
		expect(statusesOf(result, 3)).toEqual(['exhausted', 'notAttempted', 'notAttempted']);
		expect(bench.sandbox.requests).toHaveLength(1);
	});

	test('onRejectedBatch: fail', async () => {
		const items = [...many(3), least('login', 'sandbox-refuse'), ...many(2)];
		const result = await run('login', items, { options: { onRejectedBatch: 'fail', batchSize: 4 } });
		expect(statusesOf(result, 6)).toEqual([
			'batchRejected',
			'batchRejected',
			'batchRejected',
			'batchRejected',
			'accepted',
			'accepted',
		]);
		expect(reportsOf(result, 6)[0].delivery).toMatchObject({ items: '0-3', httpStatus: 400 });
	});

	test('retryUnknown', async () => {
		bench.sandbox.faults.push({ reset: 'afterStoring' });
		const result = await run('login', many(1), { options: { retryUnknown: true } });
		expect(statusesOf(result, 1)).toEqual(['accepted']);
		expect(stored()).toHaveLength(2);
	});

	test('appId as a fixed value', async () => {
		await run('login', many(1), { options: { appId: '777' } });
		expect(bench.sandbox.requests[0].url).toBe('/mytracker/v1/loginBatch/?idApp=777');
	});

	test('output and includeInputFields', async () => {
		const items = [least('login', 'a'), {}, least('login', 'c')];
		const failed = await run('login', items, { options: { output: 'failedOnly', includeInputFields: true } });
		expect(failed.nodeOutputs('Node')[0]).toEqual([
			{
				json: expect.objectContaining({
					input: {},
					delivery: expect.objectContaining({ status: 'invalid' }),
				}),
				pairedItem: { item: 1 },
			},
		]);
		const summary = await run('login', items, { options: { output: 'summary' } });
		expect(summary.nodeOutputs('Node')[0]).toEqual([
			{
				json: expect.objectContaining({
					items: 3,
					accepted: 2,
					invalid: 1,
					rejected: 0,
					requests: 1,
					waitedSeconds: 0,
				}),
				pairedItem: [{ item: 0 }, { item: 1 }, { item: 2 }],
			},
		]);
		expect(hintsOf(summary)).toContain('2 accepted, 1 invalid.');
		const split = await run('login', items, {
			options: { output: 'summary' },
			onError: 'continueErrorOutput',
		});
		expect(split.nodeOutputs('Node').map((list) => list.length)).toEqual([1, 1]);
		expect(split.nodeOutputs('Node')[1][0].json).toHaveProperty('error');
	});

	test.each<[string, IDataObject]>([
		['batchSize', { batchSize: 21 }],
		['batchSize', { batchSize: 0 }],
		['concurrency', { concurrency: 11 }],
		['maxAttempts', { maxAttempts: 0 }],
		['timeout', { timeout: 0 }],
		['maxWait', { maxWait: -1 }],
		['extraFields', { extraFields: 'send' }],
		['output', { output: 'none' }],
		['an expression where none is read', { batchSize: '={{ 5 }}' }],
	])('%s out of range is refused, never clamped: %j', async (_, options) => {
		for (const onError of ON_ERROR) {
			const result = await run('login', many(2), { options: options as INodeParameters, onError });
			if (onError === 'stopWorkflow') expect(result.error('Node')?.message).toMatch(/must be/);
			else {
				const reports = reportsOf(result, 2);
				expect(reports.map(({ delivery }) => delivery.status)).toEqual(['notAttempted', 'notAttempted']);
				expect(reports.map(({ output }) => output)).toEqual(
					onError === 'continueErrorOutput' ? [1, 1] : [0, 0],
				);
			}
		}
		expect(bench.sandbox.requests).toEqual([]);
	});
});

describe('preview', () => {
	test.each(ON_ERROR)(
		'%s: what cannot be sent stands beside the requests, and the hint says so',
		async (onError) => {
			const items = [least('login'), {}];
			const preview = await run('login', items, { options: { preview: true }, onError });
			expect(preview.status).toBe('success');
			const [shown, failed = []] = preview.nodeOutputs('Node');
			expect([shown.length, failed]).toEqual([2, []]);
			expect(shown[1]).toMatchObject({
				json: { event: {}, delivery: { status: 'invalid' } },
				pairedItem: { item: 1 },
			});
			expect(hintsOf(preview)).toEqual([
				'Preview: nothing was sent. The run would begin with 1 request.',
				"1 invalid. See 'delivery' of each item.",
			]);
		},
	);

	test('shows the very requests that would leave, with the token masked', async () => {
		const items = [
			...Array.from({ length: 25 }, (_, index) => least('login', `ж${index}`)),
			{},
			{ customUserId: 'x'.repeat(1_025) },
		];
		const preview = await run('login', items, {
			options: { preview: true, concurrency: 1 },
			onError: 'stopWorkflow',
		});
		expect(preview.status).toBe('success');
		expect(bench.sandbox.requests).toEqual([]);
		const shown = preview.nodeOutputs('Node')[0];
		await run('login', items, { options: { concurrency: 1 } });
		const { requests, credentials, url } = bench.sandbox;
		expect(requests).toHaveLength(2);
		expect(shown.slice(0, 2)).toEqual(
			requests.map((request, at) => ({
				json: {
					request: {
						method: request.method,
						url: `${url}${request.url}`,
						headers: { 'Content-Type': 'application/json', Authorization: '***' },
						body: request.body.toString(),
						bytes: request.bodyBytes,
					},
					items: ['0-19', '20-24'][at],
				},
				pairedItem: Array.from({ length: [20, 5][at] }, (_, place) => ({ item: at * 20 + place })),
			})),
		);
		expect(requests[0].headers.authorization).toBe(credentials.myTrackerApi.token);
		expect(
			shown.slice(2).map(({ json, pairedItem }) => [(json.delivery as IDataObject).status, pairedItem]),
		).toEqual([
			['invalid', { item: 25 }],
			['invalid', { item: 26 }],
		]);
		expect(JSON.stringify(shown)).not.toContain(credentials.myTrackerApi.token);
	});

	test('as single requests; the token masked also where an event holds it', async () => {
		const { token } = bench.sandbox.credentials.myTrackerApi;
		const preview = await run('customEvent', [{ ...least('customEvent'), customEventParams: { a: token } }], {
			parameters: { sendAs: 'single' },
			options: { preview: true },
		});
		const [{ json }] = preview.nodeOutputs('Node')[0];
		expect(json).toMatchObject({
			request: { url: expect.stringMatching(/\/v1\/customEvent\/\?idApp=666$/) },
			items: '0',
		});
		expect(JSON.stringify(json)).not.toContain(token);
	});
});

describe('On Error', () => {
	test.each(['invalid', 'oversize'])('Stop: an event that is %s means that nothing is sent', async (kind) => {
		const bad =
			kind === 'invalid'
				? {}
				: {
						...least('customEvent'),
						customEventParams: Object.fromEntries(
							Array.from({ length: 60 }, (_, index) => [`p${index}`, 'x'.repeat(255)]),
						),
					};
		const result = await run('customEvent', [least('customEvent'), bad, least('customEvent'), bad], {
			onError: 'stopWorkflow',
		});
		expect(result.status).toBe('error');
		expect(bench.sandbox.requests).toEqual([]);
		expect(result.error('Node')?.message).toMatch(/^Nothing was sent: 2 .*of 4 items/);
		expect(result.error('Node')?.description).toMatch(/^Items 1, 3 \(rows 2, 4\): .+\./m);
		expect(result.runs('Done')).toBe(0);
	});

	test('Stop: a refused batch is isolated to its end, then nothing new starts; one error tells it all', async () => {
		const items = Array.from({ length: 60 }, (_, index) =>
			least('login', [3, 8].includes(index) ? 'sandbox-refuse' : `u${index}`),
		);
		const result = await run('login', items, { onError: 'stopWorkflow', options: { concurrency: 1 } });
		expect(stored()).toHaveLength(18);
		const error = result.error('Node');
		expect(error?.description?.split('<br>\n')).toEqual([
			'60 items: 18 accepted, 2 rejected, 40 not attempted.',
			expect.stringMatching(/^Items 3, 8 \(rows 4, 9\): /),
			expect.stringMatching(/^Also not attempted: items 20-59 \(rows 21-60\)\.$/),
			"The 18 accepted are stored. After a fix use 'Retry' in the executions list; a new run would send them again.",
		]);
		expect(error?.context).toMatchObject({ itemIndex: 3 });
	});

	test('own fields of the input stay beside the report of the error output', async () => {
		const result = await run('login', [{ orderId: 5, nested: { a: [1] } }, least('login')], {
			onError: 'continueErrorOutput',
		});
		expect(result.nodeOutputs('Failed')[0].map(({ json }) => json)).toEqual([
			{
				orderId: 5,
				nested: { a: [1] },
				error: expect.stringMatching(/required/),
				details: {
					event: { orderId: 5, nested: { a: [1] } },
					delivery: expect.objectContaining({ status: 'invalid' }),
				},
			},
		]);
		expect(result.nodeOutputs('Done')[0]).toHaveLength(1);
		expect(result.nodeOutputs('Done')[0][0].json).not.toHaveProperty('error');
	});

	test('good runs leave one line in the log and no hint', async () => {
		const result = await run('login', [least('login'), least('login', '2')]);
		expect(hintsOf(result)).toEqual([]);
		expect(logOf(result)).toEqual([
			{
				level: 'info',
				message: expect.stringContaining('2 accepted'),
				meta: { node: 'Node', accepted: 2, requests: 1, waitedSeconds: 0 },
				via: 'node',
			},
		]);
		expect(result.credentialReads).toBe(1);
	});

	test('a warning where something is unknown or unconfirmed', async () => {
		bench.sandbox.faults.push({ reset: 'afterStoring' });
		const unknown = await run('login', [least('login')]);
		expect(logOf(unknown).map(({ level }) => level)).toEqual(['warn']);
		bench.sandbox.faults.push({ status: 202, body: 'later' });
		const unconfirmed = await run('login', [least('login')]);
		expect(logOf(unconfirmed).map(({ level }) => level)).toEqual(['warn']);
		expect(reportsOf(unconfirmed, 1)[0]).toMatchObject({
			delivery: { status: 'unconfirmed', httpStatus: 202 },
			response: { text: 'later' },
		});
		expect(hintsOf(unconfirmed).length).toBeGreaterThan(0);
	});

	test('a base URL with slashes at its end, and blanks around what was pasted, are forgiven', async () => {
		const { myTrackerApi } = bench.sandbox.credentials;
		const result = await run('login', [least('login')], {
			credential: {
				baseUrl: ` ${myTrackerApi.baseUrl}// `,
				token: ` ${myTrackerApi.token}\n`,
				appId: ' 666 ',
			},
		});
		expect(statusesOf(result, 1)).toEqual(['accepted']);
	});

	test('an app id that is not a number', async () => {
		const result = await run('login', [least('login')], { credential: { appId: 'abc' } });
		expect(['invalid', 'notAttempted']).toContain(statusesOf(result, 1)[0]);
		expect(bench.sandbox.requests).toEqual([]);
	});
});
