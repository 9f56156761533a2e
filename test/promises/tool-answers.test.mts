/** A node as a tool of an AI agent: one answer tells a model what to correct, and the corrected call is taken. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { IDataObject, INodeParameters } from 'n8n-workflow';

import type { Delivery } from '../../nodes/engine/report/outcome.ts';
import { startSandbox, type Sandbox } from '../../tools/sandbox/server.mts';
import { openBench, PACKAGE, type Bench } from '../support/bench.mts';
import { instantClock } from '../support/clock.mts';
import { fromAI } from '../support/tool-calls/calls.mts';
import { TOOL_CALLS, type ToolCalls } from '../support/tool-calls/index.mts';

let bench: Bench;
beforeAll(async () => {
	bench = await openBench(instantClock());
});
beforeEach(() => bench.sandbox.reset());
afterAll(async () => await bench?.close());

async function call(
	{ node, credential }: Pick<ToolCalls, 'node' | 'credential'>,
	parameters: INodeParameters,
	args: IDataObject,
): Promise<{ delivery: Delivery; error?: string }> {
	const { response, error } = await bench.engine.runAsTool(
		{ type: `${PACKAGE}.${node}`, parameters, credentials: { [credential]: { id: '1', name: 'Sandbox' } } },
		args,
		{ credentials: { ...bench.sandbox.credentials } },
	);
	if (error) return { delivery: { status: 'notAttempted' }, error: error.message };
	const [item] = JSON.parse(response ?? '[]') as Array<{ delivery: Delivery }>;
	return item;
}

describe.each(TOOL_CALLS.map((calls) => [calls.tool, calls] as const))('%s', (_, calls) => {
	test.each(calls.wrong.map((one) => [one.what, one] as const))('%s', async (_what, { args, told }) => {
		const { delivery } = await call(calls, calls.parameters, args);
		expect(delivery.message).toBe(told);
		expect(bench.sandbox.stored(calls.vendor)).toEqual([]);
		const corrected = await call(calls, calls.parameters, calls.right);
		expect(corrected.delivery).toMatchObject({ status: 'accepted' });
		expect(bench.sandbox.stored(calls.vendor)).toHaveLength(calls.stores ?? 1);
	});

	test('n8n itself refuses another name of an argument and tells which is missing', async () => {
		const { error } = await call(calls, calls.parameters, calls.wrongName.args);
		expect(error).toContain(calls.wrongName.missing);
		expect(bench.sandbox.requests).toEqual([]);
	});
});

const [mine] = TOOL_CALLS;

test('what the workflow sets is not blamed on the call', async () => {
	const parameters = { ...mine.parameters, common: { eventTimestamp: 'tomorrow' } };
	const { delivery } = await call(mine, parameters, { event_name: 'levelUp', user_id: 'agent-1' });
	expect(delivery.message).toMatch(/the workflow sets this, not the call, so it must be corrected there$/);
});

test('all faults of a call are told at once', async () => {
	const { delivery } = await call(mine, mine.parameters, { event_name: '', user_id: '', event_time: 'soon' });
	expect(delivery.message).toMatch(
		/^Not sent: 'Event Name' .* is required; .*; correct 'event_name' and 'event_time' and 'user_id' and call the tool again$/,
	);
});

test('a node that maps automatically is told to its builder', async () => {
	const { delivery } = await call(mine, { mappingMode: 'autoMapInputData' }, {});
	expect(delivery.message).toBe(
		"Not sent: 'Map Automatically' finds nothing in a tool call; set 'Mapping Mode' to 'Map Each Field Below' and let the model define the fields",
	);
});

describe('AppMetrica Export Logs', () => {
	let sandbox: Sandbox;
	beforeAll(async () => {
		sandbox = await startSandbox({ appMetrica: { exportPolls: 0 } });
	});
	afterAll(async () => await sandbox?.close());

	const right = { resource: 'events', since: '2026-11-24', until: '2026-11-25' };
	const resources =
		'events, revenue_events, ad_revenue_events, ecommerce_events, profiles_v2, installations, postbacks, sessions_starts, crashes, errors, clicks, deeplinks, push_tokens';
	const exported = async (
		args: IDataObject,
		application = '1111',
	): Promise<Array<{ export?: { status: string; message?: string } }>> => {
		const { response } = await bench.engine.runAsTool(
			{
				type: `${PACKAGE}.appMetricaExportLogs`,
				parameters: {
					operation: 'export',
					application_id: application,
					resource: fromAI('resource', 'What to read'),
					date_since: fromAI('since', 'First day'),
					date_until: fromAI('until', 'Last day'),
				},
				credentials: { appMetricaOAuthApi: { id: '1', name: 'Sandbox' } },
			},
			args,
			{ credentials: { ...sandbox.credentials } },
		);
		return JSON.parse(response ?? '[]') as Array<{ export?: { status: string; message?: string } }>;
	};

	test.each([
		[
			'another word for the resource',
			{ resource: 'purchases' },
			`'Resource' (resource) must be one of ${resources}; correct 'resource' and call the tool again`,
		],
		[
			'a word for the day',
			{ since: 'yesterday' },
			"'From' (date_since) must be a date such as 2026-11-25, or a time such as 2026-11-25 09:30:00; correct 'since' and call the tool again",
		],
		['no day', { since: '' }, "'From' (date_since) is required; correct 'since' and call the tool again"],
		[
			'days in the wrong order',
			{ until: '2026-11-01' },
			"'Until' (date_until) is before 'From' (date_since); correct 'until' and call the tool again",
		],
	])('%s', async (_what, wrong, message) => {
		expect(await exported({ ...right, ...wrong })).toEqual([{ export: { status: 'failed', message } }]);
		const before = sandbox.requests.length;
		await exported(right);
		expect(sandbox.requests.slice(before).map(({ status }) => status)).toEqual([200]);
	});

	test('what the workflow sets is not blamed on the call', async () => {
		const [{ export: report } = {}] = await exported(right, 'my app');
		expect(report?.message).toBe(
			"'Application' (application_id) must be the number of the app in AppMetrica; the workflow sets this, not the call, so it must be corrected there",
		);
	});
});
