import type { Icon, ICredentialTestRequest, ICredentialType, INodeProperties } from 'n8n-workflow';

import { authenticate } from '../nodes/Vibetrace/credential';
import { REDIRECTS, redirectRules, statusRules } from '../nodes/engine';

const HAS_KEY = '($credentials.apiKey || "").trim() !== ""';
const REFUSED = [401, 403];
const NOT_READY = [408, 429, 500, 501, 502, 503, 504];

export class VibetraceApi implements ICredentialType {
	name = 'vibetraceApi';

	displayName = 'Vibetrace API';

	icon: Icon = { light: 'file:../icons/vibetrace.svg', dark: 'file:../icons/vibetrace.dark.svg' };

	documentationUrl = 'https://help.vtcdn.net/kb/how-to-send-events-through-the-api/';

	properties: INodeProperties[] = [
		{
			displayName: 'Account ID',
			name: 'accountId',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. 5f2b1c9e8d7a6b5c4d3e2f10',
			description:
				"The ID of your Vibetrace account, as it appears in the tracking script on your shop's pages. It is part of the address of every event.",
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			required: true,
			default: 'https://app.vtcdn.net',
			placeholder: 'e.g. https://app.vtcdn.net',
			description: 'Change it only for a proxy, a mirror or the sandbox',
		},
		{
			displayName: 'API Key',
			name: 'apiKey',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			placeholder: 'e.g. 0a1b2c3d4e5f',
			description:
				"Only for the nodes 'Create Event' and 'Save User', which use Vibetrace's REST API. You find the key in your account's profile; your account manager must have switched the API on. 'Send Event' needs no key.",
		},
		{
			displayName: 'API Base URL',
			name: 'apiBaseUrl',
			type: 'string',
			default: 'https://api.vtcdn.net',
			placeholder: 'e.g. https://api.vtcdn.net',
			description:
				'The REST API, the only address that gets the key. Change it only for a proxy, a mirror or the sandbox.',
		},
		{
			displayName:
				'With an API key the test asks the REST API for a user who does not exist: it fails if the key is refused (401, 403), and stores nothing. Without a key the test shows only that the host of the base URL answers; the account ID is not checked.',
			name: 'testNotice',
			type: 'notice',
			default: '',
		},
	];

	authenticate = authenticate;

	/**
	 * With a key: reads a user whom nobody has; a 404 is as good as a 200. Without one any answer will do, hence no status is
	 * judged: no event type and no `data`, so nothing that could be stored.
	 */
	test: ICredentialTestRequest = {
		request: {
			baseURL: `={{ (${HAS_KEY} ? $credentials.apiBaseUrl : $credentials.baseUrl).trim().replace(/\\/+$/, "") }}`,
			url: `={{ ${HAS_KEY} ? "/v1/user/n8n-credential-test@example.com" : "/event/" + encodeURIComponent($credentials.accountId.trim()) + "/" }}`,
			encoding: 'text',
			disableFollowRedirect: true,
			ignoreHttpStatusErrors: `={{ ${HAS_KEY} ? { ignore: true, except: [${[...REDIRECTS, ...REFUSED, ...NOT_READY].join(', ')}] } : true }}`,
		} as unknown as ICredentialTestRequest['request'],
		rules: [
			...redirectRules,
			...statusRules(
				REFUSED,
				(status) =>
					`Vibetrace refused the key (${status}): check the API key, and whether your account manager has switched the REST API on`,
			),
			...statusRules(
				NOT_READY,
				(status) => `The key could not be checked: the service answered ${status}. It may still be right.`,
			),
		],
	};
}
