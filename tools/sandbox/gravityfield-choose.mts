/**
 * Gravity Field's `POST /choose` and `GET /engagement`, by the vendor's SDKs: the pages could not be read. Each campaign
 * that was asked for comes back with one content and ready links; those with a selector come in alphabetical order.
 */
import { createHash } from 'node:crypto';

import type { Call } from './gravityfield.mts';
import { contextOf, idsOf, ownRefusal, said } from './gravityfield.mts';
import type { Rule } from './gravityfield-shapes.mts';
import {
	boolean,
	checkObject,
	given,
	HEAD,
	list,
	need,
	number,
	object,
	OPTIONS,
	string,
	stringOf,
	test,
} from './gravityfield-shapes.mts';
import type { JsonNode } from './json.mts';
import { isIntegerNode, kindOf } from './json.mts';
import type { AcceptedEvent, Refusal, VendorAnswer, VendorRequest } from './types.mts';
import { answer, JSON_TYPE } from './wire.mts';

/** A selector without a campaign for this user: it is missing from the answer, which is no error. */
const NOBODY = 'sandbox-none';
/** A selector whose answer holds a campaign that nobody asked for as well. */
const EXTRA = 'sandbox-extra';

const id24 = string((value) =>
	/^[0-9a-f]{24}$/.test(value) ? undefined : 'must have 24 hexadecimal digits',
);
const integer = test((node) =>
	isIntegerNode(node) ? undefined : `must be a JSON integer, is ${kindOf(node)}`,
);
const RULE = object({
	id: integer,
	type: need(string()),
	slots: list(number),
	conditions: need(
		list(
			object({
				field: need(string()),
				arguments: need(list(object({ action: need(string()), value: need(list(string())) }))),
			}),
		),
	),
});
const OPTION = object({ skusOnly: boolean, fields: list(string()) });
const WAYS = ['selector', 'campaignId', 'group'];
const ITEM: Rule = {
	check: (node, path, problems) => {
		checkObject(
			node,
			path,
			{
				selector: string(),
				campaignId: id24,
				group: string(),
				// What Flutter and Android call it, and what iOS does.
				option: OPTION,
				options: OPTION,
				rules: list(RULE),
			},
			problems,
		);
		if (node.kind !== 'object') return;
		const ways = WAYS.filter((name) => given(node, name));
		if (ways.length !== 1)
			problems.push({ field: path, reason: `exactly one of ${WAYS.join(', ')} is needed` });
	},
};
const FLAGS = [
	'isReturnAnalyticsMetadata',
	'isImplicitPageview',
	'isImplicitImpression',
	'isBuildEngagementUrl',
];
const CHOOSE = {
	...HEAD,
	options: object({ ...OPTIONS, ...Object.fromEntries(FLAGS.map((name) => [name, boolean])) }),
	data: need(list(ITEM, 1)),
};

type Wanted = { selector?: string; campaignId?: string };

export function choose(call: Call): VendorAnswer {
	const { root, refuse, operation, request } = call;
	const problems: Refusal[] = [];
	checkObject(root, '', CHOOSE, problems);
	problems.push(...ownRefusal(root));
	if (problems.length) return refuse(422, said(problems[0]), problems);

	const data = root.members.get('data');
	const wanted = data?.kind === 'array' ? data.items.map(wantedOf) : [];
	const found = wanted
		.flatMap((one): Wanted[] =>
			one.selector === NOBODY ? [] : one.selector === EXTRA ? [one, { selector: 'sandbox-unasked' }] : [one],
		)
		.sort((a, b) => ((a.selector ?? '') < (b.selector ?? '') ? -1 : 1));
	const context = contextOf(root);
	const options = (context.options ?? {}) as Record<string, unknown>;
	const base = `http://${request.headers.host ?? ''}/gravityfield/v2`;
	const sec = stringOf(root, 'sec') ?? '';
	const payloads = found.map((one) => ({
		one,
		payload: payloadOf(one, sec, base, call, options.isBuildEngagementUrl !== false),
	}));

	// The SDKs ask for it unless told otherwise, and the vendor counts it with the answer.
	const impressions: AcceptedEvent[] =
		options.isImplicitImpression === false
			? []
			: payloads.map(({ payload }) => ({
					event: { type: 'impression', campaignId: payload.campaignId, decisionId: payload.decisionId },
					context,
				}));
	const body = {
		user: idsOf(call),
		data: payloads.map(({ one, payload }) =>
			one.selector === undefined ? { payload: [payload] } : { selector: one.selector, payload: [payload] },
		),
	};
	return answer(200, JSON_TYPE, JSON.stringify(body), { operation, events: impressions });
}

function wantedOf(node: JsonNode): Wanted {
	const selector = stringOf(node, 'selector');
	const campaignId = stringOf(node, 'campaignId');
	return selector === undefined
		? { campaignId: campaignId ?? hex24(`group ${stringOf(node, 'group') ?? ''}`) }
		: { selector };
}

function payloadOf(one: Wanted, sec: string, base: string, call: Call, links: boolean) {
	const campaignId = one.campaignId ?? hex24(`campaign ${one.selector ?? ''}`);
	const seconds = String(Math.floor(call.request.now / 1_000)).padStart(10, '0');
	const decisionId = `gf:${sec}:${hex24(`decision ${call.request.number} ${campaignId}`)}:${seconds}`;
	const contentId = `${hex24(`content ${campaignId}`)}:${createHash('md5').update(campaignId).digest('hex')}`;
	// Colons stand bare in the query, as in what was captured of the vendor.
	const link = (type: string) => [
		`${base}/engagement?type=${type}&decisionId=${decisionId}&contentId=${contentId}`,
	];
	const events = links
		? [
				{ type: 'visible_impression', urls: link('WRIMP') },
				{ type: 'click', urls: link('WCLICK') },
			]
		: [];
	return {
		campaignId,
		experienceId: hex24(`experience ${campaignId}`),
		variationId: hex24(`variation ${campaignId}`),
		decisionId,
		contents: [
			{
				contentId,
				deliveryMethod: 'json',
				contentType: 'native',
				step: 0,
				variables: { title: one.selector ?? campaignId },
				events,
			},
		],
	};
}

function hex24(text: string): string {
	return createHash('sha256').update(text).digest('hex').slice(0, 24);
}

/** A link as `/choose` gave it, byte for byte: whoever takes it apart and builds it again encodes the colons. */
export function engage(
	request: VendorRequest,
	refuse: (status: number, msg: string, refusals: Refusal[]) => VendorAnswer,
): VendorAnswer {
	const parts =
		/^type=(WRIMP|WCLICK|WIMP)&decisionId=(gf:[0-9a-f]{24}:[0-9a-f]{24}:\d{10})&contentId=([0-9a-f]{24}:[0-9a-f]{32})$/.exec(
			request.query,
		);
	if (!parts) return refuse(422, 'parameter error', [{ reason: 'the address is not as /choose gave it' }]);
	const [, type, decisionId, contentId] = parts;
	return answer(204, '', '', {
		operation: 'engagement',
		events: [{ event: { type, decisionId, contentId } }],
	});
}
