import get from 'lodash/get';

import { parseJson, readJson } from '../../engine';

/** Whether an event that was sent stands in AppMetrica's export. */
export type ArrivalStatus =
	| 'found'
	| 'missing'
	| 'tooEarly'
	| 'ambiguous'
	/** The item holds nothing to look for. */
	| 'unmatched'
	/** AppMetrica had not made its file in time. */
	| 'notReady';

/** The report of one event; `arrival` of an output item. */
export interface Arrival {
	status: ArrivalStatus;
	/** The fields by which it was looked for. */
	matchedBy?: string;
	/** Rows of the export that fit. */
	rows?: number;
	message?: string;
}

/** An event as a send node returned it, in the vendor's names. */
export type SentEvent = Readonly<Record<string, unknown>>;

export interface MatchOptions {
	/** Dot path to an ID of the user's own inside `event_json`; empty: match by name, ID and time. */
	ownIdPath: string;
	/** Unix seconds. */
	now: number;
}

/** What a match reads of each row. */
export const MATCH_FIELDS = [
	'event_name',
	'event_timestamp',
	'profile_id',
	'appmetrica_device_id',
	'event_json',
] as const;

/** Uploaded events are merged every 4 hours (documented). */
const MERGED_AFTER_SECONDS = 4 * 3_600;
const ID_FIELDS = ['profile_id', 'appmetrica_device_id'] as const;

/** An event's place among others: `exact` with its attributes, `near` without. */
interface Keys {
	near: string;
	exact: () => string;
	matchedBy: string;
}

type EventKeys = Omit<Keys, 'exact'> & { exact: string };

/** Why an event cannot be looked for. */
interface Unmatchable {
	error: string;
}

const asText = (value: unknown): string => (value === undefined || value === null ? '' : String(value));

const join = (...parts: readonly string[]): string => JSON.stringify(parts);

/** JSON text without regard to white space and the order of names; a text that is not JSON as it is. */
function canonicalJson(value: unknown): string {
	if (asText(value) === '') return '';
	const parsed = typeof value === 'string' ? parsedJson(value) : value;
	return parsed === undefined ? asText(value) : canonical(parsed);
}

function canonical(value: unknown): string {
	if (typeof value === 'bigint') return value.toString();
	if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
	if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
	const members = value as Record<string, unknown>;
	const written = Object.keys(members)
		.sort()
		.map((name) => `${JSON.stringify(name)}:${canonical(members[name])}`);
	return `{${written.join(',')}}`;
}

/** A number in which JavaScript may lose digits. */
const LONG_NUMBER = /\d{16}/;

/** The content of JSON text, whole numbers of any length with all their digits; `undefined` where it is not JSON. */
function parsedJson(text: string): unknown {
	if (!LONG_NUMBER.test(text)) return parseJson(text)?.parsed;
	const read = readJson(text);
	return 'content' in read ? read.content : undefined;
}

/** The user's own ID inside `event_json`, as text; empty if it is missing. */
function ownId(json: unknown, path: string): string {
	const parsed = typeof json === 'string' ? parsedJson(json) : json;
	const found: unknown = typeof parsed === 'object' && parsed !== null ? get(parsed, path) : undefined;
	return typeof found === 'object' ? '' : asText(found);
}

function keysOf(event: SentEvent, { ownIdPath }: Pick<MatchOptions, 'ownIdPath'>): Keys | Unmatchable {
	const name = asText(event.event_name);
	if (name === '')
		return { error: "There is no 'event_name' in it: give the items that a send node returned" };
	if (ownIdPath !== '') {
		const id = ownId(event.event_json, ownIdPath);
		if (id === '') return { error: `There is no '${ownIdPath}' in its event_json` };
		const key = join(name, id);
		return { near: key, exact: () => key, matchedBy: `event_name, event_json.${ownIdPath}` };
	}
	const idField = ID_FIELDS.find((field) => asText(event[field]) !== '');
	if (!idField) return { error: 'It has neither a profile_id nor an appmetrica_device_id' };
	const time = asText(event.event_timestamp);
	if (time === '') {
		return { error: 'It has no event_timestamp: match by an ID of your own inside event_json instead' };
	}
	const near = [name, idField, asText(event[idField]), time];
	return {
		near: join(...near),
		exact: () => join(...near, canonicalJson(event.event_json)),
		matchedBy: `event_name, ${idField}, event_timestamp, event_json`,
	};
}

/** Counts the rows of an export that may be one of the events, in memory that grows with the events alone. */
export class EventMatcher {
	private readonly options: MatchOptions;
	private readonly sent: Array<{ keys: EventKeys | Unmatchable; earliest: number; isTimeKnown: boolean }> =
		[];
	private readonly sentExact = new Map<string, number>();
	private readonly rowsExact = new Map<string, number>();
	/** Rows with an event's name, ID and time that are no sent event with its attributes. */
	private readonly rowsNear = new Map<string, number>();

	constructor(options: MatchOptions) {
		this.options = options;
	}

	/** Takes the next event to look for; `sentAt` in Unix seconds, where it is known. */
	add(event: SentEvent, sentAt?: number): void {
		const found = keysOf(event, this.options);
		const keys = 'error' in found ? found : { ...found, exact: found.exact() };
		// An event is never sent before it happened.
		const earliest = sentAt ?? Number(event.event_timestamp);
		this.sent.push({ keys, earliest, isTimeKnown: sentAt !== undefined });
		if ('error' in keys) return;
		this.sentExact.set(keys.exact, (this.sentExact.get(keys.exact) ?? 0) + 1);
		this.rowsNear.set(keys.near, 0);
	}

	/** Forgets all rows: the file is read anew. */
	restart(): void {
		this.rowsExact.clear();
		for (const near of this.rowsNear.keys()) this.rowsNear.set(near, 0);
	}

	/** Takes one row of the export, by the names of `MATCH_FIELDS`. */
	see(row: Readonly<Record<string, string>>): void {
		for (const event of this.readings(row)) {
			const keys = keysOf(event, this.options);
			if ('error' in keys) continue;
			const near = this.rowsNear.get(keys.near);
			if (near === undefined) continue;
			const exact = keys.exact();
			if (this.sentExact.has(exact)) {
				this.rowsExact.set(exact, (this.rowsExact.get(exact) ?? 0) + 1);
			} else {
				this.rowsNear.set(keys.near, near + 1);
			}
		}
	}

	/** A row holds both kinds of ID; an event was sent with one of them. */
	private readings(row: Readonly<Record<string, string>>): SentEvent[] {
		if (this.options.ownIdPath !== '') return [row];
		return ID_FIELDS.filter((field) => asText(row[field]) !== '').map((field) => ({
			event_name: row.event_name,
			event_timestamp: row.event_timestamp,
			event_json: row.event_json,
			[field]: row[field],
		}));
	}

	/** What is known of an event once every row was seen; `at`: its place among those that were added. */
	arrival(at: number): Arrival {
		const known = this.sent[at];
		if (!known) return { status: 'unmatched' };
		const { keys, earliest, isTimeKnown } = known;
		if ('error' in keys) return { status: 'unmatched', message: keys.error };
		const { exact, near, matchedBy } = keys;
		const sent = this.sentExact.get(exact) ?? 0;
		const rows = this.rowsExact.get(exact) ?? 0;
		if (rows === sent) return { status: 'found', matchedBy, rows };
		if (rows > 0) {
			const message =
				rows > sent
					? `${rows} rows fit ${sent === 1 ? 'this event' : `these ${sent} equal events`}: it was stored more than once, or another source sent the same`
					: `${rows} of ${sent} equal events are there; which of them cannot be told`;
			return { status: 'ambiguous', matchedBy, rows, message };
		}
		const others = this.rowsNear.get(near) ?? 0;
		if (others > 0) {
			const message = 'An event with this name, ID and time is there, with other attributes (event_json)';
			return { status: 'ambiguous', matchedBy, rows: others, message };
		}
		return { ...this.absent(earliest, isTimeKnown), matchedBy, rows: 0 };
	}

	private absent(earliest: number, isTimeKnown: boolean): Pick<Arrival, 'status' | 'message'> {
		if (Number.isFinite(earliest) && this.options.now < earliest + MERGED_AFTER_SECONDS) {
			return { status: 'tooEarly', message: 'AppMetrica merges uploads every 4 hours; look again later' };
		}
		const unless = isTimeKnown ? '' : ' If it was sent less than 4 hours ago, look again later.';
		return {
			status: 'missing',
			message: `AppMetrica has no such event. It drops events of profiles and devices that its SDK has not reported.${unless}`,
		};
	}
}
