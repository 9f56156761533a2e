import { describe, expect, test } from '@jest/globals';

import {
	compileObject,
	nameOf,
	objectSchema,
	type Findings,
	type SchemaContext,
} from '../../../nodes/engine/check/schema.ts';
import type { Field, Json, ValueType } from '../../../nodes/engine/operation/operation.ts';
import { completed } from '../../../nodes/engine/steps.ts';
import { row } from '../../support/fakeVendor.mts';

type Extra = Parameters<SchemaContext['onExtra']>[0];

const context = (more: Partial<SchemaContext> = {}): SchemaContext => ({
	zone: 'UTC',
	now: 0,
	onDroppedPair: () => {},
	onExtra: () => 'drop',
	...more,
});
/** What a pass makes of a value, and what it finds. */
function found(fields: readonly Field[], value: Json, more: Partial<SchemaContext> = {}, free?: boolean) {
	const findings: Findings = { faults: [], doubts: [] };
	const event = completed(compileObject(fields, context(more), free)(value, [], findings));
	const asPairs = (list: Findings['faults']) => list.map(({ path, message }) => [path, message]);
	return { event, faults: asPairs(findings.faults), doubts: asPairs(findings.doubts) };
}
function pass(fields: readonly Field[], value: Json, more: Partial<SchemaContext> = {}, free?: boolean) {
	const { event, faults } = found(fields, value, more, free);
	return { event, faults };
}
const faultsOf = (fields: readonly Field[], value: Json) => pass(fields, value).faults;

describe('a row', () => {
	test.each<[Partial<Field>, 'refuses' | 'warns']>([
		[{ required: true }, 'refuses'],
		[{ required: true, evidence: 'vendor code' }, 'warns'],
		[{ required: 'documented', evidence: 'inferred' }, 'refuses'],
		[{ required: 'vendor code' }, 'warns'],
		[{ required: 'inferred' }, 'warns'],
	])('%j that is missing %s', (more, does) => {
		const message = [[['id'], "'Id' (id) is required"]];
		expect(found([row('id', { kind: 'text' }, more)], {})).toEqual({
			event: {},
			faults: does === 'refuses' ? message : [],
			doubts: does === 'refuses' ? [] : message,
		});
	});

	test.each<[ValueType, unknown, unknown]>([
		[{ kind: 'text', max: 2, evidence: { max: 'inferred' } }, 'abc', 'abc'],
		[{ kind: 'text', length: 2, evidence: { length: 'vendor code' } }, 'abc', 'abc'],
		[{ kind: 'text', pattern: { is: /^x$/, description: 'x' }, evidence: { pattern: 'inferred' } }, 'y', 'y'],
		[{ kind: 'integer', as: 'number', min: 1n, evidence: { min: 'inferred' } }, '0', 0],
		[{ kind: 'integer', as: 'number', evidence: { whole: 'inferred' } }, '0.5', 0.5],
		[{ kind: 'integer', as: 'text', evidence: { whole: 'inferred' } }, '0.5', '0.5'],
		[{ kind: 'integer', as: 'text', isId: true, evidence: { whole: 'inferred' } }, '0x5', '0x5'],
		[{ kind: 'decimal', as: 'number', min: 1, evidence: { min: 'inferred' } }, 0, 0],
		[{ kind: 'decimal', as: 'number', above: 0, evidence: { above: 'inferred' } }, 0, 0],
		[{ kind: 'decimal', as: 'text', max: 1, evidence: { max: 'inferred' } }, 2, '2'],
		[{ kind: 'decimal', as: 'number', places: { after: 1 }, evidence: { places: 'inferred' } }, 0.25, 0.25],
		[{ kind: 'text', maxBytes: 3, evidence: { maxBytes: 'inferred' } }, 'яя', 'яя'],
		[{ kind: 'choice', values: [{ value: 'a', label: 'A' }], evidence: { values: 'inferred' } }, 'b', 'b'],
	])('%j: %j breaks a bound of which no page tells, and is sent with a warning', (type, given, sent) => {
		const { event, faults, doubts } = found([row('it', type)], { it: given });
		expect([event, faults]).toEqual([{ it: sent }, []]);
		expect(doubts).toHaveLength(1);
		const strict = found([row('it', { ...type, evidence: {} })], { it: given });
		expect(strict.faults).toEqual(doubts);
		expect(found([row('it', type)], { it: given }, { binds: () => true }).faults).toEqual(doubts);
	});

	test('a documented bound beside one that is not refuses all the same, with its own reason', () => {
		const type: ValueType = {
			kind: 'text',
			length: 3,
			pattern: { is: /^x+$/, description: 'only x' },
			evidence: { pattern: 'inferred' },
		};
		expect(found([row('it', type)], { it: 'yy' })).toEqual({
			event: {},
			faults: [[['it'], '\'It\' (it) must have exactly 3 characters and has 2: "yy"']],
			doubts: [],
		});
	});

	test('a single value of another kind is sent where no page names the field; an object is not', () => {
		const field = row('it', { kind: 'decimal', as: 'number' }, { evidence: 'inferred' });
		expect(found([field], { it: 'ten' })).toEqual({
			event: { it: 'ten' },
			faults: [],
			doubts: [[['it'], '\'It\' (it) must be a number such as 1999.90, not "ten"']],
		});
		expect(found([field], { it: {} }).faults).toHaveLength(1);
	});

	test('an identity that says nobody is refused, wherever the field is known from', () => {
		const field = row('it', { kind: 'text' }, { evidence: 'inferred', role: 'identifier' });
		for (const it of ['undefined', ' null ', 'NaN', '[object Object]', '1.5e+15', '={{ $json.id }}'])
			expect(found([field], { it })).toMatchObject({ event: {}, faults: [[['it'], expect.any(String)]] });
		expect(found([field], { it: true })).toMatchObject({ event: { it: true }, faults: [] });
	});

	test('an expression that was not evaluated is no number, wherever the field is known from', () => {
		const field = row('it', { kind: 'decimal', as: 'number' }, { evidence: 'inferred' });
		expect(found([field], { it: '{{ $json.sum }}' })).toMatchObject({
			event: {},
			faults: [[['it'], expect.stringContaining('switch the field to Expression')]],
		});
	});

	test('is named as the form and as the vendor name it', () => {
		expect(nameOf(row('customUserId', { kind: 'text' }, { label: 'User ID' }))).toBe(
			"'User ID' (customUserId)",
		);
	});
});

describe('an object', () => {
	const fields = [
		row('one', { kind: 'text' }),
		row('two', { kind: 'integer', as: 'text' }),
		row('three', { kind: 'texts' }),
	];

	test('has its members in the order of the table, in their wire form', () => {
		const value = { three: 'x', two: 2, one: 1 };
		expect(JSON.stringify(pass(fields, value).event)).toBe('{"one":"1","two":"2","three":["x"]}');
		expect(value).toEqual({ three: 'x', two: 2, one: 1 });
	});

	test.each([undefined, null, ''])('%j leaves no trace, and is a fault where a value is required', (none) => {
		const value = { one: none, two: none };
		expect(pass(fields, value)).toEqual({ event: {}, faults: [] });
		expect(Object.keys(pass(fields, value).event)).toEqual([]);
		expect(pass([row('two', { kind: 'integer', as: 'text' }, { required: true })], { two: none })).toEqual({
			event: {},
			faults: [[['two'], "'Two' (two) is required"]],
		});
	});

	test('a value of which nothing is left is no value', () => {
		const map = { kind: 'map', name: { min: 1 }, value: { min: 1 } } as const;
		expect(pass([row('params', map)], { params: { a: '' } })).toEqual({ event: {}, faults: [] });
		expect(faultsOf([row('params', map, { required: true })], { params: { a: '' } })).toEqual([
			[['params'], "'Params' (params) is required"],
		]);
	});

	test('a wrong value is told and leaves no trace', () => {
		const { event, faults } = pass(fields, { one: 'x', two: 'y' });
		expect(faults).toEqual([[['two'], '\'Two\' (two) must be a whole number, written in digits, not "y"']]);
		expect(Object.keys(event)).toEqual(['one']);
	});
});

describe('an object within', () => {
	const inner = [row('a', { kind: 'text' }, { required: true }), row('b', { kind: 'integer', as: 'number' })];
	const fields = [row('in', { kind: 'object', fields: inner })];

	test('is checked by its own rows, also from JSON text', () => {
		expect(pass(fields, { in: { b: '2', a: 'x' } })).toEqual({ event: { in: { a: 'x', b: 2 } }, faults: [] });
		expect(pass(fields, { in: '{"a":"x"}' })).toEqual({ event: { in: { a: 'x' } }, faults: [] });
		expect(faultsOf(fields, { in: { b: 'x' } })).toEqual([
			[['in', 'a'], "'A' (a) is required"],
			[['in', 'b'], '\'B\' (b) must be a whole number, written in digits, not "x"'],
		]);
	});

	test('a wrong value is told once', () => {
		expect(faultsOf(fields, { in: [1] })).toEqual([
			[
				['in'],
				"'In' (in) must be an object, not a list of 1; choose one entry, or use the Split Out node to get one item for each",
			],
		]);
	});
});

describe('a list', () => {
	const rows = [
		row('name', { kind: 'text' }, { required: true }),
		row('count', { kind: 'integer', as: 'number' }),
	];
	const list = (min?: number) => [row('cart', { kind: 'list', of: rows, min })];

	test('each of its rows is checked', () => {
		expect(pass(list(), { cart: [{ name: 'a', count: '1' }, { name: 'b' }] })).toEqual({
			event: { cart: [{ name: 'a', count: 1 }, { name: 'b' }] },
			faults: [],
		});
		expect(faultsOf(list(), { cart: [{ name: 'a' }, { count: 'x' }] })).toEqual([
			[['cart', 1, 'name'], "Cart, line 2: 'Name' (name) is required"],
			[
				['cart', 1, 'count'],
				'Cart, line 2: \'Count\' (count) must be a whole number, written in digits, not "x"',
			],
		]);
	});

	test.each([
		[undefined, 0, undefined],
		[1, 1, undefined],
		[1, 0, "'Cart' (cart) needs at least 1 row"],
		[2, 1, "'Cart' (cart) needs at least 2 rows"],
		[2, 2, undefined],
	])('of at least %j rows with %j', (min, count, message) => {
		const cart = Array.from({ length: count }, () => ({ name: 'a' }));
		expect(faultsOf(list(min), { cart })).toEqual(message ? [[['cart'], message]] : []);
	});

	test('of too few rows is sent with a warning where no page tells of it', () => {
		const type: ValueType = { kind: 'list', of: rows, min: 1, evidence: { min: 'inferred' } };
		expect(found([row('cart', type)], { cart: [] })).toEqual({
			event: { cart: [] },
			faults: [],
			doubts: [[['cart'], "'Cart' (cart) needs at least 1 row"]],
		});
		expect(found([row('cart', type)], { cart: [] }, { binds: () => true }).faults).toHaveLength(1);
	});

	test('a row that is no object is told with its number', () => {
		expect(faultsOf(list(), { cart: ['x', { name: 'a' }, null] })).toEqual([
			[['cart', 0], 'Cart, line 1: must be an object of names and values'],
			[['cart', 2], 'Cart, line 3: must be an object of names and values'],
		]);
	});
});

describe('a name that the table does not list', () => {
	const fields = [
		row('id', { kind: 'text' }),
		row('closed', { kind: 'object', fields: [row('a', { kind: 'text' })] }),
		row('open', { kind: 'object', fields: [row('b', { kind: 'text' })], free: true }),
		row('cart', { kind: 'list', of: [row('c', { kind: 'text' })] }),
	];
	const value = { closed: { x: 1 }, open: { x: 2 }, cart: [{ c: 'c' }, { x: 3 }], x: 4, none: '' };

	test.each([
		[undefined, false],
		[true, true],
	])(
		'is asked about with its place, its neighbours and whether names are free there (the event: %j)',
		(free, isFree) => {
			const asked: Extra[] = [];
			pass(fields, value, { onExtra: (extra) => (asked.push(extra), 'drop') }, free);
			const named = asked.map(({ fields: known, ...extra }) => ({
				...extra,
				documented: known.map(({ wire }) => wire),
			}));
			expect(named).toEqual([
				{ name: 'x', value: 1, path: ['closed', 'x'], free: false, documented: ['a'] },
				{ name: 'x', value: 2, path: ['open', 'x'], free: true, documented: ['b'] },
				{ name: 'x', value: 3, path: ['cart', 1, 'x'], free: false, documented: ['c'] },
				{ name: 'x', value: 4, path: ['x'], free: isFree, documented: ['id', 'closed', 'open', 'cart'] },
			]);
		},
	);

	test('is kept as it is, dropped, or a fault', () => {
		expect(pass(fields, { id: 'a', x: [1] }, { onExtra: () => 'keep' })).toEqual({
			event: { id: 'a', x: [1] },
			faults: [],
		});
		expect(pass(fields, { id: 'a', x: [1] }, { onExtra: () => 'drop' })).toEqual({
			event: { id: 'a' },
			faults: [],
		});
		expect(pass(fields, { id: 'a', closed: { x: 1 } }, { onExtra: () => ({ fault: 'not here' }) })).toEqual({
			event: { id: 'a', closed: {} },
			faults: [[['closed', 'x'], 'not here']],
		});
	});
});

describe('the zod schema', () => {
	const fields = [
		row('id', { kind: 'text' }, { required: true }),
		row('cart', { kind: 'list', of: [row('price', { kind: 'decimal', as: 'number' })] }),
	];
	const free: boolean[] = [];
	const schema = (options?: { free?: boolean }) =>
		objectSchema(
			fields,
			context({
				onExtra: (extra) => {
					free.push(extra.free);
					return 'keep';
				},
			}),
			options,
		);

	test('gives the wire form', () => {
		expect(schema().parse({ cart: [{ price: '5' }], id: 7 })).toEqual({ id: '7', cart: [{ price: 5 }] });
	});

	test('tells every fault with its path', () => {
		const { error } = schema().safeParse({ cart: [{ price: 'x' }] });
		expect(error?.issues).toEqual([
			{ code: 'custom', path: ['id'], message: "'Id' (id) is required" },
			{
				code: 'custom',
				path: ['cart', 0, 'price'],
				message: 'Cart, line 1: \'Price\' (price) must be a number such as 1999.90, not "x"',
			},
		]);
	});

	test.each([undefined, null, 'text', 5, [{ id: 'a' }], new Date(0)])('%j is no event', (value) => {
		expect(schema().safeParse(value).error?.issues).toEqual([
			{ code: 'custom', message: 'Must be an object', path: [] },
		]);
	});

	test('names are free only where that is said', () => {
		free.length = 0;
		schema().parse({ id: 'a', x: 1 });
		schema({ free: true }).parse({ id: 'a', x: 1 });
		expect(free).toEqual([false, true]);
	});
});

describe('a value that breaks the kind of a field which no page names', () => {
	const fields = [
		row('user', { kind: 'object', fields: [row('id', { kind: 'text' })] }, { evidence: 'vendor code' }),
		row('list', { kind: 'list', of: [row('id', { kind: 'text' })] }, { evidence: 'vendor code' }),
	];

	test('is sent as it was given, with a doubt, and is not taken apart', () => {
		const { event, faults, doubts } = found(fields, { user: 'ann', list: 5 });
		expect([event, faults]).toEqual([{ user: 'ann', list: 5 }, []]);
		expect(doubts.map(([path]) => path)).toEqual([['user'], ['list']]);
	});

	test('what JSON would lose is refused', () => {
		expect(found(fields, { user: [1] }).faults).toHaveLength(1);
	});
});

test('what only the form asks for may be gone by now, though it is required there', () => {
	const field = row('type', { kind: 'text' }, { required: true, formOnly: true });
	expect(found([field], {})).toEqual({ event: {}, faults: [], doubts: [] });
});
