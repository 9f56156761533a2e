import { describe, expect, test } from '@jest/globals';

import {
	accountOf,
	createDestinations,
	isAccountError,
	readAccounts,
	type Account,
	type AccountError,
} from '../../nodes/engine/account.ts';
import type { Json, Operation } from '../../nodes/engine/operation/operation.ts';
import { toy } from '../support/fakeVendor.mts';

const filled: Json = { token: 'secret', appId: '77', baseUrl: 'https://fake.example', note: 'mine' };

const read = (change: Json = {}, operation: Operation = toy): Account | AccountError =>
	accountOf({ ...filled, ...change }, operation.credential);

describe('a credential', () => {
	test('is read once and ready for use', async () => {
		expect(read()).toEqual({
			data: filled,
			baseUrl: 'https://fake.example',
			fields: { appId: '77', baseUrl: 'https://fake.example' },
			secrets: ['secret'],
		});
	});

	test('loses the blanks around its texts; what is no text stays', async () => {
		expect(
			await read({ token: ' secret\n', appId: 77, baseUrl: ' https://fake.example ', note: true }),
		).toEqual({
			data: { token: 'secret', appId: 77, baseUrl: 'https://fake.example', note: true },
			baseUrl: 'https://fake.example',
			fields: { appId: '77', baseUrl: 'https://fake.example' },
			secrets: ['secret'],
		});
	});

	test.each(['https://fake.example/', 'https://fake.example//', 'https://fake.example'])(
		'the base URL %s has no slash at its end',
		async (baseUrl) => {
			expect(read({ baseUrl })).toMatchObject({ baseUrl: 'https://fake.example' });
		},
	);

	test('a secret that need not be filled is empty', async () => {
		const operation = { ...toy, credential: { ...toy.credential, secrets: ['token', 'other'] } };
		expect(read({}, operation)).toMatchObject({ secrets: ['secret'] });
	});
});

describe('a run cannot send', () => {
	test.each([
		['token', ''],
		['token', '  '],
		['appId', undefined],
		['baseUrl', null],
	])('with the field %s being %j', async (name, value) => {
		expect(read({ [name]: value })).toEqual({
			reason: `The credential 'Fake Vendor API' has an empty field '${name}'; fill it in`,
		});
	});

	test.each([
		['fake.example', 'must begin with https://, as in https://example.com'],
		['https://', 'must begin with https://, as in https://example.com'],
		['ftp://fake.example', 'must begin with http:// or https://'],
		['https:fake.example', 'must begin with http:// or https://'],
		['http:/fake.example', 'must begin with http:// or https://'],
		['http:\\\\fake.example', 'must begin with http:// or https://'],
		['fake.example:443', 'must begin with http:// or https://'],
		['https://fake.example?a=1', 'must end before any ? or #'],
		['https://fake.example/#a', 'must end before any ? or #'],
		['https://fake.example/v1?', 'must end before any ? or #'],
		['https://fake.example/v1#', 'must end before any ? or #'],
	])('to the base URL %s', async (baseUrl, fault) => {
		expect(read({ baseUrl })).toEqual({
			reason: `The base URL of the credential 'Fake Vendor API' ${fault}`,
		});
	});

	test.each([
		['https://ann:pass@fake.example', 'must not hold a user name or a password'],
		['https://ann@fake.example/v1', 'must not hold a user name or a password'],
		['https://:pass@fake.example', 'must not hold a user name or a password'],
		['http:\\\\ann:pass@fake.example', 'must not hold a user name or a password'],
	])('to the base URL %s, which it does not repeat', async (baseUrl, fault) => {
		expect(read({ baseUrl })).toEqual({
			reason: `The base URL of the credential 'Fake Vendor API' ${fault}`,
		});
	});

	const odd: Array<[string, string]> = [
		['\u200b', 'U+200B'],
		['\ufeff', 'U+FEFF'],
		['\u00a0', 'U+00A0'],
		['\u2011', 'U+2011'],
		['\n', 'U+000A'],
		['\t', 'U+0009'],
		['\u0000', 'U+0000'],
		['\u007f', 'U+007F'],
		['с', 'U+0441'],
		['é', 'U+00E9'],
		['👍', 'U+1F44D'],
		['\ud800', 'U+D800'],
	];
	test.each(
		odd.flatMap(([character, name]) =>
			['token', 'appId', 'baseUrl'].map((field) => [name, field, character] as const),
		),
	)('with %s in the field %s, which it names without its value', (name, field, character) => {
		const value = `${String(filled[field]).slice(0, 1)}${character}${String(filled[field]).slice(1)}`;
		expect(read({ [field]: value })).toEqual({
			reason: `The field '${field}' of the credential 'Fake Vendor API' holds the character ${name}, which is not allowed there; type it again, or copy it without the characters around it`,
		});
	});

	test.each([' ', '~', '!', '"', "'", '+/='])('but may with %j in the token', (character) => {
		expect(read({ token: `sec${character}ret` })).toMatchObject({ secrets: [`sec${character}ret`] });
	});

	test.each(['http://localhost:8080', 'https://fake.example/with/path', 'https://xn--e1aybc.xn--p1ai'])(
		'but may to %s',
		async (baseUrl) => {
			expect(read({ baseUrl })).toMatchObject({ baseUrl });
		},
	);
});

describe('a destination', () => {
	test('is the address, and the fields without the secrets', async () => {
		const account = read() as Account;
		expect(createDestinations(toy.credential)(account)).toEqual({
			baseUrl: 'https://fake.example',
			account: { appId: '77', baseUrl: 'https://fake.example' },
			credential: account,
			id: '1',
		});
	});

	test('of another app of the account', async () => {
		const account = read() as Account;
		expect(createDestinations(toy.credential)(account, '5').account).toEqual({
			appId: '5',
			baseUrl: 'https://fake.example',
		});
	});

	test('is one object for the same account and app, another one for each other', async () => {
		const [one, other] = [read() as Account, read() as Account];
		const destinationOf = createDestinations(toy.credential);
		expect(destinationOf(one)).toBe(destinationOf(one));
		expect(destinationOf(one, '5')).toBe(destinationOf(one, '5'));
		const all = [destinationOf(one), destinationOf(one, '5'), destinationOf(one, '6'), destinationOf(other)];
		expect(new Set(all).size).toBe(4);
		expect(new Set(all.map(({ id }) => id)).size).toBe(4);
	});

	test('of a vendor without apps is one per account', async () => {
		const account = read() as Account;
		expect(createDestinations({})(account, '5').account).toEqual(account.fields);
	});
});

test('an account that cannot be used is told from one that can', async () => {
	expect(isAccountError(read())).toBe(false);
	expect(isAccountError({ reason: 'no' })).toBe(true);
});

describe('the accounts of a run', () => {
	/** A reader that counts; `undefined` stands for a credential that n8n cannot read. */
	const reader = (tokens: Array<string | undefined>, isSameForAll: boolean) => {
		const asked: number[] = [];
		return {
			asked,
			read: async (index: number) => {
				asked.push(index);
				const token = tokens[index];
				return token === undefined
					? { error: new Error('Credentials could not be decrypted. Wrong <key>.'), isSameForAll }
					: { data: { ...filled, token }, isSameForAll };
			},
		};
	};

	test('are one where the credential is the same for all: it is read once', async () => {
		const { read, asked } = reader(['secret'], true);
		const accounts = await readAccounts(read, toy.credential, true);
		expect(accounts.ofAll).toMatchObject({ secrets: ['secret'] });
		expect(await accounts.of(5)).toBe(accounts.ofAll);
		expect(asked).toEqual([0]);
	});

	test('are read for each item where they may differ, equal ones are one object', async () => {
		const { read, asked } = reader(['one', 'two', 'one', undefined], false);
		const accounts = await readAccounts(read, toy.credential, true);
		expect(accounts.ofAll).toBeUndefined();
		const [one, two, again, none] = [
			await accounts.of(0),
			await accounts.of(1),
			await accounts.of(2),
			await accounts.of(3),
		];
		expect([one, two]).toMatchObject([{ secrets: ['one'] }, { secrets: ['two'] }]);
		expect(again).toBe(one);
		expect(isAccountError(none)).toBe(true);
		expect(asked).toEqual([0, 1, 2, 3]);
	});

	test('that n8n cannot read say so in its words', async () => {
		const { read } = reader([undefined], true);
		const { ofAll } = await readAccounts(read, toy.credential, true);
		expect(ofAll).toEqual({
			reason:
				"n8n could not read the credential 'Fake Vendor API'; choose it again in the node. n8n's reason: Credentials could not be decrypted. Wrong &lt;key&gt;",
		});
	});

	test.each([true, false])('are none where no credential is chosen', async (isSameForAll) => {
		const { read, asked } = reader([undefined], isSameForAll);
		const { ofAll } = await readAccounts(read, toy.credential, false);
		expect(ofAll).toEqual({
			reason: "No 'Fake Vendor API' credential is chosen; choose or create one in the node",
		});
		expect(asked).toEqual([0]);
	});
});

describe('an address of its own', () => {
	const credential = {
		...toy.credential,
		required: ['token', 'appId', 'apiBaseUrl'],
		baseUrl: { field: 'apiBaseUrl', label: 'API base URL' },
	};
	const of = (change: Json) =>
		accountOf({ ...filled, apiBaseUrl: 'https://api.example/', ...change }, credential);

	test('is the one that is used, and the other one does not matter', () => {
		expect(of({ baseUrl: '' })).toMatchObject({ baseUrl: 'https://api.example' });
	});

	test('is named where something is wrong with it', () => {
		expect(of({ apiBaseUrl: 'api.example' })).toEqual({
			reason:
				"The API base URL of the credential 'Fake Vendor API' must begin with https://, as in https://example.com",
		});
		expect(of({ apiBaseUrl: ' ' })).toEqual({
			reason: "The credential 'Fake Vendor API' has an empty field 'apiBaseUrl'; fill it in",
		});
	});
});
