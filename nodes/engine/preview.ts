import type { ICredentialDataDecryptedObject, IDataObject, INodeExecutionData } from 'n8n-workflow';

import { addHints, writeLog } from './finish';
import { createMask } from './delivery/mask';
import { buildRequest } from './delivery/request';
import { asRanges } from './report/items';
import { countStatuses } from './report/outcome';
import { issuesWithoutSecrets, reportsWithoutSecrets } from './report/withoutSecrets';
import type { DroppedNames } from './report/dropped';
import type { Batch } from './delivery/pack';
import type { Execution } from './execution';
import type { HttpRequest, Operation, WireForm } from './operation/operation';
import type { ItemReport } from './report/output';

/** Longest body that is shown, in characters. */
const SHOWN_BODY = 1_000_000;

/** One output item per request, then one per item that cannot be sent. */
export async function preview(
	execution: Execution,
	form: WireForm,
	batches: readonly Batch[],
	faulty: readonly ItemReport[],
	dropped: DroppedNames,
): Promise<INodeExecutionData[]> {
	const { operation, clock, signal, pause, hide } = execution;
	const output: INodeExecutionData[] = [];
	for (const batch of batches) {
		await pause.ifDue();
		if (signal?.aborted) break;
		output.push(...(await previewItems(batch, operation, form, clock.random, hide)));
	}
	for (const { index, event, delivery } of await reportsWithoutSecrets(faulty, hide, pause)) {
		output.push({ json: { event, delivery } as unknown as IDataObject, pairedItem: { item: index } });
	}
	const counts = countStatuses(faulty);
	writeLog(execution, counts);
	const count = output.length - faulty.length;
	const requests = `${count.toLocaleString('en-US')} ${count === 1 ? 'request' : 'requests'}`;
	const first = `Preview: nothing was sent. The run would begin with ${requests}.`;
	// All of it stands on the first output.
	addHints({ ...execution, toErrorOutput: false }, counts, dropped, { first });
	return output;
}

/** Most warnings that are shown of one request. */
const SHOWN_WARNINGS = 20;

/** What the events of a request break without being refused for it. */
function warningsOf({ items }: Batch, hide: Execution['hide']): IDataObject {
	const all = items.flatMap(({ index, warnings = [] }) =>
		warnings.map((warning) => ({ item: index, ...warning })),
	);
	const shown = [...issuesWithoutSecrets(all.slice(0, SHOWN_WARNINGS), hide)];
	return shown.length ? { warnings: shown } : {};
}

/** Where a body is cut before it is decoded, a secret may be cut in half; so much of the end is not shown, in characters. */
const CUT_MARGIN = 10_000;
/** A character (a UTF-16 code unit) takes three bytes at most. */
const DECODED_BYTES = 3 * (SHOWN_BODY + CUT_MARGIN);

/** The beginning of a body, and only that is decoded: above 512 MB a body is longer than any text may be. */
function shownBody(body: Buffer | undefined, mask: (text: string) => string): string {
	if (!body) return '';
	const beginning = body.subarray(0, DECODED_BYTES);
	const masked = mask(beginning.toString('utf8'));
	const isCut = beginning.length < body.length;
	return masked.slice(0, isCut ? Math.min(SHOWN_BODY, masked.length - CUT_MARGIN) : SHOWN_BODY);
}

/** The requests of a batch as they would leave, each as an output item: built by the same code, secrets masked. */
export async function previewItems(
	batch: Batch,
	operation: Operation,
	form: WireForm,
	random: () => number,
	hide: Execution['hide'] = (text) => text,
): Promise<INodeExecutionData[]> {
	const { after = [], ...first } = buildRequest(batch, form, random);
	const warnings = warningsOf(batch, hide);
	return await Promise.all(
		[first, ...after].map((request) => previewItem(request, batch, operation, warnings)),
	);
}

async function previewItem(
	{ method, url, headers, body }: HttpRequest,
	batch: Batch,
	{ credential }: Operation,
	warnings: IDataObject,
): Promise<INodeExecutionData> {
	const account = batch.target.credential;
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
				body: shownBody(body, mask),
				bytes: body ? body.length : Buffer.byteLength(sent.url, 'utf8'),
			},
			items: asRanges(batch.items.map(({ index }) => index)),
			...warnings,
		},
		pairedItem: batch.items.map(({ index }) => ({ item: index })),
	};
}
