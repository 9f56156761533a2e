import { CsvParser, quoted, type Pause } from '../../engine';

export type Row = Record<string, string>;

/** A file that is no whole export; its message is for the user. `isFinal`: the same file would come again. */
export class FileFault extends Error {
	readonly isFinal: boolean;

	constructor(message: string, isFinal: boolean) {
		super(message);
		this.isFinal = isFinal;
	}
}

const isBlankLine = (record: readonly string[]): boolean => record.length === 1 && record[0] === '';

/**
 * The rows of an export, by the names of its header. A row with fewer cells than the header has empty ones in their place, as
 * the vendor's sample does. Memory does not grow with the file. Throws `FileFault`; `onHeader` may do so too.
 */
export async function* readRows(
	file: AsyncIterable<Uint8Array>,
	pause: Pick<Pause, 'ifDue'>,
	onHeader: (header: readonly string[]) => void,
): AsyncGenerator<Row> {
	const parser = new CsvParser();
	let header: readonly string[] | undefined;
	let count = 0;
	/** In a file of one column a blank line is a row without a value, but for those at the end of the file. */
	let blankLines = 0;
	const rowOf = (names: readonly string[], record: readonly string[]): Row => {
		count++;
		if (record.length > names.length) {
			throw new FileFault(
				`Row ${count} of the file has ${record.length} values, and there are only ${names.length} columns`,
				true,
			);
		}
		const row: Row = {};
		for (let at = 0; at < names.length; at++) row[names[at] ?? ''] = record[at] ?? '';
		return row;
	};
	const rowsOf = function* (records: readonly string[][]): Generator<Row> {
		for (const record of records) {
			if (isBlankLine(record)) {
				if (header?.length === 1) blankLines++;
				continue;
			}
			if (!header) {
				header = record;
				onHeader(header);
				continue;
			}
			for (; blankLines > 0; blankLines--) yield rowOf(header, ['']);
			yield rowOf(header, record);
		}
	};
	for await (const bytes of file) {
		yield* rowsOf(parser.push(bytes));
		await pause.ifDue();
	}
	const last = parser.end();
	if (parser.isCut) throw new FileFault('The file ends in the middle of a row; run the node again', false);
	yield* rowsOf(last);
	if (!header) onHeader([]);
}

/**
 * Compares the header with the fields that were asked for and gives those that it lacks. A file that has none of them is
 * not the export.
 */
export function missingColumns(header: readonly string[], fields: readonly string[]): string[] {
	const missing = fields.filter((field) => !header.includes(field));
	if (missing.length < fields.length || fields.length === 0) return missing;
	const line = header.length === 0 ? 'it is empty' : `its first line is ${quoted(header.join(','), 200)}`;
	throw new FileFault(`The answer is not the export: ${line}`, true);
}
