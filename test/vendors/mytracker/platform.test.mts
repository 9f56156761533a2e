/** The rule that applies is the platform's, and one that was not chosen is told of. */
import { expect, test } from '@jest/globals';

import { operations } from '../../../index.ts';
import { createChecker } from '../../../nodes/engine/check/check.ts';
import type { Json } from '../../../nodes/engine/operation/operation.ts';

function check(name: string, event: Json, platform: string) {
	const operation = operations.find((one) => one.name === name);
	if (!operation) throw new Error(`no ${name}`);
	return createChecker(
		operation,
		{ zone: 'UTC', now: 0, extraFields: 'ignore', unprovenRules: 'warn', maxListed: 1, all: {} },
		{ names: new Map(), pairs: new Set() },
	)(event, platform);
}

const VK = { customPlatformUserId: '42', vkPlatform: 'mobile_web' };
const NAMED = { customEventName: 'bought' };

test.each<[string, Json, string, string]>([
	['myTrackerRegistration', VK, 'app', 'VK Mini Apps'],
	['myTrackerLogin', VK, 'app', 'VK Mini Apps'],
	['myTrackerLogin', { customUserId: '1' }, 'vkMiniApps', 'App or Website'],
	['myTrackerCustomEvent', { ...NAMED, ...VK }, 'app', 'VK Mini Apps'],
	['myTrackerCustomEvent', { ...NAMED, sezamUserId: '42' }, 'app', 'VK Play'],
	['myTrackerCustomEvent', { ...NAMED, customUserId: '42' }, 'vkPlay', 'App or Website'],
])('%s %j under %s is complete by the rule of %s', (name, event, platform, other) => {
	const checked = check(name, event, platform);
	if (!('issues' in checked)) throw new Error('not refused');
	const said = checked.issues.map(({ message }) => message).join('\n');
	expect(said).toContain(`The event has all that ${other} requires: set 'Platform' (platform) to '${other}'`);
});

test.each<[string, Json, string]>([
	['myTrackerLogin', {}, 'app'],
	['myTrackerCustomEvent', NAMED, 'app'],
])('%s %j under %s is complete by no rule, so no other is named', (name, event, platform) => {
	const checked = check(name, event, platform);
	expect(JSON.stringify(checked)).not.toContain("set 'Platform'");
	expect(checked).toHaveProperty('issues');
});

test.each(['instanceId', 'idfa', 'gaid', 'iosVendorId', 'appSetId'])(
	'%s: 36 symbols of any form are sent with a warning, 35 are refused',
	(name) => {
		const at = (value: string) => check('myTrackerLogin', { customUserId: '1', [name]: value }, 'app');
		expect(at('x'.repeat(36))).toMatchObject({
			event: { [name]: 'x'.repeat(36) },
			warnings: [{ field: name, message: expect.stringContaining('8-4-4-4-12') }],
		});
		expect(at('x'.repeat(35))).toMatchObject({ issues: [{ field: name }] });
		expect(at('38400000-8cf0-11bd-b23e-10b96e40000d')).not.toHaveProperty('warnings');
	},
);

test('names written flat are paths', () => {
	expect(
		check('myTrackerCustomEvent', { ...NAMED, customUserId: '1', 'customEventParams[level]': 2 }, 'app'),
	).toEqual({
		event: { ...NAMED, customUserId: '1', customEventParams: { level: '2' } },
	});
});

test('one of the two VK fields alone is sent with a warning where another rule applies', () => {
	expect(check('myTrackerLogin', { customUserId: '1', vkPlatform: 'mobile_web' }, 'app')).toMatchObject({
		event: { vkPlatform: 'mobile_web' },
		warnings: [{ field: 'customPlatformUserId' }],
	});
});
