/**
 * Expressions and items on which reading a path directly must give what n8n's own evaluation gives. The same in every
 * process that imports this, so that a pair can be named by its two places.
 */
import { createRequire } from 'node:module';
import { join } from 'node:path';

import fc from 'fast-check';
import type { DateTime as DateTimeClass } from 'luxon';

// n8n's own copy of luxon: a second one would make strangers of its dates.
const load = createRequire(createRequire(join(process.cwd(), 'package.json')).resolve('n8n-workflow'));
const { DateTime } = load('luxon') as { DateTime: typeof DateTimeClass };

/** Paths that users write every day; reading them must not cost an evaluation. */
export const everydayPaths: readonly string[] = [
	'={{ $json.id }}',
	'={{$json.id}}',
	'={{   $json.id   }}',
	'={{\n\t$json.id\n}}',
	'={{\u00a0$json.id\u00a0}}',
	'={{ $json.a.b }}',
	'={{ $json.a.b.c }}',
	'={{ $json["id"] }}',
	"={{ $json['id'] }}",
	'={{ $json["a"]["b"] }}',
	'={{ $json.a["b"].c }}',
	'={{ $json["a b"][0] }}',
	'={{ $json["a.b"] }}',
	'={{ $json["it\'s"] }}',
	'={{ $json[\'say "so"\'] }}',
	'={{ $json["имя"] }}',
	'={{ $json["😀"] }}',
	'={{ $json["日本"]["語"] }}',
	'={{ $json[""] }}',
	'={{ $json["0"] }}',
	'={{ $json[0] }}',
	'={{ $json["e-mail"] }}',
	'={{ $json["User ID"] }}',
	'={{ $json["$"]["id"] }}',
	'={{ $json["//"] }}',
	'={{ $json["a/*b*/"] }}',
	'={{ $json["`${x}`"] }}'.replace('${x}', '$x'),
	'={{ $json.list[0] }}',
	'={{ $json.list[1] }}',
	'={{ $json.list[99] }}',
	'={{ $json.list.length }}',
	'={{ $json.list["length"] }}',
	'={{ $json.list["0"] }}',
	'={{ $json.rows[0].name }}',
	'={{ $json.rows[1]["name"] }}',
	'={{ $json.rows[0]["tags"][1] }}',
	'={{ $json?.id }}',
	'={{ $json?.a?.b }}',
	'={{ $json.a?.b }}',
	'={{ $json.a?.b?.c }}',
	'={{ $json.a?.b.c }}',
	'={{ $json.rows[0]?.name }}',
	'={{ $json._under }}',
	'={{ $json.$dollar }}',
	'={{ $json.camelCase9 }}',
	'={{ $json.class }}',
	'={{ $json.missing }}',
	'={{ $json.body.userId }}',
	'={{ $json.headers["content-type"] }}',
	'={{ $json.length }}',
	'={{ $json.isEmpty }}',
	'={{ $json.json }}',
	'={{ $json["line\u2028end"] }}',
	'={{ $json["tab\tin"] }}',
];

/** Names that JavaScript, n8n's sandbox or its engines treat in their own way. */
const SPECIAL_NAMES = [
	...Object.getOwnPropertyNames(Object.prototype),
	...[
		'prototype',
		'getPrototypeOf',
		'setPrototypeOf',
		'getOwnPropertyDescriptor',
		'defineProperty',
		'defineProperties',
	],
	...[
		'mainModule',
		'binding',
		'_linkedBinding',
		'_load',
		'prepareStackTrace',
		'captureStackTrace',
		'stackTraceLimit',
	],
	...[
		'caller',
		'callee',
		'arguments',
		'getBuiltinModule',
		'dlopen',
		'execve',
		'loadEnvFile',
		'constructorId',
		'myconstructor',
	],
	...[
		'$',
		'$json',
		'$input',
		'$item',
		'$now',
		'$parameter',
		'this',
		'globalThis',
		'global',
		'window',
		'self',
		'process',
		'require',
	],
	...[
		'undefined',
		'null',
		'true',
		'NaN',
		'Infinity',
		'new',
		'delete',
		'function',
		'eval',
		'await',
		'yield',
		'let',
		'async',
		'import',
	],
	...[
		'toJSON',
		'then',
		'name',
		'map',
		'filter',
		'first',
		'last',
		'extend',
		'extendOptional',
		'format',
		'isProxy',
		'__sanitize',
	],
	...[
		'___n8n_data',
		'__isArray',
		'__isObject',
		'__isError',
		'__length',
		'__keys',
		'__data',
		'E',
		'v',
		'DateTime',
		'Object',
		'Symbol',
	],
];

const specialNames: readonly string[] = SPECIAL_NAMES.flatMap((name) => [
	`={{ $json.${name} }}`,
	`={{ $json[${JSON.stringify(name)}] }}`,
	`={{ $json.special.${name} }}`,
	`={{ $json.${name}.id }}`,
]);

/** White space, digits, quotes and nesting where a reader of its own may go wrong. */
const oddWritings: readonly string[] = [
	'={{ $json }}',
	'={{ $json . id }}',
	'={{ $json\n.id }}',
	'={{ $json [ "id" ] }}',
	'={{ $json[ "id" ] }}',
	'={{ $json?.["id"] }}',
	'={{ $json?.[0] }}',
	'={{ $json.list?.[1] }}',
	'={{ $json.list[01] }}',
	'={{ $json.list[002] }}',
	'={{ $json.list[08] }}',
	'={{ $json.list[1.0] }}',
	'={{ $json.list[0x1] }}',
	'={{ $json.list[1e0] }}',
	'={{ $json.list[-1] }}',
	'={{ $json.list[4294967295] }}',
	'={{ $json.list[99999999999999999999] }}',
	'={{ $json.list["01"] }}',
	'={{ $json.list["1.0"] }}',
	'={{ $json.list["-1"] }}',
	'={{ $json.list.map }}',
	'={{ $json.list.extra }}',
	'={{ $json.list["extra"] }}',
	'={{ $json.text.length }}',
	'={{ $json.text[0] }}',
	'={{ $json["a}}b"] }}',
	'={{ $json["a{{b"] }}',
	'={{ $json["a}b"] }}',
	'={{ $json["{{ $json.id }}"] }}',
	'={{ $json["a\\"b"] }}',
	'={{ $json["a\\nb"] }}',
	'={{ $json["\\u0061"] }}',
	'={{ $json["a\nb"] }}',
	'={{ $json["a\rb"] }}',
	'={{ $json["a.constructor"] }}',
	'={{ $json[". constructor"] }}',
	'={{ $json["x.isEmpty("] }}',
	'={{ $json["a"b"] }}',
	'={{ $json[\'id"] }}',
	'={{ $json[`id`] }}',
	'={{ $json[id] }}',
	'={{ $json["id"]. }}',
	'={{ $json..id }}',
	'={{ $json.id; }}',
	'={{ $json.id // why }}',
	'={{ /* why */ $json.id }}',
	'={{ ($json.id) }}',
	'={{ $json.имя }}',
	'={{ $json.café }}',
	'={{ $json.\\u0061 }}',
	'={{ $json.9 }}',
	'={{ $json.e-mail }}',
	'={{ $json.User ID }}',
	'={{ $json["lone \ud800"] }}',
];

/** What is no path at all, or a path with text around it. */
const noPaths: readonly string[] = [
	'plain text',
	'',
	'=',
	'==',
	'=text',
	'={{ }}',
	'={{}}',
	'= {{ $json.id }}',
	'={{ $json.id }} ',
	'={{ $json.id }}\n',
	'=id {{ $json.id }}',
	'={{ $json.id }}{{ $json.text }}',
	'={{ $json.id }} and {{ $json.text }}',
	'={{ $json.id + 1 }}',
	'={{ $json.id ?? "none" }}',
	'={{ $json.id || "none" }}',
	'={{ !$json.id }}',
	'={{ -$json.id }}',
	'={{ typeof $json.id }}',
	'={{ $json.text.toUpperCase() }}',
	'={{ $json.list.first() }}',
	'={{ $json.a.isEmpty() }}',
	'={{ Object.keys($json) }}',
	'={{ $json.list.map((one) => one) }}',
	'={{ `${$json.id}` }}',
	'={{ { id: $json.id } }}',
	'={{ [$json.id] }}',
	'={{ $json.id, $json.text }}',
	'={{ $json.id ? 1 : 2 }}',
	'={{ $input.item.json.id }}',
	'={{ $item(0).$json.id }}',
	'={{ $binary }}',
	'={{ $now.isValid }}',
	'={{ $jsonx.id }}',
	'={{ $ json.id }}',
	'={{ $JSON.id }}',
	'={{ "text" }}',
	'={{ 1 }}',
	'={{ syntax error }}',
	'{{ $json.id }}',
];

const longText = 'ж'.repeat(20_000);

const values: ReadonlyArray<[name: string, value: unknown]> = [
	['undefined', undefined],
	['null', null],
	['an empty text', ''],
	['a text', 'text'],
	['a text that looks like an expression', '={{ 1 + 1 }}'],
	['a text with one equals sign', '='],
	['a text of an expression without equals sign', '{{ $json.id }}'],
	['a very long text', longText],
	['a text with line breaks and quotes', '"a"\r\n\'b\'\u0000\u2028'],
	['an emoji', '😀'],
	['a lone surrogate', 'a\ud800'],
	['zero', 0],
	['minus zero', -0],
	['NaN', NaN],
	['infinity', -Infinity],
	['a fraction', 0.1 + 0.2],
	['a number that lost digits', 2 ** 60],
	['a BigInt', 12_345_678_901_234_567_890n],
	['true', true],
	['false', false],
	['a Date', new Date(1_577_191_920_123)],
	['an invalid Date', new Date(NaN)],
	['a Luxon DateTime', DateTime.fromMillis(1_577_191_920_123, { zone: 'Europe/Moscow' })],
	['a Luxon Duration', load('luxon').Duration.fromMillis(1_000)],
	['an object that looks like a DateTime', { isLuxonDateTime: true, b: 1 }],
	[
		'an object of markers',
		{ __isArray: true, __length: 3, __isObject: true, __keys: ['b'], __isError: true, b: 'own' },
	],
	['an object with toJSON', { toJSON: () => ({ b: 'changed' }), b: 'own' }],
	[
		'an object with an inherited member',
		Object.assign(Object.create({ b: 'inherited' }) as object, { c: 1 }),
	],
	['an object without prototype', Object.assign(Object.create(null) as object, { b: 'own' })],
	['a Map', new Map([['b', 1]])],
	['a Buffer', Buffer.from('bytes')],
	['a RegExp', /b/],
	['an Error', Object.assign(new Error('b'), { b: 'own' })],
	['a function', () => 1],
	['an empty list', []],
	['an empty object', {}],
	['a list', [1, 'two', null]],
	// eslint-disable-next-line no-sparse-arrays
	['a list with a hole', [1, , 3]],
	['a list with a member of its own', Object.assign([1, 2, 3], { extra: 'own', b: 'own' })],
	['a nested object', { b: { c: 'deep' }, list: [{ b: 1 }], id: 'inner' }],
];

/** An object that has `value` under every name the expressions use. */
function everywhere(value: unknown): Record<string, unknown> {
	const names = [
		'id',
		'a',
		'a b',
		'a.b',
		"it's",
		'say "so"',
		'имя',
		'😀',
		'',
		'0',
		'e-mail',
		'User ID',
		'$',
		'//',
		'list',
		'rows',
		'text',
	];
	const more = [
		'_under',
		'$dollar',
		'camelCase9',
		'length',
		'json',
		'body',
		'headers',
		'special',
		'a}}b',
		'a{{b',
		'a}b',
		'a.constructor',
	];
	return withMembers([...names, ...more, ...SPECIAL_NAMES].map((name) => [name, value]));
}

/** Own members, also one called `__proto__`. */
const withMembers = (entries: ReadonlyArray<readonly [string, unknown]>): Record<string, unknown> =>
	Object.fromEntries(entries);

function deep(levels: number): Record<string, unknown> {
	let inner: Record<string, unknown> = { id: 'bottom', b: 'bottom' };
	for (let level = 0; level < levels; level++) inner = { a: inner, level };
	return inner;
}

/** Items as n8n hands them to a node, by what is odd about them. */
export const oddItems: ReadonlyArray<[name: string, json: Record<string, unknown>]> = [
	['an empty item', {}],
	[
		'an everyday item',
		{
			id: 42,
			a: { b: { c: 'deep' } },
			'a b': ['first', 'second'],
			'a.b': 'dotted',
			text: 'text',
			list: [1, 2, 3],
			rows: [{ name: 'one', tags: ['x', 'y'] }, { name: 'two' }],
			body: { userId: '0017' },
			headers: { 'content-type': 'application/json' },
			$: { id: 'attribute', b: 2 },
		},
	],
	[
		'an item with null where an object is expected',
		{ a: null, rows: [null], body: null, headers: null, list: null, special: null },
	],
	[
		'an item with texts where objects are expected',
		{ a: 'text', rows: 'text', body: 'text', list: 'text', special: 'text' },
	],
	['a deep item', deep(50)],
	['an item whose special names hold objects', everywhere({ id: 'inner', b: 'inner' })],
	[
		'an item whose special names hold special names',
		{ special: everywhere('own'), list: Object.assign([1], { extra: 'own' }) },
	],
	[
		'an item with the binary part as JSON',
		{ id: 1, files: { data: { fileName: 'a.txt', mimeType: 'text/plain', id: 'filesystem:1' } } },
	],
	...values.map(([name, value]): [string, Record<string, unknown>] => [
		`an item with ${name} everywhere`,
		everywhere(value),
	]),
	...values.map(([name, value]): [string, Record<string, unknown>] => [
		`an item with ${name} one level down`,
		{
			a: { b: value, c: value, id: value },
			list: [value, value],
			rows: [{ name: value, tags: [value] }],
			special: { id: value },
			'a b': [value],
		},
	]),
];

/** Expressions over a few items, in order, as a node reads them. */
export interface Group {
	expressions: readonly string[];
	items: ReadonlyArray<Record<string, unknown>>;
}

const allItems = oddItems.map(([, json]) => json);
/** Enough for what n8n alone evaluates, in whichever way. */
const fewItems = allItems.slice(0, 6);
const itemsOfSpecialNames = allItems.slice(5, 7);

/** Random names and items that meet often. */
function randomGroups(count: number): Group[] {
	const name = fc.constantFrom(
		'a',
		'b',
		'id',
		'a b',
		'a.b',
		'0',
		'1',
		'length',
		'имя',
		'',
		'toString',
		'__proto__',
		'constructorId',
		'$',
	);
	const leaf = fc.oneof(
		fc.string({ unit: 'binary' }),
		fc.double(),
		fc.bigInt(),
		fc.boolean(),
		fc.constantFrom(null, undefined, '', 0, -0),
	);
	const { item } = fc.letrec((tie) => ({
		value: fc.oneof({ maxDepth: 3 }, leaf, fc.array(tie('value'), { maxLength: 3 }), tie('item')),
		item: fc.array(fc.tuple(name, tie('value')), { maxLength: 8 }).map(withMembers),
	}));
	const step = fc.oneof(
		name.map((text) => `[${JSON.stringify(text)}]`),
		fc.nat(3).map((place) => `[${place}]`),
		fc
			.tuple(
				fc.constantFrom('.', '?.'),
				fc.constantFrom('a', 'b', 'id', 'length', '$', '_x', 'constructorId'),
			)
			.map((parts) => parts.join('')),
	);
	const space = fc.constantFrom('', ' ', '\n');
	const expression = fc
		.tuple(space, fc.array(step, { minLength: 1, maxLength: 3 }), space)
		.map(([before, steps, after]) => `={{${before}$json${steps.join('')}${after}}}`);
	const group = fc.record({
		expressions: fc.array(expression, { minLength: 40, maxLength: 40 }),
		items: fc.array(item as fc.Arbitrary<Record<string, unknown>>, { minLength: 10, maxLength: 10 }),
	});
	return fc.sample(group, { numRuns: count, seed: 20_261_122 });
}

export const corpus: readonly Group[] = [
	{
		expressions: everydayPaths
			.slice(0, 8)
			.concat(
				'={{ $json.a.b }}',
				'={{ $json["a b"][0] }}',
				'={{ $json.list[1] }}',
				'={{ $json.rows[0].name }}',
				'={{ $json.list.extra }}',
			),
		items: allItems,
	},
	{ expressions: [...everydayPaths, ...oddWritings, ...noPaths], items: fewItems },
	{ expressions: specialNames, items: itemsOfSpecialNames },
	...randomGroups(3),
];

/** A parameter tree with fixed values, paths and other expressions side by side. */
export const parameterTree = {
	fixed: 'text',
	number: 0,
	empty: {},
	path: '={{ $json.id }}',
	section: { age: '={{ $json.a.b }}', note: 'fixed', both: '={{ $json.id }}-{{ $json.text }}' },
	rows: {
		pair: [
			{ name: 'level', value: '={{ $json.list[1] }}' },
			{ name: '={{ $json["a b"][0] }}', value: 'fixed' },
			'fixed',
			7,
		],
	},
};
/** Items without values that n8n rewrites inside a tree that is read whole. */
export const treeItems = allItems.slice(0, 4);
