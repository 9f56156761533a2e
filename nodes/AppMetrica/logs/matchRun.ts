import { DateTime } from 'luxon';
import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import { readExport, type ExportRequest } from './exportRequest';
import { EventMatcher, MATCH_FIELDS, type Arrival, type SentEvent, type Unmatchable } from './match';

/** A day on both sides: the page names no time zone for the dates of an export. */
const MARGIN_SECONDS = 86_400;

export interface MatchParameters {
	application_id: unknown;
	/** Empty: by name, ID and time. */
	ownIdPath: string;
	sentAt: unknown;
	zone: string;
	/** The zone of a 'Sent At' without one. */
	workflowZone: string;
	/** Unix milliseconds. */
	now: number;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

/** The events that a send node returned, also on its error output; an empty one where an item holds none. */
export function sentEventsOf(inputs: readonly INodeExecutionData[]): SentEvent[] {
	return inputs.map(({ json }) => {
		const details = isObject(json.details) ? json.details : {};
		const event = isObject(json.event) ? json.event : details.event;
		return isObject(event) ? event : {};
	});
}

/** Unix seconds, or `undefined` where nothing is given, `NaN` where it is not a time. */
function secondsOf(value: unknown, zone: string): number | undefined {
	if (value === undefined || value === null || value === '') return undefined;
	if (typeof value === 'number') return value;
	if (isObject(value) && typeof value.toMillis === 'function') return Number(value.toMillis()) / 1_000;
	if (value instanceof Date) return value.getTime() / 1_000;
	const text = String(value).trim();
	if (/^\d{9,11}$/.test(text)) return Number(text);
	const iso = DateTime.fromISO(text, { zone, setZone: true });
	return (iso.isValid ? iso : DateTime.fromSQL(text, { zone, setZone: true })).toSeconds();
}

/** The one export that holds all of the events, and how to match its rows. */
export function matchRequest(
	events: readonly SentEvent[],
	parameters: MatchParameters,
): { request: ExportRequest; matcher: () => EventMatcher } | { message: string } {
	const { ownIdPath, zone, now } = parameters;
	const sentAt = secondsOf(parameters.sentAt, parameters.workflowZone);
	if (sentAt !== undefined && !Number.isFinite(sentAt)) return { message: "'Sent At' is not a time" };
	let first = Number.POSITIVE_INFINITY;
	let last = Number.NEGATIVE_INFINITY;
	for (const { event_timestamp: time } of events) {
		const moment = time === undefined || time === '' ? sentAt : Number(time);
		if (moment === undefined || !Number.isFinite(moment)) continue;
		first = Math.min(first, moment);
		last = Math.max(last, moment);
	}
	if (first > last) {
		return {
			message:
				"No item holds an event with a time; give the items that a send node returned, or set 'Sent At'",
		};
	}
	const names = new Set(events.map(({ event_name: name }) => String(name ?? '')));
	const [onlyName] = names;
	const asDate = (moment: number) =>
		DateTime.fromSeconds(moment, { zone: 'utc' }).toFormat('yyyy-MM-dd HH:mm:ss');
	const read = readExport(
		{
			resource: 'events',
			application_id: parameters.application_id,
			date_since: asDate(first - MARGIN_SECONDS),
			date_until: asDate(last + MARGIN_SECONDS),
			date_dimension: 'default',
			filters: names.size === 1 && onlyName ? [{ field: 'event_name', value: onlyName }] : [],
			fields: [...MATCH_FIELDS],
			ownFields: [],
		},
		zone,
	);
	if ('message' in read) return { message: read.message };
	return {
		request: read.request,
		matcher: () =>
			new EventMatcher(events, { ownIdPath, now: now / 1_000, ...(sentAt === undefined ? {} : { sentAt }) }),
	};
}

/** One output item per input item: what is known of its event, and what the send node had returned. */
export function arrivalItems(
	inputs: readonly INodeExecutionData[],
	arrivals: ReadonlyArray<Arrival | Unmatchable>,
): INodeExecutionData[] {
	return inputs.map(({ json }, index) => {
		const known = arrivals[index];
		const arrival =
			known === undefined || 'error' in known ? { status: 'unmatched', message: known?.error } : known;
		return { json: { arrival, ...json } as IDataObject, pairedItem: { item: index } };
	});
}
