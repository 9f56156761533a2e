import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';

import { startSandbox } from '../../../tools/sandbox/server.mts';
import type { Sandbox } from '../../../tools/sandbox/server.mts';
import { send } from './client.mts';

let sandbox: Sandbox;
beforeAll(async () => {
	sandbox = await startSandbox();
});
beforeEach(() => sandbox.reset());
afterAll(() => sandbox.close());

const last = () => sandbox.requests[sandbox.requests.length - 1];
const bearer = () => ({ authorization: `Bearer ${sandbox.credentials.gravityFieldApi.apiKey}` });
const post = (path: string, body: object) =>
	send(
		'POST',
		sandbox.baseUrls.gravityField + path,
		{ ...bearer(), 'content-type': 'application/json' },
		JSON.stringify(body),
	);
const head = (more: object = {}) => ({
	sec: sandbox.credentials.gravityFieldApi.sectionId,
	user: { uid: '66f0c1d2e3a4b5c6d7e8f901', attributes: { tier: 'gold' } },
	ctx: { type: 'OTHER', data: [], location: 'n8n' },
	device: { ua: 'n8n' },
	...more,
});
type Answer = {
	user: { uid: string };
	data: Array<{
		selector?: string;
		payload: Array<{
			campaignId: string;
			contents: Array<{ events: Array<{ type: string; urls: string[] }> }>;
		}>;
	}>;
};
const choose = async (data: unknown[], options?: object) => {
	const answer = await post('/choose', head({ data, ...(options && { options }) }));
	expect(last().refusals).toEqual([]);
	return JSON.parse(answer.body) as Answer;
};
const CAMPAIGN = '65a1b2c3d4e5f60718293a4b';

describe('POST /user', () => {
	test('writes a user and answers with ids, and with lists when asked', async () => {
		const answer = await post('/user', head({ options: { isReturnUserInfo: true } }));
		expect(JSON.parse(answer.body)).toMatchObject({
			user: { uid: '66f0c1d2e3a4b5c6d7e8f901', segments: [], details: { isNew: false } },
			campaigns: [],
		});
		expect(sandbox.stored('gravityField')).toMatchObject([
			{ operation: 'user', event: { attributes: { tier: 'gold' } } },
		]);
	});

	test.each<[string, object]>([
		['events belong elsewhere', { data: [] }],
		['no page', { ctx: undefined }],
		['a nested attribute', { user: { attributes: { a: {} } } }],
		['a number as attribute', { user: { attributes: { a: 1 } } }],
		['the sandbox’s own refusal', { user: { custom: 'sandbox-refuse' } }],
	])('422: %s', async (_name, change) => {
		expect((await post('/user', head(change))).status).toBe(422);
		expect(sandbox.stored('gravityField')).toEqual([]);
	});
});

describe('POST /visit', () => {
	test('needs a type and stores it with its page', async () => {
		expect((await post('/visit', head({ type: 'screenview' }))).status).toBe(200);
		expect(sandbox.stored('gravityField')).toMatchObject([
			{ operation: 'visit', event: { type: 'screenview' }, context: { ctx: { type: 'OTHER' } } },
		]);
		expect((await post('/visit', head())).status).toBe(422);
		expect((await post('/visit', head({ type: 'screenview', data: [] }))).status).toBe(422);
	});
});

describe('POST /choose', () => {
	test('answers by name in alphabetical order, by campaign id without a selector', async () => {
		const { data } = await choose([{ selector: 'b' }, { selector: 'a' }]);
		expect(data.map(({ selector }) => selector)).toEqual(['a', 'b']);
		const [{ selector, payload }] = (await choose([{ campaignId: CAMPAIGN }])).data;
		expect([selector, payload[0].campaignId]).toEqual([undefined, CAMPAIGN]);
	});

	test('a campaign may be missing, and one that nobody asked for may be there', async () => {
		expect((await choose([{ selector: 'sandbox-none' }])).data).toEqual([]);
		expect((await choose([{ selector: 'sandbox-extra' }])).data.map(({ selector }) => selector)).toEqual([
			'sandbox-extra',
			'sandbox-unasked',
		]);
	});

	test('an impression is counted unless isImplicitImpression is false', async () => {
		await choose([{ selector: 'a' }], { isImplicitImpression: false });
		expect(sandbox.stored('gravityField')).toEqual([]);
		await choose([{ selector: 'a' }]);
		expect(sandbox.stored('gravityField')).toMatchObject([
			{ operation: 'choose', event: { type: 'impression' } },
		]);
	});

	test('rules and options of the SDKs pass, under either name', async () => {
		await choose([{ selector: 'a', options: { skusOnly: true, fields: null } }]);
		const rules = [
			{ type: 'filter', conditions: [{ field: 'brand', arguments: [{ action: 'in', value: ['x'] }] }] },
		];
		await choose([{ selector: 'a', option: { skusOnly: true, fields: ['price'] }, rules }], {
			isBuildEngagementUrl: true,
			isReturnAnalyticsMetadata: false,
		});
	});

	test.each<[string, unknown]>([
		['no item', []],
		['no way to name a campaign', [{}]],
		['two ways', [{ selector: 'a', campaignId: CAMPAIGN }]],
		['a campaign id of another form', [{ campaignId: 'x' }]],
		['a flag in quotes under the iOS name', [{ selector: 'a', options: { skusOnly: 'true' } }]],
		['a flag in quotes', [{ selector: 'a', option: { skusOnly: 'true' } }]],
		['a rule without conditions', [{ selector: 'a', rules: [{ type: 'filter' }] }]],
	])('422: %s', async (_name, data) => {
		expect((await post('/choose', head({ data }))).status).toBe(422);
	});
});

describe('GET /engagement', () => {
	test('a link of the answer is counted when it is called as it is', async () => {
		const { data } = await choose([{ selector: 'a' }], { isImplicitImpression: false });
		const [{ events }] = data[0].payload[0].contents;
		expect(events.map(({ type }) => type)).toEqual(['visible_impression', 'click']);
		const [link] = events[0].urls;
		expect(link).toMatch(
			/^http:\/\/127\.0\.0\.1:\d+\/gravityfield\/v2\/engagement\?type=WRIMP&decisionId=gf:/,
		);
		expect(await send('GET', link, bearer())).toMatchObject({ status: 204, body: '' });
		expect(sandbox.stored('gravityField')).toMatchObject([
			{ operation: 'engagement', event: { type: 'WRIMP' } },
		]);
		// Taken apart and built again, the colons come encoded.
		expect(
			(
				await send(
					'GET',
					link.replaceAll(':', '%3A').replace('http%3A//127.0.0.1%3A', 'http://127.0.0.1:'),
					bearer(),
				)
			).status,
		).toBe(422);
		expect((await send('GET', link)).status).toBe(403);
		expect((await send('POST', link, bearer())).status).toBe(405);
	});

	test('no links where none were asked for', async () => {
		const { data } = await choose([{ selector: 'a' }], { isBuildEngagementUrl: false });
		expect(data[0].payload[0].contents[0].events).toEqual([]);
	});
});
