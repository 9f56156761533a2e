import type { Ledger, RequestReport } from './ledger';
import { isFailed, type Outcome, type Status } from '../report/outcome';
import type { Job } from './queue';
import { unknownMessage } from './messages';

/** How a job ended. */
export interface Settlement {
	status: Status;
	/** The request that decided it, if one was made. */
	request?: number;
	report: RequestReport;
}

/** What became of each item, and what later tries must know of it. */
export class Outcomes {
	/** By item index. */
	readonly byIndex = new Map<number, Outcome>();
	private readonly vendor: string;
	private readonly ledger: Pick<Ledger, 'note' | 'report'>;

	constructor(vendor: string, ledger: Pick<Ledger, 'note' | 'report'>) {
		this.vendor = vendor;
		this.ledger = ledger;
	}

	/** Settles all items of a job and returns their status: a failure of what may have been stored is `unknown`. */
	settle(job: Job, settlement: Settlement): Status {
		const { batch, doubt } = job;
		const { request } = settlement;
		const isInDoubt = doubt !== undefined && isFailed(settlement.status);
		const status = isInDoubt ? 'unknown' : settlement.status;
		const report = isInDoubt
			? { ...settlement.report, message: unknownMessage(this.vendor, doubt) }
			: settlement.report;
		const { response, method, attempts, httpStatus, ...words } = report;
		const delivery = withoutUndefined({ status, method, request, attempts, httpStatus, ...words });
		for (const item of batch.items) {
			this.byIndex.set(item.index, { delivery: { ...delivery }, response });
			// Its bytes are not needed any more; a long run would otherwise hold them all to its end.
			item.text = '';
		}
		if (request !== undefined) this.ledger.report(request, withoutUndefined(report));
		this.ledger.note(batch.items, status, request);
		return status;
	}

	/** After a fault of ours: settles what of a job has no outcome, without the ledger, which may be at fault. */
	settleAfterFault({ batch, mayHaveLeft, doubt }: Job, message: string): void {
		const status = mayHaveLeft || doubt !== undefined ? 'unknown' : 'notAttempted';
		for (const { index } of batch.items) {
			if (!this.byIndex.has(index)) this.byIndex.set(index, { delivery: { status, message } });
		}
	}
}

function withoutUndefined<T extends object>(value: T): T {
	return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as T;
}
