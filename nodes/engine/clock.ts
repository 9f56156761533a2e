import { sleep } from 'n8n-workflow';

/** Time and chance, injected so that tests decide both. Milliseconds. */
export interface Clock {
	/** The wall clock, as Unix time. It may be set back or forward at any moment. */
	now: () => number;
	/** A clock that only goes forward; only differences between its readings mean anything. */
	monotonic: () => number;
	/** Resolves early when the signal aborts. */
	sleep: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
	/** In [0, 1). */
	random: () => number;
}

export const systemClock: Clock = {
	now: () => Date.now(),
	monotonic: () => performance.now(),
	random: () => Math.random(),
	sleep: async (milliseconds, signal) => {
		if (signal?.aborted) return;
		const aborted = new Promise<void>((resolve) =>
			signal?.addEventListener('abort', () => resolve(), { once: true }),
		);
		// Older n8n ignores the signal, newer n8n rejects on it.
		await Promise.race([sleep(milliseconds, signal).catch(() => undefined), aborted]);
	},
};
