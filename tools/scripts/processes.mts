/** Programs that run beside a script and never outlive it: n8n, its workers, a database. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';

const onWindows = process.platform === 'win32';

export type Command = {
	/** For messages. */
	name: string;
	program: string;
	args: string[];
	cwd: string;
	env?: NodeJS.ProcessEnv;
	/** Run as this user instead of one's own. */
	uid?: number;
	gid?: number;
};

export type RunningServer = {
	/** Everything it printed so far. */
	log: () => string;
	/** Settles when the process has ended, wanted or not. */
	ended: Promise<void>;
	stop: () => Promise<void>;
	/** Ends it without a word, as a crash does. */
	kill: () => void;
};

/** A program and what it starts form a process group, so that ending it leaves nothing behind. */
function start({ program, args, cwd, env, uid, gid }: Command): ChildProcess {
	return spawn(program, args, {
		cwd,
		env,
		uid,
		gid,
		stdio: ['ignore', 'pipe', 'pipe'],
		detached: !onWindows,
	});
}

function signal(child: ChildProcess, name: NodeJS.Signals): void {
	if (child.pid === undefined) return;
	try {
		if (onWindows) child.kill(name);
		else process.kill(-child.pid, name);
	} catch {
		// It has ended already.
	}
}

/** What runs just now, so that leaving in any way can end it. */
const running = new Set<ChildProcess>();
process.once('exit', () => running.forEach((child) => signal(child, 'SIGKILL')));

function watched(child: ChildProcess): {
	ended: Promise<number | null>;
	log: () => string;
	onText: (listener: () => void) => void;
} {
	running.add(child);
	let text = '';
	let listeners: Array<() => void> = [];
	for (const stream of [child.stdout, child.stderr]) {
		stream?.setEncoding('utf8');
		stream?.on('data', (chunk: string) => {
			text += chunk;
			listeners.forEach((listener) => listener());
		});
	}
	const ended = new Promise<number | null>((done, fail) => {
		child.once('error', fail);
		child.once('close', (code) => {
			running.delete(child);
			// Its helpers, should it have gone without them.
			signal(child, 'SIGKILL');
			done(code);
		});
	});
	return { ended, log: () => text, onText: (listener) => (listeners = [...listeners, listener]) };
}

/** The last lines of what a program printed. */
export const tail = (text: string, lines = 25) => text.trim().split('\n').slice(-lines).join('\n');

/** Runs a program to its end, or kills it after `milliseconds`. */
export async function runToEnd(
	command: Command,
	milliseconds: number,
): Promise<{ code: number | null; output: string }> {
	const child = start(command);
	const { ended, log } = watched(child);
	const timer = setTimeout(() => signal(child, 'SIGKILL'), milliseconds);
	try {
		const code = await ended;
		return { code, output: log() };
	} finally {
		clearTimeout(timer);
	}
}

/** Starts a program and waits until it prints `ready`. */
export async function startServer(
	command: Command,
	{ ready, milliseconds }: { ready: string; milliseconds: number },
): Promise<RunningServer> {
	const { name } = command;
	const child = start(command);
	const { ended, log, onText } = watched(child);
	let timer: NodeJS.Timeout | undefined;
	try {
		await new Promise<void>((done, fail) => {
			onText(() => log().includes(ready) && done());
			ended.then(
				(code) => fail(new Error(`${name} ended (${code}) before it was ready:\n${tail(log())}`)),
				fail,
			);
			timer = setTimeout(
				() => fail(new Error(`${name} was not ready after ${milliseconds / 1000} s:\n${tail(log())}`)),
				milliseconds,
			);
		});
	} catch (error) {
		signal(child, 'SIGKILL');
		throw error;
	} finally {
		clearTimeout(timer);
	}
	return {
		log,
		ended: ended.then(
			() => undefined,
			() => undefined,
		),
		kill: () => signal(child, 'SIGKILL'),
		stop: async () => {
			signal(child, 'SIGTERM');
			const patience = setTimeout(() => signal(child, 'SIGKILL'), 40_000);
			await ended.catch(() => undefined);
			clearTimeout(patience);
		},
	};
}
