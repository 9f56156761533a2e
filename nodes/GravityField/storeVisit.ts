import { isAbsent, type Field, type Issue, type Json, type Operation } from '../engine';

import { contextOf, webhookIssues } from './context';
import { gravityFieldCredential } from './credential';
import { answeredCampaigns, answeredText, answeredUser, SDK, sharedAs, START_PAGE } from './known';
import { bodyForm, readUser } from './oneRequest';
import { namesSomebody, noData, userRules } from './rules';
import { defaults, responses, FAILED_STORES_NOTHING } from './vendor';
import { searchHints, searchWords } from './searchWords';

/** What all three SDKs send, and no other value is known. */
const SCREEN_VIEW = 'screenview';

const fields: readonly Field[] = [
	{
		wire: 'type',
		role: 'name',
		label: 'Visit Type',
		help: 'What kind of visit it is; if not given, screenview is sent, the only value that is known',
		type: { kind: 'text' },
		required: 'vendor code',
		example: SCREEN_VIEW,
		evidence: 'vendor code',
		source: SDK,
	},
	...sharedAs('vendor code', 'vendor code'),
];

function normalize(mapped: Json): { event: Json; issues: Issue[] } {
	const { user, ctx, device, options, type, ...own } = mapped;
	const context = contextOf({ user, ctx, device, options });
	const event = { type: isAbsent(type) ? SCREEN_VIEW : type, ...context, ...own };
	return { event, issues: webhookIssues(mapped) };
}

const wireForm = bodyForm('visit');

export const storeVisit: Operation = {
	name: 'gravityFieldStoreVisit',
	vendor: 'Gravity Field',
	title: 'Store Visit',
	documentation: START_PAGE,
	searchWords: searchWords.storeVisit,
	searchHint: searchHints.storeVisit,
	credential: gravityFieldCredential,
	notices: [
		{
			text: "Identify the customer in 'User': fill in 'Gravity Field User ID', or 'Your User ID' together with 'Session ID'. Otherwise Gravity Field counts the visit for a new visitor.",
		},
		{
			text: "A visit counts as happening now, since it has no field for a time. This request is known from Gravity Field's own SDKs only.",
		},
	],
	fields,
	sections: [],
	rules: [
		{
			description: `type: ${SCREEN_VIEW}, the only value in the vendor's SDKs`,
			evidence: 'vendor code',
			check: ({ type }) =>
				isAbsent(type) || type === SCREEN_VIEW
					? []
					: [
							{
								field: 'type',
								message: `'Visit Type' (type) is not ${SCREEN_VIEW}, the only value that Gravity Field's own SDKs send`,
							},
						],
		},
		namesSomebody,
		...userRules,
		noData,
	],
	normalize,
	single: wireForm,
	batch: wireForm,
	oneByOne: true,
	reads: {
		fields: [
			answeredUser('vendor code', [], SDK),
			answeredCampaigns(
				'vendor code',
				[
					answeredText('trigger', 'Trigger', 'What triggered it', 'vendor code', SDK),
					{
						wire: 'priority',
						label: 'Priority',
						help: 'The order among several campaigns',
						type: { kind: 'integer', as: 'number' },
						evidence: 'vendor code',
						source: SDK,
					},
					{
						wire: 'delayTime',
						label: 'Delay',
						help: 'Milliseconds until it is to be shown',
						type: { kind: 'integer', as: 'number' },
						evidence: 'vendor code',
						source: SDK,
					},
				],
				SDK,
			),
		],
		from: readUser,
	},
	responses,
	defaults,
	samples: [
		{
			of: "the least that the vendor's SDKs send",
			event: {
				type: SCREEN_VIEW,
				user: {},
				ctx: { type: 'OTHER', data: [], location: 'n8n' },
				device: { ua: 'n8n' },
			},
		},
	],
	limits: [
		"One visit per request, known from the vendor's SDKs; the reference page could not be read",
		'A visit has no time of its own: it counts when it arrives, so an old visit cannot be sent (inferred)',
		'A visit that is sent twice counts twice (inferred)',
		FAILED_STORES_NOTHING,
		'Only isReturnCounter and isReturnUserInfo are offered; the SDKs send four more flags, which are made for campaigns',
	],
};
