/** Texts that people take for times, each called by its name, and what to do with it. */

const CENTURY = '(?:19|20)\\d\\d';
const MONTH = '(?:0[1-9]|1[0-2])';
const DAY = '(?:0[1-9]|[12]\\d|3[01])';
const CLOCK = '(?:[01]\\d|2[0-3])[0-5]\\d';

const convert = (format: string): string => `convert it in the expression with .toDateTime('${format}')`;

const NAMED: ReadonlyArray<readonly [RegExp, string]> = [
	[/^T?\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?:\s*[AP]M)?$/i, 'it is a time of day without a date'],
	[/^\d{1,2}$/, 'it is not a full date'],
	[/^\d{4}-\d{2}-\d{2}$/, 'there is no such date'],
	[new RegExp(`^${CENTURY}\\d{4}$`), 'there is no such date'],
	[new RegExp(`^${CENTURY}$`), 'it is a year without month and day'],
	[new RegExp(`^${CENTURY}-?${MONTH}$`), 'it is a year and a month without a day'],
	[/^\d{4}-?W\d{2}$/i, 'it is a week without a day'],
	[/^\d{4}-?W\d{2}-?[1-7](?:T|$)/i, 'it is a date by week; give year, month and day'],
	[/^\d{4}-?[0-3]\d{2}(?:T|$)/i, 'it is a date by day of the year; give year, month and day'],
	[new RegExp(`^${CENTURY}${MONTH}${DAY}${CLOCK}$`), convert('yyyyMMddHHmm')],
	[new RegExp(`^${CENTURY}${MONTH}${DAY}${CLOCK}[0-5]\\d$`), convert('yyyyMMddHHmmss')],
	[new RegExp(`^${CENTURY}${MONTH}${DAY}${CLOCK}[0-5]\\d\\d{3}$`), convert('yyyyMMddHHmmssSSS')],
];

/** A date in three numbers with one separator, and perhaps a time of day. */
const THREE_NUMBERS = /^(\d{1,4})([./-])(\d{1,2})\2(\d{1,4})(?:(,? +)(\d{1,2}):\d{2}(:\d{2})?( ?[AP]M)?)?$/i;

const letters = (letter: string, digits: string): string => letter.repeat(digits.length);

/** The format of such a date in luxon's letters; two of them where day and month may be meant either way. */
function formatsOf(text: string): string[] {
	const [, first, separator, second, third, gap = '', hour, seconds, half] = THREE_NUMBERS.exec(text) ?? [];
	if (first === undefined || separator === undefined || second === undefined || third === undefined)
		return [];
	const clock = hour
		? `${gap}${letters(half ? 'h' : 'H', hour)}:mm${seconds ? ':ss' : ''}${half ? `${half.startsWith(' ') ? ' ' : ''}a` : ''}`
		: '';
	const join = (...parts: string[]) => `${parts.join(separator)}${clock}`;
	if (first.length === 4) return [join('yyyy', letters('M', second), letters('d', third))];
	if (third.length !== 4 && third.length !== 2) return [];
	const year = letters('y', third);
	const dayFirst = join(letters('d', first), letters('M', second), year);
	const monthFirst = join(letters('M', first), letters('d', second), year);
	if (Number(first) > 31 || Number(second) > 31) return [];
	if (separator === '.' || Number(first) > 12) return [dayFirst];
	return Number(second) > 12 ? [monthFirst] : [dayFirst, monthFirst];
}

/** What a text that is no full date is, or how it becomes one; undefined: nothing that is known. */
export function timeTextAdvice(text: string): string | undefined {
	if (text.length > 40) return undefined;
	const named = NAMED.find(([form]) => form.test(text));
	if (named) return named[1];
	const [format, other] = formatsOf(text);
	if (format === undefined) return undefined;
	return other === undefined
		? convert(format)
		: `convert it in the expression with .toDateTime('${format}') or .toDateTime('${other}'), whichever it is`;
}
