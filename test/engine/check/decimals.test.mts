import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import type { ValueType } from '../../../nodes/engine/operation/operation.ts';
import { ABOVE_SAFE, errorOf, valueOf } from './support.mts';

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
