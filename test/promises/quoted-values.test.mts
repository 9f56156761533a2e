/** A message may quote the value at fault, but never a secret, an e-mail address or a phone number, wherever it was put. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { IDataObject } from 'n8n-workflow';

import type { Field } from '../../nodes/engine/operation/operation.ts';
import type { Delivery } from '../../nodes/engine/report/outcome.ts';
import { openBench, type Bench, type OnError } from '../support/bench.mts';
import { operationCases } from '../support/cases.mts';
import { instantClock } from '../support/clock.mts';
import { findLeaks } from '../support/secrets.mts';

let bench: Bench;
beforeAll(async () => {
	bench = await openBench(instantClock());
});
beforeEach(() => bench.sandbox.reset());
afterAll(async () => await bench?.close());

const SECRET = 'S3cret+/=S3cret<S3cret';

/** The item with the value in this field, and one for each member of an object. */
function itemsWith(item: IDataObject, { wire, type }: Field, value: string): IDataObject[] {
	const own = { ...item, [wire]: value };
	if (type.kind !== 'object') return [own];
	const before = (item[wire] ?? {}) as IDataObject;
	return [own, ...type.fields.map((member) => ({ ...item, [wire]: { ...before, [member.wire]: value } }))];
}

describe.each(operationCases.map((one) => [one.node, one] as const))('%s', (node, { operation, good }) => {
	const { secrets } = operation.credential;
	const credential = Object.fromEntries(secrets.map((name) => [name, SECRET]));
	const rows = (value: string) => [
		...operation.fields.flatMap((field) => itemsWith(good('ev-a'), field, value)),
		{ ...good('ev-a'), [value]: 1 },
	];

	/** All that is told of the items, without their events, which are the user's own. */
	async function told(value: string, onError: OnError, extraFields: string) {
		const result = await bench.run({
			node,
			items: rows(value),
			onError,
			credential,
			options: { unprovenRules: 'refuse', extraFields, maxAttempts: 1 },
		});
		const deliveries = result
			.nodeOutputs('Node')
			.flat()
			.map(({ json }) => (json.delivery ?? (json.details as IDataObject).delivery) as unknown as Delivery);
		const error = result.error('Node');
		const notes = [error?.message, error?.description, result.log];
		return { deliveries, notes, hints: result.hints('Node') };
	}

	(secrets.length ? test : test.skip).each(['continueRegularOutput', 'stopWorkflow'] as const)(
		'a secret, %s',
		async (onError) => {
			const all = await told(SECRET, onError, 'error');
			expect(findLeaks(all, [SECRET])).toEqual([]);
			expect(JSON.stringify(all)).not.toContain(SECRET.slice(0, 8));
			expect(onError === 'stopWorkflow' ? all.notes[0] : all.deliveries[0].status).toMatch(
				onError === 'stopWorkflow' ? /^Nothing was sent/ : /./,
			);
		},
	);

	test('a secret in what an event breaks all the same', async () => {
		if (secrets.length === 0) return;
		const result = await bench.run({ node, items: rows(SECRET), credential, options: { maxAttempts: 1 } });
		const deliveries = result
			.nodeOutputs('Node')
			.flat()
			.map(({ json }) => json.delivery);
		const hints = result.hints('Node');
		expect(findLeaks({ deliveries, hints }, [SECRET])).toEqual([]);
		expect(JSON.stringify({ deliveries, hints })).not.toContain(SECRET.slice(0, 8));
		expect(hints).not.toEqual([]);
	});

	test.each(['ann.lee@example.com', 'ann.lee%40example.com', 'ann.lee @ example.com', '0079991234567'])(
		'a person as a value: %s',
		async (person) => {
			const { deliveries } = await told(person, 'continueRegularOutput', 'ignore');
			const said = deliveries.flatMap(({ message = '', issues = [] }) => [
				message,
				...issues.map((issue) => issue.message),
			]);
			expect(said.filter((text) => text.includes(person))).toEqual([]);
		},
	);
});
