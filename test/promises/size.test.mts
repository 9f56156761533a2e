/** Promise 8: 100,000 items are normal. The vendor is a function here, so that only the node is measured. */
import { performance } from 'node:perf_hooks';
import { setImmediate as nextTurn } from 'node:timers/promises';

import { beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { IDataObject, IExecuteFunctions, IHttpRequestOptions, INodeType } from 'n8n-workflow';

import { operations } from '../../index.ts';
import { run } from '../../nodes/engine/run.ts';
import { createEngine, loadPack, singleNodeWorkflow, type Engine } from '../../tools/harness/engine.mts';
import { goodCredentials } from '../../tools/sandbox/credentials.mts';
import { PREFIXES } from '../../tools/sandbox/server.mts';
import { PACKAGE } from '../support/bench.mts';
import { instantClock } from '../support/clock.mts';
import { vendorCases, type NamedCase } from '../support/cases.mts';

jest.setTimeout(120_000);

const COUNT = 100_000;

interface Measured {
	requests: number;
	/** Longest time in which nothing else of the process could run, in milliseconds. */
	longestBlock: number;
}

let engine: Engine;
let measured: Measured;
let answer: { statusCode: number; headers: IDataObject; body: string };

/** The pack's nodes, whose requests a function answers, and which are watched while they run. */
beforeAll(async () => {
	const { nodes } = await loadPack(process.cwd());
	const watched = operations.map((operation): [string, INodeType] => {
		const type = `${PACKAGE}.${operation.name}`;
		return [
			type,
			{
				description: nodes[type].description,
				async execute(this: IExecuteFunctions) {
					const httpRequestWithAuthentication = async (_type: string, _options: IHttpRequestOptions) => {
						measured.requests++;
						// No vendor answers in the same turn of the event loop.
						await nextTurn();
						return answer;
					};
					const host = Object.create(this, {
						helpers: { value: { ...this.helpers, httpRequestWithAuthentication } },
					}) as IExecuteFunctions;
					// Whichever is less, time or time of the processor: a busy machine makes no block, nor do the threads that collect garbage.
					let [time, cpu] = [performance.now(), process.cpuUsage()];
					const look = () => {
						const { user, system } = process.cpuUsage(cpu);
						const block = Math.min(performance.now() - time, (user + system) / 1_000);
						measured.longestBlock = Math.max(measured.longestBlock, block);
						[time, cpu] = [performance.now(), process.cpuUsage()];
					};
					const timer = setInterval(look, 5);
					const output = await run(host, operation, { clock: instantClock() });
					look();
					clearInterval(timer);
					return output;
				},
			},
		];
	});
	engine = await createEngine({ packageDirectory: process.cwd(), extraNodes: Object.fromEntries(watched) });
});

/** Nothing is sent there: a function answers. */
const CREDENTIALS = Object.fromEntries(
	Object.entries(goodCredentials(PREFIXES)).map(([type, values]) => [
		type,
		{ ...values, baseUrl: 'http://127.0.0.1:9', apiBaseUrl: 'http://127.0.0.1:9' },
	]),
);

async function send(vendor: NamedCase, items: IDataObject[], parameters: IDataObject = {}) {
	measured = { requests: 0, longestBlock: 0 };
	const type = `${PACKAGE}.${vendor.node}`;
	const credentialType = engine.nodeTypes[type].description.credentials?.[0].name ?? '';
	const from = performance.now();
	const result = await engine.run(
		singleNodeWorkflow({
			type,
			credentialType,
			parameters: { mappingMode: 'autoMapInputData', sendAs: 'batch', ...(parameters as object) },
			node: { onError: 'continueRegularOutput' },
		}),
		{ items: { Items: items }, credentials: CREDENTIALS },
	);
	return { result, took: performance.now() - from };
}

describe.each(vendorCases.map((vendor) => [vendor.node, vendor] as const))('%s', (_, vendor) => {
	const items = (count: number) => Array.from({ length: count }, (_, index) => vendor.good(`ev-${index}`));

	test('100,000 events: all accounted for, no block over a second', async () => {
		answer = { headers: {}, ...vendor.accepted };
		const { result } = await send(vendor, items(COUNT), { options: { output: 'summary' } });
		expect(result.nodeOutputs('Node')[0][0].json).toMatchObject({
			items: COUNT,
			accepted: COUNT,
			requests: measured.requests,
		});
		expect(measured.longestBlock).toBeLessThan(1_000);
		expect(measured.requests).toBeLessThanOrEqual(vendor.mostRequests);
	});
});

test('100,000 events that are all refused before sending, or by a refused key', async () => {
	const [vendor] = vendorCases;
	const options = { output: 'summary', concurrency: 1 };
	const invalid = await send(
		vendor,
		Array.from({ length: COUNT }, (_, index) => vendor.invalid(`ev-${index}`)),
		{ options },
	);
	expect(invalid.result.nodeOutputs('Node')[0][0].json).toMatchObject({ invalid: COUNT, requests: 0 });
	expect(measured.longestBlock).toBeLessThan(1_000);
	answer = { statusCode: 403, headers: {}, body: '' };
	const shut = await send(
		vendor,
		Array.from({ length: COUNT }, (_, index) => vendor.good(`ev-${index}`)),
		{ options },
	);
	expect(shut.result.nodeOutputs('Node')[0][0].json).toMatchObject({ notAttempted: COUNT, requests: 1 });
	expect(measured.longestBlock).toBeLessThan(1_000);
});
