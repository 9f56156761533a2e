import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { DateTime } from 'luxon';

import type { ValueType } from '../../../nodes/engine/operation/operation.ts';
import { freeValueError, toJsonText } from '../../../nodes/engine/check/freeValue.ts';
import { unfold } from '../../../nodes/engine/check/json.ts';
import { ABOVE_SAFE, errorOf, NOW, valueOf, warningsOf } from './support.mts';

describe('objects and lists', () => {
	test('an object or its JSON text', () => {
		expect(valueOf({ kind: 'json', as: 'object' }, { a: [1] })).toEqual({ a: [1] });
		expect(valueOf({ kind: 'json', as: 'object' }, '{"a":[1]}')).toEqual({ a: [1] });
		expect(valueOf({ kind: 'json', as: 'text' }, { a: 'ж"\n' })).toBe('{"a":"ж\\"\\n"}');
		expect(valueOf({ kind: 'json', as: 'text' }, '{ "a": 1 }')).toBe('{"a":1}');
	});

	test('long numbers inside JSON text arrive digit for digit', () => {
		const text = '{"id":18446744073709551615}';
		expect(valueOf({ kind: 'json', as: 'text' }, text)).toBe(text);
		expect(valueOf({ kind: 'json', as: 'text' }, { id: 18_446_744_073_709_551_615n })).toBe(text);
		expect(valueOf({ kind: 'json', as: 'object' }, text)).toEqual({ id: 18_446_744_073_709_551_615n });
	});

	test.each<[unknown, RegExp]>([
		['{', /not JSON/],
		['text', /not JSON/],
		['[1]', /must be an object, not a list/],
		['"x"', /must be an object, not text/],
		[[1], /must be an object, not a list/],
		[5, /must be an object, not a number/],
		[Number.NaN, /must be an object, not a number that is not finite/],
		[{ a: ABOVE_SAFE }, /lost digits/],
		[{ a: [{ b: Number.NaN }] }, /not finite/],
		[new Date(), /must be an object, not a date/],
	])('%p is no object', (value, says) => expect(errorOf({ kind: 'json', as: 'text' }, value)).toMatch(says));

	test('what is nested too deep or holds itself is refused, not followed for ever', () => {
		const ring: Record<string, unknown> = {};
		ring.self = ring;
		expect(errorOf({ kind: 'json', as: 'text' }, ring)).toMatch(/nested more than/);
		const nested = (levels: number): unknown => (levels === 1 ? { a: 1 } : { a: nested(levels - 1) });
		expect(freeValueError(nested(100))).toBeUndefined();
		expect(freeValueError(nested(101))).toBe('is nested more than 100 levels deep');
	});

	test('lists of texts', () => {
		expect(valueOf({ kind: 'texts' }, ['a', '', null, 5])).toEqual(['a', '5']);
		expect(valueOf({ kind: 'texts' }, '["a"]')).toEqual(['a']);
		expect(valueOf({ kind: 'texts' }, 'a')).toEqual(['a']);
		expect(errorOf({ kind: 'texts', max: 2 }, ['a', 'bcd'])).toMatch(/entry 1 may have at most 2/);
		expect(errorOf({ kind: 'texts' }, [{}])).toMatch(/entry 0 must be text/);
		expect(errorOf({ kind: 'texts' }, {})).toMatch(/list of texts/);
	});

	test('objects and lists with fields of their own come as they are or as JSON text', () => {
		expect(valueOf({ kind: 'object', fields: [] }, '{"a":1}')).toEqual({ a: 1 });
		expect(errorOf({ kind: 'object', fields: [] }, '[1]')).toMatch(/must be an object, not a list/);
		expect(valueOf({ kind: 'list', of: [] }, '[{"a":1}]')).toEqual([{ a: 1 }]);
		expect(errorOf({ kind: 'list', of: [] }, { a: 1 })).toMatch(/must be a list/);
		expect(errorOf({ kind: 'list', of: [] }, 'x')).toMatch(/must be a list/);
	});

	test('BigInt inside is written as digits, anything else as JSON.stringify does', () => {
		fc.assert(fc.property(fc.jsonValue(), (value) => expect(toJsonText(value)).toBe(JSON.stringify(value))));
		expect(toJsonText({ a: [1n, undefined, { b: 2n, c: undefined }] })).toBe('{"a":[1,null,{"b":2}]}');
	});
});

describe('every branch of JSON', () => {
	test('freeValueError and BigInt look at every member, not at the first alone', () => {
		const json = { kind: 'json', as: 'text' } as const;
		expect(errorOf(json, { a: 1, b: { c: ['x', ABOVE_SAFE] } })).toMatch(
			/^holds at "b\.c\[1\]" a value that/,
		);
		expect(valueOf(json, { a: 1, b: null, c: 10n ** 20n, d: 'x' })).toBe(
			'{"a":1,"b":null,"c":100000000000000000000,"d":"x"}',
		);
		expect(valueOf(json, '{"a":\t1e2,\r\n"b": 1}')).toBe('{"a":1e2,"b":1}');
		expect(errorOf(json, NOW)).toBe('must be an object, not a number');
		expect(errorOf(json, new Date(NOW))).toBe('must be an object, not a date');
		expect(errorOf(json, DateTime.fromMillis(NOW))).toBe('must be an object, not a date');
	});
});

describe('JSON text that is given as text', () => {
	const text: ValueType = { kind: 'json', as: 'text' };

	test('travels as it is written, white space between tokens aside', () => {
		const page = '{"key":"value_1", "key":"value_2"}';
		expect(valueOf(text, page)).toBe('{"key":"value_1","key":"value_2"}');
		expect(valueOf(text, '{ "a" : 499.0 ,\n\t"b": 1E3, "c": "\\u0416 \\/ x" }')).toBe(
			'{"a":499.0,"b":1E3,"c":"\\u0416 \\/ x"}',
		);
		expect(valueOf(text, '{"id": 1234567890123456789, "x": 0.10}')).toBe(
			'{"id":1234567890123456789,"x":0.10}',
		);
		fc.assert(
			fc.property(fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue()), (object) => {
				for (const space of [undefined, 1, '\t', '\r\n'.slice(0, 1)])
					expect(valueOf(text, JSON.stringify(object, null, space))).toBe(JSON.stringify(object));
			}),
		);
	});

	test('is left as it is where there is nothing to leave out, also 16 MB of it, in time', () => {
		const large = `{"a":"${'\\"x '.repeat(4_000_000)}", "b": [1, 2]}`;
		const begun = performance.now();
		expect(valueOf(text, large)).toBe(large.replace(', "b": [1, 2]', ',"b":[1,2]'));
		expect(performance.now() - begun).toBeLessThan(2_000);
	});

	test.each<[unknown]>([['null'], [' null\n'], [' '], [null]])('%j is no value', (value) => {
		for (const type of [
			text,
			{ kind: 'json', as: 'object' },
			{ kind: 'object', fields: [] },
			{ kind: 'list', of: [] },
			{ kind: 'texts' },
			{ kind: 'map', name: { min: 1 }, value: { min: 1 } },
		] as ValueType[])
			if (value !== null) expect([type.kind, valueOf(type, value)]).toEqual([type.kind, undefined]);
	});

	test("PHP's [] is an empty object, in every object and map", () => {
		for (const empty of [[], '[]', ' [ ] ']) {
			expect(valueOf(text, empty)).toBe('{}');
			expect(valueOf({ kind: 'json', as: 'object' }, empty)).toEqual({});
			expect(valueOf({ kind: 'object', fields: [] }, empty)).toEqual({});
			expect(valueOf({ kind: 'map', name: { min: 1 }, value: { min: 1 } }, empty)).toBeUndefined();
			expect(valueOf({ kind: 'list', of: [] }, empty)).toEqual([]);
			expect(valueOf({ kind: 'texts' }, empty)).toEqual([]);
		}
	});

	test.each<[unknown, string]>([
		[
			'{"a":1,}',
			'must be an object or its JSON text, and this text is not JSON: a name in double quotes is missing at character 8, before "}"',
		],
		[
			'{"a":',
			'must be an object or its JSON text, and this text is not JSON: a value is missing at character 6, where the text ends',
		],
		[
			'{"mail":"ann@example.com",}',
			'must be an object or its JSON text, and this text is not JSON: a name in double quotes is missing at character 27',
		],
		[
			'[object Object]',
			"holds the text '[object Object]': an expression has put an object into a text; choose one of its fields, or write it with JSON.stringify()",
		],
		['{} {"a":1}', 'begins with {} before the value: "{} {"a":1}"; delete the {} in front of the expression'],
		[
			'{} [object Object]',
			'begins with {} before the value: "{} [object Object]"; delete the {} in front of the expression',
		],
		[
			'{{ $json.a }}',
			'holds an expression that was not evaluated: "{{ $json.a }}"; switch the field to Expression',
		],
		[
			'[1,2]',
			'must be an object, not a list of 2; choose one entry, or use the Split Out node to get one item for each',
		],
		[
			[1, 2],
			'must be an object, not a list of 2; choose one entry, or use the Split Out node to get one item for each',
		],
		['"x"', 'must be an object, not text'],
		['5', 'must be an object, not a number'],
		[new Map([['a', 1]]), 'must be an object, not a Map'],
		[new Set([1]), 'must be an object, not a Set'],
		[() => 1, 'must be an object, not a function'],
		[Symbol('x'), 'must be an object, not a symbol'],
		[Buffer.from('x'), 'must be an object, not binary data'],
		[true, 'must be an object, not a true/false value'],
		[{ a: { b: new Map() } }, 'holds at "a.b" a Map, which JSON cannot carry'],
		[{ a: [new Set()] }, 'holds at "a[0]" a Set, which JSON cannot carry'],
		[{ a: () => 1 }, 'holds at "a" a function, which JSON cannot carry'],
		[{ a: new Uint8Array(2) }, 'holds at "a" binary data, which JSON cannot carry'],
		[{ a: new Date(Number.NaN) }, 'holds at "a" a date that is not valid'],
	])('%p: %s', (value, error) => {
		for (const as of ['text', 'object'] as const)
			expect([as, errorOf({ kind: 'json', as }, value)]).toEqual([as, error]);
		if (typeof value !== 'object' || value instanceof Map || value instanceof Set)
			expect(errorOf({ kind: 'object', fields: [] }, value)).toBe(error);
	});

	test('an expression inside that was not evaluated is said', () => {
		expect(warningsOf(text, { a: { b: '{{ $json.c }}' } })).toEqual([
			'holds at "a.b" an expression that was not evaluated: "{{ $json.c }}"; switch the field to Expression',
		]);
		expect(warningsOf(text, '{"a":"{{ $json.c }}"}')).toHaveLength(1);
		expect(warningsOf(text, '{"a":{"b":{}}}')).toEqual([]);
	});

	test('as an object it loses no digit and no name', () => {
		const object: ValueType = { kind: 'json', as: 'object' };
		expect(toJsonText(valueOf(object, '{"id":12345678901234567890}'))).toBe('{"id":12345678901234567890}');
		expect(errorOf(object, '{"a":1,"a":2}')).toBe('has the name "a" twice');
		expect(errorOf({ kind: 'object', fields: [] }, '{"a":1,"a":2}')).toBe('has the name "a" twice');
	});
});

test('what stands for an object or a list is unfolded; anything else is left for the check to refuse', () => {
	expect([
		unfold('{"a":[1]}'),
		unfold(' [1]'),
		unfold('null'),
		unfold('{"a":1,"a":2}'),
		unfold('{'),
		unfold('5'),
		unfold(5),
	]).toEqual([{ a: [1] }, [1], undefined, '{"a":1,"a":2}', '{', '5', 5]);
});
