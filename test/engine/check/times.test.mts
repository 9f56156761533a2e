import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { DateTime } from 'luxon';

import type { ValueType } from '../../../nodes/engine/operation/operation.ts';
import { check, doubtsOf, errorOf, NOW, valueOf, warningsOf } from './support.mts';

describe('times', () => {
	const type: ValueType = { kind: 'time', as: 'secondsText' };
	const expected = '1795339800'; // 2026-11-22T09:30:00Z

	test.each<[string, unknown]>([
		['Unix seconds', 1_795_339_800],
		['Unix seconds as text', '1795339800'],
		['Unix seconds with a fraction', 1_795_339_800.9],
		['BigInt', 1_795_339_800n],
		['ISO 8601 with Z', '2026-11-22T09:30:00Z'],
		['ISO 8601 with an offset', '2026-11-22T12:30:00+03:00'],
		['ISO 8601 with milliseconds', '2026-11-22T09:30:00.123Z'],
		["a date without a zone, in the workflow's", '2026-11-22T12:30:00'],
		['with a blank', '2026-11-22 12:30:00'],
		['Date', new Date('2026-11-22T09:30:00Z')],
		['Luxon DateTime', DateTime.fromISO('2026-11-22T09:30:00Z')],
		['Luxon in another zone', DateTime.fromISO('2026-11-22T18:30:00', { zone: 'Asia/Tokyo' })],
		['another copy of Luxon', { toMillis: () => 1_795_339_800_000 }],
	])('%s', (_, value) => expect(valueOf(type, value)).toBe(expected));

	test('as JSON numbers: in seconds, and in milliseconds, which may then be given too', () => {
		const millis: ValueType = { kind: 'time', as: 'millisNumber' };
		expect(valueOf({ kind: 'time', as: 'secondsNumber' }, '2026-11-22T09:30:00Z')).toBe(1_795_339_800);
		expect(errorOf({ kind: 'time', as: 'secondsNumber' }, 1_795_339_800_123)).toMatch(/^is in milliseconds/);
		for (const given of [
			1_795_339_800_123,
			'1795339800123',
			' 1795339800123 ',
			1_795_339_800_123n,
			'2026-11-22T09:30:00.123Z',
			new Date(1_795_339_800_123),
		])
			expect(valueOf(millis, given)).toBe(1_795_339_800_123);
		expect(valueOf(millis, 1_795_339_800)).toBe(1_795_339_800_000);
		expect(errorOf(millis, 1_795_339_800_123_456)).toMatch(/^is in microseconds/);
		expect(errorOf(millis, 900_000_000_000)).toMatch(/^is in milliseconds/);
		expect(errorOf(millis, 1_795_339_800_123.5)).toMatch(/^is in milliseconds/);
	});

	test('a time that may be any is not told to be ahead of now', () => {
		const ends = '2099-01-01T00:00:00Z';
		expect(doubtsOf(type, ends)).toHaveLength(1);
		expect(doubtsOf({ kind: 'time', as: 'secondsText', ahead: 'any' }, ends)).toEqual([]);
	});

	test('a date without a zone is read in the zone given, summer time included', () => {
		expect(valueOf(type, '2026-07-01T12:00:00', { zone: 'Europe/Berlin' })).toBe(
			String(Date.parse('2026-07-01T10:00:00Z') / 1000),
		);
		expect(valueOf(type, '2026-01-01T12:00:00', { zone: 'Europe/Berlin' })).toBe(
			String(Date.parse('2026-01-01T11:00:00Z') / 1000),
		);
		expect(valueOf(type, '2026-07-01', { zone: 'America/New_York' })).toBe(
			String(Date.parse('2026-07-01T04:00:00Z') / 1000),
		);
		expect(valueOf(type, '2026-07-01T12:00:00Z', { zone: 'Europe/Berlin' })).toBe(
			String(Date.parse('2026-07-01T12:00:00Z') / 1000),
		);
	});

	test.each<[unknown, RegExp]>([
		[1_795_339_800_000, /milliseconds/],
		[100_000_000_000, /milliseconds/],
		[-100_000_000_000, /milliseconds/],
		['1795339800000', /milliseconds/],
		[1_795_339_800_000_000n, /microseconds/],
		[1_795_339_800_000_000_000n, /nanoseconds/],
		['yesterday', /^is not a time/],
		['22.11.2026', /^is not a time/],
		['2026-13-01', /^is not a time/],
		[true, /^is not a time/],
		[{}, /^is not a time/],
		[[], /^is not a time/],
		[new Date(Number.NaN), /^is not a time/],
		[DateTime.invalid('x'), /^is not a time/],
		[Number.NaN, /finite/],
	])('%p is refused', (value, says) => expect(errorOf(type, value)).toMatch(says));

	test('bounds in seconds', () => {
		const bounded: ValueType = { ...type, min: 946_674_000, max: 4_294_967_295 };
		expect([946_674_000, 4_294_967_295].map((value) => valueOf(bounded, value))).toEqual([
			'946674000',
			'4294967295',
		]);
		for (const value of [946_673_999, 4_294_967_296, '1999-12-31'])
			expect(errorOf(bounded, value)).toMatch(/from 946674000 to 4294967295/);
	});

	test('wire forms', () => {
		expect(valueOf({ kind: 'time', as: 'isoUtc' }, '2026-11-22T12:30:00')).toBe('2026-11-22T09:30:00.000Z');
		expect(valueOf({ kind: 'time', as: 'isoZoned' }, '2026-11-22T12:30:00')).toBe(
			'2026-11-22T12:30:00+03:00',
		);
		for (const text of [
			'2026-11-22T12:30:00+05:00',
			'2026-11-22 12:30:00+05:00',
			'2026-11-22 12:30:00 +05:00',
		]) {
			expect(valueOf({ kind: 'time', as: 'isoZoned' }, text)).toBe('2026-11-22T12:30:00+05:00');
		}
	});
});

describe('every branch of a time', () => {
	test('a time as digits, as text with white space, and as the moment of another luxon', () => {
		const time = { kind: 'time', as: 'isoUtc' } as ValueType;
		const iso = '2026-11-22T09:00:00.000Z';
		for (const value of [
			` ${NOW / 1000} `,
			`${NOW / 1000}.75`,
			' 2026-11-22T12:00:00+03:00 ',
			'2026-11-22 12:00:00',
			new Date(NOW),
			{ toMillis: () => NOW },
			DateTime.fromMillis(NOW, { zone: 'Asia/Tokyo' }),
		]) {
			expect(valueOf(time, value)).toBe(iso);
		}
		for (const value of ['x1763802000', '1763802000x', { toMillis: 1 }, null, true])
			expect(errorOf(time, value)).toMatch(/^is not a time/);
		const zoned = { kind: 'time', as: 'iso' } as unknown as ValueType;
		expect(valueOf(zoned, new Date(NOW))).toBe('2026-11-22T09:00:00Z');
		expect(valueOf(zoned, { toMillis: () => NOW })).toBe('2026-11-22T09:00:00Z');
		expect(valueOf(zoned, NOW / 1000)).toBe('2026-11-22T09:00:00Z');
		expect(valueOf(zoned, '2026-11-22T12:00:00+05:00')).toBe('2026-11-22T12:00:00+05:00');
		expect(valueOf(zoned, DateTime.fromMillis(NOW, { zone: 'Asia/Tokyo' }))).toBe(
			'2026-11-22T18:00:00+09:00',
		);
	});
});

describe('texts that are no full date, each by its name', () => {
	const type: ValueType = { kind: 'time', as: 'secondsText' };
	const wanted = 'give Unix seconds, an ISO 8601 date such as 2026-11-22T09:30:00+03:00, or a date value';

	test.each<[unknown, string]>([
		['14:35', 'is not a time: "14:35"; it is a time of day without a date'],
		['T14:35:20', 'is not a time: "T14:35:20"; it is a time of day without a date'],
		['9:05 pm', 'is not a time: "9:05 pm"; it is a time of day without a date'],
		['12', 'is not a time: "12"; it is not a full date'],
		[12, 'is not a time: 12; it is not a full date'],
		['2026', 'is not a time: "2026"; it is a year without month and day'],
		[2026, 'is not a time: 2026; it is a year without month and day'],
		['202611', 'is not a time: "202611"; it is a year and a month without a day'],
		['2026-11', 'is not a time: "2026-11"; it is a year and a month without a day'],
		['2026-W48', 'is not a time: "2026-W48"; it is a week without a day'],
		['2026-W48-3', 'is not a time: "2026-W48-3"; it is a date by week; give year, month and day'],
		['2026-330', 'is not a time: "2026-330"; it is a date by day of the year; give year, month and day'],
		[
			'25.11.2026 22:30',
			'is not a time: "25.11.2026 22:30"; convert it in the expression with .toDateTime(\'dd.MM.yyyy HH:mm\')',
		],
		['5.1.2026', 'is not a time: "5.1.2026"; convert it in the expression with .toDateTime(\'d.M.yyyy\')'],
		[
			'25.11.26, 22:30:15',
			'is not a time: "25.11.26, 22:30:15"; convert it in the expression with .toDateTime(\'dd.MM.yy, HH:mm:ss\')',
		],
		[
			'11/25/2026',
			'is not a time: "11/25/2026"; convert it in the expression with .toDateTime(\'MM/dd/yyyy\')',
		],
		[
			'5/6/2026 9:30 PM',
			"is not a time: \"5/6/2026 9:30 PM\"; convert it in the expression with .toDateTime('d/M/yyyy h:mm a') or .toDateTime('M/d/yyyy h:mm a'), whichever it is",
		],
		[
			'2026/11/25',
			'is not a time: "2026/11/25"; convert it in the expression with .toDateTime(\'yyyy/MM/dd\')',
		],
		[
			'20261125223015',
			'is not a time: "20261125223015"; convert it in the expression with .toDateTime(\'yyyyMMddHHmmss\')',
		],
		[
			20261125223015,
			"is not a time: 20261125223015; convert it in the expression with .toDateTime('yyyyMMddHHmmss')",
		],
		[
			'202611252230',
			'is not a time: "202611252230"; convert it in the expression with .toDateTime(\'yyyyMMddHHmm\')',
		],
		['yesterday', `is not a time: "yesterday"; ${wanted}`],
		['2026-02-30', 'is not a time: "2026-02-30"; there is no such date'],
		[20260230, 'is not a time: 20260230; there is no such date'],
		[20261125, 'is not a time: 20261125; a number is Unix seconds; give the date as 2026-11-25'],
		['2026-2-3', 'is not a time: "2026-2-3"; convert it in the expression with .toDateTime(\'yyyy-M-d\')'],
		['2026-11-22T25:00', `is not a time: "2026-11-22T25:00"; ${wanted}`],
		[
			'2026-11-22T09:30:00+99:00',
			'is not a time: "2026-11-22T09:30:00+99:00"; no time zone has that offset from UTC',
		],
		[
			'2026-11-22 09:30 -12:30',
			'is not a time: "2026-11-22 09:30 -12:30"; no time zone has that offset from UTC',
		],
		[
			'{{ $json.at }}',
			'holds an expression that was not evaluated: "{{ $json.at }}"; switch the field to Expression',
		],
		[[], `is not a time: it is a list; ${wanted}`],
		[
			46205,
			"is 46205, a spreadsheet's day number for 2026-07-02; convert it in the expression with .toDateTime('excel')",
		],
		[
			'46205.75',
			"is 46205.75, a spreadsheet's day number for 2026-07-02; convert it in the expression with .toDateTime('excel')",
		],
		[
			100_000,
			'is 100000, which as Unix seconds lies before the year 2000; Unix seconds look like 1795338000',
		],
		[0, 'is not a time: 0; it is not a full date'],
		[-5, 'is -5, which as Unix seconds lies before the year 2000; Unix seconds look like 1795338000'],
		[
			946_634_399,
			'is 946634399, which as Unix seconds lies before the year 2000; Unix seconds look like 1795338000',
		],
		[
			1_795_339_800_000,
			'is in milliseconds: 1795339800000; give Unix seconds (divide by 1,000) or an ISO 8601 date',
		],
		['1795339800000000', 'is in microseconds: "1795339800000000"; give Unix seconds (divide by 1,000,000)'],
		[
			1_795_339_800_000_000_000n,
			'is in nanoseconds: 1795339800000000000; give Unix seconds (divide by 1,000,000,000)',
		],
	])('%p', (value, error) => expect(errorOf(type, value)).toBe(error));

	test('the remedies are what n8n reads: luxon takes each format for its text', () => {
		for (const text of [
			'25.11.2026 22:30',
			'5.1.2026',
			'25.11.26, 22:30:15',
			'11/25/2026',
			'2026/11/25',
			'20261125223015',
			'202611252230',
			'20261125223015123',
			'25-11-2026',
			'1.2.2026 7:05',
		]) {
			const format = /toDateTime\('([^']+)'\)/.exec(errorOf(type, text))?.[1] ?? '';
			expect([text, DateTime.fromFormat(text, format).isValid]).toEqual([text, true]);
		}
	});

	test('a number counts from the year 2000 on, as it began in the easternmost zone', () => {
		expect(valueOf(type, 946_634_400)).toBe('946634400');
		expect(valueOf(type, '946634400')).toBe('946634400');
	});

	test('white space alone is no time', () => expect(valueOf(type, ' \n')).toBeUndefined());

	test('full dates, with or without a time, in both forms of ISO 8601 and in SQL', () => {
		const utc = { zone: 'UTC' };
		for (const text of [
			'20261122',
			'2026-11-22',
			'20261122T00',
			'20261122T000000Z',
			'2026-11-22 00:00',
			'2026-11-22 00:00:00 UTC',
			'2026-11-22T03:00+03',
			'2026-11-22 03:00:00 Europe/Moscow',
			'2026-11-21T24:00:00Z',
		])
			expect([text, valueOf(type, text, utc)]).toEqual([
				text,
				String(Date.parse('2026-11-22T00:00:00Z') / 1000),
			]);
	});

	test('any moment written in full arrives as it was', () => {
		fc.assert(
			fc.property(
				fc.date({ min: new Date('1970-01-01'), max: new Date('2999-12-31'), noInvalidDate: true }),
				fc.integer({ min: -12 * 60, max: 14 * 60 }),
				(date, offset) => {
					const seconds = String(Math.floor(date.getTime() / 1000));
					const iso =
						DateTime.fromJSDate(date)
							.setZone(`UTC${offset < 0 ? '-' : '+'}${Math.abs(Math.trunc(offset / 60))}`)
							.toISO() ?? '';
					expect(valueOf(type, iso)).toBe(seconds);
					expect(valueOf(type, date)).toBe(seconds);
				},
			),
		);
	});

	test('no text without year, month and day becomes a time', () => {
		fc.assert(
			fc.property(fc.stringMatching(/^[0-9TWZ:. /+-]{1,16}$/), (text) => {
				const isFull = /^(\d{4}-\d{2}-\d{2}|\d{8})([T ]|$)/.test(text.trim());
				const isSeconds = /^\+?\d+(\.\d+)?$/.test(text.trim()) && Number(text) >= 946_634_400;
				const checked = check(type, text);
				if ('value' in checked && checked.value !== undefined)
					expect([text, isFull || isSeconds]).toEqual([text, true]);
			}),
			{ numRuns: 3_000 },
		);
	});
});

describe('zones', () => {
	const type: ValueType = { kind: 'time', as: 'isoZoned' };

	test('it is told when the zone of the workflow was used, and only then', () => {
		const used = (value: unknown) => {
			let count = 0;
			valueOf(type, value, { onZoneUsed: () => void count++ });
			return count;
		};
		for (const value of ['2026-11-22', '20261122', '2026-11-22T12:00', '2026-11-22 12:00:00.5'])
			expect([value, used(value)]).toEqual([value, 1]);
		for (const value of [
			'2026-11-22T12:00Z',
			'2026-11-22T12:00+03:00',
			'2026-11-22 12:00:00 +03:00',
			'2026-11-22 12:00 Europe/Moscow',
			'20261122T120000z',
			NOW / 1000,
			new Date(NOW),
			DateTime.now(),
		])
			expect([String(value), used(value)]).toEqual([String(value), 0]);
	});

	test('the hour that summer time leaves out is read as n8n reads it, and said', () => {
		const berlin = { zone: 'Europe/Berlin', now: Date.parse('2027-01-01') };
		expect(valueOf(type, '2026-03-29T02:30', berlin)).toBe(
			DateTime.fromISO('2026-03-29T02:30', { zone: 'Europe/Berlin' }).toISO({ suppressMilliseconds: true }),
		);
		expect(warningsOf(type, '2026-03-29T02:30', berlin)).toEqual([
			'has the time 02:30, which does not exist on that day in Europe/Berlin, where clocks go forward; it was read as 03:30',
		]);
		expect(warningsOf(type, '2026-03-29', { ...berlin, zone: 'Asia/Beirut' })).toEqual([
			'has the time 00:00, which does not exist on that day in Asia/Beirut, where clocks go forward; it was read as 01:00',
		]);
		for (const text of [
			'2026-03-29T03:30',
			'2026-03-29T02:30Z',
			'2026-03-29',
			'2026-03-28T24:00',
			'20260329T0130',
		])
			expect([text, warningsOf(type, text, berlin)]).toEqual([text, []]);
	});

	test('the hour that comes twice when summer time ends is read as n8n reads it, and said', () => {
		const now = Date.parse('2027-01-01');
		for (const [zone, text, read, other] of [
			['Europe/Berlin', '2026-10-25T02:30', '+02:00', '+01:00'],
			['America/New_York', '2026-11-01 01:00:00', '-04:00', '-05:00'],
			// Half an hour only.
			['Australia/Lord_Howe', '20260405T0145', '+11:00', '+10:30'],
		] as const) {
			const asN8n = DateTime.fromISO(text.replace(' ', 'T'), { zone });
			const found = String(valueOf(type, text, { zone, now }));
			expect(found).toBe(asN8n.toISO({ suppressMilliseconds: true }));
			const [chosen, also] = found.endsWith(read) ? [read, other] : [other, read];
			expect(warningsOf(type, text, { zone, now })).toEqual([
				`has the time ${asN8n.toFormat('HH:mm')}, which occurs twice on that day in ${zone}, where clocks go back; it was read with the offset ${chosen}, and ${also} is possible too`,
			]);
		}
		for (const text of [
			'2026-10-25T01:59:59',
			'2026-10-25T03:00',
			'2026-10-25T02:30+02:00',
			'2026-10-25T02:30Z',
			'2026-10-25',
			'2026-10-24T02:30',
			'2026-10-26T02:30',
		])
			expect([text, warningsOf(type, text, { zone: 'Europe/Berlin', now })]).toEqual([text, []]);
	});

	test('a time ahead of now is doubted, with the zone where it was used', () => {
		expect(doubtsOf(type, NOW / 1000 + 300)).toEqual([]);
		expect(doubtsOf(type, NOW / 1000 + 3 * 3_600)).toEqual(['is 3 hours ahead of now']);
		expect(doubtsOf(type, '2026-11-22T12:00:00', { zone: 'America/New_York' })).toEqual([
			'is 8 hours ahead of now, read in the time zone America/New_York',
		]);
		expect(doubtsOf(type, '2027-11-22')).toEqual([
			'is 365 days ahead of now, read in the time zone Europe/Moscow',
		]);
		// Where a rule of the operation judges it.
		expect(doubtsOf({ ...type, ahead: 'byRule' }, '2027-11-22')).toEqual([]);
	});
});
