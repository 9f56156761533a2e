import type { Field } from '../operation/operation';

/** What was left out of events, for the hints after the run. */
export interface DroppedNames {
	/** Undocumented name -> nearest documented one, if any is near. */
	names: Map<string, string | undefined>;
	pairs: Set<string>;
	/** Labels of fields given in rows of which some were empty. */
	rows?: Set<string>;
	/** Fields that were mapped and came out empty, and how often. */
	empty?: Map<Field, number>;
	/** Why the events need many requests, and what to do about it. */
	split?: string;
	/** The workflow's time zone, if times without a zone were read in it. */
	zoneUsed?: string;
	/** Undocumented name that was sent -> the documented one that was probably meant. */
	sent?: Map<string, string>;
	/** How many events have warnings, with the first different messages. */
	warned?: { events: number; messages: Set<string> };
	/** How many events were not sent because their keys were sent before; `undefined` where no key is remembered. */
	duplicates?: number;
	/** What else to know of remembered keys, as a sentence. */
	ofKeys?: string;
	/** What answers said, and of how many items. */
	remarks?: Map<string, number>;
}
