import type { Destination } from '../account';
import type { Clock } from '../clock';
import type { FatalScope, HttpRequest, Operation, WireForm } from '../operation/operation';
import type { Settings } from '../operation/settings';
import type { Pause } from '../pause';
import { asRanges } from '../report/items';
import { isFailed, type Outcome, type Status } from '../report/outcome';
import { backoff } from './backoff';
import { FatalErrors, scopesOfWholeRun, type FatalError, type Scope } from './fatalErrors';
import type { Ledger, RequestReport } from './ledger';
import * as messages from './messages';
import { Outcomes, slices, type Settlement } from './outcomes';
import { halves, type Batch, type Prepared } from './pack';
import { JobQueue, type Job, type JobGroup } from './queue';
import { buildRequest } from './request';
import { adviceFor, asksForPause, classifyResponse, type ResponseClass } from './response';
import { retryAfter } from './retryAfter';
import { shownResponse } from './shownResponse';
import type { SendResult } from './transport';
import { WaitBudget } from './waitBudget';

export interface DeliveryPlan {
	operation: Operation;
	/** The one of the operation's two wire forms that is used. */
	form: WireForm;
	settings: Settings;
	send: (request: HttpRequest, target: Destination) => Promise<SendResult>;
	clock: Clock;
	pause: Pick<Pause, 'ifDue'>;
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
	outcomes: ReadonlyMap<number, Outcome>;
	requests: number;
	/** Milliseconds waited for retries. */
	waited: number;
	/** Why the run ended before its time. */
	ended?: FatalError;
}

/** What one try says. */
interface Reading {
	result: ResponseClass;
	/** Completes "Vendor answered …" or "(last: …)". */
	reason: string;
	/** What to do before it is sent again. */
	advice: string;
	/** Milliseconds, if the vendor asks for a wait. */
	wait?: number;
	/** Whether every request of the run waits. */
	pausesAll: boolean;
	/** Whether every further try would fail like this one. */
	isPermanent: boolean;
}

/** How a job ended: all its items share one settlement, or its parts go on in its place. */
type JobEnd = { settlement: Settlement } | { parts: readonly Batch[] } | { cancelled: true };

/** A mapping that makes every event bad is noticed after so many refused batches and events without an accepted one. */
const ALL_REFUSED = { batches: 3, events: 20 };

/** Sends batches and accounts for each of their items. Never throws for what a vendor or a network does. */
export class DeliveryRun {
	private readonly plan: DeliveryPlan;
	private readonly isolates: boolean;
	private readonly budget: WaitBudget;
	private readonly outcomes: Outcomes;
	private readonly fatalErrors = new FatalErrors();
	/** Aborted by the user's cancel or by the run's own end, so that no wait outlives either. */
	private readonly over = new AbortController();
	private inFlight = 0;
	private requests: number;
	/** Refused requests since the last accepted event: while there are any, requests go one at a time. */
	private refusedRequests = 0;
	/** Since the last accepted event: batches refused as a whole, and the events refused in them. */
	private refusedInRow = { batches: 0, events: 0 };
	private nothingNew = false;
	/** The scopes of a fatal response that hold every batch of the run. */
	private wholeRun: ReadonlySet<FatalScope> = new Set();
	private wake: () => void = () => undefined;

	constructor(plan: DeliveryPlan) {
		const { operation, settings, clock, ledger } = plan;
		this.plan = plan;
		this.isolates = settings.sendAs === 'batch' && settings.onRejectedBatch === 'isolate';
		this.budget = new WaitBudget(settings.maxWait * 1_000, clock);
		this.outcomes = new Outcomes(operation.vendor, ledger, plan.pause);
		this.requests = plan.requestsBefore;
	}

	async deliver(batches: readonly Batch[]): Promise<DeliveryResult> {
		const { signal } = this.plan;
		const queue = new JobQueue(batches);
		this.wholeRun = scopesOfWholeRun(batches.map((batch) => this.scopeOf(batch)));
		const onCancel = () => {
			this.over.abort();
			this.wake();
		};
		signal?.addEventListener('abort', onCancel, { once: true });
		while (!signal?.aborted) {
			for (let job = this.take(queue); job; job = this.take(queue)) {
				void this.process(job, queue);
				await this.plan.pause.ifDue();
			}
			if (this.inFlight === 0) break;
			await new Promise<void>((resolve) => (this.wake = resolve));
		}
		signal?.removeEventListener('abort', onCancel);
		if (!signal?.aborted) await this.settleRest(queue);
		return {
			outcomes: this.outcomes.byIndex,
			requests: this.requests - this.plan.requestsBefore,
			waited: this.budget.waited,
			ended: this.fatalErrors.ofRun,
		};
	}

	private take(queue: JobQueue): Job | undefined {
		if (this.fatalErrors.ofRun || this.plan.signal?.aborted) return undefined;
		const oneAtATime = this.isolates && this.refusedRequests > 0;
		if (this.inFlight >= (oneAtATime ? 1 : this.plan.settings.concurrency)) return undefined;
		const job = queue.take({ partsOnly: this.nothingNew });
		if (job) this.inFlight++;
		return job;
	}

	private async process(job: Job, queue: JobQueue): Promise<void> {
		let parts: readonly Batch[] = [];
		try {
			const end = await this.attempt(job);
			if ('parts' in end) parts = this.split(job, end.parts);
			else if ('settlement' in end) await this.settle(job, end.settlement);
		} catch {
			this.failInternally(job);
		}
		this.inFlight--;
		if (queue.finish(job, parts)) this.closeGroup(job.group);
		this.wake();
	}

	private closeGroup({ accepted, rejected, wasRefused }: JobGroup): void {
		if (accepted > 0 || !wasRefused) return;
		this.refusedInRow.batches++;
		this.refusedInRow.events += rejected;
		const { batches, events } = this.refusedInRow;
		if (this.isolates && batches >= ALL_REFUSED.batches && events >= ALL_REFUSED.events) {
			this.end(messages.EVERY_EVENT_REFUSED);
		}
	}

	private end(reason: string, httpStatus?: number): void {
		this.fatalErrors.endRun({ reason, httpStatus });
		this.over.abort();
	}

	/** A fault of ours: what it has touched may have been sent, and nothing more is. */
	private failInternally(job: Job): void {
		if (this.plan.signal?.aborted) return;
		this.end(messages.INTERNAL_ERROR);
		this.outcomes.settleAfterFault(job, messages.INTERNAL_ERROR);
	}

	/** One request with its tries. */
	private async attempt(job: Job): Promise<JobEnd> {
		const { plan } = this;
		const { operation, settings, clock, form } = plan;
		const { items, target } = job.batch;
		const scope = this.scopeOf(job.batch);
		const mayRepeat =
			settings.retryUnknown || items.every(({ event }) => operation.repeatIsSafe?.(event) === true);
		const report: RequestReport = { method: scope.method };
		let request: number | undefined;
		let attempts = 0;

		const settled = (status: Status, message?: string, more: RequestReport = {}): JobEnd => ({
			settlement: { status, request, report: { ...report, attempts, ...more, message } },
		});

		for (;;) {
			await this.budget.waitForPause(this.over.signal);
			if (plan.signal?.aborted) return { cancelled: true };
			const fatal = this.fatalErrors.of(scope);
			if (fatal) {
				if (attempts === 0) return { settlement: this.notAttempted(job) };
				return settled('exhausted', messages.endedMessage(operation.vendor, fatal.reason));
			}
			if (request === undefined) {
				request = ++this.requests;
				await this.noteSent(items, request);
			}
			attempts++;
			const httpRequest = buildRequest(job.batch, form, clock.random);
			job.mayHaveLeft = true;
			const sent = await plan.send(httpRequest, target);
			if ('cancelled' in sent || plan.signal?.aborted) return { cancelled: true };

			const reading = this.read(sent, report, target.baseUrl);
			const { result, reason, wait, pausesAll } = reading;
			switch (result.kind) {
				case 'accepted':
					return settled('accepted');
				case 'unconfirmed':
					return settled('unconfirmed', messages.unconfirmedMessage(operation.vendor, reason));
				case 'rejected':
					return this.refused(job, reason, report.httpStatus, settled);
				case 'tooLarge': {
					const parts = halves(job.batch);
					if (parts) return { parts };
					return settled('oversize', messages.tooLargeMessage(operation.vendor, reason, job.batch.bytes));
				}
				case 'fatal': {
					const parts = result.halveFirst && halves(job.batch);
					if (parts) return { parts };
					this.shut(result, scope, report.httpStatus);
					return settled('notAttempted', result.reason);
				}
				case 'maybeStored':
					job.doubt ??= reason;
					break;
				case 'notStored':
					break;
			}

			const mayTryAgain =
				attempts < settings.maxAttempts && !reading.isPermanent && (result.kind === 'notStored' || mayRepeat);
			const exhausted = () =>
				settled('exhausted', messages.exhaustedMessage(operation.vendor, attempts, reason, reading.advice));
			if (!mayTryAgain && !pausesAll) return exhausted();
			const booked = this.budget.book(wait ?? backoff(attempts, clock.random), pausesAll);
			if (!booked) this.end(messages.noWaitLeftMessage(operation.vendor, wait, settings.maxWait));
			if (!mayTryAgain || !booked) return exhausted();
			await this.budget.waitUntil(booked.until, this.over.signal);
		}
	}

	/** What one try says; notes in the report what is shown of it. */
	private read(
		sent: Exclude<SendResult, { cancelled: true }>,
		report: RequestReport,
		baseUrl: string,
	): Reading {
		if ('failure' in sent) {
			const { mayHaveLeft, isPermanent = false, reason, advice } = sent.failure;
			return {
				result: { kind: mayHaveLeft ? 'maybeStored' : 'notStored' },
				reason,
				advice,
				pausesAll: false,
				isPermanent,
			};
		}
		const { response } = sent;
		const { operation, mask, clock } = this.plan;
		report.httpStatus = response.status;
		report.response = shownResponse(response, mask);
		return {
			result: classifyResponse(response, operation.responses, operation.vendor, baseUrl),
			reason: response.html && response.status < 300 ? 'an HTML page' : `status ${response.status}`,
			advice: 'send it again later',
			wait: retryAfter(response.headers['retry-after'], clock.now()),
			pausesAll: asksForPause(response),
			isPermanent: false,
		};
	}

	private refused(
		job: Job,
		reason: string,
		httpStatus: number | undefined,
		settled: (status: Status, message: string, more?: RequestReport) => JobEnd,
	): JobEnd {
		const { vendor, responses } = this.plan.operation;
		const { items } = job.batch;
		const advice = adviceFor(httpStatus, responses);
		this.refusedRequests++;
		job.group.wasRefused = true;
		const parts = halves(job.batch);
		if (!parts) return settled('rejected', messages.rejectedMessage(vendor, reason, advice));
		if (this.isolates) return { parts };
		return settled('batchRejected', messages.batchRejectedMessage(vendor, items.length, reason, advice), {
			items: asRanges(items.map(({ index }) => index)),
		});
	}

	private scopeOf({ items, target }: Batch): Scope {
		return { target, method: target.method ?? this.plan.form.method(items[0].event) };
	}

	private shut(
		{ scope: kind, reason }: ResponseClass & { kind: 'fatal' },
		scope: Scope,
		httpStatus: number | undefined,
	): void {
		this.fatalErrors.add(kind, scope, { reason, httpStatus });
		if (this.wholeRun.has(kind)) this.end(reason, httpStatus);
	}

	private split(job: Job, parts: readonly Batch[]): readonly Batch[] {
		if (this.plan.stopAtFailure && job.group.wasRefused) this.nothingNew = true;
		return parts;
	}

	private async settle(job: Job, settlement: Settlement): Promise<void> {
		const status = await this.outcomes.settle(job, settlement);
		const events = job.batch.items.reduce((sum, { count }) => sum + count, 0);
		if (status === 'accepted' || status === 'unconfirmed') {
			job.group.accepted += events;
			this.refusedRequests = 0;
			this.refusedInRow = { batches: 0, events: 0 };
		}
		if (status === 'rejected') job.group.rejected += events;
		if (isFailed(status) && this.plan.stopAtFailure) this.nothingNew = true;
	}

	/** Everything that no request decided. */
	private async settleRest(queue: JobQueue): Promise<void> {
		for (const job of queue.drain()) {
			try {
				await this.settle(job, this.notAttempted(job));
			} catch {
				this.failInternally(job);
			}
			await this.plan.pause.ifDue();
			if (this.plan.signal?.aborted) return;
		}
	}

	/** For a job that was never sent. In doubt are the parts of a batch that may have been stored: no status speaks of them. */
	private notAttempted({ batch, doubt }: Job): Settlement {
		const scope = this.scopeOf(batch);
		const fatal = this.fatalErrors.of(scope);
		const message = fatal?.reason ?? messages.STOPPED_BEFORE;
		const httpStatus = doubt === undefined ? fatal?.httpStatus : undefined;
		return { status: 'notAttempted', report: { method: scope.method, httpStatus, message } };
	}

	private async noteSent(items: readonly Prepared[], request: number): Promise<void> {
		for (const slice of slices(items)) {
			await this.plan.pause.ifDue();
			this.plan.ledger.note(slice, 'sent', request);
		}
	}
}
