/**
 * What the editor wants beside a node's code, made from the operation's table: the codex, by which the node panel files
 * and finds it, and the preview of its output, from which fields can be dragged before the first run.
 */
import type { Field, Operation } from '../../nodes/engine/operation/operation.ts';
import type { ReadOperation } from '../../nodes/engine/reading/readOperation.ts';
import { searchPhrases } from './search-phrases.mts';

/** `X.node.json`. Without `resources` n8n drops the whole file in silence. */
export interface Codex {
	node: string;
	nodeVersion: '1.0';
	codexVersion: '1.0';
	categories: string[];
	alias: string[];
	resources: {
		primaryDocumentation: Array<{ url: string }>;
		credentialDocumentation: Array<{ url: string }>;
	};
}

/** The part of JSON Schema that n8n's own previews use. */
export interface OutputSchema {
	type: 'object' | 'array' | 'string' | 'number' | 'boolean';
	properties?: Record<string, OutputSchema>;
	items?: OutputSchema;
}

/** Two of n8n's fixed categories. */
const CATEGORIES = ['Analytics', 'Marketing & Content'];

/** `MyTracker` -> `my tracker`: people type the blank that the name has not. */
const inWords = (name: string): string => name.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();

/** Each word once, whatever its case. */
function withoutRepeats(words: readonly string[]): string[] {
	const known = new Set<string>();
	return words.filter((word) => {
		const id = word.toLowerCase();
		return known.has(id) ? false : known.add(id);
	});
}

export function codexOf(
	operation: Omit<ReadOperation, 'form'>,
	packageName: string,
	credentialDocumentation: string,
): Codex {
	const { vendor, title, searchWords } = operation;
	return {
		node: `${packageName}.${operation.name}`,
		nodeVersion: '1.0',
		codexVersion: '1.0',
		categories: [...CATEGORIES],
		alias: withoutRepeats([vendor, inWords(vendor), title, ...searchPhrases(searchWords)]),
		resources: {
			primaryDocumentation: [{ url: operation.documentation }],
			credentialDocumentation: [{ url: credentialDocumentation }],
		},
	};
}

const text: OutputSchema = { type: 'string' };
const number: OutputSchema = { type: 'number' };
const object = (properties?: Record<string, OutputSchema>): OutputSchema => ({
	type: 'object',
	...(properties ? { properties } : {}),
});
const list = (items: OutputSchema): OutputSchema => ({ type: 'array', items });

const membersOf = (fields: readonly Field[]): OutputSchema =>
	object(Object.fromEntries(fields.map((field) => [field.wire, schemaOf(field)])));

/** How a value stands in the output's `event`: in its wire form, numbers that JSON would round as text. */
function schemaOf({ type }: Field): OutputSchema {
	switch (type.kind) {
		case 'integer':
		case 'decimal':
		case 'choice':
			return type.as === 'number' ? number : text;
		case 'time':
			return type.as === 'secondsNumber' || type.as === 'millisNumber' ? number : text;
		case 'boolean':
			return { type: 'boolean' };
		case 'object':
			return membersOf(type.fields);
		case 'list':
			return list(membersOf(type.of));
		case 'texts':
			return type.as === 'bracketed' ? text : list(type.as === 'integers' ? number : text);
		case 'map':
			return object();
		case 'json':
			return type.as === 'object' ? object() : text;
		default:
			return text;
	}
}

/** The report of one item; members that stand only where something went wrong are shown too. */
const delivery = object({
	status: text,
	method: text,
	request: number,
	attempts: number,
	httpStatus: number,
	message: text,
	duplicate: { type: 'boolean' },
	issues: list(object({ field: text, message: text })),
});

/** A field that only the form asks for, such as a cookie that holds two ids, is taken apart before anything is sent. */
function travels({ wire }: Field, { normalize: arrange, variants }: Operation): boolean {
	if (variants?.travels && variants.custom.field === wire) return false;
	if (!arrange) return true;
	const { event } = arrange({ [wire]: 'probe' }, {});
	return event[wire] !== undefined;
}

export function outputSchemaOf(operation: Operation): OutputSchema & { version: number } {
	const event = membersOf(operation.fields.filter((field) => travels(field, operation)));
	const read = membersOf(operation.reads?.fields ?? []).properties;
	return { ...object({ ...read, event, delivery, response: object() }), version: 1 };
}
