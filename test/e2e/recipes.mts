/** The recipes of `workflows/recipes/`, run as their users would run them. The sandbox's store is the judge. */
import assert from 'node:assert/strict';

import type { RecordedRequest, StoredEvent, Vendor } from '../../tools/sandbox/server.mts';
import { recipeWorkflows } from '../../tools/scripts/real-n8n.mts';
import type { Workflow } from '../../tools/scripts/real-n8n.mts';
import type { Checks } from './checks.mts';
import { mcpSession } from './mcp-client.mts';
import type { McpSession, Tool } from './mcp-client.mts';
import { finished, outputsOf, runWorkflow } from './stage.mts';
import type { Rest, RunData, RunningStage } from './stage.mts';

const recipe = (file: string): Workflow => {
	const found = recipeWorkflows().find((one) => one.file === file);
	if (!found) throw new Error(`There is no recipe ${file}`);
	return found.workflow;
};

const signUp = recipe('webhook-sign-up.json');
const order = recipe('webhook-order.json');
const nightly = recipe('nightly-appmetrica-csv.json');
const lastNight = recipe('did-last-night-arrive.json');
const paidOrder = recipe('webhook-paid-order.json');
const refund = recipe('webhook-refund.json');
const revenue = recipe('nightly-revenue.json');
const goodThenFail = recipe('send-good-then-fail.json');
const mcp = recipe('mcp-server.json');

/** Those that listen. The nightly one is started by hand here. */
export const publishedRecipes = [signUp, order, paidOrder, refund, mcp];

// ---------------------------------------------------------------------------------------------------------------------
// Looking at what happened

/** What reached the sandbox while `body` ran, by vendor. */
async function during<T>({ sandbox }: RunningStage, body: () => Promise<T>) {
	const before = sandbox.requests.at(-1)?.number ?? 0;
	const result = await body();
	const requests: RecordedRequest[] = sandbox.requests.filter(({ number }) => number > before);
	const stored = (vendor: Vendor): StoredEvent[] =>
		sandbox.stored(vendor).filter(({ request }) => request > before);
	return { result, requests, stored };
}

/** The body of the item that a recipe pins to its webhook: what its expressions expect. */
const sampleOf = (workflow: Workflow, node: string) =>
	structuredClone((workflow.pinData as Record<string, Array<{ json: { body: any } }>>)[node][0].json.body);

/** The newest execution of a workflow. Numbers of executions only grow. */
async function newest(rest: Rest, workflow: Workflow): Promise<number> {
	const filter = encodeURIComponent(JSON.stringify({ workflowId: workflow.id }));
	const { results } = await rest.get<{ results: Array<{ id: string }> }>(
		`/rest/executions?limit=1&filter=${filter}`,
	);
	return Number(results[0]?.id ?? 0);
}

/** Does what starts an execution in the background, and waits for its end. */
async function executionAfter(
	rest: Rest,
	workflow: Workflow,
	begin: () => Promise<unknown>,
): Promise<{ id: number; status: string; run: RunData }> {
	const before = await newest(rest, workflow);
	await begin();
	const until = Date.now() + 30_000;
	for (;;) {
		const id = await newest(rest, workflow);
		if (id > before) return { id, ...(await finished(rest, String(id))) };
		assert.ok(Date.now() < until, 'no execution began within 30 s');
		await new Promise((done) => setTimeout(done, 250));
	}
}

/** Posts as the site or the shop does. The recipes of orders and refunds answer after they have sent. */
async function posted({ n8n, rest }: RunningStage, workflow: Workflow, body: unknown, answered = 200) {
	const { path } = workflow.nodes.find(({ type }) => type === 'n8n-nodes-base.webhook')!.parameters as {
		path: string;
	};
	return await executionAfter(rest, workflow, async () => {
		const post = async () =>
			await fetch(`${n8n.url}/webhook/${path}`, {
				method: 'POST',
				headers: { 'content-type': 'application/json' },
				body: JSON.stringify(body),
				signal: AbortSignal.timeout(60_000),
			});
		let answer = await post();
		// On a busy machine n8n says that it is ready before it has registered the webhooks.
		for (const until = Date.now() + 30_000; answer.status === 404 && Date.now() < until;) {
			await new Promise((done) => setTimeout(done, 500));
			answer = await post();
		}
		assert.equal(answer.status, answered, await answer.text());
	});
}

const retried = async ({ rest }: RunningStage, workflow: Workflow, id: number) =>
	await executionAfter(
		rest,
		workflow,
		async () => await rest.post(`/rest/executions/${id}/retry`, { loadWorkflow: false }),
	);

const vendorsOf = (requests: readonly RecordedRequest[]) => requests.map(({ vendor }) => vendor);

const reasonOf = (run: RunData) => `${run.error?.message}: ${run.error?.description}`;

// ---------------------------------------------------------------------------------------------------------------------
// The checks

async function checkSignUp({ check }: Checks, stage: RunningStage): Promise<void> {
	await check('recipe: a posted sign-up reaches MyTracker and Gravity Field', async () => {
		const { result, requests, stored } = await during(
			stage,
			async () => await posted(stage, signUp, sampleOf(signUp, 'Sign-up')),
		);
		assert.equal(result.status, 'success', reasonOf(result.run));
		assert.equal(requests.length, 2);
		const [registration] = stored('myTracker');
		assert.equal(registration.event.customUserId, '0001047');
		assert.equal(registration.event.lvid, '3f1c9a52d7e84b60a1f2c3d4e5f60718');
		const [signed] = stored('gravityField');
		assert.equal(signed.event.type, 'signup-v1');
		for (const hash of [signed.event.hashedEmail, signed.event.cuid])
			assert.match(String(hash), /^[0-9a-f]{64}$/);
		const sent = requests
			.map(({ url, body }) => url + body.toString())
			.join('\n')
			.toLowerCase();
		for (const personal of ['anna@example.com', '345-67-89', '79123456789'])
			assert.ok(!sent.includes(personal), `${personal} has left n8n`);
	});

	await check(
		'recipe: a sign-up that MyTracker cannot take is still stored by Gravity Field, and the execution says what failed',
		async () => {
			const body = sampleOf(signUp, 'Sign-up');
			body.user.age = 'very old';
			const { result, stored } = await during(stage, async () => await posted(stage, signUp, body));
			assert.equal(result.status, 'error');
			assert.match(String(result.run.error?.message), /^MyTracker: Not sent: 'Age' /);
			assert.deepEqual([stored('myTracker').length, stored('gravityField').length], [0, 1]);
		},
	);

	await check('recipe: a sign-up that both refuse names both', async () => {
		const body = sampleOf(signUp, 'Sign-up');
		body.user.id = 'sandbox-refuse';
		const { result } = await during(stage, async () => await posted(stage, signUp, body));
		assert.equal(result.status, 'error');
		assert.match(String(result.run.error?.message), /^MyTracker: .+ \| Gravity Field: .+/);
	});
}

async function checkOrder({ check }: Checks, stage: RunningStage): Promise<void> {
	const body = sampleOf(order, 'Order');

	await check('recipe: a posted order reaches Vibetrace and Gravity Field', async () => {
		const { result, stored } = await during(stage, async () => await posted(stage, order, body));
		assert.equal(result.status, 'success', reasonOf(result.run));
		const [confirmation] = stored('vibetrace');
		assert.deepEqual(confirmation.event.items, [
			{ id: 'SKU-1', quantity: 2 },
			{ id: 'SKU-2', quantity: 1 },
		]);
		assert.equal((confirmation.event.generic as Record<string, unknown>).orderId, body.orderNumber);
		const [purchase] = stored('gravityField');
		assert.equal(purchase.event.type, 'purchase-v1');
		assert.equal(purchase.event.uniqueTransactionId, body.orderNumber);
	});

	await check('recipe: an order posted again is sent to nobody', async () => {
		const { result, requests } = await during(stage, async () => await posted(stage, order, body));
		assert.equal(result.status, 'success', reasonOf(result.run));
		assert.equal(requests.length, 0);
	});

	await check(
		'recipe: the pinned order, run in the editor, was posted before and is sent to nobody',
		async () => {
			const { result, requests } = await during(
				stage,
				async () => await runWorkflow(stage.rest, order, 'Order'),
			);
			assert.equal(result.status, 'success', reasonOf(result.run));
			assert.equal(requests.length, 0);
			const [[sent]] = outputsOf(result.run, 'Purchase in Gravity Field');
			assert.equal((sent.json.delivery as Record<string, unknown>).duplicate, true);
		},
	);

	await check(
		'recipe: after a refusal of Vibetrace the Retry button brings the order to both, once, and a later post to nobody',
		async () => {
			const again = { ...body, orderNumber: 'ORD-9002' };
			stage.sandbox.faults.push({ vendor: 'vibetrace', status: 403 });
			const { result, stored } = await during(stage, async () => {
				const first = await posted(stage, order, again, 500);
				assert.equal(first.status, 'error');
				const retry = await retried(stage, order, first.id);
				await posted(stage, order, again);
				return retry;
			});
			assert.equal(result.status, 'success', reasonOf(result.run));
			assert.deepEqual([stored('vibetrace').length, stored('gravityField').length], [1, 1]);
		},
	);

	await check(
		'recipe: after a refusal of Gravity Field a second post of the order reaches just it',
		async () => {
			const again = { ...body, orderNumber: 'ORD-9003' };
			stage.sandbox.faults.push({ vendor: 'gravityField', status: 403 });
			const { result: failed } = await during(stage, async () => await posted(stage, order, again, 500));
			assert.equal(failed.status, 'error');
			const { result, requests, stored } = await during(stage, async () => await posted(stage, order, again));
			assert.equal(result.status, 'success', reasonOf(result.run));
			assert.deepEqual(vendorsOf(requests), ['gravityField']);
			assert.equal(stored('gravityField')[0].event.uniqueTransactionId, 'ORD-9003');
			const third = await during(stage, async () => await retried(stage, order, failed.id));
			assert.equal(third.result.status, 'success', reasonOf(third.result.run));
			assert.equal(third.requests.length, 0);
		},
	);
}

type Row = { id: number } & Record<string, unknown>;

async function dataTables(rest: Rest) {
	const { id: project } = await rest.get<{ id: string }>('/rest/projects/personal');
	const base = `/rest/projects/${project}/data-tables`;
	const idOf = async (name: string) => {
		const { data } = await rest.get<{ data: Array<{ id: string; name: string }> }>(base);
		const table = data.find((one) => one.name === name);
		assert.ok(table, `there is no data table ${name}`);
		return table.id;
	};
	return {
		rows: async (name: string) =>
			(await rest.get<{ data: Row[] }>(`${base}/${await idOf(name)}/rows`)).data.sort(
				(one, other) => one.id - other.id,
			),
		/** As a person does who mends a row in n8n's table. */
		change: async (name: string, where: Record<string, unknown>, data: Record<string, unknown>) => {
			const filters = Object.entries(where).map(([columnName, value]) => ({
				columnName,
				condition: 'eq',
				value,
			}));
			const filter = { type: 'and', filters };
			await rest.post(`${base}/${await idOf(name)}/upsert`, { filter, data, returnData: true });
		},
	};
}

async function checkNightly({ check }: Checks, stage: RunningStage): Promise<void> {
	const { rest, sandbox } = stage;
	const tables = await dataTables(rest);
	const run = async (trigger: string) => {
		const { status, run: data } = await runWorkflow(rest, nightly, trigger);
		assert.equal(status, 'success', reasonOf(data));
		return data;
	};
	const statuses = async (name: string) => (await tables.rows(name)).map(({ status }) => status || 'none');

	const ready = await check('recipe: the nightly upload makes its own tables and sample rows', async () => {
		await run('Once: create the tables');
		assert.deepEqual(await statuses('app_events'), ['none', 'none', 'none', 'none']);
		assert.deepEqual(await tables.rows('appmetrica_failed'), []);
	});
	if (!ready) return;

	await check(
		'recipe: rows that AppMetrica could not take wait in the other table, each with its reason',
		async () => {
			// As often as the node tries.
			for (let time = 0; time < 3; time++)
				sandbox.faults.push({ vendor: 'appMetrica', status: 503, headers: { 'retry-after': '1' } });
			const { requests, stored } = await during(stage, async () => await run('Every night at 3'));
			assert.equal(requests.length, 3);
			assert.equal(stored('appMetrica').length, 0);
			assert.deepEqual(await statuses('app_events'), ['exhausted', 'exhausted', 'exhausted', 'invalid']);
			const kept = await tables.rows('appmetrica_failed');
			assert.deepEqual(kept.map(({ status }) => status).sort(), [
				'exhausted',
				'exhausted',
				'exhausted',
				'invalid',
			]);
			for (const { event, reason } of kept) {
				assert.equal((JSON.parse(String(event)) as Record<string, unknown>).event_name, 'order_paid');
				assert.ok(String(reason).length > 10, String(reason));
			}
		},
	);

	await check(
		'recipe: an hour later they are sent as one CSV and leave the table, the invalid one stays',
		async () => {
			const { requests, stored } = await during(stage, async () => await run('Every night at 4'));
			assert.equal(requests.length, 1);
			assert.match(requests[0].url, /events\.csv/);
			assert.deepEqual(
				stored('appMetrica').map(({ event }) => event.profile_id),
				['c-000451', '0000000452', 'c-000453'],
			);
			assert.deepEqual(JSON.parse(String(stored('appMetrica')[2].event.event_json)), {
				sum: 99,
				courier: 'Иван 🚲',
			});
			assert.deepEqual(await statuses('appmetrica_failed'), ['invalid']);
		},
	);

	await check(
		'recipe: a mended event goes through; one that is still wrong gets its new reason',
		async () => {
			const [row] = await tables.rows('appmetrica_failed');
			await tables.change('appmetrica_failed', { id: row.id }, { status: 'fixed' });
			await run('Every night at 4');
			assert.deepEqual(await statuses('appmetrica_failed'), ['invalid']);

			const event = {
				...(JSON.parse(String(row.event)) as Record<string, unknown>),
				event_timestamp: Math.floor(Date.now() / 1_000) - 60,
			};
			await tables.change(
				'appmetrica_failed',
				{ id: row.id },
				{ status: 'fixed', event: JSON.stringify(event) },
			);
			const { stored } = await during(stage, async () => await run('Every night at 4'));
			assert.deepEqual(
				stored('appMetrica').map((one) => one.event.profile_id),
				['c-000454'],
			);
			assert.deepEqual(await tables.rows('appmetrica_failed'), []);
		},
	);

	await check('recipe: the next night sends new rows only', async () => {
		await run('Once: create the tables');
		const { result, stored } = await during(stage, async () => await run('Every night at 3'));
		assert.deepEqual(
			outputsOf(result, 'Upload to AppMetrica').map(({ length }) => length),
			[3, 1],
		);
		assert.equal(stored('appMetrica').length, 3);
		assert.deepEqual((await statuses('app_events')).slice(4), [
			'accepted',
			'accepted',
			'accepted',
			'invalid',
		]);
	});
}

async function checkMoney({ check }: Checks, stage: RunningStage): Promise<void> {
	const { rest } = stage;
	await check('recipe: a paid order reaches three vendors, and posted again none', async () => {
		const body = sampleOf(paidOrder, 'Paid order');
		const { result, requests, stored } = await during(stage, async () => {
			const first = await posted(stage, paidOrder, body);
			await posted(stage, paidOrder, body);
			return first;
		});
		assert.equal(result.status, 'success', reasonOf(result.run));
		assert.equal(requests.length, 4);
		const [inMyTracker] = stored('myTracker');
		assert.deepEqual([inMyTracker.operation, inMyTracker.event.status], ['order', 'PAY']);
		const [inAppMetrica] = stored('appMetrica');
		assert.deepEqual([inAppMetrica.operation, inAppMetrica.event.price], ['revenue', '2689.8']);
		const [customer, inVibetrace] = stored('vibetrace');
		assert.equal(customer.operation, 'user');
		assert.equal(inVibetrace.operation, 'createEvent');
		assert.ok(JSON.stringify(inVibetrace.event).includes(body.orderNumber));
	});

	await check(
		'recipe: a paid order that AppMetrica could not take is finished by Retry, each vendor once',
		async () => {
			for (let time = 0; time < 3; time++)
				stage.sandbox.faults.push({ vendor: 'appMetrica', status: 503, headers: { 'retry-after': '0' } });
			const body = { ...sampleOf(paidOrder, 'Paid order'), orderNumber: 'ORD-9101' };
			const { result, stored } = await during(stage, async () => {
				const first = await posted(stage, paidOrder, body, 500);
				assert.equal(first.status, 'error');
				return await retried(stage, paidOrder, first.id);
			});
			assert.equal(result.status, 'success', reasonOf(result.run));
			assert.deepEqual(
				(['myTracker', 'appMetrica', 'vibetrace'] as const).map((vendor) =>
					stored(vendor).map(({ operation }) => operation),
				),
				[['order'], ['revenue'], ['user', 'createEvent']],
			);
		},
	);

	await check(
		'recipe: a paid order that Vibetrace refused is finished by a second post, just there',
		async () => {
			const body = { ...sampleOf(paidOrder, 'Paid order'), orderNumber: 'ORD-9102' };
			stage.sandbox.faults.next(({ vendor, method }) =>
				vendor === 'vibetrace' && method === 'POST' ? { status: 400, body: '{"error":"bad"}' } : undefined,
			);
			const first = await during(stage, async () => await posted(stage, paidOrder, body, 500));
			assert.equal(first.result.status, 'error');
			assert.deepEqual(vendorsOf(first.requests), ['myTracker', 'appMetrica', 'vibetrace', 'vibetrace']);
			const { result, stored, requests } = await during(
				stage,
				async () => await posted(stage, paidOrder, body),
			);
			assert.equal(result.status, 'success', reasonOf(result.run));
			assert.equal(requests.length, 1);
			assert.deepEqual(
				stored('vibetrace').map(({ operation }) => operation),
				['createEvent'],
			);
		},
	);

	await check('recipe: a refund reaches MyTracker and AppMetrica', async () => {
		const { result, stored } = await during(
			stage,
			async () => await posted(stage, refund, sampleOf(refund, 'Refund')),
		);
		assert.equal(result.status, 'success', reasonOf(result.run));
		assert.equal(stored('myTracker')[0].event.status, 'REFUND');
		const { revenue_event_type, price } = stored('appMetrica')[0].event;
		assert.deepEqual([revenue_event_type, price], ['refund', '-349.9']);
	});

	await check(
		'recipe: a refund that AppMetrica refused is finished by a second post, just there',
		async () => {
			const body = { ...sampleOf(refund, 'Refund'), refundNumber: 'REF-78' };
			stage.sandbox.faults.push({ vendor: 'appMetrica', status: 400, body: '{"error":"bad"}' });
			assert.equal((await posted(stage, refund, body, 500)).status, 'error');
			const { result, requests } = await during(stage, async () => await posted(stage, refund, body));
			assert.equal(result.status, 'success', reasonOf(result.run));
			assert.deepEqual(vendorsOf(requests), ['appMetrica']);
		},
	);

	await check(
		'recipe: the revenue of a night leaves as one file, and the row with a wrong price says so',
		async () => {
			const tables = await dataTables(rest);
			await runWorkflow(rest, revenue, 'Once: create the table');
			const night = async () =>
				await during(stage, async () => await runWorkflow(rest, revenue, 'Every night at 3'));
			const { result, requests, stored } = await night();
			assert.equal(result.status, 'success', reasonOf(result.run));
			assert.deepEqual([requests.length, stored('appMetrica').length], [1, 3]);
			assert.deepEqual(
				stored('appMetrica').map(({ event }) => [event.profile_id, event.price, event.currency]),
				[
					['c-000451', '349.9', 'RUB'],
					['0000000452', '1990', 'RUB'],
					['c-000453', '5000', 'EUR'],
				],
			);
			const rows = await tables.rows('shop_orders');
			assert.deepEqual(
				rows.map(({ status }) => status),
				['accepted', 'accepted', 'accepted', 'invalid'],
			);
			assert.match(String(rows[3].reason), /'Price' must be written with a point/);
			assert.equal((await night()).requests.length, 0);
			await tables.change('shop_orders', { orderNumber: 'ORD-4' }, { price: '1290.00', status: '' });
			assert.equal((await night()).stored('appMetrica')[0].event.price, '1290');
		},
	);
}

/** How many rows of a table are in which state. */
function statesOf(rows: readonly Row[], column: string): Record<string, number> {
	const counts: Record<string, number> = {};
	for (const row of rows) counts[String(row[column])] = (counts[String(row[column])] ?? 0) + 1;
	return counts;
}

async function checkLastNight({ check }: Checks, stage: RunningStage): Promise<void> {
	const { rest, sandbox } = stage;
	const tables = await dataTables(rest);
	/** The orders that the sandbox has thrown away, by its own account. */
	let dropped: string[] = [];
	const orderOf = (event: unknown) => {
		const { event_json } = JSON.parse(String(event)) as { event_json: string };
		return (JSON.parse(event_json) as { order_id: string }).order_id;
	};

	const ready = await check(
		'recipe: 1,000 events are taken by AppMetrica, which drops three without notice',
		async () => {
			await runWorkflow(rest, lastNight, 'Once: create the tables');
			const { result, requests, stored } = await during(
				stage,
				async () => await runWorkflow(rest, lastNight, 'Every night at 3'),
			);
			assert.equal(result.status, 'success', reasonOf(result.run));
			assert.equal(requests.length, 1);
			assert.equal(stored('appMetrica').length, 997);
			assert.equal(requests[0].discarded.length, 3);
			const rows = await tables.rows('sent_events');
			assert.deepEqual(statesOf(rows, 'delivery'), { accepted: 1_000 });
			dropped = requests[0].discarded.map(({ index }) => orderOf(rows[index ?? -1].event));
		},
		300,
	);
	if (!ready) return;

	await check(
		'recipe: right after sending, the three are too early to be called missing',
		async () => {
			const { status, run } = await runWorkflow(rest, lastNight, 'Every morning at 10');
			assert.equal(status, 'success', reasonOf(run));
			assert.deepEqual(statesOf(await tables.rows('sent_events'), 'arrival'), { found: 997, tooEarly: 3 });
		},
		300,
	);

	await check(
		'recipe: seven hours later it names exactly the three of 1,000 that did not arrive',
		async () => {
			// The night is over: all rows are looked for again, and were sent seven hours ago.
			const sentAt = new Date(Date.now() - 7 * 3_600_000).toISOString();
			for (const arrival of ['found', 'tooEarly'])
				await tables.change('sent_events', { arrival }, { arrival: 'open', sentAt });
			const { result, requests } = await during(
				stage,
				async () => await runWorkflow(rest, lastNight, 'Every morning at 10'),
			);
			assert.equal(result.status, 'error');
			assert.equal(
				result.run.error?.message,
				`3 of 1,000 events did not arrive in AppMetrica: ${dropped.join(', ')}`,
			);
			assert.deepEqual(
				[...new Set(requests.map(({ url }) => url.split('?')[0]))],
				['/appmetrica/logs/v1/export/events.csv'],
			);
			const rows = await tables.rows('sent_events');
			const missing = rows.filter(({ arrival }) => arrival === 'missing');
			assert.deepEqual(
				missing.map(({ event }) => orderOf(event)),
				dropped,
			);
			assert.deepEqual(statesOf(rows, 'arrival'), { found: 997, missing: 3 });
			const { checked, found, missing: lost, tooEarly } = (await tables.rows('arrival_summary')).at(-1)!;
			assert.deepEqual([checked, found, lost, tooEarly], [1_000, 997, 3, 0]);
		},
		300,
	);

	await check('recipe: with the wrong token the check fails and no event is called missing', async () => {
		await tables.change('sent_events', { arrival: 'missing' }, { arrival: 'open' });
		sandbox.faults.push({ vendor: 'appMetrica', status: 401, body: 'Unauthorized user.' });
		sandbox.faults.push({ vendor: 'appMetrica', status: 401, body: 'Unauthorized user.' });
		const { status, run } = await runWorkflow(rest, lastNight, 'Every morning at 10');
		sandbox.faults.clear();
		assert.equal(status, 'error');
		assert.match(reasonOf(run), /AppMetrica refused the token \(401\)/);
		assert.deepEqual(statesOf(await tables.rows('sent_events'), 'arrival'), { found: 997, open: 3 });
	});
}

async function checkGoodThenFail({ check }: Checks, stage: RunningStage): Promise<void> {
	await check('recipe: the good rows are sent, then the execution fails and names the others', async () => {
		const { result, stored } = await during(
			stage,
			async () => await runWorkflow(stage.rest, goodThenFail, 'Start'),
		);
		assert.equal(result.status, 'error');
		const message = String(result.run.error?.message);
		assert.match(message, /^2 rows were not taken\. 0001048: Not sent: .* \| no user: Not sent: /);
		assert.deepEqual(
			stored('myTracker').map(({ event }) => event.customUserId),
			['0001047', '0001050'],
		);
	});
}

async function checkMcpServer({ check }: Checks, stage: RunningStage): Promise<void> {
	const { path } = mcp.nodes.find(({ type }) => type.endsWith('.mcpTrigger'))!.parameters as { path: string };
	let client: McpSession | undefined;
	let tools: Tool[] = [];

	const found = await check(
		'recipe: an MCP client finds both tools and what a model is to fill in',
		async () => {
			client = await mcpSession(`${stage.n8n.url}/mcp/${path}`);
			tools = (await client.tools()).sort((one, other) => one.name.localeCompare(other.name, 'en'));
			assert.deepEqual(
				tools.map(({ inputSchema }) => Object.keys(inputSchema.properties).sort()),
				[
					['email', 'wish'],
					['event_name', 'topic', 'user_id'],
				],
			);
		},
	);
	if (!found || !client) return;
	const [contact, record] = tools;
	const { call, end } = client;

	await check('recipe: calls of both tools are stored, with what the recipe fixes', async () => {
		const { result, stored } = await during(stage, async () => [
			await call(record.name, { event_name: 'asked_for_refund', user_id: '0042', topic: 'late delivery' }),
			await call(contact.name, { email: 'ana@example.com', wish: 'news about bicycles' }),
		]);
		for (const report of result) assert.equal(report.delivery?.status, 'accepted', JSON.stringify(report));
		assert.deepEqual(
			stored('myTracker').map(({ event }) => event),
			[
				{
					customUserId: '0042',
					customEventName: 'agent_asked_for_refund',
					customEventParams: { channel: 'assistant', topic: 'late delivery' },
				},
			],
		);
		assert.deepEqual(
			stored('vibetrace').map(({ event }) => event.generic),
			[{ event_name: 'agent_contact_wanted', wish: 'news about bicycles' }],
		);
	});

	await check('recipe: a call without sense is answered with the reason and not sent', async () => {
		const { result, requests } = await during(
			stage,
			async () => await call(contact.name, { email: 'nobody', wish: 'anything' }),
		);
		assert.equal(requests.length, 0);
		assert.equal(result.delivery?.status, 'invalid');
		assert.match(String(result.delivery?.message), /email/i);
	});
	await end().catch(() => undefined);
}

export async function checkRecipes(checks: Checks, stage: RunningStage): Promise<void> {
	await checkSignUp(checks, stage);
	await checkOrder(checks, stage);
	await checkNightly(checks, stage);
	await checkMoney(checks, stage);
	await checkLastNight(checks, stage);
	await checkGoodThenFail(checks, stage);
	await checkMcpServer(checks, stage);
}
