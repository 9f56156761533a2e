import type { Ledger } from './delivery/ledger';
import { keptUnknownMessage } from './delivery/messages';
import type { Prepared } from './delivery/pack';
import { earlierReport, statusOf } from './earlier';
import type { Operation, WireForm } from './operation/operation';
import type { ItemReport } from './report/output';

export const WAITING = 'Not sent, because other items of the run cannot be sent';

/** The report of an event that this try does not send. */
export function notSentReport(
	item: Prepared,
	message: string,
	operation: Operation,
	ledger: Ledger | undefined,
): ItemReport {
	if (item.doubt !== undefined) return inDoubtReport(item, item.doubt, message, operation, ledger);
	return { index: item.index, event: item.event, delivery: { status: 'notAttempted', message } };
}

/** The report of an event that is larger than a request may be. */
export function oversizeReport(
	item: Prepared,
	bytes: number,
	form: WireForm,
	operation: Operation,
	ledger: Ledger | undefined,
): ItemReport {
	const { index, event, target, doubt } = item;
	const { vendor } = operation;
	const [size, most] = [bytes, form.limit?.bytes ?? bytes].map((count) => count.toLocaleString('en-US'));
	const what = `The event alone takes ${size} bytes of ${form.limit?.of}, more than ${vendor}'s limit of ${most}`;
	if (doubt !== undefined) return inDoubtReport(item, doubt, what, operation, ledger);
	const method = target.method ?? form.method(event);
	return { index, event, delivery: { status: 'oversize', method, message: `${what}; make it smaller` } };
}

/** An event that was sent before and may be stored stays so, whatever keeps it from being sent again. */
function inDoubtReport(
	{ index, event }: Prepared,
	doubt: string,
	why: string,
	operation: Operation,
	ledger: Ledger | undefined,
): ItemReport {
	const earlier = ledger?.noted(index);
	const message = keptUnknownMessage(operation.vendor, doubt, why);
	if (!earlier || statusOf(earlier) !== 'unknown')
		return { index, event, delivery: { status: 'unknown', message } };
	const report = earlierReport(index, event, earlier, operation);
	return { ...report, delivery: { ...report.delivery, message } };
}
