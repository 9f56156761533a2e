/** Workflows run for real: headless, by the editor's button, by webhook. The sandbox's store is the judge. */
import assert from 'node:assert/strict';

import { runN8n } from '../../tools/scripts/real-n8n.mts';
import { during, givesWhatItAnnounces, startedByHand } from './announced.mts';
import type { Checks } from './checks.mts';
import { runWorkflow } from './stage.mts';
import type { RunningStage, Stage } from './stage.mts';
import { checkOverTls, checkRefusingProxy } from './tls.mts';
import { execute, ONCE_PATH, WEBHOOK_PATH } from './workflows.mts';

/** `n8n execute` needs no running n8n. */
export async function checkHeadless({ check }: Checks, stage: Stage): Promise<void> {
	await check('workflow: `n8n execute --id` sends an event', async () => {
		const { result, stored } = await during(
			stage,
			async () => await runN8n(stage.place, ['execute', `--id=${execute.id}`, '--rawOutput']),
		);
		assert.equal(result.code, 0, result.output.slice(-2_000));
		assert.deepEqual(
			stored.map(({ event }) => event),
			[{ customUserId: 'executed', customEventName: 'levelUp', customEventParams: { level: '7' } }],
		);
	});
	await check(
		'a proxy that refuses the connection is told as such, and nothing counts as stored',
		async () => await checkRefusingProxy(stage),
	);
	await check(
		'a vendor behind TLS takes an event, and its refusal is told as its own',
		async () => await checkOverTls(stage),
	);
}

export async function checkExamples({ check }: Checks, stage: RunningStage): Promise<void> {
	for (const example of startedByHand(stage)) {
		await check(
			`example: ${example.file} gives what it announces`,
			async () =>
				await givesWhatItAnnounces(
					stage,
					example,
					async () => await runWorkflow(stage.rest, example.workflow, example.trigger),
				),
		);
	}
}

export async function checkWebhook({ check }: Checks, stage: RunningStage): Promise<void> {
	const post = async (body: unknown, path = WEBHOOK_PATH) => {
		const answer = await fetch(`${stage.n8n.url}/webhook/${path}`, {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify(body),
			signal: AbortSignal.timeout(60_000),
		});
		return { status: answer.status, body: (await answer.json()) as Record<string, any> };
	};

	await check('webhook: a sign-up posted over HTTP is stored, ids and letters as they were', async () => {
		const { result, stored } = await during(
			stage,
			async () => await post({ customUserId: '00123456789012345678', idGender: '2' }),
		);
		assert.equal(result.status, 200);
		assert.equal(result.body.delivery?.status, 'accepted', JSON.stringify(result.body));
		assert.deepEqual(
			stored.map(({ event }) => event),
			[{ customUserId: '00123456789012345678', idGender: '2' }],
		);
	});

	await check(
		'webhook: a refused sign-up comes out of the error output with the reason and the caller’s own fields',
		async () => {
			const { result, stored } = await during(
				stage,
				async () => await post({ customUserId: 'sandbox-refuse' }),
			);
			assert.deepEqual(stored, []);
			assert.equal(result.body.details?.delivery?.status, 'rejected', JSON.stringify(result.body));
			assert.match(String(result.body.error), /MyTracker refused/);
			assert.equal(result.body.body?.customUserId, 'sandbox-refuse');
		},
	);

	await check('webhook: an invalid sign-up is not sent at all and says why', async () => {
		const { result, requests } = await during(
			stage,
			async () => await post({ customUserId: 'someone', age: 'very old' }),
		);
		assert.equal(requests.length, 0);
		assert.equal(result.body.details?.delivery?.status, 'invalid', JSON.stringify(result.body));
		assert.deepEqual(
			result.body.details.delivery.issues.map(({ field }: { field: string }) => field),
			['age'],
		);
	});

	await check('webhook: the same order posted again is not sent again, one that failed is', async () => {
		const order = (orderId: string, customUserId = orderId) => ({
			customEventName: 'bought',
			customUserId,
			orderId,
		});
		const send = async (body: object) =>
			(await post(body, ONCE_PATH)).body.delivery as Record<string, unknown>;
		const { result, stored, requests } = await during(stage, async () => [
			await send(order('o-1')),
			await send(order('o-1')),
			await send(order('o-2')),
			await send(order('o-3', 'sandbox-refuse')),
			await send(order('o-3')),
			await send(order('o-3')),
		]);
		assert.deepEqual(
			result.map(({ status, duplicate = false }) => [status, duplicate]),
			[
				['accepted', false],
				['accepted', true],
				['accepted', false],
				['rejected', false],
				['accepted', false],
				['accepted', true],
			],
		);
		assert.deepEqual(
			stored.map(({ event }) => event.customUserId),
			['o-1', 'o-2', 'o-3'],
		);
		assert.equal(requests.length, 4);
	});

	await check('webhook: twenty orders at once, each posted again, are stored once', async () => {
		const orders = Array.from({ length: 20 }, (_, at) => ({
			customEventName: 'bought',
			customUserId: `rush-${at}`,
			orderId: `rush-${at}`,
		}));
		const all = async () => await Promise.all(orders.map(async (one) => await post(one, ONCE_PATH)));
		const { stored } = await during(stage, async () => {
			await all();
			await all();
		});
		assert.deepEqual(
			stored.map(({ event }) => event.customUserId).sort(),
			orders.map(({ customUserId }) => customUserId).sort(),
		);
	});

	await check('webhook: forty at once are each stored once', async () => {
		const ids = Array.from({ length: 40 }, (_, index) => `crowd-${index}`);
		const { stored } = await during(
			stage,
			async () => await Promise.all(ids.map(async (customUserId) => await post({ customUserId }))),
		);
		assert.deepEqual(stored.map(({ event }) => event.customUserId).sort(), [...ids].sort());
	});
}
