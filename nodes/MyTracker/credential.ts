import type { Authenticate, CredentialBinding } from '../engine';

/** The bare token in `Authorization`, without a scheme word, as the vendor's samples and client send it. */
export const authenticate: Authenticate = async (credentials, requestOptions) => ({
	...requestOptions,
	headers: { ...requestOptions.headers, Authorization: String(credentials.token).trim() },
});

export const myTrackerCredential: CredentialBinding = {
	type: 'myTrackerApi',
	label: 'MyTracker API',
	secrets: ['token'],
	app: { noun: 'app', field: 'appId', label: 'App ID', is: 'number', wire: 'idApp', option: 'appId' },
	required: ['token', 'appId', 'baseUrl'],
	authenticate,
};
