/** The words of the one error of a run under On Error = Stop Workflow: a short title, and what is below it. */

import { STOPPED_BEFORE } from '../delivery/messages';
import { countOf, itemsInWords } from './items';
import { countsInWords, countStatuses, inWords, isFailed, STATUSES, type Status } from './outcome';
import type { ItemReport } from './output';

const LISTED = 20;
/** Characters; n8n shows about fifty in a line of its panel. */
const LONGEST_TITLE = 120;
const LONGEST_REASON = 1_000;
const LONGEST_DESCRIPTION = 64 * 1024;
/** n8n's error panel renders a description as HTML, where a plain line break is a blank. */
const LINE_BREAK = '<br>\n';

/** Lines for the description of an error, so that they stay lines in n8n's panel; at most 64 KB. */
export function asDescription(lines: readonly string[]): string {
	let text = '';
	for (const line of lines) {
		const longer = text ? `${text}${LINE_BREAK}${line}` : line;
		if (Buffer.byteLength(longer, 'utf8') > LONGEST_DESCRIPTION - 100) return `${text}${LINE_BREAK}…`;
		text = longer;
	}
	return text;
}

const withFullStop = (text: string): string => (/[.!?…]$/.test(text) ? text : `${text}.`);

const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

function cut(text: string): string {
	return text.length > LONGEST_REASON ? `${text.slice(0, LONGEST_REASON - 1)}…` : text;
}

function reasonsOf({ delivery: { message, issues, moreIssues, status } }: ItemReport): string[] {
	if (!issues?.length) return [message ?? inWords(status)];
	const reasons = issues.map((issue) => issue.message);
	return moreIssues ? [...reasons, `and ${countOf(moreIssues, 'more problem')}`] : reasons;
}

/**
 * Each reason once, with its items; after twenty reasons the rest as ranges. Beside failures, what was not attempted only
 * because of them has no reason of its own. `ended`: why the run ended before its time. `title`: said already.
 */
export function failureLines(reports: readonly ItemReport[], ended?: string, title?: string): string[] {
	const failed = reports.filter(({ delivery }) => isFailed(delivery.status));
	const decided = failed.filter(({ delivery }) => delivery.status !== 'notAttempted');
	const hasOwnReason = ({ delivery: { status, message } }: ItemReport): boolean =>
		status === 'notAttempted' && message !== undefined && ![STOPPED_BEFORE, ended].includes(message);
	const itemsOf = new Map<string, number[]>();
	const shown = new Set<number>();
	for (const report of decided.length ? [...decided, ...failed.filter(hasOwnReason)] : failed) {
		for (const reason of new Set(reasonsOf(report))) {
			const items = itemsOf.get(reason);
			if (!items && itemsOf.size >= LISTED) continue;
			if (items) items.push(report.index);
			else itemsOf.set(reason, [report.index]);
			shown.add(report.index);
		}
	}
	const lines = [...itemsOf].map(([reason, items]) => {
		const told = reason === title ? inWords('notAttempted') : cut(reason);
		return `${capitalised(itemsInWords(items))}: ${withFullStop(told)}`;
	});
	for (const { status } of STATUSES) {
		const rest = failed.filter(({ index, delivery }) => delivery.status === status && !shown.has(index));
		if (rest.length) lines.push(`Also ${inWords(status)}: ${itemsInWords(rest.map(({ index }) => index))}.`);
	}
	return lines;
}

const share = (failed: number, all: number): string =>
	`${failed.toLocaleString('en-US')} of ${countOf(all, 'item')}`;

/** The title of a stopped run's one error: what happened, with the advice if that is short. */
export function failureTitle(
	vendor: string,
	reports: readonly ItemReport[],
	ended: string | undefined,
): string {
	if (ended) return ended.length > LONGEST_TITLE ? (ended.split('; ')[0] ?? ended) : ended;
	const failed = reports
		.map(({ delivery }) => delivery.status)
		.filter((status) => isFailed(status) && status !== 'notAttempted');
	const only = (...statuses: Status[]) => failed.every((status) => statuses.includes(status));
	const some = share(failed.length, reports.length);
	if (only('rejected', 'batchRejected')) return `${vendor} refused ${some}`;
	if (only('unknown')) return `${vendor} may or may not have stored ${some}`;
	if (failed.includes('unknown')) return `${vendor} did not confirm ${some}`;
	return `${vendor} did not accept ${some}`;
}

/** What the user should know of a stopped run beside the failures. */
export interface StoppedRun {
	/** Why the run ended before its time. */
	ended?: string;
	/** This is a retry of a run that sent some of the items. */
	isRetry?: boolean;
	/** Requests that this try has sent. */
	requests: number;
	/** What hints would say; n8n drops them when a node throws. */
	notes?: readonly string[];
}

/** Below the title: counts first, each reason once, then what became of the others and what to do. */
export function failureDescription(
	title: string,
	reports: readonly ItemReport[],
	{ ended, isRetry, requests, notes = [] }: StoppedRun,
): string {
	const counts = countStatuses(reports);
	const lines = failureLines(reports, ended, title === ended ? title : undefined);
	const told = title === ended || lines.some((line) => ended !== undefined && line.includes(ended));
	const why = ended !== undefined && !told ? [withFullStop(ended)] : [];
	return asDescription([
		`${countOf(reports.length, 'item')}: ${countsInWords(counts)}.`,
		...why,
		...lines,
		...afterwards(reports, isRetry === true, requests),
		...notes,
	]);
}

function afterwards(reports: readonly ItemReport[], isRetry: boolean, requests: number): string[] {
	const { accepted = 0, unconfirmed = 0 } = countStatuses(reports);
	const stored = [
		...(accepted ? [`${accepted.toLocaleString('en-US')} accepted`] : []),
		...(unconfirmed ? [`${unconfirmed.toLocaleString('en-US')} unconfirmed`] : []),
	].join(' and ');
	const again = isRetry && requests === 0 ? ['Nothing was sent again.'] : [];
	if (!stored) return again;
	const [are, them] = accepted + unconfirmed === 1 ? ['is', 'it'] : ['are', 'them'];
	const fate = accepted ? `${are} stored` : `${are} most likely stored`;
	return [
		...again,
		`The ${stored} ${fate}. After a fix use 'Retry' in the executions list; a new run would send ${them} again.`,
	];
}

/** The error of a run in which some items cannot be sent, so that nothing was. */
export function nothingSentTitle(failed: number, all: number): string {
	return `Nothing was sent: ${share(failed, all)} ${failed === 1 ? 'needs' : 'need'} a fix`;
}

export function nothingSentDescription(
	failed: readonly ItemReport[],
	all: number,
	notes: readonly string[] = [],
): string {
	const good = all - failed.length;
	const others =
		good > 0
			? [
					`To send the other ${good === 1 ? 'item' : good.toLocaleString('en-US')} without a fix, set 'On Error' in the node's settings to 'Continue'.`,
				]
			: [];
	return asDescription([...failureLines(failed), ...notes, ...others]);
}
