import { setImmediate as nextTurn } from 'node:timers/promises';

import type { Clock } from '../../nodes/engine/clock.ts';

/** A clock that a test can look at. */
export interface TestClock extends Clock {
	/** Every wait that was begun, in milliseconds, in order. */
	readonly waits: number[];
}

const START = Date.parse('2026-11-22T09:00:00Z');

/** Every wait ends at once, and that much time has passed: for runs over real sockets. */
export function instantClock({
	now: start = Date.now(),
	random = () => 0.5,
}: { now?: number; random?: () => number } = {}): TestClock {
	let now = start;
	const waits: number[] = [];
	return {
		waits,
		now: () => now,
		monotonic: () => now,
		random,
		sleep: async (milliseconds) => {
			waits.push(milliseconds);
			const until = now + milliseconds;
			await nextTurn();
			now = Math.max(now, until);
		},
	};
}

/**
 * Time in which nothing takes any but what sleeps: `drive` lets all work go on until it waits, then moves to the next
 * moment somebody sleeps until. So several sleepers keep their order, and no real time passes.
 */
export function virtualClock({
	now: start = START,
	random = () => 0.5,
}: { now?: number; random?: () => number } = {}): TestClock & {
	drive: <T>(work: Promise<T>) => Promise<T>;
	/** Milliseconds since the start. */
	elapsed: () => number;
} {
	let now = start;
	const waits: number[] = [];
	const sleepers: Array<{ until: number; wake: () => void }> = [];
	return {
		waits,
		now: () => now,
		monotonic: () => now,
		elapsed: () => now - start,
		random,
		sleep: async (milliseconds, signal) => {
			if (signal?.aborted) return;
			waits.push(milliseconds);
			await new Promise<void>((resolve) => {
				const sleeper = { until: now + milliseconds, wake: resolve };
				sleepers.push(sleeper);
				signal?.addEventListener('abort', () => {
					const place = sleepers.indexOf(sleeper);
					if (place >= 0) sleepers.splice(place, 1);
					resolve();
				});
			});
		},
		drive: async (work) => {
			let done = false;
			const end = () => (done = true);
			work.then(end, end);
			for (let since = performance.now(); !done;) {
				await nextTurn();
				if (done) break;
				sleepers.sort((one, other) => one.until - other.until);
				const next = sleepers.shift();
				if (next) {
					now = Math.max(now, next.until);
					next.wake();
					since = performance.now();
				} else if (performance.now() - since > 20_000) {
					throw new Error('Nothing sleeps and the work does not end');
				}
			}
			return await work;
		},
	};
}
