import {
	IPV4,
	IPV6,
	isAbsent,
	UUID,
	type Choice,
	type Field,
	type Rule,
	type Section,
	type ValueType,
} from '../engine';

/** Made up: the page's all zeros are what a device gives when its user refused tracking. */
const UUID_EXAMPLE = '38400000-8cf0-11bd-b23e-10b96e40000d';
/** The page gives the length only; its samples and the platforms have 8-4-4-4-12, in either case. */
const DEVICE_ID: ValueType = {
	kind: 'text',
	length: 36,
	pattern: UUID,
	evidence: { pattern: 'inferred' },
};

const ON_OFF: readonly Choice[] = [
	{ value: '1', label: 'On' },
	{ value: '0', label: 'Off' },
];

const choice = (values: readonly Choice[]): ValueType => ({ kind: 'choice', values });

export const customUserId: Field = {
	wire: 'customUserId',
	role: 'identifier',
	label: 'User ID',
	help: "The user's ID in your own system, as the MyTracker SDK or counter sends it",
	type: { kind: 'text', max: 1024 },
	example: '1234',
	evidence: 'documented',
};

export const lvid: Field = {
	wire: 'lvid',
	role: 'identifier',
	label: 'Web Device ID',
	help: "The visitor's device ID (lvid) from MyTracker's web counter, also for VK Play",
	type: { kind: 'text', length: 32 },
	section: 'websites',
	example: '5f2b1c9e8d7a6b5c4d3e2f1009182736',
	evidence: 'documented',
};

/** Parameters of the page's first table, common to all platforms. */
export const common: Readonly<Record<'idGender' | 'age' | 'eventTimestamp', Field>> = {
	idGender: {
		wire: 'idGender',
		label: 'Gender',
		help: "The user's gender",
		type: choice([
			{ value: '0', label: 'Unknown' },
			{ value: '1', label: 'Man' },
			{ value: '2', label: 'Woman' },
		]),
		section: 'common',
		evidence: 'documented',
	},
	age: {
		wire: 'age',
		label: 'Age',
		help: "The user's age",
		// The page states the maximum only.
		type: { kind: 'integer', min: 0n, max: 128n, as: 'text', evidence: { min: 'inferred' } },
		section: 'common',
		example: '38',
		evidence: 'documented',
	},
	eventTimestamp: {
		wire: 'eventTimestamp',
		label: 'Event Time',
		help: 'When the event happened, from the year 2000 on',
		type: { kind: 'time', as: 'secondsText', min: 946_674_000, max: 4_294_967_295 },
		section: 'common',
		vendorDefault: 'the time it receives the event',
		example: '1577191920',
		evidence: 'documented',
	},
};

export const instanceId: Field = {
	wire: 'instanceId',
	role: 'identifier',
	label: 'App Device ID',
	help: 'The device ID made by the MyTracker SDK inside your app',
	type: DEVICE_ID,
	section: 'mobileApps',
	example: UUID_EXAMPLE,
	evidence: 'documented',
};

/** The rest of the page's tables, in its order. */
export const others: readonly Field[] = [
	{
		wire: 'ipv4',
		personal: true,
		label: 'IPv4 Address',
		help: "The user's IP address, which MyTracker uses to find the region",
		type: {
			kind: 'text',
			max: 15,
			pattern: IPV4,
		},
		section: 'common',
		example: '203.0.113.7',
		evidence: 'documented',
	},
	{
		wire: 'ipv6',
		personal: true,
		label: 'IPv6 Address',
		help: "The user's IP address, which MyTracker uses to find the region",
		type: {
			kind: 'text',
			max: 45,
			pattern: IPV6,
		},
		section: 'common',
		example: '2001:db8::8a2e:370:7334',
		evidence: 'documented',
	},
	{
		wire: 'connectionType',
		label: 'Connection Type',
		help: 'How the device was connected',
		type: choice([
			{ value: '0', label: 'Unknown' },
			{ value: '1', label: 'Mobile' },
			{ value: '2', label: 'Wi-Fi' },
		]),
		section: 'common',
		vendorDefault: '0',
		evidence: 'documented',
	},
	{
		wire: 'bluetoothEnabled',
		label: 'Bluetooth',
		help: "Whether Bluetooth was on; here 'off' is 2",
		type: choice([
			{ value: '0', label: 'Unknown' },
			{ value: '1', label: 'On' },
			{ value: '2', label: 'Off' },
		]),
		section: 'common',
		vendorDefault: '0',
		evidence: 'documented',
	},
	{
		wire: 'adTrackingEnabled',
		label: 'Ad Tracking Allowed',
		help: 'Whether the user allows tracking',
		type: { kind: 'choice', values: ON_OFF, toggle: true },
		section: 'mobileApps',
		vendorDefault: '1',
		evidence: 'documented',
	},
	{
		wire: 'idfa',
		role: 'identifier',
		label: 'IDFA',
		help: 'Advertising ID of iOS. All zeros usually means that the user refused tracking',
		type: DEVICE_ID,
		section: 'mobileApps',
		example: UUID_EXAMPLE,
		evidence: 'documented',
	},
	{
		wire: 'iosVendorId',
		role: 'identifier',
		label: 'IDFV',
		help: 'Vendor ID of iOS',
		type: DEVICE_ID,
		section: 'mobileApps',
		example: UUID_EXAMPLE,
		evidence: 'documented',
	},
	{
		wire: 'gaid',
		role: 'identifier',
		label: 'Google Advertising ID',
		help: 'Advertising ID of Android. All zeros usually means that the user refused tracking',
		type: DEVICE_ID,
		section: 'mobileApps',
		example: UUID_EXAMPLE,
		evidence: 'documented',
	},
	{
		wire: 'appSetId',
		role: 'identifier',
		label: 'App Set ID',
		help: 'Android ID, unique within one Google Play developer account',
		type: DEVICE_ID,
		section: 'mobileApps',
		example: UUID_EXAMPLE,
		evidence: 'documented',
	},
	{
		wire: 'androidId',
		role: 'identifier',
		label: 'Android ID',
		help: "Android's own ID of the device",
		// The page says 16; its printed example has 15 zeros and is not repeated here.
		type: { kind: 'text', length: 16 },
		section: 'mobileApps',
		example: '0123456789abcdef',
		evidence: 'documented',
	},
	{
		wire: 'adBlocker',
		label: 'Ad Blocker',
		help: 'Whether an ad blocker was on',
		type: { kind: 'choice', values: ON_OFF, toggle: true },
		section: 'websites',
		vendorDefault: '0',
		evidence: 'documented',
	},
	{
		wire: 'userAgent',
		label: 'User Agent',
		help: "The browser's user agent",
		type: { kind: 'text', max: 2048 },
		section: 'websites',
		example: 'Mozilla/5.0 (iPhone)',
		evidence: 'documented',
	},
];

/** For VK Mini Apps both are required. */
export const vkMiniApps: readonly Field[] = [
	{
		wire: 'customPlatformUserId',
		role: 'identifier',
		label: 'VK User ID',
		help: "The user's ID in VK, for VK Mini Apps",
		type: { kind: 'text' },
		example: '123456789',
		evidence: 'documented',
	},
	{
		wire: 'vkPlatform',
		label: 'VK Platform',
		help: 'Where in VK the event happened',
		type: choice([
			{ value: 'desktop_web', label: 'Desktop Web' },
			{ value: 'mobile_web', label: 'Mobile Web' },
			{ value: 'mobile_android', label: 'Android App' },
			{ value: 'mobile_android_messenger', label: 'Android Messenger' },
			{ value: 'mobile_ipad', label: 'iPad App' },
			{ value: 'mobile_iphone', label: 'iPhone App' },
			{ value: 'mobile_iphone_messenger', label: 'iPhone Messenger' },
		]),
		evidence: 'documented',
	},
];

/** Whatever the platform, one of them without the other identifies no user. */
export const vkTogether: Rule = {
	description: 'customPlatformUserId and vkPlatform only together',
	evidence: 'inferred',
	check: (event, { variant }) => {
		// Told by the variant that requires both.
		if (variant === 'vkMiniApps') return [];
		const missing = vkMiniApps.filter(({ wire }) => isAbsent(event[wire]));
		if (missing.length !== 1) return [];
		return missing.map(({ wire, label }) => ({
			field: wire,
			message: `'${label}' (${wire}) is missing: VK Mini Apps need 'VK User ID' and 'VK Platform' together`,
		}));
	},
};

export const vkPlay: readonly Field[] = [
	{
		wire: 'sezamUserId',
		role: 'identifier',
		label: 'VK Play User ID',
		help: "The user's ID in VK Play",
		type: { kind: 'integer', min: 0n, as: 'bare', isId: true, evidence: { min: 'inferred' } },
		example: '123456789',
		evidence: 'documented',
	},
	{
		wire: 'hwid',
		role: 'identifier',
		label: 'Hardware ID',
		help: 'Desktop device ID of VK Play; keep it as text from the first step on',
		type: { kind: 'integer', min: 1n, max: 18_446_744_073_709_551_615n, as: 'text', isId: true },
		section: 'vkPlay',
		example: '17311996565727399517',
		evidence: 'documented',
	},
];

export const sections: readonly Section[] = [
	{ name: 'common', label: 'Common Parameters', help: 'Parameters for every platform' },
	{ name: 'mobileApps', label: 'Mobile App Parameters', help: 'Device IDs of iOS and Android' },
	{ name: 'websites', label: 'Website Parameters', help: 'Device ID and browser of a visitor' },
	{ name: 'vkPlay', label: 'VK Play Parameters', help: 'Hardware of a VK Play user' },
];
