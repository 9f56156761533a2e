import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { DateTime } from 'luxon';

import type { Field, ValueType } from '../../../nodes/engine/operation/operation.ts';
import { freeValueError, toJsonText } from '../../../nodes/engine/check/json.ts';
import { isAbsent, without } from '../../../nodes/engine/check/objects.ts';
import { codePoints, hasLoneSurrogate } from '../../../nodes/engine/check/text.ts';
import { checkValue } from '../../../nodes/engine/check/values.ts';
import { row } from '../../support/fakeVendor.mts';

const NOW = Date.parse('2026-11-22T09:00:00Z');
const ABOVE_SAFE = Number.MAX_SAFE_INTEGER + 1;

function check(
	type: ValueType,
	value: unknown,
	more: { zone?: string; dropped?: string[]; explain?: Field['explain'] } = {},
) {
	return checkValue(value, row('field', type, { explain: more.explain }), {
		zone: more.zone ?? 'Europe/Moscow',
		now: NOW,
		onDroppedPair: (name) => more.dropped?.push(name),
	});
}
const valueOf = (type: ValueType, value: unknown, more = {}) => {
	const checked = check(type, value, more);
	if ('error' in checked) throw new Error(checked.error);
	return checked.value;
};
const faultOf = (type: ValueType, value: unknown, more = {}) => {
	const checked = check(type, value, more);
	return 'error' in checked ? checked.error : `no fault: ${String(checked.value)}`;
};

test('absent is undefined, null and the empty text, nothing else', () => {
	expect([undefined, null, ''].every(isAbsent)).toBe(true);
	expect([0, false, ' ', [], {}, Number.NaN].some(isAbsent)).toBe(false);
});

test('an object loses the members named; one that has none of them stays the same object', () => {
	const object = { a: 1, b: 2 };
	expect(without(object, ['a', 'x'])).toEqual({ b: 2 });
	expect(without(object, ['x'])).toBe(object);
	expect(object).toEqual({ a: 1, b: 2 });
});

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
		[true, /must be text and is true or false/],
		[{}, /must be text and is an object/],
		[['a'], /must be text and is a list/],
		[new Date(), /must be text and is a date/],
	])('%p is refused', (value, says) => expect(faultOf(type, value)).toMatch(says));

	test('exact and least length, patterns, rewriting', () => {
		expect(faultOf({ kind: 'text', length: 3 }, 'ab')).toMatch(/exactly 3 characters and has 2/);
		expect(faultOf({ kind: 'text', length: 3 }, 'abcd')).toMatch(/exactly 3 characters and has 4/);
		expect(valueOf({ kind: 'text', length: 3 }, '👩👩👩')).toBe('👩👩👩');
		expect(faultOf({ kind: 'text', min: 2, max: 5 }, 'a')).toMatch(/at least 2 characters and has 1/);
		expect(
			faultOf({ kind: 'text', pattern: { is: /^x/, description: 'a text that begins with x' } }, 'y'),
		).toBe('must be a text that begins with x');
		expect(
			valueOf(
				{ kind: 'text', rewrite: (text) => text.toUpperCase(), pattern: { is: /^X/, description: 'X' } },
				'x',
			),
		).toBe('X');
	});
});

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
		['1.5', /written in digits/],
		['1e2', /written in digits/],
		['abc', /written in digits/],
		['٣', /written in digits/],
		[true, /true or false/],
		[[1], /a list/],
		[{}, /an object/],
		[new Date(), /a date/],
		[Number.NaN, /whole number|finite/],
		[Number.POSITIVE_INFINITY, /whole number|finite/],
		[ABOVE_SAFE, /lost digits|from 0 to 128/],
	])('%p is refused', (value, says) => expect(faultOf(type, value)).toMatch(says));

	test('64 bits as text or bare digits; as a JSON number only what it can hold', () => {
		const wide = { kind: 'integer', min: 1n, max: 18_446_744_073_709_551_615n } as const;
		expect(valueOf({ ...wide, as: 'text' }, '18446744073709551615')).toBe('18446744073709551615');
		expect(valueOf({ ...wide, as: 'bare' }, '9007199254740993')).toBe('9007199254740993');
		expect(faultOf({ ...wide, as: 'text' }, '18446744073709551616')).toMatch(
			/from 1 to 18446744073709551615/,
		);
		expect(faultOf({ ...wide, as: 'text' }, ABOVE_SAFE)).toMatch(/already lost digits/);
		expect(valueOf({ ...wide, as: 'number' }, '9007199254740991')).toBe(9_007_199_254_740_991);
		expect(faultOf({ ...wide, as: 'number' }, '9007199254740993')).toMatch(/digits/);
	});

	test('any safe integer in range arrives as it was', () => {
		fc.assert(
			fc.property(fc.maxSafeInteger(), (number) => {
				for (const value of [number, String(number), BigInt(number)])
					expect(valueOf({ kind: 'integer', as: 'text' }, value)).toBe(String(BigInt(number)));
			}),
		);
	});

	test('a table may explain what the text most likely is', () => {
		expect(faultOf(type, '12-34', { explain: (text: string) => `looks like ${text}` })).toBe(
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
		['1,5', /decimal point, not a comma/],
		['1.', /must be a number/],
		['1e3', /must be a number/],
		['', /must be a number/],
		['1 000', /must be a number/],
		[-1, /at least 0/],
		['12345678901234567', /more digits/],
		[ABOVE_SAFE, /lost digits/],
		[Number.NaN, /finite/],
		[true, /true or false/],
		[{}, /an object/],
	])('%p is refused', (value, says) => expect(faultOf(type, value)).toMatch(says));
});

describe('choices', () => {
	const values = [
		{ value: '0', label: 'Off' },
		{ value: '1', label: 'On' },
		{ value: 'web', label: 'Web' },
	];
	test.each<[unknown, string]>([
		['0', '0'],
		[1, '1'],
		['web', 'web'],
		[1n, '1'],
	])('%p is %j', (value, text) => expect(valueOf({ kind: 'choice', values }, value)).toBe(text));
	test.each<[unknown]>([['2'], [2], ['Web'], ['On'], [true], [['0']], [{}], [0.5]])(
		'%p is refused with the list',
		(value) => expect(faultOf({ kind: 'choice', values }, value)).toMatch(/^must be one of 0, 1, web/),
	);
	test('true and false only for the 0/1 kind', () => {
		expect([true, false].map((value) => valueOf({ kind: 'choice', values, toggle: true }, value))).toEqual([
			'1',
			'0',
		]);
	});
	test('booleans', () => {
		expect(
			[true, 'true', 1, '1', false, 'false', 0, '0'].map((value) => valueOf({ kind: 'boolean' }, value)),
		).toEqual([true, true, true, true, false, false, false, false]);
		for (const value of ['yes', 2, 'True', [], {}])
			expect(faultOf({ kind: 'boolean' }, value)).toBe('must be true or false');
	});
});

describe('times', () => {
	const type: ValueType = { kind: 'time', as: 'secondsText' };
	const expected = '1795339800'; // 2026-11-22T09:30:00Z

	test.each<[string, unknown]>([
		['Unix seconds', 1_795_339_800],
		['Unix seconds as text', '1795339800'],
		['Unix seconds with a fraction', 1_795_339_800.9],
		['BigInt', 1_795_339_800n],
		['ISO 8601 with Z', '2026-11-22T09:30:00Z'],
		['ISO 8601 with an offset', '2026-11-22T12:30:00+03:00'],
		['ISO 8601 with milliseconds', '2026-11-22T09:30:00.123Z'],
		["a date without a zone, in the workflow's", '2026-11-22T12:30:00'],
		['with a blank', '2026-11-22 12:30:00'],
		['Date', new Date('2026-11-22T09:30:00Z')],
		['Luxon DateTime', DateTime.fromISO('2026-11-22T09:30:00Z')],
		['Luxon in another zone', DateTime.fromISO('2026-11-22T18:30:00', { zone: 'Asia/Tokyo' })],
		['another copy of Luxon', { toMillis: () => 1_795_339_800_000 }],
	])('%s', (_, value) => expect(valueOf(type, value)).toBe(expected));

	test('a date without a zone is read in the zone given, summer time included', () => {
		expect(valueOf(type, '2026-07-01T12:00:00', { zone: 'Europe/Berlin' })).toBe(
			String(Date.parse('2026-07-01T10:00:00Z') / 1000),
		);
		expect(valueOf(type, '2026-01-01T12:00:00', { zone: 'Europe/Berlin' })).toBe(
			String(Date.parse('2026-01-01T11:00:00Z') / 1000),
		);
		expect(valueOf(type, '2026-07-01', { zone: 'America/New_York' })).toBe(
			String(Date.parse('2026-07-01T04:00:00Z') / 1000),
		);
		expect(valueOf(type, '2026-07-01T12:00:00Z', { zone: 'Europe/Berlin' })).toBe(
			String(Date.parse('2026-07-01T12:00:00Z') / 1000),
		);
	});

	test.each<[unknown, RegExp]>([
		[1_795_339_800_000, /milliseconds/],
		[100_000_000_000, /milliseconds/],
		[-100_000_000_000, /milliseconds/],
		['1795339800000', /milliseconds/],
		[1_795_339_800_000_000n, /milliseconds/],
		['yesterday', /must be a time/],
		['22.11.2026', /must be a time/],
		['2026-13-01', /must be a time/],
		[true, /must be a time/],
		[{}, /must be a time/],
		[[], /must be a time/],
		[new Date(Number.NaN), /must be a time/],
		[DateTime.invalid('x'), /must be a time/],
		[Number.NaN, /finite/],
	])('%p is refused', (value, says) => expect(faultOf(type, value)).toMatch(says));

	test('bounds in seconds', () => {
		const bounded: ValueType = { ...type, min: 946_674_000, max: 4_294_967_295 };
		expect([946_674_000, 4_294_967_295].map((value) => valueOf(bounded, value))).toEqual([
			'946674000',
			'4294967295',
		]);
		for (const value of [946_673_999, 4_294_967_296, '1999-12-31'])
			expect(faultOf(bounded, value)).toMatch(/from 946674000 to 4294967295/);
	});

	test('wire forms', () => {
		expect(valueOf({ kind: 'time', as: 'isoUtc' }, '2026-11-22T12:30:00')).toBe('2026-11-22T09:30:00.000Z');
		expect(valueOf({ kind: 'time', as: 'isoZoned' }, '2026-11-22T12:30:00')).toBe(
			'2026-11-22T12:30:00+03:00',
		);
		for (const text of [
			'2026-11-22T12:30:00+05:00',
			'2026-11-22 12:30:00+05:00',
			'2026-11-22 12:30:00 +05:00',
		]) {
			expect(valueOf({ kind: 'time', as: 'isoZoned' }, text)).toBe('2026-11-22T12:30:00+05:00');
		}
	});
});

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
		// Once parsed they have lost digits, which is the reason given.
		expect(faultOf({ kind: 'json', as: 'object' }, text)).toMatch(/lost digits/);
	});

	test.each<[unknown, RegExp]>([
		['{', /not JSON/],
		['text', /not JSON/],
		['[1]', /must be an object and is a list/],
		['"x"', /must be an object and is text/],
		['null', /must be an object/],
		[[1], /must be an object and is a list/],
		[5, /must be an object and is a number/],
		[Number.NaN, /must be an object and is not a finite number/],
		[{ a: ABOVE_SAFE }, /lost digits/],
		[{ a: [{ b: Number.NaN }] }, /not finite/],
		[new Date(), /must be an object and is a date/],
	])('%p is no object', (value, says) => expect(faultOf({ kind: 'json', as: 'text' }, value)).toMatch(says));

	test('what is nested too deep or holds itself is refused, not followed for ever', () => {
		const ring: Record<string, unknown> = {};
		ring.self = ring;
		expect(faultOf({ kind: 'json', as: 'text' }, ring)).toMatch(/nested more than/);
		const nested = (levels: number): unknown => (levels === 1 ? { a: 1 } : { a: nested(levels - 1) });
		expect(freeValueError(nested(100))).toBeUndefined();
		expect(freeValueError(nested(101))).toBe('is nested more than 100 levels deep');
	});

	test('lists of texts', () => {
		expect(valueOf({ kind: 'texts' }, ['a', '', null, 5])).toEqual(['a', '5']);
		expect(valueOf({ kind: 'texts' }, '["a"]')).toEqual(['a']);
		expect(valueOf({ kind: 'texts' }, 'a')).toEqual(['a']);
		expect(faultOf({ kind: 'texts', max: 2 }, ['a', 'bcd'])).toMatch(/entry 1 may have at most 2/);
		expect(faultOf({ kind: 'texts' }, [{}])).toMatch(/entry 0 must be text/);
		expect(faultOf({ kind: 'texts' }, {})).toMatch(/list of texts/);
	});

	test('objects and lists with fields of their own come as they are or as JSON text', () => {
		expect(valueOf({ kind: 'object', fields: [] }, '{"a":1}')).toEqual({ a: 1 });
		expect(faultOf({ kind: 'object', fields: [] }, '[1]')).toMatch(/must be an object and is a list/);
		expect(valueOf({ kind: 'list', of: [] }, '[{"a":1}]')).toEqual([{ a: 1 }]);
		expect(faultOf({ kind: 'list', of: [] }, { a: 1 })).toMatch(/must be a list/);
		expect(faultOf({ kind: 'list', of: [] }, 'x')).toMatch(/must be a list/);
	});

	test('BigInt inside is written as digits, anything else as JSON.stringify does', () => {
		fc.assert(fc.property(fc.jsonValue(), (value) => expect(toJsonText(value)).toBe(JSON.stringify(value))));
		expect(toJsonText({ a: [1n, undefined, { b: 2n, c: undefined }] })).toBe('{"a":[1,null,{"b":2}]}');
	});
});

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
		[{ abcdef: 'x' }, /name that may have at most 5/],
		[{ a: 'abcdef' }, /value under 'a' that may have at most 5/],
		[{ a: { b: 1 } }, /value under 'a' that must be text and is an object/],
		[{ a: [1] }, /value under 'a' that must be text and is a list/],
		[{ a: ABOVE_SAFE }, /value under 'a' that is a number above/],
		[{ a: Number.NaN }, /not a finite number/],
		['text', /object of names and values/],
		['[1]', /object of names and values/],
		[5, /object of names and values/],
		[[1], /object of names and values/],
	])('%j is refused', (value, says) => expect(faultOf(type, value)).toMatch(says));

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

test('no value of any kind makes a check throw or lose itself', () => {
	const types: ValueType[] = [
		{ kind: 'text', max: 10 },
		{ kind: 'integer', as: 'text' },
		{ kind: 'integer', as: 'number' },
		{ kind: 'decimal', as: 'number' },
		{ kind: 'choice', values: [{ value: 'a', label: 'A' }] },
		{ kind: 'boolean' },
		{ kind: 'time', as: 'secondsText' },
		{ kind: 'json', as: 'object' },
		{ kind: 'json', as: 'text' },
		{ kind: 'texts' },
		{ kind: 'map', name: { min: 1 }, value: { min: 1 } },
		{ kind: 'object', fields: [] },
		{ kind: 'list', of: [] },
	];
	fc.assert(
		fc.property(
			fc.constantFrom(...types),
			fc.anything({
				withBigInt: true,
				withDate: true,
				withMap: true,
				withSet: true,
				withNullPrototype: true,
				withObjectString: true,
			}),
			(type, value) => {
				if (isAbsent(value)) return;
				const checked = check(type, value);
				expect('value' in checked || typeof checked.error === 'string').toBe(true);
			},
		),
		{ numRuns: 2_000 },
	);
});

/** What mutation testing found untested. */
describe('every branch of a value', () => {
	test('freeValueError and BigInt look at every member, not at the first alone', () => {
		const json = { kind: 'json', as: 'text' } as const;
		expect(faultOf(json, { a: 1, b: { c: ['x', ABOVE_SAFE] } })).toMatch(/^holds a value that/);
		expect(valueOf(json, { a: 1, b: null, c: 10n ** 20n, d: 'x' })).toBe(
			'{"a":1,"b":null,"c":100000000000000000000,"d":"x"}',
		);
		expect(valueOf(json, '{"a":\t1e2,\r\n"b": 1}')).toBe('{"a": 1e2,  "b": 1}');
		expect(faultOf(json, NOW)).toBe('must be an object and is a number');
		expect(faultOf(json, new Date(NOW))).toBe('must be an object and is a date');
		expect(faultOf(json, DateTime.fromMillis(NOW))).toBe('must be an object and is a date');
	});

	test('bounds of a whole number in words', () => {
		expect(faultOf({ kind: 'integer', as: 'text', min: 1n, max: 5n }, 6)).toBe(
			'must be a whole number from 1 to 5',
		);
		expect(faultOf({ kind: 'integer', as: 'text', min: 1n }, 0)).toBe('must be a whole number of at least 1');
		expect(faultOf({ kind: 'integer', as: 'text', max: 5n }, 6)).toBe('must be a whole number of at most 5');
		expect(faultOf({ kind: 'integer', as: 'text' }, 'x')).toBe('must be a whole number, written in digits');
		expect(faultOf({ kind: 'integer', as: 'text' }, 1.5)).toBe('must be a whole number');
		expect(faultOf({ kind: 'integer', as: 'text' }, true)).toBe(
			'must be a whole number and is true or false',
		);
		expect(faultOf({ kind: 'integer', as: 'text' }, [1])).toBe('must be a whole number and is a list');
		expect(valueOf({ kind: 'integer', as: 'text' }, -7)).toBe('-7');
	});

	test('an ID keeps its leading zero or is refused', () => {
		const id = { kind: 'integer', as: 'number', isId: true } as const;
		expect(faultOf(id, '0123')).toBe('begins with 0, which a number cannot keep; check the ID');
		expect([valueOf(id, '0'), valueOf(id, '10'), valueOf(id, '1001')]).toEqual([0, 10, 1001]);
		expect(valueOf({ ...id, isId: undefined }, '0123')).toBe(123);
	});

	test('a text exactly at its bounds, one below and one above', () => {
		const text = { kind: 'text', min: 2, max: 3 } as const;
		expect([valueOf(text, 'ab'), valueOf(text, 'abc'), valueOf(text, '👩👩👩')]).toEqual([
			'ab',
			'abc',
			'👩👩👩',
		]);
		expect(faultOf(text, 'a')).toBe('needs at least 2 characters and has 1');
		expect(faultOf(text, 'abcd')).toBe('may have at most 3 characters and has 4');
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
			expect(faultOf(decimal, text)).toBe('has more digits than a JSON number can hold');
		expect(faultOf(decimal, 10n ** 16n)).toBe('has more digits than a JSON number can hold');
		expect(faultOf(decimal, '-1234,50')).toBe('must have a decimal point, not a comma');
		for (const text of ['1,2x', 'x1,2', '1,2,3'])
			expect(faultOf(decimal, text)).toBe('must be a number such as 1999.90');
	});

	test('a choice: open, switched, or one of its values', () => {
		const values = [
			{ value: '0', label: 'No' },
			{ value: '1', label: 'Yes' },
		];
		const choice = { kind: 'choice', values } as unknown as Extract<ValueType, { kind: 'choice' }>;
		expect(valueOf({ ...choice, open: true }, 'other')).toBe('other');
		const short = { is: /^.{1,5}$/, description: 'at most five characters' };
		expect(valueOf({ ...choice, open: short }, 'other')).toBe('other');
		expect(faultOf({ ...choice, open: short }, 'others')).toBe('must be at most five characters');
		expect(valueOf({ ...choice, toggle: true }, true)).toBe('1');
		expect(faultOf({ ...choice, toggle: true }, 'yes')).toBe('must be one of 0, 1');
		expect(faultOf(choice, true)).toBe('must be one of 0, 1 and is true or false');
	});

	test('a time as digits, as text with white space, and as the moment of another luxon', () => {
		const time = { kind: 'time', as: 'isoUtc' } as ValueType;
		const iso = '2026-11-22T09:00:00.000Z';
		for (const value of [
			` ${NOW / 1000} `,
			`${NOW / 1000}.75`,
			' 2026-11-22T12:00:00+03:00 ',
			'2026-11-22 12:00:00',
			new Date(NOW),
			{ toMillis: () => NOW },
			DateTime.fromMillis(NOW, { zone: 'Asia/Tokyo' }),
		]) {
			expect(valueOf(time, value)).toBe(iso);
		}
		for (const value of ['x1763802000', '1763802000x', { toMillis: 1 }, null, true])
			expect(faultOf(time, value)).toMatch(/^must be a time/);
		const zoned = { kind: 'time', as: 'iso' } as unknown as ValueType;
		expect(valueOf(zoned, new Date(NOW))).toBe('2026-11-22T09:00:00Z');
		expect(valueOf(zoned, { toMillis: () => NOW })).toBe('2026-11-22T09:00:00Z');
		expect(valueOf(zoned, NOW / 1000)).toBe('2026-11-22T09:00:00Z');
		expect(valueOf(zoned, '2026-11-22T12:00:00+05:00')).toBe('2026-11-22T12:00:00+05:00');
		expect(valueOf(zoned, DateTime.fromMillis(NOW, { zone: 'Asia/Tokyo' }))).toBe(
			'2026-11-22T18:00:00+09:00',
		);
	});

	test('a map of rows holds rows alone; a moment in it is UTC', () => {
		const map = { kind: 'map', name: {}, value: {} } as unknown as ValueType;
		const wrong = 'must be an object of names and values, or its JSON text';
		expect(faultOf(map, [])).toBe(wrong);
		expect(faultOf(map, [{ name: 'a', value: 'b' }, 'x'])).toBe(wrong);
		expect(faultOf(map, [{ name: 'a', value: 'b', more: 1 }])).toBe(wrong);
		expect(valueOf(map, { at: new Date(NOW), on: true, sum: 1.5 })).toEqual({
			at: '2026-11-22T09:00:00.000Z',
			on: 'true',
			sum: '1.5',
		});
		expect(faultOf(map, { at: new Date(Number.NaN) })).toBe("has a value under 'at' that is no valid date");
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

	test('texts take no number with a fraction; an object is taken as itself', () => {
		expect(faultOf({ kind: 'texts' } as ValueType, ['a', 1.5])).toMatch(
			/^entry 1 is a number with a fraction/,
		);
		expect(valueOf({ kind: 'object', fields: [] } as unknown as ValueType, { a: 1 })).toEqual({ a: 1 });
	});
});
