import { DateTime } from 'luxon';

import type { ValueType } from '../operation/operation';
import { boundsInWords } from './numbers';
import { failure, ok, type Result, type ValueContext } from './result';

const MILLISECONDS_FROM = 100_000_000_000;

function asDateTime(value: unknown, zone: string): DateTime | undefined {
	if (DateTime.isDateTime(value)) return value;
	if (value instanceof Date) return DateTime.fromJSDate(value, { zone: 'utc' });
	// Another copy of luxon, or a DateTime that crossed a sandbox, still knows its own milliseconds.
	if (
		typeof value === 'object' &&
		value !== null &&
		'toMillis' in value &&
		typeof value.toMillis === 'function'
	) {
		return DateTime.fromMillis(Number(value.toMillis()), { zone: 'utc' });
	}
	if (typeof value !== 'string') return undefined;
	const text = value.trim();
	const iso = DateTime.fromISO(text, { zone, setZone: true });
	return iso.isValid ? iso : DateTime.fromSQL(text, { zone, setZone: true });
}

export function checkTime(
	value: unknown,
	type: Extract<ValueType, { kind: 'time' }>,
	context: ValueContext,
): Result {
	let moment: DateTime | undefined;
	// Fewer digits are no time of an event; eight are a date such as 20261122.
	const isDigits = typeof value === 'string' && /^\s*-?\d{9,}(\.\d+)?\s*$/.test(value);
	if (typeof value === 'number' || typeof value === 'bigint' || isDigits) {
		const seconds = Number(value);
		if (!Number.isFinite(seconds)) return failure('is not a finite number');
		if (Math.abs(seconds) >= MILLISECONDS_FROM) {
			return failure('is in milliseconds; give Unix seconds (divide by 1000) or an ISO 8601 date');
		}
		moment = DateTime.fromSeconds(Math.floor(seconds), { zone: 'utc' });
	} else {
		moment = asDateTime(value, context.zone);
	}
	if (!moment?.isValid) {
		return failure(
			'must be a time: Unix seconds, an ISO 8601 date such as 2026-11-22T09:30:00+03:00, or a date value',
		);
	}
	const seconds = Math.floor(moment.toMillis() / 1000);
	if ((type.min !== undefined && seconds < type.min) || (type.max !== undefined && seconds > type.max)) {
		return failure(`must be a time ${boundsInWords(type.min, type.max)} in Unix seconds`);
	}
	if (type.as === 'secondsText') return ok(String(seconds));
	return ok(type.as === 'isoUtc' ? moment.toUTC().toISO() : moment.toISO({ suppressMilliseconds: true }));
}
