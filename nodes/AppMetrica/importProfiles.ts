import type { Field, Operation } from '../engine';

import { appMetricaCredential } from './credential';
import { defaults, limitsOf, PAGES, responses, wireForms, EMPTY_CELLS } from './vendor';
import { searchHints, searchWords } from './searchWords';

const fields: readonly Field[] = [
	{
		wire: 'profile_id',
		role: 'identifier',
		label: 'User Profile ID',
		help: "The user's ID as your app has already sent it through the AppMetrica SDK",
		type: { kind: 'text' },
		required: true,
		example: 'user-42',
		evidence: 'documented',
	},
	{
		wire: 'attributes',
		label: 'Attributes',
		help: 'Custom attributes, under the names that are declared in the settings of the app. A value replaces the previous one; a counter adds or subtracts. Undeclared names are probably dropped without notice.',
		type: { kind: 'attributes' },
		required: true,
		form: {
			rows: {
				name: 'attributesRows',
				part: 'pair',
				label: 'Attributes',
				add: 'Add Attribute',
				example: ['visits', '3'],
			},
			json: { name: 'attributes', label: 'Attributes (JSON)' },
		},
		example: { plan: 'premium', visits: 1 },
		evidence: 'documented',
	},
];

export const importProfiles: Operation = {
	name: 'appMetricaImportProfiles',
	vendor: 'AppMetrica',
	title: 'Import Profiles',
	documentation: `${PAGES}/post-profile-attributes`,
	searchWords: searchWords.importProfiles,
	searchHint: searchHints.importProfiles,
	credential: appMetricaCredential,
	fields,
	sections: [],
	rules: [],
	options: [EMPTY_CELLS],
	...wireForms({ path: 'profiles', fields }),
	responses,
	// A profile has no time.
	defaults: { ...defaults, maxAgeDays: undefined },
	samples: [
		{
			of: 'the query sample and the CSV sample',
			event: {
				profile_id: '1234567890abcdef',
				attributes:
					'{"string_attribute_name":"string_value","number_attribute_name":1234,"bool_attribute_name":true,"counter_attribute_name":-1}',
			},
		},
	],
	limits: limitsOf(
		[
			'A counter adds or subtracts what is sent (documented), so a repeated upload changes the profile and is never safe',
			'Which attributes are counters is declared in the settings of the app, so the node cannot know it',
			'Only custom attributes can be uploaded, at most 100, each declared in the settings of the app first; name, gender, age and notifications go through the SDK (documented)',
			'An attribute is a text, a number, or true or false (documented); how a value is deleted is not documented, so an empty one is left out',
			'The SDK cuts names and texts of attributes at 200 characters; for uploads no figure is documented',
			'The introduction of the page also offers appmetrica_device_id, but its format, table and samples do not: only profile_id is sent',
			'Profiles do not count towards the daily limit of events (documented)',
		],
		{ aged: false },
	),
};
