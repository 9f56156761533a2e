import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import {
	asksForPause,
	createMask,
	judge,
	readResponse,
	shownResponse,
} from '../../../nodes/engine/delivery/response.ts';
import type { ResponseRules } from '../../../nodes/engine/operation/operation.ts';
import { formsOf } from '../../support/secrets.mts';

const rules: ResponseRules = {
	accepts: ({ status, json }) =>
		status === 200 && typeof json === 'object' && json !== null && !('error' in json),
	safeToRetry: (status) => status === 503,
	fatal: ({ status, text }) =>
		status === 400 && text.includes('Bad json') ? 'the request is broken on its way' : undefined,
	advice: { 0: 'look at the event', 401: 'look at the token' },
};
const answer = (status: number, text = '', headers: Record<string, unknown> = {}) =>
	readResponse(status, headers, text);
const JSON_TYPE = { 'Content-Type': 'application/json' };
const HTML_TYPE = { 'content-type': 'text/html; charset=utf-8' };

describe('what an answer says', () => {
	test.each<[number, string, string, Record<string, string>?]>([
		[200, '{"message":"OK"}', 'accepted'],
		[200, '{"error":"x"}', 'unconfirmed'],
		[200, 'OK', 'unconfirmed'],
		[200, '', 'unconfirmed'],
		[202, '{"message":"OK"}', 'unconfirmed'],
		[204, '', 'unconfirmed'],
		[299, '{}', 'unconfirmed'],
		[200, '{}', 'accepted', HTML_TYPE],
		[200, '<p>One moment</p>', 'maybeStored', HTML_TYPE],
		[200, '<!-- a --><html>', 'maybeStored'],
		[200, ' <!DOCTYPE html><p>', 'maybeStored'],
		[200, '<HTML>', 'maybeStored'],
		[204, '', 'unconfirmed', HTML_TYPE],
		[300, '', 'doorShut'],
		[301, '', 'doorShut'],
		[302, '', 'doorShut'],
		[304, '', 'doorShut'],
		[308, '', 'doorShut'],
		[400, '{"error":"Bad Request"}', 'refused'],
		[400, '<html>', 'refused'],
		[400, '{"error":"Bad json"}', 'doorShut'],
		[401, '', 'doorShut'],
		[402, '', 'refused'],
		[403, '', 'doorShut'],
		[404, '', 'doorShut'],
		[405, '', 'doorShut'],
		[406, '', 'refused'],
		[408, '', 'notStored'],
		[409, '', 'refused'],
		[413, '', 'tooLarge'],
		[414, '', 'tooLarge'],
		[420, '', 'notStored'],
		[422, '', 'refused'],
		[429, '', 'notStored'],
		[431, '', 'tooLarge'],
		[451, '', 'refused'],
		[500, '', 'maybeStored'],
		[503, '', 'notStored'],
		[503, '<html>', 'notStored', HTML_TYPE],
		[504, '', 'maybeStored'],
		[599, '', 'maybeStored'],
	])('%i %j is %s', (status, text, verdict, headers = {}) => {
		expect(judge(answer(status, text, headers), rules, 'https://vendor.example').is).toBe(verdict);
	});

	test('every status there may be has a verdict', () => {
		fc.assert(
			fc.property(fc.integer({ min: 200, max: 999 }), fc.string(), (status, text) => {
				expect(typeof judge(answer(status, text), rules, 'https://vendor.example').is).toBe('string');
			}),
		);
	});

	test.each([
		['https://other.example/v1?x=1', 'other.example'],
		['//other.example:8443/', 'other.example:8443'],
		['/elsewhere', 'vendor.example'],
		['http://[', 'an address that is none'],
	])('a redirect to %s names the host only', (location, host) => {
		expect(judge(answer(302, '', { Location: location }), rules, 'https://vendor.example/v1')).toEqual({
			is: 'doorShut',
			why: `The base URL redirects to ${host}; redirects are not followed, so check it in the credential`,
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

describe('hiding secrets', () => {
	const token = 's3cr"et/+ =ж\\n';
	test.each(formsOf(token))('%s is masked', (form) => {
		const mask = createMask([token]);
		expect(mask(`before ${form} after ${form}`)).toBe('before *** after ***');
	});

	test('an empty secret hides nothing; the longer of two is hidden first', () => {
		expect(createMask([''])('abc')).toBe('abc');
		expect(createMask(['ab', 'abcd'])('abcd ab')).toBe('*** ***');
	});

	test.each(['12345', '1', 'true', '":', '{', 'null', 'a'])(
		'a secret that looks like a part of JSON (%s) is hidden without harm',
		(secret) => {
			const mask = createMask([secret]);
			const shown = JSON.stringify(
				shownResponse(answer(200, '{"id":12345,"a":[true,null,{"b":"1 a"}]}'), mask),
			);
			expect(typeof shown).toBe('string');
			if (/\d/.test(secret)) expect(shown).not.toContain(secret);
		},
	);

	test('a secret in JSON text inside JSON is hidden', () => {
		const secret = 'a"b\\c';
		const text = JSON.stringify({ request: JSON.stringify({ token: secret }) });
		expect(shownResponse(answer(400, text), createMask([secret]))).toEqual({ request: '{"token":"***"}' });
	});

	test('no form of any secret is left in what is shown of an answer', () => {
		fc.assert(
			fc.property(
				fc.string({ minLength: 4, unit: 'grapheme' }).filter((secret) => !/^[*\s{}"]+$/.test(secret)),
				fc.boolean(),
				(secret, asJson) => {
					const text = asJson
						? JSON.stringify({ said: `${secret}`, n: 1 })
						: `you sent ${secret}, ${encodeURIComponent(secret)}`;
					const shown = shownResponse(answer(400, text), createMask([secret])) as {
						said?: string;
						text?: string;
					};
					expect(shown.said ?? shown.text).not.toContain(secret);
				},
			),
		);
	});
});

describe('what is shown of an answer', () => {
	const plain = createMask([]);
	test('nothing for an empty one', () => expect(shownResponse(answer(204), plain)).toBeUndefined());
	test('an object or a list as it is', () => {
		expect(shownResponse(answer(200, '{"a":[1]}', JSON_TYPE), plain)).toEqual({ a: [1] });
		expect(shownResponse(answer(200, '[1,2]', JSON_TYPE), plain)).toEqual([1, 2]);
	});
	test('anything else as text', () => {
		expect(shownResponse(answer(200, '12'), plain)).toEqual({ text: '12' });
		expect(shownResponse(answer(200, '"x"'), plain)).toEqual({ text: '"x"' });
		expect(shownResponse(answer(200, 'null'), plain)).toEqual({ text: 'null' });
		expect(shownResponse(answer(200, '<html>', HTML_TYPE), plain)).toEqual({ text: '<html>' });
	});
	test('long text and long JSON are cut', () => {
		expect(
			(shownResponse(answer(200, 'x'.repeat(100_000)), plain) as { text: string }).text.length,
		).toBeLessThan(1_000);
		expect(
			JSON.stringify(shownResponse(answer(200, JSON.stringify({ x: 'x'.repeat(1_000_000) })), plain)).length,
		).toBeLessThan(2_000);
	});
	test('an answer nested out of all measure does no harm', () => {
		const text = `{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
		expect(JSON.stringify(shownResponse(answer(200, text), plain)).length).toBeLessThan(2_000);
	});
	test('a secret across the cut does not show its first half', () => {
		const secret = 'SECRETSECRETSECRET';
		const text = `${'x'.repeat(490)}${secret}`;
		expect(JSON.stringify(shownResponse(answer(500, text), createMask([secret])))).not.toContain('SECRET');
	});
});
