import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import { compileLists } from '../../../nodes/engine/check/listed.ts';
import { formFields } from '../../../nodes/engine/operation/listed.ts';
import type { Field, Issue, Json } from '../../../nodes/engine/operation/operation.ts';
import { row } from '../../support/fakeVendor.mts';

const listed = { name: 'path', label: 'Path', help: 'From the top down' };
const fields: Field[] = [
	row('id', { kind: 'text' }),
	...[1, 2, 3].map((at) => row(`path_${at}`, { kind: 'text' }, { listed, section: 'place' })),
	row('other', { kind: 'text' }),
];
const spread = compileLists(fields);
function of(event: Json) {
	const issues: Issue[] = [];
	return { event: spread(event, (issue) => issues.push(issue)), issues };
}

describe('fields that are given as one list', () => {
	test.each<[unknown, Json]>([
		[['a', 'b'], { path_1: 'a', path_2: 'b' }],
		['["a","b","c"]', { path_1: 'a', path_2: 'b', path_3: 'c' }],
		['Shoes > Boots', { path_1: 'Shoes > Boots' }],
		['[a', { path_1: '[a' }],
		[7, { path_1: 7 }],
		[['a', '', 'c'], { path_1: 'a', path_2: '', path_3: 'c' }],
		[[], {}],
	])('%j', (path, parts) =>
		expect(of({ id: '1', path })).toEqual({ event: { id: '1', ...parts }, issues: [] }),
	);

	test('without a list the event is the same one', () => {
		const event = { id: '1', path_2: 'b', path: '' };
		expect(of(event).event).toBe(event);
		expect(compileLists([row('id', { kind: 'text' })])(event, () => undefined)).toBe(event);
	});

	test('one entry too many, a list beside its parts, and what is no list', () => {
		expect(of({ path: ['a', 'b', 'c', 'd'] }).issues).toEqual([
			{ field: 'path', message: "'Path' (path) may have at most 3 entries and has 4" },
		]);
		expect(of({ path: ['a'], path_2: 'b' }).issues).toEqual([
			{ field: 'path', message: "'Path' (path) and path_2 are both given; give the list or its parts" },
		]);
		for (const path of [true, {}])
			expect(of({ path }).issues).toEqual([
				{ field: 'path', message: expect.stringContaining('must be a list of texts, not ') },
			]);
	});

	test('the form asks for them once, in the place of the first', () => {
		expect(formFields(fields).map(({ wire, type, section }) => [wire, type.kind, section])).toEqual([
			['id', 'text', undefined],
			['path', 'texts', 'place'],
			['other', 'text', undefined],
		]);
	});

	test('order is kept, and the given event is not changed', () => {
		fc.assert(
			fc.property(fc.array(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 3 }), (path) => {
				const given = { path };
				const before = JSON.stringify(given);
				expect(Object.values(of(given).event)).toEqual(path);
				expect(JSON.stringify(given)).toBe(before);
			}),
		);
	});
});
