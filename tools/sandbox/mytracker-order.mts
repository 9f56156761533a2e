/**
 * MyTracker's `order`, by the page "Import e-commerce events". Below `status` its table could not be read: the names
 * after the sample's are those of the sister page on e-commerce in the browser.
 */
import type { JsonNode, JsonObject } from './json.mts';
import { kindOf } from './json.mts';
import type { Check, Method } from './mytracker-fields.mts';
import { oneOf, SHARED, text } from './mytracker-fields.mts';
import type { Refusal } from './types.mts';

const IDENTIFIERS = [
	'customUserId',
	'lvid',
	'instanceId',
	'gaid',
	'appSetId',
	'androidId',
	'idfa',
	'iosVendorId',
];

const id = text(1, Infinity);
/** Text that holds a number, as the page prints `quantity`, or the number itself. */
const amount =
	(good: (value: number) => boolean, rule: string): Check =>
	(node) => {
		const source = node.kind === 'string' ? node.value : node.kind === 'number' ? node.source : undefined;
		if (source === undefined || !/^-?\d+(?:\.\d+)?$/.test(source))
			return `must be a number or its text, is ${kindOf(node)}`;
		return good(Number(source)) ? undefined : rule;
	};

const ITEM: Record<string, Check> = {
	item_id: id,
	item_name: id,
	quantity: amount((value) => value >= 1, 'must be at least 1'),
	affiliation: id,
	coupon: id,
	item_brand: id,
	item_variant: id,
	item_list_id: id,
	item_list_name: id,
	price: amount((value) => value >= 0, 'must not be below 0'),
	discount: amount((value) => value >= 0, 'must not be below 0'),
	tax: amount((value) => value >= 1 && value <= 100, 'must be from 1 to 100'),
	index: amount((value) => Number.isInteger(value) && value >= 0, 'must be a whole number'),
};

export const ORDER_METHODS: Record<string, Method> = {
	order: {
		parameters: {
			...SHARED,
			order_id: id,
			status: oneOf('ADD', 'PAY', 'CANCEL', 'REFUND'),
			items: () => undefined,
			currency_code: text(3, 3),
			action_id: id,
			coupon: id,
		},
		required: ['order_id', 'items'],
		across: (order) => [...owner(order), ...checkItems(order.members.get('items'))],
	},
};

/** Website: customUserId and/or lvid; mobile: customUserId and/or a device identifier. */
function owner(order: JsonObject): Refusal[] {
	return IDENTIFIERS.some((name) => order.members.has(name))
		? []
		: [{ reason: `needs one of ${IDENTIFIERS.join(', ')}` }];
}

function checkItems(items: JsonNode | undefined): Refusal[] {
	if (!items) return [];
	if (items.kind !== 'array')
		return [{ field: 'items', reason: `must be a list of products, is ${kindOf(items)}` }];
	if (items.items.length === 0) return [{ field: 'items', reason: 'holds no product' }];
	return items.items.flatMap((item, index) => checkItem(item, `items[${index}]`));
}

function checkItem(item: JsonNode, path: string): Refusal[] {
	if (item.kind !== 'object') return [{ field: path, reason: `must be an object, is ${kindOf(item)}` }];
	const problems: Refusal[] = item.repeated.map((name) => ({
		field: `${path}.${name}`,
		reason: 'given twice',
	}));
	for (const [name, node] of item.members) {
		const check = Object.hasOwn(ITEM, name) ? ITEM[name] : /^item_category\d*$/.test(name) ? id : undefined;
		const reason = check ? check(node) : 'is not a parameter of a product';
		if (reason) problems.push({ field: `${path}.${name}`, reason });
	}
	for (const name of ['item_id', 'item_name'])
		if (!item.members.has(name)) problems.push({ field: `${path}.${name}`, reason: 'is required' });
	return problems;
}
