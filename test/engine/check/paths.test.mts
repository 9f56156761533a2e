import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import { compilePaths, stepsOf } from '../../../nodes/engine/check/paths.ts';
import type { Json } from '../../../nodes/engine/operation/operation.ts';
import { row } from '../../support/fakeVendor.mts';

const fields = [
	row('user', {
		kind: 'object',
		fields: [row('attributes', { kind: 'map', name: { min: 1 }, value: { min: 1 } })],
	}),
	row('cart', { kind: 'list', of: [row('id', { kind: 'text' })] }),
	row('params', { kind: 'map', name: { min: 1 }, value: { min: 1 } }),
	row('profile', { kind: 'attributes' }),
	row('a.b', { kind: 'text' }),
	row('name', { kind: 'text' }),
];
const nested = (event: Json) => compilePaths(fields, ['data'])(event).event;

test.each<[string, Array<string | number> | undefined]>([
	['a.b', ['a', 'b']],
	['cart[0][id]', ['cart', 0, 'id']],
	['cart[0].id', ['cart', 0, 'id']],
	['user[first name]', ['user', 'first name']],
	['a', undefined],
	['a.', undefined],
	['.a', undefined],
	['a[]', undefined],
	['a[0', undefined],
	['a..b', undefined],
	['a.__proto__.b', undefined],
	['a[constructor]', undefined],
	[`a.${'b'.repeat(300)}`, undefined],
])('%s', (name, steps) => expect(stepsOf(name)).toEqual(steps));

describe('names written flat', () => {
	test.each<[Json, Json]>([
		[{ 'user.custom': 'a' }, { user: { custom: 'a' } }],
		[{ 'user[custom]': 'a' }, { user: { custom: 'a' } }],
		[{ 'cart[0][id]': 'a', 'cart[0][n]': 1, 'cart[1].id': 'b' }, { cart: [{ id: 'a', n: 1 }, { id: 'b' }] }],
		[{ 'params[level]': '2', 'params.0': 'x' }, { params: { level: '2', 0: 'x' } }],
		[{ 'params[1]': 'x' }, { params: { 1: 'x' } }],
		[{ 'profile[tier]': 'gold', 'profile.0': 1 }, { profile: { tier: 'gold', 0: 1 } }],
		[{ 'data[0].type': 'x' }, { data: [{ type: 'x' }] }],
		[{ user: { uid: 'u' }, 'user.ses': 's' }, { user: { uid: 'u', ses: 's' } }],
		[{ user: '{"uid":"u"}', 'user.ses': 's' }, { user: { uid: 'u', ses: 's' } }],
		[{ user: { 'attributes.tier': 'gold' } }, { user: { attributes: { tier: 'gold' } } }],
		[{ 'user.custom': '', 'cart[0][id]': null }, {}],
	])('%j', (given, wanted) => {
		const before = JSON.stringify(given);
		expect(nested(given)).toEqual(wanted);
		expect(JSON.stringify(given)).toBe(before);
	});

	test.each<[Json]>([
		[{ 'a.b': 'x' }],
		[{ 'name.first': 'x' }],
		[{ 'other.x': 1 }],
		[{ 'user.__proto__.x': 1 }],
	])('%j stays as it is', (given) => expect(nested(given)).toEqual(given));

	test('two spellings of one name must have the same value', () => {
		expect(nested({ user: { uid: 'u' }, 'user.uid': 'u' })).toEqual({ user: { uid: 'u' } });
		for (const event of [
			{ user: { uid: 'u' }, 'user.uid': 'other' },
			{ user: 'text', 'user.uid': 'u' },
			{ cart: { id: 1 }, 'cart[0].id': 'u', 'cart.id': 2 },
		]) {
			expect(compilePaths(fields)(event).issues).toHaveLength(1);
		}
	});

	test('a place in a list beyond all measure is no place', () => {
		expect(compilePaths(fields)({ 'cart[99999].id': 'a' })).toMatchObject({ event: { cart: {} } });
	});

	test('flattened and read again is the same', () => {
		const name = fc.stringMatching(/^[a-z]{1,8}$/).filter((text) => !(text in Object.prototype));
		fc.assert(
			fc.property(
				fc.dictionary(name, fc.dictionary(name, fc.string({ minLength: 1 }), { minKeys: 1 })),
				(user) => {
					const flat = Object.fromEntries(
						Object.entries(user).flatMap(([one, inner]) =>
							Object.entries(inner).map(([two, value]) => [`user[${one}].${two}`, value]),
						),
					);
					expect(nested(flat)).toEqual(Object.keys(user).length ? { user } : {});
				},
			),
		);
	});

	test('ten thousand flat names copy no list for each name', () => {
		const flat = Object.fromEntries(
			Array.from({ length: 9_999 }, (_, at) => [`cart[${at}][id]`, String(at)]),
		);
		const from = performance.now();
		expect((nested(flat).cart as unknown[]).length).toBe(9_999);
		expect(performance.now() - from).toBeLessThan(5_000);
	});
});
