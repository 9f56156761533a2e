/** How hard each rule is, and what becomes of what people really have: through the node, in both mapping modes. */
import { DateTime } from 'luxon';
import type { IDataObject } from 'n8n-workflow';

import { describeRules, NOW, type RuleCase } from '../../support/bothModes.mts';

const SECONDS = NOW / 1000;
const DAY = 86_400;
/** Which of the two n8n takes depends on the day on which it runs. */
const TWICE = DateTime.fromISO('2026-10-25T02:30:00', { zone: 'Europe/Berlin' });

const event = (more: IDataObject): IDataObject => ({
	profile_id: 'user-42',
	event_name: 'order_paid',
	event_timestamp: SECONDS,
	...more,
});
const at = (event_timestamp: unknown): IDataObject => event({ event_timestamp } as IDataObject);

/** The query of the request, without the app and the key. */
const query = ({ url }: { url: string }) =>
	url
		.slice(url.indexOf('?') + 1)
		.replace(/&?(?:post_api_key|application_id)=[^&]*/g, '')
		.replace(/^&/, '');
const sent = (more = '', time: number | string = SECONDS) =>
	`profile_id=user-42&event_name=order_paid&event_timestamp=${time}${more}`;
const encoded = (json: string) => sent(`&event_json=${encodeURIComponent(json)}`);

const AGO_8_DAYS = SECONDS - 8 * DAY;

const ages: readonly RuleCase[] = [
	{
		of: 'age: 8 days, which a current page allows and an older one does not',
		item: at(AGO_8_DAYS),
		sends: sent('', AGO_8_DAYS),
		warns: [
			[
				'event_timestamp',
				"'Event Time' (event_timestamp) is older than 7 days: the current pages of AppMetrica allow 14 days, an older one only 7",
			],
		],
	},
	{
		of: 'age: 8 days, where rules that are not documented refuse',
		item: at(AGO_8_DAYS),
		options: { unprovenRules: 'refuse' },
		refuses: [['event_timestamp', /is older than 7 days/]],
	},
	{
		of: 'age: 8 days, where rules that are not documented are ignored',
		item: at(AGO_8_DAYS),
		options: { unprovenRules: 'ignore' },
		sends: sent('', AGO_8_DAYS),
	},
	{
		of: 'age: 14 days',
		item: at(SECONDS - 14 * DAY),
		refuses: [['event_timestamp', /is older than 14 days less one hour, .*'Maximum Age in Days'$/]],
	},
	{
		of: 'age: 400 days, where it is not checked',
		item: at(SECONDS - 400 * DAY),
		options: { maxAgeDays: 0 },
		sends: sent('', SECONDS - 400 * DAY),
	},
	{
		of: 'time ahead: five minutes',
		item: at(SECONDS + 300),
		sends: sent('', SECONDS + 300),
	},
	{
		of: 'time ahead: ten minutes',
		item: at(SECONDS + 600),
		sends: sent('', SECONDS + 600),
		warns: [
			['event_timestamp', "'Event Time' (event_timestamp) is 10 minutes ahead of now; check the time zone"],
		],
	},
	{
		of: 'time ahead: ten minutes, where rules that are not documented refuse',
		item: at(SECONDS + 600),
		options: { unprovenRules: 'refuse' },
		refuses: [['event_timestamp', /is 10 minutes ahead of now/]],
	},
	{
		of: 'time ahead: ten minutes, where the age is not checked',
		item: at(SECONDS + 600),
		options: { maxAgeDays: 0 },
		sends: sent('', SECONDS + 600),
	},
];

const times: readonly RuleCase[] = [
	...(
		[
			['14:35', /it is a time of day without a date$/],
			['12', /it is not a full date$/],
			['2026', /it is a year without month and day$/],
			['202611', /it is a year and a month without a day$/],
			['2026-W48', /it is a week without a day$/],
			[46_205, /a spreadsheet's day number for 2026-07-02/],
			[86_400, /lies before the year 2000/],
			[1_795_338_000_000, /is in milliseconds/],
			['1795338000000000', /is in microseconds/],
			['1795338000000000000', /is in nanoseconds/],
			['2026-11-22T09:00:00+99:00', /no time zone has that offset/],
			['25.11.2026 22:30', /\.toDateTime\('dd\.MM\.yyyy HH:mm'\)$/],
		] as const
	).map(([value, says]): RuleCase => ({
		of: `time ${typeof value} ${value}`,
		item: at(value),
		refuses: [['event_timestamp', says]],
	})),
	{
		of: 'time: an hour that summer time leaves out',
		item: at('2026-03-29T02:30:00'),
		options: { maxAgeDays: 0 },
		zone: 'Europe/Berlin',
		sends: sent('', 1_774_747_800),
		warns: [['event_timestamp', /does not exist .* it was read as 03:30$/]],
	},
	{
		of: 'time: an hour that comes twice when summer time ends',
		item: at('2026-10-25T02:30:00'),
		options: { maxAgeDays: 0 },
		zone: 'Europe/Berlin',
		sends: sent('', TWICE.toUnixInteger()),
		warns: [['event_timestamp', /occurs twice .* offset \+0[12]:00, and \+0[12]:00 is possible too$/]],
	},
	{
		of: 'time: under the name of the English page',
		item: { profile_id: 'user-42', event_name: 'order_paid', timestamp: SECONDS },
		modes: ['autoMapInputData'],
		sends: sent(),
	},
];

const nobody: ReadonlyArray<readonly [string, RegExp]> = [
	['undefined', /is the text 'undefined'/],
	['null', /is the text 'null'/],
	['NaN', /is the text 'NaN'/],
	['[object Object]', /\[object Object\]/],
	['1.23457E+17', /is a number in exponent form: "1\.23457E\+17", which has already lost digits/],
];

describeRules({
	node: 'appMetricaImportEvents',
	written: query,
	cases: [
		...ages,
		...times,
		...nobody.flatMap(([value, says]): RuleCase[] => [
			{
				of: `profile ID ${value}`,
				item: event({ profile_id: value }),
				refuses: [['profile_id', says]],
			},
			{
				of: `event name ${value}`,
				item: event({ event_name: value }),
				refuses: [['event_name', says]],
			},
			{
				of: `advertising ID ${value}`,
				item: event({ google_aid: value }),
				refuses: [['google_aid', says]],
			},
		]),
		...['mcc', 'mnc'].flatMap((name): RuleCase[] => [
			{ of: `${name}: 250`, item: event({ [name]: '250' }), sends: sent(`&${name}=250`) },
			{
				of: `${name}: a whole number above 999`,
				item: event({ [name]: 1000 }),
				sends: sent(`&${name}=1000`),
				warns: [[name, /must be from 0 to 999|must be a whole number from 0 to 999/]],
			},
			{
				of: `${name}: a whole number above 999, where rules that are not documented refuse`,
				item: event({ [name]: 1000 }),
				options: { unprovenRules: 'refuse' },
				refuses: [[name, /999/]],
			},
			{
				of: `${name}: no whole number`,
				item: event({ [name]: '2.5' }),
				refuses: [[name, /must be a whole number/]],
			},
		]),
		{
			of: 'IP address: IPv4 travels in its IPv6 form',
			item: event({ device_ipv6: '203.0.113.7' }),
			sends: sent('&device_ipv6=%3A%3Affff%3A203.0.113.7'),
		},
		{
			of: 'IP address: a group above 255',
			item: event({ device_ipv6: '203.0.113.256' }),
			refuses: [['device_ipv6', /must be an IPv6 or IPv4 address/]],
		},
		{
			of: 'event name: blanks',
			item: event({ event_name: '  ' }),
			refuses: [['event_name', "'Event Name' (event_name) is required"]],
		},
		{
			of: 'event name: an empty object from an expression',
			item: event({ event_name: {} }),
			refuses: [['event_name', /must be text, not an object/]],
		},
		{
			of: 'attributes: JSON text travels as written, white space between tokens aside',
			item: event({
				event_json:
					'{ "param1": "param2", "param1": { "param2": "param3" }, "sum": 499.0, "big": 12345678901234567 }',
			}),
			sends: encoded('{"param1":"param2","param1":{"param2":"param3"},"sum":499.0,"big":12345678901234567}'),
		},
		{
			of: 'attributes: white space inside a text stays',
			item: event({ event_json: '{"a" : "b  c\\n"}' }),
			sends: encoded('{"a":"b  c\\n"}'),
		},
		{
			of: 'attributes: an object',
			item: event({ event_json: { sum: '10', n: 1.5 } }),
			sends: encoded('{"sum":"10","n":1.5}'),
		},
		{ of: 'attributes: []', item: event({ event_json: [] }), sends: encoded('{}') },
		{ of: 'attributes: the text null', item: event({ event_json: 'null' }), sends: sent() },
		{
			of: 'attributes: broken JSON',
			item: event({ event_json: '{"sum": 10,}' }),
			refuses: [['event_json', /is not JSON.*character 12/]],
		},
		{
			of: 'attributes: rows that are filled in beside JSON',
			item: event({ event_json: { sum: '10' } }),
			modes: ['defineBelow'],
			form: { event_jsonRows: { pair: [{ name: 'own', value: '1' }] } },
			sends: encoded('{"own":"1"}'),
			warns: [
				[
					'event_json',
					"'Event Attributes (JSON)' is filled in as well as the rows of 'Event Attributes', so it was not sent; clear one of them",
				],
			],
		},
		{
			of: 'attributes: rows that are wholly empty',
			item: event({}),
			modes: ['defineBelow'],
			form: {
				event_jsonRows: {
					pair: [
						{ name: '', value: '' },
						{ name: 'own', value: '1' },
					],
				},
			},
			sends: encoded('{"own":"1"}'),
			hints: [/Event Attributes/],
		},
		{
			of: 'a number of a version',
			item: event({ os_version: 16.1 }),
			refuses: [['os_version', /16\.10 has already become 16\.1/]],
		},
		{
			of: 'an amount with a comma is text here',
			item: event({ event_json: { sum: '4 299,00' } }),
			sends: encoded('{"sum":"4 299,00"}'),
		},
		{
			of: 'a name that is nearly a documented one',
			item: event({ device_modell: 'iPhone' }),
			modes: ['autoMapInputData'],
			sends: sent(),
			hints: [/device_modell \(did you mean device_model\?\)/],
		},
		{
			of: 'a heading with a BOM',
			item: { '\uFEFFprofile_id': 'user-42', event_name: 'order_paid', event_timestamp: SECONDS },
			modes: ['autoMapInputData'],
			refuses: [['profile_id', /has no user or device ID/]],
			hints: [/profile_id \(did you mean profile_id: its character 1 is U\+FEFF\?\)/],
		},
	],
});
