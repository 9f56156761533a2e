import type { HttpRequest, Payload, WireForm } from '../operation/operation';
import type { Batch } from './pack';

/** Ten digits, whatever is drawn, so that the length of a request does not depend on them. */
const cacheBuster = (random: () => number): string =>
	String(1_000_000_000 + Math.floor(random() * 1_000_000_000));

/** The bytes that are sent: the events in their envelope. Written into one buffer, so a gigabyte needs no long string. */
export function payloadBytes(batch: Batch): Buffer {
	const buffer = Buffer.allocUnsafe(batch.bytes);
	let at = buffer.write(batch.envelope.prefix, 0);
	for (const [position, { text }] of batch.items.entries()) {
		if (position > 0) at += buffer.write(batch.envelope.separator, at);
		at += buffer.write(text, at);
	}
	buffer.write(batch.envelope.suffix, at);
	return buffer;
}

function payloadText({ envelope, items }: Batch): string {
	return envelope.prefix + items.map(({ text }) => text).join(envelope.separator) + envelope.suffix;
}

/** The request of a batch as it leaves; what may differ between tries is drawn by `random`. */
export function buildRequest(batch: Batch, form: WireForm, random: () => number): HttpRequest {
	let bytes: Buffer | undefined;
	const payload: Payload = {
		bytes: () => (bytes ??= payloadBytes(batch)),
		text: () => payloadText(batch),
	};
	return form.request(payload, batch.items[0].event, batch.target, {
		cacheBuster: () => cacheBuster(random),
	});
}
