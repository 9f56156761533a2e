import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import { EventMatcher, type MatchOptions } from '../../../../nodes/AppMetrica/logs/match.ts';

const NOW = 1_790_000_000;
const LONG_AGO = NOW - 10 * 3_600;
const event = (more: Record<string, unknown> = {}) => ({
	profile_id: 'ann',
	event_name: 'order_paid',
	event_timestamp: String(LONG_AGO),
	event_json: '{"order_id":"A-1","sum":10}',
	...more,
});
const row = (more: Record<string, string> = {}): Record<string, string> => ({
	appmetrica_device_id: '1757762239877245682',
	...(event() as Record<string, string>),
	...more,
});
const match = (
	events: Array<Record<string, unknown>>,
	rows: Array<Record<string, string>>,
	{ sentAt, ...options }: Partial<MatchOptions> & { sentAt?: number } = {},
) => {
	const matcher = new EventMatcher({ ownIdPath: '', now: NOW, ...options });
	for (const each of events) matcher.add(each, sentAt);
	// A download that broke off leaves nothing behind.
	for (const each of [...rows, ...rows]) matcher.see(each);
	matcher.restart();
	for (const each of rows) matcher.see(each);
	return events.map((_, at) => matcher.arrival(at));
};
const statuses = (...given: Parameters<typeof match>) =>
	match(...given).map(({ status, message }) => (status === 'unmatched' ? message : status));

describe('an event that was sent', () => {
	test('is found by name, ID, time and attributes, however its JSON is written', () => {
		expect(match([event()], [row({ event_json: '{ "sum": 10, "order_id": "A-1" }' })])).toEqual([
			{ status: 'found', matchedBy: 'event_name, profile_id, event_timestamp, event_json', rows: 1 },
		]);
	});

	test('is found by its device ID where it was sent with one', () => {
		const sent = event({ profile_id: undefined, appmetrica_device_id: '1757762239877245682' });
		expect(statuses([sent], [row({ profile_id: '' })])).toEqual(['found']);
	});

	test.each<[string, Record<string, string>]>([
		['another name', { event_name: 'order_Paid' }],
		['another profile', { profile_id: 'bob', appmetrica_device_id: '' }],
		['another second', { event_timestamp: String(LONG_AGO + 1) }],
	])('is missing where only %s is there', (_, more) => {
		expect(statuses([event()], [row(more)])).toEqual(['missing']);
	});

	test('is ambiguous where only its attributes differ', () => {
		expect(match([event()], [row({ event_json: '{"order_id":"A-2"}' })])[0]).toMatchObject({
			status: 'ambiguous',
			rows: 1,
		});
	});

	test('is ambiguous where it is there twice', () => {
		expect(match([event()], [row(), row()])[0]).toMatchObject({ status: 'ambiguous', rows: 2 });
	});

	test('of three equal events two of which arrived, none is called found', () => {
		expect(statuses([event(), event(), event()], [row(), row()])).toEqual([
			'ambiguous',
			'ambiguous',
			'ambiguous',
		]);
	});

	test('of three equal events that all arrived, each is found', () => {
		expect(statuses([event(), event(), event()], [row(), row(), row()])).toEqual(['found', 'found', 'found']);
	});

	test.each<[string, { sentAt?: number }, Record<string, unknown>, string]>([
		['sent 3 h 59 min ago', { sentAt: NOW - 4 * 3_600 + 60 }, {}, 'tooEarly'],
		['sent 4 hours ago', { sentAt: NOW - 4 * 3_600 }, {}, 'missing'],
		['that happened an hour ago', {}, { event_timestamp: String(NOW - 3_600) }, 'tooEarly'],
		['that happened long ago', {}, {}, 'missing'],
	])('%s and is not there', (_, options, more, status) => {
		expect(statuses([event(more)], [], options)).toEqual([status]);
	});

	test('without a time is matched by an ID of its own only', () => {
		expect(statuses([event({ event_timestamp: undefined })], [row()])).toEqual([
			'It has no event_timestamp: match by an ID of your own inside event_json instead',
		]);
		expect(statuses([event({ event_timestamp: undefined })], [row()], { ownIdPath: 'order_id' })).toEqual([
			'found',
		]);
	});
});

describe('an ID of the user’s own inside event_json', () => {
	const nested = (id: unknown) => JSON.stringify({ order: { id } });
	test('decides alone, with the name', () => {
		const events = [1, 2, 3].map((id) => event({ event_json: nested(id) }));
		const rows = [row({ event_json: nested(3), event_timestamp: '1' }), row({ event_json: nested('1') })];
		expect(statuses(events, rows, { ownIdPath: 'order.id' })).toEqual(['found', 'missing', 'found']);
	});

	test.each([[undefined], ['not json'], ['{"order":{"id":{"a":1}}}'], ['[]']])(
		'is not in %j',
		(event_json) => {
			expect(statuses([event({ event_json })], [], { ownIdPath: 'order.id' })).toEqual([
				"There is no 'order.id' in its event_json",
			]);
		},
	);
});

test('events of any number, dropped at random: found and missing are told apart exactly', () => {
	fc.assert(
		fc.property(fc.integer({ min: 1, max: 60 }), fc.array(fc.nat(59)), (count, dropped) => {
			const events = Array.from({ length: count }, (_, at) => event({ event_json: `{"n":${at}}` }));
			const lost = new Set(dropped.filter((at) => at < count));
			const rows = events.filter((_, at) => !lost.has(at)).map((each) => row(each as Record<string, string>));
			const expected = events.map((_, at) => (lost.has(at) ? 'missing' : 'found'));
			expect(statuses(events, rows)).toEqual(expected);
			expect(statuses(events, rows, { ownIdPath: 'n' })).toEqual(expected);
		}),
	);
});

describe('IDs that JavaScript cannot hold as numbers', () => {
	const withId = (id: string) => ({ event_json: `{"order_id":${id},"sum":1}` });

	test('tell events apart by their last digit, as an ID of one’s own and among the attributes', () => {
		const sent = ['9007199254740993', '9007199254740995'].map((id) => event(withId(id)));
		const rows = [row(withId('9007199254740992')), row(withId('9007199254740995'))];
		expect(statuses(sent, rows, { ownIdPath: 'order_id' })).toEqual(['missing', 'found']);
		expect(statuses(sent, rows)).toEqual(['ambiguous', 'found']);
	});

	test('are the same as text and as a number', () => {
		const sent = event(withId('"9007199254740993"'));
		expect(statuses([sent], [row(withId('9007199254740993'))], { ownIdPath: 'order_id' })).toEqual(['found']);
	});
});
