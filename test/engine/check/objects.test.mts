import vm from 'node:vm';

import { expect, test } from '@jest/globals';
import { DateTime } from 'luxon';

import { isAbsent, isBlank, isPlainObject, textOf, without } from '../../../nodes/engine/check/objects.ts';

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

test('the text of a value; an object that JSON made so that it has none is empty', () => {
	expect(['x', 5, 7n, true, null, undefined, [1, 'a']].map(textOf)).toEqual([
		'x',
		'5',
		'7',
		'true',
		'null',
		'undefined',
		'1,a',
	]);
	for (const json of ['{"toString": null}', '[{"toString": 1, "valueOf": 2}]'])
		expect(textOf(JSON.parse(json))).toBe('');
	expect(textOf(Object.create(null))).toBe('');
});

test('an object of names and values is told from what only looks like one', () => {
	const other = vm.runInNewContext(
		'({ plain: { a: 1 }, map: new Map(), date: new Date(0), list: [] })',
	) as Record<string, unknown>;
	for (const value of [{}, { a: 1 }, Object.create(null), other.plain, new (class A {})()])
		expect(isPlainObject(value)).toBe(true);
	for (const value of [
		null,
		undefined,
		1,
		'x',
		[],
		new Date(0),
		DateTime.now(),
		new Map(),
		new Set(),
		new WeakMap(),
		/x/,
		new Uint8Array(1),
		Promise.resolve(),
		() => 1,
		other.map,
		other.date,
		other.list,
	])
		expect([String(value), isPlainObject(value)]).toEqual([String(value), false]);
});

test('blank is absent or white space alone', () => {
	expect(['', ' ', '\t\r\n', '\u00a0', null, undefined].every(isBlank)).toBe(true);
	expect([0, false, [], {}, 'a'].some(isBlank)).toBe(false);
});
