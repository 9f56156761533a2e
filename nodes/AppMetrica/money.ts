import { nameOf, textOf, type CompoundForm, type Field, type Rule, type ValueType } from '../engine';

/** "decimal(10.8)" on the vendor's pages. */
export const AMOUNT: ValueType = { kind: 'decimal', as: 'text', places: { before: 10, after: 8 } };

/** The vendor's list has capitals, its samples small letters. Codes that are new to the list pass. */
export const CURRENCY: ValueType = {
	kind: 'text',
	pattern: { is: /^[A-Z]{3}$/, description: 'a three-letter currency code of ISO 4217 such as USD' },
	rewrite: (text) => text.trim().toUpperCase(),
};

/** The vendor's page of currencies names these as not supported. */
const UNSUPPORTED: ReadonlySet<string> = new Set(
	'BOV CHE CHW COU MRU MXV SSP STN USN USS UYI VES XAL XBA XBB XBC XBD XCP XFU XPD XPT XSU XUA'.split(' '),
);

export const currencyRule = (fields: readonly Field[], perEvent = false): Rule => ({
	description: `${fields.map(({ wire }) => wire).join(', ')}: none of the currencies that AppMetrica does not support (${[...UNSUPPORTED].join(', ')})`,
	evidence: 'documented',
	perEvent,
	check: (event) =>
		fields.flatMap((field) => {
			const currency = textOf(event[field.wire]);
			return UNSUPPORTED.has(currency)
				? [
						{
							field: field.wire,
							message: `${nameOf(field)} is ${currency}, which AppMetrica does not support`,
						},
					]
				: [];
		}),
});

/** "30 KB": what is longer under both readings is cut by the vendor. */
const MOST_BYTES = 30 * 1024;
/** The decimal reading. */
const MAYBE_TOO_LONG = 30_000;

export const PAYLOAD: ValueType = { kind: 'json', as: 'text', maxBytes: MOST_BYTES };

/** "key-value pairs". */
export const PAYLOAD_FORM: CompoundForm = {
	rows: {
		name: 'payloadRows',
		part: 'pair',
		label: 'Payload',
		add: 'Add Pair',
		example: ['discount', '10.5'],
	},
	json: { name: 'payload', label: 'Payload (JSON)' },
};

export const payloadRule = (fields: readonly Field[], perEvent = false): Rule => ({
	description: `${fields.map(({ wire }) => wire).join(', ')}: at most ${MAYBE_TOO_LONG.toLocaleString('en-US')} bytes, if "30 KB" means that`,
	evidence: 'inferred',
	perEvent,
	check: (event) =>
		fields.flatMap((field) => {
			const payload = event[field.wire];
			if (typeof payload !== 'string') return [];
			const bytes = Buffer.byteLength(payload, 'utf8');
			return bytes > MAYBE_TOO_LONG && bytes <= MOST_BYTES
				? [
						{
							field: field.wire,
							message: `${nameOf(field)} has ${bytes.toLocaleString('en-US')} bytes; AppMetrica cuts what is longer than 30 KB, which may mean 30,000 bytes`,
						},
					]
				: [];
		}),
});

/** An amount that is not below zero, where no page tells of one that is. */
export const notBelowZero = (
	field: Field,
	unless?: { field: string; is: string; because: string },
): Rule => ({
	description: unless
		? `${field.wire}: not below 0, unless ${unless.field} is ${unless.is}`
		: `${field.wire}: not below 0`,
	evidence: 'inferred',
	check: (event) => {
		const amount = event[field.wire];
		const isBelow = typeof amount === 'string' && amount.startsWith('-');
		if (!isBelow || (unless && event[unless.field] === unless.is)) return [];
		const message = `${nameOf(field)} is below 0${unless ? ` although ${unless.because}` : ''}; AppMetrica does not document how it handles that`;
		return [{ field: field.wire, message }];
	},
});

export const LIMITS_OF_MONEY: readonly string[] = [
	'A currency that is neither on the list of AppMetrica nor named as unsupported is sent (inferred: the list may grow)',
	'Amounts are converted to USD, EUR and RUB at the rate of the day before (documented)',
	'A payload longer than 30 KB is cut by AppMetrica (documented), so it is refused before it is sent',
];
