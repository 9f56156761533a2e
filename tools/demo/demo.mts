/**
 * Runs the example workflows and the recipes of `workflows/` on n8n's own engine against the sandbox and shows what happened.
 *
 * node demo/demo.mts [word …]   only the files whose names hold one of the words; exit code 0 only if all went as announced
 */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { secretsOf } from '../sandbox/credentials.mts';
import { startSandbox } from '../sandbox/server.mts';
import { createEngine } from '../harness/engine.mts';
import { recipeNodes } from '../harness/recipe-nodes.mts';
import { readExamples, readRecipes } from './examples.mts';
import { announcements, recipeAnnouncements } from './expectations.mts';
import { makePaper, printExample, printSummary } from './print.mts';
import { runExample, type ExampleResult } from './run.mts';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
/** Far above what it takes; a demo that hangs would say nothing. */
const MOST_SECONDS = 60;

function say(text: string): void {
	process.stdout.write(`${text}\n`);
}

async function demo(words: readonly string[]): Promise<boolean> {
	const started = performance.now();
	const folder = join(root, 'workflows');
	const examples = [
		...readExamples(folder, Object.keys(announcements)),
		...readRecipes(folder, Object.keys(recipeAnnouncements)),
	].filter(({ file }) => words.length === 0 || words.some((word) => file.includes(word)));
	if (examples.length === 0) throw new Error(`No file of workflows/ has ${words.join(' or ')} in its name.`);
	if (!existsSync(join(root, 'dist', 'index.js')))
		throw new Error('dist/ is missing: run `npm run demo`, which builds it first.');

	// An export of the demo is ready at once; its node would otherwise wait as long as the real one.
	const sandbox = await startSandbox({ appMetrica: { exportPolls: 0 } });
	try {
		const { credentials } = sandbox;
		const paper = makePaper({
			columns: process.stdout.columns,
			colours: process.stdout.isTTY === true && !process.env.NO_COLOR,
			secrets: secretsOf(credentials),
		});
		say("\nThe example workflows and recipes, run on n8n's own engine with the built package.");
		say(`The vendors are played by the sandbox, for now at ${sandbox.url}; nothing leaves this machine.\n`);

		const { nodes: extraNodes, tables } = recipeNodes();
		const engine = await createEngine({ packageDirectory: root, extraNodes });
		const results: ExampleResult[] = [];
		for (const [at, example] of examples.entries()) {
			const announced = announcements[example.file] ?? recipeAnnouncements[example.file];
			const result = await runExample(example, { engine, sandbox, tables, announced });
			results.push(result);
			say(printExample(result, at + 1, paper));
		}
		await engine.close();
		say(printSummary(results, (performance.now() - started) / 1000, paper));
		return results.every(({ deviations }) => deviations.length === 0);
	} finally {
		await sandbox.close();
	}
}

// A reader that has seen enough, such as `head`, closes the pipe; nothing is left to say then.
process.stdout.on('error', () => process.exit(1));

setTimeout(() => {
	process.stderr.write(`The demo did not end within ${MOST_SECONDS} seconds.\n`);
	process.exit(1);
}, MOST_SECONDS * 1000).unref();

demo(process.argv.slice(2)).then(
	(good) => {
		process.exitCode = good ? 0 : 1;
	},
	(error: unknown) => {
		process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
		process.exitCode = 1;
	},
);
