/** A node as a tool of an AI agent: one answer tells a model what to correct, and the corrected call is taken. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { IDataObject, INodeParameters } from 'n8n-workflow';

import type { Delivery } from '../../nodes/engine/report/outcome.ts';
import { openBench, PACKAGE, type Bench } from '../support/bench.mts';
import { instantClock } from '../support/clock.mts';
import { TOOL_CALLS, type ToolCalls } from '../support/tool-calls.mts';

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

describe.each(TOOL_CALLS.map((calls) => [calls.node, calls] as const))('%s', (_, calls) => {
	test.each(calls.wrong.map((one) => [one.what, one] as const))('%s', async (_what, { args, told }) => {
		const { delivery } = await call(calls, calls.parameters, args);
		expect(delivery.message).toBe(told);
		expect(bench.sandbox.stored(calls.vendor)).toEqual([]);
		const corrected = await call(calls, calls.parameters, calls.right);
		expect(corrected.delivery).toMatchObject({ status: 'accepted' });
		expect(bench.sandbox.stored(calls.vendor)).toHaveLength(1);
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
