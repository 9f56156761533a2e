/** The store against a model of what it should know, over n8n's table in memory. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { IDataDeduplicator, IExecuteFunctions } from 'n8n-workflow';

import { KeyStore, type Remembered } from '../../../nodes/engine/deduplication/keyStore.ts';
import { instantClock } from '../../support/clock.mts';
import { createDeduplicator, ProcessedData } from '../../../tools/harness/processedData.mts';

const clock = instantClock();
const noPause = { now: async () => undefined };

/** The helpers as n8n-core binds them to a node. */
function helpersOn(
	data: ProcessedData,
): Pick<IExecuteFunctions['helpers'], 'checkProcessedAndRecord' | 'removeProcessed'> & { calls: number[] } {
	data.access = async () => undefined;
	const deduplicator = createDeduplicator(() => data);
	const context = { workflow: { id: 'w', active: true }, node: { id: 'n' } } as unknown as Parameters<
		IDataDeduplicator['removeProcessed']
	>[2];
	const calls: number[] = [];
	return {
		calls,
		checkProcessedAndRecord: async (items, scope, options) => {
			calls.push(items.length);
			return await deduplicator.checkProcessedAndRecord(items, scope, context, options);
		},
		removeProcessed: async (items, scope, options) => {
			calls.push(items.length);
			await deduplicator.removeProcessed(items, scope, context, options);
		},
	};
}

const KEYS = ['a', 'b', 'c', 'd', 'e'];
const anyEnd = fc.constantFrom(
	'accepted' as const,
	'unconfirmed' as const,
	'forgotten' as const,
	'open' as const,
);

test('knows of every key what the last run that sent it has settled', async () => {
	const runs = fc.array(fc.dictionary(fc.constantFrom(...KEYS), anyEnd), { minLength: 1, maxLength: 8 });
	await fc.assert(
		fc.asyncProperty(runs, async (all) => {
			const helpers = helpersOn(new ProcessedData());
			const known = new Map<string, Remembered>();
			for (const ends of all) {
				const store = new KeyStore(helpers, 100, noPause, clock);
				const keys = Object.keys(ends);
				const taken = await store.take(keys);
				expect(Object.fromEntries(taken)).toEqual(
					Object.fromEntries([...known].filter(([key]) => keys.includes(key))),
				);
				const sent = keys.filter((key) => !taken.has(key));
				const ended = (end: string) => sent.filter((key) => ends[key] === end);
				await store.settle({
					accepted: ended('accepted'),
					unconfirmed: ended('unconfirmed'),
					forgotten: ended('forgotten'),
				});
				for (const key of ended('accepted')) known.set(key, 'accepted');
				for (const key of ended('unconfirmed')) known.set(key, 'unconfirmed');
				for (const key of ended('open')) known.set(key, 'unknown');
			}
		}),
		{ numRuns: 200 },
	);
});

test('of the newest keys none is forgotten, whatever the sizes of the runs', async () => {
	const sizes = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 12 });
	await fc.assert(
		fc.asyncProperty(sizes, async (all) => {
			const data = new ProcessedData();
			const helpers = helpersOn(data);
			const keys: string[] = [];
			for (const size of all) {
				const store = new KeyStore(helpers, 5, noPause, clock);
				const own = Array.from({ length: size }, (_, at) => `k${keys.length + at}`);
				expect(await store.take(own)).toEqual(new Map());
				await store.settle({ accepted: own, unconfirmed: [], forgotten: [] });
				keys.push(...own);
				expect(data.entries().length).toBeLessThanOrEqual(15);
			}
			const newest = keys.slice(-5);
			expect(await new KeyStore(helpers, 5, noPause, clock).take(newest)).toEqual(
				new Map(newest.map((key) => [key, 'accepted'])),
			);
		}),
	);
});

test('an accepted key is known even if another execution has overwritten its first entry', async () => {
	const data = new ProcessedData();
	const helpers = helpersOn(data);
	const other = new KeyStore(helpers, 100, noPause, clock);
	await other.take(['before']);
	const [id, text] = [...data.rows][0];
	const store = new KeyStore(helpers, 100, noPause, clock);
	await store.take(['a']);
	data.rows.set(id, text);
	await store.settle({ accepted: ['a'], unconfirmed: [], forgotten: [] });
	expect(await other.take(['a'])).toEqual(new Map([['a', 'accepted']]));
});

test('a run of new keys costs two calls, however many there are', async () => {
	const helpers = helpersOn(new ProcessedData());
	const keys = Array.from({ length: 5_000 }, (_, at) => String(at));
	const store = new KeyStore(helpers, 10_000, noPause, clock);
	await store.take(keys);
	await store.settle({ accepted: keys, unconfirmed: [], forgotten: [] });
	// One entry more tells whether the first call's are there still.
	expect(helpers.calls).toEqual([5_000, 5_001]);
});

test('what another execution has undone is written again', async () => {
	const data = new ProcessedData();
	const helpers = helpersOn(data);
	let undone = 0;
	const waits: number[] = [];
	const undoing = {
		random: () => 0.5,
		sleep: async (milliseconds: number) => {
			waits.push(milliseconds);
			if (undone++ < 3) data.rows.clear();
		},
	};
	const store = new KeyStore(helpers, 100, noPause, undoing);
	await store.take(['a', 'b']);
	await store.settle({ accepted: ['a'], unconfirmed: [], forgotten: ['b'] });
	expect(waits).toEqual([75, 75, 75, 75]);
	expect(await store.take(['a', 'b'])).toEqual(new Map([['a', 'accepted']]));
});

test('of many keys, too, what another execution has undone is written again', async () => {
	const data = new ProcessedData();
	const helpers = helpersOn(data);
	const keys = Array.from({ length: 500 }, (_, at) => String(at));
	const store = new KeyStore(helpers, 10_000, noPause, clock);
	await store.take(keys);
	data.rows.clear();
	const [accepted, forgotten] = [keys.slice(0, 400), keys.slice(400, 450)];
	await store.settle({ accepted, unconfirmed: [], forgotten });
	const known = await store.take(keys);
	expect(accepted.map((key) => known.get(key))).toEqual(accepted.map(() => 'accepted'));
	expect(forgotten.map((key) => known.get(key))).toEqual(forgotten.map(() => undefined));
	expect(keys.slice(450).map((key) => known.get(key))).toEqual(keys.slice(450).map(() => 'unknown'));
});

test('what is forgotten is taken out in parts, since n8n compares each with all that it holds', async () => {
	const helpers = helpersOn(new ProcessedData());
	const keys = Array.from({ length: 500 }, (_, at) => String(at));
	const store = new KeyStore(helpers, 10_000, noPause, clock);
	await store.take(keys);
	await store.settle({ accepted: [], unconfirmed: [], forgotten: keys });
	expect(helpers.calls).toEqual([500, 1, 133, 133, 133, 101]);
	expect(await store.take(keys)).toEqual(new Map());
});

test('the second try of a call that fails', async () => {
	const data = new ProcessedData();
	const helpers = helpersOn(data);
	let failures = 1;
	data.access = async () => {
		if (failures-- > 0) throw new Error('SQLITE_CONSTRAINT');
	};
	await expect(new KeyStore(helpers, 10, noPause, clock).take(['a'])).resolves.toEqual(new Map());
	failures = 2;
	await expect(new KeyStore(helpers, 10, noPause, clock).take(['b'])).rejects.toThrow('SQLITE_CONSTRAINT');
});

test('holds the newest keys, whatever is looked up or taken and forgotten meanwhile', async () => {
	const key = fc.constantFrom(...KEYS, 'f', 'g', 'h');
	const runs = fc.array(fc.dictionary(key, anyEnd, { minKeys: 1, maxKeys: 3 }), {
		minLength: 4,
		maxLength: 14,
	});
	await fc.assert(
		fc.asyncProperty(fc.integer({ min: 1, max: 3 }), runs, async (most, all) => {
			const helpers = helpersOn(new ProcessedData());
			let newest: string[] = [];
			for (const ends of all) {
				const store = new KeyStore(helpers, most, noPause, clock);
				const keys = Object.keys(ends).slice(0, most);
				const taken = await store.take(keys);
				expect(keys.filter((key) => newest.slice(-most).includes(key) && !taken.has(key))).toEqual([]);
				const sent = keys.filter((key) => !taken.has(key));
				const ended = (end: string) => sent.filter((key) => ends[key] === end);
				await store.settle({
					accepted: ended('accepted'),
					unconfirmed: ended('unconfirmed'),
					forgotten: ended('forgotten'),
				});
				newest = newest.filter((key) => !sent.includes(key));
				newest.push(...sent.filter((key) => ends[key] !== 'forgotten'));
			}
		}),
		{ numRuns: 2_000 },
	);
});
