import type { IExecuteFunctions, IHttpRequestOptions, IN8nHttpFullResponse } from 'n8n-workflow';

import { readResponse } from './response';
import type { Sent } from './delivery';
import type { Destination } from '../account';
import type { ResponseRules, HttpRequest } from '../operation/operation';

/** Codes of failures that end before a byte of the request can have left: name look-up, connection, TLS, n8n's own guard. */
const BEFORE_SENDING =
	/^(ECONNREFUSED|ENOTFOUND|EAI_\w+|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|EHOSTDOWN|ENETDOWN|EPROTO|ERR_TLS_\w+|ERR_SSL_\w+|CERT_\w+|UNABLE_TO_\w+|SELF_SIGNED_CERT_IN_CHAIN|DEPTH_ZERO_SELF_SIGNED_CERT|ERR_INVALID_\w+)$/;
/** What n8n itself throws when its administrator or the credential does not allow the host. */
const N8N_GUARD = /Ssrf|UserError|UnknownConnectionHost|DomainNotAllowed/;

const WORDS: Readonly<Record<string, string>> = {
	ECONNREFUSED: 'the connection was refused',
	ENOTFOUND: 'the host was not found',
	EAI_AGAIN: 'the host could not be looked up',
	ECONNRESET: 'the connection was lost',
	EPIPE: 'the connection was lost',
	ETIMEDOUT: 'no answer in time',
	ECONNABORTED: 'the connection was lost',
};

/** What an error and its causes tell; n8n wraps what its HTTP client throws. */
function readFailure(error: unknown): { code: string; connecting: boolean; guarded: boolean } {
	let code = '';
	let guarded = false;
	let connecting = false;
	let current = error;
	for (let depth = 0; depth < 6 && typeof current === 'object' && current !== null; depth++) {
		const level = current as { name?: unknown; code?: unknown; syscall?: unknown; cause?: unknown };
		if (!code && typeof level.code === 'string') code = level.code;
		if (level.syscall === 'connect' || level.syscall === 'getaddrinfo') connecting = true;
		if (N8N_GUARD.test(`${String(level.name)} ${current.constructor?.name}`)) guarded = true;
		current = level.cause;
	}
	return { code, connecting, guarded };
}

/**
 * Makes the function that sends one request through n8n's helper, so that n8n's proxies, guards and credentials apply.
 * It never throws: what went wrong is returned, without the error, which would carry the secret in its URL or headers.
 */
export function createSender(
	host: IExecuteFunctions,
	credentialType: string,
	timeout: number,
	rules: Pick<ResponseRules, 'parse'>,
): (request: HttpRequest, target: Destination) => Promise<Sent> {
	const cancel = host.getExecutionCancelSignal?.();

	return async ({ method, url, headers, body }, { credential }) => {
		if (cancel?.aborted) return { cancelled: true };
		const limit = AbortSignal.timeout(timeout);
		// The helper takes the signal from its context and would otherwise overwrite ours; n8n's own `timeout` does not
		// bound an answer that drips.
		const context = Object.create(host, {
			getExecutionCancelSignal: { value: () => (cancel ? AbortSignal.any([cancel, limit]) : limit) },
		}) as IExecuteFunctions;
		const options: IHttpRequestOptions = {
			method,
			url,
			headers: { ...headers },
			body,
			encoding: 'text',
			returnFullResponse: true,
			ignoreHttpStatusErrors: true,
			disableFollowRedirect: true,
			// Only so that n8n's default of five minutes does not come first.
			timeout: timeout + 1_000,
		};
		try {
			const response = (await host.helpers.httpRequestWithAuthentication.call(
				context,
				credentialType,
				options,
				{
					// The credential was read once for the run; n8n would decrypt it again for every request.
					credentialsDecrypted: { id: '', name: '', type: credentialType, data: credential.data as never },
				},
			)) as IN8nHttpFullResponse;
			const text = typeof response.body === 'string' ? response.body : '';
			return { answer: readResponse(response.statusCode, response.headers, text, rules.parse) };
		} catch (error) {
			if (cancel?.aborted) return { cancelled: true };
			if (limit.aborted)
				return { failure: { stored: 'maybe', says: `no whole answer within ${timeout} ms` } };
			const { code, connecting, guarded } = readFailure(error);
			if (guarded) return { failure: { stored: 'no', says: 'n8n does not allow this host' } };
			const stored = connecting || BEFORE_SENDING.test(code) ? 'no' : 'maybe';
			// Codes themselves are not shown: n8n replaces messages that hold one.
			const says = WORDS[code] ?? (stored === 'no' ? 'no connection could be made' : 'the connection failed');
			return { failure: { stored, says } };
		}
	};
}
