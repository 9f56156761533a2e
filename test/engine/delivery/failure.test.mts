import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import { classifyFailure, proxyFailure, thrownResponse } from '../../../nodes/engine/delivery/failure.ts';

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
	test('is none without its whole text', () => {
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
