/** PostgreSQL and Redis for n8n's queue mode: Debian's, on free loopback ports, in a folder of their own, ended after. */
import { spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { freePorts } from '../../tools/scripts/real-n8n.mts';
import { runToEnd, startServer, tail } from '../../tools/scripts/processes.mts';
import type { RunningServer } from '../../tools/scripts/processes.mts';
import { installOneOf, onPath } from './debian.mts';

export type Server = RunningServer & { port: number };

/** A program of a Debian package, which is installed if need be; `folders` are looked through beside PATH. */
function programOf(name: string, packages: string[], folders: () => string[] = () => []): string {
	const found = () =>
		onPath([name]) ??
		folders()
			.map((folder) => join(folder, name))
			.find((file) => existsSync(file));
	if (!found()) installOneOf(packages, packages[0]);
	const program = found();
	if (!program)
		throw new Error(
			`${name} is missing, which queue mode needs: install it (Debian: apt-get install ${packages[0]}).`,
		);
	return program;
}

/** Debian keeps PostgreSQL's programs of each version in a folder of its own, off PATH. */
function postgresFolders(): string[] {
	const folder = '/usr/lib/postgresql';
	return existsSync(folder) ? readdirSync(folder).map((version) => join(folder, version, 'bin')) : [];
}

/** PostgreSQL refuses to run as root: then as the user its package made. */
function postgresUser(): { uid?: number; gid?: number } {
	if (process.getuid?.() !== 0) return {};
	const idOf = (flag: string) => {
		const { status, stdout } = spawnSync('id', [flag, 'postgres'], { encoding: 'utf8' });
		if (status !== 0)
			throw new Error(
				'PostgreSQL does not run as root, and there is no user postgres: install PostgreSQL from Debian’s packages.',
			);
		return Number(stdout);
	};
	return { uid: idOf('-u'), gid: idOf('-g') };
}

/** An empty database; anybody on this machine may enter while it lives. `folder` must be open to its user. */
export async function startPostgres(folder: string): Promise<Server & { user: string; database: string }> {
	const initdb = programOf('initdb', ['postgresql'], postgresFolders);
	const postgres = programOf('postgres', ['postgresql'], postgresFolders);
	const [port] = await freePorts(1);
	const owner = postgresUser();
	const home = join(folder, 'postgres');
	mkdirSync(home, { recursive: true });
	if (owner.uid !== undefined && owner.gid !== undefined) chownSync(home, owner.uid, owner.gid);
	const data = join(home, 'data');
	const common = { cwd: home, env: { PATH: process.env.PATH, LC_ALL: 'C.UTF-8' }, ...owner };
	const made = await runToEnd(
		{
			name: 'initdb',
			program: initdb,
			args: ['-D', data, '-U', 'n8n', '-A', 'trust', '-E', 'UTF8', '--no-sync'],
			...common,
		},
		60_000,
	);
	if (made.code !== 0) throw new Error(`initdb failed (${made.code}):\n${tail(made.output)}`);
	// Its data need not outlive a power cut.
	const settings = {
		listen_addresses: '127.0.0.1',
		unix_socket_directories: '',
		fsync: 'off',
		max_connections: '60',
	};
	const args = [
		'-D',
		data,
		'-p',
		String(port),
		...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
	];
	const server = await startServer(
		{ name: 'PostgreSQL', program: postgres, args, ...common },
		{ ready: 'ready to accept connections', milliseconds: 60_000 },
	);
	return { ...server, port, user: 'n8n', database: 'postgres' };
}

export async function startRedis(folder: string): Promise<Server> {
	const program = programOf('redis-server', ['redis-server']);
	const [port] = await freePorts(1);
	const home = join(folder, 'redis');
	mkdirSync(home, { recursive: true });
	const args = [
		'--port',
		String(port),
		'--bind',
		'127.0.0.1',
		'--save',
		'',
		'--appendonly',
		'no',
		'--dir',
		home,
	];
	const server = await startServer(
		{ name: 'Redis', program, args, cwd: home, env: process.env },
		{ ready: 'Ready to accept connections', milliseconds: 60_000 },
	);
	return { ...server, port };
}
