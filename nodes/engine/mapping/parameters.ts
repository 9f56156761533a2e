import type { Json } from '../operation/operation';
import { emptyObject, isPlainObject } from '../check/objects';

/** Reads the value of one part of the form for one item. */
type Reader = (item: Json, index: number) => unknown;

/** A part of the form: the same for every item, or read for each. */
type Part = { fixed: unknown } | { read: Reader };

/** Gives the reader of one expression; `path` is its place in the form, as lodash's `get` takes it. */
export type ReaderOf = (expression: string, path: string) => Reader;

function compile(value: unknown, path: string, readerOf: ReaderOf): Part {
	if (typeof value === 'string') {
		return value.startsWith('=') ? { read: readerOf(value, path) } : { fixed: value };
	}
	if (Array.isArray(value)) {
		const parts = value.map((member, at) => compile(member, `${path}[${at}]`, readerOf));
		if (parts.every((part) => 'fixed' in part)) return { fixed: value };
		return {
			read: (item, index) => parts.map((part) => ('fixed' in part ? part.fixed : part.read(item, index))),
		};
	}
	if (isPlainObject(value)) {
		const parts = Object.entries(value).map(
			([name, member]) => [name, compile(member, path ? `${path}.${name}` : name, readerOf)] as const,
		);
		if (parts.every(([, part]) => 'fixed' in part)) return { fixed: value };
		return {
			read: (item, index) => {
				const result = emptyObject();
				for (const [name, part] of parts)
					result[name] = 'fixed' in part ? part.fixed : part.read(item, index);
				return result;
			},
		};
	}
	return { fixed: value };
}

/** Compiles the node's parameters once a run: fixed values are the same objects for every item. */
export function compileParameters(parameters: Json, readerOf: ReaderOf): (item: Json, index: number) => Json {
	const part = compile(parameters, '', readerOf);
	return 'fixed' in part ? () => part.fixed as Json : (item, index) => part.read(item, index) as Json;
}
