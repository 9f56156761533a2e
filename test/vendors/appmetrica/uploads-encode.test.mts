/** The vectors, byte for byte, and the rows of a file. */
import { describe, expect, test } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';

import { buildRequest } from '../../../nodes/engine/delivery/request.ts';
import { pack, type Prepared } from '../../../nodes/engine/delivery/pack.ts';
import type { HttpRequest, Issue, Json } from '../../../nodes/engine/operation/operation.ts';
import { destination } from '../../support/fakeVendor.mts';
import {
	checkedUpload as checked,
	ecommerce,
	named,
	profiles,
	revenue,
	type Upload,
	type Vector,
} from './support.mts';

const BASE = 'https://api.appmetrica.yandex.ru';

/** Checks, encodes and packs as a run does. */
function requestsOf(
	upload: Upload,
	sendAs: 'single' | 'batch',
	events: Json[],
	applicationId = '1111',
): { requests: HttpRequest[]; faults: Issue[]; counts: number[] } {
	const form = upload.operation[sendAs];
	const target = destination({ applicationId }, { baseUrl: BASE, id: applicationId });
	const faults: Issue[] = [];
	const prepared = events.flatMap((given, index): Prepared[] => {
		const event = checked(upload, given);
		const encoded = form.encode(event, target);
		if ('fault' in encoded) {
			faults.push(encoded.fault);
			return [];
		}
		return [{ ...encoded, index, event, target, bytes: Buffer.byteLength(encoded.text) }];
	});
	const maxEvents = sendAs === 'single' ? 1 : upload.operation.defaults.batchSize.max;
	const { batches } = pack(prepared, { maxEvents, maxBytes: form.limit?.bytes ?? Infinity }, (item) =>
		form.envelope(item.event, item.target),
	);
	return {
		requests: batches.map((batch) => buildRequest(batch, form, () => 0)),
		faults,
		counts: prepared.map(({ count }) => count),
	};
}

const bodiesOf = (upload: Upload, events: Json[]) =>
	requestsOf(upload, 'batch', events).requests.map(({ body }) => String(body));

/** What an item holds: the app is the credential's. */
const eventOf = ({ application_id: _, ...event }: Record<string, string>): Json => event;

describe.each(named)('%s', (_, upload) => {
	test('has vectors', () => expect(upload.vectors.length).toBeGreaterThan(0));

	test.each(upload.vectors.map((vector): [string, Vector] => [vector.id, vector]))('%s', (_id, vector) => {
		const inputs = Array.isArray(vector.input) ? vector.input : [vector.input];
		const sendAs = Array.isArray(vector.input) ? 'batch' : 'single';
		const { requests } = requestsOf(upload, sendAs, inputs.map(eventOf), inputs[0].application_id);
		expect(requests).toHaveLength(1);
		const [{ method, url, headers, body }] = requests;
		expect(`${method} ${url}`).toBe(`${vector.method} ${BASE}${vector.target}`);
		expect(String(body ?? '')).toBe(vector.body);
		expect(body?.length ?? 0).toBe(vector.bytes);
		expect(headers).toEqual(sendAs === 'batch' ? { 'Content-Type': 'text/csv; charset=UTF-8' } : {});
	});

	test('the table’s samples survive both ways to send', () => {
		const events = upload.operation.samples.map(({ event }) => event);
		for (const event of events) {
			const [{ url }] = requestsOf(upload, 'single', [event]).requests;
			const { application_id: app, ...read } = Object.fromEntries(new URL(url).searchParams);
			expect([app, read]).toEqual(['1111', event]);
			const [body] = bodiesOf(upload, [event]);
			const [{ application_id: column, ...row }] = parse(body, { columns: true }) as Array<
				Record<string, string>
			>;
			expect([column, row]).toEqual(['1111', event]);
		}
	});
});

describe('several products of one order', () => {
	const { product_name, cart_item_quantity, original_price_currency, original_price_value, ...order } =
		ecommerce.least;
	const product = (name: string, more: Json = {}): Json => ({
		product_name: name,
		cart_item_quantity,
		original_price_currency,
		original_price_value,
		...more,
	});

	test('each is a row with what the order shares, in one file', () => {
		const { requests, counts } = requestsOf(ecommerce, 'batch', [
			{ ...order, products: [product('Tea'), product('Cup, blue')] },
			{ ...order, ...product('Pot') },
		]);
		expect(counts).toEqual([2, 1]);
		expect(requests.map(({ body }) => String(body))).toEqual([
			[
				'application_id,profile_id,event_timestamp,ecom_event_type,order_id,product_name,cart_item_quantity,original_price_currency,original_price_value',
				...['Tea', '"Cup, blue"', 'Pot'].map(
					(name) => `1111,user-42,${String(order.event_timestamp)},PURCHASE,a1b2c3d4,${name},1,RUB,1.05`,
				),
				'',
			].join('\n'),
		]);
		expect(product_name).toBe('Tea');
	});

	test('a list of one travels by itself too; of more it does not', () => {
		const one = requestsOf(ecommerce, 'single', [{ ...order, products: [product('Tea')] }]);
		const flat = requestsOf(ecommerce, 'single', [{ ...order, ...product('Tea') }]);
		expect(one.requests.map(({ url }) => url)).toEqual(flat.requests.map(({ url }) => url));
		const two = requestsOf(ecommerce, 'single', [{ ...order, products: [product('Tea'), product('Cup')] }]);
		expect(two.requests).toEqual([]);
		expect(two.faults).toEqual([
			{ field: 'products', message: expect.stringMatching(/2 rows .* set 'Send As' to Batch/) },
		]);
	});

	test('rows that fill other columns would leave cells empty, so they are refused', () => {
		const products = [product('Tea'), product('Cup', { product_sku: '1' })];
		const { requests, faults } = requestsOf(ecommerce, 'batch', [{ ...order, products }]);
		expect(requests).toEqual([]);
		expect(faults).toEqual([
			{ field: 'products[1]', message: expect.stringMatching(/different fields filled.*Split Out/) },
		]);
	});
});

test('a category path is a list or its parts, and both are the same row', () => {
	const parts = { product_category_path_1: 'Tea', product_category_path_2: 'Green' };
	const list = { product_category_path: ['Tea', 'Green'], screen_category_path: '["Shop"]' };
	expect(bodiesOf(ecommerce, [{ ...ecommerce.least, ...list }])).toEqual(
		bodiesOf(ecommerce, [{ ...ecommerce.least, ...parts, screen_category_path_1: 'Shop' }]),
	);
});

test('attributes are JSON with quotes doubled in a file, percent-encoded in an address', () => {
	const given = { profile_id: 'ann', attributes: { тариф: 'a,"b"\n', n: -1 } };
	expect(bodiesOf(profiles, [given])).toEqual([
		'application_id,profile_id,attributes\n1111,ann,"{""тариф"":""a,\\""b\\""\\n"",""n"":-1}"\n',
	]);
	const [{ url }] = requestsOf(profiles, 'single', [given]).requests;
	expect(new URL(url).searchParams.get('attributes')).toBe('{"тариф":"a,\\"b\\"\\n","n":-1}');
});

test('whatever text an order has comes back from the file as it was, or is refused', () => {
	fc.assert(
		fc.property(fc.string({ minLength: 1, maxLength: 50, unit: 'binary' }), (text) => {
			const { requests, faults } = requestsOf(revenue, 'batch', [{ ...revenue.least, order_id: text }]);
			if (faults.length) return expect(text).toMatch(/\p{Cc}|\p{Cs}/u);
			const [row] = parse(String(requests[0].body), { columns: true }) as Array<Record<string, string>>;
			expect(row.order_id).toBe(text);
		}),
	);
});
