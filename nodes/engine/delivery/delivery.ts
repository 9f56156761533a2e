import { adviceFor, asksForPause, judge, shownResponse, type Verdict } from './response';
import type { Destination } from '../account';
import type { Ledger, RequestReport } from './ledger';
import { asRanges, isFailed, type Outcome, type Status } from '../report/outcome';
import { halves, payloadBytes, type Batch, type Prepared } from './pack';
import { backoff, retryAfter, WaitBudget, type Clock } from './retry';
import { LONGEST_WAIT, type Settings } from '../operation/settings';
import type {
	VendorResponse,
	HttpRequest,
	Operation,
	Payload,
	Target,
	WireForm,
} from '../operation/operation';

/** What came of one try of a request. `stored`: whether the vendor may have it. */
export type Sent =
	{ answer: VendorResponse } | { failure: { stored: 'no' | 'maybe'; says: string } } | { cancelled: true };

export interface DeliveryPlan {
	operation: Operation;
	settings: Settings;
	/** How the events of this run are sent: the operation's single or batch form. */
	form: WireForm;
	send: (request: HttpRequest, target: Destination) => Promise<Sent>;
	clock: Clock;
	signal?: AbortSignal;
	mask: (text: string) => string;
	ledger: Pick<Ledger, 'note' | 'report'>;
	/** Requests that earlier tries of this run have made. */
	requestsBefore: number;
	/** On Error is Stop Workflow: after the first failure nothing new starts. */
	stopAtFailure: boolean;
}

export interface DeliveryResult {
	/** By item index. Items of a cancelled run may be missing. */
	outcomes: Map<number, Outcome>;
	requests: number;
	/** Milliseconds waited for retries. */
	waited: number;
	/** Why the run ended before its time. */
	ended?: { why: string; httpStatus?: number };
}

/** One of the packed batches, with all the smaller requests that came of it. */
interface Root {
	number: number;
	lane?: string;
	pending: number;
	accepted: number;
	refused: boolean;
}

interface Work {
	batch: Batch;
	root: Root;
	/** A part of a batch that the vendor refused or did not read: sent even when nothing new may start. */
	isPart: boolean;
	/** What first said that a try may have been stored. From then on no failure is certain. */
	doubt?: string;
}

const WHOLLY_BAD_BATCHES = 3;

/** The request of a batch as it leaves; what may differ between tries is drawn by `random`. */
export function buildRequest(
	batch: Batch,
	form: WireForm,
	target: Target,
	random: () => number,
): HttpRequest {
	let bytes: Buffer | undefined;
	const payload: Payload = {
		bytes: () => (bytes ??= payloadBytes(batch)),
		text: () =>
			batch.envelope.prefix +
			batch.items.map(({ text }) => text).join(batch.envelope.separator) +
			batch.envelope.suffix,
	};
	const digits = () => String(1_000_000_000 + Math.floor(random() * 1_000_000_000));
	return form.request(payload, batch.items[0].event, target, { digits });
}

/** Sends batches and accounts for each of their items. Never throws for what a vendor or a network does. */
export class DeliveryRun {
	private readonly plan: DeliveryPlan;
	private readonly form: WireForm;
	private readonly isolates: boolean;
	private readonly budget: WaitBudget;
	private readonly outcomes = new Map<number, Outcome>();
	/** Aborted by the user's cancel or by the run's own end, so that no wait outlives either. */
	private readonly over = new AbortController();
	/** Parts of batches and the next batch of a lane that became free, by their place in the run. */
	private readonly urgent: Work[] = [];
	private readonly waiting: Work[] = [];
	private nextWaiting = 0;
	/** What follows in a lane, the next one last. */
	private readonly laneQueues = new Map<string, Work[]>();
	private readonly busyLanes = new Set<string>();
	private inFlight = 0;
	private requests: number;
	/** Refusals since the last accepted event: while there are any, requests go one at a time. */
	private refusedInRow = 0;
	private badBatchesInRow = 0;
	private nothingNew = false;
	private ended: DeliveryResult['ended'];
	private wake: () => void = () => undefined;

	constructor(plan: DeliveryPlan) {
		this.plan = plan;
		this.form = plan.form;
		this.isolates = plan.settings.sendAs === 'batch' && plan.settings.onRejectedBatch === 'isolate';
		this.budget = new WaitBudget(plan.settings.maxWait * 1_000, plan.clock);
		this.requests = plan.requestsBefore;
	}

	async deliver(batches: readonly Batch[]): Promise<DeliveryResult> {
		const { signal } = this.plan;
		const onCancel = () => {
			this.over.abort();
			this.wake();
		};
		signal?.addEventListener('abort', onCancel, { once: true });
		for (const [number, batch] of batches.entries()) this.enqueue(batch, number);
		for (const queue of this.laneQueues.values()) queue.reverse();
		while (!signal?.aborted) {
			let work = this.take();
			while (work) {
				void this.process(work);
				work = this.take();
			}
			if (this.inFlight === 0) break;
			await new Promise<void>((resolve) => (this.wake = resolve));
		}
		signal?.removeEventListener('abort', onCancel);
		if (!signal?.aborted) this.settleRest(batches);
		return {
			outcomes: this.outcomes,
			requests: this.requests - this.plan.requestsBefore,
			waited: this.budget.waited,
			ended: this.ended,
		};
	}

	private enqueue(batch: Batch, number: number): void {
		const { orderingKey: lane } = batch;
		const work: Work = {
			batch,
			root: { number, lane, pending: 1, accepted: 0, refused: false },
			isPart: false,
		};
		const queue = lane === undefined ? undefined : this.laneQueues.get(lane);
		if (queue) {
			queue.push(work);
			return;
		}
		if (lane !== undefined) this.laneQueues.set(lane, []);
		this.waiting.push(work);
	}

	private take(): Work | undefined {
		if (this.ended || this.plan.signal?.aborted) return undefined;
		const inDoubt = this.isolates && this.refusedInRow > 0;
		if (this.inFlight >= (inDoubt ? 1 : this.plan.settings.concurrency)) return undefined;
		const isFree = ({ root }: Work) => root.lane === undefined || !this.busyLanes.has(root.lane);
		const mayStart = (work: Work) => isFree(work) && (work.isPart || !this.nothingNew);
		const place = this.urgent.findIndex(mayStart);
		let work: Work | undefined;
		if (place >= 0) [work] = this.urgent.splice(place, 1);
		else if (!this.nothingNew) work = this.waiting[this.nextWaiting++];
		if (!work) return undefined;
		this.inFlight++;
		if (work.root.lane !== undefined) this.busyLanes.add(work.root.lane);
		return work;
	}

	private async process(work: Work): Promise<void> {
		const { root } = work;
		try {
			await this.attempt(work);
		} catch {
			// A fault of ours: what it has touched may have been sent, and nothing more is.
			if (!this.plan.signal?.aborted) {
				const message = 'The node met a fault of its own; please report it';
				this.end(message);
				this.settle(work, 'unknown', this.requests, { message });
			}
		}
		this.inFlight--;
		root.pending--;
		if (root.lane !== undefined) this.busyLanes.delete(root.lane);
		if (root.pending === 0) this.settleRoot(root);
		this.wake();
	}

	private settleRoot(root: Root): void {
		const next = root.lane === undefined ? undefined : this.laneQueues.get(root.lane)?.pop();
		if (next) this.insertUrgent([next]);
		if (root.accepted > 0) this.badBatchesInRow = 0;
		else if (root.refused) this.badBatchesInRow++;
		if (this.isolates && this.badBatchesInRow >= WHOLLY_BAD_BATCHES) {
			this.end('Every event is refused; check the mapping');
		}
	}

	private insertUrgent(works: Work[]): void {
		const place = this.urgent.findIndex(({ root }) => root.number >= works[0].root.number);
		this.urgent.splice(place < 0 ? this.urgent.length : place, 0, ...works);
	}

	private end(why: string, httpStatus?: number): void {
		this.ended ??= { why, httpStatus };
		this.over.abort();
	}

	/** One request with its tries. */
	private async attempt(work: Work): Promise<void> {
		const { plan } = this;
		const { batch } = work;
		const { items, target } = batch;
		const method = this.form.method(items[0].event);
		const mayRepeat =
			plan.settings.retryUnknown || items.every(({ event }) => plan.operation.repeatIsSafe?.(event) === true);
		const report: RequestReport = { method };
		let number = 0;
		let attempts = 0;

		const settle = (status: Status, message: string | undefined, more: RequestReport = {}) =>
			this.settle(work, status, number, { ...report, attempts: attempts || undefined, ...more, message });

		for (;;) {
			await this.budget.waitUntil(0, this.over.signal);
			if (plan.signal?.aborted) return;
			if (this.ended) {
				// What was never sent is settled with the rest of the run.
				if (attempts > 0)
					settle(
						'exhausted',
						`${plan.operation.vendor} did not take it and the run ended: ${this.ended.why}`,
					);
				return;
			}
			if (attempts === 0) {
				number = ++this.requests;
				plan.ledger.note(items, 'sent', number);
			}
			attempts++;
			const sent = await plan.send(buildRequest(batch, this.form, target, plan.clock.random), target);
			if ('cancelled' in sent || plan.signal?.aborted) return;

			const { verdict, says, wait, pausesAll } = this.read(sent, report, target.baseUrl);
			switch (verdict.is) {
				case 'accepted':
					settle('accepted', undefined);
					return;
				case 'unconfirmed':
					settle(
						'unconfirmed',
						`${plan.operation.vendor} answered ${says} in a form it does not document; look whether the event arrived`,
					);
					return;
				case 'refused':
					this.refuse(work, settle, report);
					return;
				case 'tooLarge':
					if (items.length > 1) this.split(work);
					else
						settle(
							'oversize',
							`${plan.operation.vendor} answered ${says}: the event alone is too large (${batch.bytes} bytes); make it smaller`,
						);
					return;
				case 'doorShut':
					this.end(verdict.why, report.httpStatus);
					settle('notAttempted', verdict.why);
					return;
				case 'maybeStored':
					work.doubt ??= says;
					break;
				case 'notStored':
					break;
			}

			const mayTryAgain = attempts < plan.settings.maxAttempts && (verdict.is === 'notStored' || mayRepeat);
			if (!mayTryAgain && !pausesAll) {
				settle('exhausted', this.exhaustedMessage(attempts, says, 'answer' in sent));
				return;
			}
			const booked = this.budget.book(wait ?? backoff(attempts, plan.clock.random), pausesAll);
			if (!booked) {
				this.end(this.noWaitLeft(wait));
			}
			if (!mayTryAgain || !booked) {
				settle('exhausted', this.exhaustedMessage(attempts, says, 'answer' in sent));
				return;
			}
			await this.budget.waitUntil(booked.until, this.over.signal);
		}
	}

	/** What one try says; notes in the report what is shown of it. `wait` in milliseconds, if the vendor asks for one. */
	private read(
		sent: Exclude<Sent, { cancelled: true }>,
		report: RequestReport,
		baseUrl: string,
	): { verdict: Verdict; says: string; wait?: number; pausesAll: boolean } {
		if ('failure' in sent) {
			const { stored, says } = sent.failure;
			return { verdict: { is: stored === 'no' ? 'notStored' : 'maybeStored' }, says, pausesAll: false };
		}
		const { answer } = sent;
		const { operation, mask, clock } = this.plan;
		report.httpStatus = answer.status;
		report.response = shownResponse(answer, mask);
		return {
			verdict: judge(answer, operation.responses, baseUrl),
			says: answer.html && answer.status < 300 ? 'an HTML page' : `status ${answer.status}`,
			wait: retryAfter(answer.headers['retry-after'], clock.now()),
			pausesAll: asksForPause(answer),
		};
	}

	private refuse(
		work: Work,
		settle: (status: Status, message: string | undefined, more?: RequestReport) => void,
		report: RequestReport,
	): void {
		const { operation } = this.plan;
		const advice = adviceFor(report.httpStatus ?? 0, operation.responses);
		const { items } = work.batch;
		this.refusedInRow++;
		work.root.refused = true;
		if (items.length === 1) {
			settle(
				'rejected',
				`${operation.vendor} refused this event with status ${report.httpStatus}; ${advice}`,
			);
		} else if (this.isolates) {
			this.split(work);
		} else {
			settle(
				'batchRejected',
				`${operation.vendor} refused the request of ${items.length} events with status ${report.httpStatus} without saying which is at fault; ${advice}`,
				{ items: asRanges(items.map(({ index }) => index)) },
			);
		}
	}

	private split(work: Work): void {
		if (this.plan.stopAtFailure && work.root.refused) this.nothingNew = true;
		const { root, doubt } = work;
		const parts = halves(work.batch).map((batch) => ({ batch, root, isPart: true, doubt }));
		work.root.pending += parts.length;
		this.insertUrgent(parts);
	}

	private settle(work: Work, found: Status, request: number, given: RequestReport): void {
		const { items } = work.batch;
		const isDoubtful = work.doubt !== undefined && isFailed(found);
		const status = isDoubtful ? 'unknown' : found;
		const report = isDoubtful ? { ...given, message: this.unknownMessage(work.doubt ?? '') } : given;
		const { response, method, attempts, httpStatus, ...words } = report;
		const delivery = withoutUndefined({
			status,
			method,
			request: request || undefined,
			attempts,
			httpStatus,
			...words,
		});
		for (const { index } of items) this.outcomes.set(index, { delivery: { ...delivery }, response });
		if (request) this.plan.ledger.report(request, withoutUndefined(report));
		this.plan.ledger.note(items, status, request);
		// Its bytes are not needed any more; a long run would otherwise hold them all to its end.
		for (const item of items) item.text = '';
		if (status === 'accepted' || status === 'unconfirmed') {
			work.root.accepted += items.length;
			this.refusedInRow = 0;
		}
		if (isFailed(status) && this.plan.stopAtFailure) this.nothingNew = true;
	}

	/** Everything that no request decided. */
	private settleRest(batches: readonly Batch[]): void {
		for (const work of this.urgent) {
			if (work.doubt !== undefined)
				this.settle(work, 'unknown', 0, { method: this.form.method(work.batch.items[0].event) });
		}
		const message = this.endedMessage();
		const left: Prepared[] = [];
		for (const { items } of batches) {
			for (const item of items) {
				if (this.outcomes.has(item.index)) continue;
				const method = this.form.method(item.event);
				const delivery = withoutUndefined({
					status: 'notAttempted' as const,
					method,
					httpStatus: this.ended?.httpStatus,
					message,
				});
				this.outcomes.set(item.index, { delivery });
				left.push(item);
			}
		}
		this.plan.ledger.note(left, 'notAttempted', 0);
	}

	private endedMessage(): string {
		return (
			this.ended?.why ??
			'Not sent, because an event before it failed and the node is set to stop; send it again'
		);
	}

	/** `wait`: milliseconds the vendor asks for, if it does. */
	private noWaitLeft(wait: number | undefined): string {
		const { operation, settings } = this.plan;
		const most = `'${LONGEST_WAIT}' (${settings.maxWait})`;
		const why =
			wait === undefined
				? `The waiting for retries is used up: ${most}`
				: `${operation.vendor} asks to wait ${Math.ceil(wait / 1_000)} s, more than is left of ${most}`;
		return `${why}; raise it or send the rest later`;
	}

	private exhaustedMessage(attempts: number, says: string, answered: boolean): string {
		const { vendor } = this.plan.operation;
		const next = answered
			? 'send it again later'
			: 'check the base URL in the credential and the network, then send it again';
		const tries = attempts === 1 ? 'the only try' : `all ${attempts} tries`;
		return `${vendor} did not take it in ${tries} (last: ${says}); nothing was stored, ${next}`;
	}

	private unknownMessage(says: string): string {
		const { vendor } = this.plan.operation;
		return `${vendor} may have stored it, but the answer does not say so (${says}); sending it again may count it twice`;
	}
}

function withoutUndefined<T extends object>(value: T): T {
	return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as T;
}
