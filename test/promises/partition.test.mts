/** Promise 1: the statuses partition the input under any answer of the vendor, and say what the vendor really has. */
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import fc, { type Arbitrary } from 'fast-check';

import type { Status } from '../../nodes/engine/report/outcome.ts';
import type { Fault } from '../../tools/sandbox/server.mts';
import {
	openBench,
	ON_ERROR,
	reportsOf,
	SCHEMES,
	type Bench,
	type OnError,
	type Order,
	type Scheme,
} from '../support/bench.mts';
import { instantClock } from '../support/clock.mts';
import {
	changingCases,
	countingVariables,
	idsIn,
	operationCases,
	vendorCases,
	type NamedCase,
} from '../support/cases.mts';

jest.setTimeout(120_000);

const benches: Partial<Record<Scheme, Bench>> = {};
let bench: Bench;
afterAll(async () => {
	for (const each of Object.values(benches)) await each.close();
});

const NOT_STORED: readonly Status[] = [
	'invalid',
	'oversize',
	'rejected',
	'batchRejected',
	'exhausted',
	'notAttempted',
];

const anyTlsFault = fc.constantFrom('record' as const, 'alert' as const, 'garbage' as const);

/** What can go wrong with a vendor that does not lie about what it stored. */
function anyFault({ refusal, silent, notStored }: NamedCase, scheme: Scheme): fc.Arbitrary<Fault> {
	const afterStoring = fc.boolean();
	return fc.oneof(
		{
			weight: 3,
			arbitrary: fc.constantFrom<Fault>(
				refusal,
				{ status: 413 },
				{ status: 429, headers: { 'retry-after': '1' } },
				{ status: 408 },
				{ status: 431 },
				{ status: 421 },
				{ status: 425 },
			),
		},
		{
			weight: 2,
			arbitrary: afterStoring.map((after): Fault => ({ reset: after ? 'afterStoring' : 'beforeStoring' })),
		},
		{ weight: 2, arbitrary: afterStoring.map((after): Fault => ({ html: true, afterStoring: after })) },
		{ weight: 1, arbitrary: afterStoring.map((after): Fault => ({ halfAnswer: true, afterStoring: after })) },
		{ weight: 1, arbitrary: fc.constant<Fault>({ status: 202, body: 'queued', afterStoring: true }) },
		{ weight: 1, arbitrary: fc.constant<Fault>({ drip: { everyMs: 1, chunks: 3 } }) },
		{
			weight: 1,
			arbitrary: fc.constantFrom<Fault>(
				{ redirect: 'https://elsewhere.example' },
				{ status: 403 },
				{ status: 404 },
				{ status: 407 },
				{ status: 511 },
			),
		},
		...(scheme === 'https' ? [{ weight: 3, arbitrary: fc.record({ tls: anyTlsFault, afterStoring }) }] : []),
		...(notStored.length
			? [{ weight: 3, arbitrary: fc.constantFrom(...notStored).map((status): Fault => ({ status })) }]
			: []),
		...(silent.length
			? [
					{
						weight: 2,
						arbitrary: fc
							.tuple(fc.constantFrom(...silent), afterStoring)
							.map(([status, after]): Fault => ({ status, afterStoring: after })),
					},
				]
			: []),
	);
}

const anyRun = (vendor: NamedCase, scheme: Scheme) =>
	fc.record({
		kinds: fc.array(
			fc.oneof(
				{ weight: 6, arbitrary: fc.constant('good' as const) },
				{ weight: 1, arbitrary: fc.constantFrom('invalid' as const, 'refused' as const) },
			),
			{ minLength: 1, maxLength: 14 },
		),
		sendAs: fc.constantFrom('batch', 'single'),
		batchSize: fc.integer({ min: 1, max: 6 }),
		concurrency: fc.integer({ min: 1, max: 4 }),
		onRejectedBatch: fc.constantFrom('isolate', 'fail'),
		retryUnknown: fc.boolean(),
		maxAttempts: fc.integer({ min: 1, max: 3 }),
		// Faults of the first requests; `null`: none.
		script: fc.array(fc.option(anyFault(vendor, scheme), { freq: 2 }), { maxLength: 16 }),
	});

type AnyRun = ReturnType<typeof anyRun> extends Arbitrary<infer Value> ? Value : never;

/** Plays one run against the sandbox; `more` of the order, e.g. a mapping. */
async function play(
	vendor: NamedCase,
	{ kinds, sendAs, script, ...options }: AnyRun,
	onError: OnError,
	{ parameters, ...more }: Partial<Order> = {},
) {
	const { sandbox } = bench;
	sandbox.reset();
	const ids = kinds.map((_kind, index) => `ev-${index}`);
	for (const [at, fault] of script.entries()) {
		sandbox.faults.next((request) => {
			if (request.number !== at + 1 || !fault) return undefined;
			// A vendor that says 202 has taken the events, so not one that it refuses.
			const isTaken = 'status' in fault && fault.status === 202;
			return isTaken && idsIn(request).some((id) => kinds[ids.indexOf(id)] === 'refused') ? undefined : fault;
		});
	}
	const items = kinds.map((kind, index) => vendor[kind](ids[index]));
	const result = await bench.run({
		node: vendor.node,
		items,
		onError,
		parameters: { ...parameters, sendAs },
		options,
		...more,
	});
	const stored = sandbox.stored(vendor.vendor).map(vendor.idOf);
	const sent = sandbox.requests.map(idsIn);
	return {
		result,
		ids,
		sent,
		storedTimes: ids.map((id) => stored.filter((one) => one === id).length),
		sentTimes: ids.map((id) => sent.filter((one) => one.includes(id)).length),
	};
}

/** The counts in the error of a stopped run add up and agree with what is stored. */
function expectCounts(description: string | null | undefined, items: number, storedItems: number): void {
	const [first = ''] = description?.split('<br>\n') ?? [];
	const found = [...first.matchAll(/(\d+) ([a-z][a-z ]*[a-z])(?=,|\.$)/g)];
	const counts = Object.fromEntries(found.map(([, count, status]) => [status, Number(count)]));
	expect(Object.values(counts).reduce((sum, count) => sum + count, 0)).toBe(items);
	const { accepted = 0, unconfirmed = 0, unknown = 0 } = counts;
	expect(storedItems).toBeGreaterThanOrEqual(accepted);
	expect(storedItems).toBeLessThanOrEqual(accepted + unconfirmed + unknown);
}

describe.each([
	...operationCases.map((vendor) => [vendor.node, 'http' as Scheme, vendor] as const),
	...vendorCases.map((vendor) => [vendor.node, 'https' as Scheme, vendor] as const),
])('%s over %s', (_, scheme, vendor) => {
	beforeAll(async () => {
		bench = benches[scheme] ??= await openBench(instantClock(), { scheme });
	});

	test('every item has one status, and the sandbox agrees with it', async () => {
		await fc.assert(
			fc.asyncProperty(
				anyRun(vendor, scheme),
				fc.constantFrom('continueRegularOutput' as const, 'continueErrorOutput' as const),
				async (wanted, onError) => {
					const { result, ids, sent, storedTimes, sentTimes } = await play(vendor, wanted, onError);
					const reports = reportsOf(result, ids.length);
					for (const [index, { delivery, event }] of reports.entries()) {
						const { status } = delivery;
						expect(idsIn({ url: '', body: Buffer.from(JSON.stringify(event)) })).toEqual([ids[index]]);
						expect(status === 'invalid').toBe(wanted.kinds[index] === 'invalid');
						if (wanted.kinds[index] === 'refused') expect(status).not.toBe('accepted');
						if (status === 'accepted') {
							expect(storedTimes[index]).toBeGreaterThanOrEqual(1);
							if (!wanted.retryUnknown && !vendor.repeatable) expect(storedTimes[index]).toBe(1);
						} else if (NOT_STORED.includes(status)) {
							expect([status, storedTimes[index]]).toEqual([status, 0]);
						} else {
							const isRepeated = wanted.retryUnknown || vendor.repeatable === true;
							expect(storedTimes[index]).toBeLessThanOrEqual(isRepeated ? sentTimes[index] : 1);
						}
						if (status === 'invalid') expect(sentTimes[index]).toBe(0);
					}
					const most = wanted.sendAs === 'single' || vendor.operation.oneByOne ? 1 : wanted.batchSize;
					for (const request of sent) {
						expect(request.length).toBeLessThanOrEqual(most);
						const places = request.map((id) => ids.indexOf(id));
						expect(places).toEqual([...places].sort((one, other) => one - other));
					}
				},
			),
			{ numRuns: 60 },
		);
	});

	test('On Error Stop: the counts of the one error add up, and agree with the sandbox', async () => {
		await fc.assert(
			fc.asyncProperty(anyRun(vendor, scheme), async (wanted) => {
				const { result, ids, sent, storedTimes } = await play(
					vendor,
					{ ...wanted, retryUnknown: false },
					'stopWorkflow',
				);
				const storedItems = storedTimes.filter((times) => times > 0).length;
				if (!vendor.repeatable) expect(storedTimes.every((times) => times <= 1)).toBe(true);
				if (result.status === 'success') {
					const reports = reportsOf(result, ids.length);
					expect(reports.every(({ delivery }) => ['accepted', 'unconfirmed'].includes(delivery.status))).toBe(
						true,
					);
					return;
				}
				if (wanted.kinds.includes('invalid')) {
					expect(sent).toEqual([]);
					expect(result.error()?.message).toMatch(/^Nothing was sent/);
					return;
				}
				expectCounts(result.error()?.description, ids.length, storedItems);
			}),
			{ numRuns: 40 },
		);
	});
});

/** n8n runs the whole node again, and the mapping gives other bytes at each of its tries. */
describe.each(
	changingCases.flatMap((vendor) => SCHEMES.map((scheme) => [vendor.node, scheme, vendor] as const)),
)('%s over %s, Retry On Fail and a mapping that gives other events at each try', (_, scheme, vendor) => {
	beforeAll(async () => {
		bench = benches[scheme] ??= await openBench(instantClock(), { scheme });
	});

	test('no event is stored twice, and each status agrees with the sandbox', async () => {
		let repeated = 0;
		await fc.assert(
			fc.asyncProperty(anyRun(vendor, scheme), fc.constantFrom(...ON_ERROR), async (run, onError) => {
				const wanted = { ...run, retryUnknown: false };
				const { result, ids, storedTimes, sentTimes } = await play(vendor, wanted, onError, {
					parameters: vendor.parameters,
					more: { retryOnFail: true, maxTries: 3, waitBetweenTries: 1 },
					run: { variables: countingVariables() },
				});
				if (result.tries('Node') > 1) repeated++;
				expect(storedTimes.filter((times) => times > 1)).toEqual([]);
				const error = result.error();
				if (error) {
					const isUnsent = /^Nothing was sent/.test(error.message);
					expect(isUnsent).toBe(wanted.kinds.includes('invalid'));
					if (isUnsent) expect(sentTimes.some((times) => times > 0)).toBe(false);
					else {
						expectCounts(error.description, ids.length, storedTimes.filter((times) => times > 0).length);
					}
					return;
				}
				for (const [index, { delivery }] of reportsOf(result, ids.length).entries()) {
					const { status } = delivery;
					expect(status === 'invalid').toBe(wanted.kinds[index] === 'invalid');
					if (status === 'accepted') expect(storedTimes[index]).toBe(1);
					if (NOT_STORED.includes(status)) expect([status, storedTimes[index]]).toEqual([status, 0]);
				}
			}),
			{ numRuns: 60 },
		);
		expect(repeated).toBeGreaterThan(5);
	});
});
