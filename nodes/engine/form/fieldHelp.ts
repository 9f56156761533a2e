/** What the form and the reference say of a field. */

import { plainName } from '../check/nearest';
import { boundsInWords } from '../check/numbers';
import type { Field, ValueType } from '../operation/operation';

function decimalInWords({ min, above, max, places }: Extract<ValueType, { kind: 'decimal' }>): string {
	const bounds = above === undefined ? boundsInWords(min, max) : `above ${above}`;
	const number = `number ${bounds}`.trimEnd();
	if (!places) return number;
	const { before, after } = places;
	if (before === undefined) return `${number} with at most ${after} digits after the point`;
	return `${number} with at most ${before} digits before and ${after} after the point`;
}

function lengthInWords({ length, min = 1, max, maxBytes }: Extract<ValueType, { kind: 'text' }>): string {
	if (length !== undefined) return `text of exactly ${length} characters`;
	if (max !== undefined) return `text of ${min > 1 ? `${min} to` : 'at most'} ${max} characters`;
	if (maxBytes !== undefined) return `text of at most ${maxBytes} bytes`;
	return min > 1 ? `text of at least ${min} characters` : '';
}

/** What a value may be, in words for the help and the reference. */
export function typeInWords(field: Field): string {
	const { type } = field;
	switch (type.kind) {
		case 'text':
			return [lengthInWords(type), type.pattern?.description].filter(Boolean).join(', ') || 'text';
		case 'integer':
			return `whole number ${boundsInWords(type.min, type.max)}`.trimEnd();
		case 'decimal':
			return decimalInWords(type);
		case 'choice':
			if (typeof type.open === 'object') return type.open.description;
			return `${type.open ? 'text, such as' : 'one of'} ${type.values.map(({ value, label }) => (value === label ? value : `${value} (${label})`)).join(', ')}`;
		case 'boolean':
			return 'true or false';
		case 'time':
			return type.as === 'millisNumber'
				? 'time: Unix seconds or milliseconds, ISO 8601 or a date'
				: 'time: Unix seconds, ISO 8601 or a date';
		case 'json':
			return type.maxBytes === undefined
				? 'object or its JSON text'
				: `object or its JSON text of at most ${type.maxBytes.toLocaleString('en-US')} bytes`;
		case 'object':
			return 'object';
		case 'list':
			return 'list or its JSON text';
		case 'texts':
			if (type.as === 'integers') return 'list of whole numbers';
			return type.as === 'bracketed' ? 'list of texts without commas, quotes or brackets' : 'list of texts';
		case 'attributes':
			return 'names with texts, numbers, true or false';
		case 'map':
			return 'names and text values';
	}
}

const asSentence = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);

/** Sentences as n8n's guidelines want them: one without a full stop, several with one. */
export function inSentences(...sentences: readonly string[]): string {
	const bare = sentences.filter(Boolean).map((sentence) => sentence.replace(/\.$/, ''));
	const all = bare.join('. ');
	return /[.?] (?=[\p{Lu}'"])/u.test(all) ? `${all}.` : all;
}

/** Whether a text shows a vendor's name, as one or several of its words. */
function shows(text: string, name: string): boolean {
	const words = text.split(/[^\p{L}\p{N}_]+/u).filter(Boolean);
	const wanted = plainName(name);
	return words.some((_, from) =>
		words.slice(from).some((__, more) => plainName(words.slice(from, from + more + 1).join('')) === wanted),
	);
}

/** The vendor's name of a field, where neither the label nor the help shows it. */
const wireNameInWords = ({ wire, label, help, formOnly }: Field, path: string): string =>
	formOnly || shows(label, wire) || help.split(/\W+/).includes(wire) ? '' : `Sent as ${path}`;

/** What stands below a field in the form. */
export function helpOf(field: Field, path = field.wire): string {
	const { type, help, vendorDefault } = field;
	const isTold = type.kind === 'choice' || type.kind === 'boolean';
	const words = isTold ? 'text' : typeInWords(field);
	return inSentences(
		help,
		words === 'text' || words === 'object' ? '' : asSentence(words),
		type.kind === 'time' ? "A time without a zone is read in the workflow's time zone" : '',
		vendorDefault === undefined ? '' : `If not set, the vendor assumes ${vendorDefault}`,
		wireNameInWords(field, path),
	);
}

/** An example, shown in the empty field. */
export function placeholderOf({ example }: Field): { placeholder?: string } {
	if (example === undefined) return {};
	const text = typeof example === 'object' ? JSON.stringify(example) : String(example);
	return { placeholder: `e.g. ${text}` };
}
