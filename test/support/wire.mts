/**
 * What leaves n8n's own HTTP helper, byte for byte, and what becomes of each answer. nock stands in for the network, so
 * the vendors' real addresses can be used and no socket is opened.
 */
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { ICredentialDataDecryptedObject, IDataObject, INodeParameters } from 'n8n-workflow';
import nock from 'nock';

import { operations } from '../../index.ts';
import type { Status } from '../../nodes/engine/report/outcome.ts';
import {
	createEngine,
	singleNodeWorkflow,
	type Engine,
	type RunResult,
} from '../../tools/harness/engine.mts';
import { nodesWithClock, PACKAGE, reportsOf } from './bench.mts';
import { instantClock } from './clock.mts';

/** One request as it would have left. */
export interface WireRequest {
	method: string;
	/** The whole address, as written. */
	url: string;
	/** Without those that n8n's client adds by itself. */
	headers: Record<string, string>;
	body: string;
}

export interface VendorAnswer {
	status: number;
	body?: string;
	headers?: Record<string, string>;
}

/** Events and the one request that they become. `url` and `body` are the vendor's, not made by our code. */
export interface WireCase {
	events: IDataObject[];
	options?: INodeParameters;
	method: 'GET' | 'POST' | 'PUT';
	/** A pattern where part of it is drawn anew for each request. */
	url: string | RegExp;
	headers: Record<string, string>;
	body: string;
	/** `delivery.method`. */
	as: string;
}

/** An answer to every request, the status of every event after it, and how many requests that takes. */
export interface AnswerCase extends VendorAnswer {
	single: Status;
	batch: Status;
	/** Requests for the batch, two tries each at most; 1 unless told. */
	requests?: number;
	/** Requests for the single event; 1 unless told. */
	singleRequests?: number;
}

type Answer = (status: number, body?: string, headers?: Record<string, string>) => AnswerCase;
/** Says that the request was not taken: tried again, two tries here. */
export const exhausted: Answer = (status, body, headers) => ({
	status,
	body,
	headers,
	single: 'exhausted',
	batch: 'exhausted',
	requests: 2,
	singleRequests: 2,
});
/** May have been stored: not tried again. */
export const unknown: Answer = (status, body, headers) => ({
	status,
	body,
	headers,
	single: 'unknown',
	batch: 'unknown',
});
/** Would be the answer to every further request. */
export const fatal: Answer = (status, body, headers) => ({
	status,
	body,
	headers,
	single: 'notAttempted',
	batch: 'notAttempted',
});

/** What these statuses mean is the same for every vendor. */
const OF_EVERY_VENDOR: readonly AnswerCase[] = [
	...[401, 402, 407, 410, 451, 511].map((status) => fatal(status)),
	...[408, 420, 421, 425, 429, 503].map((status) => exhausted(status)),
];

export interface WireSuite {
	/** Short name, e.g. `myTrackerLogin`. */
	node: string;
	credential: ICredentialDataDecryptedObject;
	/** The vendor's own answer to a good request. */
	accepted: VendorAnswer;
	single: WireCase;
	/** At least two events; none where the vendor takes one a request. */
	batch?: WireCase;
	/** Beside those that mean the same for every vendor. */
	answers: readonly AnswerCase[];
	/** Parameters of the node beside the usual ones. */
	parameters?: INodeParameters;
	/** The events break a rule that is not documented, so that they have warnings. */
	warns?: true;
	/** `false`: some statuses speak of this one request where elsewhere they speak of all. */
	shared?: boolean;
}

/** What n8n's client adds to every request. */
const OF_THE_CLIENT: Record<string, string | RegExp> = {
	accept: 'application/json, text/plain, */*',
	'accept-encoding': 'gzip, compress, deflate, br',
	connection: 'close',
	'user-agent': 'n8n',
};

/** Answers every request to the host, in order, the last answer again and again. */
function answerAt(baseUrl: string, answers: readonly VendorAnswer[]): WireRequest[] {
	const { origin } = new URL(baseUrl);
	const requests: WireRequest[] = [];
	let body = '';
	const scope = nock(origin)
		.persist()
		// nock compares JSON by its value; the text itself is only to be had here.
		.filteringRequestBody((text: string) => {
			body = text;
			return '*';
		});
	for (const method of ['GET', 'POST', 'PUT']) {
		scope.intercept(/./, method, method === 'GET' ? undefined : '*').reply(function (uri) {
			const { host, 'content-length': length, ...headers } = this.req.headers as Record<string, string>;
			expect(host).toBe(new URL(origin).host);
			expect(length ?? '0').toBe(String(Buffer.byteLength(method === 'GET' ? '' : body)));
			expect(headers).toMatchObject(OF_THE_CLIENT);
			for (const name of Object.keys(OF_THE_CLIENT)) delete headers[name];
			requests.push({ method, url: `${origin}${uri}`, headers, body: method === 'GET' ? '' : body });
			const answer = answers[Math.min(requests.length, answers.length) - 1];
			return [answer.status, answer.body ?? '', answer.headers ?? {}];
		});
	}
	return requests;
}

/** The tests of one operation's wire, in both ways to send. */
export function describeWire({
	node,
	credential,
	accepted,
	single,
	batch,
	answers,
	parameters,
	warns,
	shared = true,
}: WireSuite): void {
	describe(node, () => {
		const binding = operations.find(({ name }) => name === node)?.credential;
		const credentialType = binding?.type ?? '';
		const baseUrl = String(credential[binding?.baseUrl?.field ?? 'baseUrl']);
		let engine: Engine;
		beforeAll(async () => {
			if (!nock.isActive()) nock.activate();
			nock.disableNetConnect();
			const extraNodes = await nodesWithClock(instantClock());
			engine = await createEngine({ packageDirectory: process.cwd(), extraNodes });
		});
		afterEach(() => nock.cleanAll());
		afterAll(async () => {
			nock.restore();
			nock.enableNetConnect();
			await engine?.close();
		});

		async function send(
			{ events, options }: WireCase,
			sendAs: 'single' | 'batch',
			given: readonly VendorAnswer[],
		): Promise<{ requests: WireRequest[]; result: RunResult }> {
			const requests = answerAt(baseUrl, given);
			const result = await engine.run(
				singleNodeWorkflow({
					type: `${PACKAGE}.${node}`,
					parameters: {
						mappingMode: 'autoMapInputData',
						sendAs,
						...parameters,
						options: { maxAttempts: 2, concurrency: 1, ...options },
					},
					credentialType,
					node: { onError: 'continueRegularOutput' },
				}),
				{ items: { Items: events }, credentials: { [credentialType]: credential } },
			);
			return { requests, result };
		}

		describe.each<['single' | 'batch', WireCase]>([
			['single', single],
			...(batch ? [['batch', batch] as ['batch', WireCase]] : []),
		])('%s', (sendAs, wire) => {
			test('the request', async () => {
				const { requests, result } = await send(wire, sendAs, [accepted]);
				const { method, url, headers, body } = wire;
				expect(requests).toEqual([
					{ method, url: typeof url === 'string' ? url : expect.stringMatching(url), headers, body },
				]);
				for (const { delivery } of reportsOf(result, wire.events.length))
					expect(delivery).toEqual({
						status: 'accepted',
						method: wire.as,
						request: 1,
						attempts: 1,
						httpStatus: accepted.status,
						...(warns && 'warnings' in delivery ? { warnings: delivery.warnings } : {}),
					});
			});

			test.each(
				[...answers, ...OF_EVERY_VENDOR.filter(({ status }) => shared || ![405, 410].includes(status))].map(
					(answer) => [`${answer.status} ${(answer.body ?? '').slice(0, 60)}`, answer] as const,
				),
			)('answer %s', async (_, answer) => {
				const { requests, result } = await send(wire, sendAs, [answer]);
				const reports = reportsOf(result, wire.events.length);
				expect(reports.map(({ delivery }) => delivery.status)).toEqual(wire.events.map(() => answer[sendAs]));
				for (const { delivery } of reports) {
					expect(delivery.httpStatus).toBe(answer.status);
					if (answer[sendAs] !== 'accepted') expect(delivery.message).toMatch(/\w/);
				}
				expect(requests).toHaveLength((sendAs === 'single' ? answer.singleRequests : answer.requests) ?? 1);
				for (const { url } of requests) expect(new URL(url).origin).toBe(new URL(baseUrl).origin);
			});
		});

		test('a redirect is not followed, so nothing leaves for another host', async () => {
			const requests = answerAt('https://elsewhere.example', [accepted]);
			const { result } = await send(single, 'single', [
				{ status: 302, headers: { location: 'https://elsewhere.example/' } },
			]);
			expect(reportsOf(result, single.events.length).map(({ delivery }) => delivery.status)).toEqual(
				single.events.map(() => (shared ? 'notAttempted' : 'rejected')),
			);
			expect(requests).toEqual([]);
		});
	});
}
