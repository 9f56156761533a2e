import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { DateTime } from 'luxon';

import type { ValueType } from '../../../nodes/engine/operation/operation.ts';
import { ABOVE_SAFE, errorOf, valueOf } from './support.mts';

const type: ValueType = { kind: 'attributes' };

describe('attributes', () => {
	test.each<[string, unknown, string]>([
		[
			'an object',
			{ plan: 'pro', visits: 3, vip: true, debt: -1 },
			'{"plan":"pro","visits":3,"vip":true,"debt":-1}',
		],
		['its JSON text', '{ "plan" : "pro", "visits": 3 }', '{"plan":"pro","visits":3}'],
		[
			'rows',
			[
				{ name: 'plan', value: 'pro' },
				{ name: 'visits', value: 3 },
			],
			'{"plan":"pro","visits":3}',
		],
		['a row says number', [{ name: 'n', type: 'number', value: '1234' }], '{"n":1234}'],
		['a row says number, below zero', [{ name: 'n', type: 'number', value: '-1' }], '{"n":-1}'],
		['a row says true or false', [{ name: 'b', type: 'boolean', value: 'true' }], '{"b":true}'],
		['a row says text', [{ name: 't', type: 'text', value: 7 }], '{"t":"7"}'],
		['a row says text of a boolean', [{ name: 't', type: 'text', value: false }], '{"t":"false"}'],
		['a row as given', [{ name: 't', type: 'asGiven', value: '7' }], '{"t":"7"}'],
		['0 and false are values', { n: 0, b: false }, '{"n":0,"b":false}'],
		['digits of any length', { n: 9007199254740993n }, '{"n":9007199254740993}'],
		[
			'a date',
			{ at: DateTime.fromISO('2026-11-22T09:00:00Z', { zone: 'utc' }) },
			'{"at":"2026-11-22T09:00:00.000Z"}',
		],
		['a name of JavaScript', JSON.parse('{"__proto__":"x"}'), '{"__proto__":"x"}'],
	])('%s', (_, given, text) => expect(valueOf(type, given)).toBe(text));

	test('what has no value is left out and told', () => {
		const dropped: string[] = [];
		expect(valueOf(type, { a: null, b: '', c: undefined, d: 1 }, { dropped })).toBe('{"d":1}');
		expect(dropped).toEqual(['a', 'b', 'c']);
		for (const nothing of [{}, { a: null }, [], 'null', '{}', [{ name: 'a', value: '' }]])
			expect(valueOf(type, nothing)).toBeUndefined();
	});

	test.each<[string, unknown, RegExp]>([
		['nested', { a: { b: 1 } }, /under 'a' that must be text, a number, or true or false, not an object/],
		['a list', { a: [1] }, /under 'a' .* not a list/],
		['lost digits', { a: ABOVE_SAFE }, /under 'a' that .*lost digits/],
		['no finite number', { a: Number.NaN }, /finite/],
		[
			'a row that is no number',
			[{ name: 'n', type: 'number', value: 'x' }],
			/under 'n' that must be a number/,
		],
		[
			'a row that is no boolean',
			[{ name: 'b', type: 'boolean', value: 'yes' }],
			/under 'b' that must be true or false/,
		],
		[
			'twice',
			[
				{ name: 'a', value: 1 },
				{ name: 'a', value: 2 },
			],
			/names 'a' twice/,
		],
		['no name', [{ name: '', value: 1 }], /value without a name/],
		['a name that has no text', [{ name: { toString: null }, value: 1 }], /value without a name/],
		['a list with a hole', new Array(1), /object/],
		['no JSON', '{', /JSON/],
		['a list of texts', ['a'], /object/],
		['a number', 5, /object/],
		['true', true, /object/],
	])('%s is refused', (_, given, says) => expect(errorOf(type, given)).toMatch(says));

	test('single values come back as they were', () => {
		const single = fc.oneof(
			fc.string({ minLength: 1, unit: 'grapheme' }),
			fc.maxSafeInteger(),
			fc.boolean(),
			fc
				.double({ noNaN: true, noDefaultInfinity: true, min: -1e9, max: 1e9 })
				.filter((n) => !Object.is(n, -0)),
		);
		fc.assert(
			fc.property(fc.dictionary(fc.string({ minLength: 1 }), single, { minKeys: 1 }), (given) => {
				expect(JSON.parse(valueOf(type, given) as string)).toEqual({ ...given });
			}),
		);
	});
});
