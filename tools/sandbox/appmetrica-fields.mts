/** What one parameter of AppMetrica's Post API may hold. All values are text: a query parameter or a CSV cell. */
import { digitsWithin, isDigits, isIp6 } from './wire.mts';
import { CURRENCIES } from './appmetrica-currencies.mts';

export type Check = (value: string) => string | undefined;

export const anyText: Check = () => undefined;
export const oneOf =
	(...values: string[]): Check =>
	(value) =>
		values.includes(value) ? undefined : `must be one of ${values.join(', ')}`;
export const whole: Check = (value) => (isDigits(value) ? undefined : 'must be a whole number, plain digits');
export const number =
	(min: bigint, max: bigint): Check =>
	(value) =>
		digitsWithin(value, min, max) ? undefined : `must be a whole number from ${min} to ${max}, plain digits`;
/** "decimal(10.8)": 10 digits before and 8 digits after the point. */
export const decimal: Check = (value) =>
	/^-?\d{1,10}(?:\.\d{1,8})?$/.test(value)
		? undefined
		: 'must be a decimal of at most 10 digits before and 8 after the point';
export const notNegative: Check = (value) =>
	decimal(value) ?? (value.startsWith('-') ? 'must not be below 0' : undefined);
/** The list has capitals, the samples small letters. */
export const currency: Check = (value) =>
	CURRENCIES.has(value.toUpperCase()) ? undefined : 'is not on the page’s list of currencies';
export const jsonObject: Check = (value) => {
	try {
		const parsed: unknown = JSON.parse(value);
		return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)
			? undefined
			: 'must be the text of a JSON object';
	} catch {
		return 'is not JSON';
	}
};

/** Unix seconds. Eleven digits and a bit are milliseconds for sure, so the ceiling catches them. */
export const seconds = number(1n, 99_999_999_999n);

export const HEAD: Record<string, Check> = {
	application_id: whole,
	profile_id: anyText,
	// "<int>" on the page; the values are unsigned 64-bit hashes.
	appmetrica_device_id: number(1n, 18_446_744_073_709_551_615n),
};

/** The block that events, revenue, ad revenue and e-commerce share. */
export const COMMON: Record<string, Check> = {
	session_type: oneOf('foreground', 'background'),
	ios_ifa: anyText,
	ios_ifv: anyText,
	google_aid: anyText,
	windows_aid: anyText,
	os_name: oneOf('ios', 'android', 'windows'),
	os_version: anyText,
	device_manufacturer: anyText,
	device_model: anyText,
	device_type: oneOf('phone', 'tablet', 'unknown'),
	device_locale: anyText,
	app_version_name: anyText,
	app_package_name: anyText,
	connection_type: oneOf('wifi', 'cell', 'unknown'),
	operator_name: anyText,
	mcc: whole,
	mnc: whole,
	device_ipv6: (value) => (isIp6(value) ? undefined : 'is not an IPv6 address'),
};
