/** The sandbox stores a good event of every operation, in both ways to send; what the other promises start from. */
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';

import { openBench, type Bench } from '../support/bench.mts';
import { operationCases } from '../support/cases.mts';
import { folderOf, slugOf } from '../support/folders.mts';

let bench: Bench;
beforeAll(async () => {
	bench = await openBench();
});
beforeEach(() => bench.sandbox.reset());
afterAll(async () => await bench?.close());

test.each(
	operationCases.flatMap((one) => [[one.node, 'single', one] as const, [one.node, 'batch', one] as const]),
)('%s as %s', async (node, sendAs, { good, operation }) => {
	await bench.run({ node, items: [good('ev-a')], parameters: { sendAs } });
	const refusals = bench.sandbox.requests.flatMap(({ url, status, refusals: all }) =>
		all.map(({ field = '', reason }) => `${url}: ${status} ${field} ${reason}`),
	);
	const stored = bench.sandbox.requests.reduce((sum, request) => sum + request.stored, 0);
	const file = `tools/sandbox/${slugOf(folderOf(operation))}.mts`;
	expect(stored === 1 ? '' : `${file} does not store a good event of ${node}: ${refusals.join('; ')}`).toBe(
		'',
	);
});
