import { describe, expect, test } from '@jest/globals';
import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { reportsOf } from '../../support/bench.mts';
import { bench, METHODS, stored, bodies, run, full } from './support.mts';

describe.each(METHODS)('%s', (method) => {
	test('the form: fixed values, paths and other expressions give the same event', async () => {
		const event = full(method);
		const { customEventParams, ...flat } = event;
		const sectionOf: Record<string, string> = {};
		for (const name of [
			'eventTimestamp',
			'idGender',
			'age',
			'ipv4',
			'ipv6',
			'connectionType',
			'bluetoothEnabled',
		])
			sectionOf[name] = 'common';
		for (const name of [
			'instanceId',
			'adTrackingEnabled',
			'idfa',
			'iosVendorId',
			'gaid',
			'appSetId',
			'androidId',
		])
			sectionOf[name] = 'mobileApps';
		for (const name of ['lvid', 'adBlocker', 'userAgent']) sectionOf[name] = 'websites';
		if (method !== 'customEvent') sectionOf.sezamUserId = sectionOf.hwid = 'vkPlay';
		const onlyOn: Record<string, string> = {
			customPlatformUserId: 'vkMiniApps',
			vkPlatform: 'vkMiniApps',
			...(method === 'customEvent'
				? { sezamUserId: 'vkPlay', hwid: 'vkPlay' }
				: { sezamUserId: 'app', hwid: 'app' }),
		};
		if (method === 'customEvent') sectionOf.hwid = 'vkPlay';

		for (const platform of method === 'customEvent'
			? ['app', 'vkMiniApps', 'vkPlay']
			: ['app', 'vkMiniApps']) {
			const shown = Object.fromEntries(
				Object.entries(flat).filter(([name]) => [undefined, platform].includes(onlyOn[name])),
			);
			const build = (valueOf: (name: string) => unknown): INodeParameters => {
				const parameters: IDataObject = {};
				for (const name of Object.keys(shown)) {
					const section = sectionOf[name];
					if (section)
						parameters[section] = {
							...(parameters[section] as IDataObject),
							[name]: valueOf(name),
						} as IDataObject;
					else parameters[name] = valueOf(name) as string;
				}
				return parameters as INodeParameters;
			};
			const pairs = Object.entries(customEventParams ?? {});
			const withParams = (row: (value: unknown, at: number) => unknown): INodeParameters =>
				method === 'customEvent'
					? ({
							customEventParams: {
								pair: pairs.map(([name, value], at) => ({ name, value: row(value, at) })),
							},
						} as INodeParameters)
					: {};
			const forms: INodeParameters[] = [
				{ ...build((name) => shown[name]), ...withParams((value) => value) },
				{
					...build((name) => `={{ $json.${name} }}`),
					...withParams((_, at) => `={{ $json.values[${at}] }}`),
				},
				{
					...build((name) => `={{ $json["${name}"].toString() }}`),
					...withParams((_, at) => `={{ $json.values[${at}] + "" }}`),
				},
				...(method === 'customEvent'
					? [
							{
								...build((name) => `={{ $json.${name} }}`),
								customEventParamsMode: 'json',
								customEventParamsJson: '={{ $json.customEventParams }}',
							} as INodeParameters,
						]
					: []),
			];
			bench.sandbox.reset();
			for (const parameters of forms) {
				const result = await run(
					method,
					[{ ...event, values: pairs.map(([, value]) => value) } as IDataObject],
					{ parameters: { mappingMode: 'defineBelow', platform, ...parameters } },
				);
				expect([platform, reportsOf(result, 1)[0].delivery]).toEqual([
					platform,
					expect.objectContaining({ status: 'accepted' }),
				]);
			}
			const wire = {
				...shown,
				...(method === 'customEvent' ? { customEventParams } : {}),
				...('sezamUserId' in shown ? { sezamUserId: 9_007_199_254_740_993n } : {}),
			};
			expect(stored()).toEqual(forms.map(() => wire));
			expect(new Set(bodies()).size).toBe(1);
		}
	});
});
