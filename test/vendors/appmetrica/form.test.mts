import { describe, expect, test } from '@jest/globals';

import { AppMetricaApi } from '../../../credentials/AppMetricaApi.credentials.ts';
import { AppMetricaImportEvents } from '../../../nodes/AppMetrica/AppMetricaImportEvents/AppMetricaImportEvents.node.ts';
import { importEvents } from '../../../nodes/AppMetrica/importEvents.ts';
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
			'event_name',
			'event_timestamp',
			'profile_id',
			'appmetrica_device_id',
			'event_json',
			'session_type',
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
			options: [{ name: 'Not Set', value: '' }, { value: 'foreground' }, { value: 'background' }],
		});
		expect(named('session_type')?.description).toMatch(/profile card.*assumes background/);
		expect(checked({ ...least, session_type: '' })).toEqual(least);
	});

	test('n8n’s rules on the wording find nothing', async () => {
		const findings = await lintSubjects([
			{ fileBaseName: 'AppMetricaImportEvents', node: new AppMetricaImportEvents().description },
			{ fileBaseName: 'AppMetricaApi', credential: new AppMetricaApi() },
		]);
		expect(findings).toEqual([[], []]);
	}, 60_000);
});
