import type { Icon, ICredentialTestRequest, ICredentialType, INodeProperties } from 'n8n-workflow';

import { authenticate } from '../nodes/AppMetrica/credential';
import { redirectRules, statusRule, statusRules, TESTED_BASE_URL } from '../nodes/engine';

/** Statuses of an answer to a request without an event that say no more than that the key was not refused. */
const NOT_REFUSED = [400, 422];
const EVERY_STATUS = Array.from({ length: 500 }, (_, at) => 100 + at);
export class AppMetricaApi implements ICredentialType {
	name = 'appMetricaApi';

	displayName = 'AppMetrica API';

	icon: Icon = { light: 'file:../icons/appmetrica.svg', dark: 'file:../icons/appmetrica.dark.svg' };

	documentationUrl = 'https://appmetrica.yandex.com/docs/en/mobile-api/post/post-import-events';

	properties: INodeProperties[] = [
		{
			displayName: 'Post API Key',
			name: 'postApiKey',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			placeholder: 'e.g. 0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ012',
			description:
				"The Post API key from your app's settings in AppMetrica. It is not the API key that the app's SDK uses.",
		},
		{
			displayName: 'Application ID',
			name: 'applicationId',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. 1111',
			description:
				"The number of the app in AppMetrica. The key belongs to one app; a node's option can name another number.",
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
		{
			displayName:
				'AppMetrica has no way to check a key. The test sends a request without an event, which cannot be stored. If the test passes, the key was not refused; it does not show that events will arrive. If the key is refused (401 or 403), it is mistyped, is the API key of the SDK, or belongs to another app.',
			name: 'testNotice',
			type: 'notice',
			default: '',
		},
	];

	authenticate = authenticate;

	/**
	 * n8n takes an answer for a success unless its client throws, and its rules can only word a failure. So the client is
	 * told to throw on every status but those by which AppMetrica refuses the missing event and not the key.
	 */
	test: ICredentialTestRequest = {
		request: {
			baseURL: TESTED_BASE_URL,
			url: '=/logs/v1/import/events?application_id={{ encodeURIComponent(String($credentials.applicationId).trim()) }}',
			method: 'POST',
			disableFollowRedirect: true,
			ignoreHttpStatusErrors: {
				ignore: true,
				except: EVERY_STATUS.filter((status) => !NOT_REFUSED.includes(status)),
			},
		} as ICredentialTestRequest['request'],
		rules: [
			...statusRules(
				[401, 403],
				(status) =>
					`AppMetrica refused the key (${status}): check the Post API key, that it is not the API key of the SDK, and that it belongs to this application ID`,
			),
			...statusRules(
				[404, 405],
				(status) =>
					`The key could not be checked: this address does not accept uploads (${status}). Check the base URL; the key may still be right.`,
			),
			...redirectRules,
			statusRule(
				200,
				'The key could not be checked: this address answered a request without an event as if all were well (200). Check the base URL; the key may still be right.',
			),
		],
	};
}
