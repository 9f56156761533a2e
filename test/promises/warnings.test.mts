/** What breaks a rule that the vendor does not document is sent, and said: in the item, in the hint, in a preview, in the counts. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { IDataObject } from 'n8n-workflow';

import { ON_ERROR, openBench, reportsOf, type Bench } from '../support/bench.mts';
import { instantClock } from '../support/clock.mts';

const NOW = Date.parse('2026-11-22T09:00:00Z');
const SHORT_ID = 'a1b2c3d4e5f6';

/** An event that breaks such a rule, and one that does not. */
const cases: ReadonlyArray<{
	node: string;
	doubtful: IDataObject;
	good: IDataObject;
	warning: { field: string; message: string };
}> = [
	{
		node: 'myTrackerLogin',
		doubtful: { customUserId: '1', eventTimestamp: NOW / 1000 + 7_200 },
		good: { customUserId: '2' },
		warning: { field: 'eventTimestamp', message: "'Event Time' (eventTimestamp) is 2 hours ahead of now" },
	},
	{
		node: 'appMetricaImportEvents',
		doubtful: { profile_id: 'ann', event_name: 'sale', event_timestamp: NOW / 1000 + 7_200 },
		good: { profile_id: 'bob', event_name: 'sale', event_timestamp: NOW / 1000 },
		warning: {
			field: 'event_timestamp',
			message: "'Event Time' (event_timestamp) is 2 hours ahead of now; check the time zone",
		},
	},
	{
		node: 'gravityFieldStoreEvent',
		doubtful: { type: 'level-up', name: 'Level Up', user: { uid: SHORT_ID } },
		good: { type: 'level-up', name: 'Level Up', user: { uid: '66f0c1d2e3a4b5c6d7e8f901' } },
		warning: {
			field: 'user.uid',
			message: `'Gravity Field User ID' (uid) needs at least 24 characters and has 12: "${SHORT_ID}"`,
		},
	},
	{
		node: 'vibetraceSendEvent',
		doubtful: { type: 'search', _vtsid: 'abc' },
		good: { type: 'search', _vtsid: 'abc', query: 'boots' },
		warning: { field: 'query', message: "'Query' (query) is required for search" },
	},
];

describe.each(cases)('$node', ({ node, doubtful, good, warning }) => {
	let bench: Bench;
	beforeAll(async () => {
		bench = await openBench(instantClock({ now: NOW }));
	});
	beforeEach(() => bench.sandbox.reset());
	afterAll(async () => await bench?.close());
	const items = [good, doubtful];
	const hint = `1 item has warnings, see 'delivery.warnings': ${warning.message}.`;
	const hintsOf = (result: Awaited<ReturnType<Bench['run']>>) =>
		result.hints('Node').map(({ message }) => message);

	test.each(ON_ERROR)('is accepted, with a warning on the item and a hint: %s', async (onError) => {
		const result = await bench.run({ node, items, onError });
		expect(result.error('Node')).toBeUndefined();
		const reports = reportsOf(result, 2);
		expect(reports.map(({ output, delivery }) => [output, delivery.status, delivery.warnings])).toEqual([
			[0, 'accepted', undefined],
			[0, 'accepted', [warning]],
		]);
		expect(hintsOf(result).map((text) => text.replaceAll('&quot;', '"'))).toContain(hint);
	});

	test('stands in a preview beside its request, and in its hint', async () => {
		const result = await bench.run({ node, items, options: { preview: true } });
		expect(bench.sandbox.requests).toEqual([]);
		const [output] = result.nodeOutputs('Node');
		expect(output.flatMap(({ json }) => json.warnings ?? [])).toEqual([{ item: 1, ...warning }]);
		expect(hintsOf(result).map((text) => text.replaceAll('&quot;', '"'))).toContain(hint);
	});

	test('is counted in the execution data', async () => {
		const result = await bench.run({ node, items });
		expect(result.data.resultData.metadata).toMatchObject({ eventsSent: '2', eventsWithWarnings: '1' });
	});

	test('is refused, or not said, where the user wants it', async () => {
		const refused = await bench.run({ node, items, options: { unprovenRules: 'refuse' } });
		expect(reportsOf(refused, 2).map(({ delivery }) => [delivery.status, delivery.issues])).toEqual([
			['accepted', undefined],
			['invalid', [warning]],
		]);
		const ignored = await bench.run({ node, items, options: { unprovenRules: 'ignore' } });
		expect(reportsOf(ignored, 2).map(({ delivery }) => delivery.warnings)).toEqual([undefined, undefined]);
		expect(hintsOf(ignored).join()).not.toContain('warnings');
	});
});

test.each([
	['an expression', '={{ "defineBelow" }}'],
	['an unknown mode', 'mapMyself'],
])('a mapping mode that is %s ends the run', async (_, mappingMode) => {
	const bench = await openBench(instantClock({ now: NOW }));
	try {
		const result = await bench.run({
			node: 'myTrackerLogin',
			items: [{ customUserId: '1' }],
			parameters: { mappingMode },
			onError: 'stopWorkflow',
		});
		expect(result.error('Node')?.message).toBe(
			"'Mapping Mode' must be defineBelow or autoMapInputData; nothing was sent",
		);
		expect(bench.sandbox.requests).toEqual([]);
	} finally {
		await bench.close();
	}
});
