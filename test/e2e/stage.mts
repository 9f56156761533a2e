/** What the parts of the end-to-end test share: one n8n with the package from the tarball, one sandbox, one owner. */
import { join } from 'node:path';

import type { Sandbox } from '../../tools/sandbox/server.mts';
import { root } from '../../tools/scripts/ensure-n8n.mts';
import type { Credential, N8nPlace, Owner, RunningN8n, Workflow } from '../../tools/scripts/real-n8n.mts';

export type Stage = {
	place: N8nPlace;
	/** The packed package. */
	tarball: string;
	/** Where it lies unpacked among n8n's community packages. */
	packageFolder: string;
	sandbox: Sandbox;
	credentials: Credential[];
	owner: Owner;
	/** The examples as imported, by file of `workflows/`. */
	examples: Array<{ file: string; workflow: Workflow }>;
};

export type RunningStage = Stage & { n8n: RunningN8n; rest: Rest };

/** Kept after the run, for the eye; git ignores the folder. */
export const screenshotFolder = join(root, '.tmp', 'screenshots');

/** n8n's own interface as the editor uses it. */
export type Rest = {
	get: <T>(path: string) => Promise<T>;
	post: <T>(path: string, body: unknown) => Promise<T>;
	remove: (path: string) => Promise<unknown>;
	cookie: string;
};

export function restOf(url: string, cookie: string): Rest {
	const call = async <T,>(method: string, path: string, body?: unknown): Promise<T> => {
		const ask = async () =>
			await fetch(`${url}${path}`, {
				method,
				headers: { cookie, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
				...(body === undefined ? {} : { body: JSON.stringify(body) }),
				signal: AbortSignal.timeout(60_000),
			});
		// n8n may close an idle connection just when it is used again; what only reads is asked a second time.
		const answer = await ask().catch(async (error: unknown) => {
			if (method === 'GET') return await ask();
			throw new Error(`${method} ${path}: ${String(error)}`, { cause: error });
		});
		const text = await answer.text();
		if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${text.slice(0, 500)}`);
		const parsed = JSON.parse(text) as { data?: T };
		return (path.startsWith('/rest/') ? parsed.data : parsed) as T;
	};
	return {
		cookie,
		get: async (path) => await call('GET', path),
		post: async (path, body) => await call('POST', path, body),
		remove: async (path) => await call('DELETE', path),
	};
}

/** n8n keeps run data as one list in which strings of digits point at other elements. */
export function unflatten(text: string): unknown {
	const list = JSON.parse(text) as unknown[];
	const done = new Map<number, unknown>();
	const at = (index: number): unknown => {
		if (done.has(index)) return done.get(index);
		const value = list[index];
		if (typeof value !== 'object' || value === null) return value;
		const copy: Record<string, unknown> | unknown[] = Array.isArray(value) ? [] : {};
		done.set(index, copy);
		for (const [key, member] of Object.entries(value)) {
			// Only strings are pointers; numbers, booleans and null stand for themselves.
			(copy as Record<string, unknown>)[key] = typeof member === 'string' ? at(Number(member)) : member;
		}
		return copy;
	};
	return at(0);
}

export type Item = { json: Record<string, unknown>; pairedItem?: unknown };
type NodeRun = { data?: { main?: Array<Item[] | null> }; error?: { message: string; description?: string } };
export type RunData = {
	error?: { message: string; description?: string };
	runData: Record<string, NodeRun[]>;
};
type Execution = { status: string; data: string };

/** The outputs of one node in a finished execution. */
export const outputsOf = (run: RunData, node: string): Item[][] =>
	(run.runData[node]?.[0]?.data?.main ?? []).map((items) => items ?? []);

const pause = async (milliseconds: number) => await new Promise((done) => setTimeout(done, milliseconds));

/** Waits until n8n's list of executions says that this one has ended. */
export async function finished(
	rest: Rest,
	executionId: string,
	seconds = 90,
): Promise<{ status: string; run: RunData }> {
	const until = Date.now() + seconds * 1_000;
	for (;;) {
		const execution = await rest.get<Execution>(`/rest/executions/${executionId}`);
		if (!['new', 'running', 'waiting'].includes(execution.status)) {
			const { resultData } = unflatten(execution.data) as { resultData: RunData };
			return { status: execution.status, run: resultData };
		}
		if (Date.now() > until)
			throw new Error(`execution ${executionId} is still ${execution.status} after ${seconds} s`);
		await pause(250);
	}
}

/** Runs a workflow as the editor's button does, with its pinned data. */
export async function runWorkflow(
	rest: Rest,
	workflow: Workflow,
	trigger: string,
): Promise<{ status: string; run: RunData }> {
	const { executionId } = await rest.post<{ executionId: string }>(`/rest/workflows/${workflow.id}/run`, {
		triggerToStartFrom: { name: trigger },
	});
	return await finished(rest, executionId);
}
