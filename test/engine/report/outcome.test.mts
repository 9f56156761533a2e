import { describe, expect, test } from '@jest/globals';

import {
	countsInWords,
	countStatuses,
	inWords,
	isFailed,
	resendRule,
	STATUSES,
	type Status,
} from '../../../nodes/engine/report/outcome.ts';
import type { ItemReport } from '../../../nodes/engine/report/output.ts';

const report = (index: number, status: Status, more: Partial<ItemReport['delivery']> = {}): ItemReport => ({
	index,
	event: { id: index },
	delivery: { status, ...more },
});

describe('statuses', () => {
	test('which failed, and what a later try of the same run sends again', () => {
		expect(
			Object.fromEntries(STATUSES.map(({ status }) => [status, [isFailed(status), resendRule(status)]])),
		).toEqual({
			accepted: [false, 'never'],
			unconfirmed: [false, 'never'],
			invalid: [true, 'always'],
			oversize: [true, 'ifChanged'],
			rejected: [true, 'ifChanged'],
			batchRejected: [true, 'ifChanged'],
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
});
