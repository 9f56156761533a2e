/** The sentences that say what became of a request. `reason` completes "(last: …)". */

import { LONGEST_WAIT } from '../operation/settings';

export const EVERY_EVENT_REFUSED = 'Every event is refused; check the mapping';

export const STOPPED_BEFORE =
	'Not sent, because an event before it failed and the node is set to stop; send it again';

export const unconfirmedMessage = (vendor: string, reason: string): string =>
	`${vendor} answered ${reason} in a form it does not document; check in ${vendor} whether the event arrived`;

export const tooLargeMessage = (vendor: string, reason: string, bytes: number): string =>
	`${vendor} answered ${reason}: the event alone is too large (${bytes} bytes); make it smaller`;

export const rejectedMessage = (vendor: string, reason: string, advice: string): string =>
	`${vendor} refused this event with ${reason}; ${advice}`;

export const batchRejectedMessage = (
	vendor: string,
	events: number,
	reason: string,
	advice: string,
): string =>
	`${vendor} refused the request of ${events} events with ${reason} without saying which event is wrong; ${advice}`;

/** `advice`: what to do before it is sent again. */
export function exhaustedMessage(vendor: string, attempts: number, reason: string, advice: string): string {
	const tries = attempts === 1 ? `(${reason})` : `in ${attempts} tries (last: ${reason})`;
	return `${vendor} did not accept it ${tries}; nothing was stored, so ${advice}`;
}

export const endedMessage = (vendor: string, ended: string): string =>
	`${vendor} did not accept it and the run ended: ${ended}`;

export const unknownMessage = (vendor: string, reason: string): string =>
	`${vendor} may have stored it, but the answer does not say so (${reason}); sending it again may count it twice`;

/** `why`: a sentence that says what keeps it from being sent again. */
export const keptUnknownMessage = (vendor: string, doubt: string, why: string): string =>
	`${vendor} may have stored it (${doubt}); it was not sent again this time. ${why}`;

/** Reasons why an event may be stored before a request of this try is made. */
export const DOUBT_OF_EARLIER_TRY = 'an earlier try of this run ended as unknown';
export const DOUBT_OF_KEY = 'an event with this key was sent before and ended as unknown';

/** `wait`: milliseconds the vendor asks for, if it does. `maxWait` in seconds. */
export function noWaitLeftMessage(vendor: string, wait: number | undefined, maxWait: number): string {
	const most = `'${LONGEST_WAIT}' (${maxWait})`;
	const what =
		wait === undefined
			? `The time for retries is used up: ${most}`
			: `${vendor} asks to wait ${Math.ceil(wait / 1_000)} s, which is more than ${most} still allows`;
	return `${what}; raise it or send the rest later`;
}
