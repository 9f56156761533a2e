import { describe, expect, jest, test } from '@jest/globals';
import get from 'lodash/get';

import { Expressions, type Resolve } from '../../../nodes/engine/mapping/expressions/index.ts';
import { pathOf } from '../../../nodes/engine/mapping/expressions/path.ts';
import { compileParameters as compile } from '../../../nodes/engine/mapping/parameters.ts';
import type { Json } from '../../../nodes/engine/operation/operation.ts';

const compileParameters = (parameters: Json, resolve: Resolve) =>
	compile(parameters, new Expressions(resolve).readerOf);

describe('an expression that is only a path', () => {
	test.each<[string, string[]]>([
		['={{ $json.a }}', ['a']],
		['={{$json.a}}', ['a']],
		['={{ $json.a.b.c }}', ['a', 'b', 'c']],
		['={{ $json?.a?.b }}', ['a', 'b']],
		['={{ $json["a b"][0] }}', ['a b', '0']],
		["={{ $json['a.b'].c }}", ['a.b', 'c']],
		['={{ $json["it\'s"] }}', ["it's"]],
		['={{ $json[0] }}', ['0']],
		['={{ $json.$a._b1 }}', ['$a', '_b1']],
		['={{ $json["имя"] }}', ['имя']],
	])('%s', (expression, steps) => expect(pathOf(expression)).toEqual(steps));

	test.each([
		'={{ $json }}',
		'={{ $json.a + 1 }}',
		'={{ $json.a }} ',
		'=x{{ $json.a }}',
		'={{ $json.a }}{{ $json.b }}',
		'={{ $json.a() }}',
		'={{ $json["a\\"b"] }}',
		'={{ $json[a] }}',
		'={{ $json.имя }}',
		'={{ $json.constructor }}',
		'={{ $json["__proto__"].x }}',
		'={{ $json.toString }}',
		'={{ $json["a" }}',
		'={{ $json.a\n.b }}',
		'={{ $item(0).$json.a }}',
		'={{ $input.item.json.a }}',
		'={{ $json[99999999999] }}',
		'{{ $json.a }}',
		'$json.a',
		'=',
		'',
	])('%j is left to n8n', (expression) => expect(pathOf(expression)).toBeUndefined());
});

/** n8n's evaluation, as far as these expressions need it, and how often it was asked for each path. */
function fakeN8n(parameters: Json, items: readonly Json[]) {
	const asked = new Map<string, number>();
	const resolve: Resolve = (path, index) => {
		asked.set(path, (asked.get(path) ?? 0) + 1);
		const expression = get(parameters, path) as string;
		try {
			return new Function('$json', `return ${expression.slice(3, -2)}`)(items[index]) as unknown;
		} catch {
			return undefined;
		}
	};
	return { resolve, asked };
}

function readAll(parameters: Json, items: readonly Json[], resolve?: Resolve) {
	const n8n = fakeN8n(parameters, items);
	const compiled = compileParameters(parameters, resolve ?? n8n.resolve);
	return { read: items.map((item, index) => compiled(item, index)), asked: n8n.asked };
}

describe('reading parameters', () => {
	test('a fixed value is the same object for every item, and n8n is not asked', () => {
		const resolve = jest.fn<Resolve>();
		const parameters = { a: 'x', b: { c: [1, true, null] } };
		const compiled = compileParameters(parameters, resolve);
		expect(compiled({}, 0)).toBe(compiled({}, 1));
		expect(compiled({}, 0)).toEqual(parameters);
		expect(resolve).not.toHaveBeenCalled();
	});

	test('plain paths are read directly, the rest by n8n under its own path', () => {
		const parameters = {
			a: '={{ $json.x }}',
			b: { c: '={{ $json.x + 1 }}', fixed: 1 },
			d: {
				pair: [{ name: 'n', value: '={{ $json.y[1] }}' }, { name: '={{ $json.x * 2 }}' }, { name: 'fixed' }],
			},
		};
		const items = Array.from({ length: 50 }, (_, x) => ({ x, y: ['p', `q${x}`] }));
		const { read, asked } = readAll(parameters, items);
		expect(read).toEqual(
			items.map(({ x, y }) => ({
				a: x,
				b: { c: x + 1, fixed: 1 },
				d: { pair: [{ name: 'n', value: y[1] }, { name: x * 2 }, { name: 'fixed' }] },
			})),
		);
		expect([asked.get('b.c'), asked.get('d.pair[1].name')]).toEqual([50, 50]);
		expect(Math.max(asked.get('a') ?? 0, asked.get('d.pair[0].value') ?? 0)).toBeLessThanOrEqual(1);
	});

	const values = [undefined, null, '', false, true, 0, -1.5, 'text', 'жук', 10, { a: 1 }, [1], new Date(0)];

	test.each([
		'={{ $json.v }}',
		'={{ $json["v"] }}',
		'={{ $json.in.v }}',
		'={{ $json.list[0] }}',
		'={{ $json.in?.v }}',
		'={{ $json.list.length }}',
		'={{ $json.v.x }}',
		'={{ $json.missing.x }}',
	])('%s gives what n8n gives, whatever the item holds', (expression) => {
		const items = values.map((v) => ({ v, in: { v }, list: [v] }));
		const { read } = readAll({ a: expression }, items);
		const { resolve } = fakeN8n({ a: expression }, items);
		expect(read).toEqual(items.map((_, index) => ({ a: resolve('a', index) })));
	});

	test('what n8n may hand on changed is always left to n8n', () => {
		const items = values.map((v) => ({ v }));
		const { asked } = readAll({ a: '={{ $json.v }}' }, items);
		expect(asked.get('a')).toBeGreaterThanOrEqual(3);
	});

	test.each([['text'], [5], [true], [null], [undefined]])(
		'n8n is asked once for a path to %j, and not for the items after the first',
		(v) => {
			const items = Array.from({ length: 9 }, () => ({ v }));
			const { read, asked } = readAll({ a: '={{ $json.v }}' }, items);
			expect([read, asked.get('a')]).toEqual([items.map(() => ({ a: v })), 1]);
		},
	);

	test('nor for a path to a member that is missing', () => {
		const { read, asked } = readAll({ a: '={{ $json.missing }}', b: '={{ $json.list[5] }}' }, [
			{ list: [1] },
			{ list: [2] },
			{ list: [3] },
		]);
		expect(read).toEqual(Array.from({ length: 3 }, () => ({ a: undefined, b: undefined })));
		expect([asked.get('a'), asked.get('b')]).toEqual([1, 1]);
	});

	test.each<[string, Json[]]>([
		['half a character', [{ v: 'x' }, { v: '\uD83D' }, { v: 'x\uDE00' }]],
		[
			'an inherited member',
			[{ v: 'x' }, Object.create({ v: 'y' }) as Json, Object.create({ v: 'z' }) as Json],
		],
		[
			'an inherited member, where others have none',
			[{}, Object.create({ v: 'y' }) as Json, Object.create({ v: 'z' }) as Json],
		],
		['a list', [{ v: 'x' }, { v: [1] }, { v: [2] }]],
	])('%s is left to n8n, also when it has given the same for the items before', (_, items) => {
		const { read, asked } = readAll({ a: '={{ $json.v }}' }, items);
		expect([read, asked.get('a')]).toEqual([items.map(({ v }) => ({ a: v })), 3]);
	});

	test('a step into nothing is left to n8n, which may throw', () => {
		const resolve: Resolve = (_, index) => {
			if (index > 0) throw new Error('Cannot read properties of undefined');
			return 1;
		};
		const compiled = compileParameters({ a: '={{ $json.in.v }}' }, resolve);
		expect(compiled({ in: { v: 1 } }, 0)).toEqual({ a: 1 });
		expect(() => compiled({}, 1)).toThrow('Cannot read properties of undefined');
	});

	test('where n8n reads something else for the first item, it is asked for every one, even if it then gives the same', () => {
		expect(
			readAll({ a: '={{ $json.v }}' }, [{ v: 1 }, { v: 1 }, { v: 1 }], (_, index) =>
				index === 1 ? 1 : 'other',
			).read,
		).toEqual([{ a: 'other' }, { a: 1 }, { a: 'other' }]);
	});

	test('where n8n reads something else, as in a tool, it is asked for every item', () => {
		const items = [{ v: 1 }, { v: 2 }];
		expect(readAll({ a: '={{ $json.v }}' }, items, (_, index) => `other ${index}`).read).toEqual([
			{ a: 'other 0' },
			{ a: 'other 1' },
		]);
	});

	test('the item is not changed', () => {
		const item = Object.freeze({ own: 1 });
		expect(readAll({ a: '={{ $json.own }}' }, [item]).read).toEqual([{ a: 1 }]);
	});
});
