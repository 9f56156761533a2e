import {
	isAbsent,
	isPlainObject,
	nameOf,
	unfold,
	without,
	type Issue,
	type Json,
	type Operation,
} from '../engine';

import { contextOf } from './context';
import { event as eventFields, SHARED } from './fields';
import { hashEmail, hashPhone, isHash } from './hash';

type Arrange = NonNullable<Operation['normalize']>;

const fieldOf = (name: string) => eventFields.find(({ wire }) => wire === name);

/** The event's own members, with what is to be hashed. */
function arrangeEvent(given: Json, settings: Parameters<Arrange>[1], path: string, issues: Issue[]): Json {
	const event = { ...given };
	const fault = (name: string, message: string) =>
		issues.push({ field: path ? `${path}.${name}` : name, message });
	if ('cart' in event) event.cart = unfold(event.cart);
	const address = event.hashedEmail;
	if (typeof address === 'string' && address.trim() !== '') {
		const hash = isHash(address) ? address : hashEmail(address);
		if (settings.hashEmail === true && hash !== undefined) event.hashedEmail = hash;
		else if (settings.hashEmail === true)
			fault(
				'hashedEmail',
				"'Hashed Email' (hashedEmail) is neither an e-mail address nor a SHA-256 hash, and the option 'Hash Email' is on",
			);
	}
	if (
		settings.hashPhone === true &&
		['string', 'number', 'bigint'].includes(typeof event.cuid) &&
		event.cuid !== ''
	) {
		const cuid = String(event.cuid);
		const hash = isHash(cuid) ? cuid : hashPhone(cuid);
		if (hash) event.cuid = hash;
		else
			fault(
				'cuid',
				"'Customer ID' (cuid) is no phone number with its country code, and the option 'Hash Phone' is on",
			);
	}
	return event;
}

/**
 * Brings an item into the request's nesting. A list in `data` stays a list; a single event there becomes the event
 * itself, unless names beside it would change their place by that. The section comes from the credential only.
 */
export const normalize: Arrange = (mapped, settings) => {
	const issues: Issue[] = [];
	const { user, ctx, device, options, data, ...own } = without(mapped, ['sec']);
	const shared = contextOf({ user, ctx, device, options });
	const content = unfold(data);
	if (isAbsent(content)) return { event: { ...shared, ...arrangeEvent(own, settings, '', issues) }, issues };

	const beside = Object.keys(own).filter((name) => !isAbsent(own[name]));
	for (const name of beside) {
		const field = fieldOf(name);
		if (field)
			issues.push({
				field: name,
				message: `${nameOf(field)} is given beside 'data'; put it into the event inside 'data'`,
			});
	}
	if (isPlainObject(content) && beside.length === 0 && !['data', ...SHARED].some((name) => name in content)) {
		return { event: { ...shared, ...arrangeEvent(content, settings, '', issues) }, issues };
	}
	const list = isPlainObject(content) ? [content] : content;
	const events = Array.isArray(list)
		? list.map((member: unknown, at) =>
				isPlainObject(member) ? arrangeEvent(member, settings, `data[${at}]`, issues) : member,
			)
		: list;
	return { event: { ...shared, ...own, data: events }, issues };
};
