import { describe, expect, test } from '@jest/globals';
import get from 'lodash/get';

import { Expressions } from '../../../nodes/engine/mapping/expressions/index.ts';
import {
	assemble,
	createMapper,
	eventParameters,
	type MappingSource,
} from '../../../nodes/engine/mapping/mapping.ts';
import type { Field, Issue, Json, Operation } from '../../../nodes/engine/operation/operation.ts';
import { row, toy } from '../../support/fakeVendor.mts';

const operation: Operation = {
	...toy,
	fields: [
		row('id', { kind: 'text' }, { required: true }),
		row('age', { kind: 'integer', as: 'text' }, { section: 'common' }),
		row('wireName', { kind: 'text' }, { formName: 'formName', section: 'common' }),
		row(
			'params',
			{ kind: 'map', name: { min: 1 }, value: { min: 1 } },
			{
				form: {
					rows: { name: 'params', part: 'pair', label: 'Params', add: 'Add' },
					json: { name: 'paramsJson', label: 'JSON' },
					rowsMode: 'pairs',
				},
			},
		),
		row('cart', { kind: 'list', of: [] }, { form: { json: { name: 'cart', label: 'Cart' } } }),
		row(
			'tags',
			{ kind: 'list', of: [] },
			{
				form: {
					rows: { name: 'tagRows', part: 'tag', label: 'Tags', add: 'Add' },
					json: { name: 'tagsJson', label: 'Tags' },
				},
			},
		),
		row('place', { kind: 'object', fields: [] }),
	],
	sections: [{ name: 'common', label: 'Common' }],
	variants: {
		parameter: 'platform',
		travels: false,
		label: 'Platform',
		help: '',
		values: [
			{ value: 'app', label: 'App', evidence: 'documented' },
			{ value: 'web', label: 'Web', evidence: 'documented' },
		],
		default: 'app',
	},
};
/** Stands for n8n's evaluation: plain paths of one step, anything else as the path of the parameter. */
const resolver = (source: Partial<MappingSource>, item: Json) => (path: string) => {
	const step = /^=\{\{ \$json\.(\w+) \}\}$/.exec(String(get(source.parameters, path)));
	return step ? item[step[1]] : `n8n:${path}`;
};
const map = (source: Partial<MappingSource>, item: Json) =>
	createMapper(operation, {
		mode: 'defineBelow',
		inputField: '',
		parameters: {},
		readerOf: new Expressions(resolver(source, item)).readerOf,
		...source,
	})(item, 0);

describe('the form', () => {
	test("is brought into the event's nesting", () => {
		expect(
			assemble(operation, {
				id: 'a',
				common: { age: 5, formName: 'x', unknown: 1 },
				params: { pair: [{ name: 'n', value: 'v' }] },
				cart: '[1]',
				unknown: 1,
			}),
		).toEqual({ id: 'a', age: 5, wireName: 'x', params: [{ name: 'n', value: 'v' }], cart: '[1]' });
	});

	test('boxes that a collection has from the start and nobody fills in say nothing', () => {
		const members = [
			row('own', { kind: 'text' }, { formDefault: '' }),
			row('ses', { kind: 'text' }, { formDefault: '', formName: 'session' }),
			row('other', { kind: 'text' }),
		];
		const table = { ...operation, fields: [row('user', { kind: 'object', fields: members })] };
		const mapped = (user: unknown, item: Json = {}) =>
			createMapper(table, {
				mode: 'defineBelow',
				inputField: '',
				parameters: { user },
				readerOf: new Expressions(resolver({ parameters: { user } }, item)).readerOf,
			})(item, 0).event;
		expect(mapped({ own: '', session: '' })).toEqual({});
		expect(mapped({ own: 'a', session: '' })).toEqual({ user: { own: 'a' } });
		// What somebody has added, or mapped, came out empty.
		expect(mapped({ own: '', session: '', other: '' })).toEqual({ user: { other: '' } });
		expect(mapped({ own: '={{ $json.id }}', session: '' }, { id: '' })).toEqual({ user: { own: '' } });
		expect(mapped('={{ $json.all }}', { all: { own: '' } })).toEqual({ user: { own: '' } });
	});

	test('a compound value comes from the part that is chosen', () => {
		const both = { params: { pair: [{ name: 'n', value: 'v' }] }, paramsJson: '{"j":"1"}' };
		expect(assemble(operation, { ...both, paramsMode: 'pairs' })).toEqual({ params: both.params.pair });
		expect(assemble(operation, { ...both, paramsMode: 'json' })).toEqual({ params: both.paramsJson });
		expect(assemble(operation, { ...both })).toEqual({ params: both.params.pair });
	});

	test('without a choice a compound value comes from its rows, and from JSON where no row is filled in', () => {
		const filled = { tag: [{ name: 'r' }] };
		expect(assemble(operation, { tagsJson: '["j"]', tagRows: filled })).toEqual({ tags: [{ name: 'r' }] });
		expect(assemble(operation, { tagsJson: '["j"]' })).toEqual({ tags: '["j"]' });
		expect(assemble(operation, { tagsJson: '["j"]', tagRows: {} })).toEqual({ tags: '["j"]' });
	});

	test('what the choice of rows or JSON hides is not sent, and said', () => {
		const told = (parameters: Json) => {
			const assembling = { notices: [] as Issue[], issues: [] };
			const { params } = assemble(operation, parameters, assembling);
			return [params, assembling.notices.map(({ message }) => message)];
		};
		const pair = [{ name: 'n', value: 'v' }];
		const both = { params: { pair }, paramsJson: '{"j":"1"}' };
		const rowsHidden =
			"The rows of 'Params' are filled in but hidden under 'Using JSON', so they were not sent; clear them, or choose another 'Specify Params'";
		const jsonHidden =
			"'JSON' is filled in but hidden under 'Using Fields Below', so it was not sent; clear it, or choose another 'Specify Params'";
		expect(told({ ...both, paramsMode: 'json' })).toEqual(['{"j":"1"}', [rowsHidden]]);
		expect(told({ ...both, paramsMode: 'pairs' })).toEqual([pair, [jsonHidden]]);
		// JSON alone is hidden all the same.
		expect(told({ paramsMode: 'pairs', paramsJson: '{"j":"1"}' })).toEqual([undefined, [jsonHidden]]);
		expect(told({ paramsMode: 'json', params: { pair } })).toEqual([undefined, [rowsHidden]]);
		const untouched = { params: { pair: [{ name: '', value: '' }] }, paramsJson: '{}' };
		expect(told({ ...untouched, paramsMode: 'json' })[1]).toEqual([]);
		expect(told({ ...untouched, paramsMode: 'pairs' })[1]).toEqual([]);
	});

	test('JSON that is filled in beside rows is not sent, and said', () => {
		const told = { notices: [], issues: [] };
		assemble(operation, { tagsJson: '["j"]', tagRows: { tag: [{ name: 'r' }] } }, told);
		expect(told).toEqual({
			issues: [],
			notices: [
				{
					field: 'tags',
					message: "'Tags' is filled in as well as the rows of 'Tags', so it was not sent; clear one of them",
				},
			],
		});
	});

	test('boxes that a variant offers become members of the value, or fields of the event', () => {
		const more = row('more', { kind: 'object', fields: [row('orderId', { kind: 'text' })], free: true });
		const rows = { name: 'moreRows', part: 'pair', label: 'More', add: 'Add' };
		const offering: Operation = {
			...operation,
			fields: [{ ...more, label: 'More', form: { rows, json: { name: 'more', label: 'JSON' } } }],
			variants: {
				parameter: 'type',
				travels: true,
				custom: { value: 'own', label: 'Own', field: 'ownType' },
				values: [
					{ value: 'a', label: 'A', evidence: 'documented', offers: ['more.orderId'] },
					{
						value: 'b',
						label: 'B',
						evidence: 'documented',
						own: [row('query', { kind: 'text' })],
						offers: ['query'],
					},
				],
			},
		};
		expect(eventParameters(offering)).toEqual(['more', 'moreRows', 'orderId', 'query']);
		expect(assemble(offering, { orderId: '7' })).toEqual({ more: [{ name: 'orderId', value: '7' }] });
		expect(
			assemble(offering, { orderId: '7', moreRows: { pair: [{ name: 'a', value: 1 }] }, query: 'boots' }),
		).toEqual({
			more: [
				{ name: 'orderId', value: '7' },
				{ name: 'a', value: 1 },
			],
			query: 'boots',
		});
		expect(assemble(offering, { orderId: '', query: '' })).toEqual({});
	});

	test('a member’s label, typed as a name, is the member', () => {
		const more = row('more', {
			kind: 'object',
			fields: [{ ...row('orderId', { kind: 'text' }), label: 'Order ID' }],
			free: true,
		});
		const rows = { name: 'moreRows', part: 'pair', label: 'More', add: 'Add' };
		const named: Operation = {
			...operation,
			variants: undefined,
			fields: [{ ...more, form: { rows, json: { name: 'more', label: 'JSON' } } }],
		};
		const given = (name: string) => assemble(named, { moreRows: { pair: [{ name, value: '7' }] } });
		for (const name of ['Order ID', ' order id ', 'orderId'])
			expect(given(name)).toEqual({ more: [{ name: 'orderId', value: '7' }] });
		expect(given('order')).toEqual({ more: [{ name: 'order', value: '7' }] });
	});

	test('rows of names and values become an object where the vendor wants JSON text', () => {
		const attributes = row(
			'attributes',
			{ kind: 'json', as: 'text' },
			{
				form: {
					rows: { name: 'rows', part: 'pair', label: 'Attributes', add: 'Add' },
					json: { name: 'attributes', label: 'JSON' },
				},
			},
		);
		const dropped: string[] = [];
		const told = {
			notices: [],
			issues: [] as Issue[],
			onDroppedPair: (name: string) => void dropped.push(name),
		};
		const given = (...pair: object[]) =>
			assemble({ ...operation, fields: [attributes] }, { rows: { pair } }, told);
		expect(
			given({ name: 'sum', value: '10' }, { name: '__proto__', value: 'x' }, { name: 'b', value: '' }),
		).toEqual({
			attributes: Object.fromEntries([
				['sum', '10'],
				['__proto__', 'x'],
			]),
		});
		expect([dropped, told.issues]).toEqual([['b'], []]);
		given({ name: 'sum', value: '1' }, { name: 'sum', value: '2' }, { name: '', value: '3' });
		expect(told.issues.map(({ message }) => message)).toEqual([
			"'Attributes' (attributes) names 'sum' twice",
			"'Attributes' (attributes) has a value without a name",
		]);
	});

	test('the collection of a row is a part of the row', () => {
		const rest = { name: 'more', label: 'More' };
		const cart = row(
			'cart',
			{ kind: 'list', of: [row('id', { kind: 'text' }), row('note', { kind: 'text' }, { isRare: true })] },
			{
				form: {
					rows: { name: 'cartRows', part: 'row', label: 'Cart', add: 'Add', rest },
					json: { name: 'cart', label: 'JSON' },
				},
			},
		);
		const cartRows = {
			row: [
				{ id: 'a', more: { note: 'x' } },
				{ id: 'b', more: {} },
				{ id: '', more: { note: '' } },
				{ id: 'c' },
			],
		};
		const before = JSON.stringify(cartRows);
		expect(assemble({ ...operation, fields: [cart] }, { cartRows })).toEqual({
			cart: [{ id: 'a', note: 'x' }, { id: 'b' }, { id: 'c' }],
		});
		expect(JSON.stringify(cartRows)).toBe(before);
	});

	test('a box of a row that nobody filled in is no value; an expression that gives nothing is one', () => {
		const cart = row(
			'cart',
			{ kind: 'list', of: [row('id', { kind: 'text' }), row('note', { kind: 'text' })] },
			{
				form: {
					rows: {
						name: 'cartRows',
						part: 'row',
						label: 'Cart',
						add: 'Add',
						rest: { name: 'more', label: 'More' },
					},
					json: { name: 'cart', label: 'JSON' },
				},
			},
		);
		const map = createMapper(
			{ ...operation, fields: [cart] },
			{
				mode: 'defineBelow',
				inputField: '',
				parameters: {
					cartRows: {
						row: [
							{ id: '', more: {} },
							{ id: 'a', more: { note: '' } },
							{ id: 'b', more: { note: '={{ $json.no }}' } },
						],
					},
				},
				readerOf: () => () => '',
			},
		);
		expect(map({}, 0)).toMatchObject({ event: { cart: [{ id: 'a' }, { id: 'b', note: '' }] } });
	});

	test('rows that are wholly empty are left out, and told', () => {
		const empty: string[] = [];
		const told = { notices: [], issues: [], onEmptyRows: ({ wire }: Field) => void empty.push(wire) };
		const rows = [{ name: '', value: null }, { name: 'a', value: '' }, {}];
		expect(
			assemble(operation, { tagRows: { tag: rows }, params: { pair: [{ name: '', value: '' }] } }, told),
		).toEqual({
			tags: [{ name: 'a', value: '' }],
		});
		expect(empty).toEqual(['params', 'tags']);
	});

	test('an object is taken as it is; one without members, rows without a row and an untouched JSON box are none', () => {
		expect(assemble(operation, { place: { city: 'x' } })).toEqual({ place: { city: 'x' } });
		expect(assemble(operation, { place: {}, params: { pair: [] }, tagsJson: '{}' })).toEqual({});
	});

	test('what is absent leaves no trace; what is not a collection is passed over', () => {
		expect(assemble(operation, { id: '', common: { age: null }, params: {}, cart: undefined })).toEqual({});
		expect(assemble(operation, { common: 'x', params: 'y' })).toEqual({});
	});

	test('names every parameter from which it reads', () => {
		expect(eventParameters(operation)).toEqual([
			'id',
			'common',
			'paramsMode',
			'paramsJson',
			'params',
			'cart',
			'tagsJson',
			'tagRows',
			'place',
		]);
	});

	test('is read per item', () => {
		const parameters = {
			id: '={{ $json.who }}',
			common: { age: '={{ $json.years * 2 }}' },
			platform: '={{ $json.where }}',
			options: { appId: '={{ $json.app }}', batchSize: 5 },
		};
		expect(map({ parameters }, { who: 'ann', where: 'web', app: '77' })).toEqual({
			event: { id: 'ann', age: 'n8n:common.age' },
			variant: 'web',
			app: '77',
		});
	});

	test.each(['', 'tv', 5, null, {}])('an unknown choice %j makes the item invalid', (where) => {
		const mapped = map({ parameters: { id: 'a', platform: '={{ $json.where }}' } }, { where });
		if (where === null) return expect(mapped).toMatchObject({ variant: 'app' });
		return expect(mapped).toMatchObject({
			issues: [{ field: 'platform', message: "'Platform' must be one of app, web" }],
			event: { id: 'a' },
		});
	});

	test('without the parameter the default choice applies', () => {
		expect(map({ parameters: { id: 'a' } }, {})).toMatchObject({ variant: 'app' });
	});

	test('of an operation without a choice and without apps has neither', () => {
		const bare: Operation = {
			...operation,
			variants: undefined,
			credential: { ...operation.credential, app: undefined },
		};
		const mapper = createMapper(bare, {
			mode: 'defineBelow',
			inputField: '',
			parameters: { id: 'a', options: { appId: '5' } },
			readerOf: new Expressions(() => undefined).readerOf,
		});
		expect(mapper({}, 0)).toEqual({ event: { id: 'a' }, app: undefined });
	});
});

describe('the incoming item', () => {
	const auto = (inputField: string, item: Json) => map({ mode: 'autoMapInputData', inputField }, item);

	test('as it is, unchanged', () => {
		const item = { id: 'a', nested: { x: [1] }, error: 'mine', details: 'mine' };
		const copy = structuredClone(item);
		expect(auto('', item)).toMatchObject({ event: item });
		expect(item).toEqual(copy);
	});

	test.each<[string, Json]>([
		['body', { body: { id: 'a' } }],
		['body.data[0]', { body: { data: [{ id: 'a' }] } }],
		['body', { body: '{"id":"a"}' }],
		[
			'details.event',
			{ other: 1, error: 'x', details: { event: { id: 'a' }, delivery: { status: 'exhausted' } } },
		],
		['a b', { 'a b': { id: 'a' } }],
		['a.b', { 'a.b': { id: 'a' } }],
	])('the field %j of %j holds the event', (field, item) => {
		expect(auto(field, item)).toEqual({ event: { id: 'a' }, variant: 'app', app: undefined });
	});

	test.each<[string, Json, RegExp]>([
		['body', {}, /has no field 'body'/],
		['body', { body: null }, /has no field 'body'/],
		['body.x', { body: 'text' }, /has no field 'body.x'/],
		['body', { body: 'text' }, /'body' must be an object/],
		['body', { body: [{ id: 'a' }] }, /'body' must be an object/],
		['body', { body: 5 }, /'body' must be an object/],
		['body', { body: '[1]' }, /'body' must be an object/],
		['body', { body: new Date() }, /'body' must be an object/],
	])('the field %j of %j makes the item invalid', (field, item, says) => {
		expect(auto(field, item)).toMatchObject({ issues: [{ field, message: expect.stringMatching(says) }] });
	});

	test.each<[Json, unknown]>([
		[{}, {}],
		[{ body: 'text' }, 'text'],
		[{ body: [1] }, [1]],
	])('of %j the report shows %j', (item, event) => expect(auto('body', item)).toHaveProperty('event', event));

	test('of an error output: our own report beside its fields is not part of the event', () => {
		const item = {
			id: 'a',
			error: 'said by us',
			details: { event: { id: 'a' }, delivery: { status: 'exhausted' } },
		};
		expect(auto('', item)).toMatchObject({ event: { id: 'a' } });
		expect((auto('', item) as { event: Json }).event).toEqual({ id: 'a' });
		expect(item).toHaveProperty('error');
		expect(auto('wrapped', { wrapped: item })).toMatchObject({ event: { id: 'a' } });
	});

	test('of the form not even the expressions are evaluated', () => {
		const readerOf = () => () => {
			throw new Error('an expression of the form');
		};
		expect(
			map({ mode: 'autoMapInputData', parameters: { id: '={{ $json.a + 1 }}' }, readerOf }, { id: 'item' }),
		).toMatchObject({ event: { id: 'item' } });
	});

	test('the choice is read from the node in this mode, too; the form is not', () => {
		expect(
			map(
				{ mode: 'autoMapInputData', parameters: { platform: '={{ $json.p }}', id: 'form' } },
				{ p: 'web', id: 'item' },
			),
		).toMatchObject({
			event: { id: 'item', p: 'web' },
			variant: 'web',
		});
	});
});
