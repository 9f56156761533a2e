import type { ICredentialDataDecryptedObject, INodeExecutionData } from 'n8n-workflow';

import { targetFor, type Account } from './account';
import { createMask } from './delivery/response';
import { buildRequest } from './delivery/delivery';
import { asRanges } from './report/outcome';
import type { Batch } from './delivery/pack';
import type { Operation, WireForm } from './operation/operation';

/** Longest body that is shown, in characters. */
const SHOWN_BODY = 1_000_000;

/** The request of a batch as it would leave, as an output item: built by the same code, secrets masked. */
export async function previewItem(
	batch: Batch,
	{ credential }: Operation,
	form: WireForm,
	account: Account,
	random: () => number,
): Promise<INodeExecutionData> {
	const { method, url, headers, body } = buildRequest(
		batch,
		form,
		targetFor(account, batch.items[0].app),
		random,
	);
	const sent = await credential.authenticate(account.data as ICredentialDataDecryptedObject, {
		method,
		url,
		headers: { ...headers },
	});
	const mask = createMask(account.secrets);
	const masked = Object.entries(sent.headers ?? {}).map(
		([name, value]) => [name, mask(String(value))] as const,
	);
	return {
		json: {
			request: {
				method,
				url: mask(sent.url),
				headers: Object.fromEntries(masked),
				body: mask(body?.toString('utf8') ?? '').slice(0, SHOWN_BODY),
				bytes: body ? body.length : Buffer.byteLength(sent.url, 'utf8'),
			},
			items: asRanges(batch.items.map(({ index }) => index)),
		},
		pairedItem: batch.items.map(({ index }) => ({ item: index })),
	};
}
