/** Promise 2: no token or key is in any output, error, hint or log line, in plain or encoded form; no person in a title. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';

import type { IDataObject } from 'n8n-workflow';

import { operations } from '../../index.ts';
import type { Fault, SandboxCredentials } from '../../tools/sandbox/server.mts';
import type { RunResult } from '../../tools/harness/engine.mts';
import { logOf, openBench, ON_ERROR, PACKAGE, type Bench, type OnError } from '../support/bench.mts';
import { instantClock } from '../support/clock.mts';
import { findLeaks, formsOf } from '../support/secrets.mts';
import { operationCases, type NamedCase } from '../support/cases.mts';

/** As awkward as a header and a query allow, so that each encoding looks different. */
const SECRET = 'S3cret+/=%41 &"\'<k>\\n~Zz';
/** A person in an event: never in an error's title or a log line. */
const PERSON = 'ann.lee@example.com';

let bench: Bench;
beforeAll(async () => {
	bench = await openBench(instantClock());
	for (const { type, secrets } of operations.map(({ credential }) => credential)) {
		const values = bench.sandbox.credentials[type as keyof SandboxCredentials] as Record<string, string>;
		for (const secret of secrets) values[secret] = SECRET;
	}
});
beforeEach(() => bench.sandbox.reset());
afterAll(async () => await bench?.close());

const secretsOf = ({ operation }: NamedCase): string[] =>
	operation.credential.secrets.length ? [SECRET] : [];
const everyForm = formsOf(SECRET);
const echo = everyForm.join('\n');

/** Answers in which a careless server repeats what it was sent. */
const ECHOES: Record<string, Fault> = {
	'400 with JSON': {
		status: 400,
		body: JSON.stringify({ error: 'Bad Request', sent: everyForm, [SECRET]: 1 }),
		headers: { 'content-type': 'application/json' },
	},
	'400 with text': { status: 400, body: echo, headers: { 'content-type': 'text/plain' } },
	'200 with JSON': {
		status: 200,
		body: JSON.stringify({ message: 'OK', authorization: SECRET }),
		headers: { 'content-type': 'application/json' },
	},
	'200 with text': { status: 200, body: `you sent ${echo}`, headers: { 'content-type': 'text/plain' } },
	'200 with HTML': {
		status: 200,
		body: `<html><body>${echo}</body></html>`,
		headers: { 'content-type': 'text/html' },
	},
	'a long page cut through the secret': {
		status: 500,
		body: 'x'.repeat(500 - SECRET.length / 2) + SECRET,
		headers: { 'content-type': 'text/plain' },
	},
	'403 with text': { status: 403, body: echo },
	'a redirect with the query repeated': {
		redirect: `https://elsewhere.example/login?next=${encodeURIComponent(`/?key=${SECRET}`)}&key=${encodeURIComponent(SECRET)}`,
	},
	'503': { status: 503, body: echo },
	'429': { status: 429, body: echo, headers: { 'retry-after': '1' } },
	'413': { status: 413, body: echo },
	'reset before storing': { reset: 'beforeStoring' },
	'reset after storing': { reset: 'afterStoring' },
	'half answer': { halfAnswer: true },
};

describe.each(operationCases.map((vendor) => [vendor.node, vendor] as const))('%s', (_, vendor) => {
	async function runAndSearch(
		onError: OnError,
		more: Partial<Parameters<Bench['run']>[0]> = {},
		secrets = secretsOf(vendor),
	) {
		const result = await bench.run({
			node: vendor.node,
			items: [vendor.ofPerson('ev-a', PERSON), vendor.good('ev-b'), vendor.invalid('ev-c')].slice(
				0,
				onError === 'stopWorkflow' ? 2 : 3,
			),
			onError,
			parameters: { sendAs: 'batch' },
			...more,
			options: { maxAttempts: 2, ...more.options },
		});
		expect(findLeaks(result, secrets)).toEqual([]);
		expect(result.error()?.message ?? '').not.toContain(PERSON);
		expect(JSON.stringify(logOf(result))).not.toContain(PERSON);
		return result;
	}

	test.each(Object.keys(ECHOES).flatMap((fault) => ON_ERROR.map((onError) => [fault, onError] as const)))(
		'%s, %s',
		async (fault, onError) => {
			bench.sandbox.faults.always(() => ECHOES[fault]);
			await runAndSearch(onError);
			expect(bench.sandbox.requests.length).toBeGreaterThan(0);
		},
	);

	test('all is well', async () => {
		const result = await runAndSearch('continueRegularOutput');
		expect(bench.sandbox.stored(vendor.vendor)).toHaveLength(2);
		expect(logOf(result)).toHaveLength(1);
	});

	test.each(ON_ERROR)('no connection, %s', async (onError) => {
		await runAndSearch(onError, { credential: { baseUrl: `http://${'x'.repeat(64)}.invalid` } });
	});

	test.each(['everyItem', 'failedOnly', 'summary'])('output %s, with the input beside', async (output) => {
		bench.sandbox.faults.push(ECHOES['400 with JSON']);
		await runAndSearch('continueErrorOutput', { options: { output, includeInputFields: true } });
	});

	test('preview shows the request without its secret', async () => {
		const result = await runAndSearch('continueRegularOutput', { options: { preview: true } });
		const shown = JSON.stringify(result.nodeOutputs('Node'));
		expect(shown).toContain('ev-b');
		if (secretsOf(vendor).length) expect(shown).toContain('***');
		expect(bench.sandbox.requests).toEqual([]);
	});

	test('Retry On Fail and what the node keeps in its context', async () => {
		bench.sandbox.faults.always(() => ECHOES['400 with JSON']);
		const first = await runAndSearch('stopWorkflow', {
			more: { retryOnFail: true, maxTries: 2, waitBetweenTries: 1 },
		});
		expect(first.contextData['node:Node']).toBeDefined();
	});

	test('as a tool', async () => {
		bench.sandbox.faults.always(() => ECHOES['400 with JSON']);
		const type = bench.engine.nodeTypes[`${PACKAGE}.${vendor.node}`];
		const credentialType = type.description.credentials?.[0].name as keyof typeof bench.sandbox.credentials;
		const result = await bench.engine.runAsTool(
			{
				type: `${PACKAGE}.${vendor.node}`,
				parameters: { mappingMode: 'autoMapInputData', options: {} },
				credentials: { [credentialType]: { id: '1', name: 'x' } },
			},
			vendor.good('ev-a'),
			{ credentials: { [credentialType]: { ...bench.sandbox.credentials[credentialType] } } },
		);
		expect(findLeaks(result, secretsOf(vendor))).toEqual([]);
	});

	// An interface without a key has nothing to hide.
	if (secretsOf(vendor).length === 0) return;

	describe('a mapping that puts the secret into the wrong fields', () => {
		const secret = SECRET;
		/** A message cuts what it quotes, also in the middle of the secret. */
		const values = [secret, `Bearer ${secret}`, `${'x'.repeat(50)}${secret}`, [secret], { [secret]: secret }];
		const good = vendor.good('ev-a');
		const mapped = [
			...values.flatMap((value) => Object.keys(good).map((name) => ({ ...good, [name]: value }))),
			...values.map((value) => Object.fromEntries(Object.keys(good).map((name) => [name, value]))),
			{ ...good, [secret]: 'x', [`${'x'.repeat(50)}${secret}`]: secret },
		].map((item) => item as IDataObject);
		/** All but what the item itself holds: that is shown as it would be sent. */
		const toldOf = (result: RunResult) => {
			const told = result.nodeOutputs('Node').map((items) =>
				items.map(({ json: { delivery, details, error, request, warnings } }) => ({
					delivery: delivery ?? (details as IDataObject | undefined)?.delivery,
					error,
					request,
					warnings,
				})),
			);
			return { told, hints: result.hints('Node'), error: result.error('Node'), log: logOf(result) };
		};

		test.each([
			...ON_ERROR.map((onError) => [onError, {}] as const),
			['continueRegularOutput', { preview: true }] as const,
			['continueRegularOutput', { unprovenRules: 'refuse', extraFields: 'error' }] as const,
			['stopWorkflow', { unprovenRules: 'refuse', extraFields: 'error' }] as const,
		])('%s, %j: no message quotes it, whole or cut', async (onError, options) => {
			const result = await bench.run({ node: vendor.node, items: mapped, onError, options });
			const told = toldOf(result);
			expect(findLeaks(told, [secret])).toEqual([]);
			expect(findLeaks(told, [secret.slice(0, 8)])).toEqual([]);
			if (onError !== 'stopWorkflow') expect(JSON.stringify(told)).toContain('***');
		});
	});
});

test('the search finds what it should', () => {
	const error = Object.assign(new Error('x'), { context: { nested: [`a ${SECRET} b`] } });
	Object.defineProperty(error, 'cause', { value: new Error(encodeURIComponent(SECRET)), enumerable: false });
	expect(findLeaks({ error, map: new Map([['k', Buffer.from(SECRET)]]) }, [SECRET]).sort()).toEqual(
		['.error.cause.message', '.error.cause.stack', '.error.context.nested.0', '.map<k>'].sort(),
	);
});
