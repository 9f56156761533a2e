import { expect, test } from '@jest/globals';
import fc from 'fast-check';

import { columnSet } from '../../../nodes/AppMetrica/vendor.ts';

test('two sets of columns have one text only if they are the same set, whatever the number of columns', () => {
	const columns = fc.uniqueArray(fc.nat({ max: 99 })).map((set) => set.sort((one, other) => one - other));
	fc.assert(
		fc.property(columns, columns, (one, other) => {
			expect(columnSet(one) === columnSet(other)).toBe(one.join() === other.join());
		}),
	);
	// As bits of one 32-bit number these were the same set.
	expect(columnSet([0])).not.toBe(columnSet([32]));
	const singles = Array.from({ length: 70 }, (_, column) => columnSet([column]));
	expect(new Set([columnSet([]), ...singles]).size).toBe(71);
});
