import { isAbsent, isEmptyList, isPlainObject, plainName, unfold, type Issue, type Json } from '../engine';

import { USER_AGENT_NAMES } from './fields';

/** What is sent of a page and a device of which nothing is known: the vendor's SDKs require these members. */
const PAGE = { type: 'OTHER', data: [], location: 'n8n' };
const DEVICE = { ua: 'n8n' };

/** Other names of members that would be added. */
const ALSO: Readonly<Record<string, readonly string[]>> = { ua: USER_AGENT_NAMES };

/** An object with the members that it lacks; what is no object is left to the check. */
function filled(value: unknown, defaults: Json): unknown {
	const content = unfold(value);
	if (isAbsent(content) || isEmptyList(content)) return { ...defaults };
	if (!isPlainObject(content)) return content;
	// What was given under a name that is nearly the same is what was meant.
	const given = new Set(
		Object.keys(content)
			.filter((name) => !isAbsent(content[name]))
			.map(plainName),
	);
	const lacking = Object.entries(defaults).filter(
		([name]) => ![name, ...(ALSO[name] ?? [])].some((other) => given.has(plainName(other))),
	);
	return { ...content, ...Object.fromEntries(lacking) };
}

/** Nothing in place of an object without content. */
function contentOf(value: unknown): unknown {
	const content = unfold(value);
	return isPlainObject(content) && Object.values(content).every(isAbsent) ? undefined : content;
}

function pageOf(value: unknown): unknown {
	const given = unfold(value);
	const page = filled(
		isPlainObject(given) && 'data' in given ? { ...given, data: unfold(given.data) } : given,
		PAGE,
	);
	return isPlainObject(page) && 'utm' in page ? { ...page, utm: contentOf(page.utm) } : page;
}

/** A whole webhook request, of which nothing would be missing and everything would be sent. */
export function webhookIssues(mapped: Json): Issue[] {
	const isOurs = ['user', 'ctx', 'device', 'options', 'attributes', 'type'].some((name) => name in mapped);
	if (isOurs || !isPlainObject(mapped.headers) || !('body' in mapped)) return [];
	return [{ field: 'body', message: "The item is a whole webhook request; set 'Input Field' to body" }];
}

/** Members that every request has, with what the SDKs require of them. */
export const contextOf = ({ user, ctx, device, options }: Json): Json => ({
	user: filled(user, {}),
	ctx: pageOf(ctx),
	device: filled(device, DEVICE),
	options: contentOf(options),
});
