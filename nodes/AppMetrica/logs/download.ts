import type { IExecuteFunctions, INode } from 'n8n-workflow';

import type { Clock, Pause } from '../../engine';

import type { ExportReport } from './exportReport';
import type { ExportRequest } from './exportRequest';
import type { createExportFetcher } from './fetchExport';
import { FileFault } from './readRows';

/** Tries of a download that breaks off; the file stays for 24 hours. */
const DOWNLOADS = 3;

/** What a run needs to get a file. */
export interface ExportRun {
	host: IExecuteFunctions;
	node: INode;
	clock: Clock;
	pause: Pause;
	signal?: AbortSignal;
	fetch: ReturnType<typeof createExportFetcher>;
}

/** `used`: what was made of the file. */
export type Downloaded<T> =
	{ used: T } | { notReady: ExportReport } | { failed: ExportReport } | { cancelled: true };

const seconds = (milliseconds: number): number => Math.round(milliseconds / 100) / 10;

/** Gets the file and uses it; a download that breaks off is begun again, with the same file. */
export async function download<T>(
	run: ExportRun,
	request: ExportRequest,
	options: { continues: boolean; maxWait: number },
	use: (file: AsyncIterable<Uint8Array>) => Promise<T>,
): Promise<Downloaded<T>> {
	const { clock, signal } = run;
	let requests = 0;
	let waited = 0;
	for (let attempt = 1; ; attempt++) {
		const result = await run.fetch(request, {
			clock,
			signal,
			maxWait: options.maxWait - waited,
			continues: options.continues || attempt > 1,
		});
		requests += result.requests;
		waited += result.waited;
		const cost = { requests, waitedSeconds: seconds(waited) };
		if ('cancelled' in result) return { cancelled: true };
		if ('refused' in result) {
			const { refused: message, httpStatus } = result;
			return {
				failed: { status: 'failed', message, ...(httpStatus ? { httpStatus } : {}), request, ...cost },
			};
		}
		if ('notReady' in result) {
			return { notReady: { status: 'notReady', message: result.notReady, request, ...cost } };
		}
		const outcome = await attemptToUse(use, result.ready);
		// What was read until the run was cancelled is a part only.
		if (signal?.aborted) return { cancelled: true };
		if ('used' in outcome) return outcome;
		if (attempt < DOWNLOADS && !outcome.isFinal) continue;
		return { failed: { status: 'failed', message: outcome.message, request, ...cost } };
	}
}

async function attemptToUse<T>(
	use: (file: AsyncIterable<Uint8Array>) => Promise<T>,
	file: AsyncIterable<Uint8Array>,
): Promise<{ used: T } | { message: string; isFinal: boolean }> {
	try {
		return { used: await use(file) };
	} catch (error) {
		if (error instanceof FileFault) return { message: error.message, isFinal: error.isFinal };
		if (error instanceof RangeError) return { message: error.message, isFinal: true };
		return { message: `The download broke off ${DOWNLOADS} times; run the node again`, isFinal: false };
	}
}
