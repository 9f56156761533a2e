/**
 * Checks the pack with a real account of your own: `npm run live -- <vendor>`. Reads the credential from environment
 * variables, shows what it would send, asks, sends one marked event of each method, and sets the vendor's answers beside what
 * the sandbox answers. Writes `live-<vendor>.md` without secrets.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { fileURLToPath } from 'node:url';

import type { Operation } from '../../nodes/engine/operation/operation.ts';
import { createMask } from '../../nodes/engine/delivery/mask.ts';
import { createEngine } from '../harness/engine.mts';
import { startSandbox, type Sandbox } from '../sandbox/server.mts';
import { packedNodes } from '../scripts/vendor-packages.mts';
import { EVENT_VARIABLES, explained, readAccount, variablesOf } from './account.mts';
import { methodsOf, runMethod, type Checked, type Method } from './check.mts';
import { MARK } from './events.mts';
import { agrees, asMarkdown } from './report.mts';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const say = (text: string) => process.stdout.write(`${text}\n`);

/** A reason to stop that needs no stack trace. */
class Stop extends Error {}

function vendorOf(word: string | undefined): string {
	const vendors = [...new Set(packedNodes(root).map(({ vendor }) => vendor))];
	const found = vendors.find((vendor) => vendor.toLowerCase() === word?.toLowerCase());
	if (!found)
		throw new Stop(
			`Usage: npm run live -- <vendor>, one of ${vendors.map((vendor) => vendor.toLowerCase()).join(', ')}`,
		);
	return found;
}

async function confirmed(question: string): Promise<boolean> {
	const lines = createInterface({ input: process.stdin, output: process.stdout });
	try {
		return (await lines.question(question)).trim().toLowerCase() === 'yes';
	} finally {
		lines.close();
	}
}

/** What a vendor's events need beside the credential. */
function forEvents(vendor: string): string {
	const { name, fallback } = EVENT_VARIABLES[vendor];
	return process.env[name]?.trim() || fallback;
}

/** What an answer alone does not tell. */
const LOOK: Readonly<Record<string, string>> = {
	AppMetrica: `AppMetrica answers 200 also for events that it drops. Look in your app's reports for ${MARK} in four hours at the latest; if it is not there, set APPMETRICA_PROFILE_ID to a profile that the app's SDK has reported.`,
	MyTracker: `Look in your reports for users whose ID begins with ${MARK}, in four hours at the latest.`,
	'Gravity Field': `Look in your section's events for ${MARK}.`,
	Vibetrace: `Look in your account for the event ${MARK}.`,
};

async function live(word: string | undefined): Promise<boolean> {
	const vendor = vendorOf(word);
	const load = createRequire(join(root, 'package.json'));
	const { operations } = load('./dist/index.js') as { operations: readonly Operation[] };
	const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
	const names = new Set(
		packedNodes(root)
			.filter((node) => node.vendor === vendor)
			.map(({ name }) => name),
	);
	const own = operations.filter(({ name }) => names.has(name));
	const [first] = own;
	if (!first) throw new Stop(`${vendor} has no operation that sends.`);

	const engine = await createEngine({ packageDirectory: root });
	let sandbox: Sandbox | undefined;
	try {
		const { credential } = first;
		const type = engine.credentialTypes[credential.type];
		if (!type) throw new Stop(`The package has no credential ${credential.type}.`);
		const variables = variablesOf(vendor, type);
		const account = readAccount(variables, credential.required, process.env);
		if ('missing' in account) {
			throw new Stop(
				`Set ${account.missing.join(', ')} first. These environment variables are read:\n${explained(vendor, variables, credential.required)}`,
			);
		}
		const secrets = variables
			.filter(({ isSecret }) => isSecret)
			.map(({ field }) => String(account.data[field] ?? ''));
		const mask = createMask(secrets.filter((secret) => secret !== ''));
		const context = {
			id: Date.now().toString(36),
			now: Math.floor(Date.now() / 1_000),
			profileId: forEvents('AppMetrica'),
			email: forEvents('Vibetrace'),
		};

		const titles = new Map(own.map(({ name, title }) => [name, title]));
		const titleOf = ({ operation, sendAs }: Method) => `${titles.get(operation)}, ${sendAs}`;
		// Some operations of a vendor need more than others, such as a key.
		const lacks = ({ required }: Operation['credential']) =>
			variables
				.filter(({ field }) => required.includes(field) && !account.data[field])
				.map(({ name }) => name);
		for (const { name, credential: binding } of own) {
			const missing = lacks(binding);
			if (missing.length) say(`Left out: ${titles.get(name)}, which needs ${missing.join(', ')}.`);
		}
		const methods = methodsOf(own.filter((operation) => lacks(operation.credential).length === 0));
		const planned: Array<Pick<Checked, 'method' | 'request'>> = [];
		for (const method of methods) {
			const { request, message } = await runMethod(
				engine,
				method,
				context,
				credential.type,
				account.data,
				true,
			);
			if (!request) throw new Stop(`${method.operation} cannot be sent: ${message ?? 'it gave no request'}`);
			planned.push({ method, request });
			say(`\n${titleOf(method)}\n  ${mask(`${String(request.method)} ${String(request.url)}`)}`);
			const lines = String(request.body ?? '').trimEnd();
			if (lines) say(mask(lines).replace(/^/gm, '  '));
		}
		const host = new URL(String(account.data.baseUrl)).host;
		say('');
		if (!(await confirmed(`Send these ${methods.length} events to ${host}? Type yes: `))) {
			say('Nothing was sent.');
			return true;
		}

		sandbox = await startSandbox();
		const expected = sandbox.credentials[credential.type as keyof typeof sandbox.credentials];
		const checked: Checked[] = [];
		for (const plan of planned) {
			const found = await runMethod(engine, plan.method, context, credential.type, account.data, false);
			const asExpected = await runMethod(
				engine,
				plan.method,
				context,
				credential.type,
				{ ...expected },
				false,
			);
			const one: Checked = { ...plan, vendor: found, sandbox: asExpected };
			checked.push(one);
			const { status, httpStatus, message } = found;
			say(
				`${agrees(one) ? '✓' : '✗'} ${titleOf(plan.method)}: ${status}${httpStatus ? ` (${httpStatus})` : ''}${message ? `, ${mask(message)}` : ''}; expected ${asExpected.status}${asExpected.httpStatus ? ` (${asExpected.httpStatus})` : ''}`,
			);
		}
		const file = resolve(process.env.INIT_CWD ?? '.', `live-${vendor.toLowerCase()}.md`);
		const date = new Date().toISOString().slice(0, 10);
		writeFileSync(file, asMarkdown(first.vendor, checked, { version, date, host }, mask));
		const same = checked.filter(agrees).length;
		say(`\n${same} of ${checked.length} answers are as expected.`);
		if (LOOK[first.vendor]) say(LOOK[first.vendor]);
		say(`Written to ${file}; it holds no secret, so that it can be attached to an issue.`);
		return checked.every(agrees);
	} finally {
		await engine.close();
		await sandbox?.close();
	}
}

try {
	process.exitCode = (await live(process.argv[2])) ? 0 : 1;
} catch (error) {
	if (!(error instanceof Stop)) throw error;
	console.error(error.message);
	process.exitCode = 1;
}
