/** The example workflows: importable, made of what the nodes really have, and doing what they announce. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { INode, INodeProperties } from 'n8n-workflow';

import { ownNodes, readExamples } from '../../tools/demo/examples.mts';
import { announcements } from '../../tools/demo/expectations.mts';
import { runExample } from '../../tools/demo/run.mts';
import { startSandbox, type Sandbox } from '../../tools/sandbox/server.mts';
import { createEngine, type Engine } from '../../tools/harness/engine.mts';

const root = process.cwd();
const examples = readExamples(join(root, 'workflows'), Object.keys(announcements));
let engine: Engine;
let sandbox: Sandbox;

beforeAll(async () => {
	if (!existsSync(join(root, 'dist', 'index.js')))
		throw new Error('dist/ is missing: run `npm run build` first');
	[engine, sandbox] = [
		await createEngine({ packageDirectory: root }),
		await startSandbox({ appMetrica: { exportPolls: 0 } }),
	];
});

afterAll(async () => {
	await engine.close();
	await sandbox.close();
});

const named = (file: string) => {
	const example = examples.find((one) => one.file === file);
	if (!example) throw new Error(`No workflow ${file}`);
	return example;
};

/** Names of a form, those inside its collections included, as paths without indexes. */
function formNames(properties: readonly INodeProperties[], prefix = ''): string[] {
	return properties.flatMap(({ name, type, options }) => {
		const path = `${prefix}${name}`;
		if (type === 'collection') return [path, ...formNames((options ?? []) as INodeProperties[], `${path}.`)];
		if (type !== 'fixedCollection') return [path];
		const parts = (options ?? []) as Array<{ name: string; values: INodeProperties[] }>;
		return [
			path,
			...parts.flatMap((part) => [
				`${path}.${part.name}`,
				...formNames(part.values, `${path}.${part.name}.`),
			]),
		];
	});
}

/** Paths of the values given; an object that the form knows as one value, such as JSON, counts as one. */
function givenNames(value: unknown, known: ReadonlySet<string>, path = ''): string[] {
	if (Array.isArray(value)) return value.flatMap((member) => givenNames(member, known, path));
	const hasMembers =
		typeof value === 'object' &&
		value !== null &&
		(path === '' || [...known].some((name) => name.startsWith(`${path}.`)));
	if (!hasMembers) return [path];
	return Object.entries(value as object).flatMap(([name, member]) =>
		givenNames(member, known, path ? `${path}.${name}` : name),
	);
}

describe('together', () => {
	test('every file announces its result, and nothing else is announced', () => {
		expect(examples.map(({ file }) => file)).toEqual(Object.keys(announcements));
	});

	test('their ids are of the length that n8n allows, and differ', () => {
		const ids = examples.map(({ workflow }) => workflow.id ?? '');
		expect(new Set(ids).size).toBe(ids.length);
		expect(ids.filter((id) => !/^[A-Za-z0-9]{1,21}$/.test(id))).toEqual([]);
	});

	test('one credential of one name stands for each type', () => {
		const used = examples.flatMap(ownNodes).flatMap(({ credentials }) => Object.entries(credentials ?? {}));
		const types = new Set(used.map(([type]) => type));
		expect(new Set(used.map((entry) => JSON.stringify(entry))).size).toBe(types.size);
	});
});

describe.each(examples.map((example) => ({ name: example.file, example })))('$name', ({ example }) => {
	const { workflow } = example;
	const byType = (type: string) => workflow.nodes.filter((node) => node.type === type);

	test('is a workflow of known nodes, wired to each other', () => {
		expect(workflow.nodes.map(({ type }) => type).filter((type) => !engine.nodeTypes[type])).toEqual([]);
		const names = workflow.nodes.map(({ name }) => name);
		expect(new Set(names).size).toBe(names.length);
		expect(new Set(workflow.nodes.map(({ id }) => id)).size).toBe(names.length);
		const links = Object.entries(workflow.connections).flatMap(([from, { main }]) => [
			from,
			...main.flatMap((targets) => (targets ?? []).map(({ node }) => node)),
		]);
		expect(links.filter((name) => !names.includes(name))).toEqual([]);
	});

	test('explains itself and brings its own items', () => {
		expect(byType('n8n-nodes-base.stickyNote').length).toBeGreaterThan(0);
		const [trigger] = byType('n8n-nodes-base.manualTrigger');
		expect(Object.keys(workflow.pinData ?? {})).toEqual([trigger.name]);
		expect(workflow.pinData?.[trigger.name].length).toBeGreaterThan(0);
	});

	test('names the credential that its nodes ask for', () => {
		for (const { type, credentials } of ownNodes(example)) {
			const asked = (engine.nodeTypes[type]?.description.credentials ?? []).map(({ name }) => name);
			expect(Object.keys(credentials ?? {})).toEqual(asked);
		}
	});

	test('uses no parameter that the form does not have', () => {
		const unknown = ownNodes(example).flatMap(({ type, parameters }: INode) => {
			const known = new Set(formNames(engine.nodeTypes[type]?.description.properties ?? []));
			return givenNames(parameters, known).filter((path) => path !== '' && !known.has(path));
		});
		// An empty collection gives its own name only.
		expect(unknown).toEqual([]);
	});

	test('wires the error output exactly where On Error uses it', () => {
		for (const { name, onError } of ownNodes(example)) {
			const outputs = workflow.connections[name]?.main.length ?? 0;
			// Without an error output it ends the workflow, or hands its items on.
			const right = onError === 'continueErrorOutput' ? [2] : [0, 1];
			expect(right.includes(outputs) ? name : `${name} has ${outputs} outputs`).toBe(name);
		}
	});

	test('does what it announces', async () => {
		const result = await runExample(example, { engine, sandbox, announced: announcements[example.file] });
		expect(result.deviations).toEqual([]);
	});
});

describe('what leaves', () => {
	test("is the JSON of MyTracker's own curl sample", async () => {
		const { requests } = await runExample(named('mytracker-custom-event.json'), { engine, sandbox });
		expect(requests.map(({ method, url }) => `${method} ${url}`)).toEqual([
			'POST /mytracker/v1/customEvent/?idApp=666',
		]);
		expect(JSON.parse(requests[0].body.toString())).toEqual({
			customUserId: '1',
			customEventName: 'levelUp',
			customEventParams: { level: '2' },
			idGender: '1',
			age: '25',
			eventTimestamp: '1580213208',
			instanceId: '00000000-0000-0000-0000-000000000000',
		});
	});

	test('is each good event of the 45 once', async () => {
		const example = named('mytracker-custom-event-batch.json');
		const { stored } = await runExample(example, { engine, sandbox });
		const sent = stored.map(({ event }) => event.customUserId as string).sort();
		const items = Object.values(example.workflow.pinData ?? {})[0].map(
			({ json }) => json.customUserId as string,
		);
		expect(sent).toEqual(items.filter((id, index) => index !== 7 && id !== 'sandbox-refuse').sort());
	});
});

describe('the check itself', () => {
	const example = named('mytracker-login.json');
	const run = async (announced?: (typeof announcements)[string]) =>
		(await runExample(example, { engine, sandbox, announced })).deviations;

	test('misses no difference', async () => {
		expect(await run()).toEqual(['the workflow has no announcement in tools/demo/expectations.mts']);
		expect(await run({ statuses: { 'Send login': { accepted: 2 } }, requests: 3 })).toEqual([
			"'Send login' announced 2 accepted; it was 1 accepted",
			'announced 3 requests; 1 arrived',
			'announced 2 stored events; the vendors have 1',
		]);
		expect(await run({ statuses: { 'Send other': {} }, requests: 1, events: 1 })).toEqual([
			"'Send login' has no announcement in tools/demo/expectations.mts",
			"'Send other' is announced and not in the workflow",
		]);
	});

	test('tells why a workflow ended early', async () => {
		sandbox.faults.push({ status: 403, body: '{"error": "Forbidden"}' });
		const [first] = await run({ statuses: { 'Send login': { accepted: 1 } }, requests: 1 });
		expect(first).toMatch(/^the workflow ended with: .*token/);
	});
});
