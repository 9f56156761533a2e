/** A longer record is no record: some file that is not CSV, with one quote in it. */
const LONGEST_RECORD = 16_000_000;

/** One record of a CSV file: its cells as text. */
export type CsvRecord = string[];

/**
 * Reads CSV (RFC 4180) piece by piece, so that a file of any size needs the memory of one piece and one record. Takes LF and
 * CRLF, a byte order mark, quoted cells with line breaks and doubled quotes, and a last record without a line break. A blank
 * line is a record of one empty cell.
 */
export class CsvParser {
	private readonly decoder = new TextDecoder('utf-8');
	private rest = '';
	private started = false;
	private endsInQuotes = false;

	/** Whether the file ended inside a quoted cell: a part of it is missing. Known after `end`. */
	get isCut(): boolean {
		return this.endsInQuotes;
	}

	/** The records that this piece completes. Throws RangeError for a record of more than 16 million characters. */
	push(bytes: Uint8Array): CsvRecord[] {
		return this.read(this.decoder.decode(bytes, { stream: true }), false);
	}

	/** The last record, where the file ends without a line break. A quote that is still open ends with the file. */
	end(): CsvRecord[] {
		return this.read(this.decoder.decode(), true);
	}

	private read(added: string, isLast: boolean): CsvRecord[] {
		let text = this.rest + added;
		if (!this.started && text.length > 0) {
			this.started = true;
			if (text.charCodeAt(0) === 0xfeff) text = text.slice(1);
		}
		const records: CsvRecord[] = [];
		let at = 0;
		for (;;) {
			const found = readRecord(text, at, isLast);
			if (!found) break;
			records.push(found.record);
			if (found.isOpen) this.endsInQuotes = true;
			at = found.next;
		}
		this.rest = text.slice(at);
		if (this.rest.length > LONGEST_RECORD)
			throw new RangeError('A record of the CSV file is longer than 16 MB');
		return records;
	}
}

/** The record that begins at `start` and where the next one does; `undefined` while its end is not there yet. */
function readRecord(
	text: string,
	start: number,
	isLast: boolean,
): { record: CsvRecord; next: number; isOpen?: true } | undefined {
	if (start >= text.length) return undefined;
	const record: CsvRecord = [];
	let at = start;
	for (;;) {
		let cell: string;
		if (text[at] === '"') {
			const quoted = readQuoted(text, at, isLast);
			if (!quoted) return undefined;
			({ cell, next: at } = quoted);
			if (quoted.isOpen) return { record: [...record, cell], next: at, isOpen: true };
		} else {
			const end = endOfCell(text, at);
			cell = text.slice(at, end);
			at = end;
		}
		record.push(cell);
		if (at >= text.length) return isLast ? { record, next: at } : undefined;
		if (text[at] === ',') {
			at++;
			continue;
		}
		if (text[at] === '\r' && at + 1 >= text.length && !isLast) return undefined;
		return { record, next: text.startsWith('\r\n', at) ? at + 2 : at + 1 };
	}
}

const CELL_END = /[,\r\n]/g;

function endOfCell(text: string, from: number): number {
	CELL_END.lastIndex = from;
	return CELL_END.exec(text)?.index ?? text.length;
}

/** A quoted cell, and what stands between its closing quote and the next separator, as other readers take it. */
function readQuoted(
	text: string,
	open: number,
	isLast: boolean,
): { cell: string; next: number; isOpen?: true } | undefined {
	let cell = '';
	let from = open + 1;
	for (;;) {
		const quote = text.indexOf('"', from);
		if (quote < 0) {
			return isLast ? { cell: cell + text.slice(from), next: text.length, isOpen: true } : undefined;
		}
		cell += text.slice(from, quote);
		if (text[quote + 1] !== '"') {
			if (quote + 1 >= text.length && !isLast) return undefined;
			const end = endOfCell(text, quote + 1);
			return { cell: cell + text.slice(quote + 1, end), next: end };
		}
		cell += '"';
		from = quote + 2;
	}
}
