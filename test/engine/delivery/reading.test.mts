/** What one try of a request says. */
import { describe, expect, test } from '@jest/globals';

import { createMask } from '../../../nodes/engine/delivery/mask.ts';
import { readTry } from '../../../nodes/engine/delivery/reading.ts';
import type { Json, Operation } from '../../../nodes/engine/operation/operation.ts';
import { virtualClock } from '../../support/clock.mts';
import {
	answered,
	deliverFake,
	lost,
	preparedItems,
	refusedConnection,
	toy,
} from '../../support/fakeVendor.mts';

const SECRET = 's3cret-token';
const mask = createMask([SECRET]);
const read = (sent: Parameters<typeof readTry>[0], operation: Operation = toy) =>
	readTry(sent, 'https://fake.example', 'many', { operation, mask, clock: virtualClock() });
/** An operation that returns what the vendor answers. */
const reads: Operation = { ...toy, reads: { fields: [], from: (answer) => ({ data: answer }) } };

describe('no answer', () => {
	test.each([
		[lost, 'maybeStored', 'the connection was lost', false],
		[refusedConnection, 'notStored', 'the connection was refused', false],
		[
			{ failure: { mayHaveLeft: false, isPermanent: true, reason: 'no', advice: 'x' } },
			'notStored',
			'no',
			true,
		],
	] as const)('%j', (sent, kind, reason, isPermanent) => {
		if (!('failure' in sent)) throw new Error('It is one');
		expect(read(sent)).toEqual({
			result: { kind },
			reason,
			advice: sent.failure.advice,
			pausesAll: false,
			isPermanent,
			shown: {},
			words: '',
		});
	});
});

test.each([
	[200, 'an HTML page'],
	[299, 'an HTML page'],
	[300, 'status 300'],
	[502, 'status 502'],
])('a page with status %i is told as %s', (status, reason) => {
	expect(read(answered(status, '<html>', { 'content-type': 'text/html' })).reason).toBe(reason);
	expect(read(answered(status)).reason).toBe(`status ${status}`);
});

describe('the answer as data', () => {
	const text = JSON.stringify({ list: ['x'.repeat(200_000)], echo: `you sent ${SECRET}` });
	const whole: Json = { list: ['x'.repeat(200_000)], echo: 'you sent ***' };

	test('is whole where the operation reads it, without the secret', async () => {
		expect(read(answered(200, text), reads).answer).toEqual(whole);
		const run = await deliverFake({
			items: preparedItems(1),
			operation: reads,
			respond: () => answered(200, text),
			plan: { mask },
		});
		expect(run.result.outcomes.get(0)?.data).toEqual(whole);
	});

	test('is not made where nobody reads it, where it was not accepted and where it is no object', () => {
		expect(read(answered(200, text)).answer).toBeUndefined();
		for (const status of [202, 400, 503]) expect(read(answered(status, text), reads).answer).toBeUndefined();
		for (const other of ['[1]', 'text', '']) expect(read(answered(200, other), reads).answer).toBeUndefined();
	});
});
