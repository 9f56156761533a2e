import type { RecordedRequest } from './records.mts';
import type { TlsFault } from './tls.mts';
import type { Vendor } from './types.mts';

/**
 * One thing that goes wrong with one request. The whole request is read first; then exactly one of the keys below says
 * what happens. `vendor` limits it to that vendor's requests. `afterStoring` = the vendor module judges and stores first.
 */
export type Fault = { vendor?: Vendor } & (
	| /** Answers so. Without `afterStoring` nothing is judged or stored. */
	  {
			status: number;
			body?: string;
			headers?: Record<string, string>;
			afterStoring?: boolean;
	  } /** Tears the connection down (TCP reset) instead of answering. */
	| {
			reset: 'beforeStoring' | 'afterStoring';
	  } /** Answers an HTML page, as a proxy or a captcha does; status 200 unless given. */
	| {
			html: true;
			status?: number;
			afterStoring?: boolean;
	  } /** Stores, then sends the vendor's answer a byte every `everyMs` ms: `chunks` writes, the last with all the rest. */
	| {
			drip: { everyMs: number; chunks: number };
	  } /** Never answers; ends when the client leaves or the sandbox closes. */
	| {
			hang: true;
			afterStoring?: boolean;
	  } /** Promises the whole answer in Content-Length, sends half of it and closes the connection. */
	| {
			halfAnswer: true;
			afterStoring?: boolean;
	  } /** Over TLS: breaks the session instead of answering, or with `halfAnswer` after half an answer. */
	| {
			tls: TlsFault;
			halfAnswer?: true;
			afterStoring?: boolean;
	  } /** Answers a redirect (302 unless given) to `redirect`; nothing is stored. */
	| {
			redirect: string;
			status?: number;
	  } /** Holds the request until the promise settles, then goes on as usual. Lets a test see what runs side by side. */
	| { waitFor: PromiseLike<unknown>; afterStoring?: boolean }
);

export type FaultFunction = (request: RecordedRequest) => Fault | undefined;

/** The faults to come, in order. Each is used up by the first request that fits it; nothing is random. */
export type FaultScript = {
	/** Appends faults. */
	push(...faults: Fault[]): void;
	/** Appends a function: it is asked for every request until it returns a fault, and is then used up. */
	next(choose: FaultFunction): void;
	/** Asks this function for every request that the queue leaves alone, until `clear`. */
	always(choose: FaultFunction): void;
	/** Forgets everything. */
	clear(): void;
	/** How many queued faults nobody has met yet (`always` not counted). */
	readonly pending: number;
};

/** A script plus `take`, by which the server asks what happens to a request. */
export function createFaultScript(): FaultScript & { take(request: RecordedRequest): Fault | undefined } {
	let queue: Array<Fault | FaultFunction> = [];
	let standing: FaultFunction[] = [];
	return {
		push: (...faults) => void queue.push(...faults),
		next: (choose) => void queue.push(choose),
		always: (choose) => void standing.push(choose),
		clear: () => {
			queue = [];
			standing = [];
		},
		get pending() {
			return queue.length;
		},
		take: (request) => {
			const fits = (fault: Fault | undefined) =>
				fault !== undefined && (fault.vendor === undefined || fault.vendor === request.vendor);
			for (const [index, entry] of queue.entries()) {
				const fault = typeof entry === 'function' ? entry(request) : entry;
				if (!fits(fault)) continue;
				queue.splice(index, 1);
				return fault;
			}
			for (const choose of standing) {
				const fault = choose(request);
				if (fits(fault)) return fault;
			}
			return undefined;
		},
	};
}
