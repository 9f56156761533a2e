import { describe, expect, test } from '@jest/globals';
import type { IExecuteFunctions } from 'n8n-workflow';

import { isAccountError, readAccount, targetFor } from '../../nodes/engine/account.ts';
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
			app: '77',
			fields: { token: 'secret', appId: '77', baseUrl: 'https://fake.example' },
			secrets: ['secret'],
		});
	});

	test('loses the blanks around its texts; what is no text stays', async () => {
		expect(
			await read({ token: ' secret\n', appId: 77, baseUrl: ' https://fake.example ', note: true }),
		).toEqual({
			data: { token: 'secret', appId: 77, baseUrl: 'https://fake.example', note: true },
			baseUrl: 'https://fake.example',
			app: '77',
			fields: { token: 'secret', appId: '77', baseUrl: 'https://fake.example' },
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

	test('of a vendor without apps names none', async () => {
		const operation = { ...toy, credential: { ...toy.credential, app: undefined } };
		expect(await read({}, operation)).toMatchObject({ app: '' });
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

describe('what encoders see', () => {
	test('is the address, the app of the event and the fields', async () => {
		const account = await read();
		expect(isAccountError(account)).toBe(false);
		expect(targetFor(account, '5')).toEqual({
			baseUrl: 'https://fake.example',
			app: '5',
			account: { token: 'secret', appId: '77', baseUrl: 'https://fake.example' },
		});
	});

	test('without an account is enough to check and measure', () => {
		expect(isAccountError({ reason: 'no' })).toBe(true);
		expect(targetFor({ reason: 'no' }, '5')).toEqual({ baseUrl: 'https://localhost', app: '5', account: {} });
	});
});
