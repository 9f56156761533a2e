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

/** Longest name that is compared. */
const LONGEST = 64;

/** A name without case, blanks, `_`, `-` and what cannot be seen. */
export const plainName = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '');

/** Letters that look like Latin ones. */
const LOOK_ALIKE: Readonly<Record<string, string>> = {
	а: 'a',
	в: 'b',
	е: 'e',
	к: 'k',
	м: 'm',
	н: 'h',
	о: 'o',
	р: 'p',
	с: 'c',
	т: 't',
	у: 'y',
	х: 'x',
	і: 'i',
	ѕ: 's',
	ј: 'j',
	α: 'a',
	ο: 'o',
	ρ: 'p',
};

const asLatin = (name: string): string =>
	Array.from(name.toLowerCase().normalize('NFKC'), (letter) => LOOK_ALIKE[letter] ?? letter).join('');

/** The documented name that a misspelt one most likely meant, or `undefined` where none is near. */
export function nearestName(name: string, documented: readonly string[]): string | undefined {
	if (name.length > LONGEST) return undefined;
	const wanted = plainName(asLatin(name));
	if (wanted === '') return undefined;
	const limit = Math.max(1, Math.floor(wanted.length / 4));
	let best: string | undefined;
	let bestDistance = limit + 1;
	for (const candidate of documented) {
		const away = distance(wanted, plainName(candidate), limit);
		if (away < bestDistance) {
			best = candidate;
			bestDistance = away;
		}
	}
	return best;
}

/**
 * Which character makes a name look like a documented one without being it: `U+0435 is its letter 5`. `undefined` where
 * the difference can be seen.
 */
export function hiddenDifference(name: string, near: string): string | undefined {
	const visible = asLatin(name).replace(/[\p{Cf}\p{Cc}\p{Zs}]/gu, '');
	if (visible !== near.toLowerCase()) return undefined;
	const at = Array.from(name).findIndex((letter) => letter !== ' ' && !/^[\x21-\x7e]$/.test(letter));
	const letter = at < 0 ? undefined : Array.from(name)[at];
	if (letter === undefined) return / /.test(name) ? 'it has a blank' : undefined;
	const code = (letter.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
	return `its character ${at + 1} is U+${code}`;
}
