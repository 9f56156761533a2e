import type { Json } from '../operation/operation';
import type { RequestReport } from './ledger';
import type { DeliveryPlan } from './plan';
import { asksForPause, classifyResponse, wordsOf, type ResponseClass } from './response';
import { retryAfter } from './retryAfter';
import { shownResponse, wholeAnswer } from './shownResponse';
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
	/** The whole of its JSON object, where the operation reads it. */
	answer?: Json;
	/** Why the vendor refused it, in its own words; begins with a colon, or is empty. */
	words: string;
}

/** Reads the outcome of one try that was not cancelled. */
export function readTry(
	sent: Exclude<SendResult, { cancelled: true }>,
	baseUrl: string,
	method: string,
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
			words: '',
		};
	}
	const { response } = sent;
	const result = classifyResponse(response, operation.responses, operation.vendor, baseUrl, method, mask);
	const answer = operation.reads && result.kind === 'accepted' ? wholeAnswer(response, mask) : undefined;
	return {
		result,
		reason: response.html && response.status < 300 ? 'an HTML page' : `status ${response.status}`,
		advice: 'send it again later',
		wait: retryAfter(response.headers['retry-after'], clock.now()),
		pausesAll: asksForPause(response),
		isPermanent: false,
		// The answer is not masked twice: what is shown of it is the same object.
		shown: { httpStatus: response.status, response: shownResponse(response, mask, answer) },
		answer,
		words: wordsOf(response, operation.responses, mask),
	};
}
