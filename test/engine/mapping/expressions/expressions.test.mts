import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { ExpressionExtensions } from 'n8n-workflow';

import { Expressions, type ExpressionHost } from '../../../../nodes/engine/mapping/expressions/index.ts';
import { extensionPattern } from '../../../../nodes/engine/mapping/expressions/recognise.ts';
import type { Json } from '../../../../nodes/engine/operation/operation.ts';

const extensions = extensionPattern(ExpressionExtensions.flatMap(({ functions }) => Object.keys(functions)));

/** JavaScript's own evaluation stands in for n8n's, which `test/engine/mapping/engines.test.mts` asks. */
function evaluateCode(text: string, names: Record<string, unknown>): unknown {
	const code = text.replace(/^\{\{/, '').replace(/\}\}$/, '');
	return (new Function(...Object.keys(names), `return (${code})`) as (...values: unknown[]) => unknown)(
		...Object.values(names),
	);
}

interface FakeOptions {
	items: readonly Json[];
	/** The form, by path. */
	form: Record<string, string>;
	/** n8n's value where it is not what JavaScript makes of the expression. */
	n8n?: (path: string, index: number) => unknown;
	paired?: (index: number) => Json | undefined;
	evaluate?: (text: string) => void;
	isStopped?: () => boolean;
}

/** n8n, with a record of what it was asked. */
function fake({ items, form, n8n, paired, evaluate, isStopped }: FakeOptions) {
	const asked: string[] = [];
	const evaluated: number[] = [];
	const context: Record<string, unknown> = {};
	const $vars = { a: 'v', nothing: undefined };
	let pauses = 0;
	const resolve = (path: string, index: number): unknown => {
		asked.push(`${path}:${index}`);
		const own = n8n?.(path, index);
		if (own !== undefined) return own;
		try {
			const $ = () => ({ item: { json: paired?.(index) } });
			return evaluateCode((form[path] ?? '').slice(1), { $json: items[index], $itemIndex: index, $, $vars });
		} catch {
			return undefined;
		}
	};
	const host: ExpressionHost = {
		nodeName: 'Node',
		itemCount: items.length,
		itemAt: (index) => items[index] ?? {},
		pairedItem: (_, index) => paired?.(index),
		evaluate: (text) => {
			evaluate?.(text);
			if (text.includes('$node'))
				evaluated.push((JSON.parse(Object.values(context)[0] as string) as { r: unknown[] }).r.length);
			return evaluateCode(text, { $node: { Node: { context } }, $vars });
		},
		context: () => context,
		extensions,
		pause: async () => {
			pauses++;
		},
		isStopped: isStopped ?? (() => false),
	};
	return { host, resolve, asked, evaluated, context, pauses: () => pauses };
}

/** Reads the whole form over all items, as a run does. */
async function readAll(options: FakeOptions) {
	const n8n = fake(options);
	const expressions = new Expressions(n8n.resolve, n8n.host);
	const readers = Object.entries(options.form).map(
		([path, value]) => [path, expressions.readerOf(value, path)] as const,
	);
	await expressions.begin();
	const values: Json[] = [];
	let evaluated = 0;
	for (const [index, item] of options.items.entries()) {
		if (index >= evaluated) evaluated = await expressions.readAhead(index);
		if (options.isStopped?.()) break;
		values.push(Object.fromEntries(readers.map(([path, read]) => [path, read(item, index)])));
	}
	return {
		...n8n,
		values,
		askedFor: (path: string) => n8n.asked.filter((one) => one.startsWith(`${path}:`)).length,
	};
}

const numbered = (count: number, more: (at: number) => Json = () => ({})): Json[] =>
	Array.from({ length: count }, (_, at) => ({ id: at, name: `n${at}`, list: [at, at + 1], ...more(at) }));

afterEach(() => {
	jest.restoreAllMocks();
});

describe('many items at once', () => {
	const form = {
		a: '={{ $json.id + 1 }}',
		b: '={{ $json.name.toUpperCase() }}',
		c: '={{ $json.list.map(x => x * 2) }}',
	};

	test('give what n8n gives, which is asked for samples only', async () => {
		const { values, asked, context } = await readAll({ items: numbered(5_000), form });
		expect(values).toEqual(
			Array.from({ length: 5_000 }, (_, at) => ({ a: at + 1, b: `N${at}`, c: [at * 2, at * 2 + 2] })),
		);
		expect(new Set(asked).size).toBe(3 * 4);
		expect(context).toEqual({});
	});

	test('grow from four to as many as are evaluated in good time', async () => {
		jest.spyOn(Date, 'now').mockReturnValue(0);
		const { evaluated } = await readAll({ items: numbered(5_000), form });
		expect(evaluated).toEqual([4, 4, 16, 64, 256, 1_024, 2_000, 1_636]);
	});

	test('shrink when an evaluation takes long', async () => {
		let now = 0;
		jest.spyOn(Date, 'now').mockImplementation(() => now);
		// A millisecond an item, and ten in any case.
		const { evaluated, host } = await (async () => {
			const options: FakeOptions = { items: numbered(300), form };
			let rows = 0;
			options.evaluate = () => {
				now += 10 + rows;
			};
			const n8n = fake(options);
			const evaluate = n8n.host.evaluate;
			n8n.host.evaluate = (text, index) => {
				rows = (JSON.parse(Object.values(n8n.context)[0] as string) as { r: unknown[] }).r.length;
				return evaluate(text, index);
			};
			const expressions = new Expressions(n8n.resolve, n8n.host);
			expressions.readerOf('={{ $json.id + 1 }}', 'a');
			await expressions.begin();
			for (let index = 0; index < 300;) index = await expressions.readAhead(index);
			return n8n;
		})();
		expect(host.itemCount).toBe(300);
		expect(Math.max(...evaluated)).toBeLessThanOrEqual(32);
		expect(evaluated.at(-2)).toBeGreaterThanOrEqual(10);
	});

	test('are not worth it for few', async () => {
		const { values, evaluated, askedFor } = await readAll({ items: numbered(15), form });
		expect([values[14], evaluated, askedFor('a')]).toEqual([{ a: 15, b: 'N14', c: [28, 30] }, [], 15]);
	});

	test('data reaches n8n only through the context, which is empty again after a failure', async () => {
		const items = numbered(20, () => ({ name: '}} {{ "; `${1}` \\' }));
		const texts: string[] = [];
		const { values, context } = await readAll({
			items,
			form: { a: '={{ $json.name + $vars.a }}', b: '=é"{{ $json.id }}`' },
			n8n: (path, index) => (path === 'b' ? `é"${index}\`` : undefined),
			evaluate: (text) => {
				texts.push(text);
				if (texts.length === 2) throw new Error('the engine is lost');
			},
		});
		expect(values[7]).toEqual({ a: '}} {{ "; `${1}` \\v', b: 'é"7`' });
		expect(context).toEqual({});
		expect(texts.filter((text) => text.includes(';  `') || text.includes('é'))).toEqual([]);
	});

	test('stop when the run is cancelled', async () => {
		let left = 3;
		const { evaluated } = await readAll({ items: numbered(5_000), form, isStopped: () => left-- <= 0 });
		expect(evaluated.length).toBeLessThanOrEqual(3);
	});

	test('others in the process get their turn', async () => {
		const { pauses, evaluated } = await readAll({ items: numbered(500), form });
		expect(pauses()).toBeGreaterThan(evaluated.length);
	});
});

describe('a field that n8n reads otherwise', () => {
	const form = { a: '={{ $json.id + 1 }}', b: '={{ $json.id + 2 }}' };

	test.each([0, 1, 49, 99])('for item %i is n8n’s for the whole run, the other is not', async (odd) => {
		const { values, askedFor } = await readAll({
			items: numbered(100),
			form,
			n8n: (path, index) => (path === 'a' ? (index === odd ? 'odd' : index + 1) : undefined),
		});
		expect(values.map(({ a }) => a)).toEqual(
			Array.from({ length: 100 }, (_, at) => (at === odd ? 'odd' : at + 1)),
		);
		expect(askedFor('a')).toBeGreaterThanOrEqual(100);
		expect(askedFor('b')).toBeLessThan(6);
	});

	test('when a value of a new kind first occurs', async () => {
		const items = numbered(100).map((item, at) => (at === 70 ? { ...item, id: null } : item));
		const { values, askedFor } = await readAll({
			items,
			form: { a: '={{ $json.id }}'.replace('.id', '["id"] ?? null') },
			n8n: (_, index) => (index === 70 ? 'n8n’s own' : undefined),
		});
		expect(values[70]).toEqual({ a: 'n8n’s own' });
		expect(askedFor('a')).toBeGreaterThan(30);
	});

	test('because it throws', async () => {
		const { askedFor } = await readAll({
			items: numbered(100),
			form: { a: '={{ $json.id + 1 }}' },
			n8n: (_, index) => {
				if (index === 99) throw new Error('n8n refuses');
				return undefined;
			},
		}).catch((error: Error) => {
			expect(error.message).toBe('n8n refuses');
			return { askedFor: () => 100 };
		});
		expect(askedFor('a')).toBeGreaterThanOrEqual(100);
	});
});

describe('n8n is asked for single items', () => {
	const form = { a: '={{ "x" + $json.v }}', b: '={{ $json.id + 1 }}', c: '={{ Object.keys($json).length }}' };
	const cyclic: Json = {};
	cyclic.self = cyclic;

	test.each<[string, unknown]>([
		['a Date', new Date(0)],
		['a BigInt', 10n],
		['minus zero', -0],
		['NaN', Number.NaN],
		['half a character', '\ud83d'],
		['a NUL', 'a\0b'],
		['a function', () => 1],
		['a name with a backslash', { '\\': 1 }],
		['a name with a quote', { 'a"': 1 }],
		['what luxon takes for a date', { isLuxonDateTime: true }],
		['a computed member', Object.defineProperty({}, 'a', { enumerable: true, get: () => 1 })],
		['a Map', new Map()],
		['an object without prototype', Object.create(null)],
		['an object of a class', new (class A {})()],
		['an object with a name of every object', { toString: 1 }],
		['an object with a name of the engines', { __isError: true }],
		['an own __proto__', JSON.parse('{"__proto__": {"a": 1}}')],
		// eslint-disable-next-line no-sparse-arrays
		['a list with a hole', [1, , 2]],
		['a list with a name', Object.assign([1], { name: 'a' })],
		['undefined inside', { a: undefined }],
		['a long text', 'x'.repeat(20_000)],
		['a deep object', Array.from({ length: 60 }).reduce<Json>((inner) => ({ inner }), {})],
		['an object in itself', cyclic],
		[
			'a proxy that throws',
			new Proxy(
				{},
				{
					ownKeys: () => {
						throw new Error('no');
					},
				},
			),
		],
	])('%s', async (_, v) => {
		const items = numbered(100, (at) => ({ v: at === 50 ? v : at }));
		const { values, askedFor, asked } = await readAll({
			items,
			form,
			n8n: (path, index) => (index === 50 && path !== 'b' ? `n8n’s ${path}` : undefined),
		});
		expect(values[50]).toEqual({ a: 'n8n’s a', b: 51, c: 'n8n’s c' });
		expect(values[51]).toEqual({ a: 'x51', b: 52, c: 4 });
		expect([askedFor('a'), askedFor('b')]).toEqual([5, 4]);
		expect(asked.filter((one) => one.endsWith(':50'))).toEqual(['a:50', 'c:50']);
	});

	test('whose value does not survive the crossing', async () => {
		const items = numbered(100, (at) => ({ v: at === 50 ? 0 : at }));
		const { values } = await readAll({
			items,
			form: {
				a: '={{ 1 / $json.v }}',
				b: '={{ [$json.v === 0 ? -0 : 0] }}',
				c: '={{ $json.v === 0 ? String : "s" }}',
			},
		});
		expect(values[50]).toEqual({ a: Number.POSITIVE_INFINITY, b: [-0], c: String });
	});

	test('but not a field whose every item is such; n8n has it alone then', async () => {
		const items = numbered(200, () => ({ v: new Date(0) }));
		const { askedFor, evaluated } = await readAll({ items, form: { a: '={{ "x" + $json.v }}' } });
		expect(askedFor('a')).toBe(200);
		expect(evaluated.length).toBeLessThan(6);
	});
});

describe('an error of the expression', () => {
	test('that n8n makes undefined is undefined', async () => {
		const items = numbered(100, (at) => (at % 3 === 0 ? {} : { deep: { v: at } }));
		const { values, askedFor } = await readAll({
			items,
			form: { a: '={{ $json.deep.v + 0 }}', b: '={{ "a".repeat($json.id - 50) }}' },
		});
		expect([values[3], values[4], values[60]]).toEqual([
			{ a: undefined, b: undefined },
			{ a: 4, b: undefined },
			{ a: undefined, b: 'a'.repeat(10) },
		]);
		expect(askedFor('a')).toBeLessThan(8);
	});
});

describe('an evaluation that fails', () => {
	const form = { a: '={{ $json.id + 1 }}', b: '={{ $json.id + 2 }}', c: '={{ $json.id ?? 0 || 1 }}' };

	test('is tried field by field', async () => {
		// JavaScript refuses `??` beside `||`; n8n is made to give something.
		const { values, askedFor } = await readAll({
			items: numbered(100),
			form,
			n8n: (path) => (path === 'c' ? 'n8n’s' : undefined),
		});
		expect(values[99]).toEqual({ a: 100, b: 101, c: 'n8n’s' });
		expect([askedFor('a'), askedFor('b'), askedFor('c')]).toEqual([4, 4, 100]);
	});

	test('after long is not tried again', async () => {
		let now = 0;
		jest.spyOn(Date, 'now').mockImplementation(() => now);
		const { values, askedFor } = await readAll({
			items: numbered(50),
			form,
			n8n: (path, index) => `${path}${index}`,
			evaluate: () => {
				now += 600;
				throw new Error('Expression timed out');
			},
		});
		expect(values[49]).toEqual({ a: 'a49', b: 'b49', c: 'c49' });
		expect([askedFor('a'), askedFor('b')]).toEqual([50, 50]);
	});

	test.each([undefined, 'no JSON', '[]', '{}', 7])('or gives %j', async (result) => {
		const options: FakeOptions = { items: numbered(40), form: { a: form.a } };
		const n8n = fake(options);
		n8n.host.evaluate = () => result;
		const expressions = new Expressions(n8n.resolve, n8n.host);
		const read = expressions.readerOf(form.a, 'a');
		await expressions.begin();
		await expressions.readAhead(0);
		expect(options.items.map(read)).toEqual(options.items.map((_, at) => at + 1));
	});
});

describe('large results', () => {
	test('end an evaluation early; the rest follows', async () => {
		jest.spyOn(Date, 'now').mockReturnValue(0);
		const items = numbered(400, (at) => ({ v: String(at % 10).repeat(1_000) }));
		const { values, evaluated } = await readAll({ items, form: { a: '={{ $json.v.repeat(20) }}' } });
		expect(values.map(({ a }) => (a as string).length)).toEqual(Array<number>(400).fill(20_000));
		expect(evaluated.length).toBeGreaterThan(20);
	});

	test('of one item are asked of n8n', async () => {
		const { values, askedFor } = await readAll({
			items: numbered(40),
			form: { a: '={{ "x".repeat($json.id === 20 ? 200_000 : 2) }}'.replace('_', '') },
		});
		expect([(values[20]?.a as string).length, askedFor('a')]).toEqual([200_000, 5]);
	});

	test('nor is too much handed over at once', async () => {
		jest.spyOn(Date, 'now').mockReturnValue(0);
		const { evaluated } = await readAll({
			items: numbered(400, () => ({ v: 'x'.repeat(15_000) })),
			form: { a: '={{ $json.v.length + 1 }}' },
		});
		expect(Math.max(...evaluated)).toBeLessThanOrEqual(18);
	});
});

describe('the item of another node', () => {
	test('is read directly for a path, evaluated together else', async () => {
		const items = numbered(200);
		const { values, askedFor } = await readAll({
			items,
			form: { a: "={{ $('A').item.json.x.y }}", b: "={{ $('A').item.json.x.y + $json.id }}" },
			paired: (index) => ({ x: { y: index * 10 } }),
		});
		expect(values[150]).toEqual({ a: 1_500, b: 1_650 });
		expect([askedFor('a'), askedFor('b')]).toEqual([4, 4]);
	});

	test('that cannot be found is n8n’s to tell', async () => {
		const { values, asked } = await readAll({
			items: numbered(200),
			form: { a: "={{ $('A').item.json.x }}", b: "={{ $('A').item.json.x + 1 }}" },
			paired: (index) => (index === 120 ? undefined : { x: index }),
			n8n: (path, index) => (index === 120 ? `n8n’s ${path}` : undefined),
		});
		expect(values[120]).toEqual({ a: 'n8n’s a', b: 'n8n’s b' });
		expect(asked.filter((one) => one.endsWith(':120')).sort()).toEqual(['a:120', 'b:120']);
	});
});

describe('what is the same for all items', () => {
	test('is asked for samples only', async () => {
		const { values, askedFor } = await readAll({
			items: numbered(300),
			form: { a: '={{ $vars.a }}', b: '={{ $vars.a + $json.id }}', c: '={{ 1 + 1 }}' },
		});
		expect(values[299]).toEqual({ a: 'v', b: 'v299', c: 2 });
		expect([askedFor('a'), askedFor('c')]).toEqual([4, 4]);
	});

	test('unless n8n gives another value for a sample', async () => {
		const { values, askedFor } = await readAll({
			items: numbered(60),
			form: { a: '={{ $vars.a }}' },
			n8n: (_, index) => (index === 59 ? 'last' : 'v'),
		});
		expect([values[59], askedFor('a')]).toEqual([{ a: 'last' }, 64]);
	});

	test('or an object, which each item must have for itself', async () => {
		const { values } = await readAll({ items: numbered(60), form: { a: '={{ [1, 2] }}' } });
		expect(values[0]?.a).not.toBe(values[1]?.a);
	});

	test('a constant without a value leaves its field to n8n', async () => {
		const { askedFor } = await readAll({
			items: numbered(60),
			form: { a: '={{ $vars.nothing ?? $json.id }}', b: '={{ $json.id + 1 }}' },
		});
		expect([askedFor('a'), askedFor('b')]).toEqual([60, 4]);
	});
});

test('where a field of n8n’s may change its item, nothing is evaluated ahead', async () => {
	const items = numbered(50);
	const { evaluated, values } = await readAll({
		items,
		form: { a: '={{ $json.list.push(1) }}', b: '={{ $json.list.length + 0 }}' },
	});
	expect(evaluated).toEqual([]);
	expect(values[49]).toEqual({ a: 3, b: 3 });
});

test('items are not changed', async () => {
	const freeze = (value: unknown): unknown => {
		if (typeof value === 'object' && value !== null) Object.values(Object.freeze(value)).forEach(freeze);
		return value;
	};
	const items = numbered(50).map((item) => freeze(item) as Json);
	const { values } = await readAll({
		items,
		form: { a: '={{ $json.list.concat(1).length }}', b: '={{ ({ ...$json, x: 1 }).x }}' },
	});
	expect(values[9]).toEqual({ a: 3, b: 1 });
});
