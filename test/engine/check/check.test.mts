import { describe, expect, test } from '@jest/globals';

import { createChecker, type CheckResult } from '../../../nodes/engine/check/check.ts';
import type { CheckSettings } from '../../../nodes/engine/check/checkSettings.ts';
import { wirePath } from '../../../nodes/engine/check/eventPath.ts';
import { splitFields } from '../../../nodes/engine/check/passes.ts';
import type { DroppedNames } from '../../../nodes/engine/report/dropped.ts';
import type { Json, Operation } from '../../../nodes/engine/operation/operation.ts';
import { row, toy } from '../../support/fakeVendor.mts';

const operation: Operation = {
	...toy,
	variants: {
		parameter: 'platform',
		travels: false,
		label: 'Platform',
		help: '',
		default: 'web',
		values: [
			{ value: 'web', label: 'Web', evidence: 'documented' },
			{ value: 'app', label: 'App', evidence: 'documented', needs: [{ field: 'age' }] },
		],
	},
	fields: [
		row('id', { kind: 'text' }, { required: true }),
		row('age', { kind: 'integer', as: 'text' }),
		row('cart', {
			kind: 'list',
			of: [row('price', { kind: 'decimal', as: 'number' }), row('count', { kind: 'integer', as: 'number' })],
		}),
		row('params', { kind: 'map', name: { min: 1 }, value: { min: 1 } }),
		row('open', { kind: 'object', free: true, fields: [row('known', { kind: 'text' })] }),
	],
};
const ofList: Operation = {
	...toy,
	listOf: 'events',
	fields: [
		row('user', { kind: 'text' }, { required: true }),
		row('type', { kind: 'text' }, { required: true, perEvent: true }),
		row('price', { kind: 'decimal', as: 'number' }, { perEvent: true }),
	],
};

interface Order {
	operation?: Operation;
	settings?: Partial<CheckSettings>;
	variant?: string;
}

/** Checks events with one checker, as a run does. */
function checkAll(events: readonly Json[], { operation: table = operation, settings, variant }: Order = {}) {
	const leftOut: DroppedNames = { names: new Map(), pairs: new Set() };
	const all: CheckSettings = {
		zone: 'UTC',
		now: 0,
		extraFields: 'ignore',
		unprovenRules: 'warn',
		maxListed: 3,
		all: {},
		...settings,
	};
	const check = createChecker(table, all, leftOut);
	return { results: events.map((event) => withoutShown(check(event, variant))), leftOut };
}
/** What is decided of an event; how an invalid one is shown has tests of its own. */
function withoutShown(result: CheckResult) {
	const { shown, ...decided } = { shown: undefined, ...result };
	void shown;
	return decided;
}
const checked = (event: Json, order?: Order) => checkAll([event], order).results[0];
const leftOutOf = (event: Json, order?: Order) => checkAll([event], order).leftOut;
const proto = JSON.parse('{"id":"a","__proto__":{"x":1}}') as Json;

describe('an invalid event is shown', () => {
	const shownOf = (event: Json, settings: Partial<CheckSettings> = {}) => {
		const all = {
			zone: 'UTC',
			now: 0,
			extraFields: 'ignore',
			unprovenRules: 'warn',
			maxListed: 3,
			all: {},
		} as const;
		const check = createChecker(operation, { ...all, ...settings }, { names: new Map(), pairs: new Set() });
		const result = check(event, 'web');
		return 'shown' in result ? result.shown : undefined;
	};

	test('in the shape of an accepted one: what is good in its wire form, the rest as it was given', () => {
		expect(shownOf({ id: 'a', age: 'old' })).toEqual({ id: 'a', age: 'old' });
		expect(shownOf({ id: 7, age: 'old', own: 1, none: '' })).toEqual({ id: '7', age: 'old', own: 1 });
		expect(shownOf({ age: 5 })).toEqual({ age: '5' });
	});

	test('a valid one is not', () => {
		expect(shownOf({ id: 'a' })).toBeUndefined();
	});
});

describe('a path', () => {
	test.each([
		[[], undefined, ''],
		[['id'], undefined, 'id'],
		[['cart', 0, 'price'], undefined, 'cart[0].price'],
		[['id'], 'events[2]', 'events[2].id'],
		[[0], 'cart', 'cart[0]'],
	])('%j after %j is %j', (path, prefix, text) => expect(wirePath(path, prefix)).toBe(text));
});

describe('an event', () => {
	test('comes out in its wire form, in the order of the table, and is itself not changed', () => {
		const event = { cart: '[{"count":"2","price":"1.50"}]', age: 42, id: 'a' };
		const copy = structuredClone(event);
		const result = checked(event);
		expect(result).toEqual({ event: { id: 'a', age: '42', cart: [{ price: 1.5, count: 2 }] } });
		expect(JSON.stringify(result)).toBe('{"event":{"id":"a","age":"42","cart":[{"price":1.5,"count":2}]}}');
		expect(event).toEqual(copy);
	});

	test('is told every fault at once, with the place', () => {
		expect(checked({ age: 'x', cart: [{ price: 1 }, { price: 'free', count: 1.5 }] })).toEqual({
			issues: [
				{ field: 'id', message: "'Id' (id) is required" },
				{ field: 'age', message: '\'Age\' (age) must be a whole number, written in digits, not "x"' },
				{
					field: 'cart[1].price',
					message: 'Cart, line 2: \'Price\' (price) must be a number such as 1999.90, not "free"',
				},
				{ field: 'cart[1].count', message: "Cart, line 2: 'Count' (count) must be a whole number, not 1.5" },
			],
		});
	});

	test('may need more under one choice than under another, also within one run', () => {
		const check = createChecker(
			operation,
			{ zone: 'UTC', now: 0, extraFields: 'ignore', unprovenRules: 'warn', maxListed: 3, all: {} },
			{ names: new Map(), pairs: new Set() },
		);
		const message =
			"'Age' (age) is required for App. The event has all that Web requires: set 'Platform' (platform) to 'Web' (web) in the node, or to an expression if the items differ";
		const needed = { issues: [{ field: 'age', message }] };
		const decide = (variant: string) => withoutShown(check({ id: 'a' }, variant));
		expect([decide('web'), decide('app'), decide('web')]).toEqual([
			{ event: { id: 'a' } },
			needed,
			{ event: { id: 'a' } },
		]);
	});

	test('of a method that a variant decides has the fields of that method, and no other', () => {
		const payments: Operation = {
			...operation,
			fields: [
				row('id', { kind: 'text' }),
				row('card', { kind: 'text' }),
				row('iban', { kind: 'text', length: 4 }),
			],
			variants: {
				parameter: 'payment',
				travels: false,
				label: 'Payment',
				help: '',
				default: 'card',
				values: ['card', 'iban'].map((value) => ({
					value,
					label: value,
					evidence: 'documented',
					method: { single: value, batch: value },
					needs: [{ field: value }],
					knows: [value],
				})),
			},
		};
		const event = { id: '1', card: 'c', iban: 'i' };
		expect(checked(event, { operation: payments, variant: 'card' })).toEqual({
			event: { id: '1', card: 'c' },
		});
		expect([...leftOutOf(event, { operation: payments, variant: 'card' }).names.keys()]).toEqual(['iban']);
		const refused = { operation: payments, variant: 'card', settings: { extraFields: 'error' } } as const;
		expect(checked(event, refused)).toEqual({
			issues: [{ field: 'iban', message: "'iban' is not a documented name" }],
		});
		// What another choice would have needed is looked for in all that was given.
		expect(checked({ id: '1', iban: 'abcd' }, { operation: payments, variant: 'card' })).toMatchObject({
			issues: [{ field: 'card', message: expect.stringContaining("set 'Payment' (payment) to 'iban'") }],
		});
		// White space alone is no value of what the choice needs, whatever else is asked of it.
		expect(checked({ iban: ' ' }, { operation: payments, variant: 'iban' })).toEqual({
			issues: [{ field: 'iban', message: "'Iban' (iban) is required for iban" }],
		});
	});

	test('pairs without a value are left out and remembered by name', () => {
		expect(checked({ id: 'a', params: { x: '1', y: '', z: null } })).toEqual({
			event: { id: 'a', params: { x: '1' } },
		});
		expect([...leftOutOf({ id: 'a', params: { x: '1', y: '', z: null } }).pairs]).toEqual(['y', 'z']);
	});
});

describe('an undocumented name', () => {
	test('is left out and remembered with its place and the nearest documented name', () => {
		const event = { id: 'a', agee: 1, other: 2, cart: [{ price: 1, prise: 2 }] };
		expect(checked(event)).toEqual({ event: { id: 'a', cart: [{ price: 1 }] } });
		expect([...leftOutOf(event).names]).toEqual([
			['cart[0].prise', 'price'],
			['agee', 'age'],
			['other', undefined],
		]);
	});

	test('is a fault where the option says so', () => {
		expect(checked({ id: 'a', agee: 1, other: 2 }, { settings: { extraFields: 'error' } })).toEqual({
			issues: [
				{ field: 'agee', message: "'agee' is not a documented name; did you mean 'age'?" },
				{ field: 'other', message: "'other' is not a documented name" },
			],
		});
		expect(leftOutOf({ id: 'a', agee: 1 }, { settings: { extraFields: 'error' } }).names.size).toBe(0);
	});

	test('is sent as it is where the option says so', () => {
		const event = { id: 'a', other: { deep: [1, 'x', null] } };
		expect(checked(event, { settings: { extraFields: 'send' } })).toEqual({ event });
		expect(leftOutOf(event, { settings: { extraFields: 'send' } }).names.size).toBe(0);
	});

	test('is a fault where its value would lose something on its way', () => {
		expect(checked({ id: 'a', other: { x: Number.NaN } }, { settings: { extraFields: 'send' } })).toEqual({
			issues: [{ field: 'other', message: '\'other\' holds at "x" a number that is not finite' }],
		});
	});

	test('without a value leaves no trace', () => {
		const event = { id: 'a', x: '', y: null, z: undefined };
		expect(checked(event, { settings: { extraFields: 'error' } })).toEqual({ event: { id: 'a' } });
		expect(leftOutOf(event).names.size).toBe(0);
	});

	test.each(['ignore', 'error', 'send'] as const)(
		'is no fault where names are free, whatever the option says (%s)',
		(extraFields) => {
			const free = { id: 'a', mine: 1, open: { known: 'k', more: 2 } };
			expect(
				checked(free, { operation: { ...operation, additionalProperties: true }, settings: { extraFields } }),
			).toEqual({ event: free });
			expect(checked({ id: 'a', open: { more: 2 } }, { settings: { extraFields } })).toEqual({
				event: { id: 'a', open: { more: 2 } },
			});
		},
	);

	test.each(['ignore', 'error', 'send'] as const)('__proto__ is always a fault (%s)', (extraFields) => {
		const issues = [{ field: '__proto__', message: "'__proto__' is not a documented name" }];
		expect(checked(proto, { settings: { extraFields } })).toEqual({ issues });
		expect(
			checked(proto, { settings: { extraFields }, operation: { ...operation, additionalProperties: true } }),
		).toEqual({ issues });
	});
});

describe('a rule across fields', () => {
	const seen: Array<[Json, string | undefined]> = [];
	const ruled: Operation = {
		...operation,
		rules: [
			{
				description: '',
				evidence: 'documented',
				check: (event, { variant }) => {
					seen.push([event, variant]);
					return event.age === '13' || event.age === 13
						? [
								{ field: 'age', message: 'Too young' },
								{ field: 'id', message: 'Whose is it' },
							]
						: [];
				},
			},
		],
	};

	test('sees the event in its wire form, and the choice', () => {
		seen.length = 0;
		expect(checked({ id: 'a', age: 5 }, { operation: ruled, variant: 'app' })).toEqual({
			event: { id: 'a', age: '5' },
		});
		expect(seen).toEqual([[{ id: 'a', age: '5' }, 'app']]);
	});

	test('adds its faults', () => {
		expect(checked({ id: 'a', age: 13 }, { operation: ruled })).toEqual({
			issues: [
				{ field: 'age', message: 'Too young' },
				{ field: 'id', message: 'Whose is it' },
			],
		});
	});

	test('sees the event as it came where it has faults, and says nothing of a field that already has one', () => {
		expect(checked({ age: 13 }, { operation: ruled })).toEqual({
			issues: [
				{ field: 'id', message: "'Id' (id) is required" },
				{ field: 'age', message: 'Too young' },
			],
		});
	});
});

describe('a list of events', () => {
	const check = (event: Json, more: Partial<CheckSettings> = {}, table = ofList) =>
		checked(event, { operation: table, settings: more });

	test('the table is split into what the events share and what is of each', () => {
		const { shared, perEvent } = splitFields(ofList);
		expect([shared, perEvent].map((fields) => fields.map(({ wire }) => wire))).toEqual([
			['user'],
			['type', 'price'],
		]);
	});

	test('each event is checked by its own rows, the rest by those they share', () => {
		expect(check({ events: [{ price: '5', type: 'a' }, { type: 'b' }], user: 7 })).toEqual({
			event: { user: '7', events: [{ type: 'a', price: 5 }, { type: 'b' }] },
		});
		expect(check({ events: '[{"type":"a"}]', user: 'u' })).toEqual({
			event: { user: 'u', events: [{ type: 'a' }] },
		});
	});

	test.each([undefined, null, ''])('without it (%j) the event is one', (events) => {
		expect(check({ events, user: 'u', type: 'a' })).toEqual({ event: { user: 'u', type: 'a' } });
		expect(check({ events, user: 'u' })).toEqual({
			issues: [{ field: 'type', message: "'Type' (type) is required" }],
		});
	});

	test('faults of all events and of what they share are told with their places', () => {
		expect(check({ events: [{ type: 'a', price: 'x' }, {}] })).toEqual({
			issues: [
				{ field: 'user', message: "'User' (user) is required" },
				{ field: 'events[0].price', message: '\'Price\' (price) must be a number such as 1999.90, not "x"' },
				{ field: 'events[1].type', message: "'Type' (type) is required" },
			],
		});
	});

	test.each<[unknown, { field: string; message: string }]>([
		[
			'text',
			{
				field: 'events',
				message:
					'\'events\' must be a list or its JSON text, and this text is not JSON: a value is missing at character 1, before "text"',
			},
		],
		[
			{ type: 'a' },
			{
				field: 'events',
				message: "'events' must be a list or its JSON text, not an object; put it into [ ]",
			},
		],
		[[], { field: 'events', message: "'events' is empty" }],
		[[{ type: 'a' }, 'x'], { field: 'events[1]', message: 'Each event of a list must be an object' }],
		// The first place of this one is a hole.
		[
			Object.assign([], { 1: { type: 'a' } }),
			{ field: 'events[0]', message: 'Each event of a list must be an object' },
		],
		[
			Array.from({ length: 4 }, () => ({})),
			{
				field: 'events',
				message: "'events' holds 4 events, more than the batch size of 3; a list is sent whole",
			},
		],
	])('%j is a fault, told beside those of what the events share', (events, issue) => {
		expect(check({ events, user: 'u' })).toEqual({ issues: [issue] });
		expect(check({ events })).toEqual({
			issues: [{ field: 'user', message: "'User' (user) is required" }, issue],
		});
	});

	test('as many events as the batch size are no fault', () => {
		const events = Array.from({ length: 3 }, () => ({ type: 'a' }));
		expect(check({ events, user: 'u' })).toEqual({ event: { user: 'u', events } });
	});

	test('an undocumented name in it is remembered once, without the number of its event', () => {
		const events = [
			{ type: 'a', prise: 1 },
			{ type: 'b', prise: 2 },
		];
		const { names } = leftOutOf({ events, user: 'u', usr: 1 }, { operation: ofList });
		expect([...names]).toEqual([
			['usr', 'user'],
			['events[].prise', 'price'],
		]);
	});

	test('a row of one event is undocumented among what the events share, and the other way round', () => {
		const { names } = leftOutOf(
			{ events: [{ type: 'a', user: 'x' }], user: 'u', type: 'b' },
			{ operation: ofList },
		);
		expect([...names.keys()]).toEqual(['type', 'events[].user']);
	});

	test('a rule belongs to each event or to what they share; one event alone meets both', () => {
		const ruled: Operation = {
			...ofList,
			rules: [
				{
					description: '',
					evidence: 'documented',
					perEvent: true,
					check: ({ price }) => (price === 13 ? [{ field: 'price', message: 'Unlucky' }] : []),
				},
				{
					description: '',
					evidence: 'documented',
					check: ({ user }) => (user === 'root' ? [{ field: 'user', message: 'Not this one' }] : []),
				},
			],
		};
		const unlucky = { type: 'a', price: 13 };
		expect(check({ events: [unlucky, { type: 'b' }, unlucky], user: 'root' }, {}, ruled)).toEqual({
			issues: [
				{ field: 'user', message: 'Not this one' },
				{ field: 'events[0].price', message: 'Unlucky' },
				{ field: 'events[2].price', message: 'Unlucky' },
			],
		});
		expect(check({ ...unlucky, user: 'root' }, {}, ruled)).toEqual({
			issues: [
				{ field: 'price', message: 'Unlucky' },
				{ field: 'user', message: 'Not this one' },
			],
		});
	});

	test('a rule says nothing of a field of an event that already has a fault', () => {
		const always = [{ field: 'type', message: 'Never right' }];
		const ruled: Operation = {
			...ofList,
			rules: [{ description: '', evidence: 'documented', perEvent: true, check: () => always }],
		};
		expect(check({ events: [{}, { type: 'a' }], user: 'u' }, {}, ruled)).toEqual({
			issues: [
				{ field: 'events[0].type', message: "'Type' (type) is required" },
				{ field: 'events[1].type', message: 'Never right' },
			],
		});
	});
});

describe('before the check', () => {
	const aliased: Operation = {
		...operation,
		fields: [
			row('id', { kind: 'text' }, { required: true, alias: 'userId' }),
			row('age', { kind: 'integer', as: 'text' }, { alias: 'years' }),
		],
	};

	test.each<[Json, Json]>([
		[{ userId: 'a' }, { id: 'a' }],
		[
			{ userId: 'a', years: 5 },
			{ id: 'a', age: '5' },
		],
		[{ userId: 'a', id: '' }, { id: 'a' }],
		[{ userId: 'a', id: 'b' }, { id: 'b' }],
		[{ userId: '', id: 'b' }, { id: 'b' }],
	])('another name stands for the vendor’s, whose own wins: %j is %j', (event, wire) => {
		const copy = structuredClone(event);
		expect(checked(event, { operation: aliased, settings: { extraFields: 'error' } })).toEqual({
			event: wire,
		});
		expect(event).toEqual(copy);
	});

	test('an operation may arrange the event by the options of the run', () => {
		const arranged: Operation = {
			...operation,
			normalize: (mapped, settings) => ({
				event: { id: `${String(settings.prefix)}${String(mapped.id)}` },
				issues: [],
			}),
		};
		expect(
			checked({ id: 'a', age: 'x' }, { operation: arranged, settings: { all: { prefix: 'p-' } } }),
		).toEqual({ event: { id: 'p-a' } });
	});

	test('faults of arranging come first and make an event invalid that has no other', () => {
		const issue = { field: 'cookie', message: 'No cookie' };
		const arranged: Operation = { ...operation, normalize: (event) => ({ event, issues: [issue] }) };
		expect(checked({ id: 'a' }, { operation: arranged })).toEqual({ issues: [issue] });
		expect(checked({}, { operation: arranged })).toEqual({
			issues: [issue, { field: 'id', message: "'Id' (id) is required" }],
		});
	});
});

describe('many faults', () => {
	const rowsOf = (count: number) => Array.from({ length: count }, (_, at) => (at % 2 ? 5 : { price: 'x' }));

	test('twenty are kept, the others are counted, each with the message of its own', () => {
		const result = checked({ cart: rowsOf(1_000) }) as { issues: unknown[]; moreIssues: number };
		expect(result.issues).toHaveLength(20);
		// The missing ID and a fault for each row.
		expect(result.issues.length + result.moreIssues).toBe(1_001);
		expect(result.issues.slice(0, 3)).toEqual([
			{ field: 'id', message: "'Id' (id) is required" },
			{
				field: 'cart[0].price',
				message: 'Cart, line 1: \'Price\' (price) must be a number such as 1999.90, not "x"',
			},
			{ field: 'cart[1]', message: 'Cart, line 2: must be an object of names and values' },
		]);
		expect(checked({ cart: rowsOf(19) })).not.toHaveProperty('moreIssues');
		expect(checked({ cart: rowsOf(20) })).toHaveProperty('moreIssues', 1);
	});

	test('300,000 of them take no longer than reading them, also in a list of events', () => {
		const begun = performance.now();
		const rows = checked({ id: 'a', cart: Array.from({ length: 300_000 }, () => 1) }) as {
			moreIssues: number;
		};
		const events = checked(
			{ user: 'u', events: Array.from({ length: 50_000 }, () => ({ price: true })) },
			{ operation: ofList, settings: { maxListed: 100_000 } },
		) as { moreIssues: number };
		expect([rows.moreIssues, events.moreIssues]).toEqual([300_000 - 20, 100_000 - 20]);
		expect(performance.now() - begun).toBeLessThan(3_000);
	});
});

describe('what is told after the run', () => {
	const table: Operation = {
		...toy,
		fields: [
			row('id', { kind: 'text' }, { required: true }),
			row('at', { kind: 'time', as: 'isoUtc' }, { vendorDefault: 'the time it receives the event' }),
			row('sum', { kind: 'decimal', as: 'number' }),
		],
	};

	test('fields that are there and empty, each with its count; one that is not there is none', () => {
		const { leftOut } = checkAll(
			[{ id: 'a', at: '', sum: null }, { id: 'b', sum: '' }, { id: 'c', sum: ' ' }, { id: 'd' }],
			{
				operation: table,
			},
		);
		expect([...(leftOut.empty ?? [])].map(([field, count]) => [field.wire, count])).toEqual([
			['at', 1],
			['sum', 3],
		]);
	});

	test('the time zone, if a time without one was read in it', () => {
		const zone = 'Europe/Moscow';
		const now = Date.parse('2026-11-26T00:00:00Z');
		const told = (at: unknown) =>
			leftOutOf({ id: 'a', at }, { operation: table, settings: { zone, now } }).zoneUsed;
		expect([told('2026-11-22'), told('2026-11-22T00:00Z'), told(undefined)]).toEqual([
			zone,
			undefined,
			undefined,
		]);
	});

	test('a time ahead of now is treated like a rule that no vendor documents', () => {
		const judged = (unprovenRules: CheckSettings['unprovenRules']) =>
			checked(
				{ id: 'a', at: 1_795_338_000 },
				{ operation: table, settings: { unprovenRules, now: 1_795_330_000_000 } },
			);
		const event = { id: 'a', at: '2026-11-22T09:00:00.000Z' };
		const said = [{ field: 'at', message: "'At' (at) is 2 hours ahead of now" }];
		expect(judged('warn')).toEqual({ event, warnings: said });
		expect(judged('ignore')).toEqual({ event });
		expect(judged('refuse')).toEqual({ issues: said });
	});
});
