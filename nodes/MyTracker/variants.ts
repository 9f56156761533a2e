import type { Choice, Need, NeedOneOf, ParameterVariants, Variant } from '../engine';

const VK_MINI_APPS_FIELDS = ['customPlatformUserId', 'vkPlatform'];
const VK_PLAY_FIELDS = ['sezamUserId', 'hwid'];

/** "customUserId and/or one of the device identifiers", in the page's order. */
export const IDENTIFIERS = [
	'customUserId',
	'instanceId',
	'lvid',
	'gaid',
	'androidId',
	'appSetId',
	'idfa',
	'iosVendorId',
];

const NOBODY = 'The event has neither a user ID nor a device ID';

const variant = (
	choice: Choice,
	knows: readonly string[],
	rules: { needs?: readonly Need[]; needsOneOf?: readonly NeedOneOf[] },
): Variant => ({ ...choice, evidence: 'documented', knows, ...rules });

const VK_MINI_APPS = variant(
	{ value: 'vkMiniApps', label: 'VK Mini Apps', help: 'Needs the VK user ID and the VK platform' },
	VK_MINI_APPS_FIELDS,
	{ needs: VK_MINI_APPS_FIELDS.map((field) => ({ field })) },
);

const app = (
	rules: { needs?: readonly Need[]; needsOneOf?: readonly NeedOneOf[] },
	knows: readonly string[] = [],
): Variant => variant({ value: 'app', label: 'App or Website' }, knows, rules);

const platform = (values: readonly Variant[]): ParameterVariants => ({
	parameter: 'platform',
	travels: false,
	label: 'Platform',
	help: 'Where the event happened; it decides which IDs MyTracker requires',
	default: 'app',
	values,
});

/** Registrations and logins: the page has no rule of VK Play for them, so that its fields belong to apps and websites. */
export const userEventPlatforms = platform([
	app({ needs: [{ field: 'customUserId' }] }, VK_PLAY_FIELDS),
	VK_MINI_APPS,
]);

export const customEventPlatforms = platform([
	app({ needsOneOf: [{ fields: IDENTIFIERS, reason: NOBODY }] }),
	VK_MINI_APPS,
	variant(
		{ value: 'vkPlay', label: 'VK Play', help: 'Needs the VK Play user ID or the web device ID' },
		VK_PLAY_FIELDS,
		{ needsOneOf: [{ fields: ['sezamUserId', 'lvid'], reason: NOBODY }] },
	),
]);
