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
import { userEventPlatforms } from './variants';
import { responses, defaults, DOCUMENTATION, limits, wireForms } from './vendor';

/** Registrations and logins differ in their method name only: the page gives both the same parameters and rules. */
export function userEvent(
	names: Pick<Operation, 'name' | 'title' | 'searchWords' | 'searchHint'>,
	method: string,
): Operation {
	const fields: readonly Field[] = [
		customUserId,
		lvid,
		...Object.values(common),
		instanceId,
		...others,
		...vkMiniApps,
		// These nodes have no platform of VK Play, so that all of it stands in a group.
		...vkPlay.map((field) => ({ ...field, section: 'vkPlay' })),
	];
	return {
		...names,
		vendor: 'MyTracker',
		documentation: DOCUMENTATION,
		credential: myTrackerCredential,
		variants: userEventPlatforms,
		fields,
		sections,
		notices: [{ text: 'Events appear in MyTracker reports within 4 hours' }],
		rules: [vkTogether],
		...wireForms(method, fields),
		responses,
		defaults,
		samples: [
			{
				of: `${method}Batch, first element`,
				event: { customUserId: '1111', lvid: '00000000000000000000000000000000' },
			},
			{
				of: `${method}Batch, second element`,
				event: { customUserId: '2222', lvid: '00000000000000000000000000000000' },
			},
		],
		limits,
	};
}
