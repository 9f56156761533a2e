import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import {
	asDescription,
	failureDescription,
	failureLines,
	failureTitle,
	nothingSentDescription,
	nothingSentTitle,
	type StoppedRun,
} from '../../../nodes/engine/report/failure.ts';
import { STOPPED_BEFORE } from '../../../nodes/engine/delivery/messages.ts';
import { isFailed, STATUSES, type Status } from '../../../nodes/engine/report/outcome.ts';
import type { ItemReport } from '../../../nodes/engine/report/output.ts';

const report = (index: number, status: Status, more: Partial<ItemReport['delivery']> = {}): ItemReport => ({
	index,
	event: { id: index },
	delivery: { status, ...more },
});
const invalid = (index: number, ...messages: string[]) =>
	report(index, 'invalid', {
		message: 'short',
		issues: messages.map((message) => ({ field: 'a', message })),
	});
const lines = (text: string) => text.split('<br>\n');

describe('the failures of a stopped run', () => {
	test('each reason once, with its items, in the order in which they come', () => {
		const reports = ['one', 'two', 'one', 'one', 'three.', 'two'].map((message, index) =>
			report(index, 'rejected', { message }),
		);
		expect(failureLines(reports)).toEqual([
			'Items 0, 2-3 (rows 1, 3-4): one.',
			'Items 1, 5 (rows 2, 6): two.',
			'Item 4 (row 5): three.',
		]);
	});

	test('every fault of an invalid event, each once for all the items that have it', () => {
		expect(
			failureLines([invalid(1, "'Age' (age) is required", 'Sum'), report(2, 'accepted'), invalid(8, 'Sum')]),
		).toEqual(["Item 1 (row 2): 'Age' (age) is required.", 'Items 1, 8 (rows 2, 9): Sum.']);
	});

	test('the faults that an item has beside those it keeps are counted', () => {
		const more = report(0, 'invalid', { issues: [{ field: 'a', message: 'A' }], moreIssues: 7 });
		expect(failureLines([more])).toEqual(['Item 0 (row 1): A.', 'Item 0 (row 1): and 7 more problems.']);
	});

	test('twenty reasons are listed, the other items are named as ranges', () => {
		const reports = Array.from({ length: 60 }, (_, index) =>
			report(index, index < 30 ? 'rejected' : index < 35 ? 'accepted' : 'notAttempted', {
				message: index < 35 ? `why ${index}` : STOPPED_BEFORE,
			}),
		);
		const all = failureLines(reports);
		expect(all.slice(0, 20)).toEqual(
			Array.from({ length: 20 }, (_, index) => `Item ${index} (row ${index + 1}): why ${index}.`),
		);
		expect(all.slice(20)).toEqual([
			'Also rejected: items 20-29 (rows 21-30).',
			'Also not attempted: items 35-59 (rows 36-60).',
		]);
	});

	test('what was not attempted because of a failure has no reason of its own', () => {
		const refused = report(1, 'rejected', { message: 'See 1.2.' });
		const stopped = report(0, 'notAttempted', { message: STOPPED_BEFORE });
		expect(failureLines([stopped, refused])).toEqual([
			'Item 1 (row 2): See 1.2.',
			'Also not attempted: item 0 (row 1).',
		]);
		const ended = report(0, 'notAttempted', { message: 'the token is wrong' });
		expect(failureLines([ended, refused], 'the token is wrong')).toEqual([
			'Item 1 (row 2): See 1.2.',
			'Also not attempted: item 0 (row 1).',
		]);
	});

	test('what was not attempted for a reason of its own says so', () => {
		const reports = [
			report(0, 'notAttempted', { message: 'the token is not for this app' }),
			report(1, 'rejected', { message: 'no' }),
			report(2, 'notAttempted', { message: STOPPED_BEFORE }),
		];
		expect(failureLines(reports)).toEqual([
			'Item 1 (row 2): no.',
			'Item 0 (row 1): the token is not for this app.',
			'Also not attempted: item 2 (row 3).',
		]);
	});

	test('where nothing was attempted, that is the reason', () => {
		const message = 'MyTracker refused the token';
		expect(failureLines([0, 1, 2].map((index) => report(index, 'notAttempted', { message })))).toEqual([
			'Items 0-2 (rows 1-3): MyTracker refused the token.',
		]);
	});

	test('what the title says already is not said again', () => {
		const ended = 'The base URL redirects to x.example; check it in the credential';
		const reports = [0, 1].map((index) => report(index, 'notAttempted', { message: ended }));
		expect(lines(failureDescription(ended, reports, { ended, requests: 1 }))).toEqual([
			'2 items: 2 not attempted.',
			'Items 0-1 (rows 1-2): not attempted.',
		]);
		expect(
			lines(failureDescription('The base URL redirects to x.example', reports, { ended, requests: 1 })),
		).toEqual(['2 items: 2 not attempted.', `Items 0-1 (rows 1-2): ${ended}.`]);
	});

	test('name every failed item once or more, and no other', () => {
		const statuses = fc.constantFrom(...STATUSES.map(({ status }) => status));
		const reports = fc.array(fc.tuple(statuses, fc.constantFrom('a', 'b', 'c')), { maxLength: 10 });
		fc.assert(
			fc.property(reports, (drawn) => {
				const all = drawn.map(([status, message], index) => report(index, status, { message }));
				const named = failureLines(all).flatMap((line) => {
					const ranges = /items? ([\d, -]+) \(/i.exec(line)?.[1] ?? '';
					return ranges.split(', ').flatMap((range) => {
						const [from = 0, to = from] = range.split('-').map(Number);
						return Array.from({ length: to - from + 1 }, (_, at) => from + at);
					});
				});
				const failed = all.filter(({ delivery }) => isFailed(delivery.status)).map(({ index }) => index);
				expect([...named].sort((one, other) => one - other)).toEqual(failed);
			}),
		);
	});
});

describe('the title of a stopped run', () => {
	test.each<[Status[], string]>([
		[['rejected'], 'Toy refused 1 of 1 item'],
		[['accepted', 'rejected', 'batchRejected', 'notAttempted'], 'Toy refused 2 of 4 items'],
		[['unknown', 'unknown', 'accepted'], 'Toy may or may not have stored 2 of 3 items'],
		[['exhausted', 'accepted'], 'Toy did not accept 1 of 2 items'],
		[['rejected', 'exhausted', 'oversize'], 'Toy did not accept 3 of 3 items'],
		[['rejected', 'unknown', 'accepted'], 'Toy did not confirm 2 of 3 items'],
	])('%j: %s', (statuses, title) => {
		const reports = statuses.map((status, index) => report(index, status));
		expect(failureTitle('Toy', reports, undefined)).toBe(title);
	});

	test('is what ended the run, without its advice where that is long', () => {
		const title = (why: string) => failureTitle('Toy', [report(0, 'notAttempted')], why);
		const long = `look at the token; ${'and at the app '.repeat(8)}`;
		expect(title('Toy refused the token; look at it')).toBe('Toy refused the token; look at it');
		expect(title(long)).toBe('look at the token');
		expect(title('x'.repeat(101) + '; look at the token')).toHaveLength(120);
		expect(title('x'.repeat(102) + '; look at the token')).toHaveLength(102);
	});
});

describe('the description of a stopped run', () => {
	const describeRun = (reports: ItemReport[], more: Partial<StoppedRun> & { title?: string } = {}) =>
		lines(failureDescription(more.title ?? 'Title', reports, { requests: 1, ...more }));
	const refused = report(1, 'rejected', { message: 'Toy refused this event; check its fields' });
	const accepted = (index: number) => report(index, 'accepted');

	test('counts first, then the reason, then what became of the others', () => {
		expect(describeRun([accepted(0), refused, accepted(2), accepted(3), accepted(4)])).toEqual([
			'5 items: 4 accepted, 1 rejected.',
			'Item 1 (row 2): Toy refused this event; check its fields.',
			"The 4 accepted are stored. After a fix use 'Retry' in the executions list; a new run would send them again.",
		]);
	});

	test('one other, and others that were not confirmed', () => {
		expect(describeRun([accepted(0), refused]).at(-1)).toBe(
			"The 1 accepted is stored. After a fix use 'Retry' in the executions list; a new run would send it again.",
		);
		expect(describeRun([accepted(0), refused, report(2, 'unconfirmed')]).at(-1)).toBe(
			"The 1 accepted and 1 unconfirmed are stored. After a fix use 'Retry' in the executions list; a new run would send them again.",
		);
		expect(describeRun([report(0, 'unconfirmed'), refused]).at(-1)).toBe(
			"The 1 unconfirmed is most likely stored. After a fix use 'Retry' in the executions list; a new run would send it again.",
		);
	});

	test('where nothing is stored there is nothing to say of it', () => {
		expect(describeRun([refused])).toEqual([
			'1 item: 1 rejected.',
			'Item 1 (row 2): Toy refused this event; check its fields.',
		]);
	});

	test('a retry that sent nothing says so; one that sent the rest does not', () => {
		expect(describeRun([refused], { isRetry: true, requests: 0 }).at(-1)).toBe('Nothing was sent again.');
		expect(describeRun([accepted(0), refused], { isRetry: true, requests: 0 }).slice(2)).toEqual([
			'Nothing was sent again.',
			"The 1 accepted is stored. After a fix use 'Retry' in the executions list; a new run would send it again.",
		]);
		expect(describeRun([refused], { isRetry: true, requests: 1 })).not.toContain('Nothing was sent again.');
		expect(describeRun([refused], { requests: 0 })).not.toContain('Nothing was sent again.');
	});

	test('why the run ended, unless the title or a line says it', () => {
		const ended = 'Toy refused the token; look at it';
		const own = report(0, 'notAttempted', { message: ended });
		expect(describeRun([refused], { ended })).toContain(`${ended}.`);
		expect(describeRun([refused], { ended, title: ended })).not.toContain(`${ended}.`);
		expect(describeRun([own], { ended })).toEqual(['1 item: 1 not attempted.', `Item 0 (row 1): ${ended}.`]);
	});

	test('what hints would say stands at its end, since n8n drops them when a node throws', () => {
		const note = 'Not sent, because Toy does not document it: userid (did you mean customUserId?).';
		expect(describeRun([refused], { notes: [note] }).at(-1)).toBe(note);
	});

	test('has at most 64 KB, whatever the reasons are', () => {
		const long = Array.from({ length: 20 }, (_, index) =>
			invalid(index, ...Array.from({ length: 20 }, (_, at) => `${index} ${at} ${'ж'.repeat(100_000)}`)),
		);
		const text = failureDescription('Title', long, { requests: 0 });
		expect(Buffer.byteLength(text, 'utf8')).toBeLessThanOrEqual(65_536);
		expect(lines(text)[0]).toBe('20 items: 20 invalid.');
		const many = asDescription(Array.from({ length: 100 }, () => 'x'.repeat(1_000)));
		expect(Buffer.byteLength(many, 'utf8')).toBeLessThanOrEqual(65_536);
		expect(lines(many).at(-1)).toBe('…');
	});

	test('of 100,000 failed items takes no time worth mentioning', () => {
		const all = Array.from({ length: 100_000 }, (_, index) =>
			invalid(index, `'Time' must be a time, not "${index}"`, "'Age' (age) is required"),
		);
		const started = performance.now();
		failureDescription('Title', all, { requests: 0 });
		expect(performance.now() - started).toBeLessThan(10_000);
	});
});

describe('a run in which nothing was sent', () => {
	test('says how many items need a fix', () => {
		expect(nothingSentTitle(2, 10)).toBe('Nothing was sent: 2 of 10 items need a fix');
		expect(nothingSentTitle(1, 10)).toBe('Nothing was sent: 1 of 10 items needs a fix');
		expect(nothingSentTitle(1, 1)).toBe('Nothing was sent: 1 of 1 item needs a fix');
	});

	test('then each reason, what was left out, and how to send the others', () => {
		const failed = [invalid(1, 'A is required'), invalid(8, 'A is required')];
		const note = 'Not sent, because Toy does not document it: a1 (did you mean A?).';
		expect(lines(nothingSentDescription(failed, 10, [note]))).toEqual([
			'Items 1, 8 (rows 2, 9): A is required.',
			note,
			"To send the other 8 without a fix, set 'On Error' in the node's settings to 'Continue'.",
		]);
		expect(lines(nothingSentDescription(failed, 3)).at(-1)).toBe(
			"To send the other item without a fix, set 'On Error' in the node's settings to 'Continue'.",
		);
		expect(lines(nothingSentDescription(failed, 2))).toEqual(['Items 1, 8 (rows 2, 9): A is required.']);
	});
});
