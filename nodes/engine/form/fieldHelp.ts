/** What the form and the reference say of a field. */

import { boundsInWords } from '../check/numbers';
import type { Field, ValueType } from '../operation/operation';

function decimalInWords({ min, places }: Extract<ValueType, { kind: 'decimal' }>): string {
	const number = `number ${boundsInWords(min, undefined)}`.trimEnd();
	if (!places) return number;
	return `${number} with at most ${places.before} digits before and ${places.after} after the point`;
}

/** What a value may be, in words for the help and the reference. */
export function typeInWords(field: Field): string {
	const { type } = field;
	switch (type.kind) {
		case 'text':
			if (type.length !== undefined) return `text of exactly ${type.length} characters`;
			if (type.max === undefined)
				return type.pattern
					? type.pattern.description
					: (type.min ?? 1) > 1
						? `text of at least ${type.min} characters`
						: 'text';
			return (type.min ?? 1) > 1
				? `text of ${type.min} to ${type.max} characters`
				: `text of at most ${type.max} characters`;
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
			return 'time: Unix seconds, ISO 8601 or a date';
		case 'json':
			return type.maxBytes === undefined
				? 'object or its JSON text'
				: `object or its JSON text of at most ${type.maxBytes.toLocaleString('en-US')} bytes`;
		case 'object':
			return 'object';
		case 'list':
			return 'list or its JSON text';
		case 'texts':
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
	return bare.length <= 1 ? (bare[0] ?? '') : `${bare.join('. ')}.`;
}

/** What stands below a field in the form. */
export function helpOf(field: Field): string {
	const { type, help, vendorDefault } = field;
	const isTold = type.kind === 'choice' || type.kind === 'boolean';
	const words = isTold ? 'text' : typeInWords(field);
	return inSentences(
		help,
		words === 'text' || words === 'object' ? '' : asSentence(words),
		type.kind === 'time' ? "A time without a zone is read in the workflow's time zone" : '',
		vendorDefault === undefined ? '' : `Not set, the vendor assumes ${vendorDefault}`,
	);
}

/** An example, shown in the empty field. */
export function placeholderOf({ example }: Field): { placeholder?: string } {
	if (example === undefined) return {};
	const text = typeof example === 'object' ? JSON.stringify(example) : String(example);
	return { placeholder: `e.g. ${text}` };
}
