import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import { halves, pack, part, type Prepared } from '../../../nodes/engine/delivery/pack.ts';
import { payloadBytes } from '../../../nodes/engine/delivery/request.ts';
import type { Envelope } from '../../../nodes/engine/operation/operation.ts';
import { prepared, preparedItems, FAKE_ENVELOPE } from '../../support/fakeVendor.mts';

const NO_LIMIT = { maxEvents: Number.POSITIVE_INFINITY, maxBytes: Number.POSITIVE_INFINITY };
const textOf = (items: readonly Prepared[], frame: Envelope) =>
	frame.prefix + items.map(({ text }) => text).join(frame.separator) + frame.suffix;
const bytesOf = (text: string) => Buffer.byteLength(text, 'utf8');

const anyFrame: fc.Arbitrary<Envelope> = fc.constantFrom(
	FAKE_ENVELOPE,
	{ prefix: '', separator: '', suffix: '' },
	{ prefix: 'имя,значение\r\n', separator: '\r\n', suffix: '' },
	{ prefix: '?data=%5B', separator: '%2C', suffix: '%5D&ts=1234567890' },
);

const anyItems = fc
	.array(
		fc.record({
			text: fc.oneof(
				fc.string({ unit: 'grapheme', maxLength: 30 }),
				fc.constantFrom('ж', '👩‍🚀', '"\n"', 'a'.repeat(60)),
			),
			batchKey: fc.constantFrom('a', 'b', 'c'),
			count: fc.oneof(
				{ weight: 5, arbitrary: fc.constant(1) },
				{ weight: 1, arbitrary: fc.integer({ min: 1, max: 4 }) },
			),
			unbatchable: fc.oneof(
				{ weight: 5, arbitrary: fc.constant(false) },
				{ weight: 1, arbitrary: fc.constant(true) },
			),
		}),
		{ maxLength: 60 },
	)
	.map((wanted) => wanted.map((more, index) => prepared(index, more)));
const anyLimits = fc.record({
	maxEvents: fc.integer({ min: 1, max: 12 }),
	maxBytes: fc.integer({ min: 40, max: 300 }),
});

describe('packing', () => {
	test('nothing is lost, doubled or out of order; no request is above count or bytes; bytes are the length of what is sent', () => {
		fc.assert(
			fc.property(anyItems, anyLimits, anyFrame, (items, limits, frame) => {
				const { batches, oversize } = pack(items, limits, () => frame);
				const packed = [
					...batches.flatMap(({ items: inside }) => inside),
					...oversize.map(({ item }) => item),
				];
				expect(packed.map(({ index }) => index).sort((one, other) => one - other)).toEqual(
					items.map(({ index }) => index),
				);
				for (const batch of batches) {
					const indexes = batch.items.map(({ index }) => index);
					expect(indexes).toEqual([...indexes].sort((one, other) => one - other));
					expect(new Set(batch.items.map(({ batchKey: group }) => group)).size).toBe(1);
					const payload = payloadBytes(batch);
					expect(payload.toString('utf8')).toBe(textOf(batch.items, frame));
					expect(payload.length).toBe(batch.bytes);
					expect(batch.bytes).toBeLessThanOrEqual(limits.maxBytes);
					const count = batch.items.reduce((sum, item) => sum + item.count, 0);
					if (batch.items.length > 1) expect(count).toBeLessThanOrEqual(limits.maxEvents);
					if (batch.items.some(({ unbatchable: alone }) => alone)) expect(batch.items).toHaveLength(1);
				}
				for (const { item, bytes } of oversize) {
					expect(bytes).toBe(bytesOf(textOf([item], frame)));
					expect(bytes).toBeGreaterThan(limits.maxBytes);
				}
			}),
			{ numRuns: 300 },
		);
	});

	test('a new request only when the next event of its group does not fit', () => {
		fc.assert(
			fc.property(anyItems, anyLimits, anyFrame, (items, limits, frame) => {
				const { batches } = pack(items, limits, () => frame);
				const shared = batches.filter(({ items: inside }) => !inside[0].unbatchable);
				for (const group of ['a', 'b', 'c']) {
					const ofGroup = shared.filter(({ items: inside }) => inside[0].batchKey === group);
					for (const [at, batch] of ofGroup.entries()) {
						const next = ofGroup[at + 1]?.items[0];
						if (!next) continue;
						const grown = [...batch.items, next];
						const count = grown.reduce((sum, item) => sum + item.count, 0);
						expect(count > limits.maxEvents || bytesOf(textOf(grown, frame)) > limits.maxBytes).toBe(true);
					}
				}
			}),
			{ numRuns: 300 },
		);
	});

	test('requests stand in the order of their first event', () => {
		const items = preparedItems(9, (index) => ({ batchKey: 'abc'[index % 3] }));
		const { batches } = pack(items, { ...NO_LIMIT, maxEvents: 2 }, () => FAKE_ENVELOPE);
		expect(batches.map(({ items: inside }) => inside.map(({ index }) => index))).toEqual([
			[0, 3],
			[1, 4],
			[2, 5],
			[6],
			[7],
			[8],
		]);
	});

	test('exactly at the limit fits, one byte more does not', () => {
		const items = preparedItems(2, () => ({ text: '12345' }));
		expect(pack(items, { ...NO_LIMIT, maxBytes: 13 }, () => FAKE_ENVELOPE).batches).toHaveLength(1);
		expect(pack(items, { ...NO_LIMIT, maxBytes: 12 }, () => FAKE_ENVELOPE).batches).toHaveLength(2);
		expect(pack(items, { ...NO_LIMIT, maxBytes: 7 }, () => FAKE_ENVELOPE).oversize).toEqual([]);
		expect(pack(items, { ...NO_LIMIT, maxBytes: 6 }, () => FAKE_ENVELOPE)).toEqual({
			batches: [],
			oversize: items.map((item) => ({ item, bytes: 7 })),
		});
	});

	test('an oversize event does not close the request before it', () => {
		const items = [
			prepared(0, { text: 'a' }),
			prepared(1, { text: 'b'.repeat(50) }),
			prepared(2, { text: 'c' }),
		];
		const { batches, oversize } = pack(items, { ...NO_LIMIT, maxBytes: 20 }, () => FAKE_ENVELOPE);
		expect(batches.map(({ items: inside }) => inside.map(({ index }) => index))).toEqual([[0, 2]]);
		expect(oversize.map(({ item }) => item.index)).toEqual([1]);
	});

	test('another group with the same ordering key closes the open request; other keys stay open', () => {
		const pages = ['home', 'home', 'cart', 'home', 'home'];
		const items = pages.flatMap((page, at) => [
			prepared(2 * at, { orderingKey: 'ann', batchKey: `ann/${page}` }),
			prepared(2 * at + 1, { orderingKey: 'bob', batchKey: 'bob/home' }),
		]);
		const { batches } = pack(items, NO_LIMIT, () => FAKE_ENVELOPE);
		const ofKey = (orderingKey: string) =>
			batches
				.filter((batch) => batch.orderingKey === orderingKey)
				.map(({ items: inside }) => inside.map(({ index }) => index));
		expect(ofKey('ann')).toEqual([[0, 2], [4], [6, 8]]);
		expect(ofKey('bob')).toEqual([[1, 3, 5, 7, 9]]);
	});

	test('what never shares a request leaves the open one open', () => {
		const items = preparedItems(4, (index) => ({ unbatchable: index === 1 }));
		const { batches } = pack(items, NO_LIMIT, () => FAKE_ENVELOPE);
		expect(batches.map(({ items: inside }) => inside.map(({ index }) => index))).toEqual([[0, 2, 3], [1]]);
	});

	test('a list counts as its number of events and is not split', () => {
		const items = [
			prepared(0, { count: 2 }),
			prepared(1, { count: 3 }),
			prepared(2, { count: 1 }),
			prepared(3, { count: 5 }),
		];
		const { batches } = pack(items, { ...NO_LIMIT, maxEvents: 5 }, () => FAKE_ENVELOPE);
		expect(batches.map(({ items: inside }) => inside.map(({ index }) => index))).toEqual([[0, 1], [2], [3]]);
	});

	test('linear: no event is measured or joined while packing, and a frame is made once per group', () => {
		let reads = 0;
		let frames = 0;
		const items = preparedItems(20_000, (index) => ({ batchKey: `g${index % 5}` })).map((item) => ({
			...item,
			get text() {
				reads++;
				return item.text;
			},
		}));
		// The spread above has read each text once.
		reads = 0;
		const { batches } = pack(items, { maxEvents: 20, maxBytes: 10_000 }, () => {
			frames++;
			return FAKE_ENVELOPE;
		});
		expect(batches).toHaveLength(1_000);
		expect(reads).toBe(0);
		expect(frames).toBe(5);
	});
});

describe('parts', () => {
	test('halves hold all events in order, with the bytes of what is sent', () => {
		fc.assert(
			fc.property(anyItems, anyFrame, (items, frame) => {
				for (const batch of pack(items, NO_LIMIT, () => frame).batches) {
					if (batch.items.length < 2) continue;
					const parts = halves(batch);
					if (!parts) throw new Error('A batch of several has halves');
					const [first, second] = parts;
					expect([...first.items, ...second.items]).toEqual(batch.items);
					expect(first.items.length - second.items.length).toBe(batch.items.length % 2);
					for (const half of [first, second])
						expect(payloadBytes(half).length).toBe(bytesOf(textOf(half.items, frame)));
				}
			}),
		);
	});

	test('a part keeps its ordering key and envelope', () => {
		const [batch] = pack(
			preparedItems(3, () => ({ orderingKey: 'l' })),
			NO_LIMIT,
			() => FAKE_ENVELOPE,
		).batches;
		expect(part(batch, [batch.items[0]])).toMatchObject({ orderingKey: 'l', envelope: FAKE_ENVELOPE });
	});

	test('a hundred megabytes are written without a string of that length', () => {
		const items = preparedItems(100, () => ({ text: 'ы'.repeat(500_000) }));
		const [batch] = pack(items, NO_LIMIT, () => FAKE_ENVELOPE).batches;
		expect(payloadBytes(batch).length).toBe(100 * 1_000_000 + 101);
	});
});
