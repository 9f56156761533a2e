import { isIPv4, isIPv6 } from 'node:net';

import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import { EMAIL, IPV4, IPV6, UUID } from '../../../nodes/engine/check/formats.ts';

/** Node.js also takes a zone (`fe80::1%eth0`), which is of one machine only. */
const isIpv6 = (text: string): boolean => isIPv6(text) && !text.includes('%');

describe('addresses', () => {
	test('agree with Node.js on every address that it makes and on texts that look like one', () => {
		fc.assert(
			fc.property(
				fc.oneof(
					fc.ipV4(),
					fc.ipV6(),
					fc.string({ unit: fc.constantFrom(...'0123456789abcdefF:.:'), maxLength: 45 }),
					fc
						.array(fc.constantFrom('', '0', '1', '01', '255', '256', 'ffff', 'fffff', '1.2.3.4'), {
							maxLength: 10,
						})
						.map((groups) => groups.join(':')),
				),
				(text) => {
					expect([text, IPV6.is.test(text)]).toEqual([text, isIpv6(text)]);
					expect([text, IPV4.is.test(text)]).toEqual([text, isIPv4(text)]);
				},
			),
			{ numRuns: 5_000 },
		);
	});

	test.each([
		':::',
		'1::2::3',
		'1:2:3:4:5:6:7:8:9',
		'1:2:3:4:5:6:7',
		'12345::',
		'::1.2.3.256',
		'fe80::1%eth0',
		'',
	])('%j is no IPv6 address', (text) => expect(IPV6.is.test(text)).toBe(false));
	test.each(['::', '::1', '1::', '2001:DB8::8a2e:370:7334', '::ffff:203.0.113.7', '1:2:3:4:5:6:7:8'])(
		'%j is an IPv6 address',
		(text) => expect(IPV6.is.test(text)).toBe(true),
	);
	test.each(['01.02.03.04', '1.2.3', '1.2.3.4.5', '256.1.1.1', ' 1.2.3.4', '1.2.3.4\n'])(
		'%j is no IPv4 address',
		(text) => expect(IPV4.is.test(text)).toBe(false),
	);
});

test('an e-mail address has one @ with something on both sides and no blank', () => {
	for (const text of ['a@b', 'почта@пример.рф', "o'hara+x@mail.example"])
		expect(EMAIL.is.test(text)).toBe(true);
	for (const text of ['a', '@b', 'a@', 'a@b@c', 'a b@c', ' a@b', '']) expect(EMAIL.is.test(text)).toBe(false);
});

test('a UUID is 8-4-4-4-12 hexadecimal digits in either case', () => {
	fc.assert(
		fc.property(fc.uuid(), (text) => {
			expect([text, text.toUpperCase()].every((one) => UUID.is.test(one))).toBe(true);
			expect(
				[text.slice(1), `${text}0`, text.replace(/-/g, ''), `{${text}}`].some((one) => UUID.is.test(one)),
			).toBe(false);
		}),
	);
	expect(UUID.is.test('00000000-0000-0000-0000-000000000000')).toBe(true);
});
