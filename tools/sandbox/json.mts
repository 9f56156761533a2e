/**
 * A strict JSON reader (RFC 8259) that keeps what `JSON.parse` throws away: the source text of every value, so that an
 * integer beyond 2^53 is not rounded and `"1"`, `1` and `1.0` can be told apart, and names given twice in one object.
 */

export type JsonObject = {
	kind: 'object';
	start: number;
	end: number;
	members: Map<string, JsonNode>;
	repeated: string[];
};
export type JsonArray = { kind: 'array'; start: number; end: number; items: JsonNode[] };
export type JsonString = { kind: 'string'; start: number; end: number; value: string };
export type JsonNumber = { kind: 'number'; start: number; end: number; source: string };
export type JsonLiteral = { kind: 'boolean' | 'null'; start: number; end: number; value: boolean | null };
export type JsonNode = JsonObject | JsonArray | JsonString | JsonNumber | JsonLiteral;

const MAX_DEPTH = 512;
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const INTEGER = /^-?(?:0|[1-9][0-9]*)$/;

/** Reads one JSON text; `start` and `end` are offsets into it. Throws a SyntaxError that names the offset. */
export function readJson(text: string): JsonNode {
	let at = 0;

	const fail = (what: string): never => {
		throw new SyntaxError(`${what} at character ${at}`);
	};
	const skip = () => {
		for (;;) {
			const code = text.charCodeAt(at);
			if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return;
			at++;
		}
	};
	const readString = (): string => {
		const start = at;
		let escaped = false;
		for (at++; ; at++) {
			const code = text.charCodeAt(at);
			if (Number.isNaN(code)) return fail('a string is not closed');
			if (code === 0x22) break;
			if (code < 0x20) return fail('a bare control character in a string');
			if (code === 0x5c) {
				escaped = true;
				at++;
			}
		}
		at++;
		if (!escaped) return text.slice(start + 1, at - 1);
		try {
			return JSON.parse(text.slice(start, at)) as string;
		} catch {
			return fail('an unknown escape in a string that ends');
		}
	};
	const literal = (word: string, value: boolean | null): JsonLiteral => {
		if (!text.startsWith(word, at)) fail('an unexpected character');
		const start = at;
		at += word.length;
		return { kind: value === null ? 'null' : 'boolean', start, end: at, value };
	};
	const readValue = (depth: number): JsonNode => {
		if (depth > MAX_DEPTH) fail('nested too deeply');
		skip();
		const start = at;
		const first = text[at];
		if (first === '{') {
			const node: JsonObject = { kind: 'object', start, end: start, members: new Map(), repeated: [] };
			at++;
			skip();
			if (text[at] === '}') at++;
			else {
				for (;;) {
					skip();
					if (text[at] !== '"') fail('a name in double quotes was expected');
					const name = readString();
					skip();
					if (text[at] !== ':') fail('a colon was expected');
					at++;
					if (node.members.has(name)) node.repeated.push(name);
					node.members.set(name, readValue(depth + 1));
					skip();
					if (text[at] === ',') {
						at++;
						continue;
					}
					if (text[at] !== '}') fail('a comma or a closing brace was expected');
					at++;
					break;
				}
			}
			node.end = at;
			return node;
		}
		if (first === '[') {
			const node: JsonArray = { kind: 'array', start, end: start, items: [] };
			at++;
			skip();
			if (text[at] === ']') at++;
			else {
				for (;;) {
					node.items.push(readValue(depth + 1));
					skip();
					if (text[at] === ',') {
						at++;
						continue;
					}
					if (text[at] !== ']') fail('a comma or a closing bracket was expected');
					at++;
					break;
				}
			}
			node.end = at;
			return node;
		}
		if (first === '"') {
			const value = readString();
			return { kind: 'string', start, end: at, value };
		}
		if (first === 't') return literal('true', true);
		if (first === 'f') return literal('false', false);
		if (first === 'n') return literal('null', null);
		NUMBER.lastIndex = at;
		const number = NUMBER.exec(text);
		if (!number) return fail(at < text.length ? 'an unexpected character' : 'an unexpected end');
		at += number[0].length;
		return { kind: 'number', start, end: at, source: number[0] };
	};

	const node = readValue(0);
	skip();
	if (at < text.length) fail('more text after the value');
	return node;
}

/** Whether a number was written as a plain integer: `12` is, `12.0` and `1e3` are not. */
export function isIntegerNode(node: JsonNode): node is JsonNumber {
	return node.kind === 'number' && INTEGER.test(node.source);
}

/** The plain JavaScript value of a node; an integer that a double cannot hold exactly becomes a `bigint`. */
export function plain(node: JsonNode): unknown {
	switch (node.kind) {
		case 'object': {
			const result: Record<string, unknown> = {};
			for (const [name, member] of node.members) {
				// defineProperty, because assigning to `__proto__` would not make a member.
				Object.defineProperty(result, name, {
					value: plain(member),
					enumerable: true,
					writable: true,
					configurable: true,
				});
			}
			return result;
		}
		case 'array':
			return node.items.map(plain);
		case 'number': {
			const value = Number(node.source);
			return INTEGER.test(node.source) && !Number.isSafeInteger(value) ? BigInt(node.source) : value;
		}
		default:
			return node.value;
	}
}

/** What a node is, in words for a reason: `a string`, `a number` and so on. */
export function kindOf(node: JsonNode): string {
	return node.kind === 'null'
		? 'null'
		: `${node.kind === 'object' || node.kind === 'array' ? 'an' : 'a'} ${node.kind}`;
}
