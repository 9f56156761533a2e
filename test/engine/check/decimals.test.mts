import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import type { ValueType } from '../../../nodes/engine/operation/operation.ts';
import { ABOVE_SAFE, errorOf, valueOf, warningsOf } from './support.mts';

describe('decimals in plain notation', () => {
	const type: ValueType = { kind: 'decimal', as: 'text', places: { before: 10, after: 8 } };

	test.each<[unknown, string]>([
		[0, '0'],
		[-0, '0'],
		['-0.00', '0'],
		['0.0001', '0.0001'],
		[0.0001, '0.0001'],
		[1e-7, '0.0000001'],
		[-1.5e-7, '-0.00000015'],
		[1e-8, '0.00000001'],
		['1999.9000', '1999.9'],
		['2.00', '2'],
		['+007.50', '7.5'],
		[' 12 ', '12'],
		[5n, '5'],
		[9999999999, '9999999999'],
		['9999999999.99999999', '9999999999.99999999'],
		['-9999999999.99999999', '-9999999999.99999999'],
		['00000000000001.000000000000', '1'],
	])('%p is sent as %j', (value, text) => expect(valueOf(type, value)).toBe(text));

	test.each<[unknown, RegExp]>([
		['10000000000', /^may have at most 10 digits before the point and has 11$/],
		[10000000000, /10 digits before the point and has 11/],
		['0.000000001', /^may have at most 8 digits after the point and has 9; round it/],
		[1e-9, /8 digits after the point and has 9/],
		[0.1 + 0.2, /8 digits after the point and has 17; round it, for example with \.round\(2\)/],
		['1e-7', /number/],
		['1,5', /point/],
		['.5', /number/],
		['5.', /number/],

		['abc', /number/],
		['1 000', /a point and no spaces: 1000/],
		['٣', /number/],
		['1'.repeat(101), /number/],
		[ABOVE_SAFE, /lost digits/],
		[1e21, /lost digits/],
		[Number.NaN, /finite/],
		[Number.POSITIVE_INFINITY, /finite/],
		[true, /number/],
		[{}, /number/],
		[[1], /number/],
	])('%p is refused', (value, says) => expect(errorOf(type, value)).toMatch(says));

	test('without places any number of digits passes; a least value holds', () => {
		expect(valueOf({ kind: 'decimal', as: 'text' }, '123456789012.123456789')).toBe('123456789012.123456789');
		expect(errorOf({ kind: 'decimal', as: 'text', min: 0 }, '-0.01')).toMatch(/^must be at least 0/);
		expect(valueOf({ kind: 'decimal', as: 'text', min: 0 }, '-0')).toBe('0');
	});

	test('no exponent ever leaves, and the value stays the same', () => {
		const free: ValueType = { kind: 'decimal', as: 'text' };
		fc.assert(
			fc.property(
				fc
					.double({ min: -1e15, max: 1e15, noNaN: true })
					.filter((number) => number === 0 || Math.abs(number) > 1e-80),
				(number) => {
					const text = valueOf(free, number) as string;
					expect(text).toMatch(/^-?\d+(\.\d*[1-9])?$/);
					expect(Number(text)).toBe(number === 0 ? 0 : number);
				},
			),
		);
	});

	test('digits of a text are never changed', () => {
		const digits = (max: number) => fc.stringMatching(new RegExp(`^[0-9]{1,${max}}$`));
		fc.assert(
			fc.property(digits(10), digits(8), (whole, fraction) => {
				const [left = '', right = ''] = String(valueOf(type, `${whole}.${fraction}`)).split('.');
				expect(left.padStart(whole.length, '0')).toBe(whole);
				expect(right.padEnd(fraction.length, '0')).toBe(fraction);
			}),
		);
	});
});

describe('bounds, as text and as a JSON number', () => {
	const types = (bounds: Partial<Extract<ValueType, { kind: 'decimal' }>>): ValueType[] =>
		(['text', 'number'] as const).map((as) => ({ kind: 'decimal', as, ...bounds }));

	test('above a value: the value itself is too small', () => {
		for (const type of types({ above: 0 })) {
			for (const given of [0, '0', '0.00', '-0', -0.01, '-1'])
				expect(errorOf(type, given)).toMatch(/^must be above 0, not /);
			expect(Number(valueOf(type, '0.0001'))).toBe(0.0001);
		}
	});

	test('at most a value', () => {
		for (const type of types({ max: 100 })) {
			expect(errorOf(type, '100.01')).toBe('must be at most 100, not "100.01"');
			expect(Number(valueOf(type, 100))).toBe(100);
		}
	});

	test('digits after the point alone; before it any number', () => {
		for (const type of types({ places: { after: 4 } })) {
			expect(Number(valueOf(type, '12345678901.1234'))).toBe(12345678901.1234);
			expect(Number(valueOf(type, '1.12340000'))).toBe(1.1234);
			for (const given of ['1.12345', 1.12345])
				expect(errorOf(type, given)).toMatch(
					/^may have at most 4 digits after the point and has 5; round it/,
				);
			expect(errorOf(type, 1e-7)).toMatch(/has 7/);
		}
	});
});

describe('amounts of money', () => {
	const money = (as: 'text' | 'number'): ValueType => ({ kind: 'decimal', as, money: true });

	test.each([
		[0.1 + 0.2, '0.3'],
		[39.9 * 3, '119.7'],
		[4.35 * 100, '435'],
		[1.1 * 1.1, '1.21'],
		[-(0.1 + 0.2), '-0.3'],
	])('%p is sent as %s, and said', (value, sent) => {
		expect(valueOf(money('text'), value)).toBe(sent);
		expect(valueOf(money('number'), value)).toBe(Number(sent));
		expect(warningsOf(money('number'), value)).toEqual([
			expect.stringContaining(`which binary arithmetic makes of decimals; ${sent} was sent`),
		]);
	});

	test('what a number holds exactly, and every text, stays as it is', () => {
		const cents = fc.integer({ min: -999_999_999_999, max: 999_999_999_999 }).map((count) => count / 100);
		fc.assert(
			fc.property(cents, (amount) => {
				expect(valueOf(money('number'), amount)).toBe(amount);
				expect(valueOf(money('number'), String(amount))).toBe(amount);
				expect(warningsOf(money('number'), amount)).toEqual([]);
			}),
		);
		expect(valueOf(money('text'), '0.30000000000000004')).toBe('0.30000000000000004');
		expect(errorOf(money('number'), '0.30000000000000004')).toMatch(
			/more digits than a JSON number can hold/,
		);
		expect(errorOf(money('number'), Number.NaN)).toMatch(/finite/);
	});

	test('a sum of cents is never sent with an artefact', () => {
		const prices = fc.array(fc.integer({ min: 1, max: 9_999_999 }), { minLength: 2, maxLength: 30 });
		fc.assert(
			fc.property(prices, (counts) => {
				const sum = counts.reduce((total, count) => total + count / 100, 0);
				const exact = counts.reduce((total, count) => total + count, 0) / 100;
				expect(valueOf(money('number'), sum)).toBe(exact);
			}),
		);
	});
});
