import type { Execution } from './execution';
import type { RunStats } from './finish';
import { DeliveryRun } from './delivery/delivery';
import { Ledger } from './delivery/ledger';
import type { Batch, Prepared } from './delivery/pack';
import { createMask } from './delivery/mask';
import { createSender } from './delivery/transport';
import type { WireForm } from './operation/operation';
import type { Settings } from './operation/settings';
import { resendRule, type Outcome } from './report/outcome';
import type { ItemReport } from './report/report';

/** The ledger of this run of the node; a try that n8n repeats finds the same one. */
export function openLedger({ host, items }: Execution): Ledger {
	const runIndex = Number(host.getWorkflowDataProxy(0).$runIndex ?? 0);
	return new Ledger(host.getContext('node'), runIndex, items.length);
}

/** Sends the batches and tells what became of each of their items. */
export async function send(
	{ host, operation, clock, signal, continues, pause }: Execution,
	settings: Settings,
	form: WireForm,
	batches: readonly Batch[],
	ledger: Ledger,
): Promise<{ stats: RunStats; ended?: string; outcomes: ReadonlyMap<number, Outcome> }> {
	const accounts = new Set(batches.flatMap(({ items }) => items.map(({ target }) => target.credential)));
	const { type } = operation.credential;
	const result = await new DeliveryRun({
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
	}).deliver(batches);
	const stats = { requests: result.requests, waitedSeconds: Math.round(result.waited / 100) / 10 };
	return { stats, ended: result.ended?.reason, outcomes: result.outcomes };
}

/** The outcomes of sent items with their events, in the order of the batches. */
export function reportsOf(batches: readonly Batch[], outcomes: ReadonlyMap<number, Outcome>): ItemReport[] {
	return batches.flatMap(({ items }) =>
		items.flatMap(({ index, event }) => {
			const outcome = outcomes.get(index);
			return outcome ? [{ index, event, ...outcome }] : [];
		}),
	);
}

/** Splits what an earlier try of this run has settled, reported as it was, from what is left to send. */
export function settledBefore(
	{ operation }: Execution,
	prepared: readonly Prepared[],
	oversize: ReadonlySet<number>,
	ledger: Ledger,
	settings: Settings,
): { left: Prepared[]; reports: ItemReport[] } {
	const left: Prepared[] = [];
	const reports: ItemReport[] = [];
	for (const item of prepared) {
		if (oversize.has(item.index)) continue;
		const earlier = ledger.earlier(item);
		const status = earlier?.state === 'sent' ? 'unknown' : earlier?.state;
		const rule = status ? resendRule(status) : 'always';
		const isSafe = settings.retryUnknown || operation.repeatIsSafe?.(item.event) === true;
		if (!earlier || !status || rule === 'always' || (rule === 'ifSafe' && isSafe)) {
			left.push(item);
			continue;
		}
		const { response, ...report } = earlier.report ?? {};
		const message = `${operation.vendor} may have stored it: an earlier try of this run ended while it was being sent`;
		const delivery = {
			status,
			...report,
			request: earlier.request,
			...(earlier.state === 'sent' ? { message } : {}),
		};
		reports.push({ index: item.index, event: item.event, delivery, response });
	}
	return { left, reports };
}
