import * as n8nWorkflow from 'n8n-workflow';
import type { IExecuteFunctions, IHttpRequestOptions, IN8nHttpFullResponse } from 'n8n-workflow';

import { classifyFailure, proxyFailure, thrownResponse, timeoutFailure, type SendFailure } from './failure';
import { readResponse } from './response';
import type { Destination } from '../account';
import type { HttpRequest, ResponseRules, VendorResponse } from '../operation/operation';

/** What came of one try of a request. */
export type SendResult = { response: VendorResponse } | { failure: SendFailure } | { cancelled: true };

/** A proxy asks for a sign-in: the same for every request, whether it says so to CONNECT or to the request. */
const PROXY_SIGN_IN = 407;

/**
 * Over TLS these statuses are thrown, since only the error holds the socket by which a proxy's answer to CONNECT is told
 * from the vendor's: all but 200, by which a proxy connects. Not 401: n8n would take the credential for expired and send
 * the request again.
 */
const THROWN_STATUSES = Array.from({ length: 399 }, (_, at) => 201 + at).filter((status) => status !== 401);

/**
 * Whether n8n can be told which statuses to throw: n8n 2.41 can and has this export, n8n 1.100 has neither and takes a list
 * for `true`. Where it is missing n8n throws every status, and sends a request that 401 answered a second time.
 */
const HAS_STATUS_LISTS = 'N8N_NODES_API_VERSION' in n8nWorkflow;

/**
 * Makes the function that sends one request through n8n's helper, so that n8n's proxies, guards and credentials apply.
 * It never throws: what went wrong is returned, without the error, which would carry the secret in its URL or headers.
 */
export function createSender(
	host: IExecuteFunctions,
	credentialType: string,
	timeout: number,
	rules: Pick<ResponseRules, 'parse'>,
	hasStatusLists = HAS_STATUS_LISTS,
): (request: HttpRequest, target: Destination) => Promise<SendResult> {
	const cancel = host.getExecutionCancelSignal?.();

	return async ({ method, url, headers, body }, { credential }) => {
		if (cancel?.aborted) return { cancelled: true };
		const limit = AbortSignal.timeout(timeout);
		// The helper takes the signal from its context and would otherwise overwrite ours; n8n's own `timeout` does not
		// bound an answer that drips.
		const context = Object.create(host, {
			getExecutionCancelSignal: { value: () => (cancel ? AbortSignal.any([cancel, limit]) : limit) },
		}) as IExecuteFunctions;
		const isSecure = /^https:/i.test(url);
		const options: IHttpRequestOptions = {
			method,
			url,
			headers: { ...headers },
			body,
			encoding: 'text',
			returnFullResponse: true,
			ignoreHttpStatusErrors: isSecure ? hasStatusLists && { ignore: true, except: THROWN_STATUSES } : true,
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
			return { response: readResponse(response.statusCode, response.headers, text, rules.parse) };
		} catch (error) {
			if (cancel?.aborted) return { cancelled: true };
			if (limit.aborted) return { failure: timeoutFailure(error, timeout) };
			const thrown = thrownResponse(error, isSecure);
			if (!thrown) return { failure: classifyFailure(error) };
			if (thrown.isFromProxy && thrown.status !== PROXY_SIGN_IN) {
				return { failure: proxyFailure(thrown.status) };
			}
			return { response: readResponse(thrown.status, thrown.headers, thrown.text, rules.parse) };
		}
	};
}
