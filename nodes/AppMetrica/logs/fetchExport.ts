import type { IExecuteFunctions } from 'n8n-workflow';

import {
	beginningOf,
	classifyFailure,
	createMask,
	createStreamRequest,
	pollFile,
	userText,
	type Account,
	type Clock,
	type FileResponse,
	type PollResult,
} from '../../engine';

import { exportUrl, type ExportRequest } from './exportRequest';

/** Milliseconds without a byte, after which a request counts as lost. */
const SILENCE = 120_000;
/** How much of an answer that is no file is read and shown. */
const READ_BYTES = 16_384;
const SHOWN = 200;

/** Answers that a later try may change; reading is safe to repeat. 420 and 429 are the quotas of the API. */
const TEMPORARY = [408, 420, 425, 500, 502, 503, 504];

export interface FetchOptions {
	continues: boolean;
	/** Milliseconds. */
	maxWait: number;
	clock: Clock;
	signal?: AbortSignal;
}

/** Makes the function that asks AppMetrica for an export until its file is there. */
export function createExportFetcher(host: IExecuteFunctions, credentialType: string, account: Account) {
	const ask = createStreamRequest(host, credentialType, account.data, SILENCE);
	const mask = createMask(account.secrets);
	const shown = (text: string) => userText(mask(text), SHOWN);

	async function request(url: string, isFirst: boolean): Promise<FileResponse> {
		// Sent again, it would make the vendor begin anew.
		const result = await ask(url, isFirst ? { 'Cache-Control': 'no-cache' } : {});
		if ('cancelled' in result) return result;
		if ('error' in result)
			return { temporary: `AppMetrica could not be reached: ${classifyFailure(result.error).reason}` };
		const { status, headers, body } = result.response;
		if (status === 200) {
			if (!(headers['content-type'] ?? '').includes('html')) return { ready: body };
			return {
				refused: 'The address answered with a web page; check the base URL in the credential',
				httpStatus: status,
			};
		}
		const text = await beginningOf(body, READ_BYTES).catch(() => '');
		if (status === 202) return { preparing: `AppMetrica is still making the file${progressIn(text)}` };
		if (status === 429) return { queueFull: `AppMetrica's queue for this app is full: ${shown(text)}` };
		if (TEMPORARY.includes(status)) return { temporary: `AppMetrica answered with status ${status}` };
		return { refused: refusal(status, shown(text)), httpStatus: status };
	}

	return async (exported: ExportRequest, options: FetchOptions): Promise<PollResult> => {
		const url = exportUrl(account.baseUrl, exported);
		return await pollFile({ ...options, request: (isFirst) => request(url, isFirst) });
	};
}

/** The body of a 202 may carry the progress, such as "Wait for result. 35 %". */
function progressIn(text: string): string {
	const percent = /\d{1,3}\s?%/.exec(text)?.[0];
	return percent ? ` (${percent.replace(/\s/, '')})` : '';
}

function refusal(status: number, text: string): string {
	const words = text.trim().replace(/\.+$/, '');
	const said = words === '' ? '' : `: ${words}`;
	switch (status) {
		case 401:
			return `AppMetrica refused the token (401)${said}. Check the OAuth token in the credential`;
		case 403:
			return `The token has no access to this app (403)${said}. Check 'Application' and the token's permissions`;
		case 404:
			return `This address has no Logs API (404)${said}. Check the base URL in the credential`;
		default:
			if (status >= 300 && status < 400) {
				return `The base URL redirects (${status}); redirects are not followed. Enter the address it leads to`;
			}
			return `AppMetrica refused the export with status ${status}${said}`;
	}
}
