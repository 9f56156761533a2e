import { isAbsent, isPlainObject, unfold, without, type Json, type WireForm } from '../engine';

import { ENTRY } from './campaignFields';
import { entriesOf } from './campaignRules';
import { WAYS } from './campaigns';
import { contextOf } from './context';
import { decisionOf, linkRequests, linksIssue } from './engagement';
import { bodyForm } from './oneRequest';

/** Brings an item into the request's nesting: one campaign may stand beside the rest, and links alone are no question. */
export function normalize({ user, ctx, device, options, data, urls, ...own }: Json): {
	event: Json;
	issues: [];
} {
	const content = unfold(data);
	const isOne = isAbsent(content) && WAYS.some((way) => !isAbsent(own[way]));
	// Links alone are no question.
	if (isAbsent(content) && !isOne && !isAbsent(urls)) {
		const given = Object.entries({ user, ctx, device, options }).filter(([, value]) => value !== undefined);
		return { event: { ...Object.fromEntries(given), urls, ...own }, issues: [] };
	}
	const event: Json = { ...contextOf({ user, ctx, device, options }) };
	if (isOne) {
		const entry = Object.entries(own).filter(([name]) => ENTRY.includes(name));
		for (const [name] of entry) delete own[name];
		event.data = [Object.fromEntries(entry)];
	} else if (!isAbsent(content)) {
		event.data = isPlainObject(content) ? [content] : content;
	}
	return { event: { ...event, ...(urls === undefined ? {} : { urls }), ...own }, issues: [] };
}

const choose = bodyForm('choose');

/** Links alone are no question, whatever stands beside them. */
export const isQuestion = ({ data, urls }: Json): boolean => !isAbsent(data) || isAbsent(urls);

/** By the method: a question has a body, a report is its links. */
export const wireForm: WireForm = {
	method: (event) => (isQuestion(event) ? 'choose' : 'engagement'),
	encode: (event, target) => {
		if (target.method !== 'engagement') {
			const question = without(event, ['urls']);
			if (entriesOf(question).length === 0)
				return {
					fault: { field: 'data', message: "'Campaigns' (data) is required: name at least one campaign" },
				};
			return choose.encode(question, target);
		}
		const fault = linksIssue(event, target);
		if (fault) return { fault };
		const orderingKey = decisionOf(event);
		return {
			text: JSON.stringify(event.urls),
			count: 1,
			batchKey: 'engagement',
			unbatchable: true,
			...(orderingKey === undefined ? {} : { orderingKey }),
		};
	},
	envelope: choose.envelope,
	request: (payload, event, target, perTry) =>
		target.method === 'engagement' ? linkRequests(event) : choose.request(payload, event, target, perTry),
};
