import type { DroppedNames } from '../check/check';
import type { StatusCounts } from './outcome';
import { countsHint } from './report';

const NAMED = 10;

function firstOf(names: Iterable<string>): string {
	const all = [...names];
	return `${all.slice(0, NAMED).join(', ')}${all.length > NAMED ? ' and more' : ''}`;
}

/** What the user should look at after a run, a sentence or two each. Names of fields, never values. */
export function hintTexts(
	vendor: string,
	counts: StatusCounts,
	leftOut: DroppedNames,
	retriesOnFail: boolean,
): string[] {
	const texts: string[] = [];
	const counted = countsHint(counts);
	if (counted) texts.push(counted);
	if (leftOut.names.size) {
		const names = [...leftOut.names].map(([name, near]) => (near ? `${name} (did you mean ${near}?)` : name));
		texts.push(`Not sent, because ${vendor} does not document them: ${firstOf(names)}.`);
	}
	if (leftOut.pairs.size) texts.push(`Left out, because they have no value: ${firstOf(leftOut.pairs)}.`);
	if (counts.unconfirmed) {
		texts.push(`${vendor} answered some requests in a form it does not document; see 'response'.`);
	}
	if (retriesOnFail) {
		texts.push("'Retry On Fail' is not needed: this node repeats what is safe to repeat by itself.");
	}
	return texts;
}
