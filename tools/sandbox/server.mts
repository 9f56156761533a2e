/**
 * The four vendors on loopback: a strict stand-in written from the vendors' own pages, for tests, demo and trying out.
 * It imports nothing of the nodes, so that it judges them from outside.
 */
import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';

import { createAnswering } from './answering.mts';
import { APPMETRICA_MAX_BYTES, handleAppMetrica } from './appmetrica.mts';
import { createExportQueue } from './appmetrica-queue.mts';
import { goodCredentials, secretsOf } from './credentials.mts';
import { createFaultScript } from './faults.mts';
import type { FaultScript } from './faults.mts';
import { handleGravityField } from './gravityfield.mts';
import { handleMyTracker } from './mytracker.mts';
import { createLivePage } from './live.mts';
import type { RecordedRequest } from './records.mts';
import { createTlsFront, type TlsSettings } from './tls.mts';
import type {
	AppMetricaSettings,
	SandboxApps,
	SandboxCredentials,
	StoredEvent,
	Vendor,
	VendorAnswer,
	VendorRequest,
	VendorState,
} from './types.mts';
import { handleVibetrace } from './vibetrace.mts';

export type { Fault, FaultFunction, FaultScript } from './faults.mts';
export { overlaps } from './records.mts';
export type { RecordedRequest } from './records.mts';
export type {
	AppMetricaSettings,
	Refusal,
	SandboxApps,
	SandboxCredentials,
	StoredEvent,
	Vendor,
} from './types.mts';

export type SandboxOptions = {
	/** Speak TLS with this certificate; its client has to trust it. */
	tls?: TlsSettings;
	/** 0 or absent = any free port. Always bound to 127.0.0.1. */
	port?: number;
	/** The sandbox's clock, milliseconds since 1970; `Date.now` unless given. */
	now?: () => number;
	/** How many requests to remember, their bodies and events with them; all unless given. */
	keep?: number;
	/** Refuse AppMetrica events older than this many days; unchecked unless given, the pages' samples being of 2009. */
	appMetricaMaxAgeDays?: number;
	/** The other ways in which AppMetrica can be set; `maxAgeDays` of it stands for `appMetricaMaxAgeDays`. */
	appMetrica?: AppMetricaSettings;
};

export type Sandbox = {
	/** `http://127.0.0.1:<port>`; the page for the browser is at its root. */
	url: string;
	baseUrls: Record<Vendor, string>;
	credentials: SandboxCredentials;
	apps: SandboxApps;
	/** How AppMetrica behaves; may be changed at any time. */
	appMetrica: AppMetricaSettings;
	/** Live, in order of arrival. The same array for the sandbox's whole life. */
	requests: RecordedRequest[];
	/** The events of one vendor, in the order in which they were stored. */
	stored(vendor: Vendor): StoredEvent[];
	faults: FaultScript;
	/** Settles when at least `count` requests (of `vendor`, if given) have arrived with their whole body. */
	arrived(count: number, vendor?: Vendor): Promise<void>;
	/** Forgets requests, events, faults and order ids; numbers start at 1 again. */
	reset(): void;
	/** Cuts every connection and frees the port. */
	close(): Promise<void>;
};

type Mount = {
	prefix: string;
	handle: (request: VendorRequest, state: VendorState) => VendorAnswer;
	keepBytes: number;
};

// A body above these is counted, not kept: no vendor module looks into one.
const MOUNTS: Record<Vendor, Mount> = {
	myTracker: { prefix: '/mytracker', handle: handleMyTracker, keepBytes: 1_000_000 },
	appMetrica: { prefix: '/appmetrica', handle: handleAppMetrica, keepBytes: APPMETRICA_MAX_BYTES },
	gravityField: { prefix: '/gravityfield/v2', handle: handleGravityField, keepBytes: 50_000_000 },
	vibetrace: { prefix: '/vibetrace', handle: handleVibetrace, keepBytes: 1_000_000 },
};
const VENDORS = Object.keys(MOUNTS) as Vendor[];

/** Path prefix of each vendor; the vendor's own path follows. */
export const PREFIXES: Readonly<Record<Vendor, string>> = {
	myTracker: MOUNTS.myTracker.prefix,
	appMetrica: MOUNTS.appMetrica.prefix,
	gravityField: MOUNTS.gravityField.prefix,
	vibetrace: MOUNTS.vibetrace.prefix,
};

/** Starts a sandbox on 127.0.0.1 and resolves when it listens. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
	const now = options.now ?? Date.now;
	const keep = options.keep ?? Infinity;
	const requests: RecordedRequest[] = [];
	const events = Object.fromEntries(VENDORS.map((vendor) => [vendor, []])) as unknown as Record<
		Vendor,
		StoredEvent[]
	>;
	const keys = Object.fromEntries(VENDORS.map((vendor) => [vendor, new Set<string>()])) as Record<
		Vendor,
		Set<string>
	>;
	const open = Object.fromEntries([...VENDORS, 'other'].map((vendor) => [vendor, 0])) as Record<
		Vendor | 'other',
		number
	>;
	const byRequest = new WeakMap<RecordedRequest, StoredEvent[]>();
	const faults = createFaultScript();
	let waiting: Array<{ count: number; vendor?: Vendor; done: () => void }> = [];
	let arrivals: Array<Vendor | 'other'> = [];
	let count = 0;
	let tick = 0;

	const { tls } = options;
	const serverOptions = {
		// Room for addresses far above any limit, so that a vendor module answers and not the HTTP parser.
		maxHeaderSize: 1_000_000,
		// No clock of the server's own cuts a test's slow request or an idle connection.
		requestTimeout: 0,
		headersTimeout: 0,
		keepAliveTimeout: 0,
	};
	const server = tls ? createSecureServer({ ...serverOptions, ...tls }) : createServer(serverOptions);
	await new Promise<void>((resolve, reject) => {
		server.once('error', reject);
		server.listen(tls ? 0 : (options.port ?? 0), '127.0.0.1', () => {
			server.off('error', reject);
			resolve();
		});
	});
	const { port: ownPort } = server.address() as AddressInfo;
	const front = tls ? await createTlsFront(options.port ?? 0, ownPort) : undefined;
	const url = `${tls ? 'https' : 'http'}://127.0.0.1:${front?.port ?? ownPort}`;
	const baseUrls = Object.fromEntries(VENDORS.map((vendor) => [vendor, url + PREFIXES[vendor]])) as Record<
		Vendor,
		string
	>;
	const credentials = goodCredentials(baseUrls);
	const apps: SandboxApps = { myTracker: ['666', '777'], appMetrica: ['1111', '2222', '1234567890'] };
	const appMetrica: AppMetricaSettings = { maxAgeDays: options.appMetricaMaxAgeDays, ...options.appMetrica };
	const exports = createExportQueue();
	const page = createLivePage({
		baseUrls,
		requests,
		secrets: secretsOf(credentials),
		eventsOf: (record) => byRequest.get(record) ?? [],
	});

	const forget = () => {
		while (requests.length > keep) {
			const gone = requests.shift();
			if (!gone || gone.vendor === 'other') continue;
			const list = events[gone.vendor];
			// Requests are forgotten oldest first, so their events stand at the start.
			let old = 0;
			while (old < list.length && list[old].request <= gone.number) old++;
			list.splice(0, old);
		}
	};

	const begin = (incoming: IncomingMessage, path: string): RecordedRequest => {
		const vendor = VENDORS.find((name) => path.startsWith(`${PREFIXES[name]}/`)) ?? 'other';
		const record: RecordedRequest = {
			number: ++count,
			vendor,
			method: incoming.method ?? '',
			url: incoming.url ?? '',
			headers: incoming.headers,
			rawHeaders: incoming.rawHeaders,
			body: Buffer.alloc(0),
			bodyBytes: 0,
			time: now(),
			startedAt: performance.now(),
			startTick: ++tick,
			inFlight: ++open[vendor],
			stored: 0,
			refusals: [],
			discarded: [],
		};
		requests.push(record);
		forget();
		return record;
	};

	/** Called just before the last byte leaves: whatever a client sends after its answer begins later than this. */
	const end = (record: RecordedRequest) => {
		if (record.endTick !== undefined) return;
		record.endTick = ++tick;
		record.endedAt = performance.now();
		open[record.vendor]--;
		page.changed(record);
	};

	const judge = (record: RecordedRequest, path: string, query: string): VendorAnswer => {
		const { vendor } = record;
		if (vendor === 'other') {
			const reason = `no vendor here; the prefixes are ${VENDORS.map((name) => PREFIXES[name]).join(', ')}`;
			return {
				status: 404,
				headers: { 'content-type': 'text/plain; charset=utf-8' },
				body: `${reason}\n`,
				events: [],
				refusals: [{ reason }],
				discarded: [],
			};
		}
		const { prefix, handle } = MOUNTS[vendor];
		const verdict = handle(
			{
				number: record.number,
				method: record.method,
				path: path.slice(prefix.length),
				query,
				address: `${tls ? 'https' : 'http'}://${record.headers.host ?? ''}${record.url}`,
				headers: record.headers,
				body: record.body,
				bodyBytes: record.bodyBytes,
				now: now(),
			},
			{ credentials, apps, keys: keys[vendor], stored: events[vendor], appMetrica, exports },
		);
		record.operation = verdict.operation;
		record.refusals = verdict.refusals;
		record.discarded = verdict.discarded;
		record.stored = verdict.events.length;
		const time = now();
		const gone = new Set(verdict.discarded.map(({ index }) => index));
		let position = -1;
		const filed = verdict.events.map((event) => {
			do position++;
			while (gone.has(position));
			return {
				...event,
				vendor,
				operation: verdict.operation ?? '',
				request: record.number,
				index: position,
				time,
			};
		});
		byRequest.set(record, filed);
		for (const event of filed) {
			events[vendor].push(event);
			if (event.key !== undefined) keys[vendor].add(event.key);
		}
		return verdict;
	};

	const { reply, deliver, suffer } = createAnswering(end, (record) => page.changed(record), front);

	server.on('request', (incoming, response) => {
		const target = incoming.url ?? '';
		const cut = target.indexOf('?');
		const path = cut < 0 ? target : target.slice(0, cut);
		const query = cut < 0 ? '' : target.slice(cut + 1);
		if (page.serve(incoming, response, path)) return;

		const record = begin(incoming, path);
		const keepBytes = record.vendor === 'other' ? 1_000_000 : MOUNTS[record.vendor].keepBytes;
		const chunks: Buffer[] = [];
		let kept = 0;
		incoming.on('data', (chunk: Buffer) => {
			record.bodyBytes += chunk.length;
			if (kept >= keepBytes) return;
			chunks.push(chunk.subarray(0, keepBytes - kept));
			kept += chunk.length;
		});
		// A client that leaves, before or after its whole body came, ends the request, hanging or not.
		response.on('close', () => end(record));
		incoming.on('error', () => end(record));
		incoming.on('end', () => {
			record.body = Buffer.concat(chunks);
			arrivals.push(record.vendor);
			waiting = waiting.filter((entry) => !settle(entry));
			let verdict: VendorAnswer | undefined;
			const handle = () => (verdict ??= judge(record, path, query));
			try {
				const fault = faults.take(record);
				if (fault) {
					record.fault = fault;
					suffer(fault, record, response, handle);
				} else {
					deliver(response, record, handle());
				}
			} catch (problem) {
				// A bug of the sandbox or of a test's fault function; said aloud, so that no vendor is blamed.
				record.refusals = [
					{ reason: `the sandbox itself failed: ${(problem as Error).stack ?? String(problem)}` },
				];
				reply(
					response,
					record,
					599,
					{ 'content-type': 'text/plain; charset=utf-8' },
					'the sandbox itself failed',
				);
			}
		});
	});

	const settle = (entry: { count: number; vendor?: Vendor; done: () => void }): boolean => {
		const seen =
			entry.vendor === undefined
				? arrivals.length
				: arrivals.filter((vendor) => vendor === entry.vendor).length;
		if (seen < entry.count) return false;
		entry.done();
		return true;
	};

	return {
		url,
		baseUrls,
		credentials,
		apps,
		appMetrica,
		requests,
		stored: (vendor) => events[vendor],
		faults,
		arrived: (wanted, vendor) =>
			new Promise<void>((resolve) => {
				const entry = { count: wanted, vendor, done: resolve };
				if (!settle(entry)) waiting.push(entry);
			}),
		reset: () => {
			requests.length = 0;
			for (const vendor of VENDORS) {
				events[vendor].length = 0;
				keys[vendor].clear();
			}
			exports.clear();
			faults.clear();
			arrivals = [];
			count = 0;
			page.cleared();
		},
		close: () =>
			new Promise<void>((resolve) => {
				page.close();
				front?.close();
				server.close(() => resolve());
				server.closeAllConnections();
			}),
	};
}
