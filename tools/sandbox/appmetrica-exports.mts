/**
 * AppMetrica's Logs API: `GET /logs/v1/export/<resource>.csv` or `.json`. The first request is answered 202, identical
 * ones too, until the file is ready. It holds what the sandbox's Post API took.
 */
import { RESOURCES } from './appmetrica-resources.mts';
import type { DatedRow } from './appmetrica-rows.mts';
import { rowsOf, syntheticRows } from './appmetrica-rows.mts';
import type { Refusal, VendorAnswer, VendorRequest, VendorState } from './types.mts';
import { answer, isDigits, readQuery, TEXT_TYPE } from './wire.mts';

const FULL = 'There are already 3 enqueued queries for given application_id. Wait until they are completed.';
const MOSCOW = 10_800;
/** Text is sent in pieces of about this many characters. */
const CHUNK = 64 * 1024;
/** `event_name` of an export of so many rows that nobody sent: `sandbox-rows-1000000`. */
const SYNTHETIC = /^sandbox-rows-(\d{1,9})$/;

const DATES = ['date_since', 'date_until'];
const SETTINGS = [
	'application_id',
	...DATES,
	'fields',
	'date_dimension',
	'limit',
	'use_utf8_bom',
	'skip_unavailable_shards',
	'parts_count',
	'part_number',
];

type Range = { since: number; until: number };
type File = { rows: () => Iterable<DatedRow> };

export function handleExport(request: VendorRequest, state: VendorState): VendorAnswer {
	const path = /^\/logs\/v1\/export\/([a-z0-9_]+)\.(csv|json)$/.exec(request.path);
	const resource = path && Object.hasOwn(RESOURCES, path[1]) ? path[1] : undefined;
	if (!path || !resource)
		return answer(404, TEXT_TYPE, 'Not Found', {
			refusals: [
				{
					reason: `the paths are /logs/v1/export/ and one of ${Object.keys(RESOURCES).join(', ')}, with .csv or .json`,
				},
			],
		});
	const format = path[2];
	const operation = `export/${resource}.${format}`;
	const refuse = (status: number, body: string, refusals: Refusal[]) =>
		answer(status, TEXT_TYPE, body, { operation, refusals });
	if (request.method !== 'GET')
		return refuse(405, 'Method Not Allowed', [{ reason: 'exports are read with GET' }]);

	const reason = oauthFault(request, state);
	if (reason) return refuse(401, 'Unauthorized user.', [{ reason }]);

	const { values, problems } = readQuery(request.query, { form: 'form' });
	problems.push(...checkQuery(resource, values));
	if (problems.length)
		return refuse(
			400,
			problems.map(({ field, reason: why }) => (field ? `${field} ${why}` : why)).join('; '),
			problems,
		);
	const app = values.get('application_id') ?? '';
	if (!state.apps.appMetrica.includes(app))
		return refuse(403, 'Access denied.', [
			{ field: 'application_id', reason: 'the token has no access to this application' },
		]);

	const offset = state.appMetrica.timeZoneOffset ?? MOSCOW;
	const { exportPolls = 1, exportMs = 0, mergeMs = 0 } = state.appMetrica;
	const outcome = state.exports.ask<File>({
		app,
		key: `${resource}.${format} ${[...values]
			.map((pair) => pair.join('='))
			.sort()
			.join('&')}`,
		cacheControl: request.headers['cache-control'],
		now: request.now,
		pace: { polls: exportPolls, ms: exportMs },
		make: () => makeFile(resource, values, state, request.now - mergeMs, offset),
	});
	if (outcome.state === 'full')
		return refuse(429, FULL, [{ reason: 'three requests of this application wait already' }]);
	if (outcome.state === 'waiting') {
		// The vendor's own loader looks for the second sentence; the page prints the first alone.
		const body =
			outcome.percent > 0 ? `Wait for result. Progress is ${outcome.percent}%.` : 'Wait for result';
		return answer(202, TEXT_TYPE, body, { operation });
	}

	const fields = (values.get('fields') ?? '').split(',');
	const { rows } = outcome.file;
	const bom = values.get('use_utf8_bom') === 'true' ? '\ufeff' : '';
	const type = format === 'csv' ? 'text/csv; charset=utf-8' : 'application/json; charset=utf-8';
	return {
		...answer(200, type, `(an export of ${resource})`, { operation }),
		stream: () => inChunks(format === 'csv' ? csv(bom, fields, rows()) : json(bom, fields, rows())),
		gzip: /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? '')),
	};
}

/** Why the request has no good OAuth token; also for the Management API. */
export function oauthFault(request: VendorRequest, state: VendorState): string | undefined {
	const { authorization } = request.headers;
	if (authorization === `OAuth ${state.credentials.appMetricaOAuthApi.token}`) return undefined;
	if (authorization === undefined)
		return 'there is no Authorization header; a token in the address is not supported';
	return authorization.startsWith('OAuth ')
		? 'the token in the Authorization header is not the sandbox’s'
		: 'the Authorization header must be the word OAuth, a blank and the token';
}

function checkQuery(resource: string, values: Map<string, string>): Refusal[] {
	const problems: Refusal[] = [];
	const known = RESOURCES[resource];
	// Profiles have the attributes of the app as well, and two parameters of their own.
	const isField = (name: string) => known.has(name) || resource === 'profiles_v2';
	const bad = (field: string, reason: string) => void problems.push({ field, reason });

	const required = [
		'application_id',
		'fields',
		...(resource === 'push_tokens' || resource === 'profiles_v2' ? [] : DATES),
	];
	for (const field of required) if (!values.has(field)) bad(field, 'is required');
	for (const name of DATES) {
		const value = values.get(name);
		if (value === undefined || value === '') continue;
		if (resource === 'push_tokens') bad(name, 'is not a parameter of push_tokens');
		else if (secondsOf(value, 0, false) === undefined) bad(name, 'must be yyyy-mm-dd hh:mm:ss');
	}
	for (const name of (values.get('fields') || undefined)?.split(',') ?? [])
		if (!isField(name)) bad('fields', `holds ${JSON.stringify(name)}, which is no field of ${resource}`);
	const dimension = values.get('date_dimension');
	if (dimension !== undefined && resource === 'postbacks')
		bad('date_dimension', 'is not a parameter of postbacks');
	else if (dimension !== undefined && dimension !== 'default' && dimension !== 'receive')
		bad('date_dimension', 'must be default or receive');
	for (const name of ['limit', 'parts_count', 'part_number', 'application_id']) {
		const value = values.get(name);
		if (value && !isDigits(value)) bad(name, 'must be a whole number');
	}
	for (const name of ['use_utf8_bom', 'skip_unavailable_shards']) {
		if (values.has(name) && !['true', 'false'].includes(values.get(name) ?? ''))
			bad(name, 'must be true or false');
	}
	for (const name of values.keys())
		if (!SETTINGS.includes(name) && !isField(name))
			bad(name, `is neither a parameter nor a field of ${resource}`);
	return problems;
}

/** A date and time, or a date alone: from its first second or, as an end, to its last. */
function secondsOf(text: string, offset: number, isEnd: boolean): number | undefined {
	const parts = /^(\d{4}-\d{2}-\d{2})(?: (\d{2}:\d{2}:\d{2}))?$/.exec(text);
	if (!parts) return undefined;
	const iso = `${parts[1]}T${parts[2] ?? (isEnd ? '23:59:59' : '00:00:00')}Z`;
	const time = Date.parse(iso);
	// Date.parse rolls 30 February over; what comes out must be what went in.
	return Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== parts[1]
		? undefined
		: time / 1_000 - offset;
}

function makeFile(
	resource: string,
	values: Map<string, string>,
	state: VendorState,
	mergedUntil: number,
	offset: number,
): File {
	const app = values.get('application_id') ?? '';
	const range: Range = {
		since: secondsOf(values.get('date_since') ?? '', offset, false) ?? -Infinity,
		until: secondsOf(values.get('date_until') ?? '', offset, true) ?? Infinity,
	};
	const receive = values.get('date_dimension') === 'receive';
	const filters = [...values].filter(([name]) => !SETTINGS.includes(name));
	const limit = Number(values.get('limit') || Infinity);
	const parts = Number(values.get('parts_count') || 1);
	const part = Number(values.get('part_number') || 0);
	const name = values.get('event_name') ?? '';
	const synthetic = resource === 'events' ? SYNTHETIC.exec(name) : null;
	// What was there when the file was made stays in it.
	const stored = synthetic
		? []
		: rowsOf(
				resource,
				state.stored.filter(({ time }) => time <= mergedUntil),
				app,
				offset,
			);
	const all = () =>
		synthetic ? syntheticRows(Number(synthetic[1]), name, app, range.since, range.until, offset) : stored;
	return {
		rows: function* () {
			let number = 0;
			let given = 0;
			for (const dated of all()) {
				const time = receive ? dated.received : dated.happened;
				if (time < range.since || time > range.until) continue;
				if (filters.some(([field, wanted]) => (dated.row[field] ?? '') !== wanted)) continue;
				if (number++ % parts !== part) continue;
				if (given++ >= limit) return;
				yield dated;
			}
		},
	};
}

function* csv(bom: string, fields: string[], rows: Iterable<DatedRow>): Generator<string> {
	yield `${bom}${fields.map(cell).join(',')}\n`;
	for (const { row } of rows) yield `${fields.map((field) => cell(row[field] ?? '')).join(',')}\n`;
}

function cell(value: string): string {
	return /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}

/** Every value as a string, as in the page's sample of events. */
function* json(bom: string, fields: string[], rows: Iterable<DatedRow>): Generator<string> {
	let before = `${bom}{"data":[`;
	for (const { row } of rows) {
		yield before + JSON.stringify(Object.fromEntries(fields.map((field) => [field, row[field] ?? ''])));
		before = ',';
	}
	yield before === ',' ? ']}' : `${before}]}`;
}

function* inChunks(pieces: Iterable<string>): Generator<string> {
	let chunk = '';
	for (const piece of pieces) {
		chunk += piece;
		if (chunk.length < CHUNK) continue;
		yield chunk;
		chunk = '';
	}
	if (chunk !== '') yield chunk;
}
