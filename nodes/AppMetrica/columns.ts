/** Bits of a number that bitwise operators keep. */
const BITS = 30;

/** One short text for a set of columns, whatever their number: 100,000 events need not hold 100,000 lists of names. */
export function columnSet(columns: readonly number[]): string {
	const words: number[] = [];
	for (const column of columns) {
		const word = Math.floor(column / BITS);
		words[word] = (words[word] ?? 0) | (1 << (column % BITS));
	}
	return Array.from(words, (word) => (word ?? 0).toString(36)).join('.');
}
