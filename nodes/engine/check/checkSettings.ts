import type { UnprovenRules } from './evidence';
import type { ExtraFields } from './undocumented';

/** What the check of a run depends on beside the table. */
export interface CheckSettings {
	zone: string;
	now: number;
	extraFields: ExtraFields;
	unprovenRules: UnprovenRules;
	/** Most events that one list may hold. */
	maxListed: number;
	/** All settings of the run, for an operation's own options. */
	all: Readonly<Record<string, unknown>>;
}
