/** The demo's words: what arrived at the vendor and what became of each item, for a person at a terminal. */
import type { RecordedRequest, Vendor } from '../sandbox/server.mts';
import { PREFIXES } from '../sandbox/server.mts';
import type { Counts } from './expectations.mts';
import type { ExampleResult, ItemResult, NodeResult } from './run.mts';

export type Colour = 'bold' | 'dim' | 'green' | 'yellow' | 'red' | 'cyan';

export interface Paper {
	/** Characters in a line. */
	width: number;
	paint(colour: Colour, text: string): string;
	/** Keys and tokens, which are never printed. */
	secrets: readonly string[];
}

const CODES: Record<Colour, number> = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, cyan: 36 };
const VENDOR_NAMES: Record<Vendor | 'other', string> = {
	myTracker: 'MyTracker',
	appMetrica: 'AppMetrica',
	gravityField: 'Gravity Field',
	vibetrace: 'Vibetrace',
	other: 'No vendor',
};
/** Everything else failed. */
const GOOD: readonly string[] = ['accepted', 'unconfirmed', 'found'];
const PATH_WIDTH = 48;

/** `columns` and `colours` are the terminal's; neither is known when the output goes into a file. */
export function makePaper({
	columns,
	colours,
	secrets,
}: {
	columns?: number;
	colours: boolean;
	secrets: readonly string[];
}): Paper {
	return {
		width: Math.min(Math.max(columns ?? 110, 80), 120),
		paint: (colour, text) => (colours ? `\u001b[${CODES[colour]}m${text}\u001b[0m` : text),
		secrets: secrets.filter((secret) => secret !== ''),
	};
}

const number = (value: number): string => value.toLocaleString('en-US');
const plural = (value: number, word: string): string => `${number(value)} ${word}${value === 1 ? '' : 's'}`;
const cut = (text: string, width: number): string =>
	text.length > width ? `${text.slice(0, width - 1)}…` : text;
/** `notAttempted` -> `not attempted`. */
const spaced = (status: string): string => status.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

function masked(text: string, secrets: readonly string[]): string {
	return secrets.reduce(
		(result, secret) => result.replaceAll(secret, '***').replaceAll(encodeURIComponent(secret), '***'),
		text,
	);
}

/** Lines of at most `width` characters, broken at blanks. */
function wrap(text: string, width: number): string[] {
	const lines: string[] = [];
	for (const word of text.split(/\s+/)) {
		const last = lines.at(-1);
		if (last !== undefined && last.length + 1 + word.length <= width)
			lines[lines.length - 1] = `${last} ${word}`;
		else lines.push(word);
	}
	return lines;
}

/** Ascending numbers as ranges: `[0, 1, 2, 5]` -> `0-2, 5`. */
export function ranges(numbers: readonly number[]): string {
	const found: Array<[number, number]> = [];
	for (const value of numbers) {
		const last = found.at(-1);
		if (last && value === last[1] + 1) last[1] = value;
		else found.push([value, value]);
	}
	return found.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(', ');
}

/** Whether a request asks the vendor for something instead of sending it. */
const isReading = ({ vendor, method }: RecordedRequest): boolean =>
	vendor === 'appMetrica' && method === 'GET';

/** How many events a request carried, taken or not: read from its bytes, as the vendor does. */
export function eventsIn(request: RecordedRequest): number {
	const { vendor, url, body, stored } = request;
	const listed = (value: unknown): number => (Array.isArray(value) ? value.length : 1);
	try {
		switch (vendor) {
			case 'myTracker':
				return listed(JSON.parse(body.toString()));
			case 'appMetrica':
				if (isReading(request)) return 0;
				return body.length === 0 ? 1 : body.toString().trimEnd().split('\n').length - 1;
			case 'gravityField':
				if (body.length === 0) return 1;
				return listed((JSON.parse(body.toString()) as { data?: unknown }).data);
			case 'vibetrace':
				// Over REST a request has one event, in its body.
				if (body.length > 0) return 1;
				return listed(JSON.parse(new URLSearchParams(url.slice(url.indexOf('?'))).get('data') ?? ''));
			default:
				return stored;
		}
	} catch {
		return stored;
	}
}

/** The vendor's own path; a query that does not fit beside it is left out, since the event is shown below. */
function pathOf({ vendor, url }: RecordedRequest, secrets: readonly string[]): string {
	const whole = masked(vendor === 'other' ? url : url.slice(PREFIXES[vendor].length), secrets);
	if (whole.length <= PATH_WIDTH) return whole;
	const [path] = whole.split('?');
	return cut(path === whole ? path : `${path}?…`, PATH_WIDTH);
}

/** Why the sandbox refused or dropped events, in its own words, since a vendor's answer hardly says it. */
function reasons({ refusals, discarded }: RecordedRequest): string[] {
	const told = (what: string, { field, reason }: { field?: string; reason: string }) =>
		`${what} because ${field === undefined ? reason : `${field}: ${reason}`}`;
	return [
		...refusals.map((refusal) => told('refused', refusal)),
		...discarded.map((one) => told('dropped without a word', one)),
	];
}

function verdict(request: RecordedRequest, { paint }: Paper): string {
	const { stored, refusals, discarded } = request;
	if (isReading(request) && refusals.length === 0) return paint('green', 'given to read');
	const bad = refusals.length ? 'refused' : discarded.length ? 'dropped' : undefined;
	if (bad === undefined) return paint('green', `stored ${number(stored)}`);
	const indexes = [...refusals, ...discarded].flatMap(({ index }) => index ?? []);
	const which = indexes.length === 1 ? `event ${indexes[0]} of it` : `${number(indexes.length)} of them`;
	return paint('yellow', indexes.length ? `${bad}: ${which}` : bad);
}

function requestLine(request: RecordedRequest, paper: Paper): string {
	const { method, status, bodyBytes, url } = request;
	const path = pathOf(request, paper.secrets).padEnd(PATH_WIDTH);
	const size = (
		bodyBytes > 0 ? `${number(bodyBytes)} B body` : `${number(Buffer.byteLength(url))} B URL `
	).padStart(12);
	const events = (isReading(request) ? '' : plural(eventsIn(request), 'event')).padEnd(12);
	return `    ${method.padEnd(4)} ${path} ${size}  ${events}  ${status ?? '---'} ${verdict(request, paper)}`;
}

/** The text in lines of a width, broken behind commas and blanks where there are any, and cut after the last of them. */
function folded(text: string, width: number, most: number): string[] {
	const lines: string[] = [];
	let rest = text;
	while (rest.length > width && lines.length < most - 1) {
		const end = Math.max(rest.lastIndexOf(',', width - 1), rest.lastIndexOf(' ', width - 1)) + 1 || width;
		lines.push(rest.slice(0, end).trimEnd());
		rest = rest.slice(end);
	}
	return [...lines, cut(rest, width)];
}

/** What arrived at one vendor. */
function receivedBy(vendor: Vendor | 'other', { requests, stored }: ExampleResult, paper: Paper): string[] {
	const { paint, width, secrets } = paper;
	const own = requests.filter((request) => request.vendor === vendor);
	const lines = [`  ${paint('bold', `${VENDOR_NAMES[vendor]} received`)}`];
	for (const request of own) lines.push(requestLine(request, paper));
	for (const reason of new Set(own.flatMap(reasons))) {
		lines.push(
			...wrap(masked(reason, secrets), width - 9).map((text) => `         ${paint('yellow', text)}`),
		);
	}
	const first = stored.find((event) => event.vendor === vendor);
	if (first) {
		lines.push(`    ${paint('dim', 'the first event stored:')}`);
		const text = masked(first.text ?? JSON.stringify(first.event), secrets);
		lines.push(...folded(text, width - 6, 3).map((part) => `      ${paint('dim', part)}`));
	}
	return lines;
}

function received(result: ExampleResult, paper: Paper): string[] {
	const vendors = [...new Set(result.requests.map(({ vendor }) => vendor))];
	if (vendors.length === 0) return [`  ${paper.paint('yellow', 'Nothing was sent')}`];
	return vendors.flatMap((vendor) => receivedBy(vendor, result, paper));
}

/** The rows of a data table, as far as their columns were announced and hold something. */
function tableLines(name: string, rows: ReadonlyArray<Record<string, unknown>>, paper: Paper): string[] {
	const told = rows.map((row) =>
		Object.entries(row)
			.filter(([, value]) => value !== '')
			.map(([column, value]) => `${column}: ${typeof value === 'number' ? number(value) : String(value)}`)
			.join(', '),
	);
	return [
		`  ${paper.paint('bold', `Table ${name}`)} ${paper.paint('dim', `(${plural(rows.length, 'row')})`)}`,
		...told.flatMap((row) => wrap(masked(row, paper.secrets), paper.width - 4).map((line) => `    ${line}`)),
	];
}

/** Items of one status and message; the good ones in one line, however many. */
function groups(
	items: readonly ItemResult[],
): Array<{ status: string; message?: string; indexes: number[] }> {
	const found = new Map<string, { status: string; message?: string; indexes: number[] }>();
	for (const { index, status, message } of items) {
		const id = JSON.stringify([status, GOOD.includes(status) ? '' : message]);
		const group = found.get(id);
		if (group) group.indexes.push(index);
		else found.set(id, { status, message: GOOD.includes(status) ? undefined : message, indexes: [index] });
	}
	return [...found.values()];
}

function itemLines({ name, items }: NodeResult, paper: Paper): string[] {
	const lines = [`  ${paper.paint('bold', name)} ${paper.paint('dim', `(${plural(items.length, 'item')})`)}`];
	for (const { status, message, indexes } of groups(items)) {
		const colour = GOOD.includes(status) ? 'green' : 'yellow';
		const which = `${indexes.length === 1 ? 'item' : 'items'} ${ranges(indexes)}`;
		lines.push(`    ${paper.paint(colour, spaced(status).padEnd(14))} ${which}`);
		if (message)
			lines.push(
				...wrap(masked(message, paper.secrets), paper.width - 19).map((text) => `                   ${text}`),
			);
	}
	return lines;
}

/** How it was started, where that was not just once. */
function startLines({ steps }: ExampleResult, paper: Paper): string[] {
	if (steps.length < 2) return [];
	const told = steps.map(({ start = '', hoursLater }) =>
		hoursLater ? `${plural(hoursLater, 'hour')} later '${start}'` : `'${start}'`,
	);
	return wrap(`Started by ${told.join(', then ')}`, paper.width - 2).map((line) => `  ${line}`);
}

/** Everything about one workflow. */
export function printExample(result: ExampleResult, place: number, paper: Paper): string {
	const { example, nodes, deviations, error, tables } = result;
	const head = `${place}. ${example.workflow.name}`;
	return [
		paper.paint('cyan', `${head} ${'─'.repeat(Math.max(3, paper.width - head.length - 1))}`),
		`  ${paper.paint('dim', `workflows/${example.file}`)}`,
		...startLines(result, paper),
		...received(result, paper),
		...nodes.flatMap((node) => itemLines(node, paper)),
		...Object.entries(tables).flatMap(([name, rows]) => tableLines(name, rows, paper)),
		...(error === undefined
			? []
			: wrap(`The execution fails, as it should: ${masked(error, paper.secrets)}`, paper.width - 2).map(
					(line) => `  ${line}`,
				)),
		...deviations.flatMap((text) =>
			wrap(`NOT AS ANNOUNCED: ${masked(text, paper.secrets)}`, paper.width - 2).map(
				(line) => `  ${paper.paint('red', line)}`,
			),
		),
		'',
	].join('\n');
}

const total = (counts: readonly Counts[], isWanted: (status: string) => boolean): number =>
	counts
		.flatMap((one) => Object.entries(one))
		.filter(([status]) => isWanted(status))
		.reduce((sum, [, value]) => sum + value, 0);

interface Row {
	name: string;
	numbers: number[];
	good: boolean;
}

function rowOf({ example, nodes, requests, stored, deviations }: ExampleResult): Row {
	const counts = nodes.map((node) => node.counts);
	return {
		name: example.file,
		numbers: [
			total(counts, () => true),
			total(counts, (status) => status === 'accepted'),
			total(counts, (status) => !GOOD.includes(status)),
			requests.length,
			stored.length,
		],
		good: deviations.length === 0,
	};
}

const HEADINGS = ['Items', 'Accepted', 'Failed', 'Requests', 'Stored'];

/** One line per workflow, a sum, and whether all went as announced. */
export function printSummary(results: readonly ExampleResult[], seconds: number, paper: Paper): string {
	const rows = results.map(rowOf);
	const sums = HEADINGS.map((_, column) => rows.reduce((sum, { numbers }) => sum + numbers[column], 0));
	const width = Math.max(...rows.map(({ name }) => name.length), 'Workflow'.length);
	const line = (name: string, cells: readonly string[], end: string) =>
		`  ${name.padEnd(width)} ${cells.map((cell) => cell.padStart(9)).join('')}  ${end}`.trimEnd();
	const rule = `  ${'─'.repeat(width + 1 + 9 * HEADINGS.length + 15)}`;
	const bad = rows.filter(({ good }) => !good).length;
	const end = bad
		? paper.paint('red', `${bad} of ${plural(rows.length, 'workflow')} did not go as announced.`)
		: paper.paint(
				'green',
				`All ${plural(rows.length, 'workflow')} went as announced, in ${seconds.toFixed(1)} seconds.`,
			);
	return [
		paper.paint('bold', line('Workflow', HEADINGS, '')),
		rule,
		...rows.map(({ name, numbers, good }) =>
			line(
				name,
				numbers.map(number),
				good ? paper.paint('green', '✓ as announced') : paper.paint('red', '✗ not so'),
			),
		),
		rule,
		line('', sums.map(number), ''),
		'',
		end,
	].join('\n');
}
