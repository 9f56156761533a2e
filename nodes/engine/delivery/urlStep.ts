import { hasLoneSurrogate } from '../check/text';

/** What `encodeURIComponent` leaves as it is beside letters, digits and `-._~`, which no URL needs escaped. */
const MARKS = /[!'()*]/g;

const percentEncoded = (character: string): string =>
	`%${character.charCodeAt(0).toString(16).toUpperCase()}`;

/**
 * A text as one step of a URL's path: everything but letters, digits, `-._~` and the characters of `plain` is percent-encoded.
 * `undefined` for `.` and `..`, which a URL folds away in any spelling, and for half a character.
 */
export function urlStep(text: string, plain = ''): string | undefined {
	if (/^\.{0,2}$/.test(text) || hasLoneSurrogate(text)) return undefined;
	const encoded = encodeURIComponent(text).replace(MARKS, percentEncoded);
	return [...plain].reduce(
		(step, character) => step.replaceAll(percentEncoded(character), character),
		encoded,
	);
}
