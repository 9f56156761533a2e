import { describe, expect, test } from '@jest/globals';
import type { IExecuteFunctions } from 'n8n-workflow';

import { isShut, readAccount, targetFor } from '../../nodes/engine/account.ts';
import type { Json, Operation } from '../../nodes/engine/table.ts';
import { toy } from '../support/toy.mts';

const filled: Json = { token: 'secret', appId: '77', baseUrl: 'https://toy.example', note: 'mine' };

/** What n8n gives of a credential; `undefined`: none is chosen. */
const host = (credential: Json | undefined) =>
	({
		getCredentials: async (type: string) => {
			if (type !== 'toyApi' || !credential) throw new Error('Node does not have any credentials set');
			return credential;
		},
	}) as unknown as IExecuteFunctions;
const read = (change: Json = {}, operation: Operation = toy) => readAccount(host({ ...filled, ...change }), operation);

describe('a credential', () => {
	test('is read once and ready for use', async () => {
		expect(await read()).toEqual({
			data: filled,
			baseUrl: 'https://toy.example',
			app: '77',
			fields: { token: 'secret', appId: '77', baseUrl: 'https://toy.example' },
			secrets: ['secret'],
		});
	});

	test('loses the blanks around its texts; what is no text stays', async () => {
		expect(await read({ token: ' secret\n', appId: 77, baseUrl: ' https://toy.example ', note: true })).toEqual({
			data: { token: 'secret', appId: 77, baseUrl: 'https://toy.example', note: true },
			baseUrl: 'https://toy.example',
			app: '77',
			fields: { token: 'secret', appId: '77', baseUrl: 'https://toy.example' },
			secrets: ['secret'],
		});
	});

	test.each(['https://toy.example/', 'https://toy.example//', 'https://toy.example'])('the base URL %s has no slash at its end', async (baseUrl) => {
		expect(await read({ baseUrl })).toMatchObject({ baseUrl: 'https://toy.example' });
	});

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
		expect(await readAccount(host(undefined), toy)).toEqual({ why: "No usable 'Toy API' credential is chosen; choose or create one in the node" });
	});

	test.each([
		['token', ''],
		['token', '  '],
		['appId', undefined],
		['baseUrl', null],
	])('with the field %s being %j', async (name, value) => {
		expect(await read({ [name]: value })).toEqual({ why: `The credential 'Toy API' has an empty field '${name}'; fill it in` });
	});

	test.each([
		['toy.example', 'is not a URL such as https://example.com'],
		['https://', 'is not a URL such as https://example.com'],
		['ftp://toy.example', 'must begin with http:// or https://'],
		['toy.example:443', 'must begin with http:// or https://'],
		['https://toy.example?a=1', 'must end before any ? or #'],
		['https://toy.example/#a', 'must end before any ? or #'],
		['https://toy.example/v1?', 'must end before any ? or #'],
		['https://toy.example/v1#', 'must end before any ? or #'],
	])('to the base URL %s', async (baseUrl, fault) => {
		expect(await read({ baseUrl })).toEqual({ why: `The base URL of the credential 'Toy API' ${fault}` });
	});

	test.each(['http://localhost:8080', 'https://toy.example/with/path', 'https://тест.рф'])('but may to %s', async (baseUrl) => {
		expect(await read({ baseUrl })).toMatchObject({ baseUrl });
	});
});

describe('what encoders see', () => {
	test('is the address, the app of the event and the fields', async () => {
		const account = await read();
		expect(isShut(account)).toBe(false);
		expect(targetFor(account, '5')).toEqual({
			baseUrl: 'https://toy.example',
			app: '5',
			account: { token: 'secret', appId: '77', baseUrl: 'https://toy.example' },
		});
	});

	test('without an account is enough to check and measure', () => {
		expect(isShut({ why: 'no' })).toBe(true);
		expect(targetFor({ why: 'no' }, '5')).toEqual({ baseUrl: 'https://localhost', app: '5', account: {} });
	});
});
