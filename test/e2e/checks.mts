/** A plain runner: one line per check while it runs, then the counts. */
import { performance } from 'node:perf_hooks';

export type Checks = {
	/** Runs one check and prints how it went; tells whether it passed, so that what builds on it can be left out. */
	check: (name: string, body: () => Promise<void>, seconds?: number) => Promise<boolean>;
	/** A check that could not even begin. */
	fail: (name: string, reason: string) => void;
	/** Prints the last line and returns the exit code. */
	close: () => number;
};

const words = (error: unknown) => (error instanceof Error ? error.message : String(error)).trimEnd();
const indented = (text: string) =>
	text
		.split('\n')
		.map((line) => `      ${line}`)
		.join('\n');

export function createChecks(print: (line: string) => void = console.log): Checks {
	let passed = 0;
	const failures: string[] = [];

	const fail = (name: string, reason: string) => {
		failures.push(name);
		print(`FAIL  ${name}\n${indented(reason)}`);
	};

	return {
		fail,
		check: async (name, body, seconds = 180) => {
			const started = performance.now();
			let timer: NodeJS.Timeout | undefined;
			const late = new Promise<never>((_, reject) => {
				timer = setTimeout(() => reject(new Error(`not done after ${seconds} s`)), seconds * 1_000);
			});
			try {
				await Promise.race([body(), late]);
				passed++;
				print(`ok    ${name} (${((performance.now() - started) / 1_000).toFixed(1)} s)`);
				return true;
			} catch (error) {
				fail(name, words(error));
				return false;
			} finally {
				clearTimeout(timer);
			}
		},
		close: () => {
			if (failures.length > 0) print(`\nFailed:\n${indented(failures.join('\n'))}`);
			print(`\n${passed} passed, ${failures.length} failed`);
			return failures.length === 0 ? 0 : 1;
		},
	};
}
