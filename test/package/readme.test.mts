import { describe, expect, test } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

import * as pack from '../../index.ts';
import {
	folderOf,
	nodeTexts,
	vendorReference,
	vendorsOf,
	withReferences,
} from '../../tools/scripts/reference.mts';

const root = join(__dirname, '..', '..');
const load = createRequire(join(root, 'package.json'));
const read = (file: string) => readFileSync(join(root, file), 'utf8');
const readme = read('README.md');
const { n8n } = JSON.parse(read('package.json')) as { n8n: { nodes: string[] } };
const nodes = nodeTexts(n8n.nodes, (file) => load(`./${file.replace(/^dist/, '.').replace(/\.js$/, '.ts')}`));

test('README’s reference is what the tables say; if not, run `npm run reference`', () => {
	expect(withReferences(readme, pack, nodes)).toBe(readme);
});

describe.each(vendorsOf(pack))('%s', (vendor) => {
	const file = `nodes/${folderOf(vendor)}/README.md`;

	test('its page is what its tables say; if not, run `npm run reference`', () => {
		expect(read(file)).toBe(vendorReference(vendor, pack));
	});

	test('its page lists each field of the vendor, and each row once', () => {
		const text = read(file);
		for (const { fields } of pack.operations.filter((operation) => operation.vendor === vendor))
			for (const { wire } of fields) expect(text).toContain(`| \`${wire}\` |`);
		const rows = text.split('\n').filter((line) => line.startsWith('| `'));
		expect(new Set(rows).size).toBe(rows.length);
	});
});

test('README names every node and credential', () => {
	for (const { name, credential } of [...pack.operations, ...pack.readOperations]) {
		expect(readme).toContain(`(\`${name}\`)`);
		expect(readme).toContain(`(\`${credential.type}\`)`);
	}
});

describe.each(['README.md', 'README.ru.md'])('%s', (file) => {
	const text = read(file);

	test('is a page of at most 20 KB', () => {
		expect(Buffer.byteLength(text, 'utf8')).toBeLessThanOrEqual(20_480);
	});

	test('its pictures and links to files exist', () => {
		const linked = [...text.matchAll(/(?:\]\(|src="|srcset=")([^)"#]+)/g)].map(([, path = '']) => path);
		expect(linked.filter((path) => !path.startsWith('http') && !existsSync(join(root, path)))).toEqual([]);
	});

	test('names the recipes that there are', () => {
		const named = [...text.matchAll(/`([a-z-]+\.json)`/g)].map(([, recipe = '']) => recipe);
		const missing = named.filter((recipe) => !existsSync(join(root, 'workflows', 'recipes', recipe)));
		expect(missing).toEqual([]);
	});
});
