/** Whether an example, run by whatever engine, gives what it announces. The sandbox's store is the judge. */
import assert from 'node:assert/strict';

import { announcements } from '../../tools/demo/expectations.mts';
import type { RecordedRequest, StoredEvent, Vendor } from '../../tools/sandbox/server.mts';
import { packageJson, type Workflow } from '../../tools/scripts/real-n8n.mts';
import { outputsOf } from './stage.mts';
import type { Item, RunData, Stage } from './stage.mts';

const { name: PACKAGE } = packageJson();

/** What reached the sandbox while `body` ran. */
export async function during<T>(
	{ sandbox }: Stage,
	body: () => Promise<T>,
): Promise<{ result: T; requests: RecordedRequest[]; stored: StoredEvent[] }> {
	const before = sandbox.requests.length;
	const result = await body();
	const requests = sandbox.requests.slice(before);
	const first = requests[0]?.number ?? Infinity;
	const vendors = [...new Set(requests.map(({ vendor }) => vendor))].filter(
		(vendor): vendor is Vendor => vendor !== 'other',
	);
	return {
		result,
		requests,
		stored: vendors.flatMap((vendor) => sandbox.stored(vendor).filter(({ request }) => request >= first)),
	};
}

/** A node's report of an item: on the first output, or beside the item's own fields on the error output. */
type Delivery = { status: string };
/** Of an event that was looked for, what became of it counts, and not what its sending node said. */
const statusOf = ({ json }: Item): string => {
	const arrival = json.arrival as { status?: string } | undefined;
	const delivery = json.delivery ?? (json.details as { delivery?: Delivery } | undefined)?.delivery;
	return arrival?.status ?? (delivery as Delivery | undefined)?.status ?? 'none';
};

function counted(items: Item[]): Record<string, number> {
	const counts: Record<string, number> = {};
	for (const item of items) counts[statusOf(item)] = (counts[statusOf(item)] ?? 0) + 1;
	return counts;
}

export interface StartedByHand {
	file: string;
	workflow: Workflow;
	/** The node at which it begins. */
	trigger: string;
}

/** The examples that begin with the editor's button. Those that start otherwise are announced elsewhere. */
export const startedByHand = ({ examples }: Pick<Stage, 'examples'>): StartedByHand[] =>
	examples.flatMap(({ file, workflow }) => {
		const trigger = workflow.nodes.find(({ type }) => type === 'n8n-nodes-base.manualTrigger');
		return trigger ? [{ file, workflow, trigger: trigger.name }] : [];
	});

export async function givesWhatItAnnounces(
	stage: Stage,
	{ file, workflow }: StartedByHand,
	run: () => Promise<{ status: string; run: RunData }>,
): Promise<void> {
	const announced = announcements[file];
	assert.ok(announced, 'it has no announcement in tools/demo/expectations.mts');
	const { result, requests, stored } = await during(stage, run);
	assert.equal(result.status, 'success', `${result.run.error?.message}: ${result.run.error?.description}`);
	for (const { name, type } of workflow.nodes) {
		if (type.startsWith(`${PACKAGE}.`))
			assert.deepEqual(counted(outputsOf(result.run, name).flat()), { ...announced.statuses[name] }, name);
	}
	assert.equal(requests.length, announced.requests, 'requests');
	const accepted = Object.values(announced.statuses).reduce((sum, counts) => sum + (counts.accepted ?? 0), 0);
	assert.equal(stored.length, announced.events ?? accepted, 'stored events');
}
