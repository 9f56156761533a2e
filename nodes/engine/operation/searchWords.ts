/** What people call a vendor; a phrase with several spellings is found by each of them. */
export interface SearchedVendor {
	/** `Acme Mail Box` is found by `acme`, `mail box`, `mailbox` and `acme mailbox`. */
	english: string;
	/** Another spelling that people use. */
	alsoSpelt?: string;
	russian: string;
	/** With its preposition and case endings: `в Акме Почту, Почте Mail Box`. */
	into: string;
	/** The same for what is read: `из Акме Почты Mail Box`. */
	from?: string;
}

/** What people type who look for a node; the build makes the phrases of its codex from it. */
export interface SearchWords {
	vendor: SearchedVendor;
	/** Words, and phrases of which no other one has all letters in their order. */
	words: readonly string[];
	/** What the node does with the things. */
	verb: 'send' | 'save' | 'read';
	/** English in the plural, which holds the singular; Russian in all its cases: `покупка, покупку, покупки, покупок`. */
	things: { english: readonly string[]; russian: readonly string[] };
	/** What is named before or after a thing, such as a store. */
	beside?: readonly string[];
}
