/** How an answer leaves: as the vendor gave it, or as a fault wants it. */
import type { ServerResponse } from 'node:http';
import { pipeline, Readable } from 'node:stream';
import { createGzip } from 'node:zlib';

import type { Fault } from './faults.mts';
import type { RecordedRequest } from './records.mts';
import type { TlsFront } from './tls.mts';
import type { VendorAnswer } from './types.mts';

const HTML =
	'<!doctype html>\n<html><head><title>One moment</title></head><body><p>Please enable JavaScript and cookies to continue.</p></body></html>\n';

/**
 * `end` is called just before the last byte of an answer leaves, or when there will be none; `changed` when a request
 * stays open and something about it is new.
 */
export function createAnswering(
	end: (record: RecordedRequest) => void,
	changed: (record: RecordedRequest) => void,
	front?: TlsFront,
) {
	const reply = (
		response: ServerResponse,
		record: RecordedRequest,
		status: number,
		headers: Record<string, string>,
		body: string,
	) => {
		record.status = status;
		record.answer = body;
		end(record);
		const bytes = Buffer.from(body);
		response.writeHead(
			status,
			status === 204 ? headers : { ...headers, 'content-length': String(bytes.length) },
		);
		response.end(bytes);
	};

	/** Sends a verdict; a long body is made while it is sent. */
	const deliver = (response: ServerResponse, record: RecordedRequest, verdict: VendorAnswer) => {
		const { status, headers, body, stream, gzip } = verdict;
		if (!stream) return reply(response, record, status, headers, body);
		record.status = status;
		record.answer = body;
		response.writeHead(status, gzip ? { ...headers, 'content-encoding': 'gzip' } : headers);
		const source = Readable.from(stream(), { objectMode: true, highWaterMark: 1 });
		const done = () => end(record);
		if (gzip) pipeline(source, createGzip({ level: 1 }), response, done);
		else pipeline(source, response, done);
	};

	/** A verdict whose body is there as a whole, for faults that cut it or let it drip. */
	const whole = (verdict: VendorAnswer): VendorAnswer =>
		verdict.stream ? { ...verdict, body: [...verdict.stream()].join(''), stream: undefined } : verdict;

	const suffer = (
		fault: Fault,
		record: RecordedRequest,
		response: ServerResponse,
		handle: () => VendorAnswer,
	): void => {
		const { socket } = response;
		const stores = 'afterStoring' in fault && fault.afterStoring === true;
		if ('waitFor' in fault) {
			const ready = stores ? handle() : undefined;
			const go = () => {
				if (response.destroyed) return end(record);
				deliver(response, record, ready ?? handle());
			};
			fault.waitFor.then(go, go);
		} else if ('drip' in fault) {
			const verdict = whole(handle());
			drip(fault.drip, verdict, record, response);
		} else if ('reset' in fault) {
			if (fault.reset === 'afterStoring') handle();
			end(record);
			if (front) front.reset(socket?.remotePort ?? 0);
			else socket?.resetAndDestroy();
		} else if ('hang' in fault) {
			if (stores) handle();
			changed(record);
		} else if ('tls' in fault) {
			if (!front) throw new Error('A TLS fault needs a sandbox that speaks TLS');
			const port = socket?.remotePort ?? 0;
			const body = (stores ? whole(handle()).body : '') || '{"message": "half of an answer"}';
			const breakSession = () => {
				end(record);
				front.inject(port, fault.tls);
			};
			if (!fault.halfAnswer) return breakSession();
			response.writeHead(200, { 'content-length': String(Buffer.byteLength(body)) });
			// Some turns later the half has passed the front.
			response.write(body.slice(0, Math.ceil(body.length / 2)), () =>
				setImmediate(() => setImmediate(() => setImmediate(breakSession))),
			);
		} else if ('halfAnswer' in fault) {
			const verdict = stores ? whole(handle()) : undefined;
			// Something to halve, where the vendor's own answer was not asked for.
			const bytes = Buffer.from(verdict?.body || '{"message": "half of an answer"}');
			record.status = verdict?.status ?? 200;
			record.answer = bytes.toString();
			response.writeHead(record.status, { ...verdict?.headers, 'content-length': String(bytes.length) });
			response.write(bytes.subarray(0, Math.ceil(bytes.length / 2)), () => {
				end(record);
				socket?.destroy();
			});
		} else if ('html' in fault) {
			if (stores) handle();
			reply(response, record, fault.status ?? 200, { 'content-type': 'text/html; charset=utf-8' }, HTML);
		} else if ('redirect' in fault) {
			reply(response, record, fault.status ?? 302, { location: fault.redirect }, '');
		} else {
			if (stores) handle();
			reply(response, record, fault.status, fault.headers ?? {}, fault.body ?? '');
		}
	};

	const drip = (
		pace: { everyMs: number; chunks: number },
		verdict: VendorAnswer,
		record: RecordedRequest,
		response: ServerResponse,
	) => {
		record.status = verdict.status;
		record.answer = verdict.body;
		// Line ends pad an answer that has too few bytes: JSON and a line of text both bear them at their end.
		const bytes = Buffer.from(verdict.body.padEnd(pace.chunks, '\n'));
		let sent = 0;
		response.writeHead(verdict.status, verdict.headers);
		const timer = setInterval(() => {
			if (sent < pace.chunks - 1) {
				response.write(bytes.subarray(sent, sent + 1));
				sent++;
				return;
			}
			clearInterval(timer);
			end(record);
			response.end(bytes.subarray(sent));
		}, pace.everyMs);
		response.on('close', () => clearInterval(timer));
	};

	return { reply, deliver, suffer };
}
