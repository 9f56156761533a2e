/**
 * What every vendor and every operation must have beside its code, as sentences that name the file to write. The lists
 * come from the folders below `nodes`, so that nothing passes by being left out of a list.
 */
import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';

import escapeRegExp from 'lodash/escapeRegExp.js';

import { operations, readOperations } from '../../index.ts';
import type { ReadOperation } from '../../nodes/engine/reading/readOperation.ts';
import type { Operation } from '../../nodes/engine/operation/operation.ts';
import { PREFIXES } from '../../tools/sandbox/server.mts';
import { folderOf, keyOf, methodOf, nodeFiles, operationsOf, read, root, slugOf } from './folders.mts';

/** What to do, unless it is done. */
type Task = string | false;

const exists = (file: string) => existsSync(join(root, file));
const upperFirst = (text: string) => text[0].toUpperCase() + text.slice(1);
const lowerFirst = (text: string) => text[0].toLowerCase() + text.slice(1);

const file = (path: string, what: string): Task => !exists(path) && `Write ${path}: ${what}`;
/** `entry` stands in the file as a whole word. */
const entry = (path: string, word: string, what: string): Task =>
	exists(path) &&
	!new RegExp(`(?<![\\w-])${escapeRegExp(word)}(?![\\w-])`).test(read(path)) &&
	`Add ${word} to ${path}: ${what}`;

const todo = (tasks: readonly Task[]): string[] => tasks.filter((task) => task !== false);

const secretsOf = (type: string) =>
	operations.find(({ credential }) => credential.type === type)?.credential.secrets ?? [];

export function tasksOfVendor(folder: string): string[] {
	const [slug, key, own] = [slugOf(folder), keyOf(folder), operationsOf(folder)];
	const tests = `test/vendors/${slug}`;
	const name = own[0]?.vendor ?? folder;
	const credentials = [...new Set(own.map(({ credential }) => credential.type))];
	const { keywords } = JSON.parse(read('package.json')) as { keywords: string[] };
	return todo([
		own.length === 0 && `Add the operations of nodes/${folder} to index.ts`,
		file(`icons/${slug}.svg`, 'its icon in the light theme'),
		file(`icons/${slug}.dark.svg`, 'its icon in the dark theme'),
		...credentials.flatMap((type) => [
			file(
				`credentials/${upperFirst(type)}.credentials.ts`,
				`the credential ${type} that its operations name`,
			),
			entry('tools/sandbox/types.mts', type, 'good values of this credential'),
			entry('tools/sandbox/credentials.mts', type, 'its good values, and its secrets in secretsOf'),
			...secretsOf(type).map((secret) =>
				entry('tools/sandbox/credentials.mts', `${type}.${secret}`, 'a secret that its page must not show'),
			),
			entry('test/e2e/editor.mts', type, 'this credential in the real editor'),
		]),
		file(`test/pages/${slug}.json`, 'its documentation, transcribed row by row without a look at our table'),
		file(`tools/sandbox/${slug}.mts`, 'its part of the sandbox, written from its documentation alone'),
		!(key in PREFIXES) &&
			`Add ${key} to tools/sandbox/types.mts and tools/sandbox/server.mts: where the sandbox has it`,
		entry('tools/sandbox/README.md', name, 'how strict its part of the sandbox is'),
		file(`test/tools/sandbox/${slug}.test.mts`, 'its part of the sandbox, tested by its documentation'),
		file(`${tests}/page.test.mts`, 'its tables against the transcribed documentation, in both directions'),
		file(`${tests}/wire.test.mts`, 'its requests byte for byte, and what becomes of each answer'),
		file(`${tests}/form.test.mts`, 'what is filled into its forms becomes the event'),
		file(`${tests}/run.test.mts`, 'whole runs against the sandbox, and the test of its credential'),
		file(`${tests}/cases.mts`, 'an event of each operation for test/promises'),
		entry('test/promises/fault-matrix.test.mts', key, 'what becomes of its events at each fault'),
		!keywords.some((word) => word.replaceAll('-', '') === slug) &&
			`Add "${slug}" to keywords in package.json`,
		entry('README.md', name, 'what it is and how to get its credential'),
		entry('README.ru.md', name, 'the same in Russian'),
		entry('CONTRIBUTING.md', name, 'its row in the table of vendors'),
	]);
}

/** Node files that no operation and no line of package.json stands for. */
export const tasksOfNodeFiles = (folder: string): string[] =>
	nodeFiles(folder).flatMap((path) => {
		const name = lowerFirst(basename(path, '.node.ts'));
		return todo([
			![...operations, ...readOperations].some((operation) => operation.name === name) &&
				`Add the operation ${name} of ${path} to index.ts`,
			entry('package.json', `dist/${path.replace(/\.ts$/, '.js')}`, 'the node, under n8n.nodes'),
		]);
	});

export function tasksOfOperation(operation: Operation): string[] {
	const { name, vendor, title } = operation;
	const [folder, method] = [folderOf(operation), methodOf(operation)];
	const slug = slugOf(folder);
	const tests = `test/vendors/${slug}`;
	const node = `nodes/${folder}/${upperFirst(name)}/${upperFirst(name)}.node.ts`;
	const example = `workflows/${`${vendor} ${title}`.toLowerCase().replaceAll(' ', '-')}`;
	return todo([
		file(node, 'the node of this operation'),
		...documentedMethods(operation).map(
			(one) =>
				!pageOperations(slug).includes(one) &&
				`Add the operation ${one} to test/pages/${slug}.json: its documentation, transcribed row by row`,
		),
		...(['page', 'form', 'run'] as const).map(
			(part) =>
				exists(`${tests}/${part}.test.mts`) &&
				![name, method].some((word) => namedIn(tests, [`${part}.test.mts`, 'support.mts'], word)) &&
				`Add ${name} to ${tests}/${part}.test.mts`,
		),
		entry(
			`${tests}/wire.test.mts`,
			name,
			'its request in both ways to send, and what becomes of each answer',
		),
		entry(`${tests}/cases.mts`, name, 'its events for test/promises'),
		!hasExample(operation, operation.oneByOne ? undefined : 'single') &&
			`Write ${example}.json: an example that sends single events`,
		!operation.oneByOne &&
			!hasExample(operation, 'batch') &&
			`Write ${example}-batch.json: an example that sends batches`,
		entry(
			'test/package/__snapshots__/forms.test.mts.snap',
			name,
			'run `npx jest test/package/forms -u` and read it',
		),
		...common(operation),
	]);
}

/** An operation that reads has no table and sends nothing, so that neither page nor promises ask about its events. */
export function tasksOfReadOperation({ name, vendor, title }: ReadOperation): string[] {
	const slug = slugOf(folderOf({ name }));
	const file = `workflows/${`${vendor} ${title}`.toLowerCase().replaceAll(' ', '-')}.json`;
	return todo([
		!filesBelow(`test/vendors/${slug}`).some((one) => new RegExp(`\\b${name}\\b`).test(read(one))) &&
			`Write a test of ${name} below test/vendors/${slug}: its requests byte for byte, and what becomes of each answer`,
		!hasExample({ name }) && `Write ${file}: an example that reads`,
		...common({ name }),
	]);
}

const filesBelow = (folder: string): string[] =>
	readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
		.filter((one) => one.endsWith('.mts'))
		.map((one) => `${folder}/${one}`);

/** The methods that the pages describe: those of the variants, where they decide it. */
function documentedMethods(operation: Operation): string[] {
	const decided = operation.variants?.values.flatMap(({ method }) => method?.single ?? []) ?? [];
	// A page names them all, or the one that they make.
	const whole = methodOf(operation);
	return decided.length && !pageOperations(slugOf(folderOf(operation))).includes(whole) ? decided : [whole];
}

/** What every node must have. */
const common = ({ name }: Pick<Operation, 'name'>): Task[] => [
	entry('test/e2e/editor.mts', upperFirst(name), 'what a user types to find it'),
	entry('README.md', name, 'its row in the table of nodes'),
	entry('README.ru.md', name, 'its row in the Russian table of nodes'),
];

/** An example without an announcement is not checked. */
export const tasksOfExamples = (): string[] =>
	todo(
		readdirSync(join(root, 'workflows'))
			.filter((one) => one.endsWith('.json'))
			.map((one) => entry('tools/demo/expectations.mts', one, 'what this example announces')),
	);

const namedIn = (folder: string, files: readonly string[], word: string) =>
	files.some(
		(one) => exists(`${folder}/${one}`) && new RegExp(`\\b${word}\\b`).test(read(`${folder}/${one}`)),
	);

/** Whether a file of `workflows` shows the node sending in this way. */
const hasExample = ({ name }: Pick<Operation, 'name'>, sendAs?: 'single' | 'batch'): boolean =>
	readdirSync(join(root, 'workflows'))
		.filter((one) => one.endsWith('.json'))
		.some((one) => {
			const { nodes } = JSON.parse(read(`workflows/${one}`)) as {
				nodes: Array<{ type: string; parameters: { sendAs?: string } }>;
			};
			return nodes.some(
				({ type, parameters }) => type.endsWith(`.${name}`) && (!sendAs || parameters.sendAs === sendAs),
			);
		});

/** The operations that the transcribed pages of a vendor describe. */
const pageOperations = (slug: string): string[] =>
	readdirSync(join(root, 'test/pages'))
		.filter((one) => one === `${slug}.json` || one.startsWith(`${slug}-`))
		.flatMap((one) => {
			const page = JSON.parse(read(`test/pages/${one}`)) as { operations?: object };
			return Object.keys(page.operations ?? {});
		});
