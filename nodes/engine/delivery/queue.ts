import sortedIndexBy from 'lodash/sortedIndexBy';

import type { Batch } from './pack';

/** A packed batch, with the jobs that came of it where it had to be halved. */
export interface JobGroup {
	/** Place in the run. */
	readonly number: number;
	readonly orderingKey?: string;
	/** Jobs that are not finished. */
	pending: number;
	/** Events that the vendor took. */
	accepted: number;
	/** Events that the vendor refused one by one. */
	rejected: number;
	/** Whether the vendor refused any request of it. */
	wasRefused: boolean;
}

/** One request to be made. */
export interface Job {
	readonly batch: Batch;
	readonly group: JobGroup;
	/** Half of a batch that the vendor refused or did not read: sent even when nothing new may start. */
	readonly isPart: boolean;
	/** Why an earlier try may have been stored. From then on no failure is certain. */
	doubt?: string;
	/** Whether a byte of it may have left. */
	mayHaveLeft: boolean;
}

/**
 * The jobs of a run in the order of its batches. Jobs of one ordering key are given out one at a time, in their order.
 * Every job is given out exactly once: by `take`, or in the end by `drain`.
 */
export class JobQueue {
	/** Parts, and the next job of an ordering key that became free, by their place in the run. */
	private readonly urgent: Job[] = [];
	private readonly waiting: Job[] = [];
	private nextWaiting = 0;
	/** What follows under an ordering key, the next one last. */
	private readonly followers = new Map<string | undefined, Job[]>();
	private readonly busyKeys = new Set<string | undefined>();

	constructor(batches: readonly Batch[]) {
		for (const [number, batch] of batches.entries()) {
			const { orderingKey } = batch;
			const group = { number, orderingKey, pending: 1, accepted: 0, rejected: 0, wasRefused: false };
			const job: Job = { batch, group, isPart: false, mayHaveLeft: false };
			const followers = this.followers.get(orderingKey);
			if (followers) {
				followers.push(job);
				continue;
			}
			if (orderingKey !== undefined) this.followers.set(orderingKey, []);
			this.waiting.push(job);
		}
		for (const followers of this.followers.values()) followers.reverse();
	}

	/** The next job that may start. */
	take({ partsOnly }: { partsOnly: boolean }): Job | undefined {
		const isFree = ({ group }: Job) => !this.busyKeys.has(group.orderingKey);
		const place = this.urgent.findIndex((job) => isFree(job) && (job.isPart || !partsOnly));
		const urgent = this.urgent[place];
		const next = partsOnly ? undefined : this.waiting[this.nextWaiting];
		// What came first in the run goes first, also past a job whose ordering key is free again.
		const isNext = next && (!urgent || next.group.number < urgent.group.number);
		const job = isNext ? next : urgent;
		if (isNext) this.nextWaiting++;
		else if (urgent) this.urgent.splice(place, 1);
		if (job?.group.orderingKey !== undefined) this.busyKeys.add(job.group.orderingKey);
		return job;
	}

	/** Ends a job that was taken; `parts` stand in its place. Returns whether its whole group has ended. */
	finish({ group, doubt }: Job, parts: readonly Batch[]): boolean {
		this.busyKeys.delete(group.orderingKey);
		this.insert(
			group.number,
			parts.map((batch) => ({ batch, group, isPart: true, doubt, mayHaveLeft: false })),
		);
		group.pending += parts.length - 1;
		if (group.pending > 0) return false;
		const next = this.followers.get(group.orderingKey)?.pop();
		if (next) this.insert(next.group.number, [next]);
		return true;
	}

	/** What was never taken, in any order. Nothing may be taken any more. */
	*drain(): Generator<Job> {
		yield* this.urgent.splice(0);
		yield* this.waiting.splice(this.nextWaiting);
		for (const followers of this.followers.values()) yield* followers.splice(0);
	}

	private insert(number: number, jobs: readonly Job[]): void {
		const place = sortedIndexBy<{ group: Pick<JobGroup, 'number'> }>(
			this.urgent,
			{ group: { number } },
			({ group }) => group.number,
		);
		this.urgent.splice(place, 0, ...jobs);
	}
}
