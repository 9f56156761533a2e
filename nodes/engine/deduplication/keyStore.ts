import chunk from 'lodash/chunk';
import type { IExecuteFunctions } from 'n8n-workflow';

import type { Clock } from '../clock';
import type { Pause } from '../pause';

/** What is remembered of a key that was sent before. `unknown`: the vendor may have taken it, or it is being sent just now. */
export type Remembered = 'accepted' | 'unconfirmed' | 'unknown';

type Helpers = Pick<IExecuteFunctions['helpers'], 'checkProcessedAndRecord' | 'removeProcessed'>;

/** What becomes of keys that were sent. */
export interface SettledKeys {
	accepted: readonly string[];
	unconfirmed: readonly string[];
	/** What may be sent again. */
	forgotten: readonly string[];
}

/** `taken`: it is about to be sent. A key that was accepted has this entry and the other one. */
type Entry = 'taken' | 'accepted' | 'unconfirmed';

/** Entries that n8n takes in one call, for which it does not give way to other work. */
const RECORDED_AT_ONCE = 20_000;
/** n8n compares each entry that it removes with all that it holds; so many comparisons fit into one call. */
const COMPARED_AT_ONCE = 4_000_000;

/** So many keys are looked up again, after so many milliseconds or up to twice as many, so many times at most. */
const LOOKED_UP_AGAIN = { keys: 100, after: 50, tries: 6 };

/** How often what was recorded is taken out again, where n8n has failed. */
const UNDONE_AT_MOST = 2;

const entryFor =
	(entry: Entry) =>
	(key: string): string =>
		`${entry}:${key}`;

const askedFor =
	(entry: Entry) =>
	(key: string): string =>
		`${entry}?:${key}`;

/**
 * The keys of a node that were sent, in n8n's own deduplication store, so that all executions and workers share them. The
 * store can only record what it does not hold yet and tell which it held, so what is known of a key is told by two
 * entries. n8n keeps an MD5 hash of each, in one row of its database for each node.
 */
export class KeyStore {
	private readonly helpers: Helpers;
	private readonly pause: Pick<Pause, 'now'>;
	private readonly maxEntries: number;
	private readonly wait: (milliseconds: number) => Promise<void>;
	private readonly random: () => number;
	/** The keys that this run has taken. */
	private taken: readonly string[] = [];
	/** Entries that this run has recorded and not taken out. */
	private readonly recorded: string[] = [];
	/** How many entries of this run may be taken out again. They must not push others out. */
	private passing = 0;
	/** Whether keys were taken though nothing is sent, and could not be given back. */
	holdsKeys = false;

	/** `keys`: how many it holds at least; the oldest entries are dropped first. No run may take more. */
	constructor(
		helpers: Helpers,
		keys: number,
		pause: Pick<Pause, 'now'>,
		clock: Pick<Clock, 'sleep' | 'random'>,
	) {
		this.helpers = helpers;
		this.pause = pause;
		this.wait = async (milliseconds) => await clock.sleep(milliseconds);
		this.random = () => clock.random();
		// Between the first entry of the oldest key and the end stand both of all newer ones, and the second ones of older
		// keys of its run.
		this.maxEntries = 3 * keys;
	}

	/**
	 * Takes different keys, so that no later execution sends them. Returns those that were taken before. If n8n fails at it,
	 * what was recorded is taken out again, since nothing is sent then.
	 */
	async take(keys: readonly string[]): Promise<Map<string, Remembered>> {
		let isDone = false;
		try {
			const remembered = await this.lookUp(keys);
			isDone = true;
			return remembered;
		} finally {
			if (!isDone) this.holdsKeys = !(await this.undo());
		}
	}

	/** Takes out what this run has recorded. Returns whether n8n could. */
	private async undo(): Promise<boolean> {
		for (let tries = 1; tries <= UNDONE_AT_MOST; tries++) {
			try {
				await this.remove(this.recorded);
				return true;
			} catch {
				// Told by the caller.
			}
		}
		return false;
	}

	private async lookUp(keys: readonly string[]): Promise<Map<string, Remembered>> {
		const remembered = new Map<string, Remembered>();
		this.passing = keys.length;
		const taken = await this.record(keys.map(entryFor('taken')));
		this.taken = keys.filter((_, at) => !taken[at]);
		let open = keys.filter((_, at) => taken[at]);
		for (const entry of ['accepted', 'unconfirmed'] as const) {
			if (open.length === 0) break;
			const found = await this.find(entry, open);
			const others = open.filter((_, at) => !found[at]);
			for (const [at, key] of open.entries()) if (found[at]) remembered.set(key, entry);
			open = others;
		}
		for (const key of open) remembered.set(key, 'unknown');
		return remembered;
	}

	/**
	 * Which of the keys have this entry. To ask is to record it, so until it is taken out again another execution would find
	 * it. With an entry that is asked for goes a second one, in the same call: where both stand, somebody is asking, or n8n
	 * has ended while it asked, and the key counts as one without the entry. That is left out for many keys, of which n8n
	 * could not take out the second ones in time.
	 */
	private async find(entry: Exclude<Entry, 'taken'>, keys: readonly string[]): Promise<boolean[]> {
		const before = this.recorded.length;
		if (keys.length > LOOKED_UP_AGAIN.keys) {
			const held = await this.ask(keys.map(entryFor(entry)));
			await this.remove(keys.filter((_, at) => !held[at]).map(entryFor(entry)));
			this.recorded.length = before;
			return held;
		}
		const found = new Set<string>();
		let open = keys;
		for (let tries = 1; open.length && tries <= LOOKED_UP_AGAIN.tries; tries++) {
			if (tries > 1) await this.wait(LOOKED_UP_AGAIN.after * (1 + this.random()));
			const held = await this.ask([...open.map(entryFor(entry)), ...open.map(askedFor(entry))]);
			const isHeld = (at: number) => held[at] === true;
			const isAsked = (at: number) => held[open.length + at] === true;
			const ours = open.filter((_, at) => isHeld(at) && !isAsked(at));
			const without = open.filter((_, at) => !isHeld(at));
			await this.remove([...without.map(entryFor(entry)), ...[...without, ...ours].map(askedFor(entry))]);
			this.recorded.length = before;
			for (const key of ours) found.add(key);
			open = open.filter((_, at) => isHeld(at) && isAsked(at));
		}
		if (found.size) {
			// Another execution may have written it back.
			await this.wait(LOOKED_UP_AGAIN.after * (1 + this.random()));
			await this.remove([...found].map(askedFor(entry)));
		}
		return keys.map((key) => found.has(key));
	}

	/**
	 * n8n reads the row, changes it and writes it back without a lock, so an execution that has read it before may undo what
	 * this one has written. A few keys, as of a webhook that many call at once, are therefore looked up again after a wait
	 * that is longer than such a write takes, until all are there. Of many keys, one tells whether they are there still:
	 * they were written together.
	 */
	async settle({ accepted, unconfirmed, forgotten }: SettledKeys): Promise<void> {
		const ends = [...accepted.map(entryFor('accepted')), ...unconfirmed.map(entryFor('unconfirmed'))];
		const gone = forgotten.map(entryFor('taken'));
		this.passing = gone.length;
		if (this.taken.length > LOOKED_UP_AGAIN.keys) {
			const samples = chunk(this.taken, RECORDED_AT_ONCE).map((part) => part[part.length - 1] ?? '');
			const held = await this.record([...samples.map(entryFor('taken')), ...ends]);
			if (samples.some((_, at) => !held[at])) await this.record(this.taken.map(entryFor('taken')));
			await this.renew(ends.filter((_, at) => held[samples.length + at]));
			await this.remove(gone);
			return;
		}
		const kept = [...[...accepted, ...unconfirmed].map(entryFor('taken')), ...ends];
		const before = await this.record(kept);
		await this.renew(ends.filter((_, at) => before[kept.length - ends.length + at]));
		await this.remove(gone);
		this.passing = 0;
		for (let tries = 1; tries <= LOOKED_UP_AGAIN.tries; tries++) {
			await this.wait(LOOKED_UP_AGAIN.after * (1 + this.random()));
			const held = await this.record(kept);
			await this.remove(gone);
			if (held.every(Boolean)) return;
		}
	}

	/**
	 * Moves entries to the end. One that was there before the key was sent is of an earlier time, from when the key was taken
	 * and forgotten since; it would be dropped before the other entry of its key.
	 */
	private async renew(entries: readonly string[]): Promise<void> {
		if (entries.length === 0) return;
		await this.remove(entries);
		await this.record(entries);
	}

	/** Whether each of the entries is there. The caller takes out again those that were not. */
	private async ask(entries: readonly string[]): Promise<boolean[]> {
		this.passing += entries.length;
		const held = await this.record(entries);
		this.passing -= entries.length;
		return held;
	}

	/** Whether each of the entries was there already; all are there afterwards. */
	private async record(entries: readonly string[]): Promise<boolean[]> {
		const held: boolean[] = [];
		for (const slice of chunk(entries, RECORDED_AT_ONCE)) {
			const processed = new Set((await this.checkAndRecord(slice)).processed);
			for (const entry of slice) {
				held.push(processed.has(entry));
				if (!processed.has(entry)) this.recorded.push(entry);
			}
			await this.pause.now();
		}
		return held;
	}

	/** Of two executions that are the first of a node at the same time, n8n fails one; its second try finds the row. */
	private async checkAndRecord(entries: string[]) {
		const options = { mode: 'entries', maxEntries: this.maxEntries + this.passing } as const;
		try {
			return await this.helpers.checkProcessedAndRecord(entries, 'node', options);
		} catch {
			return await this.helpers.checkProcessedAndRecord(entries, 'node', options);
		}
	}

	private async remove(entries: readonly string[]): Promise<void> {
		const atOnce = Math.max(1, Math.floor(COMPARED_AT_ONCE / this.maxEntries));
		for (const slice of chunk(entries, atOnce)) {
			await this.helpers.removeProcessed(slice, 'node', { mode: 'entries' });
			await this.pause.now();
		}
	}
}
