import type { Evidence } from './field';
import type { Json } from './json';

export interface Issue {
	/** Wire path, e.g. `cart[0].itemPrice`. */
	field: string;
	message: string;
}

/** What a rule may know beside the event. */
export interface RuleContext {
	/** The value of the parameter that decides which variant it is. */
	variant?: string;
	/** Now, in milliseconds since 1970. */
	now: number;
	/** All settings of the run. */
	settings: Readonly<Json>;
}

/** A rule across fields. `description` stands in the reference. */
export interface Rule {
	description: string;
	evidence: Evidence;
	/** For an operation with lists: applies to each event of a list. */
	perEvent?: boolean;
	check: (event: Json, context: RuleContext) => Issue[];
}
