import type { RequestReport } from './ledger';
import type { DeliveryPlan } from './plan';
import { asksForPause, classifyResponse, type ResponseClass } from './response';
import { retryAfter } from './retryAfter';
import { shownResponse } from './shownResponse';
import type { SendResult } from './transport';

/** What one try of a request says. */
export interface Reading {
	result: ResponseClass;
	/** Completes "Vendor answered …" or "(last: …)". */
	reason: string;
	/** What to do before it is sent again. */
	advice: string;
	/** Milliseconds, if the vendor asks for a wait. */
	wait?: number;
	/** Whether every request of the run waits. */
	pausesAll: boolean;
	/** Whether every further try would fail like this one. */
	isPermanent: boolean;
	/** What is shown of the response. */
	shown: Pick<RequestReport, 'httpStatus' | 'response'>;
}

/** Reads the outcome of one try that was not cancelled. */
export function readTry(
	sent: Exclude<SendResult, { cancelled: true }>,
	baseUrl: string,
	{ operation, mask, clock }: Pick<DeliveryPlan, 'operation' | 'mask' | 'clock'>,
): Reading {
	if ('failure' in sent) {
		const { mayHaveLeft, isPermanent = false, reason, advice } = sent.failure;
		return {
			result: { kind: mayHaveLeft ? 'maybeStored' : 'notStored' },
			reason,
			advice,
			pausesAll: false,
			isPermanent,
			shown: {},
		};
	}
	const { response } = sent;
	return {
		result: classifyResponse(response, operation.responses, operation.vendor, baseUrl),
		reason: response.html && response.status < 300 ? 'an HTML page' : `status ${response.status}`,
		advice: 'send it again later',
		wait: retryAfter(response.headers['retry-after'], clock.now()),
		pausesAll: asksForPause(response),
		isPermanent: false,
		shown: { httpStatus: response.status, response: shownResponse(response, mask) },
	};
}
