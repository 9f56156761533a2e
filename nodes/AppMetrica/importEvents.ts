import type { Operation } from '../engine';

import { appMetricaCredential } from './credential';
import { EITHER_ID, fields, sections } from './fields';
import { rules } from './rules';
import { defaults, EMPTY_CELLS, limitsOf, PAGES, responses, wireForms } from './vendor';
import { searchHints, searchWords } from './searchWords';

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
	documentation: `${PAGES}/post-import-events`,
	searchWords: searchWords.importEvents,
	searchHint: searchHints.importEvents,
	credential: appMetricaCredential,
	notices: [EITHER_ID],
	fields,
	sections,
	rules,
	options: [EMPTY_CELLS],
	...wireForms({ path: 'events', fields }),
	responses,
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
	limits: limitsOf(
		[
			'The SDK cuts event names at 1,000 characters, attributes at 245,760 bytes and profile IDs at 200 characters; for uploads no figure is documented',
		],
		{ aged: true },
	),
};
