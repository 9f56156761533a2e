import {
	isAbsent,
	isPlainObject,
	unfold,
	without,
	type Field,
	type Json,
	type Operation,
	type ParameterVariants,
	type Rule,
	type WireForm,
} from '../engine';

import { readCampaigns, WAYS } from './campaigns';
import { contextOf } from './context';
import { gravityFieldCredential } from './credential';
import { decisionOf, linkRequests, linksIssue } from './engagement';
import { answeredUser, SDK, sharedAs, START_PAGE, withOptions } from './known';
import { bodyForm, namesUser } from './oneRequest';
import { userRules } from './rules';
import { defaults, responses, FAILED_STORES_NOTHING } from './vendor';
import { searchHints, searchWords } from './searchWords';

const SHARED = ['user', 'ctx', 'device', 'options'];

const requests: ParameterVariants = {
	parameter: 'request',
	travels: false,
	label: 'Request',
	help: 'Whether to ask for campaigns, or to report what became of one',
	default: 'choose',
	values: [
		{
			value: 'choose',
			label: 'Get Campaign',
			help: 'Content of campaigns for a user, by their selectors or IDs',
			evidence: 'vendor code',
			needs: [{ field: 'data' }],
			knows: [...SHARED, 'data'],
			method: { single: 'choose', batch: 'choose' },
		},
		{
			value: 'engagement',
			label: 'Report Engagement',
			help: 'Calls the links that came with a campaign, for example after it was shown or clicked',
			evidence: 'vendor code',
			needs: [{ field: 'urls' }],
			knows: ['urls'],
			method: { single: 'engagement', batch: 'engagement' },
		},
	],
};

const fromSdk = <T extends object>(field: T) => ({ ...field, evidence: 'vendor code' as const, source: SDK });

/** Flags that only campaigns have. */
const flags: readonly Field[] = [
	{
		wire: 'isReturnAnalyticsMetadata',
		label: 'Return Analytics Metadata',
		help: 'Whether to ask for metadata for analytics in the answer',
		vendorDefault: 'false in its SDKs',
	},
	{
		wire: 'isImplicitPageview',
		label: 'Count a Page View',
		help: 'Whether to count a page view with this request',
		vendorDefault: 'false in its SDKs',
	},
	{
		wire: 'isImplicitImpression',
		label: 'Count an Impression',
		help: "Whether to count an impression with the answer, which also uses up how often the campaign may be shown. The form leaves it off, since nothing has been shown yet; the vendor's SDKs have it on.",
		formDefault: false,
	},
	{
		wire: 'isBuildEngagementUrl',
		label: 'Return Links',
		help: "Whether to ask for the links by which to report an impression or a click; the vendor's SDKs have it on",
		formDefault: true,
	},
].map((flag) => fromSdk({ ...flag, type: { kind: 'boolean' as const } }));

const text = (wire: string, label: string, help: string, more: Partial<Field> = {}): Field =>
	fromSdk({ wire, label, help, type: { kind: 'text' as const }, ...more });

const condition: readonly Field[] = [
	text('field', 'Field', 'A field of the product feed', { required: 'vendor code', example: 'brand' }),
	fromSdk({
		wire: 'arguments',
		label: 'Arguments',
		help: 'What the field is compared with',
		required: 'vendor code' as const,
		type: {
			kind: 'list' as const,
			of: [
				text('action', 'Action', 'How it is compared, such as in', {
					required: 'vendor code',
					example: 'in',
				}),
				fromSdk({
					wire: 'value',
					label: 'Values',
					help: 'Values to compare with',
					required: 'vendor code' as const,
					type: { kind: 'texts' as const },
					example: ['Acme'],
				}),
			],
		},
	}),
];

const rule: readonly Field[] = [
	fromSdk({
		wire: 'id',
		label: 'ID',
		help: 'A number of the rule',
		type: { kind: 'integer' as const, as: 'number' as const },
	}),
	text('type', 'Type', 'What the rule does, such as filter or include', {
		required: 'vendor code',
		example: 'filter',
	}),
	fromSdk({
		wire: 'slots',
		label: 'Slots',
		help: 'Numbers of the places to which it applies',
		type: { kind: 'texts' as const, as: 'integers' as const },
	}),
	fromSdk({
		wire: 'conditions',
		label: 'Conditions',
		help: 'Conditions on fields of the product feed',
		required: 'vendor code' as const,
		type: { kind: 'list' as const, of: condition },
	}),
];

const asked: readonly Field[] = [
	text('selector', 'Selector', 'The name that the campaign got in your account when it was made', {
		role: 'identifier',
		example: 'pdp_recs',
	}),
	text(
		'campaignId',
		'Campaign ID',
		'The ID of the campaign, as an answer to an event, a visit or a user named it',
		{
			role: 'identifier',
			example: '65a1b2c3d4e5f60718293a4b',
			type: {
				kind: 'text',
				length: 24,
				pattern: {
					is: /^[0-9a-f]{24}$/,
					description: '24 hexadecimal digits such as 65a1b2c3d4e5f60718293a4b',
				},
			},
		},
	),
	text('group', 'Group', 'The name of a group of campaigns', { role: 'identifier' }),
	fromSdk({
		wire: 'option',
		also: ['options'],
		label: 'Product Options',
		help: 'What to return of products',
		type: {
			kind: 'object' as const,
			fields: [
				fromSdk({
					wire: 'skusOnly',
					label: 'SKUs Only',
					help: 'Whether to return only the SKUs of products',
					vendorDefault: 'false in its SDKs',
					type: { kind: 'boolean' as const },
				}),
				fromSdk({
					wire: 'fields',
					label: 'Feed Fields',
					help: 'Names of fields of the product feed to return',
					type: { kind: 'texts' as const },
				}),
			],
		},
	}),
	fromSdk({
		wire: 'rules',
		label: 'Rules (JSON)',
		help: 'Rules for the products at this moment',
		type: { kind: 'list' as const, of: rule },
		example: [
			{ type: 'filter', conditions: [{ field: 'brand', arguments: [{ action: 'in', value: ['Acme'] }] }] },
		],
	}),
];

const fields: readonly Field[] = [
	...withOptions(sharedAs('vendor code', 'vendor code'), (options) => [...options, ...flags]).map(
		// A report of an engagement has none of them.
		(field): Field => ({ ...field, required: undefined }),
	),
	fromSdk({
		wire: 'data',
		label: 'Campaigns',
		help: 'The campaigns to get, each by its selector, its ID or its group',
		type: { kind: 'list' as const, of: asked },
		form: {
			rows: { name: 'dataRows', part: 'row', label: 'Campaigns', add: 'Add Campaign' },
			json: { name: 'data', label: 'Campaigns (JSON)' },
		},
		example: [{ selector: 'pdp_recs' }],
	}),
	fromSdk({
		wire: 'urls',
		label: 'Link URLs',
		help: "Links of one event of a campaign as they came, such as campaigns[0].links.click of this node's output; each is called once, and only Gravity Field's own addresses get the key",
		type: { kind: 'texts' as const },
		example: ['https://ev.stellarlabs.ai/v2/engagement?type=WCLICK&decisionId=…'],
	}),
];

/** Names of one entry of `data`, which may stand beside the rest where there is only one. */
const ENTRY = asked.map(({ wire }) => wire);

function normalize({ user, ctx, device, options, data, urls, ...own }: Json): { event: Json; issues: [] } {
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

const entriesOf = ({ data }: Json): Json[] => (Array.isArray(data) ? data.filter(isPlainObject) : []);

const rules: readonly Rule[] = [
	...userRules,
	{
		description: `data: each with exactly one of ${WAYS.join(', ')}`,
		evidence: 'vendor code',
		check: (event) =>
			entriesOf(event).flatMap((one, at) => {
				const given = WAYS.filter((way) => !isAbsent(one[way]));
				if (given.length === 1) return [];
				const message = given.length
					? `A campaign is named once: 'Selector' (selector), 'Campaign ID' (campaignId) or 'Group' (group), not ${given.join(' and ')}`
					: "A campaign needs 'Selector' (selector), 'Campaign ID' (campaignId) or 'Group' (group)";
				return [{ field: `data[${at}]`, message }];
			}),
	},
	{
		description: 'data: no campaign twice',
		evidence: 'vendor code',
		check: (event) => {
			const seen = new Set<string>();
			return entriesOf(event).flatMap((one, at) => {
				const way = WAYS.find((name) => !isAbsent(one[name]));
				const id = way === undefined ? undefined : JSON.stringify([way, one[way]]);
				if (id === undefined) return [];
				if (seen.has(id)) return [{ field: `data[${at}]`, message: 'The same campaign is asked for twice' }];
				seen.add(id);
				return [];
			});
		},
	},
	{
		description: "options.isImplicitImpression: said either way, since the vendor's SDKs count an impression",
		evidence: 'vendor code',
		check: ({ options, data }) => {
			const isSaid = isPlainObject(options) && !isAbsent(options.isImplicitImpression);
			if (isSaid || isAbsent(data)) return [];
			const message =
				"'Count an Impression' (isImplicitImpression) is not given, so the answer may count as an impression; set it to false, or to true where that is meant";
			return [{ field: 'options.isImplicitImpression', message }];
		},
	},
];

const choose = bodyForm('choose');

/** Links alone are no question, whatever stands beside them. */
const isQuestion = ({ data, urls }: Json): boolean => !isAbsent(data) || isAbsent(urls);

/** By the method: a question has a body, a report is its links. */
const wireForm: WireForm = {
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

/** A link that is not known any more says nothing about the others. */
const ABOUT_ONE_LINK = [301, 302, 303, 307, 308, 404, 405, 410];

export const getCampaign: Operation = {
	name: 'gravityFieldGetCampaign',
	vendor: 'Gravity Field',
	title: 'Get Campaign',
	documentation: START_PAGE,
	searchWords: searchWords.getCampaign,
	searchHint: searchHints.getCampaign,
	credential: gravityFieldCredential,
	variants: requests,
	notices: [
		{
			text: "Name the customer in 'User', so that the campaign is chosen for them. No impression is counted unless you switch on 'Count an Impression'. This request is known from Gravity Field's own SDKs only.",
			variants: { request: ['choose'] },
		},
		{
			text: "Call this once it has happened: each link counts every time. The API key goes to Gravity Field's own addresses only; any other link is refused.",
			variants: { request: ['engagement'] },
		},
	],
	fields,
	sections: [],
	rules,
	normalize,
	single: wireForm,
	batch: wireForm,
	oneByOne: true,
	reads: {
		fields: [
			answeredUser('vendor code', [], SDK),
			fromSdk({
				wire: 'campaigns',
				label: 'Campaigns',
				help: 'One for each campaign that was asked for, in that order',
				type: {
					kind: 'list' as const,
					of: [
						text('selector', 'Selector', 'The selector that was asked for'),
						text('campaignId', 'Campaign ID', 'The ID that was asked for'),
						text('group', 'Group', 'The group that was asked for'),
						fromSdk({
							wire: 'found',
							label: 'Found',
							help: 'Whether there is a campaign for this user; having none is not an error',
							type: { kind: 'boolean' as const },
						}),
						fromSdk({
							wire: 'links',
							label: 'Links',
							help: 'Links to report an event, such as visible_impression or click, by its name',
							type: { kind: 'json' as const, as: 'object' as const },
						}),
						fromSdk({
							wire: 'payload',
							label: 'Payload',
							help: 'The campaign with its contents, as the answer has it',
							type: {
								kind: 'list' as const,
								of: [text('campaignId', 'Campaign ID', 'The ID of the campaign')],
							},
						}),
					],
				},
			}),
		],
		from: readCampaigns,
	},
	responses: {
		...responses,
		// The SDKs repeat a question after a 5xx, but never a link.
		safeToRetry: (status, method) => method !== 'engagement' && responses.safeToRetry(status, method),
		refusesOne: ({ status }, method) =>
			method === 'engagement' && ABOUT_ONE_LINK.includes(status)
				? 'the link is not taken any more; get the campaign anew'
				: undefined,
	},
	// An answer that counts nothing may be asked for again; a new user would be another one, and a link counts every time.
	repeatIsSafe: (event) =>
		isQuestion(event) &&
		isPlainObject(event.options) &&
		event.options.isImplicitImpression === false &&
		event.options.isImplicitPageview !== true &&
		namesUser(event),
	defaults,
	samples: [
		{
			of: "one selector, as the vendor's SDKs send it",
			variant: 'choose',
			event: {
				user: {},
				ctx: { type: 'OTHER', data: [], location: 'n8n' },
				device: { ua: 'n8n' },
				data: [{ selector: 'pdp_recs' }],
			},
		},
	],
	limits: [
		"Known from the vendor's SDKs; the reference page could not be read",
		'One item per request. It may name several campaigns; the answer is matched by selector or campaign ID, never by order',
		'A user without a campaign is not an error: found is false',
		'In the form no impression is counted unless you ask for it; an item that is mapped automatically travels as it is, and one that does not say is warned about',
		`${FAILED_STORES_NOTHING}; one that counts neither an impression nor a page view and names the user also if its answer was lost (inferred)`,
		'A call of a link is never repeated automatically, since it counts every time (inferred)',
		"Links are called byte for byte, one after the other, by GET with the key: by https to gravityfield.ai, stellarlabs.ai and what is below them, and to the base URL's own address",
	],
};
