import type { Choice, Field, Operation } from '../engine';

import { appMetricaCredential } from './credential';
import { device, deviceSection, EITHER_ID, eventTime, identity, sessionType } from './fields';
import {
	AMOUNT,
	CURRENCY,
	currencyRule,
	LIMITS_OF_MONEY,
	notBelowZero,
	PAYLOAD,
	PAYLOAD_FORM,
	payloadRule,
} from './money';
import { rules } from './rules';
import { defaults, limitsOf, PAGES, responses, wireForms, EMPTY_CELLS } from './vendor';
import { searchHints, searchWords } from './searchWords';

const AD_TYPES: readonly Choice[] = [
	{ value: 'native', label: 'Native' },
	{ value: 'banner', label: 'Banner' },
	{ value: 'rewarded', label: 'Rewarded' },
	{ value: 'interstitial', label: 'Interstitial' },
	{ value: 'mrec', label: 'MREC' },
	{ value: 'other', label: 'Other' },
];

const revenue: Field = {
	wire: 'revenue',
	label: 'Revenue',
	help: 'What one impression of the ad earned',
	type: AMOUNT,
	required: true,
	example: '0.0125',
	evidence: 'documented',
};
const currency: Field = {
	wire: 'currency',
	label: 'Currency',
	help: 'The currency of the revenue, sent in capitals',
	type: CURRENCY,
	required: true,
	example: 'USD',
	evidence: 'documented',
};
const payload: Field = {
	wire: 'payload',
	label: 'Payload',
	help: 'Names and values of your own that belong to the impression',
	type: PAYLOAD,
	form: PAYLOAD_FORM,
	example: { screen: 'main' },
	evidence: 'documented',
};

/** IDs are "int" on the page, with a leading zero in its sample. 100 characters is where the SDK cuts. */
const adText = (wire: string, label: string, help: string, example: string): Field => ({
	wire,
	label,
	help,
	type: { kind: 'text', max: 100, evidence: { max: 'inferred' } },
	...(wire.endsWith('_id') ? { role: 'identifier' as const } : {}),
	example,
	evidence: 'documented',
});

const fields: readonly Field[] = [
	...identity,
	...eventTime,
	revenue,
	currency,
	{
		wire: 'ad_type',
		label: 'Ad Type',
		help: 'What kind of ad was shown',
		type: { kind: 'choice', values: AD_TYPES },
		required: true,
		evidence: 'documented',
	},
	adText('ad_network', 'Ad Network', 'Name of the advertising network', 'some_network_name'),
	adText('ad_unit_id', 'Ad Unit ID', 'ID of the unit in the advertising network', '0987654321'),
	adText('ad_unit_name', 'Ad Unit Name', 'Name of the unit in the advertising network', 'some_unit_name'),
	adText('ad_placement_id', 'Ad Placement ID', 'ID of the placement in the advertising network', '12345000'),
	adText(
		'ad_placement_name',
		'Ad Placement Name',
		'Name of the placement in the advertising network',
		'some_placement_name',
	),
	{
		wire: 'precision',
		label: 'Precision',
		help: 'How exact the revenue is, in the words of the advertising network',
		// The page names two values as examples and no list.
		type: { kind: 'text', max: 100, evidence: { max: 'inferred' } },
		example: 'estimated',
		evidence: 'documented',
	},
	payload,
	...sessionType,
	...device,
];

export const importAdRevenue: Operation = {
	name: 'appMetricaImportAdRevenue',
	vendor: 'AppMetrica',
	title: 'Import Ad Revenue',
	documentation: `${PAGES}/post-adrevenue`,
	searchWords: searchWords.importAdRevenue,
	searchHint: searchHints.importAdRevenue,
	credential: appMetricaCredential,
	notices: [EITHER_ID],
	fields,
	sections: [deviceSection],
	rules: [...rules, currencyRule([currency]), payloadRule([payload]), notBelowZero(revenue)],
	options: [EMPTY_CELLS],
	...wireForms({ path: 'adrevenue', fields }),
	responses,
	defaults,
	samples: [
		{
			of: 'the samples, with one of their two IDs, currency in capitals',
			event: {
				profile_id: '1234567890abcdef',
				event_timestamp: '1689943892',
				revenue: '0.0001',
				currency: 'USD',
				ad_type: 'banner',
				ad_network: 'some_network_name',
				ad_unit_id: '0987654321',
				ad_unit_name: 'some_unit_name',
				ad_placement_id: '12345000',
				ad_placement_name: 'some_placement_name',
				precision: 'estimated',
				payload: '{"key":"value_1"}',
				session_type: 'foreground',
				ios_ifa: '123456abcde',
				ios_ifv: '54321edcba',
				google_aid: '098765abcde',
				windows_aid: '567890abcde',
				os_name: 'ios',
				os_version: '16.6',
				device_manufacturer: 'Apple',
				device_model: 'iPhone14Pro',
				device_type: 'phone',
				device_locale: 'en_US',
				app_version_name: 'some_version_name',
				app_package_name: 'some_package_name',
				connection_type: 'wifi',
				operator_name: 'MegaFon',
				mcc: '250',
				mnc: '2',
				device_ipv6: '2a02:6b8::40c:6676:baff:fea6:53d8',
			},
		},
	],
	limits: limitsOf(
		[
			...LIMITS_OF_MONEY,
			'The SDK cuts names and IDs of ads at 100 characters; for uploads no figure is documented, so a longer one is sent with a warning (inferred)',
		],
		{ aged: true },
	),
};
