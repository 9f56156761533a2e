import type { Clock } from '../clock';

/** What one request for a file says. `body` is read once. */
export type FileResponse =
	| { ready: AsyncIterable<Uint8Array> }
	/** The vendor is still making the file; `progress` in its own words. */
	| { preparing: string }
	/** The vendor takes no further request now. */
	| { queueFull: string }
	/** No answer, or one that a later try may change. Reading is safe to repeat. */
	| { temporary: string }
	| { refused: string; httpStatus?: number }
	| { cancelled: true };

export interface PollPlan {
	/** Sends the request. `isFirst`: a new file is wanted; every later request asks for the same file. */
	request: (isFirst: boolean) => Promise<FileResponse>;
	/** Whether the file was asked for by an earlier run, so that no request of this run is the first. */
	continues: boolean;
	/** Most milliseconds of waiting. */
	maxWait: number;
	clock: Clock;
	signal?: AbortSignal;
}

export type PollResult = (
	| { ready: AsyncIterable<Uint8Array> }
	| { notReady: string }
	| { refused: string; httpStatus?: number }
	| { cancelled: true }
) & {
	requests: number;
	/** Milliseconds. */
	waited: number;
};

/** Pauses in milliseconds: the vendor's own loader waits 10 s while a file is made and 60 s while the queue is full. */
const FIRST_PAUSE = 10_000;
const LONGEST_PAUSE = 60_000;
const GROWTH = 1.5;
/** Failures in a row after which the vendor is taken to be away. */
const MOST_FAILURES = 5;

/**
 * Asks for a file that a vendor prepares in the background, until it is there, the waiting is used up, or the vendor refuses.
 * One request at a time: a second one would only queue another file.
 */
export async function pollFile({
	request,
	continues,
	maxWait,
	clock,
	signal,
}: PollPlan): Promise<PollResult> {
	let requests = 0;
	let waited = 0;
	let failures = 0;
	let pause = FIRST_PAUSE;
	// The file is only asked for once the vendor has taken a request.
	let isAsked = continues;
	for (;;) {
		if (signal?.aborted) return { cancelled: true, requests, waited };
		const response = await request(!isAsked);
		requests++;
		if ('ready' in response || 'refused' in response || 'cancelled' in response) {
			return { ...response, requests, waited };
		}
		let reason: string;
		let wait: number;
		if ('preparing' in response) {
			isAsked = true;
			failures = 0;
			reason = response.preparing;
			wait = pause;
			pause = Math.min(LONGEST_PAUSE, pause * GROWTH);
		} else if ('queueFull' in response) {
			failures = 0;
			reason = response.queueFull;
			wait = LONGEST_PAUSE;
		} else {
			failures++;
			reason = response.temporary;
			wait = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (failures - 1));
			if (failures >= MOST_FAILURES) return { refused: reason, requests, waited };
		}
		if (waited + wait > maxWait) return { notReady: reason, requests, waited };
		await clock.sleep(wait, signal);
		waited += wait;
	}
}
