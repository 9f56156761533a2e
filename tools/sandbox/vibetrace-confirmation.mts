/** What an order of Vibetrace may hold; the same on both of its surfaces. */
import type { JsonNode, JsonObject } from './json.mts';
import { kindOf } from './json.mts';

/** Checks `generic` and `items` by the types that the samples print. `orderId` may be missing: the vendor makes one up. */
export function checkConfirmation(event: JsonObject, bad: (field: string, reason: string) => void): void {
	const generic = event.members.get('generic');
	const orderId = memberOf(generic, 'orderId');
	if (orderId && orderId.kind !== 'string') bad('generic.orderId', `must be a string, is ${kindOf(orderId)}`);
	for (const name of ['total', 'total_shipping']) {
		const node = memberOf(generic, name);
		if (node && node.kind !== 'number') bad(`generic.${name}`, `must be a JSON number, is ${kindOf(node)}`);
	}
	const coupons = memberOf(generic, 'coupons');
	if (coupons && (coupons.kind !== 'array' || coupons.items.some((node) => node.kind !== 'string')))
		bad('generic.coupons', 'must be a list of strings');
	const items = event.members.get('items');
	if (items && items.kind !== 'array') bad('items', `must be a list, is ${kindOf(items)}`);
	else if (!items || items.items.length === 0) {
		if (!memberOf(generic, 'total')) bad('generic.total', 'is required when there are no items');
	} else {
		items.items.forEach((item, index) => {
			if (!stringOf(item, 'id')) bad(`items[${index}].id`, 'is required, a string');
			const quantity = memberOf(item, 'quantity');
			if (quantity?.kind !== 'number') bad(`items[${index}].quantity`, 'is required, a JSON number');
		});
	}
}

export function memberOf(node: JsonNode | undefined, name: string): JsonNode | undefined {
	return node?.kind === 'object' ? node.members.get(name) : undefined;
}

export function stringOf(node: JsonNode | undefined, name: string): string | undefined {
	const member = memberOf(node, name);
	return member?.kind === 'string' ? member.value : undefined;
}
