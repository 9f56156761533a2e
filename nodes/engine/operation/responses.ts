export interface VendorResponse {
	status: number;
	headers: Readonly<Record<string, string>>;
	text: string;
	/** The body if it is JSON. */
	json: unknown;
	html: boolean;
}

/**
 * What a fatal response applies to: everything that is sent with the same credential, which usually is the whole run; the
 * items of the same app or section; or those of the same method (where the path names an event type, of that type).
 */
export type FatalScope = 'account' | 'app' | 'method';

/** A response that will be the same for everything of its scope. */
export interface FatalResponse {
	scope: FatalScope;
	/** What happened and what to do. */
	reason: string;
	/** One event may be the cause, so a request of several is halved before anything ends. */
	halveFirst?: true;
}

/** How to read a vendor's responses. */
export interface ResponseRules {
	/** Whether a 2xx that is not HTML says that the events were taken. */
	accepts: (response: VendorResponse) => boolean;
	/** Whether there is evidence that this 5xx of the vendor stored nothing. 503 says so for every vendor. */
	safeToRetry: (status: number, method: string) => boolean;
	/** A fatal response that is known by its body. */
	fatal?: (response: VendorResponse) => FatalResponse | undefined;
	/** What a fatal status (401, 403, 404, 405, 410) applies to, where that is less than the account. */
	fatalScope?: Readonly<Record<number, FatalScope>>;
	/** What to do, by status. */
	advice: Readonly<Record<number, string>>;
	/** What to do about a status without a line of its own. */
	defaultAdvice: string;
	/** A refusal of this event alone by a status that usually applies to more, e.g. a 404 for one unknown user: what to do about it. */
	refusesOne?: (response: VendorResponse, method: string) => string | undefined;
	/** The vendor's own sentences in the body of a refusal. */
	words?: (json: unknown) => readonly string[];
	/** Reads a body that is not JSON, e.g. JSONP; `undefined`: nothing to read. */
	parse?: (text: string) => unknown;
}
