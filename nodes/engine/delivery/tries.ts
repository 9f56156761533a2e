import { asRanges } from '../report/items';
import type { Json } from '../operation/operation';
import type { Status } from '../report/outcome';
import { backoff } from './backoff';
import type { FatalErrors, Scope } from './fatalErrors';
import type { RequestReport } from './ledger';
import * as messages from './messages';
import { slices, type Settlement } from './outcomes';
import { halves, type Batch, type Prepared } from './pack';
import type { DeliveryPlan } from './plan';
import type { Job } from './queue';
import { readTry } from './reading';
import type { Refusals } from './refusals';
import { buildRequest } from './request';
import { sendInTurn } from './sequence';
import { WaitBudget } from './waitBudget';

/** How a job ended: all its items share one settlement, or its parts go on in its place. */
export type JobEnd = { settlement: Settlement } | { parts: readonly Batch[] } | { cancelled: true };

const CANCELLED: JobEnd = { cancelled: true };

type Settle = (status: Status, message?: string, more?: RequestReport, answer?: Json) => JobEnd;

/** Makes the requests of a run, each with its tries. */
export class Tries {
	/** Requests so far, with those of earlier tries of the run. */
	requests: number;
	private readonly plan: DeliveryPlan;
	private readonly fatalErrors: FatalErrors;
	private readonly refusals: Refusals;
	private readonly budget: WaitBudget;

	constructor(plan: DeliveryPlan, fatalErrors: FatalErrors, refusals: Refusals) {
		this.plan = plan;
		this.fatalErrors = fatalErrors;
		this.refusals = refusals;
		this.budget = new WaitBudget(plan.settings.maxWait * 1_000, plan.clock);
		this.requests = plan.requestsBefore;
	}

	/** Milliseconds waited for retries. */
	get waited(): number {
		return this.budget.waited;
	}

	/** What a job that was never sent ends with. `doubt`: a part of a batch that may have been stored, about which no status says anything. */
	notAttempted({ doubt }: Job, scope: Scope): Settlement {
		const fatal = this.fatalErrors.of(scope);
		const message = fatal?.reason ?? messages.STOPPED_BEFORE;
		const httpStatus = doubt === undefined ? fatal?.httpStatus : undefined;
		return { status: 'notAttempted', report: { method: scope.method, httpStatus, message } };
	}

	/** Sends one request until it is decided. */
	async make(job: Job, scope: Scope): Promise<JobEnd> {
		const { plan, fatalErrors, budget } = this;
		const { operation, settings, clock, form } = plan;
		const { items, target } = job.batch;
		const mayRepeat =
			settings.retryUnknown || items.every(({ event }) => operation.repeatIsSafe?.(event) === true);
		const report: RequestReport = { method: scope.method };
		let request: number | undefined;
		let attempts = 0;

		const settled: Settle = (status, message, more = {}, answer) => ({
			settlement: { status, request, report: { ...report, attempts, ...more, message }, answer },
		});

		for (;;) {
			await budget.waitForPause(fatalErrors.over);
			if (plan.signal?.aborted) return CANCELLED;
			const fatal = fatalErrors.of(scope);
			if (fatal) {
				if (attempts === 0) return { settlement: this.notAttempted(job, scope) };
				return settled('exhausted', messages.endedMessage(operation.vendor, fatal.reason));
			}
			const httpRequest = buildRequest(job.batch, form, clock.random);
			if (request === undefined) {
				request = ++this.requests;
				await this.noteSent(items, request);
			}
			attempts++;
			job.mayHaveLeft = true;
			if (attempts === 1) this.requests += httpRequest.after?.length ?? 0;
			const sent = await sendInTurn(httpRequest, target, scope.method, plan);
			if ('cancelled' in sent || plan.signal?.aborted) return CANCELLED;

			const reading = readTry(sent, target.baseUrl, scope.method, plan);
			const { result, reason, wait, pausesAll, answer } = reading;
			Object.assign(report, reading.shown);
			switch (result.kind) {
				case 'accepted':
					return settled('accepted', undefined, {}, answer);
				case 'unconfirmed':
					return settled('unconfirmed', messages.unconfirmedMessage(operation.vendor, reason));
				case 'rejected':
					this.refusals.addRequest(job.group);
					return this.refused(job, `${reason}${reading.words}`, result.advice, settled);
				case 'tooLarge': {
					const parts = halves(job.batch);
					if (parts) return { parts };
					return settled('oversize', messages.tooLargeMessage(operation.vendor, reason, job.batch.bytes));
				}
				case 'fatal': {
					const parts = result.halveFirst && halves(job.batch);
					if (parts) return { parts };
					fatalErrors.add(result.scope, scope, { reason: result.reason, httpStatus: report.httpStatus });
					return settled('notAttempted', result.reason);
				}
				case 'maybeStored':
					job.doubt ??= reason;
			}

			const mayTryAgain =
				attempts < settings.maxAttempts && !reading.isPermanent && (result.kind === 'notStored' || mayRepeat);
			const exhausted = () =>
				settled('exhausted', messages.exhaustedMessage(operation.vendor, attempts, reason, reading.advice));
			if (!mayTryAgain && !pausesAll) return exhausted();
			const booked = budget.book(wait ?? backoff(attempts, clock.random), pausesAll);
			if (!booked) {
				fatalErrors.endRun({ reason: messages.noWaitLeftMessage(operation.vendor, wait, settings.maxWait) });
			}
			if (!mayTryAgain || !booked) return exhausted();
			await budget.waitUntil(booked.until, fatalErrors.over);
		}
	}

	private refused(job: Job, reason: string, advice: string, settled: Settle): JobEnd {
		const { operation, settings } = this.plan;
		const { vendor } = operation;
		const { items } = job.batch;
		const parts = halves(job.batch);
		if (!parts) return settled('rejected', messages.rejectedMessage(vendor, reason, advice));
		if (isolates(settings)) return { parts };
		return settled('batchRejected', messages.batchRejectedMessage(vendor, items.length, reason, advice), {
			items: asRanges(items.map(({ index }) => index)),
		});
	}

	private async noteSent(items: readonly Prepared[], request: number): Promise<void> {
		for (const slice of slices(items)) {
			await this.plan.pause.ifDue();
			this.plan.ledger.note(slice, 'sent', request);
		}
	}
}

/** Whether the bad events of a refused batch are searched by sending smaller parts. */
export const isolates = ({ sendAs, onRejectedBatch }: DeliveryPlan['settings']): boolean =>
	sendAs === 'batch' && onRejectedBatch === 'isolate';
