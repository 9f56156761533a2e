import { expect, test } from '@jest/globals';

import { invalidMessage } from '../../../nodes/engine/report/invalid.ts';

const messageOf = (sentences: string[], more?: number) =>
	invalidMessage(
		sentences.map((message) => ({ field: 'a', message })),
		more,
	);

test.each([
	[
		'the fact alone',
		["'Age' (age) must be a whole number from 0 to 128"],
		"Not sent: 'Age' must be a whole number from 0 to 128",
	],
	[
		'without the advice, which stands in the issue',
		[
			"'Event Time' (eventTimestamp) is not a time: \"24.11.2026 10:20\"; use .toDateTime('dd.MM.yyyy HH:mm')",
		],
		'Not sent: \'Event Time\' is not a time: "24.11.2026 10:20"',
	],
	[
		'a quoted value is not cut',
		['\'Name\' (name) is not one of the list: "a; b"; choose one'],
		'Not sent: \'Name\' is not one of the list: "a; b"',
	],
	[
		'a name inside the sentence stays',
		['customPlatformUserId (x) is required; a'],
		'Not sent: customPlatformUserId (x) is required',
	],
	['of two', ["'A' (a) is wrong", 'B'], "Not sent: 'A' is wrong; 1 more problem, see 'issues'"],
	[
		'of three',
		["'A' (a) is wrong; fix it", 'B', 'C'],
		"Not sent: 'A' is wrong; 2 more problems, see 'issues'",
	],
	['of none that is known', [], 'Not sent: the event is invalid'],
])('an invalid item in one sentence: %s', (_, sentences, message) => {
	expect(messageOf(sentences)).toBe(message);
});

test('issues that are not kept are counted too', () => {
	expect(messageOf(["'A' (a) is wrong", 'B'], 7)).toBe(
		"Not sent: 'A' is wrong; 8 more problems, see 'issues'",
	);
});
