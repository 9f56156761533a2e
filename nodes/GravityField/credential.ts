import type { Authenticate, CredentialBinding } from '../engine';

/** The word Bearer and the key; it travels in this header only. */
export const authenticate: Authenticate = async (credentials, requestOptions) => ({
	...requestOptions,
	headers: { ...requestOptions.headers, Authorization: `Bearer ${String(credentials.apiKey).trim()}` },
});

/** The section is part of the body. */
export const gravityFieldCredential: CredentialBinding = {
	type: 'gravityFieldApi',
	label: 'Gravity Field API',
	secrets: ['apiKey'],
	app: {
		noun: 'section',
		field: 'sectionId',
		label: 'Section ID',
		is: 'text',
		// The page has no word on it; its sample is a generated text of 24 characters, as real IDs have.
		length: { usual: 24, evidence: 'inferred' },
		wire: 'sec',
		option: 'sectionId',
	},
	required: ['apiKey', 'sectionId', 'baseUrl'],
	authenticate,
};
