import { DateTime } from 'luxon';

import type { Field, ValueType } from '../operation/operation';
import { expressionError, holdsExpression } from './expressions';
import { boundsInWords } from './numbers';
import { failure, ok, type Result, type ValueContext } from './result';
import { colonValue, notValue } from './shown';
import { timeTextAdvice } from './timeTexts';

/** The year 2000 began earliest in UTC+14. */
const YEAR_2000 = 946_634_400;
const UTC_TEXT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z$/;
const MILLISECONDS_FROM = 100_000_000_000;
const MICROSECONDS_FROM = 100_000_000_000_000;
const NANOSECONDS_FROM = 100_000_000_000_000_000;
/** Spreadsheets count the days from 30 December 1899: 20000 is in 1954, 80000 in 2119. */
const DAY_NUMBERS = { from: 20_000, to: 80_000, of1970: 25_569 };
/** Seconds by which clocks may differ. */
const CLOCK_SKEW = 300;

/** A calendar date, in digits or with dashes, alone or with a time after it. */
const FULL_DATE = /^(?:\d{4}-\d{2}-\d{2}|\d{8})(?:[T ]|$)/i;
const TIME_OF_DAY = /^[\d-]+[T ](\d{2}):?(\d{2})?/i;
const HAS_ZONE = /[T ]\d.*(?:z|[+-]\d{2}(?::?\d{2})?|[a-z]{2,}(?:\/[\w+-]+)*\]?)$/i;
const OFFSET = /[T ]\d.*([+-])(\d{2})(?::?(\d{2}))?$/i;
const NUMBER = /^[+-]?\d+(?:\.\d+)?$/;
/** Ten digits are no calendar digits. */
const UNIX_SECONDS = /^\d{10}$/;

/** A moment, and what is to be said of how it was read. Unix seconds need no DateTime, which costs more than the rest. */
interface Moment {
	time: DateTime | { unixSeconds: number };
	/** It had no zone, so that the workflow's was used. */
	zoneless?: true;
	warning?: string;
}

const WANTED = 'give Unix seconds, an ISO 8601 date such as 2026-11-22T09:30:00+03:00, or a date value';

const noTime = (value: unknown, field: Field, advice = WANTED): { error: string } =>
	failure(`is not a time${colonValue(value, field)}; ${advice}`);

/** Numbers are Unix seconds and nothing else; what else they may be is called by its name. */
function numberError(value: unknown, field: Field, now: number): string | undefined {
	const seconds = Number(value);
	if (seconds >= YEAR_2000 && seconds < MILLISECONDS_FROM) return undefined;
	if (!Number.isFinite(seconds)) return 'is not a finite number';
	const shown = colonValue(value, field);
	const size = Math.abs(seconds);
	if (size >= NANOSECONDS_FROM)
		return `is in nanoseconds${shown}; give Unix seconds (divide by 1,000,000,000)`;
	if (size >= MICROSECONDS_FROM) return `is in microseconds${shown}; give Unix seconds (divide by 1,000,000)`;
	if (size >= MILLISECONDS_FROM) {
		return `is in milliseconds${shown}; give Unix seconds (divide by 1,000) or an ISO 8601 date`;
	}
	if (seconds >= DAY_NUMBERS.from && seconds < DAY_NUMBERS.to) {
		const day = DateTime.fromSeconds((Math.floor(seconds) - DAY_NUMBERS.of1970) * 86_400, { zone: 'utc' });
		return `is ${seconds}, a spreadsheet's day number for ${day.toISODate()}; convert it in the expression with .toDateTime('excel')`;
	}
	return `is ${seconds}, which as Unix seconds lies before the year 2000; Unix seconds look like ${Math.floor(now / 1000)}`;
}

/** Offsets reach from -12:00 to +14:00. */
function hasWrongOffset(text: string): boolean {
	const [, sign, hours, minutes = '00'] = OFFSET.exec(text) ?? [];
	if (hours === undefined) return false;
	return Number(hours) * 60 + Number(minutes) > (sign === '-' ? 12 : 14) * 60 || Number(minutes) > 59;
}

/** The hour that a change to summer time leaves out is read as n8n does, and said. */
function gapWarning(text: string, time: DateTime, zone: string): string | undefined {
	const [, hour = '00', minute = '00'] = TIME_OF_DAY.exec(text) ?? [];
	if (hour === '24' || (time.hour === Number(hour) && time.minute === Number(minute))) return undefined;
	return `has the time ${hour}:${minute}, which does not exist on that day in ${zone}, where clocks go forward; it was read as ${time.toFormat('HH:mm')}`;
}

const MINUTE = 60_000;
const DAY = 86_400_000;

/** The other moment that shows the same clock time, where clocks go back; `undefined` where the time comes once. */
function otherMoment(time: DateTime): DateTime | undefined {
	const local = time.toMillis() + time.offset * MINUTE;
	for (const near of [-DAY, DAY]) {
		const offset = time.zone.offset(time.toMillis() + near);
		if (offset === time.offset) continue;
		const millis = local - offset * MINUTE;
		if (time.zone.offset(millis) === offset) return DateTime.fromMillis(millis, { zone: time.zone });
	}
	return undefined;
}

/** The hour that comes twice when clocks go back is read as n8n does, and said. */
function twiceWarning(time: DateTime, zone: string): string | undefined {
	const other = otherMoment(time);
	if (!other) return undefined;
	const [read, also] = [time, other].map((one) => one.toFormat('ZZ'));
	return `has the time ${time.toFormat('HH:mm')}, which occurs twice on that day in ${zone}, where clocks go back; it was read with the offset ${read}, and ${also} is possible too`;
}

function readText(text: string, field: Field, zone: string): Moment | { error: string } {
	if (!FULL_DATE.test(text)) return noTime(text, field, timeTextAdvice(text));
	if (hasWrongOffset(text)) return noTime(text, field, 'no time zone has that offset from UTC');
	const iso = DateTime.fromISO(text, { zone, setZone: true });
	const time = iso.isValid ? iso : DateTime.fromSQL(text, { zone, setZone: true });
	if (!time.isValid) return noTime(text, field, timeTextAdvice(text));
	if (HAS_ZONE.test(text)) return { time };
	const warning = gapWarning(text, time, zone) ?? twiceWarning(time, zone);
	return { time, zoneless: true, ...(warning ? { warning } : {}) };
}

function readNumber(value: unknown, field: Field, now: number): Moment | { error: string } {
	const digits = String(value).trim();
	if (!UNIX_SECONDS.test(digits)) {
		const date = digits.length === 8 ? DateTime.fromISO(digits) : undefined;
		if (date?.isValid)
			return noTime(value, field, `a number is Unix seconds; give the date as ${date.toISODate()}`);
		// Calendar digits such as 20261122143000 count nothing.
		const calendar = timeTextAdvice(digits);
		if (calendar) return noTime(value, field, calendar);
	}
	const error = numberError(value, field, now);
	return error ? failure(error) : { time: { unixSeconds: Math.floor(Number(value)) } };
}

const secondsOf = ({ time }: Moment): number =>
	'unixSeconds' in time ? time.unixSeconds : Math.floor(time.toMillis() / 1000);

const dateTimeOf = ({ time }: Moment): DateTime =>
	'unixSeconds' in time ? DateTime.fromSeconds(time.unixSeconds, { zone: 'utc' }) : time;

/** Another copy of luxon, or a DateTime that crossed a sandbox, still knows its own milliseconds. */
const hasMillis = (value: unknown): value is { toMillis: () => unknown } =>
	typeof value === 'object' && value !== null && 'toMillis' in value && typeof value.toMillis === 'function';

function asDateTime(value: unknown): DateTime | undefined {
	if (DateTime.isDateTime(value)) return value;
	if (value instanceof Date) return DateTime.fromJSDate(value, { zone: 'utc' });
	return hasMillis(value) ? DateTime.fromMillis(Number(value.toMillis()), { zone: 'utc' }) : undefined;
}

function readMoment(value: unknown, field: Field, context: ValueContext): Moment | { error: string } {
	if (typeof value === 'number' || typeof value === 'bigint') return readNumber(value, field, context.now);
	if (typeof value !== 'string') {
		const time = asDateTime(value);
		return time?.isValid ? { time } : noTime(value, field);
	}
	const text = value.trim();
	if (holdsExpression(text)) return failure(expressionError(text, field));
	// Eight digits are a date such as 20261122 before they are a number.
	const isDate = text.length === 8 && DateTime.fromISO(text).isValid;
	return NUMBER.test(text) && !isDate
		? readNumber(text, field, context.now)
		: readText(text, field, context.zone);
}

/** Unix milliseconds from the year 2000 on; `undefined`: it is something else. */
function readMillis(value: unknown): Moment | undefined {
	const isNumber = ['number', 'bigint'].includes(typeof value);
	if (!isNumber && !(typeof value === 'string' && /^\d+$/.test(value.trim()))) return undefined;
	const millis = Number(value);
	const isLong = Number.isInteger(millis) && millis >= YEAR_2000 * 1_000 && millis < MICROSECONDS_FROM;
	return isLong ? { time: DateTime.fromMillis(millis, { zone: 'utc' }) } : undefined;
}

/** `2 hours`. */
export function durationInWords(seconds: number): string {
	const [size, unit] =
		seconds < 7_200 ? [60, 'minute'] : seconds < 172_800 ? [3_600, 'hour'] : [86_400, 'day'];
	const count = Math.round(seconds / Number(size));
	return `${count} ${unit}${count === 1 ? '' : 's'}`;
}

export function checkTime(
	value: unknown,
	type: Extract<ValueType, { kind: 'time' }>,
	field: Field,
	context: ValueContext,
): Result {
	if (typeof value === 'string' && value.trim() === '') return ok(undefined);
	const moment = (type.as === 'millisNumber' && readMillis(value)) || readMoment(value, field, context);
	if ('error' in moment) return moment;
	const { zoneless, warning } = moment;
	const seconds = secondsOf(moment);
	if ((type.min !== undefined && seconds < type.min) || (type.max !== undefined && seconds > type.max)) {
		return failure(
			`must be a time ${boundsInWords(type.min, type.max)} in Unix seconds${notValue(value, field)}`,
		);
	}
	if (zoneless) context.onZoneUsed?.();
	const warnings = warning ? [warning] : [];
	const ahead = type.ahead ? 0 : seconds - Math.floor(context.now / 1000);
	const found = (value: unknown): Result => {
		if (ahead <= CLOCK_SKEW) return ok(value, warnings);
		const read = zoneless ? `, read in the time zone ${context.zone}` : '';
		return { ...ok(value, warnings), doubts: [`is ${durationInWords(ahead)} ahead of now${read}`] };
	};
	// A text that has the wire form already travels as it is written.
	if (type.as === 'isoUtc' && typeof value === 'string' && UTC_TEXT.test(value.trim())) {
		return found(value.trim());
	}
	if (type.as === 'secondsText') return found(String(seconds));
	if (type.as === 'secondsNumber') return found(seconds);
	if (type.as === 'millisNumber') return found(dateTimeOf(moment).toMillis());
	const time = dateTimeOf(moment);
	return found(type.as === 'isoUtc' ? time.toUTC().toISO() : time.toISO({ suppressMilliseconds: true }));
}
