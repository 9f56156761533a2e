import type { IncomingHttpHeaders } from 'node:http';

import type { ExportQueue } from './appmetrica-queue.mts';

/** The four vendors; each is mounted under the path prefix of `PREFIXES` in `server.mts`. */
export type Vendor = 'myTracker' | 'appMetrica' | 'gravityField' | 'vibetrace';

/**
 * Why something was refused (or discarded), in the sandbox's own words: more talkative than the vendor's answer.
 * `index` is the 0-based element of a batch or row of a CSV (header not counted), `field` a wire path. Holds no secret.
 */
export type Refusal = { index?: number; field?: string; reason: string };

/** What a vendor module sees of a request. `path` starts after the vendor's prefix, `query` is raw and without `?`. */
export type VendorRequest = {
	number: number;
	method: string;
	path: string;
	query: string;
	/** The whole address as the client wrote it, scheme and host included; for limits on its length. */
	address: string;
	headers: IncomingHttpHeaders;
	/** The bytes received; cut when a body is so far above the limit that keeping it has no use. */
	body: Buffer;
	/** How many bytes of body arrived, kept or not. */
	bodyBytes: number;
	/** The sandbox's clock, milliseconds since 1970. */
	now: number;
};

/** One event a vendor took, before the server files it. */
export type AcceptedEvent = {
	/** Wire names. JSON integers beyond 2^53 are `bigint`; a CSV or query event is all strings. */
	event: Record<string, unknown>;
	/** The exact JSON text of this event as it arrived; absent for CSV and query events. */
	text?: string;
	/** The app it was sent for (MyTracker `idApp`, AppMetrica `application_id`). */
	app?: string;
	/** Gravity Field: the request's `user`, `ctx`, `device` and `options`, shared by its events. */
	context?: Record<string, unknown>;
	/** A natural key under which the vendor keeps only the first event (Vibetrace `orderId`). */
	key?: string;
};

/** A vendor module's verdict: what to answer, what to file and why not. Nothing is stored before the server does it. */
export type VendorAnswer = {
	status: number;
	headers: Record<string, string>;
	body: string;
	/** The vendor's method, e.g. `customEventBatch`, `events.csv`, `event`, `confirmation`. */
	operation?: string;
	events: AcceptedEvent[];
	refusals: Refusal[];
	/** Events that the vendor throws away without a word (a second confirmation of one order). */
	discarded: Refusal[];
	/** A long body, made while it is sent; `body` then only says what it is. */
	stream?: () => Iterable<string>;
	/** Sends `stream` compressed. */
	gzip?: boolean;
};

/** What a vendor module may look at: the good credentials and the keys of what is stored already. */
export type VendorState = {
	credentials: SandboxCredentials;
	apps: SandboxApps;
	keys: ReadonlySet<string>;
	/** What this vendor stored, oldest first. */
	stored: readonly StoredEvent[];
	appMetrica: AppMetricaSettings;
	/** AppMetrica's queue of exports. */
	exports: ExportQueue;
};

export type AppMetricaSettings = {
	/** Days an event may be old; `undefined` = not checked (the pages' samples are of 2009). */
	maxAgeDays?: number;
	/** Whether an empty CSV cell means "absent"; the pages do not say, so it is refused unless `true`. */
	emptyCells?: boolean;
	/** Milliseconds until what was uploaded shows up in exports; the vendor merges every 4 hours. 0 unless given. */
	mergeMs?: number;
	/** How many times an export answers 202 before its file is ready; 1 unless given. */
	exportPolls?: number;
	/** Milliseconds that an export takes at least, by the sandbox's clock; 0 unless given. */
	exportMs?: number;
	/** Seconds from UTC of the times that are printed as text; Moscow (10800) unless given. */
	timeZoneOffset?: number;
};

/** Good values per n8n credential type, ready to be typed in. */
export type SandboxCredentials = {
	myTrackerApi: { token: string; appId: string; baseUrl: string };
	appMetricaApi: { postApiKey: string; applicationId: string; baseUrl: string };
	gravityFieldApi: { apiKey: string; sectionId: string; baseUrl: string };
	vibetraceApi: { accountId: string; baseUrl: string; apiKey: string; apiBaseUrl: string };
	appMetricaOAuthApi: { token: string; baseUrl: string };
};

/** App ids that go with the good token or key; the first is the credential's own. */
export type SandboxApps = { myTracker: string[]; appMetrica: string[] };

/** An event as filed: which request brought it, where in that request it stood and when, by the sandbox's clock. */
export type StoredEvent = AcceptedEvent & {
	vendor: Vendor;
	operation: string;
	request: number;
	index: number;
	time: number;
};
