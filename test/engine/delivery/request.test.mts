import { describe, expect, test } from '@jest/globals';

import { buildRequest } from '../../../nodes/engine/delivery/request.ts';
import type { Payload, WireForm } from '../../../nodes/engine/operation/operation.ts';
import { answered, batchesOf, deliverFake, preparedItems, toy } from '../../support/fakeVendor.mts';

const ok = answered(200);

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
