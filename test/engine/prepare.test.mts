import { describe, expect, test } from '@jest/globals';

import { createDestinations, type Account, type AccountError } from '../../nodes/engine/account.ts';
import { createStepwiseChecker } from '../../nodes/engine/check/check.ts';
import { EvaluationError } from '../../nodes/engine/mapping/evaluationError.ts';
import { createKeyNames } from '../../nodes/engine/deduplication/key.ts';
import { Expressions } from '../../nodes/engine/mapping/expressions/index.ts';
import { createMapper } from '../../nodes/engine/mapping/mapping.ts';
import {
	createBatchKeys,
	methodsOf,
	prepareItem,
	type PreparedItem,
	type Preparing,
} from '../../nodes/engine/prepare.ts';
import type { Evidence, Json, Operation, Target } from '../../nodes/engine/operation/operation.ts';
import { row, toy } from '../support/fakeVendor.mts';

const operation: Operation = { ...toy, fields: [...toy.fields, row('age', { kind: 'integer', as: 'text' })] };
/** A vendor whose events may name their app and hold a secret. */
const naming: Operation = {
	...operation,
	credential: {
		...toy.credential,
		app: { noun: 'app', field: 'appId', label: 'App ID', is: 'number', wire: 'app', option: 'appId' },
		secretNames: ['key', 'password'],
	},
};
const withoutApps: Operation = { ...operation, credential: { ...toy.credential, app: undefined } };
const open: Account = {
	data: {},
	baseUrl: 'https://fake.example',
	fields: { appId: '77' },
	secrets: ['t'],
};
const shut: AccountError = { reason: 'no credential' };

interface Order extends Partial<Omit<Preparing, 'map' | 'check' | 'accounts'>> {
	account?: Account | AccountError;
	options?: Json;
	inputField?: string;
	map?: Preparing['map'];
	parameters?: Json;
	destinations?: Preparing['destinationOf'];
	unprovenRules?: Preparing['unprovenRules'];
}

/** What an item became, and how often others could have had their turn on the way. */
function finished(steps: Generator<void, PreparedItem>): { value: PreparedItem; turns: number } {
	let turns = 0;
	let step = steps.next();
	for (; !step.done; step = steps.next()) turns++;
	return { value: step.value, turns };
}

function stepsOf(
	item: Json,
	{
		options = {},
		inputField = '',
		operation: table = operation,
		account = open,
		form = table.batch,
		map,
		parameters,
		destinations,
		unprovenRules = 'warn',
	}: Order = {},
) {
	const mapped = createMapper(table, {
		mode: 'autoMapInputData',
		inputField,
		parameters: { ...parameters, options },
		readerOf: new Expressions(() => undefined).readerOf,
	});
	const check = createStepwiseChecker(
		table,
		{ zone: 'UTC', now: 0, extraFields: 'ignore', unprovenRules, maxListed: 20, all: {} },
		{ names: new Map(), pairs: new Set() },
	);
	const destinationOf = createDestinations(table.credential);
	const accounts = { ofAll: account, of: async () => account, secrets: () => [] };
	const preparing = {
		operation: table,
		takesWholeItem: false,
		form,
		accounts,
		destinationOf: destinations ?? destinationOf,
		batchKeyOf: createBatchKeys(),
		keyNameOf: createKeyNames(),
		methodOf: methodsOf(table, 'batch'),
		unprovenRules,
		map: map ?? mapped,
		check,
	};
	return prepareItem(item, 3, account, preparing);
}

const prepare = (item: Json, order?: Order): PreparedItem => finished(stepsOf(item, order)).value;

test('one item may be as large as thousands: others have their turn after it was mapped and after it was checked', () => {
	expect(finished(stepsOf({ id: 'x' }))).toMatchObject({
		value: { prepared: { event: { id: 'x' } } },
		turns: 2,
	});
});

test('a variant that decides the vendor’s method sends its events there, and nowhere else', () => {
	const paid: Operation = {
		...operation,
		variants: {
			parameter: 'payment',
			travels: false,
			label: 'Payment',
			help: '',
			default: 'a',
			values: ['a', 'b'].map((value) => ({
				value,
				label: value,
				evidence: 'documented',
				method: { single: value, batch: `${value}Batch` },
			})),
		},
	};
	const destinations = createDestinations(paid.credential);
	const at = (payment: string) => {
		const item = prepare({ id: 'x' }, { operation: paid, parameters: { payment }, destinations });
		if (!('prepared' in item)) throw new Error('not prepared');
		return item.prepared;
	};
	expect([at('a'), at('b')].map(({ target }) => target.method)).toEqual(['aBatch', 'bBatch']);
	expect(at('a').target).toBe(at('a').target);
	expect(at('a').batchKey).not.toBe(at('b').batchKey);
	expect(prepare({ id: 'x' })).not.toHaveProperty('prepared.target.method');
	// What is wrong with an event is told with the method that it would have had.
	expect(prepare({}, { operation: paid, parameters: { payment: 'b' }, destinations })).toMatchObject({
		method: 'bBatch',
		issues: [{ field: 'id' }],
	});
});

describe('an item', () => {
	test('becomes an event in its wire form, measured in bytes, and stays as it is', () => {
		const item = { age: 5, id: 'жук' };
		const copy = structuredClone(item);
		const text = '{"id":"жук","age":"5"}';
		expect(prepare(item)).toEqual({
			prepared: {
				index: 3,
				event: { id: 'жук', age: '5' },
				target: { baseUrl: 'https://fake.example', account: { appId: '77' }, credential: open, id: '1' },
				text,
				bytes: text.length + 3,
				count: 1,
				batchKey: '1\n',
			},
		});
		expect(item).toEqual(copy);
	});

	test('is told its faults and shown as it came', () => {
		expect(prepare({ age: 'x' })).toEqual({
			event: { age: 'x' },
			issues: [
				{ field: 'id', message: "'Id' (id) is required" },
				{ field: 'age', message: '\'Age\' (age) must be a whole number, written in digits, not "x"' },
			],
		});
	});

	test('that cannot be mapped is told reason', () => {
		expect(prepare({ body: 'text' }, { inputField: 'body' })).toEqual({
			event: 'text',
			issues: [
				{
					field: 'body',
					message:
						'The field \'body\' must be an object or its JSON text, and this text is not JSON: a value is missing at character 1, before "text"',
				},
			],
		});
	});

	test('that the wire form cannot carry is told reason and shown in its checked form', () => {
		const fault = { field: 'age', message: 'No room for it' };
		expect(prepare({ age: 5, id: 'a' }, { form: { ...toy.batch, encode: () => ({ fault }) } })).toEqual({
			event: { id: 'a', age: '5' },
			issues: [fault],
		});
	});

	test.each([
		[new Error('no such node'), 'no such node'],
		['just text', 'just text'],
	])('of which an expression throws %p is at fault, not the run', (thrown, says) => {
		const map = () => {
			throw new EvaluationError(thrown);
		};
		expect(prepare({ id: 'a' }, { map })).toEqual({
			event: {},
			issues: [{ field: '', message: `An expression could not be read for this item: ${says}` }],
		});
	});

	const fault = () => {
		throw new TypeError('of a@example.com');
	};
	const encoding = { form: { ...toy.batch, encode: fault } };
	test.each<[string, Order]>([
		['mapped', { map: fault }],
		['checked', { operation: { ...operation, normalize: fault } }],
		['encoded', encoding],
		['given a destination', { destinations: fault }],
	])('at which this node fails when it is %s is not sent, and no expression is blamed', (_, order) => {
		expect(prepare({ id: 'a' }, order)).toEqual({
			event: {},
			notSent: expect.stringMatching(
				/^An internal error of this node kept this event from being sent \(TypeError in [\w.]+, prepare\.test\.mts:\d+\); please report it to the authors of this node$/,
			),
		});
	});
});

describe('the app', () => {
	const app = (item: Json, order: Order = {}) => {
		const result = prepare({ id: 'a', ...item }, order);
		if ('issues' in result) return result.issues;
		return 'prepared' in result ? result.prepared.target.account.appId : result.notSent;
	};
	const wrong = [{ field: 'appId', message: "'App ID' must be a whole number" }];
	const other = [
		{
			field: 'app',
			message: "'app' names another app than the one the event would go to; set the option 'App ID'",
		},
	];

	test('is the credential’s, or the option’s', () => {
		expect(app({})).toBe('77');
		expect(app({}, { options: { appId: '' } })).toBe('77');
		expect(app({}, { options: { appId: ' 88 ' } })).toBe('88');
		expect(app({}, { options: { appId: 88 } })).toBe('88');
	});

	test.each(['x', '8x', 'x8', '-1', '1.5', '8 8', {}])('%j is not a valid app', (appId) => {
		expect(app({}, { options: { appId } })).toEqual(wrong);
	});

	test('of the credential must be one, too, except where the vendor has no apps', () => {
		expect(app({}, { account: { ...open, fields: { appId: 'x' } } })).toEqual(wrong);
		expect(app({}, { account: { ...open, fields: {} }, operation: withoutApps })).toBeUndefined();
	});

	test('without an account is not judged', () => {
		expect(app({}, { account: shut })).toBe('no credential');
		expect(app({}, { account: shut, options: { appId: 'x' } })).toBe('no credential');
		expect(app({ app: '5' }, { account: shut, operation: naming })).toBe('no credential');
	});

	test('events of two apps share no request', () => {
		const form = { ...toy.batch, encode: () => ({ text: '', count: 1, batchKey: 'g' }) };
		expect(prepare({ id: 'a' }, { form, options: { appId: '88' } })).toMatchObject({
			prepared: { batchKey: '1\ng', target: { account: { appId: '88' } } },
		});
	});

	test('is what the encoder is given, with the account', () => {
		const seen: Target[] = [];
		const form = {
			...toy.batch,
			encode: (_: Json, target: Target) => (seen.push(target), { text: '', count: 1, batchKey: '' }),
		};
		prepare({ id: 'a' }, { form, options: { appId: '88' } });
		prepare({ id: 'a' }, { form, account: shut });
		expect(seen).toMatchObject([{ baseUrl: 'https://fake.example', account: { appId: '88' } }]);
	});

	test.each([77, '77', ' 77 ', '', null, undefined])(
		'an item may name it (%j); it is no part of the event',
		(named) => {
			expect(prepare({ id: 'a', app: named }, { operation: naming })).toMatchObject({
				prepared: { event: { id: 'a' }, text: '{"id":"a"}' },
			});
		},
	);

	test('nor where names of the event are free', () => {
		expect(
			prepare({ id: 'a', app: '77', mine: 1 }, { operation: { ...naming, additionalProperties: true } }),
		).toMatchObject({ prepared: { text: '{"id":"a","mine":1}' } });
	});

	test('an item that names another one does not go', () => {
		expect(app({ app: '5' }, { operation: naming })).toEqual(other);
		expect(app({ app: '5' }, { operation: naming, options: { appId: '5' } })).toBe('5');
		expect(prepare({ app: '5' }, { operation: naming })).toEqual({
			event: { app: '5' },
			issues: [{ field: 'id', message: "'Id' (id) is required" }, ...other],
		});
	});

	test('the same name means nothing to a vendor whose events do not hold it', () => {
		expect(app({ app: '5' })).toBe('77');
	});
});

describe('a secret in an item', () => {
	const strict = (item: Json, order: Order = {}) =>
		prepare(item, { operation: { ...naming, additionalProperties: true }, ...order });

	test('is no part of the event', () => {
		expect(strict({ id: 'a', key: 's', mine: 1 })).toMatchObject({
			prepared: { event: { id: 'a', mine: 1 }, text: '{"id":"a","mine":1}' },
		});
	});

	test('is never shown, also where the event is invalid or not even mapped', () => {
		expect(strict({ age: 5, key: 's', password: 'p' })).toMatchObject({ event: { age: '5' } });
		expect(JSON.stringify(strict({ key: 's' }))).not.toContain('"s"');
		const map = () => ({ event: { id: 'a', key: 's' }, issues: [{ field: 'platform', message: 'no' }] });
		expect(strict({}, { map })).toEqual({
			event: { id: 'a' },
			issues: [{ field: 'platform', message: 'no' }],
		});
	});

	test('of a vendor that names none is a member like any other', () => {
		expect(
			prepare({ id: 'a', key: 's' }, { operation: { ...operation, additionalProperties: true } }),
		).toMatchObject({
			prepared: { event: { id: 'a', key: 's' } },
		});
	});
});

test('what is wrong with the form is told first, then what is wrong with the event, which is shown in its wire form', () => {
	const issues = [{ field: 'platform', message: 'no such platform' }];
	const event = { id: 7, age: 'old', app: '77' };
	expect(prepare({}, { operation: naming, map: () => ({ event, issues, isMapped: true }) })).toEqual({
		event: { id: '7', age: 'old' },
		issues: [...issues, { field: 'age', message: expect.stringContaining('must be a whole number') }],
	});
	expect(prepare({}, { operation: naming, map: () => ({ event: 'text', issues, isMapped: true }) })).toEqual({
		event: 'text',
		issues,
	});
});

describe('an app whose ID has an unusual length', () => {
	const app = (evidence: Evidence): Operation => ({
		...naming,
		credential: {
			...naming.credential,
			app: {
				noun: 'section',
				field: 'appId',
				label: 'Section ID',
				is: 'text',
				wire: 'app',
				option: 'appId',
				length: { usual: 4, evidence },
			},
		},
	});
	const section = (appId: string, order: Order & { evidence?: Evidence } = {}) =>
		prepare(
			{ id: 'a' },
			{ operation: app(order.evidence ?? 'inferred'), account: { ...open, fields: { appId } }, ...order },
		);
	const said = (where: string) => [
		{ field: 'appId', message: `'Section ID' has 3 characters and usually has 4; check it in ${where}` },
	];

	test('is doubted, and named where it stands', () => {
		expect(section('1234')).toMatchObject({ prepared: { warnings: undefined } });
		expect(section('123')).toMatchObject({ prepared: { warnings: said('the credential') } });
		expect(section('1234', { options: { appId: '999' } })).toMatchObject({
			prepared: { warnings: said("the option 'Section ID'") },
		});
	});

	test('is refused where it is documented, or where the user wants it', () => {
		expect(section('123', { unprovenRules: 'ignore' })).toMatchObject({ prepared: { warnings: undefined } });
		const refused = { issues: said('the credential') };
		expect(section('123', { unprovenRules: 'refuse' })).toMatchObject(refused);
		expect(section('123', { evidence: 'documented' })).toMatchObject(refused);
	});
});
