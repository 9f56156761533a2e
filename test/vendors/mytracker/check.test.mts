import { describe, expect, test } from '@jest/globals';
import type { IDataObject } from 'n8n-workflow';

import { PACKAGE, reportsOf, statusesOf } from '../../support/bench.mts';
import { singleNodeWorkflow } from '../../../tools/harness/engine.mts';
import {
	bench,
	NODES,
	type Method,
	METHODS,
	stored,
	least,
	run,
	GOOD,
	type PageRow,
	pageRows,
} from './support.mts';

describe.each(METHODS)('%s', (method) => {
	test('what people really have is put into the wire form', async () => {
		const result = await run(method, [
			{
				...least(method),
				age: 38,
				idGender: 2,
				adTrackingEnabled: true,
				adBlocker: false,
				eventTimestamp: '2019-12-24T12:52:00Z',
			},
			{
				...least(method),
				customUserId: 42,
				eventTimestamp: new Date('2019-12-24T12:52:00Z') as unknown as string,
				hwid: '5',
			},
			{ ...least(method), age: '', idGender: null, lvid: undefined },
		]);
		expect(statusesOf(result, 3)).toEqual(['accepted', 'accepted', 'accepted']);
		expect(stored()).toEqual([
			{
				...least(method),
				age: '38',
				idGender: '2',
				adTrackingEnabled: '1',
				adBlocker: '0',
				eventTimestamp: '1577191920',
			},
			{ ...least(method), customUserId: '42', eventTimestamp: '1577191920', hwid: '5' },
			least(method),
		]);
	});

	test('a date without a zone is read in the zone of the workflow', async () => {
		await bench.engine.run(
			singleNodeWorkflow({
				type: `${PACKAGE}.${NODES[method]}`,
				credentialType: 'myTrackerApi',
				parameters: { mappingMode: 'autoMapInputData' },
				settings: { timezone: 'Asia/Tokyo' },
			}),
			{
				items: { Items: [{ ...least(method), eventTimestamp: '2019-12-24 12:52:00' }] },
				credentials: { myTrackerApi: bench.sandbox.credentials.myTrackerApi },
			},
		);
		expect(stored()[0].eventTimestamp).toBe(String(Date.parse('2019-12-24T03:52:00Z') / 1000));
	});
});

describe('bad input, a row per parameter of the page', () => {
	const one = (text: string, length: number) => text.repeat(length);
	/** Values that the page's own words forbid. */
	function badValues({ name, type, maxLength, length, max, min, values }: PageRow): Array<[string, unknown]> {
		const bad: Array<[string, unknown]> = [
			['a list', ['1']],
			['an object', { a: '1' }],
			['not a finite number', Number.NaN],
		];
		if (name === 'customEventParams') return bad.filter(([what]) => what !== 'an object').slice(1);
		if (maxLength) bad.push(['too long by one', one(name.startsWith('ip') ? '1' : 'ж', maxLength + 1)]);
		if (length)
			bad.push(['too long by one', one('0', length + 1)], ['too short by one', one('0', length - 1)]);
		if (max !== undefined) bad.push(['above the maximum', String(BigInt(max) + 1n)]);
		if (min !== undefined) bad.push(['below the minimum', String(min - 1)]);
		if (values) bad.push(['a value of no list', '7'], ['a label', 'on']);
		if (['Number', 'Integer', 'String with a positive number'].includes(type))
			bad.push(['text', 'many'], ['a fraction', 1.5], ['lost digits', 2 ** 63]);
		if (name === 'hwid' || values) bad.push(['negative', -1]);
		else bad.push(['lost digits', 2 ** 63], ['a fraction', 16.1], ['true', true]);
		if (name === 'eventTimestamp') bad.push(['milliseconds', 1_577_191_920_000]);
		if (name === 'hwid') bad.push(['zero', '0']);
		if (name === 'ipv4') bad.push(['an octet too large', '256.1.1.1'], ['three octets', '1.2.3']);
		if (name === 'ipv6') bad.push(['an IPv4 address', '1.2.3.4']);
		// The 0/1 kind takes true and false.
		return bad.filter(([what]) => !(what === 'true' && ['adTrackingEnabled', 'adBlocker'].includes(name)));
	}

	const rows = METHODS.flatMap((method) =>
		pageRows(method)
			.filter(({ name, group }) => !(name === 'lvid' && group === 'For VK Play'))
			.map((parameter) => [method, parameter.name, parameter] as const),
	);

	test.each(rows)('%s: %s', async (method, name, parameter) => {
		const bad = badValues(parameter);
		// The good ones in between prove that nothing is lost for the others.
		const items = bad.flatMap(([, value]) => [
			{ ...least(method), [name]: value } as IDataObject,
			least(method, 'good'),
		]);
		const result = await run(method, items);
		const reports = reportsOf(result, items.length);
		for (const [at, [what]] of bad.entries()) {
			const { delivery, event } = reports[2 * at];
			expect([what, delivery.status]).toEqual([what, 'invalid']);
			expect(
				delivery.issues?.some(({ field, message }) => field === name && message.includes(`(${name})`)),
			).toBe(true);
			expect(delivery.message).toMatch(/^Not sent: /);
			expect(delivery).not.toHaveProperty('request');
			expect(event).toEqual(items[2 * at]);
			expect(reports[2 * at + 1].delivery.status).toBe('accepted');
		}
		expect(stored()).toHaveLength(bad.length);
		expect(bench.sandbox.requests.every(({ status }) => status === 200)).toBe(true);
	});

	const params = (value: unknown) => ({ ...least('customEvent'), customEventParams: value }) as IDataObject;
	test.each<[Method, string, string, IDataObject, string | undefined, RegExp]>([
		['registration', 'customUserId is missing', 'app', { age: '1' }, 'customUserId', /required/],
		['login', 'customUserId is missing', 'app', { lvid: GOOD.lvid as string }, 'customUserId', /required/],
		[
			'customEvent',
			'customEventName is missing',
			'app',
			{ customUserId: '1' },
			'customEventName',
			/required/,
		],
		[
			'customEvent',
			'customEventName is empty',
			'app',
			{ customUserId: '1', customEventName: '' },
			'customEventName',
			/required/,
		],
		[
			'customEvent',
			'neither user nor device',
			'app',
			{ customEventName: 'x' },
			'customUserId',
			/neither a user ID nor a device ID/,
		],
		[
			'customEvent',
			'VK Play: neither user nor device',
			'vkPlay',
			{ customEventName: 'x', customUserId: '1' },
			'sezamUserId',
			/neither a user ID nor a device ID/,
		],
		[
			'customEvent',
			'VK Mini Apps: no user',
			'vkMiniApps',
			{ customEventName: 'x', vkPlatform: 'mobile_web' },
			'customPlatformUserId',
			/required/,
		],
		[
			'registration',
			'VK Mini Apps: no platform',
			'vkMiniApps',
			{ customPlatformUserId: '1' },
			'vkPlatform',
			/required/,
		],
		[
			'login',
			'VK Mini Apps: neither',
			'vkMiniApps',
			{ customUserId: '1' },
			'customPlatformUserId',
			/required/,
		],
		[
			'customEvent',
			'an unknown platform',
			'={{ "tv" }}',
			least('customEvent'),
			'platform',
			/must be one of app, vkMiniApps, vkPlay/,
		],
		[
			'registration',
			'VK Play is for custom events',
			'={{ "vkPlay" }}',
			least('registration'),
			'platform',
			/must be one of app, vkMiniApps/,
		],
		[
			'customEvent',
			'a nested object in the parameters',
			'app',
			params({ a: { b: 1 } }),
			'customEventParams',
			/under 'a'/,
		],
		['customEvent', 'a list in the parameters', 'app', params({ a: [1] }), 'customEventParams', /under 'a'/],
		[
			'customEvent',
			'two pairs of one name',
			'app',
			params([
				{ name: 'a', value: '1' },
				{ name: 'a', value: '2' },
			]),
			'customEventParams',
			/twice/,
		],
		[
			'customEvent',
			'a parameter name too long by one',
			'app',
			params({ ['ж'.repeat(256)]: '1' }),
			'customEventParams',
			/at most 255/,
		],
		[
			'customEvent',
			'a parameter value too long by one',
			'app',
			params({ a: 'ж'.repeat(256) }),
			'customEventParams',
			/at most 255/,
		],
		[
			'customEvent',
			'a parameter value with lost digits',
			'app',
			params({ a: 2 ** 60 }),
			'customEventParams',
			/lost digits/,
		],
		[
			'customEvent',
			'parameters that are not JSON',
			'app',
			params('{"a":'),
			'customEventParams',
			/must be an object or its JSON text, and this text is not JSON: a value is missing at character 6, where the text ends/,
		],
	])('%s: %s', async (method, _, platform, item, field, says) => {
		const result = await run(method, [item], { parameters: { platform } });
		const [{ delivery }] = reportsOf(result, 1);
		expect(delivery.status).toBe('invalid');
		expect(delivery.issues).toEqual(
			expect.arrayContaining([{ field, message: expect.stringMatching(says) }]),
		);
		expect(bench.sandbox.requests).toEqual([]);
	});

	test('all faults of an event are told, not only the first', async () => {
		const result = await run('customEvent', [
			{ age: 129, idGender: 9, eventTimestamp: 1_577_191_920_000, lvid: 'x' },
		]);
		const [{ delivery }] = reportsOf(result, 1);
		expect(delivery.issues?.map(({ field }) => field).sort()).toEqual([
			'age',
			'customEventName',
			'eventTimestamp',
			'idGender',
			'lvid',
		]);
		expect(delivery.message).toMatch(/; 4 more problems, see 'issues'$/);
	});

	test('the longest values that are allowed are sent', async () => {
		const item = {
			customUserId: 'ж'.repeat(1024),
			customEventName: '👍'.repeat(255),
			userAgent: 'x'.repeat(2048),
			age: '128',
			hwid: '18446744073709551615',
			customEventParams: { ['ж'.repeat(255)]: 'ж'.repeat(255) },
		};
		expect(statusesOf(await run('customEvent', [item]), 1)).toEqual(['accepted']);
		expect(stored()).toEqual([item]);
	});

	test('an expression that throws makes its item invalid, not the run', async () => {
		const result = await run('login', [{ id: 'a' }, {}, { id: 'c' }], {
			parameters: { mappingMode: 'defineBelow', customUserId: '={{ $json.id.toUpperCase() }}' },
		});
		expect(statusesOf(result, 3)).toEqual(['accepted', 'invalid', 'accepted']);
		expect(stored().map(({ customUserId }) => customUserId)).toEqual(['A', 'C']);
	});

	test('a required field left blank as a fixed value is refused by n8n itself', async () => {
		const result = await run('login', [{}], { parameters: { mappingMode: 'defineBelow', customUserId: '' } });
		expect(result.status).toBe('error');
		expect(result.tries('Node')).toBe(0);
	});
});
