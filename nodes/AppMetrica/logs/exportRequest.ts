import { DateTime } from 'luxon';

import { quoted } from '../../engine';

import { RESOURCES, resourceOf, type LogsResource } from './resources';

/** One export, in the vendor's own names; what an item that is not ready yet carries on to the next run. */
export interface ExportRequest {
	resource: string;
	application_id: string;
	date_since?: string;
	date_until?: string;
	date_dimension?: 'default' | 'receive';
	limit?: number;
	skip_unavailable_shards?: boolean;
	/** Filters by equality, `[field, value]`. */
	filters: ReadonlyArray<readonly [string, string]>;
	fields: readonly string[];
}

/** What the form or an item says, before it is checked. */
export interface RawExport {
	resource: unknown;
	application_id: unknown;
	date_since: unknown;
	date_until: unknown;
	date_dimension?: unknown;
	limit?: unknown;
	skip_unavailable_shards?: unknown;
	filters?: unknown;
	fields?: unknown;
	/** Names of the user's own, such as profile attributes, beside the fields. */
	ownFields: readonly string[];
}

const FORMAT = 'yyyy-MM-dd HH:mm:ss';
const DATE_ONLY = /^\d{4}-\d{2}-\d{2}$/;
const WALL_TIME = /^(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2})(?::(\d{2})(?:\.\d+)?)?$/;

const encode = (text: string): string => encodeURIComponent(text).replace(/'/g, '%27');

const isBlank = (value: unknown): boolean => value === undefined || value === null || value === '';

/**
 * A time as the API takes it, `yyyy-mm-dd hh:mm:ss`. The page names no time zone: a time without one is sent as it is written,
 * a time with one is converted to `zone`. `undefined`: it is no time.
 */
export function exportTime(value: unknown, zone: string, end: boolean): string | undefined {
	if (typeof value === 'string') {
		const text = value.trim();
		if (DATE_ONLY.test(text)) {
			return DateTime.fromISO(text).isValid ? `${text} ${end ? '23:59:59' : '00:00:00'}` : undefined;
		}
		const wall = WALL_TIME.exec(text);
		if (wall) {
			const written = `${wall[1]} ${wall[2]}:${wall[3] ?? '00'}`;
			return DateTime.fromFormat(written, FORMAT, { zone: 'utc' }).isValid ? written : undefined;
		}
		const moment = DateTime.fromISO(text, { setZone: true });
		return moment.isValid && /\d{4}-\d{2}-\d{2}T/.test(text)
			? moment.setZone(zone).toFormat(FORMAT)
			: undefined;
	}
	const moment =
		value instanceof Date
			? DateTime.fromJSDate(value)
			: typeof value === 'object' &&
				  value !== null &&
				  'toMillis' in value &&
				  typeof value.toMillis === 'function'
				? DateTime.fromMillis(Number(value.toMillis()))
				: undefined;
	return moment?.isValid ? moment.setZone(zone).toFormat(FORMAT) : undefined;
}

/** Checks one export. The message says what to do; `field` is the vendor's name. */
export function readExport(
	raw: RawExport,
	zone: string,
): { request: ExportRequest } | { field: string; message: string } {
	const resource = resourceOf(raw.resource);
	if (!resource) {
		return {
			field: 'resource',
			message: `'Resource' (resource) must be one of ${RESOURCES.map(({ name }) => name).join(', ')}`,
		};
	}
	const application = isBlank(raw.application_id) ? '' : String(raw.application_id).trim();
	if (!/^\d{1,19}$/.test(application)) {
		return {
			field: 'application_id',
			message: "'Application' (application_id) must be the number of the app in AppMetrica",
		};
	}
	const dates = readDates(resource, raw, zone);
	if ('message' in dates) return dates;
	const fields = readFields(resource, raw.fields, raw.ownFields);
	if ('message' in fields) return fields;
	const filters = readFilters(resource, raw.filters);
	if ('message' in filters) return filters;
	const dimension = raw.date_dimension;
	if (!isBlank(dimension) && dimension !== 'default' && dimension !== 'receive') {
		return {
			field: 'date_dimension',
			message: "'Dates Refer To' (date_dimension) must be default or receive",
		};
	}
	const { limit } = raw;
	if (!isBlank(limit) && !(Number.isSafeInteger(Number(limit)) && Number(limit) > 0)) {
		return { field: 'limit', message: "'Limit' (limit) must be a whole number of at least 1" };
	}
	return {
		request: {
			resource: resource.name,
			application_id: application,
			...dates.range,
			...(resource.hasDateDimension && !isBlank(dimension)
				? { date_dimension: dimension as 'default' | 'receive' }
				: {}),
			...(isBlank(limit) ? {} : { limit: Number(limit) }),
			...(raw.skip_unavailable_shards === true ? { skip_unavailable_shards: true } : {}),
			filters: filters.filters,
			fields: fields.fields,
		},
	};
}

function readDates(
	resource: LogsResource,
	{ date_since, date_until }: RawExport,
	zone: string,
): { range: { date_since?: string; date_until?: string } } | { field: string; message: string } {
	if (resource.dates === 'none') return { range: {} };
	if (resource.dates === 'optional' && isBlank(date_since) && isBlank(date_until)) return { range: {} };
	const since = exportTime(date_since, zone, false);
	if (since === undefined)
		return { field: 'date_since', message: timeMessage("'From' (date_since)", date_since) };
	const until = exportTime(date_until, zone, true);
	if (until === undefined)
		return { field: 'date_until', message: timeMessage("'Until' (date_until)", date_until) };
	if (until < since)
		return { field: 'date_until', message: "'Until' (date_until) is before 'From' (date_since)" };
	return { range: { date_since: since, date_until: until } };
}

const timeMessage = (name: string, value: unknown): string =>
	isBlank(value)
		? `${name} is required`
		: `${name} must be a date such as 2026-11-25, or a time such as 2026-11-25 09:30:00`;

/** Parameters of the request itself, which no attribute can be told from. */
const PARAMETERS = [
	'application_id',
	'date_since',
	'date_until',
	'date_dimension',
	'fields',
	'limit',
	'use_utf8_bom',
	'skip_unavailable_shards',
	'parts_count',
	'part_number',
];

const hasField = ({ fields, hasOwnFields }: LogsResource, name: string): boolean =>
	fields.includes(name) || (hasOwnFields === true && name !== '' && !PARAMETERS.includes(name));

/** The fields to export: none chosen means all that the page lists. */
function readFields(
	resource: LogsResource,
	given: unknown,
	ownFields: readonly string[],
): { fields: string[] } | { field: string; message: string } {
	const list = typeof given === 'string' ? given.split(',') : Array.isArray(given) ? given : [];
	const chosen = list.map((name) => String(name).trim()).filter((name) => name !== '');
	const names = [...new Set([...(chosen.length ? chosen : resource.fields), ...ownFields])];
	const unknown = names.find((name) => !hasField(resource, name));
	if (unknown === undefined) return { fields: names };
	return {
		field: 'fields',
		message: `'Fields' (fields) names ${quoted(unknown)}, which the resource ${resource.name} does not have; choose from the list`,
	};
}

function readFilters(
	resource: LogsResource,
	given: unknown,
): { filters: Array<[string, string]> } | { field: string; message: string } {
	const rows = Array.isArray(given) ? given : [];
	const filters: Array<[string, string]> = [];
	for (const row of rows as Array<{ field?: unknown; value?: unknown }>) {
		const name = isBlank(row.field) ? '' : String(row.field).trim();
		if (name === '' && isBlank(row.value)) continue;
		if (!hasField(resource, name)) {
			return {
				field: 'filters',
				message: `'Filters' names ${quoted(name)}, which the resource ${resource.name} does not have`,
			};
		}
		filters.push([name, isBlank(row.value) ? '' : String(row.value)]);
	}
	return { filters };
}

/** The address of an export. Equal requests give equal addresses, by which the vendor finds the file again. */
export function exportUrl(baseUrl: string, request: ExportRequest): string {
	const parts = [`application_id=${encode(request.application_id)}`];
	const add = (name: string, value: string | undefined) => {
		if (value !== undefined) parts.push(`${encode(name)}=${encode(value)}`);
	};
	add('date_since', request.date_since);
	add('date_until', request.date_until);
	// The vendor's own default is not sent.
	const { date_dimension } = request;
	add('date_dimension', date_dimension === 'default' ? undefined : date_dimension);
	add('limit', request.limit?.toString());
	add('skip_unavailable_shards', request.skip_unavailable_shards ? 'true' : undefined);
	for (const [name, value] of request.filters) add(name, value);
	parts.push(`fields=${request.fields.map(encode).join(',')}`);
	return `${baseUrl}/logs/v1/export/${request.resource}.csv?${parts.join('&')}`;
}
