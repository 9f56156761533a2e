/** How hard each rule is, and what becomes of what people really have: through the node, in both mapping modes. */
import { DateTime } from 'luxon';
import type { IDataObject } from 'n8n-workflow';

import { describeRules, NOW, type RuleCase } from '../../support/bothModes.mts';

const body = ({ body: sent }: { body: Buffer }) => sent.toString();
const UUID = '38400000-8cf0-11bd-b23e-10b96e40000d';
const JUST_NOW = String(NOW / 1000);
/** Which of the two n8n takes depends on the day on which it runs. */
const TWICE = DateTime.fromISO('2026-10-25T02:30:00', { zone: 'Europe/Berlin' });

const login = (more: IDataObject): IDataObject => ({ customUserId: '1', ...more });
const event = (more: IDataObject): IDataObject => ({
	customUserId: '1',
	customEventName: 'levelUp',
	...more,
});
const at = (eventTimestamp: unknown): IDataObject => login({ eventTimestamp } as IDataObject);

/** 36 symbols are documented, their form is not. */
const deviceIds: readonly RuleCase[] = ['instanceId', 'idfa', 'iosVendorId', 'gaid', 'appSetId'].flatMap(
	(name): RuleCase[] => [
		{
			of: `${name}: a UUID`,
			item: login({ [name]: UUID }),
			sends: `{"customUserId":"1","${name}":"${UUID}"}`,
		},
		{
			of: `${name}: 36 symbols of another form`,
			item: login({ [name]: 'x'.repeat(36) }),
			sends: `{"customUserId":"1","${name}":"${'x'.repeat(36)}"}`,
			warns: [[name, /must be .*8-4-4-4-12.*, not "x{36}"/]],
		},
		{
			of: `${name}: 36 symbols of another form, where rules that are not documented refuse`,
			item: login({ [name]: 'x'.repeat(36) }),
			options: { unprovenRules: 'refuse' },
			refuses: [[name, /8-4-4-4-12/]],
		},
		{
			of: `${name}: 36 symbols of another form, where rules that are not documented are ignored`,
			item: login({ [name]: 'x'.repeat(36) }),
			options: { unprovenRules: 'ignore' },
			sends: `{"customUserId":"1","${name}":"${'x'.repeat(36)}"}`,
		},
		{
			of: `${name}: 35 symbols`,
			item: login({ [name]: 'x'.repeat(35) }),
			refuses: [[name, /must have exactly 36 characters and has 35: "x{35}"$/]],
		},
	],
);

const times: readonly RuleCase[] = [
	...(
		[
			['14:35', /is not a time: "14:35"; it is a time of day without a date$/],
			['12', /is not a time: "12"; it is not a full date$/],
			['2026', /is not a time: "2026"; it is a year without month and day$/],
			['202611', /is not a time: "202611"; it is a year and a month without a day$/],
			['2026-W48', /is not a time: "2026-W48"; it is a week without a day$/],
			[
				86_400,
				/is 86400, which as Unix seconds lies before the year 2000; Unix seconds look like 1795338000$/,
			],
			[46_205, /is 46205, a spreadsheet's day number for 2026-07-02; .*\.toDateTime\('excel'\)$/],
			[1_795_338_000_000, /is in milliseconds: 1795338000000; /],
			[1_795_338_000_000_000, /is in microseconds: 1795338000000000; .*divide by 1,000,000\)$/],
			['1795338000000000000', /is in nanoseconds: "1795338000000000000"; .*divide by 1,000,000,000\)$/],
			['2026-11-22T09:00:00+99:00', /no time zone has that offset from UTC$/],
			['24.11.2026 10:20', /is not a time: "24\.11\.2026 10:20"; .*\.toDateTime\('dd\.MM\.yyyy HH:mm'\)$/],
		] as const
	).map(([value, says]): RuleCase => ({
		of: `time ${typeof value} ${value}`,
		item: at(value),
		refuses: [['eventTimestamp', says]],
	})),
	{
		of: 'time: Unix seconds as text',
		item: at(JUST_NOW),
		sends: `{"customUserId":"1","eventTimestamp":"${JUST_NOW}"}`,
	},
	{
		of: 'time: a full date without a zone, in that of the workflow',
		item: at('2026-11-22 12:00:00'),
		sends: `{"customUserId":"1","eventTimestamp":"${JUST_NOW}"}`,
		hints: ['Times without a time zone were read in Europe/Moscow'],
	},
	{
		of: 'time: ten minutes ahead of now',
		item: at(NOW / 1000 + 600),
		sends: `{"customUserId":"1","eventTimestamp":"${NOW / 1000 + 600}"}`,
		warns: [['eventTimestamp', "'Event Time' (eventTimestamp) is 10 minutes ahead of now"]],
		hints: [
			"1 item has warnings, see 'delivery.warnings': 'Event Time' (eventTimestamp) is 10 minutes ahead",
		],
	},
	{
		of: 'time: ten minutes ahead of now, where rules that are not documented are ignored',
		item: at(NOW / 1000 + 600),
		options: { unprovenRules: 'ignore' },
		sends: `{"customUserId":"1","eventTimestamp":"${NOW / 1000 + 600}"}`,
	},
	{
		of: 'time: an hour that summer time leaves out',
		item: at('2026-03-29T02:30:00'),
		zone: 'Europe/Berlin',
		sends: '{"customUserId":"1","eventTimestamp":"1774747800"}',
		warns: [['eventTimestamp', /has the time 02:30, which does not exist .* it was read as 03:30$/]],
	},
	{
		of: 'time: an hour that comes twice when summer time ends',
		item: at('2026-10-25T02:30:00'),
		zone: 'Europe/Berlin',
		sends: `{"customUserId":"1","eventTimestamp":"${TWICE.toUnixInteger()}"}`,
		warns: [
			[
				'eventTimestamp',
				/has the time 02:30, which occurs twice .* offset \+0[12]:00, and \+0[12]:00 is possible too$/,
			],
		],
	},
	{
		of: 'time: empty, which the vendor takes for the time of arrival',
		item: at(''),
		sends: '{"customUserId":"1"}',
		hints: [
			"'Event Time' (eventTimestamp) is empty in 1 item: MyTracker takes the time it receives the event there.",
		],
	},
];

/** What says nobody and nothing. */
const nobody: ReadonlyArray<readonly [string, RegExp]> = [
	[
		'undefined',
		/is the text 'undefined', which an expression gives when it finds no value; leave the field empty in that case$/,
	],
	['null', /is the text 'null'/],
	['NaN', /is the text 'NaN'/],
	['user-[object Object]', /\[object Object\]/],
	['1.23457E+17', /is a number in exponent form: "1\.23457E\+17", which has already lost digits/],
];

describeRules({
	node: 'myTrackerLogin',
	written: body,
	cases: [
		...deviceIds,
		...times,
		...nobody.map(([customUserId, says]): RuleCase => ({
			of: `user ID ${customUserId}`,
			item: { customUserId },
			refuses: [['customUserId', says]],
		})),
		{
			of: 'user ID: an empty object from an expression',
			item: { customUserId: {} },
			refuses: [['customUserId', /must be text, not an object/]],
		},
		{
			of: 'user ID: a number above 9007199254740991',
			item: { customUserId: 123_456_789_012_345_680_000 },
			refuses: [['customUserId', /has already lost digits; keep it as text from the first step on$/]],
		},
		{
			of: 'user ID: 64 bits as text',
			item: { customUserId: '18446744073709551615' },
			sends: '{"customUserId":"18446744073709551615"}',
		},
		{
			of: 'an expression that is not switched on',
			item: { customUserId: '1' },
			modes: ['defineBelow'],
			form: { customUserId: '{{ $json.user }}' },
			refuses: [['customUserId', /switch the field to Expression/]],
		},
		{
			of: 'IPv4: a group above 255',
			item: login({ ipv4: '1.2.3.256' }),
			refuses: [['ipv4', /must be an IPv4 address/]],
		},
		{
			of: 'IPv6: with an IPv4 address at its end',
			item: login({ ipv6: '::ffff:1.2.3.4' }),
			sends: '{"customUserId":"1","ipv6":"::ffff:1.2.3.4"}',
		},
		{
			of: 'IPv6: an IPv4 address',
			item: login({ ipv6: '1.2.3.4' }),
			refuses: [['ipv6', /must be an IPv6 address/]],
		},
		{
			of: 'an event that is complete by the rule of another platform',
			item: { customPlatformUserId: '42', vkPlatform: 'mobile_web' },
			modes: ['autoMapInputData'],
			refuses: [
				[
					'customUserId',
					"'User ID' (customUserId) is required for App or Website. The event has all that VK Mini Apps requires: set 'Platform' (platform) to 'VK Mini Apps' (vkMiniApps) in the node, or to an expression if the items differ",
				],
			],
		},
		{
			of: 'the same with its platform',
			item: { customPlatformUserId: '42', vkPlatform: 'mobile_web' },
			parameters: { platform: 'vkMiniApps' },
			sends: '{"customPlatformUserId":"42","vkPlatform":"mobile_web"}',
		},
		{
			of: 'the platform by an expression',
			item: { customPlatformUserId: '42', vkPlatform: 'mobile_web', from: 'vkMiniApps' },
			parameters: { platform: '={{ $json.from }}' },
			sends: '{"customPlatformUserId":"42","vkPlatform":"mobile_web"}',
		},
		{
			of: 'a platform that there is not',
			item: { customUserId: '1', age: 'old' },
			parameters: { platform: '={{ "tv" }}' },
			refuses: [
				['platform', "'Platform' must be one of app, vkMiniApps"],
				['age', /must be a whole number from 0 to 128, not "old"|must be a whole number/],
			],
		},
		{
			of: 'a field that another platform hides',
			item: { customUserId: '1', vkPlatform: 'mobile_web' },
			modes: ['defineBelow'],
			sends: '{"customUserId":"1"}',
			warns: [
				[
					'vkPlatform',
					"'VK Platform' (vkPlatform) is filled in but hidden under App or Website, so it was not sent; clear it, or choose another 'Platform'",
				],
			],
		},
		{
			of: 'a field of VK Play in a VK Mini App',
			item: { customPlatformUserId: '42', vkPlatform: 'mobile_web', sezamUserId: '7', hwid: '8' },
			modes: ['defineBelow'],
			parameters: { platform: 'vkMiniApps' },
			sends: '{"customPlatformUserId":"42","vkPlatform":"mobile_web"}',
			warns: [
				['sezamUserId', /^'VK Play User ID' \(sezamUserId\) is filled in but hidden under VK Mini Apps/],
				['hwid', /^'Hardware ID' \(hwid\) is filled in but hidden under VK Mini Apps/],
			],
		},
		{
			of: 'a number with its words',
			item: login({ idGender: 'ж' }),
			refuses: [['idGender', /must be 0 \(Unknown\), 1 \(Man\) or 2 \(Woman\), not "ж"$/]],
		},
		{
			of: 'a name that is nearly a documented one',
			item: { customUserId: '1', event_timestamp: JUST_NOW },
			modes: ['autoMapInputData'],
			sends: '{"customUserId":"1"}',
			hints: [/does not document it: event_timestamp \(did you mean eventTimestamp\?\)/],
		},
		{
			of: 'a heading with a BOM',
			item: { '\uFEFFcustomUserId': '1', age: '38' },
			modes: ['autoMapInputData'],
			refuses: [['customUserId', /is required/]],
			hints: [/U\+FEFF/],
		},
	],
});

describeRules({
	node: 'myTrackerCustomEvent',
	written: body,
	cases: [
		...nobody.map(([customEventName, says]): RuleCase => ({
			of: `event name ${customEventName}`,
			item: { customUserId: '1', customEventName },
			refuses: [['customEventName', says]],
		})),
		{
			of: 'event name: blanks',
			item: { customUserId: '1', customEventName: ' \t ' },
			refuses: [['customEventName', "'Event Name' (customEventName) is required"]],
		},
		{
			of: 'parameters: []',
			item: event({ customEventParams: [] }),
			sends: '{"customUserId":"1","customEventName":"levelUp"}',
		},
		{
			of: 'parameters: {}',
			item: event({ customEventParams: {} }),
			sends: '{"customUserId":"1","customEventName":"levelUp"}',
		},
		{
			of: 'parameters: the text null',
			item: event({ customEventParams: 'null' }),
			sends: '{"customUserId":"1","customEventName":"levelUp"}',
		},
		{
			of: 'parameters: a list',
			item: event({ customEventParams: [{ level: 2 }, { level: 3 }] }),
			refuses: [['customEventParams', /Split Out/]],
		},
		{
			of: 'parameters: broken JSON',
			item: event({ customEventParams: '{"level": 2,}' }),
			refuses: [['customEventParams', /is not JSON.*character 13/]],
		},
		{
			of: 'parameters: 17 digits inside JSON text',
			item: event({ customEventParams: '{"card":12345678901234567,"sum":499.0}' }),
			sends:
				'{"customUserId":"1","customEventName":"levelUp","customEventParams":{"card":"12345678901234567","sum":"499.0"}}',
		},
		{
			of: 'parameters: an empty value',
			item: event({ customEventParams: { level: 2, empty: '' } }),
			sends: '{"customUserId":"1","customEventName":"levelUp","customEventParams":{"level":"2"}}',
			hints: ['Left out, because it has no value: empty.'],
		},
		{
			of: 'parameters written flat',
			item: event({ 'customEventParams[level]': 2, 'customEventParams.map': 'x' }),
			modes: ['autoMapInputData'],
			sends: '{"customUserId":"1","customEventName":"levelUp","customEventParams":{"level":"2","map":"x"}}',
		},
		{
			of: 'rows that are filled in where JSON is chosen',
			item: event({ customEventParams: { level: 2 } }),
			modes: ['defineBelow'],
			form: { customEventParams: { pair: [{ name: 'own', value: '1' }] } },
			sends: '{"customUserId":"1","customEventName":"levelUp","customEventParams":{"level":"2"}}',
			warns: [
				['customEventParams', /^The rows of 'Event Parameters' are filled in but hidden under 'Using JSON'/],
			],
		},
		{
			of: 'JSON that is filled in where rows are chosen',
			item: event({ customEventParams: { level: 2 } }),
			modes: ['defineBelow'],
			form: {
				customEventParamsMode: 'pairs',
				customEventParams: { pair: [{ name: 'own', value: '1' }] },
			},
			sends: '{"customUserId":"1","customEventName":"levelUp","customEventParams":{"own":"1"}}',
			warns: [
				[
					'customEventParams',
					/^'Event Parameters \(JSON\)' is filled in but hidden under 'Using Fields Below'/,
				],
			],
		},
		{
			of: 'an item without its user, complete by the rule of VK Play',
			item: { customEventName: 'levelUp', sezamUserId: '42' },
			modes: ['autoMapInputData'],
			refuses: [
				['customUserId', /The event has all that VK Play requires: set 'Platform' \(platform\) to 'VK Play'/],
			],
		},
		{
			of: 'an empty item',
			item: {},
			modes: ['autoMapInputData'],
			refuses: [['', 'The item is empty; check what the node before this one returns']],
		},
		{
			of: 'an item that holds only a file',
			item: { json: {}, binary: { data: { mimeType: 'text/csv', data: '' } } },
			modes: ['autoMapInputData'],
			refuses: [['', "The item holds only a file ('data'); use the Extract from File node to read it first"]],
		},
		{
			of: 'a whole webhook item',
			item: { headers: {}, params: {}, query: {}, body: { customUserId: '1', customEventName: 'levelUp' } },
			modes: ['autoMapInputData'],
			refuses: [['', "The item is a whole webhook request; set 'Input Field' to body"]],
		},
		{
			of: 'a webhook item and its input field',
			item: { headers: {}, body: { customUserId: '1', customEventName: 'levelUp' } },
			modes: ['autoMapInputData'],
			parameters: { inputField: 'body' },
			sends: '{"customUserId":"1","customEventName":"levelUp"}',
		},
		{
			of: 'an item that holds a list',
			item: { rows: [{ customUserId: '1' }, { customUserId: '2' }] },
			modes: ['autoMapInputData'],
			refuses: [['', "'rows' holds a list of 2; use the Split Out node to get one item for each"]],
		},
	],
});
