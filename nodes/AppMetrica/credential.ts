import type { Authenticate, CredentialBinding } from '../engine';

const PARAMETER = 'post_api_key';

/** Puts a parameter in front of an address's query, without touching what is encoded there already. */
function withFirstParameter(address: string, parameter: string): string {
	const start = address.indexOf('?') + 1;
	if (start === 0) return `${address}?${parameter}`;
	const query = address.slice(start);
	return `${address.slice(0, start)}${parameter}${query ? '&' : ''}${query}`;
}

/**
 * The key rides in the query and comes first, as in the vendor's samples. n8n's HTTP Request node, which may use this
 * credential too, calls the address `uri`; and n8n authenticates a request a second time after a 401.
 */
export const authenticate: Authenticate = async (credentials, requestOptions) => {
	const place = 'uri' in requestOptions ? 'uri' : 'url';
	const address = String((requestOptions as unknown as Record<string, unknown>)[place] ?? '');
	if (new RegExp(`[?&]${PARAMETER}=`).test(address)) return requestOptions;
	const parameter = `${PARAMETER}=${encodeURIComponent(String(credentials.postApiKey).trim())}`;
	return { ...requestOptions, [place]: withFirstParameter(address, parameter) };
};

export const appMetricaCredential: CredentialBinding = {
	type: 'appMetricaApi',
	label: 'AppMetrica API',
	secrets: ['postApiKey'],
	app: {
		noun: 'app',
		field: 'applicationId',
		label: 'Application ID',
		is: 'number',
		wire: 'application_id',
		option: 'applicationId',
	},
	secretNames: [PARAMETER],
	required: ['postApiKey', 'applicationId', 'baseUrl'],
	authenticate,
};
