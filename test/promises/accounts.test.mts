/** To which account, app and section an event goes, and what is told of one that cannot be used. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import { createCredentialReader, dependsOnItem } from '../../nodes/engine/credentialReader.ts';
import { hintsOf, logOf, openBench, ON_ERROR, reportsOf, statusesOf, type Bench } from '../support/bench.mts';
import { instantClock } from '../support/clock.mts';
import { findLeaks } from '../support/secrets.mts';
import { operationCases } from '../support/cases.mts';

let bench: Bench;
beforeAll(async () => {
	bench = await openBench(instantClock());
});
beforeEach(() => bench.sandbox.reset());
afterAll(async () => await bench?.close());

const node = 'myTrackerCustomEvent';
const event = (id: string, more: IDataObject = {}): IDataObject => ({
	customUserId: id,
	customEventName: 'bought',
	...more,
});
/** Who sent what: token, app and ids of each request. */
const requests = () =>
	bench.sandbox.requests.map(({ url, headers, body }) => [
		headers.authorization,
		new URL(url, 'http://localhost').searchParams.get('idApp'),
		[...body.toString().matchAll(/"customUserId":"([^"]+)"/g)].map(([, id]) => id).join('+'),
	]);
const options = { extraFields: 'ignore', maxAttempts: 1 };

describe('a credential whose fields are expressions', () => {
	const of = (tenant: string, id: string) => event(id, { tenant });

	test('is resolved for each item, and items are grouped by account', async () => {
		bench.sandbox.faults.always(() => ({ status: 200, body: '{}' }));
		const items = [of('one', 'a'), of('two', 'b'), of('one', 'c'), of('two', 'd')];
		const result = await bench.run({
			node,
			items,
			options,
			credential: { token: '={{ "token-" + $json.tenant }}', appId: '={{ $json.tenant === "one" ? 1 : 2 }}' },
		});
		expect(requests().sort()).toEqual([
			['token-one', '1', 'a+c'],
			['token-two', '2', 'b+d'],
		]);
		expect(statusesOf(result, 4)).toEqual(Array(4).fill('accepted'));
	});

	test('also where only the secret differs', async () => {
		bench.sandbox.faults.always(() => ({ status: 200, body: '{}' }));
		const items = [of('one', 'a'), of('two', 'b'), of('one', 'c')];
		await bench.run({ node, items, options, credential: { token: '={{ "token-" + $json.tenant }}' } });
		expect(requests().map(([token, , ids]) => [token, ids])).toEqual([
			['token-one', 'a+c'],
			['token-two', 'b'],
		]);
	});

	test('and no secret of any item is shown', async () => {
		bench.sandbox.faults.always(({ headers }) => ({ status: 400, body: `you are ${headers.authorization}` }));
		const result = await bench.run({
			node,
			items: [of('tenant-one', 'a'), of('tenant-two', 'b')],
			options: { ...options, preview: false },
			credential: { token: '={{ "secret-of-" + $json.tenant }}' },
		});
		expect(requests()).toHaveLength(2);
		expect(findLeaks(result.nodeOutputs('Node'), ['secret-of-tenant-one', 'secret-of-tenant-two'])).toEqual(
			[],
		);
		expect(reportsOf(result, 2).map(({ response }) => response)).toEqual([
			{ text: 'you are ***' },
			{ text: 'you are ***' },
		]);
	});

	test.each(ON_ERROR)('%s: one that cannot be used costs the others nothing but a stop', async (onError) => {
		bench.sandbox.faults.always(() => ({ status: 200, body: '{}' }));
		const result = await bench.run({
			node,
			items: [of('one', 'a'), event('b'), of('два', 'c'), of('one', 'd')],
			options,
			onError,
			credential: { token: '={{ $json.tenant }}' },
		});
		if (onError === 'stopWorkflow') {
			expect(result.error()?.message).toBe('Nothing was sent: 2 of 4 items need a fix');
			expect(requests()).toEqual([]);
			return;
		}
		expect(requests().map(([token, , ids]) => [token, ids])).toEqual([['one', 'a+d']]);
		expect(statusesOf(result, 4)).toEqual(['accepted', 'notAttempted', 'notAttempted', 'accepted']);
		const [, b, c] = reportsOf(result, 4);
		expect(b.delivery.message).toMatch(/empty field 'token'/);
		expect(c.delivery.message).toMatch(/field 'token' .* U\+0434/);
	});

	test('a preview shows each request with its own address', async () => {
		const result = await bench.run({
			node,
			items: [of('one', 'a'), of('two', 'b')],
			options: { ...options, preview: true },
			credential: { baseUrl: '=http://{{ $json.tenant }}.example' },
		});
		const shown = result.nodeOutputs('Node')[0].map(({ json }) => (json.request as IDataObject).url);
		expect(shown).toEqual([
			expect.stringMatching(/^http:\/\/one\.example\//),
			expect.stringMatching(/^http:\/\/two\.example\//),
		]);
	});

	test.each([
		['plain text', 'token'],
		['a variable', '={{ $vars.token }}'],
		['a variable in a text', '=x{{ $vars["token"] }}y{{ $secrets.vault.token }}'],
	])('is read once where it is %s', async (_, token) => {
		expect(dependsOnItem({ token })).toBe(false);
		const items = Array.from({ length: 30 }, (_item, index) => event(`e${index}`));
		const result = await bench.run({
			node,
			items,
			options: { ...options, output: 'summary' },
			credential: { token },
			run: { variables: { token: 'variable' } },
		});
		expect(result.credentialReads).toBe(1);
	});

	test.each([
		'={{ $json.tenant }}',
		'={{ $itemIndex }}',
		'={{ $vars.a + $json.b }}',
		'={{ $vars[$json.a] }}',
		'={{ $now }}',
		'={{ $("A").item.json.b }}',
	])('%s may differ from item to item', (token) => {
		expect(dependsOnItem({ nested: [{ token }] })).toBe(true);
	});

	test('where nobody can look at what n8n evaluates, every item is asked for', async () => {
		const host = { getCredentials: async (_: string, index: number) => ({ token: `t${index}` }) };
		const read = createCredentialReader(host as unknown as IExecuteFunctions, 'any');
		expect(await read(3)).toEqual({ data: { token: 't3' }, isSameForAll: false });
	});

	test('where n8n evaluates nothing, it is the same for all', async () => {
		const host = {
			workflow: { expression: { getParameterValue: () => undefined } },
			getCredentials: async () => ({ token: 't' }),
		};
		const read = createCredentialReader(host as unknown as IExecuteFunctions, 'any');
		expect(await read(0)).toEqual({ data: { token: 't' }, isSameForAll: true });
	});

	test('where n8n evaluates in a way of its own, every item is asked for', async () => {
		const host = {
			workflow: { expression: { getParameterValue: () => undefined, other: () => 't' } },
			async getCredentials(this: { workflow: { expression: { other: () => string } } }) {
				return { token: this.workflow.expression.other() };
			},
		};
		const read = createCredentialReader(host as unknown as IExecuteFunctions, 'any');
		expect(await read(0)).toEqual({ data: { token: 't' }, isSameForAll: false });
	});
});

describe('a credential that n8n does not give', () => {
	test.each(ON_ERROR)('%s: none is chosen', async (onError) => {
		const result = await bench.run({ node, items: [event('a')], onError, credential: null });
		const reason = "No 'MyTracker API' credential is chosen; choose or create one in the node";
		if (onError === 'stopWorkflow') expect(result.error()?.message).toBe(reason);
		else expect(reportsOf(result, 1)[0].delivery).toMatchObject({ status: 'notAttempted', message: reason });
	});

	test('an expression in it that breaks is told with n8n’s reason', async () => {
		const result = await bench.run({
			node,
			items: [event('a')],
			credential: { token: '={{ $json.tenant.name.first }}' },
		});
		const [{ delivery }] = reportsOf(result, 1);
		expect(delivery.status).toBe('notAttempted');
		expect(delivery.message).toMatch(/credential 'MyTracker API'/);
	});
});

describe.each(operationCases.map((one) => [one.node, one] as const))(
	'%s: an item that names',
	(_, vendor) => {
		const binding = vendor.operation.credential.app;
		if (!binding) throw new Error(`${vendor.node} names no app, section or account to which its events go`);
		const { wire, field, noun } = binding;
		const own = () => {
			const { type } = vendor.operation.credential;
			const credential = bench.sandbox.credentials[type as keyof typeof bench.sandbox.credentials];
			return (credential as unknown as Record<string, string>)[field];
		};

		test('another place is invalid, and the others are sent', async () => {
			const result = await bench.run({
				node: vendor.node,
				items: [{ ...vendor.good('ev-a'), [wire]: '99999' }, vendor.good('ev-b')],
				onError: 'continueErrorOutput',
			});
			const [bad, good] = reportsOf(result, 2);
			expect([bad.delivery.status, good.delivery.status]).toEqual(['invalid', 'accepted']);
			expect(bad.delivery.issues).toEqual([
				{ field: wire, message: expect.stringContaining(`'${wire}' names another ${noun}`) },
			]);
			expect(bench.sandbox.stored(vendor.vendor)).toHaveLength(1);
		});

		test('its own place is sent, without the name', async () => {
			const result = await bench.run({
				node: vendor.node,
				items: [{ ...vendor.good('ev-a'), [wire]: own() }],
			});
			const [{ delivery, event: sent }] = reportsOf(result, 1);
			expect(delivery.status).toBe('accepted');
			expect(sent).not.toHaveProperty(wire);
			expect(hintsOf(result).join()).not.toContain(wire);
		});

		test('no secret or address with other than plain characters is used', async () => {
			const address = vendor.operation.credential.baseUrl?.field ?? 'baseUrl';
			for (const [name, value] of Object.entries({
				[field]: `${own().slice(0, 2)}\u200b${own().slice(2)}`,
				[address]: 'http://тест.example',
			})) {
				const result = await bench.run({
					node: vendor.node,
					items: [vendor.good('ev-a')],
					credential: { [name]: value },
				});
				const [{ delivery }] = reportsOf(result, 1);
				expect(delivery).toMatchObject({
					status: 'notAttempted',
					message: expect.stringContaining(`'${name}'`),
				});
			}
			expect(bench.sandbox.requests).toEqual([]);
		});

		test('a user and password in the base URL are refused, and not shown', async () => {
			const result = await bench.run({
				node: vendor.node,
				items: [vendor.good('ev-a')],
				credential: { baseUrl: 'http://ann:pass-word@127.0.0.1:1' },
			});
			expect(statusesOf(result, 1)).toEqual(['notAttempted']);
			expect(findLeaks([result.nodeOutputs('Node'), hintsOf(result), logOf(result)], ['pass-word'])).toEqual(
				[],
			);
		});
	},
);

test('Gravity Field: the option names another section, per item', async () => {
	const [gravity] = operationCases.filter((one) => one.node === 'gravityFieldStoreEvent');
	bench.sandbox.faults.always(() => ({ status: 204 }));
	const section = 'fedcba987654321001234567';
	const result = await bench.run({
		node: gravity.node,
		items: [
			{ ...gravity.good('ev-a'), where: section },
			gravity.good('ev-b'),
			{ ...gravity.good('ev-c'), where: 'a b' },
		],
		options: { sectionId: '={{ $json.where ?? "" }}' },
	});
	expect(bench.sandbox.requests.map(({ body }) => (JSON.parse(body.toString()) as IDataObject).sec)).toEqual([
		section,
		bench.sandbox.credentials.gravityFieldApi.sectionId,
	]);
	expect(statusesOf(result, 3)).toEqual(['accepted', 'accepted', 'invalid']);
});
