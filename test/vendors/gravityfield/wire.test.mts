import type { IDataObject } from 'n8n-workflow';

import { describeWire, exhausted, fatal, unknown, type AnswerCase } from '../../support/wire.mts';
import page from '../../pages/gravityfield.json';
import { engagement, vectors } from '../../pages/vectors-more.json';

const { method, url, headers } = page.requests.storeEvent;
const { storeEvent: sample } = page.samples;
const credential = {
	apiKey: 'gravity-field-key',
	sectionId: sample.sec,
	baseUrl: 'https://evs-01.gravityfield.ai/v2',
};

/** The page's sample as it is printed, but for the product that tells events apart. */
const { sec, data, ...shared } = sample;
const event = (productId: string) => ({ ...data[0], productId });
const request = {
	method: method as 'POST',
	url: `${credential.baseUrl}${url}`,
	headers: {
		authorization: headers.Authorization.replace('<token>', credential.apiKey),
		'content-type': headers['Content-Type'],
	},
	as: 'event',
};
/** What the node takes: the request's shared parts beside the event's own fields. */
const item = (productId: string) => ({ ...shared, ...event(productId) }) as unknown as IDataObject;
const body = (...ids: string[]) => JSON.stringify({ sec, ...shared, data: ids.map(event) });

const answer = (status: number) => page.answers.find((one) => one.status === status)?.body ?? '';

const ANSWERS: AnswerCase[] = [
	{ status: 200, body: answer(200), single: 'accepted', batch: 'accepted' },
	{ status: 204, single: 'accepted', batch: 'accepted' },
	{ status: 200, body: 'OK', single: 'unconfirmed', batch: 'unconfirmed' },
	{ status: 200, body: '{"success":false}', single: 'unconfirmed', batch: 'unconfirmed' },
	{ status: 202, body: '{}', single: 'unconfirmed', batch: 'unconfirmed' },
	unknown(200, '<html></html>', { 'content-type': 'text/html' }),
	fatal(307, '', { location: 'https://gravityfield.ai/' }),
	{ status: 400, single: 'rejected', batch: 'batchRejected' },
	fatal(403),
	fatal(404),
	{ status: 413, single: 'oversize', batch: 'oversize', requests: 3 },
	{ status: 422, body: '{"msg":"data[0].name: is required"}', single: 'rejected', batch: 'batchRejected' },
	exhausted(500),
];

describeWire({
	node: 'gravityFieldStoreEvent',
	credential,
	accepted: { status: 200, body: answer(200) },
	single: { ...request, events: [item('string')], body: body('string') },
	batch: { ...request, events: ['a', 'b'].map(item), body: body('a', 'b') },
	answers: ANSWERS,
});

/** The vectors were written by somebody who had not seen our tables. */
interface Vector {
	target: string;
	body: string;
	input: IDataObject;
}
const vector = (id: string) => {
	const found = vectors.find((one) => one.id === id);
	if (!found) throw new Error(`No vector ${id}`);
	return found as unknown as Vector;
};
const { origin } = new URL(credential.baseUrl);
const ofVectors = { ...credential, sectionId: String(vector('GF-US-1').input.sec) };
const ONE_BY_ONE = ANSWERS.map((one) => ({ ...one, requests: undefined }));

for (const [node, as, ids] of [
	['gravityFieldStoreUser', 'user', ['GF-US-1', 'GF-US-2']],
	['gravityFieldStoreVisit', 'visit', ['GF-VI-1', 'GF-VI-2']],
	['gravityFieldGetCampaign', 'choose', ['GF-CH-1', 'GF-CH-2']],
] as const) {
	for (const id of ids) {
		const { target, body: bytes, input } = vector(id);
		describeWire({
			node,
			credential: ofVectors,
			accepted: { status: 200, body: '{"user":{},"campaigns":[],"data":[]}' },
			single: { ...request, as, events: [input], url: `${origin}${target}`, body: bytes },
			// The first of each has all answers, the other one its bytes.
			answers: id.endsWith('1') ? ONE_BY_ONE : [],
			warns: true,
		});
	}
}

/** A link as it came, colons and all; its host is not the API's. */
const [link] = engagement[0].urls;
describeWire({
	node: 'gravityFieldGetCampaign',
	credential: { ...ofVectors, baseUrl: new URL(link).origin },
	parameters: { request: 'engagement' },
	accepted: { status: 204 },
	single: {
		events: [{ urls: [link] }],
		method: 'GET',
		url: link,
		headers: { authorization: request.headers.authorization },
		body: '',
		as: 'engagement',
	},
	answers: [
		{ status: 204, single: 'accepted', batch: 'accepted' },
		{ status: 200, body: 'GIF89a', single: 'unconfirmed', batch: 'unconfirmed' },
		{
			status: 302,
			headers: { location: 'https://elsewhere.example/' },
			single: 'rejected',
			batch: 'rejected',
		},
		{ status: 404, single: 'rejected', batch: 'rejected' },
		{ status: 422, single: 'rejected', batch: 'rejected' },
		fatal(403),
		// The SDKs repeat events, visits and questions after a 5xx, and no link.
		unknown(500),
		unknown(502),
	],
	shared: false,
});
