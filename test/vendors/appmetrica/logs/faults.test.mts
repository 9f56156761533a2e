/** The node AppMetrica Export Logs against a Logs API that is slow, full, cut off or wrong. */
import { describe, expect, test } from '@jest/globals';
import type { IDataObject } from 'n8n-workflow';

import { event, exportHarness, iso, jsonOf, NOW, RANGE } from './support.mts';

const { clock, sandbox, run, send, exportRequests } = exportHarness();

const EVENTS = { ...RANGE, resource: 'events', fields: ['event_name', 'profile_id'] };
const MATCH = { operation: 'match', application_id: '1111', sentAt: iso(NOW - 5 * 3_600) };

/** What the vendor answers next, in this order. */
const answers = (...bodies: Array<string | { status: number; body: string }>) => {
	for (const answer of bodies) {
		const { status, body } = typeof answer === 'string' ? { status: 200, body: answer } : answer;
		sandbox().faults.push({ vendor: 'appMetrica', status, body, headers: { 'content-type': 'text/csv' } });
	}
};
const reports = (result: Parameters<typeof jsonOf>[0]) => jsonOf(result).map(({ export: report }) => report);
const hints = (result: Awaited<ReturnType<typeof run>>) => result.hints('Node').map(({ message }) => message);
const noCache = () =>
	exportRequests().map(({ headers }) => (headers['cache-control'] === 'no-cache' ? 'anew' : 'again'));

describe('a vendor that never gets ready', () => {
	test('is asked until the waiting is used up, with pauses that grow to a minute, and no more', async () => {
		sandbox().appMetrica.exportPolls = 1_000;
		const result = await run({ ...EVENTS, options: { maxWait: 300 } });
		expect(reports(result)).toEqual([
			expect.objectContaining({ status: 'notReady', requests: 8, waitedSeconds: 251.9 }),
		]);
		expect(clock().waits).toEqual([10_000, 15_000, 22_500, 33_750, 50_625, 60_000, 60_000]);
		expect(noCache()).toEqual(['anew', ...Array.from({ length: 7 }, () => 'again')]);
	});

	test('is asked once where no waiting is wanted', async () => {
		const result = await run({ ...EVENTS, options: { maxWait: 0 } });
		expect(reports(result)).toEqual([expect.objectContaining({ status: 'notReady', requests: 1 })]);
		expect(clock().waits).toEqual([]);
	});

	test('with a queue that stays full is asked for one file, and only until the waiting is used up', async () => {
		answers(
			...Array.from({ length: 20 }, () => ({ status: 429, body: 'There are already 3 enqueued queries' })),
		);
		const result = await run({ ...EVENTS, options: { maxWait: 200 } });
		expect(reports(result)).toEqual([
			expect.objectContaining({
				status: 'notReady',
				requests: 4,
				message: expect.stringContaining('There are already 3 enqueued queries'),
			}),
		]);
		expect(new Set(exportRequests().map(({ url }) => url)).size).toBe(1);
	});

	test('that fails for a while is asked again, and one that stays away ends the export', async () => {
		await send([event(1)]);
		answers({ status: 502, body: '' }, { status: 503, body: '' });
		expect(jsonOf(await run(EVENTS))).toEqual([{ event_name: 'order_paid', profile_id: 'user-1' }]);
		// Nothing was taken by the first two, so that the third still asks for a new file.
		expect(noCache().slice(0, 3)).toEqual(['anew', 'anew', 'anew']);
		answers(...Array.from({ length: 9 }, () => ({ status: 502, body: '' })));
		expect(reports(await run(EVENTS))).toEqual([
			expect.objectContaining({
				status: 'failed',
				message: 'AppMetrica answered with status 502',
				requests: 5,
			}),
		]);
	});
});

describe('a file that breaks off', () => {
	test.each([
		['rows', 'items'],
		['a file', 'file'],
	])('is downloaded again, not made again, and comes whole as %s', async (_, returnAs) => {
		await send([event(1), event(2)]);
		sandbox().appMetrica.exportPolls = 0;
		sandbox().faults.push({ vendor: 'appMetrica', halfAnswer: true, afterStoring: true });
		const result = await run({ ...EVENTS, returnAs });
		expect(noCache()).toEqual(['anew', 'again']);
		const [first] = result.nodeOutputs('Node')[0];
		const text = returnAs === 'file' ? Buffer.from(first.binary?.data.data ?? '', 'base64').toString() : '';
		if (returnAs === 'file')
			expect(text).toBe('event_name,profile_id\norder_paid,user-1\norder_paid,user-2\n');
		else expect(jsonOf(result)).toHaveLength(2);
	});

	test('three times ends the export, without a row', async () => {
		await send([event(1)]);
		sandbox().appMetrica.exportPolls = 0;
		for (let time = 0; time < 3; time++)
			sandbox().faults.push({ vendor: 'appMetrica', halfAnswer: true, afterStoring: true });
		expect(reports(await run(EVENTS))).toEqual([
			expect.objectContaining({
				status: 'failed',
				message: 'The download broke off 3 times; run the node again',
				requests: 3,
			}),
		]);
	});

	test('inside a quoted value is not taken for whole, even where the connection ended in good order', async () => {
		const cut = 'event_name,profile_id\na,b\n"order_p';
		answers(cut, cut, 'event_name,profile_id\na,b\n"order_paid",c\n');
		expect(jsonOf(await run(EVENTS))).toEqual([
			{ event_name: 'a', profile_id: 'b' },
			{ event_name: 'order_paid', profile_id: 'c' },
		]);
		answers(cut, cut, cut);
		expect(reports(await run(EVENTS))).toEqual([
			expect.objectContaining({
				status: 'failed',
				message: 'The file ends in the middle of a row; run the node again',
			}),
		]);
	});

	test('in single bytes, quotes and characters cut in two, is read as it was', async () => {
		const json = JSON.stringify({ text: 'Ж, "😀"\nend', n: 1 });
		await send([event(1, { event_json: json })]);
		sandbox().appMetrica.exportPolls = 0;
		sandbox().faults.push({ vendor: 'appMetrica', drip: { everyMs: 0, chunks: 400 } });
		const [row] = jsonOf(await run({ ...EVENTS, fields: ['event_json', 'profile_id'] }));
		expect(JSON.parse(String(row.event_json))).toEqual(JSON.parse(json));
		expect(row.profile_id).toBe('user-1');
	});

	test('is left when the run is stopped', async () => {
		await send([event(1)]);
		sandbox().appMetrica.exportPolls = 0;
		sandbox().faults.push({ vendor: 'appMetrica', drip: { everyMs: 60_000, chunks: 3 } });
		let stop = () => {};
		const running = run(EVENTS, { options: { cancelAfter: (cancel) => (stop = cancel) } });
		await sandbox().arrived(2, 'appMetrica');
		stop();
		const result = await running;
		expect([result.status, result.savedNodes.includes('Node')]).toEqual(['canceled', false]);
		expect(exportRequests()).toHaveLength(1);
	});
});

describe('a file that is not what was asked for', () => {
	test('with more values in a row than there are columns ends the export and names the row', async () => {
		answers('event_name,profile_id\na,b\nc,d,e\n');
		expect(reports(await run(EVENTS))).toEqual([
			expect.objectContaining({
				status: 'failed',
				message: 'Row 2 of the file has 3 values, and there are only 2 columns',
				requests: 1,
			}),
		]);
	});

	test('with fewer values in a row has empty ones in their place, as the vendor’s sample', async () => {
		answers('event_name,profile_id\na\n');
		expect(jsonOf(await run(EVENTS))).toEqual([{ event_name: 'a', profile_id: '' }]);
	});

	test('without one of the columns gives the others and says so', async () => {
		answers('profile_id\nuser-1\n');
		const result = await run(EVENTS);
		expect(jsonOf(result)).toEqual([{ profile_id: 'user-1' }]);
		expect(hints(result)).toEqual([
			'AppMetrica\'s file has no column "event_name", although it was asked for.',
		]);
	});

	test.each([
		['Wait for result\n', 'its first line is "Wait for result"'],
		['', 'it is empty'],
		['{"data":[]}', 'its first line is "{""data"":[]}"'],
	])('but %j ends the export', async (body, said) => {
		answers(body);
		const [report] = reports(await run(EVENTS)) as IDataObject[];
		expect(report).toMatchObject({ status: 'failed', requests: 1 });
		expect(String(report.message).replace(/"/g, '')).toBe(
			`The answer is not the export: ${said.replace(/"/g, '')}`,
		);
	});

	test('matches nothing and does not call everything missing', async () => {
		const sent = await send([event(1)]);
		answers('event_name,profile_id,appmetrica_device_id,event_json\norder_paid,user-1,,\n');
		expect(reports(await run(MATCH, { items: sent }))).toEqual([
			expect.objectContaining({
				status: 'failed',
				message: "AppMetrica's file has no column event_timestamp, so nothing can be matched",
			}),
		]);
	});

	test('with no row is said to have none', async () => {
		const result = await run({ ...EVENTS, fields: ['profile_id'] });
		expect([jsonOf(result), hints(result)]).toEqual([[], ['The export has no rows.']]);
	});

	test('of one column keeps its rows without a value', async () => {
		answers('profile_id\n\nuser-2\n\n\nuser-5\n\n');
		expect(jsonOf(await run({ ...EVENTS, fields: ['profile_id'] })).map((row) => row.profile_id)).toEqual([
			'',
			'user-2',
			'',
			'',
			'user-5',
		]);
	});

	test('keeps IDs of any length and leading zeros as text', async () => {
		answers('event_name,profile_id\n0042,9007199254740993123\n');
		expect(jsonOf(await run(EVENTS))).toEqual([{ event_name: '0042', profile_id: '9007199254740993123' }]);
	});
});

describe('what the form or an item says wrongly', () => {
	test.each<[string, IDataObject, string]>([
		[
			'a time zone',
			{ timeZone: 'Moskau' },
			'\'Time Zone\' (timeZone) is "Moskau", which is not a time zone; enter one such as Europe/Moscow',
		],
		['most items', { maxItems: 0 }, "'Most Items' (maxItems) must be a whole number of at least 1"],
		['a wait', { maxWait: 'long' }, "'Longest Wait' (maxWait) must be a number of seconds from 0 to 86,400"],
		['a wait', { maxWait: -1 }, "'Longest Wait' (maxWait) must be a number of seconds from 0 to 86,400"],
	])('%s is refused before anything is asked', async (_, options, message) => {
		// A match has no items to bound: its form does not show the option.
		for (const parameters of 'maxItems' in options ? [EVENTS] : [EVENTS, MATCH]) {
			expect(reports(await run({ ...parameters, options }, { items: [{ event: event(1) }] }))).toEqual([
				{ status: 'failed', message },
			]);
		}
		expect(exportRequests()).toEqual([]);
	});

	test.each(['limit', 'date_since', 'parts_count'])('an own field cannot be the setting %s', async (name) => {
		const parameters = { ...EVENTS, resource: 'profiles_v2', fields: ['profile_id'] };
		const filters = { filter: [{ field: name, value: '1' }] };
		for (const more of [{ filters }, { options: { ownFields: name } }]) {
			const [report] = reports(await run({ ...parameters, ...more })) as IDataObject[];
			expect(report).toMatchObject({ status: 'failed', message: expect.stringContaining(`"${name}"`) });
		}
		expect(exportRequests()).toEqual([]);
	});

	test.each<[string, unknown]>([
		['another app', { application_id: '2222' }],
		['another resource', { resource: 'crashes' }],
		['nothing to read', { fields: 'all' }],
		['no filters', { filters: 'none' }],
	])('an item that goes on with %s does not decide what is read', async (_, more) => {
		const request = {
			resource: 'events',
			application_id: '1111',
			filters: [],
			fields: ['profile_id'],
			...(more as object),
		};
		await run(EVENTS, { items: [{ export: { status: 'notReady', request } }] });
		for (const { url } of exportRequests())
			expect(url).toContain('events.csv?application_id=1111&date_since=');
		expect(noCache()[0]).toBe('anew');
	});
});

describe('a match', () => {
	test('that is not ready gives each item back, and the next run goes on with the same file', async () => {
		const sent = await send([event(1), event(2, { profile_id: 'sandbox-unknown-2' })]);
		sandbox().appMetrica.exportPolls = 3;
		const parameters = { ...MATCH, options: { maxWait: 10 } };
		let items = jsonOf(await run(parameters, { items: sent }));
		expect(items.map(({ arrival, event: given }) => [(arrival as IDataObject).status, given])).toEqual(
			sent.map(({ event: given }) => ['notReady', given]),
		);
		for (let again = 0; again < 5 && items[0].export; again++)
			items = jsonOf(await run(parameters, { items }));
		expect(items.map(({ arrival }) => (arrival as IDataObject).status)).toEqual(['found', 'missing']);
		expect(items.map((item) => Object.keys(item).sort())).toEqual(
			sent.map((item) => [...Object.keys(item), 'arrival'].sort()),
		);
		expect(noCache().filter((way) => way === 'anew')).toHaveLength(1);
	});

	test('reads events from a table, as JSON text, each with the time at which it was sent', async () => {
		const sent = await send([event(1), ...[2, 3].map((n) => event(n, { profile_id: 'sandbox-unknown' }))]);
		const hoursAgo = [6, 6, 1];
		const items = sent.map(({ event: given }, at) => ({
			id: at + 1,
			event: JSON.stringify(given),
			sentAt: iso(NOW - hoursAgo[at] * 3_600),
		}));
		const result = await run({ ...MATCH, sentAt: '={{ $json.sentAt }}' }, { items });
		expect(jsonOf(result).map(({ id, arrival }) => [id, (arrival as IDataObject).status])).toEqual([
			[1, 'found'],
			[2, 'missing'],
			[3, 'tooEarly'],
		]);
		const odd = await run(
			{ ...MATCH, sentAt: '={{ $json.sentAt }}' },
			{ items: [items[0], { ...items[1], sentAt: 'noon' }] },
		);
		expect(reports(odd)[0]).toMatchObject({ status: 'failed', message: "'Sent At' of item 1 is not a time" });
	});
});
