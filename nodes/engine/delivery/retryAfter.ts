import { DateTime } from 'luxon';

/**
 * `Retry-After` as the wait it asks for, in milliseconds from `now`: seconds or an HTTP date (RFC 9110, section
 * 10.2.3). The RFC has whole seconds; servers send fractions too. `undefined` if it is missing or unreadable.
 */
export function retryAfter(header: string | undefined, now: number): number | undefined {
	if (header === undefined) return undefined;
	const text = header.trim();
	if (/^\d+(?:\.\d+)?$/.test(text)) return Math.ceil(Number(text) * 1_000);
	const date = DateTime.fromHTTP(text);
	return date.isValid ? Math.max(0, date.toMillis() - now) : undefined;
}
