export interface VendorResponse {
	status: number;
	headers: Readonly<Record<string, string>>;
	text: string;
	/** The body if it is JSON. */
	json: unknown;
	html: boolean;
}

/** How to read a vendor's answers. */
export interface ResponseRules {
	/** Whether a 2xx that is not HTML says that the events were taken. */
	accepts: (answer: VendorResponse) => boolean;
	/** Whether this 5xx says that nothing was stored. */
	safeToRetry: (status: number) => boolean;
	/** An answer that will be the same for every request of the run; what to do about it. */
	fatal?: (answer: VendorResponse) => string | undefined;
	/** What to do, by status; `0`: whatever has no line of its own. */
	advice: Readonly<Record<number, string>>;
	/** Reads an answer that is not JSON, e.g. JSONP; `undefined`: nothing to read. */
	parse?: (text: string) => unknown;
}
