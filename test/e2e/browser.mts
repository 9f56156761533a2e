/** Chromium for the editor test. */
import { existsSync } from 'node:fs';

import { chromium } from 'playwright-core';
import type { Browser } from 'playwright-core';

import { installOneOf, onPath } from './debian.mts';

const NAMES = [
	'chromium',
	'chromium-headless-shell',
	'chromium-browser',
	'google-chrome',
	'google-chrome-stable',
	'chrome',
];
const FLAGS = [
	'--headless',
	'--no-sandbox',
	'--disable-gpu',
	'--disable-quic',
	'--no-first-run',
	'--disable-background-networking',
	'--disable-component-update',
	'--disable-sync',
];

export async function launchBrowser(): Promise<Browser> {
	const named = process.env.CHROMIUM_BIN;
	if (named && !existsSync(named)) throw new Error(`CHROMIUM_BIN names ${named}, which does not exist.`);
	if (!named && !onPath(NAMES)) installOneOf(['chromium-headless-shell', 'chromium'], 'Chromium');
	const executablePath = named ?? onPath(NAMES);
	if (!executablePath)
		throw new Error(
			'Chromium is missing: install it (Debian: apt-get install chromium) or name one in CHROMIUM_BIN.',
		);
	return await chromium.launch({ executablePath, args: FLAGS });
}
