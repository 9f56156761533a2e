import type { Json } from '../operation/operation';
import { isPlainObject } from '../check/objects';

/** What an item of n8n's Webhook node holds. */
const PARTS = ['headers', 'params', 'query', 'body'];

/**
 * What to do where a webhook's item is mapped automatically as it is: its event is in `body`. `inputField`: what the node
 * is set to.
 */
export function webhookNote(item: Json | undefined, inputField: unknown): string | undefined {
	const isWhole = typeof inputField !== 'string' || inputField.trim() === '';
	const isWebhook = item !== undefined && PARTS.every((name) => name in item) && isPlainObject(item.headers);
	return isWhole && isWebhook
		? "The item comes from a webhook, which puts the event into 'body': set 'Input Field' to body."
		: undefined;
}
