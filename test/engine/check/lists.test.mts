import { describe, expect, test } from '@jest/globals';

import type { ValueType } from '../../../nodes/engine/operation/operation.ts';
import { errorOf, valueOf } from './support.mts';

describe('every branch of a list', () => {
	test('texts take no number with a fraction; an object is taken as itself', () => {
		expect(errorOf({ kind: 'texts' } as ValueType, ['a', 1.5])).toMatch(
			/^entry 1 is a number with a fraction/,
		);
		expect(valueOf({ kind: 'object', fields: [] } as unknown as ValueType, { a: 1 })).toEqual({ a: 1 });
	});
});
