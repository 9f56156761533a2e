/**
 * The words in which a vendor's operation is described. One table per operation is the only list of its fields: the
 * form, the zod schema, the wire form, the reference and the test data are all made from it.
 */

import type { CredentialBinding } from './credential';
import type { Field, Section } from './field';
import type { Json } from './json';
import type { OperationDefaults, SettingRow } from './options';
import type { Reads } from './reads';
import type { ResponseRules } from './responses';
import type { Issue, Rule } from './rule';
import type { SearchWords } from './searchWords';
import type { Variants } from './variants';
import type { WireForm } from './wire';

export type * from './credential';
export type * from './field';
export type * from './json';
export type * from './options';
export type * from './reads';
export type * from './responses';
export type * from './rule';
export type * from './searchWords';
export type * from './variants';
export type * from './wire';

export interface Operation {
	/** The node's `description.name`. */
	name: string;
	vendor: string;
	/** What the vendor calls it, for the reference. */
	title: string;
	documentation: string;
	/** What people type who look for it. */
	searchWords: SearchWords;
	/** What n8n's AI builder is told beside the node: when to take it, and when another one. */
	searchHint?: string;
	credential: CredentialBinding;
	/** Which kind of event it is, and what follows from that. */
	variants?: Variants;
	/** Either-or rules that the form tells above its fields; `variants`: under which choices. */
	notices?: ReadonlyArray<{ text: string; variants?: Readonly<Record<string, string[]>> }>;
	/** In the order in which they travel. */
	fields: readonly Field[];
	sections: readonly Section[];
	rules: readonly Rule[];
	/**
	 * The vendor prints no parameter table for this operation, so that its own client stands in for the page: what is known
	 * from its code refuses an event.
	 */
	clientStandsIn?: true;
	/**
	 * Turns what was mapped into the event's nesting before it is checked, and form-only fields into the vendor's, e.g.
	 * splits a cookie. Must not change what it is given.
	 */
	normalize?: (
		mapped: Json,
		settings: Readonly<Record<string, unknown>>,
	) => { event: Json; issues: Issue[]; warnings?: Issue[] };
	/** Names beside the fields are the user's own, so that none is undocumented. */
	additionalProperties?: true;
	/** The member of an event that may hold a list of events; each is checked by the fields marked `perEvent`. */
	listOf?: string;
	/** Options that only this operation has, beside those of every node. */
	options?: readonly SettingRow[];
	single: WireForm;
	batch: WireForm;
	/** The vendor accepts one event per request, so the form does not mention batches. `batch` is the same as `single`. */
	oneByOne?: true;
	/** What an answer gives beside `delivery` in the output. */
	reads?: Reads;
	responses: ResponseRules;
	/** Whether sending this event twice counts once. */
	repeatIsSafe?: (event: Json) => boolean;
	defaults: OperationDefaults;
	/** The vendor's own samples, events in wire form, with the address they come from. */
	samples: readonly { of: string; event: Json; variant?: string }[];
	/** What a vendor answers where it is documented, for the reference. */
	limits: readonly string[];
}
