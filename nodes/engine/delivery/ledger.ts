import { STATUSES, type Delivery, type Status } from '../report/outcome';
import type { Json } from '../operation/operation';
import { digestOf, inputDigest, inputDigestInSteps } from './inputDigest';
import type { Prepared } from './pack';
import { isPlainObject } from '../check/objects';
import type { Steps } from '../steps';

/**
 * What became of each item of a run, kept in the node's context so that a later try of the same run (Retry On Fail, the
 * Retry button of the executions list) sends only what must be sent.
 *
 * An item is known by its index and a hash of its input, never by its event: that may be another one at each try, for
 * instance because the mapping names the current time. The context is stored with the execution, hence plain JSON.
 */
export interface StoredRun {
	/** How often the run was tried since n8n last gave it up. */
	tries: number;
	requests: number;
	/** The records of 64 items as base64, so that a change writes one short text. */
	chunks: Record<string, string>;
	/** What requests ended with, each different one once. */
	reports: RequestReport[];
	/** What the run has added to the execution's custom data. */
	counted?: Record<string, number>;
}

/** What the items of one request share in their report. */
export type RequestReport = Pick<Delivery, 'method' | 'attempts' | 'httpStatus' | 'message' | 'items'> & {
	response?: unknown;
	/** There was a response, and no room for it. */
	isCut?: true;
};

/** `sent`: bytes may have left and nothing is known yet. */
export type LedgerState = Status | 'sent';

/** What an earlier try noted of an item. */
export interface Earlier {
	state: LedgerState;
	request?: number;
	report?: RequestReport;
}

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

/** The record of an item: a state, a request and a report (both counted from 1), hashes of its input and of its event. */
const RECORD = { state: 0, request: 1, report: 4, input: 6, event: 12, bytes: 17 };
const INPUT_BYTES = RECORD.event - RECORD.input;
const EVENT_BYTES = RECORD.bytes - RECORD.event;
const CHUNK = 64;
/** Characters of all reports together, and of those with the vendor's response. So few that two bytes can number them. */
const REPORTS_SIZE = { whole: 192 * 1024, all: 256 * 1024 };
/** Stands for a report in the record of an item that has none. */
const NO_REPORT = 0;
const CONTEXT_NAME = 'serverEvents';

/** Writes the beginning of a hash. */
const writeHash = (text: string, to: Buffer, at: number, bytes: number): void =>
	void to.write(digestOf(text), at, bytes, 'hex');

/** Where an event goes and what is sent. The destination's own id is another one in each run. */
function writeEventHash(prepared: Prepared, to: Buffer, at: number): void {
	const { target, batchKey, text } = prepared.alone ?? prepared;
	const group = batchKey.slice(target.id.length);
	const destination = JSON.stringify([target.baseUrl, target.account]);
	writeHash(`${destination}${group}\n${text}`, to, at, EVENT_BYTES);
}

export class Ledger {
	readonly run: StoredRun;
	/** Whether this run was tried before. */
	readonly isRepeat: boolean;
	/** Whether n8n's Retry On Fail repeats the run, so that nobody can have changed anything. */
	readonly isAutomatic: boolean;
	private readonly context: Record<string, unknown>;
	private readonly runs: Record<string, unknown>;
	private readonly runName: string;
	private readonly itemCount: number;
	private readonly batching: Buffer;
	private readonly inputs: Buffer;
	private readonly chunks = new Map<number, Buffer>();
	/** By its JSON text, the number of a kept report; by its request, too. */
	private readonly reportNumbers = new Map<string, number>();
	private readonly reportOfRequest = new Map<number, number>();
	private reportsSize = 0;

	/**
	 * `context` is the node's own; `runIndex` tells a new loop iteration from a repeated try; `batching` names the settings
	 * by which items share a request.
	 */
	constructor(context: Record<string, unknown>, runIndex: number, itemCount: number, batching: string) {
		if (!isPlainObject(context[CONTEXT_NAME])) context[CONTEXT_NAME] = {};
		this.context = context;
		this.itemCount = itemCount;
		this.runs = context[CONTEXT_NAME] as Record<string, unknown>;
		this.runName = String(runIndex);
		const earlier = this.runs[this.runName];
		this.isRepeat = isStoredRun(earlier);
		this.run = isStoredRun(earlier) ? earlier : { tries: 0, requests: 0, chunks: {}, reports: [] };
		this.isAutomatic = this.run.tries > 0;
		this.run.tries++;
		this.runs[this.runName] = this.run;
		this.batching = Buffer.alloc(EVENT_BYTES);
		writeHash(batching, this.batching, 0, EVENT_BYTES);
		this.inputs = Buffer.alloc(itemCount * INPUT_BYTES);
		for (const [at, report] of this.run.reports.entries()) this.remember(JSON.stringify(report), at + 1);
	}

	/** Tells the ledger which item stands at this index. Returns what an earlier try of this run noted of it. */
	identify(index: number, json: Json): Earlier | undefined {
		return this.identifyDigest(index, inputDigest(json));
	}

	/** The same in steps, for an item as large as thousands of others. */
	*identifyInSteps(index: number, json: Json): Steps<Earlier | undefined> {
		return this.identifyDigest(index, yield* inputDigestInSteps(json));
	}

	private identifyDigest(index: number, digest: string): Earlier | undefined {
		this.inputs.write(digest, index * INPUT_BYTES, INPUT_BYTES, 'hex');
		return this.isRepeat ? this.noted(index) : undefined;
	}

	/** What this try or an earlier one noted of an identified item. */
	noted(index: number): Earlier | undefined {
		const record = this.record(index);
		const state = STATES[record.readUInt8(RECORD.state) - 1];
		if (!state || !this.isSameInput(index, record)) return undefined;
		const report = this.run.reports[record.readUInt16BE(RECORD.report) - 1];
		return { state, request: requestOf(record) || undefined, report };
	}

	/** Requests that ended in `batchRejected` and of whose items one has another input now, or is gone. */
	requestsWithOtherInput(): Set<number> {
		const requests = new Set<number>();
		for (const [name, text] of Object.entries(this.run.chunks)) {
			const first = Number(name) * CHUNK;
			const count = Math.floor(Buffer.byteLength(text, 'base64') / RECORD.bytes);
			for (let index = first; index < first + count; index++) {
				const record = this.record(index);
				if (STATES[record.readUInt8(RECORD.state) - 1] !== 'batchRejected') continue;
				if (index >= this.itemCount || !this.isSameInput(index, record)) requests.add(requestOf(record));
			}
		}
		return requests;
	}

	/** Whether an item that was refused would be sent again just as it was; of a refused batch also under the same settings. */
	isUnchanged(item: Prepared): boolean {
		const record = this.record(item.index);
		const event = Buffer.alloc(EVENT_BYTES);
		writeEventHash(item, event, 0);
		if (STATES[record.readUInt8(RECORD.state) - 1] === 'batchRejected') this.addBatching(event, 0);
		return event.compare(record, RECORD.event, RECORD.bytes) === 0;
	}

	/**
	 * Notes a state of identified items: `sent` before the bytes of a request leave, later what became of them. What was
	 * refused goes again only if it changes, so its bytes must still be there.
	 */
	note(items: readonly Prepared[], state: LedgerState, request = 0): void {
		const touched = new Set<number>();
		const report = this.reportOfRequest.get(request) ?? NO_REPORT;
		const stateNumber = STATES.indexOf(state) + 1;
		const isRefused = STATUSES.some(({ status, resend }) => status === state && resend === 'ifChanged');
		for (const item of items) {
			const { index } = item;
			const record = this.record(index);
			record.writeUInt8(stateNumber, RECORD.state);
			record.writeUIntBE(request, RECORD.request, RECORD.report - RECORD.request);
			record.writeUInt16BE(report, RECORD.report);
			this.inputs.copy(record, RECORD.input, index * INPUT_BYTES, (index + 1) * INPUT_BYTES);
			if (isRefused) writeEventHash(item, record, RECORD.event);
			if (state === 'batchRejected') this.addBatching(record, RECORD.event);
			touched.add(Math.floor(index / CHUNK));
		}
		for (const number of touched) this.run.chunks[number] = this.chunk(number).toString('base64');
		this.run.requests = Math.max(this.run.requests, request);
	}

	/** The state that was noted of an identified item, by this try or an earlier one. */
	stateOf(index: number): LedgerState | undefined {
		return this.noted(index)?.state;
	}

	/** What a request ended with, before its items are noted. Beyond a bound it is kept without the response, then not at all. */
	report(request: number, report: RequestReport): void {
		const words: RequestReport =
			report.response === undefined ? report : { ...report, response: undefined, isCut: true };
		const kept = this.keep(report, REPORTS_SIZE.whole) ?? this.keep(words, REPORTS_SIZE.all);
		this.reportOfRequest.set(request, kept ?? NO_REPORT);
	}

	/** Forgets the run. */
	remove(): void {
		delete this.runs[this.runName];
		if (Object.keys(this.runs).length === 0) delete this.context[CONTEXT_NAME];
	}

	/** The number of a kept report, the same for equal ones; `undefined` if there is no room for it. */
	private keep(report: RequestReport, mostSize: number): number | undefined {
		const text = JSON.stringify(report);
		const known = this.reportNumbers.get(text);
		if (known !== undefined) return known;
		const { reports } = this.run;
		if (this.reportsSize + text.length > mostSize) return undefined;
		// A copy: what stands in the context must not change with what is returned.
		reports.push(JSON.parse(text) as RequestReport);
		this.remember(text, reports.length);
		return reports.length;
	}

	private remember(text: string, number: number): void {
		this.reportNumbers.set(text, number);
		this.reportsSize += text.length;
	}

	/** The event's hash of a refused batch holds the settings of batching, too. */
	private addBatching(to: Buffer, at: number): void {
		for (const [place, byte] of this.batching.entries()) to[at + place] = (to[at + place] ?? 0) ^ byte;
	}

	private isSameInput(index: number, record: Buffer): boolean {
		const from = index * INPUT_BYTES;
		return record.compare(this.inputs, from, from + INPUT_BYTES, RECORD.input, RECORD.event) === 0;
	}

	private record(index: number): Buffer {
		const at = (index % CHUNK) * RECORD.bytes;
		return this.chunk(Math.floor(index / CHUNK)).subarray(at, at + RECORD.bytes);
	}

	private chunk(number: number): Buffer {
		let chunk = this.chunks.get(number);
		if (!chunk) {
			const stored = Buffer.from(this.run.chunks[number] ?? '', 'base64');
			const items = Math.min(CHUNK, this.itemCount - number * CHUNK);
			// An earlier try may have had more items; what it noted of them stays.
			chunk = Buffer.alloc(Math.max(items * RECORD.bytes, stored.length));
			chunk.set(stored);
			this.chunks.set(number, chunk);
		}
		return chunk;
	}
}

/** 0: no request was made for it. */
const requestOf = (record: Buffer): number =>
	record.readUIntBE(RECORD.request, RECORD.report - RECORD.request);

/** Whatever stands in the context was written by this node, or by a version of it that wrote something else. */
function isStoredRun(value: unknown): value is StoredRun {
	return (
		isPlainObject(value) &&
		Number.isInteger(value.tries) &&
		Number.isInteger(value.requests) &&
		isPlainObject(value.chunks) &&
		Array.isArray(value.reports)
	);
}
