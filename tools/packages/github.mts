/** The repository on GitHub, as package.json names it: the one place that knows owner and repository. */
import type { PackManifest } from './vendor-package.mts';

/** What stands in package.json until `npm run publish:setup -- owner/repository` has been run. */
export const PLACEHOLDER = { owner: 'owner-to-be-named', author: 'Owner to be named' };

export interface Repository {
	owner: string;
	name: string;
}

const ADDRESS = /^git\+https:\/\/github\.com\/([A-Za-z0-9-]+)\/([A-Za-z0-9._-]+?)\.git$/;

export function repositoryOf({ repository }: Pick<PackManifest, 'repository'>): Repository {
	const [, owner, name] = ADDRESS.exec(repository.url) ?? [];
	if (owner === undefined || name === undefined)
		throw new Error(`The repository of package.json is not on GitHub: ${repository.url}`);
	return { owner, name };
}

/** The members of package.json that name the repository. */
export const addressesOf = ({ owner, name }: Repository) => ({
	homepage: `https://github.com/${owner}/${name}#readme`,
	bugs: { url: `https://github.com/${owner}/${name}/issues` },
	repository: { type: 'git', url: `git+https://github.com/${owner}/${name}.git` },
});

/** A file of the repository as a page, and as it is. */
export const pageOf = ({ owner, name }: Repository, path: string): string =>
	`https://github.com/${owner}/${name}/blob/main/${path}`;
export const rawOf = ({ owner, name }: Repository, path: string): string =>
	`https://raw.githubusercontent.com/${owner}/${name}/main/${path}`;
