/** One event that takes several requests, one after the other. */
import { describe, expect, test } from '@jest/globals';

import type { HttpRequest, Operation } from '../../../nodes/engine/operation/operation.ts';
import type { SendResult } from '../../../nodes/engine/delivery/transport.ts';
import {
	answered,
	deliverFake,
	lost,
	preparedItems,
	refusedConnection,
	toy,
} from '../../support/fakeVendor.mts';

const request = (url: string): HttpRequest => ({ method: 'GET', url, headers: {} });
const several = (count: number): Operation => ({
	...toy,
	single: {
		...toy.single,
		request: () => ({
			...request('https://fake.example/0'),
			after: Array.from({ length: count - 1 }, (_, at) => request(`https://fake.example/${at + 1}`)),
		}),
	},
});

async function run(answers: SendResult[], options = {}, items = 1) {
	const urls: string[] = [];
	const left = [...answers];
	const { result, statuses, delivery } = await deliverFake({
		operation: several(answers.length),
		items: preparedItems(items),
		sendAs: 'single',
		options: { maxAttempts: 2, ...options },
		respond: () => answered(200),
		plan: {
			send: async ({ url }) => {
				urls.push(url.slice('https://fake.example/'.length));
				return left.shift() ?? answered(200);
			},
		},
	});
	return {
		urls: urls.join(''),
		statuses,
		delivery: statuses[0] === undefined ? undefined : delivery(0),
		requests: result.requests,
	};
}

const ok = answered(200);
describe('several requests of one event', () => {
	test('all are sent in their order, and all count', async () => {
		expect(await run([ok, ok, ok])).toMatchObject({ urls: '012', statuses: ['accepted'], requests: 3 });
	});

	test('the next event’s request has the number after them', async () => {
		const { urls, requests } = await run([ok, ok], {}, 2);
		expect([urls, requests]).toEqual(['0101', 4]);
	});

	test('a failure of the first does not keep the second back', async () => {
		const { urls, statuses, delivery } = await run([answered(500), ok]);
		expect([urls, statuses]).toEqual(['01', ['unknown']]);
		expect(delivery?.message).toContain('1 of 2 requests were accepted; status 500');
	});

	test('what was taken in part is not sent again by itself', async () => {
		expect(await run([ok, refusedConnection])).toMatchObject({ urls: '01', statuses: ['unknown'] });
		expect(await run([answered(503), ok])).toMatchObject({ urls: '01', statuses: ['unknown'] });
		expect(await run([ok, answered(400)])).toMatchObject({ urls: '01', statuses: ['unknown'] });
		// Unless somebody asked for it.
		expect(await run([ok, answered(503)], { retryUnknown: true })).toMatchObject({
			urls: '0101',
			statuses: ['accepted'],
		});
	});

	test('where none was taken, it ends as one request would', async () => {
		expect(await run([answered(503), answered(503)])).toMatchObject({
			urls: '0101',
			statuses: ['accepted'],
			// Their tries are no further requests.
			requests: 2,
		});
		expect(await run([answered(400), answered(400)])).toMatchObject({ urls: '01', statuses: ['rejected'] });
		expect(await run([answered(503), lost])).toMatchObject({ urls: '01', statuses: ['unknown'] });
	});

	test('an answer in another form leaves a doubt about the whole', async () => {
		expect(await run([ok, answered(202)])).toMatchObject({ statuses: ['unconfirmed'] });
	});

	test('a cancel ends them', async () => {
		expect(await run([{ cancelled: true }, ok])).toMatchObject({ urls: '0', statuses: [undefined] });
		expect(await run([ok, { cancelled: true }])).toMatchObject({ urls: '01', statuses: [undefined] });
	});
});
