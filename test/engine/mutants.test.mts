/** What mutation testing (`npm run mutation`) found untested: each test here kills changes that no other test noticed. */
import { getEventListeners } from 'node:events';

import { describe, expect, test } from '@jest/globals';

import { createMask } from '../../nodes/engine/delivery/mask.ts';
import { classifyResponse, readResponse } from '../../nodes/engine/delivery/response.ts';
import { shownResponse } from '../../nodes/engine/delivery/shownResponse.ts';
import { buildRequest } from '../../nodes/engine/delivery/request.ts';
import { INTERNAL_ERROR } from '../../nodes/engine/delivery/messages.ts';
import type { RequestReport } from '../../nodes/engine/delivery/ledger.ts';
import { outputItems, type ItemReport } from '../../nodes/engine/report/output.ts';
import type { Payload, WireForm } from '../../nodes/engine/operation/operation.ts';
import {
	answered,
	batchesOf,
	deliverFake,
	lost,
	preparedItems,
	refusedConnection,
	toy,
} from '../support/fakeVendor.mts';

const ok = answered(200);
const badRequest = answered(400);
const html = answered(200, '<html></html>', { 'content-type': 'text/html' });

describe('the request of a batch', () => {
	test('offers the same payload as bytes and as text, and ten digits that chance draws', () => {
		let payload: Payload | undefined;
		let drawn = '';
		const form: WireForm = {
			...toy.batch,
			request: (given, event, target, { cacheBuster }) => {
				payload = given;
				drawn = cacheBuster();
				return toy.batch.request(given, event, target, { cacheBuster });
			},
		};
		const [batch] = batchesOf(preparedItems(3));
		buildRequest(batch, form, () => 0.25);
		expect(payload?.text()).toBe('[{"id":"i0"},{"id":"i1"},{"id":"i2"}]');
		expect(payload?.bytes().toString()).toBe(payload?.text());
		expect(drawn).toBe('1250000000');
	});

	test('numbers go on from the tries before, and are counted for this try alone', async () => {
		const run = await deliverFake({
			items: preparedItems(2),
			options: { batchSize: 1 },
			respond: () => ok,
			plan: { requestsBefore: 5 },
		});
		expect([run.delivery(0).request, run.delivery(1).request, run.result.requests]).toEqual([6, 7, 2]);
		expect(run.delivery(0)).toMatchObject({ method: 'many', attempts: 1 });
	});
});

describe('cancel', () => {
	test('does not wait for a request that is on its way, and leaves no listener behind', async () => {
		const abort = new AbortController();
		const send = () => {
			setImmediate(() => abort.abort());
			return new Promise<never>(() => {});
		};
		const run = await deliverFake({
			items: preparedItems(1),
			signal: abort.signal,
			respond: () => ok,
			plan: { send },
		});
		expect(run.result.outcomes.size).toBe(0);
		const kept = new AbortController();
		await deliverFake({ items: preparedItems(1), respond: () => ok, plan: { signal: kept.signal } });
		expect(getEventListeners(kept.signal, 'abort')).toEqual([]);
	});

	test('ends a wait for a retry', async () => {
		const abort = new AbortController();
		const waits: Array<AbortSignal | undefined> = [];
		let tries = 0;
		const clock = {
			now: () => 0,
			monotonic: () => 0,
			random: () => 0.5,
			sleep: (_: number, signal?: AbortSignal) => {
				waits.push(signal);
				setImmediate(() => abort.abort());
				return new Promise<void>((resolve) => signal?.addEventListener('abort', () => resolve()));
			},
		};
		const send = async () => {
			tries++;
			return answered(503);
		};
		await deliverFake({
			items: preparedItems(1),
			signal: abort.signal,
			respond: () => ok,
			plan: { clock, send },
		});
		// What still runs when the run has ended would send now.
		await new Promise(setImmediate);
		expect([waits.map((signal) => signal?.aborted), tries]).toEqual([[true], 1]);
	});

	test('an answer that comes with the cancel is not accounted for', async () => {
		const abort = new AbortController();
		const respond = () => {
			abort.abort();
			return ok;
		};
		const run = await deliverFake({ items: preparedItems(1), respond, plan: { signal: abort.signal } });
		expect(run.result.outcomes.size).toBe(0);
	});

	test('nor is a fault of our own that comes with the cancel', async () => {
		const abort = new AbortController();
		const respond = () => {
			abort.abort();
			throw new Error('boom');
		};
		const run = await deliverFake({ items: preparedItems(1), respond, plan: { signal: abort.signal } });
		await new Promise(setImmediate);
		expect([run.result.outcomes.size, run.result.ended, run.noted.get('unknown')]).toEqual([
			0,
			undefined,
			undefined,
		]);
	});
});

describe('the order of requests', () => {
	test('parts go before their siblings and before later batches', async () => {
		const one = await deliverFake({
			items: preparedItems(4),
			respond: (ids) => (ids.length > 1 ? answered(413) : ok),
		});
		expect(one.tries.map(({ ids }) => ids.join())).toEqual([
			'i0,i1,i2,i3',
			'i0,i1',
			'i0',
			'i1',
			'i2,i3',
			'i2',
			'i3',
		]);
		const two = await deliverFake({
			items: preparedItems(8),
			options: { batchSize: 4, concurrency: 2 },
			latency: (count) => [20, 10, 100][count - 1] ?? 10,
			respond: (ids) => (ids.length > 2 ? answered(413) : ok),
		});
		expect(two.tries.map(({ ids }) => ids[0])).toEqual(['i0', 'i4', 'i4', 'i0', 'i2', 'i6']);
	});

	test('while events are refused, one request at a time', async () => {
		const run = await deliverFake({
			items: preparedItems(8),
			options: { concurrency: 4 },
			respond: () => badRequest,
		});
		expect(run.mostAtOnce).toBe(1);
	});

	test('On Error: Stop also holds for what waits in a lane', async () => {
		const items = preparedItems(3, (index) => ({ orderingKey: 'ann', batchKey: `${index}` }));
		const run = await deliverFake({
			items,
			options: { maxAttempts: 1 },
			stopAtFailure: true,
			respond: () => answered(503),
		});
		expect(run.statuses).toEqual(['exhausted', 'notAttempted', 'notAttempted']);
		expect(run.delivery(2).message).toBe(
			'Not sent, because an event before it failed and the node is set to stop; send it again',
		);
	});

	test('On Error: Stop starts nothing new from the refusal on, also between two parts', async () => {
		const run = await deliverFake({
			items: preparedItems(16),
			options: { batchSize: 4, concurrency: 2 },
			stopAtFailure: true,
			respond: (ids) => (ids.includes('i3') ? badRequest : ok),
		});
		expect(run.statuses.slice(0, 4)).toEqual(['accepted', 'accepted', 'accepted', 'rejected']);
		expect(new Set(run.statuses.slice(8))).toEqual(new Set(['notAttempted']));
	});

	test('a connection that fails holds nobody else back', async () => {
		const run = await deliverFake({
			items: preparedItems(4),
			options: { batchSize: 1, concurrency: 2 },
			respond: (ids, count) => (ids[0] === 'i0' && count < 3 ? refusedConnection : ok),
		});
		expect(run.tries.filter(({ ids }) => ids[0] !== 'i0').every(({ from }) => from < 100)).toBe(true);
	});
});

describe('what ends a run', () => {
	test('failures that are no refusals do not say that every event is refused', async () => {
		const run = await deliverFake({
			items: preparedItems(5),
			options: { batchSize: 1, maxAttempts: 1 },
			random: () => 0.9,
			respond: () => answered(503),
		});
		expect(run.tries).toHaveLength(5);
		expect(run.result).toMatchObject({ ended: undefined, waited: 0 });
	});

	test('an unconfirmed event counts as taken', async () => {
		const run = await deliverFake({
			items: preparedItems(16),
			options: { batchSize: 2 },
			respond: (ids) => (ids.length === 1 && Number(ids[0].slice(1)) % 2 ? answered(202) : badRequest),
		});
		expect(run.statuses).toEqual(
			Array.from({ length: 16 }, (_, index) => (index % 2 ? 'unconfirmed' : 'rejected')),
		);
	});

	test('a vendor that declares nothing safe to repeat is no fault', async () => {
		const run = await deliverFake({
			items: preparedItems(2),
			operation: { ...toy, repeatIsSafe: undefined },
			options: { batchSize: 1 },
			respond: (_, count) => (count === 1 ? lost : ok),
		});
		expect(run.statuses).toEqual(['unknown', 'accepted']);
	});

	test('a part that was never sent stays unknown when its batch may have been stored', async () => {
		const reported: number[] = [];
		const run = await deliverFake({
			items: preparedItems(4),
			options: { batchSize: 2, concurrency: 2, retryUnknown: true },
			plan: { ledger: { note: () => {}, report: (number) => void reported.push(number) } },
			random: () => 0,
			latency: (count) => [10, 30, 10, 100][count - 1] ?? 10,
			respond: (ids, count) =>
				ids.includes('i2') ? answered(403) : count === 1 ? lost : ids.length > 1 ? answered(413) : ok,
		});
		expect(run.statuses).toEqual(['accepted', 'unknown', 'notAttempted', 'notAttempted']);
		// It has no request of which there could be a report.
		expect(reported).not.toContain(0);
		expect(run.delivery(1)).toEqual({
			status: 'unknown',
			method: 'many',
			message:
				'Toy may have stored it, but the answer does not say so (the connection was lost); sending it again may count it twice',
		});
	});
});

describe('what is said of an item', () => {
	const operation = {
		...toy,
		responses: { ...toy.responses, advice: { ...toy.responses.advice, 406: 'ask for JSON' } },
	};
	test.each([
		[
			answered(202),
			1,
			{},
			'Toy answered status 202 in a form it does not document; check in Toy whether the event arrived',
		],
		[
			answered(413),
			1,
			{},
			'Toy answered status 413: the event alone is too large (13 bytes); make it smaller',
		],
		[badRequest, 1, {}, 'Toy refused this event with status 400; look at the event'],
		[answered(406), 1, {}, 'Toy refused this event with status 406; ask for JSON'],
		[
			badRequest,
			3,
			{ onRejectedBatch: 'fail' },
			'Toy refused the request of 3 events with status 400 without saying which is at fault; look at the event',
		],
		[
			answered(503),
			1,
			{ maxAttempts: 1 },
			'Toy did not take it in the only try (last: status 503); nothing was stored, send it again later',
		],
		[
			answered(503, '<html>', { 'content-type': 'text/html' }),
			1,
			{},
			'Toy did not take it in all 3 tries (last: status 503); nothing was stored, send it again later',
		],
		[
			refusedConnection,
			1,
			{},
			'Toy did not take it in all 3 tries (last: the connection was refused); nothing was stored, check the network',
		],
		[
			html,
			1,
			{},
			'Toy may have stored it, but the answer does not say so (an HTML page); sending it again may count it twice',
		],
		[
			answered(500),
			1,
			{},
			'Toy may have stored it, but the answer does not say so (status 500); sending it again may count it twice',
		],
		[answered(403), 1, {}, 'look at the token'],
	])('%#', async (sent, count, options, message) => {
		const run = await deliverFake({ items: preparedItems(count), operation, options, respond: () => sent });
		expect(run.delivery(0).message).toBe(message);
	});

	test('the waiting that is used up', async () => {
		const run = await deliverFake({
			items: preparedItems(2),
			options: { batchSize: 1, maxWait: 0 },
			random: () => 0.5,
			respond: () => answered(503),
		});
		expect(run.delivery(1).message).toBe(
			"The waiting for retries is used up: 'Longest Wait (Seconds)' (0); raise it or send the rest later",
		);
	});

	test('a fault of our own, and a try that the end of the run cut short', async () => {
		const fault = () => Promise.reject(new Error('boom'));
		expect((await deliverFake({ items: preparedItems(1), respond: fault })).delivery(0).message).toBe(
			INTERNAL_ERROR,
		);
		const cut = await deliverFake({
			items: preparedItems(2),
			options: { batchSize: 1, concurrency: 2 },
			latency: (count) => count * 10,
			respond: (ids) => answered(ids[0] === 'i0' ? 503 : 401),
		});
		expect(cut.delivery(0).message).toBe('Toy did not take it and the run ended: look at the token');
	});
});

describe('what is kept of a run', () => {
	test('the report of each request, and no bytes of what is settled', async () => {
		const reports: Array<[number, RequestReport]> = [];
		const items = preparedItems(3);
		const run = await deliverFake({
			items,
			options: { batchSize: 2 },
			respond: (_, count) => (count === 1 ? ok : lost),
			plan: { ledger: { note: () => {}, report: (number, report) => void reports.push([number, report]) } },
		});
		expect(reports).toEqual([
			[1, { method: 'many', attempts: 1, httpStatus: 200, response: {} }],
			[2, { method: 'many', attempts: 1, message: run.delivery(2).message }],
		]);
		expect(items.map(({ text }) => text)).toEqual(['', '', '']);
	});
});

describe('an answer', () => {
	const shown = (text: string, ...secrets: string[]) =>
		shownResponse(readResponse(200, {}, text), createMask(secrets));

	test.each([
		['text/html', ' <p>', true],
		['text/html', 'a < b', false],
		['application/json', '<p>', false],
	])('of type %s with %j: a page is %s', (type, text, html) => {
		expect(readResponse(200, { 'content-type': type }, text).html).toBe(html);
	});

	test('a redirect without an address, and a vendor without fatal responses of its own', () => {
		expect(classifyResponse(readResponse(302, {}, ''), toy.responses, 'Toy', 'https://fake.example')).toEqual(
			{
				kind: 'fatal',
				scope: 'account',
				reason:
					'The base URL redirects to an address it does not name; redirects are not followed, so check it in the credential',
			},
		);
		expect(classifyResponse(readResponse(400, {}, ''), toy.responses, 'Toy', 'https://fake.example')).toEqual(
			{
				kind: 'rejected',
			},
		);
	});

	test('a secret is hidden with its quotes encoded, and in base64 without its padding', () => {
		expect(createMask(["it's a secret"])('<it%27s%20a%20secret>')).toBe('<***>');
		for (const secret of ['>>>>>>>>', '>>>>>>>>>', '>>>>>>>>>>']) {
			const text = Buffer.from(secret).toString('base64');
			expect(createMask([secret])(`<${text.replace(/=/g, '')}>`)).toBe('<***>');
		}
	});

	test('a number that is a secret is hidden; what is no text stays as it is', () => {
		expect(shown('null')).toEqual({ text: 'null' });
		expect(shown('{"n":12345,"b":[true,false,null,1]}', '12345')).toEqual({
			n: '***',
			b: [true, false, null, 1],
		});
	});

	test.each([
		['lists', (depth: number, inner: string) => '['.repeat(depth) + inner + ']'.repeat(depth), 'null'],
		['objects', (depth: number, inner: string) => '{"a":'.repeat(depth) + inner + '}'.repeat(depth), '{}'],
	])('nested %s are shown down to fifty levels', (kind, nested, cut) => {
		expect(JSON.stringify(shown(nested(50, '1')))).toBe(nested(50, '1'));
		expect(JSON.stringify(shown(nested(60, '1')))).toBe(kind === 'lists' ? nested(51, cut) : nested(50, cut));
	});

	test('text is cut after 500 characters, JSON is shown up to 100,000', () => {
		expect(shown('x'.repeat(500))).toEqual({ text: 'x'.repeat(500) });
		expect(shown('x'.repeat(501))).toEqual({ text: `${'x'.repeat(500)}…` });
		const text = JSON.stringify(['x'.repeat(99_996)]);
		expect([text.length, shown(text)]).toEqual([100_000, ['x'.repeat(99_996)]]);
	});
});

describe('the report', () => {
	const failed = (index: number, status: 'rejected', message: string): ItemReport => ({
		index,
		event: {},
		delivery: { status, message },
	});

	test('has no response where there was none', () => {
		const options = { toErrorOutput: false, inputOf: () => ({}) };
		const [item] = outputItems(
			[failed(0, 'rejected', 'no')],
			{ output: 'everyItem', includeInputFields: false },
			{ counts: {}, requests: 0, waitedSeconds: 0 },
			options,
		);
		expect(item.json).not.toHaveProperty('response');
	});
});
