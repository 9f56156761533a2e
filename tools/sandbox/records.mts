/** What the sandbox remembers of each request. */
import type { IncomingHttpHeaders } from 'node:http';

import type { Fault } from './faults.mts';
import type { Refusal, Vendor } from './types.mts';

/** One request to a vendor, recorded when its headers arrive; the rest is filled in as it happens. */
export type RecordedRequest = {
	/** 1-based, in order of arrival, over all vendors. */
	number: number;
	/** `other` = under no vendor's prefix; such a request is answered 404. */
	vendor: Vendor | 'other';
	/** HTTP method. */
	method: string;
	/** The request line's target, exactly as sent. */
	url: string;
	headers: IncomingHttpHeaders;
	/** Names and values in turn, as sent. */
	rawHeaders: string[];
	/** Empty until the whole body is read. A body far above its vendor's limit is cut; `bodyBytes` still counts it all. */
	body: Buffer;
	bodyBytes: number;
	/** When the headers arrived, by the sandbox's clock. */
	time: number;
	/** Monotonic milliseconds of `performance.now()`; `endedAt` is absent while the request is open. */
	startedAt: number;
	endedAt?: number;
	/** The same two moments as numbers of one sequence, without ties; see `overlaps`. */
	startTick: number;
	endTick?: number;
	/** How many requests to this vendor were open when this one arrived, itself included. */
	inFlight: number;
	/** The vendor's method, when the path named one: `customEventBatch`, `events.csv`, `event`, `confirmation`. */
	operation?: string;
	/** What was sent back: status and the whole body it would have. Absent when a fault left the request unanswered. */
	status?: number;
	answer?: string;
	/** How many events this request stored. */
	stored: number;
	/** Why it was refused; empty when it was not. */
	refusals: Refusal[];
	/** Events that the vendor throws away in silence (Vibetrace: an order already stored). */
	discarded: Refusal[];
	/** The fault that hit it. */
	fault?: Fault;
};

/** Whether two requests were open at the same time. A request still open counts as open until now. */
export function overlaps(a: RecordedRequest, b: RecordedRequest): boolean {
	return a.startTick < (b.endTick ?? Infinity) && b.startTick < (a.endTick ?? Infinity);
}
