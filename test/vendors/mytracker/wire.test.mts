import { expect, test } from '@jest/globals';
import type { IDataObject } from 'n8n-workflow';

import { describeWire, exhausted, fatal, unknown, type AnswerCase } from '../../support/wire.mts';
import page from '../../pages/mytracker.json';
import { vectors } from '../../pages/vectors-more.json';

/** The page's curl sample. */
const SAMPLE = page.requests.customEvent;
const credential = {
	token: SAMPLE.headers.Authorization,
	appId: '666',
	baseUrl: 'https://tracker-s2s.my.com',
};
const headers = { authorization: SAMPLE.headers.Authorization, 'content-type': 'application/json' };

const documented = (status: number, is: RegExp): string => {
	const answer = page.answers.find((one) => one.status === status && is.test(one.body));
	if (!answer) throw new Error(`The page has no answer ${status} like ${is}`);
	return answer.body;
};

const ANSWERS: AnswerCase[] = [
	{ status: 200, body: documented(200, /message/), single: 'accepted', batch: 'accepted' },
	{ status: 200, body: '{}', single: 'accepted', batch: 'accepted' },
	{ status: 200, body: '{"error":"Bad Request"}', single: 'unconfirmed', batch: 'unconfirmed' },
	{ status: 200, body: 'OK', single: 'unconfirmed', batch: 'unconfirmed' },
	{ status: 202, body: '{}', single: 'unconfirmed', batch: 'unconfirmed' },
	unknown(200, '<html></html>', { 'content-type': 'text/html' }),
	fatal(301, '', { location: 'https://my.com/' }),
	// A refused batch of two is halved: the batch, then each event.
	{ status: 400, body: documented(400, /Bad Request/), single: 'rejected', batch: 'rejected', requests: 3 },
	fatal(400, documented(400, /Empty post data/)),
	fatal(400, documented(400, /Bad api version/)),
	// Of several events one may be at fault, so the batch is halved; the first single event ends the run.
	{ ...fatal(400, documented(400, /Bad json/)), requests: 2 },
	fatal(403, documented(403, /Forbidden/)),
	fatal(404, documented(404, /Method not found/)),
	fatal(405),
	{ status: 413, single: 'oversize', batch: 'oversize', requests: 3 },
	exhausted(500, documented(500, /Internal Server Error/)),
	unknown(501),
	unknown(502),
	unknown(504),
];

const address = (method: string) => `https://tracker-s2s.my.com/v1/${method}/?idApp=666`;

/** The page prints a batch of two for each method and one whole curl call; what is sent is the same without blanks. */
for (const [node, method, single] of [
	['myTrackerRegistration', 'registration', JSON.stringify(page.samples.registrationBatch[0])],
	['myTrackerLogin', 'login', JSON.stringify(page.samples.loginBatch[0])],
	['myTrackerCustomEvent', 'customEvent', SAMPLE.body],
] as const) {
	const printed: readonly IDataObject[] = page.samples[`${method}Batch`];
	const shared = { method: 'POST', headers } as const;
	describeWire({
		node,
		credential,
		accepted: { status: 200, body: documented(200, /message/) },
		single: {
			...shared,
			events: [JSON.parse(single) as IDataObject],
			url: address(method),
			body: single.replace(/\s/g, ''),
			as: method,
		},
		batch: {
			...shared,
			events: [...printed],
			url: address(`${method}Batch`),
			body: JSON.stringify(printed),
			as: `${method}Batch`,
		},
		answers: ANSWERS,
	});
}

/** Vectors that somebody wrote who had not seen our tables. */
interface Vector {
	id: string;
	target: string;
	input: IDataObject | IDataObject[];
	body: string;
}
const vectorOf = (id: string): Vector => {
	const found = (vectors as unknown as Vector[]).find((one) => one.id === id);
	if (!found) throw new Error(`No vector ${id}`);
	return found;
};

function twice({ id, target, input, body }: Vector): Vector {
	if (Array.isArray(input)) return { id, target, input, body };
	return { id, target: target.replace('/?', 'Batch/?'), input: [input, input], body: `[${body},${body}]` };
}

for (const [node, method, one, several] of [
	['myTrackerCustomRevenue', 'customRevenue', 'MT-CR-1', 'MT-CR-2'],
	['myTrackerOrder', 'order', 'MT-OR-1', 'MT-OR-2'],
	// Of the store payments only single ones have vectors: the batch is of two of them.
	['myTrackerStorePayment', 'appStoreProductTransaction', 'MT-AP-1', 'MT-AP-1'],
] as const) {
	const wire = (id: string, as: string) => {
		const { target, input, body } = as.endsWith('Batch') ? twice(vectorOf(id)) : vectorOf(id);
		const url = `https://tracker-s2s.my.com${target}`;
		return { method: 'POST', headers, events: [input].flat(), url, body, as } as const;
	};
	describeWire({
		node,
		credential,
		accepted: { status: 200, body: documented(200, /message/) },
		single: wire(one, method),
		batch: wire(several, `${method}Batch`),
		answers: ANSWERS,
	});
}

test('the address is that of the page’s curl call', () => {
	expect(address('customEvent')).toBe(SAMPLE.url);
});
