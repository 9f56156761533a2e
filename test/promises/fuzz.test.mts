/** Promise 7: what the sandbox stored is what was asked, or the item was refused with the reason. And nothing ever throws. */
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import type { IDataObject } from 'n8n-workflow';

import { operations } from '../../index.ts';
import { openBench, reportsOf, type Bench } from '../support/bench.mts';
import { instantClock } from '../support/clock.mts';
import { operationCases } from '../support/cases.mts';

jest.setTimeout(120_000);

let bench: Bench;
beforeAll(async () => {
	bench = await openBench(instantClock());
});
afterAll(async () => await bench?.close());

const AWKWARD = [
	'007',
	'18446744073709551615',
	'Ёж',
	'👩‍🚀',
	'"',
	"'",
	'\\',
	',',
	';',
	'\r\n',
	'\n',
	'\t',
	'\u0000',
	'\u007f',
	'\u0085',
	'\u2028',
	'\ufeff',
	'+',
	'%',
	'%2B',
	'&',
	'=',
	'#',
	'?',
	'/',
	'<',
	'>',
	' ',
	'$&',
	'{{ $json',
	'=1+1',
	'__proto__',
	'\ud800',
	'\udc00',
	'é',
	'e\u0301',
];
const anyText = fc.oneof(
	fc
		.array(fc.constantFrom(...AWKWARD, 'a', 'b'), { minLength: 1, maxLength: 6 })
		.map((parts) => parts.join('')),
	fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }),
	fc.string({ unit: 'binary', minLength: 1, maxLength: 10 }),
);

describe.each(operationCases.map((vendor) => [vendor.node, vendor] as const))('%s', (_, vendor) => {
	test.each(['single', 'batch'])(
		'any text arrives as it was, or is refused with the reason (%s)',
		async (sendAs) => {
			await fc.assert(
				fc.asyncProperty(fc.array(anyText, { minLength: 1, maxLength: 20 }), async (texts) => {
					bench.sandbox.reset();
					const items = texts.map((text, index) => vendor.withText(`ev-${index}`, text));
					const result = await bench.run({ node: vendor.node, items, parameters: { sendAs } });
					const arrived = new Map(
						bench.sandbox
							.stored(vendor.vendor)
							.map((stored) => [vendor.idOf(stored), vendor.textsOf(stored)]),
					);
					for (const [index, { delivery }] of reportsOf(result, texts.length).entries()) {
						const found = arrived.get(`ev-${index}`);
						if (delivery.status === 'accepted') {
							expect(found?.length).toBeGreaterThan(0);
							expect(found).toEqual(found?.map(() => texts[index]));
						} else {
							expect(delivery).toMatchObject({
								status: 'invalid',
								issues: [
									expect.objectContaining({ message: expect.stringMatching(/./) }),
									...(delivery.issues ?? []).slice(1),
								],
							});
							expect(found).toBeUndefined();
						}
					}
				}),
				{ numRuns: 40 },
			);
		},
	);

	test('plain texts of every kind are not refused', async () => {
		bench.sandbox.reset();
		const texts = AWKWARD.filter(
			(text) => !/[\p{Cc}\u2028\ufeff]/u.test(text) && text.isWellFormed() && text.trim() !== '',
		);
		const result = await bench.run({
			node: vendor.node,
			items: texts.map((text, index) => vendor.withText(`ev-${index}`, text)),
		});
		const refused = reportsOf(result, texts.length).flatMap(({ delivery }, index) =>
			delivery.status === 'accepted' ? [] : [[texts[index], delivery.status, delivery.issues?.[0].message]],
		);
		expect(refused).toEqual([]);
	});
});

describe.each(operations.map((operation) => [operation.name, operation] as const))(
	'%s',
	(name, operation) => {
		const names = operation.fields.flatMap(({ wire, alias, type }) => [
			wire,
			...(alias ? [alias] : []),
			...(type.kind === 'object' ? type.fields.map((field) => field.wire) : []),
		]);
		const anyValue = fc.oneof(
			fc.anything({
				withBigInt: true,
				withDate: true,
				withMap: true,
				withNullPrototype: true,
				withSparseArray: true,
				withTypedArray: true,
				maxDepth: 3,
			}),
			anyText,
			fc.constantFrom<unknown>(
				'[',
				'{"a":',
				'[{}]',
				'{}',
				'[]',
				1e308,
				-0,
				2 ** 63,
				'1e400',
				'2026-11-22',
				{ toMillis: 'x' },
				{ toString: null },
			),
		);
		const anyItem = fc.dictionary(
			fc.oneof(
				{ weight: 5, arbitrary: fc.constantFrom(...names, 'type', 'data', 'user', 'error', 'details') },
				{ weight: 1, arbitrary: fc.string() },
			),
			anyValue,
			{ maxKeys: 8 },
		);

		test('whatever an item holds, it ends in one status and nothing is thrown', async () => {
			await fc.assert(
				fc.asyncProperty(
					fc.array(anyItem, { minLength: 1, maxLength: 10 }),
					fc.constantFrom('single', 'batch'),
					fc.constantFrom('ignore', 'error', ...(operation.defaults.additionalProperties ? ['send'] : [])),
					fc.constantFrom('continueRegularOutput' as const, 'continueErrorOutput' as const),
					fc.constantFrom('', ...names.slice(0, 3)),
					async (items, sendAs, extraFields, onError, inputField) => {
						bench.sandbox.reset();
						const result = await bench.run({
							node: name,
							items: items as IDataObject[],
							onError,
							parameters: { sendAs, inputField },
							options: { extraFields },
						});
						expect(result.error('Node')).toBeUndefined();
						const reports = reportsOf(result, items.length);
						// What passed the table without a warning must pass the strict sandbox, too.
						const refused = reports.filter(
							({ delivery }) =>
								!delivery.warnings && !['accepted', 'invalid', 'oversize'].includes(delivery.status),
						);
						expect(
							refused.map(({ event, delivery }) => [
								event,
								delivery.status,
								bench.sandbox.requests.at(-1)?.refusals,
							]),
						).toEqual([]);
					},
				),
				{ numRuns: 60 },
			);
		});
	},
);
