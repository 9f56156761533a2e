import {
	isAbsent,
	isPlainObject,
	unfold,
	type Field,
	type Issue,
	type Json,
	type Operation,
} from '../engine';

import { contextOf, webhookIssues } from './context';
import { gravityFieldCredential } from './credential';
import { answeredCampaigns, answeredText, answeredUser, sharedAs, START_PAGE, withOptions } from './known';
import { bodyForm, namesUser, readUser } from './oneRequest';
import { noData, userRules } from './rules';
import { defaults, DOCUMENTATION, responses } from './vendor';
import { storeEvent } from './storeEvent';
import { searchHints, searchWords } from './searchWords';

const shared = withOptions(sharedAs('documented', 'inferred'), (options) =>
	// Whoever asks for the user wants what is known of it.
	options.map((field) => (field.wire === 'isReturnUserInfo' ? { ...field, formDefault: true } : field)),
);

const fields: readonly Field[] = [
	...shared,
	{
		wire: 'attributes',
		formOnly: true,
		label: 'User Attributes',
		help: 'Attributes of the user for targeting, such as tier; values are sent as text',
		type: { kind: 'map', name: { min: 1 }, value: { min: 1 } },
		form: {
			rows: {
				name: 'attributesPairs',
				part: 'pair',
				label: 'User Attributes',
				add: 'Add Attribute',
				example: ['tier', 'gold'],
			},
			json: { name: 'attributes', label: 'User Attributes (JSON)' },
		},
		example: { tier: 'gold' },
		evidence: 'documented',
	},
];

/** The attributes of the form belong to the user. What it is given stays as it is. */
function normalize(mapped: Json): { event: Json; issues: Issue[] } {
	const { user, ctx, device, options, attributes, ...own } = mapped;
	const event: Json = { ...contextOf({ user, ctx, device, options }), ...own };
	const given = unfold(attributes);
	if (isAbsent(given)) return { event, issues: webhookIssues(mapped) };
	if (isPlainObject(event.user) && isAbsent(event.user.attributes)) {
		return { event: { ...event, user: { ...event.user, attributes: given } }, issues: [] };
	}
	const message =
		"'User Attributes' (attributes) are given beside those in 'User' (user.attributes); give one of them";
	return { event, issues: [{ field: 'attributes', message }] };
}

const wireForm = bodyForm('user');

export const storeUser: Operation = {
	name: 'gravityFieldStoreUser',
	vendor: 'Gravity Field',
	title: 'Store User',
	documentation: START_PAGE,
	searchWords: searchWords.storeUser,
	searchHint: searchHints.storeUser,
	credential: gravityFieldCredential,
	notices: [
		{
			text: "Identify the customer in 'User': fill in 'Gravity Field User ID', or 'Your User ID' together with 'Session ID'. Otherwise Gravity Field creates a new user each time.",
		},
		{
			text: 'Segments, conditions and details come back if \'Return User Info\' is on. Gravity Field marks this endpoint as "Developing", so its fields may still change.',
		},
	],
	fields,
	sections: [],
	rules: [
		{
			description: 'user: uid or custom if there are attributes, else one of uid, custom, ses',
			evidence: 'inferred',
			check: (event) => {
				if (namesUser(event) || !isPlainObject(event.user)) return [];
				const { attributes, ses } = event.user;
				// A session alone continues what is known of a visitor, but does not say whose attributes they are.
				if (isAbsent(attributes) && !isAbsent(ses)) return [];
				const what = isAbsent(attributes)
					? 'The item names no user, so Gravity Field makes a new one'
					: 'The attributes go to a new user, since the event names none';
				const advice =
					"give 'Gravity Field User ID' (uid), or 'Your User ID' (custom) with 'Session ID' (ses)";
				return [{ field: 'user', message: `${what}: ${advice}` }];
			},
		},
		...userRules,
		noData,
	],
	normalize,
	single: wireForm,
	batch: wireForm,
	oneByOne: true,
	reads: {
		fields: [
			answeredUser(
				'inferred',
				[
					{
						wire: 'segments',
						label: 'Segments',
						help: 'IDs of the segments (audiences) that the user is in',
						type: { kind: 'texts' },
						evidence: 'inferred',
						source: DOCUMENTATION,
					},
					{
						wire: 'conditions',
						label: 'Conditions',
						help: 'State of conditions, by their IDs',
						type: { kind: 'json', as: 'object' },
						evidence: 'inferred',
						source: DOCUMENTATION,
					},
					{
						wire: 'details',
						label: 'Details',
						help: 'Device, place, traffic source and interests of the user',
						type: { kind: 'json', as: 'object' },
						evidence: 'inferred',
						source: DOCUMENTATION,
					},
				],
				DOCUMENTATION,
			),
			answeredCampaigns(
				'inferred',
				[
					answeredText(
						'experienceId',
						'Experience ID',
						'The variant of the campaign',
						'inferred',
						DOCUMENTATION,
					),
					answeredText('trigger', 'Trigger', 'What triggered it', 'inferred', DOCUMENTATION),
				],
				DOCUMENTATION,
			),
		],
		from: readUser,
	},
	responses,
	defaults,
	samples: [{ of: 'Get or store user, the sample body', event: sampleOf(storeEvent) }],
	limits: [
		'One user per request (documented)',
		'An unknown or empty user creates a new one (documented), so a request whose answer was lost is not repeated automatically',
		"A request that is answered by a 5xx is repeated automatically (inferred: the vendor's SDKs do so with their requests, but never make this one)",
		'The answer is described for Store Event; that it is the same here is inferred',
		'Values of attributes are sent as text (documented)',
	],
};

/** The sample of Store Event without what happened, as the page prints it. */
function sampleOf({ samples: [first] }: Operation): Json {
	const { user, ctx, device, options } = first?.event ?? {};
	return { user, ctx, device, options };
}
