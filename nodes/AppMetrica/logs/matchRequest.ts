import { DateTime } from 'luxon';
import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import { isPlainObject, parseJson, without, type Pause } from '../../engine';

import { readExport, type ExportRequest } from './exportRequest';
import { EventMatcher, MATCH_FIELDS, type Arrival, type SentEvent } from './match';

/** A day on both sides: the page names no time zone for the dates of an export. */
const MARGIN_SECONDS = 86_400;

export interface MatchParameters {
	application_id: unknown;
	/** Empty: by name, ID and time. */
	ownIdPath: string;
	/** 'Sent At' of an item, as it is given. */
	sentAt: (index: number) => unknown;
	zone: string;
	/** The zone of a 'Sent At' without one. */
	workflowZone: string;
	/** Unix milliseconds. */
	now: number;
}

/** An object, or its JSON text, which is what a table holds. */
function asObject(value: unknown): Record<string, unknown> | undefined {
	const parsed = typeof value === 'string' ? parseJson(value)?.parsed : value;
	return isPlainObject(parsed) ? parsed : undefined;
}

/** The event that a send node returned, also on its error output; an empty one where the item holds none. */
const sentEventOf = ({ json }: INodeExecutionData): SentEvent =>
	asObject(json.event) ?? asObject(asObject(json.details)?.event) ?? {};

/** Unix seconds, or `undefined` where nothing is given, `NaN` where it is not a time. */
function secondsOf(value: unknown, zone: string): number | undefined {
	if (value === undefined || value === null || value === '') return undefined;
	if (typeof value === 'number') return value;
	if (value instanceof Date) return value.getTime() / 1_000;
	if (isDateTime(value)) return value.toMillis() / 1_000;
	const text = String(value).trim();
	if (/^\d{9,11}$/.test(text)) return Number(text);
	const iso = DateTime.fromISO(text, { zone, setZone: true });
	return (iso.isValid ? iso : DateTime.fromSQL(text, { zone, setZone: true })).toSeconds();
}

const isDateTime = (value: unknown): value is { toMillis: () => number } =>
	typeof value === 'object' && value !== null && 'toMillis' in value && typeof value.toMillis === 'function';

/** The one export that holds the events of all items, and what its rows are to be matched with. */
export async function matchRequest(
	inputs: readonly INodeExecutionData[],
	parameters: MatchParameters,
	pause: Pick<Pause, 'ifDue'>,
): Promise<{ request: ExportRequest; matcher: EventMatcher } | { message: string }> {
	const { ownIdPath, zone, now } = parameters;
	const matcher = new EventMatcher({ ownIdPath, now: now / 1_000 });
	const names = new Set<string>();
	let first = Number.POSITIVE_INFINITY;
	let last = Number.NEGATIVE_INFINITY;
	for (const [index, input] of inputs.entries()) {
		await pause.ifDue();
		const event = sentEventOf(input);
		const sentAt = secondsOf(parameters.sentAt(index), parameters.workflowZone);
		if (sentAt !== undefined && !Number.isFinite(sentAt))
			return { message: `'Sent At' of item ${index} is not a time` };
		matcher.add(event, sentAt);
		names.add(String(event.event_name ?? ''));
		const { event_timestamp: time } = event;
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
	return { request: read.request, matcher };
}

/** One output item per input item: what is known of its event, and what the send node had returned. */
export async function arrivalItems(
	inputs: readonly INodeExecutionData[],
	arrivalOf: (index: number) => Arrival,
	pause: Pick<Pause, 'ifDue'>,
	more: IDataObject = {},
): Promise<INodeExecutionData[]> {
	const items: INodeExecutionData[] = [];
	for (const [index, { json }] of inputs.entries()) {
		await pause.ifDue();
		// An item that is looked for again carries the report and the export of the last time.
		const rest = without(json, ['arrival', 'export']);
		items.push({
			json: { arrival: arrivalOf(index), ...more, ...rest } as IDataObject,
			pairedItem: { item: index },
		});
	}
	return items;
}
