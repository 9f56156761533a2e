/** Puts owner, repository and author into package.json, the one file that names them. */
import { addressesOf, PLACEHOLDER, type Repository } from '../packages/github.mts';
import type { PackManifest } from '../packages/vendor-package.mts';

export interface Author {
	name: string;
	email: string;
}

/** `owner/repository`, as on GitHub. */
export function repositoryFrom(text: string): Repository {
	const [, owner, name] = /^([A-Za-z0-9][A-Za-z0-9-]*)\/([A-Za-z0-9._-]+)$/.exec(text) ?? [];
	if (owner === undefined || name === undefined || /^\.+$|\.git$/.test(name))
		throw new Error(`'${text}' is not owner/repository, such as n8n-io/n8n.`);
	return { owner, name };
}

/** `Ada Lovelace <ada@example.org>`. */
export function authorFrom(text: string): Author {
	const [, name, email] = /^\s*([^<>]*[^<>\s])\s*<([^<>@\s]+@[^<>@\s]+)>\s*$/.exec(text) ?? [];
	if (name === undefined || email === undefined)
		throw new Error(`'${text}' is not an author, such as "Ada Lovelace <ada@example.org>".`);
	return { name, email };
}

/** The author to be filled in: the given one, or git's where none is named yet. */
export const chosenAuthor = (
	{ author }: PackManifest,
	given: Author | undefined,
	ofGit: () => Author | undefined,
): Author | undefined => given ?? (author.name === PLACEHOLDER.author ? ofGit() : undefined);

/** The text of package.json with the given values; the order of its members stays. */
export function filledIn(text: string, repository: Repository, author: Author | undefined): string {
	const manifest = JSON.parse(text) as PackManifest;
	const filled = { ...manifest, ...addressesOf(repository), ...(author ? { author } : {}) };
	return `${JSON.stringify(filled, null, '\t')}\n`;
}
