import { expect, test } from '@jest/globals';

import type { ValueType } from '../../../nodes/engine/operation/operation.ts';
import { errorOf, valueOf } from './support.mts';

test('the bytes of a JSON text are counted in UTF-8, as they travel', () => {
	const type: ValueType = { kind: 'json', as: 'text', maxBytes: 11 };
	expect(valueOf(type, { a: 'bcd' })).toBe('{"a":"bcd"}');
	expect(valueOf(type, ' { "a" : "bcd" } ')).toBe('{"a":"bcd"}');
	expect(errorOf(type, { a: 'bcde' })).toBe(
		'may have at most 11 bytes as JSON text and has 12; the vendor would cut it',
	);
	expect(valueOf(type, { a: 'ж' })).toBe('{"a":"ж"}');
	expect(errorOf(type, { a: 'жж' })).toMatch(/has 12/);
	expect(errorOf(type, [])).not.toMatch(/bytes/);
});
