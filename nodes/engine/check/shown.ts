import type { Field } from '../operation/operation';
import { quoted } from '../report/userText';
import { kindOf } from './objects';

/** Also as a query holds it, and with blanks. */
const ADDRESS = /[^\s@]\s?(?:@|%40|＠)\s?[^\s@]/i;
const PHONE_CHARACTERS = /^\s*\+?[\d\s().-]+$/;

/** Whether a text looks like an e-mail address or a phone number with its country code, wherever it was put. */
export function looksPersonal(text: string): boolean {
	if (ADDRESS.test(text)) return true;
	if (text.length > 30 || !PHONE_CHARACTERS.test(text)) return false;
	const digits = text.replace(/\D/g, '');
	return text.trim().startsWith('+') ? digits.length >= 7 : /^(?:[78]\d{10}|00[1-9]\d{8,})$/.test(digits);
}

type Showing = Pick<Field, 'personal'>;

/** The value at fault, quoted, escaped and cut; `undefined` where no message may show it. */
export function shownValue(value: unknown, { personal }: Showing): string | undefined {
	if (personal) return undefined;
	switch (typeof value) {
		case 'string':
			return looksPersonal(value) ? undefined : quoted(value);
		case 'number':
		case 'bigint': {
			const text = String(value);
			return looksPersonal(text) ? undefined : text;
		}
		case 'boolean':
			return String(value);
		default:
			return undefined;
	}
}

/** `, not "ж"`: the end of "must be …". What cannot be shown is called by its kind. */
export function notValue(value: unknown, showing: Showing): string {
	const shown = shownValue(value, showing);
	if (shown !== undefined) return `, not ${shown}`;
	return typeof value === 'object' || typeof value === 'function' ? `, not ${kindOf(value)}` : '';
}

/** `: "24.11.2026 10:20"`: the end of "is not a time". */
export function colonValue(value: unknown, showing: Showing): string {
	const shown = shownValue(value, showing);
	if (shown !== undefined) return `: ${shown}`;
	return typeof value === 'object' || typeof value === 'function' ? `: it is ${kindOf(value)}` : '';
}
