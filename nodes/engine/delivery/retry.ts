import { DateTime } from 'luxon';

/** Time and chance, injected so that tests decide both. Milliseconds. */
export interface Clock {
	now: () => number;
	/** Resolves early when the signal aborts. */
	sleep: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
	/** In [0, 1). */
	random: () => number;
}

const FIRST_BACKOFF = 1_000;
const LONGEST_BACKOFF = 30_000;

/**
 * `Retry-After` as the wait it asks for, in milliseconds from `now`: delta seconds or an HTTP date (RFC 9110, section
 * 10.2.3). `undefined` where there is none or it cannot be read.
 */
export function retryAfter(header: string | undefined, now: number): number | undefined {
	const text = header?.trim() ?? '';
	if (/^\d+$/.test(text)) return Number(text) * 1_000;
	const date = DateTime.fromHTTP(text);
	return date.isValid ? Math.max(0, date.toMillis() - now) : undefined;
}

/** Full jitter: anything up to a ceiling that doubles with each failed try. */
export function backoff(failedTries: number, random: () => number): number {
	return Math.round(random() * Math.min(LONGEST_BACKOFF, FIRST_BACKOFF * 2 ** (failedTries - 1)));
}

/** The waiting of one run: a shared pause, and a budget in which time that several requests wait counts once. */
export class WaitBudget {
	private pausedUntil = 0;
	private countedUntil = 0;
	private left: number;
	/** Milliseconds waited for retries, a shared pause once. */
	waited = 0;
	private readonly clock: Clock;

	/** `maxWait` in milliseconds. */
	constructor(maxWait: number, clock: Clock) {
		this.left = maxWait;
		this.clock = clock;
	}

	/** Books a wait of this length from now on. `undefined`: it is over what is left and must not begin. */
	book(milliseconds: number, shared: boolean): { until: number } | undefined {
		const now = this.clock.now();
		const until = now + milliseconds;
		const cost = Math.max(0, until - Math.max(now, this.countedUntil));
		if (cost > this.left) return undefined;
		this.left -= cost;
		this.waited += cost;
		this.countedUntil = Math.max(this.countedUntil, until);
		if (shared) this.pausedUntil = Math.max(this.pausedUntil, until);
		return { until };
	}

	/** Sleeps until the moment and until no shared pause is on. */
	async waitUntil(until: number, signal?: AbortSignal): Promise<void> {
		for (;;) {
			const wait = Math.max(until, this.pausedUntil) - this.clock.now();
			if (wait <= 0 || signal?.aborted) return;
			await this.clock.sleep(wait, signal);
		}
	}
}
