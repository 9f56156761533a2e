import type { Evidence } from './field';
import type { Json } from './json';
import type { Issue } from './rule';

/** A text that all events of one request share, and the limit on the whole. Sizes are UTF-8 bytes of what is sent. */
export interface Envelope {
	prefix: string;
	separator: string;
	suffix: string;
}

export interface HttpRequest {
	method: 'GET' | 'POST' | 'PUT';
	url: string;
	headers: Record<string, string>;
	/** `undefined`: no body at all. */
	body?: Buffer;
	/** Requests of the same event that follow this one, whatever it is answered. */
	after?: readonly HttpRequest[];
}

/** Where an event goes: what an encoder knows beside the event. */
export interface Target {
	/** Without trailing slash. */
	baseUrl: string;
	/** The credential's fields, the app or section of the event among them; secrets are added by the credential itself. */
	account: Readonly<Record<string, string>>;
	/** The vendor's method, where the variant of the event decides it. Events of other methods never share a request. */
	method?: string;
}

/** An event in its wire form: what one item became. */
export interface Encoded {
	/** The event's own bytes inside the envelope. */
	text: string;
	/** Events it holds: one, or the length of a list. */
	count: number;
	/** Events of one batch key may share a request. */
	batchKey: string;
	/** Requests of one ordering key are sent in order and never two at once. A new batch key of it closes the older one. */
	orderingKey?: string;
	/** Never shares a request. */
	unbatchable?: boolean;
}

/** One way to send: one event a request, or many. */
export interface WireForm {
	/** The vendor's method name for `delivery.method`. */
	method: (event: Json) => string;
	/** `fault`: the wire form cannot carry this event. */
	encode: (event: Json, target: Target) => Encoded | { fault: Issue };
	/** What surrounds the events of one batch key. */
	envelope: (event: Json, target: Target) => Envelope;
	/** `payload` is the events in their envelope. Called once per try, with what may differ between tries. */
	request: (
		payload: Payload,
		event: Json,
		target: Target,
		perTry: { cacheBuster: () => string },
	) => HttpRequest;
	limit?: { bytes: number; of: string; evidence: Evidence };
	/** A form in which more events share a request, at a price that the vendor does not document. */
	merged?: {
		/** The option of the operation that asks for it. */
		option: string;
		/** Batch key of an event in that form. */
		batchKey: (event: Json) => string;
		/** The form for these events. */
		form: (events: readonly Json[]) => WireForm;
		/** Said where the events need more than twice the least number of requests. */
		hint: (requests: number, least: number) => string;
	};
}

/** The bytes of a request, written once; `text()` for forms that put them into the URL. */
export interface Payload {
	bytes: () => Buffer;
	text: () => string;
}
