import type { Icon, ICredentialTestRequest, ICredentialType, INodeProperties } from 'n8n-workflow';

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
				"The ID of your Vibetrace account, as it stands in your shop's page. It is part of the address of every event.",
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
			displayName:
				'There is no key: whoever knows the account ID can send events. The test therefore shows only that the host answers, whatever it answers; it sends no event and does not check the account ID.',
			name: 'testNotice',
			type: 'notice',
			default: '',
		},
	];

	/** Any answer will do, hence no status is judged. No event type and no `data`: nothing that could be stored. */
	test: ICredentialTestRequest = {
		request: {
			baseURL: '={{ $credentials.baseUrl.trim().replace(/\\/+$/, "") }}',
			url: '=/event/{{ encodeURIComponent($credentials.accountId.trim()) }}/',
			encoding: 'text',
			disableFollowRedirect: true,
			ignoreHttpStatusErrors: true,
		} as ICredentialTestRequest['request'],
	};
}
