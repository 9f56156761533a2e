import type { Authenticate, CredentialBinding } from '../../engine';

/** `Authorization: OAuth <token>`; the page says that a token in the address is not supported. */
export const authenticate: Authenticate = async (credentials, requestOptions) => ({
	...requestOptions,
	headers: { ...requestOptions.headers, Authorization: `OAuth ${String(credentials.token).trim()}` },
});

export const appMetricaOAuthCredential: CredentialBinding = {
	type: 'appMetricaOAuthApi',
	label: 'AppMetrica OAuth API',
	secrets: ['token'],
	required: ['token', 'baseUrl'],
	authenticate,
};
