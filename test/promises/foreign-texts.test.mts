/** What others write never becomes ours: n8n would take such a word in an error for the end of the run. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { hintsOf, openBench, ON_ERROR, reportsOf, type Bench } from '../support/bench.mts';
import { operationCases, vendorCases } from '../support/cases.mts';
import { instantClock } from '../support/clock.mts';

let bench: Bench;
beforeAll(async () => {
	bench = await openBench(instantClock());
});
beforeEach(() => bench.sandbox.reset());
afterAll(async () => await bench?.close());

const TRIGGER = /cancell?ed|enoent|eperm|econnrefused/i;

describe.each(vendorCases.map((vendor) => [vendor.node, vendor] as const))('%s', (_, vendor) => {
	describe.each(['canceled.example', 'enoent.example', 'xn--eperm.example'])('a redirect to %s', (host) => {
		test.each(ON_ERROR)('%s', async (onError) => {
			bench.sandbox.faults.always(() => ({ redirect: `http://${host}/` }));
			const result = await bench.run({ node: vendor.node, items: [vendor.good('ev-a')], onError });
			if (onError === 'stopWorkflow') {
				expect(result.status).toBe('error');
				const error = result.error('Node');
				expect(error?.message).toMatch(/^The base URL redirects to \S+·\S+\.example/);
				expect(`${error?.message} ${error?.description}`).not.toMatch(TRIGGER);
				return;
			}
			const [{ delivery }] = reportsOf(result, 1);
			expect(delivery).toMatchObject({ status: 'notAttempted' });
			expect(delivery.message).not.toMatch(TRIGGER);
		});
	});
});

/** Names and values as a stranger may send them to a webhook. */
const HOSTILE = [
	'<img src=x onerror=alert(1)>',
	'<b>canceled</b>',
	'a canceled order',
	'ENOENT: no such file',
	'`code` <i>',
	'line\nbreak\u202e\u0000',
	`<u>${'x'.repeat(3_000)}`,
	'12<b>3',
	'1,5<b>',
	'2026-13-45T<b>',
	'{"<b>": 1',
	'{"<b>": 1e999, "<b>": {"<i>": 18446744073709551615}}',
	'[object Object]<b>',
];
const hostile = fc.constantFrom(...HOSTILE);

describe.each(operationCases.map((vendor) => [vendor.node, vendor] as const))('%s', (_, vendor) => {
	const { fields, variants } = vendor.operation;
	const names = fields.flatMap(({ wire, type }) => [
		wire,
		...(type.kind === 'object' ? type.fields.map((member) => `${wire}.${member.wire}`) : []),
	]);
	const name = fc.constantFrom(...names);
	const anyName = fc.oneof(
		name,
		hostile,
		fc.tuple(name, hostile).map(([one, more]) => `${one}.${more}`),
		fc.tuple(name, hostile).map(([one, more]) => `${one}[${more}]`),
		fc.tuple(name, hostile).map(([one, more]) => `${one}[0][${more}]`),
	);
	const anyValue: fc.Arbitrary<unknown> = fc.oneof(
		hostile,
		fc.constantFrom<unknown>(1, -1, 1e21, true, {}, [], null),
		fc.dictionary(hostile, hostile, { maxKeys: 2 }),
		fc.array(fc.dictionary(hostile, hostile, { maxKeys: 2 }), { maxLength: 2 }),
		fc.dictionary(hostile, fc.constantFrom<unknown>(Number.NaN, 1e400, 2 ** 60, [[]], { a: { b: 1e400 } }), {
			maxKeys: 2,
		}),
		hostile.map((text) => [
			{ name: text, value: '1' },
			{ name: text, value: text },
		]),
	);

	test.each(['autoMapInputData', 'defineBelow'])(
		'hostile names and values stay text (%s)',
		async (mappingMode) => {
			await fc.assert(
				fc.asyncProperty(
					fc.array(fc.dictionary(anyName, anyValue, { minKeys: 1, maxKeys: 5 }), {
						minLength: 1,
						maxLength: 4,
					}),
					fc.constantFrom('stopWorkflow' as const, 'continueRegularOutput' as const),
					fc.constantFrom(
						'ignore',
						'error',
						...(vendor.operation.defaults.additionalProperties ? ['send'] : []),
					),
					fc.constantFrom('warn', 'refuse'),
					async (items, onError, extraFields, unprovenRules) => {
						bench.sandbox.reset();
						const form = Object.fromEntries(
							fields.map(({ wire, section }) => [
								section ?? wire,
								section ? {} : `={{ $json[${JSON.stringify(wire)}] }}`,
							]),
						);
						for (const { wire, section } of fields) {
							if (section)
								(form[section] as Record<string, unknown>)[wire] = `={{ $json[${JSON.stringify(wire)}] }}`;
						}
						const result = await bench.run({
							node: vendor.node,
							items: items as IDataObject[],
							onError,
							parameters: {
								mappingMode,
								...(mappingMode === 'defineBelow' ? (form as INodeParameters) : {}),
								...(variants
									? { [variants.parameter]: `={{ $json[${JSON.stringify(variants.parameter)}] }}` }
									: {}),
							},
							options: { extraFields, unprovenRules },
						});
						const error = result.error('Node');
						const ours = [
							...hintsOf(result),
							...(error ? [error.message, ...(error.description ?? '').split('<br>\n')] : []),
							...(error
								? []
								: reportsOf(result, items.length).flatMap(({ delivery }) => [
										delivery.message ?? '',
										...[...(delivery.issues ?? []), ...(delivery.warnings ?? [])].map(
											({ message }) => message,
										),
									])),
						];
						for (const text of ours) {
							// A choice of AppMetrica is called 'Subscription Canceled'; n8n looks for the word in titles alone.
							expect(text).not.toMatch(/<|a canceled order|ENOENT|[\n\0\u202e`]/i);
							expect(text.length).toBeLessThan(2_500);
						}
					},
				),
				{ numRuns: 40 },
			);
		},
	);
});

/** What a vendor, or somebody in its place, may answer. */
const anyMember: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
	value: fc.oneof(
		{ maxDepth: 3 },
		hostile,
		fc.constantFrom<unknown>(null, 0, 1e21, true, '', 'ann@example.com', { toString: null }),
		fc.array(tie('value'), { maxLength: 3 }),
		fc.dictionary(
			fc.oneof(
				fc.constantFrom(
					'error',
					'errors',
					'message',
					'description',
					'msg',
					'success',
					'code',
					'data',
					'campaigns',
					'__proto__',
				),
				hostile,
			),
			tie('value'),
			{ maxKeys: 3 },
		),
	),
})).value;

describe.each(operationCases.map((vendor) => [vendor.node, vendor] as const))('%s', (_, vendor) => {
	test('whatever is answered, this node does not fail at it, and its text stays text', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.constantFrom(200, 201, 204, 206, 300, 304, 400, 401, 403, 404, 409, 413, 422, 429, 500, 503, 599),
				fc.oneof(
					anyMember.map((value) => JSON.stringify(value)),
					hostile,
				),
				fc.constantFrom('application/json', 'text/html', 'text/plain', ''),
				fc.constantFrom(...ON_ERROR),
				async (status, body, type, onError) => {
					bench.sandbox.reset();
					const headers = { ...(type ? { 'content-type': type } : {}), location: 'http://<b>canceled' };
					bench.sandbox.faults.always(() => ({
						status,
						headers,
						body: status === 204 || status === 304 ? '' : body,
					}));
					const result = await bench.run({
						node: vendor.node,
						items: [vendor.good('ev-a'), vendor.good('ev-b')],
						onError,
						options: { maxAttempts: 1 },
					});
					const error = result.error('Node');
					if (error) expect(error.message).not.toMatch(/cancell?ed|ENOENT/i);
					const ours = [
						...hintsOf(result),
						...(error
							? [error.message, ...(error.description ?? '').split('<br>\n')]
							: reportsOf(result, 2).map(({ delivery }) => delivery.message ?? '')),
					];
					for (const text of ours) expect(text).not.toMatch(/<|internal error|ann@example|[\n\0\u202e`]/i);
				},
			),
			{ numRuns: 40 },
		);
	});
});
