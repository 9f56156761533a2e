import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import {
	asksForPause,
	classifyResponse,
	readResponse,
	wordsOf,
} from '../../../nodes/engine/delivery/response.ts';
import { toy } from '../../support/fakeVendor.mts';
import type { ResponseRules, VendorResponse } from '../../../nodes/engine/operation/operation.ts';

const rules: ResponseRules = {
	accepts: ({ status, json }) => status === 200 && typeof json === 'object' && json !== null,
	safeToRetry: (status) => status === 505,
	fatal: ({ status, text }) =>
		status === 400 && text.includes('Bad json')
			? { scope: 'account', reason: 'broken', halveFirst: true }
			: undefined,
	fatalScope: { 403: 'app', 405: 'method' },
	advice: { 401: 'look at the token' },
	defaultAdvice: 'look at the event',
};
const classify = (response: VendorResponse) =>
	classifyResponse(response, rules, 'Toy', 'https://vendor.example/v1');
const answer = (status: number, text = '', headers: Record<string, unknown> = {}) =>
	readResponse(status, headers, text);
const HTML_TYPE = { 'content-type': 'text/html; charset=utf-8' };

describe('what an answer says', () => {
	test.each<[number, string, string, Record<string, string>?]>([
		[200, '{"message":"OK"}', 'accepted'],
		[200, '{"error":"x"}', 'unconfirmed'],
		[200, '{"error":null}', 'unconfirmed'],
		[200, '{"errors":[]}', 'unconfirmed'],
		[200, '{"success":false}', 'unconfirmed'],
		[200, '{"success":true}', 'accepted'],
		[200, '{"success":0}', 'accepted'],
		[200, '{"a":{"error":"x"}}', 'accepted'],
		[200, '[{"error":"x"}]', 'accepted'],
		[200, 'OK', 'unconfirmed'],
		[200, '', 'unconfirmed'],
		[202, '{"message":"OK"}', 'unconfirmed'],
		[204, '', 'unconfirmed'],
		[299, '{}', 'unconfirmed'],
		[200, '{}', 'accepted', HTML_TYPE],
		[200, '<p>One moment</p>', 'maybeStored', HTML_TYPE],
		[200, '<p>One moment</p>', 'maybeStored'],
		[202, '<html>', 'maybeStored'],
		[200, '<!-- a --><html>', 'maybeStored'],
		[200, ' <!DOCTYPE html><p>', 'maybeStored'],
		[200, '<HTML>', 'maybeStored'],
		[204, '', 'unconfirmed', HTML_TYPE],
		[300, '', 'fatal'],
		[301, '', 'fatal'],
		[302, '', 'fatal'],
		[304, '', 'fatal'],
		[308, '', 'fatal'],
		[400, '{"error":"Bad Request"}', 'rejected'],
		[400, '<html>', 'rejected'],
		[400, '{"error":"Bad json"}', 'fatal'],
		[401, '', 'fatal'],
		[402, '', 'fatal'],
		[403, '', 'fatal'],
		[404, '', 'fatal'],
		[405, '', 'fatal'],
		[406, '', 'rejected'],
		[407, '', 'fatal'],
		[408, '', 'notStored'],
		[409, '', 'rejected'],
		[410, '', 'fatal'],
		[413, '', 'tooLarge'],
		[414, '', 'tooLarge'],
		[418, '', 'rejected'],
		[420, '', 'notStored'],
		[421, '', 'notStored'],
		[422, '', 'rejected'],
		[425, '', 'notStored'],
		[429, '', 'notStored'],
		[431, '', 'tooLarge'],
		[451, '', 'fatal'],
		[499, '', 'rejected'],
		[500, '', 'maybeStored'],
		[503, '', 'notStored'],
		[503, '<html>', 'notStored', HTML_TYPE],
		[501, '', 'maybeStored'],
		[502, '', 'maybeStored'],
		[504, '', 'maybeStored'],
		[505, '', 'notStored'],
		[511, '', 'fatal'],
		[599, '', 'maybeStored'],
	])('%i %j is %s', (status, text, kind, headers = {}) => {
		expect(classify(answer(status, text, headers)).kind).toBe(kind);
	});

	test.each([100, 101, 199, 600, 999])(
		'%i, which HTTP does not know as an answer, may have stored it',
		(status) => {
			expect(classify(answer(status))).toEqual({ kind: 'maybeStored' });
		},
	);

	test('every status there may be has a verdict', () => {
		fc.assert(
			fc.property(fc.integer({ min: 200, max: 999 }), fc.string(), (status, text) => {
				expect(typeof classify(answer(status, text)).kind).toBe('string');
			}),
		);
	});

	test.each([
		['https://other.example/v1?x=1', 'other.example'],
		['//other.example:8443/', 'other.example:8443'],
		['/elsewhere', 'vendor.example'],
		['http://[', 'an address that is not a URL'],
		['http://canceled.example/', 'c·anceled.example'],
		['http://enoent.example/', 'e·noent.example'],
		[`https://${'a'.repeat(60)}.example/`, `${'a'.repeat(60)}.ex…`],
	])('a redirect to %s names the host only', (location, host) => {
		expect(classify(answer(302, '', { Location: location }))).toEqual({
			kind: 'fatal',
			scope: 'account',
			reason: `The base URL redirects to ${host}; redirects are not followed, so check it in the credential`,
		});
	});

	test('a fatal status speaks of the whole account, unless the vendor says otherwise', () => {
		const scopes = [401, 402, 403, 404, 405, 407, 410, 451, 511].map((status) => {
			const found = classify(answer(status));
			return found.kind === 'fatal' ? [status, found.scope] : found.kind;
		});
		expect(scopes).toEqual([
			[401, 'account'],
			[402, 'account'],
			[403, 'app'],
			[404, 'account'],
			[405, 'method'],
			[407, 'account'],
			[410, 'account'],
			[451, 'account'],
			[511, 'account'],
		]);
		expect(classify(answer(400, '{"error":"Bad json"}'))).toEqual({
			kind: 'fatal',
			scope: 'account',
			reason: 'broken',
			halveFirst: true,
		});
	});

	test.each([
		[401, 'look at the token'],
		[403, 'look at the event'],
		[410, 'Toy no longer answers at this address (status 410); check the base URL in the credential'],
		[402, /^Something between n8n and Toy asks for a payment \(status 402\); /],
		[407, /^A proxy between n8n and Toy asks for a sign-in \(status 407\); check the proxy settings of n8n$/],
		[451, /^Something between n8n and Toy blocks the request for legal reasons \(status 451\); /],
		[511, /^The network between n8n and Toy asks for a sign-in \(status 511\); /],
	])('who answered %i, and what to do', (status, reason) => {
		const found = classify(answer(status));
		expect(found.kind === 'fatal' && found.reason).toMatch(reason);
	});

	test("a vendor's own advice about an address that is gone comes first", () => {
		const own = { ...rules, advice: { 410: 'use version 2' } };
		expect(classifyResponse(answer(410), own, 'Toy', 'https://vendor.example')).toMatchObject({
			kind: 'fatal',
			reason: 'use version 2',
		});
	});

	test('a pause is asked for by 420, 429 and Retry-After', () => {
		expect([420, 429, 503].map((status) => asksForPause(answer(status)))).toEqual([true, true, false]);
		expect(asksForPause(answer(503, '', { 'Retry-After': '1' }))).toBe(true);
	});

	test("JSON is read whatever its content type; HTML is not read; another form by the vendor's own reader", () => {
		expect(answer(200, '{"a":1}', { 'content-type': 'text/plain' }).json).toEqual({ a: 1 });
		expect(answer(200, '{"a":1}', HTML_TYPE).json).toEqual({ a: 1 });
		expect(answer(200, '<html>', HTML_TYPE).json).toBeUndefined();
		expect(readResponse(200, {}, 'cb({"a":1})', (text) => JSON.parse(text.slice(3, -1))).json).toEqual({
			a: 1,
		});
	});
});

describe('a page or not, a redirect, rules of a vendor', () => {
	test.each([
		['text/html', ' <p>', true],
		['text/html', 'a < b', false],
		['application/json', '<p>', false],
	])('of type %s with %j: a page is %s', (type, text, html) => {
		expect(readResponse(200, { 'content-type': type }, text).html).toBe(html);
	});

	test('a redirect to an address that is on no host', () => {
		expect(classify(answer(302, '', { location: 'mailto:help@vendor.example' }))).toMatchObject({
			reason:
				'The base URL redirects to an address without a host; redirects are not followed, so check it in the credential',
		});
	});

	test('a redirect without an address, and a vendor without fatal responses of its own', () => {
		expect(classifyResponse(readResponse(302, {}, ''), toy.responses, 'Toy', 'https://fake.example')).toEqual(
			{
				kind: 'fatal',
				scope: 'account',
				reason:
					'The base URL redirects to an address it does not name; redirects are not followed, so check it in the credential',
			},
		);
		expect(classifyResponse(readResponse(400, {}, ''), toy.responses, 'Toy', 'https://fake.example')).toEqual(
			{ kind: 'rejected', advice: 'look at the event' },
		);
	});
});

describe('a refusal of one event by a status that speaks of more', () => {
	const own: ResponseRules = {
		...rules,
		refusesOne: ({ status, text }, method) =>
			(status === 404 && text === 'no such user') || (method === 'link' && status === 302)
				? 'save it first'
				: undefined,
	};
	const of = (response: VendorResponse, method?: string) =>
		classifyResponse(response, own, 'Toy', 'https://vendor.example/v1', method);

	test('is that, with its own advice; without it the status speaks as always', () => {
		expect(of(answer(404, 'no such user'))).toEqual({ kind: 'rejected', advice: 'save it first' });
		expect(of(answer(404, 'no such path'))).toMatchObject({ kind: 'fatal' });
		expect(of(answer(302), 'link')).toEqual({ kind: 'rejected', advice: 'save it first' });
		expect(of(answer(302))).toMatchObject({ kind: 'fatal' });
		expect(of(answer(400))).toEqual({ kind: 'rejected', advice: 'look at the event' });
	});
});

describe("the vendor's own words", () => {
	const own: ResponseRules = { ...rules, words: (json) => (Array.isArray(json) ? json.map(String) : []) };
	const words = (...texts: string[]) =>
		wordsOf(answer(400, JSON.stringify(texts)), own, (text) => text.replaceAll('secret', '***'));

	test('are quoted, each once, at most three, escaped, masked and cut', () => {
		expect(words('a', 'b', 'a')).toBe(': "a", "b"');
		expect(words('a', 'b', 'c', 'd')).toBe(': "a", "b", "c"');
		expect(words('<b>\n', ' ', '')).toBe(': "&lt;b&gt;\\n"');
		expect(words('the secret')).toBe(': "the ***"');
		expect(words('x'.repeat(300))).toHaveLength(204);
		expect(words()).toBe('');
		expect(wordsOf(answer(400, '["a"]'), rules, (text) => text)).toBe('');
	});

	test('that name a person are left out', () => {
		expect(words('ann@example.com is unknown', 'b')).toBe(': "b"');
	});
});

test.each(['5', 'null', 'true', '"error"', '[]', '["error"]', '[{"error":1}]', ''])(
	'a success whose JSON is no object reports no error: %j',
	(text) => {
		const response = answer(200, text, { 'content-type': 'application/json' });
		const takesAll = { ...rules, accepts: () => true };
		expect(classifyResponse(response, takesAll, 'Toy', 'https://vendor.example')).toEqual({
			kind: 'accepted',
		});
	},
);

test('a fatal status speaks of the account where the vendor has no scopes of its own', () => {
	const plain = { ...rules, fatalScope: undefined, refusesOne: undefined };
	expect(classifyResponse(answer(403), plain, 'Toy', 'https://vendor.example')).toMatchObject({
		kind: 'fatal',
		scope: 'account',
	});
});
