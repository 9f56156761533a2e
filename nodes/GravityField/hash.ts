import { createHash } from 'node:crypto';

import { EMAIL } from '../engine';

const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

/** Trimmed and in lower case, SHA-256, hexadecimal; `undefined`: no e-mail address. */
export function hashEmail(value: string): string | undefined {
	const address = value.trim();
	return EMAIL.is.test(address) ? sha256(address.toLowerCase()) : undefined;
}

/**
 * The vendor's recipe for a phone number: digits only, Russia and Kazakhstan as 7XXXXXXXXXX, others international
 * without plus, SHA-256, hexadecimal; `undefined`: no phone number with its country code.
 */
export function hashPhone(value: string): string | undefined {
	const number = value.trim();
	if (!/^\+?[\d\s().-]+$/.test(number)) return undefined;
	const digits = number.replace(/\D/g, '');
	if (!/^[1-9]\d{6,14}$/.test(digits)) return undefined;
	// 8 is how Russia dials a long distance; after a plus it begins the code of another country.
	const isRussian = /^8\d{10}$/.test(digits) && !number.startsWith('+');
	return sha256(isRussian ? `7${digits.slice(1)}` : digits);
}

export const isHash = (value: string): boolean => /^[0-9a-f]{64}$/i.test(value.trim());
