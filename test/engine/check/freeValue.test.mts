import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import {
	checkFreeValue,
	freeValueError,
	KnownValues,
	toJsonText,
} from '../../../nodes/engine/check/freeValue.ts';
import { parseJson } from '../../../nodes/engine/check/jsonReader.ts';
import { completed } from '../../../nodes/engine/steps.ts';

/** So many members that the value is looked at in steps. */
const MANY = Array.from({ length: 20_000 }, (_, at) => ({ at }));

function known(value: unknown, asText = true) {
	const values = new KnownValues();
	const steps = values.lookAhead(value, asText);
	let turns = 0;
	while (!steps.next().done) turns++;
	return { values, turns };
}

const odd = fc.oneof(
	fc.constantFrom<unknown>(
		Number.NaN,
		2 ** 60,
		10n,
		Symbol('a'),
		() => 1,
		new Map(),
		new Date(Number.NaN),
		'{{ $json.a }}',
	),
	fc.jsonValue(),
);

describe('a large value that is looked at in steps before it is checked', () => {
	test('is judged as in one go, wherever in it something is wrong', () => {
		fc.assert(
			fc.property(fc.array(odd, { maxLength: 3 }), fc.array(odd, { maxLength: 3 }), (before, after) => {
				for (const value of [
					{ before, many: MANY, after },
					[before, ...MANY, { after }],
					{ rows: [...MANY, { before: { after } }] },
				]) {
					const { values } = known(value);
					expect(values.findingOf(value)).toBeDefined();
					expect(checkFreeValue(value, values)).toEqual(checkFreeValue(value));
					expect(freeValueError(value, values)).toBe(freeValueError(value));
				}
			}),
			{ numRuns: 5 },
		);
	});

	test('says where in it', () => {
		const value = { rows: MANY.map(({ at }) => ({ at: [at === 19_000 ? Number.NaN : at] })) };
		expect(freeValueError(value, known(value).values)).toBe(
			'holds at "rows[19000].at[0]" a number that is not finite',
		);
	});

	test('is written in steps, as JSON.stringify writes it', () => {
		const value = { rows: MANY, last: 'Ж' };
		const { values, turns } = known(value);
		expect(values.textOf(value)).toBe(JSON.stringify(value));
		expect(turns).toBeGreaterThan(3);
		expect(known(value, false).values.textOf(value)).toBeUndefined();
	});

	test('is not written where JSON.stringify would fail or lose digits', () => {
		for (const value of [
			[...MANY, 10n],
			[...MANY, () => 1],
		])
			expect(known(value).values.textOf(value)).toBeUndefined();
		expect(toJsonText([...MANY, 10n])).toBe(`${JSON.stringify(MANY).slice(0, -1)},10]`);
	});

	test('is parsed ahead where it is a text', () => {
		for (const text of [JSON.stringify({ rows: MANY, last: 'x'.repeat(1_000_000) }), 'x'.repeat(1_000_001)]) {
			const { values, turns } = known(text);
			expect(turns).toBe(1);
			expect(values.parsedOf(text)).toEqual(parseJson(text));
		}
		expect(known('x'.repeat(1_000_001)).values.parsedOf('{"a":1}')).toEqual({ parsed: { a: 1 } });
	});

	test('is looked at once', () => {
		const value = { rows: MANY };
		const { values } = known(value);
		expect([...values.lookAhead(value, true)]).toEqual([]);
	});

	test('which is small costs nothing ahead', () => {
		const value = { rows: [1] };
		const { values, turns } = known(value);
		expect([turns, values.findingOf(value), values.textOf(value)]).toEqual([0, undefined, undefined]);
		for (const other of ['text', null, 1])
			expect(completed(new KnownValues().lookAhead(other, true))).toBe(undefined);
	});

	test('that nests too deep or holds itself is refused, not followed', () => {
		const own: Record<string, unknown> = { own: undefined, many: MANY };
		own.own = own;
		expect(freeValueError(own, known(own).values)).toBe('is nested more than 100 levels deep');
	});
});
