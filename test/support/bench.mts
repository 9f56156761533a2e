/** A sandbox and n8n's engine side by side, and what every test of a run wants to know of it. */
import { getCACertificates, setDefaultCACertificates } from 'node:tls';

import { expect } from '@jest/globals';
import type {
	ICredentialDataDecryptedObject,
	IDataObject,
	IExecuteFunctions,
	INode,
	INodeExecutionData,
	INodeParameters,
	INodeType,
	IWorkflowSettings,
} from 'n8n-workflow';

import { operations } from '../../index.ts';
import type { Operation } from '../../nodes/engine/operation/operation.ts';
import type { Delivery, Status } from '../../nodes/engine/report/outcome.ts';
import type { Clock } from '../../nodes/engine/clock.ts';
import { run as runOperation } from '../../nodes/engine/run.ts';
import { selfSignedCertificate } from '../../tools/sandbox/certificate.mts';
import { startSandbox, type Sandbox } from '../../tools/sandbox/server.mts';
import {
	createEngine,
	loadPack,
	singleNodeWorkflow,
	type Engine,
	type RunOptions,
	type RunResult,
} from '../../tools/harness/engine.mts';

export const PACKAGE = 'n8n-nodes-server-events';

export type OnError = NonNullable<INode['onError']>;
export const ON_ERROR: readonly OnError[] = ['stopWorkflow', 'continueRegularOutput', 'continueErrorOutput'];

export interface Order {
	/** Short name, e.g. `myTrackerLogin`. */
	node: string;
	items: IDataObject[];
	parameters?: INodeParameters;
	/** The node's `options`. */
	options?: INodeParameters;
	onError?: OnError;
	/** Anything else of the node, e.g. Retry On Fail. */
	more?: Partial<INode>;
	/** The workflow's settings, e.g. its time zone. */
	settings?: IWorkflowSettings;
	/** Members of the credential that differ from the sandbox's good ones; `null`: none is chosen. */
	credential?: ICredentialDataDecryptedObject | null;
	run?: RunOptions;
}

export interface Bench {
	sandbox: Sandbox;
	engine: Engine;
	/** Runs one node over the items on n8n's engine. Items are events as they are, unless `mappingMode` is given. */
	run(order: Order): Promise<RunResult>;
	close(): Promise<void>;
	/** Every result so far. */
	results: RunResult[];
}

export type Scheme = 'http' | 'https';
export const SCHEMES: readonly Scheme[] = ['http', 'https'];

/** A certificate that this process trusts from now on, as with NODE_EXTRA_CA_CERTS at its start. */
function trustedCertificate() {
	const certificate = selfSignedCertificate();
	setDefaultCACertificates([...getCACertificates('default'), certificate.cert]);
	return certificate;
}

/**
 * With a clock the nodes run from the sources, with that clock, and with operations as `change` makes them; else as built,
 * from `dist/`.
 */
export async function openBench(
	clock?: Clock,
	{ scheme = 'http', change }: { scheme?: Scheme; change?: (operation: Operation) => Operation } = {},
): Promise<Bench> {
	const extraNodes = clock ? await nodesWithClock(clock, change) : undefined;
	const engine = await createEngine({ packageDirectory: process.cwd(), extraNodes });
	// Last, so that no server is left open when the pack cannot be loaded.
	const sandbox = await startSandbox(scheme === 'https' ? { tls: trustedCertificate() } : {});
	const results: RunResult[] = [];
	return {
		sandbox,
		engine,
		results,
		run: async (order) => {
			const type = `${PACKAGE}.${order.node}`;
			const credentialType = engine.nodeTypes[type].description.credentials?.[0].name ?? '';
			const good = sandbox.credentials[credentialType as keyof typeof sandbox.credentials];
			// The base URL of the node, whatever the credential calls it.
			const field =
				operations.find(({ name }) => name === order.node)?.credential.baseUrl?.field ?? 'baseUrl';
			const { baseUrl, ...others } = order.credential ?? {};
			const credential = baseUrl === undefined ? others : { ...others, [field]: baseUrl };
			const result = await engine.run(
				singleNodeWorkflow({
					type,
					parameters: { mappingMode: 'autoMapInputData', ...order.parameters, options: { ...order.options } },
					...(order.credential === null ? {} : { credentialType }),
					node: { onError: order.onError ?? 'continueRegularOutput', ...order.more },
					...(order.settings ? { settings: order.settings } : {}),
				}),
				{
					items: { Items: order.items },
					credentials: { [credentialType]: { ...good, ...credential } },
					...order.run,
				},
			);
			results.push(result);
			return result;
		},
		close: async () => {
			await engine.close();
			await sandbox.close();
		},
	};
}

export async function nodesWithClock(
	clock: Clock,
	change: (operation: Operation) => Operation = (operation) => operation,
): Promise<Record<string, INodeType>> {
	const { nodes } = await loadPack(process.cwd());
	const entries = Object.entries(nodes).flatMap(([type, { description }]) => {
		const operation = operations.find(({ name }) => `${PACKAGE}.${name}` === type);
		if (!operation) return [];
		const node: INodeType = {
			description,
			async execute(this: IExecuteFunctions) {
				return await runOperation(this, change(operation), { clock });
			},
		};
		return [[type, node] as const];
	});
	return Object.fromEntries(entries);
}

/** What became of one input item. */
export interface Report {
	/** 0: the good output. 1: the error output. */
	output: number;
	/** The whole JSON of the output item. */
	json: IDataObject;
	event: IDataObject;
	delivery: Delivery;
	response?: unknown;
}

/** One report per input item; fails unless every item has exactly one, paired, and each output keeps the input's order. */
export function reportsOf(result: RunResult, items: number): Report[] {
	const reports: Report[] = [];
	const taken: number[] = [];
	for (const [output, list] of result.nodeOutputs('Node').entries()) {
		const places = list.map(pairedTo);
		expect(places).toEqual([...places].sort((one, other) => one - other));
		for (const [at, { json }] of list.entries()) {
			taken.push(places[at]);
			const details = (output === 1 ? json.details : json) as IDataObject;
			reports[places[at]] = {
				output,
				json,
				event: details.event as IDataObject,
				delivery: details.delivery as unknown as Delivery,
				response: details.response,
			};
		}
	}
	expect(taken.sort((one, other) => one - other)).toEqual(Array.from({ length: items }, (_, index) => index));
	return reports;
}

function pairedTo({ pairedItem }: INodeExecutionData): number {
	expect(pairedItem).toEqual({ item: expect.any(Number) });
	return (pairedItem as { item: number }).item;
}

export const statusesOf = (result: RunResult, items: number): Status[] =>
	reportsOf(result, items).map(({ delivery }) => delivery.status);

export const hintsOf = (result: RunResult): string[] => result.hints('Node').map(({ message }) => message);

/** Lines that the node itself wrote. */
export const logOf = (result: RunResult) =>
	result.log.filter(
		({ via, message }) => via === 'node' && operations.some(({ name }) => message.startsWith(name)),
	);
