const HIDDEN = '***';
/** A shorter one is too likely to be a part of ordinary text. */
const SHORTEST_SECRET = 8;

/** Names of HTML entities for the characters that servers escape. */
const ENTITIES: Readonly<Record<string, string>> = {
	'"': 'quot',
	'&': 'amp',
	"'": 'apos',
	'<': 'lt',
	'>': 'gt',
	'/': 'sol',
	'=': 'equals',
	'+': 'plus',
	'`': 'grave',
	'\\': 'bsol',
	'%': 'percnt',
	':': 'colon',
	'@': 'commat',
	'#': 'num',
	'?': 'quest',
	';': 'semi',
};

const literally = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');

/** Letters in either case. */
const anyCase = (text: string): string =>
	text.replace(/[a-z]/gi, (letter) => `[${letter.toLowerCase()}${letter.toUpperCase()}]`);

/**
 * A character of a secret in any of the ways in which text is escaped: for JSON, for a query or a form (once or several
 * times), for HTML, for CSV. What escapes one character may leave the next one as it is. Backslashes have a bound, that of
 * JSON in JSON four deep: a search begins anew at each of them, so that a long row of them would take its square.
 */
function escaped(character: string): string {
	const code = character.charCodeAt(0);
	const hex = code.toString(16);
	const entity = ENTITIES[character];
	const forms = [
		`\\\\{0,16}${literally(character)}${character === '"' ? '"?' : ''}`,
		`%(?:25)*${anyCase(hex)}`,
		`\\\\{1,16}u00${anyCase(hex)}`,
		`&(?:amp;)*#0*${code};`,
		`&(?:amp;)*#[xX]0*${anyCase(hex)};`,
		entity && `&(?:amp;)*${entity};`,
		character === ' ' ? '\\+' : undefined,
	].filter((form) => form !== undefined);
	return `(?:${forms.join('|')})`;
}

/** The two characters in which kinds of base64 differ, also percent-encoded. */
const inAnyAlphabet = (base64: string): string =>
	base64.replace(/[-_]/g, (character) => (character === '-' ? '(?:\\+|-|%2[bB])' : '(?:\\/|_|%2[fF])'));

/** The characters of base64 that a text alone decides, where `before` bytes of a longer text stand before its first group. */
function base64Core(text: string, before: number): string {
	const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(text)]);
	const whole = bytes.toString('base64url');
	const end = Math.floor((bytes.length * 8) / 6);
	const core = whole.slice(Math.ceil((before * 8) / 6), end);
	// The last character stands there if nothing follows.
	return `${inAnyAlphabet(core)}(?:${inAnyAlphabet(whole.slice(end))})?`;
}

/** A short secret is hidden only where it can be nothing else: alone, or as the value of something. */
function shortPattern(secret: string): RegExp {
	const value = [...secret].map(escaped).join('');
	const places = [
		`^${value}$`,
		`(?<==)${value}(?=[&\\s"',;<]|$)`,
		`(?<=:\\s{0,16}|Bearer\\s{1,16})${value}(?=[\\r\\n,;}\\]]|$)`,
		`(?<=[=:]\\s{0,16}["'])${value}(?=["'])`,
	];
	return new RegExp(places.join('|'), 'g');
}

function patternOf(secret: string): RegExp {
	if (secret.length < SHORTEST_SECRET) return shortPattern(secret);
	const forms = [
		[...secret].map(escaped).join(''),
		anyCase(Buffer.from(secret).toString('hex')),
		...[0, 1, 2].map((before) => base64Core(secret, before)),
	];
	return new RegExp(forms.join('|'), 'g');
}

/** Makes the function that hides secrets in a text, also in what a server may have made of them. */
export function createMask(secrets: readonly string[]): (text: string) => string {
	const longestFirst = [...new Set(secrets)]
		.filter((secret) => secret !== '')
		.sort((one, other) => other.length - one.length);
	const patterns = longestFirst.map(patternOf);
	return (text) => patterns.reduce((masked, pattern) => masked.replace(pattern, HIDDEN), text);
}

/** Longest text that a message of ours quotes, in characters, and more. */
const LONGEST_QUOTE = 400;

/** The beginning of a secret with as much of the rest as follows it: a message cuts what it quotes. */
function cutPattern(secret: string): RegExp {
	const parts = [...secret].slice(0, LONGEST_QUOTE).map(escaped);
	const rest = parts.slice(SHORTEST_SECRET).reduceRight((tail, part) => `(?:${part}${tail})?`, '');
	return new RegExp(parts.slice(0, SHORTEST_SECRET).join('') + rest, 'g');
}

/** The longest run of letters and digits at the beginning of a secret, which no escaping changes. */
const plainRun = (secret: string): string =>
	(secret.slice(0, SHORTEST_SECRET).match(/[A-Za-z0-9]+/g) ?? ['']).reduce((longest, run) =>
		run.length > longest.length ? run : longest,
	);

/**
 * Makes the function that hides secrets in our own sentences, where a user has mapped one into an event and a message
 * quotes it, whole or cut. A short secret is not told from ordinary text.
 */
export function createQuoteMask(secrets: readonly string[]): (text: string) => string {
	const patterns = [...new Set(secrets)]
		.filter((secret) => secret.length >= SHORTEST_SECRET)
		.map((secret) => ({ run: plainRun(secret), pattern: cutPattern(secret) }));
	// Looking for the run first costs nearly nothing, and most messages do not have it.
	return (text) =>
		patterns.reduce(
			(masked, { run, pattern }) => (masked.includes(run) ? masked.replace(pattern, HIDDEN) : masked),
			text,
		);
}
