import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import { readJson } from '../../../nodes/engine/check/jsonReader.ts';

const isJson = (text: string): boolean => {
	try {
		JSON.parse(text);
		return true;
	} catch {
		return false;
	}
};

describe('JSON text', () => {
	test('is read as JSON.parse reads it', () => {
		fc.assert(
			fc.property(fc.json(), fc.constantFrom(undefined, 1, '\t'), (json, space) => {
				const value = JSON.parse(json) as unknown;
				const text = JSON.stringify(value, null, space);
				expect(readJson(text)).toEqual({ content: value });
			}),
		);
	});

	test('is read the same whether it is written as JSON.stringify writes it or with white space', () => {
		fc.assert(
			fc.property(fc.json(), fc.constantFrom<'exact' | 'text'>('exact', 'text'), (json, numbers) => {
				const value = JSON.parse(json) as unknown;
				const compact = JSON.stringify(value);
				expect(readJson(compact, numbers)).toEqual(readJson(`${JSON.stringify(value, null, 1)} `, numbers));
			}),
		);
	});

	test('is JSON for both, or for neither', () => {
		const pieces = [
			'{',
			'}',
			'[',
			']',
			',',
			':',
			'"a"',
			'"b\\n"',
			'"',
			'\\',
			'1',
			'-',
			'0',
			'.5',
			'e+2',
			'true',
			'null',
			' ',
			'\n',
			'\u0001',
			"'",
		];
		fc.assert(
			fc.property(
				fc.array(fc.constantFrom(...pieces), { maxLength: 9 }).map((parts) => parts.join('')),
				(text) => {
					expect([text, !('broken' in readJson(text))]).toEqual([text, isJson(text)]);
				},
			),
			{ numRuns: 20_000 },
		);
	});

	test('long whole numbers become BigInt, digit for digit', () => {
		fc.assert(
			fc.property(fc.bigInt(), (number) => {
				const read = readJson(`{"n":[${number}]}`) as { content: { n: unknown[] } };
				expect(String(read.content.n[0])).toBe(String(number));
				expect(typeof read.content.n[0]).toBe(Number.isSafeInteger(Number(number)) ? 'number' : 'bigint');
			}),
		);
	});

	test('every number stays as it is written where texts are wanted', () => {
		expect(readJson('{"a":499.0,"b":1e3,"c":18446744073709551615,"d":-0}', 'text')).toEqual({
			content: { a: '499.0', b: '1e3', c: '18446744073709551615', d: '-0' },
		});
	});

	test('a name that stands twice, a number that would lose digits, and too many levels are refused', () => {
		expect(readJson('{"a":1,"b":{"a":1,"a":2}}')).toEqual({ error: 'has the name "a" twice' });
		expect(readJson('[0.12345678901234567890]')).toEqual({
			error: 'holds the number "0.12345678901234567890", which has more digits than a JSON number can hold',
		});
		expect(readJson('[1e999]')).toEqual({
			error: 'holds the number "1e999", which has more digits than a JSON number can hold',
		});
		expect(readJson('[0.30000000000000004]')).toEqual({ content: [0.1 + 0.2] });
		expect(readJson(`${'['.repeat(100)}1${']'.repeat(100)}`)).toHaveProperty('content');
		expect(readJson(`${'['.repeat(101)}1${']'.repeat(101)}`)).toEqual({
			error: 'is nested more than 100 levels deep',
		});
		expect(readJson('['.repeat(1_000_000))).toEqual({ error: 'is nested more than 100 levels deep' });
	});

	test.each([
		['', 'a value is missing at character 1'],
		['{"a":1,}', 'a name in double quotes is missing at character 8'],
		["{'a':1}", 'a name in double quotes is missing at character 2'],
		['{a:1}', 'a name in double quotes is missing at character 2'],
		['{"a" 1}', 'a colon is missing at character 6'],
		['{"a":1 "b":2}', 'a comma or } is missing at character 8'],
		['[1 2]', 'a comma or ] is missing at character 4'],
		['{"a":1}}', 'the end of the text is missing at character 8'],
		['{\n  "a": tru\n}', 'a value is missing at line 2, character 8'],
		['{"a":"x', 'the quote that ends a text is missing at character 8'],
		['{"a":"line\nbreak"}', 'an escape such as \\n for a line break is missing at character 11'],
		['{"a":"\\x"}', 'a text with valid escapes is missing at character 6'],
	])('%j is broken: %s', (text, broken) => expect(readJson(text)).toMatchObject({ broken }));

	test('a name such as __proto__ is a name like any other', () => {
		const { content } = readJson('{"__proto__":{"x":1},"constructor":2}') as { content: object };
		expect(Object.keys(content)).toEqual(['__proto__', 'constructor']);
		expect(Object.getPrototypeOf(content)).toBe(Object.prototype);
	});
});
