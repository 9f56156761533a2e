/** What the failure of a request proves, read from the error that n8n's HTTP helper throws. */
import { textOf } from '../check/objects';

/** Why a request got no response. */
export interface SendFailure {
	/** `false`: it is proven that no connection was ready, so that no byte of the request can have left. */
	mayHaveLeft: boolean;
	/** Every further try would fail in the same way. */
	isPermanent?: true;
	/** Completes "(last: …)". */
	reason: string;
	/** Completes "nothing was stored, so …". */
	advice: string;
}

/** What n8n itself throws when its administrator or the credential does not allow the host. */
const N8N_GUARD = /Ssrf|UserError|UnknownConnectionHost|DomainNotAllowed/;
/** System calls that come before a connection exists. */
const BEFORE_CONNECTION = ['connect', 'getaddrinfo'];
/** OpenSSL's and Node's verdicts on a certificate, which end the handshake. */
const BAD_CERTIFICATE =
	/^(CERT_\w+|CRL_\w+|UNABLE_TO_(?:GET|VERIFY|DECODE)_\w+|SELF_SIGNED_CERT_IN_CHAIN|DEPTH_ZERO_SELF_SIGNED_CERT|INVALID_(?:CA|PURPOSE)|HOSTNAME_MISMATCH|ERR_TLS_CERT_ALTNAME_INVALID)$/;
/** Errors without a code, known by their words: Node's TLS client, and the proxy client that n8n uses. */
const NOT_READY =
	/before secure TLS connection was established|Proxy connection ended before receiving CONNECT response/;

const CHECK_NETWORK = 'check the base URL in the credential and the network, then send it again';
const CHECK_PROXY = 'check the proxy settings of n8n, then send it again';

const REASONS: Readonly<Record<string, string>> = {
	ECONNREFUSED: 'the connection was refused',
	ENOTFOUND: 'the host was not found',
	EAI_AGAIN: 'the host could not be looked up',
	ECONNRESET: 'the connection was lost',
	EPIPE: 'the connection was lost',
	ETIMEDOUT: 'no answer in time',
	ECONNABORTED: 'the connection was lost',
};

interface ErrorLevel {
	name?: unknown;
	message?: unknown;
	code?: unknown;
	syscall?: unknown;
	cause?: unknown;
	errors?: unknown;
	request?: unknown;
	response?: unknown;
}

/** An HTTP response that the helper threw as an error. */
export interface ThrownResponse {
	status: number;
	headers: Readonly<Record<string, unknown>>;
	text: string;
	/** It is a proxy's answer to CONNECT, so that the request never left. */
	isFromProxy: boolean;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
	typeof value === 'object' && value !== null;

/** The error and its causes, outermost first; n8n wraps what its HTTP client throws, and not every error as `cause`. */
function levelsOf(error: unknown): ErrorLevel[] {
	const levels: ErrorLevel[] = [];
	let current = error;
	while (isObject(current) && levels.length < 6) {
		levels.push(current);
		current = current.cause ?? current.errorResponse;
	}
	return levels;
}

/** Node tries all addresses of a host; the error of the whole then lists theirs. */
function isBeforeConnection({ syscall, errors }: ErrorLevel): boolean {
	if (typeof syscall === 'string') return BEFORE_CONNECTION.includes(syscall);
	return (
		Array.isArray(errors) &&
		errors.length > 0 &&
		errors.every((one: unknown) => isObject(one) && isBeforeConnection(one))
	);
}

/** The socket of the request, which still tells how far it came. `null`: there never was one. */
function socketOf({ request }: ErrorLevel): Record<string, unknown> | null | undefined {
	if (!isObject(request) || !('socket' in request)) return undefined;
	return isObject(request.socket) ? request.socket : null;
}

/**
 * How far the connection came, as the socket tells: a TLS socket is `secureConnecting` until the handshake has ended and
 * the certificate is verified, and Node writes nothing of the request before. A request without a socket is one whose
 * agent gave none: the proxy could not be reached, or it ended CONNECT.
 */
function isProvenBySocket(levels: readonly ErrorLevel[]): boolean {
	if (levels.some(({ response }) => response !== undefined)) return false;
	const socket = levels.map(socketOf).find((found) => found !== undefined);
	if (socket === undefined) return false;
	return socket === null || socket.secureConnecting === true;
}

export function classifyFailure(error: unknown): SendFailure {
	const levels = levelsOf(error);
	const names = levels.map((level) => `${String(level.name)} ${level.constructor?.name}`);
	if (names.some((name) => N8N_GUARD.test(name))) {
		return {
			mayHaveLeft: false,
			isPermanent: true,
			reason: 'n8n does not allow this host',
			advice: 'ask the administrator of n8n to allow it, then send it again',
		};
	}
	const code = levels.map((level) => level.code).find((one) => typeof one === 'string') ?? '';
	if (BAD_CERTIFICATE.test(code)) return untrusted(code);
	const isProven =
		levels.some(isBeforeConnection) ||
		levels.some(({ message }) => NOT_READY.test(textOf(message))) ||
		code === 'ERR_INVALID_URL' ||
		isProvenBySocket(levels);
	// Codes themselves are not shown: n8n replaces messages that hold one.
	const reason = REASONS[code] ?? (isProven ? 'no connection could be made' : 'the connection failed');
	return { mayHaveLeft: !isProven, reason, advice: CHECK_NETWORK };
}

function untrusted(code: string): SendFailure {
	const permanent = { mayHaveLeft: false, isPermanent: true } as const;
	if (code === 'CERT_HAS_EXPIRED') {
		return {
			...permanent,
			reason: 'the certificate of the server has expired',
			advice: 'have it renewed or check the base URL in the credential, then send it again',
		};
	}
	if (code === 'ERR_TLS_CERT_ALTNAME_INVALID' || code === 'HOSTNAME_MISMATCH') {
		return {
			...permanent,
			reason: 'the certificate of the server is for another host',
			advice: 'check the base URL in the credential, then send it again',
		};
	}
	return {
		...permanent,
		reason: 'n8n does not trust the certificate of the server',
		advice:
			"check the base URL in the credential; if the certificate is your own or your proxy's, name a file with its authority in the environment variable NODE_EXTRA_CA_CERTS of n8n and restart it, then send it again",
	};
}

/** A timeout of ours; the socket may tell that the request had not begun to leave. */
export function timeoutFailure(error: unknown, timeout: number): SendFailure {
	const mayHaveLeft = !isProvenBySocket(levelsOf(error));
	const reason = mayHaveLeft ? `no whole answer within ${timeout} ms` : `no connection within ${timeout} ms`;
	return { mayHaveLeft, reason, advice: CHECK_NETWORK };
}

/** The response in an error that was thrown for its status. `isSecure`: the request was to go over TLS. */
export function thrownResponse(error: unknown, isSecure: boolean): ThrownResponse | undefined {
	for (const level of levelsOf(error)) {
		const { response } = level;
		if (!isObject(response) || typeof response.status !== 'number' || typeof response.data !== 'string') {
			continue;
		}
		const socket = socketOf(level);
		return {
			status: response.status,
			headers: isObject(response.headers) ? response.headers : {},
			text: response.data,
			// The proxy client plays such an answer to the request on a socket that is not the TLS one.
			isFromProxy: isSecure && isObject(socket) && socket.encrypted !== true,
		};
	}
	return undefined;
}

/** A proxy refused to connect to the vendor. What it answers in the 5xx range may pass. */
export function proxyFailure(status: number): SendFailure {
	const reason = `a proxy refused the connection with status ${status}`;
	const mayPass = status >= 500 || status === 408 || status === 429;
	return { mayHaveLeft: false, reason, advice: CHECK_PROXY, ...(mayPass ? {} : { isPermanent: true }) };
}
