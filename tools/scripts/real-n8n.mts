/**
 * The real n8n with this package in it, for `npm run n8n` and the end-to-end tests: packs the package, puts it where n8n
 * keeps community packages, brings in workflows and credentials, starts n8n on loopback and ends it again.
 */
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
	copyFileSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	renameSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { dirname, join, resolve } from 'node:path';

import type { SandboxCredentials } from '../sandbox/server.mts';
import { nodeEnvironment, projectNode, root } from './ensure-n8n.mts';
import type { N8nCommand } from './ensure-n8n.mts';
import { runToEnd, startServer, tail } from './processes.mts';
import type { Command, RunningServer } from './processes.mts';

const onWindows = process.platform === 'win32';

type PackageJson = {
	name: string;
	version: string;
	scripts?: Record<string, string>;
	dependencies?: Record<string, string>;
	n8n: { nodes: string[]; credentials: string[] };
};

export type Owner = { email: string; firstName: string; lastName: string; password: string };

export type Workflow = {
	id: string;
	name: string;
	nodes: Array<
		{
			name: string;
			type: string;
			typeVersion: number;
			parameters: Record<string, unknown>;
			credentials?: Record<string, { id: string; name: string }>;
		} & Record<string, unknown>
	>;
	connections: Record<string, unknown>;
} & Record<string, unknown>;

/** Where one n8n lives and how it is reached. */
export type N8nPlace = {
	command: N8nCommand;
	userFolder: string;
	port: number;
	brokerPort: number;
	extra?: Record<string, string>;
};

export type RunningN8n = RunningServer & { url: string };

export function packageJson(): PackageJson {
	return JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as PackageJson;
}

/** Ports nobody listens on just now, all different. */
export async function freePorts(count: number): Promise<number[]> {
	const servers = await Promise.all(
		Array.from({ length: count }, async () => {
			const server = createServer();
			await new Promise<void>((done, fail) => {
				server.once('error', fail);
				server.listen(0, '127.0.0.1', done);
			});
			return server;
		}),
	);
	const ports = servers.map((server) => (server.address() as AddressInfo).port);
	await Promise.all(servers.map(async (server) => await new Promise((done) => server.close(done))));
	return ports;
}

export async function isFree(port: number): Promise<boolean> {
	return await new Promise((done) => {
		const server = createServer();
		server.once('error', () => done(false));
		server.listen(port, '127.0.0.1', () => server.close(() => done(true)));
	});
}

// ---------------------------------------------------------------------------------------------------------------------
// The package

function command(name: string, args: string[], cwd: string): string {
	const result = spawnSync(name, args, {
		cwd,
		encoding: 'utf8',
		env: nodeEnvironment(),
		shell: onWindows,
		maxBuffer: 64_000_000,
	});
	if (result.status !== 0)
		throw new Error(
			`${name} ${args.join(' ')} failed: ${result.error?.message ?? `${result.stderr}${result.stdout}`.trim()}`,
		);
	return result.stdout;
}

function build(): void {
	if (packageJson().scripts?.build) {
		command('npm', ['run', '--silent', 'build'], root);
		return;
	}
	command(
		projectNode(),
		[join(root, 'node_modules', 'typescript', 'bin', 'tsc'), '-p', 'tsconfig.json'],
		root,
	);
	mkdirSync(join(root, 'dist', 'icons'), { recursive: true });
	for (const file of readdirSync(join(root, 'icons')))
		copyFileSync(join(root, 'icons', file), join(root, 'dist', 'icons', file));
}

/** Builds the package and packs it as npm would publish it; returns the tarball. */
export function buildAndPack(folder: string): string {
	build();
	mkdirSync(folder, { recursive: true });
	const packed = JSON.parse(
		command(
			'npm',
			['pack', '--json', '--ignore-scripts', '--loglevel=error', '--pack-destination', folder],
			root,
		),
	) as Array<{ filename: string; files: Array<{ path: string }> }>;
	const inside = new Set(packed[0].files.map(({ path }) => path));
	const { nodes, credentials } = packageJson().n8n;
	const missing = [...nodes, ...credentials].filter((path) => !inside.has(path));
	if (missing.length > 0) throw new Error(`The tarball lacks what package.json lists: ${missing.join(', ')}`);
	return join(folder, packed[0].filename);
}

/**
 * Does to a tarball what n8n does to a community package that a user installs: unpacked under `nodes/node_modules`, without
 * the dependencies that only its authors need, and listed in `nodes/package.json`. n8n would run `npm install` for the
 * dependencies that are left; the package must have none.
 */
export function installPackage(tarball: string, userFolder: string): string {
	const nodesFolder = join(userFolder, '.n8n', 'nodes');
	const unpacked = mkdtempSync(join(ensured(userFolder), 'unpacked-'));
	command('tar', ['-xzf', tarball, '-C', unpacked, '--strip-components=1'], userFolder);
	const { devDependencies, peerDependencies, optionalDependencies, ...kept } = JSON.parse(
		readFileSync(join(unpacked, 'package.json'), 'utf8'),
	) as PackageJson & Record<string, unknown>;
	if (Object.keys(kept.dependencies ?? {}).length > 0)
		throw new Error('The package must have no dependencies of its own.');
	writeFileSync(join(unpacked, 'package.json'), JSON.stringify(kept, null, 2));
	const target = join(nodesFolder, 'node_modules', kept.name);
	rmSync(target, { recursive: true, force: true });
	ensured(join(nodesFolder, 'node_modules'));
	// A move inside one folder, so that n8n never sees half a package.
	renameSync(unpacked, target);
	writeFileSync(
		join(nodesFolder, 'package.json'),
		JSON.stringify(
			{ name: 'installed-nodes', private: true, dependencies: { [kept.name]: kept.version } },
			null,
			2,
		),
	);
	return target;
}

/**
 * Where an n8n of this project lives below `folder`. Inside a `node_modules`, because lint, tests and other tools pass those
 * by: n8n keeps a copy of its editor there, a minute's work for a linter.
 */
export const userFolderIn = (folder: string): string => join(folder, 'node_modules', '.n8n-user');

/**
 * A user's packages lie in a home folder and find `n8n-workflow`, `zod`, `lodash` and `luxon` in n8n itself, by NODE_PATH. Inside this project
 * they would find the project's development copies first: a second `n8n-workflow`, whose errors are strangers to n8n.
 */
export function linkHostModules({ command, userFolder }: N8nPlace): void {
	const script = command.args[0];
	if (script === undefined) return;
	const folder = ensured(dirname(userFolder));
	for (const name of ['n8n-workflow', 'zod', 'lodash', 'luxon']) {
		const link = join(folder, name);
		rmSync(link, { recursive: true, force: true });
		symlinkSync(hostModule(script, name), link, onWindows ? 'junction' : 'dir');
	}
}

/** Where n8n itself finds a package. */
function hostModule(script: string, name: string): string {
	const folder = (createRequire(script).resolve.paths(name) ?? [])
		.map((path) => join(path, name))
		.find((path) => existsSync(path));
	if (!folder) throw new Error(`The n8n at ${dirname(script)} has no ${name}.`);
	return folder;
}

function ensured(folder: string): string {
	mkdirSync(folder, { recursive: true });
	return folder;
}

// ---------------------------------------------------------------------------------------------------------------------
// n8n itself

/** n8n reads some hundred variables; those of the person who runs this must not reach it, nor its own telemetry leave. */
function environment(place: N8nPlace): NodeJS.ProcessEnv {
	const foreign =
		/^(N8N_|DB_|EXECUTIONS_|QUEUE_|CREDENTIALS_|EXTERNAL_|WEBHOOK_|GENERIC_TIMEZONE|NODE_ENV$|NODE_OPTIONS$|npm_)/i;
	const own = Object.fromEntries(Object.entries(nodeEnvironment()).filter(([name]) => !foreign.test(name)));
	return {
		...own,
		N8N_USER_FOLDER: place.userFolder,
		N8N_PORT: String(place.port),
		N8N_LISTEN_ADDRESS: '127.0.0.1',
		N8N_HOST: '127.0.0.1',
		N8N_PROTOCOL: 'http',
		N8N_RUNNERS_BROKER_PORT: String(place.brokerPort),
		N8N_SECURE_COOKIE: 'false',
		N8N_ENFORCE_SETTINGS_FILE_PERMISSIONS: 'true',
		N8N_DIAGNOSTICS_ENABLED: 'false',
		N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
		N8N_VERSION_NOTIFICATIONS_WHATS_NEW_ENABLED: 'false',
		N8N_DYNAMIC_BANNERS_ENABLED: 'false',
		N8N_HIRING_BANNER_ENABLED: 'false',
		N8N_PERSONALIZATION_ENABLED: 'false',
		N8N_TEMPLATES_ENABLED: 'false',
		// The list of verified packages is fetched from the network; ours is installed without it.
		N8N_VERIFIED_PACKAGES_ENABLED: 'false',
		EXTERNAL_FRONTEND_HOOKS_URLS: '',
		NO_COLOR: '1',
		...place.extra,
	};
}

const asked = (place: N8nPlace, args: string[]): Command => ({
	name: 'n8n',
	program: place.command.program,
	args: [...place.command.args, ...args],
	// n8n reads a `.env` of its working directory.
	cwd: ensured(place.userFolder),
	env: environment(place),
});

/** Runs one of n8n's commands to its end. */
export async function runN8n(
	place: N8nPlace,
	args: string[],
	milliseconds = 300_000,
): Promise<{ code: number | null; output: string }> {
	return await runToEnd(asked(place, args), milliseconds);
}

async function runOrThrow(place: N8nPlace, args: string[], proof: string): Promise<string> {
	const { code, output } = await runN8n(place, args);
	// Some commands log their failure and still end with 0.
	if (code !== 0 || !output.includes(proof))
		throw new Error(`n8n ${args[0]} failed (${code}):\n${tail(output)}`);
	return output;
}

/** Starts n8n (or a worker) and waits until it says that it is ready. */
export async function startN8n(
	place: N8nPlace,
	options: { args?: string[]; ready?: string; milliseconds?: number } = {},
): Promise<RunningN8n> {
	const { args = ['start'], ready = 'Editor is now accessible via', milliseconds = 300_000 } = options;
	return {
		url: `http://127.0.0.1:${place.port}`,
		...(await startServer(asked(place, args), { ready, milliseconds })),
	};
}

// ---------------------------------------------------------------------------------------------------------------------
// What is brought into it

/** n8n wants a capital letter and a digit in a password. */
export const newOwner = (): Owner => ({
	email: 'owner@example.com',
	firstName: 'Sandbox',
	lastName: 'Owner',
	password: `A1-${randomBytes(9).toString('base64url')}`,
});

/** Creates the owner's account; returns the cookie of the signed-in owner. */
export async function createOwner(url: string, owner: Owner): Promise<string> {
	return await cookieFrom(`${url}/rest/owner/setup`, owner);
}

export async function signIn(url: string, owner: Owner): Promise<string> {
	return await cookieFrom(`${url}/rest/login`, { emailOrLdapLoginId: owner.email, password: owner.password });
}

async function cookieFrom(address: string, body: unknown): Promise<string> {
	const answer = await fetch(address, {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify(body),
	});
	if (!answer.ok)
		throw new Error(
			`${new URL(address).pathname} answered ${answer.status}: ${(await answer.text()).slice(0, 300)}`,
		);
	return answer.headers
		.getSetCookie()
		.map((cookie) => cookie.split(';')[0])
		.join('; ');
}

export async function hasOwner(url: string): Promise<boolean> {
	const settings = (await (await fetch(`${url}/rest/settings`)).json()) as {
		data: { userManagement: { showSetupOnFirstLoad: boolean } };
	};
	return !settings.data.userManagement.showSetupOnFirstLoad;
}

export type Credential = { id: string; name: string; type: string; data: object };

const CREDENTIAL_NAMES: Record<keyof SandboxCredentials, string> = {
	myTrackerApi: 'MyTracker (sandbox)',
	appMetricaApi: 'AppMetrica (sandbox)',
	gravityFieldApi: 'Gravity Field (sandbox)',
	vibetraceApi: 'Vibetrace (sandbox)',
	appMetricaOAuthApi: 'AppMetrica OAuth (sandbox)',
};

/** Good credentials of the sandbox, of those types that the package has. */
export function credentialsFor(sandbox: SandboxCredentials): Credential[] {
	const listed = packageJson().n8n.credentials.join(' ').toLowerCase();
	return Object.entries(sandbox)
		.filter(([type]) => listed.includes(`/${type.toLowerCase()}.`))
		.map(([type, data]) => ({
			id: `sandbox-${type}`,
			name: CREDENTIAL_NAMES[type as keyof SandboxCredentials],
			type,
			data: data as object,
		}));
}

/** A workflow whose nodes of this package use the sandbox's credentials; its id is kept, or made from `name`. */
export function withSandboxCredentials(
	workflow: Workflow,
	name: string,
	credentials: Credential[],
	credentialOf: (nodeType: string) => string | undefined,
): Workflow {
	return {
		...workflow,
		id: workflow.id || name.replace(/[^A-Za-z0-9]/g, '').slice(0, 21),
		active: false,
		nodes: workflow.nodes.map((node) => {
			const credential = credentials.find(({ type }) => type === credentialOf(node.type));
			return credential
				? { ...node, credentials: { [credential.type]: { id: credential.id, name: credential.name } } }
				: node;
		}),
	};
}

/** Which credential a node of the installed package uses, asked of the node itself; its AI twin uses the same. */
export function credentialOfNode(packageFolder: string): (nodeType: string) => string | undefined {
	const load = createRequire(join(packageFolder, 'package.json'));
	const { name, n8n } = load('./package.json') as PackageJson;
	const byType = new Map<string, string | undefined>();
	for (const path of n8n.nodes) {
		const className = path.split('/').at(-1)!.split('.')[0];
		const Node = (
			load(resolve(packageFolder, path)) as Record<
				string,
				new () => { description: { name: string; credentials?: Array<{ name: string }> } }
			>
		)[className];
		const { description } = new Node();
		byType.set(`${name}.${description.name}`, description.credentials?.[0]?.name);
	}
	return (nodeType) => byType.get(nodeType) ?? byType.get(nodeType.replace(/Tool$/, ''));
}

type WorkflowFile = { file: string; workflow: Workflow };

const workflowsIn = (folder: string): WorkflowFile[] =>
	readdirSync(folder)
		.filter((file) => file.endsWith('.json'))
		.sort()
		.map((file) => ({ file, workflow: JSON.parse(readFileSync(join(folder, file), 'utf8')) as Workflow }));

/** One for each node and way of sending. */
export const exampleWorkflows = (): WorkflowFile[] => workflowsIn(join(root, 'workflows'));
/** Those that are meant for use. */
export const recipeWorkflows = (): WorkflowFile[] => workflowsIn(join(root, 'workflows', 'recipes'));

export async function importCredentials(place: N8nPlace, credentials: readonly Credential[]): Promise<void> {
	const file = join(ensured(place.userFolder), 'import-credentials.json');
	writeFileSync(file, JSON.stringify(credentials), { mode: 0o600 });
	try {
		await runOrThrow(place, ['import:credentials', `--input=${file}`], 'Successfully imported');
	} finally {
		rmSync(file, { force: true });
	}
}

export async function importWorkflows(place: N8nPlace, workflows: Workflow[]): Promise<void> {
	const file = join(ensured(place.userFolder), 'import-workflows.json');
	writeFileSync(file, JSON.stringify(workflows));
	try {
		await runOrThrow(
			place,
			['import:workflow', `--input=${file}`],
			`Successfully imported ${workflows.length}`,
		);
	} finally {
		rmSync(file, { force: true });
	}
}

/** Makes a workflow live from n8n's next start on. */
export async function publishWorkflow(place: N8nPlace, id: string): Promise<void> {
	await runOrThrow(place, ['publish:workflow', `--id=${id}`], 'Publishing workflow');
}
