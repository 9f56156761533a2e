import { expect, test } from '@jest/globals';

import { itemShapeAdvice } from '../../../nodes/engine/check/itemShape.ts';
import type { Json, Operation } from '../../../nodes/engine/operation/operation.ts';
import { row, toy } from '../../support/fakeVendor.mts';

const operation: Operation = {
	...toy,
	fields: [row('id', { kind: 'text' }, { alias: 'userId' })],
	listOf: 'events',
};

test.each<[Json, string | undefined, string | undefined]>([
	[{}, undefined, 'The item is empty; check what the node before this one returns'],
	[{}, 'data', "The item holds only a file ('data'); use the Extract from File node to read it first"],
	[
		{ headers: {}, params: {}, query: {}, body: { id: 'a' } },
		undefined,
		"The item is a whole webhook request; set 'Input Field' to body",
	],
	[
		{ total: 2, rows: [{ id: 'a' }, { id: 'b' }] },
		undefined,
		"'rows' holds a list of 2; use the Split Out node to get one item for each",
	],
	[
		{ '<b>': [{ id: 'a' }] },
		undefined,
		"'&lt;b&gt;' holds a list of 1; use the Split Out node to get one item for each",
	],
	[{ id: '', rows: [{}] }, undefined, undefined],
	[{ userId: 'a', body: {}, headers: {} }, undefined, undefined],
	[{ events: [{ id: 'a' }] }, undefined, undefined],
	[{ one: [{}], other: [{}] }, undefined, undefined],
	[{ tags: ['a'] }, undefined, undefined],
	[{ body: 'text', headers: {} }, undefined, undefined],
])('%j with the file %j: %j', (item, file, advice) => {
	expect(itemShapeAdvice(item, operation, file)).toBe(advice);
});
