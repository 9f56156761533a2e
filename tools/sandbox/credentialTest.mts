import type { RecordedRequest } from './records.mts';

/** The names of a JSON object; none: it is no object. */
function namesOf(body: Buffer): string[] {
	try {
		const value: unknown = JSON.parse(body.toString());
		return typeof value === 'object' && value !== null ? Object.keys(value) : [];
	} catch {
		return [];
	}
}

/** Whether a request only asks if a key is good: it names an account and carries no event. */
export function isCredentialTest({
	vendor,
	url,
	body,
	bodyBytes,
}: Pick<RecordedRequest, 'vendor' | 'url' | 'body' | 'bodyBytes'>): boolean {
	const [path, query = ''] = url.split('?', 2);
	const names = [...new URLSearchParams(query).keys()].sort().join();
	switch (vendor) {
		case 'myTracker':
			return /\/test-app-access\/?$/.test(path);
		case 'appMetrica':
			if (path.endsWith('/management/v1/applications')) return true;
			return path.endsWith('/import/events') && names === 'application_id,post_api_key' && bodyBytes === 0;
		case 'gravityField':
			return path.endsWith('/event') && namesOf(body).join() === 'sec';
		case 'vibetrace':
			return /\/event\/[^/]+\/$/.test(path) && names === '';
		default:
			return false;
	}
}
