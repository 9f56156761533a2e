import type { Json, Operation } from '../operation/operation';
import { userText } from '../report/userText';
import { isPlainObject } from './objects';

/** Names that n8n's Webhook node gives beside the body of a request. */
const WEBHOOK = ['headers', 'params', 'query'];

/**
 * What an incoming item most likely is that holds no event where it was looked for, and what to do; undefined: it has
 * names of an event. `file`: name of a file that the item carries.
 */
export function itemShapeAdvice(item: Json, operation: Operation, file?: string): string | undefined {
	const names = Object.keys(item);
	if (names.length === 0) {
		return file === undefined
			? 'The item is empty; check what the node before this one returns'
			: `The item holds only a file ('${userText(file)}'); use the Extract from File node to read it first`;
	}
	const documented = new Set(operation.fields.flatMap(({ wire, alias }) => (alias ? [wire, alias] : [wire])));
	if (operation.listOf !== undefined) documented.add(operation.listOf);
	if (names.some((name) => documented.has(name))) return undefined;
	if (isPlainObject(item.body) && WEBHOOK.some((name) => name in item)) {
		return "The item is a whole webhook request; set 'Input Field' to body";
	}
	const lists = names.filter(
		(name) => Array.isArray(item[name]) && (item[name] as unknown[]).some(isPlainObject),
	);
	const [list] = lists;
	if (list === undefined || lists.length > 1) return undefined;
	const { length } = item[list] as unknown[];
	return `'${userText(list)}' holds a list of ${length}; use the Split Out node to get one item for each`;
}
