import { expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import * as pack from '../../index.ts';
import { withReferences } from '../../tools/scripts/reference.mts';

const readme = readFileSync(join(__dirname, '..', '..', 'README.md'), 'utf8');

test('README’s reference is what the tables say; if not, run `npm run reference`', () => {
	expect(withReferences(readme, pack)).toBe(readme);
});

test('README names every node and credential', () => {
	for (const { name, credential } of pack.operations) {
		expect(readme).toContain(`\`${name}\``);
		expect(readme).toContain(`\`${credential.type}\``);
	}
});
