import { IPV4, IPV6, type Choice, type Field, type Section, type ValueType } from '../engine';

export const TEXT: ValueType = { kind: 'text' };

/** Mobile country and network codes have at most three digits (ITU E.212); the page's samples print no leading zero. */
const NETWORK_CODE: ValueType = {
	kind: 'integer',
	min: 0n,
	max: 999n,
	as: 'text',
	evidence: { min: 'inferred', max: 'inferred' },
};

const HEXADECIMAL = /^(?=.*[a-f])(?:0x)?[0-9a-f-]+$/i;

const explainDeviceId = (text: string): string | undefined =>
	HEXADECIMAL.test(text)
		? "is hexadecimal, so it is the SDK's device ID; AppMetrica wants its decimal hash, which the SDK returns as the device ID hash (appmetrica_device_id_hash)"
		: undefined;

/** The vendor takes IPv6 only and writes an IPv4 address as its page does: `::ffff:5.255.232.147`. */
export const asIpv6 = (text: string): string => (IPV4.is.test(text) ? `::ffff:${text}` : text);

/** Above the form, since no single field can show it. */
export const EITHER_ID = { text: "Fill in either 'User Profile ID' or 'Device ID Hash', never both" };

/** Whom an event is about: one of the two. */
export const identity: readonly Field[] = [
	{
		wire: 'profile_id',
		role: 'identifier',
		label: 'User Profile ID',
		help: "The user's ID as your app has already sent it through the AppMetrica SDK; give this or the device ID hash, never both",
		type: TEXT,
		example: 'user-42',
		evidence: 'documented',
	},
	{
		wire: 'appmetrica_device_id',
		role: 'identifier',
		label: 'Device ID Hash',
		help: "The decimal hash of AppMetrica's device ID, as the SDK returns it; keep it as text from the first step on, and leave it empty if the user profile ID is given",
		// The page says <int>; the values are unsigned and of 64 bits.
		type: {
			kind: 'integer',
			min: 1n,
			max: 18_446_744_073_709_551_615n,
			as: 'text',
			isId: true,
			evidence: { min: 'inferred', max: 'inferred' },
		},
		explain: explainDeviceId,
		example: '9876543210123456789',
		evidence: 'documented',
	},
];

const eventName: readonly Field[] = [
	{
		wire: 'event_name',
		role: 'name',
		label: 'Event Name',
		help: 'The name of the event, as it appears in reports',
		type: TEXT,
		required: true,
		example: 'order_paid',
		evidence: 'documented',
	},
];

export const eventTime: readonly Field[] = [
	{
		wire: 'event_timestamp',
		label: 'Event Time',
		help: "When the event happened. It must not be older than the option 'Maximum Age in Days' allows",
		type: { kind: 'time', as: 'secondsText', ahead: 'byRule' },
		required: true,
		// The format block of the English page calls it so; its sample and the newer pages do not.
		alias: 'timestamp',
		example: '1760000000',
		evidence: 'documented',
	},
];

const eventJson: readonly Field[] = [
	{
		wire: 'event_json',
		label: 'Event Attributes',
		help: 'Attributes of the event, which may be nested if given as JSON',
		type: { kind: 'json', as: 'text' },
		form: {
			rows: {
				name: 'event_jsonRows',
				part: 'pair',
				label: 'Event Attributes',
				add: 'Add Attribute',
				example: ['sum', '4299.00'],
			},
			json: { name: 'event_json', label: 'Event Attributes (JSON)' },
		},
		example: { sum: '10', item: { name: 'Tea' } },
		evidence: 'documented',
	},
];

export const sessionType: readonly Field[] = [
	{
		wire: 'session_type',
		label: 'Session Type',
		help: "Whether the event counts for users: 'Background' hides it from reports grouped by user and from the profile card",
		type: {
			kind: 'choice',
			values: [
				{
					value: 'foreground',
					label: 'Foreground',
					help: 'Raises the number of users in the events report; shown in the profile card',
				},
				{
					value: 'background',
					label: 'Background',
					help: 'Raises the number of devices only; hidden from reports grouped by user and from the profile card',
				},
			],
		},
		vendorDefault: 'background',
		evidence: 'documented',
	},
];

const PHONE: Choice = { value: 'phone', label: 'Phone' };
const TABLET: Choice = { value: 'tablet', label: 'Tablet' };
const UNKNOWN: Choice = { value: 'unknown', label: 'Unknown' };
/** What the page of events lists; newer pages list three. */
const EVENT_DEVICE_TYPES: readonly Choice[] = [
	PHONE,
	TABLET,
	{ value: 'phablet', label: 'Phablet' },
	{ value: 'tv', label: 'TV' },
	{ value: 'desktop', label: 'Desktop' },
	UNKNOWN,
];

/** The device and the app on it, in the page's order: one list for all uploads. */
const deviceBlock = (deviceType: Pick<Field, 'help' | 'type'>): readonly Field[] => [
	{
		wire: 'ios_ifa',
		role: 'identifier',
		label: 'IDFA',
		help: 'Advertising ID of iOS',
		type: TEXT,
		example: '01234567-890A-BCDE-F012-3456789ABCDE',
		evidence: 'documented',
	},
	{
		wire: 'ios_ifv',
		role: 'identifier',
		label: 'IDFV',
		help: 'Vendor ID of iOS',
		type: TEXT,
		example: '01234567-890A-BCDE-F012-3456789ABCDE',
		evidence: 'documented',
	},
	{
		wire: 'google_aid',
		role: 'identifier',
		label: 'Google Advertising ID',
		help: 'Advertising ID of Android',
		type: TEXT,
		example: '01234567-890a-bcde-f012-3456789abcde',
		evidence: 'documented',
	},
	{
		wire: 'windows_aid',
		role: 'identifier',
		label: 'Windows Advertising ID',
		help: 'Advertising ID of Windows',
		type: TEXT,
		example: '01234567-890a-bcde-f012-3456789abcde',
		evidence: 'documented',
	},
	{
		wire: 'os_name',
		label: 'Operating System',
		help: "The device's operating system",
		type: {
			kind: 'choice',
			values: [
				{ value: 'ios', label: 'iOS' },
				{ value: 'android', label: 'Android' },
				{ value: 'windows', label: 'Windows' },
			],
		},
		evidence: 'documented',
	},
	{
		wire: 'os_version',
		label: 'OS Version',
		help: 'Version of the operating system. Give it as text, since the number 16.10 becomes 16.1',
		type: TEXT,
		example: '16.10',
		evidence: 'documented',
	},
	{
		wire: 'device_manufacturer',
		label: 'Device Manufacturer',
		help: 'Who made the device',
		type: TEXT,
		example: 'Samsung',
		evidence: 'documented',
	},
	{
		wire: 'device_model',
		label: 'Device Model',
		help: 'Name of the model',
		type: TEXT,
		example: 'Galaxy S6',
		evidence: 'documented',
	},
	{
		wire: 'device_type',
		label: 'Device Type',
		...deviceType,
		evidence: 'documented',
	},
	{
		wire: 'device_locale',
		label: 'Device Language',
		help: 'Language and country that are set on the device',
		type: TEXT,
		example: 'en_US',
		evidence: 'documented',
	},
	{
		wire: 'app_version_name',
		label: 'App Version',
		help: 'Version of your app in your own notation. Give it as text, since the number 3.10 becomes 3.1',
		type: TEXT,
		example: '3.10.0',
		evidence: 'documented',
	},
	{
		wire: 'app_package_name',
		label: 'App Package or Bundle ID',
		help: 'Package name of Android or bundle ID of iOS',
		type: TEXT,
		example: 'com.example.shop',
		evidence: 'documented',
	},
	{
		wire: 'connection_type',
		label: 'Connection Type',
		help: 'How the device was connected',
		type: {
			kind: 'choice',
			values: [
				{ value: 'wifi', label: 'Wi-Fi' },
				{ value: 'cell', label: 'Mobile' },
				{ value: 'unknown', label: 'Unknown' },
			],
		},
		evidence: 'documented',
	},
	{
		wire: 'operator_name',
		label: 'Mobile Operator',
		help: 'Name of the mobile operator',
		type: TEXT,
		example: 'MegaFon',
		evidence: 'documented',
	},
	{
		wire: 'mcc',
		label: 'Mobile Country Code (MCC)',
		help: "Code of the mobile operator's country, sent without leading zero",
		type: NETWORK_CODE,
		example: '250',
		evidence: 'documented',
	},
	{
		wire: 'mnc',
		label: 'Mobile Network Code (MNC)',
		help: "Code of the mobile operator's network, sent without leading zero",
		type: NETWORK_CODE,
		example: '2',
		evidence: 'documented',
	},
	{
		wire: 'device_ipv6',
		personal: true,
		label: 'IP Address',
		help: 'Address of the device at the time of the event; an IPv4 address is sent in its IPv6 form, ::ffff:203.0.113.7',
		type: {
			kind: 'text',
			pattern: { ...IPV6, description: 'an IPv6 or IPv4 address such as 2001:db8::1 or 203.0.113.7' },
			rewrite: asIpv6,
		},
		example: '2001:db8::1',
		evidence: 'documented',
	},
];

const inDeviceSection = (fields: readonly Field[]): readonly Field[] =>
	fields.map((field) => ({ ...field, section: 'device' }));

export const device: readonly Field[] = inDeviceSection(
	deviceBlock({
		help: 'What kind of device it is',
		type: { kind: 'choice', values: [PHONE, TABLET, UNKNOWN] },
	}),
);

export const deviceSection: Section = {
	name: 'device',
	label: 'Device and App Parameters',
	help: 'The device, its connection and the app on it',
};

/** Of an event with a name of its own. */
export const fields: readonly Field[] = [
	...identity,
	...eventName,
	...eventTime,
	...eventJson,
	...sessionType,
	...inDeviceSection(
		deviceBlock({
			help: 'What kind of device it is; newer pages of AppMetrica name only phone, tablet and unknown',
			type: { kind: 'choice', values: EVENT_DEVICE_TYPES },
		}),
	),
];

export const sections: readonly Section[] = [deviceSection];
