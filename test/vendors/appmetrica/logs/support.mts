/** The node AppMetrica Export Logs on n8n's engine, against the sandbox's Logs API on a real socket. */
import { afterAll, beforeAll, beforeEach } from '@jest/globals';
import type { IDataObject, IExecuteFunctions, INode, INodeType } from 'n8n-workflow';

import { runExportLogs } from '../../../../nodes/AppMetrica/logs/run.ts';
import {
	createEngine,
	loadPack,
	singleNodeWorkflow,
	type Engine,
	type RunOptions,
	type RunResult,
} from '../../../../tools/harness/engine.mts';
import { startSandbox, type Sandbox } from '../../../../tools/sandbox/server.mts';
import { instantClock, type TestClock } from '../../../support/clock.mts';

const NODE = 'n8n-nodes-server-events.appMetricaExportLogs';
const SEND = 'n8n-nodes-server-events.appMetricaImportEvents';
/** Unix seconds. */
export const NOW = Math.floor(Date.now() / 1_000);

const day = (offset: number) => new Date((NOW + offset * 86_400) * 1_000).toISOString().slice(0, 10);
export const RANGE = { application_id: '1111', date_since: day(-1), date_until: day(1) };

/** The moment as a table or a form holds it. */
export const iso = (seconds: number): string => new Date(seconds * 1_000).toISOString();

export const event = (n: number, more: IDataObject = {}): IDataObject => ({
	profile_id: `user-${n}`,
	event_name: 'order_paid',
	event_timestamp: String(NOW - 3_600 + (n % 1_000)),
	event_json: JSON.stringify({ order_id: `A-${n}` }),
	...more,
});

export const jsonOf = (result: RunResult) => result.nodeOutputs('Node')[0].map(({ json }) => json);

/** Time does not pass in it: every wait ends at once and is written down in `clock().waits`. */
export function exportHarness() {
	let clock: TestClock;
	let engine: Engine;
	let sandbox: Sandbox;

	beforeAll(async () => {
		const { nodes } = await loadPack(process.cwd());
		const node: INodeType = {
			...(nodes[NODE] as INodeType),
			description: (nodes[NODE] as INodeType).description,
			async execute(this: IExecuteFunctions) {
				return await runExportLogs(this, clock);
			},
		};
		engine = await createEngine({ packageDirectory: process.cwd(), extraNodes: { [NODE]: node } });
		sandbox = await startSandbox();
	});
	beforeEach(() => {
		sandbox.reset();
		clock = instantClock();
		Object.assign(sandbox.appMetrica, { mergeMs: 0, exportPolls: 1, exportMs: 0 });
	});
	afterAll(async () => {
		await engine?.close();
		await sandbox?.close();
	});

	return {
		clock: () => clock,
		sandbox: () => sandbox,
		run: async (
			parameters: IDataObject,
			{
				items = [{}],
				more,
				options,
				credential,
			}: {
				items?: IDataObject[];
				more?: Partial<INode>;
				options?: RunOptions;
				credential?: IDataObject;
			} = {},
		) =>
			await engine.run(
				singleNodeWorkflow({
					type: NODE,
					parameters: parameters as never,
					credentialType: 'appMetricaOAuthApi',
					node: { onError: 'continueRegularOutput', ...more },
				}),
				{
					items: { Items: items },
					credentials: {
						appMetricaOAuthApi: { ...sandbox.credentials.appMetricaOAuthApi, ...credential } as never,
					},
					...options,
				},
			),
		/** Sends events by the pack's own node, and gives what it returned. */
		send: async (events: IDataObject[]): Promise<IDataObject[]> => {
			const result = await engine.run(
				singleNodeWorkflow({
					type: SEND,
					parameters: { mappingMode: 'autoMapInputData' },
					credentialType: 'appMetricaApi',
					node: { onError: 'continueRegularOutput' },
				}),
				{
					items: { Items: events },
					credentials: { appMetricaApi: sandbox.credentials.appMetricaApi as never },
				},
			);
			return jsonOf(result);
		},
		exportRequests: () => sandbox.requests.filter(({ url }) => url.includes('/logs/v1/export/')),
	};
}
