/** What others write never becomes ours: n8n would take such a word in an error for the end of the run. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';

import { openBench, ON_ERROR, reportsOf, type Bench } from '../support/bench.mts';
import { vendorCases } from '../support/cases.mts';
import { instantClock } from '../support/clock.mts';

let bench: Bench;
beforeAll(async () => {
	bench = await openBench(instantClock());
});
beforeEach(() => bench.sandbox.reset());
afterAll(async () => await bench?.close());

const TRIGGER = /cancell?ed|enoent|eperm|econnrefused/i;

describe.each(vendorCases.map((vendor) => [vendor.node, vendor] as const))('%s', (_, vendor) => {
	describe.each(['canceled.example', 'enoent.example', 'xn--eperm.example'])('a redirect to %s', (host) => {
		test.each(ON_ERROR)('%s', async (onError) => {
			bench.sandbox.faults.always(() => ({ redirect: `http://${host}/` }));
			const result = await bench.run({ node: vendor.node, items: [vendor.good('ev-a')], onError });
			if (onError === 'stopWorkflow') {
				expect(result.status).toBe('error');
				const error = result.error('Node');
				expect(error?.message).toMatch(/^The base URL redirects to \S+·\S+\.example/);
				expect(`${error?.message} ${error?.description}`).not.toMatch(TRIGGER);
				return;
			}
			const [{ delivery }] = reportsOf(result, 1);
			expect(delivery).toMatchObject({ status: 'notAttempted' });
			expect(delivery.message).not.toMatch(TRIGGER);
		});
	});
});
