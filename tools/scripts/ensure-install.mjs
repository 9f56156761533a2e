/**
 * Installs what the npm scripts need, once: plain JavaScript for any Node.js from 20 on, with nothing installed yet.
 *
 * Install scripts of dependencies stay off: one of them wants another package manager and would end a plain `npm ci`.
 * Only the package `node` is allowed its own: it fetches the Node.js 24 that n8n wants, for the npm scripts here.
 * A stamp in node_modules holds the hash of package-lock.json, so that the usual case costs one small file.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const modules = join(root, 'node_modules');
const stampFile = join(modules, '.ensure-install');

/** @param {string} sentence */
function fail(sentence) {
	process.stderr.write(`${sentence}\n`);
	process.exit(1);
}

/** @param {string} words */
function say(words) {
	process.stderr.write(`${words}\n`);
}

function hashOfLockFile() {
	const lockFile = join(root, 'package-lock.json');
	if (!existsSync(lockFile))
		fail('package-lock.json is missing: get a complete copy of the repository and run this again.');
	return createHash('sha256').update(readFileSync(lockFile)).digest('hex');
}

function hasOwnNode() {
	return ['bin/node', 'bin/node.exe'].some((file) => existsSync(join(modules, 'node', file)));
}

/** Whether an installation without a stamp (made by hand) is the one the lock file asks for. */
function matchesLockFile() {
	const listFile = join(modules, '.package-lock.json');
	if (!existsSync(listFile) || !hasOwnNode()) return false;
	try {
		const installed = JSON.parse(readFileSync(listFile, 'utf8')).packages;
		const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
		return Object.entries(wanted).every(
			([path, entry]) =>
				path === '' || entry.optional || entry.devOptional || installed[path]?.version === entry.version,
		);
	} catch {
		return false;
	}
}

/**
 * @param {string[]} args of npm
 * @param {string} sentence said if it fails
 */
function npm(args, sentence) {
	// The Node.js inside node_modules is removed by `npm ci`: npm must not be started with it.
	const path = (process.env.PATH ?? '')
		.split(delimiter)
		.filter((folder) => !folder.includes(`${sep}node_modules${sep}.bin`))
		.join(delimiter);
	const result = spawnSync('npm', args, {
		cwd: root,
		stdio: ['ignore', 'inherit', 'inherit'],
		env: { ...process.env, PATH: path },
		shell: process.platform === 'win32',
	});
	if (result.error)
		fail(
			`npm could not be started (${result.error.message}): install Node.js 20 or later, which brings npm.`,
		);
	if (result.status !== 0) fail(sentence);
}

if (Number(process.versions.node.split('.')[0]) < 20) {
	fail(`Node.js 20 or later is needed, this is ${process.versions.node}.`);
}

const hash = hashOfLockFile();
const stamp = existsSync(stampFile) ? readFileSync(stampFile, 'utf8').trim() : '';
if (stamp !== hash) {
	if (!matchesLockFile()) {
		say('Installing the development dependencies, once (about a minute) …');
		npm(
			['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'],
			'The dependencies could not be installed: `npm ci --ignore-scripts` failed, see above. Is the network there?',
		);
		say('Fetching Node.js for the npm scripts …');
		npm(
			['rebuild', 'node', '--ignore-scripts=false', '--loglevel=error'],
			'Node.js could not be fetched: `npm rebuild node` failed, see above. Is the network there?',
		);
		if (!hasOwnNode()) fail('Node.js could not be fetched: `npm rebuild node` left no program behind.');
		say('Installed.');
	}
	writeFileSync(stampFile, `${hash}\n`);
}
