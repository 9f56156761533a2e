import type { Earlier, Ledger } from './delivery/ledger';
import type { Prepared } from './delivery/pack';
import type { Operation } from './operation/operation';
import type { Settings } from './operation/settings';
import { isFailed, inWords, resendRule, type Status } from './report/outcome';
import type { ItemReport } from './report/output';

/** What is known of a request that was cut off is that it may have arrived. */
export const statusOf = ({ state }: Earlier): Status => (state === 'sent' ? 'unknown' : state);

/** Whether the earlier try decides, whatever the item's event has become. */
export function isFinal(earlier: Earlier, ledger: Ledger, settings: Settings, operation: Operation): boolean {
	switch (resendRule(statusOf(earlier))) {
		case 'never':
			return true;
		case 'ifSafe':
			return !settings.retryUnknown && !operation.repeatIsSafe;
		case 'ifChanged':
			// A mapping may give another event at each try. Nobody has mended it in between.
			return ledger.isAutomatic;
		case 'always':
			return false;
	}
}

/**
 * What a later try does with an event that an earlier one has noted: send it, keep what was, or send it if another event of
 * its refused batch has changed. `undefined` stands for an event that cannot be sent any more.
 */
export function decide(
	earlier: Earlier,
	prepared: Prepared | undefined,
	ledger: Ledger,
	settings: Settings,
	operation: Operation,
): 'send' | 'keep' | 'sendWithBatch' {
	const status = statusOf(earlier);
	if (isFinal(earlier, ledger, settings, operation)) return 'keep';
	switch (resendRule(status)) {
		case 'ifSafe': {
			const isSafe = settings.retryUnknown || (prepared && operation.repeatIsSafe?.(prepared.event) === true);
			return prepared && isSafe ? 'send' : 'keep';
		}
		case 'ifChanged':
			if (!prepared || !ledger.isUnchanged(prepared)) return 'send';
			return status === 'batchRejected' ? 'sendWithBatch' : 'keep';
		default:
			return 'send';
	}
}

/** The report of an item as an earlier try left it. */
export function earlierReport(
	index: number,
	event: unknown,
	earlier: Earlier,
	{ vendor }: Operation,
): ItemReport {
	const status = statusOf(earlier);
	const { response, ...found } = earlier.report ?? {};
	const message =
		earlier.state === 'sent'
			? `${vendor} may have stored it: an earlier try of this run ended while it was being sent`
			: `An earlier try of this run ended with: ${inWords(status)}`;
	return {
		index,
		event,
		delivery: {
			status,
			...(isFailed(status) ? { message } : {}),
			...found,
			...(earlier.request === undefined ? {} : { request: earlier.request }),
		},
		...(response === undefined ? {} : { response }),
	};
}
