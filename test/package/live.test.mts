/** `npm run live` against the sandbox, which here plays the real vendors. */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';

import { operations } from '../../index.ts';
import { variableName } from '../../tools/live/account.mts';
import { methodsOf } from '../../tools/live/check.mts';
import { liveEvents } from '../../tools/live/events.mts';
import { secretsOf } from '../../tools/sandbox/credentials.mts';
import { startSandbox, type Sandbox } from '../../tools/sandbox/server.mts';
import { packedNodes } from '../../tools/scripts/vendor-packages.mts';

const root = process.cwd();
let sandbox: Sandbox;
let folder: string;
beforeAll(async () => {
	sandbox = await startSandbox();
	folder = mkdtempSync(join(tmpdir(), 'live-'));
});
beforeEach(() => sandbox.reset());
afterAll(async () => {
	await sandbox?.close();
	rmSync(folder, { recursive: true, force: true });
});

async function live(vendor: string, answer: string, environment: Record<string, string>) {
	const child = spawn(process.execPath, ['--no-warnings', join(root, 'tools', 'live', 'live.mts'), vendor], {
		env: { ...process.env, ...environment, INIT_CWD: folder },
	});
	let text = '';
	for (const stream of [child.stdout, child.stderr]) stream.on('data', (piece) => (text += String(piece)));
	child.stdin.end(`${answer}\n`);
	const code = await new Promise<number | null>((done) => child.once('close', done));
	return { text, code };
}

const vendors = [...new Set(packedNodes(root).map(({ vendor }) => vendor))];
const ownOperations = (vendor: string) =>
	operations.filter(({ name }) =>
		packedNodes(root).some((node) => node.name === name && node.vendor === vendor),
	);
const environmentOf = (vendor: string, more: Record<string, string> = {}) => {
	const type = ownOperations(vendor)[0].credential.type as keyof typeof sandbox.credentials;
	return Object.fromEntries(
		Object.entries({ ...sandbox.credentials[type], ...more }).map(([field, value]) => [
			variableName(vendor, field),
			value,
		]),
	);
};

test('every operation that sends has a marked event in tools/live/events.mts', () => {
	expect(operations.map(({ name }) => name).filter((name) => !liveEvents[name])).toEqual([]);
});

describe.each(vendors)('%s', (vendor) => {
	test('sends one event of each method after a yes, as expected, and writes no secret', async () => {
		const { text, code } = await live(vendor.toLowerCase(), 'yes', environmentOf(vendor));
		const count = methodsOf(ownOperations(vendor)).length;
		expect(text.match(/✓/g) ?? text).toHaveLength(count);
		expect(text).toContain(`${count} of ${count} answers are as expected.\n`);
		expect(code).toBe(0);
		// A question stores nothing.
		const taken = sandbox.requests.filter(
			({ stored, operation, status }) => stored === 1 || (operation === 'choose' && status === 200),
		);
		expect(taken).toHaveLength(count);
		const written = readFileSync(join(folder, `live-${vendor.toLowerCase()}.md`), 'utf8');
		expect(written.match(/\| yes \|$/gm)).toHaveLength(count);
		for (const secret of secretsOf(sandbox.credentials)) expect(written + text).not.toContain(secret);
	});
});

test('without the key that only some of them need, those are left out', async () => {
	const { text, code } = await live('vibetrace', 'yes', environmentOf('Vibetrace', { apiKey: '' }));
	expect(text).toContain('Left out: Create Event, which needs VIBETRACE_API_KEY.');
	expect(text).toContain('Left out: Save User, which needs VIBETRACE_API_KEY.');
	expect(text.match(/✓/g)).toHaveLength(2);
	expect(code).toBe(0);
});

test('nothing is sent after any answer but yes', async () => {
	const { text, code } = await live('mytracker', 'y', environmentOf('MyTracker'));
	expect(text).toContain('Nothing was sent.');
	expect([code, sandbox.requests.length]).toEqual([0, 0]);
});

test('a refused key differs from what is expected, and the exit code says so', async () => {
	const { text, code } = await live(
		'mytracker',
		'yes',
		environmentOf('MyTracker', { token: 'not-the-right-token' }),
	);
	expect(text).toContain('✗ Registration, single: notAttempted');
	expect(text).not.toContain('not-the-right-token');
	expect(code).toBe(1);
});

test('missing variables and an unknown vendor are named', async () => {
	expect((await live('mytracker', 'yes', { MYTRACKER_TOKEN: '' })).text).toContain(
		'Set MYTRACKER_TOKEN, MYTRACKER_APP_ID first.',
	);
	const { text } = await live('appmetrica', 'yes', { APPMETRICA_POST_API_KEY: '' });
	// What to put into each, also what the events need beside the credential.
	expect(text).toContain("APPMETRICA_POST_API_KEY (needed)\n      The Post API key from your app's settings");
	expect(text).toContain('APPMETRICA_PROFILE_ID (n8n_live_check unless set)');
	expect(text).toContain(
		"APPMETRICA_POST_API_KEY='…' APPMETRICA_APPLICATION_ID='…' npm run live -- appmetrica",
	);
	expect((await live('other', 'yes', {})).text).toContain('Usage: npm run live -- <vendor>, one of ');
	expect(existsSync(join(folder, 'live-other.md'))).toBe(false);
});
