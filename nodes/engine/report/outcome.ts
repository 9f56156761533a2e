import type { Issue, Json } from '../operation/operation';

/** What became of an item. Every input item ends in exactly one. */
export type Status =
	| 'accepted'
	| 'unconfirmed'
	| 'invalid'
	| 'oversize'
	| 'rejected'
	| 'batchRejected'
	| 'exhausted'
	| 'unknown'
	| 'notAttempted';

interface StatusMeaning {
	status: Status;
	failed: boolean;
	/** Whether a later try of the same run sends it again. */
	resend: 'never' | 'ifSafe' | 'ifChanged' | 'always';
	means: string;
	sendAgain: string;
}

/** The one list of statuses; README's table is made from it. */
export const STATUSES: readonly StatusMeaning[] = [
	{
		status: 'accepted',
		failed: false,
		resend: 'never',
		means: 'The vendor accepted the event',
		sendAgain: 'No',
	},
	{
		status: 'unconfirmed',
		failed: false,
		resend: 'never',
		means: 'The vendor answered with a success status, in a form that is not documented',
		sendAgain: 'No',
	},
	{
		status: 'invalid',
		failed: true,
		resend: 'always',
		means: 'Did not pass the check, so it was not sent',
		sendAgain: 'After a fix',
	},
	{
		status: 'oversize',
		failed: true,
		resend: 'ifChanged',
		means: "This event alone is larger than the vendor's limit",
		sendAgain: 'After a fix',
	},
	{
		status: 'rejected',
		failed: true,
		resend: 'ifChanged',
		means: 'The vendor refused this event',
		sendAgain: 'After a fix',
	},
	{
		status: 'batchRejected',
		failed: true,
		resend: 'ifChanged',
		means: 'The vendor refused the request without saying which event is wrong',
		sendAgain: 'After a check',
	},
	{
		status: 'exhausted',
		failed: true,
		resend: 'always',
		means: 'Every try failed, and the vendor stored nothing',
		sendAgain: 'Yes',
	},
	{
		status: 'unknown',
		failed: true,
		resend: 'ifSafe',
		means: 'The vendor may have stored it: there was no answer, or one that does not say',
		sendAgain: 'May duplicate',
	},
	{
		status: 'notAttempted',
		failed: true,
		resend: 'always',
		means: 'The run ended before this event was accepted, for example because of a wrong key',
		sendAgain: 'Yes',
	},
];

const MEANING = new Map(STATUSES.map((meaning) => [meaning.status, meaning]));

export const isFailed = (status: Status): boolean => MEANING.get(status)?.failed === true;
export const resendRule = (status: Status) => MEANING.get(status)?.resend ?? 'never';

/** The report of one item; `delivery` of an output item. */
export interface Delivery {
	status: Status;
	method?: string;
	/** 1-based number of the deciding request in this run. */
	request?: number;
	/** HTTP tries of that request. */
	attempts?: number;
	httpStatus?: number;
	message?: string;
	/** Not sent by this run: an event with the same key was sent before. `status` is what became of that one. */
	duplicate?: true;
	/** What is wrong with an invalid event, at most twenty; `moreIssues` counts the others. */
	issues?: Issue[];
	moreIssues?: number;
	/** What the event breaks and the vendor does not document; it was sent all the same. */
	warnings?: Issue[];
	/** All items of a refused request, as ranges of text, e.g. `0-9999`. */
	items?: string;
}

export interface Outcome {
	delivery: Delivery;
	/** The vendor's answer, one shared object per request. */
	response?: unknown;
	/** What an operation that reads returns beside `delivery`. */
	data?: Json;
	/** What of the answer is told where several items have it. */
	remark?: string;
}

export type StatusCounts = Partial<Record<Status, number>>;

/** `1,972 accepted, 28 rejected`, in the order of the statuses. */
export function countsInWords(counts: StatusCounts): string {
	return STATUSES.filter(({ status }) => counts[status])
		.map(({ status }) => `${(counts[status] ?? 0).toLocaleString('en-US')} ${inWords(status)}`)
		.join(', ');
}

/** `notAttempted` -> `not attempted`. */
export function inWords(status: Status): string {
	return status.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

export function countStatuses(outcomes: readonly Outcome[]): StatusCounts {
	const counts: StatusCounts = {};
	for (const { delivery } of outcomes) counts[delivery.status] = (counts[delivery.status] ?? 0) + 1;
	return counts;
}
