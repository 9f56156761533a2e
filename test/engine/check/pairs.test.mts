import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import type { ValueType } from '../../../nodes/engine/operation/operation.ts';
import { ABOVE_SAFE, errorOf, NOW, valueOf, warningsOf } from './support.mts';

describe('maps of free names', () => {
	const type: ValueType = { kind: 'map', name: { min: 1, max: 5 }, value: { min: 1, max: 5 } };

	test.each<[unknown, Record<string, string>]>([
		[{ level: '2' }, { level: '2' }],
		['{"level":"2"}', { level: '2' }],
		[[{ name: 'level', value: '2' }], { level: '2' }],
		[
			{ a: 5, b: 1.5, c: true, d: 7n },
			{ a: '5', b: '1.5', c: 'true', d: '7' },
		],
		[{ имя: 'ж"\n' }, { имя: 'ж"\n' }],
	])('%j', (value, pairs) => expect(valueOf(type, value)).toEqual(pairs));

	test('a name such as __proto__ is a name like any other', () => {
		const wide: ValueType = { kind: 'map', name: { min: 1 }, value: { min: 1 } };
		for (const value of [
			JSON.parse('{"__proto__":"x","constructor":"y"}'),
			'{"__proto__":"x","constructor":"y"}',
			[
				{ name: '__proto__', value: 'x' },
				{ name: 'constructor', value: 'y' },
			],
		]) {
			const map = valueOf(wide, value) as object;
			expect(JSON.stringify(map)).toBe('{"__proto__":"x","constructor":"y"}');
			expect(Object.getPrototypeOf(map)).toBe(Object.prototype);
		}
	});

	test('a pair without a value is dropped and named; without any pair there is no map', () => {
		const dropped: string[] = [];
		expect(valueOf(type, { a: '', b: null, c: 'x' }, { dropped })).toEqual({ c: 'x' });
		expect(dropped).toEqual(['a', 'b']);
		expect(valueOf(type, { a: undefined })).toBeUndefined();
		expect(valueOf(type, {})).toBeUndefined();
	});

	test.each<[unknown, RegExp]>([
		[
			[
				{ name: 'a', value: '1' },
				{ name: 'a', value: '2' },
			],
			/names 'a' twice/,
		],
		[[{ name: '', value: '1' }], /value without a name/],
		[[{ value: '1' }], /value without a name/],
		[[{ name: { toString: null }, value: '1' }], /value without a name/],
		[new Array(1), /object/],
		[{ abcdef: 'x' }, /name that may have at most 5/],
		[{ a: 'abcdef' }, /value under 'a' that may have at most 5/],
		[{ a: { b: 1 } }, /value under 'a' that must be text, not an object/],
		[{ a: [1] }, /value under 'a' that must be text, not a list/],
		[{ a: ABOVE_SAFE }, /value under 'a' that is a number above/],
		[{ a: Number.NaN }, /not a finite number/],
		['text', /^must be an object/],
		['[1]', /^must be an object/],
		[5, /^must be an object/],
		[[1], /^must be an object/],
	])('%j is refused', (value, says) => expect(errorOf(type, value)).toMatch(says));

	test('any texts arrive as they were', () => {
		const wide: ValueType = { kind: 'map', name: { min: 1 }, value: { min: 1 } };
		fc.assert(
			fc.property(
				fc.dictionary(
					fc.string({ minLength: 1, unit: 'binary' }),
					fc.string({ minLength: 1, unit: 'binary' }),
					{ minKeys: 1 },
				),
				(map) => {
					expect(valueOf(wide, map)).toEqual({ ...map });
					expect(
						valueOf(
							wide,
							Object.entries(map).map(([name, value]) => ({ name, value })),
						),
					).toEqual({ ...map });
				},
			),
		);
	});
});

describe('every branch of a map', () => {
	test('a map of rows holds rows alone; a moment in it is UTC', () => {
		const map = { kind: 'map', name: {}, value: {} } as unknown as ValueType;
		const wrong = /^must be an object, not a list of \d; choose one entry/;
		expect(valueOf(map, [])).toBeUndefined();
		expect(errorOf(map, [{ name: 'a', value: 'b' }, 'x'])).toMatch(wrong);
		expect(errorOf(map, [{ name: 'a', value: 'b', more: 1 }])).toMatch(wrong);
		expect(valueOf(map, { at: new Date(NOW), on: true, sum: 1.5 })).toEqual({
			at: '2026-11-22T09:00:00.000Z',
			on: 'true',
			sum: '1.5',
		});
		expect(errorOf(map, { at: new Date(Number.NaN) })).toBe(
			"has a value under 'at' that is not a valid date",
		);
		const dropped: string[] = [];
		expect(
			valueOf(
				map,
				[
					{ name: '', value: '' },
					{ name: 'a', value: '' },
				],
				{ dropped },
			),
		).toBeUndefined();
		expect(dropped).toEqual(['a']);
	});
});

describe('values of a map in JSON text', () => {
	const type: ValueType = { kind: 'map', name: { min: 1 }, value: { min: 1 } };

	test('numbers travel with the digits in which they are written', () => {
		expect(valueOf(type, '{"id":12345678901234567890,"sum":499.0}')).toEqual({
			id: '12345678901234567890',
			sum: '499.0',
		});
		expect(valueOf(type, { small: 1e-7 })).toEqual({ small: '0.0000001' });
	});

	test('one name twice is refused in every form', () => {
		expect(errorOf(type, '{"a":"1","a":"2"}')).toBe('has the name "a" twice');
		expect(
			errorOf(type, [
				{ name: 'a', value: '1' },
				{ name: 'a', value: '2' },
			]),
		).toBe("names 'a' twice");
	});

	test('a list, a Map and a Set are told what to do', () => {
		expect(errorOf(type, [{ level: 2 }, { level: 3 }])).toBe(
			'must be an object, not a list of 2; choose one entry, or use the Split Out node to get one item for each',
		);
		expect(errorOf(type, new Map([['a', 1]]))).toBe('must be an object, not a Map');
		expect(errorOf(type, { a: new Set() })).toBe("has a value under 'a' that must be text, not a Set");
	});

	test('slips in names and values are said', () => {
		expect(warningsOf(type, { level: '{{ $json.level }}', x: '[object Object]' })).toEqual([
			'has a value under \'level\' that holds an expression that was not evaluated: "{{ $json.level }}"; switch the field to Expression',
			"has a value under 'x' that holds the text '[object Object]': an expression has put an object into a text; choose one of its fields, or write it with JSON.stringify()",
		]);
	});

	test('names are shown escaped and cut', () => {
		expect(errorOf({ ...type, name: { min: 1, max: 5 } }, { '<img src=x>': '1' })).toBe(
			'has a name that may have at most 5 characters and has 11: "&lt;img src=x&gt;"',
		);
	});
});
