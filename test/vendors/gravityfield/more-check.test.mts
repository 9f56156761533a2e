/** What the further requests refuse, what they warn of, and how an answer about campaigns is read. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import { createChecker } from '../../../nodes/engine/check/check.ts';
import { settingRows } from '../../../nodes/engine/operation/settings.ts';
import type { Json, Operation } from '../../../nodes/engine/operation/operation.ts';
import { readCampaigns } from '../../../nodes/GravityField/campaigns.ts';
import { linkRequests, linksIssue } from '../../../nodes/GravityField/engagement.ts';
import { getCampaign } from '../../../nodes/GravityField/getCampaign.ts';
import { storeUser } from '../../../nodes/GravityField/storeUser.ts';
import { storeVisit } from '../../../nodes/GravityField/storeVisit.ts';
import { engagement, readers } from '../../pages/vectors-more.json';
import { deepFreeze, target, UID } from './support.mts';

const ANN = { user: { uid: UID } };
function verdictOn(
	operation: Operation,
	event: Json,
	{ variant, ...options }: Json & { variant?: string } = {},
) {
	const all = Object.fromEntries(settingRows(operation).map(({ name, default: value }) => [name, value]));
	const checker = createChecker(
		operation,
		{
			zone: 'UTC',
			now: 0,
			extraFields: 'send',
			unprovenRules: 'warn',
			maxListed: 1,
			all,
			...options,
		},
		{ names: new Map(), pairs: new Set() },
	);
	const chosen = operation.variants?.travels === false ? (variant ?? operation.variants.default) : undefined;
	const result = checker(deepFreeze(event), chosen);
	const fields = (issues: ReadonlyArray<{ field: string }> = []) => issues.map(({ field }) => field);
	return {
		refused: fields('issues' in result ? result.issues : []),
		warned: fields(result.warnings),
		event: 'event' in result ? result.event : undefined,
	};
}

describe('store user', () => {
	const of = (event: Json) => verdictOn(storeUser, event);

	test('numbers and booleans become texts, the form’s attributes the user’s', () => {
		const attributes = { tier: 'gold', age: 40, vip: true };
		const texts = { tier: 'gold', age: '40', vip: 'true' };
		expect(of({ user: { uid: UID, attributes } }).event).toMatchObject({
			user: { uid: UID, attributes: texts },
		});
		expect(of({ ...ANN, attributes }).event).toMatchObject({ user: { uid: UID, attributes: texts } });
		expect(of({ ...ANN, attributes: [{ name: 'tier', value: 'gold' }] }).event).toMatchObject({
			user: { attributes: { tier: 'gold' } },
		});
		expect(of({ ...ANN, attributes }).event).not.toHaveProperty('attributes');
	});

	test.each<[string, Json, string[]]>([
		['nested attributes', { user: { uid: UID, attributes: { a: { b: 1 } } } }, ['user.attributes']],
		['attributes twice', { user: { uid: UID, attributes: { a: 1 } }, attributes: { b: 1 } }, ['attributes']],
		['attributes that are a text', { ...ANN, attributes: 'gold' }, ['user.attributes']],
		['a user that is a text', { user: 'ann' }, ['user']],
		['a page that is a list', { ...ANN, ctx: [1] }, ['ctx']],
		[
			'a flag that is a word',
			{ ...ANN, options: { isReturnCounter: 'perhaps' } },
			['options.isReturnCounter'],
		],
		['an ID that says nothing', { user: { uid: '[object Object]' } }, ['user.uid']],
	])('%s: refused', (_, event, fields) => {
		expect(of(event).refused).toEqual(fields);
	});

	test.each<[string, Json, string[]]>([
		['attributes of nobody', { attributes: { tier: 'gold' } }, ['user']],
		['attributes of a session', { user: { ses: 's', attributes: { tier: 'gold' } } }, ['user']],
		['a short uid', { user: { uid: 'x'.repeat(23) } }, ['user.uid']],
		['both IDs', { user: { uid: UID, custom: 'a', ses: 's' } }, ['user.custom']],
		['an own ID without session', { user: { custom: 'a' } }, ['user.ses']],
		['another page type', { ...ANN, ctx: { type: 'BLOG' } }, ['ctx.type']],
		['events', { ...ANN, data: [{ type: 'login-v1' }] }, ['data']],
	])('%s: warned', (_, event, fields) => {
		const { refused, warned } = of(event);
		expect([refused, warned]).toEqual([[], fields]);
		expect(verdictOn(storeUser, event, { unprovenRules: 'refuse' }).refused).toEqual(fields);
	});

	test('without a user there is a warning that a new one is made each time', () => {
		for (const item of [{}, { user: {} }, { user: null }, { options: { isReturnUserInfo: true } }]) {
			expect(of(item)).toMatchObject({ refused: [], warned: ['user'] });
			expect(verdictOn(storeUser, item, { unprovenRules: 'ignore' }).warned).toEqual([]);
		}
		expect(of({ user: { ses: 's' } })).toMatchObject({ refused: [], warned: [] });
		expect(of({ user: { custom: 'crm-1', ses: 's' } })).toMatchObject({ refused: [], warned: [] });
	});
});

describe('store visit', () => {
	const of = (event: Json) => verdictOn(storeVisit, event);

	test('the type of the SDKs is there unless it is given', () => {
		expect(of(ANN).event).toMatchObject({ type: 'screenview' });
		expect(of({ ...ANN, type: '' }).event).toMatchObject({ type: 'screenview' });
		expect(Object.keys(of(ANN).event ?? {})).toEqual(['type', 'user', 'ctx', 'device']);
	});

	test.each<[string, Json, string[]]>([
		['another type', { ...ANN, type: 'pageview' }, ['type']],
		['nobody', {}, ['user']],
		['a user that is a text', { user: 'ann' }, ['user', 'user']],
		['a page number with a fraction', { ...ANN, ctx: { pageNumber: 1.5 } }, ['ctx.pageNumber']],
		['events', { ...ANN, data: [] as unknown[], name: 'x' }, ['data']],
	])('%s: warned, since all is known from the SDKs only', (_, event, fields) => {
		const { refused, warned } = of(event);
		expect(refused).toEqual([]);
		expect(new Set(warned)).toEqual(new Set(fields));
	});

	test('what would be lost is refused all the same', () => {
		expect(of({ ...ANN, ctx: { data: [{}] } }).refused).toEqual(['ctx.data']);
		expect(of({ user: { custom: 'undefined', ses: 's' } }).refused).toEqual(['user.custom']);
	});
});

describe('get campaign', () => {
	const quiet = { options: { isImplicitImpression: false } };
	const of = (event: Json, more?: Json) => verdictOn(getCampaign, event, more);
	const ask = (...data: unknown[]) => ({ ...ANN, ...quiet, data });

	test.each<[string, Json]>([
		['a selector', ask({ selector: 'pdp_recs' })],
		[
			'an ID with options',
			ask({ campaignId: '65a1b2c3d4e5f60718293a4b', option: { skusOnly: true, fields: ['a'] } }),
		],
		['a group', ask({ group: 'home' })],
		['several', ask({ selector: 'a' }, { selector: 'b' }, { group: 'a' })],
		[
			'rules',
			ask({
				selector: 'a',
				rules: [
					{
						id: 1,
						type: 'filter',
						slots: [0, '2'],
						conditions: [{ field: 'brand', arguments: [{ action: 'in', value: ['Acme'] }] }],
					},
				],
			}),
		],
	])('%s passes without a warning', (_, event) => {
		expect(of(event)).toMatchObject({ refused: [], warned: [] });
	});

	test('one campaign may stand as an object, or beside the rest', () => {
		for (const event of [
			{ ...ANN, ...quiet, data: { selector: 'a' } },
			{ ...ANN, ...quiet, data: '[{"selector":"a"}]' },
			{ ...ANN, ...quiet, selector: 'a' },
		])
			expect(of(event).event).toMatchObject({ data: [{ selector: 'a' }] });
	});

	test('slots are numbers', () => {
		const rules = [{ type: 'filter', slots: [0, '2'], conditions: [] as unknown[] }];
		expect(of(ask({ selector: 'a', rules })).event).toMatchObject({ data: [{ rules: [{ slots: [0, 2] }] }] });
	});

	test.each<[string, Json, string[]]>([
		['two ways at once', ask({ selector: 'a', group: 'b' }), ['data[0]']],
		['no way', ask({ option: { skusOnly: true } }), ['data[0]']],
		['the same twice', ask({ selector: 'a' }, { selector: 'a' }), ['data[1]']],
		[
			'an ID that is too long by one',
			ask({ campaignId: '65a1b2c3d4e5f60718293a4bc' }),
			['data[0].campaignId'],
		],
		['an ID in capitals', ask({ campaignId: '65A1B2C3D4E5F60718293A4B' }), ['data[0].campaignId']],
		['a rule without type', ask({ selector: 'a', rules: [{ conditions: [] }] }), ['data[0].rules[0].type']],
		['no campaign', { ...ANN, ...quiet }, ['data']],
		['nothing about impressions', { ...ANN, data: [{ selector: 'a' }] }, ['options.isImplicitImpression']],
	])('%s: warned', (_, event, fields) => {
		const { refused, warned } = of(event);
		expect([refused, warned]).toEqual([[], fields]);
	});

	test('a question without a campaign is not sent, whatever is only warned of', () => {
		const chosen = { ...target, method: 'choose' };
		for (const data of [undefined, [], 'x'])
			expect(getCampaign.single.encode({ ...ANN, data }, chosen)).toEqual({
				fault: { field: 'data', message: expect.stringContaining('at least one campaign') },
			});
	});

	test('links alone are not filled up with a page', () => {
		expect(of({ urls: ['https://x'] }, { variant: 'engagement' }).event).toEqual({ urls: ['https://x'] });
	});

	test('is repeated by itself only where nothing counts and the user is named', () => {
		const safe = (event: Json) => getCampaign.repeatIsSafe?.(event);
		expect(safe({ ...ANN, ...quiet })).toBe(true);
		expect(safe({ user: {}, ...quiet })).toBe(false);
		expect(safe(ANN)).toBe(false);
		expect(safe({ ...ANN, options: { isImplicitImpression: true } })).toBe(false);
		expect(safe({ ...ANN, options: { isImplicitImpression: false, isImplicitPageview: true } })).toBe(false);
		expect(safe({ urls: ['x'] })).toBe(false);
	});
});

describe('what an answer gives', () => {
	const reader = (id: string) => {
		const found = readers.find((one) => one.id === id);
		if (!found) throw new Error(`No reader ${id}`);
		return readCampaigns(JSON.parse(String(found.answer.body)) as Json, { data: found.input });
	};

	test('no campaign is a success', () => {
		expect(reader('GF-CH-R1')).toEqual({
			data: { user: {}, campaigns: [{ selector: 'pdp_recs', found: false, links: {}, payload: [] }] },
			remark: 'no campaign for this user',
		});
	});

	test('selectors are matched by name, in the order of the question', () => {
		const answer = {
			data: [
				{ selector: 'b', payload: [{ campaignId: '2' }] },
				{ selector: 'a', payload: [{ campaignId: '1' }] },
				{ selector: 'nobody asked', payload: [{ campaignId: '3' }] },
			],
		};
		const { data } = readCampaigns(answer, { data: [{ selector: 'a' }, { selector: 'b' }, { group: 'g' }] });
		expect(data.campaigns).toMatchObject([
			{ selector: 'a', found: true, payload: [{ campaignId: '1' }] },
			{ selector: 'b', found: true, payload: [{ campaignId: '2' }] },
			{ group: 'g', found: true, payload: [{ campaignId: '3' }] },
		]);
		expect((reader('GF-CH-R2').data.campaigns as Json[]).map(({ selector }) => selector)).toEqual(['a', 'b']);
	});

	test('a campaign ID is found in any place of the payload', () => {
		expect(reader('GF-CH-R3').data.campaigns).toEqual([
			{
				campaignId: '65a1b2c3d4e5f60718293a4b',
				found: true,
				links: {},
				payload: [{ campaignId: '65a1b2c3d4e5f60718293a4b' }],
			},
		]);
	});

	test('links by what they report, of all contents', () => {
		const events = (n: number) => [
			{ type: 'click', urls: [`c${n}`] },
			{ type: 'visible_impression', urls: [`v${n}`, `w${n}`] },
		];
		const payload = [{ contents: [{ events: events(1) }, { events: events(2) }] }];
		const { data } = readCampaigns({ data: [{ selector: 'a', payload }] }, { data: [{ selector: 'a' }] });
		expect((data.campaigns as Json[])[0].links).toEqual({
			click: ['c1', 'c2'],
			visible_impression: ['v1', 'w1', 'v2', 'w2'],
		});
	});

	test('any JSON can be read', () => {
		fc.assert(
			fc.property(fc.json(), fc.json(), (answer, asked) => {
				const read = readCampaigns(
					{ data: JSON.parse(answer), user: JSON.parse(asked) },
					{ data: JSON.parse(asked) },
				);
				expect(Array.isArray(read.data.campaigns)).toBe(true);
			}),
		);
	});
});

describe('links', () => {
	const at = (baseUrl: string) => ({ ...target, baseUrl });
	const VENDOR = at('https://evs-01.gravityfield.ai/v2');
	const [good, , bad] = engagement;

	test('of the vendor are called as they are, in their order', () => {
		expect(linksIssue({ urls: good.urls }, VENDOR)).toBeUndefined();
		expect(linkRequests({ urls: good.urls })).toEqual({ method: 'GET', url: good.urls[0], headers: {} });
		const { url, after } = linkRequests({ urls: ['https://a', 'https://b', 'https://c'] });
		expect([url, ...(after ?? []).map((one) => one.url)]).toEqual(['https://a', 'https://b', 'https://c']);
	});

	test.each([
		...bad.urls,
		'https://gravityfield.ai.example.com/v2/engagement',
		'https://notgravityfield.ai/v2/engagement',
		'https://ev.stellarlabs.ai:8443/v2/engagement',
		'https://ev.stellarlabs.ai./v2/engagement',
		'https://ev.stellarlabs.ai\\@evil.example/v2/engagement',
		'https://evil.example/?https://ev.stellarlabs.ai/v2/engagement',
		'//ev.stellarlabs.ai/v2/engagement',
		'javascript:alert(1)',
		'file:///etc/passwd',
		'https://127.0.0.1/v2/engagement',
		'https://ev.stellarlabs.ai/v2/engagement?a=b c',
		'https://ev.stellarlabs.ai/v2/engagement?a=é',
		'https://ev.stellarlabs.ai/v2/engagement#x',
		'https://ev.stellarlabs.ai/v2/../engagement',
		'',
		' ',
	])('%s is refused', (link) => {
		const issue = linksIssue({ urls: ['https://ev.stellarlabs.ai/v2/engagement?a=b', link] }, VENDOR);
		expect(issue?.field).toBe('urls[1]');
		if (link.trim()) expect(issue?.message).not.toContain(link);
	});

	test('the base URL’s own address is allowed, below its path', () => {
		const sandbox = at('http://127.0.0.1:8787/gravityfield/v2');
		expect(
			linksIssue({ urls: ['http://127.0.0.1:8787/gravityfield/v2/engagement?a=b'] }, sandbox),
		).toBeUndefined();
		for (const link of [
			'http://127.0.0.1:8788/gravityfield/v2/engagement',
			'https://127.0.0.1:8787/gravityfield/v2/engagement',
			'http://127.0.0.1:8787/other/engagement',
		])
			expect(linksIssue({ urls: [link] }, sandbox)?.field).toBe('urls[0]');
	});

	test.each([undefined, [], 'https://ev.stellarlabs.ai/', [1]])('no link: %j', (urls) => {
		expect(linksIssue({ urls }, VENDOR)).toEqual({
			field: 'urls',
			message: expect.stringContaining('required'),
		});
	});
});
