/** What a second run of the same node may send: Retry On Fail, the Retry button, loops, tools. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { IDataObject, INode } from 'n8n-workflow';

import type { Status } from '../../nodes/engine/report/outcome.ts';
import { Ledger } from '../../nodes/engine/delivery/ledger.ts';
import type { Fault } from '../../tools/sandbox/server.mts';
import { instantClock } from '../support/clock.mts';
import {
	openBench,
	ON_ERROR,
	PACKAGE,
	reportsOf,
	SCHEMES,
	statusesOf,
	type Bench,
	type OnError,
	type Order,
} from '../support/bench.mts';
import { singleNodeWorkflow } from '../../tools/harness/engine.mts';
import { prepared } from '../support/fakeVendor.mts';

let bench: Bench;

const node = 'myTrackerCustomEvent';
const event = (id: string): IDataObject => ({ customUserId: id, customEventName: 'bought' });
const retry: Partial<INode> = { retryOnFail: true, maxTries: 3, waitBetweenTries: 1 };
/** One request an event, one after the other, each tried once: what happens is easy to follow. */
const stepByStep = { batchSize: 1, concurrency: 1, maxAttempts: 1 };
const order = (ids: string[], more: Partial<Order> = {}): Order => ({
	node,
	items: ids.map(event),
	options: stepByStep,
	...more,
});

const storedIds = () => bench.sandbox.stored('myTracker').map((stored) => stored.event.customUserId);
const sentIds = () =>
	bench.sandbox.requests.map((request) =>
		[...request.body.toString().matchAll(/"customUserId":"([^"]+)"/g)].map(([, id]) => id).join('+'),
	);
/** Every request that holds one of these events meets the fault, the first `times` times. */
function failFor(ids: string[], fault: Fault, times = Number.POSITIVE_INFINITY): void {
	let left = times;
	bench.sandbox.faults.always((request) =>
		ids.some((id) => request.body.includes(`"${id}"`)) && left-- > 0 ? fault : undefined,
	);
}
const ledgerOf = (contextData: Record<string, IDataObject>) => contextData['node:Node']?.serverEvents;

/** After the handshake, when the vendor has stored the event. */
const brokenTls: Array<readonly [string, Fault]> = [
	['a broken TLS record', { tls: 'record', afterStoring: true }],
	['a TLS alert', { tls: 'alert', afterStoring: true }],
	['an end of TLS', { tls: 'garbage', afterStoring: true }],
	['half an answer and a broken record', { tls: 'record', halfAnswer: true, afterStoring: true }],
];

describe.each(SCHEMES)('over %s', (scheme) => {
	beforeAll(async () => {
		bench = await openBench(instantClock(), { scheme });
	});
	beforeEach(() => bench.sandbox.reset());
	afterAll(async () => await bench?.close());

	describe('Retry On Fail', () => {
		test.each(ON_ERROR)(
			'%s: an event that was not stored is sent again, the others are not',
			async (onError) => {
				failFor(['a'], { status: 503 }, 1);
				const result = await bench.run(order(['a', 'b', 'c'], { onError, more: retry }));
				// Under Continue n8n sees no failed item and does not run the node again.
				const runsAgain = onError !== 'continueRegularOutput';
				expect(result.tries('Node')).toBe(runsAgain ? 2 : 1);
				expect(storedIds().sort()).toEqual(runsAgain ? ['a', 'b', 'c'] : ['b', 'c']);
				expect(statusesOf(result, 3)).toEqual([runsAgain ? 'accepted' : 'exhausted', 'accepted', 'accepted']);
				expect(ledgerOf(result.contextData)).toBeUndefined();
			},
		);

		test.each(ON_ERROR)(
			'%s: a batch in the middle that fails is the only one sent again',
			async (onError) => {
				failFor(['c'], { status: 503 }, 1);
				const ids = ['a', 'b', 'c', 'd', 'e', 'f'];
				await bench.run(order(ids, { onError, more: retry, options: { ...stepByStep, batchSize: 2 } }));
				const requests = {
					stopWorkflow: ['a+b', 'c+d', 'c+d', 'e+f'],
					continueRegularOutput: ['a+b', 'c+d', 'e+f'],
					continueErrorOutput: ['a+b', 'c+d', 'e+f'],
				};
				expect(sentIds()).toEqual(requests[onError]);
			},
		);

		const again: Array<readonly [string, Fault, Status, boolean]> = [
			['503', { status: 503 }, 'exhausted', true],
			['a refusal', { status: 400, body: '{"error": "Bad Request"}' }, 'rejected', false],
			['413', { status: 413 }, 'oversize', false],
			['a lost answer', { reset: 'afterStoring' }, 'unknown', false],
			['an HTML page', { html: true }, 'unknown', false],
			...(scheme === 'https' ? brokenTls.map((one) => [...one, 'unknown', false] as const) : []),
			['a refused token', { status: 403 }, 'notAttempted', true],
		];

		describe.each(['stopWorkflow', 'continueErrorOutput'] as const)(
			'%s, the first item fails each time',
			(onError) => {
				test.each(again)('by %s', async (_, fault, status, isSentAgain) => {
					failFor(['a'], fault);
					const result = await bench.run(order(['a', 'b'], { onError, more: retry }));
					expect(result.tries('Node')).toBe(3);
					expect(sentIds().filter((id) => id === 'a')).toHaveLength(isSentAgain ? 3 : 1);
					expect(storedIds().filter((id) => id === 'b').length).toBeLessThanOrEqual(1);
					if (onError === 'continueErrorOutput') {
						expect(reportsOf(result, 2)[0]).toMatchObject({ output: 1, delivery: { status } });
						expect(ledgerOf(result.contextData)).toBeUndefined();
					} else {
						expect(result.status).toBe('error');
						// It stays, for the Retry button.
						expect(ledgerOf(result.contextData)).toBeDefined();
					}
				});
			},
		);

		test('what an earlier try found is reported as it was', async () => {
			failFor(['a'], { status: 503 }, 2);
			failFor(['b'], { status: 400, body: '{"error": "Bad Request"}' });
			const result = await bench.run(order(['a', 'b', 'c'], { onError: 'continueErrorOutput', more: retry }));
			const [a, b, c] = reportsOf(result, 3);
			expect(a.delivery).toMatchObject({ status: 'accepted', request: 5, attempts: 1, httpStatus: 200 });
			expect(b).toMatchObject({
				output: 1,
				delivery: {
					status: 'rejected',
					method: 'customEventBatch',
					request: 2,
					attempts: 1,
					httpStatus: 400,
					message: expect.stringMatching(/refused/),
				},
				response: { error: 'Bad Request' },
			});
			expect(c.delivery).toMatchObject({ status: 'accepted', request: 3, attempts: 1, httpStatus: 200 });
			expect(bench.sandbox.requests).toHaveLength(5);
		});

		test('retryUnknown also sends again what may be stored', async () => {
			failFor(['a'], { reset: 'beforeStoring' }, 1);
			const result = await bench.run(
				order(['a', 'b'], {
					onError: 'continueErrorOutput',
					more: retry,
					options: { ...stepByStep, retryUnknown: true },
				}),
			);
			expect(statusesOf(result, 2)).toEqual(['accepted', 'accepted']);
			expect(storedIds().sort()).toEqual(['a', 'b']);
		});

		/** A first answer is lost after the vendor has stored the event, and the next try meets the fault. */
		const loseThen = (fault: Fault): void => {
			let first = true;
			bench.sandbox.faults.always((request) => {
				if (!request.body.includes('"a"')) return undefined;
				const lost: Fault = { reset: 'afterStoring' };
				const met = first ? lost : fault;
				first = false;
				return met;
			});
		};
		test.each([
			['503', { status: 503 }],
			['a refusal', { status: 400, body: '{"error": "Bad Request"}' }],
			['413', { status: 413 }],
			['a refused token', { status: 401 }],
		] as Array<[string, Fault]>)(
			'what one try may have stored no later one calls certain: %s',
			async (_, fault) => {
				loseThen(fault);
				const options = { ...stepByStep, retryUnknown: true };
				const more = { ...retry, maxTries: 2 };
				const result = await bench.run(order(['a'], { onError: 'continueErrorOutput', more, options }));
				expect(sentIds()).toEqual(['a', 'a']);
				expect(reportsOf(result, 1)[0].delivery).toMatchObject({
					status: 'unknown',
					request: 2,
					message:
						'MyTracker may have stored it, but the answer does not say so (an earlier try of this run ended as unknown); sending it again may count it twice',
				});
				expect(storedIds()).toEqual(['a']);
			},
		);

		test('and it says nothing of the others in its request', async () => {
			let requests = 0;
			bench.sandbox.faults.always(() => {
				requests++;
				if (requests === 1) return { reset: 'afterStoring' };
				return { status: 503 };
			});
			// In the first try each has a request of its own; in the second they share one.
			const first = await bench.run(order(['a', 'b'], { onError: 'stopWorkflow' }));
			expect(first.status).toBe('error');
			const again = await bench.run(
				order(['a', 'b'], {
					onError: 'continueRegularOutput',
					options: { ...stepByStep, batchSize: 2, retryUnknown: true },
					run: { retryOf: first },
				}),
			);
			expect(sentIds()).toEqual(['a', 'a+b']);
			expect(statusesOf(again, 2)).toEqual(['unknown', 'exhausted']);
		});

		test('invalid events are never sent, whatever the try', async () => {
			const result = await bench.run({
				...order(['a', 'b'], { onError: 'continueErrorOutput', more: retry }),
				items: [{ customEventName: '' }, event('b')],
			});
			expect(statusesOf(result, 2)).toEqual(['invalid', 'accepted']);
			expect(sentIds()).toEqual(['b']);
		});

		test('it is mentioned in a hint', async () => {
			const result = await bench.run(order(['a'], { more: retry }));
			expect(result.hints('Node').some(({ message }) => message.includes('Retry On Fail'))).toBe(true);
		});
	});

	describe('the Retry button', () => {
		test('sends only the rest', async () => {
			failFor(['b'], { status: 503 }, 1);
			const first = await bench.run(order(['a', 'b', 'c'], { onError: 'stopWorkflow' }));
			expect([first.status, storedIds()]).toEqual(['error', ['a']]);
			const second = await bench.run(
				order(['a', 'b', 'c'], { onError: 'stopWorkflow', run: { retryOf: first } }),
			);
			expect(second.status).toBe('success');
			expect(storedIds()).toEqual(['a', 'b', 'c']);
			expect(reportsOf(second, 3).map(({ delivery }) => delivery.request)).toEqual([1, 3, 4]);
			expect(ledgerOf(second.contextData)).toBeUndefined();
		});

		test('also after Retry On Fail has used up its tries, and again after it failed again', async () => {
			failFor(['b'], { status: 503 }, 5);
			const wanted = order(['a', 'b', 'c'], { onError: 'stopWorkflow', more: retry });
			const first = await bench.run(wanted);
			expect([first.tries('Node'), first.status]).toEqual([3, 'error']);
			const second = await bench.run({ ...wanted, run: { retryOf: first } });
			expect([second.tries('Node'), second.status]).toEqual([3, 'success']);
			expect(storedIds()).toEqual(['a', 'b', 'c']);
			expect(sentIds()).toEqual(['a', 'b', 'b', 'b', 'b', 'b', 'b', 'c']);
		});

		test('does not repeat what may be stored', async () => {
			failFor(['b'], { reset: 'afterStoring' }, 1);
			const first = await bench.run(order(['a', 'b', 'c'], { onError: 'stopWorkflow' }));
			const second = await bench.run(
				order(['a', 'b', 'c'], { onError: 'stopWorkflow', run: { retryOf: first } }),
			);
			expect(second.status).toBe('error');
			expect(second.error()?.description).toMatch(/^3 items: 2 accepted, 1 unknown\./);
			expect(storedIds()).toEqual(['a', 'b', 'c']);
			const idle = await bench.run(
				order(['a', 'b', 'c'], { onError: 'stopWorkflow', run: { retryOf: second } }),
			);
			expect(idle.error()?.message).toBe('MyTracker may or may not have stored 1 of 3 items');
			const third = await bench.run(
				order(['a', 'b', 'c'], { onError: 'continueErrorOutput', run: { retryOf: second } }),
			);
			expect(statusesOf(third, 3)).toEqual(['accepted', 'unknown', 'accepted']);
			expect(storedIds()).toEqual(['a', 'b', 'c']);
		});

		test('what ends the second run is told with its advice, also beside an item that failed before', async () => {
			failFor(['b'], { reset: 'afterStoring' }, 1);
			const first = await bench.run(order(['a', 'b', 'c'], { onError: 'stopWorkflow' }));
			failFor(['c'], { status: 403 }, 1);
			const second = await bench.run(
				order(['a', 'b', 'c'], { onError: 'stopWorkflow', run: { retryOf: first } }),
			);
			expect(second.error()?.message).toBe('MyTracker refused the token for this app');
			expect(second.error()?.description?.split('<br>\n')).toEqual([
				'3 items: 1 accepted, 1 unknown, 1 not attempted.',
				expect.stringMatching(
					/^MyTracker refused the token for this app; check the 'S2S API Token' and the 'App ID' in the credential\./,
				),
				expect.stringMatching(/^Item 1 \(row 2\): MyTracker may have stored it/),
				'Also not attempted: item 2 (row 3).',
				"The 1 accepted is stored. After a fix use 'Retry' in the executions list; a new run would send it again.",
			]);
		});

		test('an event that was mended in between is sent, the accepted ones are not', async () => {
			failFor(['b'], { status: 400 });
			const parameters = { inputField: 'event' };
			const items = (second: string) => ['a', second, 'c'].map((id) => ({ event: event(id) }));
			const first = await bench.run({
				...order([], { onError: 'stopWorkflow', parameters }),
				items: items('b'),
			});
			expect(storedIds()).toEqual(['a']);
			// The user edits the item: the stored execution holds the input of the failed node.
			const entry = first.data.executionData?.nodeExecutionStack[0];
			if (entry?.data.main[0]) entry.data.main[0][1].json = { event: event('mended') };
			const second = await bench.run({
				...order([], { onError: 'stopWorkflow', parameters, run: { retryOf: first } }),
				items: items('mended'),
			});
			expect(second.status).toBe('success');
			expect(storedIds()).toEqual(['a', 'mended', 'c']);
		});

		test('a run that broke off while sending leaves what was sent unknown', async () => {
			const context: IDataObject = {};
			const ledger = new Ledger(context, 0, 2, '');
			ledger.identify(0, event('a'));
			ledger.note([prepared(0)], 'sent', 1);
			const result = await bench.run(order(['a', 'b'], { run: { contextData: { 'node:Node': context } } }));
			expect(statusesOf(result, 2)).toEqual(['unknown', 'accepted']);
			expect(storedIds()).toEqual(['b']);
		});
	});

	/** The mapping of each item gives another event at each try: `$now`, an edit of the workflow, a changed option. */
	describe('a mapping that gives other bytes at each try', () => {
		let tries = 0;
		/** What n8n's `$now` does in a mapping, without a clock: the number of the try stands in every event. */
		const changing = {
			mappingMode: 'defineBelow',
			customEventName: '={{ "try " + $vars.next() }}',
			customUserId: '={{ $json.id }}',
		};
		const changingOrder = (ids: string[], more: Partial<Order> = {}): Order => ({
			node,
			items: ids.map((id) => ({ id })),
			options: stepByStep,
			parameters: changing,
			...more,
			run: { variables: { next: (() => ++tries) as never }, ...more.run },
		});
		beforeEach(() => {
			tries = 0;
		});

		test.each(['stopWorkflow', 'continueErrorOutput'] as const)(
			'%s, Retry On Fail: each accepted event is sent once',
			async (onError) => {
				failFor(['a'], { status: 503 });
				await bench.run(changingOrder(['a', 'b', 'c'], { onError, more: retry }));
				expect(tries).toBeGreaterThan(3);
				expect(sentIds().filter((id) => id === 'a')).toHaveLength(3);
				for (const id of ['b', 'c'])
					expect(storedIds().filter((one) => one === id).length).toBeLessThanOrEqual(1);
			},
		);

		test('by $now itself', async () => {
			failFor(['a'], { status: 503 });
			const result = await bench.run({
				...changingOrder(['a', 'b', 'c'], { onError: 'continueErrorOutput', more: retry }),
				parameters: {
					mappingMode: 'defineBelow',
					customEventName: '={{ "at " + $now.toMillis() + Math.random() }}',
					customUserId: '={{ $json.id }}',
				},
			});
			expect(result.tries('Node')).toBe(3);
			expect(storedIds()).toEqual(['b', 'c']);
			expect(statusesOf(result, 3)).toEqual(['exhausted', 'accepted', 'accepted']);
		});

		test.each<readonly [string, Fault, Status]>([
			['a refusal', { status: 400, body: '{"error": "Bad Request"}' }, 'rejected'],
			['413', { status: 413 }, 'oversize'],
			['a lost answer', { reset: 'afterStoring' }, 'unknown'],
			...(scheme === 'https' ? brokenTls.map((one) => [...one, 'unknown'] as const) : []),
			['an unclear success', { status: 202 }, 'unconfirmed'],
		])('Retry On Fail alone never repeats what ended in %s', async (_, fault, status) => {
			failFor(['b'], fault);
			failFor(['a'], { status: 503 });
			bench.sandbox.faults.always((request) =>
				request.body.includes('"a"') ? { status: 503 } : request.body.includes('"b"') ? fault : undefined,
			);
			const result = await bench.run(
				changingOrder(['a', 'b'], { onError: 'continueErrorOutput', more: retry }),
			);
			expect(sentIds()).toEqual(['a', 'b', 'a', 'a']);
			expect(statusesOf(result, 2)).toEqual(['exhausted', status]);
		});

		test('Retry On Fail alone never repeats a refused batch', async () => {
			bench.sandbox.faults.always(() => ({ status: 400, body: 'no' }));
			const result = await bench.run(
				changingOrder(['a', 'b'], {
					onError: 'stopWorkflow',
					more: retry,
					options: { onRejectedBatch: 'fail', maxAttempts: 1 },
				}),
			);
			expect(result.tries('Node')).toBe(3);
			expect(sentIds()).toEqual(['a+b']);
			expect(result.error()?.message).toBe('MyTracker refused 2 of 2 items');
		});

		test.each<[string, Partial<Order>]>([
			['an edit of the workflow', { parameters: { ...changing, customEventName: 'edited' } }],
			['another Send As', { parameters: { ...changing, sendAs: 'single' } }],
			['another batch size', { options: { ...stepByStep, batchSize: 20 } }],
			['another app', { options: { ...stepByStep, appId: '667' } }],
			['another mapping mode', { parameters: { mappingMode: 'autoMapInputData' } }],
			['a mapping that is broken now', { parameters: { ...changing, customUserId: '={{ $json.none }}' } }],
			['fewer outputs', { options: { ...stepByStep, output: 'summary' } }],
			['a setting out of range', { options: { ...stepByStep, batchSize: 0 } }],
			['another credential', { credential: { token: 'other', appId: '1' } }],
			['no credential', { credential: null }],
			['a preview and then the real run', { options: { ...stepByStep, preview: true } }],
		])('the Retry button after %s sends no accepted event again', async (_, edit) => {
			failFor(['b'], { status: 503 }, 1);
			const first = await bench.run(changingOrder(['a', 'b', 'c'], { onError: 'stopWorkflow' }));
			expect([first.status, storedIds()]).toEqual(['error', ['a']]);
			const second = await bench.run(
				changingOrder(['a', 'b', 'c'], { onError: 'continueErrorOutput', ...edit, run: { retryOf: first } }),
			);
			expect(sentIds().filter((id) => id === 'a')).toHaveLength(1);
			if (edit.options?.output !== 'summary' && edit.options?.preview !== true) {
				const [a] = reportsOf(second, 3);
				expect(a.delivery).toMatchObject({ status: 'accepted', request: 1, attempts: 1, httpStatus: 200 });
			}
		});

		test('the Retry button in another time zone sends no accepted event again', async () => {
			const dated = (timezone: string, more: Partial<Order>) => {
				const wanted = changingOrder(['a', 'b'], {
					...more,
					parameters: {
						...changing,
						common: { eventTimestamp: '2026-11-20 10:00:00' },
					},
				});
				return bench.engine.run(
					{
						...singleNodeWorkflow({
							type: `${PACKAGE}.${node}`,
							credentialType: 'myTrackerApi',
							parameters: { ...wanted.parameters, options: wanted.options ?? {} },
							node: { onError: 'stopWorkflow' },
						}),
						settings: { executionOrder: 'v1', timezone },
					},
					{
						items: { Items: wanted.items },
						credentials: { myTrackerApi: bench.sandbox.credentials.myTrackerApi },
						...wanted.run,
					},
				);
			};
			failFor(['b'], { status: 503 }, 1);
			const first = await dated('Europe/Moscow', {});
			expect(storedIds()).toEqual(['a']);
			const second = await dated('America/New_York', { run: { retryOf: first } });
			expect([second.status, storedIds()]).toEqual(['success', ['a', 'b']]);
		});

		test('a stored event that cannot be sent any more is not reported as not sent', async () => {
			failFor(['b'], { reset: 'afterStoring' }, 1);
			const first = await bench.run(changingOrder(['a', 'b', 'c'], { onError: 'stopWorkflow' }));
			const second = await bench.run(
				changingOrder(['a', 'b', 'c'], {
					onError: 'stopWorkflow',
					parameters: { ...changing, customUserId: '={{ $json.id === "c" ? "c" : "" }}' },
					run: { retryOf: first },
				}),
			);
			expect(second.error()?.description).toMatch(/^3 items: 2 accepted, 1 unknown\./);
			expect(storedIds()).toEqual(['a', 'b', 'c']);
		});

		test.each(['stopWorkflow', 'continueErrorOutput'] as const)(
			'%s: an event that may be stored and is too large now stays unknown, and the others go',
			async (onError) => {
				failFor(['b'], { reset: 'afterStoring' }, 1);
				const first = await bench.run(changingOrder(['a', 'b', 'c'], { onError: 'stopWorkflow' }));
				expect(storedIds()).toEqual(['a', 'b']);
				const large =
					'={{ Object.fromEntries(Array.from({ length: $json.id === "b" ? 100 : 1 }, (_, at) => ["p" + at, "x".repeat(100)])) }}';
				const second = await bench.run(
					changingOrder(['a', 'b', 'c'], {
						onError,
						options: { ...stepByStep, retryUnknown: true },
						parameters: { ...changing, customEventParamsMode: 'json', customEventParamsJson: large },
						run: { retryOf: first },
					}),
				);
				expect(storedIds()).toEqual(['a', 'b', 'c']);
				if (onError === 'stopWorkflow') {
					expect(second.error()?.description).toMatch(/^3 items: 2 accepted, 1 unknown\./);
					return;
				}
				expect(reportsOf(second, 3)[1].delivery).toMatchObject({
					status: 'unknown',
					request: 2,
					message: expect.stringMatching(
						/^MyTracker may have stored it \(an earlier try of this run ended as unknown\); it was not sent again this time\. The event alone takes 1\d,\d{3} bytes of body, more than MyTracker's limit of 10,000$/,
					),
				});
			},
		);

		test('other items that cannot be sent do not make it one that was not sent', async () => {
			failFor(['b'], { reset: 'afterStoring' }, 1);
			const first = await bench.run(changingOrder(['a', 'b', 'c'], { onError: 'stopWorkflow' }));
			const second = await bench.run(
				changingOrder(['a', 'b', 'c'], {
					onError: 'stopWorkflow',
					options: { ...stepByStep, retryUnknown: true },
					parameters: { ...changing, customUserId: '={{ $json.id === "c" ? "" : $json.id }}' },
					run: { retryOf: first },
				}),
			);
			expect(second.error()?.description).toMatch(/^3 items: 1 accepted, 1 invalid, 1 unknown\./);
			expect(storedIds()).toEqual(['a', 'b']);
		});

		test('the error of a stopped second try does not say that nothing was sent', async () => {
			failFor(['b'], { status: 503 }, 1);
			const first = await bench.run(changingOrder(['a', 'b', 'c'], { onError: 'stopWorkflow' }));
			const second = await bench.run(
				changingOrder(['a', 'b', 'c'], {
					onError: 'stopWorkflow',
					parameters: { ...changing, customUserId: '={{ $json.id === "c" ? "" : $json.id }}' },
					run: { retryOf: first },
				}),
			);
			expect(second.error()?.message).toBe('MyTracker did not accept 1 of 3 items');
			expect(second.error()?.description).toMatch(/^3 items: 1 accepted, 1 invalid, 1 not attempted\./);
			expect(storedIds()).toEqual(['a']);
			const third = await bench.run(
				changingOrder(['a', 'b', 'c'], { onError: 'stopWorkflow', run: { retryOf: second } }),
			);
			expect([third.status, storedIds()]).toEqual(['success', ['a', 'b', 'c']]);
		});
	});

	describe('what was refused, at the Retry button', () => {
		const fixed = (ids: string[], more: Partial<Order> = {}) =>
			order(ids, { onError: 'stopWorkflow', ...more });
		const refuse = (ids: string[]) => failFor(ids, { status: 400, body: '{"error": "Bad Request"}' });

		test('is not sent as it was', async () => {
			refuse(['a']);
			const first = await bench.run(fixed(['a']));
			const second = await bench.run(
				fixed(['a'], { onError: 'continueErrorOutput', run: { retryOf: first } }),
			);
			expect(sentIds()).toEqual(['a']);
			expect(reportsOf(second, 1)[0]).toMatchObject({
				output: 1,
				delivery: {
					status: 'rejected',
					request: 1,
					httpStatus: 400,
					message: expect.stringMatching(/refused/),
				},
				response: { error: 'Bad Request' },
			});
		});

		test('is sent again once its event is another one', async () => {
			refuse(['a']);
			const first = await bench.run(fixed(['a']));
			const second = await bench.run({
				...fixed(['a'], { run: { retryOf: first } }),
				parameters: { mappingMode: 'defineBelow', customEventName: 'bought', customUserId: 'mended' },
			});
			expect([second.status, sentIds()]).toEqual(['success', ['a', 'mended']]);
		});

		test('of a cancelled run does not run the node again: n8n has taken it off its list', async () => {
			let cancel: () => void = () => undefined;
			bench.sandbox.faults.always(() => {
				cancel();
				return { hang: true };
			});
			const run = { cancelAfter: (stop: () => void) => void (cancel = stop) };
			const first = await bench.run(fixed(['a'], { onError: 'continueErrorOutput', run }));
			expect(first.status).toBe('canceled');
			bench.sandbox.faults.clear();
			const second = await bench.run(fixed(['a'], { run: { retryOf: first } }));
			expect([second.tries('Node'), sentIds()]).toEqual([0, ['a']]);
		});

		const batch = { batchSize: 2, concurrency: 1, maxAttempts: 1, onRejectedBatch: 'fail' };
		const refusedBatch = async () => {
			refuse(['b']);
			const first = await bench.run(fixed(['a', 'b', 'c'], { options: batch }));
			expect(sentIds()).toEqual(['a+b']);
			return first;
		};

		test('a batch is not sent as it was', async () => {
			const retryOf = await refusedBatch();
			const options = { ...batch, timeout: 10_000, output: 'failedOnly' };
			await bench.run(fixed(['a', 'b', 'c'], { options, run: { retryOf } }));
			expect(sentIds()).toEqual(['a+b', 'c']);
		});

		test.each<[string, IDataObject, string[]]>([
			['of another size', { ...batch, batchSize: 1 }, ['a', 'b']],
			['to be searched for bad events', { ...batch, onRejectedBatch: 'isolate' }, ['a+b', 'a', 'b']],
		])('a batch is sent again if it is %s', async (_, options, requests) => {
			const retryOf = await refusedBatch();
			await bench.run(fixed(['a', 'b', 'c'], { options: options as never, run: { retryOf } }));
			expect(sentIds()).toEqual(['a+b', ...requests]);
		});

		test('a batch is sent again if Send As is another one', async () => {
			const retryOf = await refusedBatch();
			const parameters = { sendAs: 'single' };
			await bench.run(fixed(['a', 'b', 'c'], { options: batch, parameters, run: { retryOf } }));
			expect(sentIds()).toEqual(['a+b', 'a', 'b']);
		});

		test('a batch is sent again if one of its events was mended by an edit of the mapping', async () => {
			const retryOf = await refusedBatch();
			const second = await bench.run({
				...fixed(['a', 'b', 'c'], { options: batch, run: { retryOf } }),
				parameters: {
					mappingMode: 'defineBelow',
					customEventName: 'bought',
					customUserId: '={{ $json.customUserId === "b" ? "mended" : $json.customUserId }}',
				},
			});
			expect([second.status, sentIds()]).toEqual(['success', ['a+b', 'a+mended', 'c']]);
		});

		test('a batch is sent again if the input of one of its events was mended', async () => {
			const retryOf = await refusedBatch();
			const entry = retryOf.data.executionData?.nodeExecutionStack[0];
			if (entry?.data.main[0]) entry.data.main[0][1].json = event('mended');
			const second = await bench.run(fixed(['a', 'mended', 'c'], { options: batch, run: { retryOf } }));
			expect([second.status, sentIds()]).toEqual(['success', ['a+b', 'a+mended', 'c']]);
		});
	});

	describe('another run of the node', () => {
		const trigger: INode = {
			id: '1',
			name: 'Start',
			type: 'n8n-nodes-base.manualTrigger',
			typeVersion: 1,
			position: [0, 0],
			parameters: {},
		};
		const make = (name: string, type: string, more: Partial<INode> = {}): INode => ({
			id: name,
			name,
			type,
			typeVersion: 1,
			position: [0, 0],
			parameters: {},
			...more,
		});
		const link = (name: string) => ({ node: name, type: 'main' as const, index: 0 });

		test.each(ON_ERROR)('%s: a loop sends equal events again in each iteration', async (onError) => {
			const result = await bench.engine.run(
				{
					nodes: [
						trigger,
						make('Items', 'test.items'),
						make('Loop', 'test.loop', { parameters: { batchSize: 2 } }),
						make('Node', `${PACKAGE}.${node}`, {
							parameters: { mappingMode: 'autoMapInputData', options: {} },
							credentials: { myTrackerApi: { id: 'credential', name: 'x' } },
							onError,
						}),
						make('Done', 'n8n-nodes-base.noOp'),
					],
					connections: {
						Start: { main: [[link('Items')]] },
						Items: { main: [[link('Loop')]] },
						Loop: { main: [[link('Done')], [link('Node')]] },
						Node: { main: [[link('Loop')]] },
					},
				},
				{
					items: { Items: ['a', 'b', 'a', 'b', 'a', 'b'].map(event) },
					credentials: { myTrackerApi: bench.sandbox.credentials.myTrackerApi },
				},
			);
			expect(result.runs('Node')).toBe(3);
			expect(storedIds()).toEqual(['a', 'b', 'a', 'b', 'a', 'b']);
			expect(
				result.nodeOutputs('Node', 2)[0].map(({ json }) => (json.delivery as IDataObject).status),
			).toEqual(['accepted', 'accepted']);
			expect(ledgerOf(result.contextData)).toBeUndefined();
		});

		test('equal events of one run are sent each', async () => {
			await bench.run(order(['a', 'a', 'a']));
			expect(storedIds()).toEqual(['a', 'a', 'a']);
		});

		test('a new execution knows nothing of an older one', async () => {
			await bench.run(order(['a']));
			await bench.run(order(['a']));
			expect(storedIds()).toEqual(['a', 'a']);
		});
	});

	describe('as a tool', () => {
		const tool = (parameters: IDataObject, more: Partial<INode> = {}) => ({
			type: `${PACKAGE}.${node}`,
			parameters: {
				customEventName: "={{ $fromAI('name', 'the event', 'string') }}",
				customUserId: "={{ $fromAI('user', 'the user', 'string') }}",
				options: { maxAttempts: 1 },
				...parameters,
			} as INode['parameters'],
			credentials: { myTrackerApi: { id: 'credential', name: 'x' } },
			...more,
		});
		const call = async (args: IDataObject, more: Partial<INode> = {}, token = {}) =>
			await bench.engine.runAsTool(tool({}, more), args, {
				credentials: { myTrackerApi: { ...bench.sandbox.credentials.myTrackerApi, ...token } },
			});
		const good = { name: 'bought', user: 'a' };

		test('the event is sent and the report returned', async () => {
			const { response, error } = await call(good);
			expect(error).toBeUndefined();
			expect(JSON.parse(response ?? '')).toEqual([
				expect.objectContaining({ delivery: expect.objectContaining({ status: 'accepted' }) }),
			]);
			expect(storedIds()).toEqual(['a']);
		});

		const modes: Array<OnError | undefined> = [undefined, ...ON_ERROR];
		const failures: Array<[Status, IDataObject, Fault | undefined, IDataObject]> = [
			['invalid', { name: '', user: 'a' }, undefined, {}],
			['rejected', { name: 'x', user: 'sandbox-refuse' }, undefined, {}],
			['exhausted', good, { status: 503 }, {}],
			['unknown', good, { reset: 'afterStoring' }, {}],
			['notAttempted', good, { status: 403 }, {}],
			['notAttempted', good, undefined, { baseUrl: 'ftp://nowhere' }],
		];

		test.each(
			modes.flatMap((onError) =>
				failures.map(([status, ...rest]) => [status, onError ?? 'no mode', onError, ...rest] as const),
			),
		)(
			'%s is returned, never thrown (%s), and is not repeated by Retry On Fail',
			async (status, _, onError, args, fault, token) => {
				if (fault) bench.sandbox.faults.always(() => fault);
				const { response, error } = await call(args, { ...retry, ...(onError ? { onError } : {}) }, token);
				expect(error).toBeUndefined();
				const [report] = JSON.parse(response ?? '') as IDataObject[];
				expect(report.delivery).toMatchObject({ status });
				expect(report).not.toHaveProperty('error');
				expect(bench.sandbox.requests.length).toBeLessThanOrEqual(1);
			},
		);
	});
});
