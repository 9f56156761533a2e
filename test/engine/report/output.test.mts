import { describe, expect, test } from '@jest/globals';

import type { Status } from '../../../nodes/engine/report/outcome.ts';
import { outputItems, type ItemReport } from '../../../nodes/engine/report/output.ts';
import { createPause } from '../../../nodes/engine/pause.ts';

const report = (index: number, status: Status, more: Partial<ItemReport['delivery']> = {}): ItemReport => ({
	index,
	event: { id: index },
	delivery: { status, ...more },
});
const run = { counts: { accepted: 1, rejected: 1 }, requests: 2, waitedSeconds: 1.5 };

describe('output', () => {
	const reports = [report(0, 'accepted'), report(1, 'rejected', { message: 'no' }), report(2, 'unconfirmed')];
	const options = {
		toErrorOutput: false,
		inputOf: (index: number) => ({ was: index }),
		pause: createPause(),
	};
	const settings = { output: 'everyItem' as const, includeInputFields: false };

	test('every item, paired, in order', async () => {
		expect(await outputItems(reports, settings, run, options)).toEqual(
			reports.map(({ index, event, delivery }) => ({
				json: { delivery, event },
				pairedItem: { item: index },
			})),
		);
	});

	test('delivery stands first, so that a narrow table shows the status', async () => {
		const given = { ...report(0, 'rejected', { message: 'no' }), response: {} };
		const everything = { ...settings, includeInputFields: true };
		const [item] = await outputItems([given], everything, run, options);
		expect(Object.keys(item?.json ?? {})).toEqual(['delivery', 'event', 'response', 'input']);
		const [failed] = await outputItems([given], everything, run, { ...options, toErrorOutput: true });
		expect(Object.keys(failed?.json ?? {})).toEqual(['error', 'details']);
		expect(Object.keys(failed?.json.details ?? {})).toEqual(['delivery', 'event', 'response']);
	});

	test('what an operation reads stands beside delivery', async () => {
		const [item] = await outputItems(
			[{ ...reports[0], response: { a: 1 }, data: { user: { id: 1 }, lists: [] } }],
			settings,
			run,
			options,
		);
		expect(Object.entries(item.json)).toEqual([
			['delivery', { status: 'accepted' }],
			['user', { id: 1 }],
			['lists', []],
			['event', { id: 0 }],
			['response', { a: 1 }],
		]);
	});

	test('the answer, where there is one; the input under one key', async () => {
		const [item] = await outputItems(
			[{ ...reports[0], response: { a: 1 } }],
			{ ...settings, includeInputFields: true },
			run,
			options,
		);
		expect(item.json).toEqual({
			event: { id: 0 },
			delivery: { status: 'accepted' },
			response: { a: 1 },
			input: { was: 0 },
		});
	});

	test('failed items only', async () => {
		expect(await outputItems(reports, { ...settings, output: 'failedOnly' }, run, options)).toEqual([
			expect.objectContaining({ pairedItem: { item: 1 } }),
		]);
	});

	test('a summary, paired to all', async () => {
		expect(await outputItems(reports, { ...settings, output: 'summary' }, run, options)).toEqual([
			{
				json: {
					items: 3,
					accepted: 1,
					unconfirmed: 0,
					invalid: 0,
					oversize: 0,
					rejected: 1,
					batchRejected: 0,
					exhausted: 0,
					unknown: 0,
					notAttempted: 0,
					requests: 2,
					waitedSeconds: 1.5,
				},
				pairedItem: [{ item: 0 }, { item: 1 }, { item: 2 }],
			},
		]);
	});

	test.each(['everyItem', 'failedOnly', 'summary'] as const)(
		'for the error output a failed item holds error and details and nothing else (%s)',
		async (output) => {
			const items = await outputItems(reports, { output, includeInputFields: true }, run, {
				...options,
				toErrorOutput: true,
			});
			const failed = items.filter(({ json }) => 'error' in json);
			expect(failed).toEqual([
				{
					json: {
						error: 'no',
						details: { event: { id: 1 }, delivery: { status: 'rejected', message: 'no' } },
					},
					pairedItem: { item: 1 },
				},
			]);
			expect(items).toHaveLength({ everyItem: 3, failedOnly: 1, summary: 2 }[output]);
		},
	);

	test('a failed item without a message still says something', async () => {
		const [item] = await outputItems([report(0, 'exhausted')], settings, run, {
			...options,
			toErrorOutput: true,
		});
		expect(item.json.error).toBe('Not accepted: exhausted');
	});
});

test('others in the process have their turn between any two items', async () => {
	let turns = 0;
	const pause = { isDue: () => true, now: async () => void turns++, ifDue: async () => {} };
	const options = { toErrorOutput: false, inputOf: () => ({}), pause };
	const reports = [report(0, 'accepted'), report(1, 'accepted'), report(2, 'rejected')];
	await outputItems(reports, { output: 'everyItem', includeInputFields: false }, run, options);
	expect(turns).toBe(3);
});

describe('an item without a response', () => {
	const failed = (index: number, status: 'rejected', message: string): ItemReport => ({
		index,
		event: {},
		delivery: { status, message },
	});

	test('has no response where there was none', async () => {
		const options = { toErrorOutput: false, inputOf: () => ({}), pause: createPause() };
		const [item] = await outputItems(
			[failed(0, 'rejected', 'no')],
			{ output: 'everyItem', includeInputFields: false },
			{ counts: {}, requests: 0, waitedSeconds: 0 },
			options,
		);
		expect(item.json).not.toHaveProperty('response');
	});
});
