import { isAbsent, isPlainObject, type Json, type ReadData } from '../engine';

const objectsIn = (value: unknown): Json[] => (Array.isArray(value) ? value.filter(isPlainObject) : []);

const payloadOf = (entry: Json): Json[] => objectsIn(entry.payload);

/** The ways to ask for a campaign, of which an entry has one. */
export const WAYS = ['selector', 'campaignId', 'group'] as const;

/** The links of a campaign by the event that they report, such as visible_impression or click. */
function linksOf(payload: readonly Json[]): Record<string, string[]> {
	const links = new Map<string, string[]>();
	for (const campaign of payload) {
		for (const content of objectsIn(campaign.contents)) {
			for (const { type, urls } of objectsIn(content.events)) {
				if (typeof type !== 'string' || !Array.isArray(urls)) continue;
				const texts = urls.filter((url): url is string => typeof url === 'string');
				links.set(type, [...(links.get(type) ?? []), ...texts]);
			}
		}
	}
	return Object.fromEntries(links);
}

/** What came for one entry: by its selector, or by the ID in any place of the payload; never by order. */
function payloadFor(asked: Json, entries: readonly Json[], named: ReadonlySet<unknown>): Json[] {
	if (!isAbsent(asked.selector))
		return entries.filter(({ selector }) => selector === asked.selector).flatMap(payloadOf);
	const payload = entries.flatMap(payloadOf);
	if (!isAbsent(asked.campaignId)) return payload.filter(({ campaignId }) => campaignId === asked.campaignId);
	// A group is not named in the answer: what nobody else asked for is its own.
	return entries
		.filter(({ selector }) => !named.has(selector))
		.flatMap(payloadOf)
		.filter(({ campaignId }) => !named.has(campaignId));
}

/** One entry for each campaign that was asked for, in the order of the question. */
export function readCampaigns({ user, data }: Json, event: Json): ReadData {
	const entries = objectsIn(data);
	const asked = objectsIn(event.data);
	const named = new Set<unknown>(
		asked.flatMap(({ selector, campaignId }) => [selector, campaignId]).filter((name) => !isAbsent(name)),
	);
	const campaigns = asked.map((one) => {
		const payload = payloadFor(one, entries, named);
		const name = WAYS.flatMap((way) => (isAbsent(one[way]) ? [] : [[way, one[way]] as const]));
		return { ...Object.fromEntries(name), found: payload.length > 0, links: linksOf(payload), payload };
	});
	return {
		data: { ...(isPlainObject(user) ? { user } : {}), campaigns },
		...(campaigns.some(({ found }) => !found) ? { remark: 'no campaign for this user' } : {}),
	};
}
