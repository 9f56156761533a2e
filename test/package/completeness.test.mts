/** A vendor or an operation is complete, or the message says which file to write. */
import { expect, test } from '@jest/globals';

import { operations } from '../../index.ts';
import { tasksOfNodeFiles, tasksOfOperation, tasksOfVendor } from '../support/completeness.mts';
import { vendorFolders } from '../support/folders.mts';

test.each(vendorFolders)('vendor %s', (folder) => {
	expect([...tasksOfVendor(folder), ...tasksOfNodeFiles(folder)]).toEqual([]);
});

test.each(operations.map((operation) => [operation.name, operation] as const))(
	'operation %s',
	(_, operation) => {
		expect(tasksOfOperation(operation)).toEqual([]);
	},
);
