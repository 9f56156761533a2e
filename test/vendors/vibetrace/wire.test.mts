import escapeRegExp from 'lodash/escapeRegExp.js';
import type { IDataObject } from 'n8n-workflow';

import { describeWire, fatal, unknown, type AnswerCase } from '../../support/wire.mts';
import page from '../../pages/vibetrace.json';
import { readers, vectors } from '../../pages/vectors-more.json';

const credential = { accountId: '5f2b1c9e8d7a6b5c4d3e2f10', baseUrl: 'https://app.vtcdn.net' };
const EMAIL = 'buyer@example.com';

/** The page shows its addresses hidden. */
const { confirmation, login } = JSON.parse(
	JSON.stringify(page.samples).replace(/\[email\sprotected\]/g, EMAIL),
) as Record<'confirmation' | 'login', IDataObject>;

/** `<account_id>/<event_type>?data=…&callback=…&ts=…`, the list as the page's `json_encode` and `http_build_query` write it. */
function address(type: 'confirmation' | 'login', events: IDataObject[], callback = ''): RegExp {
	const { url } = page.requests[type];
	const path = url.replace('<account_id>', credential.accountId).replace('<event_type>', type);
	const data = encodeURIComponent(JSON.stringify(events));
	return new RegExp(`^${escapeRegExp(`${path}?data=${data}${callback}`)}&ts=\\d{10}$`);
}

const ANSWERS: AnswerCase[] = [
	{ status: 200, body: '{"status":"ok"}', single: 'accepted', batch: 'accepted' },
	{ status: 200, body: '', single: 'accepted', batch: 'accepted' },
	{ status: 200, body: 'vt({"status":"ok"})', single: 'accepted', batch: 'accepted' },
	{ status: 204, single: 'accepted', batch: 'accepted' },
	{ status: 202, body: 'queued', single: 'accepted', batch: 'accepted' },
	{ status: 200, body: '{"error":"no such type"}', single: 'unconfirmed', batch: 'unconfirmed' },
	unknown(200, '<html></html>', { 'content-type': 'text/html' }),
	fatal(301, '', { location: 'https://vtcdn.net/' }),
	{ status: 400, single: 'rejected', batch: 'batchRejected' },
	fatal(404),
	{ status: 414, single: 'oversize', batch: 'oversize', requests: 3 },
	unknown(500),
	unknown(502),
	unknown(504),
];

const shared = { method: 'GET', headers: {}, body: '' } as const;
const second = { ...login, email: 'other@example.com' };

describeWire({
	node: 'vibetraceSendEvent',
	credential,
	accepted: { status: 200, body: '{"status":"ok"}' },
	single: {
		...shared,
		events: [{ ...login, callback: 'vt' }],
		url: address('login', [login], '&callback=vt'),
		as: 'login',
	},
	batch: { ...shared, events: [login, second], url: address('login', [login, second]), as: 'login' },
	answers: ANSWERS,
});

/** With an id of the order, of which the vendor keeps one confirmation. */
const orders = ['A-1', 'A-2'].map((orderId) => ({ ...confirmation, generic: { orderId, total: 10 } }));

describeWire({
	node: 'vibetraceSendEvent',
	credential,
	accepted: { status: 200, body: 'vt({"status":"ok"})' },
	single: {
		...shared,
		events: [{ ...confirmation, callback: 'vt' }],
		url: address('confirmation', [confirmation], '&callback=vt'),
		as: 'confirmation',
	},
	batch: { ...shared, events: orders, url: address('confirmation', orders), as: 'confirmation' },
	answers: [500, 502, 504].map((status) => ({ ...unknown(status), requests: 2, singleRequests: 2 })),
});

/** Vectors and answers were written by somebody who had not seen our tables. */
const rest = { ...credential, apiKey: 'vibetrace-api-key', apiBaseUrl: 'https://api.vtcdn.net' };
const vector = (id: string) => {
	const found = vectors.find((one) => one.id === id);
	if (!found) throw new Error(`No vector ${id}`);
	return found as unknown as { method: 'POST'; target: string; body: string; input: IDataObject };
};
const answerOf = (id: string) => {
	const found = readers.find((one) => one.id === id)?.answer;
	if (!found) throw new Error(`No reader ${id}`);
	return found;
};
const ofRest = { authorization: rest.apiKey, 'content-type': 'application/json' };
const REST_ANSWERS: AnswerCase[] = [
	{ ...answerOf('VT-EV-R1'), single: 'accepted', batch: 'accepted' },
	{ ...answerOf('VT-US-R1'), single: 'accepted', batch: 'accepted' },
	{ status: 201, body: '', single: 'accepted', batch: 'accepted' },
	{ status: 200, body: '{"errors":[{"message":"no"}]}', single: 'unconfirmed', batch: 'unconfirmed' },
	fatal(301, '', { location: 'https://vtcdn.net/' }),
	{ ...answerOf('VT-US-R2'), single: 'rejected', batch: 'rejected' },
	{ ...answerOf('VT-US-R3'), single: 'rejected', batch: 'rejected' },
	fatal(403),
	fatal(404),
	fatal(404, '{"errors":[{"message":"Not found"}]}'),
	{ status: 422, single: 'rejected', batch: 'rejected' },
];

for (const id of ['VT-EV-1', 'VT-EV-2']) {
	const { method, target, body, input } = vector(id);
	describeWire({
		node: 'vibetraceCreateEvent',
		credential: rest,
		accepted: answerOf('VT-EV-R1'),
		single: {
			events: [input],
			method,
			url: `${rest.apiBaseUrl}${target}`,
			headers: ofRest,
			body,
			as: id === 'VT-EV-1' ? 'update' : 'generic',
		},
		answers: [
			...REST_ANSWERS,
			unknown(200, '<html></html>', { 'content-type': 'text/html' }),
			unknown(500),
			unknown(502),
		],
	});
}

/** The attributes of the page's sample, saved as the page's "creates or updates" says; the address stands in the path. */
const create = vector('VT-US-2');
const { email: _email, ...attributes } = create.input;
const twice = (status: number, body?: string, headers?: Record<string, string>): AnswerCase => ({
	...unknown(status, body, headers),
	requests: 2,
	singleRequests: 2,
});
describeWire({
	node: 'vibetraceSaveUser',
	credential: rest,
	accepted: answerOf('VT-US-R1'),
	single: {
		events: [create.input],
		method: 'PUT',
		url: `${rest.apiBaseUrl}${vector('VT-US-1').target}?upsert=true`,
		headers: ofRest,
		body: JSON.stringify(attributes),
		as: 'user',
	},
	answers: [
		...REST_ANSWERS,
		twice(200, '<html></html>', { 'content-type': 'text/html' }),
		twice(500),
		twice(502),
	],
});
