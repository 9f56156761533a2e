import type { CredentialBinding } from '../engine';

/** Vibetrace's events carry no key: the account's id in the path is all that names the sender. */
export const vibetraceCredential: CredentialBinding = {
	type: 'vibetraceApi',
	label: 'Vibetrace API',
	secrets: [],
	app: { noun: 'account', field: 'accountId', label: 'Account ID', is: 'text', wire: 'account_id' },
	required: ['accountId', 'baseUrl'],
	authenticate: async (_credentials, requestOptions) => requestOptions,
};
