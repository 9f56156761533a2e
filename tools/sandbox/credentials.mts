import type { SandboxCredentials, Vendor } from './types.mts';

/** Tokens, keys and ids are the ones printed on the vendors' pages, so that their samples pass as they stand. */
export function goodCredentials(baseUrls: Record<Vendor, string>): SandboxCredentials {
	return {
		myTrackerApi: { token: 'skjdfASFasf03asdffar3asJHB32r', appId: '666', baseUrl: baseUrls.myTracker },
		appMetricaApi: {
			postApiKey: '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ012',
			applicationId: '1111',
			baseUrl: baseUrls.appMetrica,
		},
		gravityFieldApi: {
			apiKey: 'sandbox-gravity-field-key',
			sectionId: '0123456789abcdef01234567',
			baseUrl: baseUrls.gravityField,
		},
		vibetraceApi: {
			accountId: '5f2b1c9e8d7a6b5c4d3e2f10',
			baseUrl: baseUrls.vibetrace,
			apiKey: 'sandbox-vibetrace-key',
			apiBaseUrl: `${baseUrls.vibetrace}/api`,
		},
		appMetricaOAuthApi: { token: 'sandbox-oauth-token', baseUrl: baseUrls.appMetrica },
	};
}

/** What must not show up on the page in the browser. */
export function secretsOf(credentials: SandboxCredentials): string[] {
	return [
		credentials.myTrackerApi.token,
		credentials.appMetricaApi.postApiKey,
		credentials.gravityFieldApi.apiKey,
		credentials.vibetraceApi.apiKey,
		credentials.appMetricaOAuthApi.token,
	];
}
