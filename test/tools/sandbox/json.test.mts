import { describe, expect, test } from '@jest/globals';

import { plain, readJson } from '../../../tools/sandbox/json.mts';

describe('the JSON reader', () => {
	test.each([
		'{}',
		'[]',
		' [ 1 , -0.5e-3 , "a\\u00e9\\n\\ud83d\\ude00" , { "b" : [ null , true , false ] } ] ',
		'"\\ud800"',
		'{"":{"":""}}',
		'0',
	])('reads %s as JSON.parse does', (text) => {
		expect(plain(readJson(text))).toEqual(JSON.parse(text));
	});

	test.each([
		'',
		' ',
		'{',
		'[1,]',
		'{"a":1,}',
		'{a:1}',
		'01',
		'1.',
		'+1',
		'nul',
		'"\t"',
		'"\\x"',
		'"a',
		"'a'",
		'[1]2',
		'[1 2]',
		'\ufeff1',
		'{"a" 1}',
	])('refuses %j, as JSON.parse does', (text) => {
		expect(() => JSON.parse(text) as unknown).toThrow();
		expect(() => readJson(text)).toThrow(SyntaxError);
	});

	test('keeps every digit of a large integer and the text of each value', () => {
		const text = '{"id": 18446744073709551615, "small": 7}';
		const node = readJson(text);
		expect(plain(node)).toEqual({ id: 18446744073709551615n, small: 7 });
		expect(node.kind === 'object' && node.members.get('id')).toMatchObject({
			source: '18446744073709551615',
		});
	});

	test('notices names given twice and makes __proto__ an ordinary member', () => {
		const node = readJson('{"a":1,"a":2,"__proto__":3}');
		expect(node).toMatchObject({ repeated: ['a'] });
		expect(Object.keys(plain(node) as object)).toEqual(['a', '__proto__']);
	});

	test('gives up on absurd nesting instead of overflowing', () => {
		expect(() => readJson('['.repeat(100_000))).toThrow(/nested too deeply/);
	});
});
