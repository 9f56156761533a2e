import type { Evidence } from './field';
import type { Json } from './json';

export interface Issue {
	/** Wire path, e.g. `cart[0].itemPrice`. */
	field: string;
	message: string;
}

/** A rule across fields. `says` stands in the reference. */
export interface Rule {
	says: string;
	evidence: Evidence;
	/** For an operation with lists: applies to each event of a list. */
	perEvent?: boolean;
	check: (event: Json, selected: string) => Issue[];
}
