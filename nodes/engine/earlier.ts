import omit from 'lodash/omit';

import type { Earlier, Ledger } from './delivery/ledger';
import type { Prepared } from './delivery/pack';
import type { Operation } from './operation/operation';
import { isPlainObject } from './check/objects';
import { dataOf } from './delivery/outcomes';
import type { Settings } from './operation/settings';
import { isFailed, inWords, resendRule, type Status } from './report/outcome';
import type { ItemReport } from './report/output';

/** What is known of a request that was cut off is that it may have arrived. */
export const statusOf = ({ state }: Earlier): Status => (state === 'sent' ? 'unknown' : state);

/** Whether the earlier try decides, whatever the item's event has become. */
export function isFinal(earlier: Earlier, ledger: Ledger, settings: Settings, operation: Operation): boolean {
	switch (resendRule(statusOf(earlier))) {
		case 'never':
			return !isReadAgain(earlier, operation);
		case 'ifSafe':
			return !settings.retryUnknown && !operation.repeatIsSafe;
		case 'ifChanged':
			// A mapping may give another event at each try. Nobody has mended it in between.
			return ledger.isAutomatic;
		case 'always':
			return false;
	}
}

/** An answer that was too long to keep is asked for again, where that changes nothing at the vendor. */
const isReadAgain = (earlier: Earlier, { reads, repeatIsSafe }: Operation): boolean =>
	reads !== undefined && repeatIsSafe !== undefined && earlier.state === 'accepted' && isAnswerLost(earlier);

/** Whether there was an answer of which only the beginning was kept, or nothing. */
function isAnswerLost({ report }: Earlier): boolean {
	if (report === undefined || report.isCut) return true;
	const { response } = report;
	return isPlainObject(response) && typeof response.text === 'string' && response.text.endsWith('…');
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
		case 'never':
			return prepared && operation.repeatIsSafe?.(prepared.event) === true ? 'send' : 'keep';
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

const ANSWER_NOT_KEPT =
	'An earlier try of this run ended with: accepted; its answer was too long to keep, so its data is not here';

/** The report of an item as an earlier try left it. */
export function earlierReport(
	index: number,
	event: unknown,
	earlier: Earlier,
	operation: Operation,
): ItemReport {
	const { vendor, reads } = operation;
	const status = statusOf(earlier);
	const { response, ...found } = omit(earlier.report ?? {}, 'isCut');
	const message =
		earlier.state === 'sent'
			? `${vendor} may have stored it: an earlier try of this run ended while it was being sent`
			: `An earlier try of this run ended with: ${inWords(status)}`;
	const isRead = reads !== undefined && status === 'accepted' && isPlainObject(event);
	const isLost = isRead && isAnswerLost(earlier);
	const read =
		isRead && !isLost && isPlainObject(response)
			? dataOf(operation, response, event)
			: { delivery: {}, more: {} };
	return {
		index,
		event,
		delivery: {
			status,
			...(isFailed(status) ? { message } : {}),
			...(isLost ? { message: ANSWER_NOT_KEPT } : {}),
			...found,
			...(earlier.request === undefined ? {} : { request: earlier.request }),
			...read.delivery,
		},
		...read.more,
		...(response === undefined ? {} : { response }),
	};
}
