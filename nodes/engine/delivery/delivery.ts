import { internalErrorMessage } from '../internalError';
import { isFailed, type Outcome } from '../report/outcome';
import { FatalErrors, type FatalError, type Scope } from './fatalErrors';
import * as messages from './messages';
import { Outcomes, type Settlement } from './outcomes';
import type { Batch } from './pack';
import type { DeliveryPlan } from './plan';
import { JobQueue, type Job } from './queue';
import { Refusals } from './refusals';
import { isolates, Tries } from './tries';

export interface DeliveryResult {
	/** By item index. Items of a cancelled run may be missing. */
	outcomes: ReadonlyMap<number, Outcome>;
	requests: number;
	/** Milliseconds waited for retries. */
	waited: number;
	/** Why the run ended before its time. */
	ended?: FatalError;
}

/** Sends batches and accounts for each of their items. Never throws for what a vendor or a network does. */
export async function deliver(plan: DeliveryPlan, batches: readonly Batch[]): Promise<DeliveryResult> {
	return await new DeliveryRun(plan, batches).run();
}

class DeliveryRun {
	private readonly plan: DeliveryPlan;
	private readonly queue: JobQueue;
	private readonly outcomes: Outcomes;
	private readonly fatalErrors: FatalErrors;
	private readonly refusals = new Refusals();
	private readonly tries: Tries;
	private inFlight = 0;
	/** From now on only parts of a batch that was begun are sent. */
	private nothingNew = false;
	private wake: () => void = () => undefined;

	constructor(plan: DeliveryPlan, batches: readonly Batch[]) {
		this.plan = plan;
		this.queue = new JobQueue(batches);
		this.outcomes = new Outcomes(plan.operation, plan.ledger, plan.pause);
		this.fatalErrors = new FatalErrors(batches.map((batch) => this.scopeOf(batch)));
		this.tries = new Tries(plan, this.fatalErrors, this.refusals);
	}

	async run(): Promise<DeliveryResult> {
		const { signal, requestsBefore } = this.plan;
		const onCancel = () => {
			this.fatalErrors.cancel();
			this.wake();
		};
		signal?.addEventListener('abort', onCancel);
		while (!signal?.aborted) {
			for (let job = this.take(); job; job = this.take()) {
				void this.process(job);
				await this.plan.pause.ifDue();
			}
			if (this.inFlight === 0) break;
			await new Promise<void>((resolve) => (this.wake = resolve));
		}
		signal?.removeEventListener('abort', onCancel);
		if (!signal?.aborted) await this.settleRest();
		return {
			outcomes: this.outcomes.byIndex,
			requests: this.tries.requests - requestsBefore,
			waited: this.tries.waited,
			ended: this.fatalErrors.ofRun,
		};
	}

	private take(): Job | undefined {
		const { settings } = this.plan;
		if (this.fatalErrors.over.aborted) return undefined;
		const oneAtATime = isolates(settings) && this.refusals.any;
		if (this.inFlight >= (oneAtATime ? 1 : settings.concurrency)) return undefined;
		const job = this.queue.take({ partsOnly: this.nothingNew });
		if (job) this.inFlight++;
		return job;
	}

	/** Sends a job that was taken, and accounts for its items. */
	private async process(job: Job): Promise<void> {
		let parts: readonly Batch[] = [];
		try {
			const end = await this.tries.make(job, this.scopeOf(job.batch));
			if ('parts' in end) {
				parts = end.parts;
				if (this.plan.stopAtFailure && job.group.wasRefused) this.nothingNew = true;
			} else if ('settlement' in end) {
				await this.settle(job, end.settlement);
			}
		} catch (error) {
			this.failInternally(job, error);
		}
		this.inFlight--;
		if (this.queue.finish(job, parts)) {
			this.refusals.addGroup(job.group);
			if (isolates(this.plan.settings) && this.refusals.isEveryEventRefused) {
				this.fatalErrors.endRun({ reason: messages.EVERY_EVENT_REFUSED });
			}
		}
		this.wake();
	}

	private async settle(job: Job, settlement: Settlement): Promise<void> {
		const status = await this.outcomes.settle(job, settlement);
		const events = job.batch.items.reduce((sum, { count }) => sum + count, 0);
		if (status === 'accepted' || status === 'unconfirmed') {
			job.group.accepted += events;
			this.refusals.reset();
		}
		if (status === 'rejected') job.group.rejected += events;
		if (isFailed(status) && this.plan.stopAtFailure) this.nothingNew = true;
	}

	/** Everything that no request decided. */
	private async settleRest(): Promise<void> {
		for (const job of this.queue.drain()) {
			try {
				await this.settle(job, this.tries.notAttempted(job, this.scopeOf(job.batch)));
			} catch (error) {
				this.failInternally(job, error);
			}
			await this.plan.pause.ifDue();
			if (this.plan.signal?.aborted) return;
		}
	}

	/** A fault of ours: what it has touched may have been sent, and nothing more is. */
	private failInternally(job: Job, error: unknown): void {
		if (this.plan.signal?.aborted) return;
		const reason = internalErrorMessage('ended the run', error);
		this.fatalErrors.endRun({ reason });
		this.outcomes.settleAfterFault(job, reason);
	}

	private scopeOf({ items, target }: Batch): Scope {
		return { target, method: target.method ?? this.plan.form.method(items[0].event) };
	}
}
