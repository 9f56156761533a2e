import { describe, expect, test } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

import type { ICredentialType, INodeType } from 'n8n-workflow';

import { formOf, operations, readOperations } from '../../index.ts';
import { lintSubjects, type LintSubject } from '../support/lint-descriptions.mts';

// n8n's rules about wording and shape read literals only, so the produced descriptions are written out as literals.
const root = join(__dirname, '..', '..');
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
	n8n: { nodes: string[]; credentials: string[] };
};

const sourceOf = (built: string) => join(root, built.replace(/^dist\//, '').replace(/\.js$/, '.ts'));

function instanceOf<T>(built: string): { name: string; instance: T } {
	const name = basename(built).split('.')[0];
	const source = sourceOf(built);
	expect(existsSync(source)).toBe(true);
	// eslint-disable-next-line @typescript-eslint/no-require-imports
	const loaded = require(source) as Record<string, new () => T>;
	return { name, instance: new loaded[name]() };
}

describe("n8n's own rules on the produced descriptions", () => {
	const nodes = manifest.n8n.nodes.map((built) => instanceOf<INodeType>(built));
	const credentials = manifest.n8n.credentials.map((built) => instanceOf<ICredentialType>(built));

	test('find nothing', async () => {
		const subjects: LintSubject[] = [
			...nodes.map(({ name, instance }) => ({ fileBaseName: name, node: instance.description })),
			...credentials.map(({ name, instance }) => ({ fileBaseName: name, credential: instance })),
		];
		const findings = await lintSubjects(subjects);
		const named = findings.map((found, at) => [subjects[at].fileBaseName, found]);
		expect(named).toEqual(subjects.map(({ fileBaseName }) => [fileBaseName, []]));
	}, 60_000);

	test('a form in which an event is mapped is wide, so that no label is cut', () => {
		const names = new Set(operations.map(({ name }) => name));
		const narrow = nodes
			.map(({ instance: { description } }) => description)
			.filter(({ name, parameterPane }) => names.has(name) && parameterPane !== 'wide');
		expect(narrow.map(({ name }) => name)).toEqual([]);
	});

	test('each text box of a credential shows what belongs there', () => {
		const boxes = credentials.flatMap(({ name, instance: { properties } }) =>
			properties
				.filter(({ type }) => type === 'string')
				.map((property) => [`${name}.${property.name}`, property.placeholder] as const),
		);
		expect(boxes.length).toBeGreaterThan(10);
		expect(boxes.filter(([, placeholder]) => !placeholder?.trim())).toEqual([]);
	});

	test('each node shows the form that forms.test.mts writes down', () => {
		const shown = new Map(
			nodes.map(({ instance: { description } }) => [description.name, description.properties]),
		);
		expect(shown).toEqual(
			new Map([
				...operations.map((operation) => [operation.name, formOf(operation)] as const),
				...readOperations.map(({ name, form }) => [name, form()] as const),
			]),
		);
	});

	test('a node file is its header and two calls', () => {
		for (const built of manifest.n8n.nodes) {
			expect(readFileSync(sourceOf(built), 'utf8').split('\n').length).toBeLessThan(45);
		}
	});
});
