import { describe, expect, test } from '@jest/globals';

import { AppMetricaApi } from '../../../credentials/AppMetricaApi.credentials.ts';
import { AppMetricaImportEvents } from '../../../nodes/AppMetrica/AppMetricaImportEvents/AppMetricaImportEvents.node.ts';
import { importEvents } from '../../../nodes/AppMetrica/importEvents.ts';
import { assemble } from '../../../nodes/engine/mapping/mapping.ts';
import { formOf } from '../../../nodes/engine/form/form.ts';
import { lintSubjects } from '../../support/lint-descriptions.mts';
import { least, checked, uploads } from './support.mts';

describe('the form', () => {
	const form = formOf(importEvents);
	const named = (name: string) => form.find((property) => property.name === name);

	test('six parameters at the top, seventeen in the collection', () => {
		expect(form.map(({ name }) => name)).toEqual([
			'mappingMode',
			'inputField',
			'notice1',
			'event_name',
			'event_timestamp',
			'profile_id',
			'appmetrica_device_id',
			'session_type',
			'event_jsonRows',
			'event_json',
			'device',
			'sendAs',
			'options',
		]);
		expect(named('device')?.options).toHaveLength(17);
		expect(form.filter(({ required }) => required).map(({ name }) => name)).toEqual([
			'event_name',
			'event_timestamp',
		]);
		expect(named('options')?.options?.map(({ name }) => name)).toEqual(
			expect.arrayContaining(['applicationId', 'maxAgeDays']),
		);
	});

	test('the session type says what is hidden, and is not chosen for the user', () => {
		expect(named('session_type')).toMatchObject({
			default: '',
			options: [{ value: 'foreground' }, { value: 'background' }, { name: 'Not Set', value: '' }],
		});
		expect(named('session_type')?.description).toMatch(/profile card.*assumes background/);
		expect(checked({ ...least, session_type: '' })).toEqual(least);
	});

	test('attributes in rows become the JSON text that travels', () => {
		const rows = {
			pair: [
				{ name: 'sum', value: '4299.00' },
				{ name: 'item', value: 'Tea, "green"' },
				{ name: '', value: '' },
			],
		};
		const event = assemble(importEvents, { ...least, event_jsonRows: rows });
		expect(checked(event)).toEqual({ ...least, event_json: '{"sum":"4299.00","item":"Tea, \\"green\\""}' });
	});

	test('n8n’s rules on the wording find nothing', async () => {
		const findings = await lintSubjects([
			{ fileBaseName: 'AppMetricaImportEvents', node: new AppMetricaImportEvents().description },
			{ fileBaseName: 'AppMetricaApi', credential: new AppMetricaApi() },
		]);
		expect(findings).toEqual([[], []]);
	}, 60_000);
});

describe('the forms of the other uploads', () => {
	const formNamed = (name: string) =>
		formOf(uploads.find(({ operation }) => operation.name === name)!.operation);
	const names = (properties: Array<{ name: string }> = []) => properties.map(({ name }) => name);

	test('what the vendor requires comes first and is marked', () => {
		const required = (name: string) => names(formNamed(name).filter((property) => property.required));
		expect(required('appMetricaImportRevenue')).toEqual([
			'revenue_event_type',
			'event_timestamp',
			'price',
			'currency',
			'product_id',
		]);
		expect(required('appMetricaImportAdRevenue')).toEqual([
			'event_timestamp',
			'revenue',
			'currency',
			'ad_type',
		]);
		expect(required('appMetricaImportEcommerce')).toEqual([
			'event_timestamp',
			'ecom_event_type',
			'order_id',
			'product_name',
			'cart_item_quantity',
			'original_price_currency',
			'original_price_value',
		]);
		expect(required('appMetricaImportProfiles')).toEqual(['profile_id']);
	});

	test('e-commerce has its 65 parameters in four collections, each category path as one list', () => {
		const form = formNamed('appMetricaImportEcommerce');
		const inside = (name: string) =>
			names(form.find((property) => property.name === name)?.options as Array<{ name: string }>);
		expect(inside('prices')).toHaveLength(10);
		expect(inside('product').sort()).toEqual([
			'product_category_path',
			'product_payload',
			'product_promo_codes',
			'product_sku',
		]);
		expect(inside('screen').sort()).toEqual(['screen_category_path', 'screen_name', 'screen_payload']);
		expect(inside('device')).toHaveLength(17);
	});

	test('attributes are rows, each with its type, or JSON', () => {
		const form = formNamed('appMetricaImportProfiles');
		const rows = form.find(({ name }) => name === 'attributesRows');
		expect(rows).toMatchObject({
			type: 'fixedCollection',
			options: [{ name: 'pair', values: [{ name: 'name' }, { name: 'type' }, { name: 'value' }] }],
		});
		expect(form.find(({ name }) => name === 'attributes')).toMatchObject({
			type: 'string',
			displayName: 'Attributes (JSON)',
		});
		const options = form.find(({ name }) => name === 'options');
		expect(names(options?.options as Array<{ name: string }>)).not.toContain('maxAgeDays');
	});
});
