/**
 * AppMetrica's Post API, "Uploading events": one event in the query of `/events`, or a CSV body on `/events.csv`.
 * The answers' wording: 200 as public clients of the vendor check for it; 400 and 403 as the page describes the codes.
 */
import { isUtf8 } from 'node:buffer';
import { parse } from 'csv-parse/sync';

import type { AcceptedEvent, Refusal, VendorAnswer, VendorRequest, VendorState } from './types.mts';
import { answer, digitsWithin, isDigits, isIp6, readQuery, TEXT_TYPE } from './wire.mts';

/** Restrictions page: 100,000 events and 1 GB in one request. */
export const APPMETRICA_MAX_ROWS = 100_000;
export const APPMETRICA_MAX_BYTES = 1_000_000_000;

const OK = 'Your data has been uploaded.';
const BAD = 'One or more required parameters were missing in the request.';
const FORBIDDEN = 'The request omitted an authorization header, or an invalid token was specified.';
const REFUSE = 'sandbox-refuse';

// A file can have one fault per row; nobody reads 100,000 reasons.
const MAX_REFUSALS = 100;

type Check = (value: string) => string | undefined;

const anyText: Check = () => undefined;
const oneOf =
	(...values: string[]): Check =>
	(value) =>
		values.includes(value) ? undefined : `must be one of ${values.join(', ')}`;
const number =
	(min: bigint, max: bigint): Check =>
	(value) =>
		digitsWithin(value, min, max) ? undefined : `must be a whole number from ${min} to ${max}, plain digits`;

/** The page's parameters, `post_api_key` apart. */
const PARAMETERS: Record<string, Check> = {
	application_id: (value) => (isDigits(value) ? undefined : 'must be a number'),
	profile_id: anyText,
	// "<int>" on the page; the values are unsigned 64-bit hashes.
	appmetrica_device_id: number(1n, 18_446_744_073_709_551_615n),
	event_name: anyText,
	// Unix seconds. Eleven digits and a bit are milliseconds for sure, so the ceiling catches them.
	event_timestamp: number(1n, 99_999_999_999n),
	event_json: (value) => {
		try {
			const parsed: unknown = JSON.parse(value);
			return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)
				? undefined
				: 'must be the text of a JSON object';
		} catch {
			return 'is not JSON';
		}
	},
	session_type: oneOf('foreground', 'background'),
	ios_ifa: anyText,
	ios_ifv: anyText,
	google_aid: anyText,
	windows_aid: anyText,
	os_name: oneOf('ios', 'android', 'windows'),
	os_version: anyText,
	device_manufacturer: anyText,
	device_model: anyText,
	device_type: oneOf('phone', 'tablet', 'phablet', 'tv', 'desktop', 'unknown'),
	device_locale: anyText,
	app_version_name: anyText,
	app_package_name: anyText,
	connection_type: oneOf('wifi', 'cell', 'unknown'),
	operator_name: anyText,
	// Country and network codes have at most three digits; the samples drop leading zeros.
	mcc: number(0n, 999n),
	mnc: number(0n, 999n),
	device_ipv6: (value) => (isIp6(value) ? undefined : 'is not an IPv6 address'),
};

const REQUIRED = ['application_id', 'event_name', 'event_timestamp'];

/** Judges one request: `POST /logs/v1/import/events` or `/events.csv`. A bad row refuses the whole file. */
export function handleAppMetrica(request: VendorRequest, state: VendorState): VendorAnswer {
	const path = /^\/logs\/v1\/import\/(events(?:\.csv)?)$/.exec(request.path);
	if (!path)
		return answer(404, TEXT_TYPE, 'Not Found', {
			refusals: [{ reason: 'the paths are /logs/v1/import/events and /logs/v1/import/events.csv' }],
		});
	const operation = path[1];
	const refuse = (status: number, body: string, refusals: Refusal[]) =>
		answer(status, TEXT_TYPE, body, { operation, refusals: refusals.slice(0, MAX_REFUSALS) });
	if (request.method !== 'POST')
		return refuse(405, 'Method Not Allowed', [{ reason: 'both forms are called with POST' }]);

	const query = readQuery(request.query);
	// The page's 403 speaks of a header, yet the key travels in the query; a header is a sign of a mistaken client.
	if (request.headers.authorization !== undefined)
		return refuse(403, FORBIDDEN, [
			{ reason: 'an Authorization header was sent; the key belongs in the query' },
		]);
	const key = query.values.get('post_api_key') ?? '';
	if (key !== state.credentials.appMetricaApi.postApiKey) {
		const reason = key === '' ? 'is missing from the query' : 'is not the sandbox’s key';
		return refuse(403, FORBIDDEN, [{ field: 'post_api_key', reason }]);
	}
	query.values.delete('post_api_key');
	return operation === 'events' ? one(request, state, query, refuse) : file(request, state, query, refuse);
}

type Refuse = (status: number, body: string, refusals: Refusal[]) => VendorAnswer;
type Query = ReturnType<typeof readQuery>;

function one(request: VendorRequest, state: VendorState, query: Query, refuse: Refuse): VendorAnswer {
	const problems = [...query.problems];
	if (request.bodyBytes > 0) problems.push({ reason: 'the query form has an empty body' });
	// The sample's headers are Host, Content-Length: 0 and Connection.
	if (request.headers['content-type'] !== undefined)
		problems.push({ reason: 'an empty body has no Content-Type' });
	for (const [field, value] of query.values) {
		const reason = value === '' ? undefined : checkValue(field, value);
		if (reason) problems.push({ field, reason });
	}
	problems.push(...checkNames([...query.values.keys()]));
	const record = Object.fromEntries(query.values);
	problems.push(...checkRecord(record, request, state));
	if (problems.length) return refuse(400, BAD, problems);
	if (!state.apps.appMetrica.includes(record.application_id)) return refuse(403, FORBIDDEN, [otherApp]);
	return answer(200, TEXT_TYPE, OK, {
		operation: 'events',
		events: [{ event: record, app: record.application_id }],
	});
}

const otherApp: Refusal = { field: 'application_id', reason: 'the key belongs to another application' };

function file(request: VendorRequest, state: VendorState, query: Query, refuse: Refuse): VendorAnswer {
	const problems = [...query.problems];
	for (const field of query.values.keys())
		problems.push({ field, reason: 'with a CSV body the query holds only post_api_key' });
	if (!/^text\/csv; ?charset=utf-8$/i.test(request.headers['content-type'] ?? '')) {
		problems.push({ reason: 'the Content-Type of a CSV body is text/csv; charset=UTF-8' });
	}
	if (request.headers['content-encoding']) problems.push({ reason: 'no content encoding is documented' });
	if (request.headers['content-length'] === undefined)
		problems.push({ reason: 'the sample has a Content-Length' });
	if (problems.length) return refuse(400, BAD, problems);
	if (request.bodyBytes > APPMETRICA_MAX_BYTES)
		return refuse(413, 'Request Entity Too Large', [{ reason: 'the body is above 1,000,000,000 bytes' }]);

	const { body } = request;
	if (body.length === 0) return refuse(400, BAD, [{ reason: 'the body is empty' }]);
	if (body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf)
		return refuse(400, BAD, [{ reason: 'the body starts with a byte order mark' }]);
	if (!isUtf8(body)) return refuse(400, BAD, [{ reason: 'the body is not UTF-8' }]);
	if (body.includes(0x0d))
		return refuse(400, BAD, [{ reason: 'a carriage return in the body; lines end with LF' }]);

	let rows: string[][];
	try {
		// Bytes, not text: a body near the limit does not fit into one JavaScript string.
		rows = parse(body, {
			record_delimiter: '\n',
			relax_column_count: true,
			skip_empty_lines: false,
			bom: false,
		});
	} catch (problem) {
		return refuse(400, BAD, [
			{ reason: `not RFC 4180: ${(problem as { code?: string }).code ?? 'unreadable'}` },
		]);
	}
	const header = rows.shift() ?? [];
	const names = checkNames(header);
	header.forEach((field, column) => {
		if (!Object.hasOwn(PARAMETERS, field)) names.push({ field, reason: 'is not a parameter of the page' });
		if (header.indexOf(field) !== column) names.push({ field, reason: 'stands twice in the header' });
	});
	if (names.length) return refuse(400, BAD, names);
	if (rows.length === 0) return refuse(400, BAD, [{ reason: 'there is a header but no row' }]);
	if (rows.length > APPMETRICA_MAX_ROWS) {
		return refuse(413, 'Request Entity Too Large', [
			{ reason: `${rows.length} rows; the limit is ${APPMETRICA_MAX_ROWS}` },
		]);
	}

	const appColumn = header.indexOf('application_id');
	const events: AcceptedEvent[] = [];
	rows.forEach((row, index) => {
		if (row.length !== header.length) {
			problems.push({ index, reason: `${row.length} cells under ${header.length} names` });
			return;
		}
		const record: Record<string, string> = {};
		for (let column = 0; column < row.length; column++) {
			const field = header[column];
			const value = row[column];
			record[field] = value;
			// What an empty cell or a line break inside one means is written nowhere, so neither passes.
			const reason =
				value === ''
					? 'an empty cell'
					: /\p{Cc}/u.test(value)
						? 'a control character in a cell'
						: checkValue(field, value);
			if (reason) problems.push({ index, field, reason });
		}
		for (const problem of checkRecord(record, request, state)) problems.push({ index, ...problem });
		if (row[appColumn] !== rows[0][appColumn])
			problems.push({ index, field: 'application_id', reason: 'one file is for one application' });
		events.push({ event: record, app: row[appColumn] });
	});
	if (problems.length) return refuse(400, BAD, problems);
	if (!state.apps.appMetrica.includes(rows[0][appColumn])) return refuse(403, FORBIDDEN, [otherApp]);
	return answer(200, TEXT_TYPE, OK, { operation: 'events.csv', events });
}

function checkNames(names: string[]): Refusal[] {
	const problems: Refusal[] = [];
	for (const field of REQUIRED) if (!names.includes(field)) problems.push({ field, reason: 'is required' });
	const ids = ['profile_id', 'appmetrica_device_id'].filter((name) => names.includes(name));
	if (ids.length !== 1)
		problems.push({ reason: 'exactly one of profile_id and appmetrica_device_id is needed' });
	return problems;
}

function checkValue(field: string, value: string): string | undefined {
	if (!Object.hasOwn(PARAMETERS, field))
		return field === 'timestamp' ? 'the wire name is event_timestamp' : 'is not a parameter of the page';
	return PARAMETERS[field](value);
}

/** What a single value cannot tell: the sandbox's own refusal, and the event's age where the test asked for that. */
function checkRecord(record: Record<string, string>, request: VendorRequest, state: VendorState): Refusal[] {
	const problems: Refusal[] = [];
	if (record.profile_id === REFUSE) {
		problems.push({
			field: 'profile_id',
			reason: `the sandbox refuses ${REFUSE}, standing in for what only a vendor can refuse`,
		});
	}
	const days = state.appMetricaMaxAgeDays;
	if (
		days !== undefined &&
		isDigits(record.event_timestamp ?? '') &&
		request.now / 1000 - Number(record.event_timestamp) > days * 86_400
	) {
		problems.push({ field: 'event_timestamp', reason: `is older than ${days} days` });
	}
	return problems;
}
