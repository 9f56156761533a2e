import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import type { ValueType } from '../../../nodes/engine/operation/operation.ts';
import { ABOVE_SAFE, errorOf, valueOf } from './support.mts';

describe('whole numbers', () => {
	const type: ValueType = { kind: 'integer', min: 0n, max: 128n, as: 'text' };

	test.each<[unknown, string]>([
		[38, '38'],
		['38', '38'],
		[' 38 ', '38'],
		['038', '38'],
		[38n, '38'],
		[0, '0'],
		['-0', '0'],
		[128, '128'],
		['128', '128'],
	])('%p is sent as %j', (value, digits) => expect(valueOf(type, value)).toBe(digits));

	test.each<[unknown, RegExp]>([
		[129, /from 0 to 128/],
		['129', /from 0 to 128/],
		[-1, /from 0 to 128/],
		['-1', /from 0 to 128/],
		[1.5, /whole number/],
		['1.5', /from 0 to 128, not "1.5"/],
		['1e2', /written in digits/],
		['abc', /written in digits/],
		['٣', /written in digits/],
		[true, /not true/],
		[[1], /a list/],
		[{}, /an object/],
		[new Date(), /a date/],
		[Number.NaN, /whole number|finite/],
		[Number.POSITIVE_INFINITY, /whole number|finite/],
		[ABOVE_SAFE, /lost digits|from 0 to 128/],
	])('%p is refused', (value, says) => expect(errorOf(type, value)).toMatch(says));

	test('64 bits as text or bare digits; as a JSON number only what it can hold', () => {
		const wide = { kind: 'integer', min: 1n, max: 18_446_744_073_709_551_615n } as const;
		expect(valueOf({ ...wide, as: 'text' }, '18446744073709551615')).toBe('18446744073709551615');
		expect(valueOf({ ...wide, as: 'bare' }, '9007199254740993')).toBe('9007199254740993');
		expect(errorOf({ ...wide, as: 'text' }, '18446744073709551616')).toMatch(
			/from 1 to 18446744073709551615/,
		);
		expect(errorOf({ ...wide, as: 'text' }, ABOVE_SAFE)).toMatch(/already lost digits/);
		expect(valueOf({ ...wide, as: 'number' }, '9007199254740991')).toBe(9_007_199_254_740_991);
		expect(errorOf({ ...wide, as: 'number' }, '9007199254740993')).toMatch(/digits/);
	});

	test('any safe integer in range arrives as it was', () => {
		fc.assert(
			fc.property(fc.maxSafeInteger(), (number) => {
				for (const value of [number, String(number), BigInt(number)])
					expect(valueOf({ kind: 'integer', as: 'text' }, value)).toBe(String(BigInt(number)));
			}),
		);
	});

	test('a table may explain what a fraction most likely is', () => {
		const explain = (text: string) => `is ${text} whole ones`;
		expect(errorOf(type, 1.5, { explain })).toBe('is 1.5 whole ones');
		expect(errorOf(type, 1.5, { explain: () => undefined })).toMatch(/^must be a whole number/);
	});

	test('a table may explain what the text most likely is', () => {
		expect(errorOf(type, '12-34', { explain: (text: string) => `looks like ${text}` })).toBe(
			'looks like 12-34',
		);
	});
});

describe('decimals', () => {
	const type: ValueType = { kind: 'decimal', min: 0, as: 'number' };
	test.each<[unknown, number]>([
		[1.5, 1.5],
		['1999.90', 1999.9],
		[' 0 ', 0],
		[5n, 5],
		['0.1', 0.1],
		['999999999999999', 999_999_999_999_999],
	])('%p is %d', (value, number) => expect(valueOf(type, value)).toBe(number));
	test.each<[unknown, RegExp]>([
		['1,5', /point and no spaces: 1\.5, not "1,5"/],
		['1.', /must be a number/],
		['1e3', /must be a number/],
		['1 000', /point and no spaces: 1000, not/],
		[-1, /at least 0/],
		['12345678901234567', /more digits/],
		[ABOVE_SAFE, /lost digits/],
		[Number.NaN, /finite/],
		[true, /not true/],
		[{}, /an object/],
	])('%p is refused', (value, says) => expect(errorOf(type, value)).toMatch(says));
});

describe('every branch of a number', () => {
	test('bounds of a whole number in words', () => {
		expect(errorOf({ kind: 'integer', as: 'text', min: 1n, max: 5n }, 6)).toBe(
			'must be a whole number from 1 to 5, not 6',
		);
		expect(errorOf({ kind: 'integer', as: 'text', min: 1n }, 0)).toBe(
			'must be a whole number of at least 1, not 0',
		);
		expect(errorOf({ kind: 'integer', as: 'text', max: 5n }, 6)).toBe(
			'must be a whole number of at most 5, not 6',
		);
		expect(errorOf({ kind: 'integer', as: 'text' }, 'x')).toBe(
			'must be a whole number, written in digits, not "x"',
		);
		expect(errorOf({ kind: 'integer', as: 'text' }, 1.5)).toBe('must be a whole number, not 1.5');
		expect(errorOf({ kind: 'integer', as: 'text' }, true)).toBe('must be a whole number, not true');
		expect(errorOf({ kind: 'integer', as: 'text' }, [1])).toBe('must be a whole number, not a list');
		expect(valueOf({ kind: 'integer', as: 'text' }, -7)).toBe('-7');
	});

	test('an ID keeps its leading zero or is refused', () => {
		const id = { kind: 'integer', as: 'number', isId: true } as const;
		expect(errorOf(id, '0123')).toBe('begins with 0, which a number cannot keep; check the ID');
		expect([valueOf(id, '0'), valueOf(id, '10'), valueOf(id, '1001')]).toEqual([0, 10, 1001]);
		expect(valueOf({ ...id, isId: undefined }, '0123')).toBe(123);
	});

	test('digits of a decimal: fifteen that count, wherever zeros and the point stand', () => {
		const decimal = { kind: 'decimal', as: 'number' } as const;
		for (const text of [
			'123456789012345',
			'-0.00123456789012345',
			'000123456789012.345',
			'12345678901234.5',
			'-123456789012345',
			'00.000123456789012345',
		])
			expect(valueOf(decimal, text)).toBe(Number(text));
		for (const text of ['1234567890123456', '100000000000000.01', '1.000000000000001', '-0.1234567890123456'])
			expect(errorOf(decimal, text)).toBe('has more digits than a JSON number can hold');
		expect(errorOf(decimal, 10n ** 16n)).toBe('has more digits than a JSON number can hold');
		expect(errorOf(decimal, '-1234,50')).toBe(
			'must be written with a point and no spaces: -1234.50, not "-1234,50"',
		);
		for (const text of ['1,2x', 'x1,2', '1,2,3'])
			expect(errorOf(decimal, text)).toBe(`must be a number such as 1999.90, not "${text}"`);
	});
});

describe('numbers as people write them', () => {
	const integer = { kind: 'integer', min: 0n, as: 'text' } as const;
	const decimal = { kind: 'decimal', as: 'number' } as const;

	test('are judged by their value, not by their length', () => {
		for (const text of ['2.00', '2', '002', '+2', ' 2.0 ', 2, 2n]) expect(valueOf(integer, text)).toBe('2');
		for (const text of ['1999.9000', '1999.9', '01999.90', 1999.9])
			expect(valueOf(decimal, text)).toBe(1999.9);
		expect(valueOf(decimal, '1.00000000000000000000')).toBe(1);
		expect(valueOf(decimal, '100000.000000000000')).toBe(100_000);
		expect(valueOf({ kind: 'integer', as: 'number' }, '2.00')).toBe(2);
		// An ID has digits alone.
		expect(errorOf({ ...integer, isId: true }, '2.00')).toMatch(/^must be a whole number of at least 0/);
	});

	test.each([
		['4 299,00', '4299.00'],
		['4\u00a0299,00', '4299.00'],
		['4\u202f299', '4299'],
		["4'299.50", '4299.50'],
		['1,299.00', '1299.00'],
		['1.299,00', '1299.00'],
		['0,5', '0.5'],
		['12,5', '12.5'],
		['1234,500', '1234.500'],
	])('%j gets its remedy: %s', (text, tidy) => {
		expect(errorOf(decimal, text)).toMatch(
			new RegExp(`^must be written with a point and no spaces: ${tidy.replace('.', '\\.')}, not "`),
		);
	});

	test('what may be read in two ways is not guessed', () => {
		expect(errorOf(decimal, '1,299')).toBe(
			'must be written with a point and no spaces, not "1,299", which may be read in two ways: 1.299 or 1299',
		);
		expect(errorOf(decimal, '4299 ₽')).toBe('must be a number such as 1999.90, not "4299 ₽"');
		expect(errorOf(integer, '1.5')).toBe('must be a whole number of at least 0, not "1.5"');
	});

	test('an expression that was not evaluated is called so', () => {
		for (const type of [integer, decimal])
			expect(errorOf(type, '{{ $json.sum }}')).toBe(
				'holds an expression that was not evaluated: "{{ $json.sum }}"; switch the field to Expression',
			);
	});

	test('a BigInt goes out as digits; a million digits are refused at once', () => {
		expect(valueOf({ kind: 'integer', as: 'bare' }, 10n ** 30n)).toBe(`1${'0'.repeat(30)}`);
		const begun = performance.now();
		for (const type of [integer, decimal, { kind: 'time', as: 'isoUtc' }] as const)
			expect(errorOf(type, '9'.repeat(1_000_000))).toMatch(/^(must be|is )/);
		expect(performance.now() - begun).toBeLessThan(1_000);
	});

	test('white space alone is no number', () => {
		expect([valueOf(integer, ' '), valueOf(decimal, '\t')]).toEqual([undefined, undefined]);
	});
});
