import type { Destination } from '../account';
import type { Encoded, Envelope, Json } from '../operation/operation';

/** One item that passed every check, in its wire form. */
export interface Prepared extends Encoded {
	/** Index of the input item. */
	index: number;
	event: Json;
	target: Destination;
	/** UTF-8 bytes of `text`. */
	bytes: number;
}

/** Items that travel in one request, in input order. */
export interface Batch {
	items: Prepared[];
	/** UTF-8 bytes of the whole, frame included. */
	bytes: number;
	envelope: Envelope;
	target: Destination;
	/** Bytes of the frame's separator. */
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
 * Packs items greedily in input order inside each group: a new request only when the next event does not fit by count
 * or by bytes. Linear: nothing is measured twice. An item that does not fit alone is `oversize`, with its whole size.
 */
export function pack(
	items: readonly Prepared[],
	limits: PackLimits,
	frameOf: (item: Prepared) => Envelope,
): { batches: Batch[]; oversize: Array<{ item: Prepared; bytes: number }> } {
	const batches: Batch[] = [];
	const oversize: Array<{ item: Prepared; bytes: number }> = [];
	const open = new Map<string, { batch: Batch; count: number; frameBytes: number }>();
	const openInLane = new Map<string, string>();

	for (const item of items) {
		if (item.orderingKey !== undefined) {
			const older = openInLane.get(item.orderingKey);
			if (older !== undefined && older !== item.batchKey) open.delete(older);
			openInLane.set(item.orderingKey, item.batchKey);
		}
		let current = item.unbatchable ? undefined : open.get(item.batchKey);
		if (current) {
			const grown = current.batch.bytes + current.batch.separatorBytes + item.bytes;
			if (current.count + item.count > limits.maxEvents || grown > limits.maxBytes) current = undefined;
			else {
				current.batch.items.push(item);
				current.batch.bytes = grown;
				current.count += item.count;
				continue;
			}
		}
		const known = open.get(item.batchKey);
		const frame = known?.batch.envelope ?? frameOf(item);
		const frameBytes = known?.frameBytes ?? bytesOf(frame.prefix) + bytesOf(frame.suffix);
		const bytes = frameBytes + item.bytes;
		if (bytes > limits.maxBytes) {
			oversize.push({ item, bytes });
			continue;
		}
		const batch: Batch = {
			items: [item],
			bytes,
			envelope: frame,
			target: item.target,
			separatorBytes: bytesOf(frame.separator),
			orderingKey: item.orderingKey,
		};
		batches.push(batch);
		if (!item.unbatchable) open.set(item.batchKey, { batch, count: item.count, frameBytes });
	}
	return { batches, oversize };
}

/** A part of a batch, as a batch of its own. */
export function part(batch: Batch, items: Prepared[]): Batch {
	const inner = items.reduce((sum, { bytes }) => sum + bytes, 0);
	const frameBytes = bytesOf(batch.envelope.prefix) + bytesOf(batch.envelope.suffix);
	return { ...batch, items, bytes: frameBytes + inner + (items.length - 1) * batch.separatorBytes };
}

/** Two halves in order; the first is the larger one. */
export function halves(batch: Batch): [Batch, Batch] {
	const middle = Math.ceil(batch.items.length / 2);
	return [part(batch, batch.items.slice(0, middle)), part(batch, batch.items.slice(middle))];
}

/** The bytes that are sent: the frame around the events. Written into one buffer, so a gigabyte needs no long string. */
export function payloadBytes(batch: Batch): Buffer {
	const buffer = Buffer.allocUnsafe(batch.bytes);
	let at = buffer.write(batch.envelope.prefix, 0, 'utf8');
	for (const [position, { text }] of batch.items.entries()) {
		if (position > 0) at += buffer.write(batch.envelope.separator, at, 'utf8');
		at += buffer.write(text, at, 'utf8');
	}
	buffer.write(batch.envelope.suffix, at, 'utf8');
	return buffer;
}
