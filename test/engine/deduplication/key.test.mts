import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import { createKeyNames, readKey } from '../../../nodes/engine/deduplication/key.ts';
import type { Destination } from '../../../nodes/engine/account.ts';

const destination = (baseUrl: string, account: Record<string, string>): Destination => ({
	baseUrl,
	account,
	credential: { data: {}, baseUrl, fields: account, secrets: [] },
	id: '1',
});
const here = destination('https://a.example', { appId: '1' });

describe('a key', () => {
	test.each([
		['order 7', 'order 7'],
		[' order 7 ', 'order 7'],
		[7, '7'],
		[0, '0'],
		[12345678901234567890n, '12345678901234567890'],
		['заказ 7', 'заказ 7'],
	])('%p', (value, key) => expect(readKey(value)).toEqual({ key }));

	test.each([
		undefined,
		null,
		'',
		'  ',
		'undefined',
		'null',
		'NaN',
		'1.5E+12',
		'{{ $json.id }}',
		'order [object Object]',
		{},
		[],
		['7'],
		true,
		false,
		Number.NaN,
		2 ** 53,
		1.5,
		new Date(),
	])('none: %p', (value) => {
		const read = readKey(value);
		expect(read).toEqual({
			warning: {
				field: 'rememberKey',
				message: expect.stringMatching(/^The event is not remembered, because 'Send Once per Key' \w/),
			},
		});
	});

	test('its value is never shown', () => {
		fc.assert(
			fc.property(fc.stringMatching(/^[a-z]{12,20}$/), (word) => {
				for (const value of [`${word} {{ 1 }}`, `${word} [object Object]`, { [word]: 1 }, [word]])
					expect(JSON.stringify(readKey(value))).not.toContain(word);
			}),
		);
	});
});

describe('its name among the keys of all destinations', () => {
	test('is the same for the same key, server and account', () => {
		const name = createKeyNames()('7', here);
		expect(createKeyNames()('7', { ...here, id: '2' })).toBe(name);
		// What was remembered before must be found again.
		expect(name).toBe('["https://a.example",{"appId":"1"}]\n7');
	});

	test('differs by each of them', () => {
		const nameOf = createKeyNames();
		const names = [
			nameOf('7', here),
			nameOf('8', here),
			nameOf('7', destination('https://b.example', { appId: '1' })),
			nameOf('7', destination('https://a.example', { appId: '2' })),
			nameOf('7\n', here),
		];
		expect(new Set(names).size).toBe(5);
		expect(nameOf('7', here)).toBe(names[0]);
	});
});
