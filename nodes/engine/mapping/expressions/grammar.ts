/**
 * The language of expressions that may be evaluated for many items at once, read by recursive descent:
 *
 *     expression = head "=>" expression | operand { operator operand } [ "?" expression ":" expression ]
 *     operand    = { prefix } primary { member | index | call }
 *     primary    = text | number | pattern | template | "(" expression ")" | list | object | name | source
 *     call       = "." name "(" … ")"        only names of the vocabulary
 *     source     = "$json" | "$itemIndex" | "$('…').item.json" | what is the same for every item of a run
 *
 * No comment, assignment, statement, `this`, unknown name or call of a computed member is part of it.
 */
import {
	CALLING_METHODS,
	CLASSES,
	FUNCTIONS,
	isRefusedName,
	LITERALS,
	METHODS,
	NAMESPACES,
	RESERVED_WORDS,
} from './vocabulary';

/** A place an expression reads from: the item's own JSON, or the JSON of the item of another node that it comes from. */
export interface Read {
	/** `undefined`: the item itself. */
	node?: string;
	/** The members that are followed; what is found there may be used in any way. */
	path: string[];
}

export interface Code {
	reads: Read[];
	/** Whether the item's number is read. */
	readsIndex: boolean;
	/** What is the same for every item of a run, such as `$vars.a`. */
	constants: string[];
	/** The code with other names in place of the constants and of the items of other nodes. */
	rewrite(names: Names): string;
}

/** Names that stand for what the code reads. */
export interface Names {
	constant(text: string): string;
	node(name: string): string;
}

const MAX_DEPTH = 60;

/** Reads code; `undefined` if it is not of the language. */
export function readCode(code: string): Code | undefined {
	try {
		return new CodeReader(code).read();
	} catch {
		return undefined;
	}
}

class NotRecognised extends Error {}

/** What is known of a value without evaluating it. */
type Shape = 'function' | 'list' | 'spread' | 'value';

const SPACE = /[\t\n\r \xa0]*/y;
const NAME = /[A-Za-z_$][\w$]*/y;
const NUMBER =
	/(?:0[xX][\da-fA-F]+|(?:0|[1-9]\d*)(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)(?![\w$])/y;
const TEXT =
	/"(?:[^"\\\r\n]|\\(?:["'\\/bfnrtv]|u[\da-fA-F]{4}|x[\da-fA-F]{2}))*"|'(?:[^'\\\r\n]|\\(?:["'\\/bfnrtv]|u[\da-fA-F]{4}|x[\da-fA-F]{2}))*'/y;
const PATTERN = /\/(?![*/])(?:[^\\/[\r\n]|\\[^\r\n]|\[(?:[^\]\\\r\n]|\\[^\r\n])*\])+\/[dgimsuy]*(?![\w$])/y;
const TEMPLATE_TEXT = /[^`\\$\r\n]*/y;
const PREFIX = /typeof(?![\w$])|!|~|\+(?!\+)|-(?!-)/y;
/** The longest operator first, so that a part of one that is refused is never taken for another. */
const OPERATOR =
	/===|!==|\*\*=|<<=|>>>=|>>>|>>=|&&=|\|\|=|\?\?=|==|!=|<=|>=|=>|\+\+|--|&&|\|\||\?\?|\*\*|<<|>>|[-+*/%&|^]=|\/\/|\/\*|[-+*/%&|^<>=]|in(?![\w$])/y;
const OPERATORS = new Set('=== !== == != <= >= < > && || ?? ** << >> >>> + - * / % & | ^ in'.split(' '));
const PARAMETER = String.raw`[A-Za-z_][\w$]*`;
const PARAMETERS = String.raw`${PARAMETER}(?:\s*,\s*${PARAMETER})*`;
const PATTERN_PARAMETER = String.raw`(?:${PARAMETER}|\[\s*${PARAMETERS}\s*\]|\{\s*${PARAMETERS}\s*\})`;
/** The parameters of a function written as an arrow: names, or lists and objects taken apart into names. */
const FUNCTION_HEAD = new RegExp(
	String.raw`(?:${PARAMETER}|\(\s*(?:${PATTERN_PARAMETER}(?:\s*,\s*${PATTERN_PARAMETER})*)?\s*\))[\t \xa0]*=>`,
	'y',
);
const NO_CALL = String.raw`(?!\s*(?:\?\.\s*)?\()`;
const STEP = String.raw`(?:\s*\??\.\s*[A-Za-z_$][\w$]*(?![\w$])${NO_CALL}|(?:\?\.)?\[\s*(?:\d+|"[^"\\\r\n]*"|'[^'\\\r\n]*')\s*\]${NO_CALL})`;
const NODE = String.raw`\$\(\s*("[^"\\\r\n]+"|'[^'\\\r\n]+')\s*\)`;
/** The item of another node that an item comes from. */
const NODE_ITEM = new RegExp(String.raw`${NODE}\s*\.\s*item\s*\??\.\s*json(?![\w$])${NO_CALL}`, 'y');
const INPUT_ITEM = new RegExp(String.raw`\$input\s*\.\s*item\s*\??\.\s*json(?![\w$])${NO_CALL}`, 'y');
/** What is the same for every item of a run. */
const CONSTANT = new RegExp(
	[
		String.raw`(?:\$vars|\$env|\$workflow|\$prevNode)(?![\w$])${STEP}+`,
		String.raw`\$execution\s*\.\s*(?:id|mode|resumeUrl|resumeFormUrl)(?![\w$])${NO_CALL}`,
		String.raw`(?:\$runIndex|\$nodeVersion|\$nodeId|\$webhookId)(?![\w$])${NO_CALL}`,
		String.raw`${NODE}\s*\.\s*(?:(?:first|last|all)\s*\(\s*\)${STEP}*|isExecuted(?![\w$])${NO_CALL})`,
		String.raw`\$input\s*\.\s*(?:first|last|all)\s*\(\s*\)${STEP}*`,
	].join('|'),
	'y',
);

/** A recursive-descent reader of one code: each method reads what its name says or gives up. */
class CodeReader {
	private readonly source: string;
	private at = 0;
	private depth = 0;
	private parameters: string[] = [];
	private readonly code = { reads: [] as Read[], readsIndex: false, constants: [] as string[] };
	private readonly replacements: Array<{ from: number; to: number; by: (names: Names) => string }> = [];

	constructor(source: string) {
		this.source = source;
	}

	read(): Code {
		this.expression();
		this.space();
		if (this.at !== this.source.length) throw new NotRecognised();
		if (this.source.includes('<!--') || this.source.includes('-->')) throw new NotRecognised();
		const { source, replacements } = this;
		return {
			...this.code,
			rewrite: (names) => {
				let end = 0;
				let text = '';
				for (const { from, to, by } of replacements) {
					text += source.slice(end, from) + by(names);
					end = to;
				}
				return text + source.slice(end);
			},
		};
	}

	/** Anything that may stand between commas: a function, or an operation with or without a condition. */
	private expression(): Shape {
		if (++this.depth > MAX_DEPTH) throw new NotRecognised();
		const shape = this.functionOrOperation();
		this.depth--;
		return shape;
	}

	private functionOrOperation(): Shape {
		const list = this.take(FUNCTION_HEAD);
		if (list) return this.functionBody(list);
		let shape = this.operand();
		for (;;) {
			const operator = this.take(OPERATOR);
			if (!operator) break;
			if (!OPERATORS.has(operator)) throw new NotRecognised();
			this.operand();
			shape = 'value';
		}
		if (!this.takes('?')) return shape;
		this.expression();
		this.expect(':');
		this.expression();
		return 'value';
	}

	private functionBody(list: string): Shape {
		const names = list.slice(0, -2).match(/[A-Za-z_][\w$]*/g) ?? [];
		for (const name of names) {
			const isTaken = LITERALS.has(name) || FUNCTIONS.has(name) || NAMESPACES.has(name) || CLASSES.has(name);
			if (isTaken || RESERVED_WORDS.has(name) || isRefusedName(name)) throw new NotRecognised();
		}
		if (new Set(names).size !== names.length) throw new NotRecognised();
		const outer = this.parameters;
		this.parameters = [...outer, ...names];
		if (this.looksAt('{')) throw new NotRecognised();
		this.expression();
		this.parameters = outer;
		return 'function';
	}

	private operand(): Shape {
		let isPrefixed = false;
		while (this.take(PREFIX)) isPrefixed = true;
		const shape = this.membersOf(this.primary());
		return isPrefixed ? 'value' : shape;
	}

	private primary(): { read?: Read; shape?: Shape } {
		this.space();
		const from = this.at;
		const next = this.source[from];
		if (next === '(') return this.group();
		if (next === '[') return this.list();
		if (next === '{') return this.object();
		if (next === '`') return this.template();
		if (this.take(TEXT) || this.take(NUMBER) || this.take(PATTERN)) return {};
		if (next === '$') return this.source$(from);
		return this.named();
	}

	private group(): { shape: Shape } {
		this.expect('(');
		this.expression();
		this.expect(')');
		return { shape: 'value' };
	}

	private list(): { shape: Shape } {
		this.expect('[');
		this.sequence(']');
		return { shape: 'list' };
	}

	private object(): object {
		this.expect('{');
		while (!this.takes('}')) {
			// n8n 1.100.1 gives undefined where an object is spread, and newer n8n the object.
			if (this.looksAt('...')) throw new NotRecognised();
			if (this.takes('[')) {
				this.expression();
				this.expect(']');
			} else {
				const name = this.take(NAME) ?? this.text() ?? this.take(NUMBER);
				if (name === undefined || isRefusedName(name)) throw new NotRecognised();
			}
			this.expect(':');
			this.expression();
			if (!this.takes(',') && !this.looksAt('}')) throw new NotRecognised();
		}
		return {};
	}

	private template(): object {
		this.at++;
		for (;;) {
			this.matchHere(TEMPLATE_TEXT);
			if (this.source[this.at] === '`') {
				this.at++;
				return {};
			}
			if (this.source[this.at] !== '$') throw new NotRecognised();
			this.at++;
			if (this.source[this.at] !== '{') continue;
			this.at++;
			if (this.looksAt('{')) throw new NotRecognised();
			this.expression();
			this.expect('}');
		}
	}

	/** A name of n8n that begins with `$`. */
	private source$(from: number): { read?: Read } {
		if (this.take(INPUT_ITEM)) {
			this.replace(from, () => '$json');
			return { read: this.reading(undefined) };
		}
		const item = this.take(NODE_ITEM);
		if (item) {
			const node = /["'](.*)["']/.exec(item)?.[1] ?? '';
			this.replace(from, (names) => names.node(node));
			return { read: this.reading(node) };
		}
		const constant = this.take(CONSTANT);
		if (constant) {
			const steps = constant.match(/[\w$]+/g) ?? [];
			if (steps.some(isRefusedName)) throw new NotRecognised();
			this.code.constants.push(constant);
			this.replace(from, (names) => names.constant(constant));
			return {};
		}
		const name = this.take(NAME);
		if (name === '$json') return { read: this.reading(undefined) };
		if (name === '$itemIndex') {
			this.code.readsIndex = true;
			return {};
		}
		if (name === undefined || !FUNCTIONS.has(name)) throw new NotRecognised();
		this.call();
		return {};
	}

	private named(): { shape?: Shape } {
		const name = this.take(NAME);
		if (name === undefined) throw new NotRecognised();
		if (this.parameters.includes(name)) return {};
		if (LITERALS.has(name)) return {};
		if (name === 'new') return this.instance();
		const members = NAMESPACES.get(name);
		if (members && this.looksAt('.')) return this.namespaced(name, members);
		if (!FUNCTIONS.has(name)) throw new NotRecognised();
		if (!this.looksAt('(')) return { shape: 'function' };
		this.call();
		return {};
	}

	private instance(): object {
		const name = this.take(NAME);
		if (name === undefined || !CLASSES.has(name)) throw new NotRecognised();
		this.expect('(');
		// `new Date(...[])` would read the clock.
		if (this.looksAt(')') || this.looksAt('...')) throw new NotRecognised();
		this.sequence(')');
		return {};
	}

	private namespaced(name: string, members: ReadonlySet<string>): { shape?: Shape } {
		this.expect('.');
		const member = this.take(NAME);
		if (member === undefined) throw new NotRecognised();
		if (/^[A-Z][A-Z\d_]+$/.test(member) && !members.has(member) && !this.looksAt('(')) return {};
		if (!members.has(member)) throw new NotRecognised();
		if (!this.looksAt('(')) return { shape: 'function' };
		const operands = this.call();
		// What these call must be written in place, as with `CALLING_METHODS`.
		if (name === 'JSON' || member === 'from') {
			const [, called] = operands;
			const isHarmless =
				!called || called.shape !== 'value' || /^\s*(?:null|undefined)\s*$/.test(called.text);
			if (operands.some(({ shape }) => shape === 'spread') || !isHarmless) throw new NotRecognised();
		}
		return {};
	}

	/** The members and calls that follow a value. */
	private membersOf({ read, shape }: { read?: Read; shape?: Shape }): Shape {
		let followed = read;
		let result: Shape = shape ?? 'value';
		for (;;) {
			this.space();
			const isOptional = this.source.startsWith('?.', this.at) && !/\d/.test(this.source[this.at + 2] ?? '');
			if (isOptional) this.at += 2;
			if (this.takes('[')) {
				const step = this.step();
				if (step === undefined) followed = undefined;
				else followed?.path.push(step);
				if (this.looksAt('(') || this.looksAt('?.(')) throw new NotRecognised();
			} else if (isOptional || (this.looksAt('.') && !this.looksAt('...'))) {
				if (!isOptional) this.at++;
				const name = this.take(NAME);
				if (name === undefined) throw new NotRecognised();
				if (this.looksAt('(')) {
					if (!METHODS.has(name)) throw new NotRecognised();
					const [first] = this.call();
					if (CALLING_METHODS.has(name) && first?.shape !== 'function') throw new NotRecognised();
					followed = undefined;
				} else {
					if (isRefusedName(name) || this.looksAt('?.(')) throw new NotRecognised();
					followed?.path.push(name);
				}
			} else if (this.looksAt('(') || this.looksAt('`')) {
				throw new NotRecognised();
			} else {
				return result;
			}
			result = 'value';
		}
	}

	/** What stands in brackets after a value: a name that is known, else `undefined`. */
	private step(): string | undefined {
		const from = this.at;
		const text = this.text();
		if (text !== undefined && this.takes(']')) {
			if (isRefusedName(text)) throw new NotRecognised();
			return text;
		}
		this.at = from;
		this.expression();
		this.expect(']');
		return undefined;
	}

	private call(): Array<{ shape: Shape; text: string }> {
		this.expect('(');
		return this.sequence(')');
	}

	/** Expressions between commas, up to the closing character. */
	private sequence(close: string): Array<{ shape: Shape; text: string }> {
		const members: Array<{ shape: Shape; text: string }> = [];
		while (!this.takes(close)) {
			const from = this.at;
			const isSpread = this.takes('...');
			const shape = this.expression();
			members.push({ shape: isSpread ? 'spread' : shape, text: this.source.slice(from, this.at) });
			if (!this.takes(',') && !this.looksAt(close)) throw new NotRecognised();
		}
		return members;
	}

	private reading(node: string | undefined): Read {
		const read: Read = node === undefined ? { path: [] } : { node, path: [] };
		this.code.reads.push(read);
		return read;
	}

	private replace(from: number, by: (names: Names) => string): void {
		this.replacements.push({ from, to: this.at, by });
	}

	/** The content of a text without escapes. */
	private text(): string | undefined {
		this.space();
		const from = this.at;
		const text = this.take(TEXT);
		if (text === undefined || !text.includes('\\')) return text?.slice(1, -1);
		this.at = from;
		return undefined;
	}

	private take(pattern: RegExp): string | undefined {
		this.space();
		return this.matchHere(pattern);
	}

	private matchHere(pattern: RegExp): string | undefined {
		pattern.lastIndex = this.at;
		const found = pattern.exec(this.source)?.[0];
		if (found !== undefined) this.at += found.length;
		return found;
	}

	private takes(characters: string): boolean {
		if (!this.looksAt(characters)) return false;
		this.at += characters.length;
		return true;
	}

	private looksAt(characters: string): boolean {
		this.space();
		return this.source.startsWith(characters, this.at);
	}

	private expect(characters: string): void {
		if (!this.takes(characters)) throw new NotRecognised();
	}

	private space(): void {
		this.matchHere(SPACE);
	}
}
