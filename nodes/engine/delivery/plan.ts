import type { Destination } from '../account';
import type { Clock } from '../clock';
import type { HttpRequest, Operation, WireForm } from '../operation/operation';
import type { Settings } from '../operation/settings';
import type { Pause } from '../pause';
import type { Ledger } from './ledger';
import type { SendResult } from './transport';

/** All that the delivery of a run's batches depends on. */
export interface DeliveryPlan {
	operation: Operation;
	/** The one of the operation's two wire forms that is used. */
	form: WireForm;
	settings: Settings;
	send: (request: HttpRequest, target: Destination) => Promise<SendResult>;
	clock: Clock;
	pause: Pick<Pause, 'ifDue'>;
	signal?: AbortSignal;
	mask: (text: string) => string;
	ledger: Pick<Ledger, 'note' | 'report'>;
	/** Requests that earlier tries of this run have made. */
	requestsBefore: number;
	/** On Error is Stop Workflow: after the first failure nothing new starts. */
	stopAtFailure: boolean;
}
