import type { Icon, ICredentialTestRequest, ICredentialType, INodeProperties } from 'n8n-workflow';

import { redirectRules, statusRule, statusRules, TESTED_BASE_URL } from '../nodes/engine';
import { authenticate } from '../nodes/MyTracker/credential';

export class MyTrackerApi implements ICredentialType {
	name = 'myTrackerApi';

	displayName = 'MyTracker API';

	icon: Icon = { light: 'file:../icons/mytracker.svg', dark: 'file:../icons/mytracker.dark.svg' };

	documentationUrl = 'https://docs.tracker.my.com/en/api/s2s-api/import-events';

	properties: INodeProperties[] = [
		{
			displayName: 'S2S API Token',
			name: 'token',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			placeholder: 'e.g. skjdfASFasf03asdffar3asJHB32r',
			description:
				"The S2S API key from your MyTracker account's settings. It is not the key of the Export API, which only reads reports.",
		},
		{
			displayName: 'App ID',
			name: 'appId',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. 666',
			description:
				"The number of the app in MyTracker (idApp). Each app and each site has its own; a node's option can name another one.",
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			required: true,
			default: 'https://tracker-s2s.my.com',
			placeholder: 'e.g. https://tracker-s2s.my.com',
			description: 'Change it only for a proxy, a mirror or the sandbox',
		},
		{
			displayName:
				'The test asks MyTracker whether the token may send for this app, and sends no event. If the token is refused (403), it is mistyped, is the key of the Export API, or is not allowed for this app.',
			name: 'testNotice',
			type: 'notice',
			default: '',
		},
	];

	authenticate = authenticate;

	/** `test-app-access` is what MyTracker's own client asks; its page does not document it. */
	test: ICredentialTestRequest = {
		request: {
			baseURL: TESTED_BASE_URL,
			url: '=/v1/test-app-access/?idApp={{ encodeURIComponent(String($credentials.appId).trim()) }}',
			method: 'POST',
			headers: { 'Content-Type': 'application/json' },
			body: 'true',
			disableFollowRedirect: true,
		} as ICredentialTestRequest['request'],
		rules: [
			...redirectRules,
			...statusRules(
				[400, 405],
				(status) =>
					`The token could not be checked: this address did not accept the request (${status}). Check the base URL and the App ID.`,
			),
			statusRule(401, 'MyTracker refused the token (401): check that it is the S2S API key'),
			statusRule(
				403,
				'MyTracker refused the token for this app (403): check the token, that it is the S2S API key and not the Export API key, and the App ID',
			),
			statusRule(
				404,
				'The token could not be checked: this address has no token check (404). The token may still be right.',
			),
		],
	};
}
