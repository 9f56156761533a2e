/**
 * `npm run n8n`: the real n8n on loopback with this package installed, the sandbox of the vendors beside it, credentials that
 * point there and the example workflows. Ctrl-C ends all. Everything lies in `.n8n-host/`; `--fresh` starts over.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { startSandbox } from '../sandbox/server.mts';
import { ensureN8n, root } from './ensure-n8n.mts';
import {
	buildAndPack,
	createOwner,
	credentialOfNode,
	credentialsFor,
	exampleWorkflows,
	freePorts,
	hasOwner,
	importCredentials,
	importWorkflows,
	installPackage,
	isFree,
	linkHostModules,
	newOwner,
	recipeWorkflows,
	startN8n,
	userFolderIn,
	withSandboxCredentials,
} from './real-n8n.mts';
import type { N8nPlace, Owner } from './real-n8n.mts';

const folder = join(root, '.n8n-host');
const userFolder = userFolderIn(folder);
const memoFile = join(folder, 'memo.json');

/** What one start leaves for the next: the same addresses and password, and which examples came in. */
type Memo = { ports: number[]; owner: Owner; imported: Record<string, string> };

function remembered(): Memo {
	const memo: Memo = { ports: [], owner: newOwner(), imported: {} };
	return existsSync(memoFile)
		? { ...memo, ...(JSON.parse(readFileSync(memoFile, 'utf8')) as Partial<Memo>) }
		: memo;
}

async function portsLike(last: number[]): Promise<number[]> {
	const free = await freePorts(3);
	return await Promise.all(
		free.map(async (port, index) =>
			last[index] !== undefined && (await isFree(last[index])) ? last[index] : port,
		),
	);
}

const hashOf = (value: unknown) =>
	createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 16);

async function main(): Promise<void> {
	const { values } = parseArgs({ options: { fresh: { type: 'boolean', default: false } } });
	if (values.fresh) rmSync(folder, { recursive: true, force: true });
	mkdirSync(userFolder, { recursive: true });

	const command = await ensureN8n();
	console.log('Building and packing the package …');
	const packageFolder = installPackage(buildAndPack(join(folder, 'packed')), userFolder);

	const memo = remembered();
	const [port, brokerPort, sandboxPort] = (memo.ports = await portsLike(memo.ports));
	// Without it n8n takes America/New_York, and reads times without a zone as of there.
	const extra = { GENERIC_TIMEZONE: Intl.DateTimeFormat().resolvedOptions().timeZone };
	const place: N8nPlace = { command, userFolder, port, brokerPort, extra };
	linkHostModules(place);
	// Long life, bounded memory: the page shows the last requests anyway.
	const sandbox = await startSandbox({ port: sandboxPort, keep: 1_000 });

	console.log('Bringing in credentials and example workflows …');
	const credentials = credentialsFor(sandbox.credentials);
	if (credentials.length > 0) await importCredentials(place, credentials);
	// An example that is in already is left alone, unless we have changed it: its user may have worked on it.
	const fresh = [...exampleWorkflows(), ...recipeWorkflows()].filter(
		({ file, workflow }) => memo.imported[file] !== hashOf(workflow),
	);
	if (fresh.length > 0) {
		const credentialOf = credentialOfNode(packageFolder);
		await importWorkflows(
			place,
			fresh.map(({ file, workflow }) =>
				withSandboxCredentials(workflow, file.replace(/\.json$/, ''), credentials, credentialOf),
			),
		);
		for (const { file, workflow } of fresh) memo.imported[file] = hashOf(workflow);
	}

	console.log('Starting n8n …');
	const n8n = await startN8n(place);
	if (!(await hasOwner(n8n.url))) await createOwner(n8n.url, memo.owner);
	writeFileSync(memoFile, JSON.stringify(memo, null, '\t'), { mode: 0o600 });

	console.log(`
  n8n      ${n8n.url}
           sign in as ${memo.owner.email} with the password ${memo.owner.password}
  sandbox  ${sandbox.url}/   shows what arrives at the four vendors

In n8n open a workflow, or make one: key N opens the node panel, type the vendor's name.
The credentials named "(sandbox)" are good in the sandbox and nowhere else.
Ctrl-C ends both. They keep their addresses and what you make; npm run n8n -- --fresh starts over.`);

	let ending = false;
	const end = async (words: string, code: number) => {
		if (ending) return;
		ending = true;
		console.log(words);
		await n8n.stop();
		await sandbox.close();
		process.exit(code);
	};
	for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
		process.on(name, () => void end('\nEnding n8n and the sandbox …', 0));
	// An npm that is killed does not pass it on; without a parent there is nobody to press Ctrl-C.
	const parent = process.ppid;
	setInterval(() => process.ppid !== parent && void end('', 0), 2_000).unref();
	void n8n.ended.then(
		async () => await end(`n8n has ended:\n${n8n.log().trim().split('\n').slice(-25).join('\n')}`, 1),
	);
}

main().catch((error: unknown) => {
	console.error(error instanceof Error ? error.message : String(error));
	process.exit(1);
});
