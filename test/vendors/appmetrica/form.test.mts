import { describe, expect, test } from '@jest/globals';

import { AppMetricaApi } from '../../../credentials/AppMetricaApi.credentials.ts';
import { AppMetricaImportEvents } from '../../../nodes/AppMetrica/AppMetricaImportEvents/AppMetricaImportEvents.node.ts';
import { importEvents } from '../../../nodes/AppMetrica/importEvents.ts';
import { assemble } from '../../../nodes/engine/mapping/mapping.ts';
import { formOf } from '../../../nodes/engine/form/form.ts';
import { lintSubjects } from '../../support/lint-descriptions.mts';
import { least, checked } from './support.mts';

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
