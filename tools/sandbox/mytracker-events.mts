/** MyTracker's `registration`, `login` and `customEvent`, by the page "Import events". */
import type { JsonNode, JsonObject } from './json.mts';
import { kindOf } from './json.mts';
import type { Method } from './mytracker-fields.mts';
import { SHARED, text, VK } from './mytracker-fields.mts';
import type { Refusal } from './types.mts';
import { codePoints } from './wire.mts';

const IDENTIFIERS = [
	'customUserId',
	'instanceId',
	'lvid',
	'gaid',
	'androidId',
	'appSetId',
	'idfa',
	'iosVendorId',
	'sezamUserId',
];

const userEvent: Method = {
	parameters: { ...SHARED, ...VK },
	across: (event) => {
		const { pair, problems } = miniApp(event);
		if (!pair && !event.members.has('customUserId')) {
			problems.push({
				field: 'customUserId',
				reason: 'is required, unless customPlatformUserId and vkPlatform are given',
			});
		}
		return problems;
	},
};

const customEvent: Method = {
	parameters: { ...SHARED, ...VK, customEventName: text(1, 255), customEventParams: () => undefined },
	required: ['customEventName'],
	across: (event) => {
		const { pair, problems } = miniApp(event);
		if (!pair && !IDENTIFIERS.some((name) => event.members.has(name))) {
			problems.push({
				reason: `needs one of ${IDENTIFIERS.join(', ')}, or customPlatformUserId with vkPlatform`,
			});
		}
		const params = event.members.get('customEventParams');
		if (params) problems.push(...checkParams(params));
		return problems;
	},
};

export const EVENT_METHODS: Record<string, Method> = {
	registration: userEvent,
	login: userEvent,
	customEvent,
};

/** "Required parameters for VK Mini Apps: customPlatformUserId and vkPlatform." */
function miniApp(event: JsonObject): { pair: boolean; problems: Refusal[] } {
	const has = (name: string) => event.members.has(name);
	const pair = has('customPlatformUserId') && has('vkPlatform');
	if (pair || (!has('customPlatformUserId') && !has('vkPlatform'))) return { pair, problems: [] };
	const field = has('vkPlatform') ? 'customPlatformUserId' : 'vkPlatform';
	return {
		pair,
		problems: [{ field, reason: 'VK Mini Apps need customPlatformUserId and vkPlatform together' }],
	};
}

/** "paramsName => paramValue", both strings of 1 to 255; "Array size is not limited", so none at all passes, as PHP's [] too. */
function checkParams(node: JsonNode): Refusal[] {
	const field = 'customEventParams';
	if (node.kind === 'array' && node.items.length === 0) return [];
	if (node.kind !== 'object')
		return [{ field, reason: `must be an object of names and values, is ${kindOf(node)}` }];
	const problems: Refusal[] = node.repeated.map((name) => ({
		field: `${field}.${name}`,
		reason: 'given twice',
	}));
	const value = text(1, 255);
	for (const [name, member] of node.members) {
		const length = codePoints(name);
		if (length < 1 || length > 255)
			problems.push({ field, reason: `a name is 1 to 255 long, this one ${length}` });
		const reason = value(member);
		if (reason) problems.push({ field: `${field}.${name}`, reason });
	}
	return problems;
}
