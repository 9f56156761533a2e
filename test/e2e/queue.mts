/**
 * Queue mode as n8n runs at scale: PostgreSQL and Redis, one main, two workers, each with the package of its own. 200 webhook
 * calls come in; in the middle one worker dies without a warning. The sandbox's store and n8n's list of executions are compared.
 */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import lodash from 'lodash';

import { root } from '../../tools/scripts/ensure-n8n.mts';
import {
	createOwner,
	credentialOfNode,
	freePorts,
	importCredentials,
	importWorkflows,
	installPackage,
	linkHostModules,
	newOwner,
	publishWorkflow,
	startN8n,
	userFolderIn,
	withSandboxCredentials,
} from '../../tools/scripts/real-n8n.mts';
import type { N8nPlace, RunningN8n } from '../../tools/scripts/real-n8n.mts';
import type { Checks } from './checks.mts';
import { startPostgres, startRedis } from './servers.mts';
import { restOf } from './stage.mts';
import type { Rest, Stage } from './stage.mts';
import { once, ONCE_PATH, queue } from './workflows.mts';

/** Calls answered as soon as n8n has taken them; the others by so many callers at a time, answered after the sending. */
const CALLS = { atOnce: 140, afterSending: 60 };
const CALLERS = 6;
/** How long the vendor takes to answer, so that the worker dies with requests on their way. */
const ANSWER_MS = 250;
/** Killed when so many events have arrived. */
const KILLED_AT = 60;

type Summary = { id: string; workflowId: string; status: string };

/** n8n's own settings for a lost worker are 60, 10 and 30 s; shorter ones change when it notices, not what it does. */
const SOON = {
	QUEUE_WORKER_LOCK_DURATION: '15000',
	QUEUE_WORKER_LOCK_RENEW_TIME: '3000',
	QUEUE_WORKER_STALLED_INTERVAL: '5000',
};

type Cluster = { main: RunningN8n; workers: RunningN8n[]; rest: Rest; stop: () => Promise<void> };

async function startCluster(stage: Stage): Promise<Cluster> {
	// Outside the project: the database's user may not be able to enter it.
	const servers = mkdtempSync(join(tmpdir(), 'server-events-queue-'));
	chmodSync(servers, 0o711);
	const ending: Array<() => Promise<void> | void> = [() => rmSync(servers, { recursive: true, force: true })];
	const stop = async () => {
		for (const end of ending.reverse()) await end();
	};
	try {
		const postgres = await startPostgres(servers);
		ending.push(postgres.stop);
		const redis = await startRedis(servers);
		ending.push(redis.stop);

		const shared = {
			EXECUTIONS_MODE: 'queue',
			DB_TYPE: 'postgresdb',
			DB_POSTGRESDB_HOST: '127.0.0.1',
			DB_POSTGRESDB_PORT: String(postgres.port),
			DB_POSTGRESDB_USER: postgres.user,
			DB_POSTGRESDB_DATABASE: postgres.database,
			QUEUE_BULL_REDIS_HOST: '127.0.0.1',
			QUEUE_BULL_REDIS_PORT: String(redis.port),
			N8N_ENCRYPTION_KEY: randomBytes(24).toString('base64url'),
			...SOON,
		};
		const place = async (name: string): Promise<N8nPlace> => {
			const [port, brokerPort] = await freePorts(2);
			const userFolder = userFolderIn(join(root, '.tmp', 'e2e', name));
			const made = { command: stage.place.command, userFolder, port, brokerPort, extra: shared };
			installPackage(stage.tarball, userFolder);
			linkHostModules(made);
			return made;
		};
		const main = await place('queue-main');
		await importCredentials(main, stage.credentials);
		const workflows = [...Object.values(queue), once];
		const credentialOf = credentialOfNode(stage.packageFolder);
		await importWorkflows(
			main,
			workflows.map((workflow) =>
				withSandboxCredentials(workflow, workflow.id, stage.credentials, credentialOf),
			),
		);
		for (const { id } of workflows) await publishWorkflow(main, id);
		const running = await startN8n(main);
		ending.push(running.stop);
		const starting = ['queue-worker-1', 'queue-worker-2'].map(async (name) => {
			const worker = await startN8n(await place(name), {
				args: ['worker', '--concurrency=5'],
				ready: 'n8n worker is now ready',
			});
			ending.push(worker.stop);
			return worker;
		});
		// Should one fail, the other is waited for, so that it is ended too.
		await Promise.allSettled(starting);
		const workers = await Promise.all(starting);
		return {
			main: running,
			workers,
			rest: restOf(running.url, await createOwner(running.url, newOwner())),
			stop,
		};
	} catch (error) {
		await stop();
		throw error;
	}
}

const isOver = ({ status }: Summary) => !['new', 'running', 'waiting'].includes(status);

/**
 * Executions 1 to `total`, oldest first, when all of them are over; this database has had no others. Each is asked for by its
 * number: the list is two queries, of those that run and of those that are over, and an execution that ends between them is in neither.
 */
async function allExecutions(rest: Rest, total: number, seconds: number): Promise<Summary[]> {
	const until = Date.now() + seconds * 1_000;
	for (;;) {
		const executions = await Promise.all(
			Array.from(
				{ length: total },
				async (_, index) => await rest.get<Summary>(`/rest/executions/${index + 1}`),
			),
		);
		if (executions.every(isOver)) return executions;
		if (Date.now() > until)
			throw new Error(
				`after ${seconds} s n8n still has executions that are ${JSON.stringify(lodash.countBy(executions, 'status'))}`,
			);
		await new Promise((done) => setTimeout(done, 500));
	}
}

export async function checkQueueMode({ check }: Checks, stage: Stage): Promise<void> {
	const { sandbox } = stage;
	const starting = startCluster(stage);
	const started = await check(
		'queue mode: PostgreSQL, Redis, a main and two workers start with the package',
		async () => void (await starting),
		900,
	);
	if (!started) {
		// It may have been late only.
		void starting.then(
			async ({ stop }) => await stop(),
			() => undefined,
		);
		return;
	}
	const { main, workers, rest, stop } = await starting;
	try {
		sandbox.reset();
		sandbox.faults.always(() => ({
			waitFor: new Promise((done) => setTimeout(done, ANSWER_MS)),
			afterStoring: true,
		}));
		const total = CALLS.atOnce + CALLS.afterSending;
		const usersAtOnce = Array.from({ length: CALLS.atOnce }, (_, index) => `at-once-${index}`);
		const usersAfter = Array.from({ length: CALLS.afterSending }, (_, index) => `after-sending-${index}`);
		const call = async (path: string, customUserId: string) => {
			const answer = await fetch(`${main.url}/webhook/${path}`, {
				method: 'POST',
				headers: { 'content-type': 'application/json' },
				body: JSON.stringify({ customUserId }),
				signal: AbortSignal.timeout(120_000),
			});
			return { status: answer.status, body: await answer.text() };
		};
		const answers = new Map<string, { status: number; body: string }>();
		let list: Summary[] = [];

		const answered = await check(
			`queue mode: ${total} webhook calls are all answered while a worker dies`,
			async () => {
				const killed = sandbox.arrived(KILLED_AT, 'myTracker').then(workers[1].kill);
				const atOnce = async () => {
					// One after another: so the executions are numbered as the calls are.
					for (const user of usersAtOnce) answers.set(user, await call('e2e-queue-at-once', user));
				};
				const waiting = [...usersAfter];
				const afterSending = async () => {
					for (let user = waiting.shift(); user !== undefined; user = waiting.shift())
						answers.set(user, await call('e2e-queue-after', user));
				};
				await Promise.all([atOnce(), ...Array.from({ length: CALLERS }, afterSending), killed]);
				await workers[1].ended;
				assert.equal(answers.size, total);
				assert.deepEqual(
					usersAtOnce.filter((user) => answers.get(user)!.status !== 200),
					[],
				);
			},
			300,
		);

		if (!answered) return;

		const listed = await check(
			'queue mode: each event is stored once, or n8n’s list shows its execution as failed',
			async () => {
				list = await allExecutions(rest, total, 180);
				const { results } = await rest.get<{ results: Summary[] }>('/rest/executions?limit=100');
				assert.equal(Math.max(...results.map(({ id }) => Number(id))), total, 'one execution a call');
				const stored = lodash.countBy(sandbox.stored('myTracker'), ({ event }) => String(event.customUserId));
				assert.deepEqual(
					Object.entries(stored).filter(([, times]) => times > 1),
					[],
					'stored twice',
				);

				const outcomes = list
					.filter(({ workflowId }) => workflowId === queue.atOnce.id)
					.map(({ status }, index) => ({
						user: usersAtOnce[index],
						status,
						stored: stored[usersAtOnce[index]] ?? 0,
					}));
				assert.equal(outcomes.length, CALLS.atOnce);
				assert.deepEqual(
					outcomes.filter((one) => one.status === 'success' && one.stored !== 1),
					[],
					'a success without its event',
				);
				assert.ok(
					list.some(({ status }) => status !== 'success'),
					'the worker died with executions on its hands',
				);
				const counts = lodash.countBy(
					outcomes,
					(one) => `${one.status}, event ${one.stored === 1 ? 'stored' : 'not stored'}`,
				);
				console.log(
					`      ${Object.entries(counts)
						.map(([what, times]) => `${times} × ${what}`)
						.join('; ')}`,
				);
			},
			300,
		);

		if (!listed) return;

		await check(
			'queue mode: a caller who waits for the sending hears of each event that may be lost',
			async () => {
				const stored = new Set(sandbox.stored('myTracker').map(({ event }) => event.customUserId));
				const { true: good = [], false: bad = [] } = lodash.groupBy(
					usersAfter,
					(user) => answers.get(user)!.status === 200,
				);
				assert.deepEqual(
					good.filter(
						(user) => !stored.has(user) || !answers.get(user)!.body.includes('"status":"accepted"'),
					),
					[],
					'told of a success that was none',
				);
				assert.deepEqual(
					bad.filter((user) => answers.get(user)!.status !== 500),
					[],
				);
				const failed = list.filter(
					({ workflowId, status }) => workflowId === queue.afterSending.id && status !== 'success',
				);
				assert.equal(
					failed.length,
					bad.length,
					'one failed execution for each caller who was told of a failure',
				);
				console.log(
					`      ${good.length} × 200, event stored; ${bad.length} × 500, of which stored ${bad.filter((user) => stored.has(user)).length}`,
				);
			},
			300,
		);

		await check('queue mode: an order that is posted again is not sent again by a worker', async () => {
			sandbox.faults.clear();
			const before = sandbox.stored('myTracker').length;
			const post = async (orderId: string) => {
				const answer = await fetch(`${main.url}/webhook/${ONCE_PATH}`, {
					method: 'POST',
					headers: { 'content-type': 'application/json' },
					body: JSON.stringify({ customEventName: 'bought', customUserId: orderId, orderId }),
					signal: AbortSignal.timeout(60_000),
				});
				return ((await answer.json()) as { delivery: { status: string; duplicate?: boolean } }).delivery;
			};
			const answers = [await post('q-1'), await post('q-1'), await post('q-2'), await post('q-1')];
			assert.deepEqual(
				answers.map(({ status, duplicate = false }) => [status, duplicate]),
				[
					['accepted', false],
					['accepted', true],
					['accepted', false],
					['accepted', true],
				],
			);
			assert.equal(sandbox.stored('myTracker').length - before, 2);
		});
	} finally {
		sandbox.faults.clear();
		await stop();
	}
}
