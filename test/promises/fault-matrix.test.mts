/**
 * What becomes of three events, a b c, when every request that carries a meets a fault. They travel two to a request,
 * one request at a time, two tries each: [a b] meets the fault, [c] does not. Where the vendor takes one a request, [a] does.
 *
 *   A accepted   U unconfirmed   O oversize    R rejected       B batchRejected
 *   E exhausted  K unknown       N notAttempted
 *
 * "continue" holds for both Continue modes: on the regular output, and with the failed ones on the error output.
 * "requests" counts every try. "stored" is what the sandbox has in the end, whatever the node may know.
 */
import { createServer, type AddressInfo } from 'node:net';

import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { INode } from 'n8n-workflow';

import {
	countsInWords,
	isFailed,
	type Status,
	type StatusCounts,
} from '../../nodes/engine/report/outcome.ts';
import type { Fault } from '../../tools/sandbox/server.mts';
import {
	openBench,
	ON_ERROR,
	reportsOf,
	SCHEMES,
	type Bench,
	type OnError,
	type Order,
	type Scheme,
} from '../support/bench.mts';
import { instantClock } from '../support/clock.mts';
import {
	changingCases,
	countingVariables,
	idsIn,
	operationCases,
	vendorCases,
	type NamedCase,
} from '../support/cases.mts';

//                                     both Continue modes         Stop Workflow
const EVERY_VENDOR = `
		fault                      | a b c | requests | stored | a b c | requests | stored
		503                        | E E A | 3        | c      | E E N | 2        | -
		408                        | E E A | 3        | c      | E E N | 2        | -
		420                        | E E A | 3        | c      | E E N | 2        | -
		421                        | E E A | 3        | c      | E E N | 2        | -
		425                        | E E A | 3        | c      | E E N | 2        | -
		429, Retry-After in seconds| E E A | 3        | c      | E E N | 2        | -
		429, Retry-After as a date | E E A | 3        | c      | E E N | 2        | -
		429, Retry-After 2.5       | E E A | 3        | c      | E E N | 2        | -
		500                        | K K A | 2        | c      | K K N | 1        | -
		501                        | K K A | 2        | c      | K K N | 1        | -
		502                        | K K A | 2        | c      | K K N | 1        | -
		504                        | K K A | 2        | c      | K K N | 1        | -
		reset before storing       | K K A | 2        | c      | K K N | 1        | -
		reset after storing        | K K A | 2        | a b c  | K K N | 1        | a b
		HTML page with 200         | K K A | 2        | c      | K K N | 1        | -
		HTML page after storing    | K K A | 2        | a b c  | K K N | 1        | a b
		hang                       | K K A | 2        | c      | K K N | 1        | -
		drip beyond the timeout    | K K A | 2        | a b c  | K K N | 1        | a b
		half answer                | K K A | 2        | c      | K K N | 1        | -
		half answer after storing  | K K A | 2        | a b c  | K K N | 1        | a b
		200 in another form        | U U A | 2        | c      | U U A | 2        | c
		200 with an error          | U U A | 2        | c      | U U A | 2        | c
		200 with errors            | U U A | 2        | c      | U U A | 2        | c
		200 without success        | U U A | 2        | c      | U U A | 2        | c
		202                        | U U A | 2        | c      | U U A | 2        | c
		redirect                   | N N N | 1        | -      | N N N | 1        | -
		401                        | N N N | 1        | -      | N N N | 1        | -
		402                        | N N N | 1        | -      | N N N | 1        | -
		403                        | N N N | 1        | -      | N N N | 1        | -
		404                        | N N N | 1        | -      | N N N | 1        | -
		405                        | N N N | 1        | -      | N N N | 1        | -
		407                        | N N N | 1        | -      | N N N | 1        | -
		410                        | N N N | 1        | -      | N N N | 1        | -
		451                        | N N N | 1        | -      | N N N | 1        | -
		511                        | N N N | 1        | -      | N N N | 1        | -
		413                        | O A A | 4        | b c    | O A N | 3        | b
		414                        | O A A | 4        | b c    | O A N | 3        | b
		431                        | O A A | 4        | b c    | O A N | 3        | b
		refusal                    | B B A | 2        | c      | B B N | 1        | -
	`;

/** What differs, each for a reason that the vendor's sheet gives. */
const EXCEPTIONS: Record<string, string> = {
	// 500 is documented as "repeat later"; refused batches are isolated.
	myTracker: `
		fault                      | a b c | requests | stored | a b c | requests | stored
		500                        | E E A | 3        | c      | E E N | 2        | -
		400 Bad json               | N N N | 2        | -      | N N N | 2        | -
		400 Empty post data        | N N N | 1        | -      | N N N | 1        | -
		400 Bad api version        | N N N | 1        | -      | N N N | 1        | -
		refusal                    | R A A | 4        | b c    | R A N | 3        | b
	`,
	// 200 is documented without a body.
	appMetrica: `
		fault                      | a b c | requests | stored | a b c | requests | stored
		200 in another form        | A A A | 2        | c      | A A A | 2        | c
	`,
	// The SDKs send again after every 5xx.
	gravityField: `
		fault                      | a b c | requests | stored | a b c | requests | stored
		500                        | E E A | 3        | c      | E E N | 2        | -
		501                        | E E A | 3        | c      | E E N | 2        | -
		502                        | E E A | 3        | c      | E E N | 2        | -
		504                        | E E A | 3        | c      | E E N | 2        | -
	`,
	// No answer is documented, so any 2xx is one.
	vibetrace: `
		fault                      | a b c | requests | stored | a b c | requests | stored
		200 in another form        | A A A | 2        | c      | A A A | 2        | c
		202                        | A A A | 2        | c      | A A A | 2        | c
	`,
};

/** The same where the vendor takes one event a request. */
const ONE_BY_ONE = `
		fault                      | a b c | requests | stored | a b c | requests | stored
		503                        | E A A | 4        | b c    | E N N | 2        | -
		408                        | E A A | 4        | b c    | E N N | 2        | -
		420                        | E A A | 4        | b c    | E N N | 2        | -
		421                        | E A A | 4        | b c    | E N N | 2        | -
		425                        | E A A | 4        | b c    | E N N | 2        | -
		429, Retry-After in seconds| E A A | 4        | b c    | E N N | 2        | -
		429, Retry-After as a date | E A A | 4        | b c    | E N N | 2        | -
		429, Retry-After 2.5       | E A A | 4        | b c    | E N N | 2        | -
		500                        | K A A | 3        | b c    | K N N | 1        | -
		501                        | K A A | 3        | b c    | K N N | 1        | -
		502                        | K A A | 3        | b c    | K N N | 1        | -
		504                        | K A A | 3        | b c    | K N N | 1        | -
		reset before storing       | K A A | 3        | b c    | K N N | 1        | -
		reset after storing        | K A A | 3        | a b c  | K N N | 1        | a
		HTML page with 200         | K A A | 3        | b c    | K N N | 1        | -
		HTML page after storing    | K A A | 3        | a b c  | K N N | 1        | a
		hang                       | K A A | 3        | b c    | K N N | 1        | -
		drip beyond the timeout    | K A A | 3        | a b c  | K N N | 1        | a
		half answer                | K A A | 3        | b c    | K N N | 1        | -
		half answer after storing  | K A A | 3        | a b c  | K N N | 1        | a
		200 in another form        | U A A | 3        | b c    | U A A | 3        | b c
		200 with an error          | U A A | 3        | b c    | U A A | 3        | b c
		200 with errors            | U A A | 3        | b c    | U A A | 3        | b c
		200 without success        | U A A | 3        | b c    | U A A | 3        | b c
		202                        | U A A | 3        | b c    | U A A | 3        | b c
		redirect                   | N N N | 1        | -      | N N N | 1        | -
		401                        | N N N | 1        | -      | N N N | 1        | -
		402                        | N N N | 1        | -      | N N N | 1        | -
		403                        | N N N | 1        | -      | N N N | 1        | -
		404                        | N N N | 1        | -      | N N N | 1        | -
		405                        | N N N | 1        | -      | N N N | 1        | -
		407                        | N N N | 1        | -      | N N N | 1        | -
		410                        | N N N | 1        | -      | N N N | 1        | -
		451                        | N N N | 1        | -      | N N N | 1        | -
		511                        | N N N | 1        | -      | N N N | 1        | -
		413                        | O A A | 3        | b c    | O N N | 1        | -
		414                        | O A A | 3        | b c    | O N N | 1        | -
		431                        | O A A | 3        | b c    | O N N | 1        | -
		refusal                    | R A A | 3        | b c    | R N N | 1        | -
	`;

const GRAVITY_FIELD_ONE_BY_ONE = `
		fault                      | a b c | requests | stored | a b c | requests | stored
		500                        | E A A | 4        | b c    | E N N | 2        | -
		501                        | E A A | 4        | b c    | E N N | 2        | -
		502                        | E A A | 4        | b c    | E N N | 2        | -
		504                        | E A A | 4        | b c    | E N N | 2        | -
	`;

/** What differs there, by operation. */
const EXCEPTIONS_ONE_BY_ONE: Record<string, string> = {
	// The SDKs send again after every 5xx.
	gravityFieldStoreUser: GRAVITY_FIELD_ONE_BY_ONE,
	gravityFieldStoreVisit: GRAVITY_FIELD_ONE_BY_ONE,
	gravityFieldGetCampaign: GRAVITY_FIELD_ONE_BY_ONE,
	// "Status tells success", so any 2xx is one.
	vibetraceCreateEvent: `
		fault                      | a b c | requests | stored | a b c | requests | stored
		200 in another form        | A A A | 3        | b c    | A A A | 3        | b c
		202                        | A A A | 3        | b c    | A A A | 3        | b c
	`,
	// A user who is saved twice is saved.
	vibetraceSaveUser: `
		fault                      | a b c | requests | stored | a b c | requests | stored
		200 in another form        | A A A | 3        | b c    | A A A | 3        | b c
		202                        | A A A | 3        | b c    | A A A | 3        | b c
		500                        | K A A | 4        | b c    | K N N | 2        | -
		501                        | K A A | 4        | b c    | K N N | 2        | -
		502                        | K A A | 4        | b c    | K N N | 2        | -
		504                        | K A A | 4        | b c    | K N N | 2        | -
		reset before storing       | K A A | 4        | b c    | K N N | 2        | -
		reset after storing        | K A A | 4        | a a b c| K N N | 2        | a a
		HTML page with 200         | K A A | 4        | b c    | K N N | 2        | -
		HTML page after storing    | K A A | 4        | a a b c| K N N | 2        | a a
		hang                       | K A A | 4        | b c    | K N N | 2        | -
		drip beyond the timeout    | K A A | 4        | a a b c| K N N | 2        | a a
		half answer                | K A A | 4        | b c    | K N N | 2        | -
		half answer after storing  | K A A | 4        | a a b c| K N N | 2        | a a
	`,
};

/** What can only happen to a connection that is encrypted. */
const OVER_TLS = `
		fault                      | a b c | requests | stored | a b c | requests | stored
		broken record              | K K A | 2        | c      | K K N | 1        | -
		broken record after storing| K K A | 2        | a b c  | K K N | 1        | a b
		alert after storing        | K K A | 2        | a b c  | K K N | 1        | a b
		no TLS after storing       | K K A | 2        | a b c  | K K N | 1        | a b
		half answer, broken record | K K A | 2        | a b c  | K K N | 1        | a b
	`;

/** Milliseconds; a good request on a busy machine needs less, with its handshake too. */
const TIMEOUT: Record<Scheme, number> = { http: 300, https: 1_000 };

const FAULTS: Record<string, Fault> = {
	'429, Retry-After in seconds': { status: 429, headers: { 'retry-after': '7' } },
	'429, Retry-After as a date': {
		status: 429,
		headers: { 'retry-after': new Date(Date.now() + 30_000).toUTCString() },
	},
	'reset before storing': { reset: 'beforeStoring' },
	'reset after storing': { reset: 'afterStoring' },
	'HTML page with 200': { html: true },
	'HTML page after storing': { html: true, afterStoring: true },
	hang: { hang: true },
	'drip beyond the timeout': { drip: { everyMs: 40, chunks: 40 } },
	'half answer': { halfAnswer: true },
	'200 in another form': { status: 200, body: 'odd', headers: { 'content-type': 'text/plain' } },
	redirect: { redirect: 'https://elsewhere.example/v1/' },
	'429, Retry-After 2.5': { status: 429, headers: { 'retry-after': '2.5' } },
	'half answer after storing': { halfAnswer: true, afterStoring: true },
	'200 with an error': { status: 200, body: '{"error": "no"}' },
	'200 with errors': { status: 200, body: '{"errors": [{"message": "no"}]}' },
	'200 without success': { status: 200, body: '{"success": false}' },
	'202': { status: 202, body: 'queued' },
	'400 Bad json': { status: 400, body: '{"error": "Bad json"}' },
	'400 Empty post data': { status: 400, body: '{"error": "Empty post data"}' },
	'400 Bad api version': { status: 400, body: '{"error": "Bad api version"}' },
	'broken record': { tls: 'record' },
	'broken record after storing': { tls: 'record', afterStoring: true },
	'alert after storing': { tls: 'alert', afterStoring: true },
	'no TLS after storing': { tls: 'garbage', afterStoring: true },
	'half answer, broken record': { tls: 'record', halfAnswer: true, afterStoring: true },
};
const faultOf = (name: string, { refusal }: NamedCase): Fault =>
	name === 'refusal' ? refusal : (FAULTS[name] ?? { status: Number(name) });

const LETTERS: Record<string, Status> = {
	A: 'accepted',
	U: 'unconfirmed',
	O: 'oversize',
	R: 'rejected',
	B: 'batchRejected',
	E: 'exhausted',
	K: 'unknown',
	N: 'notAttempted',
};

interface Expected {
	statuses: Status[];
	requests: number;
	stored: string[];
}

type Row = [fault: string, continued: Expected, stopped: Expected];

/** The rows of a table as text. */
function readMatrix(table: string): Row[] {
	const [, ...rows] = table.trim().split('\n');
	return rows.map((row) => {
		const [name, ...cells] = row.split('|').map((cell) => cell.trim());
		const expected = ([statuses, requests, stored]: string[]): Expected => ({
			statuses: statuses.split(' ').map((letter) => LETTERS[letter]),
			requests: Number(requests),
			stored: stored === '-' ? [] : stored.split(' ').map((id) => `ev-${id}`),
		});
		return [name, expected(cells.slice(0, 3)), expected(cells.slice(3))];
	});
}

/** All faults of an operation: the rows of its vendor take the place of those that hold for every vendor. */
function matrixOf({ vendor, node, operation }: NamedCase, scheme: Scheme): Row[] {
	const own = operation.oneByOne ? EXCEPTIONS_ONE_BY_ONE[node] : EXCEPTIONS[vendor];
	if (!own)
		throw new Error(
			`test/promises/fault-matrix.test.mts: EXCEPTIONS has nothing of ${operation.oneByOne ? node : vendor}`,
		);
	const tables = [
		operation.oneByOne ? ONE_BY_ONE : EVERY_VENDOR,
		...(scheme === 'https' ? [OVER_TLS] : []),
		own,
	];
	return [...new Map(tables.flatMap(readMatrix).map((row) => [row[0], row])).values()];
}

const counted = (statuses: readonly Status[]): string => {
	const counts: StatusCounts = {};
	for (const status of statuses) counts[status] = (counts[status] ?? 0) + 1;
	return countsInWords(counts);
};

/** What n8n would rewrite or take for a cancelled run. */
const TRIGGER_WORDS = /cancell?ed|E(?:NOENT|PERM|CONN|TIMEDOUT|NOTFOUND|ACCES|AI_AGAIN)/i;

const benches: Partial<Record<Scheme, Bench>> = {};
let bench: Bench;
afterAll(async () => {
	for (const each of Object.values(benches)) await each.close();
});

const IDS = ['ev-a', 'ev-b', 'ev-c'];
const orderOf = (vendor: NamedCase, more: Partial<Order> = {}): Order => ({
	node: vendor.node,
	items: IDS.map(vendor.good),
	parameters: { sendAs: 'batch' },
	...more,
	options: { batchSize: 2, concurrency: 1, maxAttempts: 2, ...more.options },
});

/** What TLS adds is a matter of the connection, so that one operation of each vendor is enough. */
describe.each([
	...operationCases.map((vendor) => [vendor.node, 'http' as Scheme, vendor] as const),
	...vendorCases.map((vendor) => [vendor.node, 'https' as Scheme, vendor] as const),
])('%s over %s', (_, scheme, vendor) => {
	beforeAll(async () => {
		bench = benches[scheme] ??= await openBench(instantClock(), { scheme });
	});
	beforeEach(() => bench.sandbox.reset());
	const storedIds = () => bench.sandbox.stored(vendor.vendor).map(vendor.idOf).sort();

	describe.each(matrixOf(vendor, scheme))('%s', (fault, continued, stopped) => {
		test.each(ON_ERROR)('%s', async (onError) => {
			const wanted = onError === 'stopWorkflow' ? stopped : continued;
			bench.sandbox.faults.always((request) =>
				idsIn(request).includes('ev-a') ? faultOf(fault, vendor) : undefined,
			);
			const timed = fault === 'hang' || fault.startsWith('drip');
			const result = await bench.run(
				orderOf(vendor, { onError, options: timed ? { timeout: TIMEOUT[scheme] } : {} }),
			);

			expect(bench.sandbox.requests).toHaveLength(wanted.requests);
			expect(storedIds()).toEqual(wanted.stored);
			const failed = wanted.statuses.some(isFailed);
			if (onError === 'stopWorkflow' && failed) {
				const error = result.error('Node');
				expect(error?.name).toBe('NodeOperationError');
				expect(error?.description).toMatch(new RegExp(`^3 items: ${counted(wanted.statuses)}\\.`));
				expect(error?.description).toMatch(/^Items? 0\b.* \(rows? 1\b/m);
				expect(error?.message).not.toMatch(TRIGGER_WORDS);
				expect(error?.description).not.toMatch(TRIGGER_WORDS);
				expect(result.status).toBe('error');
				return;
			}
			expect(result.status).toBe('success');
			const reports = reportsOf(result, 3);
			expect(reports.map(({ delivery }) => delivery.status)).toEqual(wanted.statuses);
			for (const [index, { output, json, delivery, event }] of reports.entries()) {
				const isBad = isFailed(delivery.status);
				expect(output).toBe(isBad && onError === 'continueErrorOutput' ? 1 : 0);
				if (output === 0) expect(json).not.toHaveProperty('error');
				else expect(json).toMatchObject({ ...vendor.good(IDS[index]), error: expect.any(String) });
				expect(JSON.stringify(event)).toContain(IDS[index]);
				if (isBad) expect(delivery.message).toMatch(/./);
				expect(delivery.message ?? '').not.toMatch(TRIGGER_WORDS);
			}
			const needsLook = wanted.statuses.some((status) => status !== 'accepted');
			expect(result.hints('Node').some(({ message }) => message.startsWith(counted(wanted.statuses)))).toBe(
				needsLook,
			);
		});
	});

	describe('failures outside the items: nothing leaves, nothing that failed is on the good output', () => {
		let closedPort: number;
		beforeAll(async () => {
			const server = createServer();
			await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
			closedPort = (server.address() as AddressInfo).port;
			await new Promise((resolve) => server.close(resolve));
		});

		const failures: Array<[string, () => Partial<Order>, Status, RegExp]> = [
			['no credential', () => ({ credential: null }), 'notAttempted', /credential/],
			[
				'an empty field in the credential',
				() => ({ credential: { baseUrl: ' ' } }),
				'notAttempted',
				/credential/,
			],
			[
				'a base URL of another protocol',
				() => ({ credential: { baseUrl: 'ftp://127.0.0.1/' } }),
				'notAttempted',
				/base URL/,
			],
			[
				'a base URL that is not a URL',
				() => ({ credential: { baseUrl: 'tracker' } }),
				'notAttempted',
				/base URL/,
			],
			[
				'an option out of range',
				() => ({ options: { maxAttempts: 11 } }),
				'notAttempted',
				/Tries per Request/,
			],
			[
				'a port where nobody listens',
				() => ({ credential: { baseUrl: `http://127.0.0.1:${closedPort}` } }),
				'exhausted',
				/refused/,
			],
			// A name so long that no resolver is asked.
			[
				'a host that does not exist',
				() => ({ credential: { baseUrl: `http://${'x'.repeat(64)}.invalid` } }),
				'exhausted',
				/not found|looked up/,
			],
		];

		test.each(
			failures.flatMap((failure) =>
				ON_ERROR.map((onError) => [failure[0], onError, ...failure.slice(1)] as const),
			),
		)('%s, %s', async (_, onError, more, status, says) => {
			const result = await bench.run(orderOf(vendor, { onError, ...(more as () => Partial<Order>)() }));
			expect(bench.sandbox.requests).toEqual([]);
			if (onError === 'stopWorkflow') {
				const error = result.error('Node');
				expect(`${error?.message}\n${error?.description}`).toMatch(says as RegExp);
				expect(error?.message).not.toMatch(TRIGGER_WORDS);
				return;
			}
			const reports = reportsOf(result, 3);
			expect(reports.map(({ delivery }) => delivery.status)).toEqual([status, status, status]);
			expect(reports.map(({ output }) => output)).toEqual(
				onError === 'continueErrorOutput' ? [1, 1, 1] : [0, 0, 0],
			);
			for (const { delivery, json, output } of reports) {
				expect(delivery.message).toMatch(says as RegExp);
				if (output === 0) expect(json).not.toHaveProperty('error');
			}
		});
	});
});

/** What n8n's Retry On Fail repeats of it, whatever bytes the mapping gives at the next try. */
describe.each(
	changingCases.flatMap((vendor) => SCHEMES.map((scheme) => [vendor.node, scheme, vendor] as const)),
)('%s over %s, Retry On Fail and a mapping that gives other events at each try', (_, scheme, vendor) => {
	beforeAll(async () => {
		bench = benches[scheme] ??= await openBench(instantClock(), { scheme });
	});

	const play = async (fault: string, onError: OnError, more: Partial<INode>) => {
		bench.sandbox.reset();
		bench.sandbox.faults.always((request) =>
			idsIn(request).includes('ev-a') ? faultOf(fault, vendor) : undefined,
		);
		const timed = fault === 'hang' || fault.startsWith('drip');
		const result = await bench.run(
			orderOf(vendor, {
				onError,
				more,
				parameters: { ...vendor.parameters, sendAs: 'batch' },
				options: timed ? { timeout: TIMEOUT[scheme] } : {},
				run: { variables: countingVariables() },
			}),
		);
		return {
			tries: result.tries('Node'),
			withA: bench.sandbox.requests.filter((one) => idsIn(one).includes('ev-a')),
		};
	};

	test.each(
		(scheme === 'https' ? readMatrix(OVER_TLS) : matrixOf(vendor, scheme)).flatMap(
			([fault, continued, stopped]) => [
				[fault, 'continueErrorOutput' as const, continued] as const,
				[fault, 'stopWorkflow' as const, stopped] as const,
			],
		),
	)('%s, %s', async (fault, onError, wanted) => {
		const [status] = wanted.statuses;
		const once = await play(fault, onError, {});
		expect(once.tries).toBe(1);
		const { tries, withA } = await play(fault, onError, {
			retryOnFail: true,
			maxTries: 2,
			waitBetweenTries: 1,
		});
		// n8n looks at the first item alone where nothing is thrown.
		const isRepeated = onError === 'stopWorkflow' ? wanted.statuses.some(isFailed) : isFailed(status);
		expect(tries).toBe(isRepeated ? 2 : 1);
		const isSentAgain = status === 'exhausted' || status === 'notAttempted';
		expect(withA.length).toBe(once.withA.length * (isSentAgain ? 2 : 1));
		const stored = bench.sandbox.stored(vendor.vendor).map(vendor.idOf);
		expect(stored).toEqual([...new Set(stored)]);
	});
});
