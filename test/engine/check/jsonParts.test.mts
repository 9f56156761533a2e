import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { isLarge, jsonParts } from '../../../nodes/engine/check/jsonParts.ts';

const written = (value: unknown, atOnce?: number): string => [...jsonParts(value, atOnce)].join('');

describe('JSON in parts', () => {
	it('is what JSON.stringify writes, however small the parts are', () => {
		fc.assert(
			fc.property(
				fc.anything({ maxDepth: 5, withDate: true, withNullPrototype: true, withSparseArray: true }),
				fc.integer({ min: 2, max: 12 }),
				(value, atOnce) => {
					expect(written(value, atOnce)).toBe(JSON.stringify(value) ?? '');
				},
			),
		);
	});

	it.each<[string, unknown]>([
		['nothing in a list', [undefined, () => 1, Symbol('a'), [undefined], null]],
		['nothing in an object', { a: undefined, b: () => 1, c: { d: undefined }, e: 1 }],
		['only nothing in an object', { a: undefined, b: undefined }],
		['empty lists and objects', [[], {}, [[]], [{}]]],
		['names of numbers', { 10: 'a', 2: 'b', x: 'c', 1: 'd' }],
		['a name that sets the prototype', JSON.parse('{"__proto__":{"a":1},"b":[{"__proto__":2}]}')],
		['an object that says what it is in JSON', { a: [{ toJSON: () => ({ b: [1, 2, 3] }) }, new Date(0)] }],
		['quotes, line breaks and halves of characters', ['"\\\n', '\ud800', 'Ж', { '"': '\u2028' }]],
		['a text', 'text'],
		['a number that JSON does not know', Number.NaN],
		['nothing', undefined],
	])('writes %s as JSON.stringify does', (_, value) => {
		for (let atOnce = 2; atOnce < 10; atOnce++)
			expect(written(value, atOnce)).toBe(JSON.stringify(value) ?? '');
	});

	it('holds at most twice as many members in a part as are written at once', () => {
		const values = fc.anything({ values: [fc.constant(0)], maxDepth: 6, maxKeys: 20, key: fc.string() });
		fc.assert(
			fc.property(fc.array(values, { maxLength: 40 }), fc.integer({ min: 2, max: 12 }), (value, atOnce) => {
				for (const whole of [value, { ...value }])
					for (const part of jsonParts(whole, atOnce))
						expect(part.replace(/"(?:[^"\\]|\\.)*"/g, '').split('0').length - 1).toBeLessThanOrEqual(
							2 * atOnce,
						);
			}),
		);
	});

	it('looks at no more members than it takes to find a value large', () => {
		let looks = 0;
		const row = () => ({
			get at() {
				looks++;
				return 0;
			},
		});
		const rows = Array.from({ length: 1_000 }, row);
		const deep = [rows, { rows }, Object.fromEntries(rows.map((one, at) => [`name ${at}`, one]))];
		for (const value of [...deep, deep]) {
			looks = 0;
			expect(isLarge(value, 100)).toBe(true);
			expect(looks).toBeLessThan(101);
		}
	});

	it('keeps parts small', () => {
		const rows = Array.from({ length: 50_000 }, (_, row) => ({ row, tags: ['a', 'b'] }));
		const object = Object.fromEntries(rows.map(({ row }) => [`name ${row}`, row]));
		const value = { rows, deep: [{ object }], last: 1 };
		const parts = [...jsonParts(value)];
		expect(parts.join('')).toBe(JSON.stringify(value));
		expect(Math.max(...parts.map((part) => part.length))).toBeLessThan(JSON.stringify(value).length / 5);
	});

	it('cuts a long text between its characters', () => {
		const value = {
			text: 'a😀"\\\n'.repeat(300_000),
			last: [`${'x'.repeat(999_999)}😀${'y'.repeat(2_000_000)}`],
		};
		const parts = [...jsonParts(value)];
		expect(parts.join('') === JSON.stringify(value)).toBe(true);
		expect(parts.length).toBeGreaterThan(5);
		const lone = `${'x'.repeat(999_999)}\ud83d${'y'.repeat(1_000_000)}\ude00`;
		expect(written(lone) === JSON.stringify(lone)).toBe(true);
	});

	it('throws where JSON.stringify does', () => {
		const own: Record<string, unknown> = { a: 1 };
		own.own = own;
		own.again = [own, own];
		for (const atOnce of [2, 3, undefined]) {
			expect(() => written(own, atOnce)).toThrow(TypeError);
			expect(() => written([1, [2n]], atOnce)).toThrow(TypeError);
		}
	});

	it('takes a value for large by its members at any depth', () => {
		expect(isLarge({ a: [[{ b: Array.from({ length: 30_000 }, () => 0) }]] })).toBe(true);
		expect(isLarge({ a: 'x'.repeat(100_000), b: [1, 2, 3] })).toBe(false);
		expect(isLarge({ a: ['x'.repeat(1_000_001)] })).toBe(true);
	});
});
