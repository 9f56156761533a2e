import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import type { ValueType } from '../../../nodes/engine/operation/operation.ts';
import { errorOf, valueOf } from './support.mts';

const type: ValueType = { kind: 'texts', as: 'bracketed' };

describe('texts in brackets', () => {
	test.each<[unknown, string]>([
		[['a', 'b'], '[a,b]'],
		['["a","b"]', '[a,b]'],
		['[a,b]', '[a,b]'],
		['[a, b]', '[a,b]'],
		['SALE-10', '[SALE-10]'],
		[['СКИДКА 10%'], '[СКИДКА 10%]'],
		[[1, 2], '[1,2]'],
		['[1,2]', '[1,2]'],
		[['a', '', null], '[a]'],
	])('%j travels as %s', (value, text) => expect(valueOf(type, value)).toBe(text));

	test('no entry is no value', () => {
		for (const nothing of [[], '[]', [''], [null]]) expect(valueOf(type, nothing)).toBeUndefined();
	});

	test.each([['a,b'], ['a"b'], ['a[b'], ['a]b'], ['a\nb']])('%j would change on its way', (code) =>
		expect(errorOf(type, [code])).toMatch(/^entry 0 holds a comma, a quote, a bracket/),
	);
	test.each([[true], [{}], [[true]], [[1.5]], [[['a']]]])('%j is refused', (value) =>
		expect(errorOf(type, value)).not.toMatch(/^no error/),
	);

	test('what was made is read again as the same', () => {
		const code = fc.stringMatching(/^[\w-]{1,20}$/);
		fc.assert(
			fc.property(fc.array(code, { minLength: 1 }), (codes) => {
				const text = valueOf(type, codes);
				expect(text).toBe(`[${codes.join(',')}]`);
				expect(valueOf(type, text)).toBe(text);
			}),
		);
	});
});
