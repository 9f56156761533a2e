import { isAbsent, type Operation, type Rule } from '../engine';

import { appMetricaCredential } from './credential';
import { fields, sections } from './fields';
import { responses, defaults, DOCUMENTATION, limits, wireForms } from './vendor';

const EITHER = "'User Profile ID' (profile_id) or 'Device ID Hash' (appmetrica_device_id)";

const rules: readonly Rule[] = [
	{
		says: 'Exactly one of profile_id, appmetrica_device_id',
		evidence: 'documented',
		check: (event) => {
			const hasProfile = !isAbsent(event.profile_id);
			const hasDevice = !isAbsent(event.appmetrica_device_id);
			if (hasProfile && hasDevice) {
				return [
					{
						field: 'appmetrica_device_id',
						message: `AppMetrica takes only one ID: give ${EITHER}, not both`,
					},
				];
			}
			return hasProfile || hasDevice
				? []
				: [{ field: 'profile_id', message: `The event names nobody: give ${EITHER}` }];
		},
	},
];

/** What the page's samples share. */
const sampled = {
	event_json: '{"key":"value"}',
	device_model: 'iPhone X',
	device_ipv6: '2a02:6b8::40c:6676:baff:fea6:53d8',
	device_type: 'phone',
	google_aid: '01234567-890a-bcde-f012-3456789abcde',
	app_package_name: 'com.yandex.sample.metrica',
	operator_name: 'MegaFon',
	mnc: '2',
};

export const importEvents: Operation = {
	name: 'appMetricaImportEvents',
	vendor: 'AppMetrica',
	title: 'Import Events',
	documentation: DOCUMENTATION,
	searchWords: [
		'app metrica',
		'appmetrica',
		'yandex',
		'metrika',
		'post api',
		'track',
		'conversion',
		'offline event',
		'csv upload',
	],
	credential: appMetricaCredential,
	fields,
	sections,
	rules,
	...wireForms(fields),
	responses: responses,
	defaults,
	samples: [
		{
			of: 'the query sample',
			event: {
				...sampled,
				profile_id: '1234567890123456789',
				event_name: 'event_name',
				event_timestamp: '1234567890',
			},
		},
		{
			of: 'the CSV sample, first row',
			event: {
				...sampled,
				event_json: '{"key":"value_1"}',
				profile_id: '1234567890123456789',
				event_name: 'event_name_1',
				event_timestamp: '1234567890',
			},
		},
		{
			of: 'the CSV sample, second row',
			event: {
				...sampled,
				event_json: '{"key":"value_2"}',
				device_ipv6: '2a02:6b8::40c:6676:baff:fea6:53d9',
				google_aid: 'fedcba98-7654-3210-fedc-ba9876543210',
				profile_id: '9876543210987654321',
				event_name: 'event_name_2',
				event_timestamp: '1234567891',
			},
		},
	],
	limits,
};
