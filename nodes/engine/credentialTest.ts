import type { ICredentialTestRequest } from 'n8n-workflow';

/** What n8n says of a credential whose test is answered by this status. */
export type StatusRule = Extract<
	NonNullable<ICredentialTestRequest['rules']>[number],
	{ type: 'responseCode' }
>;

/** The credential's base URL without blanks around it and slashes at its end, as an expression of n8n's. */
export const TESTED_BASE_URL = '={{ $credentials.baseUrl.trim().replace(/\\/+$/, "") }}';

/** Redirects are never followed: the secret would go to another host. */
export const REDIRECTS: readonly number[] = [301, 302, 303, 307, 308];

export const statusRule = (value: number, message: string): StatusRule => ({
	type: 'responseCode',
	properties: { value, message },
});

/** The same sentence for several statuses, each named in it. */
export const statusRules = (statuses: readonly number[], message: (status: number) => string): StatusRule[] =>
	statuses.map((status) => statusRule(status, message(status)));

export const redirectRules: readonly StatusRule[] = statusRules(
	REDIRECTS,
	(status) =>
		`Nothing could be checked: the base URL redirects elsewhere (${status}). Enter the address it leads to.`,
);
