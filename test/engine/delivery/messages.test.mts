import { describe, expect, test } from '@jest/globals';

import { answered, deliverFake, preparedItems, refusedConnection, toy } from '../../support/fakeVendor.mts';
const badRequest = answered(400);
const html = answered(200, '<html></html>', { 'content-type': 'text/html' });

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
			'Toy refused the request of 3 events with status 400 without saying which event is wrong; look at the event',
		],
		[
			answered(503),
			1,
			{ maxAttempts: 1 },
			'Toy did not accept it (status 503); nothing was stored, so send it again later',
		],
		[
			answered(503, '<html>', { 'content-type': 'text/html' }),
			1,
			{},
			'Toy did not accept it in 3 tries (last: status 503); nothing was stored, so send it again later',
		],
		[
			refusedConnection,
			1,
			{},
			'Toy did not accept it in 3 tries (last: the connection was refused); nothing was stored, so check the network',
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
			"The time for retries is used up: 'Longest Wait (Seconds)' (0); raise it or send the rest later",
		);
	});

	test('a fault of our own, and a try that the end of the run cut short', async () => {
		const fault = () => Promise.reject(new Error('boom'));
		expect((await deliverFake({ items: preparedItems(1), respond: fault })).delivery(0).message).toMatch(
			/^An internal error of this node ended the run \(Error .*messages\.test\.mts:\d+\); please report it to the authors of this node$/,
		);
		const cut = await deliverFake({
			items: preparedItems(2),
			options: { batchSize: 1, concurrency: 2 },
			latency: (count) => count * 10,
			respond: (ids) => answered(ids[0] === 'i0' ? 503 : 401),
		});
		expect(cut.delivery(0).message).toBe('Toy did not accept it and the run ended: look at the token');
	});
});
