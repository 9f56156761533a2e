import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { IDataObject } from 'n8n-workflow';

import { columnSet } from '../../../nodes/AppMetrica/columns.ts';
import { hintsOf, openBench, statusesOf, type Bench } from '../../support/bench.mts';

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

describe('events that fill different columns', () => {
	let bench: Bench;
	beforeAll(async () => {
		bench = await openBench();
	}, 120_000);
	beforeEach(() => bench.sandbox.reset());
	afterAll(() => bench?.close());

	const event_timestamp = Math.floor(Date.now() / 1000) - 60;
	const OPTIONAL = [
		'os_name',
		'device_model',
		'device_locale',
		'operator_name',
		'mcc',
		'mnc',
		'session_type',
	];
	const VALUES: IDataObject = {
		os_name: 'ios',
		device_model: 'iPhone, "X"',
		device_locale: 'en_US',
		operator_name: 'MegaFon',
		mcc: 250,
		mnc: 2,
		session_type: 'foreground',
	};
	/** Every set of seven columns once, and two kinds of ID. */
	const items = Array.from({ length: 256 }, (_, at): IDataObject => ({
		...(at < 128 ? { profile_id: `user-${at}` } : { appmetrica_device_id: String(1_000 + at) }),
		event_name: 'bought',
		event_timestamp,
		...Object.fromEntries(
			OPTIONAL.filter((_name, bit) => at & (1 << bit)).map((name) => [name, VALUES[name]]),
		),
	}));
	const run = async (options: IDataObject) => {
		const result = await bench.run({ node: 'appMetricaImportEvents', items, options: options as never });
		return { statuses: statusesOf(result, items.length), hints: hintsOf(result) };
	};

	test('go in one file for each set, and the number of requests is told', async () => {
		const { statuses, hints } = await run({});
		expect(new Set(statuses)).toEqual(new Set(['accepted']));
		expect(bench.sandbox.requests).toHaveLength(256);
		expect(hints).toContain(
			"The events need 256 requests, because only events that fill the same columns share a file; 2 would do if all filled the same. Fill the same fields in every event, or see the option 'Leave CSV Cells Empty'.",
		);
	});

	test('share a file for each kind of ID, with empty cells, where the option asks for it', async () => {
		bench.sandbox.appMetrica.emptyCells = true;
		const { statuses, hints } = await run({ emptyCells: true });
		expect(new Set(statuses)).toEqual(new Set(['accepted']));
		expect(bench.sandbox.requests).toHaveLength(2);
		const [first, second] = bench.sandbox.requests.map(({ body }) => body.toString().split('\n'));
		expect(first?.[0]).toBe(
			'application_id,profile_id,event_name,event_timestamp,session_type,os_name,device_model,device_locale,operator_name,mcc,mnc',
		);
		expect(first?.[1]?.replace(/^\d+/, 'APP')).toBe(`APP,user-0,bought,${event_timestamp},,,,,,,`);
		expect(first?.[128]?.replace(/^\d+/, 'APP')).toBe(
			`APP,user-127,bought,${event_timestamp},foreground,ios,"iPhone, ""X""",en_US,MegaFon,250,2`,
		);
		expect(second?.[0]).toMatch(/^application_id,appmetrica_device_id,event_name,/);
		expect(second).toHaveLength(130);
		expect(hints).toEqual([]);
	});

	test('a column that no event fills is not in the file', async () => {
		const result = await bench.run({
			node: 'appMetricaImportEvents',
			items: [items[1] ?? {}, items[2] ?? {}],
			options: { emptyCells: true, preview: true },
		});
		const { request } = result.nodeOutputs('Node')[0]?.[0]?.json as unknown as { request: { body: string } };
		expect(request.body.split('\n')[0]).toBe(
			'application_id,profile_id,event_name,event_timestamp,os_name,device_model',
		);
	});

	test('a refused file is sent again from the Retry button once its cells may be empty, not as it was', async () => {
		const refused = items.slice(0, 2).flatMap((item) => [item, item]);
		bench.sandbox.faults.always(({ body }) =>
			body.includes('os_name') ? undefined : { status: 400, body: 'no' },
		);
		const order = {
			node: 'appMetricaImportEvents',
			items: refused,
			onError: 'stopWorkflow' as const,
		};
		const first = await bench.run(order);
		expect(first.error()?.message).toBe('AppMetrica refused 2 of 4 items');
		const again = async (options: { timeout?: number; emptyCells?: boolean }) => {
			const before = bench.sandbox.requests.length;
			const result = await bench.run({
				...order,
				onError: 'continueErrorOutput',
				options,
				run: { retryOf: first },
			});
			return { statuses: statusesOf(result, 4), requests: bench.sandbox.requests.length - before };
		};
		expect(await again({ timeout: 10_000 })).toEqual({
			statuses: ['batchRejected', 'batchRejected', 'accepted', 'accepted'],
			requests: 1,
		});
		bench.sandbox.appMetrica.emptyCells = true;
		expect(await again({ emptyCells: true })).toEqual({
			statuses: ['accepted', 'accepted', 'accepted', 'accepted'],
			requests: 1,
		});
	});
});
