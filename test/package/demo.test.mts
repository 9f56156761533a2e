/** The demo as people run it: a process that ends by itself, and words that hide keys. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { readExamples, readRecipes } from '../../tools/demo/examples.mts';
import { announcements, recipeAnnouncements } from '../../tools/demo/expectations.mts';
import {
	eventsIn,
	makePaper,
	printExample,
	printSummary,
	ranges,
	type Paper,
} from '../../tools/demo/print.mts';
import { runExample, type ExampleResult } from '../../tools/demo/run.mts';
import { secretsOf } from '../../tools/sandbox/credentials.mts';
import { startSandbox, type RecordedRequest, type Sandbox } from '../../tools/sandbox/server.mts';
import { createEngine } from '../../tools/harness/engine.mts';
import { recipeNodes } from '../../tools/harness/recipe-nodes.mts';

const root = process.cwd();
const ESCAPES = /\u001b\[/;

let sandbox: Sandbox;
let results: ExampleResult[];
let secrets: string[];

beforeAll(async () => {
	sandbox = await startSandbox({ appMetrica: { exportPolls: 0 } });
	const { nodes: extraNodes, tables } = recipeNodes();
	const engine = await createEngine({ packageDirectory: root, extraNodes });
	secrets = secretsOf(sandbox.credentials);
	results = [];
	const folder = join(root, 'workflows');
	for (const example of [
		...readExamples(folder, Object.keys(announcements)),
		...readRecipes(folder, Object.keys(recipeAnnouncements)),
	]) {
		const announced = announcements[example.file] ?? recipeAnnouncements[example.file];
		results.push(await runExample(example, { engine, sandbox, tables, announced }));
	}
	await engine.close();
});

afterAll(async () => {
	await sandbox.close();
});

const everything = (paper: Paper) =>
	[...results.map((result, at) => printExample(result, at + 1, paper)), printSummary(results, 1, paper)].join(
		'\n',
	);

describe('what is printed', () => {
	test('has colours only where they are asked for', () => {
		expect(everything(makePaper({ colours: false, secrets }))).not.toMatch(ESCAPES);
		expect(everything(makePaper({ colours: true, secrets }))).toMatch(ESCAPES);
	});

	test('holds no key, no token and no path of the machine', () => {
		const text = everything(makePaper({ colours: false, secrets }));
		for (const secret of [...secrets, root]) expect(text).not.toContain(secret);
	});

	test('stays within the width it is given', () => {
		for (const columns of [100, 110, 200]) {
			const paper = makePaper({ columns, colours: false, secrets });
			const tooLong = everything(paper)
				.split('\n')
				.filter((line) => [...line].length > Math.max(paper.width, 112));
			expect(tooLong).toEqual([]);
		}
	});

	test('tells each failed item with its reason', () => {
		const text = printExample(
			results.find(({ example }) => example.file === 'mytracker-custom-event-batch.json') as ExampleResult,
			1,
			makePaper({ colours: false, secrets }),
		);
		expect(text).toMatch(/invalid +item 7\n +Not sent: 'Age' /);
		expect(text).toMatch(/rejected +item 30\n +MyTracker refused/);
		expect(text).toContain('items 0-6, 8-29, 31-44');
	});

	test('says loudly when something is not as announced', () => {
		const bad = [{ ...results[0], deviations: ['announced 2 requests; 1 arrived'] }];
		const paper = makePaper({ colours: false, secrets });
		expect(printExample(bad[0], 1, paper)).toContain('NOT AS ANNOUNCED: announced 2 requests; 1 arrived');
		expect(printSummary(bad, 1, paper)).toContain('1 of 1 workflow did not go as announced.');
	});
});

describe('its parts', () => {
	test('ranges', () => {
		expect(ranges([])).toBe('');
		expect(ranges([0, 1, 2, 5, 7, 8])).toBe('0-2, 5, 7-8');
	});

	test('events of a request are counted from its bytes', () => {
		const counted = (vendor: RecordedRequest['vendor'], body: string, url = '/') =>
			eventsIn({ vendor, url, body: Buffer.from(body), stored: 0 } as RecordedRequest);
		expect(counted('myTracker', '[{},{}]')).toBe(2);
		expect(counted('myTracker', '{}')).toBe(1);
		expect(counted('appMetrica', '')).toBe(1);
		expect(counted('appMetrica', 'a,b\n1,2\n3,4\n')).toBe(2);
		expect(counted('gravityField', '{"data":[{},{},{}]}')).toBe(3);
		expect(counted('vibetrace', '', `/e?data=${encodeURIComponent('[{},{}]')}&ts=1`)).toBe(2);
		expect(counted('myTracker', 'not JSON')).toBe(0);
	});
});

describe('as a process', () => {
	const run = (...words: string[]) =>
		spawnSync(process.execPath, ['--no-warnings', join('tools', 'demo', 'demo.mts'), ...words], {
			cwd: root,
			encoding: 'utf8',
			timeout: 30_000,
		});

	test('ends by itself with 0 when all went as announced', () => {
		const { status, stdout, stderr } = run('mytracker-login.json');
		expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
		expect(stdout).toContain('All 1 workflow went as announced');
		expect(stdout).not.toMatch(ESCAPES);
		expect(stdout).not.toContain(root);
	});

	test('ends with 1 when there is nothing to show', () => {
		const { status, stderr } = run('no-such-file');
		expect(status).toBe(1);
		expect(stderr).toBe('No file of workflows/ has no-such-file in its name.\n');
	});
});
