/** Most ranges of items that one message names. */
const NAMED = 10;

type Range = readonly [from: number, to: number];

/** Ascending indexes as the ranges they form. */
function rangesOf(indexes: readonly number[]): Range[] {
	const ranges: Array<[number, number]> = [];
	for (const index of indexes) {
		const last = ranges[ranges.length - 1];
		if (last && index === last[1] + 1) last[1] = index;
		else ranges.push([index, index]);
	}
	return ranges;
}

const inDigits = (ranges: readonly Range[], first: number): string =>
	ranges.map(([from, to]) => (from === to ? `${from + first}` : `${from + first}-${to + first}`)).join(', ');

/** Ascending indexes as ranges: `[0, 1, 2, 5]` -> `0-2, 5`. */
export const asRanges = (indexes: readonly number[]): string => inDigits(rangesOf(indexes), 0);

/**
 * Items as every message names them: `item 1 (row 2)`, `items 0-19, 25 (rows 1-20, 26)`. n8n counts items from 0, a
 * person who looks at a table counts its rows from 1.
 */
export function itemsInWords(indexes: readonly number[]): string {
	const all = rangesOf(indexes);
	const named = all.slice(0, NAMED);
	const left = all.slice(NAMED).reduce((count, [from, to]) => count + to - from + 1, 0);
	const more = left ? ` and ${left.toLocaleString('en-US')} more` : '';
	const [item, row] = indexes.length === 1 ? ['item', 'row'] : ['items', 'rows'];
	return `${item} ${inDigits(named, 0)}${more} (${row} ${inDigits(named, 1)}${more && ' …'})`;
}

/** `1 item`, `1,000 items`. */
export const countOf = (count: number, one: string, several = `${one}s`): string =>
	`${count.toLocaleString('en-US')} ${count === 1 ? one : several}`;
