import type { Icon, ICredentialTestRequest, ICredentialType, INodeProperties } from 'n8n-workflow';

import { authenticate } from '../nodes/AppMetrica/logs/credential';

export class AppMetricaOAuthApi implements ICredentialType {
	name = 'appMetricaOAuthApi';

	displayName = 'AppMetrica OAuth API';

	icon: Icon = { light: 'file:../icons/appmetrica.svg', dark: 'file:../icons/appmetrica.dark.svg' };

	documentationUrl = 'https://appmetrica.yandex.com/docs/en/mobile-api/intro/authorization';

	properties: INodeProperties[] = [
		{
			displayName: 'OAuth Token',
			name: 'token',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			placeholder: 'e.g. y0_AgAAAAA1b2c3d4',
			description:
				'An OAuth token of Yandex with the permission appmetrica:read. It is not the Post API key that uploads use.',
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			required: true,
			default: 'https://api.appmetrica.yandex.ru',
			placeholder: 'e.g. https://api.appmetrica.yandex.ru',
			description: 'Change it only for a proxy, a mirror, the sandbox, or https://api.appmetrica.yandex.com',
		},
	];

	authenticate = authenticate;

	/** The list of apps: a read that needs the token and nothing else. */
	test: ICredentialTestRequest = {
		request: {
			baseURL: '={{ $credentials.baseUrl.trim().replace(/\\/+$/, "") }}',
			url: '/management/v1/applications',
			method: 'GET',
			disableFollowRedirect: true,
		} as ICredentialTestRequest['request'],
		rules: [
			{
				type: 'responseCode',
				properties: { value: 401, message: 'AppMetrica refused the token (401): check the OAuth token' },
			},
			{
				type: 'responseCode',
				properties: {
					value: 403,
					message: 'AppMetrica refused the token (403): it needs the permission appmetrica:read',
				},
			},
			{
				type: 'responseCode',
				properties: { value: 404, message: 'This address has no list of apps (404): check the base URL' },
			},
		],
	};
}
