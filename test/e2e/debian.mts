/** Programs that the end-to-end test needs: found on PATH, or installed from Debian's packages where that is possible. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

export function onPath(names: string[]): string | undefined {
	const folders = (process.env.PATH ?? '').split(delimiter);
	return names
		.flatMap((name) => folders.map((folder) => join(folder, name)))
		.find((file) => existsSync(file));
}

/** Installs one of the packages, the first there is, where this is Debian and we may install; nothing happens elsewhere. */
export function installOneOf(packages: string[], reason: string): void {
	if (process.getuid?.() !== 0 || !onPath(['apt-get'])) return;
	console.log(`Installing ${reason} from Debian’s packages …`);
	// The test starts its own servers. A run level of 1 keeps Debian from starting what it installs, but for machines that
	// run systemd; there it is stopped afterwards.
	const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
	const apt = (...args: string[]) => spawnSync('apt-get', args, { stdio: 'ignore', env }).status === 0;
	const install = () => packages.some((name) => apt('install', '-y', '--no-install-recommends', name));
	if (!install() && apt('update')) install();
	if (existsSync('/run/systemd/system'))
		spawnSync('systemctl', ['disable', '--now', ...packages], { stdio: 'ignore' });
}
