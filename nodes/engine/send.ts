import type { Execution } from './execution';
import type { RunStats } from './finish';
import type { Pause } from './pause';
import { deliver } from './delivery/delivery';
import { Ledger } from './delivery/ledger';
import type { Batch } from './delivery/pack';
import { createMask } from './delivery/mask';
import { createSender } from './delivery/transport';
import type { WireForm } from './operation/operation';
import type { Settings } from './operation/settings';
import type { Outcome } from './report/outcome';
import type { ItemReport } from './report/output';

/**
 * The ledger of this run of the node; a try that n8n repeats finds the same one. `batching` names the settings by which
 * events share a request.
 */
export function openLedger({ host, items }: Execution, batching = ''): Ledger {
	const runIndex = Number(host.getWorkflowDataProxy(0).$runIndex ?? 0);
	return new Ledger(host.getContext('node'), runIndex, items.length, batching);
}

/** Sends the batches and tells what became of each of their items. */
export async function send(
	{ host, operation, clock, signal, continues, pause }: Execution,
	settings: Settings,
	form: WireForm,
	batches: readonly Batch[],
	ledger: Ledger,
): Promise<{ stats: RunStats; ended?: string; outcomes: ReadonlyMap<number, Outcome> }> {
	const accounts = new Set(batches.map(({ target }) => target.credential));
	const { type } = operation.credential;
	const plan = {
		operation,
		settings,
		form,
		send: createSender(host, type, settings.timeout, operation.responses),
		clock,
		pause,
		signal,
		mask: createMask([...accounts].flatMap(({ secrets }) => secrets)),
		ledger,
		requestsBefore: ledger.run.requests,
		stopAtFailure: !continues,
	};
	const result = await deliver(plan, batches);
	const stats = { requests: result.requests, waitedSeconds: Math.round(result.waited / 100) / 10 };
	return { stats, ended: result.ended?.reason, outcomes: result.outcomes };
}

/** The outcomes of sent items with their events, in the order of the batches. */
export async function reportsOf(
	batches: readonly Batch[],
	outcomes: ReadonlyMap<number, Outcome>,
	pause: Pause,
): Promise<ItemReport[]> {
	const reports: ItemReport[] = [];
	for (const { items } of batches) {
		for (const { index, event } of items) {
			if (pause.isDue()) await pause.now();
			const outcome = outcomes.get(index);
			if (!outcome) continue;
			const { delivery, response, data, remark } = outcome;
			reports.push({ index, event, delivery, response, data, remark });
		}
	}
	return reports;
}
