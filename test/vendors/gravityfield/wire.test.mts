import type { IDataObject } from 'n8n-workflow';

import { describeWire, exhausted, fatal, unknown, type AnswerCase } from '../../support/wire.mts';
import page from '../../pages/gravityfield.json';

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
