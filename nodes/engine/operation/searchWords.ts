/** What people call a vendor; a phrase with several spellings is found by each of them. */
export interface SearchedVendor {
	/** `Yandex App Metrica` is found by `yandex`, `app metrica`, `appmetrica` and `yandex appmetrica`. */
	english: string;
	/** Another spelling that people use. */
	alsoSpelt?: string;
	russian: string;
	/** With its preposition and endings: `в Яндекс Аппметрику, Аппметрике AppMetrica`. */
	into: string;
	/** The same for what is read: `из Яндекс Аппметрики AppMetrica`. */
	from?: string;
}

/** What people type who look for a node; the build makes the phrases of its codex from it. */
export interface SearchWords {
	vendor: SearchedVendor;
	/** Words and phrases that stand in the codex as they are. */
	words: readonly string[];
	/** What the node does with the things. */
	verb: 'send' | 'save' | 'read';
	/** English in the plural, which holds the singular; Russian in all its cases: `покупка, покупку, покупки, покупок`. */
	things: { english: readonly string[]; russian: readonly string[] };
	/** What is named before or after a thing, such as a store. */
	beside?: readonly string[];
}
