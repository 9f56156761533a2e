import { keptUnknownMessage } from '../delivery/messages';
import type { Prepared } from '../delivery/pack';
import type { Operation } from '../operation/operation';
import { RETRY_UNKNOWN } from '../operation/settings';
import { itemsInWords } from '../report/items';
import { isFailed, type Status } from '../report/outcome';
import type { ItemReport } from '../report/output';
import type { Remembered } from './keyStore';

const NONE: ReadonlySet<number> = new Set();

/** An event that has the same key as an earlier event of the run. */
export interface Repeat {
	item: Prepared;
	first: Prepared;
}

/**
 * The first event of each key, with those that have none; and the others. `unsendable`: the item
 * indexes of events that cannot be sent, which count as events without a key.
 */
export function splitRepeats(
	prepared: Prepared[],
	unsendable: ReadonlySet<number> = NONE,
): { firsts: Prepared[]; repeats: Repeat[] } {
	const byKey = new Map<string, Prepared>();
	const firsts: Prepared[] = [];
	const repeats: Repeat[] = [];
	for (const item of prepared) {
		const key = unsendable.has(item.index) ? undefined : item.key;
		const first = key === undefined ? undefined : byKey.get(key);
		if (first) {
			repeats.push({ item, first });
			continue;
		}
		if (key !== undefined) byKey.set(key, item);
		firsts.push(item);
	}
	return { firsts, repeats };
}

const reportOf = ({ index, event }: Prepared, status: Status, message: string): ItemReport => ({
	index,
	event,
	delivery: { status, duplicate: true, message },
});

/** An event whose key an earlier execution, or an earlier try of this one, has sent. */
function rememberedReport(item: Prepared, remembered: Remembered, vendor: string): ItemReport {
	const messages: Record<Remembered, string> = {
		accepted: 'Not sent again: an event with this key was accepted before',
		unconfirmed: `Not sent again: an event with this key was sent before, and ${vendor} answered in a form it does not document`,
		unknown: `Not sent again: an event with this key was sent before, or is being sent now, and ${vendor} may have stored it; check in ${vendor}, and switch on '${RETRY_UNKNOWN}' to send it again`,
	};
	return reportOf(item, remembered, messages[remembered]);
}

/** An event that has the same key as an earlier item; `status`: what became of that one. */
function repeatReport({ item, first }: Repeat, status: Status, vendor: string): ItemReport {
	const which = itemsInWords([first.index]);
	const same = `${which} has the same key`;
	if (!isFailed(status)) return reportOf(item, status, `Not sent again: ${same}`);
	if (status === 'unknown')
		return reportOf(item, status, `Not sent again: ${same}, and ${vendor} may have stored it`);
	if (item.doubt !== undefined) {
		const why = `The event of ${which} has the same key and was not accepted`;
		return reportOf(item, 'unknown', keptUnknownMessage(vendor, item.doubt, why));
	}
	return reportOf(item, 'notAttempted', `Not sent: ${same} and was not accepted; send it again`);
}

/** The events that were not sent because of their keys. `decided`: what became of the others. */
export function duplicateReports(
	firsts: readonly Prepared[],
	known: ReadonlyMap<number, Remembered>,
	repeats: readonly Repeat[],
	decided: readonly ItemReport[],
	{ vendor }: Operation,
): ItemReport[] {
	if (known.size === 0 && repeats.length === 0) return [];
	const statuses = new Map(decided.map(({ index, delivery }) => [index, delivery.status]));
	const reports: ItemReport[] = [];
	for (const item of firsts) {
		const remembered = known.get(item.index);
		if (remembered) reports.push(rememberedReport(item, remembered, vendor));
	}
	for (const repeat of repeats) {
		const { index } = repeat.first;
		const remembered = known.get(index);
		// Without a status the run was cancelled before the first one was sent.
		const status = statuses.get(index) ?? 'notAttempted';
		if (remembered) reports.push(rememberedReport(repeat.item, remembered, vendor));
		else reports.push(repeatReport(repeat, status, vendor));
	}
	return reports;
}

/** The preview takes no key, since a key that n8n has looked up is recorded. */
export const KEYS_NOT_LOOKED_UP = 'The preview does not look up which keys were sent before.';

/** The same in a preview, where nothing is sent. */
export const previewedRepeat = ({ item, first }: Repeat): ItemReport =>
	reportOf(item, 'notAttempted', `Would not be sent again: ${itemsInWords([first.index])} has the same key`);
