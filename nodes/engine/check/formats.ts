import type { Pattern } from '../operation/operation';

const OCTET = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
const IPV4_TEXT = `(?:${OCTET}\\.){3}${OCTET}`;
const GROUP = '[0-9a-f]{1,4}';

/** What may follow `before` groups and a colon where `::` stands for the missing ones; an IPv4 tail counts as two. */
function shortened(before: number): string {
	const tails = [':'];
	if (before < 7) tails.push(`(?::${GROUP}){1,${7 - before}}`);
	if (before < 6) tails.push(`(?::${GROUP}){0,${5 - before}}:${IPV4_TEXT}`);
	return `${before === 0 ? ':' : `(?:${GROUP}:){${before}}`}(?:${tails.join('|')})`;
}

const IPV6_FORMS = [
	`(?:${GROUP}:){7}${GROUP}`,
	`(?:${GROUP}:){6}${IPV4_TEXT}`,
	...Array.from({ length: 8 }, (_, before) => shortened(before)),
];

/** Four numbers from 0 to 255 without leading zeros, which some programs read as octal. */
export const IPV4: Pattern = {
	is: new RegExp(`^${IPV4_TEXT}$`),
	description: 'an IPv4 address such as 203.0.113.7',
};

/** An address in any of its written forms (RFC 4291), without a zone. */
export const IPV6: Pattern = {
	is: new RegExp(`^(?:${IPV6_FORMS.join('|')})$`, 'i'),
	description: 'an IPv6 address such as 2001:db8::1',
};

/** Something on both sides of one @: what an address may hold beyond that is the mail server's to say. */
export const EMAIL: Pattern = {
	is: /^[^\s@]+@[^\s@]+$/,
	description: 'an e-mail address such as buyer@example.com',
};

/** Any version and variant, in either case, all zeros included. */
export const UUID: Pattern = {
	is: /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i,
	description: 'an identifier of the form 8-4-4-4-12 hexadecimal digits',
};
