import { emptyObject } from './objects';
import { quoted } from '../report/userText';

/**
 * `error`: it is JSON, but cannot be read without loss. `broken`: it is not JSON; what is missing and where, and the place in
 * the text. An error completes "'Cart' (cart) …".
 */
export type JsonRead = { content: unknown } | { error: string } | { broken: string; at: number };

const MAX_DEPTH = 100;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const SPACE = /[\t\n\r ]*/y;
/** A double tells apart every number of 17 digits. */
const MOST_DIGITS = 17;

/** Digits that a double may not hold, or a form in which it writes none. */
const INEXACT_NUMBER = /\d{16}|\d[eE][+-]?\d/;
/** Where a number may begin in a text without white space. */
const ANY_NUMBER = /(?:^|[:[,])-?\d/;

/** Text that should be JSON: `{ parsed }`, or `undefined` where it is not. */
export function parseJson(text: string): { parsed: unknown } | undefined {
	try {
		return { parsed: JSON.parse(text) as unknown };
	} catch {
		return undefined;
	}
}

/** Place of the quote that ends the string which begins at `at`. */
function endOfString(text: string, at: number): number {
	let end = text.indexOf('"', at + 1);
	while (end > 0) {
		let slashes = 0;
		while (text.charCodeAt(end - 1 - slashes) === 0x5c) slashes++;
		if (slashes % 2 === 0) return end;
		end = text.indexOf('"', end + 1);
	}
	return text.length;
}

function isNestedTooDeep(text: string): boolean {
	let depth = 0;
	for (let at = 0; at < text.length; at++) {
		const unit = text.charCodeAt(at);
		if (unit === 0x22) at = endOfString(text, at);
		else if (unit === 0x7b || unit === 0x5b) depth++;
		else if (unit === 0x7d || unit === 0x5d) depth--;
		if (depth > MAX_DEPTH) return true;
	}
	return false;
}

/**
 * Reads a text that is written just as `JSON.stringify` writes what is in it. Then nothing is lost, no name stands twice, and
 * the engine's own parser can read it, which takes a tenth of the time. `undefined`: it is not written so.
 */
function readNatively(text: string, numbers: 'exact' | 'text'): { content: unknown } | undefined {
	if ((numbers === 'text' ? ANY_NUMBER : INEXACT_NUMBER).test(text) || isNestedTooDeep(text))
		return undefined;
	try {
		const content = JSON.parse(text) as unknown;
		return JSON.stringify(content) === text ? { content } : undefined;
	} catch {
		return undefined;
	}
}

class Loss extends Error {}

class Broken extends Error {
	readonly at: number;

	constructor(message: string, at: number) {
		super(message);
		this.at = at;
	}
}

/**
 * Reads JSON as `JSON.parse` does, but says where it goes wrong, refuses an object that has one name twice, and loses no
 * digit: a whole number beyond what JavaScript holds becomes a BigInt. With `text`, every number stays as it is written.
 */
export function readJson(text: string, numbers: 'exact' | 'text' = 'exact'): JsonRead {
	return readNatively(text, numbers) ?? readClosely(text, numbers);
}

function readClosely(text: string, numbers: 'exact' | 'text'): JsonRead {
	let at = 0;

	function broken(expected: string): never {
		const before = text.slice(0, at);
		const line = before.split('\n').length;
		const column = at - before.lastIndexOf('\n');
		const where = line > 1 ? `line ${line}, character ${column}` : `character ${column}`;
		throw new Broken(`${expected} is missing at ${where}`, at);
	}

	function skipSpace(): void {
		if (text.charCodeAt(at) > 0x20) return;
		SPACE.lastIndex = at;
		SPACE.test(text);
		at = SPACE.lastIndex;
	}

	function readString(expected: string): string {
		if (text[at] !== '"') broken(expected);
		const begin = at;
		let isPlain = true;
		for (at++; at < text.length; at++) {
			const unit = text.charCodeAt(at);
			if (unit === 0x22) {
				const raw = text.slice(begin, ++at);
				if (isPlain) return raw.slice(1, -1);
				try {
					return JSON.parse(raw) as string;
				} catch {
					at = begin;
					broken('a text with valid escapes');
				}
			}
			if (unit === 0x5c) {
				isPlain = false;
				at++;
			} else if (unit < 0x20) {
				broken('an escape such as \\n for a line break');
			}
		}
		return broken('the quote that ends a text');
	}

	function readNumber(): unknown {
		NUMBER.lastIndex = at;
		const token = NUMBER.exec(text)?.[0];
		if (token === undefined) return broken('a value');
		at += token.length;
		if (numbers === 'text') return token;
		const number = Number(token);
		if (/^-?\d+$/.test(token)) {
			if (Number.isSafeInteger(number)) return number;
			if (token.length <= 1_000) return BigInt(token);
		}
		const digits = token
			.replace(/[eE].*$/, '')
			.replace(/\D/g, '')
			.replace(/^0+|0+$/g, '');
		if (digits.length > MOST_DIGITS || !Number.isFinite(number)) {
			throw new Loss(`holds the number ${quoted(token)}, which has more digits than a JSON number can hold`);
		}
		return number;
	}

	function readObject(depth: number): unknown {
		const object = emptyObject();
		at++;
		skipSpace();
		if (text[at] === '}') {
			at++;
			return object;
		}
		for (;;) {
			const name = readString('a name in double quotes');
			if (Object.hasOwn(object, name)) throw new Loss(`has the name ${quoted(name)} twice`);
			skipSpace();
			if (text[at] !== ':') broken('a colon');
			at++;
			const value = readValue(depth + 1);
			// A plain assignment to __proto__ would set the prototype.
			if (name === '__proto__')
				Object.defineProperty(object, name, { value, writable: true, enumerable: true, configurable: true });
			else object[name] = value;
			if (text[at] === '}') break;
			if (text[at] !== ',') broken('a comma or }');
			at++;
			skipSpace();
		}
		at++;
		return object;
	}

	function readArray(depth: number): unknown {
		const list: unknown[] = [];
		at++;
		skipSpace();
		if (text[at] === ']') {
			at++;
			return list;
		}
		for (;;) {
			list.push(readValue(depth + 1));
			if (text[at] === ']') break;
			if (text[at] !== ',') broken('a comma or ]');
			at++;
		}
		at++;
		return list;
	}

	/** Leaves `at` at the token that follows. */
	function readValue(depth: number): unknown {
		if (depth > MAX_DEPTH) throw new Loss(`is nested more than ${MAX_DEPTH} levels deep`);
		skipSpace();
		const value = readToken(depth);
		skipSpace();
		return value;
	}

	function readToken(depth: number): unknown {
		switch (text[at]) {
			case '{':
				return readObject(depth);
			case '[':
				return readArray(depth);
			case '"':
				return readString('a text');
			case 't':
				return readWord('true', true);
			case 'f':
				return readWord('false', false);
			case 'n':
				return readWord('null', null);
			default:
				return readNumber();
		}
	}

	function readWord(word: string, value: unknown): unknown {
		if (!text.startsWith(word, at)) broken('a value');
		at += word.length;
		return value;
	}

	let failure: unknown;
	try {
		const content = readValue(0);
		if (at < text.length) broken('the end of the text');
		return { content };
	} catch (error) {
		failure = error;
	}
	if (failure instanceof Loss) return { error: failure.message };
	if (failure instanceof Broken) return { broken: failure.message, at: failure.at };
	throw failure;
}
