import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import {
	asRanges,
	countsInWords,
	countStatuses,
	inWords,
	isFailed,
	resendRule,
	STATUSES,
	type Status,
} from '../../../nodes/engine/report/outcome.ts';
import {
	countsHint,
	failuresInWords,
	failureTitle,
	outputItems,
	type ItemReport,
} from '../../../nodes/engine/report/report.ts';

const report = (index: number, status: Status, more: Partial<ItemReport['delivery']> = {}): ItemReport => ({
	index,
	event: { id: index },
	delivery: { status, ...more },
});
const run = { counts: { accepted: 1, rejected: 1 }, requests: 2, waitedSeconds: 1.5 };

describe('ranges', () => {
	test.each([
		[[], ''],
		[[3], '3'],
		[[0, 1], '0-1'],
		[[0, 1, 2, 5, 7, 8], '0-2, 5, 7-8'],
	])('%j is %j', (indexes, text) => expect(asRanges(indexes)).toBe(text));

	test('name each index once', () => {
		fc.assert(
			fc.property(fc.uniqueArray(fc.nat(500)), (unsorted) => {
				const indexes = unsorted.sort((one, other) => one - other);
				const named = asRanges(indexes)
					.split(', ')
					.filter(Boolean)
					.flatMap((range) => {
						const [from, to = from] = range.split('-').map(Number);
						return Array.from({ length: to - from + 1 }, (_, at) => from + at);
					});
				expect(named).toEqual(indexes);
			}),
		);
	});
});

describe('statuses', () => {
	test('which failed, and what a later try of the same run sends again', () => {
		expect(
			Object.fromEntries(STATUSES.map(({ status }) => [status, [isFailed(status), resendRule(status)]])),
		).toEqual({
			accepted: [false, 'never'],
			unconfirmed: [false, 'never'],
			invalid: [true, 'always'],
			oversize: [true, 'never'],
			rejected: [true, 'never'],
			batchRejected: [true, 'always'],
			exhausted: [true, 'always'],
			unknown: [true, 'ifSafe'],
			notAttempted: [true, 'always'],
		});
	});

	test('counts in words', () => {
		expect(countsInWords({ rejected: 28, accepted: 1_972 })).toBe('1,972 accepted, 28 rejected');
		expect(countsInWords({ notAttempted: 1, batchRejected: 1_000_000, accepted: 0 })).toBe(
			'1,000,000 batch rejected, 1 not attempted',
		);
		expect(inWords('notAttempted')).toBe('not attempted');
		expect(countStatuses([report(0, 'accepted'), report(1, 'unknown'), report(2, 'accepted')])).toEqual({
			accepted: 2,
			unknown: 1,
		});
	});

	test('a hint only where something needs a look', () => {
		expect(countsHint({ accepted: 5 })).toBeUndefined();
		expect(countsHint({})).toBeUndefined();
		expect(countsHint({ accepted: 1_972, rejected: 28 })).toBe(
			"1,972 accepted, 28 rejected. See 'delivery' of each item.",
		);
		expect(countsHint({ unconfirmed: 1 })).toBe("1 unconfirmed. See 'delivery' of each item.");
	});
});

describe('output', () => {
	const reports = [report(0, 'accepted'), report(1, 'rejected', { message: 'no' }), report(2, 'unconfirmed')];
	const options = { toErrorOutput: false, inputOf: (index: number) => ({ was: index }) };
	const settings = { output: 'everyItem' as const, includeInputFields: false };

	test('every item, paired, in order', () => {
		expect(outputItems(reports, settings, run, options)).toEqual(
			reports.map(({ index, event, delivery }) => ({
				json: { event, delivery },
				pairedItem: { item: index },
			})),
		);
	});

	test('the answer, where there is one; the input under one key', () => {
		const [item] = outputItems(
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

	test('failed items only', () => {
		expect(
			outputItems(reports, { ...settings, output: 'failedOnly' }, run, options).map(
				({ pairedItem }) => pairedItem,
			),
		).toEqual([{ item: 1 }]);
	});

	test('a summary, paired to all', () => {
		expect(outputItems(reports, { ...settings, output: 'summary' }, run, options)).toEqual([
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
		(output) => {
			const items = outputItems(reports, { output, includeInputFields: true }, run, {
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

	test('a failed item without a message still says something', () => {
		const [item] = outputItems([report(0, 'exhausted')], settings, run, { ...options, toErrorOutput: true });
		expect(item.json.error).toBe('Not accepted: exhausted');
	});
});

describe('the one error of a stopped run', () => {
	test('the first twenty with reasons, the rest as ranges', () => {
		const reports = Array.from({ length: 60 }, (_, index) =>
			report(index, index < 30 ? 'rejected' : index < 35 ? 'accepted' : 'notAttempted', {
				message: `why ${index}`,
			}),
		);
		const lines = failuresInWords(reports).split('\n');
		expect(lines.slice(0, 20)).toEqual(
			Array.from({ length: 20 }, (_, index) => `Item ${index}: why ${index}.`),
		);
		expect(lines.slice(20)).toEqual(['Also rejected: items 20-29.', 'Also not attempted: items 35-59.']);
	});

	test('every fault of an invalid event', () => {
		const issues = [
			{ field: 'a', message: 'A is wrong' },
			{ field: 'b', message: 'B is missing' },
		];
		expect(failuresInWords([report(3, 'invalid', { message: 'short', issues })])).toBe(
			'Item 3: A is wrong; B is missing.',
		);
	});

	test('where nothing was attempted, that is the reason', () => {
		expect(
			failuresInWords([
				report(0, 'notAttempted', { message: 'the door is shut' }),
				report(1, 'notAttempted', { message: 'the door is shut' }),
			]),
		).toBe('Item 0: the door is shut.\nItem 1: the same.');
	});

	test('a reason is not said twice in a row', () => {
		const reports = ['one', 'one', 'two', 'two', 'two', 'one'].map((message, index) =>
			report(index, 'rejected', { message }),
		);
		expect(failuresInWords(reports).split('\n')).toEqual([
			'Item 0: one.',
			'Item 1: the same.',
			'Item 2: two.',
			'Item 3: the same.',
			'Item 4: the same.',
			'Item 5: one.',
		]);
	});

	test.each<[Status[], string]>([
		[['rejected'], 'Toy refused 1 of 1 item'],
		[['accepted', 'rejected', 'batchRejected', 'notAttempted'], 'Toy refused 2 of 4 items'],
		[['unknown', 'unknown', 'accepted'], 'Toy may or may not have stored 2 of 3 items'],
		[['exhausted', 'accepted'], 'Toy did not take 1 of 2 items'],
		[['rejected', 'exhausted', 'oversize'], 'Toy did not take 3 of 3 items'],
		[['rejected', 'unknown', 'accepted'], 'Toy did not confirm 2 of 3 items'],
	])('%j: %s', (statuses, title) => {
		expect(
			failureTitle(
				'Toy',
				statuses.map((status, index) => report(index, status)),
				undefined,
			),
		).toBe(title);
	});

	test('what ended the run is the title, without its advice where that is long', () => {
		const title = (why: string) => failureTitle('Toy', [report(0, 'notAttempted')], why);
		const long = `look at the token; ${'and at the app '.repeat(8)}`;
		expect(title('Toy refused the token; look at it')).toBe('Toy refused the token; look at it');
		expect(title(long)).toBe('look at the token');
		expect(title('x'.repeat(101) + '; look at the token')).toHaveLength(120);
		expect(title('x'.repeat(102) + '; look at the token')).toHaveLength(102);
	});
});
