import { describe, expect, test } from '@jest/globals';
import type { IExecuteFunctions } from 'n8n-workflow';

import { createDestinations, isAccountError, readAccount, type Account } from '../../nodes/engine/account.ts';
import type { Json, Operation } from '../../nodes/engine/operation/operation.ts';
import { toy } from '../support/fakeVendor.mts';

const filled: Json = { token: 'secret', appId: '77', baseUrl: 'https://fake.example', note: 'mine' };

/** What n8n gives of a credential; `undefined`: none is chosen. */
const host = (credential: Json | undefined) =>
	({
		getCredentials: async (type: string) => {
			if (type !== 'fakeVendorApi' || !credential) throw new Error('Node does not have any credentials set');
			return credential;
		},
	}) as unknown as IExecuteFunctions;
const read = (change: Json = {}, operation: Operation = toy) =>
	readAccount(host({ ...filled, ...change }), operation);

describe('a credential', () => {
	test('is read once and ready for use', async () => {
		expect(await read()).toEqual({
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
			expect(await read({ baseUrl })).toMatchObject({ baseUrl: 'https://fake.example' });
		},
	);

	test('a secret that need not be filled is empty', async () => {
		const operation = { ...toy, credential: { ...toy.credential, secrets: ['token', 'other'] } };
		expect(await read({}, operation)).toMatchObject({ secrets: ['secret', ''] });
	});
});

describe('a run cannot send', () => {
	test('without a credential', async () => {
		expect(await readAccount(host(undefined), toy)).toEqual({
			reason: "No usable 'Fake Vendor API' credential is chosen; choose or create one in the node",
		});
	});

	test.each([
		['token', ''],
		['token', '  '],
		['appId', undefined],
		['baseUrl', null],
	])('with the field %s being %j', async (name, value) => {
		expect(await read({ [name]: value })).toEqual({
			reason: `The credential 'Fake Vendor API' has an empty field '${name}'; fill it in`,
		});
	});

	test.each([
		['fake.example', 'is not a URL such as https://example.com'],
		['https://', 'is not a URL such as https://example.com'],
		['ftp://fake.example', 'must begin with http:// or https://'],
		['fake.example:443', 'must begin with http:// or https://'],
		['https://fake.example?a=1', 'must end before any ? or #'],
		['https://fake.example/#a', 'must end before any ? or #'],
		['https://fake.example/v1?', 'must end before any ? or #'],
		['https://fake.example/v1#', 'must end before any ? or #'],
	])('to the base URL %s', async (baseUrl, fault) => {
		expect(await read({ baseUrl })).toEqual({
			reason: `The base URL of the credential 'Fake Vendor API' ${fault}`,
		});
	});

	test.each(['http://localhost:8080', 'https://fake.example/with/path', 'https://тест.рф'])(
		'but may to %s',
		async (baseUrl) => {
			expect(await read({ baseUrl })).toMatchObject({ baseUrl });
		},
	);
});

describe('a destination', () => {
	test('is the address, and the fields without the secrets', async () => {
		const account = (await read()) as Account;
		expect(createDestinations(toy.credential)(account)).toEqual({
			baseUrl: 'https://fake.example',
			account: { appId: '77', baseUrl: 'https://fake.example' },
			credential: account,
			id: '1',
		});
	});

	test('of another app of the account', async () => {
		const account = (await read()) as Account;
		expect(createDestinations(toy.credential)(account, '5').account).toEqual({
			appId: '5',
			baseUrl: 'https://fake.example',
		});
	});

	test('is one object for the same account and app, another one for each other', async () => {
		const [one, other] = [(await read()) as Account, (await read()) as Account];
		const destinationOf = createDestinations(toy.credential);
		expect(destinationOf(one)).toBe(destinationOf(one));
		expect(destinationOf(one, '5')).toBe(destinationOf(one, '5'));
		const all = [destinationOf(one), destinationOf(one, '5'), destinationOf(one, '6'), destinationOf(other)];
		expect(new Set(all).size).toBe(4);
		expect(new Set(all.map(({ id }) => id)).size).toBe(4);
	});

	test('of a vendor without apps is one per account', async () => {
		const account = (await read()) as Account;
		expect(createDestinations({})(account, '5').account).toEqual(account.fields);
	});
});

test('an account that cannot be used is told from one that can', async () => {
	expect(isAccountError(await read())).toBe(false);
	expect(isAccountError({ reason: 'no' })).toBe(true);
});
