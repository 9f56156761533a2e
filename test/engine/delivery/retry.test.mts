import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import { backoff, retryAfter, WaitBudget } from '../../../nodes/engine/delivery/retry.ts';
import { virtualClock } from '../../support/clock.mts';

const now = Date.parse('2026-11-22T09:00:00Z');

describe('Retry-After', () => {
	test.each<[string | undefined, number | undefined]>([
		['0', 0],
		['7', 7_000],
		[' 120 ', 120_000],
		['Sun, 22 Nov 2026 09:00:30 GMT', 30_000],
		['Sunday, 22-Nov-26 09:00:30 GMT', 30_000],
		['Sun Nov 22 09:00:30 2026', 30_000],
		['Sun, 22 Nov 2026 08:59:00 GMT', 0],
		[undefined, undefined],
		['', undefined],
		['soon', undefined],
		['-5', undefined],
		['1.5', undefined],
		['2026-11-22T09:00:30Z', undefined],
	])('%j asks for %s ms', (header, wait) => {
		expect(retryAfter(header, now)).toBe(wait);
	});
});

describe('backoff', () => {
	test('full jitter below a ceiling that doubles up to 30 seconds', () => {
		fc.assert(
			fc.property(
				fc.integer({ min: 1, max: 60 }),
				fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
				(tries, draw) => {
					const ceiling = Math.min(30_000, 1_000 * 2 ** (tries - 1));
					const wait = backoff(tries, () => draw);
					expect(Number.isInteger(wait)).toBe(true);
					expect(Math.abs(wait - draw * ceiling)).toBeLessThanOrEqual(0.5);
				},
			),
		);
	});
});

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

	test('a refused wait leaves no pause behind', async () => {
		const { clock, budget } = make(5_000);
		budget.book(60_000, true);
		await budget.waitUntil(0);
		expect(clock.waits).toEqual([]);
	});

	test('everybody waits for a shared pause, for one of their own only who booked it', async () => {
		const { clock, budget } = make(60_000);
		budget.book(3_000, false);
		await clock.drive(budget.waitUntil(0));
		expect(clock.elapsed()).toBe(0);
		budget.book(5_000, true);
		await clock.drive(budget.waitUntil(0));
		expect(clock.elapsed()).toBe(5_000);
	});

	test('a pause that grows while one waits is waited for to its end', async () => {
		const { clock, budget } = make(60_000);
		budget.book(5_000, true);
		const grow = clock.sleep(4_000).then(() => budget.book(5_000, true));
		await clock.drive(Promise.all([budget.waitUntil(0), grow]));
		expect(clock.elapsed()).toBe(9_000);
		expect(budget.waited).toBe(9_000);
	});

	test('an aborted wait ends at once', async () => {
		const { clock, budget } = make(60_000);
		budget.book(5_000, true);
		const abort = new AbortController();
		const wait = budget.waitUntil(0, abort.signal);
		abort.abort();
		await wait;
		expect(clock.elapsed()).toBe(0);
	});

	test('never more than the budget in total, and the same as the time that somebody waited', () => {
		const bookings = fc.array(
			fc.record({ after: fc.nat(3_000), wait: fc.nat(20_000), shared: fc.boolean() }),
			{ maxLength: 30 },
		);
		fc.assert(
			fc.property(bookings, fc.nat(60_000), (wanted, maxWait) => {
				let moment = 0;
				const budget = new WaitBudget(maxWait, { now: () => moment, random: () => 0, sleep: async () => {} });
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
