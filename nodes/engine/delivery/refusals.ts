import type { JobGroup } from './queue';

/** A mapping that makes every event bad is noticed after so many refused batches and events without an accepted one. */
const ALL_REFUSED = { batches: 3, events: 20 };

/** What the vendor has refused since it last accepted an event. */
export class Refusals {
	private requests = 0;
	/** Batches that were refused as a whole, and the events refused in them. */
	private batches = 0;
	private events = 0;

	/** Whether a request was refused since the last accepted event. */
	get any(): boolean {
		return this.requests > 0;
	}

	get isEveryEventRefused(): boolean {
		return this.batches >= ALL_REFUSED.batches && this.events >= ALL_REFUSED.events;
	}

	addRequest(group: JobGroup): void {
		this.requests++;
		group.wasRefused = true;
	}

	/** Counts a batch that has ended with all its parts. */
	addGroup({ accepted, rejected, wasRefused }: JobGroup): void {
		if (accepted > 0 || !wasRefused) return;
		this.batches++;
		this.events += rejected;
	}

	/** An event was accepted. */
	reset(): void {
		this.requests = 0;
		this.batches = 0;
		this.events = 0;
	}
}
