/** How sure we are of a fact: printed by the vendor, read in the vendor's own code, or our reading of both. */
export type Evidence = 'documented' | 'vendor code' | 'inferred';

export interface Choice {
	value: string;
	label: string;
	help?: string;
	/** Other words by which people mean it: a message then asks whether they do. */
	also?: readonly string[];
}

export interface Pattern {
	is: RegExp;
	/** Completes 'must be …'. */
	description: string;
}

/** What a value is held to beside its kind. `whole`: a whole number; `values`: one of the list. */
export type Bound =
	'min' | 'above' | 'max' | 'length' | 'maxBytes' | 'pattern' | 'places' | 'whole' | 'values';

/** Where a bound is known from elsewhere than its row. */
export type BoundEvidence = Readonly<Partial<Record<Bound, Evidence>>>;

/** What a value may be and in which form it travels. Lengths count code points, `maxBytes` counts bytes of UTF-8. */
export type ValueType = { evidence?: BoundEvidence } & (
	| {
			kind: 'text';
			min?: number;
			max?: number;
			length?: number;
			maxBytes?: number;
			pattern?: Pattern;
			/** Changes the text before it is checked, e.g. an IPv4 address into its IPv6 form. */
			rewrite?: (text: string) => string;
	  }
	/** `text`: digits in a JSON string; `bare`: digits without quotes, of any length; `number`: a JSON number. */
	| { kind: 'integer'; min?: bigint; max?: bigint; as: 'text' | 'bare' | 'number'; isId?: true }
	| {
			kind: 'decimal';
			min?: number;
			/** The least value, which itself is too small. */
			above?: number;
			max?: number;
			/** `number`: a JSON number; `text`: plain notation, never an exponent. */
			as: 'number' | 'text';
			/** Most digits before and after the point. */
			places?: { before?: number; after: number };
			/** An amount, as of money: digits that only binary arithmetic has made are rounded away, and said. */
			money?: true;
	  }
	/** `toggle`: the 0/1 kind, which also takes true and false, as booleans or in words. `open`: the known values; any other text, or any of this pattern, passes too. */
	| {
			kind: 'choice';
			values: readonly Choice[];
			toggle?: boolean;
			open?: true | Pattern;
			/** Travels as a JSON number. */
			as?: 'number';
	  }
	/** `open`: the form offers no value as well, so that nothing is sent until somebody chooses. */
	| { kind: 'boolean'; open?: true }
	/**
	 * `min` and `max` in Unix seconds. `millisNumber` also takes Unix milliseconds. `ahead`: a rule of the operation judges how
	 * far ahead of now it may be, or it may be any time, as that at which something ends.
	 */
	| {
			kind: 'time';
			as: 'secondsText' | 'secondsNumber' | 'millisNumber' | 'isoUtc' | 'isoZoned';
			min?: number;
			max?: number;
			ahead?: 'byRule' | 'any';
	  }
	/** `free`: other names in it are the user's own, so that none is undocumented. */
	| { kind: 'object'; fields: readonly Field[]; free?: true }
	| { kind: 'list'; of: readonly Field[]; min?: number }
	/** `bracketed`: travels as one text, `[a,b]`. `integers`: as numbers. */
	| { kind: 'texts'; max?: number; as?: 'bracketed' | 'integers' }
	/** Free names with text values. `drop`: an empty value drops the pair with a hint. */
	| { kind: 'map'; name: { min: number; max?: number }; value: { min: number; max?: number } }
	/** Free names with free values; `as: 'text'` travels as JSON text. `maxBytes`: of that text in UTF-8. */
	| { kind: 'json'; as: 'object' | 'text'; maxBytes?: number }
	/** Free names, each with a text, a number, or true or false; travels as JSON text. */
	| { kind: 'attributes' }
);

export interface Field {
	/** The vendor's name, also the parameter's name in the form. */
	wire: string;
	label: string;
	/** What it is, without what the bounds already say. */
	help: string;
	type: ValueType;
	/**
	 * What its text means. An identifier or a name that identifies nothing, such as `undefined`, is refused; so is an
	 * expression that was not evaluated.
	 */
	role?: 'identifier' | 'name';
	/** Holds an e-mail address, a phone number or the like: no message shows its value. */
	personal?: true;
	/** The form shows dots instead of what is typed, as n8n wants it of a token. */
	masked?: true;
	/** Whatever the variant; `true`: with the evidence of the row. */
	required?: true | Evidence;
	/** The form asks for it; it never travels under this name. */
	formOnly?: true;
	/** Only an incoming item has it under this name; the form asks for it in other fields, of which it is made. */
	itemOnly?: true;
	/** A member of an object that the form adds from the start, with this value; `''`: an empty box, which says nothing. */
	formDefault?: boolean | '';
	/** The parameter of the form, where it is not the vendor's name. */
	formName?: string;
	/** The collection of the form that holds it; none: top level. */
	section?: string;
	/** What the vendor assumes when it is absent: shown in the help, never sent. */
	vendorDefault?: string;
	example?: unknown;
	/** Another name under which an incoming item may hold it. */
	alias?: string;
	/** Other names by which people know it. They are sent as they are where that is allowed, with a hint. */
	also?: readonly string[];
	/** Belongs to one event of a list, not to what the events of a list share. */
	perEvent?: boolean;
	/** Stands at the end of the form; of a row, in the collection `rest`. */
	isRare?: true;
	/** How the form asks for a compound value. */
	form?: CompoundForm;
	/** Given together with the fields that share this, as one list. */
	listed?: ListedAs;
	evidence: Evidence;
	/** The page or code that names it, where it is not the operation's documentation. */
	source?: string;
	/** What a text that is not a whole number most likely is, as the end of the sentence "'Label' (wire) …". */
	explain?: (text: string) => string | undefined;
}

/** Fields that differ by the number at their end, such as the levels of a category, and are given as one list. */
export interface ListedAs {
	/** The parameter of the form, and the name of the list in an incoming item. */
	name: string;
	label: string;
	help: string;
}

/** A compound value is typed in rows, or given as JSON in a box of its own. */
export interface CompoundForm {
	/** Parameter that holds the rows, and the name of the repeated part: `customEventParams.pair[…]`. */
	rows?: {
		name: string;
		part: string;
		label: string;
		add: string;
		/** A collection in each row that holds the members which are rare (`isRare`). Its label stands last in the alphabet. */
		rest?: { name: string; label: string };
		/** Shown in an empty row of names and values. A pair: n8n's lint takes an object with a name for a choice of a form. */
		example?: readonly [name: string, value: string];
	};
	json: { name: string; label: string };
	/** Where the form has a choice `<wire>Mode` of both, its value for rows; the other one is `json`. */
	rowsMode?: string;
}

export interface Section {
	name: string;
	label: string;
	help?: string;
}
