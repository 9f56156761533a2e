/** A vendor or an operation is complete, or the message says which file to write. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';

import { operations } from '../../index.ts';
import { openBench, type Bench } from '../support/bench.mts';
import { operationCases } from '../support/cases.mts';
import { tasksOfNodeFiles, tasksOfOperation, tasksOfVendor } from '../support/completeness.mts';
import { slugOf, folderOf, vendorFolders } from '../support/folders.mts';

test.each(vendorFolders)('vendor %s', (folder) => {
	expect([...tasksOfVendor(folder), ...tasksOfNodeFiles(folder)]).toEqual([]);
});

test.each(operations.map((operation) => [operation.name, operation] as const))(
	'operation %s',
	(_, operation) => {
		expect(tasksOfOperation(operation)).toEqual([]);
	},
);

describe('the sandbox', () => {
	let bench: Bench;
	beforeAll(async () => {
		bench = await openBench();
	});
	beforeEach(() => bench.sandbox.reset());
	afterAll(async () => await bench?.close());

	test.each(
		operationCases.flatMap((one) => [[one.node, 'single', one] as const, [one.node, 'batch', one] as const]),
	)('%s: takes a good event as %s', async (node, sendAs, { good, operation }) => {
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
});
