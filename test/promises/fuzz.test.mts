/** Promise 7: what the sandbox stored is what was asked, or the item was refused with the reason. And nothing ever throws. */
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import type { IDataObject } from 'n8n-workflow';

import { operations } from '../../index.ts';
import type { Fault } from '../../tools/sandbox/server.mts';
import { openBench, reportsOf, SCHEMES, type Bench, type Scheme } from '../support/bench.mts';
import { instantClock } from '../support/clock.mts';
import {
	changingCases,
	countingVariables,
	operationCases,
	vendorCases,
	type NamedCase,
} from '../support/cases.mts';

jest.setTimeout(120_000);

const benches: Partial<Record<Scheme, Bench>> = {};
let bench: Bench;
const open = (scheme: Scheme) => async () => {
	bench = benches[scheme] ??= await openBench(instantClock(), { scheme });
};
afterAll(async () => {
	for (const each of Object.values(benches)) await each.close();
});

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

/** What TLS adds is a matter of the connection, so that one operation of each vendor is enough. */
describe.each([
	...operationCases.map((vendor) => [vendor.node, 'http' as Scheme, vendor] as const),
	...vendorCases.map((vendor) => [vendor.node, 'https' as Scheme, vendor] as const),
])('%s over %s', (_, scheme, vendor) => {
	beforeAll(open(scheme));

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
		beforeAll(open('http'));
		const app = operation.credential.app?.wire;
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
				[{ toString: null, valueOf: 1 }],
				[{ name: { toString: null }, value: 1 }],
				{ a: { toString: null } },
				JSON.parse('{"__proto__": {"a": 1}}'),
			),
		);
		const anyItem = fc.dictionary(
			fc.oneof(
				{
					weight: 5,
					arbitrary: fc.constantFrom(
						...names,
						...(app ? [app] : []),
						'type',
						'data',
						'user',
						'error',
						'details',
					),
				},
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
						// A rule that the vendor does not print is said and not enforced, so its request may be refused.
						const warned = new Set(
							reports.filter(({ delivery }) => delivery.warnings).map(({ delivery }) => delivery.request),
						);
						// What passed the table without a warning must pass the strict sandbox, too.
						const refused = reports.filter(
							({ delivery }) =>
								!['accepted', 'invalid', 'oversize'].includes(delivery.status) &&
								!warned.has(delivery.request),
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

/** Answers of a vendor that has or has not stored the events, and what a connection over TLS adds. */
const anyFault = (scheme: Scheme, { refusal }: NamedCase): fc.Arbitrary<Fault> =>
	fc.constantFrom<Fault>(
		refusal,
		{ status: 503 },
		{ status: 403 },
		{ status: 413 },
		{ reset: 'afterStoring' },
		{ reset: 'beforeStoring' },
		{ html: true, afterStoring: true },
		{ halfAnswer: true, afterStoring: true },
		...(scheme === 'https'
			? (['record', 'alert', 'garbage'] as const).flatMap((tls): Fault[] => [
					{ tls, afterStoring: true },
					{ tls, afterStoring: false },
				])
			: []),
	);

describe.each(
	changingCases.flatMap((vendor) => SCHEMES.map((scheme) => [vendor.node, scheme, vendor] as const)),
)('%s over %s, a mapping that gives other events at each try', (_, scheme, vendor) => {
	beforeAll(open(scheme));

	test('any text arrives once as one of the tries wrote it, or what became of it is told', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.array(anyText, { minLength: 1, maxLength: 8 }),
				fc.array(fc.option(anyFault(scheme, vendor), { freq: 2 }), { maxLength: 12 }),
				fc.constantFrom('single', 'batch'),
				async (texts, faults, sendAs) => {
					const { sandbox } = bench;
					sandbox.reset();
					for (const [at, fault] of faults.entries()) {
						sandbox.faults.next(({ number }) => (number === at + 1 && fault ? fault : undefined));
					}
					const result = await bench.run({
						node: vendor.node,
						items: texts.map((text, index) => ({ id: `ev-${index}`, user: 'ann', text })),
						onError: 'continueErrorOutput',
						parameters: { ...vendor.parameters, sendAs },
						options: { batchSize: 3, maxAttempts: 2 },
						more: { retryOnFail: true, maxTries: 3, waitBetweenTries: 1 },
						run: { variables: countingVariables() },
					});
					const stored = sandbox.stored(vendor.vendor);
					for (const [index, { delivery }] of reportsOf(result, texts.length).entries()) {
						const own = stored.filter((one) => vendor.idOf(one) === `ev-${index}`);
						expect(own.length).toBeLessThanOrEqual(1);
						if (delivery.status === 'accepted') expect(own).toHaveLength(1);
						else if (delivery.status !== 'unknown' && delivery.status !== 'unconfirmed')
							expect([delivery.status, own]).toEqual([delivery.status, []]);
						for (const one of own) {
							const name = String(vendor.nameOf(one));
							expect(name.startsWith(texts[index])).toBe(true);
							expect(name.slice(texts[index].length)).toMatch(/^\d+$/);
						}
					}
				},
			),
			{ numRuns: 40 },
		);
	});
});
