import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import type { ValueType } from '../../../nodes/engine/operation/operation.ts';
import { codePoints, hasLoneSurrogate, plainDecimal } from '../../../nodes/engine/check/text.ts';
import { ABOVE_SAFE, errorOf, valueOf, warningsOf } from './support.mts';

test('lengths count code points; half a character is found', () => {
	expect(codePoints('a👩‍🚀я')).toBe([...'a👩‍🚀я'].length);
	expect(codePoints('\uD800\uDC00\uDBFF\uDFFF')).toBe(2);
	fc.assert(
		fc.property(fc.string({ unit: 'binary' }), (text) => {
			expect(codePoints(text)).toBe([...text].length);
			expect(hasLoneSurrogate(text)).toBe(!text.isWellFormed());
		}),
	);
	fc.assert(
		fc.property(fc.array(fc.integer({ min: 0xd7f0, max: 0xe010 })), (units) => {
			const text = String.fromCharCode(...units);
			expect(hasLoneSurrogate(text)).toBe(!text.isWellFormed());
			expect(codePoints(text)).toBe([...text].length);
		}),
	);
});

test('bytes of UTF-8, where the vendor counts those', () => {
	const type: ValueType = { kind: 'text', maxBytes: 255 };
	expect(valueOf(type, 'x'.repeat(255))).toHaveLength(255);
	expect(valueOf(type, 'я'.repeat(127))).toHaveLength(127);
	expect(errorOf(type, 'я'.repeat(128))).toMatch(/^may have at most 255 bytes of UTF-8 and has 256: "я/);
	expect(errorOf(type, 'x'.repeat(256))).toMatch(/has 256/);
});

describe('text', () => {
	const type: ValueType = { kind: 'text', max: 5 };

	test.each<[unknown, string]>([
		['abc', 'abc'],
		[' a ', ' a '],
		['007', '007'],
		['жуки', 'жуки'],
		['👩👩👩👩👩', '👩👩👩👩👩'],
		['a"\'\n', 'a"\'\n'],
		[12345, '12345'],
		[-1, '-1'],
		[0, '0'],
		[12n, '12'],
	])('%p is sent as %j', (value, text) => expect(valueOf(type, value)).toBe(text));

	test('safe integers and BigInt of any length as digits', () => {
		expect(valueOf({ kind: 'text' }, Number.MAX_SAFE_INTEGER)).toBe('9007199254740991');
		expect(valueOf({ kind: 'text' }, 18_446_744_073_709_551_615n)).toBe('18446744073709551615');
		expect(valueOf({ kind: 'text' }, '18446744073709551616')).toBe('18446744073709551616');
	});

	test.each<[unknown, RegExp]>([
		['abcdef', /at most 5 characters and has 6/],
		['👩👩👩👩👩👩', /at most 5 characters and has 6/],
		[123_456, /at most 5 characters/],
		[ABOVE_SAFE, /already lost digits/],
		[-ABOVE_SAFE, /already lost digits/],
		[1e21, /already lost digits/],
		[16.1, /fraction, where 16\.10 has already become 16\.1/],
		[Number.NaN, /not a finite number/],
		[Number.POSITIVE_INFINITY, /not a finite number/],
		[true, /must be text, not a true.false value/],
		[{}, /must be text, not an object/],
		[['a'], /must be text, not a list/],
		[new Date(), /must be text, not a date/],
	])('%p is refused', (value, says) => expect(errorOf(type, value)).toMatch(says));

	test('exact and least length, patterns, rewriting', () => {
		expect(errorOf({ kind: 'text', length: 3 }, 'ab')).toMatch(/exactly 3 characters and has 2/);
		expect(errorOf({ kind: 'text', length: 3 }, 'abcd')).toMatch(/exactly 3 characters and has 4/);
		expect(valueOf({ kind: 'text', length: 3 }, '👩👩👩')).toBe('👩👩👩');
		expect(errorOf({ kind: 'text', min: 2, max: 5 }, 'a')).toMatch(/at least 2 characters and has 1/);
		expect(
			errorOf({ kind: 'text', pattern: { is: /^x/, description: 'a text that begins with x' } }, 'y'),
		).toBe('must be a text that begins with x, not "y"');
		expect(
			valueOf(
				{ kind: 'text', rewrite: (text) => text.toUpperCase(), pattern: { is: /^X/, description: 'X' } },
				'x',
			),
		).toBe('X');
	});
});

describe('every branch of a text', () => {
	test('a text exactly at its bounds, one below and one above', () => {
		const text = { kind: 'text', min: 2, max: 3 } as const;
		expect([valueOf(text, 'ab'), valueOf(text, 'abc'), valueOf(text, '👩👩👩')]).toEqual([
			'ab',
			'abc',
			'👩👩👩',
		]);
		expect(errorOf(text, 'a')).toBe('needs at least 2 characters and has 1: "a"');
		expect(errorOf(text, 'abcd')).toBe('may have at most 3 characters and has 4: "abcd"');
	});
});

describe('identifiers and names', () => {
	const text: ValueType = { kind: 'text' };

	test.each(['identifier', 'name'] as const)('as %s: what names nobody and nothing is refused', (role) => {
		const refused: Array<[string, string]> = [
			[
				'undefined',
				"is the text 'undefined', which an expression gives when it finds no value; leave the field empty in that case",
			],
			[
				' null ',
				"is the text 'null', which an expression gives when it finds no value; leave the field empty in that case",
			],
			[
				'NaN',
				"is the text 'NaN', which an expression gives when it finds no value; leave the field empty in that case",
			],
			[
				'user [object Object]',
				"holds the text '[object Object]': an expression has put an object into a text; choose one of its fields, or write it with JSON.stringify()",
			],
			[
				'1.23457E+17',
				'is a number in exponent form: "1.23457E+17", which has already lost digits; format the column as text where it comes from',
			],
			[
				'1,23457E+17',
				'is a number in exponent form: "1,23457E+17", which has already lost digits; format the column as text where it comes from',
			],
			[
				'1e+21',
				'is a number in exponent form: "1e+21", which has already lost digits; format the column as text where it comes from',
			],
			[
				'{{ $json.user }}',
				'holds an expression that was not evaluated: "{{ $json.user }}"; switch the field to Expression',
			],
			[
				'u-{{$json.id}}',
				'holds an expression that was not evaluated: "u-{{$json.id}}"; switch the field to Expression',
			],
		];
		for (const [value, error] of refused)
			expect([value, errorOf(text, value, { role })]).toEqual([value, error]);
	});

	test('hexadecimal IDs with one e, and other true IDs, pass', () => {
		for (const id of [
			'12e5',
			'1234567890123e45',
			'5E7',
			'Null',
			'nullable',
			'NULL',
			'undefined-1',
			'{{',
			'}} {{',
			'NaNa',
		])
			expect([id, valueOf(text, id, { role: 'identifier' })]).toEqual([id, id]);
		fc.assert(
			fc.property(fc.stringMatching(/^[0-9a-fA-F]{1,36}$/), (id) => {
				expect(valueOf(text, id, { role: 'identifier' })).toBe(id);
			}),
		);
	});

	test('white space alone is no ID and no name', () => {
		for (const role of ['identifier', 'name'] as const) {
			for (const blank of [' ', '\t\n', '\u00a0']) expect(valueOf(text, blank, { role })).toBeUndefined();
		}
		expect(valueOf(text, ' ')).toBe(' ');
	});

	test('elsewhere the same texts are sent, and what looks like a slip is said', () => {
		for (const value of ['undefined', 'null', 'NaN', '1.23457E+17'])
			expect([valueOf(text, value), warningsOf(text, value)]).toEqual([value, []]);
		expect([valueOf(text, '{{ $json.a }}'), warningsOf(text, '{{ $json.a }}')]).toEqual([
			'{{ $json.a }}',
			['holds an expression that was not evaluated: "{{ $json.a }}"; switch the field to Expression'],
		]);
		expect(warningsOf(text, 'a [object Object]')).toEqual([
			"holds the text '[object Object]': an expression has put an object into a text; choose one of its fields, or write it with JSON.stringify()",
		]);
	});

	test('an expression is looked for in time that grows with the text alone', () => {
		const begun = performance.now();
		expect(warningsOf(text, '{{'.repeat(500_000))).toEqual([]);
		expect(performance.now() - begun).toBeLessThan(1_000);
	});
});

describe('what is quoted', () => {
	const type: ValueType = { kind: 'text', max: 3 };

	test('the value, escaped and cut', () => {
		expect(errorOf(type, 'ab\ncd')).toBe('may have at most 3 characters and has 5: "ab\\ncd"');
		expect(errorOf(type, '<b>x</b>')).toBe('may have at most 3 characters and has 8: "&lt;b&gt;x&lt;/b&gt;"');
		const long = errorOf(type, 'x'.repeat(1_000_000));
		expect(long).toMatch(/^may have at most 3 characters and has 1000000: "x{63}…"$/);
	});

	test('never an e-mail address or a phone number, wherever it stands, nor what the table calls personal', () => {
		for (const value of [
			'ann@example.com',
			'mail ann@example.com now',
			'+79161234567',
			'+7 (916) 123-45-67',
			'89161234567',
			'8 916 123 45 67',
			'+441234567890',
		]) {
			expect([value, errorOf(type, value)]).toEqual([value, expect.stringMatching(/ and has \d+$/)]);
			expect(errorOf({ kind: 'integer', as: 'text', max: 3n }, value)).not.toMatch(/[1245-9]/);
			expect(errorOf({ kind: 'time', as: 'isoUtc' }, value)).not.toContain(value.slice(0, 6));
			expect(errorOf({ kind: 'json', as: 'text' }, value)).not.toContain(value.slice(0, 3));
		}
		expect(errorOf(type, 'Petrov', { personal: true })).toBe('may have at most 3 characters and has 6');
		expect(errorOf({ kind: 'integer', as: 'text' }, 'Petrov', { personal: true })).toBe(
			'must be a whole number, written in digits',
		);
	});
});

test('numbers are written in digits, never in exponent form', () => {
	expect(plainDecimal(1e-7)).toBe('0.0000001');
	expect(plainDecimal(-1.25e-9)).toBe('-0.00000000125');
	fc.assert(
		fc.property(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e15, max: 1e15 }), (number) => {
			const text = plainDecimal(number);
			expect(text).toMatch(/^-?\d+(\.\d+)?$/);
			expect(Number(text)).toBe(number === 0 ? 0 : number);
		}),
	);
});
