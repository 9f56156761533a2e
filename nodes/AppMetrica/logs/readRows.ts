import { CsvParser, type Pause } from '../../engine';

export type Row = Record<string, string>;

/**
 * The rows of an export, by the names of its header. A row with fewer cells than the header has empty ones in their place, as
 * the vendor's sample does. Memory does not grow with the file.
 */
export async function* readRows(
	file: AsyncIterable<Uint8Array>,
	pause: Pick<Pause, 'ifDue'>,
): AsyncGenerator<Row> {
	const parser = new CsvParser();
	let header: readonly string[] | undefined;
	const rowsOf = function* (records: readonly string[][]): Generator<Row> {
		for (const record of records) {
			if (!header) {
				header = record;
				continue;
			}
			const row: Row = {};
			for (let at = 0; at < header.length; at++) row[header[at] ?? ''] = record[at] ?? '';
			yield row;
		}
	};
	for await (const bytes of file) {
		yield* rowsOf(parser.push(bytes));
		await pause.ifDue();
	}
	yield* rowsOf(parser.end());
}
