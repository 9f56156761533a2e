import type { Icon, ICredentialTestRequest, ICredentialType, INodeProperties } from 'n8n-workflow';

import { authenticate } from '../nodes/GravityField/credential';
import { REDIRECTS, redirectRules, statusRule, statusRules, TESTED_BASE_URL } from '../nodes/engine';

const NOT_READY = [408, 429, 500, 501, 502, 503, 504];

export class GravityFieldApi implements ICredentialType {
	name = 'gravityFieldApi';

	displayName = 'Gravity Field API';

	icon: Icon = { light: 'file:../icons/gravityfield.svg', dark: 'file:../icons/gravityfield.dark.svg' };

	documentationUrl = 'https://openapi-v2.gravityfield.ai/store-event-14003491e0';

	properties: INodeProperties[] = [
		{
			displayName: 'API Key',
			name: 'apiKey',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			placeholder: 'The key of this section',
			description: 'In your Gravity Field account under Settings, API Keys. A key belongs to one section.',
		},
		{
			displayName: 'Section ID',
			name: 'sectionId',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. 0123456789abcdef01234567',
			description:
				'The ID of the site or app that the key belongs to (sec), usually 24 characters. Every event goes to this section.',
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			required: true,
			default: 'https://evs-01.gravityfield.ai/v2',
			placeholder: 'e.g. https://evs-01.gravityfield.ai/v2',
			description: 'Includes the API version, /v2. Change it only for a proxy, a mirror or the sandbox.',
		},
		{
			displayName:
				'The test sends a request without its required parameters, which cannot be stored. It fails if Gravity Field refuses the key (401, 403) or does not know the address (404). If it passes, the key was not refused. Only the first event shows whether the key may send to this section.',
			name: 'testNotice',
			type: 'notice',
			default: '',
		},
	];

	authenticate = authenticate;

	/** Nothing that only reads is known. 400 and 422 come from behind the check of the key, so far as one can tell. */
	test: ICredentialTestRequest = {
		request: {
			baseURL: TESTED_BASE_URL,
			url: '/event',
			method: 'POST',
			headers: { 'Content-Type': 'application/json' },
			body: { sec: '={{ $credentials.sectionId.trim() }}' },
			disableFollowRedirect: true,
			// n8n takes every status that is not listed for a success.
			ignoreHttpStatusErrors: { ignore: true, except: [...REDIRECTS, 401, 403, 404, 405, ...NOT_READY] },
		},
		rules: [
			...redirectRules,
			statusRule(401, 'Gravity Field refused the key (401): check the API key'),
			statusRule(
				403,
				'Gravity Field refused the key (403): check the API key and that the section ID belongs to it',
			),
			statusRule(404, 'Gravity Field does not know this address (404): the base URL must end in /v2'),
			statusRule(405, 'Gravity Field does not know this address (405): check the base URL'),
			...statusRules(
				NOT_READY,
				(status) => `The key could not be checked: the service answered ${status}. It may still be right.`,
			),
		],
	};
}
