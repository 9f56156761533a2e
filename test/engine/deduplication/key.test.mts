import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import { hashOfKey, readKey } from '../../../nodes/engine/deduplication/key.ts';
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

describe('its hash', () => {
	test('is the same for the same key, server and account', () => {
		expect(hashOfKey('7', here)).toBe(hashOfKey('7', { ...here, id: '2' }));
		expect(hashOfKey('7', here)).toBe('0kzRhcWDuPZ0IvEdNS1sszUgjS1E7jZ4QNn/QdcHiVo=');
	});

	test('differs by each of them', () => {
		const hashes = [
			hashOfKey('7', here),
			hashOfKey('8', here),
			hashOfKey('7', destination('https://b.example', { appId: '1' })),
			hashOfKey('7', destination('https://a.example', { appId: '2' })),
		];
		expect(new Set(hashes).size).toBe(4);
	});
});
