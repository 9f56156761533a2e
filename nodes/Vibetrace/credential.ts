import type { Authenticate, CredentialBinding } from '../engine';

const textOf = (value: unknown): string => (typeof value === 'string' ? value.trim() : '');

/** The key goes to the REST API and to no other address: an event in a URL carries none. */
export const authenticate: Authenticate = async (credentials, requestOptions) => {
	const key = textOf(credentials.apiKey);
	const apiBaseUrl = textOf(credentials.apiBaseUrl).replace(/\/+$/, '');
	const url = `${requestOptions.baseURL ?? ''}${requestOptions.url}`;
	if (!key || !apiBaseUrl || !url.startsWith(`${apiBaseUrl}/v1/`)) return requestOptions;
	return { ...requestOptions, headers: { ...requestOptions.headers, Authorization: key } };
};

const account: CredentialBinding['app'] = {
	noun: 'account',
	field: 'accountId',
	label: 'Account ID',
	is: 'text',
	wire: 'account_id',
};

/** Events in a URL carry no key: the account's id in the path is all that names the sender. */
export const vibetraceCredential: CredentialBinding = {
	type: 'vibetraceApi',
	label: 'Vibetrace API',
	secrets: [],
	app: account,
	required: ['accountId', 'baseUrl'],
	authenticate,
};

/** The REST API has an address and a key of its own. */
export const vibetraceRestCredential: CredentialBinding = {
	type: 'vibetraceApi',
	label: 'Vibetrace API',
	secrets: ['apiKey'],
	app: account,
	required: ['accountId', 'apiKey', 'apiBaseUrl'],
	baseUrl: { field: 'apiBaseUrl', label: 'API base URL' },
	authenticate,
};
