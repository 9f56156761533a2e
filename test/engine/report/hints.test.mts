import { expect, test } from '@jest/globals';

import { hintTexts } from '../../../nodes/engine/report/hints.ts';
import type { StatusCounts } from '../../../nodes/engine/report/outcome.ts';

interface Order {
	counts?: StatusCounts;
	names?: Array<[string, string | undefined]>;
	pairs?: string[];
	retriesOnFail?: boolean;
}
const hints = ({ counts = { accepted: 1 }, names = [], pairs = [], retriesOnFail = false }: Order) =>
	hintTexts('Toy', counts, { names: new Map(names), pairs: new Set(pairs) }, retriesOnFail);
const letters = (count: number) => [...'abcdefghijklmno'].slice(0, count);

test('a run of which there is nothing to say says nothing', () => {
	expect(hints({})).toEqual([]);
});

test.each<[string, Order, string[]]>([
	[
		'failures are counted',
		{ counts: { accepted: 2, rejected: 1 } },
		["2 accepted, 1 rejected. See 'delivery' of each item."],
	],
	[
		'an undocumented name is named',
		{ names: [['foo', undefined]] },
		['Not sent, because Toy does not document them: foo.'],
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
		{ names: letters(11).map((name) => [name, undefined]) },
		['Not sent, because Toy does not document them: a, b, c, d, e, f, g, h, i, j and more.'],
	],
	['pairs without a value are named', { pairs: ['x', 'y'] }, ['Left out, because they have no value: x, y.']],
	[
		'of more than ten, the first ten',
		{ pairs: letters(12) },
		['Left out, because they have no value: a, b, c, d, e, f, g, h, i, j and more.'],
	],
	[
		'an answer in an unknown form',
		{ counts: { unconfirmed: 2 } },
		[
			"2 unconfirmed. See 'delivery' of each item.",
			"Toy answered some requests in a form it does not document; see 'response'.",
		],
	],
	[
		'a setting of n8n that the node does better',
		{ retriesOnFail: true },
		["'Retry On Fail' is not needed: this node repeats what is safe to repeat by itself."],
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
		'Toy answered',
		"'Retry On",
	]);
});
