import type { Recognised } from './recognise';

/**
 * Writes the one expression that evaluates a group of fields for many items. It depends on the form alone, so n8n
 * compiles it once; items, texts and constants reach it as data, through the node's context.
 */

/** How a value comes back; anything else is the value itself. */
export const MARK = { undefined: 0, notANumber: 1, failed: 2, ask: 3, json: 4 } as const;

/** Characters of results after which the rest of a chunk is left for the next evaluation. */
const MAX_RESULT = 262_144;
/** Longest text that is taken over. */
export const MAX_TEXT = 102_400;

/** The data of one evaluation. */
export interface Payload {
	/** Texts of the form. */
	c: readonly string[];
	/** Constants of the run. */
	k: readonly unknown[];
	/** Per item: its JSON, its number, and the JSON of the item it comes from in each other node. */
	r: ReadonlyArray<readonly unknown[]>;
}

export interface Composed {
	text: string;
	texts: string[];
	/** Constants of the run, as they stand in the expressions. */
	constants: string[];
	/** Names of the other nodes whose items are read. */
	nodes: string[];
}

/** The place of a value in a list, which it joins if it is new. */
function placeIn(list: string[], value: string): number {
	const at = list.indexOf(value);
	return at >= 0 ? at : list.push(value) - 1;
}

export function compose(fields: readonly Recognised[], nodeName: string, contextName: string): Composed {
	const texts: string[] = [];
	const constants: string[] = [];
	const nodes: string[] = [];
	const codes = fields.map(({ codes: own, texts: around, isBare, mayHoldDates }) => {
		const pieces = own.map((code) =>
			code.rewrite({
				constant: (text) => `$$k[${placeIn(constants, text)}]`,
				node: (name) => `$$n${placeIn(nodes, name)}`,
			}),
		);
		if (isBare) return `$$value(() => (${pieces[0]}), ${mayHoldDates})`;
		const parts = around.flatMap((text, at) => {
			const before = `$$c[${placeIn(texts, text)}]`;
			const piece = pieces[at];
			return piece === undefined ? [before] : [before, `$$part(() => (${piece}))`];
		});
		return `$$joined(() => [${parts.join(', ')}])`;
	});
	const isExtended = fields.some((field) => field.isExtended);
	const parameters = ['$json', '$itemIndex', ...nodes.map((_, at) => `$$n${at}`)];
	const operands = parameters.map((_, at) => `$$row[${at}]`);
	const text = `{{ (() => {
	const $$data = JSON.parse($node[${JSON.stringify(nodeName)}].context["${contextName}"]);
	const $$c = $$data.c;
	const $$k = $$data.k;
	const $$string = ({}).toString;
	let $$size = 0;${isExtended ? '\n\tconst $$extended = $if(true, 1, 1);' : ''}
	const $$isPlain = (v) => {
		if (v === null || typeof v === "string" || typeof v === "boolean") return true;
		if (typeof v === "number") return v - v === 0 && !Object.is(v, -0);
		if (typeof v !== "object") return false;
		if (Array.isArray(v)) {
			const m = Object.entries(v);
			return m.length === v.length && m.every((p, i) => p[0] === "" + i && $$isPlain(p[1]));
		}
		if ($$string.call(v) !== "[object Object]" || v.toString !== $$string || v.toJSON !== undefined) return false;
		return Object.entries(v).every((p) => $$isPlain(p[1]));
	};
	const $$isSwallowed = (e) => {
		const n = e && e.name;
		if (n === "RangeError") return !("" + e.message).includes("stack");
		return n === "TypeError" || n === "SyntaxError" || n === "URIError";
	};
	const $$try = (f, whenFailed) => {
		try {
			return f();
		} catch (e) {
			if ($$isSwallowed(e)) return whenFailed;
			return $$ask;
		}
	};
	const $$ask = [${MARK.ask}];
	const $$failed = [${MARK.failed}];
	const $$sized = (v) => {
		$$size += v.length;
		return v.length > ${MAX_TEXT} ? $$ask : v;
	};
	const $$value = (f, mayHoldDates) => {
		const v = $$try(f, $$failed);
		if (v === $$failed || v === $$ask || v === null || typeof v === "boolean") return v;
		if (typeof v === "string") return $$sized(v);
		if (v === undefined) return [${MARK.undefined}];
		if (typeof v === "number") return v - v === 0 && !Object.is(v, -0) ? v : v !== v ? [${MARK.notANumber}] : $$ask;
		if (mayHoldDates || !$$isPlain(v)) return $$ask;
		const text = $$sized(JSON.stringify(v));
		return text === $$ask ? text : [${MARK.json}, text];
	};
	const $$part = (f) => {
		const v = $$try(f, undefined);
		return v || v === 0 || v === false ? v : "";
	};
	const $$joined = (f) => {
		try {
			const parts = f();
			return parts.includes($$ask) ? $$ask : $$sized(parts.join(""));
		} catch (e) {
			return $$ask;
		}
	};
	const $$fields = (${parameters.join(', ')}) => [
		${codes.join(',\n\t\t')}
	];
	return JSON.stringify($$data.r.map(($$row) => ($$size > ${MAX_RESULT} ? 0 : $$fields(${operands.join(', ')}))));
})() }}`;
	return { text, texts, constants, nodes };
}
