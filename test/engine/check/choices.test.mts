import { describe, expect, test } from '@jest/globals';

import type { ValueType } from '../../../nodes/engine/operation/operation.ts';
import { errorOf, valueOf } from './support.mts';

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
		['1.0', '1'],
		[' 0.00', '0'],
		['01', '1'],
	])('%p is %j', (value, text) => expect(valueOf({ kind: 'choice', values }, value)).toBe(text));
	test.each<[unknown]>([['2'], [2], ['Web'], ['On'], [true], [['0']], [{}], [0.5], ['1.5'], ['1e0'], ['-1']])(
		'%p is refused with the list',
		(value) =>
			expect(errorOf({ kind: 'choice', values }, value)).toMatch(
				/^must be 0 \(Off\), 1 \(On\) or web(, not| and is) /,
			),
	);
	test('true and false only for the 0/1 kind, also as the text that forms and spreadsheets write', () => {
		const given = [true, 'true', 'TRUE', ' True ', false, 'false', 'FALSE', 'False\n'];
		expect(given.map((value) => valueOf({ kind: 'choice', values, toggle: true }, value))).toEqual([
			'1',
			'1',
			'1',
			'1',
			'0',
			'0',
			'0',
			'0',
		]);
		for (const value of ['true', 'FALSE'])
			expect(errorOf({ kind: 'choice', values }, value)).toMatch(/^must be 0 \(Off\), 1 \(On\) or web, not/);
		for (const value of ['yes', 'truth', '', 'falsey'])
			expect(errorOf({ kind: 'choice', values, toggle: true }, value)).toMatch(/^must be 0 \(Off\)/);
	});
	test('as a JSON number', () => {
		const type = { kind: 'choice', values: values.slice(0, 2), toggle: true, as: 'number' } as const;
		expect(['0', 1, true, false, 1n, 'FALSE', '1.00'].map((value) => valueOf(type, value))).toEqual([
			0, 1, 1, 0, 1, 0, 1,
		]);
		expect(errorOf(type, 2)).toBe('must be 0 (Off) or 1 (On), not 2');
	});
	test('other words for a choice are asked about', () => {
		const paid = { kind: 'choice', values: [{ value: 'PAY', label: 'Paid', also: ['done'] }] } as const;
		for (const given of ['Done', 'PAID', 'pay'])
			expect(errorOf(paid, given)).toBe(`must be PAY (Paid), not "${given}"; did you mean PAY (Paid)?`);
		expect(errorOf(paid, 'ADD')).toBe('must be PAY (Paid), not "ADD"');
	});
	test('booleans', () => {
		expect(
			[true, 'true', ' TRUE', 1, '1', false, 'false', 'False', 0, '0'].map((value) =>
				valueOf({ kind: 'boolean' }, value),
			),
		).toEqual([true, true, true, true, true, false, false, false, false, false]);
		for (const value of ['yes', 2, 'Truth', [], {}])
			expect(errorOf({ kind: 'boolean' }, value)).toMatch(/^must be true or false(, not| and is) /);
	});
});

describe('every branch of a choice', () => {
	test('a choice: open, switched, or one of its values', () => {
		const values = [
			{ value: '0', label: 'No' },
			{ value: '1', label: 'Yes' },
		];
		const choice = { kind: 'choice', values } as unknown as Extract<ValueType, { kind: 'choice' }>;
		expect(valueOf({ ...choice, open: true }, 'other')).toBe('other');
		const short = { is: /^.{1,5}$/, description: 'at most five characters' };
		expect(valueOf({ ...choice, open: short }, 'other')).toBe('other');
		expect(errorOf({ ...choice, open: short }, 'others')).toBe(
			'must be at most five characters, not "others"',
		);
		expect(valueOf({ ...choice, toggle: true }, true)).toBe('1');
		expect(errorOf({ ...choice, toggle: true }, 'yes')).toBe(
			'must be 0 (No) or 1 (Yes), not "yes"; did you mean 1 (Yes)?',
		);
		expect(errorOf(choice, true)).toBe('must be 0 (No) or 1 (Yes), not true');
	});
});

test('the values are told with their labels, and what was meant', () => {
	const gender: ValueType = {
		kind: 'choice',
		values: [
			{ value: '0', label: 'Unknown' },
			{ value: '1', label: 'Man' },
			{ value: '2', label: 'Woman' },
		],
	};
	expect(errorOf(gender, 'ж')).toBe('must be 0 (Unknown), 1 (Man) or 2 (Woman), not "ж"');
	expect(errorOf(gender, 'woman')).toBe(
		'must be 0 (Unknown), 1 (Man) or 2 (Woman), not "woman"; did you mean 2 (Woman)?',
	);
	const os: ValueType = {
		kind: 'choice',
		values: [
			{ value: 'ios', label: 'iOS' },
			{ value: 'android', label: 'Android' },
		],
	};
	expect(errorOf(os, 'Android ')).toBe('must be ios or android, not "Android "; did you mean android?');
	expect(errorOf(os, '{{ $json.os }}')).toBe(
		'holds an expression that was not evaluated: "{{ $json.os }}"; switch the field to Expression',
	);
});

test('an open choice is a text: as a name it must name something', () => {
	const type: ValueType = { kind: 'choice', values: [{ value: 'a', label: 'A' }], open: true };
	expect(errorOf(type, 'undefined', { role: 'name' })).toMatch(/^is the text 'undefined'/);
	expect(valueOf(type, ' ', { role: 'name' })).toBeUndefined();
	expect(valueOf(type, 'b', { role: 'name' })).toBe('b');
});
