/** How a secret may stand in what a vendor echoes: plain, percent- and form-encoded, in JSON, in both kinds of base64. */
function formsOf(secret: string): string[] {
	const percent = encodeURIComponent(secret);
	const bytes = Buffer.from(secret, 'utf8');
	return [
		secret,
		percent,
		percent.replace(/'/g, '%27'),
		percent.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()),
		new URLSearchParams({ s: secret }).toString().slice(2),
		JSON.stringify(secret).slice(1, -1),
		bytes.toString('base64').replace(/=+$/, ''),
		bytes.toString('base64url'),
	];
}

/** Hides the run's secrets in a text. */
export function createMask(secrets: readonly string[]): (text: string) => string {
	const forms = new Set(secrets.filter((secret) => secret.length > 0).flatMap(formsOf));
	const longestFirst = [...forms].sort((one, other) => other.length - one.length);
	return (text) => longestFirst.reduce((masked, form) => masked.split(form).join('***'), text);
}
