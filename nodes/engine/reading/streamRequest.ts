import type { IExecuteFunctions, IHttpRequestOptions, IN8nHttpFullResponse } from 'n8n-workflow';

import type { Json } from '../operation/json';

/** A vendor's answer whose body is not read yet. */
export interface StreamResponse {
	status: number;
	headers: Readonly<Record<string, string>>;
	body: AsyncIterable<Uint8Array>;
}

export type StreamResult = { response: StreamResponse } | { error: unknown } | { cancelled: true };

/**
 * Makes the function that asks for one address through n8n's helper, so that n8n's proxies, guards and credentials apply.
 * Redirects are not followed. Never throws; `timeout` in milliseconds of silence.
 */
export function createStreamRequest(
	host: IExecuteFunctions,
	credentialType: string,
	credentialData: Json,
	timeout: number,
): (url: string, headers: Readonly<Record<string, string>>) => Promise<StreamResult> {
	const cancel = host.getExecutionCancelSignal?.();
	return async (url, headers) => {
		if (cancel?.aborted) return { cancelled: true };
		const options: IHttpRequestOptions = {
			method: 'GET',
			url,
			headers: { ...headers },
			encoding: 'stream',
			returnFullResponse: true,
			ignoreHttpStatusErrors: true,
			disableFollowRedirect: true,
			timeout,
		};
		try {
			const response = (await host.helpers.httpRequestWithAuthentication.call(host, credentialType, options, {
				credentialsDecrypted: { id: '', name: '', type: credentialType, data: credentialData as never },
			})) as IN8nHttpFullResponse;
			return {
				response: {
					status: response.statusCode,
					headers: Object.fromEntries(
						Object.entries(response.headers).map(([name, value]) => [name.toLowerCase(), String(value)]),
					),
					// A stream of Node.js: n8n may also store it as it is.
					body: response.body as AsyncIterable<Uint8Array>,
				},
			};
		} catch (error) {
			return cancel?.aborted ? { cancelled: true } : { error };
		}
	};
}

/** The beginning of a body as text; the rest is not read. */
export async function beginningOf(body: AsyncIterable<Uint8Array>, mostBytes: number): Promise<string> {
	const pieces: Uint8Array[] = [];
	let size = 0;
	for await (const piece of body) {
		pieces.push(piece);
		size += piece.length;
		if (size >= mostBytes) break;
	}
	return Buffer.concat(pieces).subarray(0, mostBytes).toString('utf8');
}
