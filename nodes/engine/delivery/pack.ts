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

const bytesOf = (text: string): number => Buffer.byteLength(text, 'utf8');

/**
 * Packs items greedily in input order inside each batch key: a new request only when the next event does not fit by
 * count or by bytes. Linear: nothing is measured twice. An item that does not fit alone is `oversize`, with its whole
 * size.
 */
export function pack(
	items: readonly Prepared[],
	limits: PackLimits,
	envelopeOf: (item: Prepared) => Envelope,
): { batches: Batch[]; oversize: Array<{ item: Prepared; bytes: number }> } {
	const batches: Batch[] = [];
	const oversize: Array<{ item: Prepared; bytes: number }> = [];
	/** By batch key: the batch that may still grow. */
	const open = new Map<string, { batch: Batch; count: number; envelopeBytes: number }>();
	/** By ordering key: the batch key that is open for it. */
	const openFor = new Map<string, string>();

	for (const item of items) {
		if (item.orderingKey !== undefined) {
			const older = openFor.get(item.orderingKey);
			if (older !== undefined && older !== item.batchKey) open.delete(older);
			openFor.set(item.orderingKey, item.batchKey);
		}
		const known = open.get(item.batchKey);
		if (known && !item.unbatchable) {
			const { batch, count } = known;
			const grown = batch.bytes + batch.separatorBytes + item.bytes;
			if (count + item.count <= limits.maxEvents && grown <= limits.maxBytes) {
				batch.items.push(item);
				batch.bytes = grown;
				known.count += item.count;
				continue;
			}
		}
		const envelope = known?.batch.envelope ?? envelopeOf(item);
		const envelopeBytes = known?.envelopeBytes ?? bytesOf(envelope.prefix) + bytesOf(envelope.suffix);
		const bytes = envelopeBytes + item.bytes;
		if (bytes > limits.maxBytes) {
			oversize.push({ item, bytes });
			continue;
		}
		const batch: Batch = {
			items: [item],
			bytes,
			envelope,
			target: item.target,
			separatorBytes: bytesOf(envelope.separator),
			orderingKey: item.orderingKey,
		};
		batches.push(batch);
		if (!item.unbatchable) open.set(item.batchKey, { batch, count: item.count, envelopeBytes });
	}
	return { batches, oversize };
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
