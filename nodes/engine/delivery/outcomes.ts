import type { Ledger, RequestReport } from './ledger';
import type { Json, Operation } from '../operation/operation';
import { isFailed, type Delivery, type Outcome, type Status } from '../report/outcome';
import type { Prepared } from './pack';
import type { Pause } from '../pause';
import type { Job } from './queue';
import { unknownMessage } from './messages';

/** How a job ended. */
export interface Settlement {
	status: Status;
	/** The request that decided it, if one was made. */
	request?: number;
	report: RequestReport;
	/** The whole JSON of an accepted answer, secrets hidden, where the operation reads it. */
	answer?: Json;
}

/** Items that are dealt with before others in the process have their turn. */
const SLICE = 5_000;

export function* slices(items: readonly Prepared[]): Generator<readonly Prepared[]> {
	for (let from = 0; from < items.length; from += SLICE) yield items.slice(from, from + SLICE);
}

/** What became of each item, and what later tries must know of it. */
export class Outcomes {
	/** By item index. */
	readonly byIndex = new Map<number, Outcome>();
	private readonly operation: Pick<Operation, 'vendor' | 'reads'>;
	private readonly ledger: Pick<Ledger, 'note' | 'report'>;
	private readonly pause: Pick<Pause, 'ifDue'>;

	constructor(
		operation: Pick<Operation, 'vendor' | 'reads'>,
		ledger: Pick<Ledger, 'note' | 'report'>,
		pause: Pick<Pause, 'ifDue'>,
	) {
		this.operation = operation;
		this.ledger = ledger;
		this.pause = pause;
	}

	/** Settles all items of a job and returns its status: a failure of what may have been stored is `unknown`. */
	async settle({ batch, doubt }: Job, settlement: Settlement): Promise<Status> {
		for (const [own, items] of byDoubt(batch.items, doubt)) await this.settleItems(items, own, settlement);
		return statusOf(settlement, doubt);
	}

	/** Settles items that share their doubt. */
	private async settleItems(
		items: readonly Prepared[],
		doubt: string | undefined,
		settlement: Settlement,
	): Promise<void> {
		const { request } = settlement;
		const status = statusOf(settlement, doubt);
		const report = isInDoubt(settlement, doubt)
			? { ...settlement.report, message: unknownMessage(this.operation.vendor, doubt) }
			: settlement.report;
		const { response, method, attempts, httpStatus, ...words } = report;
		const delivery = withoutUndefined({ status, method, request, attempts, httpStatus, ...words });
		for (const slice of slices(items)) {
			for (const item of slice) {
				const read = dataOf(this.operation, settlement.answer, item.event);
				this.byIndex.set(item.index, { delivery: { ...delivery, ...read.delivery }, response, ...read.more });
			}
			await this.pause.ifDue();
		}
		if (request !== undefined) this.ledger.report(request, withoutUndefined(report));
		for (const slice of slices(items)) {
			this.ledger.note(slice, status, request);
			// Their bytes are not needed any more; a long run would otherwise hold them all to its end.
			for (const item of slice) item.text = '';
			await this.pause.ifDue();
		}
	}

	/** After a fault of ours: settles what of a job has no outcome, without the ledger, which may be at fault. */
	settleAfterFault({ batch, mayHaveLeft, doubt }: Job, message: string): void {
		for (const { index, doubt: own } of batch.items) {
			const status = mayHaveLeft || (doubt ?? own) !== undefined ? 'unknown' : 'notAttempted';
			if (!this.byIndex.has(index)) this.byIndex.set(index, { delivery: { status, message } });
		}
	}
}

/** What may have been stored is not proven to have failed. */
const isInDoubt = ({ status }: Settlement, doubt: string | undefined): doubt is string =>
	doubt !== undefined && isFailed(status);

const statusOf = (settlement: Settlement, doubt: string | undefined): Status =>
	isInDoubt(settlement, doubt) ? 'unknown' : settlement.status;

/** The items by why an earlier try may have stored them: that of their job, else their own. */
function byDoubt(items: readonly Prepared[], ofJob: string | undefined): Map<string | undefined, Prepared[]> {
	const groups = new Map<string | undefined, Prepared[]>();
	for (const item of items) {
		const doubt = ofJob ?? item.doubt;
		const group = groups.get(doubt);
		if (group) group.push(item);
		else groups.set(doubt, [item]);
	}
	return groups;
}

/** What an accepted answer gives for an event: members of its output, and what needs a look. */
export function dataOf(
	{ reads }: Pick<Operation, 'reads'>,
	answer: Json | undefined,
	event: Json,
): { delivery: Pick<Delivery, 'warnings'>; more: Pick<Outcome, 'data' | 'remark'> } {
	if (!reads || answer === undefined) return { delivery: {}, more: {} };
	const { data, warnings, remark } = reads.from(answer, event);
	return {
		delivery: warnings?.length ? { warnings } : {},
		more: { data, remark },
	};
}

function withoutUndefined<T extends object>(value: T): T {
	return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as T;
}
