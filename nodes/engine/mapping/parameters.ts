import type { Json } from '../operation/operation';
import { emptyObject, isPlainObject } from '../check/objects';
import { hasLoneSurrogate } from '../check/text';

/** Reads the value of one part of the form for one item. */
type Reader = (item: Json, index: number) => unknown;

/** A part of the form: the same for every item, or read for each. */
type Part = { fixed: unknown } | { read: Reader };

/** n8n's own evaluation of one parameter for one item; `path` as lodash's `get` takes it. */
export type Resolve = (path: string, index: number) => unknown;

const PATH_ONLY =
	/^=\{\{\s*\$json((?:\??\.[A-Za-z_$][\w$]*|\[(?:0|[1-9]\d{0,8}|"[^"\\\r\n{}]*"|'[^'\\\r\n{}]*')\])+)\s*\}\}$/;
const STEP = /\??\.([A-Za-z_$][\w$]*)|\[(\d+)\]|\["([^"]*)"\]|\['([^']*)'\]/g;

/** All that n8n's engines agree to show of a list. */
const OF_LIST = /^(?:length|0|[1-9]\d*)$/;

/** What the fast way cannot read as n8n would; the caller then asks n8n. */
const ASK_N8N = Symbol('ask n8n');

/** The steps of an expression that is only a path into the current item, e.g. `={{ $json["a b"][0] }}`. */
export function pathOf(expression: string): string[] | undefined {
	const match = PATH_ONLY.exec(expression);
	if (!match) return undefined;
	const steps = [...match[1].matchAll(STEP)].map((step) => step[1] ?? step[2] ?? step[3] ?? step[4]);
	return steps.length > 0 && steps.every((step) => !(step in Object.prototype)) ? steps : undefined;
}

/** Follows a path through plain objects and lists to a value that every engine of n8n hands on unchanged. */
function follow(item: Json, steps: readonly string[]): unknown {
	let value: unknown = item;
	for (let at = 0; at < steps.length; at++) {
		const step = steps[at];
		const isReadable = Array.isArray(value) ? OF_LIST.test(step) : isPlainObject(value);
		if (!isReadable) return ASK_N8N;
		const holder = value as Json;
		if (Object.hasOwn(holder, step)) value = holder[step];
		else return at === steps.length - 1 && !(step in holder) ? undefined : ASK_N8N;
	}
	switch (typeof value) {
		case 'string':
			return hasLoneSurrogate(value) ? ASK_N8N : value;
		case 'number':
		case 'boolean':
		case 'undefined':
			return value;
		default:
			return value === null ? value : ASK_N8N;
	}
}

/**
 * Reads a path directly once n8n has given the very same for the first item: its engines refuse some names outright, and
 * in a tool `$json` is not the item that is sent.
 */
function readPath(steps: readonly string[], ask: Reader): Reader {
	let isSame: boolean | undefined;
	return (item, index) => {
		const found = isSame === false ? ASK_N8N : follow(item, steps);
		if (found === ASK_N8N) return ask(item, index);
		if (isSame) return found;
		const asked = ask(item, index);
		isSame = Object.is(asked, found);
		return asked;
	};
}

function compile(value: unknown, path: string, resolve: Resolve): Part {
	if (typeof value === 'string') {
		if (!value.startsWith('=')) return { fixed: value };
		const steps = pathOf(value);
		const ask: Reader = (_, index) => resolve(path, index);
		return { read: steps ? readPath(steps, ask) : ask };
	}
	if (Array.isArray(value)) {
		const parts = value.map((member, at) => compile(member, `${path}[${at}]`, resolve));
		if (parts.every((part) => 'fixed' in part)) return { fixed: value };
		return {
			read: (item, index) => parts.map((part) => ('fixed' in part ? part.fixed : part.read(item, index))),
		};
	}
	if (isPlainObject(value)) {
		const parts = Object.entries(value).map(
			([name, member]) => [name, compile(member, path ? `${path}.${name}` : name, resolve)] as const,
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

/**
 * Compiles the node's parameters once a run. A fixed value is read once, an expression that is only a path into the
 * current item is read directly, everything else is n8n's own evaluation, item by item.
 */
export function compileParameters(parameters: Json, resolve: Resolve): (item: Json, index: number) => Json {
	const part = compile(parameters, '', resolve);
	return 'fixed' in part ? () => part.fixed as Json : (item, index) => part.read(item, index) as Json;
}
