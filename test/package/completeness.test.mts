/** A vendor or an operation is complete, or the message says which file to write. */
import { expect, test } from '@jest/globals';

import { operations, readOperations } from '../../index.ts';
import {
	tasksOfExamples,
	tasksOfNodeFiles,
	tasksOfReadOperation,
	tasksOfOperation,
	tasksOfVendor,
} from '../support/completeness.mts';
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

test.each(readOperations.map((operation) => [operation.name, operation] as const))(
	'operation %s',
	(_, operation) => {
		expect(tasksOfReadOperation(operation)).toEqual([]);
	},
);

test('examples', () => {
	expect(tasksOfExamples()).toEqual([]);
});
