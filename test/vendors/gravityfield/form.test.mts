import { describe, expect, test } from '@jest/globals';
import type { INodeParameters, INodeProperties } from 'n8n-workflow';
import { NodeHelpers } from 'n8n-workflow';

import { GravityFieldApi } from '../../../credentials/GravityFieldApi.credentials.ts';
import { assemble, eventParameters } from '../../../nodes/engine/mapping/mapping.ts';
import { readSettings, settingRows } from '../../../nodes/engine/operation/settings.ts';
import { eventTypes } from '../../../nodes/GravityField/variants.ts';
import { formOf } from '../../../nodes/engine/form/form.ts';
import { GravityFieldStoreEvent } from '../../../nodes/GravityField/GravityFieldStoreEvent/GravityFieldStoreEvent.node.ts';
import { storeEvent } from '../../../nodes/GravityField/storeEvent.ts';
import { lintSubjects } from '../../support/lint-descriptions.mts';
import { custom, deepFreeze, good, faults } from './support.mts';

const CUSTOM = eventTypes.custom.value;

describe('settings', () => {
	test('defaults', () => {
		const read = readSettings(storeEvent, storeEvent.defaults.sendAs, {});
		expect(read).toMatchObject({
			settings: {
				sendAs: 'single',
				batchSize: 50,
				concurrency: 1,
				timeout: 30_000,
				onRejectedBatch: 'fail',
				extraFields: 'send',
				retryUnknown: false,
			},
			all: { hashEmail: false, hashPhone: false },
		});
		expect(readSettings(storeEvent, 'batch', { batchSize: 501 })).toHaveProperty('fault');
		expect(readSettings(storeEvent, 'batch', { hashEmail: '{{ 1 }}' })).toHaveProperty('fault');
		expect(settingRows(storeEvent).map(({ name }) => name)).toEqual(
			expect.arrayContaining(['hashEmail', 'hashPhone', 'extraFields']),
		);
	});
});

describe('the form', () => {
	const properties = formOf(storeEvent);
	const shownFor = (parameters: INodeParameters) => {
		const values: INodeParameters = {
			mappingMode: 'defineBelow',
			type: '',
			...parameters,
		};
		return properties.filter(
			(property) => property.type !== 'hidden' && NodeHelpers.displayParameter(values, property, null, null),
		);
	};
	const names = (shown: INodeProperties[]) => shown.map(({ name }) => name);
	const own = (shown: INodeProperties[]) =>
		names(shown).filter(
			(name) =>
				![
					'mappingMode',
					'notice1',
					'notice2',
					'type',
					'name',
					'eventTime',
					'user',
					'ctx',
					'device',
					'returnOptions',
					'customPropsPairs',
					'customProps',
					'sendAs',
					'options',
				].includes(name),
		);

	test('the type comes first, before one is chosen little else is shown', () => {
		expect(names(shownFor({}))).toEqual([
			'mappingMode',
			'notice1',
			'notice2',
			'type',
			'name',
			'eventTime',
			'user',
			'ctx',
			'device',
			'returnOptions',
			'customPropsPairs',
			'customProps',
			'sendAs',
			'options',
		]);
		expect(names(shownFor({ mappingMode: 'autoMapInputData', type: 'purchase-v1' }))).toEqual([
			'mappingMode',
			'inputField',
			'sendAs',
			'options',
		]);
	});

	test.each(eventTypes.values.map(({ value, knows = [] }) => ({ value, knows })))(
		'$value shows its fields and insists on none, since the page marks none as required',
		({ value, knows }) => {
			const shown = shownFor({ type: value });
			expect(new Set(own(shown).filter((name) => name !== 'cartRows'))).toEqual(new Set(knows));
			expect(own(shown)).toHaveLength(knows.length + (knows.includes('cart') ? 1 : 0));
			expect(shown.filter((property) => property.required).map(({ name }) => name)).toEqual(['type']);
		},
	);

	test.each([[CUSTOM], ['={{ $json.type }}'], ['a-type-of-mine']])(
		'the type %s shows every field of an event',
		(type) => {
			const shown = shownFor({ type });
			expect(new Set(names(shown))).toEqual(
				new Set([...names(properties)].filter((name) => name !== 'inputField')),
			);
			expect(names(shown)).toHaveLength(new Set(names(shown)).size);
			expect(shown.filter((property) => property.required).map(({ name }) => name)).toEqual(
				type === CUSTOM ? ['type', 'customType'] : ['type'],
			);
		},
	);

	test('the list of types is named for people', () => {
		const type = properties.find(({ name }) => name === 'type');
		const options = type?.options as Array<{ name: string; value: string }>;
		expect(options.map(({ value }) => value).sort()).toEqual(
			['', CUSTOM, ...eventTypes.values.map(({ value }) => value)].sort(),
		);
		const unconfirmed = eventTypes.values.filter(({ evidence }) => evidence === 'inferred');
		expect(
			options
				.filter(({ name }) => name.startsWith('Unconfirmed: '))
				.map(({ value }) => value)
				.sort(),
		).toEqual(unconfirmed.map(({ value }) => value).sort());
		expect(type).toMatchObject({ default: '', required: true });
	});

	test('what is filled in becomes the event', () => {
		const parameters: INodeParameters = {
			type: CUSTOM,
			customType: 'level-up',
			name: 'Level Up',
			value: '',
			cartRows: { row: [{ productId: 'A', quantity: '2', itemPrice: '9.5' }] },
			customPropsPairs: { pair: [{ name: 'level', value: '2' }] },
			user: { custom: 'crm-1', ses: 's', attributes: '{"tier":"gold"}' },
			ctx: { type: 'CART', data: ['A', 'B'], utm: { utm_source: 'x' } },
			device: { ua: 'Mozilla' },
			returnOptions: { isReturnUserInfo: true },
			options: { batchSize: 5 },
		};
		expect(good(assemble(storeEvent, deepFreeze(parameters)))).toEqual({
			user: { custom: 'crm-1', ses: 's', attributes: { tier: 'gold' } },
			ctx: { type: 'CART', data: ['A', 'B'], location: 'n8n', utm: { utm_source: 'x' } },
			device: { ua: 'Mozilla' },
			options: { isReturnUserInfo: true },
			type: 'level-up',
			name: 'Level Up',
			cart: [{ productId: 'A', quantity: 2, itemPrice: 9.5 }],
			customProps: { level: '2' },
		});
		const top = names(properties);
		expect(eventParameters(storeEvent).filter((name) => !top.includes(name))).toEqual([]);
	});

	test('the example of a name follows the type', () => {
		const placeholder = (type: string) => shownFor({ type }).find(({ name }) => name === 'name')?.placeholder;
		expect(placeholder('purchase-v1')).toBe('e.g. Purchase');
		expect(placeholder('login-v1')).toBe('e.g. Login');
		expect(placeholder(CUSTOM)).toBe('e.g. Add to Cart');
	});

	test('what would hash a field stands where that field is shown, and in automatic mapping', () => {
		const options = properties.find(({ name }) => name === 'options')?.options as INodeProperties[];
		const offered = (parameters: INodeParameters) => {
			const values: INodeParameters = { mappingMode: 'defineBelow', type: '', ...parameters };
			const shown = options.filter((option) =>
				NodeHelpers.displayParameterPath(values, option, 'options', null, null),
			);
			return shown.map(({ name }) => name).filter((name) => name.startsWith('hash'));
		};
		const both = ['hashEmail', 'hashPhone'];
		for (const type of ['login-v1', 'signup-v1', 'newsletter-subscription-v1', CUSTOM, '={{ $json.type }}'])
			expect([type, offered({ type })]).toEqual([type, both]);
		for (const type of ['', 'purchase-v1', 'add-to-cart-v1', 'keyword-search-v1'])
			expect([type, offered({ type })]).toEqual([type, []]);
		expect(offered({ mappingMode: 'autoMapInputData' })).toEqual(both);
		// n8n hands over what is shown only.
		const given = (parameters: INodeParameters) =>
			NodeHelpers.getNodeParameters(
				properties,
				{ mappingMode: 'defineBelow', options: { hashEmail: true }, ...parameters },
				true,
				false,
				null,
				null,
			)?.options;
		expect([given({ type: 'login-v1' }), given({ mappingMode: 'autoMapInputData' })]).toEqual([
			{ hashEmail: true },
			{ hashEmail: true },
		]);
	});

	test('two pairs of one name are refused', () => {
		const pair = [
			{ name: 'a', value: '1' },
			{ name: 'a', value: '2' },
		];
		expect(faults(custom({ customProps: pair }))).toEqual([
			expect.stringMatching(/^customProps: .*names 'a' twice/),
		]);
	});

	test('fresh objects at every call', () => expect(formOf(storeEvent)[2]).not.toBe(properties[2]));

	test('n8n’s lint finds nothing in what is produced', async () => {
		const found = await lintSubjects([
			{ fileBaseName: 'GravityFieldStoreEvent', node: new GravityFieldStoreEvent().description },
			{ fileBaseName: 'GravityFieldApi', credential: new GravityFieldApi() },
		]);
		expect(found).toEqual([[], []]);
	}, 60_000);
});
