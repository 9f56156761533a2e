import { createRequire } from 'node:module';
import { join } from 'node:path';

import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ExpressionExtensions } from 'n8n-workflow';

import { extensionPattern, recognise } from '../../../../nodes/engine/mapping/expressions/recognise.ts';
import { chooseWay, mayChangeItems } from '../../../../nodes/engine/mapping/expressions/plan.ts';
import { documented, everydayItem } from '../../../support/expression-cases.mts';
import { expressionOf } from '../../../support/expression-grammar.mts';

const extensions = extensionPattern(
	new Set([
		...ExpressionExtensions.flatMap(({ functions }) => Object.keys(functions)),
		'isEmpty',
		'isNotEmpty',
	]),
);
const read = (expression: string) => recognise(expression, extensions);
const wayOf = (expression: string) => chooseWay(read(expression)).way;

describe('how an expression is evaluated', () => {
	test.each([
		'={{ $json.first + " " + $json.last }}',
		'={{ DateTime.fromISO($json.at).toSeconds() }}',
		'=Mozilla/{{ $json.v }}',
		'={{ $json.list.filter(i => i.qty > 1).map(({ sku }) => sku).join() }}',
		'={{ Object.entries($json.o).map(([k, v]) => `${k}=${v}`) }}',
		'={{ $if($json.a > 1, "x", $json.b ?? null) }}',
		'={{ $vars.prefix + $json.id }}',
		"={{ $('Config').first().json.prefix + $json.id }}",
		"={{ $('Webhook').item.json.a + $json.b }}",
		'={"a": {"b": "{{ $json.x }}"}}',
		'={{ new Date($json.at).toISOString() }}',
		'={{ $itemIndex }}',
		'={{ $json[$json.key] }}',
		'={{ {a: $json.x} }}',
		'={{ a => a, $json.a }}'.replace('a => a, ', ''),
		'={{ $json.a.replace(/[/}]\\s+/g, "") }}',
		'={{ $json.push }}',
	])('%s: together', (expression) => expect(wayOf(expression)).toBe('together'));

	test.each(["={{ $('Webhook').item.json.body.email }}", '={{ $("A b").item.json["x y"] }}'])(
		'%s: path',
		(expression) => expect(wayOf(expression)).toBe('path'),
	);

	test.each([
		'={{ $vars.a }}',
		'={{ $execution.id }}',
		"={{ $('X').first().json.a }}",
		'={{ 1 + 1 }}',
		'=text',
		'={{ $env.HOME }}',
	])('%s: once', (expression) => expect(wayOf(expression)).toBe('once'));

	test.each([
		// The clock and chance.
		...[
			'={{ $now }}',
			'={{ $today.toISO() }}',
			'={{ new Date() }}',
			'={{ new Date(...[]) }}',
			'={{ Date.now() }}',
		],
		...['={{ DateTime.now() }}', '={{ DateTime.local() }}', '={{ DateTime.fromObject({ hour: $json.h }) }}'],
		...['={{ Math.random() }}', '={{ $json.list.randomItem() }}', '={{ $json.at.toDateTime().diffToNow() }}'],
		...['={{ $json.at.toDateTime().toRelative() }}', '={{ $json.at.isInLast(1) }}'],
		// What changes something.
		...[
			'={{ $json.a = 1 }}',
			'={{ $json.a += 1 }}',
			'={{ $json.a ||= 1 }}',
			'={{ $json.a >>>= 1 }}',
			'={{ $json.a++ }}',
		],
		...[
			'={{ --$json.a }}',
			'={{ delete $json.a }}',
			'={{ $json.l.sort() }}',
			'={{ $json.l.push(1) }}',
			'={{ $json.l.splice(0) }}',
		],
		...[
			'={{ $json.l?.sort?.() }}',
			'={{ $json.l["sort"]() }}',
			'={{ $json.l["so" + "rt"]() }}',
			'={{ ($json.l.sort)() }}',
		],
		...[
			'={{ [1].map($json.l.push, $json.l) }}',
			'={{ [1].map(...[$json.l.push, $json.l]) }}',
			'={{ JSON.stringify($json, $json.l.pop) }}',
		],
		...[
			'={{ JSON.stringify($json, [$json.l.pop][0]) }}',
			'={{ JSON.stringify(...[$json, $json.l.pop]) }}',
			'={{ Array.from([1], $json.l.push, $json.l) }}',
		],
		...[
			'={{ $json.l.map([].push) }}',
			'={{ Object.assign($json, { a: 1 }) }}',
			'={{ Object.defineProperty($json, "a", {}) }}',
		],
		...[
			'={{ new Date($json.at).setHours(0) }}',
			'={{ $json.l.forEach(x => x) }}',
			'={{ $json.l.map(x => x.a = 1) }}',
		],
		// Statements, functions and whatever may leave the sandbox.
		...[
			'={{ $json.a; 1 }}',
			'={{ $json.a, 1 }}',
			'={{ ($json.a, 1) }}',
			'={{ (() => $json.a)() }}',
			'={{ (function () { return 1 })() }}',
		],
		...[
			'={{ $json.l.map(x => { return x }) }}',
			'={{ $json.l.map(function (x) { return x }) }}',
			'={{ this.$json.a }}',
			'={{ new Function("a") }}',
		],
		...[
			'={{ $json.a.constructor }}',
			'={{ $json["constructor"] }}',
			'={{ $json["con" + "structor"].constructor }}',
			'={{ $json.__proto__ }}',
		],
		...[
			'={{ ({ __proto__: $json }) }}',
			'={{ ({ ["a"]: 1, "__proto__": $json }) }}',
			'={{ $json.prototype }}',
			'={{ $json.toString }}',
		],
		...[
			'={{ process.env.A }}',
			'={{ globalThis.a }}',
			'={{ eval("1") }}',
			'={{ require("fs") }}',
			'={{ global.a }}',
			'={{ unknown + $json.a }}',
		],
		...[
			'={{ $json.a.call($json) }}',
			'={{ $json.l.map.apply($json.l, [String]) }}',
			'={{ String.raw`a` }}',
			'={{ $json.a`b` }}',
			'={{ `a`() }}',
		],
		...[
			'={{ async () => $json.a }}',
			'={{ await $json.a }}',
			'={{ import("fs") }}',
			'={{ new $json.a() }}',
			'={{ new Proxy($json, {}) }}',
		],
		...[
			'={{ ({ get a() { return $json.a } }) }}',
			'={{ ({ a() { return 1 }, b: $json.b }) }}',
			'={{ $json.l.map((x = 1) => x) }}',
			'={{ $json.l.map((...x) => x) }}',
		],
		...[
			'={{ $json.l.map($json => $json) }}',
			'={{ $json.l.map(JSON => JSON) }}',
			'={{ $json.l.map((a, a) => a) }}',
			'={{ $json.l.map(arguments => 1) }}',
		],
		...[
			'={{ $ }}',
			'={{ $.a }}',
			'={{ $("A") }}',
			'={{ $("A").item }}',
			'={{ $("A" + 1).item.json.a }}',
			'={{ $(`A`).item.json.a }}',
		],
		...[
			'={{ $fromAI("a") }}',
			'={{ $parameter.a }}',
			'={{ $binary.a }}',
			'={{ $item(0).$json.a }}',
			'={{ $items() }}',
			'={{ $node["A"].json.a }}',
		],
		...[
			'={{ $evaluateExpression("1") }}',
			'={{ $getWorkflowStaticData("node") }}',
			'={{ $execution.customData.get("a") }}',
			'={{ $self.a }}',
		],
		// Writing in which a reader may go wrong.
		...[
			'={{ $json.a // c }}',
			'={{ $json.a /* c */ }}',
			'={{ $json.a <!-- c }}',
			'={{ $json.a --> c }}',
			'={{ `a\n${$json.a}` }}',
			'={{ `a\\n${$json.a}` }}',
		],
		...[
			'={{ $json.a }',
			'={{ $json.a',
			'={{ {{ $json.a }} }}',
			'={{ "\\}}" + $json.a }}',
			'=\\{{ $json.a }}',
			'={{ $json.a\u2028 }}',
		],
		...[
			'={{ "a\\\nb" + $json.a }}',
			'={{ "\\0" + $json.a }}',
			'={{ 017 + $json.a }}',
			'={{ 1n + $json.a }}',
			'={{ 1_0 + $json.a }}',
			'={{ $json.\\u0061 }}',
			'={{ $json.имя }}',
		],
		...[
			'={{ $json.a) + ($json.b }}',
			'={{ ($json.a }}',
			'={{ [$json.a }}',
			'={{ $json.a] }}',
			'={{ "a + $json.a }}',
			'={{ $json.a" }}',
			'={{ /a + $json.a }}',
			'={{ $json.a! }}',
		],
		...[
			'={{ $json..a }}',
			'={{ $json.a? }}',
			'={{ $json.a ? 1 }}',
			'={{ $json.a : 1 }}',
			'={{ => $json.a }}',
			'={{ $json.a instanceof Date }}',
			'={{ void $json.a }}',
			'={{ #a in $json }}',
		],
		...[
			'=.first( {{ $json.a }}',
			'={{ [1, , $json.a] }}',
			'={{ ({ a, b: $json.b }) }}',
			'={{ ({ a: $json.x.first() }) }}',
			'={{ 1 in 0 }} {{ $json.a }}',
			'={{ }} {{ $json.a }}',
		],
	])('%s: by n8n', (expression) => expect(wayOf(expression)).toBe('n8n'));
});

test('what is read is noted, each with the members that are followed', () => {
	const code = read(
		'={{ $json.a.b.trim() + $json["c d"][0].e + $json.f?.g[$itemIndex] + $input.item.json.h }}',
	)?.codes[0];
	expect(code).toMatchObject({
		readsIndex: true,
		constants: [],
		reads: [{ path: ['a', 'b'] }, { path: ['c d'] }, { path: ['f', 'g'] }, { path: ['h'] }],
	});
	expect(read("={{ $('A').item.json.x + JSON.stringify($json) + $vars.v.trim() }}")?.codes[0]).toMatchObject({
		reads: [{ node: 'A', path: ['x'] }, { path: [] }],
		constants: ['$vars.v'],
	});
});

test('constants and the items of other nodes are given other names', () => {
	const code = read("={{ $('A').item.json.x + $vars.v.trim() + $input.item.json.y + '$vars.v' }}")?.codes[0];
	const names = { constant: (text: string) => `<${text}>`, node: (name: string) => `[${name}]` };
	expect(code?.rewrite(names)).toBe(" [A].x + <$vars.v>.trim() + $json.y + '$vars.v' ");
});

/** n8n's own parser. */
const load = createRequire(createRequire(join(process.cwd(), 'package.json')).resolve('n8n-workflow'));
const { parseScript } = load('esprima-next') as { parseScript(code: string): Tree };
type Tree = { type: string; body: Tree[]; expression: Tree; name?: string; operator?: string } & Record<
	string,
	unknown
>;

/** Everything in a tree that is not plain reading and calculating. */
function impurities(tree: unknown, bound: readonly string[] = []): string[] {
	if (Array.isArray(tree)) return tree.flatMap((member) => impurities(member, bound));
	if (typeof tree !== 'object' || tree === null) return [];
	const { type, ...rest } = tree as Tree;
	const inner = Object.values(rest).flatMap((member) => impurities(member, bound));
	const refused = [
		...[
			'AssignmentExpression',
			'UpdateExpression',
			'SequenceExpression',
			'ThisExpression',
			'FunctionExpression',
		],
		...[
			'ClassExpression',
			'TaggedTemplateExpression',
			'AwaitExpression',
			'YieldExpression',
			'ImportExpression',
			'BlockStatement',
		],
		...['MetaProperty', 'Super', 'AssignmentPattern', 'RestElement'],
	];
	if (refused.includes(type)) return [type, ...inner];
	if (type === 'UnaryExpression' && ['delete', 'void'].includes(String(rest.operator)))
		return ['delete', ...inner];
	if (type === 'CallExpression') {
		const callee = rest.callee as Tree;
		const isNamed =
			callee.type === 'Identifier' || (callee.type === 'MemberExpression' && callee.computed === false);
		return isNamed && rest.optional !== true ? inner : [`call of ${callee.type}`, ...inner];
	}
	if (
		type === 'Identifier' &&
		/^(?:constructor|__\w+|process|global|globalThis|eval|Function|Reflect|Proxy)$/.test(String(rest.name))
	) {
		return [String(rest.name)];
	}
	return inner;
}

/** Says what is wrong with recognised code by n8n's own parser; code that it cannot parse is evaluated by nobody. */
function wrongWith(expression: string): string[] {
	return (read(expression)?.codes ?? []).flatMap((code) => {
		const text = code.rewrite({ constant: () => '$c[0]', node: () => '$n' });
		let tree: Tree;
		try {
			tree = parseScript(`[() => (${text})]`);
		} catch {
			return [];
		}
		const list = tree.body[0]?.expression as unknown as { elements: Tree[] } | undefined;
		const isOne =
			tree.body.length === 1 &&
			list?.elements.length === 1 &&
			list.elements[0]?.type === 'ArrowFunctionExpression';
		return isOne ? impurities(list.elements[0]?.body) : ['not one expression'];
	});
}

describe("n8n's own parser finds in what is recognised", () => {
	test('nothing but pure expressions in the documented ones', () => {
		expect(documented.filter((expression) => wrongWith(expression).length > 0)).toEqual([]);
		expect(documented.filter((expression) => read(expression)).length).toBeGreaterThan(1_500);
	});

	test('nor in generated ones', () => {
		fc.assert(
			fc.property(expressionOf(Object.keys(everydayItem)), (expression) => {
				expect(wrongWith(expression)).toEqual([]);
			}),
			{ numRuns: 1_000 },
		);
	});

	test('nor in ones with something put in, taken out or moved', () => {
		const pieces = fc.constantFrom(
			...[
				'(',
				')',
				'[',
				']',
				'{',
				'}',
				'`',
				'"',
				"'",
				'/',
				'//',
				'/*',
				'\\',
				',',
				';',
				'=',
				'=>',
				'++',
				'--',
				'?',
				'?.',
				'.',
				'...',
				'${',
				'}}',
				'{{',
			],
			...[
				'constructor',
				'__proto__',
				'this',
				'delete ',
				'new ',
				' in ',
				'function',
				'async ',
				'await ',
				'$',
				'$json',
				'(x)',
				'.sort(',
				'.call(',
				'\n',
				' ',
				'0',
				'a',
				'!',
				'*',
				'<!--',
				'-->',
			],
		);
		const mutation = fc.record({
			expression: fc.constantFrom(...documented),
			at: fc.double({ min: 0, max: 1, noNaN: true }),
			drop: fc.nat(3),
			put: fc.array(pieces, { maxLength: 2 }).map((list) => list.join('')),
		});
		fc.assert(
			fc.property(mutation, ({ expression, at, drop, put }) => {
				const place = 1 + Math.floor(at * (expression.length - 1));
				expect(wrongWith(expression.slice(0, place) + put + expression.slice(place + drop))).toEqual([]);
			}),
			{ numRuns: 20_000 },
		);
	});
});

test('long and repetitive texts are read in no time', () => {
	for (const piece of [
		'(',
		'a',
		'((a',
		'[',
		'{a:',
		'`${',
		'a => ',
		'$json.a.',
		'(a, ',
		'/[',
		'"',
		'$("a").item',
		'! ',
		'.5',
	]) {
		const started = performance.now();
		read(`={{ ${piece.repeat(4_000)} }}`);
		read(`={{ ${piece.repeat(Math.floor(9_000 / piece.length))} }}`);
		// Backtracking would take minutes.
		expect(performance.now() - started).toBeLessThan(5_000);
	}
});

describe('an expression that n8n evaluates and that may change its item', () => {
	test.each([
		'={{ $json.a = 1 }}',
		'={{ $json.l.sort() }}',
		'={{ $json.l["so" + "rt"]() }}',
		'={{ [1].map($json.l.push, $json.l) }}',
		'={{ Object.assign($json, {}) }}',
		'={{ delete $json.a }}',
		'=x {{ $json.a++ }}',
	])('%s', (expression) => expect(mayChangeItems(expression)).toBe(true));

	test.each([
		'={{ $now.toISO() }}',
		'={{ $fromAI("a", "b") }}',
		'={{ $node["A"].json.b }}',
		'={{ $json.a == 1 && $now > $json.b }}',
		'=a = {{ Math.random() }}',
		'={{ new Date().toISOString() }}',
	])('not %s', (expression) => expect(mayChangeItems(expression)).toBe(false));
});
