import { describe, expect, test } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';

import { CsvParser } from '../../../nodes/engine/reading/csv.ts';

/** Reads the file in pieces of the given sizes, in bytes, the last size repeated. */
function read(file: string, sizes: readonly number[] = [Number.POSITIVE_INFINITY]): string[][] {
	const bytes = Buffer.from(file, 'utf8');
	const parser = new CsvParser();
	const records: string[][] = [];
	let at = 0;
	for (let piece = 0; at < bytes.length; piece++) {
		const size = sizes[Math.min(piece, sizes.length - 1)];
		records.push(...parser.push(bytes.subarray(at, at + size)));
		at += size;
	}
	return [...records, ...parser.end()];
}

const cell = fc.string({ unit: fc.constantFrom('a', ',', '"', '\n', '\r\n', 'ж', '😀', ' ', ';') });
const table = fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 6 });
const quoted = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text);
const asFile = (rows: readonly string[][], lineBreak: string) =>
	rows.map((row) => row.map(quoted).join(',')).join(lineBreak);

describe('a CSV file', () => {
	test('is read to the same cells whatever the pieces in which it comes', () => {
		fc.assert(
			fc.property(
				table,
				fc.constantFrom('\n', '\r\n'),
				fc.boolean(),
				fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1 }),
				(rows, lineBreak, ends, sizes) => {
					const file = asFile(rows, lineBreak) + (ends ? lineBreak : '');
					expect(read(file, sizes)).toEqual(rows);
				},
			),
			{ numRuns: 500 },
		);
	});

	test('is read as another reader reads it', () => {
		fc.assert(
			fc.property(table, (rows) => {
				const file = `${asFile(rows, '\n')}\n`;
				expect(read(file)).toEqual(parse(file, { record_delimiter: '\n', relax_column_count: true }));
			}),
		);
	});

	test.each<[string, string, string[][]]>([
		['nothing', '', []],
		['a header alone', 'a,b\n', [['a', 'b']]],
		[
			'a byte order mark',
			'\ufeffa,b\n1,2',
			[
				['a', 'b'],
				['1', '2'],
			],
		],
		['a blank line, which is one empty cell', 'a\n\n2\n\n', [['a'], [''], ['2'], ['']]],
		[
			'empty cells',
			'a,b,c\n1111,,android\n,,\n',
			[
				['a', 'b', 'c'],
				['1111', '', 'android'],
				['', '', ''],
			],
		],
		['JSON in a cell', 'event_json\n"{""sum"":""10""}"\n', [['event_json'], ['{"sum":"10"}']]],
		['a quote that never closes', 'a\n"b', [['a'], ['b']]],
		['text behind a closing quote', '"a"b,c\n', [['ab', 'c']]],
		[
			'CR alone as a line break',
			'a,b\r1,2\r',
			[
				['a', 'b'],
				['1', '2'],
			],
		],
	])('%s', (_, file, rows) => {
		expect(read(file)).toEqual(rows);
		expect(read(file, [1])).toEqual(rows);
	});

	test.each<[string, string, boolean]>([
		['inside a quoted cell', 'a,b\n1,"2', true],
		['after a quote that may close the cell', 'a,b\n1,"2"', false],
		['after the first of two quotes', 'a,b\n1,"2""', true],
		['inside a plain cell', 'a,b\n1', false],
		['after a line break', 'a,b\n1,"2"\n', false],
	])('that ends %s is told to be cut, or not', (_, file, isCut) => {
		for (const size of [Number.POSITIVE_INFINITY, 1]) {
			const parser = new CsvParser();
			const bytes = Buffer.from(file);
			for (let at = 0; at < bytes.length; at += size) parser.push(bytes.subarray(at, at + size));
			parser.end();
			expect(parser.isCut).toBe(isCut);
		}
	});

	test('a character that is cut between two pieces is whole', () => {
		expect(read('ж,😀\n', [1])).toEqual([['ж', '😀']]);
	});
});
