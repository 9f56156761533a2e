import { hash } from 'node:crypto';

import type { Delivery, Status } from '../report/outcome';
import type { Prepared } from './pack';
import { isPlainObject } from '../check/objects';

/**
 * What became of each item of a run, kept in the node's context so that a later try of the same run (Retry On Fail, the
 * Retry button of the executions list) sends only what must be sent.
 *
 * Twelve bytes an item: state (1), request number (3), first bytes of a hash of the event (8); as base64, 256 items a
 * text, so that a change rewrites one short text. The context is stored with the execution, hence plain JSON.
 */
export interface StoredRun {
	/** How often the run was tried. */
	tries: number;
	requests: number;
	chunks: Record<string, string>;
	/** Once per request. */
	answers: Record<string, RequestReport>;
}

/** What the items of one request share in their report. */
export type RequestReport = Pick<Delivery, 'method' | 'attempts' | 'httpStatus' | 'message' | 'items'> & {
	response?: unknown;
};

/** `sent`: bytes may have left and nothing is known yet. */
export type LedgerState = Status | 'sent';

const STATES: readonly LedgerState[] = [
	'sent',
	'accepted',
	'unconfirmed',
	'oversize',
	'rejected',
	'batchRejected',
	'exhausted',
	'unknown',
	'notAttempted',
	'invalid',
];
const BYTES = 12;
const HASH_AT = 4;
const CHUNK = 256;
const CONTEXT_NAME = 'serverEvents';

const fingerprint = ({ target, batchKey, text }: Prepared): Buffer => {
	const group = batchKey.slice(target.id.length);
	const where = JSON.stringify([target.baseUrl, target.account]);
	return hash('sha1', `${where}${group}\n${text}`, 'buffer').subarray(0, BYTES - HASH_AT);
};

export class Ledger {
	readonly run: StoredRun;
	/** Whether this run was tried before. */
	readonly isRepeat: boolean;
	private readonly runs: Record<string, unknown>;
	private readonly runName: string;
	private readonly chunks = new Map<number, Buffer>();
	private readonly context: Record<string, unknown>;
	private readonly itemCount: number;

	/** `context` is the node's own; `runIndex` tells a new loop iteration from a repeated try. */
	constructor(context: Record<string, unknown>, runIndex: number, itemCount: number) {
		if (!isPlainObject(context[CONTEXT_NAME])) context[CONTEXT_NAME] = {};
		this.context = context;
		this.itemCount = itemCount;
		this.runs = context[CONTEXT_NAME] as Record<string, unknown>;
		this.runName = String(runIndex);
		const earlier = this.runs[this.runName] as StoredRun | undefined;
		this.isRepeat = earlier !== undefined;
		this.run = earlier ?? { tries: 0, requests: 0, chunks: {}, answers: {} };
		this.run.tries++;
		this.runs[this.runName] = this.run;
	}

	/** What an earlier try of this run noted for this very event. */
	earlier(item: Prepared): { state: LedgerState; request: number; report?: RequestReport } | undefined {
		const chunk = this.chunk(Math.floor(item.index / CHUNK));
		const at = (item.index % CHUNK) * BYTES;
		const state = STATES[chunk.readUInt8(at) - 1];
		if (!state || fingerprint(item).compare(chunk, at + HASH_AT, at + BYTES) !== 0) return undefined;
		const request = chunk.readUIntBE(at + 1, 3);
		return { state, request, report: this.run.answers[request] };
	}

	/** `request`: the one that carried them, if any has. */
	note(items: readonly Prepared[], state: LedgerState, request?: number): void {
		const touched = new Set<number>();
		for (const item of items) {
			const number = Math.floor(item.index / CHUNK);
			const chunk = this.chunk(number);
			const at = (item.index % CHUNK) * BYTES;
			// The first note of a try says which event it is about; what follows a request is about the same.
			if (state === 'sent' || request === undefined) fingerprint(item).copy(chunk, at + HASH_AT);
			chunk[at] = STATES.indexOf(state) + 1;
			chunk.writeUIntBE(request ?? 0, at + 1, 3);
			touched.add(number);
		}
		for (const number of touched) this.run.chunks[number] = this.chunk(number).toString('base64');
		this.run.requests = Math.max(this.run.requests, request ?? 0);
	}

	report(request: number, report: RequestReport): void {
		this.run.answers[request] = report;
	}

	/** Forgets the run. */
	remove(): void {
		delete this.runs[this.runName];
		if (Object.keys(this.runs).length === 0) delete this.context[CONTEXT_NAME];
	}

	private chunk(number: number): Buffer {
		let chunk = this.chunks.get(number);
		if (!chunk) {
			const items = Math.max(0, Math.min(CHUNK, this.itemCount - number * CHUNK));
			chunk = Buffer.alloc(items * BYTES);
			chunk.set(Buffer.from(this.run.chunks[number] ?? '', 'base64').subarray(0, chunk.length));
			this.chunks.set(number, chunk);
		}
		return chunk;
	}
}
