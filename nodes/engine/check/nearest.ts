/** Edit distance with swaps of neighbours (optimal string alignment), cut off above `limit`. */
function distance(one: string, other: string, limit: number): number {
	if (Math.abs(one.length - other.length) > limit) return limit + 1;
	let beforeLast: number[] = [];
	let last = Array.from({ length: other.length + 1 }, (_, at) => at);
	const of = (row: readonly number[], at: number): number => row[at] ?? limit + 1;
	for (let i = 1; i <= one.length; i++) {
		const row = [i];
		for (let j = 1; j <= other.length; j++) {
			const cost = one[i - 1] === other[j - 1] ? 0 : 1;
			let least = Math.min(of(last, j) + 1, of(row, j - 1) + 1, of(last, j - 1) + cost);
			if (i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1]) {
				least = Math.min(least, of(beforeLast, j - 2) + 1);
			}
			row.push(least);
		}
		beforeLast = last;
		last = row;
	}
	return of(last, other.length);
}

const plain = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '');

/** The documented name that a misspelt one most likely meant, or `undefined` where none is near. */
export function nearestName(name: string, documented: readonly string[]): string | undefined {
	const wanted = plain(name).slice(0, 64);
	const limit = Math.max(1, Math.floor(wanted.length / 4));
	let best: string | undefined;
	let bestDistance = limit + 1;
	for (const candidate of documented) {
		const away = distance(wanted, plain(candidate), limit);
		if (away < bestDistance) {
			best = candidate;
			bestDistance = away;
		}
	}
	return best;
}
