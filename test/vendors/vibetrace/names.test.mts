/** Names that a user meant: written flat, misspelt, or those of the URL. */
import { expect, test } from '@jest/globals';

import { dataOf, EMAIL, good, IDS, urlOf, warningsOf } from './support.mts';

test('names written flat are paths', () => {
	const flat = {
		type: 'confirmation',
		...IDS,
		'generic.orderId': 'A-1',
		'generic[total]': '10',
		'items[0][id]': 'x',
		'items[0][quantity]': '1',
	};
	expect(good(flat)).toEqual({
		type: 'confirmation',
		...IDS,
		items: [{ id: 'x', quantity: 1 }],
		generic: { orderId: 'A-1', total: 10 },
	});
	expect(good({ type: 'login', ...EMAIL, 'attributes.source': 'shop' })).toEqual({
		type: 'login',
		...EMAIL,
		source: 'shop',
	});
});

test('ts belongs to the URL', () => {
	const event = { type: 'login', ...EMAIL, ts: 7 };
	expect(dataOf(urlOf(event))).toEqual([{ type: 'login', ...EMAIL }]);
	expect(new URL(urlOf(event)).searchParams.get('ts')).toMatch(/^\d{10}$/);
	expect(warningsOf(event)).toEqual([
		{ field: 'ts', message: expect.stringContaining('belongs to the URL') },
	]);
});
