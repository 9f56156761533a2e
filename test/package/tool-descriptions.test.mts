/** What a model reads of a node that is its tool: what the node does, and what a call must give. */
import { beforeAll, describe, expect, test } from '@jest/globals';

import { operations, type Operation } from '../../index.ts';
import { loadPack } from '../../tools/harness/engine.mts';
import { PACKAGE } from '../support/bench.mts';

let descriptions: Record<string, string>;
beforeAll(async () => {
	const { nodes } = await loadPack(process.cwd());
	descriptions = Object.fromEntries(
		Object.entries(nodes).map(([name, { description }]) => [name, description.description]),
	);
});

/** Wire names that every event needs under the choice that the form begins with. */
function needed({ fields, variants, normalize }: Operation): string[] {
	// What the node adds itself, nobody need give.
	const added = Object.keys(normalize?.({}, {}).event ?? {});
	const first = variants?.values.find(
		({ value }) => value === (variants.travels ? undefined : variants.default),
	);
	const all = [
		...fields.filter(({ required }) => required !== undefined).map(({ wire }) => wire),
		...(first?.needs ?? []).map((need) => need.field),
	];
	return all.filter((wire) => !added.includes(wire));
}

/** `Original Price: Value` is told as `original price`, `Event Time` as `event time`. */
const wordsOf = (label: string): string[] => label.toLowerCase().split(':')[0].split(' ');

describe.each(operations.map((operation) => [operation.name, operation] as const))(
	'%s',
	(name, operation) => {
		test('names each field that an event needs', () => {
			const text = (descriptions[`${PACKAGE}.${name}`] ?? '').toLowerCase();
			const missing = needed(operation).filter((wire) => {
				const label = operation.fields.find((field) => field.wire === wire)?.label ?? wire;
				return !wordsOf(label).every((word) => text.includes(word));
			});
			expect({ text, missing }).toEqual({ text, missing: [] });
		});

		test('says in which form it takes times and currencies that it needs', () => {
			const text = descriptions[`${PACKAGE}.${name}`] ?? '';
			const needs = needed(operation);
			const kinds = operation.fields.filter(({ wire }) => needs.includes(wire));
			if (kinds.some(({ type }) => type.kind === 'time')) expect(text).toContain('ISO 8601 or Unix seconds');
			if (kinds.some(({ wire }) => wire === 'currency')) expect(text).toContain('currency (three letters)');
		});

		test('is short enough to be read in the panel', () => {
			expect((descriptions[`${PACKAGE}.${name}`] ?? '').length).toBeLessThanOrEqual(280);
		});
	},
);
