import type { Field } from './field';
import type { Json } from './json';
import type { Issue } from './rule';

/** What the answer to one event gives. */
export interface ReadData {
	/** Members of the output item. */
	data: Json;
	/** What in the answer needs a look. */
	warnings?: Issue[];
	/** What is worth a hint where several items have it, e.g. `no campaign`. Completes "3 items: …". */
	remark?: string;
}

/** An operation that also reads: its answer is returned as data, not only as `response`. */
export interface Reads {
	/** The members of the output, for the reference and the editor's preview. */
	fields: readonly Field[];
	/** `answer`: the JSON object of an accepted answer, secrets hidden. Must take any object. */
	from: (answer: Json, event: Json) => ReadData;
}
