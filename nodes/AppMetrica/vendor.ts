import {
	hasLoneSurrogate,
	isAbsent,
	HALF_CHARACTER,
	nameOf,
	type Envelope,
	type Field,
	type Issue,
	type Json,
	type OperationDefaults,
	type SettingRow,
	type ResponseRules,
	type WireForm,
} from '../engine';

import { columnSet } from './columns';

/** Where the vendor's pages of the uploads begin. */
export const PAGES = 'https://appmetrica.yandex.com/docs/en/mobile-api/post';

const PATH = '/logs/v1/import';
const MAX_BATCH = 100_000;
/** "1 GB", decimal or binary: 1,000,000,000 bytes hold under both readings. */
const MAX_BODY = 1_000_000_000;
/** What the vendor's current pages say. */
const MAX_AGE_DAYS = 14;

export const defaults: OperationDefaults = {
	sendAs: 'batch',
	batchSize: { default: 10_000, max: MAX_BATCH },
	concurrency: 1,
	timeout: { single: 30_000, batch: 120_000 },
	onRejectedBatch: 'fail',
	extraFields: 'ignore',
	additionalProperties: false,
	maxAgeDays: MAX_AGE_DAYS,
};

const AGE = `An event may be ${MAX_AGE_DAYS} days old by the current pages and 7 by an older one (documented); an older one is probably dropped without notice (inferred)`;

/** What the pages tell of every upload. */
const uploadLimits: readonly string[] = [
	'At most 100,000 events in a batch (documented)',
	'At most 1,000,000,000 bytes of CSV in one request (documented as "1 GB"; read as decimal)',
	'Profile and device must be known to AppMetrica through its SDK (documented); events of others are probably dropped without notice (inferred)',
	'Whether one bad row refuses a whole batch is not documented: unless the option asks for it, a refused batch fails as a whole and no part of it is sent again',
	'How a line break or another control character is written in a CSV cell is not documented: such an event is refused before it is sent; it can be sent as Single',
	'How long the URL of a single event may be is not documented: send long events as Batch',
	'Repeated uploads are not recognized (inferred: nothing of the kind is documented)',
	'Events appear in reports within 4 hours (documented)',
];

/** The limits of one kind of upload; profiles have no time. */
export const limitsOf = (own: readonly string[], { aged }: { aged: boolean }): readonly string[] => [
	...uploadLimits,
	...(aged ? [AGE] : []),
	...own,
];

/** Documented are the statuses 200, 400 and 403 and no body: 200 says that the upload was taken, not that each event will show. */
export const responses: ResponseRules = {
	accepts: ({ status }) => status === 200,
	// No page says what a 5xx means for the upload.
	safeToRetry: () => false,
	fatalScope: { 403: 'app' },
	advice: {
		400: "a required parameter is missing, or AppMetrica could not read a value; check the event's fields and the 'Application ID'",
		401: "AppMetrica refused the key; check the 'Post API Key' in the credential",
		403: "AppMetrica refused the key; check that the 'Post API Key' in the credential is right and belongs to this 'Application ID'. The SDK's API key does not work here.",
		404: 'AppMetrica does not know this address; check the base URL in the credential',
		405: 'AppMetrica does not accept uploads at this address; check the base URL in the credential',
	},
	defaultAdvice: "check the event's fields against AppMetrica's documentation",
};

interface Cell {
	field: Field;
	text: string;
}

/** What an event fills, in the table's order; a checked event holds texts only. */
function cellsOf(fields: readonly Field[], event: Json): Cell[] {
	const cells: Cell[] = [];
	for (const field of fields) {
		const value = event[field.wire];
		if (!isAbsent(value)) cells.push({ field, text: String(value) });
	}
	return cells;
}

const fault = (field: Field, says: string): { fault: Issue } => ({
	fault: { field: field.wire, message: `${nameOf(field)} ${says}` },
});

const CONTROL_CHARACTER =
	"holds a line break or another control character, and AppMetrica does not document how a CSV cell carries it; remove it or set 'Send As' to Single";

const QUOTE = 0x22;

/** From so many characters on it is quicker to double quotes as bytes: of 16 MB with millions of quotes in a tenth of the time. */
const LONG_TEXT = 10_000;

/** A text in quotes, each quote in it twice. */
const quoted = (text: string): string =>
	text.length < LONG_TEXT ? `"${text.replace(/"/g, '""')}"` : quotedLong(text);

function quotedLong(text: string): string {
	const bytes = Buffer.from(text, 'utf8');
	const cell = Buffer.allocUnsafe(2 * bytes.length + 2);
	let end = cell.writeUInt8(QUOTE);
	// By index: the iterator of a Buffer takes five times as long.
	for (let at = 0; at < bytes.length; at++) {
		const byte = bytes[at] ?? 0;
		cell[end++] = byte;
		if (byte === QUOTE) cell[end++] = byte;
	}
	end = cell.writeUInt8(QUOTE, end);
	return cell.toString('utf8', 0, end);
}

/** RFC 4180, quoted only where it must be. */
const cellText = (text: string): string => (/[",]|^\s|\s$/.test(text) ? quoted(text) : text);

/** Percent-encoding as in the vendor's sample. A bare quote would be encoded on its way, and then lengths would differ. */
const encoded = (text: string): string => encodeURIComponent(text).replace(/'/g, '%27');

/** What is uploaded under an address. */
export interface Upload {
	/** The end of the address: `events`, `revenue`. */
	path: string;
	fields: readonly Field[];
	/** The member of an event that may hold several, each a row of its own with what stands beside it. */
	listOf?: string;
}

/** The rows that an event becomes. */
function rowsOf(event: Json, listOf: string | undefined): Json[] {
	if (listOf === undefined || !Array.isArray(event[listOf])) return [event];
	const { [listOf]: list, ...shared } = event;
	return (list as Json[]).map((row) => ({ ...shared, ...row }));
}

/** `POST {baseUrl}/logs/v1/import/events?…` with the whole event in the query and no body. */
const singleForm = ({ path, fields, listOf }: Upload): WireForm => ({
	method: () => path,
	encode: (given, { account }) => {
		const [event = given, ...others] = rowsOf(given, listOf);
		if (others.length && listOf !== undefined) {
			const message = `'${listOf}' holds ${others.length + 1} rows and a single request carries one; set 'Send As' to Batch`;
			return { fault: { field: listOf, message } };
		}
		const parts = [`application_id=${account.applicationId}`];
		for (const { field, text } of cellsOf(fields, event)) {
			if (hasLoneSurrogate(text)) return fault(field, HALF_CHARACTER);
			parts.push(`${field.wire}=${encoded(text)}`);
		}
		return { text: parts.join('&'), count: 1, batchKey: '' };
	},
	envelope: () => ({ prefix: '', separator: '', suffix: '' }),
	request: (payload, _event, { baseUrl }) => ({
		method: 'POST',
		url: `${baseUrl}${PATH}/${path}?${payload.text()}`,
		headers: {},
	}),
});

const csvEnvelope = (names: readonly string[]): Envelope => ({
	prefix: `${['application_id', ...names].join(',')}\n`,
	separator: '\n',
	suffix: '\n',
});

/** What every form of a CSV upload shares. */
const csvBase = (path: string): Pick<WireForm, 'method' | 'request' | 'limit'> => ({
	method: () => `${path}.csv`,
	request: (payload, _event, { baseUrl }) => ({
		method: 'POST',
		url: `${baseUrl}${PATH}/${path}.csv`,
		headers: { 'Content-Type': 'text/csv; charset=UTF-8' },
		body: payload.bytes(),
	}),
	limit: { bytes: MAX_BODY, of: 'CSV', evidence: 'documented' },
});

const cellFault = (field: Field, text: string): { fault: Issue } | undefined => {
	if (/\p{Cc}/u.test(text)) return fault(field, CONTROL_CHARACTER);
	return hasLoneSurrogate(text) ? fault(field, HALF_CHARACTER) : undefined;
};

interface CsvRow {
	line: string;
	/** The columns that it fills. */
	columns: string;
}

/** Fields with their places in the table. */
type Columns = ReadonlyArray<{ field: Field; at: number }>;

/** A row of the columns that it fills, in the table's order; a checked event holds texts only. */
function csvRow(columns: Columns, event: Json, appId: string): CsvRow | { fault: Issue } {
	const cells = [appId];
	const filled: number[] = [];
	for (const { field, at } of columns) {
		const value = event[field.wire];
		if (isAbsent(value)) continue;
		const text = String(value);
		const broken = cellFault(field, text);
		if (broken) return broken;
		cells.push(cellText(text));
		filled.push(at);
	}
	return { line: cells.join(','), columns: columnSet(filled) };
}

/** Both IDs in one file are not documented, so an empty cell never stands for one of them. */
const ID_COLUMNS = ['profile_id', 'appmetrica_device_id'];

const idColumn = (event: Json): string => ID_COLUMNS.find((name) => !isAbsent(event[name])) ?? '';

export const EMPTY_CELLS: SettingRow = {
	name: 'emptyCells',
	label: 'Leave CSV Cells Empty',
	help: "Whether events that fill different columns share one CSV file, in which the cells of the others stay empty. AppMetrica's documentation does not say what an empty cell means, and its samples have none: try it with a few events first.",
	type: 'boolean',
	default: false,
	changesBatches: true,
};

/** The same file for events that fill different columns: all columns that one of them fills, the other cells empty. */
function wideForm({ path, fields, listOf }: Upload, events: readonly Json[]): WireForm {
	const columns = new Map<string, Set<Field>>();
	for (const row of events.flatMap((event) => rowsOf(event, listOf))) {
		const id = idColumn(row);
		const filled = columns.get(id) ?? new Set();
		columns.set(id, filled);
		for (const { field } of cellsOf(fields, row)) filled.add(field);
	}
	const byId = new Map(
		[...columns].map(([id, filled]) => [id, fields.filter((field) => filled.has(field))] as const),
	);
	const columnsOf = (event: Json) => byId.get(idColumn(event)) ?? [];
	return {
		...csvBase(path),
		encode: (given, { account }) => {
			const lines: string[] = [];
			for (const event of rowsOf(given, listOf)) {
				const row = [account.applicationId ?? ''];
				for (const field of columnsOf(event)) {
					const value = event[field.wire];
					const text = isAbsent(value) ? '' : String(value);
					const broken = cellFault(field, text);
					if (broken) return broken;
					row.push(cellText(text));
				}
				lines.push(row.join(','));
			}
			return { text: lines.join('\n'), count: lines.length, batchKey: idColumn(given) };
		},
		envelope: (event) => csvEnvelope(columnsOf(event).map(({ wire }) => wire)),
	};
}

/**
 * `POST {baseUrl}/logs/v1/import/<path>.csv` with a header row and a row per event. What an empty cell means is not
 * documented, so events share a file only if they fill the same columns, which also keeps the two kinds of ID apart. A
 * file has one header, so that no other way needs fewer files without an empty cell.
 */
const batchForm = (upload: Upload): WireForm => {
	const { path, fields, listOf } = upload;
	const columns = fields.map((field, at) => ({ field, at }));
	return {
		...csvBase(path),
		encode: (given, { account }) => {
			const lines: string[] = [];
			let batchKey: string | undefined;
			for (const event of rowsOf(given, listOf)) {
				const row = csvRow(columns, event, account.applicationId ?? '');
				if ('fault' in row) return row;
				if (batchKey !== undefined && row.columns !== batchKey) {
					const message = `'${listOf}' has rows with different fields filled, and AppMetrica does not document empty cells; fill the same in each, or split the list into items with the Split Out node`;
					return { fault: { field: `${listOf}[${lines.length}]`, message } };
				}
				batchKey = row.columns;
				lines.push(row.line);
			}
			return { text: lines.join('\n'), count: lines.length, batchKey: batchKey ?? '' };
		},
		envelope: (given) => {
			const [event = given] = rowsOf(given, listOf);
			return csvEnvelope(cellsOf(fields, event).map(({ field }) => field.wire));
		},
		merged: {
			option: EMPTY_CELLS.name,
			batchKey: idColumn,
			form: (events) => wideForm(upload, events),
			hint: (requests, least) =>
				`The events need ${requests.toLocaleString('en-US')} requests, because only events that fill the same columns share a file; ${least.toLocaleString('en-US')} would do if all filled the same. Fill the same fields in every event, or see the option '${EMPTY_CELLS.label}'.`,
		},
	};
};

/** Both ways in which one event travels; the key is the credential's to add. */
export const wireForms = (upload: Upload): { single: WireForm; batch: WireForm } => ({
	single: singleForm(upload),
	batch: batchForm(upload),
});
