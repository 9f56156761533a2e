import { expect, test } from '@jest/globals';
import fc from 'fast-check';

import type { ValueType } from '../../../nodes/engine/operation/operation.ts';
import { isAbsent } from '../../../nodes/engine/check/objects.ts';
import { check } from './support.mts';

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
