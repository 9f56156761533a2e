import { describe, expect, test } from '@jest/globals';

import { HALF_CHARACTER } from '../../../nodes/engine/check/surrogate.ts';
import type { Json } from '../../../nodes/engine/operation/operation.ts';
import { customEvent } from '../../../nodes/MyTracker/customEvent.ts';
import { classifyResponse, readResponse } from '../../../nodes/engine/delivery/response.ts';
import { destination } from '../../support/fakeVendor.mts';

const target = destination({ appId: '666' });

describe('half a character would make MyTracker refuse the whole request as Bad json', () => {
	test.each<[Json, string]>([
		[{ customUserId: '1', customEventName: 'a\ud83d' }, 'customEventName'],
		[{ customUserId: '1', customEventName: 'a', customEventParams: { k: '\ude00' } }, 'customEventParams.k'],
		[{ customUserId: '1', sezamUserId: '7', customEventName: '\ud83d' }, 'customEventName'],
	])('%j', (event, field) => {
		for (const form of [customEvent.single, customEvent.batch]) {
			expect(form.encode(event, target)).toEqual({
				fault: { field, message: `'${field}' ${HALF_CHARACTER}` },
			});
		}
	});
});

describe('responses', () => {
	const classify = (status: number, text = '') =>
		classifyResponse(
			readResponse(status, {}, text),
			customEvent.responses,
			'MyTracker',
			'https://host.example',
		);

	test.each([
		[200, '{"message":"OK"}', 'accepted'],
		[200, '{}', 'accepted'],
		[200, '{"error":"x"}', 'unconfirmed'],
		[200, '[]', 'unconfirmed'],
		[200, '"OK"', 'unconfirmed'],
		[200, '', 'unconfirmed'],
		[400, '{"error":"Bad Request"}', 'rejected'],
		// Documented as "repeat later".
		[500, '', 'notStored'],
		[501, '', 'maybeStored'],
		[502, '', 'maybeStored'],
		[503, '', 'notStored'],
		[504, '', 'maybeStored'],
	])('%i %j is %s', (status, text, kind) => expect(classify(status, text).kind).toBe(kind));

	test.each([
		[401, '', { scope: 'account' }],
		[403, '', { scope: 'app' }],
		[404, '', { scope: 'account' }],
		[400, '{"error":"Bad api version"}', { scope: 'account' }],
		[400, '{"error":"Empty post data"}', { scope: 'account' }],
		[400, '{"error":"Bad json"}', { scope: 'account', halveFirst: true }],
	])('%i %s is fatal for %j', (status, text, what) => {
		expect(classify(status, text)).toMatchObject({ kind: 'fatal', ...what });
	});
});
