/** Whole runs of Store User, Store Visit and Get Campaign against the sandbox. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { IDataObject } from 'n8n-workflow';
import nock from 'nock';

import { hintsOf, openBench, reportsOf, statusesOf, type Bench, type Order } from '../../support/bench.mts';
import { instantClock } from '../../support/clock.mts';
import type { Fault } from '../../../tools/sandbox/faults.mts';

// It patches the process as soon as it is imported, and other suites share the process.
nock.restore();

let bench: Bench;
beforeAll(async () => {
	bench = await openBench(instantClock());
});
beforeEach(() => bench.sandbox.reset());
afterAll(async () => await bench?.close());

const run = async (node: string, items: IDataObject[], more: Partial<Order> = {}) =>
	await bench.run({ node: `gravityField${node}`, items, ...more });
const stored = () => bench.sandbox.stored('gravityField');
const bodies = () => bench.sandbox.requests.map(({ body }) => body.toString());
const ANN = { custom: 'ann', ses: 's1' };

describe('store user', () => {
	test('the form writes attributes and returns what is known of the user', async () => {
		const result = await run('StoreUser', [{ id: 'crm-1', tier: 'gold' }], {
			parameters: {
				mappingMode: 'defineBelow',
				user: { custom: '={{ $json.id }}', ses: 'n8n' },
				attributesPairs: { pair: [{ name: 'tier', value: '={{ $json.tier }}' }] },
			},
		});
		const [{ delivery, json }] = reportsOf(result, 1);
		expect(delivery).toEqual({
			status: 'accepted',
			method: 'user',
			request: 1,
			attempts: 1,
			httpStatus: 200,
		});
		expect(Object.keys(json)).toEqual(['delivery', 'user', 'campaigns', 'event', 'response']);
		expect(json.user).toEqual({
			uid: expect.stringMatching(/^[0-9a-f]{24}$/),
			ses: 'n8n',
			segments: [],
			conditions: {},
			details: { isNew: true },
		});
		expect(bodies()).toEqual([
			'{"sec":"0123456789abcdef01234567","user":{"custom":"crm-1","ses":"n8n","attributes":{"tier":"gold"}},"ctx":{"type":"OTHER","data":[],"location":"n8n"},"device":{"ua":"n8n"},"options":{"isReturnUserInfo":true}}',
		]);
		expect(stored().map(({ operation }) => operation)).toEqual(['user']);
	});

	test('204 is taken, and says nothing', async () => {
		const [{ delivery, json }] = reportsOf(
			await run('StoreUser', [{ user: { ...ANN, custom: 'sandbox-204' } }]),
			1,
		);
		expect([delivery.status, delivery.httpStatus]).toEqual(['accepted', 204]);
		expect(Object.keys(json)).toEqual(['delivery', 'event']);
	});

	test('an item of an error output goes out again', async () => {
		bench.sandbox.faults.push({ reset: 'beforeStoring' });
		const failed = await run('StoreUser', [{ user: ANN, attributes: { a: 1 } }], {
			onError: 'continueErrorOutput',
		});
		const [, [{ json }]] = failed.nodeOutputs('Node');
		const again = await run('StoreUser', [json], { parameters: { inputField: 'details.event' } });
		expect(statusesOf(again, 1)).toEqual(['accepted']);
		expect(stored()[0].event).toMatchObject({ attributes: { a: '1' } });
	});
});

describe('store visit', () => {
	test('the form, and what it sets off', async () => {
		const result = await run('StoreVisit', [{}], {
			parameters: {
				mappingMode: 'defineBelow',
				user: ANN,
				ctx: { type: 'PRODUCT', data: ['SKU-1'], location: 'https://shop.example/p/1' },
			},
		});
		const [{ delivery, json }] = reportsOf(result, 1);
		expect(delivery).toMatchObject({ status: 'accepted', method: 'visit' });
		expect(json).toMatchObject({ user: { ses: 's1' }, campaigns: [] });
		expect(stored().map(({ event }) => event)).toEqual([{ type: 'screenview' }]);
	});
});

describe('get campaign', () => {
	const ask = { user: ANN, options: { isImplicitImpression: false }, data: [{ selector: 'pdp_recs' }] };
	interface Found {
		found: boolean;
		links: Record<string, string[]>;
		payload: IDataObject[];
	}
	const campaignsOf = (json: IDataObject) => json.campaigns as unknown as Found[];

	test('the form counts no impression, and links and content come', async () => {
		const result = await run('GetCampaign', [{ who: 'ann' }], {
			parameters: {
				mappingMode: 'defineBelow',
				user: { custom: '={{ $json.who }}', ses: 's1' },
				dataRows: { row: [{ selector: 'pdp_recs' }] },
			},
		});
		const [{ delivery, json }] = reportsOf(result, 1);
		expect(delivery).toEqual({
			status: 'accepted',
			method: 'choose',
			request: 1,
			attempts: 1,
			httpStatus: 200,
		});
		expect(Object.keys(json)).toEqual(['delivery', 'user', 'campaigns', 'event', 'response']);
		const [campaign] = campaignsOf(json);
		expect(campaign).toMatchObject({ selector: 'pdp_recs', found: true });
		expect(Object.keys(campaign.links)).toEqual(['visible_impression', 'click']);
		expect(bodies()[0]).toContain('"options":{"isImplicitImpression":false,"isBuildEngagementUrl":true}');
		expect(stored()).toEqual([]);
	});

	test('an impression counts only where it is asked for', async () => {
		await run('GetCampaign', [ask], {});
		expect(stored()).toEqual([]);
		await run('GetCampaign', [{ ...ask, options: { isImplicitImpression: true } }]);
		expect(stored().map(({ event }) => event.type)).toEqual(['impression']);
	});

	test('the form counts none either where the request is chosen by an expression, and says nothing more', async () => {
		const result = await run('GetCampaign', [{ r: 'choose' }], {
			parameters: {
				mappingMode: 'defineBelow',
				request: '={{ $json.r }}',
				user: ANN,
				dataRows: { row: [{ selector: 'a' }] },
			},
		});
		expect(reportsOf(result, 1)[0].delivery).not.toHaveProperty('warnings');
		expect(bodies()[0]).toContain('"options":{"isImplicitImpression":false,"isBuildEngagementUrl":true}');
		await run('GetCampaign', [{}], {
			parameters: {
				mappingMode: 'defineBelow',
				user: ANN,
				returnOptions: { isImplicitImpression: true },
				dataRows: { row: [{ selector: 'a' }] },
			},
		});
		expect(bodies()[1]).toContain('"options":{"isImplicitImpression":true}');
	});

	test('several in one item, one missing: found by name, with one hint', async () => {
		const data = ['z', 'sandbox-none', 'a', 'sandbox-extra'].map((selector) => ({ selector }));
		const result = await run('GetCampaign', [{ ...ask, data }]);
		const [{ json, delivery }] = reportsOf(result, 1);
		expect(delivery.status).toBe('accepted');
		expect(campaignsOf(json).map((one) => [(one as unknown as IDataObject).selector, one.found])).toEqual([
			['z', true],
			['sandbox-none', false],
			['a', true],
			['sandbox-extra', true],
		]);
		expect(hintsOf(result)).toEqual([expect.stringContaining('1 item: no campaign for this user.')]);
	});

	test('an answer longer than what is shown of answers is whole all the same', async () => {
		const title = 'x'.repeat(150_000);
		bench.sandbox.faults.push({
			status: 200,
			body: JSON.stringify({ data: [{ selector: 'pdp_recs', payload: [{ title }] }] }),
		});
		const [{ json, response }] = reportsOf(await run('GetCampaign', [ask]), 1);
		expect(campaignsOf(json)[0].payload).toEqual([{ title }]);
		expect(response).toEqual({ text: expect.stringMatching(/…$/) });
	});

	test('its links are called as they came, two of one event in their order', async () => {
		const [{ json }] = reportsOf(await run('GetCampaign', [ask]), 1);
		const [{ links }] = campaignsOf(json);
		const urls = [...links.visible_impression, ...links.click];
		const result = await run('GetCampaign', [{ links: urls }], {
			parameters: { mappingMode: 'defineBelow', request: 'engagement', urls: '={{ $json.links }}' },
		});
		const [{ delivery, event }] = reportsOf(result, 1);
		expect(delivery).toEqual({
			status: 'accepted',
			method: 'engagement',
			request: 1,
			attempts: 1,
			httpStatus: 204,
		});
		expect(event).toEqual({ urls });
		const called = bench.sandbox.requests.slice(1);
		expect(called.map(({ method, headers, url }) => [method, headers.authorization, url])).toEqual(
			urls.map((url) => [
				'GET',
				`Bearer ${bench.sandbox.credentials.gravityFieldApi.apiKey}`,
				url.slice(new URL(url).origin.length),
			]),
		);
		expect(stored().map((one) => one.event.type)).toEqual(['WRIMP', 'WCLICK']);
	});

	test('the second link is called though the first fails, and the item is not repeated', async () => {
		const [{ json }] = reportsOf(await run('GetCampaign', [ask]), 1);
		const [{ links }] = campaignsOf(json);
		bench.sandbox.faults.push({ status: 500 });
		const [{ delivery }] = reportsOf(
			await run('GetCampaign', [{ urls: [...links.visible_impression, ...links.click] }], {
				parameters: { request: 'engagement' },
			}),
			1,
		);
		expect(delivery).toMatchObject({
			status: 'unknown',
			message: expect.stringContaining('1 of 2 requests'),
		});
		expect(stored().map(({ event }) => event.type)).toEqual(['WCLICK']);
	});

	test.each<[string, Fault, IDataObject]>([
		['a lost answer', { reset: 'afterStoring' }, {}],
		['a lost answer, with the question beside it', { reset: 'afterStoring' }, ask],
		['500', { status: 500, afterStoring: true }, {}],
		['502', { status: 502, afterStoring: true }, {}],
	])('a link is not called again after %s', async (_, fault, { user, options }) => {
		const [{ json }] = reportsOf(await run('GetCampaign', [ask]), 1);
		const urls = campaignsOf(json)[0].links.click;
		bench.sandbox.faults.push(fault);
		const [{ delivery }] = reportsOf(
			await run('GetCampaign', [{ urls, ...(user ? { user, options } : {}) }], {
				parameters: { request: 'engagement' },
			}),
			1,
		);
		expect(delivery).toMatchObject({ status: 'unknown', method: 'engagement', attempts: 1 });
		expect(stored().map(({ event }) => event.type)).toEqual(['WCLICK']);
	});

	test('a link that leads elsewhere is refused, nothing of it is sent, and the others go', async () => {
		const [{ json }] = reportsOf(await run('GetCampaign', [ask]), 1);
		const good = campaignsOf(json)[0].links.click;
		nock.activate();
		const elsewhere = nock('https://evil.example').get(/./).reply(204);
		const result = await run(
			'GetCampaign',
			[
				{ urls: ['https://evil.example/v2/engagement?type=WCLICK'] },
				{ urls: good },
				{ urls: [] },
				{ other: 1 },
				{ urls: [...good, 'https://evil.example/v2/engagement?type=WCLICK'] },
			],
			{ parameters: { request: 'engagement' } },
		);
		const called = elsewhere.isDone();
		nock.cleanAll();
		nock.restore();
		expect(called).toBe(false);
		expect(statusesOf(result, 5)).toEqual(['invalid', 'accepted', 'invalid', 'invalid', 'invalid']);
		const reports = reportsOf(result, 5);
		const fault = 'does not lead to Gravity Field by https, and the API key goes nowhere else';
		expect(reports[0].delivery.issues).toEqual([
			{ field: 'urls[0]', message: `The link in 'Link URLs' (urls) ${fault}` },
		]);
		expect(good).toHaveLength(1);
		expect(reports[4].delivery.issues).toEqual([
			{ field: 'urls[1]', message: `Link 2 of 2 in 'Link URLs' (urls) ${fault}` },
		]);
		expect(bench.sandbox.requests).toHaveLength(2);
	});

	test.each([
		['engagement', 'accepted'],
		// Here the choice is made for each item, so that the form shows, and the node reads, all fields.
		['={{ $json.request }}', 'invalid'],
	])('the form under %s: an expression in a hidden field is not evaluated', async (request, status) => {
		const [{ json }] = reportsOf(await run('GetCampaign', [ask]), 1);
		const links = campaignsOf(json)[0].links.click;
		const result = await run('GetCampaign', [{ links, request: 'engagement' }], {
			parameters: {
				mappingMode: 'defineBelow',
				request,
				urls: '={{ $json.links }}',
				data: "={{ $('No Such Node').item.json.campaigns }}",
				user: { custom: "={{ $('No Such Node').item.json.id }}" },
			},
		});
		const [{ delivery }] = reportsOf(result, 1);
		expect(delivery.status).toBe(status);
		if (status === 'accepted')
			expect(
				delivery.warnings?.map(({ field, message }) => [field, message.includes('hidden under')]),
			).toEqual([
				['user', true],
				['data', true],
			]);
	});

	test('a question without a campaign is invalid, and told what it may have been', async () => {
		const result = await run('GetCampaign', [
			{ user: ANN },
			{ urls: ['https://ev.stellarlabs.ai/v2/engagement?a=b'] },
		]);
		expect(statusesOf(result, 2)).toEqual(['invalid', 'invalid']);
		expect(bench.sandbox.requests).toEqual([]);
	});

	test('the preview shows each link that would be called', async () => {
		const urls = ['WRIMP', 'WCLICK'].map(
			(type) => `https://ev.stellarlabs.ai/v2/engagement?type=${type}&a=gf:1`,
		);
		const result = await run('GetCampaign', [{ urls }], {
			parameters: { request: 'engagement' },
			options: { preview: true },
		});
		const shown = result.nodeOutputs('Node')[0].map(({ json }) => json.request as IDataObject);
		expect(shown.map(({ method, url }) => `${method} ${url}`)).toEqual(urls.map((url) => `GET ${url}`));
		expect(JSON.stringify(shown)).not.toContain(bench.sandbox.credentials.gravityFieldApi.apiKey);
		expect(hintsOf(result)[0]).toContain('2 requests');
	});
});

test('the boxes for IDs of your own that the form has from the start are nothing while they are empty', async () => {
	const result = await run('StoreVisit', [{}], { parameters: { mappingMode: 'defineBelow' } });
	expect(reportsOf(result, 1)[0].delivery.status).toBe('accepted');
	expect(bodies()).toEqual([expect.stringContaining('"user":{},')]);
	expect(hintsOf(result).join()).not.toContain('Empty');
});

test.each(['StoreUser', 'StoreVisit'])('%s: a whole webhook request is not sent', async (node) => {
	const hook = { headers: { host: 'x' }, params: {}, query: {}, body: { user: ANN } };
	const whole = reportsOf(await run(node, [hook]), 1);
	expect(whole[0].delivery).toMatchObject({
		status: 'invalid',
		message: expect.stringContaining('whole webhook request'),
	});
	expect(bench.sandbox.requests).toEqual([]);
	expect(statusesOf(await run(node, [hook], { parameters: { inputField: 'body' } }), 1)).toEqual([
		'accepted',
	]);
});
