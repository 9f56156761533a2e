import { isPlainObject } from '../../check/objects';
import { hasLoneSurrogate } from '../../check/text';
import type { Json } from '../../operation/operation';

const PATH_ONLY =
	/^=\{\{\s*\$json((?:\??\.[A-Za-z_$][\w$]*|\[(?:0|[1-9]\d{0,8}|"[^"\\\r\n{}]*"|'[^'\\\r\n{}]*')\])+)\s*\}\}$/;
const STEP = /\??\.([A-Za-z_$][\w$]*)|\[(\d+)\]|\["([^"]*)"\]|\['([^']*)'\]/g;

/** All that n8n's engines agree to show of a list. */
const OF_LIST = /^(?:length|0|[1-9]\d*)$/;

/** Stands for a value that n8n must be asked for. */
export const ASK = Symbol('ask n8n');

/** The steps of an expression that is only a path into the current item, e.g. `={{ $json["a b"][0] }}`. */
export function pathOf(expression: string): string[] | undefined {
	const path = PATH_ONLY.exec(expression)?.[1];
	if (path === undefined) return undefined;
	const steps = [...path.matchAll(STEP)].map((step) => step[1] ?? step[2] ?? step[3] ?? step[4] ?? '');
	return steps.length > 0 && steps.every((step) => !(step in Object.prototype)) ? steps : undefined;
}

/** Follows a path through plain objects and lists to a value that every engine of n8n hands on unchanged. */
export function follow(item: Json, steps: readonly string[]): unknown {
	let value: unknown = item;
	const last = steps.length - 1;
	// A counter, since this runs for every field of every item.
	for (let at = 0; at <= last; at++) {
		const step = steps[at] ?? '';
		const isReadable = Array.isArray(value) ? OF_LIST.test(step) : isPlainObject(value);
		if (!isReadable) return ASK;
		const holder = value as Json;
		if (Object.hasOwn(holder, step)) value = holder[step];
		else return at === last && !(step in holder) ? undefined : ASK;
	}
	switch (typeof value) {
		case 'string':
			return hasLoneSurrogate(value) ? ASK : value;
		case 'number':
		case 'boolean':
		case 'undefined':
			return value;
		default:
			return value === null ? value : ASK;
	}
}

/**
 * Reads a path directly once n8n has given the very same for an item: its engines refuse some names outright, and in a
 * tool `$json` is not the item that is sent.
 */
export class DirectPath {
	private readonly steps: readonly string[];
	private readonly sourceOf: (index: number) => Json | undefined;
	private readonly ask: (index: number) => unknown;
	private isSame: boolean | undefined;

	constructor(
		steps: readonly string[],
		sourceOf: (index: number) => Json | undefined,
		ask: (index: number) => unknown,
	) {
		this.steps = steps;
		this.sourceOf = sourceOf;
		this.ask = ask;
	}

	valueOf(index: number): unknown {
		if (this.isSame === false) return this.ask(index);
		const found = this.found(index);
		if (found === ASK) return this.ask(index);
		return this.isSame ? found : this.compare(index);
	}

	/** Gives n8n's value, and notes whether the path leads to the same. */
	compare(index: number): unknown {
		const asked = this.ask(index);
		const found = this.found(index);
		if (found !== ASK && this.isSame !== false) this.isSame = Object.is(asked, found);
		return asked;
	}

	private found(index: number): unknown {
		const source = this.sourceOf(index);
		return source === undefined ? ASK : follow(source, this.steps);
	}
}
