import type { Field, Operation } from '../engine';

import { myTrackerCredential } from './credential';
import {
	common,
	customUserId,
	instanceId,
	lvid,
	others,
	sections,
	vkMiniApps,
	vkPlay,
	vkTogether,
} from './fields';
import { customEventPlatforms } from './variants';
import { responses, defaults, DOCUMENTATION, limits, wireForms } from './vendor';
import { searchHints, searchWords } from './searchWords';

const ZEROS_32 = '00000000000000000000000000000000';

/** Rows in the order in which the vendor's samples print them, the rest in the order of its tables. */
const fields: readonly Field[] = [
	{ ...customUserId, help: `${customUserId.help}. The event needs a user ID, a device ID, or both` },
	lvid,
	{
		wire: 'customEventName',
		role: 'name',
		label: 'Event Name',
		help: 'The name of the custom event, as it appears in reports',
		type: { kind: 'text', min: 1, max: 255 },
		required: true,
		example: 'levelUp',
		evidence: 'documented',
	},
	{
		wire: 'customEventParams',
		label: 'Event Parameters',
		help: 'Names and values of the event, each of 1 to 255 characters',
		type: { kind: 'map', name: { min: 1, max: 255 }, value: { min: 1, max: 255 } },
		form: {
			rows: { name: 'customEventParams', part: 'pair', label: 'Event Parameters', add: 'Add Parameter' },
			json: { name: 'customEventParamsJson', label: 'Event Parameters (JSON)' },
			rowsMode: 'pairs',
		},
		example: { level: '2' },
		evidence: 'documented',
	},
	...Object.values(common),
	instanceId,
	...others,
	...vkMiniApps,
	...vkPlay,
];

export const customEvent: Operation = {
	name: 'myTrackerCustomEvent',
	vendor: 'MyTracker',
	title: 'Custom Event',
	documentation: DOCUMENTATION,
	searchWords: searchWords.customEvent,
	searchHint: searchHints.customEvent,
	credential: myTrackerCredential,
	variants: customEventPlatforms,
	notices: [
		{ text: 'Events appear in MyTracker reports within 4 hours' },
		{
			text: "Fill in 'User ID', or a device ID in 'Mobile App Parameters' or 'Website Parameters', or both",
			variants: { platform: ['app'] },
		},
		{
			text: "Fill in 'VK Play User ID', or 'Web Device ID' in 'Website Parameters'",
			variants: { platform: ['vkPlay'] },
		},
	],
	fields,
	sections,
	rules: [vkTogether],
	...wireForms('customEvent', fields),
	responses,
	defaults,
	samples: [
		{
			of: 'customEvent, the curl sample',
			event: {
				customUserId: '1',
				customEventName: 'levelUp',
				customEventParams: { level: '2' },
				idGender: '1',
				age: '25',
				eventTimestamp: '1580213208',
				instanceId: '00000000-0000-0000-0000-000000000000',
			},
		},
		{
			of: 'customEventBatch, first element',
			event: { customUserId: '1111', lvid: ZEROS_32, customEventName: 'messageReceived' },
		},
		{
			of: 'customEventBatch, second element',
			event: { customUserId: '2222', lvid: ZEROS_32, customEventName: 'messageReceived' },
		},
	],
	limits,
};
