const FIRST_BACKOFF = 1_000;
const LONGEST_BACKOFF = 30_000;

/** Full jitter: anything up to a ceiling that doubles with each failed try. Milliseconds. */
export function backoff(failedTries: number, random: () => number): number {
	return Math.round(random() * Math.min(LONGEST_BACKOFF, FIRST_BACKOFF * 2 ** (failedTries - 1)));
}
