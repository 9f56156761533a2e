import { isIPv6 } from 'node:net';

import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import { asIpv6 } from '../../../nodes/AppMetrica/fields.ts';
import { IPV6 } from '../../../nodes/engine/check/formats.ts';
import { importEvents } from '../../../nodes/AppMetrica/importEvents.ts';
import type { Json } from '../../../nodes/engine/operation/operation.ts';
import { NOW, SECONDS, least, fieldOf, check, checked } from './support.mts';

const CHARS_101 = 'x'.repeat(101);
/** Per row: what is taken and what it becomes, and what is refused. */
const VALUES: Record<string, { takes: Array<[unknown, string]>; refuses: unknown[]; warns?: unknown[] }> = {
	profile_id: {
		takes: [
			['user-42', 'user-42'],
			[42, '42'],
			['007', '007'],
			[9007199254740993n, '9007199254740993'],
		],
		refuses: [true, {}, [], 1.5, 2 ** 53],
	},
	appmetrica_device_id: {
		takes: [
			['1', '1'],
			['18446744073709551615', '18446744073709551615'],
			[18446744073709551615n, '18446744073709551615'],
			[5, '5'],
		],
		refuses: [2 ** 63, 1.5, true, 'c0ffee00c0ffee00c0ffee00c0ffee00', 'user', {}],
		warns: ['0', '18446744073709551616', '-1'],
	},
	event_name: {
		takes: [
			['Покупка 🛒 "50%", it’s', 'Покупка 🛒 "50%", it’s'],
			[5, '5'],
		],
		refuses: ['', undefined, null, false, {}],
	},
	event_timestamp: {
		takes: [
			[SECONDS, String(SECONDS)],
			['1234567890', '1234567890'],
			['2026-11-22T12:00:00', String(SECONDS)],
			['2026-11-22T09:00:00Z', String(SECONDS)],
			[new Date(NOW), String(SECONDS)],
			[SECONDS + 0.7, String(SECONDS)],
		],
		refuses: [NOW, String(NOW), 'yesterday', true, {}, '', undefined],
	},
	event_json: {
		takes: [
			[{ sum: '10', item: { id: '7' } }, '{"sum":"10","item":{"id":"7"}}'],
			['{ "a": 1 }', '{"a":1}'],
			['{"id":\n12345678901234567890}', '{"id":12345678901234567890}'],
			// PHP writes an empty object as a list.
			['[]', '{}'],
			[{ text: 'a\nb' }, '{"text":"a\\nb"}'],
		],
		refuses: ['{', '[1]', [1], 5, true, { id: 2 ** 60 }],
	},
	session_type: {
		takes: [
			['foreground', 'foreground'],
			['background', 'background'],
		],
		refuses: ['Foreground', 'none', true, 1],
	},
	os_name: {
		takes: [
			['ios', 'ios'],
			['android', 'android'],
			['windows', 'windows'],
		],
		refuses: ['iOS', 'linux', {}],
	},
	device_type: {
		takes: ['phone', 'tablet', 'phablet', 'tv', 'desktop', 'unknown'].map((value): [string, string] => [
			value,
			value,
		]),
		refuses: ['watch', 0, true],
	},
	connection_type: {
		takes: [
			['wifi', 'wifi'],
			['cell', 'cell'],
			['unknown', 'unknown'],
		],
		refuses: ['5g', {}],
	},
	os_version: {
		takes: [
			['16.10', '16.10'],
			[16, '16'],
		],
		refuses: [16.1, true],
	},
	app_version_name: {
		takes: [
			['3.10.0', '3.10.0'],
			[3, '3'],
		],
		refuses: [3.1, {}],
	},
	mcc: {
		takes: [
			['250', '250'],
			[250, '250'],
			['052', '52'],
			[0, '0'],
		],
		refuses: [2.5, 'x', true],
		warns: [1000, -1],
	},
	mnc: {
		takes: [
			['02', '2'],
			[2, '2'],
			['999', '999'],
		],
		refuses: ['0x1', {}],
		warns: ['1000'],
	},
	device_ipv6: {
		takes: [
			['2a02:6b8::40c:6676:baff:fea6:53d8', '2a02:6b8::40c:6676:baff:fea6:53d8'],
			['::1', '::1'],
			['5.255.232.147', '::ffff:5.255.232.147'],
			['::ffff:5.255.232.147', '::ffff:5.255.232.147'],
		],
		refuses: [
			'2a02:6b8:: 40c',
			'256.1.1.1',
			'1.2.3',
			':::',
			'fe80::1%eth0',
			'5.255.232.147, 10.0.0.1',
			true,
			5,
			CHARS_101,
		],
	},
	...Object.fromEntries(
		[
			'ios_ifa',
			'ios_ifv',
			'google_aid',
			'windows_aid',
			'device_manufacturer',
			'device_model',
			'device_locale',
			'app_package_name',
			'operator_name',
		].map((name) => [
			name,
			{
				takes: [
					['МегаФон, "4G" +7', 'МегаФон, "4G" +7'],
					[7, '7'],
				] as Array<[unknown, string]>,
				refuses: [true, {}, [], 0.5, 2 ** 53],
			},
		]),
	),
};

describe('values', () => {
	const without = (name: string): Json => {
		if (name !== 'appmetrica_device_id') return least;
		const { profile_id: _, ...rest } = least;
		return rest;
	};

	test('each row of the table is here', () => {
		expect(Object.keys(VALUES).sort()).toEqual(importEvents.fields.map(({ wire }) => wire).sort());
	});

	describe.each(importEvents.fields.map(({ wire, example }) => [wire, example] as const))(
		'%s',
		(name, example) => {
			const { takes, refuses, warns = [] } = VALUES[name];

			test('takes what people have', () => {
				for (const [value, wire] of takes)
					expect([value, checked({ ...without(name), [name]: value })[name]]).toEqual([value, wire]);
				if (example !== undefined)
					expect(check({ ...without(name), [name]: example })).not.toHaveProperty('issues');
			});

			test('sends what only we would refuse, with a warning', () => {
				for (const value of warns) {
					const result = check({ ...without(name), [name]: value });
					expect([value, result.warnings]).toEqual([
						value,
						[{ field: name, message: expect.stringContaining(`'${fieldOf(name)?.label}' (${name}) `) }],
					]);
					expect('event' in result && result.event[name]).toBe(String(value));
					expect(check({ ...without(name), [name]: value }, 0, 'refuse')).toHaveProperty('issues');
				}
			});

			test('refuses the rest, with its label and its name', () => {
				for (const value of refuses) {
					const result = check({ ...without(name), [name]: value });
					const issues = 'issues' in result ? result.issues : [];
					expect([value, issues.map(({ field }) => field)]).toEqual([value, [name]]);
					expect(issues[0].message).toContain(`'${fieldOf(name)?.label}' (${name}) `);
				}
			});
		},
	);

	test('a hexadecimal device ID is the wrong ID, and is told so', () => {
		for (const id of ['c0ffee00c0ffee00c0ffee00c0ffee00', '0x1F', 'E621E1F8-C36C-495A-93FC-0C247A3E6E5F']) {
			const result = check({ ...without('appmetrica_device_id'), appmetrica_device_id: id });
			expect(result).toMatchObject({
				issues: [{ message: expect.stringMatching(/hexadecimal.*decimal hash/) }],
			});
			expect(JSON.stringify('issues' in result && result.issues)).not.toContain(id);
		}
		expect(check({ ...without('x'), profile_id: '', appmetrica_device_id: 'user-42' })).toMatchObject({
			issues: [{ message: expect.not.stringContaining('hexadecimal') }],
		});
	});

	test('the age of an event', () => {
		const at = (seconds: number, days: number) => check({ ...least, event_timestamp: seconds }, days);
		const result = (seconds: number, days: number) => {
			const found = at(seconds, days);
			return ['issues' in found ? found.issues.length : 0, found.warnings?.length ?? 0];
		};
		const [fine, warned, refused] = [
			[0, 0],
			[0, 1],
			[1, 0],
		];
		expect(result(SECONDS - 7 * 86_400, 14)).toEqual(fine);
		expect(result(SECONDS - 7 * 86_400 - 1, 14)).toEqual(warned);
		expect(result(SECONDS - 14 * 86_400 + 3_601, 14)).toEqual(warned);
		expect(result(SECONDS - 14 * 86_400 + 3_599, 14)).toEqual(refused);
		expect(result(SECONDS - 7 * 86_400 + 3_599, 7)).toEqual(refused);
		expect(result(SECONDS - 20 * 86_400, 30)).toEqual(warned);
		expect(result(SECONDS + 300, 14)).toEqual(fine);
		expect(result(SECONDS + 301, 14)).toEqual(warned);
		// 0 switches off every check of the age, of a time ahead of now too.
		expect([result(1_234_567_890, 0), result(SECONDS + 301, 0)]).toEqual([fine, fine]);
		expect(at(SECONDS + 3 * 3_600, 14).warnings).toEqual([
			{
				field: 'event_timestamp',
				message: "'Event Time' (event_timestamp) is 3 hours ahead of now; check the time zone",
			},
		]);
		expect(at(SECONDS - 8 * 86_400, 14).warnings).toEqual([
			{
				field: 'event_timestamp',
				message:
					"'Event Time' (event_timestamp) is older than 7 days: the current pages of AppMetrica allow 14 days, an older one only 7",
			},
		]);
	});

	test('names that the page does not have are left out, and told', () => {
		const result = check({ ...least, device_modell: 'x', ifa: '' });
		expect(result).toMatchObject({ event: least });
		expect([...result.leftOut.names]).toEqual([['device_modell', 'device_model']]);
	});
});

describe('IPv6 addresses are those that Node.js knows', () => {
	const agree = (text: string) => expect([text, IPV6.is.test(text)]).toEqual([text, isIPv6(text)]);

	test('well-formed ones', () => {
		fc.assert(fc.property(fc.ipV6(), agree), { numRuns: 500 });
		fc.assert(fc.property(fc.ipV4(), (text) => agree(asIpv6(text))));
	});

	test('whatever is put together of groups and colons', () => {
		const piece = fc.constantFrom(
			':',
			'::',
			':',
			'0',
			'ffff',
			'12345',
			'g',
			'1.2.3.4',
			'1.2.3.256',
			'01.2.3.4',
			'.',
		);
		fc.assert(
			fc.property(
				fc.array(piece, { maxLength: 17 }).map((pieces) => pieces.join('')),
				agree,
			),
			{ numRuns: 5_000 },
		);
		const groups = fc.array(fc.constantFrom('0', 'ab', 'FFFF', ''), { maxLength: 10 });
		fc.assert(
			fc.property(groups, fc.constantFrom('', ':1.2.3.4', '::'), (list, tail) =>
				agree(list.join(':') + tail),
			),
			{ numRuns: 5_000 },
		);
	});
});
