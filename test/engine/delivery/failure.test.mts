import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import {
	classifyFailure,
	proxyFailure,
	thrownResponse,
	timeoutFailure,
} from '../../../nodes/engine/delivery/failure.ts';

/** An error as n8n throws it: its own around axios' around Node's. */
const wrapped = (cause: object, request?: object) =>
	Object.assign(new Error('n8n'), {
		name: 'NodeApiError',
		cause: Object.assign(new Error('axios'), {
			...cause,
			request,
			cause: Object.assign(new Error('node'), cause),
		}),
	});
const refused = { code: 'ECONNREFUSED', syscall: 'connect' };
const secure = { socket: { encrypted: true, secureConnecting: false } };

describe('codes alone prove nothing: the system call does', () => {
	const codes = ['EHOSTUNREACH', 'ENETUNREACH', 'ENETDOWN', 'EHOSTDOWN', 'ECONNRESET', 'ETIMEDOUT', 'EPROTO'];
	test.each(codes.flatMap((code) => ['read', 'write'].map((syscall) => [code, syscall])))(
		'%s on %s may have been stored',
		(code, syscall) => {
			expect(classifyFailure(wrapped({ code, syscall }, secure))).toMatchObject({ mayHaveLeft: true });
			expect(classifyFailure(wrapped({ code, syscall }))).toMatchObject({ mayHaveLeft: true });
		},
	);
	test.each(codes)('%s on connect has not left', (code) => {
		expect(classifyFailure(wrapped({ code, syscall: 'connect' }))).toMatchObject({ mayHaveLeft: false });
	});
	test.each([
		'ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC',
		'ERR_SSL_TLSV1_ALERT_INTERNAL_ERROR',
		'ERR_TLS_X',
	])('%s may have been stored, unless the handshake had not ended', (code) => {
		expect(classifyFailure(wrapped({ code }, secure))).toMatchObject({ mayHaveLeft: true });
		expect(classifyFailure(wrapped({ code }))).toMatchObject({ mayHaveLeft: true });
		const handshaking = { socket: { encrypted: true, secureConnecting: true } };
		expect(classifyFailure(wrapped({ code }, handshaking))).toMatchObject({ mayHaveLeft: false });
	});
});

describe('all addresses of a host', () => {
	const aggregate = (...errors: object[]) => wrapped({ code: 'ECONNREFUSED', errors });
	test('none could be reached: not left', () => {
		expect(classifyFailure(aggregate(refused, { code: 'ENETUNREACH', syscall: 'connect' }))).toMatchObject({
			mayHaveLeft: false,
			reason: 'the connection was refused',
		});
	});
	test('anything else among them proves nothing', () => {
		const broken = { code: 'ECONNRESET', syscall: 'read' };
		expect(classifyFailure(aggregate(refused, broken))).toMatchObject({ mayHaveLeft: true });
		expect(classifyFailure(aggregate())).toMatchObject({ mayHaveLeft: true });
	});
});

test('a host whose helper hides the socket: the words of the TLS and the proxy client', () => {
	for (const message of [
		'Client network socket disconnected before secure TLS connection was established',
		'Proxy connection ended before receiving CONNECT response',
	]) {
		expect(classifyFailure(Object.assign(new Error(message), { code: 'ECONNRESET' }))).toMatchObject({
			mayHaveLeft: false,
		});
	}
});

test('a request that was given no socket has not left; one that was answered in part has', () => {
	expect(classifyFailure(wrapped({}, { socket: null }))).toMatchObject({ mayHaveLeft: false });
	expect(classifyFailure(wrapped({ response: { status: 200 } }, { socket: null }))).toMatchObject({
		mayHaveLeft: true,
	});
});

test.each(['SsrfBlockedIpError', 'UserError', 'UnknownConnectionHostError', 'DomainNotAllowedError'])(
	"n8n's own guard %s: not left, and the same next time",
	(name) => {
		expect(classifyFailure(Object.assign(new Error('x'), { name }))).toMatchObject({
			mayHaveLeft: false,
			isPermanent: true,
			reason: 'n8n does not allow this host',
		});
	},
);

test('whatever is thrown is classified, and without proof it may have been stored', () => {
	fc.assert(
		fc.property(fc.anything(), (thrown) => {
			expect(typeof classifyFailure(thrown).mayHaveLeft).toBe('boolean');
			expect(thrownResponse(thrown, true)).toBeUndefined();
		}),
	);
	for (const thrown of [undefined, null, 'x', {}, Object.create(null), new Error('x')]) {
		expect(classifyFailure(thrown)).toMatchObject({ mayHaveLeft: true });
	}
});

test('no code of an error is shown: n8n rewrites messages that hold one', () => {
	for (const code of ['ECONNRESET', 'ENOTFOUND', 'EPIPE', 'ECONNABORTED', 'EAI_AGAIN', 'ETIMEDOUT', 'EXYZ']) {
		expect(classifyFailure(wrapped({ code }))).not.toHaveProperty('reason', expect.stringContaining(code));
	}
});

describe('a response that was thrown for its status', () => {
	const thrown = (socket: object | null, data: unknown = 'x') =>
		Object.assign(new Error(), {
			cause: Object.assign(new Error(), {
				request: { socket },
				response: { status: 403, headers: {}, data },
			}),
		});
	test('is from the proxy if it did not come over TLS although the request was to', () => {
		expect(thrownResponse(thrown({}), true)).toMatchObject({ status: 403, text: 'x', isFromProxy: true });
		expect(thrownResponse(thrown({ encrypted: true }), true)).toMatchObject({ isFromProxy: false });
		expect(thrownResponse(thrown({}), false)).toMatchObject({ isFromProxy: false });
		expect(thrownResponse(thrown(null), true)).toMatchObject({ isFromProxy: false });
	});
	test('needs its whole text', () => {
		expect(thrownResponse(thrown({}, null), true)).toBeUndefined();
	});
});

test('what a proxy says to CONNECT', () => {
	expect([403, 404, 408, 429, 500, 503].map((status) => proxyFailure(status).isPermanent ?? false)).toEqual([
		true,
		true,
		false,
		false,
		false,
		false,
	]);
});

const CHECK = 'check the base URL in the credential and the network, then send it again';

test.each([
	['ECONNREFUSED', 'the connection was refused'],
	['ENOTFOUND', 'the host was not found'],
	['EAI_AGAIN', 'the host could not be looked up'],
	['ECONNRESET', 'the connection was lost'],
	['EPIPE', 'the connection was lost'],
	['ETIMEDOUT', 'no answer in time'],
	['ECONNABORTED', 'the connection was lost'],
	['EOTHER', 'the connection failed'],
])('%s in words, with what to do', (code, reason) => {
	expect(classifyFailure(wrapped({ code }))).toEqual({ mayHaveLeft: true, reason, advice: CHECK });
	const proven = classifyFailure(wrapped({ code, syscall: 'getaddrinfo' }));
	const unnamed = reason === 'the connection failed' ? 'no connection could be made' : reason;
	expect(proven).toEqual({ mayHaveLeft: false, reason: unnamed, advice: CHECK });
});

test('an address that cannot be read has not left', () => {
	expect(classifyFailure(wrapped({ code: 'ERR_INVALID_URL' }))).toEqual({
		mayHaveLeft: false,
		reason: 'no connection could be made',
		advice: CHECK,
	});
});

test("what to do about n8n's own guard", () => {
	expect(classifyFailure(Object.assign(new Error('x'), { name: 'SsrfBlockedIpError' }))).toEqual({
		mayHaveLeft: false,
		isPermanent: true,
		reason: 'n8n does not allow this host',
		advice: 'ask the administrator of n8n to allow it, then send it again',
	});
	class UserError extends Error {}
	expect(classifyFailure(wrapped(new UserError('x')))).toMatchObject({ mayHaveLeft: true });
	expect(classifyFailure({ cause: new UserError('x') })).toMatchObject({ isPermanent: true });
});

describe('a certificate', () => {
	const permanent = { mayHaveLeft: false, isPermanent: true };
	const expired = {
		...permanent,
		reason: 'the certificate of the server has expired',
		advice: 'have it renewed or check the base URL in the credential, then send it again',
	};
	const ofAnother = {
		...permanent,
		reason: 'the certificate of the server is for another host',
		advice: 'check the base URL in the credential, then send it again',
	};
	const untrusted = {
		...permanent,
		reason: 'n8n does not trust the certificate of the server',
		advice:
			"check the base URL in the credential; if the certificate is your own or your proxy's, name a file with its authority in the environment variable NODE_EXTRA_CA_CERTS of n8n and restart it, then send it again",
	};
	test.each([
		['CERT_HAS_EXPIRED', expired],
		['ERR_TLS_CERT_ALTNAME_INVALID', ofAnother],
		['HOSTNAME_MISMATCH', ofAnother],
		['CERT_NOT_YET_VALID', untrusted],
		['CERT_REVOKED', untrusted],
		['CRL_HAS_EXPIRED', untrusted],
		['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', untrusted],
		['UNABLE_TO_VERIFY_LEAF_SIGNATURE', untrusted],
		['UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY', untrusted],
		['SELF_SIGNED_CERT_IN_CHAIN', untrusted],
		['DEPTH_ZERO_SELF_SIGNED_CERT', untrusted],
		['INVALID_CA', untrusted],
		['INVALID_PURPOSE', untrusted],
	])('%s', (code, failure) => {
		expect(classifyFailure(wrapped({ code }))).toEqual(failure);
	});

	test.each(['XCERT_HAS_EXPIRED', 'UNABLE_TO_READ', 'INVALID_X', 'MY_HOSTNAME_MISMATCH', 'INVALID_CA_X'])(
		'%s is no verdict on one',
		(code) => {
			expect(classifyFailure(wrapped({ code }))).toMatchObject({ mayHaveLeft: true });
		},
	);
});

describe('where the proof is found', () => {
	const nested = (depth: number, inner: object): object =>
		depth === 1 ? inner : { cause: nested(depth - 1, inner) };

	test('in one of six levels', () => {
		expect(classifyFailure(nested(6, refused))).toMatchObject({ mayHaveLeft: false });
		expect(classifyFailure(nested(7, refused))).toMatchObject({ mayHaveLeft: true });
	});

	test('an error that causes itself is read once', () => {
		const error: { cause?: object; syscall: string } = { syscall: 'read' };
		error.cause = error;
		expect(classifyFailure(error)).toMatchObject({ mayHaveLeft: true });
	});

	test('also in what n8n keeps beside the cause', () => {
		expect(classifyFailure({ errorResponse: refused })).toMatchObject({ mayHaveLeft: false });
		expect(classifyFailure({ cause: { syscall: 'read' }, errorResponse: refused })).toMatchObject({
			mayHaveLeft: true,
		});
	});

	test.each<[string, object, boolean]>([
		['a request without a socket', { socket: null }, false],
		['one whose socket is in the handshake', { socket: { secureConnecting: true } }, false],
		['one whose socket is ready', { socket: { secureConnecting: false } }, true],
		['one in clear', { socket: {} }, true],
		['a request that does not say', {}, true],
	])('%s', (_, request, mayHaveLeft) => {
		expect(classifyFailure(wrapped({ code: 'EOTHER' }, request))).toMatchObject({ mayHaveLeft });
		expect(timeoutFailure(wrapped({}, request), 300)).toEqual({
			mayHaveLeft,
			reason: mayHaveLeft ? 'no whole answer within 300 ms' : 'no connection within 300 ms',
			advice: CHECK,
		});
	});
});

test('the headers of a thrown response, also of one that has none', () => {
	const thrown = (response: object) => ({ request: { socket: {} }, response });
	expect(thrownResponse(thrown({ status: 503, headers: { a: '1' }, data: '' }), false)).toEqual({
		status: 503,
		headers: { a: '1' },
		text: '',
		isFromProxy: false,
	});
	expect(thrownResponse(thrown({ status: 503, data: 'x' }), false)).toMatchObject({ headers: {} });
	for (const response of [{ status: '503', data: 'x' }, { data: 'x' }, { status: 503 }, null]) {
		expect(thrownResponse({ response }, false)).toBeUndefined();
	}
	const inner = { status: 400, data: 'inner' };
	expect(thrownResponse({ response: null, cause: { response: inner } }, false)).toMatchObject({
		text: 'inner',
	});
});

test.each([
	[403, true],
	[407, true],
	[408, false],
	[429, false],
	[499, true],
	[500, false],
	[503, false],
])('a proxy that answers CONNECT with %i', (status, isPermanent) => {
	expect(proxyFailure(status)).toEqual({
		mayHaveLeft: false,
		reason: `a proxy refused the connection with status ${status}`,
		advice: 'check the proxy settings of n8n, then send it again',
		...(isPermanent ? { isPermanent } : {}),
	});
});
