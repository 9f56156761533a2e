import { expect, test } from '@jest/globals';

import { webhookNote } from '../../../nodes/engine/report/webhook.ts';

const item = {
	headers: { host: 'x' },
	params: {},
	query: {},
	body: { id: 1 },
	webhookUrl: 'u',
	executionMode: 'test',
};
const NOTE = "The item comes from a webhook, which puts the event into 'body': set 'Input Field' to body.";

test.each([
	['taken whole', item, '', NOTE],
	['taken whole, the field not set at all', item, undefined, NOTE],
	['taken from its body', item, 'body', undefined],
	['that is none', { id: 1, body: 'x' }, '', undefined],
	['that is missing', undefined, '', undefined],
])('an item of a webhook %s', (_, json, inputField, note) =>
	expect(webhookNote(json, inputField)).toBe(note),
);
