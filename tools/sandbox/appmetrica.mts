/**
 * AppMetrica's Post API: one event in the query of `/logs/v1/import/<upload>`, or a CSV body on `<upload>.csv`; what an
 * event may hold stands in `appmetrica-uploads.mts`. Exports and the Management API have files of their own.
 * The answers' wording: 200 as public clients of the vendor check for it; 400 and 403 as the page describes the codes.
 */
import { isUtf8 } from 'node:buffer';
import { parse } from 'csv-parse/sync';

import { handleExport } from './appmetrica-exports.mts';
import { handleManagement } from './appmetrica-management.mts';
import type { Upload } from './appmetrica-uploads.mts';
import { UPLOADS } from './appmetrica-uploads.mts';
import type { AcceptedEvent, Refusal, VendorAnswer, VendorRequest, VendorState } from './types.mts';
import { answer, isDigits, readQuery, TEXT_TYPE } from './wire.mts';

/** Restrictions page: 100,000 events and 1 GB in one request. */
export const APPMETRICA_MAX_ROWS = 100_000;
export const APPMETRICA_MAX_BYTES = 1_000_000_000;

const OK = 'Your data has been uploaded.';
const BAD = 'One or more required parameters were missing in the request.';
const FORBIDDEN = 'The request omitted an authorization header, or an invalid token was specified.';
const REFUSE = 'sandbox-refuse';

// A file can have one fault per row; nobody reads 100,000 reasons.
const MAX_REFUSALS = 100;

/** A profile that the SDK never sent: the upload is taken, the event is thrown away in silence. */
const UNKNOWN = 'sandbox-unknown';
/** "The maximum size is 30 KB. If the value exceeds this limit, it will be truncated." */
const PAYLOAD_BYTES = 30 * 1024;

/** Judges one request to AppMetrica. A bad row refuses the whole file. */
export function handleAppMetrica(request: VendorRequest, state: VendorState): VendorAnswer {
	if (request.path.startsWith('/logs/v1/export/')) return handleExport(request, state);
	if (request.path.startsWith('/management/')) return handleManagement(request, state);
	const path = /^\/logs\/v1\/import\/([a-z]+)(\.csv)?$/.exec(request.path);
	const upload = path && Object.hasOwn(UPLOADS, path[1]) ? UPLOADS[path[1]] : undefined;
	if (!path || !upload) {
		const reason = `the paths are /logs/v1/import/ and one of ${Object.keys(UPLOADS).join(', ')}, with or without .csv`;
		return answer(404, TEXT_TYPE, 'Not Found', { refusals: [{ reason }] });
	}
	const operation = path[1] + (path[2] ?? '');
	const refuse = (status: number, body: string, refusals: Refusal[]) =>
		answer(status, TEXT_TYPE, body, { operation, refusals: refusals.slice(0, MAX_REFUSALS) });
	if (request.method !== 'POST')
		return refuse(405, 'Method Not Allowed', [{ reason: 'both forms are called with POST' }]);

	const query = readQuery(request.query, { form: upload.query });
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
	const call = { request, state, upload, query, operation, refuse };
	return path[2] ? file(call) : one(call);
}

type Call = {
	request: VendorRequest;
	state: VendorState;
	upload: Upload;
	query: ReturnType<typeof readQuery>;
	operation: string;
	refuse: (status: number, body: string, refusals: Refusal[]) => VendorAnswer;
};

function one({ request, state, upload, query, operation, refuse }: Call): VendorAnswer {
	const problems = [...query.problems];
	if (request.bodyBytes > 0) problems.push({ reason: 'the query form has an empty body' });
	// The sample's headers are Host, Content-Length: 0 and Connection.
	if (request.headers['content-type'] !== undefined)
		problems.push({ reason: 'an empty body has no Content-Type' });
	for (const [field, value] of query.values) {
		const reason = Object.hasOwn(upload.parameters, field)
			? value === ''
				? undefined
				: upload.parameters[field](value)
			: 'is not a parameter of the page';
		if (reason) problems.push({ field, reason });
	}
	problems.push(...checkNames(upload, [...query.values.keys()]));
	const record = Object.fromEntries(query.values);
	problems.push(...checkRecord(upload, record, request, state));
	if (problems.length) return refuse(400, BAD, problems);
	if (!state.apps.appMetrica.includes(record.application_id)) return refuse(403, FORBIDDEN, [otherApp]);
	return answer(200, TEXT_TYPE, OK, {
		operation,
		...sort(upload, [{ event: record, app: record.application_id }]),
	});
}

const otherApp: Refusal = { field: 'application_id', reason: 'the key belongs to another application' };

function file({ request, state, upload, query, operation, refuse }: Call): VendorAnswer {
	const problems = [...query.problems];
	for (const field of query.values.keys())
		problems.push({ field, reason: 'with a CSV body the query holds only post_api_key' });
	// The samples have no Content-Type at all.
	if (!/^text\/csv(?:; ?charset=utf-8)?$/i.test(request.headers['content-type'] ?? 'text/csv')) {
		problems.push({ reason: 'the Content-Type of a CSV body is text/csv, in UTF-8, or none' });
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
	// The sample of in-app revenue ends with an empty line.
	const end = rows.at(-1);
	if (rows.length > 2 && end?.length === 1 && end[0] === '') rows.pop();
	const header = rows.shift() ?? [];
	const names = checkNames(upload, header);
	header.forEach((field, column) => {
		if (!Object.hasOwn(upload.parameters, field))
			names.push({ field, reason: 'is not a parameter of the page' });
		if (header.indexOf(field) !== column) names.push({ field, reason: 'stands twice in the header' });
	});
	if (names.length) return refuse(400, BAD, names);
	if (rows.length === 0) return refuse(400, BAD, [{ reason: 'there is a header but no row' }]);
	if (rows.length > APPMETRICA_MAX_ROWS) {
		return refuse(413, 'Request Entity Too Large', [
			{ reason: `${rows.length} rows; the limit is ${APPMETRICA_MAX_ROWS}` },
		]);
	}

	const needed = new Set([...upload.required, ...upload.oneOf.flat()]);
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
			if (value === '' && state.appMetrica.emptyCells && !needed.has(field)) continue;
			record[field] = value;
			// What an empty cell or a line break inside one means is written nowhere, so neither passes.
			const reason =
				value === ''
					? 'an empty cell'
					: /\p{Cc}/u.test(value)
						? 'a control character in a cell'
						: upload.parameters[field](value);
			if (reason) problems.push({ index, field, reason });
		}
		for (const problem of checkRecord(upload, record, request, state)) problems.push({ index, ...problem });
		if (row[appColumn] !== rows[0][appColumn])
			problems.push({ index, field: 'application_id', reason: 'one file is for one application' });
		events.push({ event: record, app: row[appColumn] });
	});
	if (problems.length) return refuse(400, BAD, problems);
	if (!state.apps.appMetrica.includes(rows[0][appColumn])) return refuse(403, FORBIDDEN, [otherApp]);
	return answer(200, TEXT_TYPE, OK, { operation, ...sort(upload, events) });
}

function checkNames(upload: Upload, names: string[]): Refusal[] {
	const problems: Refusal[] = [];
	for (const field of upload.required)
		if (!names.includes(field)) problems.push({ field, reason: 'is required' });
	for (const choice of upload.oneOf) {
		if (choice.filter((name) => names.includes(name)).length !== 1)
			problems.push({ reason: `exactly one of ${choice.join(' and ')} is needed` });
	}
	return problems;
}

/** What a single value cannot tell: rules over several, the sandbox's own refusal, the age where the test asked for that. */
function checkRecord(
	upload: Upload,
	record: Record<string, string>,
	request: VendorRequest,
	state: VendorState,
): Refusal[] {
	const problems: Refusal[] = upload.across?.(record) ?? [];
	if (record.profile_id === REFUSE) {
		problems.push({
			field: 'profile_id',
			reason: `the sandbox refuses ${REFUSE}, standing in for what only a vendor can refuse`,
		});
	}
	const days = state.appMetrica.maxAgeDays;
	const time = record.event_timestamp ?? record.timestamp ?? '';
	if (days !== undefined && isDigits(time) && request.now / 1000 - Number(time) > days * 86_400) {
		problems.push({ field: 'event_timestamp', reason: `is older than ${days} days` });
	}
	return problems;
}

/** "You can upload events for identifiers that were previously sent via the SDK": others are taken and lost. */
function sort(upload: Upload, all: AcceptedEvent[]): { events: AcceptedEvent[]; discarded: Refusal[] } {
	const events: AcceptedEvent[] = [];
	const discarded: Refusal[] = [];
	all.forEach((accepted, index) => {
		if (String(accepted.event.profile_id ?? '').startsWith(UNKNOWN)) {
			discarded.push({ index, field: 'profile_id', reason: 'the SDK never sent this profile' });
			return;
		}
		for (const name of upload.cut ?? []) {
			const value = accepted.event[name];
			if (typeof value === 'string' && Buffer.byteLength(value) > PAYLOAD_BYTES)
				accepted.event[name] = Buffer.from(value).subarray(0, PAYLOAD_BYTES).toString();
		}
		events.push(accepted);
	});
	return { events, discarded };
}
