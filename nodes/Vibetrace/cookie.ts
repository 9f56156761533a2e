/** `userId_sessionId_<boolean>_<boolean>`; what the last two mean is not documented. */
export const COOKIE_EXAMPLE = '8139618027113397_253412802711339765_false_false';

const IN_COOKIE_HEADER = /(?:^|[;,:\s])_vt_user=([^;]*)/;

export interface VisitorIds {
	userId: string;
	sessionId: string;
}

/** Reads the value of the cookie `_vt_user`, also out of a whole Cookie header; undefined where it is neither. */
export function readVisitorCookie(text: string): VisitorIds | undefined {
	const value = (IN_COOKIE_HEADER.exec(text)?.[1] ?? text).trim();
	let plain: string;
	try {
		plain = decodeURIComponent(value);
	} catch {
		return undefined;
	}
	const [userId, sessionId] = plain.split('_');
	// What still looks like a pair is another cookie.
	if (!userId || !sessionId || /[=;\s]/.test(plain)) return undefined;
	return { userId, sessionId };
}
