const OCTET = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
const IPV4 = `(?:${OCTET}\\.){3}${OCTET}`;
const GROUP = '[0-9a-f]{1,4}';

/** What may follow `before` groups and a colon where `::` stands for the missing ones; an IPv4 tail counts as two. */
function shortened(before: number): string {
	const tails = [':'];
	if (before < 7) tails.push(`(?::${GROUP}){1,${7 - before}}`);
	if (before < 6) tails.push(`(?::${GROUP}){0,${5 - before}}:${IPV4}`);
	return `${before === 0 ? ':' : `(?:${GROUP}:){${before}}`}(?:${tails.join('|')})`;
}

const FORMS = [
	`(?:${GROUP}:){7}${GROUP}`,
	`(?:${GROUP}:){6}${IPV4}`,
	...Array.from({ length: 8 }, (_, before) => shortened(before)),
];

/** An IPv6 address in any of its written forms, without a zone. */
export const IPV6_ADDRESS = new RegExp(`^(?:${FORMS.join('|')})$`, 'i');

const IPV4_ADDRESS = new RegExp(`^${IPV4}$`);

/** The vendor takes IPv6 only and writes an IPv4 address as its page does: `::ffff:5.255.232.147`. */
export const asIpv6 = (text: string): string => (IPV4_ADDRESS.test(text) ? `::ffff:${text}` : text);
