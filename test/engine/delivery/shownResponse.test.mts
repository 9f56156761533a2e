import { describe, expect, test } from '@jest/globals';

import { createMask } from '../../../nodes/engine/delivery/mask.ts';
import { readResponse } from '../../../nodes/engine/delivery/response.ts';
import { shownResponse } from '../../../nodes/engine/delivery/shownResponse.ts';

const answer = (status: number, text = '', headers: Record<string, unknown> = {}) =>
	readResponse(status, headers, text);
const JSON_TYPE = { 'Content-Type': 'application/json' };
const HTML_TYPE = { 'content-type': 'text/html; charset=utf-8' };

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

describe('bounds of what is shown', () => {
	const shown = (text: string, ...secrets: string[]) =>
		shownResponse(readResponse(200, {}, text), createMask(secrets));

	test('a number that is a secret is hidden; what is no text stays as it is', () => {
		expect(shown('null')).toEqual({ text: 'null' });
		expect(shown('{"n":12345,"b":[true,false,null,1]}', '12345')).toEqual({
			n: '***',
			b: [true, false, null, 1],
		});
	});

	test.each([
		['lists', (depth: number, inner: string) => '['.repeat(depth) + inner + ']'.repeat(depth), 'null'],
		['objects', (depth: number, inner: string) => '{"a":'.repeat(depth) + inner + '}'.repeat(depth), '{}'],
	])('nested %s are shown down to fifty levels', (kind, nested, cut) => {
		expect(JSON.stringify(shown(nested(50, '1')))).toBe(nested(50, '1'));
		expect(JSON.stringify(shown(nested(60, '1')))).toBe(kind === 'lists' ? nested(51, cut) : nested(50, cut));
	});

	test('text is cut after 500 characters, JSON is shown up to 100,000', () => {
		expect(shown('x'.repeat(500))).toEqual({ text: 'x'.repeat(500) });
		expect(shown('x'.repeat(501))).toEqual({ text: `${'x'.repeat(500)}…` });
		const text = JSON.stringify(['x'.repeat(99_996)]);
		expect([text.length, shown(text)]).toEqual([100_000, ['x'.repeat(99_996)]]);
	});
});
