import type { DroppedNames } from './dropped';
import { countOf } from './items';
import { countsInWords, STATUSES, type StatusCounts } from './outcome';
import { userText } from './userText';

const NAMED = 10;

/** The first ten of them, and how many there are beside. */
function firstOf<T>(all: Iterable<T> & { size: number }, inWords: (one: T) => string): string {
	const named: string[] = [];
	for (const one of all) if (named.push(inWords(one)) === NAMED) break;
	const more = all.size - named.length;
	return `${named.join(', ')}${more > 0 ? ` and ${more.toLocaleString('en-US')} more` : ''}`;
}

/** One sentence where something needs a look. A summary shows no item, but those of the error output. */
export function countsHint(
	counts: StatusCounts,
	toErrorOutput = false,
	isSummary = false,
): string | undefined {
	const hasFailed = STATUSES.some(({ status, failed }) => failed && counts[status]);
	if (!hasFailed && !counts.unconfirmed) return undefined;
	const counted = `${countsInWords(counts)}.`;
	if (hasFailed && toErrorOutput)
		return `${counted} See 'details.delivery' of each item on the error output.`;
	return isSummary ? counted : `${counted} See 'delivery' of each item.`;
}

/** What was left out of events: undocumented names with the names that were probably meant, and pairs without a value. */
export function droppedNotes(vendor: string, dropped: DroppedNames): string[] {
	const { names, sent, pairs, rows } = dropped;
	const notes: string[] = [];
	if (sent?.size) {
		const named = firstOf(sent, ([name, near]) => `${userText(name)} (did you mean ${userText(near)}?)`);
		notes.push(`Sent as given, though ${vendor} documents a name that is nearly the same: ${named}.`);
	}
	if (names.size) {
		const named = firstOf(names, ([name, near]) =>
			near === undefined ? userText(name) : `${userText(name)} (did you mean ${userText(near)}?)`,
		);
		const them = names.size === 1 ? 'it' : 'them';
		notes.push(`Not sent, because ${vendor} does not document ${them}: ${named}.`);
	}
	if (pairs.size) {
		const why = pairs.size === 1 ? 'it has no value' : 'they have no value';
		notes.push(`Left out, because ${why}: ${firstOf(pairs, (name) => userText(name))}.`);
	}
	if (rows?.size) notes.push(`Empty rows were left out: ${firstOf(rows, (label) => `'${label}'`)}.`);
	notes.push(...emptyNotes(vendor, dropped));
	if (dropped.split !== undefined) notes.push(dropped.split);
	if (dropped.duplicates) {
		const [repeat, was] = dropped.duplicates === 1 ? ['repeats', 'was'] : ['repeat', 'were'];
		notes.push(
			`${countOf(dropped.duplicates, 'item')} ${repeat} a key that was sent before and ${was} not sent again.`,
		);
	}
	if (dropped.ofKeys !== undefined) notes.push(dropped.ofKeys);
	if (dropped.zoneUsed !== undefined) {
		notes.push(`Times without a time zone were read in ${dropped.zoneUsed}, the time zone of this workflow.`);
	}
	return notes;
}

/** Fields that were mapped and came out empty. Where the vendor assumes a value then, it is named. */
function emptyNotes(vendor: string, { empty }: DroppedNames): string[] {
	if (!empty) return [];
	const notes: string[] = [];
	const leftOut = new Map<string, number>();
	for (const [field, count] of empty) {
		if (field.type.kind === 'time' && field.vendorDefault !== undefined) {
			notes.push(
				`'${field.label}' (${field.wire}) is empty in ${countOf(count, 'item')}: ${vendor} takes ${field.vendorDefault} there.`,
			);
		} else {
			leftOut.set(`'${field.label}' (${field.wire})`, count);
		}
	}
	if (leftOut.size) {
		const named = firstOf(leftOut, ([name, count]) => `${name} in ${countOf(count, 'item')}`);
		notes.push(`Empty, and left out there: ${named}.`);
	}
	return notes;
}

/** Different messages that a hint quotes. */
const QUOTED = 3;

/** How many items have warnings, with the first different messages. */
export function warningNotes({ warned, remarks }: DroppedNames): string[] {
	const said = [...(remarks ?? [])].map(([remark, count]) => `${countOf(count, 'item')}: ${remark}.`);
	if (!warned) return said;
	const messages = [...warned.messages];
	const first = messages.slice(0, QUOTED).join('; ');
	const counted = `${countOf(warned.events, 'item')} ${warned.events === 1 ? 'has' : 'have'} warnings`;
	return [
		...said,
		`${counted}, see 'delivery.warnings': ${first}${messages.length > QUOTED ? '; and others' : ''}.`,
	];
}

/** What hints are made of. `notes`: of what was left out, and of warnings. */
export interface HintSource {
	vendor: string;
	counts: StatusCounts;
	notes: readonly string[];
	retriesOnFail: boolean;
	toErrorOutput: boolean;
	isSummary?: boolean;
}

/** What the user should look at after a run, a sentence or two each. */
export function hintTexts({
	vendor,
	counts,
	notes,
	retriesOnFail,
	toErrorOutput,
	isSummary,
}: HintSource): string[] {
	const counted = countsHint(counts, toErrorOutput, isSummary);
	const texts = [...(counted ? [counted] : []), ...notes];
	if (counts.unconfirmed) {
		texts.push(
			`${vendor} did not refuse ${countOf(counts.unconfirmed, 'item')}, but its answer has a form that it does not document. See 'response', and check in ${vendor} that they arrived.`,
		);
	}
	if (retriesOnFail) {
		texts.push(
			"'Retry On Fail' is on, and this node does not need it: it already repeats what is safe to repeat.",
		);
	}
	return texts;
}
