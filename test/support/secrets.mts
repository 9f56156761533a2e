/** Looks for secrets in whatever a run leaves behind. */

/** The forms in which a secret may show itself. */
export function formsOf(secret: string): string[] {
	const percent = encodeURIComponent(secret);
	const lowerHex = percent.replace(/%[0-9A-F]{2}/g, (escape) => escape.toLowerCase());
	const base64 = Buffer.from(secret).toString('base64');
	return [
		...new Set([
			secret,
			percent,
			lowerHex,
			new URLSearchParams({ s: secret }).toString().slice(2),
			JSON.stringify(secret).slice(1, -1),
			// In a CSV cell, alone and in JSON text.
			secret.replace(/"/g, '""'),
			JSON.stringify(secret).slice(1, -1).replace(/"/g, '""'),
			base64,
			base64.replace(/=+$/, ''),
			Buffer.from(secret).toString('base64url'),
			Buffer.from(secret).toString('hex'),
			Buffer.from(secret).toString('hex').toUpperCase(),
			secret.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`),
			secret
				.replace(/&/g, '&amp;')
				.replace(/</g, '&lt;')
				.replace(/>/g, '&gt;')
				.replace(/"/g, '&quot;')
				.replace(/'/g, '&#x27;'),
			// In the middle of a longer text; the characters that mix with its neighbours are left out.
			...[1, 2].map((before) =>
				Buffer.from('-'.repeat(before) + secret)
					.toString('base64')
					.slice(before + 1, Math.floor(((before + secret.length) * 8) / 6)),
			),
		]),
	];
}

/** Paths of every text reachable from `root` that holds one of the forms; an error's own hidden members are looked at, too. */
export function findLeaks(root: unknown, secrets: readonly string[]): string[] {
	const needles = secrets.flatMap(formsOf);
	const leaks: string[] = [];
	const seen = new Set<object>();
	const look = (text: string, path: string) => {
		if (needles.some((needle) => text.includes(needle))) leaks.push(path);
	};
	const waiting: Array<[unknown, string]> = [[root, '']];
	for (let next = waiting.pop(); next; next = waiting.pop()) {
		const [value, path] = next;
		if (typeof value === 'string') look(value, path);
		if (typeof value !== 'object' || value === null || seen.has(value)) continue;
		seen.add(value);
		if (Buffer.isBuffer(value)) {
			look(value.toString('utf8'), path);
			continue;
		}
		if (value instanceof Map)
			for (const [name, member] of value)
				waiting.push([name, `${path}<key>`], [member, `${path}<${String(name)}>`]);
		if (value instanceof Set) for (const member of value) waiting.push([member, `${path}<member>`]);
		// Own names, so that `message`, `stack` and `cause` of errors are among them.
		for (const name of Object.getOwnPropertyNames(value)) {
			look(name, `${path}.${name} (the name)`);
			waiting.push([(value as Record<string, unknown>)[name], `${path}.${name}`]);
		}
	}
	return leaks;
}
