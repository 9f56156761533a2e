/** Bits of a number that bitwise operators keep. */
const BITS = 30;

/**
 * One short text for a set of columns in ascending order, whatever their number: 100,000 events need not hold 100,000
 * lists of names.
 */
export function columnSet(columns: readonly number[]): string {
	let text = '';
	let word = 0;
	let bits = 0;
	for (const column of columns) {
		for (const last = Math.floor(column / BITS); word < last; word++) {
			text += `${bits.toString(36)}.`;
			bits = 0;
		}
		bits |= 1 << (column % BITS);
	}
	return text + bits.toString(36);
}
