import { expect, test } from '@jest/globals';

import type { Field } from '../../../nodes/engine/operation/operation.ts';
import { countsHint, droppedNotes, hintTexts, warningNotes } from '../../../nodes/engine/report/hints.ts';
import type { StatusCounts } from '../../../nodes/engine/report/outcome.ts';

interface Order {
	counts?: StatusCounts;
	names?: Array<[string, string | undefined]>;
	pairs?: string[];
	retriesOnFail?: boolean;
	toErrorOutput?: boolean;
	isSummary?: boolean;
	rows?: string[];
	warned?: { events: number; messages: Set<string> };
}
const hints = ({ counts = { accepted: 1 }, names = [], pairs = [], rows, warned, ...order }: Order) => {
	const dropped = { names: new Map(names), pairs: new Set(pairs), rows: rows && new Set(rows), warned };
	const notes = [...droppedNotes('Toy', dropped), ...warningNotes(dropped)];
	return hintTexts({ vendor: 'Toy', counts, notes, retriesOnFail: false, toErrorOutput: false, ...order });
};
const letters = (count: number) => [...'abcdefghijklmno'].slice(0, count);

test('a run of which there is nothing to say says nothing', () => {
	expect(hints({})).toEqual([]);
	expect(countsHint({})).toBeUndefined();
});

test.each<[string, Order, string[]]>([
	[
		'failures are counted',
		{ counts: { accepted: 1_972, rejected: 28 } },
		["1,972 accepted, 28 rejected. See 'delivery' of each item."],
	],
	[
		'on an error output they stand elsewhere',
		{ counts: { accepted: 2, rejected: 1 }, toErrorOutput: true },
		["2 accepted, 1 rejected. See 'details.delivery' of each item on the error output."],
	],
	[
		'a summary has no items',
		{ counts: { accepted: 2, rejected: 1 }, isSummary: true },
		['2 accepted, 1 rejected.'],
	],
	[
		'a summary with an error output has those that failed',
		{ counts: { accepted: 2, rejected: 1 }, isSummary: true, toErrorOutput: true },
		["2 accepted, 1 rejected. See 'details.delivery' of each item on the error output."],
	],
	[
		'an undocumented name is named',
		{ names: [['foo', undefined]] },
		['Not sent, because Toy does not document it: foo.'],
	],
	[
		'with the name that may have been meant',
		{
			names: [
				['agee', 'age'],
				['foo', undefined],
				['cart[0].prise', 'price'],
			],
		},
		[
			'Not sent, because Toy does not document them: agee (did you mean age?), foo, cart[0].prise (did you mean price?).',
		],
	],
	[
		'ten names are all named',
		{ names: letters(10).map((name) => [name, undefined]) },
		['Not sent, because Toy does not document them: a, b, c, d, e, f, g, h, i, j.'],
	],
	[
		'of more, the first ten',
		{ names: letters(12).map((name) => [name, undefined]) },
		['Not sent, because Toy does not document them: a, b, c, d, e, f, g, h, i, j and 2 more.'],
	],
	[
		'names are a stranger’s text',
		{
			names: [
				['<img src=x onerror=alert(1)>', undefined],
				['x'.repeat(2_000_000), undefined],
				['to\u200bken', 'token'],
			],
			pairs: ['<b>\n'],
		},
		[
			`Not sent, because Toy does not document them: &lt;img src=x onerror=alert(1)&gt;, ${'x'.repeat(63)}…, to\\u200bken (did you mean token?).`,
			'Left out, because it has no value: &lt;b&gt;\\n.',
		],
	],
	['empty rows', { rows: ['Cart', 'Items'] }, ["Empty rows were left out: 'Cart', 'Items'."]],
	[
		'warnings are counted, the first three quoted',
		{ warned: { events: 2, messages: new Set(['a', 'b', 'c', 'd']) } },
		["2 items have warnings, see 'delivery.warnings': a; b; c; and others."],
	],
	['pairs without a value are named', { pairs: ['x', 'y'] }, ['Left out, because they have no value: x, y.']],
	[
		'of more than ten, the first ten',
		{ pairs: letters(12) },
		['Left out, because they have no value: a, b, c, d, e, f, g, h, i, j and 2 more.'],
	],
	[
		'an answer in an unknown form, also where failed items go to the error output',
		{ counts: { unconfirmed: 2 }, toErrorOutput: true },
		[
			"2 unconfirmed. See 'delivery' of each item.",
			"Toy did not refuse 2 items, but its answer has a form that it does not document. See 'response', and check in Toy that they arrived.",
		],
	],
	[
		'a setting of n8n that the node does better',
		{ retriesOnFail: true },
		["'Retry On Fail' is on, and this node does not need it: it already repeats what is safe to repeat."],
	],
])('%s', (_, order, texts) => expect(hints(order)).toEqual(texts));

test('all of it, in this order', () => {
	const texts = hints({
		counts: { rejected: 1, unconfirmed: 1 },
		names: [['foo', undefined]],
		pairs: ['x'],
		retriesOnFail: true,
	});
	expect(texts.map((text) => text.split(' ', 2).join(' '))).toEqual([
		'1 unconfirmed,',
		'Not sent,',
		'Left out,',
		'Toy did',
		"'Retry On",
	]);
});

test('empty fields are named with their counts, a time with what the vendor takes for it; the zone used is named', () => {
	const field = (wire: string, label: string, type: Field['type'], vendorDefault?: string): Field => ({
		wire,
		label,
		help: '',
		type,
		evidence: 'documented',
		...(vendorDefault === undefined ? {} : { vendorDefault }),
	});
	const empty = new Map([
		[field('eventTime', 'Event Time', { kind: 'time', as: 'isoUtc' }, 'the time it receives the event'), 1],
		[field('sum', 'Sum', { kind: 'decimal', as: 'number' }), 1],
		[field('name', 'Name', { kind: 'text' }), 12_000],
	]);
	const dropped = {
		names: new Map<string, undefined>(),
		pairs: new Set<string>(),
		empty,
		zoneUsed: 'America/New_York',
	};
	expect(droppedNotes('Toy', dropped)).toEqual([
		"'Event Time' (eventTime) is empty in 1 item: Toy takes the time it receives the event there.",
		"Empty, and left out there: 'Sum' (sum) in 1 item, 'Name' (name) in 12,000 items.",
		'Times without a time zone were read in America/New_York, the time zone of this workflow.',
	]);
});
