/** Chromium for the editor test: found, or installed from Debian's packages where that is possible. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

import { chromium } from 'playwright-core';
import type { Browser } from 'playwright-core';

const NAMES = ['chromium', 'chromium-headless-shell', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
const FLAGS = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

function onPath(names: string[]): string | undefined {
	const folders = (process.env.PATH ?? '').split(delimiter);
	return names.flatMap((name) => folders.map((folder) => join(folder, name))).find((file) => existsSync(file));
}

/** Debian's own package, where this is Debian and we may install. */
function install(): void {
	if (process.getuid?.() !== 0 || !onPath(['apt-get'])) return;
	console.log('Installing Chromium from Debian’s packages …');
	const apt = (...args: string[]) => spawnSync('apt-get', args, { stdio: 'ignore', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } }).status === 0;
	const get = () => ['chromium-headless-shell', 'chromium'].some((name) => apt('install', '-y', '--no-install-recommends', name));
	if (!get() && apt('update')) get();
}

export async function launchBrowser(): Promise<Browser> {
	const named = process.env.CHROMIUM_BIN;
	if (named && !existsSync(named)) throw new Error(`CHROMIUM_BIN names ${named}, which does not exist.`);
	if (!named && !onPath(NAMES)) install();
	const executablePath = named ?? onPath(NAMES);
	if (!executablePath) throw new Error('Chromium is missing: install it (Debian: apt-get install chromium) or name one in CHROMIUM_BIN.');
	return await chromium.launch({ executablePath, args: FLAGS });
}
