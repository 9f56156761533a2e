import type { Field } from '../engine';

import { answeredUser, SDK, sharedAs, withOptions } from './known';

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
		help: "Whether to count an impression with the answer, which also counts towards the limit on how often the campaign may be shown. The form leaves it off, since nothing has been shown yet; the vendor's SDKs switch it on.",
		formDefault: false,
	},
	{
		wire: 'isBuildEngagementUrl',
		label: 'Return Links',
		help: "Whether to ask for the links by which to report an impression or a click; the vendor's SDKs switch it on",
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
	text('selector', 'Selector', 'The name that was given to the campaign in your account', {
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
		help: 'What to return about products',
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

export const fields: readonly Field[] = [
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
		help: "Links of one event of a campaign as they were returned, such as campaigns[0].links.click of this node's output; each is called once, and only Gravity Field's own addresses get the key",
		type: { kind: 'texts' as const },
		example: ['https://ev.stellarlabs.ai/v2/engagement?type=WCLICK&decisionId=…'],
	}),
];

/** Names of one entry of `data`, which may stand beside the rest where there is only one. */
export const ENTRY = asked.map(({ wire }) => wire);

/** What the answer holds of them. */
export const answered: readonly Field[] = [
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
];
