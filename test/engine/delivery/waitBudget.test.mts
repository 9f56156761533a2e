import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import { WaitBudget } from '../../../nodes/engine/delivery/waitBudget.ts';
import { virtualClock } from '../../support/clock.mts';

const now = Date.parse('2026-11-22T09:00:00Z');

describe('the budget of waiting', () => {
	const make = (maxWait: number) => {
		const clock = virtualClock({ now });
		return { clock, budget: new WaitBudget(maxWait, clock) };
	};

	test('waits that overlap count once', () => {
		const { budget } = make(10_000);
		expect(budget.book(6_000, true)).toEqual({ until: now + 6_000 });
		expect(budget.book(6_000, true)).toEqual({ until: now + 6_000 });
		expect(budget.book(4_000, false)).toEqual({ until: now + 4_000 });
		expect(budget.waited).toBe(6_000);
		expect(budget.book(10_000, false)).toEqual({ until: now + 10_000 });
		expect(budget.waited).toBe(10_000);
	});

	test('a wait over what is left is refused and costs nothing', () => {
		const { budget } = make(5_000);
		expect(budget.book(5_001, true)).toBeUndefined();
		expect(budget.waited).toBe(0);
		expect(budget.book(5_000, true)).toBeDefined();
		expect(budget.book(5_001, true)).toBeUndefined();
		expect(budget.book(5_000, true)).toBeDefined();
	});

	test('a refused wait causes no pause', async () => {
		const { clock, budget } = make(5_000);
		budget.book(60_000, true);
		await budget.waitForPause();
		expect(clock.waits).toEqual([]);
	});

	test('every request waits for a shared pause, and only the one that booked it for a pause of its own', async () => {
		const { clock, budget } = make(60_000);
		budget.book(3_000, false);
		await clock.drive(budget.waitForPause());
		expect(clock.elapsed()).toBe(0);
		budget.book(5_000, true);
		await clock.drive(budget.waitForPause());
		expect(clock.elapsed()).toBe(5_000);
	});

	test('a pause that grows while one waits is waited for to its end', async () => {
		const { clock, budget } = make(60_000);
		budget.book(5_000, true);
		const grow = clock.sleep(4_000).then(() => budget.book(5_000, true));
		await clock.drive(Promise.all([budget.waitForPause(), grow]));
		expect(clock.elapsed()).toBe(9_000);
		expect(budget.waited).toBe(9_000);
	});

	test('an aborted wait ends at once', async () => {
		const { clock, budget } = make(60_000);
		budget.book(5_000, true);
		const abort = new AbortController();
		const wait = budget.waitForPause(abort.signal);
		abort.abort();
		await wait;
		expect(clock.elapsed()).toBe(0);
	});

	test.each([
		['back', -3_600_000],
		['forward', 3_600_000],
	])('a wall clock that is set %s by an hour meanwhile changes no wait', async (_, jump) => {
		const clock = virtualClock({ now });
		let offset = 0;
		const budget = new WaitBudget(60_000, { ...clock, now: () => clock.now() + offset });
		const booked = budget.book(1_000, true);
		offset = jump;
		await clock.drive(budget.waitUntil(booked?.until ?? 0));
		expect(clock.elapsed()).toBe(1_000);
		expect(budget.waited).toBe(1_000);
	});

	test('never more than the budget in total, and the same as the time that somebody waited', () => {
		const bookings = fc.array(
			fc.record({ after: fc.nat(3_000), wait: fc.nat(20_000), shared: fc.boolean() }),
			{ maxLength: 30 },
		);
		fc.assert(
			fc.property(bookings, fc.nat(60_000), (wanted, maxWait) => {
				let moment = 0;
				const budget = new WaitBudget(maxWait, {
					now: () => 0,
					monotonic: () => moment,
					random: () => 0,
					sleep: async () => {},
				});
				const spans: Array<[number, number]> = [];
				for (const { after, wait, shared } of wanted) {
					moment += after;
					const booked = budget.book(wait, shared);
					if (booked) spans.push([moment, booked.until]);
				}
				let union = 0;
				let end = 0;
				for (const [from, to] of spans) {
					union += Math.max(0, to - Math.max(from, end));
					end = Math.max(end, to);
				}
				expect(budget.waited).toBe(union);
				expect(budget.waited).toBeLessThanOrEqual(maxWait);
			}),
		);
	});
});
