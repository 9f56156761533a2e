/**
 * The words in which a vendor's operation is described. One table per operation is the only list of its fields: the
 * form, the zod schema, the wire form, the reference and the test data are all made from it.
 */

import type { ICredentialDataDecryptedObject, IHttpRequestOptions } from 'n8n-workflow';

/** How sure we are of a fact: printed by the vendor, read in the vendor's own code, or our reading of both. */
export type Evidence = 'documented' | 'vendor code' | 'inferred';

export interface Choice {
	value: string;
	label: string;
	help?: string;
}

export interface Pattern {
	is: RegExp;
	/** Completes 'must be …'. */
	says: string;
}

/** What a value may be and in which form it travels. Lengths count code points. */
export type ValueType =
	| {
			kind: 'text';
			min?: number;
			max?: number;
			length?: number;
			pattern?: Pattern;
			/** Changes the text before it is checked, e.g. an IPv4 address into its IPv6 form. */
			rewrite?: (text: string) => string;
	  }
	/** `text`: digits in a JSON string; `bare`: digits without quotes, of any length; `number`: a JSON number. */
	| { kind: 'integer'; min?: bigint; max?: bigint; as: 'text' | 'bare' | 'number'; isId?: true }
	| { kind: 'decimal'; min?: number; as: 'number' }
	/** `toggle`: the 0/1 kind, which also takes true and false. `open`: the known values; any other text, or any of this pattern, passes too. */
	| { kind: 'choice'; values: readonly Choice[]; toggle?: boolean; open?: true | Pattern }
	| { kind: 'boolean' }
	/** `min` and `max` in Unix seconds. `aged`: the run's `maxAgeDays` applies. */
	| { kind: 'time'; as: 'secondsText' | 'isoUtc' | 'isoZoned'; min?: number; max?: number; aged?: boolean }
	/** `free`: other names in it are the user's own, so that none is undocumented. */
	| { kind: 'object'; fields: readonly Field[]; free?: true }
	| { kind: 'list'; of: readonly Field[]; min?: number }
	| { kind: 'texts'; max?: number }
	/** Free names with text values. `drop`: an empty value drops the pair with a hint. */
	| { kind: 'map'; name: { min: number; max?: number }; value: { min: number; max?: number } }
	/** Free names with free values; `as: 'text'` travels as JSON text. */
	| { kind: 'json'; as: 'object' | 'text' };

/** Where a choice of the form, such as the platform, must stand for a field to be shown. */
export type ShowWhen = Readonly<Record<string, readonly string[]>>;

export interface Field {
	/** The vendor's name, also the parameter's name in the form. */
	wire: string;
	label: string;
	/** What it is, without what the bounds already say. */
	help: string;
	type: ValueType;
	/** `true`, or the values of the operation's selector, or of its `decidedBy`, under which the vendor requires it. */
	required?: true | readonly string[];
	/** The parameter of the form, where it is not the vendor's name. */
	formName?: string;
	/** The collection of the form that holds it; none: top level. */
	section?: string;
	show?: ShowWhen;
	hide?: ShowWhen;
	/** What the vendor assumes when it is absent: shown in the help, never sent. */
	vendorDefault?: string;
	example?: unknown;
	/** Another name under which an incoming item may hold it. */
	alias?: string;
	/** Belongs to one event of a list, not to what the events of a list share. */
	perEvent?: boolean;
	/** How the form asks for a compound value. */
	form?: CompoundForm;
	evidence: Evidence;
	/** What a text that is not a number most likely is, as the end of the sentence "'Label' (wire) …". */
	explain?: (text: string) => string | undefined;
}

/** A compound value is typed in rows or as JSON; `<wire>Mode` says which. */
export interface CompoundForm {
	/** Parameter that holds the rows, and the name of the repeated part: `customEventParams.pair[…]`. */
	rows?: { name: string; part: string; label: string; add: string };
	json: { name: string; label: string };
	default: 'rows' | 'json';
	/** The value of `<wire>Mode` that stands for rows. */
	rowsMode?: string;
}

export interface Section {
	name: string;
	label: string;
	help?: string;
	show?: ShowWhen;
}

/** A choice in front of the form that decides which rule applies, read per item, in both mapping modes. */
export interface Selector {
	name: string;
	label: string;
	help: string;
	values: readonly Choice[];
	default: string;
}

export interface Issue {
	/** Wire path, e.g. `cart[0].itemPrice`. */
	field: string;
	message: string;
}

export type Json = Record<string, unknown>;

/** A rule across fields. `says` stands in the reference. */
export interface Rule {
	says: string;
	evidence: Evidence;
	/** For an operation with lists: applies to each event of a list. */
	perEvent?: boolean;
	check: (event: Json, selected: string) => Issue[];
}

/** A text that all events of one request share, and the limit on the whole. Sizes are UTF-8 bytes of what is sent. */
export interface Envelope {
	prefix: string;
	separator: string;
	suffix: string;
}

export interface HttpRequest {
	method: 'GET' | 'POST';
	url: string;
	headers: Record<string, string>;
	/** `undefined`: no body at all. */
	body?: Buffer;
}

/** What an encoder knows beside the event. */
export interface Target {
	/** Without trailing slash. */
	baseUrl: string;
	app: string;
	/** The credential's fields; secrets are added by the credential itself. */
	account: Readonly<Record<string, string>>;
}

/** An event in its wire form: what one item became. */
export interface Encoded {
	/** The event's own bytes inside the frame. */
	text: string;
	/** Events it holds: one, or the length of a list. */
	count: number;
	/** Events of one group may share a request. */
	batchKey: string;
	/** Requests of one lane are sent in order and never two at once. A new group of a lane closes the older one. */
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
	/** What surrounds the events of one group. */
	envelope: (event: Json, target: Target) => Envelope;
	/** `payload` is open + events + close. Called once per try, with what may differ between tries. */
	request: (payload: Payload, event: Json, target: Target, fresh: { digits: () => string }) => HttpRequest;
	limit?: { bytes: number; of: string; evidence: Evidence };
}

/** The bytes of a request, written once; `text()` for forms that put them into the URL. */
export interface Payload {
	bytes: () => Buffer;
	text: () => string;
}

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

export interface CredentialBinding {
	type: string;
	label: string;
	/** Fields whose values must never be seen. */
	secrets: readonly string[];
	/**
	 * The credential's field that names the app, the option that overrides it and how the vendor calls it. `wire`: the
	 * name under which an incoming item may hold it; it must then be the app to which the event goes.
	 */
	app?: { field: string; option: string; label: string; wire?: string };
	/** Names under which an incoming item may hold a secret; they are no part of the event and never shown. */
	secretNames?: readonly string[];
	/** Other fields that must be filled. */
	required: readonly string[];
	/** Adds the secrets to a request; the credential type's own `authenticate`. */
	authenticate: Authenticate;
}

/** n8n's function form of a credential's `authenticate`. */
export type Authenticate = (
	credentials: ICredentialDataDecryptedObject,
	requestOptions: IHttpRequestOptions,
) => Promise<IHttpRequestOptions>;

/** One option of the collection 'Options'. Numbers are whole. */
export type SettingRow = {
	name: string;
	label: string;
	help: string;
	/** Read for each item, so it may be an expression. */
	perItem?: boolean;
} & (
	| { type: 'number'; default: number; min: number; max: number }
	| { type: 'boolean'; default: boolean }
	| { type: 'options'; default: string; values: readonly Choice[] }
	| { type: 'string'; default: string }
);

export interface OperationDefaults {
	sendAs: 'single' | 'batch';
	batchSize: { default: number; max: number };
	concurrency: number;
	/** Milliseconds. */
	timeout: { single: number; batch: number };
	onRejectedBatch: 'isolate' | 'fail';
	extraFields: 'ignore' | 'error' | 'send';
	/** Whether the vendor tolerates undocumented names, so that they may be sent. */
	additionalProperties: boolean;
	maxAgeDays?: number;
}

export interface Operation {
	/** The node's `description.name`. */
	name: string;
	vendor: string;
	/** What the vendor calls it, for the reference. */
	title: string;
	documentation: string;
	/** Words a user may type to find it. */
	searchWords: readonly string[];
	credential: CredentialBinding;
	selector?: Selector;
	/** The top-level field, such as an event's type, by whose values the form insists on others; a rule checks it. */
	decidedBy?: string;
	/** In the order in which they travel. */
	fields: readonly Field[];
	sections: readonly Section[];
	rules: readonly Rule[];
	/**
	 * Turns what was mapped into the event's nesting before it is checked, and form-only fields into the vendor's, e.g.
	 * splits a cookie. Must not change what it is given.
	 */
	normalize?: (mapped: Json, settings: Readonly<Record<string, unknown>>) => { event: Json; issues: Issue[] };
	/** Names beside the fields are the user's own, so that none is undocumented. */
	additionalProperties?: true;
	/** The member of an event that may hold a list of events; each is checked by the fields marked `perEvent`. */
	listOf?: string;
	/** Options that only this operation has, beside those of every node. */
	options?: readonly SettingRow[];
	single: WireForm;
	batch: WireForm;
	responses: ResponseRules;
	/** Whether sending this event twice counts once. */
	repeatIsSafe?: (event: Json) => boolean;
	defaults: OperationDefaults;
	/** The vendor's own samples, events in wire form, with the address they come from. */
	samples: readonly { of: string; event: Json; selected?: string }[];
	/** What a vendor answers where it is documented, for the reference. */
	limits: readonly string[];
}
