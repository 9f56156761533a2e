import type { Clock } from '../clock';

/** The waiting of one run: a shared pause, and a budget in which time that several requests wait counts once. */
export class WaitBudget {
	private pausedUntil = Number.NEGATIVE_INFINITY;
	private countedUntil = Number.NEGATIVE_INFINITY;
	private left: number;
	/** Milliseconds waited for retries, a shared pause once. */
	waited = 0;
	private readonly clock: Clock;

	/** `maxWait` in milliseconds. */
	constructor(maxWait: number, clock: Clock) {
		this.left = maxWait;
		this.clock = clock;
	}

	/**
	 * Books a wait of this length from now on; `until` is a reading of the monotonic clock. `undefined`: it is over what
	 * is left and must not begin.
	 */
	book(milliseconds: number, shared: boolean): { until: number } | undefined {
		const now = this.clock.monotonic();
		const until = now + milliseconds;
		const cost = Math.max(0, until - Math.max(now, this.countedUntil));
		if (cost > this.left) return undefined;
		this.left -= cost;
		this.waited += cost;
		this.countedUntil = Math.max(this.countedUntil, until);
		if (shared) this.pausedUntil = Math.max(this.pausedUntil, until);
		return { until };
	}

	/** Sleeps until no shared pause is on. */
	async waitForPause(signal?: AbortSignal): Promise<void> {
		await this.waitUntil(Number.NEGATIVE_INFINITY, signal);
	}

	/** Sleeps until the moment and until no shared pause is on. */
	async waitUntil(until: number, signal?: AbortSignal): Promise<void> {
		for (;;) {
			const wait = Math.max(until, this.pausedUntil) - this.clock.monotonic();
			if (wait <= 0 || signal?.aborted) return;
			await this.clock.sleep(wait, signal);
		}
	}
}
