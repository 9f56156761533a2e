import type { Destination } from '../account';
import type { Encoded, Envelope, Issue, Json } from '../operation/operation';

/** One item that passed every check, in its wire form. */
export interface Prepared extends Encoded {
	/** Index of the input item. */
	index: number;
	event: Json;
	target: Destination;
	/** UTF-8 bytes of `text`. */
	bytes: number;
	/** The event as it is on its own, where its form depends on the other events. */
	alone?: Prepared;
	/** What it breaks without being refused for it. */
	warnings?: Issue[];
	/** Hash of the key by which it is sent once. */
	key?: string;
	/** Why an earlier try or execution may have stored it. No failure of this one is certain then. */
	doubt?: string;
}

export type NonEmpty<T> = [T, ...T[]];

/** Items that travel in one request, in input order. */
export interface Batch {
	items: NonEmpty<Prepared>;
	/** UTF-8 bytes of the whole, envelope included. */
	bytes: number;
	envelope: Envelope;
	target: Destination;
	/** Bytes of the envelope's separator. */
	separatorBytes: number;
	orderingKey?: string;
}

export interface PackLimits {
	/** Most events in one request. */
	maxEvents: number;
	/** Most bytes of the whole. */
	maxBytes: number;
}

const bytesOf = (text: string): number => Buffer.byteLength(text);

/** A batch that may still grow. */
interface OpenBatch {
	batch: Batch;
	/** Its events. */
	count: number;
	envelopeBytes: number;
}

/**
 * Packs items greedily in input order inside each batch key: a new request only when the next event does not fit by
 * count or by bytes. Linear: nothing is measured twice. An item that does not fit alone is `oversize`, with its whole
 * size.
 */
export class Packer {
	readonly batches: Batch[] = [];
	readonly oversize: Array<{ item: Prepared; bytes: number }> = [];
	private readonly limits: PackLimits;
	private readonly envelopeOf: (item: Prepared) => Envelope;
	/** By batch key. */
	private readonly open = new Map<string, OpenBatch>();
	/** By ordering key: the batch key that is open for it. */
	private readonly openFor = new Map<string, string>();

	constructor(limits: PackLimits, envelopeOf: (item: Prepared) => Envelope) {
		this.limits = limits;
		this.envelopeOf = envelopeOf;
	}

	add(item: Prepared): void {
		this.closeOlder(item);
		const known = this.open.get(item.batchKey);
		if (!known || item.unbatchable || !this.grow(known, item)) this.begin(item, known);
	}

	/** A new batch key of an ordering key closes the older one. */
	private closeOlder({ orderingKey, batchKey }: Prepared): void {
		if (orderingKey === undefined) return;
		const last = this.openFor.get(orderingKey) ?? batchKey;
		if (last !== batchKey) this.open.delete(last);
		this.openFor.set(orderingKey, batchKey);
	}

	/** Adds the item to the batch, if it fits. */
	private grow(known: OpenBatch, item: Prepared): boolean {
		const { batch } = known;
		const bytes = batch.bytes + batch.separatorBytes + item.bytes;
		const count = known.count + item.count;
		if (count > this.limits.maxEvents || bytes > this.limits.maxBytes) return false;
		batch.items.push(item);
		batch.bytes = bytes;
		known.count = count;
		return true;
	}

	/** Begins a batch; `older`: the one before it, which has the same envelope. */
	private begin(item: Prepared, older: OpenBatch | undefined): void {
		const { batchKey, count, target, orderingKey, unbatchable } = item;
		const envelope = older?.batch.envelope ?? this.envelopeOf(item);
		const envelopeBytes = older?.envelopeBytes ?? bytesOf(envelope.prefix) + bytesOf(envelope.suffix);
		const bytes = envelopeBytes + item.bytes;
		if (bytes > this.limits.maxBytes) {
			this.oversize.push({ item, bytes });
			return;
		}
		const separatorBytes = older?.batch.separatorBytes ?? bytesOf(envelope.separator);
		const batch: Batch = { items: [item], bytes, envelope, target, separatorBytes, orderingKey };
		this.batches.push(batch);
		if (!unbatchable) this.open.set(batchKey, { batch, count, envelopeBytes });
	}
}

/** Packs all items without a pause. */
export function pack(
	items: readonly Prepared[],
	limits: PackLimits,
	envelopeOf: (item: Prepared) => Envelope,
): Pick<Packer, 'batches' | 'oversize'> {
	const packer = new Packer(limits, envelopeOf);
	for (const item of items) packer.add(item);
	return { batches: packer.batches, oversize: packer.oversize };
}

/** A part of a batch, as a batch of its own. */
export function part(batch: Batch, items: NonEmpty<Prepared>): Batch {
	const inner = items.reduce((sum, { bytes }) => sum + bytes, 0);
	const envelopeBytes = bytesOf(batch.envelope.prefix) + bytesOf(batch.envelope.suffix);
	return { ...batch, items, bytes: envelopeBytes + inner + (items.length - 1) * batch.separatorBytes };
}

const isNonEmpty = <T>(list: T[]): list is NonEmpty<T> => list.length > 0;

/** Two halves in order, the first is the larger one; `undefined` for a batch of one. */
export function halves(batch: Batch): [Batch, Batch] | undefined {
	const middle = Math.ceil(batch.items.length / 2);
	const first = batch.items.slice(0, middle);
	const second = batch.items.slice(middle);
	return isNonEmpty(first) && isNonEmpty(second) ? [part(batch, first), part(batch, second)] : undefined;
}
